"""Défaillances année par année, renouvellement des conduites et effet des survivants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from formation.eau.generator.network import FloatArray, IntArray, Network, renew
from formation.eau.generator.parameters import FIRST_YEAR, LAST_YEAR, MATERIALS, Parameters

_GLUED_BEFORE = 1980
_HIGH_CLAY = 2


@dataclass(frozen=True)
class History:
    """Ce qui s’est passé de 2013 à 2025, y compris sur des conduites remplacées depuis."""

    pipe_id: IntArray
    sector: IntArray
    year: IntArray
    renewed_km: dict[int, float]


def intensity(net: Network, year: int, drought: float, past: IntArray, p: Parameters) -> FloatArray:
    """Nombre moyen de défaillances de chaque tronçon pendant l’année.

    Parameters
    ----------
    net : Network
        État du réseau.
    year : int
        Année.
    drought : float
        Sécheresse de l’année, de 0 à 1.
    past : ndarray d’entiers
        Défaillances déjà survenues sur chaque tronçon.
    p : Parameters
        Hypothèses.

    Returns
    -------
    ndarray
        Intensité, en défaillances par an ; 0 pour une conduite pas encore posée.
    """
    base = np.array([p.base_per_km[name] for name in MATERIALS])[net.material]
    age = year - net.year_laid
    glued = (net.material == MATERIALS.index("PVC")) & (net.year_laid < _GLUED_BEFORE)
    value = p.rate * net.length_km * base * np.exp(p.age_slope * (age - 40))
    value *= np.array(p.soil_factor)[net.soil] * (1 + p.drought_on_clay * drought * (net.soil == _HIGH_CLAY))
    value *= 1 + p.glued_pvc_excess * glued
    value *= (net.traffic / p.reference_traffic_veh_day) ** p.traffic_exponent
    value *= (net.pressure_bar / p.mean_pressure_bar) ** p.pressure_exponent
    value *= (p.reference_diameter_mm / net.diameter_mm) ** p.diameter_exponent
    value *= 1 + p.per_connection * net.connections
    value *= net.site * net.fragility
    value *= 1 + p.per_past_failure * np.minimum(past, p.past_failure_cap)
    return np.where(age >= 0, value, 0.0)


def run(net: Network, weather: pd.DataFrame, rng: np.random.Generator, p: Parameters) -> History:
    """Fait vivre le réseau de l’amorçage à la dernière année publiée ; modifie `net` sur place.

    Parameters
    ----------
    net : Network
        État du réseau.
    weather : DataFrame
        Table `meteo_jour` du territoire.
    rng : Generator
        Flux aléatoire.
    p : Parameters
        Hypothèses.

    Returns
    -------
    History
        Défaillances par tronçon et par année, kilomètres renouvelés.
    """
    drought = summer_drought(weather)
    usual = float(drought.mean()) if len(drought) else 0.4
    past = np.zeros(len(net.pipe_id), np.int64)
    events: list[tuple[IntArray, IntArray, IntArray]] = []
    renewed: dict[int, float] = {}
    risk = np.zeros(len(past))
    for year in range(p.burn_in_start, LAST_YEAR + 1):
        if year >= FIRST_YEAR:
            chosen = _to_renew(net, risk * (1 + past), rng, p)
            renew(net, chosen, year, rng, p)
            past[chosen] = 0
            renewed[year] = float(net.length_km[chosen].sum())
        risk = intensity(net, year, float(drought.get(year, usual)), past, p)
        count = rng.poisson(risk)
        past += count
        if year >= FIRST_YEAR:
            slots = np.repeat(np.arange(len(count)), count)
            events.append((net.pipe_id[slots], net.sector[slots], np.full(len(slots), year)))
    pipe, sector, years = (np.concatenate(parts) for parts in zip(*events, strict=True))
    return History(pipe, sector, years, renewed)


def summer_drought(weather: pd.DataFrame) -> pd.Series:
    """Indice moyen de sécheresse de juin à août, par année ; vide si la météo n’en a pas.

    Parameters
    ----------
    weather : DataFrame
        Table `meteo_jour` du territoire.

    Returns
    -------
    Series
        Indice de 0 à 1, indexé par année.
    """
    summer = weather[weather["date"].dt.month.isin([6, 7, 8])]
    return summer.groupby(summer["date"].dt.year)["indice_secheresse"].mean()


def _to_renew(net: Network, priority: FloatArray, rng: np.random.Generator, p: Parameters) -> IntArray:
    """Conduites renouvelées en fin d’année : souvent les pires, parfois au gré des travaux de voirie."""
    per_km = np.maximum(priority / net.length_km, 1e-9) ** p.renewal_focus
    order = np.argsort(-np.log(per_km) - rng.gumbel(size=len(per_km)), kind="stable")
    length = np.cumsum(net.length_km[order])
    return np.asarray(order[length <= p.renewal_rate * net.length_km.sum()])
