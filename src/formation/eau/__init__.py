"""Le cas « eau » : quels tronçons d’un réseau écouter d’abord pour trouver les fuites.

Tout ce qu’un apprenant importe est ici ; chaque nom n’est chargé que lorsqu’on s’en sert.

Examples
--------
>>> from formation import eau
>>> eau.load("troncons").shape[0]
6200
>>> sorted(eau.baselines())
['hasard', 'historique par km', 'âge', 'âge × matériau']
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# nom public : module qui le définit. Lire une table ne doit importer ni scikit-learn ni matplotlib.
_WHERE = {
    "load": "tables",
    "streets": "tables",
    "validate": "tables",
    "panel": "features",
    "baselines": "model",
    "gradient_boosting": "model",
    "poisson_regression": "model",
    "evaluate": "evaluation",
    "methods": "evaluation",
    "over_seeds": "evaluation",
    "score_table": "evaluation",
    "mean_curve": "evaluation",
    "own": "own_data",
    "explore": "explorer",
    "simulate": "simulation",
}
_MODULES = (
    "calibration",
    "evaluation",
    "explorer",
    "features",
    "figures",
    "hydraulics",
    "model",
    "night_flow",
    "own_data",
    "simulation",
    "tables",
    "traps",
    "yield_simulation",
)

__all__ = [*_WHERE, *_MODULES]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"Le module {__name__} n’a pas de nom « {name} ». Noms disponibles : {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return sorted(__all__)
