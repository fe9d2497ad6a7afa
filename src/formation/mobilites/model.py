"""Références à battre et modèle jouet : chacun dit, point par point, si le sol est un parc de stationnement.

Tous sont des :class:`formation.mobilites.segmentation.Segmenter` : ils reçoivent des photos et rendent des cartes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from formation.mobilites import features
from formation.mobilites.segmentation import PARKING, VEHICLE, Segmenter

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MODEL, GREY, LINEAR = "modèle jouet", "seuil de gris", "classifieur linéaire"
CHOSEN = {
    "max_iter": 80,
    "learning_rate": 0.12,
    "max_leaf_nodes": 15,
    "min_samples_leaf": 200,
    "max_features": 0.3,
    "max_bins": 128,
}
"""Réglages choisis sur les tuiles de validation."""
VEHICLES = CHOSEN | {"max_iter": 40, "min_samples_leaf": 40}


class GreyThreshold(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Option sans IA : un point assez gris, ni trop clair ni trop sombre, est du bitume, donc un parc.

    Les bornes sont celles qui, sur les points donnés, recouvrent le mieux les parcs (IoU).

    Parameters
    ----------
    steps : int
        Valeurs essayées pour chaque borne.

    Attributes
    ----------
    low_, high_ : float
        Gris retenus, de 0 à 1.
    saturation_ : float
        Écart le plus fort admis entre les couleurs, de 0 à 1.

    Examples
    --------
    >>> rows = np.zeros((4, len(features.NAMES)), np.float32)
    >>> rows[:, features.GREY] = [0.4, 0.42, 0.9, 0.1]
    >>> GreyThreshold().fit(rows, [1, 1, 0, 0]).predict_proba(rows)[:, 1].tolist()
    [1.0, 1.0, 0.0, 0.0]
    """

    def __init__(self, steps: int = 12) -> None:
        self.steps = steps

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Essaie les bornes, garde les meilleures.

        Parameters
        ----------
        X : array_like, forme (n, len(features.NAMES))
            Descripteurs.
        y : array_like, forme (n,)
            1 pour un parc.

        Returns
        -------
        GreyThreshold
            Lui-même.
        """
        rows, truth = np.asarray(X), np.asarray(y, bool)
        grey, saturation = rows[:, features.GREY], rows[:, features.SATURATION]
        self.classes_ = np.array([False, True])
        inside = grey[truth] if truth.any() else grey
        lows = np.quantile(inside, np.linspace(0, 0.4, self.steps))
        highs = np.quantile(inside, np.linspace(0.6, 1, self.steps))
        limits = np.quantile(saturation[truth] if truth.any() else saturation, np.linspace(0.5, 1, self.steps))
        best = -1.0
        for limit in limits:
            dull = saturation <= limit
            # Comptes cumulés par gris croissant : chaque couple de bornes se lit par différence.
            order = np.sort(grey[dull])
            right = np.sort(grey[dull & truth])
            for low in lows:
                hits = np.searchsorted(right, highs, "right") - np.searchsorted(right, low, "left")
                said = np.searchsorted(order, highs, "right") - np.searchsorted(order, low, "left")
                iou = hits / np.maximum(said + truth.sum() - hits, 1)
                rank = int(np.argmax(iou))
                if iou[rank] > best:
                    best = float(iou[rank])
                    self.low_, self.high_, self.saturation_ = float(low), float(highs[rank]), float(limit)
        return self

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Rend 1 entre les bornes, 0 ailleurs.

        Parameters
        ----------
        X : array_like, forme (n, descripteurs)
            Points décrits.

        Returns
        -------
        ndarray, forme (n, 2)
            Probabilités de « autre » et de « parc ».
        """
        rows = np.asarray(X)
        grey = rows[:, features.GREY]
        said = (grey >= self.low_) & (grey <= self.high_) & (rows[:, features.SATURATION] <= self.saturation_)
        return np.column_stack([~said, said]).astype(float)

    def predict(self, X: ArrayLike) -> NDArray[np.bool_]:
        """Rend vrai pour un parc."""
        return np.asarray(self.predict_proba(X)[:, 1] > 0.5)


def segmenter(*, seed: int = 447, **settings: Any) -> Segmenter:
    """Modèle jouet du cas, non ajusté : petits arbres additionnés (*gradient boosting*), point par point.

    Parameters
    ----------
    seed : int
        Graine.
    **settings
        Réglages de `HistGradientBoostingClassifier` qui remplacent ceux choisis sur la validation.

    Returns
    -------
    Segmenter
        À ajuster sur des photos et leurs masques.

    Examples
    --------
    >>> segmenter(max_iter=10).estimator.max_iter
    10
    """
    tree = HistGradientBoostingClassifier(early_stopping=False, random_state=seed, **(CHOSEN | settings))
    return Segmenter(tree, seed=seed)


def vehicle_segmenter(*, seed: int = 447, **settings: Any) -> Segmenter:
    """Cherche les véhicules, dans un parc seulement : il n’apprend que là.

    Parameters
    ----------
    seed : int
        Graine.
    **settings
        Réglages de `HistGradientBoostingClassifier`.

    Returns
    -------
    Segmenter
        À ajuster sur des photos et leurs masques.

    Examples
    --------
    >>> vehicle_segmenter().codes
    (4,)
    """
    tree = HistGradientBoostingClassifier(early_stopping=False, random_state=seed, **(VEHICLES | settings))
    return Segmenter(tree, smoothing=0.0, codes=VEHICLE, within=PARKING, stride=1, seed=seed)


def baselines() -> dict[str, Segmenter]:
    """Références à battre : sans IA, puis un modèle linéaire simple.

    Returns
    -------
    dict of str to Segmenter
        `seuil de gris` (deux bornes de gris et une de saturation) et `classifieur linéaire` (régression logistique sur
        les mêmes descripteurs que le modèle jouet).

    Examples
    --------
    >>> list(baselines())
    ['seuil de gris', 'classifieur linéaire']
    """
    linear = make_pipeline(StandardScaler(), LogisticRegression(solver="newton-cholesky"))
    return {GREY: Segmenter(GreyThreshold()), LINEAR: Segmenter(linear)}
