"""Mesures d’une alerte : ce qu’elle détecte, ce qu’elle manque, ce qu’elle annonce pour rien, ce qu’elle vaut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Contingency:
    """Tableau de contingence d’une alerte.

    Attributes
    ----------
    hits : int
        Alertes suivies de l’événement.
    misses : int
        Événements sans alerte.
    false_alarms : int
        Alertes sans événement.
    quiet : int
        Ni alerte, ni événement.

    Examples
    --------
    >>> table = Contingency(hits=6, misses=2, false_alarms=4, quiet=88)
    >>> table.pod, table.far, table.csi, table.frequency_bias, table.accuracy
    (0.75, 0.4, 0.5, 1.25, 0.94)
    """

    hits: int
    misses: int
    false_alarms: int
    quiet: int

    @property
    def total(self) -> int:
        """Nombre de cas jugés."""
        return self.hits + self.misses + self.false_alarms + self.quiet

    @property
    def events(self) -> int:
        """Nombre d’événements."""
        return self.hits + self.misses

    @property
    def alerts(self) -> int:
        """Nombre d’alertes."""
        return self.hits + self.false_alarms

    @property
    def pod(self) -> float:
        """Taux de détection (POD) : part des événements annoncés ; `nan` sans événement."""
        return _ratio(self.hits, self.events)

    @property
    def far(self) -> float:
        """Part de fausses alertes (FAR), parmi les alertes ; `nan` si aucune alerte n’est donnée."""
        return _ratio(self.false_alarms, self.alerts)

    @property
    def csi(self) -> float:
        """Indice de succès critique (CSI) : alertes justes ÷ (justes + manquées + fausses), de 0 à 1."""
        return _ratio(self.hits, self.hits + self.misses + self.false_alarms)

    @property
    def frequency_bias(self) -> float:
        """Biais de fréquence : alertes ÷ événements ; 1 = autant d’alertes que d’événements."""
        return _ratio(self.alerts, self.events)

    @property
    def accuracy(self) -> float:
        """Exactitude : part des cas bien classés. Trompeuse quand l’événement est rare."""
        return _ratio(self.hits + self.quiet, self.total)

    def expense(self, cost_loss: float) -> float:
        """Dépense moyenne par cas, en part de la perte évitable.

        Parameters
        ----------
        cost_loss : float
            Coût d’une alerte ÷ perte évitée si elle est juste, entre 0 et 1 exclus.

        Returns
        -------
        float
            Une alerte coûte `cost_loss`, un événement manqué coûte 1.

        Raises
        ------
        ValueError
            Si le rapport n’est pas entre 0 et 1, ou si aucun cas n’est jugé.

        Examples
        --------
        >>> Contingency(hits=6, misses=2, false_alarms=4, quiet=88).expense(0.1)
        0.03
        """
        if not 0 < cost_loss < 1:
            raise ValueError(
                f"Le rapport coût ÷ perte doit être entre 0 et 1 exclus, par exemple 0.1 ; reçu {cost_loss}."
            )
        if not self.total:
            raise ValueError("Il faut au moins un cas.")
        return (cost_loss * self.alerts + self.misses) / self.total

    def relative_value(self, cost_loss: float) -> float:
        """Valeur économique relative : part du gain d’une prévision parfaite.

        Parameters
        ----------
        cost_loss : float
            Coût d’une alerte ÷ perte évitée, entre 0 et 1 exclus.

        Returns
        -------
        float
            1 = prévision parfaite ; 0 = pas mieux que toujours alerter ou ne jamais alerter, au moins cher des deux ;
            négative = nuisible ; `nan` si l’événement n’arrive jamais ou toujours.

        Raises
        ------
        ValueError
            Si le rapport n’est pas entre 0 et 1, ou si aucun cas n’est jugé.

        Examples
        --------
        >>> table = Contingency(hits=6, misses=2, false_alarms=4, quiet=88)
        >>> round(table.relative_value(0.1), 3)
        0.694
        >>> Contingency(hits=8, misses=0, false_alarms=0, quiet=92).relative_value(0.1)
        1.0
        """
        spent, rate = self.expense(cost_loss), self.events / self.total
        without, perfect = min(cost_loss, rate), cost_loss * rate
        return float("nan") if without <= perfect else (without - spent) / (without - perfect)


def contingency(alert: ArrayLike, event: ArrayLike) -> Contingency:
    """Compte les quatre cas d’une alerte.

    Parameters
    ----------
    alert, event : array_like, forme (n,)
        Alerte donnée, événement arrivé : booléens, ou 0 et 1.

    Returns
    -------
    Contingency
        Alertes justes, événements manqués, fausses alertes, calmes.

    Raises
    ------
    ValueError
        Si les listes n’ont pas la même longueur, sont vides, ou contiennent autre chose que 0 et 1.

    Examples
    --------
    >>> contingency([1, 1, 0, 0], [1, 0, 1, 0])
    Contingency(hits=1, misses=1, false_alarms=1, quiet=1)
    """
    given, seen = _flags(alert, "Les alertes"), _flags(event, "Les événements")
    if given.shape != seen.shape:
        raise ValueError(f"Il faut deux listes de même longueur ; reçu {len(given)} et {len(seen)}.")
    if not len(given):
        raise ValueError("Il faut au moins un cas.")
    hits, alerts, events = int((given & seen).sum()), int(given.sum()), int(seen.sum())
    return Contingency(hits, events - hits, alerts - hits, len(given) - alerts - events + hits)


def threshold_table(score: ArrayLike, event: ArrayLike, thresholds: ArrayLike) -> pd.DataFrame:
    """Tableau de contingence pour chaque seuil d’alerte.

    Parameters
    ----------
    score : array_like, forme (n,)
        Grandeur prévue ; alerte quand elle atteint le seuil. Une valeur absente n’en donne **aucune**.
    event : array_like, forme (n,)
        Événement arrivé, 0 ou 1.
    thresholds : array_like, forme (m,)
        Seuils, dans l’unité de `score`.

    Returns
    -------
    DataFrame
        Une ligne par seuil : `seuil`, `justes`, `manquees`, `fausses`, `calmes`, `pod`, `far`, `csi`, `biais`.

    Raises
    ------
    ValueError
        Si les listes ne vont pas ensemble.

    Examples
    --------
    >>> table = threshold_table([0.2, 0.9, 1.4, float("nan")], [0, 1, 1, 1], [0.5, 1.0])
    >>> table["justes"].tolist(), table["csi"].round(3).tolist()
    ([2, 1], [0.667, 0.333])
    """
    values, seen = np.asarray(score, dtype=float), _flags(event, "Les événements")
    if values.shape != seen.shape:
        raise ValueError(f"Il faut deux listes de même longueur ; reçu {values.shape} et {seen.shape}.")
    levels = np.asarray(thresholds, dtype=float)
    quiet, loud = (np.sort(values[known & ~np.isnan(values)]) for known in (~seen, seen))
    hits = len(loud) - np.searchsorted(loud, levels, side="left")
    false = len(quiet) - np.searchsorted(quiet, levels, side="left")
    misses, calm = int(seen.sum()) - hits, int((~seen).sum()) - false
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = {
            "pod": hits / (hits + misses),
            "far": false / (hits + false),
            "csi": hits / (hits + misses + false),
            "biais": (hits + false) / (hits + misses),
        }
    counts = {"seuil": levels, "justes": hits, "manquees": misses, "fausses": false, "calmes": calm}
    return pd.DataFrame(counts | rates)


def best_threshold(score: ArrayLike, event: ArrayLike, thresholds: ArrayLike, *, cost_loss: float = 0.0) -> float:
    """Seuil qui donne le meilleur indice de succès critique, ou la plus petite dépense.

    Parameters
    ----------
    score, event : array_like, forme (n,)
        Grandeur prévue et événement arrivé, sur les données **réservées aux réglages**.
    thresholds : array_like, forme (m,)
        Seuils essayés, dans l’ordre de préférence en cas d’égalité.
    cost_loss : float
        Rapport coût ÷ perte ; 0 pour chercher le meilleur CSI.

    Returns
    -------
    float
        Seuil choisi.

    Raises
    ------
    ValueError
        Si les listes ne vont pas ensemble, ou si aucun événement n’est arrivé.

    Examples
    --------
    >>> best_threshold([0.2, 0.9, 1.4, 0.6], [0, 1, 1, 0], [0.5, 0.8, 1.0])
    0.8
    """
    table = threshold_table(score, event, thresholds)
    if not table["justes"].add(table["manquees"]).any():
        raise ValueError("Aucun événement dans ces données : un seuil d’alerte ne peut pas y être choisi.")
    if not cost_loss:
        return float(table["seuil"].iloc[int(np.argmax(table["csi"].to_numpy(float)))])
    spent = cost_loss * (table["justes"] + table["fausses"]) + table["manquees"]
    return float(table["seuil"].iloc[int(np.argmin(spent.to_numpy(float)))])


def _flags(values: ArrayLike, what: str) -> NDArray[np.bool_]:
    listed = np.asarray(values)
    if listed.ndim != 1 or not (listed.dtype == bool or np.isin(listed, (0, 1)).all()):
        raise ValueError(f"{what} doivent être une liste de 0 et de 1, sans case vide.")
    return listed.astype(bool)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
