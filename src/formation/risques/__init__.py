"""Le cas « risques » : prévoir, 30 à 120 minutes d’avance, qu’un petit cours d’eau va déborder.

Tout ce qu’un apprenant importe est ici ; chaque nom n’est chargé que lorsqu’on s’en sert.

Examples
--------
>>> from formation import risques
>>> risques.load("episodes").shape[0]
71
>>> risques.load("bassins")["id_bassin"].tolist()
['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8']
"""

from __future__ import annotations

from formation.lazy import face

# nom public : module qui le définit. Lire une table ne doit importer ni scikit-learn ni matplotlib.
_WHERE = {
    "load": "tables",
    "validate": "tables",
    "radar": "tables",
    "rain_rate": "tables",
    "rain_code": "tables",
    "basin_weights": "hydrology",
    "runoff": "hydrology",
    "route": "hydrology",
    "discharge": "hydrology",
    "nse": "hydrology",
    "kge": "hydrology",
    "panel": "features",
    "baselines": "model",
    "gradient_boosting": "model",
    "forecasts": "evaluation",
    "evaluate": "evaluation",
    "methods": "evaluation",
    "over_seeds": "evaluation",
    "own": "own_data",
    "explore": "explorer",
    "simulate": "simulation",
}
_MODULES = (
    "calibration",
    "decision",
    "evaluation",
    "explorer",
    "extreme",
    "features",
    "figures",
    "guard",
    "hydrology",
    "model",
    "own_data",
    "physical",
    "simulation",
    "tables",
    "traps",
)

__getattr__, __dir__, __all__ = face(__name__, _WHERE, _MODULES)
