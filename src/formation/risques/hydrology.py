"""De la pluie au débit : rétention SCS-CN, hydrogramme de Nash, et deux notes de débit.

Tout est écrit avec numpy. Les débits sont en m³/s, ou en m³/s/km² quand on les rapporte à la surface.
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

SIZE = 24
STEP_MIN = 5.0
INITIAL_LOSS = 0.15
RUNOFF_OF_IMPERVIOUS = 0.75
ANTECEDENT_DECAY = 0.012
RESERVOIRS = 3
BASE_FLOW_M3_S_KM2 = 0.02
_SUBDIVISIONS = 20
_CURVE_NUMBER_RANGE = (1, 100)


def basin_weights(basins: pd.DataFrame, size: int = SIZE) -> Floats:
    """Part de chaque pixel du radar dans chaque bassin.

    Un bassin est un disque de rayon `rayon_km` autour de (`x_km`, `y_km`). Le pixel de ligne i et de colonne j
    couvre x de j à j + 1 et y de i à i + 1, en kilomètres.

    Parameters
    ----------
    basins : DataFrame
        Colonnes `x_km`, `y_km` et `rayon_km`.
    size : int
        Côté de la grille.

    Returns
    -------
    ndarray, forme (n_bassins, size, size)
        Poids, de somme 1 par bassin : la pluie d’un bassin est la somme des poids par la pluie des pixels.

    Raises
    ------
    ValueError
        Si un bassin est entièrement hors de la grille.

    Examples
    --------
    >>> import pandas as pd
    >>> square = pd.DataFrame({"x_km": [3.5], "y_km": [2.5], "rayon_km": [0.5]})
    >>> basin_weights(square)[0, 2, 3].item()
    1.0
    """
    fine = (np.arange(size * _SUBDIVISIONS) + 0.5) / _SUBDIVISIONS
    weights = np.empty((len(basins), size, size))
    for rank, (x, y, radius) in enumerate(basins[["x_km", "y_km", "rayon_km"]].to_numpy(dtype=float)):
        inside = (fine[None, :] - x) ** 2 + (fine[:, None] - y) ** 2 <= radius**2
        share = inside.reshape(size, _SUBDIVISIONS, size, _SUBDIVISIONS).sum(axis=(1, 3))
        if share.sum() == 0:
            raise ValueError(f"Le bassin de rang {rank} est hors de la grille de {size} × {size} km.")
        weights[rank] = share / share.sum()
    return weights


def retention(curve_number: ArrayLike, antecedent_mm: ArrayLike = 0.0) -> Floats:
    """Rétention maximale du sol, en millimètres : elle baisse quand il a déjà plu.

    Parameters
    ----------
    curve_number : array_like
        Coefficient CN du Soil Conservation Service, entre 1 et 100 (100 : tout ruisselle).
    antecedent_mm : array_like
        Pluie des jours précédents, en millimètres.

    Returns
    -------
    ndarray
        Rétention, en millimètres.

    Raises
    ------
    ValueError
        Si un CN sort de 1 à 100.

    Examples
    --------
    >>> retention(80).round(1).item(), retention(80, 60).round(1).item()
    (63.5, 30.9)
    """
    number = np.asarray(curve_number, dtype=float)
    low, high = _CURVE_NUMBER_RANGE
    if ((number < low) | (number > high)).any():
        raise ValueError(f"Un CN va de {low} à {high} ; reçu : {number}.")
    dry = 25_400.0 / number - 254.0
    return np.asarray(dry * np.exp(-ANTECEDENT_DECAY * np.asarray(antecedent_mm, dtype=float)))


def runoff(
    rain_mm_h: ArrayLike,
    curve_number: ArrayLike,
    impervious: ArrayLike = 0.0,
    antecedent_mm: ArrayLike = 0.0,
    step_min: float = STEP_MIN,
) -> Floats:
    """Pluie qui ruisselle : la plus grande des deux voies, le sol saturé ou la surface imperméable.

    Parameters
    ----------
    rain_mm_h : array_like, forme (..., n_pas)
        Intensité de la pluie, en mm/h.
    curve_number, impervious, antecedent_mm : array_like
        CN, part imperméable (0 à 1) et pluie antérieure ; un nombre, ou une forme qui se diffuse sur (..., 1).
    step_min : float
        Durée d’un pas, en minutes.

    Returns
    -------
    ndarray, forme (..., n_pas)
        Pluie nette, en mm/h.

    Examples
    --------
    >>> runoff([60.0] * 12, 80).sum() / 12 < 60
    np.True_
    """
    rain = np.asarray(rain_mm_h, dtype=float)
    total = np.cumsum(rain, axis=-1) * step_min / 60.0
    soil = retention(curve_number, antecedent_mm)
    excess = np.maximum(total - INITIAL_LOSS * soil, 0.0)
    from_soil = excess**2 / np.maximum(excess + soil, 1e-9)
    net = np.maximum(from_soil, RUNOFF_OF_IMPERVIOUS * np.asarray(impervious, dtype=float) * total)
    return np.diff(net, axis=-1, prepend=0.0) * 60.0 / step_min


def nash(response_min: float, step_min: float = STEP_MIN, reservoirs: int = RESERVOIRS) -> Floats:
    """Hydrogramme unitaire de Nash : part de l’eau qui sort à chaque pas.

    Des réservoirs identiques en série. Une averse brève donne une pointe de débit `response_min` plus tard.

    Parameters
    ----------
    response_min : float
        Temps de réponse : de l’averse à la pointe de débit, en minutes, strictement positif.
    step_min : float
        Durée d’un pas, en minutes.
    reservoirs : int
        Nombre de réservoirs, au moins 2.

    Returns
    -------
    ndarray
        Parts, de somme 1.

    Raises
    ------
    ValueError
        Si le temps n’est pas positif, ou s’il y a moins de deux réservoirs.

    Examples
    --------
    >>> nash(30).sum().round(6).item()
    1.0
    """
    if response_min <= 0 or reservoirs < 2:
        raise ValueError("Le temps de réponse est strictement positif, et il faut au moins deux réservoirs.")
    # La pointe de n réservoirs de vidange k arrive à (n − 1) k.
    x = np.arange(0.0, 8.0 * response_min + step_min, step_min) * (reservoirs - 1) / response_min
    still_inside = np.exp(-x) * sum(x**k / factorial(k) for k in range(reservoirs))
    parts = -np.diff(still_inside)
    return np.asarray(parts / parts.sum())


def route(net_mm_h: ArrayLike, response_min: float, area_km2: float, step_min: float = STEP_MIN) -> Floats:
    """Débit à l’exutoire d’un bassin, à partir de la pluie nette.

    Parameters
    ----------
    net_mm_h : array_like, forme (..., n_pas)
        Pluie nette, en mm/h.
    response_min : float
        Temps de réponse, en minutes.
    area_km2 : float
        Surface, en km².
    step_min : float
        Durée d’un pas, en minutes.

    Returns
    -------
    ndarray, forme (..., n_pas)
        Débit, en m³/s, débit de base compris.

    Examples
    --------
    >>> route([36.0] * 100, 30, 2.0)[-1].round(2).item()
    20.04
    """
    net = np.asarray(net_mm_h, dtype=float)
    kernel = nash(response_min, step_min)
    flat = net.reshape(-1, net.shape[-1])
    routed = np.stack([np.convolve(row, kernel)[: net.shape[-1]] for row in flat]).reshape(net.shape)
    # 1 mm/h sur 1 km², c’est 1/3,6 m³/s.
    return np.asarray((routed / 3.6 + BASE_FLOW_M3_S_KM2) * area_km2)


def discharge(rain_mm_h: ArrayLike, basin: pd.Series, antecedent_mm: float = 0.0, step_min: float = STEP_MIN) -> Floats:
    """Débit d’un bassin, de la pluie à l’exutoire : :func:`runoff` puis :func:`route`.

    Parameters
    ----------
    rain_mm_h : array_like, forme (..., n_pas)
        Pluie moyenne du bassin, en mm/h.
    basin : Series
        Une ligne de la table `bassins` : `cn`, `part_impermeable`, `temps_min`, `surface_km2`.
    antecedent_mm : float
        Pluie antérieure de l’épisode.
    step_min : float
        Durée d’un pas, en minutes.

    Returns
    -------
    ndarray, forme (..., n_pas)
        Débit, en m³/s.

    Examples
    --------
    >>> import pandas as pd
    >>> basin = pd.Series({"cn": 80, "part_impermeable": 0.4, "temps_min": 25, "surface_km2": 4.1})
    >>> discharge([0.0] * 12, basin).round(3).max().item()
    0.082
    """
    net = runoff(rain_mm_h, basin["cn"], basin["part_impermeable"], antecedent_mm, step_min)
    return route(net, float(basin["temps_min"]), float(basin["surface_km2"]), step_min)


def nse(observed: ArrayLike, simulated: ArrayLike) -> float:
    """Efficience de Nash-Sutcliffe : 1 si tout est juste, 0 si la moyenne ferait aussi bien.

    Parameters
    ----------
    observed, simulated : array_like, forme (n,)
        Débits mesurés et calculés ; les couples dont une valeur manque sont ignorés.

    Returns
    -------
    float
        Sans unité, au plus 1.

    Raises
    ------
    ValueError
        Si les deux séries n’ont pas la même longueur, ou si les débits mesurés ne varient pas.

    Examples
    --------
    >>> nse([1, 2, 3], [1, 2, 3]), nse([1, 2, 3], [2, 2, 2])
    (1.0, 0.0)
    """
    seen, computed = _pairs(observed, simulated)
    return float(1 - ((seen - computed) ** 2).sum() / ((seen - seen.mean()) ** 2).sum())


def kge(observed: ArrayLike, simulated: ArrayLike) -> float:
    """Efficience de Kling-Gupta : corrélation, dispersion et volume à la fois.

    Parameters
    ----------
    observed, simulated : array_like, forme (n,)
        Débits mesurés et calculés ; les couples dont une valeur manque sont ignorés.

    Returns
    -------
    float
        Sans unité, au plus 1.

    Raises
    ------
    ValueError
        Si les deux séries n’ont pas la même longueur, ou si les débits mesurés ne varient pas.

    Examples
    --------
    >>> round(kge([1, 2, 3], [2, 4, 6]), 3)
    -0.414
    """
    seen, computed = _pairs(observed, simulated)
    spread = computed.std()
    correlation = 0.0 if spread == 0 else float(np.corrcoef(seen, computed)[0, 1])
    gaps = (correlation - 1, spread / seen.std() - 1, computed.mean() / seen.mean() - 1)
    return float(1 - np.sqrt(sum(gap**2 for gap in gaps)))


def _pairs(observed: ArrayLike, simulated: ArrayLike) -> tuple[Floats, Floats]:
    seen, computed = (np.asarray(series, dtype=float).ravel() for series in (observed, simulated))
    if seen.shape != computed.shape:
        raise ValueError(f"Deux séries de même longueur sont attendues ; reçu {len(seen)} et {len(computed)} valeurs.")
    known = np.isfinite(seen) & np.isfinite(computed)
    seen, computed = seen[known], computed[known]
    if len(seen) == 0 or np.ptp(seen) == 0:
        raise ValueError("Les débits mesurés ne varient pas : l’efficience n’a pas de sens.")
    return seen, computed
