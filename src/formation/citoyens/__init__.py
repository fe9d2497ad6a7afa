"""Concertation : que disent 400 habitants, et que perd une machine qui les résume ?

Tout ce qu’un apprenant importe est ici ; chaque nom n’est chargé que lorsqu’on s’en sert.

Examples
--------
>>> from formation import citoyens
>>> list(citoyens.load().columns)
['id_contribution', 'code_commune', 'canal', 'date', 'texte']
"""

from __future__ import annotations

from formation.lazy import face

# nom public : module qui le définit. Lire une table ne doit importer ni scikit-learn ni matplotlib.
_WHERE = {
    "load": "tables",
    "validate": "tables",
    "carried": "tables",
    "titles": "tables",
    "minority": "tables",
    "simulate": "simulation",
    "copies": "texts",
    "group": "grouping",
    "stability": "grouping",
    "chance_of_seeing": "reading",
    "needed": "reading",
    "by_channel": "reading",
    "opinion": "tone",
    "Corpus": "coverage",
    "compare": "coverage",
    "explore": "explorer",
    "analyse": "own_data",
}
_MODULES = (
    "calibration",
    "coverage",
    "explorer",
    "figures",
    "grouping",
    "interactive",
    "key_figures",
    "keywords",
    "reading",
    "simulation",
    "tables",
    "texts",
    "tone",
)

__getattr__, __dir__, __all__ = face(__name__, _WHERE, _MODULES)
