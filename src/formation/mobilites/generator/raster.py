"""Pixels d’un polygone convexe : une boîte, puis quatre demi-plans."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def convex(outline: NDArray[np.float64], shape: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Lignes et colonnes des pixels dont le centre est dans un polygone convexe.

    Parameters
    ----------
    outline : ndarray, forme (n, 2)
        Sommets, colonne puis ligne, en pixels, dans un sens ou dans l’autre.
    shape : tuple of int
        Hauteur et largeur de l’image.

    Returns
    -------
    tuple of ndarray
        Lignes, colonnes.

    Examples
    --------
    >>> row, column = convex(np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0]]), (5, 5))
    >>> row.tolist(), column.tolist()
    ([0, 0], [0, 1])
    """
    low = np.maximum(np.floor(outline.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(outline.max(axis=0)).astype(int), [shape[1], shape[0]])
    column = np.arange(low[0], high[0])[None, :] + 0.5
    row = np.arange(low[1], high[1])[:, None] + 0.5
    after = np.concatenate([outline[1:], outline[:1]])
    side = after - outline
    turn = np.sign((outline[:, 0] * after[:, 1] - outline[:, 1] * after[:, 0]).sum())
    inside = np.ones((row.size, column.size), dtype=bool)
    for (x, y), (dx, dy) in zip(outline, side, strict=True):
        inside &= turn * (dx * (row - y) - dy * (column - x)) >= 0
    rows, columns = np.nonzero(inside)
    return rows + low[1], columns + low[0]
