"""Le comité de la donnée : quelles tables joindre, et lesquelles ne valent pas une convention ?

Seul étage qui voit toutes les ailes. Tout ce qu’un apprenant importe est ici ; chaque nom n’est chargé que lorsqu’on
s’en sert.

Examples
--------
>>> from formation import comite
>>> list(comite.load("signalements").columns)
['id_rue', 'semaine', 'nb_signalements']
"""

from __future__ import annotations

from formation.lazy import face

# nom public : module qui le définit. Lire une table ne doit importer ni scikit-learn ni matplotlib.
_WHERE = {
    "load": "tables",
    "validate": "tables",
    "Sources": "tables",
    "Gain": "gain",
    "paired_gain": "gain",
    "results": "summary",
    "gains": "summary",
    "simulate": "simulation",
    "join": "own_join",
    "Choices": "own_join",
    "JointureRefusee": "own_join",
    "measure": "own_measure",
}
_MODULES = (
    "basins",
    "calibration",
    "calls",
    "figures",
    "gain",
    "months",
    "newcomer",
    "privacy",
    "simulation",
    "street_weeks",
    "streets",
    "strikes",
    "summary",
    "tables",
    "trees",
)

__getattr__, __dir__, __all__ = face(__name__, _WHERE, _MODULES)
