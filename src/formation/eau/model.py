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
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from formation.eau import features

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

AGE_EDGES = (0, 10, 20, 30, 40, 50, 60, 70, 200)
"""Classes d’âge de la référence « âge × matériau », en années."""

CHOSEN = {
    "learning_rate": 0.03,
    "max_iter": 150,
    "max_leaf_nodes": 4,
    "min_samples_leaf": 100,
    "l2_regularization": 10.0,
}
"""Réglages choisis sur 2022–2023, en moyenne de cinq graines (:func:`formation.eau.evaluation.validation`)."""

SKEWED = ("trafic_veh_j", "diametre_mm", "pression_bar", "branchements_km", *features.HISTORY)
"""Variables étirées vers le haut : la régression de Poisson en prend le logarithme."""


class Random(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Hasard : la même note pour tous, donc un ordre quelconque.

    Examples
    --------
    >>> Random().fit(None, None).predict(pd.DataFrame({"longueur_m": [10.0, 20.0]})).tolist()
    [1.0, 1.0]
    """

    def fit(self, X: pd.DataFrame | None, y: ArrayLike | None) -> Self:  # noqa: ARG002
        """N’apprend rien."""
        self.fitted_ = True
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend la même note pour chaque ligne."""
        return np.ones(len(X))


class Age(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Âge seul : les plus vieilles conduites d’abord ; un âge inconnu prend l’âge médian.

    Examples
    --------
    >>> table = pd.DataFrame({"age": [10.0, None, 50.0]})
    >>> Age().fit(table, [0, 0, 1]).predict(table).tolist()
    [10.0, 30.0, 50.0]
    """

    def fit(self, X: pd.DataFrame, y: ArrayLike) -> Self:  # noqa: ARG002
        """Retient l’âge médian."""
        known = X["age"].dropna()
        self.median_ = float(known.median()) if len(known) else 0.0
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend l’âge, en années."""
        return np.asarray(X["age"].fillna(self.median_).to_numpy(float))


class AgeMaterial(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Âge × matériau : taux moyen appris dans chaque case d’un tableau croisé, comme sur une feuille de calcul.

    Parameters
    ----------
    prior_km : float
        Kilomètres × années fictifs au taux moyen, ajoutés à chaque case pour calmer les petites cases.

    Examples
    --------
    >>> table = pd.DataFrame({"age": [5.0, 60.0], "materiau": ["PVC", "PVC"], "longueur_m": [1000.0, 1000.0]})
    >>> low, high = AgeMaterial().fit(table, [0, 3]).predict(table)
    >>> bool(low < high)
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
        return np.asarray(self.rates_.reindex(keys).fillna(self.mean_).to_numpy(float))

    @staticmethod
    def _cells(X: pd.DataFrame) -> pd.DataFrame:
        age = np.digitize(X["age"].to_numpy(float), AGE_EDGES)
        age[X["age"].isna().to_numpy()] = -1
        material = X["materiau"].astype(object).fillna("inconnu").to_numpy()
        return pd.DataFrame({"age": age, "material": material})


class History(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Historique par kilomètre : les tronçons qui ont déjà cassé d’abord, rapportés à leur longueur.

    Examples
    --------
    >>> History().fit(None, None).predict(pd.DataFrame({"taux_historique": [0.5, 0.0]})).tolist()
    [0.5, 0.0]
    """

    def fit(self, X: pd.DataFrame | None, y: ArrayLike | None) -> Self:  # noqa: ARG002
        """N’apprend rien : tout est dans le passé du tronçon."""
        self.fitted_ = True
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend le taux passé, en défaillances par kilomètre et par an."""
        return np.asarray(X["taux_historique"].to_numpy(float))


class RatePerKm(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Régression de Poisson d’un taux par kilomètre, la longueur servant d’exposition.

    Prévoir « défaillances ÷ km » en pesant chaque ligne par ses kilomètres revient à une régression de Poisson
    du nombre de défaillances avec la longueur en exposition.

    Parameters
    ----------
    regressor : estimator
        Régresseur ou chaîne scikit-learn à perte de Poisson, qui accepte `sample_weight`.
    columns : sequence of str
        Variables données au régresseur.

    Examples
    --------
    >>> table = pd.DataFrame({"age": [5.0, 60.0] * 50, "longueur_m": [100.0] * 100})
    >>> model = RatePerKm(PoissonRegressor(), ["age"]).fit(table, [0, 1] * 50)
    >>> model.predict(table[:2]).argmax()
    np.int64(1)
    """

    def __init__(self, regressor: Any, columns: Sequence[str] = features.ALL) -> None:
        self.regressor = regressor
        self.columns = columns

    def fit(self, X: pd.DataFrame, y: ArrayLike) -> Self:
        """Ajuste le régresseur sur le taux par kilomètre."""
        km = X["longueur_m"].to_numpy(float) / 1000
        self.regressor_ = clone(self.regressor)
        steps = getattr(self.regressor_, "steps", None)
        weight = f"{steps[-1][0]}__sample_weight" if steps else "sample_weight"
        # Un seul fil : même durée sur une machine partagée, et le tableau est petit.
        with threadpool_limits(1):
            self.regressor_.fit(X[list(self.columns)], np.asarray(y, float) / km, **{weight: km})
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend le taux prévu, en défaillances par kilomètre et par an."""
        with threadpool_limits(1):
            return np.asarray(self.regressor_.predict(X[list(self.columns)]))


def baselines() -> dict[str, Any]:
    """Références à battre, de la plus simple à la plus exigeante.

    Returns
    -------
    dict of str to estimator
        Hasard, âge, âge × matériau, historique par km.

    Examples
    --------
    >>> list(baselines())
    ['hasard', 'âge', 'âge × matériau', 'historique par km']
    """
    return {"hasard": Random(), "âge": Age(), "âge × matériau": AgeMaterial(), "historique par km": History()}


def gradient_boosting(columns: Sequence[str] = features.ALL, *, seed: int = 447, **settings: Any) -> RatePerKm:
    """Modèle jouet : arbres de gradient boosting à perte de Poisson.

    Parameters
    ----------
    columns : sequence of str
        Variables ; par défaut toutes celles de `features.ALL`.
    seed : int
        Graine de l’estimateur.
    **settings
        Réglages de `HistGradientBoostingRegressor` qui remplacent ceux choisis sur les années de validation.

    Returns
    -------
    RatePerKm
        Estimateur prêt pour `fit`.

    Examples
    --------
    >>> gradient_boosting(["age"]).columns
    ['age']
    """
    return RatePerKm(
        HistGradientBoostingRegressor(
            loss="poisson",
            categorical_features="from_dtype",
            early_stopping=False,
            random_state=seed,
            **(CHOSEN | settings),
        ),
        columns,
    )


def poisson_regression(columns: Sequence[str] = features.ALL, *, alpha: float = 1e-2) -> RatePerKm:
    """Variante lisible : régression de Poisson, un coefficient par variable.

    Parameters
    ----------
    columns : sequence of str
        Variables.
    alpha : float
        Pénalité des coefficients.

    Returns
    -------
    RatePerKm
        Estimateur prêt pour `fit`.

    Examples
    --------
    >>> poisson_regression(["age"]).columns
    ['age']
    """
    numeric = [name for name in columns if name != "materiau"]
    scaled = [name for name in numeric if name not in SKEWED]
    skewed = [name for name in numeric if name in SKEWED]
    parts = [
        ("lineaire", make_pipeline(_imputer(add_indicator=True), StandardScaler()), scaled),
        ("log", make_pipeline(_imputer(), FunctionTransformer(np.log1p), StandardScaler()), skewed),
        ("materiau", OneHotEncoder(handle_unknown="ignore"), [name for name in columns if name == "materiau"]),
    ]
    chain = make_pipeline(ColumnTransformer(parts), PoissonRegressor(alpha=alpha, max_iter=500))
    return RatePerKm(chain, columns)


def _imputer(*, add_indicator: bool = False) -> SimpleImputer:
    return SimpleImputer(strategy="median", keep_empty_features=True, add_indicator=add_indicator)
