"""Références à battre et modèles jouets : tous s’ajustent sur un tableau de `features.panel` et rendent une grandeur.

Chaque estimateur suit l’usage de scikit-learn : `fit(X, y)` avec `y` le débit mesuré à l’horizon, en m³/s/km² ;
`predict(X)` rend une grandeur (pluie en mm, débit en m³/s/km²) que l’on compare ensuite à un seuil d’alerte. Le seuil
n’est jamais choisi ici : il se choisit sur les épisodes de validation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from formation.risques import features

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

CHOSEN = {"max_iter": 150, "learning_rate": 0.08, "max_leaf_nodes": 6, "min_samples_leaf": 40, "max_bins": 128}
"""Réglages choisis sur les épisodes de validation."""
RAIN_LEVELS = tuple(float(level) for level in range(2, 61))
FLOW_LEVELS = tuple(sorted((round(0.05 * k, 2) for k in range(4, 41)), key=lambda level: (abs(level - 1), level)))
"""Seuils essayés ; à égalité, on préfère le plus proche de 1 m³/s/km²."""


class RainRule(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Règle de pluie : alerter quand il est tombé assez d’eau depuis une heure.

    Parameters
    ----------
    column : str
        Cumul regardé, `pluie_60` par défaut.

    Examples
    --------
    >>> import pandas as pd
    >>> RainRule().fit(None, None).predict(pd.DataFrame({"pluie_60": [12.0]})).tolist()
    [12.0]
    """

    levels = RAIN_LEVELS

    def __init__(self, column: str = "pluie_60") -> None:
        self.column = column

    def fit(self, X: pd.DataFrame | None, y: ArrayLike | None) -> Self:  # noqa: ARG002
        """N’apprend rien : seul le seuil se règle."""
        self.fitted_ = True
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend le cumul, en mm."""
        return np.asarray(X[self.column], dtype=float)


class Persistence(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Persistance : le débit prévu est le débit mesuré maintenant. Sans mesure, elle ne dit rien.

    Examples
    --------
    >>> import pandas as pd
    >>> Persistence().fit(None, None).predict(pd.DataFrame({"debit": [0.4, float("nan")]})).tolist()
    [0.4, nan]
    """

    levels = (features.ALERT_M3_S_KM2,)

    def fit(self, X: pd.DataFrame | None, y: ArrayLike | None) -> Self:  # noqa: ARG002
        """N’apprend rien, et n’a pas de réglage."""
        self.fitted_ = True
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend le débit mesuré, en m³/s/km²."""
        return np.asarray(X["debit"], dtype=float)


class Trees(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Modèle jouet : des arbres de décision qui prévoient le débit à l’horizon.

    Il apprend seulement sur les lignes où le débit est mesuré, maintenant et à l’horizon. Devant un débit absent, il
    répond quand même, sans prévenir : voir :mod:`formation.risques.guard`.

    Parameters
    ----------
    columns : sequence of str
        Variables.
    seed : int
        Graine.
    settings : dict, optional
        Réglages de `HistGradientBoostingRegressor` qui remplacent :data:`CHOSEN`.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"debit": [0.0, 2.0] * 100})
    >>> Trees(["debit"]).fit(rows, [0.0, 3.0] * 100).predict(rows[:2]).round(2).tolist()
    [0.0, 3.0]
    """

    levels = FLOW_LEVELS

    def __init__(
        self, columns: Sequence[str] = features.ALL, seed: int = 447, settings: dict[str, Any] | None = None
    ) -> None:
        self.columns = columns
        self.seed = seed
        self.settings = settings

    def fit(self, X: pd.DataFrame, y: ArrayLike) -> Self:
        """Ajuste les arbres."""
        target = np.asarray(y, dtype=float)
        known = _learnable(X, target, self.columns)
        tree = HistGradientBoostingRegressor(
            early_stopping=False, random_state=self.seed, **(CHOSEN | (self.settings or {}))
        )
        # Un seul fil : même durée sur une machine partagée, et le tableau est petit.
        with threadpool_limits(1):
            # Le logarithme donne du poids aux débits autour du seuil, pas aux seules pointes.
            self.tree_ = tree.fit(X.loc[known, list(self.columns)], np.log1p(np.maximum(target[known], 0)))
        self.highest_ = float(target[known].max())
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend le débit prévu, en m³/s/km² ; jamais au-dessus de ce qui a été appris."""
        with threadpool_limits(1):
            return np.asarray(np.expm1(self.tree_.predict(X[list(self.columns)])))


class Linear(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Régression linéaire sur les mêmes variables : elle prolonge la droite, sans limite.

    Sur le logarithme du débit, usage courant en hydrologie, la droite devient une exponentielle.

    Parameters
    ----------
    columns : sequence of str
        Variables.
    alpha : float
        Régularisation.
    log : bool
        Vrai pour apprendre log(1 + débit), comme les arbres.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"debit": [0.0, 1.0, 2.0, 3.0]})
    >>> Linear(["debit"], alpha=1e-6).fit(rows, [0, 2, 4, 6]).predict(pd.DataFrame({"debit": [10.0]})).round(2).tolist()
    [20.0]
    """

    levels = FLOW_LEVELS

    def __init__(self, columns: Sequence[str] = features.ALL, alpha: float = 1.0, log: bool = False) -> None:
        self.columns = columns
        self.alpha = alpha
        self.log = log

    def fit(self, X: pd.DataFrame, y: ArrayLike) -> Self:
        """Ajuste la droite."""
        target = np.asarray(y, dtype=float)
        known = _learnable(X, target, self.columns)
        # Une variable jamais mesurée ne doit ni arrêter l’ajustement, ni avertir en anglais.
        line = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler(), Ridge(self.alpha))
        learnt = np.log1p(np.maximum(target, 0)) if self.log else target
        self.line_ = line.fit(X.loc[known, list(self.columns)], learnt[known])
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend le débit prévu, en m³/s/km²."""
        found = np.asarray(self.line_.predict(X[list(self.columns)]))
        return np.expm1(found) if self.log else found


def baselines() -> dict[str, Any]:
    """Références à battre.

    Returns
    -------
    dict of str to estimator
        Règle de pluie sur une heure (seuil à choisir) et persistance (débit de maintenant, seuil 1).

    Examples
    --------
    >>> list(baselines())
    ['règle de pluie', 'persistance']
    """
    return {"règle de pluie": RainRule(), "persistance": Persistence()}


def gradient_boosting(columns: Sequence[str] = features.ALL, *, seed: int = 447, **settings: Any) -> Trees:
    """Modèle jouet, sans garde.

    Parameters
    ----------
    columns : sequence of str
        Variables.
    seed : int
        Graine.
    **settings
        Réglages qui remplacent :data:`CHOSEN`.

    Returns
    -------
    Trees
        Estimateur prêt pour `fit`.

    Examples
    --------
    >>> gradient_boosting(["debit"], max_iter=20).settings
    {'max_iter': 20}
    """
    return Trees(columns, seed, settings or None)


def _learnable(X: pd.DataFrame, target: NDArray[np.float64], columns: Sequence[str]) -> NDArray[np.bool_]:
    """Lignes dont le débit est mesuré à l’horizon et, si le modèle s’en sert, maintenant."""
    known = ~np.isnan(target)
    if "debit" in columns:
        known &= X["debit"].notna().to_numpy()
    return known
