"""Passer d’une photo à une carte : un estimateur de points appliqué partout, puis un lissage et une coupure.

L’estimateur suit l’usage de scikit-learn et ne voit que les descripteurs de :mod:`formation.mobilites.features`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from sklearn.base import BaseEstimator, clone
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from formation.mobilites import features

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Maps = list[NDArray[np.float32]]

PARKING = (3, 4)
"""Codes du parc : places et voies, véhicules garés."""
VEHICLE = (4,)
SAMPLED = 60_000
"""Points tirés au sort pour apprendre : davantage ne change plus rien, et tient moins dans le temps."""


class Points(NamedTuple):
    """Points tirés au sort dans des photos.

    Attributes
    ----------
    rows : ndarray, forme (n, len(features.NAMES))
        Descripteurs.
    truth : ndarray of bool, forme (n,)
        Vrai pour la classe cherchée.
    tile : ndarray of int, forme (n,)
        Rang de la photo.
    """

    rows: NDArray[np.float32]
    truth: NDArray[np.bool_]
    tile: NDArray[np.intp]


class Segmenter(BaseEstimator):  # type: ignore[misc]
    """Applique un estimateur à tous les points d’une photo, puis lisse et coupe.

    Parameters
    ----------
    estimator : estimator
        Classifieur de points, avec `fit` et `predict_proba`.
    threshold : float
        Probabilité à partir de laquelle un point est retenu.
    smoothing : float
        Largeur du lissage de la carte, en points de 0,40 m ; 0 pour aucun.
    codes : sequence of int
        Classes cherchées.
    within : sequence of int, optional
        N’apprendre que sur ces classes ; toutes par défaut.
    stride : int
        Un point décrit sur combien est prédit dans chaque sens ; entre deux, la probabilité est interpolée.
    seed : int
        Graine du tirage des points.
    """

    def __init__(
        self,
        estimator: Any,
        threshold: float = 0.5,
        smoothing: float = 1.0,
        codes: Sequence[int] = PARKING,
        within: Sequence[int] | None = None,
        stride: int = 2,
        seed: int = 447,
    ) -> None:
        self.estimator = estimator
        self.threshold = threshold
        self.smoothing = smoothing
        self.codes = codes
        self.within = within
        self.stride = stride
        self.seed = seed

    def fit(self, images: Iterable[ArrayLike], masks: Iterable[ArrayLike]) -> Self:
        """Apprend sur des points tirés au sort dans les photos.

        Parameters
        ----------
        images : iterable of array, forme (h, l, 3)
            Photos à 0,20 m par point, de tailles libres.
        masks : iterable of array, forme (h, l)
            Classe vraie de chaque point.

        Returns
        -------
        Segmenter
            Lui-même.

        Raises
        ------
        ValueError
            Si aucune photo n’est donnée.
        """
        (points,) = sample(images, masks, [self], seed=self.seed)
        return self.fit_points(points.rows, points.truth)

    def fit_points(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Apprend sur des points déjà décrits.

        Parameters
        ----------
        X : array_like, forme (n, len(features.NAMES))
            Descripteurs.
        y : array_like, forme (n,)
            Vrai pour la classe cherchée.

        Returns
        -------
        Segmenter
            Lui-même.
        """
        # Un seul fil : même durée sur une machine partagée.
        with threadpool_limits(1):
            self.estimator_ = clone(self.estimator).fit(np.asarray(X), np.asarray(y, bool))
        return self

    def proba(self, described: NDArray[np.float32]) -> NDArray[np.float32]:
        """Carte de probabilité d’une photo déjà décrite, sans lissage.

        Parameters
        ----------
        described : ndarray, forme (h / 2, l / 2, len(features.NAMES))
            Descripteurs de :func:`formation.mobilites.features.describe`.

        Returns
        -------
        ndarray, forme (h / 2, l / 2)
            Probabilités.
        """
        classes = list(self.estimator_.classes_)
        if True not in classes:
            return np.zeros(described.shape[:2], np.float32)
        kept = described[:: self.stride, :: self.stride]
        found = self.estimator_.predict_proba(kept.reshape(-1, described.shape[-1]))
        coarse = np.asarray(found[:, classes.index(True)].reshape(kept.shape[:2]), np.float32)
        return coarse if self.stride == 1 else _between(coarse, described.shape[:2], self.stride)

    def maps(self, images: Iterable[ArrayLike]) -> Maps:
        """Carte de probabilité de chaque photo, à 0,40 m par point, sans lissage.

        Parameters
        ----------
        images : iterable of array, forme (h, l, 3)
            Photos.

        Returns
        -------
        list of ndarray
            Une carte par photo.
        """
        with threadpool_limits(1):
            return [self.proba(features.describe(image)) for image in images]

    def cut(self, layer: NDArray[np.float32], shape: tuple[int, int]) -> NDArray[np.bool_]:
        """Lisse et coupe une carte de probabilité, puis la remet à la taille de la photo.

        Parameters
        ----------
        layer : ndarray, forme (h / 2, l / 2)
            Carte de probabilité.
        shape : tuple of int
            Lignes et colonnes de la photo.

        Returns
        -------
        ndarray of bool
            Vrai pour un point retenu, à 0,20 m.
        """
        from scipy import ndimage

        soft = ndimage.gaussian_filter(layer, self.smoothing) if self.smoothing else layer
        return features.enlarge(np.asarray(soft) > self.threshold, shape)

    def predict(self, images: Iterable[ArrayLike]) -> list[NDArray[np.bool_]]:
        """Surface trouvée sur chaque photo.

        Parameters
        ----------
        images : iterable of array, forme (h, l, 3)
            Photos.

        Returns
        -------
        list of ndarray of bool, forme (h, l)
            Vrai pour un point retenu, à 0,20 m.
        """
        listed = [np.asarray(image) for image in images]
        pairs = zip(self.maps(listed), listed, strict=True)
        return [self.cut(layer, (image.shape[0], image.shape[1])) for layer, image in pairs]


