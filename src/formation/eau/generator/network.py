"""Le réseau : tronçons, secteurs, matériaux, dates de pose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.eau.generator.parameters import ERAS, MATERIALS, Parameters

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DIAMETERS_MM = np.array([60, 80, 100, 125, 150, 200, 300])
_DIAMETER_SHARES = np.array([0.24, 0.24, 0.24, 0.10, 0.10, 0.06, 0.02])
_FIRST_PVC = MATERIALS.index("PVC")
_RENEWED_SHARES = (0.0, 0.0, 0.0, 0.15, 0.50, 0.35)


@dataclass
class Network:
    """État du réseau pendant la simulation ; un tableau par caractéristique, une case par emplacement."""

    pipe_id: IntArray
    street: IntArray
    municipality: IntArray
    sector: IntArray
    length_km: FloatArray
    material: IntArray
    year_laid: FloatArray
    diameter_mm: FloatArray
    pressure_bar: FloatArray
    connections: IntArray
    soil: IntArray
    traffic: FloatArray
    fragility: FloatArray
    site: FloatArray


def allocate(weights: FloatArray, total: int) -> IntArray:
    """Partage `total` unités en proportion des poids, au moins une chacun (plus forts restes).

    Parameters
    ----------
    weights : ndarray
        Poids, positifs.
    total : int
        Nombre d’unités à partager.

    Returns
    -------
    ndarray d’entiers
        Unités de chacun ; leur somme est `total`.
    """
    raw = weights / weights.sum() * (total - len(weights))
    whole = np.floor(raw).astype(np.int64)
    rest = np.argsort(-(raw - whole), kind="stable")[: total - len(weights) - int(whole.sum())]
    whole[rest] += 1
    return np.asarray(whole + 1)


def build(communes: pd.DataFrame, streets: pd.DataFrame, rng: np.random.Generator, p: Parameters) -> Network:
    """Tire le réseau tel qu’il est au début de la simulation.

    Parameters
    ----------
    communes, streets : DataFrame
        Tables `communes` et `rues` du territoire.
    rng : Generator
        Flux aléatoire du réseau.
    p : Parameters
        Hypothèses.

    Returns
    -------
    Network
        `p.n_pipes` emplacements de tronçons.
    """
    per_street = allocate(streets["longueur_m"].to_numpy(float), p.n_pipes)
    street = np.repeat(np.arange(len(streets)), per_street)
    codes = pd.Index(communes["code_commune"])
    municipality = codes.get_indexer(pd.Index(streets["code_commune"]))[street].astype(np.int64)
    length_m = np.clip(rng.lognormal(np.log(p.median_length_m), p.length_sigma, p.n_pipes), 6, 900)
    year, material = _laying(street, len(streets), rng)
    sector = _sectors(communes, streets, p)[street]
    pressure = rng.normal(p.mean_pressure_bar, 0.7, p.n_sectors)[sector] + rng.normal(0, 0.45, p.n_pipes)
    return Network(
        pipe_id=np.arange(1, p.n_pipes + 1),
        street=street,
        municipality=municipality,
        sector=sector,
        length_km=np.round(length_m, 1) / 1000,
        material=material,
        year_laid=year,
        diameter_mm=rng.choice(DIAMETERS_MM, p.n_pipes, p=_DIAMETER_SHARES).astype(float),
        pressure_bar=np.round(np.clip(pressure, 2.0, 8.5), 1).astype(np.float64),
        connections=_connections(communes, municipality, length_m, rng),
        soil=streets["alea_argile"].to_numpy(np.int64)[street],
        traffic=streets["trafic_veh_j"].to_numpy(float)[street],
        fragility=rng.lognormal(-(p.fragility_sigma**2) / 2, p.fragility_sigma, p.n_pipes),
        site=rng.gamma(1 / p.street_variance, p.street_variance, len(streets))[street],
    )


def renew(net: Network, slots: IntArray, year: int, rng: np.random.Generator, p: Parameters) -> None:
    """Remplace les conduites des emplacements donnés : nouvel identifiant, nouveau matériau, date connue.

    Parameters
    ----------
    net : Network
        État du réseau.
    slots : ndarray d’entiers
        Emplacements à remplacer.
    year : int
        Année de pose.
    rng : Generator
        Flux aléatoire.
    p : Parameters
        Hypothèses.
    """
    count = len(slots)
    net.pipe_id[slots] = net.pipe_id.max() + 1 + np.arange(count)
    net.material[slots] = rng.choice(len(MATERIALS), count, p=_RENEWED_SHARES)
    net.year_laid[slots] = year
    net.fragility[slots] = rng.lognormal(-(p.fragility_sigma**2) / 2, p.fragility_sigma, count)
    net.site[slots] = 1.0


def _laying(street: IntArray, n_streets: int, rng: np.random.Generator) -> tuple[FloatArray, IntArray]:
    """Année de pose (commune à la rue, sauf une part de reprises) et matériau."""
    shares = np.array([era.share for era in ERAS])
    of_street = rng.choice(len(ERAS), n_streets, p=shares)[street]
    redone = rng.random(len(street)) < 0.25
    era = np.where(redone, rng.choice(len(ERAS), len(street), p=shares), of_street)
    start = np.array([e.start for e in ERAS], float)[era]
    end = np.array([e.end for e in ERAS], float)[era]
    position = np.where(redone, rng.random(len(street)), rng.random(n_streets)[street])
    year = np.floor(start + position * (end - start + 1))
    cumulative = np.cumsum([e.materials for e in ERAS], axis=1)[era]
    draw = np.where(redone, rng.random(len(street)), rng.random(n_streets)[street])
    material = (draw[:, None] > cumulative).sum(axis=1)
    return year, np.minimum(material, len(MATERIALS) - 1).astype(np.int64)


def _sectors(communes: pd.DataFrame, streets: pd.DataFrame, p: Parameters) -> IntArray:
    """Secteur de chaque rue : chaque commune en reçoit au moins un, les rues y sont groupées dans l’ordre."""
    per_commune = allocate(communes["population"].to_numpy(float), p.n_sectors)
    first = np.concatenate([[0], np.cumsum(per_commune)[:-1]])
    sector = np.zeros(len(streets), np.int64)
    for rank, code in enumerate(communes["code_commune"]):
        rows = np.flatnonzero(streets["code_commune"].to_numpy() == code)
        if len(rows):
            sector[rows] = first[rank] + np.arange(len(rows)) * per_commune[rank] // len(rows)
    return sector


def _connections(
    communes: pd.DataFrame, municipality: IntArray, length_m: FloatArray, rng: np.random.Generator
) -> IntArray:
    """Branchements : loi de Poisson, de façon que la commune retrouve à peu près ses abonnés."""
    length = np.bincount(municipality, weights=length_m, minlength=len(communes))
    density = communes["nb_abonnes_eau"].to_numpy(float) / np.maximum(length, 1.0)
    return np.asarray(rng.poisson(0.6 * density[municipality] * length_m), np.int64)
