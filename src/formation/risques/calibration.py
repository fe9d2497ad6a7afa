"""Statistiques de calibrage du cas : comparées à `datasets/risques/calibrage.yml`, ligne par ligne."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.risques.tables import rain_rate

if TYPE_CHECKING:
    from formation.territory import Territory

Floats = NDArray[np.float64]
EXTREME = "E71"
STEP_MIN = 5
_SMALL_TOTAL_MM = 35.0
_SIX_HOURS = 72
_HOUR = 12
_HEAVY_MM_H = 15.0
_LONGEST_LAG = 24
_WET_MM = 20.0


def statistics(tables: Mapping[str, Any], territory: Territory) -> dict[str, float]:
    """Calcule chaque statistique du calibrage.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables du cas, comme livrées ; `radar` est un dictionnaire de tableaux.
    territory : Territory
        Territoire : la part imperméable des rues, par bassin.

    Returns
    -------
    dict of str to float
        Valeur par statistique, dans l’unité de `calibrage.yml`.
    """
    episodes, basins, measures = tables["episodes"], tables["bassins"], tables["debits"]
    areas = basins["surface_km2"].to_numpy()
    gauged = basins["jauge"].to_numpy() == 1
    common = (episodes["jeu"] != "extreme").to_numpy()
    rain = _cube(tables["verite"]["pluie_mm_h"], len(episodes))
    flow = _cube(tables["verite"]["debit_m3_s"], len(episodes)) / areas[None, :, None]
    total = rain.sum(axis=2) * STEP_MIN / 60
    peak = flow.max(axis=2)[common][:, gauged]
    learnt = (episodes["jeu"] == "apprentissage").to_numpy()
    radar_total = _cube(measures["pluie_radar_mm_h"].fillna(0), len(episodes)).sum(axis=2) * STEP_MIN / 60
    by_street = territory.rues.groupby("id_bassin")["part_impermeable"].mean().reindex(basins["id_bassin"])
    return {
        "episodes": float(common.sum()),
        "bassins_jauges": float(gauged.sum()),
        "pas_radar": 600.0 / tables["radar"]["code"].shape[1],
        "cumul_median": float(np.median(total[common][:, gauged])),
        "cumul_9e_decile": float(np.quantile(total[common][:, gauged], 0.9)),
        "cumul_max": float(total[common][:, gauged].max()),
        "depassements": 100 * float((peak >= 1).mean()),
        "depassements_test": float((flow.max(axis=2)[(episodes["jeu"] == "test").to_numpy()][:, gauged] >= 1).sum()),
        "jamais": 100 * float((flow[common][:, gauged] < 1).mean()),
        "reponse": _lag_min(rain[common, 0], flow[common, 0]),
        "rang_impermeable": float(by_street.corr(basins.set_index("id_bassin")["part_impermeable"], method="spearman")),
        "biais_radar": float(np.median(radar_total[common].sum(axis=1) / total[common][:, gauged].sum(axis=1))),
        "pointe_apprise": float(flow[learnt][:, gauged].max()),
        **_persistence(
            _cube(measures["debit_m3_s"], len(episodes)) / areas[gauged][None, :, None], flow[:, gauged], common
        ),
        **_sensors(measures, rain[:, gauged], flow[:, gauged]),
        **_extreme(tables, rain[~common][0], flow[~common][0][gauged]),
    }


def _cube(column: pd.Series, episodes: int) -> Floats:
    """Colonne d’une table rangée par épisode, bassin et minute, forme (n_episodes, n_bassins, 120)."""
    return np.asarray(column.to_numpy(dtype=float).reshape(episodes, -1, 120))


def _lag_min(rain: Floats, flow: Floats) -> float:
    """Décalage qui accorde le mieux les hausses de la pluie et celles du débit, en minutes."""
    rise, swell = np.diff(rain, axis=1), np.diff(flow, axis=1)
    steps = rise.shape[1]
    scores = [np.corrcoef(rise[:, : steps - lag].ravel(), swell[:, lag:].ravel())[0, 1] for lag in range(_LONGEST_LAG)]
    return float(np.argmax(scores) * STEP_MIN)


def _persistence(read: Floats, flow: Floats, common: NDArray[np.bool_]) -> dict[str, float]:
    """CSI de la persistance : le dernier débit lu dépasse-t-il déjà le seuil."""
    rows = pd.DataFrame(read.reshape(-1, read.shape[2])).ffill(axis=1).to_numpy().reshape(read.shape)
    found = {}
    for horizon in (30, 60, 120):
        steps = horizon // STEP_MIN
        alert, event = rows[common][..., :-steps] >= 1, flow[common][..., steps:] >= 1
        found[f"persistance_{horizon}"] = float((alert & event).sum() / (alert | event).sum())
    return found


def _sensors(measures: pd.DataFrame, rain: Floats, flow: Floats) -> dict[str, float]:
    """Capteurs qui manquent quand ils servent, et pluviomètre trop loin."""
    read = _cube(measures["pluie_pluvio_mm_h"], len(rain))
    silent = (measures["qualite"].to_numpy() == 2).reshape(rain.shape)
    heavy = rain >= _HEAVY_MM_H
    # Une demi-heure entière de zéros sous une forte pluie : l’appareil est noyé.
    zeros = np.lib.stride_tricks.sliding_window_view((read == 0) & heavy, _HOUR // 2, axis=2)
    drowned = zeros.all(axis=3).max(axis=2)
    truth, told = (np.nansum(series[:-1], axis=2) * STEP_MIN / 60 for series in (rain, read))
    wet = truth >= _WET_MM
    error = np.abs(told / np.maximum(truth, _WET_MM) - 1)
    return {
        "debits_absents": 100 * float(silent.mean()),
        "debits_absents_crue": 100 * float(silent[flow >= 1].mean()),
        "pluviometres_noyes": float(drowned.sum()),
        "pluviometre_loin": 100 * float(np.median(error[:, 5][wet[:, 5]])),
        "pluviometres_proches": 100 * float(np.median(error[:, :5][wet[:, :5]])),
    }


def _extreme(tables: Mapping[str, Any], rain: Floats, flow: Floats) -> dict[str, float]:
    """Épisode de type 1988 : cumul, intensité soutenue, contraste et pointe."""
    seen = np.nan_to_num(rain_rate(tables["radar"]["code"][-1])).sum(axis=0) * STEP_MIN / 60
    row, column = np.unravel_index(int(seen.argmax()), seen.shape)
    y, x = np.mgrid[: seen.shape[0], : seen.shape[1]]
    away = np.hypot(y - row, x - column)
    wettest = rain[rain.sum(axis=1).argmax()]
    episodes = tables["episodes"].set_index("id_episode")
    return {
        "cumul_1988": float(episodes.loc[EXTREME, "cumul_max_mm"]),
        "cumul_1988_bassin": float(wettest.sum() * STEP_MIN / 60),
        "intensite_1988": float(np.convolve(wettest, np.full(_SIX_HOURS, 1 / _SIX_HOURS), "valid").max()),
        "contraste_1988": float(away[seen <= _SMALL_TOTAL_MM].min()),
        "pointe_1988": float(flow.max()),
        "pointe_1988_min": float(flow.max(axis=1).min()),
    }
