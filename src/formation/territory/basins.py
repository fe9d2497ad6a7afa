"""Sol imperméable des huit bassins d’Aubeline : ce que dit la carte publiée, et ce qui a été bâti depuis.

Un seul endroit pour la vérité : le cas « risques » en fait ruisseler l’eau, le cas « mobilites » la photographie.
Toutes ces valeurs sont des hypothèses pédagogiques.
"""

from __future__ import annotations

MAPPED_SHARE = {"B1": 0.26, "B2": 0.22, "B3": 0.42, "B4": 0.18, "B5": 0.15, "B6": 0.12, "B7": 0.09, "B8": 0.06}
"""Part imperméable de chaque bassin sur la carte publiée, entre 0 et 1."""

BUILT_BASIN = "B5"
"""Bassin où l’on a construit après la carte."""

BUILT_AFTER = 2022
"""Première année où ces constructions existent."""

BUILT_EXTRA = 0.12
"""Part imperméable ajoutée, entre 0 et 1."""


def impervious_share(basin: str, year: int) -> float:
    """Part imperméable vraie d’un bassin, une année donnée.

    Parameters
    ----------
    basin : str
        Code du bassin, de `B1` à `B8`.
    year : int
        Année.

    Returns
    -------
    float
        Part entre 0 et 1.

    Raises
    ------
    KeyError
        Si le bassin n’existe pas.

    Examples
    --------
    >>> impervious_share("B5", 2021), impervious_share("B5", 2024)
    (0.15, 0.27)
    """
    built = BUILT_EXTRA if basin == BUILT_BASIN and year >= BUILT_AFTER else 0.0
    return round(MAPPED_SHARE[basin] + built, 4)
