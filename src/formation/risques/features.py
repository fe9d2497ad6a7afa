"""Ce que le modèle a le droit de voir à l’instant de prévoir, et ce qu’il doit prévoir.

Une ligne par épisode, bassin et pas de 5 minutes. Les variables ne regardent que le passé. Les débits sont rapportés
à la surface (m³/s/km²) : l’alerte se donne à 1, quel que soit le bassin.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.risques import tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEP_MIN = 5
STEPS = 120
HORIZONS = (30, 60, 120)
ALERT_M3_S_KM2 = 1.0
KEYS = ["id_episode", "id_bassin", "minute"]
SETS = ("apprentissage", "validation", "test", "extreme")
RAIN = ("pluie_15", "pluie_30", "pluie_60", "pluie_120", "pluie_180", "pluie_totale")
GAUGE = ("pluvio_30", "pluvio_60")
FLOW = ("debit", "debit_var_10", "debit_var_20", "debit_var_30")
BASIN = ("surface_km2", "part_impermeable", "temps_min", "pluie_anterieure_mm")
ALL = (*RAIN, *GAUGE, *FLOW, *BASIN)
WITHOUT_FLOW = (*RAIN, *GAUGE, *BASIN)
_WINDOWS = (15, 30, 60, 120, 180)
_LAGS = (10, 20, 30)


def panel(tables_: Mapping[str, pd.DataFrame] | None = None) -> pd.DataFrame:
    """Tableau d’apprentissage des bassins jaugés.

    Parameters
    ----------
    tables_ : mapping of str to DataFrame, optional
        Tables `episodes`, `bassins`, `debits` et `verite` ; celles du cours par défaut.

    Returns
    -------
    DataFrame
        Une ligne par épisode, bassin et pas, avec `jeu`, `qualite`, les variables de :data:`ALL` (pluie en mm, débit
        en m³/s/km²), puis pour chaque horizon h de :data:`HORIZONS` : `debit_h`, débit **mesuré** h minutes plus tard,
        qui sert à apprendre, et `vrai_h`, débit **vrai**, que seule la simulation connaît et qui sert à juger.
        `vrai` est le débit vrai au moment de prévoir.

    Raises
    ------
    ValueError
        Si une série n’a pas ses 120 pas.

    Examples
    --------
    >>> rows = panel()
    >>> len(rows) == 71 * 6 * 120
    True
    """
    names = ("episodes", "bassins", "debits", "verite")
    source = {name: tables.load(name) for name in names} if tables_ is None else tables_
    rows = source["debits"].sort_values(KEYS, kind="stable").reset_index(drop=True)
    truth = source["verite"].rename(columns={"debit_m3_s": "vrai_m3_s"})[[*KEYS, "vrai_m3_s"]]
    rows = rows.merge(truth, on=KEYS, how="left", validate="one_to_one")
    rows = rows.merge(source["episodes"][["id_episode", "jeu", "pluie_anterieure_mm"]], on="id_episode")
    rows = rows.merge(source["bassins"][["id_bassin", *BASIN[:3]]], on="id_bassin")
    rows = rows.sort_values(KEYS, kind="stable", ignore_index=True)
    _check(rows)
    area = rows["surface_km2"].to_numpy(float)
    measured = rows["debit_m3_s"].to_numpy(float) / area
    true = rows["vrai_m3_s"].to_numpy(float) / area
    flow, truth_ = measured.reshape(-1, STEPS), true.reshape(-1, STEPS)
    radar, gauge = (rows[f"pluie_{name}_mm_h"].to_numpy(float).reshape(-1, STEPS) for name in ("radar", "pluvio"))
    columns = observe(radar, flow, gauge) | {"vrai": truth_}
    for horizon in HORIZONS:
        columns |= {f"debit_{horizon}": later(flow, horizon), f"vrai_{horizon}": later(truth_, horizon)}
    kept = rows[[*KEYS, "jeu", "qualite", *BASIN]]
    return pd.concat([kept, pd.DataFrame({name: values.ravel() for name, values in columns.items()})], axis=1)


def observe(rain_mm_h: Floats, flow: Floats, gauge_mm_h: Floats | None = None) -> dict[str, Floats]:
    """Variables de pluie et de débit, calculées sur le seul passé de chaque série.

    Parameters
    ----------
    rain_mm_h : ndarray, forme (n_series, n_pas)
        Pluie moyenne du bassin, en mm/h ; un pas manquant compte pour zéro dans un cumul.
    flow : ndarray, forme (n_series, n_pas)
        Débit mesuré, en m³/s/km² ; `nan` quand rien n’est mesuré.
    gauge_mm_h : ndarray, optional
        Pluie d’un pluviomètre, en mm/h.

    Returns
    -------
    dict of str to ndarray
        Une variable par nom de :data:`RAIN`, :data:`FLOW` et, s’il y a un pluviomètre, :data:`GAUGE`.

    Examples
    --------
    >>> seen = observe(np.full((1, 12), 12.0), np.arange(12.0)[None])
    >>> seen["pluie_30"][0, -1].item(), seen["debit_var_10"][0, -1].item()
    (6.0, 2.0)
    """
    found = {f"pluie_{window}": total(rain_mm_h, window) for window in _WINDOWS}
    found["pluie_totale"] = np.cumsum(np.nan_to_num(rain_mm_h), axis=-1) * STEP_MIN / 60
    if gauge_mm_h is not None:
        found |= {f"pluvio_{window}": total(gauge_mm_h, window, silent=True) for window in (30, 60)}
    return found | {"debit": flow} | {f"debit_var_{lag}": flow - _before(flow, lag) for lag in _LAGS}


def total(rain_mm_h: Floats, minutes: int, *, silent: bool = False) -> Floats:
    """Cumul glissant de pluie, en mm, sur les dernières minutes.

    Parameters
    ----------
    rain_mm_h : ndarray, forme (n_series, n_pas)
        Intensité, en mm/h.
    minutes : int
        Durée, multiple de 5.
    silent : bool
        Vrai pour rendre `nan` quand aucun pas de la fenêtre n’est mesuré, faux pour compter zéro.

    Returns
    -------
    ndarray, forme (n_series, n_pas)
        Cumul, en mm ; au début de la série, la fenêtre est plus courte.

    Examples
    --------
    >>> total(np.array([[12.0, 12.0, 0.0, 0.0]]), 10)[0].tolist()
    [1.0, 2.0, 1.0, 0.0]
    """
    summed = _window_sum(np.nan_to_num(rain_mm_h), minutes) * STEP_MIN / 60
    if not silent:
        return summed
    return np.where(_window_sum((~np.isnan(rain_mm_h)).astype(float), minutes) > 0, summed, np.nan)


def later(values: Floats, minutes: int) -> Floats:
    """Valeur de la série quelques minutes plus tard.

    Parameters
    ----------
    values : ndarray, forme (n_series, n_pas)
        Séries.
    minutes : int
        Horizon, multiple de 5.

    Returns
    -------
    ndarray, forme (n_series, n_pas)
        `nan` au-delà de la fin.

    Examples
    --------
    >>> later(np.array([[1.0, 2.0, 3.0]]), 5)[0].tolist()
    [2.0, 3.0, nan]
    """
    lag = minutes // STEP_MIN
    moved = np.full_like(values, np.nan)
    moved[..., : values.shape[-1] - lag] = values[..., lag:]
    return moved


def judged(rows: pd.DataFrame, horizon: int, which: str) -> pd.DataFrame:
    """Lignes d’un jeu d’épisodes dont l’avenir est connu à l’horizon.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`panel`.
    horizon : int
        Un horizon de :data:`HORIZONS`, en minutes.
    which : str
        Jeu, de :data:`SETS`.

    Returns
    -------
    DataFrame
        Lignes du jeu, sans les derniers pas de chaque épisode.

    Raises
    ------
    ValueError
        Si l’horizon ou le jeu n’existe pas.

    Examples
    --------
    >>> rows = panel()
    >>> sorted(judged(rows, 60, "test")["minute"].unique())[-1].item()
    535
    """
    if horizon not in HORIZONS or which not in SETS:
        raise ValueError(
            f"Horizons : {', '.join(map(str, HORIZONS))} minutes ; jeux : {', '.join(SETS)}. "
            f"Reçu : {horizon} et « {which} »."
        )
    return rows[(rows["jeu"] == which) & rows[f"vrai_{horizon}"].notna()]


def _window_sum(values: Floats, minutes: int) -> Floats:
    steps = minutes // STEP_MIN
    sums = np.cumsum(values, axis=-1)
    sums[..., steps:] = sums[..., steps:] - sums[..., :-steps].copy()
    return sums


def _before(values: Floats, minutes: int) -> Floats:
    lag = minutes // STEP_MIN
    moved = np.full_like(values, np.nan)
    moved[..., lag:] = values[..., :-lag]
    return moved


def _check(rows: pd.DataFrame) -> None:
    sizes = rows.groupby(["id_episode", "id_bassin"], sort=False).size()
    wrong = sizes[sizes != STEPS]
    if len(wrong):
        episode, basin = wrong.index[0]
        raise ValueError(
            f"Il faut {STEPS} pas de {STEP_MIN} minutes par épisode et par bassin ; {wrong.iloc[0]} pour l’épisode "
            f"{episode} et le bassin {basin}."
        )
