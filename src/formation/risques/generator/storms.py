"""La pluie vraie : des cellules orageuses qui naissent, avancent et meurent, et un système qui ne bouge pas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from formation.risques.generator.parameters import SIZE, STEP_MIN, STEPS

if TYPE_CHECKING:
    from formation.risques.generator.parameters import Parameters

Floats = NDArray[np.float64]


def common(strength: float, rng: np.random.Generator, p: Parameters) -> Floats:
    """Pluie d’un épisode courant.

    Parameters
    ----------
    strength : float
        Force de l’épisode, entre 0 et 1.
    rng : Generator
        Tirage.
    p : Parameters
        Hypothèses.

    Returns
    -------
    ndarray, forme (120, 24, 24)
        Intensité vraie, en mm/h.
    """
    focus = rng.uniform(0.22, 0.78, 2) * SIZE
    speed = rng.uniform(*p.speed_km_h) / 60.0
    heading = np.deg2rad(rng.normal(60.0, 35.0))
    motion = speed * np.array([np.cos(heading), np.sin(heading)])
    count = max(4, int(rng.poisson(rng.gamma(p.cells_dispersion, p.cells / p.cells_dispersion))))
    minutes = np.arange(STEPS) * float(STEP_MIN)
    start, length = rng.uniform(*p.start_min), rng.uniform(*p.births_min)
    rain = np.zeros((STEPS, SIZE, SIZE))
    for _ in range(count):
        life = rng.uniform(*p.life_min)
        birth = start + rng.uniform(0.0, length)
        peak = min(rng.gamma(p.peak_shape, p.peak_scale_mm_h) * strength * p.peak_factor, p.peak_cap_mm_h)
        age = (minutes - birth) / life
        alive = (age > 0) & (age < 1)
        envelope = peak * np.sin(np.pi * age[alive])
        # Une cellule est au plus fort quand elle passe près du foyer.
        middle = focus + rng.normal(0.0, p.spread_km, 2)
        own = motion + rng.normal(0.0, 0.015, 2)
        path = middle + (minutes[alive] - birth - life / 2)[:, None] * own
        rain[alive] += envelope[:, None, None] * _bump(path, rng.uniform(*p.radius_km))
    return _grain(p.peak_cap_mm_h * (1 - np.exp(-rain / p.peak_cap_mm_h)), rng, p)


def extreme(rng: np.random.Generator, p: Parameters) -> Floats:
    """Pluie de l’épisode de type 1988 : un système immobile pendant huit heures.

    Parameters
    ----------
    rng : Generator
        Tirage.
    p : Parameters
        Hypothèses.

    Returns
    -------
    ndarray, forme (120, 24, 24)
        Intensité vraie, en mm/h.
    """
    minutes = np.arange(STEPS) * float(STEP_MIN)
    start, length, burst = 30.0, p.extreme_hours * 60.0, 150.0
    calm = (p.extreme_mean_mm_h * length - p.extreme_burst_mm_h * burst) / (length - burst)
    inside = (minutes >= start) & (minutes < start + length)
    strong = (minutes >= start + 165.0) & (minutes < start + 165.0 + burst)
    level = np.where(strong, p.extreme_burst_mm_h, calm) * inside
    level = np.convolve(np.pad(level, 3, mode="edge"), np.full(7, 1 / 7), mode="valid")
    along, across = p.extreme_sigma_km
    angle = np.deg2rad(p.extreme_axis_deg)
    centre = np.arange(SIZE) + 0.5
    x, y = centre[None, :] - p.extreme_center_km[0], centre[:, None] - p.extreme_center_km[1]
    u, v = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
    shape = np.exp(-0.5 * ((u / along) ** 2 + (v / across) ** 2))
    return _grain(level[:, None, None] * shape, rng, p, sigma=p.extreme_noise_sigma)


def _bump(path: Floats, radius_km: float) -> Floats:
    centre = np.arange(SIZE) + 0.5
    x = np.exp(-0.5 * ((centre[None, :] - path[:, :1]) / radius_km) ** 2)
    y = np.exp(-0.5 * ((centre[None, :] - path[:, 1:]) / radius_km) ** 2)
    return np.asarray(y[:, :, None] * x[:, None, :])


def _grain(rain: Floats, rng: np.random.Generator, p: Parameters, sigma: float | None = None) -> Floats:
    """Bruit log-normal, lissé dans l’espace et persistant dans le temps, de moyenne 1."""
    spread = p.noise_sigma if sigma is None else sigma
    smooth = gaussian_filter(
        rng.standard_normal(rain.shape), (0, p.noise_smoothing_km, p.noise_smoothing_km), mode="wrap"
    )
    smooth /= smooth.std()
    noise = np.empty_like(smooth)
    noise[0] = smooth[0]
    for step in range(1, len(noise)):
        noise[step] = p.noise_memory * noise[step - 1] + np.sqrt(1 - p.noise_memory**2) * smooth[step]
    field = rain * np.exp(spread * noise - spread**2 / 2)
    return np.where(field < 0.1, 0.0, field)
