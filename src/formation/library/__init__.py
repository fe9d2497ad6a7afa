"""La bibliothèque des projets d’IA (recommandation 8) : schéma, lecture, recherche, export et publication.

Le rapport n° 447 (2024-2025) demande une bibliothèque nationale où les collectivités saisissent leurs projets et
découvrent ceux des autres. Ce paquet en est une version qui marche ; une collectivité peut tenir la sienne.

Examples
--------
>>> from formation import library
>>> library.SCHEMA_VERSION
'1.0'
"""

from __future__ import annotations

from formation.lazy import face

_WHERE = {
    "Library": "collection",
    "ProjectRecord": "models",
    "SCHEMA_VERSION": "models",
    "add": "collection",
    "check": "reading",
    "create": "collection",
    "json_schema": "schema",
    "load": "collection",
    "read": "reading",
    "root": "collection",
    "template": "writing",
    "to_yaml": "writing",
}
_MODULES = (
    "collection",
    "cards",
    "consistency",
    "database",
    "exports",
    "flat",
    "located",
    "models",
    "publication",
    "reading",
    "schema",
    "search",
    "vocabulary",
    "writing",
)

__getattr__, __dir__, __all__ = face(__name__, _WHERE, _MODULES)
