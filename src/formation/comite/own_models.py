"""Les trois méthodes d’une mesure : la moyenne, une droite, des arbres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

MEAN, LINEAR, TREES = "moyenne", "linéaire", "arbres"
Fold = tuple[NDArray[np.int64], NDArray[np.int64]]


def errors(
    method: str,
    values: pd.DataFrame,
    wanted: NDArray[np.float64],
    folds: Sequence[Fold],
    *,
    binary: bool,
    seed: int = 447,
) -> NDArray[np.float64]:
    """Erreur de chaque ligne, prévue par un modèle qui n’a pas appris son bloc.

    Parameters
    ----------
    method : {"moyenne", "linéaire", "arbres"}
        Méthode.
    values : DataFrame of float, forme (n, p)
        Variables.
    wanted : ndarray of float, forme (n,)
        Valeurs à prévoir.
    folds : sequence of tuple
        Lignes à apprendre, lignes à prévoir.
    binary : bool
        Vrai si la réponse est 0 ou 1.
    seed : int
        Graine des arbres.

    Returns
    -------
    ndarray of float, forme (n,)
        Écart absolu, ou carré de l’écart (score de Brier) si la réponse est 0 ou 1 ; absent hors des blocs prévus.
    """
    matrix = values.to_numpy(dtype=float)
    found = np.full(len(wanted), np.nan)
    floor = 0.0 if wanted.min() >= 0 else -np.inf
    for learn, test in folds:
        if method == MEAN or not matrix.shape[1] or len(np.unique(wanted[learn])) < 2:
            forecast = np.full(len(test), wanted[learn].mean())
        else:
            model = _linear(binary) if method == LINEAR else _trees(binary, seed)
            # Des tables de quelques milliers de lignes : plusieurs fils ne font que s’attendre.
            with threadpool_limits(1):
                model.fit(matrix[learn], wanted[learn])
                forecast = model.predict_proba(matrix[test])[:, 1] if binary else model.predict(matrix[test])
        gap = np.maximum(forecast, floor) - wanted[test]
        found[test] = gap**2 if binary else np.abs(gap)
    return found


def _linear(binary: bool) -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    last = LogisticRegression(max_iter=2000) if binary else RidgeCV(np.logspace(-1, 4, 6))
    # Une case vide dit quelque chose (aucune grève ce jour-là) : elle a sa propre variable.
    imputer = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return make_pipeline(imputer, StandardScaler(), last)


def _trees(binary: bool, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    settings: dict[str, Any] = {
        "max_iter": 120,
        "learning_rate": 0.06,
        "max_leaf_nodes": 15,
        "l2_regularization": 1.0,
        "early_stopping": False,
        "random_state": seed,
    }
    return HistGradientBoostingClassifier(**settings) if binary else HistGradientBoostingRegressor(**settings)
