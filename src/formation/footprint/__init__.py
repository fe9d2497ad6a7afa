r"""L’empreinte d’une IA : énergie et gaz à effet de serre, toujours entre deux bornes, avec les hypothèses.

Examples
--------
>>> from formation import footprint
>>> footprint.response(8, tokens=400).total_g.text("gCO2e").replace("\xa0", " ")
'de 0,0027 à 0,0079 gCO2e'
"""

from __future__ import annotations

from formation.lazy import face

_WHERE = {
    "EmpreinteImpossible": "interval",
    "Interval": "interval",
    "short": "interval",
    "FACTORS": "factors",
    "COUNTRIES": "factors",
    "Factor": "factors",
    "FacteurInconnu": "factors",
    "factor": "factors",
    "electricity": "factors",
    "Response": "llm",
    "response": "llm",
    "server_energy_wh": "llm",
    "model_size": "llm",
    "Measurement": "measuring",
    "measure": "measuring",
    "Published": "published_measures",
    "published": "published_measures",
}
_MODULES = ("factors", "interval", "llm", "measuring", "published_measures")

__getattr__, __dir__, __all__ = face(__name__, _WHERE, _MODULES)
