"""Une photo d’une autre année : les couleurs bougent, le modèle se perd, un recalage d’une ligne le répare.

Le recalage multiplie chaque couleur pour que la moyenne du lot redevienne celle de l’apprentissage. Il suppose que le
lot montre à peu près le même genre de paysage que l’apprentissage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.mobilites import tables
from formation.mobilites.evaluation import iou
from formation.mobilites.model import MODEL

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from formation.mobilites.evaluation import Trial

SHIFT = (1.25, 1.12, 0.90)
"""Rouge, vert et bleu d’une autre campagne aérienne, rapportés à ceux de la campagne apprise."""
STATES = ("campagne apprise", "autre campagne", "autre campagne, recalée")


def shift(images: Iterable[ArrayLike], gains: Sequence[float] = SHIFT) -> list[NDArray[np.uint8]]:
    """Photos telles qu’une autre campagne les aurait prises.

    Parameters
    ----------
    images : iterable of array d’octets, forme (h, l, 3)
        Photos.
    gains : sequence of float
        Facteur de chaque couleur.

    Returns
    -------
    list of ndarray
        Photos, bornées à 255.

    Examples
    --------
    >>> shift([np.full((1, 1, 3), 200, np.uint8)])[0].tolist()
    [[[250, 224, 180]]]
    """
    return [_scaled(image, np.asarray(gains, float)) for image in images]


def mean_colour(images: Iterable[ArrayLike]) -> NDArray[np.float64]:
    """Couleur moyenne d’un lot de photos, chaque point comptant autant.

    Parameters
    ----------
    images : iterable of array d’octets, forme (h, l, 3)
        Photos.

    Returns
    -------
    ndarray, forme (3,)
        Rouge, vert, bleu, de 0 à 255.

    Examples
    --------
    >>> mean_colour([np.full((2, 2, 3), 10, np.uint8), np.full((2, 2, 3), 30, np.uint8)]).tolist()
    [20.0, 20.0, 20.0]
    """
    listed = [np.asarray(image).reshape(-1, 3) for image in images]
    return np.asarray(sum(part.sum(0, dtype=float) for part in listed) / sum(len(part) for part in listed))


def recentre(images: Iterable[ArrayLike], reference: ArrayLike) -> list[NDArray[np.uint8]]:
    """Ramène la couleur moyenne d’un lot à celle de l’apprentissage, en multipliant chaque couleur.

    Parameters
    ----------
    images : iterable of array d’octets, forme (h, l, 3)
        Photos d’une même campagne.
    reference : array_like, forme (3,)
        Couleur moyenne des photos d’apprentissage.

    Returns
    -------
    list of ndarray
        Photos recalées.

    Examples
    --------
    >>> recentre([np.full((1, 1, 3), 100, np.uint8)], [50, 100, 200])[0].tolist()
    [[[50, 100, 200]]]
    """
    listed = [np.asarray(image) for image in images]
    gains = np.asarray(reference, float) / np.maximum(mean_colour(listed), 1.0)
    return [_scaled(image, gains) for image in listed]


def evaluate(done: Trial, *, method: str = MODEL, gains: Sequence[float] = SHIFT) -> pd.DataFrame:
    """IoU des tuiles de test, photographiées par une autre campagne, avant et après recalage.

    Parameters
    ----------
    done : Trial
        Essai.
    method : str
        Méthode.
    gains : sequence of float
        Décalage de chaque couleur.

    Returns
    -------
    DataFrame
        Trois lignes, celles de `STATES` : `etat`, `iou`.
    """
    images = [tile.image for tile in done.tiles["test"]]
    moved = shift(images, gains)
    truth, finder = done.truth(), done.methods[method]
    found = [iou(done.surface(method=method), truth)]
    found += [iou(finder.predict(lot), truth) for lot in (moved, recentre(moved, done.reference))]
    return pd.DataFrame({"etat": STATES, "iou": found})


def second_campaign(done: Trial, *, method: str = MODEL) -> pd.DataFrame:
    """Les tuiles livrées de la campagne suivante : même sol, autres véhicules, autre lumière.

    Parameters
    ----------
    done : Trial
        Essai.
    method : str
        Méthode.

    Returns
    -------
    DataFrame
        Trois lignes : `etat`, `iou`. Les mêmes lieux vus par la campagne apprise, par l’autre, puis recalés.
    """
    later = tables.tiles("test", campaign=tables.CAMPAIGNS[1], tables=done.tables)
    ground = _ground(done.tables["tuiles"])
    same = {ground[tile.id_tuile] for tile in later}
    first = [rank for rank, tile in enumerate(done.tiles["test"]) if ground[tile.id_tuile] in same]
    finder, known, truth = done.methods[method], done.surface(method=method), done.truth()
    found = [iou([known[rank] for rank in first], [truth[rank] for rank in first])]
    images, real = [tile.image for tile in later], [tables.is_parking(tile.mask) for tile in later]
    found += [iou(finder.predict(lot), real) for lot in (images, recentre(images, done.reference))]
    return pd.DataFrame({"etat": STATES, "iou": found})


def _scaled(image: ArrayLike, gains: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.clip(np.rint(np.asarray(image, np.float32) * gains.astype(np.float32)), 0, 255).astype(np.uint8)


def _ground(tiles: pd.DataFrame) -> dict[str, Any]:
    corners = zip(tiles["x_m"], tiles["y_m"], strict=True)
    return dict(zip(tiles["id_tuile"], corners, strict=True))
