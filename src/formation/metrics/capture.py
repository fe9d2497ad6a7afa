"""Mesures d’un classement de tronçons : courbe de captation, part captée, fuites par kilomètre, AUC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.metrics.intervals import draw_bounds

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def capture_curve(score: ArrayLike, failures: ArrayLike, length_m: ArrayLike) -> pd.DataFrame:
    """Courbe de captation : part des fuites trouvées selon la part du réseau écoutée.

    On écoute d’abord les tronçons au score le plus élevé. Les tronçons à égalité forment un seul pas : entre
    deux points, la courbe est droite, comme si on les écoutait dans un ordre tiré au sort.

    Parameters
    ----------
    score : array_like, forme (n_troncons,)
        Risque estimé par kilomètre, plus grand = écouter plus tôt. Sans unité.
    failures : array_like, forme (n_troncons,)
        Nombre de fuites observées pendant la période de test.
    length_m : array_like, forme (n_troncons,)
        Longueur des tronçons, en mètres, strictement positive.

    Returns
    -------
    DataFrame
        Colonnes `part_lineaire` et `part_fuites`, entre 0 et 1, croissantes, de (0, 0) à (1, 1).

    Raises
    ------
    ValueError
        Si les trois tableaux n’ont pas la même longueur, si un score manque, si une longueur n’est pas
        strictement positive ou s’il n’y a aucune fuite.

    Examples
    --------
    >>> capture_curve([0.9, 0.1], [1, 0], [50, 50]).iloc[1].tolist()
    [0.5, 1.0]
    """
    score, failures, length = _checked(score, failures, length_m)
    order = np.argsort(-score, kind="stable")
    last_of_group = np.append(np.diff(score[order]) != 0, True)
    share_length = np.cumsum(length[order])[last_of_group] / length.sum()
    share_failures = np.cumsum(failures[order])[last_of_group] / failures.sum()
    return pd.DataFrame(
        {
            "part_lineaire": np.minimum(np.append(0.0, share_length), 1.0),
            "part_fuites": np.minimum(np.append(0.0, share_failures), 1.0),
        }
    )


def captured_share(score: ArrayLike, failures: ArrayLike, length_m: ArrayLike, *, share: float = 0.2) -> float:
    """Part des fuites captées quand on écoute une part donnée du linéaire.

    Parameters
    ----------
    score, failures, length_m : array_like, forme (n_troncons,)
        Voir :func:`capture_curve`.
    share : float
        Part du linéaire écoutée, de 0 à 1.

    Returns
    -------
    float
        Part des fuites, de 0 à 1.

    Raises
    ------
    ValueError
        Si `share` sort de 0 à 1, ou pour les raisons de :func:`capture_curve`.

    Examples
    --------
    >>> captured_share([3, 2, 1], [4, 1, 0], [100, 100, 300], share=0.2)
    0.8
    """
    if not 0 <= share <= 1:
        raise ValueError(f"La part du linéaire doit être entre 0 et 1 ; reçu {share}. Écrivez 0.2 pour 20 %.")
    curve = capture_curve(score, failures, length_m)
    return float(np.interp(share, curve["part_lineaire"], curve["part_fuites"]))


def leaks_per_km(score: ArrayLike, failures: ArrayLike, length_m: ArrayLike, *, km: float) -> float:
    """Fuites trouvées par kilomètre écouté, quand on s’arrête au k-ième kilomètre.

    Parameters
    ----------
    score, failures, length_m : array_like, forme (n_troncons,)
        Voir :func:`capture_curve`.
    km : float
        Longueur écoutée, en kilomètres, strictement positive et au plus celle du réseau.

    Returns
    -------
    float
        Fuites par kilomètre.

    Raises
    ------
    ValueError
        Si `km` est hors du réseau, ou pour les raisons de :func:`capture_curve`.

    Examples
    --------
    >>> leaks_per_km([3, 2, 1], [4, 1, 0], [1000, 1000, 3000], km=1)
    4.0
    """
    total_km = float(np.sum(np.asarray(length_m, float))) / 1000
    if not 0 < km <= total_km:
        raise ValueError(f"La longueur écoutée doit être entre 0 et {total_km:.1f} km (tout le réseau) ; reçu {km}.")
    found = captured_share(score, failures, length_m, share=km / total_km) * float(np.sum(np.asarray(failures, float)))
    return found / km


def roc_auc(score: ArrayLike, failures: ArrayLike) -> float:
    """Aire sous la courbe ROC : chance qu’un tronçon qui a fui soit classé avant un tronçon qui n’a pas fui.

    Parameters
    ----------
    score : array_like, forme (n_troncons,)
        Risque estimé.
    failures : array_like, forme (n_troncons,)
        Nombre de fuites ; seul compte le fait d’en avoir eu au moins une.

    Returns
    -------
    float
        De 0 à 1 ; 0,5 = hasard. Ne tient pas compte des longueurs.

    Raises
    ------
    ValueError
        Si tous les tronçons ont fui, ou aucun.

    Examples
    --------
    >>> roc_auc([0.1, 0.9, 0.2], [0, 1, 0])
    1.0
    """
    from scipy.stats import rankdata

    failed = np.asarray(failures, float) > 0
    positives, negatives = int(failed.sum()), int((~failed).sum())
    if not positives or not negatives:
        raise ValueError("L’AUC demande au moins un tronçon qui a fui et un tronçon qui n’a pas fui.")
    ranks = rankdata(np.asarray(score, float))
    return float((ranks[failed].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def bootstrap_shares(
    scores: ArrayLike,
    failures: ArrayLike,
    length_m: ArrayLike,
    *,
    share: float = 0.2,
    groups: ArrayLike | None = None,
    draws: int = 200,
    seed: int = 447,
) -> NDArray[np.float64]:
    """Parts captées de plusieurs classements sur les mêmes réseaux retirés au sort (bootstrap de Poisson).

    Chaque tirage donne à chaque tronçon un poids de 0, 1, 2… ; les mêmes poids servent à toutes les méthodes, ce
    qui permet de juger leur **écart** et pas seulement chaque méthode à part.

    Parameters
    ----------
    scores : array_like, forme (n_methodes, n_troncons)
        Une ligne par méthode.
    failures, length_m : array_like, forme (n_troncons,)
        Voir :func:`capture_curve`.
    share : float
        Part du linéaire écoutée, de 0 à 1.
    groups : array_like d’entiers, forme (n_troncons,), optional
        Numéro du tronçon de chaque ligne, de 0 à n − 1, quand un tronçon a plusieurs lignes (plusieurs années).
    draws : int
        Nombre de tirages.
    seed : int
        Graine des tirages.

    Returns
    -------
    ndarray, forme (n_tirages, n_methodes)
        Parts des fuites, de 0 à 1.

    Raises
    ------
    ValueError
        Pour les raisons de :func:`capture_curve`.

    Examples
    --------
    >>> bootstrap_shares([[3, 2, 1] * 30], [2, 1, 0] * 30, [100] * 90, draws=5).shape
    (5, 1)
    """
    matrix = np.atleast_2d(np.asarray(scores, dtype=float))
    for row in matrix:
        _checked(row, failures, length_m)
    count, length = np.asarray(failures, dtype=float), np.asarray(length_m, dtype=float)
    group = np.arange(matrix.shape[1]) if groups is None else np.asarray(groups)
    orders = [np.argsort(-row, kind="stable") for row in matrix]
    ends = [
        np.flatnonzero(np.append(np.diff(row[order]) != 0, True)) for row, order in zip(matrix, orders, strict=True)
    ]
    rng = np.random.default_rng(seed)
    found = np.empty((draws, len(matrix)))
    for draw in range(draws):
        weight = _weights(group, count, rng)
        w_length, w_failures = weight * length, weight * count
        for method, (order, end) in enumerate(zip(orders, ends, strict=True)):
            x = np.append(0.0, np.cumsum(w_length[order])[end])
            y = np.append(0.0, np.cumsum(w_failures[order])[end])
            found[draw, method] = np.interp(share * x[-1], x, y) / y[-1]
    return found


def bootstrap_interval(
    score: ArrayLike, failures: ArrayLike, length_m: ArrayLike, *, share: float = 0.2, draws: int = 200, seed: int = 447
) -> tuple[float, float]:
    """Intervalle à 90 % de la part captée, en retirant au sort les tronçons du réseau.

    Parameters
    ----------
    score, failures, length_m : array_like, forme (n_troncons,)
        Voir :func:`capture_curve`.
    share : float
        Part du linéaire écoutée, de 0 à 1.
    draws : int
        Nombre de tirages.
    seed : int
        Graine des tirages.

    Returns
    -------
    tuple of float
        Bornes à 5 % et à 95 %, de 0 à 1.

    Raises
    ------
    ValueError
        Pour les raisons de :func:`captured_share`.

    Examples
    --------
    >>> low, high = bootstrap_interval([3, 2, 1] * 30, [2, 1, 0] * 30, [100] * 90, share=0.3)
    >>> low <= captured_share([3, 2, 1] * 30, [2, 1, 0] * 30, [100] * 90, share=0.3) <= high
    True
    """
    values = bootstrap_shares(np.asarray(score, dtype=float), failures, length_m, share=share, draws=draws, seed=seed)[
        :, 0
    ]
    return draw_bounds(values)


def _weights(group: NDArray[np.int64], failures: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Poids d’un tirage ; on recommence s’il ne garde aucune fuite."""
    while True:
        weight = rng.poisson(1.0, int(group.max()) + 1)[group]
        if (weight * failures).any():
            return weight


def _checked(*arrays: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    score, failures, length = (np.asarray(array, dtype=float) for array in arrays)
    if not score.ndim == failures.ndim == length.ndim == 1 or not len(score) == len(failures) == len(length):
        raise ValueError(
            f"Il faut un score, un nombre de fuites et une longueur par tronçon ; reçu {score.shape}, "
            f"{failures.shape} et {length.shape}."
        )
    if not np.isfinite(score).all():
        raise ValueError("Un score manque ou est infini ; remplacez-le, par exemple par la moyenne, avant de classer.")
    if not (np.isfinite(length) & (length > 0)).all():
        raise ValueError("Une longueur est nulle, négative ou absente ; il faut des mètres strictement positifs.")
    if not (np.isfinite(failures) & (failures >= 0)).all() or failures.sum() <= 0:
        raise ValueError("Il faut au moins une fuite, et aucun nombre de fuites négatif ou absent.")
    return score, failures, length
