"""Le cas « mobilités » : mesurer des parcs de stationnement sur une photo aérienne, et savoir si la loi les vise.

Tout ce qu’un apprenant importe est ici ; chaque nom n’est chargé que lorsqu’on s’en sert. Les images sont dessinées :
aucune photographie, aucune plaque, aucune personne.

Examples
--------
>>> from formation import mobilites
>>> mobilites.load("occupation_sol").shape[0]
8
"""

from __future__ import annotations

from formation.lazy import face

# nom public : module qui le définit. Lire une table ne doit importer ni scikit-learn ni scikit-image ni matplotlib.
_WHERE = {
    "load": "tables",
    "validate": "tables",
    "tiles": "tables",
    "is_parking": "tables",
    "baselines": "model",
    "evaluate": "evaluation",
    "own": "own_data",
    "own_parks": "own_threshold",
    "explore": "explorer",
    "simulate": "simulation",
}
_MODULES = (
    "calibration",
    "counting",
    "decision",
    "decision_figures",
    "evaluation",
    "explorer",
    "features",
    "figures",
    "key_figures",
    "map_figures",
    "model",
    "own_data",
    "own_images",
    "own_threshold",
    "radiometry",
    "segmentation",
    "simulation",
    "surface",
    "tables",
    "traps",
)

__getattr__, __dir__, __all__ = face(__name__, _WHERE, _MODULES)
