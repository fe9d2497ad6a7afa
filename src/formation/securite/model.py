"""Références à battre et modèle jouet : tous s’ajustent sur un tableau de `features.panel` et rendent un score.

Chaque estimateur suit l’usage de scikit-learn : `fit(X, y)` avec `y` la présence d’un danger à chaque pas, `predict(X)`
un score par pas. L’alerte se déclenche quand le score atteint `threshold` trois pas de suite
(:func:`formation.metrics.ring`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from formation import metrics
from formation.securite import features

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NAIVE_THRESHOLD = 4.2
"""Seuil fixe naïf, en pers./m² : le danger moins une marge, choisi sans mesurer."""
RECALL_WANTED = 0.8
"""Part des épisodes que le seuil fixe choisi doit signaler pendant les soirées de réglage."""
CHOSEN = {"max_iter": 60, "learning_rate": 0.1, "max_leaf_nodes": 15, "min_samples_leaf": 200, "max_bins": 128}
"""Réglages choisis sur les soirées de validation."""


class Never(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Système muet : n’alerte jamais. Son exactitude est presque parfaite, et il ne sert à rien.

    Examples
    --------
    >>> Never().fit(None, None).predict(pd.DataFrame({"densite": [1.0, 6.0]})).tolist()
    [0.0, 0.0]
    """

    threshold = 0.5

    def fit(self, X: pd.DataFrame | None, y: ArrayLike | None) -> Self:  # noqa: ARG002
        """N’apprend rien."""
        self.fitted_ = True
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend zéro partout."""
        return np.zeros(len(X))


class FixedThreshold(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Option sans IA : alerter quand la densité mesurée dépasse un seuil.

    Parameters
    ----------
    threshold : float
        Seuil d’alerte, en pers./m².
    column : str
        Colonne comparée au seuil.

    Examples
    --------
    >>> FixedThreshold().fit(None, None).predict(pd.DataFrame({"densite": [1.0, 6.0]})).tolist()
    [1.0, 6.0]
    """

    def __init__(self, threshold: float = NAIVE_THRESHOLD, column: str = "densite") -> None:
        self.threshold = threshold
        self.column = column

    def fit(self, X: pd.DataFrame | None, y: ArrayLike | None) -> Self:  # noqa: ARG002
        """N’apprend rien : le seuil est donné."""
        self.fitted_ = True
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend la densité mesurée, en pers./m²."""
        return np.asarray(X[self.column], float)


class ChosenThreshold(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Option sans IA bien réglée : le plus haut seuil qui signale assez d’épisodes pendant les soirées de réglage.

    Parameters
    ----------
    recall : float
        Part des épisodes à signaler.
    column : str
        Colonne comparée au seuil.

    Attributes
    ----------
    threshold : float
        Seuil retenu, en pers./m² ; l’infini avant l’ajustement.
    """

    threshold = float("inf")

    def __init__(self, recall: float = RECALL_WANTED, column: str = "moyenne_30s") -> None:
        self.recall = recall
        self.column = column

    def fit(self, X: pd.DataFrame, y: ArrayLike) -> Self:
        """Choisit le seuil sur les soirées données ; `y` dit à quels pas il y avait danger.

        Parameters
        ----------
        X : DataFrame
            Tableau de :func:`formation.securite.features.panel`.
        y : array_like, forme (n,)
            1 quand la densité vraie atteint le danger.

        Returns
        -------
        ChosenThreshold
            Lui-même.

        Raises
        ------
        ValueError
            S’il n’y a aucun épisode : un seuil ne se règle pas sans exemple.
        """
        spans = features.spans(X, y)
        if not len(spans[0]):
            raise ValueError("Aucun épisode dans les soirées de réglage : un seuil ne se choisit pas sans exemple.")
        # Une série sans épisode ne change pas le rappel : inutile de la parcourir.
        kept = X[X["serie"].isin(spans[0])]
        score = kept[self.column].to_numpy(float)
        series, step = kept["serie"].to_numpy(), kept["pas_10s"].to_numpy()
        candidates = np.round(np.arange(6.0, 2.0, -0.05), 2)
        for threshold in candidates:
            rows = metrics.ring(score, series, step, threshold)
            caught = np.isfinite(metrics.judge(series[rows], step[rows], *spans).delay).mean()
            if caught >= self.recall:
                break
        self.threshold = float(threshold)
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend la densité lissée, en pers./m²."""
        return np.asarray(X[self.column], float)


class ToyModel(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Modèle jouet : petits arbres additionnés (*gradient boosting*) qui estiment une probabilité de danger.

    Parameters
    ----------
    columns : sequence of str
        Variables.
    threshold : float
        Seuil d’alerte, sur la probabilité.
    seed : int
        Graine.
    settings : dict, optional
        Réglages de `HistGradientBoostingClassifier` qui remplacent ceux choisis sur la validation.

    Examples
    --------
    >>> rows = pd.DataFrame({"x": [1.0, 6.0] * 500})
    >>> ToyModel(["x"]).fit(rows, [0, 1] * 500).predict(rows[:2]).round(1).tolist()
    [0.0, 1.0]
    """

    def __init__(
        self,
        columns: Sequence[str] = features.ALL,
        threshold: float = 0.5,
        seed: int = 447,
        settings: dict[str, Any] | None = None,
    ) -> None:
        self.columns = columns
        self.threshold = threshold
        self.seed = seed
        self.settings = settings

    def fit(self, X: pd.DataFrame, y: ArrayLike) -> Self:
        """Ajuste les arbres.

        Parameters
        ----------
        X : DataFrame
            Tableau de :func:`formation.securite.features.panel`.
        y : array_like, forme (n,)
            1 quand la densité vraie atteint le danger.

        Returns
        -------
        ToyModel
            Lui-même.
        """
        tree = HistGradientBoostingClassifier(
            early_stopping=False, random_state=self.seed, **(CHOSEN | (self.settings or {}))
        )
        # Un seul fil : même durée sur une machine partagée.
        with threadpool_limits(1):
            self.tree_ = tree.fit(X[list(self.columns)].to_numpy(np.float32), np.asarray(y, int))
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend la probabilité de danger de chaque pas, telle qu’apprise à la prévalence de l’apprentissage."""
        with threadpool_limits(1):
            return np.asarray(self.tree_.predict_proba(X[list(self.columns)].to_numpy(np.float32))[:, 1], float)


def gradient_boosting(columns: Sequence[str] = features.ALL, *, seed: int = 447, **settings: Any) -> ToyModel:
    """Modèle jouet du cas, non ajusté.

    Parameters
    ----------
    columns : sequence of str
        Variables.
    seed : int
        Graine.
    **settings
        Réglages de `HistGradientBoostingClassifier`.

    Returns
    -------
    ToyModel
        Estimateur à ajuster.

    Examples
    --------
    >>> gradient_boosting(max_iter=10).settings
    {'max_iter': 10}
    """
    return ToyModel(columns, seed=seed, settings=settings or None)


def baselines(recall: float = RECALL_WANTED) -> dict[str, Any]:
    """Références à battre, de la plus muette à la mieux réglée.

    Parameters
    ----------
    recall : float
        Part des épisodes que le seuil choisi doit signaler pendant les soirées de réglage.

    Returns
    -------
    dict of str to estimator
        `jamais d’alerte`, `seuil fixe 4,2` et `seuil fixe choisi` (à ajuster sur les soirées de validation).

    Examples
    --------
    >>> list(baselines())
    ['jamais d’alerte', 'seuil fixe 4,2', 'seuil fixe choisi']
    """
    return {
        "jamais d’alerte": Never(),
        "seuil fixe 4,2": FixedThreshold(),
        "seuil fixe choisi": ChosenThreshold(recall),
    }
