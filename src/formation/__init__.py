"""Formation à l’intelligence artificielle dans les territoires : la bibliothèque du cours.

Importer ce paquet ne charge rien de lourd : chaque aile (`formation.eau`, `formation.datasets`…)
n’est importée que lorsqu’on s’en sert.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_WINGS = (
    "book",
    "checks",
    "classroom",
    "datasets",
    "dechets",
    "eau",
    "errors",
    "metrics",
    "mobilites",
    "palette",
    "risques",
    "securite",
    "territory",
    "usagers",
)


def __getattr__(name: str) -> Any:
    """Importe une aile au premier usage : `formation.eau`, sans import préalable."""
    if name in _WINGS:
        try:
            return import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{name}":
                raise
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Noms visibles, ailes comprises."""
    return sorted([*globals(), *_WINGS])
