"""Déclencher ou pas : ce que coûte une alerte, ce que coûte un débordement manqué, et le seuil qui s’en déduit.

Deux façons de compter. **Au pas de 5 minutes**, pour comparer des méthodes. **Par couple épisode × bassin**, pour
décider : une alerte par couple, juste seulement si elle précède le débordement.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.metrics import Contingency, contingency
from formation.risques import features

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from formation.risques.evaluation import Forecasts

LOOK_BACK_MIN = 180
"""Une alerte levée plus tôt que cela n’annonce plus ce débordement-là."""
RATIOS = (0.05, 0.1, 0.3)
"""Rapports coût ÷ perte cités dans le chapitre."""
PAIR = ["id_episode", "id_bassin"]


def pairs(found: Forecasts, method: str) -> pd.DataFrame:
    """Résume chaque couple épisode × bassin : a-t-il débordé, quand, et qu’annonçait la méthode avant ?

    Parameters
    ----------
    found : Forecasts
        Prévisions d’un jeu d’épisodes.
    method : str
        Colonne de `found.scores`.

    Returns
    -------
    DataFrame
        Une ligne par couple : `id_episode`, `id_bassin`, `deborde` (booléen), `debordement_min` (minute du premier
        dépassement vrai, `nan` sinon), `avant` (plus grande valeur prévue dans les 180 minutes qui précèdent) et
        `plus_haut` (plus grande valeur prévue de l’épisode).

    Examples
    --------
    >>> from formation.risques import evaluation
    >>> _, test = evaluation.forecasts(chosen=evaluation.baselines())
    >>> len(pairs(test, "persistance")) == 6 * test.rows["id_episode"].nunique()
    True
    """
    table = found.rows[[*PAIR, "minute"]].assign(note=found.scores[method].fillna(-np.inf))
    start = first_flood(found)
    table = table.join(start, on=PAIR)
    ahead = table["debordement_min"] - table["minute"]
    table["avant"] = table["note"].where((ahead > 0) & (ahead <= LOOK_BACK_MIN), -np.inf)
    whole = table.groupby(PAIR, sort=False).agg(avant=("avant", "max"), plus_haut=("note", "max"))
    whole = whole.join(start).reset_index()
    whole["deborde"] = whole["debordement_min"].notna()
    return whole[[*PAIR, "deborde", "debordement_min", "avant", "plus_haut"]]


def first_flood(found: Forecasts) -> pd.Series:
    """Minute du premier débordement vrai de chaque couple, après la première prévision.

    Parameters
    ----------
    found : Forecasts
        Prévisions d’un jeu d’épisodes.

    Returns
    -------
    Series
        Index : épisode et bassin ; `debordement_min`, `nan` si rien ne déborde.
    """
    minute = found.rows["minute"].to_numpy(float) + found.horizon
    now = np.where(found.rows["vrai"] >= features.ALERT_M3_S_KM2, found.rows["minute"], np.nan)
    reached = np.fmin(now, np.where(found.event, minute, np.nan))
    keys = [found.rows[name] for name in PAIR]
    return pd.Series(reached, index=found.rows.index, name="debordement_min").groupby(keys, sort=False).min()


def counts(summary: pd.DataFrame, thresholds: ArrayLike) -> pd.DataFrame:
    """Alertes justes, manquées, tardives et fausses, couple par couple, pour chaque seuil.

    Parameters
    ----------
    summary : DataFrame
        Tableau de :func:`pairs`.
    thresholds : array_like
        Seuils, dans l’unité de la méthode.

    Returns
    -------
    DataFrame
        Une ligne par seuil : `seuil`, `alertes` (couples alertés), `justes` (alertés avant le débordement),
        `manquees` (débordements non annoncés à temps, tardives comprises), `tardives` (alertés hors délai), `fausses`
        (alertés sans débordement), `calmes`.

    Examples
    --------
    >>> summary = pd.DataFrame({"deborde": [True, False], "avant": [0.8, -np.inf], "plus_haut": [1.4, 0.9]})
    >>> counts(summary, [0.5, 1.0])[["justes", "manquees", "fausses"]].to_numpy().tolist()
    [[1, 0, 1], [0, 1, 0]]
    """
    levels = np.asarray(thresholds, dtype=float)[:, None]
    flood = summary["deborde"].to_numpy(bool)
    warned = summary["plus_haut"].to_numpy(float) >= levels
    early = (summary["avant"].to_numpy(float) >= levels) & flood
    columns = {
        "alertes": warned,
        "justes": early,
        "manquees": flood & ~early,
        "tardives": flood & warned & ~early,
        "fausses": warned & ~flood,
        "calmes": ~warned & ~flood,
    }
    return pd.DataFrame({"seuil": levels[:, 0]} | {name: cells.sum(axis=1) for name, cells in columns.items()})


def lead_times(found: Forecasts, method: str, threshold: float) -> NDArray[np.float64]:
    """Avance des alertes justes, en minutes.

    Parameters
    ----------
    found : Forecasts
        Prévisions d’un jeu d’épisodes.
    method : str
        Méthode.
    threshold : float
        Seuil d’alerte.

    Returns
    -------
    ndarray
        Minutes entre la première alerte (dans les 180 minutes qui précèdent) et le débordement, une par alerte juste.
    """
    table = found.rows[[*PAIR, "minute"]].join(first_flood(found), on=PAIR)
    ahead = table["debordement_min"] - table["minute"]
    raised = (found.scores[method] >= threshold) & (ahead > 0) & (ahead <= LOOK_BACK_MIN)
    return np.asarray(ahead[raised].groupby([table[name] for name in PAIR]).max().dropna(), dtype=float)


def expenses(table: pd.DataFrame, cost_loss: float) -> pd.DataFrame:
    """Ajoute à :func:`counts` ce que chaque seuil coûte, comparé à « jamais » et à « toujours ».

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`counts`.
    cost_loss : float
        Coût d’une alerte ÷ perte évitée, entre 0 et 1 exclus.

    Returns
    -------
    DataFrame
        Mêmes lignes, avec `depense`, `depense_jamais`, `depense_toujours` et `depense_parfaite`, en pertes évitables :
        1 = un débordement non annoncé. Toute alerte se paie, même fausse ou tardive.

    Raises
    ------
    ValueError
        Si le rapport n’est pas entre 0 et 1.

    Examples
    --------
    >>> summary = pd.DataFrame({"deborde": [True, False], "avant": [0.8, -np.inf], "plus_haut": [1.4, 0.9]})
    >>> expenses(counts(summary, [0.5, 1.0]), 0.1)["depense"].tolist()
    [0.2, 1.1]
    """
    if not 0 < cost_loss < 1:
        raise ValueError(f"Le rapport coût ÷ perte doit être entre 0 et 1 exclus, par exemple 0.1 ; reçu {cost_loss}.")
    floods = table["justes"] + table["manquees"]
    total = floods + table["fausses"] + table["calmes"]
    return table.assign(
        depense=cost_loss * table["alertes"] + table["manquees"],
        depense_jamais=floods.astype(float),
        depense_toujours=cost_loss * total,
        depense_parfaite=cost_loss * floods,
    )


def cheapest(summary: pd.DataFrame, levels: Iterable[float], cost_loss: float) -> float:
    """Seuil le moins cher sur des couples : à n’appeler que sur la validation.

    Parameters
    ----------
    summary : DataFrame
        Tableau de :func:`pairs`.
    levels : iterable of float
        Seuils essayés, dans l’ordre de préférence.
    cost_loss : float
        Rapport coût ÷ perte.

    Returns
    -------
    float
        Seuil.
    """
    table = expenses(counts(summary, list(levels)), cost_loss)
    return float(table["seuil"].iloc[int(np.argmin(table["depense"].to_numpy(float)))])


def same_lead(validation: Forecasts, method: str, reference: str) -> float:
    """Seuil qui donne à une méthode la même avance médiane qu’une autre, sur la validation.

    Parameters
    ----------
    validation : Forecasts
        Épisodes du choix.
    method : str
        Méthode à régler.
    reference : str
        Méthode dont on veut l’avance, à son propre seuil.

    Returns
    -------
    float
        Seuil de `method` ; à égalité, celui qui manque le moins de débordements.
    """
    wanted = np.median(lead_times(validation, reference, validation.chosen(reference)))
    found = []
    for level in sorted(validation.levels[method]):
        leads = lead_times(validation, method, level)
        if len(leads):
            found.append((abs(float(np.median(leads)) - wanted), level))
    return min(found)[1]


def judge_pairs(found: Forecasts, method: str, threshold: float) -> dict[str, Any]:
    """Bilan par couple d’une méthode à un seuil.

    Parameters
    ----------
    found : Forecasts
        Prévisions d’un jeu d’épisodes.
    method : str
        Méthode.
    threshold : float
        Seuil d’alerte.

    Returns
    -------
    dict
        Colonnes de :func:`counts`, `pod`, `far`, `csi` par couple et `delai_min`, avance médiane des alertes justes.
    """
    row = counts(pairs(found, method), [threshold]).iloc[0]
    found_ = Contingency(int(row["justes"]), int(row["manquees"]), int(row["fausses"]), int(row["calmes"]))
    leads = lead_times(found, method, threshold)
    rates = {"pod": found_.pod, "far": found_.far, "csi": found_.csi}
    return dict(row) | rates | {"delai_min": float(np.median(leads)) if len(leads) else float("nan")}


def value_table(
    validation: Forecasts, test: Forecasts, methods: Iterable[str], ratios: Iterable[float] = RATIOS
) -> pd.DataFrame:
    """Valeur relative au pas de 5 minutes : pour chaque rapport, seuil choisi sur la validation, valeur sur le test.

    Parameters
    ----------
    validation, test : Forecasts
        Épisodes du choix et épisodes publiés.
    methods : iterable of str
        Méthodes.
    ratios : iterable of float
        Rapports coût ÷ perte.

    Returns
    -------
    DataFrame
        Une ligne par rapport et par méthode : `rapport`, `methode`, `seuil`, `valeur` (1 = prévision parfaite, 0 = pas
        mieux que toujours ou jamais).
    """
    listed = list(ratios)
    lines = []
    for name in methods:
        for ratio in listed:
            level = validation.chosen(name, cost_loss=ratio)
            alert = (test.scores[name] >= level).to_numpy()
            value = contingency(alert, test.event).relative_value(ratio)
            lines.append({"rapport": ratio, "methode": name, "seuil": level, "valeur": value})
    return pd.DataFrame(lines)
