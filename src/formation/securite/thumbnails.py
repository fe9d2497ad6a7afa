"""Dessiner une vignette : une foule vue d’en haut, faite de disques. Aucun visage, aucune photographie.

Une vignette couvre huit mètres sur huit. Les têtes sont des disques, plus petits au loin, que les épaules et les têtes
voisines cachent en partie ; l’éclairage, le contraste et la hauteur de la caméra changent d’une image à l’autre.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIZE = 64
"""Côté d’une vignette, en pixels."""
SIDE_M = 8.0
"""Côté de la zone vue, en mètres."""
CONDITIONS = ("jour", "nuit", "parapluies")
UMBRELLA_SHARE = 0.45
SPACING_M = 0.36
"""Distance la plus courte entre deux têtes avant qu’elles ne bougent un peu."""


def draw(people: int, condition: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Dessine une vignette.

    Parameters
    ----------
    people : int
        Nombre de personnes, de 0 à 450.
    condition : {"jour", "nuit", "parapluies"}
        Ce qu’il fait dehors.
    rng : Generator
        Source de hasard.

    Returns
    -------
    ndarray d’octets, forme (64, 64)
        Image en niveaux de gris.

    Raises
    ------
    ValueError
        Si la condition n’existe pas ou si la zone ne peut pas contenir autant de monde.

    Examples
    --------
    >>> draw(100, "jour", np.random.default_rng(447)).shape
    (64, 64)
    """
    if condition not in CONDITIONS:
        raise ValueError(f"condition : « {condition} » n’existe pas. Valeurs possibles : {', '.join(CONDITIONS)}.")
    tilt = rng.uniform(0.15, 0.5)
    image = _ground(rng)
    for x, y in _positions(people, rng):
        far = y / SIDE_M
        scale = (1 - tilt * far) * SIZE / SIDE_M
        column = SIZE / 2 + (x - SIDE_M / 2) * scale
        row = SIZE * (1 - far) * (1 - tilt * 0.35 * far)
        _person(image, row, column, scale, rng)
        if condition == "parapluies" and rng.random() < UMBRELLA_SHARE:
            _disc(image, row - 0.12 * scale, column, 0.42 * scale, rng.uniform(30, 215), 0.95)
    return _shoot(image, condition, rng)


def _positions(people: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Places de la foule, du fond vers la caméra : un pavage secoué, où l’on se serre par endroits."""
    rows = np.arange(0, SIDE_M, SPACING_M * np.sqrt(3) / 2)
    columns = np.arange(0, SIDE_M, SPACING_M)
    grid = np.array([(x + (rank % 2) * SPACING_M / 2, y) for rank, y in enumerate(rows) for x in columns])
    if people > len(grid):
        raise ValueError(f"{people} personnes ne tiennent pas dans {SIDE_M:.0f} × {SIDE_M:.0f} m.")
    centre, spread = rng.uniform(0, SIDE_M, 2), rng.uniform(2.5, 8)
    weight = 0.15 + np.exp(-((grid - centre) ** 2).sum(axis=1) / (2 * spread**2))
    chosen = grid[rng.choice(len(grid), people, replace=False, p=weight / weight.sum())]
    moved = np.clip(chosen + rng.normal(0, 0.07, chosen.shape), 0, SIDE_M)
    ordered: NDArray[np.float64] = moved[np.argsort(-moved[:, 1])]
    return ordered


def _ground(rng: np.random.Generator) -> NDArray[np.float64]:
    """Sol : un niveau moyen, une pente de lumière, des taches."""
    level, slope = rng.uniform(95, 165), rng.uniform(-25, 25, 2)
    axis = np.linspace(-0.5, 0.5, SIZE)
    coarse = rng.normal(0, 9, (9, 9))
    where = np.linspace(0, 8, SIZE)
    low = np.floor(where).astype(int).clip(0, 7)
    part = where - low
    lines = coarse[low] * (1 - part[:, None]) + coarse[low + 1] * part[:, None]
    spots = lines[:, low] * (1 - part) + lines[:, low + 1] * part
    ground: NDArray[np.float64] = level + slope[0] * axis[:, None] + slope[1] * axis[None, :] + spots
    return ground


def _person(image: NDArray[np.float64], row: float, column: float, scale: float, rng: np.random.Generator) -> None:
    """Épaules puis tête ; la tête est parfois claire, parfois sombre."""
    clothes = rng.uniform(25, 200)
    _disc(image, row + 0.10 * scale, column, 0.22 * scale, clothes, 0.9)
    _disc(image, row, column, rng.uniform(0.10, 0.14) * scale, rng.choice([45.0, 80.0, 120.0, 185.0]), 0.95)


def _disc(image: NDArray[np.float64], row: float, column: float, radius: float, level: float, alpha: float) -> None:
    """Peint un disque aux bords adoucis, par-dessus ce qui est déjà là."""
    reach = int(radius + 2)
    top, left = int(row) - reach, int(column) - reach
    rows = np.arange(max(top, 0), min(top + 2 * reach + 2, SIZE))
    columns = np.arange(max(left, 0), min(left + 2 * reach + 2, SIZE))
    if not len(rows) or not len(columns):
        return
    distance = np.hypot(rows[:, None] - row, columns[None, :] - column)
    cover = alpha * np.clip(radius + 0.5 - distance, 0, 1)
    patch = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    patch += cover * (level - patch)


def _shoot(image: NDArray[np.float64], condition: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    """L’appareil : contraste, flou, nuit, grain."""
    contrast = rng.uniform(0.6, 1.15)
    shot = image.mean() + contrast * (image - image.mean())
    if rng.random() < 0.5:
        shot = _blur(shot)
    grain = 5.0
    if condition == "nuit":
        shot, grain = 0.35 * shot, 9.0
    shot = shot + rng.normal(0, grain, shot.shape)
    pixels: NDArray[np.uint8] = np.clip(np.rint(shot), 0, 255).astype(np.uint8)
    return pixels


def _blur(image: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(image, 1, mode="edge")
    across = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    blurred: NDArray[np.float64] = (across[:-2] + 2 * across[1:-1] + across[2:]) / 4
    return blurred
