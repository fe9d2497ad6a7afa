"""Outils d’atelier : une grille de questions et de règles, lue de la même façon ici et dans la page du livre.

>>> from formation import workshop
>>> grid = workshop.load("besoin")
>>> sheet = workshop.evaluate(grid, {})
>>> sheet.title == grid.titre
True
"""

from __future__ import annotations

from formation.lazy import face

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "load": "loading",
        "names": "loading",
        "read_grid": "loading",
        "GrilleInvalide": "loading",
        "evaluate": "evaluation",
        "read_answers": "answers",
        "template": "wording",
        "ReponsesInvalides": "small_files",
        "Sheet": "sheet",
        "panel": "widgets",
        "random_answers": "sampling",
        "reach": "sampling",
        "FicheImpossible": "documents",
    },
    (
        "answers",
        "conditions",
        "documents",
        "evaluation",
        "grid",
        "lint",
        "loading",
        "sampling",
        "sheet",
        "small_files",
        "sources",
        "wording",
        "widgets",
    ),
)
