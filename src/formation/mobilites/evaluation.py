"""Mesurer honnêtement : apprendre sur des tuiles, régler sur d’autres, publier sur des tuiles jamais vues.

Une tuile change de jeu entière, jamais point par point : deux points voisins se ressemblent trop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from formation import datasets
from formation.mobilites import features, segmentation, tables
from formation.mobilites.model import GREY, LINEAR, MODEL, baselines, segmenter, vehicle_segmenter
from formation.published import SEEDS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from formation.mobilites.segmentation import Maps, Points, Segmenter
    from formation.mobilites.tables import Tile
    from formation.territory import Territory

    Surfaces = list[NDArray[np.bool_]]

JUDGED = ("validation", "test")
METHODS = (GREY, LINEAR, MODEL)
THRESHOLDS = (0.3, 0.4, 0.5, 0.6)
SMOOTHINGS = (0.0, 1.0, 2.0)
"""Réglages essayés sur la validation."""
_LIKELY = 0.3


@dataclass(frozen=True)
class Trial:
    """Modèles ajustés, et ce qu’ils disent des tuiles de validation et de test.

    Attributes
    ----------
    tables : mapping of str to table
        Tables du cas.
    tiles : mapping of str to list of Tile
        Tuiles de chaque jeu.
    methods : mapping of str to Segmenter
        Références et modèle, ajustés et réglés.
    layers : mapping
        Cartes de probabilité, par (jeu, méthode).
    vehicle_finder : Segmenter
        Modèle des véhicules.
    vehicle_layers : mapping of str to list of ndarray
        Probabilité qu’un point soit un véhicule, à 0,40 m ; 0 là où un parc est improbable.
    points : Points
        Points de l’apprentissage.
    reference : ndarray, forme (3,)
        Couleur moyenne des photos d’apprentissage, de 0 à 255.
    """

    tables: Mapping[str, Any]
    tiles: Mapping[str, list[Tile]]
    methods: Mapping[str, Segmenter]
    layers: Mapping[tuple[str, str], Maps]
    vehicle_finder: Segmenter
    vehicle_layers: Mapping[str, Maps]
    points: Points
    reference: NDArray[np.float64]

    def truth(self, split: str = "test") -> Surfaces:
        """Parcs vrais de chaque tuile, véhicules compris.

        Parameters
        ----------
        split : str
            Jeu.

        Returns
        -------
        list of ndarray of bool
            Une carte à 0,20 m par tuile.
        """
        return [tables.is_parking(tile.mask) for tile in self.tiles[split]]

    def surface(self, split: str = "test", method: str = MODEL) -> Surfaces:
        """Parcs trouvés sur chaque tuile.

        Parameters
        ----------
        split, method : str
            Jeu et méthode.

        Returns
        -------
        list of ndarray of bool
            Une carte à 0,20 m par tuile.
        """
        finder = self.methods[method]
        pairs = zip(self.layers[split, method], self.tiles[split], strict=True)
        return [finder.cut(layer, tile.mask.shape) for layer, tile in pairs]

    def vehicles(self, split: str = "test") -> Maps:
        """Probabilité d’un véhicule, à 0,40 m, dans les parcs trouvés ; 0 ailleurs.

        Parameters
        ----------
        split : str
            Jeu.

        Returns
        -------
        list of ndarray
            Une carte par tuile.
        """
        pairs = zip(self.vehicle_layers[split], self.surface(split), strict=True)
        return [np.where(found[:: features.BLOCK, :: features.BLOCK], layer, 0) for layer, found in pairs]


def trial(data: Mapping[str, Any] | None = None, *, seed: int = 447, **settings: Any) -> Trial:
    """Ajuste les méthodes sur l’apprentissage, les règle sur la validation, juge le test.

    Parameters
    ----------
    data : mapping of str to table, optional
        Tables de la simulation ; celles du cours par défaut.
    seed : int
        Graine des modèles.
    **settings
        Réglages du modèle jouet.

    Returns
    -------
    Trial
        Méthodes, tuiles et cartes.
    """
    data = {name: tables.load(name) for name in datasets.names(tables.CASE)} if data is None else data
    tiles = {split: tables.tiles(split, tables=data) for split in tables.SPLITS}
    images, masks = zip(*((tile.image, tile.mask) for tile in tiles["apprentissage"]), strict=True)
    methods = {**baselines(), MODEL: segmenter(seed=seed, **settings)}
    vehicle = vehicle_segmenter(seed=seed)
    points, cars_points = segmentation.sample(images, masks, [methods[MODEL], vehicle], seed=seed)
    methods = {name: finder.fit_points(points.rows, points.truth) for name, finder in methods.items()}
    vehicle.fit_points(cars_points.rows, cars_points.truth)
    layers: dict[tuple[str, str], Maps] = {(split, name): [] for split in JUDGED for name in methods}
    cars: dict[str, Maps] = {split: [] for split in JUDGED}
    # Un seul fil : même durée sur une machine partagée.
    with threadpool_limits(1):
        for split, tile in ((name, tile) for name in JUDGED for tile in tiles[name]):
            described = features.describe(tile.image)
            for name, finder in methods.items():
                layers[split, name].append(finder.proba(described))
            cars[split].append(_inside(vehicle, described, layers[split, MODEL][-1]))
    reference = np.concatenate([image.reshape(-1, 3) for image in images]).mean(0)
    done = Trial(data, tiles, methods, layers, vehicle, cars, points, reference)
    return replace(done, methods={name: tune(done, name) for name in methods})


@lru_cache(maxsize=1)
def course() -> Trial:
    """L’essai du cours, sur les tables livrées : calculé une fois, gardé en mémoire.

    Returns
    -------
    Trial
        Celui de :func:`trial`.
    """
    return trial()


def tune(done: Trial, method: str) -> Segmenter:
    """Choisit le seuil et le lissage d’une méthode : ceux qui recouvrent le mieux les parcs de validation.

    Parameters
    ----------
    done : Trial
        Méthodes ajustées.
    method : str
        Méthode.

    Returns
    -------
    Segmenter
        La même méthode, réglée.
    """
    from scipy import ndimage

    layers = done.layers["validation", method]
    truth = [features.shares(tile.mask, segmentation.PARKING) for tile in done.tiles["validation"]]
    best, chosen = -1.0, (0.5, 0.0)
    for smoothing in SMOOTHINGS:
        soft = [ndimage.gaussian_filter(layer, smoothing) if smoothing else layer for layer in layers]
        for threshold in THRESHOLDS:
            reached = iou([layer > threshold for layer in soft], truth)
            if reached > best:
                best, chosen = reached, (threshold, smoothing)
    tuned = copy(done.methods[method])
    tuned.threshold, tuned.smoothing = chosen
    return tuned


def evaluate(done: Trial | None = None, *, split: str = "test") -> pd.DataFrame:
    """Compare les références et le modèle sur les tuiles de test.

    Parameters
    ----------
    done : Trial, optional
        Essai ; celui du cours par défaut.
    split : str
        Jeu.

    Returns
    -------
    DataFrame
        Une ligne par méthode : `methode`, puis les colonnes de :func:`scores`, puis `ecart_median` et `biais` de la
        surface de chaque parc, en part.
    """
    from formation.mobilites import surface

    done = course() if done is None else done
    truth, lines = done.truth(split), []
    for name in done.methods:
        found = surface.summary(surface.parks(done, split, name))
        line = {"methode": name, **scores(done.surface(split, name), truth)}
        lines.append(line | {"ecart_median": found["ecart_median"], "biais": found["biais"]})
    return pd.DataFrame(lines)


def scores(predicted: Sequence[ArrayLike] | ArrayLike, truth: Sequence[ArrayLike] | ArrayLike) -> dict[str, float]:
    """Toutes les mesures d’une carte, ou de plusieurs ensemble.

    Parameters
    ----------
    predicted, truth : array of bool, or list of arrays
        Parc trouvé et parc vrai, à 0,20 m par point, de mêmes formes.

    Returns
    -------
    dict of str to float
        `iou`, `f1`, `precision` (part du trouvé qui est vrai), `rappel` (part du vrai qui est trouvé), `exactitude`
        (part des points bien classés), entre 0 et 1, `surface_m2` et `surface_vraie_m2`.

    Examples
    --------
    >>> found = scores([[True, True]], [[True, False]])
    >>> found["iou"], round(found["f1"], 2), found["surface_m2"]
    (0.5, 0.67, 0.08)
    """
    both, said, real, total = _counts(predicted, truth)
    return {
        "iou": both / max(said + real - both, 1),
        "f1": 2 * both / max(said + real, 1),
        "precision": both / max(said, 1),
        "rappel": both / max(real, 1),
        "exactitude": (total - said - real + 2 * both) / max(total, 1),
        "surface_m2": said * tables.PIXEL_M2,
        "surface_vraie_m2": real * tables.PIXEL_M2,
    }


def iou(predicted: Sequence[ArrayLike] | ArrayLike, truth: Sequence[ArrayLike] | ArrayLike) -> float:
    """Recouvrement (IoU) : surface commune divisée par la surface couverte par l’un ou l’autre.

    Parameters
    ----------
    predicted, truth : array of bool, or list of arrays
        Cartes de mêmes formes.

    Returns
    -------
    float
        De 0 (rien de commun) à 1 (identiques). Sans unité.

    Examples
    --------
    >>> iou([[True, True, False]], [[False, True, True]])
    0.3333333333333333
    """
    both, said, real, _ = _counts(predicted, truth)
    return both / max(said + real - both, 1)


def f1(predicted: Sequence[ArrayLike] | ArrayLike, truth: Sequence[ArrayLike] | ArrayLike) -> float:
    """F1 par point : deux fois la surface commune, divisée par la somme des deux surfaces.

    Parameters
    ----------
    predicted, truth : array of bool, or list of arrays
        Cartes de mêmes formes.

    Returns
    -------
    float
        De 0 à 1 ; toujours plus flatteur que l’IoU. Sans unité.

    Examples
    --------
    >>> f1([[True, True, False]], [[False, True, True]])
    0.5
    """
    both, said, real, _ = _counts(predicted, truth)
    return 2 * both / max(said + real, 1)


def over_seeds(seeds: Iterable[int] = SEEDS, *, territory: Territory | None = None) -> pd.DataFrame:
    """Recommence :func:`evaluate` sur plusieurs simulations.

    Parameters
    ----------
    seeds : iterable of int
        Graines ; la première est celle des données livrées.
    territory : Territory, optional
        Territoire ; celui du cours par défaut.

    Returns
    -------
    DataFrame
        Les lignes de :func:`evaluate`, avec la colonne `graine`.
    """
    from formation.mobilites.simulation import simulate
    from formation.territory import load_territory

    place = load_territory() if territory is None else territory
    parts = [evaluate(trial(simulate(place, seed=seed))).assign(graine=seed) for seed in seeds]
    return pd.concat(parts, ignore_index=True)


def _counts(predicted: Any, truth: Any) -> tuple[int, int, int, int]:
    """Points communs, trouvés, vrais, et en tout."""
    said, real = (_flat(value) for value in (predicted, truth))
    if len(said) != len(real):
        raise ValueError(f"Les deux cartes n’ont pas la même taille : {len(said)} et {len(real)} points.")
    return int((said & real).sum()), int(said.sum()), int(real.sum()), len(real)


def _flat(value: Any) -> NDArray[np.bool_]:
    parts = [np.asarray(part, bool).ravel() for part in value]
    return np.concatenate(parts) if parts else np.zeros(0, bool)


def _inside(finder: Segmenter, described: NDArray[np.float32], likely: NDArray[np.float32]) -> NDArray[np.float32]:
    """Carte des véhicules, calculée seulement là où un parc est vraisemblable."""
    from scipy import ndimage

    near = ndimage.maximum_filter(likely, 5) > _LIKELY
    layer = np.zeros(likely.shape, np.float32)
    if near.any():
        layer[near] = finder.proba(described[near][None])[0]
    return layer
