"""La garde : savoir qu’un capteur s’est tu, le dire, et continuer avec ce qui reste.

Un modèle d’arbres accepte une case vide et répond quand même. Il répond presque toujours « pas d’alerte », parce que
c’est la réponse la plus fréquente. Aucune erreur ne s’affiche.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin, clone

from formation.errors import FormationError
from formation.numbers import percent
from formation.risques import features
from formation.risques.model import FLOW_LEVELS, Trees

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

STATES = ("mesuré", "absent", "nul", "figé")
"""Ce que dit le limnimètre : une mesure plausible, une case vide, un débit nul ou immobile alors qu’il a plu."""
FROZEN_AFTER_MM = 5.0
"""Pluie tombée en une heure à partir de laquelle un débit nul ou immobile devient suspect."""


class CapteurMuet(FormationError):
    """Le limnimètre ne dit rien de plausible : prévoir quand même donnerait une fausse tranquillité."""


def state(rows: pd.DataFrame) -> pd.Series:
    """État du limnimètre sur chaque ligne, d’après les seules mesures.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`formation.risques.features.panel`, ou au moins `debit`, `debit_var_10`, `debit_var_20`,
        `debit_var_30` et `pluie_60`.

    Returns
    -------
    Series of str
        Une valeur de :data:`STATES`. « nul » et « figé » : zéro, ou exactement la même valeur depuis 30 minutes,
        alors qu’il a plu. Un fossé à sec par temps sec est « mesuré ».

    Examples
    --------
    >>> rows = pd.DataFrame({"debit": [0.4, np.nan, 0.0, 0.3, 0.0], "pluie_60": [9.0, 9.0, 9.0, 9.0, 0.0]})
    >>> moves = [[0.1] * 3, [np.nan] * 3, [0.0] * 3, [0.0] * 3, [0.0] * 3]
    >>> rows[["debit_var_10", "debit_var_20", "debit_var_30"]] = moves
    >>> state(rows).tolist()
    ['mesuré', 'absent', 'nul', 'figé', 'mesuré']
    """
    still = (rows[[name for name in features.FLOW if name != "debit"]] == 0).all(axis=1)
    rained = rows["pluie_60"] >= FROZEN_AFTER_MM
    empty, null = rows["debit"].isna(), (rows["debit"] <= 0) & rained
    found = np.select([empty, null, still & rained], STATES[1:], default=STATES[0])
    return pd.Series(found, index=rows.index, name="etat")


def require(rows: pd.DataFrame, *, maximum: float = 0.0) -> None:
    """Refuse de prévoir quand trop de débits manquent : la garde la plus simple.

    Parameters
    ----------
    rows : DataFrame
        Lignes à prévoir.
    maximum : float
        Part admise de lignes sans débit plausible, entre 0 et 1.

    Raises
    ------
    CapteurMuet
        Si cette part est dépassée ; le message dit combien, où, et ce que le modèle aurait répondu.

    Examples
    --------
    >>> rows = features.panel()
    >>> require(rows, maximum=0.5)
    """
    found = state(rows)
    silent = found[found != STATES[0]]
    share = len(silent) / max(len(rows), 1)
    if share <= maximum:
        return
    where = ", ".join(sorted(rows.loc[silent.index, "id_bassin"].unique())) if "id_bassin" in rows else "non précisé"
    raise CapteurMuet(
        f"Le limnimètre ne dit rien de plausible sur {percent(share, 1)} des lignes (état : "
        f"{', '.join(sorted(silent.unique()))} ; bassin : {where}). Le modèle répondrait quand même, et presque "
        "toujours « pas d’alerte ». Prévenez l’astreinte, puis prévoyez avec la pluie seule, par exemple avec "
        "guard.Guarded()."
    )


class Guarded(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Deux modèles : le complet quand le limnimètre parle, un modèle de pluie seule quand il se tait.

    Parameters
    ----------
    full : estimator, optional
        Modèle complet ; les arbres sur toutes les variables par défaut.
    fallback : estimator, optional
        Modèle de secours, sans débit.

    Examples
    --------
    >>> Guarded().fit(rows := features.panel(), rows["debit_60"]).predict(rows[:3]).shape
    (3,)
    """

    levels = FLOW_LEVELS

    def __init__(self, full: Any = None, fallback: Any = None) -> None:
        self.full = full
        self.fallback = fallback

    def fit(self, X: pd.DataFrame, y: ArrayLike) -> Self:
        """Ajuste les deux modèles."""
        self.full_ = (Trees() if self.full is None else clone(self.full)).fit(X, y)
        fallback = Trees(features.WITHOUT_FLOW) if self.fallback is None else clone(self.fallback)
        self.fallback_ = fallback.fit(X, y)
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Rend le débit prévu, en m³/s/km²."""
        silent = (state(X) != STATES[0]).to_numpy()
        found = np.asarray(self.full_.predict(X), dtype=float)
        if silent.any():
            found[silent] = self.fallback_.predict(X[silent])
        return found
