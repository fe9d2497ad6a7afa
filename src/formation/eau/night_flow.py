"""Débit minimum nocturne : repérer une fuite à la hausse du débit d’un secteur, la nuit.

Trois détecteurs, du plus simple au moins naïf : seuil fixe, médiane glissante, médiane glissante corrigée de ce
que tous les secteurs font ensemble (l’été, l’arrosage les fait monter tous).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW_NIGHTS = 28
MAD_TO_SIGMA = 1.4826
LATEST_DAYS = 21
DEVIATIONS = 3.5
"""Seuil des médianes glissantes, en écarts types, choisi sur les graines 11 à 15, jamais publiées."""


def wide(flows: pd.DataFrame) -> pd.DataFrame:
    """Débits en tableau : une ligne par nuit, une colonne par secteur.

    Parameters
    ----------
    flows : DataFrame
        Table `debits_nocturnes`.

    Returns
    -------
    DataFrame
        Débits en m³/h, vides les nuits sans mesure.

    Examples
    --------
    >>> from formation.eau import load
    >>> wide(load("debits_nocturnes")).shape
    (365, 20)
    """
    return flows.pivot(index="date", columns="id_secteur", values="debit_min_m3_h").sort_index()


def fixed_threshold(flows: pd.DataFrame, *, excess: float = 0.5, reference_nights: int = WINDOW_NIGHTS) -> pd.DataFrame:
    """Alarme quand le débit dépasse de `excess` la médiane des premières nuits de l’année.

    Parameters
    ----------
    flows : DataFrame
        Tableau de :func:`wide`.
    excess : float
        Dépassement toléré : 0.5 = + 50 %.
    reference_nights : int
        Nuits qui servent de référence.

    Returns
    -------
    DataFrame
        Booléens, même forme ; aucune alarme pendant la période de référence.

    Examples
    --------
    >>> calm = pd.DataFrame({"S01": [4.0] * 30 + [7.0]}, index=pd.date_range("2025-01-01", periods=31))
    >>> int(fixed_threshold(calm)["S01"].sum())
    1
    """
    reference = flows.iloc[:reference_nights].median()
    alarm = flows > reference * (1 + excess)
    alarm.iloc[:reference_nights] = False
    return alarm


def rolling_median(
    flows: pd.DataFrame, *, deviations: float = DEVIATIONS, window: int = WINDOW_NIGHTS, corrected: bool = False
) -> pd.DataFrame:
    """Alarme quand le débit s’écarte de la médiane des nuits précédentes, plusieurs nuits de suite.

    L’écart se compte en écarts types estimés par l’écart absolu médian (MAD), que quelques nuits folles ne
    dérangent pas. Il faut deux nuits sur trois au-dessus du seuil.

    Parameters
    ----------
    flows : DataFrame
        Tableau de :func:`wide`.
    deviations : float
        Seuil, en écarts types.
    window : int
        Nuits précédentes prises en compte.
    corrected : bool
        Vrai pour diviser d’abord chaque nuit par l’évolution médiane de tous les secteurs.

    Returns
    -------
    DataFrame
        Booléens, même forme.

    Examples
    --------
    >>> rise = [4.0, 4.1, 3.9, 4.0] * 8 + [9.0] * 3
    >>> nights = pd.DataFrame({"S01": rise}, index=pd.date_range("2025-01-01", periods=35))
    >>> bool(rolling_median(nights)["S01"].iloc[-1])
    True
    """
    values = flows / common_factor(flows).to_numpy()[:, None] if corrected else flows
    past = _past(values.to_numpy(float), window)
    centre = _median(past)
    spread = MAD_TO_SIGMA * _median(np.abs(past - centre[..., None]))
    above = values > centre + deviations * spread
    return above & (above.astype(int).rolling(3, min_periods=1).sum() >= 2)


def common_factor(flows: pd.DataFrame, *, window: int = WINDOW_NIGHTS) -> pd.Series:
    """Évolution commune des secteurs : médiane, chaque nuit, du débit rapporté à la médiane passée du secteur.

    Parameters
    ----------
    flows : DataFrame
        Tableau de :func:`wide`.
    window : int
        Nuits de référence, au début de l’année.

    Returns
    -------
    Series
        Facteur par nuit, autour de 1.

    Examples
    --------
    >>> nights = pd.DataFrame({"S01": [4.0] * 28 + [5.0], "S02": [2.0] * 28 + [2.5]})
    >>> round(float(common_factor(nights).iloc[-1]), 2)
    1.25
    """
    return (flows / flows.iloc[:window].median()).median(axis=1).fillna(1.0)


def score_alarms(alarms: pd.DataFrame, leaks: pd.DataFrame, *, within_days: int = LATEST_DAYS) -> dict[str, float]:
    """Part des fuites détectées, délai et fausses alertes.

    Une alerte est une suite de nuits d’alarme séparées de trois nuits au plus. Elle est fausse si elle ne touche
    aucune fuite du secteur, du début de la fuite à trois nuits après sa réparation.

    Parameters
    ----------
    alarms : DataFrame
        Booléens : une ligne par nuit, une colonne par secteur.
    leaks : DataFrame
        Table `fuites_secteurs`.
    within_days : int
        Délai au-delà duquel une alarme ne compte plus comme la détection de cette fuite.

    Returns
    -------
    dict of str to float
        `part_detectee` (0 à 1), `delai_j` (jours, moyenne des fuites détectées), `fausses_alertes_secteur_an`.

    Examples
    --------
    >>> nights = pd.DataFrame({"S01": [False, True, False]}, index=pd.date_range("2025-03-01", periods=3))
    >>> leak = pd.DataFrame({"id_secteur": ["S01"], "date_debut": pd.to_datetime(["2025-03-01"]),
    ...                      "date_reparation": pd.to_datetime(["2025-03-03"])})
    >>> score_alarms(nights, leak)["delai_j"]
    1.0
    """
    delays, false_alarms = [], 0
    for sector, column in alarms.items():
        nights = alarms.index[column.to_numpy(bool)]
        own = leaks[leaks["id_secteur"] == sector]
        for leak in own.itertuples():
            latest = min(leak.date_reparation, leak.date_debut + pd.Timedelta(days=within_days))
            inside = nights[(nights >= leak.date_debut) & (nights <= latest)]
            delays.append((inside[0] - leak.date_debut).days if len(inside) else np.nan)
        false_alarms += sum(not _explained(first, last, own) for first, last in _episodes(nights))
    years = len(alarms) / 365
    found = np.array(delays, float)
    detected = np.isfinite(found)
    return {
        "part_detectee": float(detected.mean()) if len(found) else float("nan"),
        "delai_j": float(found[detected].mean()) if detected.any() else float("nan"),
        "fausses_alertes_secteur_an": false_alarms / (alarms.shape[1] * years),
    }


def compare(
    tables: Iterable[Mapping[str, pd.DataFrame]],
    *,
    excesses: tuple[float, ...] = (0.5, 0.3),
    deviations: float = DEVIATIONS,
) -> pd.DataFrame:
    """Compare les détecteurs sur une ou plusieurs simulations.

    Parameters
    ----------
    tables : iterable of mapping
        Chaque élément contient `debits_nocturnes` et `fuites_secteurs`.
    excesses : tuple of float
        Réglages du seuil fixe à essayer.
    deviations : float
        Réglage des médianes glissantes.

    Returns
    -------
    DataFrame
        Une ligne par détecteur : moyenne, minimum et maximum de chaque mesure.

    Examples
    --------
    >>> from formation.eau import load
    >>> one = {name: load(name) for name in ("debits_nocturnes", "fuites_secteurs")}
    >>> compare([one])["detecteur"].iloc[-1]
    'médiane glissante corrigée'
    """
    rows = []
    for one in tables:
        flows, leaks = wide(one["debits_nocturnes"]), one["fuites_secteurs"]
        alarms = {
            f"seuil fixe + {excess:.0%}".replace("%", "\u00a0%"): fixed_threshold(flows, excess=excess)
            for excess in excesses
        }
        alarms["médiane glissante"] = rolling_median(flows, deviations=deviations)
        alarms["médiane glissante corrigée"] = rolling_median(flows, deviations=deviations, corrected=True)
        rows += [{"detecteur": name, **score_alarms(alarm, leaks)} for name, alarm in alarms.items()]
    grouped = pd.DataFrame(rows).groupby("detecteur", sort=False).agg(["mean", "min", "max"])
    grouped.columns = [name if kind == "mean" else f"{name}_{kind}" for name, kind in grouped.columns]
    return grouped.reset_index()


def _past(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Nuits précédentes de chaque nuit, sur le dernier axe ; vide si moins de la moitié sont mesurées."""
    padded = np.vstack([np.full((window, values.shape[1]), np.nan), values[:-1]])
    past = np.lib.stride_tricks.sliding_window_view(padded, window, axis=0).copy()
    past[np.isfinite(past).sum(axis=-1) < window // 2] = np.nan
    return past


def _median(values: NDArray[np.float64]) -> NDArray[np.float64]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # une fenêtre vide donne une médiane vide : c’est voulu
        return np.asarray(np.nanmedian(values, axis=-1))


def _episodes(nights: pd.DatetimeIndex, gap: int = 3) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    if not len(nights):
        return []
    cuts = np.flatnonzero(np.diff(nights.to_numpy()) > np.timedelta64(gap, "D"))
    firsts, lasts = np.append(0, cuts + 1), np.append(cuts, len(nights) - 1)
    return [(nights[first], nights[last]) for first, last in zip(firsts, lasts, strict=True)]


def _explained(first: pd.Timestamp, last: pd.Timestamp, leaks: pd.DataFrame) -> bool:
    after_repair = leaks["date_reparation"] + pd.Timedelta(days=3)
    return bool(((leaks["date_debut"] <= last) & (after_repair >= first)).any())
