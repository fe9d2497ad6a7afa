"""Ce que les capteurs voient : un radar biaisé et écrêté, des pluviomètres noyés, des limnimètres muets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.risques.generator.parameters import STEP_MIN, STEPS
from formation.risques.tables import MISSING, rain_code

if TYPE_CHECKING:
    from formation.risques.generator.parameters import Parameters

Floats = NDArray[np.float64]
GOOD, DOUBTFUL, ABSENT = 0, 1, 2
_HOUR = 60 // STEP_MIN


def radar_codes(rain: Floats, rng: np.random.Generator, p: Parameters) -> NDArray[np.uint8]:
    """Images radar d’un épisode, en codes.

    Parameters
    ----------
    rain : ndarray, forme (120, 24, 24)
        Pluie vraie, en mm/h.
    rng : Generator
        Tirage.
    p : Parameters
        Hypothèses.

    Returns
    -------
    ndarray of uint8, forme (120, 24, 24)
        Codes ; 255 sur toute l’image quand elle est perdue.
    """
    bias = np.exp(rng.normal(p.radar_bias_mean, p.radar_bias_sigma))
    speckle = np.exp(p.radar_pixel_sigma * rng.standard_normal(rain.shape))
    codes = rain_code(np.minimum(rain * bias * speckle, p.radar_cap_mm_h))
    codes[rng.random(len(codes)) < p.radar_missing] = MISSING
    return codes


def lose_images(codes: NDArray[np.uint8], rng: np.random.Generator, p: Parameters) -> None:
    """Quelques pannes de radar d’une demi-heure à une heure, sur place.

    Parameters
    ----------
    codes : ndarray of uint8, forme (71, 120, 24, 24)
        Images de tous les épisodes.
    rng : Generator
        Tirage.
    p : Parameters
        Hypothèses.
    """
    for episode in rng.choice(len(codes) - 1, p.radar_outages, replace=False):
        start = int(rng.integers(12, STEPS - 24))
        codes[episode, start : start + int(rng.integers(6, 13))] = MISSING


def gauge(rain: Floats, rng: np.random.Generator, p: Parameters) -> Floats:
    """Pluviomètre à auget : il compte des basculements, se tait parfois, et se noie quand il pleut trop.

    Un appareil noyé n’est pas vide : il affiche 0,0 jusqu’à la fin de l’épisode.

    Parameters
    ----------
    rain : ndarray, forme (120,)
        Pluie vraie du pixel, en mm/h.
    rng : Generator
        Tirage.
    p : Parameters
        Hypothèses.

    Returns
    -------
    ndarray, forme (120,)
        Intensité lue, en mm/h ; NaN quand rien n’est transmis.
    """
    total = np.cumsum(rain * np.exp(p.gauge_sigma * rng.standard_normal(len(rain)))) * STEP_MIN / 60
    tips = np.diff(np.floor(total / p.gauge_tip_mm), prepend=0.0)
    read = tips * p.gauge_tip_mm * 60 / STEP_MIN
    hour = np.convolve(rain, np.ones(_HOUR), "full")[: len(rain)] * STEP_MIN / 60
    flooded = np.flatnonzero(hour > p.drowned_above_mm)
    if rng.random() < p.drowned_share and len(flooded):
        read[flooded[0] :] = 0.0
    for start in np.flatnonzero(rng.random(len(read)) < p.gauge_missing / 6):
        read[start : start + int(rng.integers(3, 10))] = np.nan
    return np.asarray(read)


def water_level(
    flow: Floats, area_km2: float, rng: np.random.Generator, p: Parameters
) -> tuple[Floats, NDArray[np.int64]]:
    """Limnimètre : un débit lu à 5 % près, extrapolé en crue, parfois muet.

    Parameters
    ----------
    flow : ndarray, forme (120,)
        Débit vrai, en m³/s.
    area_km2 : float
        Surface du bassin, en km².
    rng : Generator
        Tirage.
    p : Parameters
        Hypothèses.

    Returns
    -------
    read : ndarray, forme (120,)
        Débit lu, en m³/s ; NaN quand le limnimètre se tait.
    quality : ndarray of int, forme (120,)
        0 bon, 1 douteux (courbe de tarage extrapolée), 2 absent.
    """
    read = flow * (1 + p.flow_sigma * rng.standard_normal(len(flow)))
    limit = p.rating_limit_m3_s_km2 * area_km2
    high = read > limit
    read = np.where(high, limit + (read - limit) * np.exp(rng.normal(0.0, p.rating_sigma)), read)
    quality = np.where(high, DOUBTFUL, GOOD)
    flood = flow.max() > area_km2
    chance = p.silent_couples * (p.silent_flood_weight if flood else 1.0)
    if rng.random() < chance:
        length = int(rng.integers(8, 37))
        # En crue, le capteur se tait au plus mauvais moment : autour de la pointe.
        middle = int(flow.argmax()) if flood else int(rng.integers(0, STEPS))
        gap = slice(max(0, middle - length // 2), middle + length // 2)
        read[gap], quality[gap] = np.nan, ABSENT
    return np.maximum(read, 0.0), quality


def flow_table(
    rain_radar: Floats, rain_gauge: Floats, flow: Floats, areas: Floats, rng: np.random.Generator, p: Parameters
) -> pd.DataFrame:
    """Mesures d’un épisode pour les bassins jaugés, dans l’ordre des bassins.

    Parameters
    ----------
    rain_radar, rain_gauge, flow : ndarray, forme (n_bassins, 120)
        Pluie du radar, pluie du pluviomètre, débit vrai.
    areas : ndarray, forme (n_bassins,)
        Surfaces, en km².
    rng : Generator
        Tirage.
    p : Parameters
        Hypothèses.

    Returns
    -------
    DataFrame
        Colonnes `minute`, `pluie_radar_mm_h`, `pluie_pluvio_mm_h`, `debit_m3_s` et `qualite`.
    """
    levels = [water_level(series, area, rng, p) for series, area in zip(flow, areas, strict=True)]
    return pd.DataFrame(
        {
            "minute": np.tile(np.arange(STEPS) * STEP_MIN, len(flow)),
            "pluie_radar_mm_h": rain_radar.round(2).ravel(),
            "pluie_pluvio_mm_h": rain_gauge.round(1).ravel(),
            "debit_m3_s": np.concatenate([read for read, _ in levels]).round(2),
            "qualite": np.concatenate([quality for _, quality in levels]),
        }
    )
