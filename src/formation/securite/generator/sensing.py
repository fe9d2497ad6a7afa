"""Ce que la caméra mesure : trop peu dans la foule dense, avec un biais, une dérive, du bruit et des leurres."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.securite.generator.crowd import autoregressive
from formation.securite.generator.parameters import STEPS, Parameters


def camera_bias(rng: np.random.Generator, p: Parameters) -> NDArray[np.float64]:
    """Biais multiplicatif de chaque caméra, le même toutes les soirées ; l’une d’elles compte 20 % de trop.

    Parameters
    ----------
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    ndarray, forme (caméras,)
        Facteurs autour de 1.
    """
    # Des quantiles tirés dans le désordre : la réserve de biais ne change pas d’une graine à l’autre.
    order = rng.permutation(p.cameras)
    spread = np.array([-1.6, -1.3, -1.1, -0.9, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3, -0.2, -0.1, 0.0])
    bias = np.exp(p.camera_bias * np.resize(np.concatenate([spread, -spread[:-1][::-1]]), p.cameras)[order])
    bias[p.faulty_camera] = p.faulty_bias
    return bias


def lures(rng: np.random.Generator, per_hour: float, p: Parameters) -> NDArray[np.float64]:
    """Facteur des leurres (parapluies, drapeaux) : 1 presque partout.

    Parameters
    ----------
    rng : Generator
        Source de hasard.
    per_hour : float
        Leurres par heure dans toute la salle.
    p : Parameters
        Hypothèses.

    Returns
    -------
    ndarray, forme (caméras, pas)
        Facteurs, au moins 1.
    """
    factor = np.ones((p.cameras, STEPS))
    for _ in range(rng.poisson(per_hour * STEPS / 360)):
        camera, start = rng.integers(p.cameras), rng.integers(STEPS)
        length = rng.integers(p.lure_s[0] // 10, p.lure_s[1] // 10 + 1)
        window = factor[camera, start : start + length]
        np.maximum(window, rng.uniform(*p.lure_factor), out=window)
    return factor


def noise_level(lighting: pd.Series, at_night: bool, p: Parameters) -> NDArray[np.float64]:
    """Bruit de chaque caméra : plus fort la nuit là où l’éclairage est faible.

    Parameters
    ----------
    lighting : Series
        Éclairage de chaque caméra : bon, moyen ou faible.
    at_night : bool
        Vrai pour une vraie soirée ; la répétition a lieu en plein jour.
    p : Parameters
        Hypothèses.

    Returns
    -------
    ndarray, forme (caméras,)
        Écart-type du bruit, en part de la densité.
    """
    dim = (lighting == "faible").to_numpy()
    return p.noise * np.where(dim & at_night, p.night_noise, 1.0)


def noticed(seen: NDArray[np.float64], episodes: pd.DataFrame, p: Parameters) -> NDArray[np.int8]:
    """Épisodes que l’opérateur a notés : seulement ceux pour lesquels l’outil déjà en place a alerté.

    Parameters
    ----------
    seen : ndarray, forme (caméras, pas)
        Densité mesurée.
    episodes : DataFrame
        Colonnes `camera`, `debut`, `fin`.
    p : Parameters
        Hypothèses : l’outil en place alerte quand trois mesures de suite atteignent `p.old_tool`.

    Returns
    -------
    ndarray
        1 si l’épisode est noté, sinon 0.
    """
    marked = np.zeros(len(episodes), dtype=np.int8)
    for rank, item in enumerate(episodes.itertuples()):
        above = np.round(seen[item.camera, item.debut : item.fin + 7], 2) >= p.old_tool
        marked[rank] = bool((above[2:] & above[1:-1] & above[:-2]).any())
    return marked


def measure(
    density: NDArray[np.float64],
    bias: NDArray[np.float64],
    noise: NDArray[np.float64],
    lure: NDArray[np.float64],
    rng: np.random.Generator,
    p: Parameters,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Densité et vitesse mesurées d’une soirée.

    Parameters
    ----------
    density : ndarray, forme (caméras, pas)
        Densité vraie.
    bias : ndarray, forme (caméras,)
        Biais des caméras.
    noise : ndarray, forme (caméras,)
        Écart-type du bruit de chaque caméra, en part.
    lure : ndarray, forme (caméras, pas)
        Facteur des leurres.
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    density, speed : ndarray, forme (caméras, pas)
        Densité en personnes par mètre carré, vitesse en mètres par seconde.
    """
    drift = p.drift * autoregressive(rng, density.shape, p.drift_memory)
    grain = noise[:, None] * rng.standard_normal(density.shape)
    measured = density * (1 - p.saturation * density) * bias[:, None] * np.exp(drift + grain) * lure
    # La vitesse vient des mêmes images : un leurre la trompe aussi (diagramme fondamental de Weidmann).
    speed = 1.34 * (1 - np.exp(-1.913 * np.clip(1 / np.maximum(measured, 0.05) - 1 / 5.4, 0, None)))
    speed = speed * np.exp(p.speed_noise * rng.standard_normal(density.shape))
    return np.clip(measured, 0, 12), np.clip(speed, 0, 2.5)
