"""Références à battre et modèles jouets : tous s’ajustent sur un tableau de `features.panel` et rendent un taux.

Chaque estimateur suit l’usage de scikit-learn : `fit(X, y)` avec `y` le nombre de défaillances de l’année,
`predict(X)` un risque **par kilomètre et par an**, plus grand = à écouter plus tôt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import PoissonRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from formation.eau import features

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

AGE_EDGES = (0, 10, 20, 30, 40, 50, 60, 70, 200)
"""Classes d’âge de la référence « âge × matériau », en années."""


class Random(RegressorMixin, BaseEstimator):
    """Hasard : la même note pour tous, donc un ordre quelconque.

    Examples
    --------
    >>> Random().fit(None, None).predict(pd.DataFrame({"longueur_m": [10.0, 20.0]})).tolist()
    [1.0, 1.0]
    """

    def fit(self, X: pd.DataFrame | None, y: ArrayLike | None) -> Self:
        """N’apprend rien."""
        self.fitted_ = True
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend la même note pour chaque ligne."""
        return np.ones(len(X))


class Age(RegressorMixin, BaseEstimator):
    """Âge seul : les plus vieilles conduites d’abord ; un âge inconnu prend l’âge médian.

    Examples
    --------
    >>> table = pd.DataFrame({"age": [10.0, None, 50.0]})
    >>> Age().fit(table, [0, 0, 1]).predict(table).tolist()
    [10.0, 30.0, 50.0]
    """

    def fit(self, X: pd.DataFrame, y: ArrayLike) -> Self:
        """Retient l’âge médian."""
        known = X["age"].dropna()
        self.median_ = float(known.median()) if len(known) else 0.0
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend l’âge, en années."""
        return np.asarray(X["age"].fillna(self.median_).to_numpy(float))


class AgeMaterial(RegressorMixin, BaseEstimator):
    """Âge × matériau : taux moyen appris dans chaque case d’un tableau croisé, comme sur une feuille de calcul.

    Parameters
    ----------
    prior_km : float
        Kilomètres × années fictifs au taux moyen, ajoutés à chaque case pour calmer les petites cases.

    Examples
    --------
    >>> table = pd.DataFrame({"age": [5.0, 60.0], "materiau": ["PVC", "PVC"], "longueur_m": [1000.0, 1000.0]})
    >>> low, high = AgeMaterial().fit(table, [0, 3]).predict(table)
    >>> low < high
    True
    """

    def __init__(self, prior_km: float = 20.0) -> None:
        self.prior_km = prior_km

    def fit(self, X: pd.DataFrame, y: ArrayLike) -> Self:
        """Calcule le taux de chaque case."""
        frame = self._cells(X).assign(y=np.asarray(y, float), km=X["longueur_m"].to_numpy(float) / 1000)
        self.mean_ = float(frame["y"].sum() / frame["km"].sum())
        cells = frame.groupby(["age", "material"])[["y", "km"]].sum()
        self.rates_ = (cells["y"] + self.prior_km * self.mean_) / (cells["km"] + self.prior_km)
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend le taux de la case, en défaillances par kilomètre et par an."""
        keys = pd.MultiIndex.from_frame(self._cells(X))
        return self.rates_.reindex(keys).fillna(self.mean_).to_numpy(float)

    @staticmethod
    def _cells(X: pd.DataFrame) -> pd.DataFrame:
        age = np.digitize(X["age"].to_numpy(float), AGE_EDGES)
        age[X["age"].isna().to_numpy()] = -1
        material = X["materiau"].astype(object).fillna("inconnu").to_numpy()
        return pd.DataFrame({"age": age, "material": material})


class History(RegressorMixin, BaseEstimator):
    """Historique par kilomètre : les tronçons qui ont déjà cassé d’abord, rapportés à leur longueur.

    Parameters
    ----------

    Examples
    --------
    >>> table = pd.DataFrame({"defaillances_avant": [1.0, 0.0], "taux_historique": [0.5, 0.0],
    ...                       "longueur_m": [500.0, 500.0]})
    >>> History().fit(table, [1, 0]).predict(table).argmax()
    np.int64(0)
    """

