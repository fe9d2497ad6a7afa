"""Variables d’une caméra à un instant : ce qu’elle a mesuré jusque-là, rien de ce qui suit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Spans = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]

STEP_S = 10
"""Durée d’un pas, en secondes."""
ALL = ("moyenne_30s", "moyenne_2min", "maximum_1min", "pente")
"""Variables du modèle jouet : moyennes glissantes, maximum récent, pente (pers./m² par minute)."""
TARGET = "evenement"
"""Colonne à prévoir : la densité vraie atteint le seuil de danger."""
CARRIED = ("lieu", "jeu", "pluie", "vitesse_m_s", TARGET)
"""Colonnes des mesures que le tableau garde telles quelles."""
_SHORT, _LONG, _PEAK = 3, 12, 6


def panel(measures: pd.DataFrame | None = None) -> pd.DataFrame:
    """Une ligne par soirée, caméra et pas : variables causales, vérité de la simulation.

    Parameters
    ----------
    measures : DataFrame, optional
        Mesures de :func:`formation.securite.measures` : `id_soiree`, `id_camera`, `pas_10s`, `densite_mesuree` ; les
        colonnes de :data:`CARRIED` sont reprises si elles y sont. Celles du cours par défaut.

    Returns
    -------
    DataFrame
        Triée par série puis par pas : `serie` (numéro d’une caméra un soir), les clés, `densite` (mesurée, pers./m²),
        les variables de :data:`ALL`, puis les colonnes reprises.

    Raises
    ------
    ValueError
        Si un même pas d’une caméra est donné deux fois.

    Examples
    --------
    >>> day = pd.DataFrame({"id_soiree": "S1", "id_camera": "C1", "pas_10s": range(4)})
    >>> panel(day.assign(densite_mesuree=[1.0, 2.0, 3.0, 4.0]))["moyenne_30s"].tolist()
    [1.0, 1.5, 2.0, 3.0]
    """
    if measures is None:
        from formation.securite.tables import measures as released

        measures = released()
    evening, evening_names = pd.factorize(measures["id_soiree"], sort=True)
    camera, camera_names = pd.factorize(measures["id_camera"], sort=True)
    code, step = evening * len(camera_names) + camera, measures["pas_10s"].to_numpy(int)
    order = np.lexsort((step, code))
    series, step = code[order], step[order]
    rows = pd.DataFrame({"serie": series.astype(np.int32), "pas_10s": step.astype(np.int32)})
    rows["id_soiree"] = pd.Categorical.from_codes(evening[order], evening_names)
    rows["id_camera"] = pd.Categorical.from_codes(camera[order], camera_names)
    rows["densite"] = measures["densite_mesuree"].to_numpy(np.float32)[order]
    for name, values in rolling(rows["densite"].to_numpy(), series, step).items():
        rows[name] = values
    for column in CARRIED:
        if column in measures:
            taken = measures[column]
            text = taken.dtype == "str" or taken.dtype == object
            rows[column] = (taken.astype("category") if text else taken).array[order]
    return rows


def spans(rows: pd.DataFrame, danger: ArrayLike | None = None) -> Spans:
    """Épisodes : suites de pas où la densité vraie atteint le danger.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`panel`.
    danger : array_like, optional
        1 aux pas de danger ; colonne `evenement` par défaut.

    Returns
    -------
    tuple of ndarray
        Série, premier pas et dernier pas de chaque épisode.

    Examples
    --------
    >>> spans(pd.DataFrame({"serie": [1, 1, 1, 2], "pas_10s": [0, 1, 2, 0], "evenement": [0, 1, 1, 1]}))
    (array([1, 2]), array([1, 0]), array([2, 0]))
    """
    high = np.asarray(rows[TARGET] if danger is None else danger) > 0
    series, step = rows["serie"].to_numpy(), rows["pas_10s"].to_numpy()
    linked = (np.diff(series) == 0) & (np.diff(step) == 1)
    first = high & ~np.append(False, high[:-1] & linked)
    last = high & ~np.append(high[1:] & linked, False)
    return series[first], step[first], step[last]


def rolling(
    density: NDArray[np.float32], series: NDArray[np.int64], step: NDArray[np.int64]
) -> dict[str, NDArray[np.float32]]:
    """Variables de :data:`ALL`, calculées sur les mesures passées d’une même série.

    Au début d’une série, ou après un trou, on se contente des mesures présentes.

    Parameters
    ----------
    density : ndarray, forme (n,)
        Densité mesurée, en pers./m².
    series, step : ndarray of int, forme (n,)
        Série et pas de chaque ligne, triés.

    Returns
    -------
    dict of str to ndarray
        Une colonne par variable, dans l’ordre de :data:`ALL`.

    Raises
    ------
    ValueError
        Si un même pas d’une série est donné deux fois.

    Examples
    --------
    >>> values = np.array([1, 5, 1, 1], np.float32)
    >>> rolling(values, np.zeros(4, int), np.arange(4))["maximum_1min"].tolist()
    [1.0, 5.0, 5.0, 5.0]
    """
    if ((np.diff(series) == 0) & (np.diff(step) == 0)).any():
        raise ValueError("Un même pas d’une caméra est donné deux fois : gardez une seule mesure par pas de 10 s.")
    row = np.cumsum(np.append(False, np.diff(series) != 0))
    column = step - int(step.min(initial=0))
    wide = np.full((int(row.max(initial=0)) + 1, int(column.max(initial=0)) + 1), np.nan, np.float32)
    wide[row, column] = density
    short, long = _mean(wide, _SHORT), _mean(wide, _LONG)
    peak = wide.copy()
    for lag in range(1, _PEAK):
        np.fmax(peak[:, lag:], wide[:, :-lag], out=peak[:, lag:])
    slope = np.zeros_like(wide)
    away = _LONG - _SHORT
    slope[:, away:] = (short[:, away:] - short[:, :-away]) * (60 / STEP_S / away)
    found = dict(zip(ALL, (short, long, peak, np.nan_to_num(slope)), strict=True))
    return {name: values[row, column] for name, values in found.items()}


def _mean(wide: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Moyenne des `width` derniers pas présents."""
    seen = np.isfinite(wide)
    total = np.cumsum(np.where(seen, wide, 0.0), axis=1, dtype=np.float64)
    count = np.cumsum(seen, axis=1, dtype=np.int32)
    total[:, width:] -= total[:, :-width].copy()
    count[:, width:] -= count[:, :-width].copy()
    return np.where(seen, total / np.maximum(count, 1), np.nan).astype(np.float32)
