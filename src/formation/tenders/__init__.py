"""Outil « Marché public » : noter des offres avec leur bilan environnemental, et voir si le classement tient.

Les poids se fixent et s’annoncent avant l’ouverture des offres. Les faire varier sert à préparer la consultation.

Examples
--------
>>> from formation import tenders
>>> result = tenders.example()
>>> result.ranking[0].offer.nom
'Petit modèle'
"""

from __future__ import annotations

from formation.lazy import face

_WHERE = {
    "Market": "offers",
    "Offer": "offers",
    "checked": "offers",
    "read": "reading",
    "Result": "results",
    "evaluate": "results",
    "conclusion": "results",
    "record_field": "results",
    "example": "templates",
    "template": "templates",
    "document": "report",
    "clauses_document": "clauses",
    "text": "report",
    "panel": "widgets",
    "measure_toys": "toy",
}
_MODULES = (
    "clauses",
    "fields",
    "offers",
    "page",
    "reading",
    "report",
    "resolving",
    "results",
    "scoring",
    "sensitivity",
    "templates",
    "toy",
)

__getattr__, __dir__, __all__ = face(__name__, _WHERE, _MODULES)
