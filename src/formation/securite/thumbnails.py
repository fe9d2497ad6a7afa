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
HEADS = (45.0, 80.0, 120.0, 185.0)
"""Niveaux de gris des têtes."""
REACH = 6
"""Demi-côté, en pixels, de la fenêtre où une personne et son parapluie sont peints."""
SPACING_M = 0.36
"""Distance la plus courte entre deux têtes avant qu’elles ne bougent un peu."""

_Floats = NDArray[np.float64]
_Layer = tuple[_Floats, _Floats]


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
        raise ValueError(f"condition : « {condition} » n’existe pas. Valeurs possibles : {', '.join(CONDITIONS)}.")
    where = _positions(people, rng)
    # Le fond est plus loin : il paraît plus petit et plus serré.
    tilt, far = rng.uniform(0.15, 0.5), where[:, 1] / SIDE_M
    scale = (1 - tilt * far) * SIZE / SIDE_M
    column = SIZE / 2 + (where[:, 0] - SIDE_M / 2) * scale
    row = SIZE * (1 - far) * (1 - 0.35 * tilt * far)
    layers = _silhouettes(row, column, scale, rng)
    if condition == "parapluies":
        layers.append(_umbrellas(row, column, scale, rng))
    return _shoot(_paint(_ground(rng), row, column, layers), condition, rng)


def _positions(people: int, rng: np.random.Generator) -> _Floats:
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
    ordered: _Floats = moved[np.argsort(-moved[:, 1])]
    return ordered


def _ground(rng: np.random.Generator) -> _Floats:
    """Sol : un niveau moyen, une pente de lumière, des taches."""
    level, slope = rng.uniform(95, 165), rng.uniform(-25, 25, 2)
    axis = np.linspace(-0.5, 0.5, SIZE)
    coarse = rng.normal(0, 9, (9, 9))
    where = np.linspace(0, 8, SIZE)
    low = np.floor(where).astype(int).clip(0, 7)
    part = where - low
    lines = coarse[low] * (1 - part[:, None]) + coarse[low + 1] * part[:, None]
    spots = lines[:, low] * (1 - part) + lines[:, low + 1] * part
    ground: _Floats = level + slope[0] * axis[:, None] + slope[1] * axis[None, :] + spots
    return ground


def _silhouettes(row: _Floats, column: _Floats, scale: _Floats, rng: np.random.Generator) -> list[_Layer]:
    """Épaules puis tête de chacun ; la tête est parfois claire, parfois sombre."""
    people = len(row)
    shoulders = _discs(row, column, 0.10 * scale, 0.22 * scale)
    heads = _discs(row, column, 0 * scale, rng.uniform(0.10, 0.14, people) * scale)
    return [(0.9 * shoulders, rng.uniform(25, 200, people)), (0.95 * heads, rng.choice(HEADS, people))]


def _umbrellas(row: _Floats, column: _Floats, scale: _Floats, rng: np.random.Generator) -> _Layer:
    """Un parapluie pour près d’une personne sur deux : il cache aussi les voisins."""
    held = rng.random(len(row)) < UMBRELLA_SHARE
    cover = 0.95 * _discs(row, column, -0.12 * scale, 0.42 * scale) * held[:, None, None]
    return cover, rng.uniform(30, 215, len(row))


def _discs(row: _Floats, column: _Floats, down: _Floats, radius: _Floats) -> _Floats:
    """Couverture, entre 0 et 1, d’un disque aux bords adoucis, dans une fenêtre autour de chaque personne."""
    offset = np.arange(-REACH, REACH + 1)
    rows = offset[None, :, None] - (row - np.floor(row) + down)[:, None, None]
    columns = offset[None, None, :] - (column - np.floor(column))[:, None, None]
    cover: _Floats = np.clip(radius[:, None, None] + 0.5 - np.hypot(rows, columns), 0, 1)
    return cover


def _paint(ground: _Floats, row: _Floats, column: _Floats, layers: list[_Layer]) -> _Floats:
    """Peint chacun par-dessus ceux du fond : qui est devant cache qui est derrière."""
    keep, add = np.ones((len(row), 2 * REACH + 1, 2 * REACH + 1)), np.zeros((len(row), 2 * REACH + 1, 2 * REACH + 1))
    for cover, level in layers:
        keep, add = keep * (1 - cover), add * (1 - cover) + cover * level[:, None, None]
    margin = 2 * REACH
    canvas = np.pad(ground, margin, mode="edge")
    top = np.clip(np.floor(row).astype(int) + margin - REACH, 0, SIZE + margin)
    left = np.clip(np.floor(column).astype(int) + margin - REACH, 0, SIZE + margin)
    for rank in range(len(row)):
        patch = canvas[top[rank] : top[rank] + 2 * REACH + 1, left[rank] : left[rank] + 2 * REACH + 1]
        patch *= keep[rank]
        patch += add[rank]
    return canvas[margin:-margin, margin:-margin]


def _shoot(image: _Floats, condition: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    """L’appareil : contraste, flou, nuit, grain."""
    contrast = rng.uniform(0.7, 1.15)
    shot = image.mean() + contrast * (image - image.mean())
    if rng.random() < 0.4:
        shot = _blur(shot)
    grain = 5.0
    if condition == "nuit":
        shot, grain = 0.33 * shot, 4.5
    shot = shot + rng.normal(0, grain, shot.shape)
    pixels: NDArray[np.uint8] = np.clip(np.rint(shot), 0, 255).astype(np.uint8)
    return pixels


def _blur(image: _Floats) -> _Floats:
    padded = np.pad(image, 1, mode="edge")
    across = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    blurred: _Floats = (across[:-2] + 2 * across[1:-1] + across[2:]) / 4
    return blurred
