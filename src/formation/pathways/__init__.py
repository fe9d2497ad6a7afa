"""Parcours de formation : les lire, les vérifier, en tirer ce qu’une session demande.

>>> from formation import pathways
>>> "elus-2h" in pathways.names()
True
"""

from __future__ import annotations

from formation.lazy import face

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "Pathway": "model",
        "HalfDay": "model",
        "Sequence": "model",
        "Pause": "model",
        "ParcoursInvalide": "reading",
        "ParcoursInconnu": "reading",
        "read": "reading",
        "names": "reading",
        "path": "reading",
        "check": "checking",
        "Problem": "checking",
        "Project": "project",
    },
    ("model", "reading", "checking", "references", "project", "view", "template"),
)
