"""Comparer des prévisions à risque égal : surplus de repas à manque égal, puis à ruptures égales.

Une méthode est une famille : `center + k × spread`. Plus `k` est grand, plus on jette et moins il manque. Le réglage
`k` se choisit sur une année, se publie sur la suivante ; l’intervalle vient de semaines retirées au sort.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS = np.round(np.arange(-3.0, 8.01, 0.1), 2)
"""Réglages essayés."""
MISSING, SHORTAGE = 1, 2
"""Colonnes d’un cumul : repas en trop, repas manquants, site-jours en rupture."""


@dataclass(frozen=True)
class Family:
    """Prévisions d’une méthode, du plus juste au plus large.

    Attributes
    ----------
    center, spread : ndarray, forme (n_lignes,)
        Prévision centrale et pas de marge, en repas.
    """

    center: Floats
    spread: Floats

    def meals(self, step: float) -> Floats:
        """Repas produits pour un réglage.

        Parameters
        ----------
        step : float
            Réglage : nombre de pas au-dessus de la prévision centrale.

        Returns
        -------
        ndarray
            Repas, arrondis à l’unité, jamais négatifs.
        """
        return np.asarray(np.maximum(np.rint(self.center + step * self.spread), 0.0))


def tally(produced: Floats, demand: Floats, week: NDArray[np.int64], weeks: int) -> Floats:
    """Cumule, semaine par semaine, ce qui reste et ce qui manque.

    Parameters
    ----------
    produced, demand : ndarray, forme (n_lignes,)
        Repas produits et demandés.
    week : ndarray of int, forme (n_lignes,)
        Rang de la semaine de chaque ligne.
    weeks : int
        Nombre de semaines.

    Returns
    -------
    ndarray, forme (weeks, 3)
        Repas en trop, repas manquants, site-jours en rupture.

    Examples
    --------
    >>> tally(np.array([5.0, 8.0]), np.array([7.0, 6.0]), np.array([0, 0]), 1).tolist()
    [[2.0, 2.0, 1.0]]
    """
    gap = produced - demand
    columns = [np.maximum(gap, 0), np.maximum(-gap, 0), gap < 0]
    return np.column_stack([np.bincount(week, weights=values, minlength=weeks) for values in columns])


def curve(family: Family, demand: Floats, week: NDArray[np.int64], weeks: int) -> Floats:
    """Cumuls de tous les réglages d’une méthode.

    Parameters
    ----------
    family : Family
        Méthode.
    demand, week, weeks
        Voir :func:`tally`.

    Returns
    -------
    ndarray, forme (weeks, len(STEPS), 3)
        Un cumul par semaine et par réglage.
    """
    return np.stack([tally(family.meals(step), demand, week, weeks) for step in STEPS], axis=1)


def step_at(totals: Floats, column: int, target: float) -> float:
    """Réglage qui donne un manque ou un nombre de ruptures.

    Parameters
    ----------
    totals : ndarray, forme (len(STEPS), 3)
        Cumuls d’une méthode sur l’année du choix.
    column : int
        `MISSING` ou `SHORTAGE`.
    target : float
        Valeur visée, en repas ou en site-jours.

    Returns
    -------
    float
        Réglage, interpolé entre deux essais ; le plus proche si la cible est hors de portée.
    """
    return float(np.interp(-target, -totals[:, column], STEPS))


def surplus_at(totals: Floats, column: int, target: float) -> float:
    """Repas en trop au même manque (ou aux mêmes ruptures), lus sur la courbe de la méthode.

    Parameters
    ----------
    totals, column, target
        Voir :func:`step_at`.

    Returns
    -------
    float
        Repas en trop ; vide si la méthode n’atteint pas la cible.
    """
    values = totals[:, column]
    if not values[-1] <= target <= values[0]:
        return float("nan")
    return float(np.interp(-target, -values, totals[:, 0]))


def change(reference: Floats, curve_: Floats, column: int) -> float:
    """Variation des repas en trop à risque égal, par rapport à la référence.

    Parameters
    ----------
    reference : ndarray, forme (weeks, 3)
        Cumuls de la référence.
    curve_ : ndarray, forme (weeks, len(STEPS), 3)
        Cumuls de la méthode.
    column : int
        `MISSING` ou `SHORTAGE`.

    Returns
    -------
    float
        −0,1 pour 10 % de repas en trop de moins.
    """
    base = reference.sum(axis=0)
    return surplus_at(curve_.sum(axis=0), column, float(base[column])) / float(base[0]) - 1


def draws_of(reference: Floats, curve_: Floats, column: int, *, draws: int, seed: int) -> Floats:
    """Valeurs de :func:`change` sur des semaines retirées au sort ; la même graine retire les mêmes semaines.

    Parameters
    ----------
    reference, curve_, column
        Voir :func:`change`.
    draws : int
        Nombre de tirages.
    seed : int
        Graine.

    Returns
    -------
    ndarray, forme (draws,)
        Une variation par tirage ; vide quand la méthode n’atteint pas la cible.
    """
    weeks = len(reference)
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(weeks, np.full(weeks, 1 / weeks), size=draws).astype(float)
    base, totals = counts @ reference, np.tensordot(counts, curve_, axes=1)
    return np.array(
        [
            surplus_at(total, column, float(row[column])) / float(row[0]) - 1 if row[0] > 0 else np.nan
            for row, total in zip(base, totals, strict=True)
        ]
    )
