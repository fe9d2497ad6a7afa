"""Mesures d’une alerte : quand elle sonne, ce qu’elle attrape, combien de fois elle dérange pour rien.

On ne juge pas des pas de temps mais des alertes et des épisodes. L’exactitude par pas de temps n’a pas sa place ici :
un système muet l’obtient presque parfaite dès que le danger est rare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

CONSECUTIVE, SILENCE, MARGIN, STEP_S = 3, 30, 6, 10
"""Pas de suite au-dessus du seuil, silence et marge (en pas), durée d’un pas (s)."""


class Judged(NamedTuple):
    """Ce que valent des alertes, une fois la vérité connue.

    Attributes
    ----------
    true_alarm : ndarray of bool, forme (n_alertes,)
        Vrai si un épisode est en cours, à la marge près.
    delay : ndarray of float, forme (n_episodes,)
        Pas écoulés du début de l’épisode à la première alerte ; négatif si elle précède, `nan` si elle manque.
    """

    true_alarm: NDArray[np.bool_]
    delay: NDArray[np.float64]


class AlarmReport(NamedTuple):
    """Bilan d’un réglage d’alerte.

    Attributes
    ----------
    alarms, true_alarms, episodes, detected : int
        Alertes, alertes vraies, épisodes, épisodes signalés.
    hours : float
        Heures de veille d’un opérateur.
    delay_s : float
        Délai de détection médian, en secondes ; `nan` si rien n’est détecté.
    """

    alarms: int
    true_alarms: int
    episodes: int
    detected: int
    hours: float
    delay_s: float

    @property
    def precision(self) -> float:
        """Part des alertes qui sont vraies (valeur prédictive positive) ; `nan` si rien ne sonne."""
        return self.true_alarms / self.alarms if self.alarms else float("nan")

    @property
    def recall(self) -> float:
        """Part des épisodes signalés ; `nan` s’il n’y en a aucun."""
        return self.detected / self.episodes if self.episodes else float("nan")

    @property
    def alarms_per_hour(self) -> float:
        """Alertes par heure de veille."""
        return self.alarms / self.hours

    @property
    def false_per_hour(self) -> float:
        """Fausses alertes par heure de veille."""
        return (self.alarms - self.true_alarms) / self.hours


def ring(
    score: ArrayLike,
    series: ArrayLike,
    step: ArrayLike,
    threshold: float,
    *,
    consecutive: int = CONSECUTIVE,
    silence: int = SILENCE,
) -> NDArray[np.intp]:
    """Instants où l’alerte se déclenche : plusieurs pas de suite au-dessus du seuil, puis un silence.

    Si le score reste haut, l’alerte se redéclenche à la fin du silence.

    Parameters
    ----------
    score : array_like, forme (n,)
        Score de danger ; un score manquant ne sonne pas.
    series : array_like, forme (n,)
        À quelle série appartient chaque ligne (une caméra, un soir). Les lignes d’une série se suivent.
    step : array_like, forme (n,)
        Rang du pas de temps, croissant dans chaque série. Un trou interrompt la suite.
    threshold : float
        Seuil, dans l’unité du score.
    consecutive : int
        Pas de suite à atteindre.
    silence : int
        Pas de silence après une alerte.

    Returns
    -------
    ndarray of int
        Positions des lignes où l’alerte se déclenche, croissantes.

    Raises
    ------
    ValueError
        Si les longueurs diffèrent, si un réglage est inférieur à 1 ou si les pas ne sont pas croissants.

    Examples
    --------
    >>> ring([0, 1, 1, 1, 1, 0], [7] * 6, range(6), 0.5).tolist()
    [3]
    >>> ring([1] * 6, [7] * 6, range(6), 0.5, consecutive=1, silence=4).tolist()
    [0, 4]
    """
    value, label, rank = np.asarray(score, float), np.asarray(series), np.asarray(step)
    if not value.shape == label.shape == rank.shape or value.ndim != 1:
        raise ValueError(
            f"Scores, séries et pas n’ont pas la même longueur : {value.shape}, {label.shape}, {rank.shape}."
        )
    if min(consecutive, silence) < 1:
        raise ValueError("« consecutive » et « silence » se comptent en pas : 1 au moins.")
    if not len(value):
        return np.zeros(0, np.intp)
    same = np.append(False, label[1:] == label[:-1])
    gap = np.append(0, np.diff(rank.astype(np.int64)))
    if (gap[same] <= 0).any():
        raise ValueError("Les pas d’une série doivent être croissants, sans doublon : triez par série puis par pas.")
    over = value >= threshold
    position = np.arange(len(value))
    # Dernière ligne qui interrompt la suite : sous le seuil (elle n’en est pas), ou première après une coupure.
    cut = np.where(over, np.where(same & (gap == 1), -1, position - 1), position)
    ready = np.flatnonzero(over & (position - np.maximum.accumulate(cut) >= consecutive))
    key = np.cumsum(~same)[ready] * (int(rank.max()) - int(rank.min()) + silence + 1) + rank[ready].astype(np.int64)
    kept, place = [], 0
    while place < len(ready):
        kept.append(ready[place])
        place = int(np.searchsorted(key, key[place] + silence))
    return np.asarray(kept, np.intp)


def judge(
    alarm_series: ArrayLike,
    alarm_step: ArrayLike,
    episode_series: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    *,
    margin: int = MARGIN,
) -> Judged:
    """Compare des alertes à des épisodes.

    Une alerte est vraie si un épisode de la même série est en cours, ou à `margin` pas de l’être. Un épisode est
    signalé par la première alerte qui tombe dans ce même intervalle.

    Parameters
    ----------
    alarm_series, alarm_step : array_like, forme (n_alertes,)
        Série et pas de chaque alerte.
    episode_series, start, end : array_like, forme (n_episodes,)
        Série, premier et dernier pas de chaque épisode. Les épisodes d’une série ne se chevauchent pas.
    margin : int
        Tolérance avant le début et après la fin, en pas.

    Returns
    -------
    Judged
        Une valeur par alerte, une par épisode, dans l’ordre donné.

    Examples
    --------
    >>> found = judge(["a", "a"], [12, 90], ["a", "b"], [10, 10], [20, 20])
    >>> found.true_alarm.tolist(), found.delay.tolist()
    ([True, False], [2.0, nan])
    """
    first, last = np.asarray(start, float), np.asarray(end, float)
    rang = np.asarray(alarm_step, float)
    labels = np.concatenate([np.asarray(alarm_series), np.asarray(episode_series)])
    code = np.unique(labels, return_inverse=True)[1].reshape(-1) if len(labels) else np.zeros(0, int)
    width = max([*rang, *last], default=0.0) + 2 * margin + 1
    shift = code * width
    alarm = rang + shift[: len(rang)]
    low, high = first - margin + shift[len(rang) :], last + margin + shift[len(rang) :]
    by_low, in_order = np.argsort(low, kind="stable"), np.sort(alarm)
    before = np.searchsorted(low[by_low], alarm, side="right") - 1
    true_alarm = (before >= 0) & (alarm <= np.append(high[by_low], -np.inf)[before])
    after = np.append(in_order, np.inf)[np.searchsorted(in_order, low)]
    delay = np.where(after <= high, after - low - margin, np.nan)
    return Judged(true_alarm, delay)


def alarm_report(
    score: ArrayLike,
    series: ArrayLike,
    step: ArrayLike,
    threshold: float,
    *,
    episodes: tuple[ArrayLike, ArrayLike, ArrayLike],
    hours: float,
    margin: int = MARGIN,
    consecutive: int = CONSECUTIVE,
    silence: int = SILENCE,
) -> AlarmReport:
    """Bilan d’un seuil : ce qui sonne, ce qui est vrai, ce qui est manqué.

    Parameters
    ----------
    score, series, step, threshold, consecutive, silence
        Voir :func:`ring`.
    episodes : tuple of array_like
        Série, premier pas et dernier pas de chaque épisode.
    hours : float
        Heures de veille d’un opérateur, qui regarde toutes les caméras d’un site ; strictement positives.
    margin : int
        Tolérance, en pas.

    Returns
    -------
    AlarmReport
        Comptes, et les mesures qui s’en déduisent.

    Raises
    ------
    ValueError
        Si les heures ne sont pas strictement positives, ou pour un défaut de :func:`ring`.

    Examples
    --------
    >>> score = [0, 0, 1, 1, 1, 1, 0, 0]
    >>> report = alarm_report(score, [1] * 8, range(8), 0.5, episodes=([1], [2], [5]), hours=0.5)
    >>> report.precision, report.recall, report.delay_s
    (1.0, 1.0, 20.0)
    """
    if not hours > 0:
        raise ValueError(f"« hours » vaut {hours} : donnez les heures de veille, par exemple 6.")
    rows = ring(score, series, step, threshold, consecutive=consecutive, silence=silence)
    found = judge(np.asarray(series)[rows], np.asarray(step)[rows], *episodes, margin=margin)
    caught = np.isfinite(found.delay)
    delay = float(STEP_S * np.median(found.delay[caught])) if caught.any() else float("nan")
    return AlarmReport(len(rows), int(found.true_alarm.sum()), len(caught), int(caught.sum()), float(hours), delay)
