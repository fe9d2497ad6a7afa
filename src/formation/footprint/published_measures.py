"""Les mesures faites pour ce cours : l’énergie d’un modèle jouet, que nous n’avons trouvée publiée nulle part."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from formation.footprint.interval import Interval

FILE = Path(__file__).with_name("mesures.json")
"""Relevé livré ; `formation marche mesurer --ecrire` le refait."""


@dataclass(frozen=True)
class Published:
    """Une mesure livrée avec le cours.

    Attributes
    ----------
    name : str
        Identifiant.
    label : str
        Ce qui a été calculé.
    duration_s : float
        Durée d’un passage, en secondes.
    runs : int
        Passages.
    energy_wh : Interval
        Énergie d’un passage.
    codecarbon_wh : float or None
        Valeur de codecarbon.
    method : str
        Façon de l’obtenir.
    hypotheses : tuple of str
        Ce qui a été supposé.
    date : str
        Jour de la mesure.
    """

    name: str
    label: str
    duration_s: float
    runs: int
    energy_wh: Interval
    codecarbon_wh: float | None
    method: str
    hypotheses: tuple[str, ...]
    date: str


@cache
def published() -> dict[str, Published]:
    """Mesures livrées avec le cours.

    Returns
    -------
    dict of str to Published
        Par identifiant.

    Examples
    --------
    >>> "eau-apprentissage" in published()
    True
    """
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: Published(
            name,
            row["libelle"],
            row["duree_s"],
            row["passages"],
            Interval(*row["energie_wh"]),
            row["codecarbon_wh"],
            row["methode"],
            tuple(row["hypotheses"]),
            content["date"],
        )
        for name, row in content["mesures"].items()
    }
