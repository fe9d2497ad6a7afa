"""Le taux de base : un même détecteur a souvent raison si le danger est fréquent, presque jamais s’il est rare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

PREVALENCES = (0.1, 0.01, 0.001, 0.0001)
"""Prévalences du tableau de la loi de base."""


def predictive_value(prevalence: ArrayLike, sensitivity: float = 0.95, specificity: float = 0.99) -> Any:
    """Part des alertes qui sont vraies (valeur prédictive positive), par la formule de Bayes.

    Parameters
    ----------
    prevalence : float or array_like
        Part des cas où le danger existe, de 0 à 1.
    sensitivity : float
        Part des dangers signalés.
    specificity : float
        Part des cas sans danger qui ne déclenchent rien.

    Returns
    -------
    float or ndarray
        De 0 à 1 ; `nan` si aucune alerte n’est possible.

    Raises
    ------
    ValueError
        Si une part sort de [0 ; 1].

    Examples
    --------
    >>> round(predictive_value(0.01), 2)
    0.49
    """
    base = _share("prevalence", prevalence)
    right = base * _share("sensitivity", sensitivity)
    wrong = (1 - base) * (1 - _share("specificity", specificity))
    with np.errstate(invalid="ignore", divide="ignore"):
        value = right / (right + wrong)
    return float(value) if np.ndim(value) == 0 else value


def law(sensitivity: float = 0.95, specificity: float = 0.99) -> pd.DataFrame:
    """Loi de base : le même détecteur, quatre prévalences, sur cent mille situations.

    Parameters
    ----------
    sensitivity, specificity : float
        Voir :func:`predictive_value`.

    Returns
    -------
    DataFrame
        Une ligne par prévalence : `prevalence`, `dangers`, `vraies_alertes`, `fausses_alertes`, `vpp`.

    Examples
    --------
    >>> law().round({"vpp": 3})["vpp"].tolist()
    [0.913, 0.49, 0.087, 0.009]
    """
    base = np.asarray(PREVALENCES)
    danger = 1e5 * base
    return pd.DataFrame(
        {
            "prevalence": base,
            "dangers": danger,
            "vraies_alertes": danger * sensitivity,
            "fausses_alertes": (1e5 - danger) * (1 - specificity),
            "vpp": predictive_value(base, sensitivity, specificity),
        }
    )


def needed_specificity(prevalence: float, predictive: float, sensitivity: float = 0.95) -> float:
    """Spécificité qu’il faudrait pour qu’une part donnée des alertes soit vraie.

    Parameters
    ----------
    prevalence : float
        Part des cas où le danger existe.
    predictive : float
        Part d’alertes vraies voulue.
    sensitivity : float
        Part des dangers signalés.

    Returns
    -------
    float
        De 0 à 1.

    Raises
    ------
    ValueError
        Si une part sort de [0 ; 1], ou si la prévalence ou la part voulue n’est pas strictement entre 0 et 1.

    Examples
    --------
    >>> round(needed_specificity(0.001, 0.5), 5)
    0.99905
    """
    base, wanted = _inside("prevalence", prevalence), _inside("predictive", predictive)
    right = base * float(_share("sensitivity", sensitivity))
    return float(max(0.0, 1 - right * (1 - wanted) / wanted / (1 - base)))


def recalibrate(score: ArrayLike, learnt_at: float, used_at: float) -> NDArray[np.float64]:
    """Corrige une probabilité apprise à une prévalence pour une autre (formule de Bayes sur les cotes).

    L’ordre des scores ne change pas : recalibrer dit ce que vaut une alerte, sans mieux trier les situations.

    Parameters
    ----------
    score : array_like, forme (n,)
        Probabilité annoncée, de 0 à 1.
    learnt_at : float
        Prévalence des données d’apprentissage.
    used_at : float
        Prévalence du lieu où l’outil sert.

    Returns
    -------
    ndarray
        Probabilité corrigée.

    Raises
    ------
    ValueError
        Si un score sort de [0 ; 1] ou si une prévalence n’est pas strictement entre 0 et 1.

    Examples
    --------
    >>> recalibrate([0.5, 0.9], 0.06, 0.0005).round(4).tolist()
    [0.0078, 0.0659]
    """
    value = _share("score", score)
    learnt, used = _inside("learnt_at", learnt_at), _inside("used_at", used_at)
    ratio = used / (1 - used) * (1 - learnt) / learnt
    return np.asarray(value * ratio / (value * ratio + 1 - value))


def same_alarm_threshold(threshold: float, learnt_at: float, used_at: float) -> float:
    """Seuil d’un score recalibré qui déclenche exactement les mêmes alertes qu’un seuil du score brut.

    Parameters
    ----------
    threshold : float
        Seuil sur le score brut.
    learnt_at, used_at : float
        Voir :func:`recalibrate`.

    Returns
    -------
    float
        Seuil sur le score recalibré.

    Examples
    --------
    >>> round(same_alarm_threshold(0.5, 0.06, 0.0005), 4)
    0.0078
    """
    return float(recalibrate([threshold], learnt_at, used_at)[0])


def raw_threshold(probability: float, learnt_at: float, used_at: float) -> float:
    """Seuil du score brut au-dessus duquel la probabilité corrigée atteint la valeur voulue.

    Parameters
    ----------
    probability : float
        Probabilité voulue sur place, de 0 à 1.
    learnt_at, used_at : float
        Voir :func:`recalibrate`.

    Returns
    -------
    float
        Seuil sur le score brut.

    Examples
    --------
    >>> round(raw_threshold(0.5, 0.06, 0.0005), 4)
    0.9922
    """
    return float(recalibrate([probability], used_at, learnt_at)[0])


def expected_precision(episode_rate: ArrayLike, recall: float, false_per_hour: float) -> Any:
    """Précision des alertes attendue, quand rappel et fausses alertes par heure sont ceux qu’on a mesurés.

    Parameters
    ----------
    episode_rate : float or array_like
        Épisodes par heure de veille du lieu visé.
    recall : float
        Part des épisodes signalés.
    false_per_hour : float
        Fausses alertes par heure de veille, mesurées là où presque rien n’arrive.

    Returns
    -------
    float or ndarray
        De 0 à 1 ; `nan` s’il n’y a aucune alerte.

    Examples
    --------
    >>> round(expected_precision(0.2, 0.8, 11.84), 4)
    0.0133
    """
    right = np.asarray(episode_rate, float) * recall
    with np.errstate(invalid="ignore", divide="ignore"):
        found = right / (right + false_per_hour)
    return float(found) if np.ndim(found) == 0 else found


def _share(name: str, value: ArrayLike) -> NDArray[np.float64]:
    found = np.asarray(value, float)
    if not ((found >= 0) & (found <= 1)).all():
        raise ValueError(f"« {name} » est une part, de 0 à 1 : divisez par 100 ce qui est en pour cent.")
    return found


def _inside(name: str, value: float) -> float:
    found = float(_share(name, value))
    if not 0 < found < 1:
        raise ValueError(f"« {name} » vaut {found} : il faut une valeur strictement entre 0 et 1.")
    return found
