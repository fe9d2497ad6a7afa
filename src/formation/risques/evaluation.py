"""Mesurer honnêtement : seuils choisis sur les épisodes de validation, chiffres publiés sur les épisodes de test.

On apprend sur le débit **mesuré** ; on juge sur le débit **vrai**, que seule la simulation connaît.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from formation.metrics import best_threshold, threshold_table
from formation.published import SEEDS
from formation.risques import features
from formation.risques.guard import Guarded
from formation.risques.model import Linear, Trees, baselines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formation.territory import Territory

RAIN_RULE, PERSISTENCE, MODEL = "règle de pluie", "persistance", "modèle"
UNGUARDED, LINE, LOG_LINE = "modèle sans garde", "régression linéaire", "régression sur le logarithme"
MEASURES = ["pod", "far", "csi", "biais"]


@dataclass(frozen=True)
class Forecasts:
    """Prévisions d’un jeu d’épisodes : les lignes, et une grandeur par méthode.

    Attributes
    ----------
    horizon : int
        Minutes entre la prévision et ce qu’elle prévoit.
    rows : DataFrame
        Lignes de :func:`formation.risques.features.panel`.
    scores : DataFrame
        Grandeur prévue, une colonne par méthode ; `nan` si la méthode ne dit rien.
    levels : mapping of str to tuple
        Seuils essayés par méthode.
    """

    horizon: int
    rows: pd.DataFrame
    scores: pd.DataFrame
    levels: Mapping[str, tuple[float, ...]]

    @property
    def flow(self) -> NDArray[np.float64]:
        """Débit vrai à l’horizon, en m³/s/km²."""
        return np.asarray(self.rows[f"vrai_{self.horizon}"], dtype=float)

    @property
    def event(self) -> NDArray[np.bool_]:
        """Vrai quand le débit vrai à l’horizon atteint le seuil de débordement."""
        return np.asarray(self.flow >= features.ALERT_M3_S_KM2)

    def chosen(self, method: str, *, cost_loss: float = 0.0) -> float:
        """Seuil d’une méthode, choisi sur ces lignes : à n’appeler que sur la validation.

        Parameters
        ----------
        method : str
            Colonne de `scores`.
        cost_loss : float
            Rapport coût ÷ perte ; 0 pour le meilleur CSI.

        Returns
        -------
        float
            Seuil, dans l’unité de la méthode.
        """
        return best_threshold(self.scores[method], self.event, self.levels[method], cost_loss=cost_loss)


def methods() -> dict[str, Any]:
    """Références et modèles comparés par défaut.

    Returns
    -------
    dict of str to estimator
        Règle de pluie, persistance, deux régressions linéaires, modèle sans garde, modèle.

    Examples
    --------
    >>> list(methods())
    ['règle de pluie', 'persistance', 'régression linéaire', 'régression sur le logarithme',
     'modèle sans garde', 'modèle']
    """
    return baselines() | {LINE: Linear(), LOG_LINE: Linear(log=True), UNGUARDED: Trees(), MODEL: Guarded()}


def fitted(rows: pd.DataFrame, horizon: int = 60, chosen: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Ajuste chaque méthode sur les épisodes d’apprentissage.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`formation.risques.features.panel`.
    horizon : int
        Horizon, en minutes.
    chosen : mapping of str to estimator, optional
        Méthodes ; :func:`methods` par défaut.

    Returns
    -------
    dict of str to estimator
        Mêmes noms, estimateurs ajustés.
    """
    learn = features.judged(rows, horizon, "apprentissage")
    listed = methods() if chosen is None else chosen
    return {name: clone(method).fit(learn, learn[f"debit_{horizon}"]) for name, method in listed.items()}


