"""Mesurer honnêtement : apprendre en répétition, régler sur la validation, publier sur des soirées jamais vues.

Les soirées changent de jeu entières, jamais ligne à ligne. Une heure est une heure de veille d’un opérateur devant
toutes les caméras du site.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation import metrics
from formation.published import SEEDS
from formation.securite import features, tables
from formation.securite.model import baselines, gradient_boosting

if TYPE_CHECKING:
    from formation.metrics import AlarmReport
    from formation.territory import Territory

PLACES = tuple(tables.PLACES)
"""Lieux, du plus chargé en épisodes au moins chargé."""
MODEL = "modèle jouet"
THRESHOLDS = tuple(np.round([*np.arange(0.05, 0.95, 0.05), 0.95, 0.97, 0.99], 2).tolist())
"""Seuils de probabilité essayés."""


@dataclass(frozen=True)
class Trial:
    """Modèles ajustés et soirées jugées.

    Attributes
    ----------
    parts : dict
        Tableau de :func:`formation.securite.features.panel` de chaque (lieu, jeu), avec la colonne `score` du modèle.
    methods : dict of str to estimator
        Références et modèle, ajustés.
    """

    parts: Mapping[tuple[str, str], pd.DataFrame]
    methods: Mapping[str, Any]

    def hours(self, place: str, split: str = "test") -> float:
        """Heures de veille d’un lieu.

        Parameters
        ----------
        place, split : str
            Lieu et jeu.

        Returns
        -------
        float
            Six par soirée.
        """
        return float(tables.HOURS * self.parts[place, split]["id_soiree"].nunique())

    def score(self, place: str, split: str = "test", method: str = MODEL) -> Any:
        """Score de chaque ligne d’un lieu.

        Parameters
        ----------
        place, split, method : str
            Lieu, jeu et méthode.

        Returns
        -------
        ndarray
            Probabilité pour le modèle, densité pour un seuil fixe.
        """
        rows = self.parts[place, split]
        return rows["score"].to_numpy() if method == MODEL else self.methods[method].predict(rows)

    def report(
        self,
        place: str,
        split: str = "test",
        method: str = MODEL,
        threshold: float | None = None,
    ) -> AlarmReport:
        """Bilan d’une méthode sur un lieu.

        Parameters
        ----------
        place, split, method : str
            Lieu, jeu et méthode.
        threshold : float, optional
            Seuil d’alerte ; celui de la méthode par défaut.

        Returns
        -------
        formation.metrics.AlarmReport
            Comptes et mesures.
        """
        level = self.methods[method].threshold if threshold is None else threshold
        return report(self.parts[place, split], self.score(place, split, method), level)

    def curve(
        self, place: str, split: str = "test", method: str = MODEL, thresholds: Sequence[float] = THRESHOLDS
    ) -> pd.DataFrame:
        """Ce que donne chaque seuil : la courbe précision-rappel, et ce qu’elle coûte à l’opérateur.

        Parameters
        ----------
        place, split, method : str
            Lieu, jeu et méthode.
        thresholds : sequence of float
            Seuils.

        Returns
        -------
        DataFrame
            Une ligne par seuil : `seuil`, puis les colonnes de :func:`line`.
        """
        rows, score = self.parts[place, split], self.score(place, split, method)
        return pd.DataFrame([{"seuil": level, **line(report(rows, score, level))} for level in thresholds])


def report(rows: pd.DataFrame, score: Any, threshold: float) -> AlarmReport:
    """Bilan d’un score sur un tableau de soirées entières.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`formation.securite.features.panel`.
    score : array_like
        Score de chaque ligne.
    threshold : float
        Seuil d’alerte.

    Returns
    -------
    formation.metrics.AlarmReport
        Comptes et mesures.
    """
    return metrics.alarm_report(
        score,
        rows["serie"].to_numpy(),
        rows["pas_10s"].to_numpy(),
        threshold,
        episodes=features.spans(rows),
        hours=float(tables.HOURS * rows["id_soiree"].nunique()),
    )


def line(found: AlarmReport) -> dict[str, float]:
    """Bilan en une ligne de tableau, avec les intervalles des petits effectifs (95 %).

    Parameters
    ----------
    found : formation.metrics.AlarmReport
        Bilan.

    Returns
    -------
    dict of str to float
        `alertes_heure`, `fausses_heure`, `precision`, `precision_bas`, `precision_haut`, `episodes`, `rappel`,
        `rappel_bas`, `rappel_haut`, `delai_s`.
    """
    right = metrics.share_interval(found.true_alarms, found.alarms)
    caught = metrics.share_interval(found.detected, found.episodes)
    return {
        "alertes_heure": found.alarms_per_hour,
        "fausses_heure": found.false_per_hour,
        "precision": found.precision,
        "precision_bas": right[0],
        "precision_haut": right[1],
        "episodes": found.episodes,
        "rappel": found.recall,
        "rappel_bas": caught[0],
        "rappel_haut": caught[1],
        "delai_s": found.delay_s,
    }


def trial(
    rows: pd.DataFrame | None = None, *, columns: Sequence[str] = features.ALL, seed: int = 447, **settings: Any
) -> Trial:
    """Ajuste le modèle sur l’apprentissage et les références sur la validation de la répétition.

    Le seuil fixe choisi est celui qui y signale autant d’épisodes que le modèle.

    Parameters
    ----------
    rows : DataFrame, optional
        Tableau de :func:`formation.securite.features.panel` ; celui du cours par défaut.
    columns : sequence of str
        Variables du modèle.
    seed : int
        Graine du modèle.
    **settings
        Réglages du modèle.

    Returns
    -------
    Trial
        Méthodes ajustées, soirées et scores.
    """
    rows = features.panel() if rows is None else rows
    parts = {
        (str(place), str(split)): part.copy()
        for (place, split), part in rows.groupby(["lieu", "jeu"], observed=True, sort=False)
    }
    home = PLACES[0]
    learn, tune = parts[home, "apprentissage"], parts[home, "validation"]
    model = gradient_boosting(columns, seed=seed, **settings).fit(learn, learn[features.TARGET])
    for part in parts.values():
        part["score"] = model.predict(part)
    # À rappel égal sur la validation, deux méthodes ne diffèrent plus que par leurs fausses alertes.
    rules = baselines(report(tune, tune["score"], model.threshold).recall)
    methods = {name: rule.fit(tune, tune[features.TARGET]) for name, rule in rules.items()}
    return Trial(parts, {**methods, MODEL: model})


def evaluate(done: Trial | None = None, **options: Any) -> pd.DataFrame:
    """Compare les références et le modèle sur les soirées de test de chaque lieu, au réglage de chacun.

    Parameters
    ----------
    done : Trial, optional
        Modèles déjà ajustés ; ceux du cours par défaut.
    **options
        Options de :func:`trial`.

    Returns
    -------
    DataFrame
        Une ligne par lieu et par méthode : `lieu`, `methode`, `seuil`, `prevalence` (part des pas en danger), `heures`,
        puis les colonnes de :func:`line`. Jamais l’exactitude : voir :func:`formation.securite.traps.accuracy`.
    """
    done = trial(**options) if done is None else done
    lines = []
    for place in PLACES:
        share = float(done.parts[place, "test"][features.TARGET].mean())
        for name, method in done.methods.items():
            head = {"lieu": place, "methode": name, "seuil": method.threshold, "prevalence": share}
            lines.append({**head, "heures": done.hours(place), **line(done.report(place, method=name))})
    return pd.DataFrame(lines)


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
    from formation.securite.simulation import simulate
    from formation.territory import load_territory

    place = load_territory() if territory is None else territory
    parts = []
    for seed in seeds:
        measured = tables.join_measures(simulate(place, seed=seed))
        parts.append(evaluate(trial(features.panel(measured))).assign(graine=seed))
    return pd.concat(parts, ignore_index=True)
