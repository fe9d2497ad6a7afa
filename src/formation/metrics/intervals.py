"""Intervalles : ce qu’un petit nombre de cas, ou de tirages, permet d’affirmer."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def share_interval(successes: int, total: int, *, level: float = 0.95) -> tuple[float, float]:
    """Intervalle d’une part, par la méthode de Wilson ; il tient pour de petits effectifs.

    Parameters
    ----------
    successes, total : int
        Cas favorables, cas observés.
    level : float
        Niveau de confiance.

    Returns
    -------
    tuple of float
        Bornes, entre 0 et 1 ; (0, 1) si rien n’a été observé.

    Raises
    ------
    ValueError
        Si les comptes sont incohérents.

    Examples
    --------
    >>> [round(bound, 2) for bound in share_interval(8, 10)]
    [0.49, 0.94]
    """
    from scipy.special import ndtri

    if not 0 <= successes <= total:
        raise ValueError(f"{successes} cas favorables sur {total} : le premier nombre va de 0 au second.")
    if not total:
        return 0.0, 1.0
    z = float(ndtri((1 + level) / 2))
    share, weight = successes / total, z * z / total
    centre = (share + weight / 2) / (1 + weight)
    half = z * np.sqrt(share * (1 - share) / total + weight / (4 * total)) / (1 + weight)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def rate_interval(count: int, hours: float, *, level: float = 0.95) -> tuple[float, float]:
    """Intervalle exact d’un nombre d’événements par heure (loi de Poisson).

    Parameters
    ----------
    count : int
        Événements comptés.
    hours : float
        Heures de veille, strictement positives.
    level : float
        Niveau de confiance.

    Returns
    -------
    tuple of float
        Bornes, par heure.

    Raises
    ------
    ValueError
        Si le compte est négatif ou si les heures ne sont pas strictement positives.

    Examples
    --------
    >>> [round(bound, 2) for bound in rate_interval(0, 6)]
    [0.0, 0.61]
    """
    from scipy.special import gammaincinv

    if count < 0 or not hours > 0:
        raise ValueError(f"{count} événements en {hours} heures : il faut un compte positif et des heures de veille.")
    tail = (1 - level) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    return low / hours, float(gammaincinv(count + 1, 1 - tail)) / hours


def draw_bounds(values: ArrayLike, *, level: float = 0.9) -> tuple[float, float]:
    """Bornes d’un ensemble de tirages, autant laissé dessous que dessus.

    Parameters
    ----------
    values : array of float, forme (n,)
        Tirages ; les vides sont laissés de côté.
    level : float
        Part des tirages entre les bornes.

    Returns
    -------
    tuple of float
        Bornes basse et haute ; vides si aucun tirage n’est utilisable.

    Examples
    --------
    >>> draw_bounds([0.0, 1.0, np.nan])
    (0.05, 0.95)
    """
    drawn = np.asarray(values, dtype=float)
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return float("nan"), float("nan")
    tail = round((1 - level) / 2, 12)
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)