def predicted(ready: Mapping[str, Any], rows: pd.DataFrame, horizon: int = 60, which: str = "test") -> Forecasts:
    """Fait prévoir des méthodes ajustées sur un jeu d’épisodes.

    Parameters
    ----------
    ready : mapping of str to estimator
        Rendu par :func:`fitted`.
    rows : DataFrame
        Tableau de :func:`formation.risques.features.panel`, éventuellement abîmé pour un essai.
    horizon : int
        Horizon, en minutes.
    which : str
        `validation`, `test` ou `extreme`.

    Returns
    -------
    Forecasts
        Prévisions de ce jeu.
    """
    part = features.judged(rows, horizon, which)
    scores = pd.DataFrame({name: method.predict(part) for name, method in ready.items()}, index=part.index)
    return Forecasts(horizon, part, scores, {name: method.levels for name, method in ready.items()})


def forecasts(
    rows: pd.DataFrame | None = None, horizon: int = 60, chosen: Mapping[str, Any] | None = None
) -> tuple[Forecasts, Forecasts]:
    """Ajuste sur l’apprentissage, prévoit la validation et le test.

    Parameters
    ----------
    rows : DataFrame, optional
        Tableau de :func:`formation.risques.features.panel` ; celui du cours par défaut.
    horizon : int
        30, 60 ou 120 minutes.
    chosen : mapping of str to estimator, optional
        Méthodes ; :func:`methods` par défaut.

    Returns
    -------
    tuple of Forecasts
        Validation et test.
    """
    table = features.panel() if rows is None else rows
    ready = fitted(table, horizon, chosen)
    return predicted(ready, table, horizon, "validation"), predicted(ready, table, horizon, "test")


def measure(validation: Forecasts, test: Forecasts) -> pd.DataFrame:
    """Compare les méthodes au pas de 5 minutes, chacune au seuil que la validation lui choisit.

    Parameters
    ----------
    validation, test : Forecasts
        Épisodes du choix et épisodes publiés.

    Returns
    -------
    DataFrame
        Une ligne par méthode : `methode`, `horizon` (minutes), `seuil`, `justes`, `manquees`, `fausses`, `calmes`,
        `pod`, `far`, `csi`, `biais`.

    Examples
    --------
    >>> table = measure(*forecasts(chosen=baselines()))
    >>> table["methode"].tolist()
    ['règle de pluie', 'persistance']
    """
    lines = [threshold_table(test.scores[name], test.event, [validation.chosen(name)]) for name in test.scores]
    table = pd.concat(lines, ignore_index=True)
    table.insert(0, "methode", list(test.scores))
    table.insert(1, "horizon", test.horizon)
    return table


def evaluate(
    horizons: Iterable[int] = features.HORIZONS,
    *,
    rows: pd.DataFrame | None = None,
    chosen: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Compare références et modèles aux trois horizons.

    Parameters
    ----------
    horizons : iterable of int
        Horizons, en minutes.
    rows : DataFrame, optional
        Tableau de :func:`formation.risques.features.panel` ; celui du cours par défaut.
    chosen : mapping of str to estimator, optional
        Méthodes ; :func:`methods` par défaut.

    Returns
    -------
    DataFrame
        Voir :func:`measure`.
    """
    table = features.panel() if rows is None else rows
    parts = [measure(*forecasts(table, horizon, chosen)) for horizon in horizons]
    return pd.concat(parts, ignore_index=True)


def over_seeds(
    seeds: Iterable[int] = SEEDS, horizons: Iterable[int] = features.HORIZONS, *, territory: Territory | None = None
) -> pd.DataFrame:
    """Recommence :func:`evaluate` sur plusieurs simulations.

    Parameters
    ----------
    seeds : iterable of int
        Graines ; la première est celle des données livrées.
    horizons : iterable of int
        Horizons, en minutes.
    territory : Territory, optional
        Territoire ; celui du cours par défaut.

    Returns
    -------
    DataFrame
        Les lignes de :func:`evaluate`, avec la colonne `graine`.
    """
    from formation.risques.simulation import simulate
    from formation.territory import load_territory

    place, listed = load_territory() if territory is None else territory, list(horizons)
    parts = []
    for seed in seeds:
        rows = features.panel(simulate(place, seed=seed))
        parts.append(evaluate(listed, rows=rows).assign(graine=seed))
    return pd.concat(parts, ignore_index=True)
