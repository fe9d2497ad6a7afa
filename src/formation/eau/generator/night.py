"""Débits minimums nocturnes de 2025, par secteur, et fuites visibles qui les font monter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from formation.eau.generator.network import FloatArray, Network
from formation.eau.generator.operations import sector_codes
from formation.eau.generator.parameters import LAST_YEAR, Parameters

NIGHTS, QUIET_NIGHTS = 365, 28
"""Nuits de l’année, et nuits sans fuite nouvelle au début : elles servent de référence."""


def visible_leaks(events: pd.DataFrame, rng: np.random.Generator, p: Parameters) -> pd.DataFrame:
    """Fuites de la dernière année assez grosses pour se voir sur un débit de secteur.

    Parameters
    ----------
    events : DataFrame
        Défaillances datées.
    rng : Generator
        Flux aléatoire des débits nocturnes.
    p : Parameters
        Hypothèses.

    Returns
    -------
    DataFrame
        Début, durée de montée (1 à 14 jours), fin (réparation) et débit en m³/h.
    """
    last = events[(events["annee"] == LAST_YEAR) & (events["debit_m3_j"] >= 24 * p.visible_leak_m3_h)]
    rise = rng.integers(1, 15, len(last))
    searched = (last["mode_detection"] == "recherche").to_numpy()
    # Ce qu’une campagne découvre coulait depuis des semaines ; ce qu’un usager signale, depuis quelques jours.
    before = rise + np.where(searched, rng.integers(8, 40, len(last)), rng.integers(4, 25, len(last)))
    start = last["date_signalement"] - pd.to_timedelta(before, unit="D")
    seen = (start >= pd.Timestamp(f"{LAST_YEAR}-01-01") + pd.Timedelta(days=QUIET_NIGHTS)).to_numpy()
    last, start, rise = last[seen], start[seen], rise[seen]
    return pd.DataFrame(
        {
            "secteur": last["secteur"].to_numpy(),
            "date_debut": start.to_numpy(),
            "date_reparation": last["date_reparation"].to_numpy(),
            "montee_j": rise,
            "debit_m3_h": np.round(last["debit_m3_j"].to_numpy() / 24, 2),
            "pipe_id": last["pipe_id"].to_numpy(),
            "rang": last.index.to_numpy(),
        }
    )


def flows(net: Network, leaks: pd.DataFrame, rng: np.random.Generator, p: Parameters) -> pd.DataFrame:
    """Table publiée `debits_nocturnes` : 20 secteurs × 365 nuits, 3 % de nuits sans mesure.

    Parameters
    ----------
    net : Network
        État du réseau.
    leaks : DataFrame
        Fuites de :func:`visible_leaks`.
    rng : Generator
        Flux aléatoire.
    p : Parameters
        Hypothèses.

    Returns
    -------
    DataFrame
        Une ligne par secteur et par nuit.
    """
    count = p.n_sectors
    connections = np.bincount(net.sector, weights=net.connections, minlength=count)
    length = np.bincount(net.sector, weights=net.length_km, minlength=count)
    mean_pressure = np.bincount(net.sector, weights=net.pressure_bar, minlength=count) / np.bincount(
        net.sector, minlength=count
    )
    dates = pd.date_range(f"{LAST_YEAR}-01-01", periods=NIGHTS)
    pressure = mean_pressure[:, None] + 0.35 + rng.normal(0, 0.06, (count, NIGHTS))
    background = p.background_m3_h_km * length[:, None] * (pressure / p.mean_pressure_bar) ** p.pressure_exponent
    use = p.night_use_l_h / 1000 * connections[:, None] * (1 + _summer(dates, rng, p))
    own = rng.normal(0, 0.8 * p.night_noise, (count, NIGHTS))
    shared = rng.normal(0, 0.6 * p.night_noise, NIGHTS)
    value = (background + use) * (1 + own + shared) + _leak_flow(leaks, dates, count)
    value[rng.random(value.shape) < p.missing_nights] = np.nan
    return pd.DataFrame(
        {
            "date": np.tile(dates, count),
            "id_secteur": np.repeat(sector_codes(np.arange(count)), NIGHTS),
            "debit_min_m3_h": np.round(np.maximum(value, 0.05).ravel(), 2),
            "pression_bar": np.round(pressure.ravel(), 2),
        }
    )


def _summer(dates: pd.DatetimeIndex, rng: np.random.Generator, p: Parameters) -> FloatArray:
    """Hausse estivale de la consommation nocturne (arrosage) : un sommet fin juillet, des à-coups de canicule."""
    day = dates.day_of_year.to_numpy()
    wave = np.zeros(len(day))
    shocks = rng.normal(0, 0.6 * p.heat_wave, len(day))
    for night in range(1, len(day)):
        wave[night] = 0.8 * wave[night - 1] + shocks[night]
    return np.asarray(p.summer_rise * np.exp(-0.5 * ((day - 207) / 32) ** 2) * np.exp(wave))


def _leak_flow(leaks: pd.DataFrame, dates: pd.DatetimeIndex, count: int) -> FloatArray:
    flow = np.zeros((count, len(dates)))
    for leak in leaks.itertuples():
        since = (dates - leak.date_debut).days.to_numpy() + 1
        active = (since > 0) & (dates <= leak.date_reparation)
        flow[leak.secteur] += leak.debit_m3_h * np.clip(since / leak.montee_j, 0, 1) * active
    return flow