def sample(
    images: Iterable[ArrayLike],
    masks: Iterable[ArrayLike],
    targets: Sequence[Segmenter],
    *,
    size: int = SAMPLED,
    seed: int = 447,
) -> list[Points]:
    """Points tirés au sort dans des photos, décrites une seule fois pour tous les modèles.

    Parameters
    ----------
    images, masks : iterable of array
        Photos et classes vraies, de mêmes tailles.
    targets : sequence of Segmenter
        Modèles : leurs `codes` disent ce qu’ils cherchent, leur `within` où ils apprennent.
    size : int
        Nombre de points par modèle, tous s’il y en a moins.
    seed : int
        Graine.

    Returns
    -------
    list of Points
        Points de chaque modèle, tirés sans remise ; chaque photo en donne selon sa taille.

    Raises
    ------
    ValueError
        Si aucune photo n’est donnée.
    """
    pairs = [(np.asarray(image), np.asarray(mask)) for image, mask in zip(images, masks, strict=True)]
    if not pairs:
        raise ValueError("Aucune photo : il en faut au moins une, avec son masque, pour apprendre.")
    rng = np.random.default_rng(seed)
    allowed = [[_allowed(mask, target) for _, mask in pairs] for target in targets]
    shares = [min(1.0, size / max(sum(len(a) for a in places), 1)) for places in allowed]
    found: list[list[tuple[Any, Any, Any]]] = [[] for _ in targets]
    for rank, (image, mask) in enumerate(pairs):
        described = features.describe(image).reshape(-1, len(features.NAMES))
        for target, places, share, kept in zip(targets, allowed, shares, found, strict=True):
            drawn = rng.choice(places[rank], round(share * len(places[rank])), replace=False)
            truth = features.shares(mask, target.codes).ravel()[drawn]
            kept.append((described[drawn], truth, np.full(len(drawn), rank)))
    return [Points(*(np.concatenate(part) for part in zip(*kept, strict=True))) for kept in found]


def _allowed(mask: NDArray[Any], target: Segmenter) -> NDArray[np.intp]:
    shape = tuple(-(-side // features.BLOCK) for side in mask.shape)
    if target.within is None:
        return np.arange(shape[0] * shape[1])
    return np.flatnonzero(features.shares(mask, target.within))


def _between(coarse: NDArray[np.float32], shape: tuple[int, ...], stride: int) -> NDArray[np.float32]:
    """Interpole une carte prédite un point sur `stride`."""
    from scipy import ndimage

    places = np.meshgrid(*(np.arange(side, dtype=np.float32) / stride for side in shape), indexing="ij")
    return np.asarray(ndimage.map_coordinates(coarse, places, order=1, mode="nearest"), np.float32)
