"""Dire où un problème se trouve, quand un tableau de vrais et de faux désigne les lignes fautives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from formation.errors import LINES_SHOWN, Problem

_CELL = 40


def problem(
    kind: str,
    mask: ArrayLike,
    lines: ArrayLike,
    column: str,
    message: str,
    texts: Sequence[str] | NDArray[np.object_] | None = None,
) -> Problem:
    """Problème d’une partie des lignes.

    Parameters
    ----------
    kind : str
        Code stable.
    mask : array of bool, forme (n,)
        Lignes fautives.
    lines : array of int, forme (n,)
        Numéros de ligne.
    column, message : str
        Colonne et phrase.
    texts : sequence of str, forme (n,), optional
        Cases lues.

    Returns
    -------
    Problem
        Avec ses premières lignes, et leurs cases, abrégées.

    Examples
    --------
    >>> problem("vide", [False, True, True], [2, 3, 4], "heure", "Case vide.").lines
    (3, 4)
    """
    faulty = np.flatnonzero(np.asarray(mask))
    rows, numbers = faulty[:LINES_SHOWN], np.asarray(lines)
    values = () if texts is None else tuple(shortened(str(texts[row])) for row in rows)
    return Problem(kind, message, column, tuple(int(numbers[row]) for row in rows), values, len(faulty))


def shortened(text: str) -> str:
    """Contenu d’une case, coupé s’il est long.

    Parameters
    ----------
    text : str
        Contenu lu.

    Returns
    -------
    str
        Quarante signes au plus.
    """
    text = text.strip()
    return text if len(text) <= _CELL else f"{text[: _CELL - 1]}…"
