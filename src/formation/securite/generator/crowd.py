"""La foule d’une soirée : une densité vraie par caméra, et les épisodes qui dépassent le seuil de danger."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.signal import lfilter
from scipy.stats import norm

from formation.securite.generator.parameters import DANGER, STEPS, Parameters

SLOT = 90
"""Pas réservés à un épisode : montée, plateau et descente les plus longs tiennent dedans."""


def autoregressive(rng: np.random.Generator, shape: tuple[int, int], memory: float) -> NDArray[np.float64]:
    """Bruit autorégressif d’ordre 1, de variance 1 dès le premier pas.

    Parameters
    ----------
    rng : Generator
        Source de hasard.
    shape : tuple of int
        Nombre de séries, nombre de pas.
    memory : float
        Coefficient, entre 0 et 1.

    Returns
    -------
    ndarray
        Une série par ligne.
    """
    shocks = rng.standard_normal(shape) * np.sqrt(1 - memory**2)
    shocks[:, 0] /= np.sqrt(1 - memory**2)
    series: NDArray[np.float64] = lfilter([1.0], [1.0, -memory], shocks, axis=1)
    return series


def background(rng: np.random.Generator, p: Parameters) -> NDArray[np.float64]:
    """Densité d’une soirée sans épisode, repliée sous le plafond.

    Parameters
    ----------
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    ndarray, forme (caméras, pas)
        Personnes par mètre carré, toujours sous `p.ceiling`.
    """
    time = np.linspace(0, 1, STEPS)
    # Arrivées, concert, sortie : la foule monte vite, reste, se presse à la fin.
    profile = np.interp(time, [0, 0.2, 0.55, 0.85, 0.93, 1], [0.35, 0.75, 0.9, 1.0, 0.85, 0.4])
    # Des quantiles dans le désordre : chaque soirée a ses caméras vides et ses caméras pleines.
    level = norm.ppf((rng.permutation(p.cameras) + 0.5) / p.cameras)
    peak = p.peak * np.exp(p.peak_sigma * level)[:, None]
    wave = autoregressive(rng, (p.cameras, STEPS), p.swing_memory)
    return fold(peak * profile * np.exp(p.swing * wave), p.ceiling)


def fold(density: NDArray[np.float64], ceiling: float) -> NDArray[np.float64]:
    """Replie une densité sous un plafond : ce qui dépasse redescend d’autant, comme dans un miroir.

    Parameters
    ----------
    density : ndarray
        Densité positive.
    ceiling : float
        Plafond.

    Returns
    -------
    ndarray
        Valeurs entre 0 et le plafond.
    """
    turn = np.mod(density, 2 * ceiling)
    folded: NDArray[np.float64] = np.minimum(turn, 2 * ceiling - turn)
    return folded


def inject(density: NDArray[np.float64], count: int, rng: np.random.Generator, p: Parameters) -> pd.DataFrame:
    """Ajoute des épisodes à une soirée, sans que deux se touchent sous une même caméra.

    Parameters
    ----------
    density : ndarray, forme (caméras, pas)
        Densité vraie, modifiée sur place.
    count : int
        Nombre d’épisodes.
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    DataFrame
        Colonnes `camera` (rang), `debut`, `fin` (premier et dernier pas au-dessus du seuil) et `densite_max`.
    """
    rows = []
    share = rng.multinomial(count, np.full(p.cameras, 1 / p.cameras))
    for camera, number in enumerate(share):
        starts = np.sort(rng.integers(0, STEPS - SLOT * number, number)) + SLOT * np.arange(number)
        for start in starts:
            shape = _episode(density[camera, start], rng, p)
            window = slice(start, start + len(shape))
            density[camera, window] = np.maximum(density[camera, window], shape)
            above = start + np.flatnonzero(shape >= DANGER)
            rows.append((camera, above[0], above[-1], shape.max()))
    return pd.DataFrame(rows, columns=["camera", "debut", "fin", "densite_max"])


def _episode(floor: float, rng: np.random.Generator, p: Parameters) -> NDArray[np.float64]:
    """Montée, plateau, descente, en pas de dix secondes."""
    top = rng.uniform(*p.plateau_density)
    up, down = (rng.integers(p.rise_s[0] // 10, p.rise_s[1] // 10 + 1) for _ in range(2))
    plateau = rng.integers(p.plateau_s[0] // 10, p.plateau_s[1] // 10 + 1)
    return np.concatenate(
        [np.linspace(floor, top, up, endpoint=False), np.full(plateau, top), np.linspace(top, floor, down)]
    )
