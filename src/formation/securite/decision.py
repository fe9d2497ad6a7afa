"""Décider : ce que coûte une fausse alerte, ce que coûte un épisode manqué, ce que supporte un opérateur."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.metrics import share_interval
from formation.securite.base_rate import expected_precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formation.securite.evaluation import Trial

RATIOS = (10, 50, 200, 1000)
"""Fausses alertes acceptées pour un épisode signalé de plus."""
MINUTES = 2.0
"""Durée de la vérification d’une alerte, hypothèse à remplacer par la vôtre."""


def expected(
    false_alarms: pd.DataFrame, detection: pd.DataFrame, episode_rate: float, *, method: str = "modèle"
) -> pd.DataFrame:
    """Ce que donnera chaque seuil sur un lieu où les épisodes sont rares.

    Les fausses alertes se comptent sur des soirées ordinaires ; le rappel se mesure là où il y a assez d’épisodes.

    Parameters
    ----------
    false_alarms : DataFrame
        Courbe de :meth:`formation.securite.evaluation.Trial.curve` sur le lieu visé : on en lit `fausses_heure`.
    detection : DataFrame
        Courbe sur un lieu riche en épisodes, aux mêmes seuils : on en lit `rappel`.
    episode_rate : float
        Épisodes par heure de veille attendus sur le lieu visé.
    method : str
        Nom écrit dans la colonne `methode`.

    Returns
    -------
    DataFrame
        Une ligne par seuil : `methode`, `seuil`, `fausses_heure`, `rappel`, `episodes_heure`, `manques_heure`,
        `precision`.

    Raises
    ------
    ValueError
        Si les deux courbes n’ont pas les mêmes seuils.
    """
    if not np.array_equal(false_alarms["seuil"], detection["seuil"]):
        raise ValueError("Les deux courbes doivent avoir les mêmes seuils, dans le même ordre.")
    false, recall = false_alarms["fausses_heure"].to_numpy(float), detection["rappel"].to_numpy(float)
    precision = [expected_precision(episode_rate, r, f) for r, f in zip(recall, false, strict=True)]
    return pd.DataFrame(
        {
            "methode": method,
            "seuil": false_alarms["seuil"].to_numpy(float),
            "fausses_heure": false,
            "rappel": recall,
            "episodes_heure": episode_rate,
            "manques_heure": episode_rate * (1 - recall),
            "precision": precision,
        }
    )


def hourly_cost(table: pd.DataFrame, ratio: float) -> pd.Series:
    """Coût d’une heure de veille, une fausse alerte valant 1 et un épisode manqué `ratio`.

    Parameters
    ----------
    table : DataFrame
        Colonnes `fausses_heure` et `manques_heure`.
    ratio : float
        Nombre de fausses alertes que l’on accepte pour ne pas manquer un épisode.

    Returns
    -------
    Series
        Coût de chaque ligne.

    Raises
    ------
    ValueError
        Si `ratio` est négatif.

    Examples
    --------
    >>> hourly_cost(pd.DataFrame({"fausses_heure": [12.0], "manques_heure": [0.05]}), 100).tolist()
    [17.0]
    """
    if ratio < 0:
        raise ValueError(f"Le rapport des coûts vaut {ratio} : il est positif.")
    return table["fausses_heure"] + ratio * table["manques_heure"]


def best_threshold(table: pd.DataFrame, ratio: float) -> float:
    """Seuil le moins coûteux d’un tableau de validation ; l’infini si ne jamais alerter coûte moins.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`expected`.
    ratio : float
        Voir :func:`hourly_cost`.

    Returns
    -------
    float
        Seuil ; le plus haut à égalité.

    Examples
    --------
    >>> rates = pd.DataFrame({"seuil": [0.5, 0.9], "fausses_heure": [12.0, 1.0], "manques_heure": [0.04, 0.16]})
    >>> rates["episodes_heure"] = 0.2
    >>> best_threshold(rates, 10), best_threshold(rates, 1000)
    (inf, 0.5)
    """
    cost = hourly_cost(table, ratio).to_numpy(float)
    silent = ratio * float(table["episodes_heure"].max())
    if silent <= cost.min():
        return float("inf")
    return float(table["seuil"].to_numpy(float)[cost <= cost.min() * (1 + 1e-12)].max())


def choices(done: Trial, *, place: str = "soiree", ratios: Sequence[float] = RATIOS) -> pd.DataFrame:
    """Pour chaque rapport de coûts, le seuil choisi sur la validation et ses suites sur le test.

    Parameters
    ----------
    done : Trial
        Modèles ajustés et soirées.
    place : str
        Lieu où l’outil servira.
    ratios : sequence of float
        Rapports de coûts.

    Returns
    -------
    DataFrame
        Une ligne par rapport : `rapport`, `seuil` (infini : ne jamais alerter), `alertes_heure`, `fausses_heure`,
        `precision`, `rappel`, `episodes`, `manques`, mesurés sur les soirées de test.
    """
    from formation.securite.evaluation import PLACES, line

    rate = episode_rate(done, place)
    table = expected(done.curve(place, "validation"), done.curve(PLACES[0], "validation"), rate)
    lines = []
    for ratio in ratios:
        threshold = best_threshold(table, ratio)
        found = done.report(place, threshold=threshold)
        kept = {name: line(found)[name] for name in ("alertes_heure", "fausses_heure", "precision", "rappel")}
        missed = found.episodes - found.detected
        lines.append({"rapport": ratio, "seuil": threshold, **kept, "episodes": found.episodes, "manques": missed})
    return pd.DataFrame(lines)


def episode_rate(done: Trial, place: str, split: str = "validation") -> float:
    """Épisodes par heure de veille, comptés sur les soirées d’un lieu.

    Parameters
    ----------
    done : Trial
        Soirées.
    place, split : str
        Lieu et jeu.

    Returns
    -------
    float
        Épisodes par heure, toutes caméras ensemble.
    """
    from formation.securite.features import spans

    return len(spans(done.parts[place, split])[0]) / done.hours(place, split)


def operator_load(alarms_per_hour: float, *, hours: float = 6, minutes: float = MINUTES) -> dict[str, float]:
    """Charge d’un opérateur pendant une vacation.

    Parameters
    ----------
    alarms_per_hour : float
        Alertes par heure de veille.
    hours : float
        Durée de la vacation.
    minutes : float
        Temps pour vérifier une alerte, en minutes.

    Returns
    -------
    dict of str to float
        `alertes` pendant la vacation, `minutes` passées à vérifier, `part_du_temps` (au-delà de 1, c’est impossible),
        `minutes_entre_deux` alertes.

    Raises
    ------
    ValueError
        Si une valeur est négative.

    Examples
    --------
    >>> operator_load(12)["alertes"], operator_load(12)["part_du_temps"]
    (72, 0.4)
    """
    if min(alarms_per_hour, hours, minutes) < 0:
        raise ValueError("Alertes, heures et minutes sont positives.")
    return {
        "alertes": alarms_per_hour * hours,
        "minutes": alarms_per_hour * hours * minutes,
        "part_du_temps": alarms_per_hour * minutes / 60,
        "minutes_entre_deux": 60 / alarms_per_hour if alarms_per_hour else float("inf"),
    }


def cases_needed(share: float, half_width: float) -> int:
    """Cas à observer pour connaître une part à tant près (intervalle à 95 %).

    Parameters
    ----------
    share : float
        Part attendue, de 0 à 1.
    half_width : float
        Demi-largeur voulue de l’intervalle, par exemple 0,1 pour dix points.

    Returns
    -------
    int
        Plus petit nombre de cas.

    Raises
    ------
    ValueError
        Si la demi-largeur n’est pas entre 0,005 et 0,5.

    Examples
    --------
    >>> cases_needed(0.8, 0.1)
    60
    """
    if not 0.005 <= half_width <= 0.5:
        raise ValueError(f"La demi-largeur vaut {half_width} : donnez-la entre 0,005 et 0,5.")
    low, high = 1, 200_000

    def wide(count: int) -> bool:
        bounds = share_interval(round(share * count), count)
        return (bounds[1] - bounds[0]) / 2 > half_width

    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if wide(middle) else (low, middle)
    return low


def trial_hours(episode_rate: float, cases: int) -> float:
    """Heures de veille d’un essai en conditions réelles pour voir assez d’épisodes.

    Parameters
    ----------
    episode_rate : float
        Épisodes par heure de veille.
    cases : int
        Épisodes à observer.

    Returns
    -------
    float
        Heures ; l’infini si rien n’arrive jamais.

    Examples
    --------
    >>> trial_hours(0.2, 61)
    305.0
    """
    return cases / episode_rate if episode_rate > 0 else float("inf")
