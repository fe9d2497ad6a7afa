"""Variables d’une série quelconque : les mêmes idées que pour le cours, quel que soit le pas de temps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formation.risques.own_episodes import Episodes
    from formation.risques.own_grid import Grid

HORIZONS = (30, 60, 120)
WINDOWS = (15, 30, 60, 120, 180)
LAGS = (10, 20, 30)
"""Mêmes écarts que le modèle du cours ; un pas plus long compte pour un."""
ANTECEDENT_DAYS = 5
MAX_ROWS = 400_000
WITHOUT_FLOW = (*(f"pluie_{window}" for window in WINDOWS), "pluie_totale", "pluie_anterieure_mm", "bassin")
COLUMNS = (*WITHOUT_FLOW, "debit", *(f"debit_var_{lag}" for lag in LAGS))
"""Variables données au modèle ; le débit est rapporté au seuil du bassin, l’alerte vaut donc 1."""


def horizons(step_min: int) -> tuple[int, ...]:
    """Horizons qui tombent sur un pas.

    Parameters
    ----------
    step_min : int
        Pas, en minutes.

    Returns
    -------
    tuple of int
        Minutes, parmi 30, 60 et 120.

    Examples
    --------
    >>> horizons(20), horizons(5)
    ((60, 120), (30, 60, 120))
    """
    return tuple(horizon for horizon in HORIZONS if horizon % step_min == 0)


def panel(grid: Grid, episodes: Episodes, thresholds: NDArray[np.float64]) -> pd.DataFrame:
    """Une ligne par épisode, bassin et pas.

    Parameters
    ----------
    grid : Grid
        Pluies et débits.
    episodes : Episodes
        Épisodes.
    thresholds : ndarray, forme (n_bassins,)
        Seuils, en m³/s.

    Returns
    -------
    DataFrame
        `episode`, `jeu`, `bassin`, `pas`, les variables de :data:`COLUMNS` et, pour chaque horizon, `debit_h` : le
        débit mesuré h minutes plus tard, rapporté au seuil.
    """
    step = grid.step_min
    margin = max(WINDOWS) // step
    parts = []
    for rank, (first, last) in enumerate(episodes.bounds):
        start = max(0, int(first) - margin)
        end = min(grid.rain.shape[1], int(last) + max(HORIZONS) // step)
        rain = grid.rain[:, start:end].astype(float)
        flow = grid.flow[:, start:end].astype(float) / thresholds[:, None]
        inside = slice(int(first) - start, int(last) - start)
        columns = _columns(rain, flow, step, inside)
        before = grid.rain[:, max(0, int(first) - ANTECEDENT_DAYS * 1440 // step) : int(first)]
        antecedent = np.nansum(before, axis=1, dtype=float) * step / 60
        size = int(last) - int(first)
        part = {name: values.ravel() for name, values in columns.items()}
        part["pluie_anterieure_mm"] = np.repeat(antecedent, size)
        part["bassin"] = np.repeat(np.arange(len(thresholds)), size)
        part["pas"] = np.tile(np.arange(size), len(thresholds))
        frame = pd.DataFrame(part)
        frame.insert(0, "episode", rank)
        frame.insert(1, "jeu", str(episodes.sets[rank]))
        parts.append(frame)
    rows = pd.concat(parts, ignore_index=True)
    return rows.iloc[:: 1 + len(rows) // MAX_ROWS].reset_index(drop=True)


def by_basin(rows: pd.DataFrame) -> pd.DataFrame:
    """Ajoute une colonne par bassin, pour la droite : le numéro d’un bassin n’est pas une quantité.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`panel`.

    Returns
    -------
    DataFrame
        Le même, et `bassin_0`, `bassin_1`… qui valent 1 sur les lignes de ce bassin.

    Examples
    --------
    >>> by_basin(pd.DataFrame({"bassin": [0, 1]}))["bassin_1"].tolist()
    [0, 1]
    """
    basins = range(int(rows["bassin"].max()) + 1)
    return rows.assign(**{f"bassin_{rank}": (rows["bassin"] == rank).astype("int8") for rank in basins})


def total(rain_mm_h: NDArray[np.float64], minutes: int, step_min: int) -> NDArray[np.float64]:
    """Cumul glissant de pluie, en mm.

    Parameters
    ----------
    rain_mm_h : ndarray, forme (n, n_pas)
        Intensité ; un pas manquant compte pour zéro.
    minutes, step_min : int
        Durée et pas.

    Returns
    -------
    ndarray, forme (n, n_pas)
        Cumul, en mm.

    Examples
    --------
    >>> total(np.array([[12.0, 12.0, 0.0]]), 20, 10)[0].tolist()
    [2.0, 4.0, 2.0]
    """
    size = max(1, minutes // step_min)
    sums = np.cumsum(np.nan_to_num(rain_mm_h), axis=1)
    sums[:, size:] = sums[:, size:] - sums[:, :-size].copy()
    return np.asarray(sums * step_min / 60)


def _columns(
    rain: NDArray[np.float64], flow: NDArray[np.float64], step: int, inside: slice
) -> dict[str, NDArray[np.float64]]:
    columns = {f"pluie_{window}": total(rain, window, step)[:, inside] for window in WINDOWS}
    columns["pluie_totale"] = np.cumsum(np.nan_to_num(rain[:, inside]), axis=1) * step / 60
    columns["debit"] = flow[:, inside]
    for lag in LAGS:
        columns[f"debit_var_{lag}"] = (flow - _moved(flow, max(1, lag // step)))[:, inside]
    for horizon in horizons(step):
        columns[f"debit_{horizon}"] = _moved(flow, -(horizon // step))[:, inside]
    return columns


def _moved(values: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    found = np.full_like(values, np.nan)
    if steps > 0:
        found[:, steps:] = values[:, :-steps]
    else:
        found[:, :steps] = values[:, -steps:]
    return found
