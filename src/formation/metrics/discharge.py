"""Mesures d’une prévision de débit : Nash-Sutcliffe, Kling-Gupta, erreur de pointe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def nash_sutcliffe(forecast: ArrayLike, actual: ArrayLike) -> float:
    """Critère de Nash-Sutcliffe (NSE) : 1 = parfait, 0 = pas mieux que prévoir toujours la moyenne.

    Parameters
    ----------
    forecast, actual : array_like, forme (n,)
        Débits prévus et réels, dans la même unité.

    Returns
    -------
    float
        1 − somme des carrés des écarts ÷ somme des carrés des écarts à la moyenne.

    Raises
    ------
    ValueError
        Si les listes ne vont pas ensemble, sont incomplètes, ou si le débit réel ne varie pas.

    Examples
    --------
    >>> nash_sutcliffe([1, 2, 3], [1, 2, 3]), nash_sutcliffe([2, 2, 2], [1, 2, 3])
    (1.0, 0.0)
    """
    forecast, actual = _checked(forecast, actual)
    return float(1 - ((forecast - actual) ** 2).sum() / ((actual - actual.mean()) ** 2).sum())


def kling_gupta(forecast: ArrayLike, actual: ArrayLike) -> float:
    """Critère de Kling-Gupta (KGE) : corrélation, variabilité et volume à la fois ; 1 = parfait.

    Parameters
    ----------
    forecast, actual : array_like, forme (n,)
        Débits prévus et réels, dans la même unité.

    Returns
    -------
    float
        1 − √((r − 1)² + (α − 1)² + (β − 1)²), avec α le rapport des écarts-types et β celui des moyennes ; `nan` si le
        débit prévu ne varie pas.

    Raises
    ------
    ValueError
        Si les listes ne vont pas ensemble, sont incomplètes, ou si le débit réel ne varie pas.

    Examples
    --------
    >>> kling_gupta([1, 2, 3], [1, 2, 3])
    1.0
    """
    forecast, actual = _checked(forecast, actual)
    if np.ptp(forecast) == 0 or not actual.any():
        return float("nan")
    parts = (np.corrcoef(forecast, actual)[0, 1], forecast.std() / actual.std(), forecast.mean() / actual.mean())
    return float(1 - np.sqrt(sum((part - 1) ** 2 for part in parts)))


def peak_error(forecast: ArrayLike, actual: ArrayLike) -> float:
    """Erreur relative sur la pointe de l’épisode.

    Parameters
    ----------
    forecast, actual : array_like, forme (n,)
        Débits prévus et réels d’un épisode, dans la même unité.

    Returns
    -------
    float
        Pointe prévue ÷ pointe réelle − 1 ; négative = crue sous-estimée.

    Raises
    ------
    ValueError
        Si les listes ne vont pas ensemble, sont incomplètes, ou si le débit réel ne varie pas.

    Examples
    --------
    >>> peak_error([1, 6, 2], [1, 8, 2])
    -0.25
    """
    forecast, actual = _checked(forecast, actual)
    return float(forecast.max() / actual.max() - 1)


def _checked(first: ArrayLike, second: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if one.ndim != 1 or one.shape != two.shape:
        raise ValueError(f"Il faut deux listes de même longueur ; reçu {one.shape} et {two.shape}.")
    if np.isnan(one).any() or np.isnan(two).any():
        raise ValueError("Une valeur manque : écartez ces pas de temps, ou complétez-les, avant de mesurer.")
    if len(two) < 2 or np.ptp(two) == 0:
        raise ValueError("Le débit réel ne varie pas : cette mesure n’a pas de sens ici.")
    return one, two
