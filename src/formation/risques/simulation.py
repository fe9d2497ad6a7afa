"""Simulation du cas « risques » : 70 orages, huit bassins, un radar, et un épisode de type 1988.

Le processus est celui de la fiche de données : des cellules orageuses qui avancent sur une grille de 24 km,
un ruissellement SCS-CN ou imperméable, un hydrogramme de Nash, puis des capteurs imparfaits. Tous les paramètres
sont des hypothèses pédagogiques (:class:`formation.risques.generator.parameters.Parameters`).
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.risques import hydrology
from formation.risques.generator import catalogue, sensors, storms
from formation.risques.generator.parameters import STEP_MIN, STEPS, Parameters
from formation.risques.tables import rain_rate

if TYPE_CHECKING:
    from formation.territory import Territory

Floats = NDArray[np.float64]
ROOT_SEED = 447
_REDRAWS = 200


def simulate(territory: Territory, *, seed: int = ROOT_SEED) -> dict[str, Any]:
    """Simule toutes les tables du cas « risques ».

    Parameters
    ----------
    territory : Territory
        Territoire : table `meteo_jour`, d’où viennent les dates et la pluie antérieure.
    seed : int
        Graine ; la même donne le même contenu.

    Returns
    -------
    dict
        Tables `episodes`, `bassins`, `pluviometres`, `debits` et `verite`, arrondies comme elles sont publiées, et
        `radar`, un dictionnaire de deux tableaux.

    Examples
    --------
    >>> from formation.territory import load_territory
    >>> tables = simulate(load_territory(), seed=1)
    >>> tables["radar"]["code"].shape
    (71, 120, 24, 24)
    """
    return simulate_with(territory, Parameters(), seed=seed)


def simulate_with(territory: Territory, p: Parameters, *, seed: int = ROOT_SEED) -> dict[str, Any]:
    """Comme :func:`simulate`, avec d’autres hypothèses.

    Parameters
    ----------
    territory : Territory
        Territoire.
    p : Parameters
        Hypothèses.
    seed : int
        Graine.

    Returns
    -------
    dict
        Mêmes tables que :func:`simulate`.
    """
    sequence = np.random.SeedSequence([seed, zlib.crc32(b"risques")])
    of_calendar, of_storms, of_radar, of_gauges, of_flows = (np.random.default_rng(s) for s in sequence.spawn(5))
    basins, gauges = catalogue.basins(), catalogue.gauges()
    weights = hydrology.basin_weights(basins)
    areas = basins["surface_km2"].to_numpy()
    measured = basins["jauge"].to_numpy() == 1
    drawn = [_common(force, weights, of_storms, p) for force in catalogue.strengths(of_calendar, p)]
    severity = np.array([_by_basin(field, weights[measured]).mean() for field in drawn])
    order, sets = catalogue.deal(severity, of_calendar)
    episodes = catalogue.episodes(territory.meteo_jour, sets, of_calendar, p)
    row, column = (np.floor(gauges[axis].to_numpy()).astype(int) for axis in ("y_km", "x_km"))
    fields = [*(drawn[rank] for rank in order), storms.extreme(of_storms, p)]
    codes = np.stack([sensors.radar_codes(field, of_radar, p) for field in fields])
    sensors.lose_images(codes, of_radar, p)
    measures, truths = [], []
    for rank, (field, episode) in enumerate(zip(fields, episodes.itertuples(), strict=True)):
        rain = _by_basin(field, weights)
        flow = _flows(rain, basins, float(episode.pluie_anterieure_mm), episode.date.year, p)
        seen = _by_basin(rain_rate(codes[rank]), weights[measured])
        read = np.stack([sensors.gauge(field[:, i, j], of_gauges, p) for i, j in zip(row, column, strict=True)])
        measures.append(sensors.flow_table(seen, read, flow[measured], areas[measured], of_flows, p))
        truths.append(_truth(rain, flow))
    peaks = [float((field.sum(axis=0) * STEP_MIN / 60).max()) for field in fields]
    episodes.insert(4, "cumul_max_mm", np.round(peaks, 1))
    return {
        "episodes": episodes,
        "bassins": basins,
        "pluviometres": gauges,
        "debits": _labelled(measures, episodes["id_episode"], basins.loc[measured, "id_bassin"]),
        "verite": _labelled(truths, episodes["id_episode"], basins["id_bassin"]),
        "radar": {"code": codes, "id_episode": episodes["id_episode"].to_numpy().astype("U3")},
    }


def _common(strength: float, weights: Floats, rng: np.random.Generator, p: Parameters) -> Floats:
    """Épisode courant : tiré de nouveau tant qu’un bassin reçoit plus que la borne."""
    for _ in range(_REDRAWS):
        field = storms.common(strength, rng, p)
        if _by_basin(field, weights).sum(axis=1).max() * STEP_MIN / 60 <= p.total_cap_mm:
            return field
    raise ValueError(f"Aucun épisode courant sous {p.total_cap_mm} mm : baissez « cells » ou « peak_factor ».")


def _by_basin(field: Floats, weights: Floats) -> Floats:
    """Pluie moyenne de chaque bassin, forme (n_bassins, 120)."""
    flat: Floats = weights.reshape(len(weights), -1) @ field.reshape(len(field), -1).T
    return flat


def _flows(rain: Floats, basins: pd.DataFrame, antecedent_mm: float, year: int, p: Parameters) -> Floats:
    """Débits vrais : le bassin bâti après la carte ruisselle plus que sa part imperméable publiée."""
    built = (basins["id_bassin"] == p.built_basin) & (year >= p.built_after)
    actual = basins.assign(part_impermeable=basins["part_impermeable"] + p.built_extra * built)
    rows = (row for _, row in actual.iterrows())
    return np.stack([hydrology.discharge(series, row, antecedent_mm) for series, row in zip(rain, rows, strict=True)])


def _truth(rain: Floats, flow: Floats) -> pd.DataFrame:
    minute = np.tile(np.arange(STEPS) * STEP_MIN, len(rain))
    return pd.DataFrame({"minute": minute, "pluie_mm_h": rain.round(2).ravel(), "debit_m3_s": flow.round(3).ravel()})


def _labelled(parts: list[pd.DataFrame], episodes: pd.Series, basins: pd.Series) -> pd.DataFrame:
    """Empile les épisodes et nomme chaque ligne : épisode, bassin, minute."""
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "id_episode", np.repeat(episodes.to_numpy(), len(basins) * STEPS))
    table.insert(1, "id_bassin", np.tile(np.repeat(basins.to_numpy(), STEPS), len(episodes)))
    return table
