"""Le tableau de bord du formateur : inscrire, distribuer, collecter, corriger, voir qui bloque, noter, imprimer.

Il tourne dans JupyterLab et ne refait rien : chaque bouton appelle ce que la ligne de commande appelle aussi.

Examples
--------
>>> from formation import dashboard
>>> "open" in dir(dashboard)
True
"""

from __future__ import annotations

from formation.lazy import face

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "open": "panel",
        "Place": "place",
        "open_place": "place",
        "HandMark": "hand_marks",
        "read_cells": "hand_marks",
        "write_mark": "hand_marks",
        "undo_mark": "hand_marks",
        "NoteImpossible": "hand_marks",
    },
    (
        "answers",
        "desk",
        "documents",
        "hand_marks",
        "job",
        "launch",
        "markup",
        "panel",
        "place",
        "rows",
        "screens",
        "stuck",
    ),
)
