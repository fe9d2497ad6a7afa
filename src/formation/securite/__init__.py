"""Le cas « sécurité » : ce que voit une caméra qui compte la foule, et ce qu’elle ne voit pas.

Tout ce qu’un apprenant importe est ici ; chaque nom n’est chargé que lorsqu’on s’en sert. Aucun visage, aucune donnée
biométrique, aucun suivi de personne : des densités, des disques dessinés et des piétons simulés.

Examples
--------
>>> from formation import securite
>>> securite.load("cameras").shape[0]
25
"""

from __future__ import annotations

from formation.lazy import face

# nom public : module qui le définit. Lire une table ne doit importer ni scikit-learn ni matplotlib.
_WHERE = {
    "load": "tables",
    "measures": "tables",
    "validate": "tables",
    "baselines": "model",
    "evaluate": "evaluation",
    "own": "own_data",
    "own_counts": "own_counting",
    "own_densities": "own_measures",
    "explore": "explorer",
    "simulate": "simulation",
}
_MODULES = (
    "alarm_figures",
    "base_rate",
    "calibration",
    "counting",
    "decision",
    "evaluation",
    "explorer",
    "features",
    "figures",
    "key_figures",
    "model",
    "own_counting",
    "own_data",
    "own_images",
    "own_measures",
    "simulation",
    "tables",
    "thumbnails",
    "trajectories",
    "traps",
)

__getattr__, __dir__, __all__ = face(__name__, _WHERE, _MODULES)
