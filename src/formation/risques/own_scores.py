"""Mesurer les méthodes d’un essai : le réglage vient de la validation, le résultat du test, par épisodes entiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation import metrics
from formation.risques.decision import LOOK_BACK_MIN
from formation.risques.evaluation import LINE, MODEL, PERSISTENCE, RAIN_RULE
from formation.risques.guard import Guarded
from formation.risques.model import Linear, Persistence, RainRule, Trees
from formation.risques.own_features import COLUMNS, WITHOUT_FLOW, by_basin

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHODS = (RAIN_RULE, PERSISTENCE, LINE, MODEL)
Gap = tuple[float, float, float]
"""Écart de CSI, borne basse et borne haute à 90 %."""
RAIN_LEVELS = tuple(float(level) for level in np.round(np.geomspace(1, 120, 60), 1))


def score(rows: pd.DataFrame, horizon: int, seed: int) -> pd.DataFrame:
    """Note de chaque méthode à un horizon, et le seuil qui déclenche l’alerte.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`formation.risques.own_features.panel`.
    horizon : int
        Minutes.
    seed : int
        Graine du modèle.

    Returns
    -------
    DataFrame
        Lignes de test dont l’avenir est mesuré : `episode`, `bassin`, `pas`, `vrai` (débit à l’horizon, rapporté au
        seuil), et une colonne booléenne par méthode ; `attrs["seuils"]` donne les réglages.
    """
    known = by_basin(rows[rows[f"debit_{horizon}"].notna()])
    learnt, chosen, judged = (known[known["jeu"] == name] for name in ("apprentissage", "validation", "test"))
    ready = {name: method.fit(learnt, learnt[f"debit_{horizon}"]) for name, method in _methods(known, seed).items()}
    # La règle n’a qu’un réglage : elle peut regarder aussi les épisodes d’apprentissage.
    choices = {RAIN_RULE: (pd.concat([learnt, chosen]), RAIN_LEVELS), PERSISTENCE: (chosen, Persistence.levels)}
    choices |= {LINE: (chosen, Linear.levels), MODEL: (chosen, Trees.levels)}
    levels = {
        name: metrics.best_threshold(ready[name].predict(rows_), rows_[f"debit_{horizon}"].to_numpy() >= 1, tried)
        for name, (rows_, tried) in choices.items()
    }
    found = judged[["episode", "bassin", "pas"]].copy()
    found["vrai"] = judged[f"debit_{horizon}"]
    for name in METHODS:
        found[name] = ready[name].predict(judged) >= levels[name]
    found.attrs["seuils"] = levels
    return found.reset_index(drop=True)


def measure(
    scores: pd.DataFrame, horizon: int, step_min: int, *, draws: int, seed: int
) -> tuple[pd.DataFrame, Gap, Gap]:
    """Mesures de chaque méthode ; écarts entre le modèle et la meilleure référence, entre le modèle et la droite.

    Parameters
    ----------
    scores : DataFrame
        Tableau de :func:`score`.
    horizon, step_min : int
        Minutes.
    draws, seed : int
        Tirages d’épisodes et leur graine.

    Returns
    -------
    DataFrame
        Une ligne par méthode.
    tuple of float
        Écart de CSI du modèle à la meilleure référence, borne basse et borne haute à 90 %.
    tuple of float
        Le même, à la régression linéaire. Les deux sont tirés sur les mêmes épisodes.
    """
    event = scores["vrai"].to_numpy() >= 1
    groups, _ = pd.factorize(scores["episode"])
    spread = {name: _spread(scores[name].to_numpy(), event, groups, draws, seed) for name in METHODS}
    lines = []
    for name in METHODS:
        table = metrics.contingency(scores[name].to_numpy(), event)
        low, high = metrics.draw_bounds(spread[name])
        line: dict[str, Any] = {
            "horizon_min": horizon, "methode": name, "seuil": float(scores.attrs["seuils"][name]), "pod": table.pod,
            "far": table.far, "csi": table.csi, "csi_bas": low, "csi_haut": high, "biais": table.frequency_bias,
        }  # fmt: skip
        lines.append(line | _by_episode(scores, name, horizon, step_min))
    found = pd.DataFrame(lines)
    at = found.set_index("methode")["csi"].fillna(0)

    def gap(other: str) -> Gap:
        low, high = metrics.draw_bounds(np.nan_to_num(spread[MODEL]) - np.nan_to_num(spread[other]))
        return float(at[MODEL] - at[other]), low, high

    return found, gap(RAIN_RULE if at[RAIN_RULE] > at[PERSISTENCE] else PERSISTENCE), gap(LINE)


def _methods(rows: pd.DataFrame, seed: int) -> dict[str, Any]:
    """Les deux références, la droite et le modèle du cours : mêmes variables, même garde pour ces deux-là."""
    trees = Guarded(Trees(COLUMNS, seed), Trees(WITHOUT_FLOW, seed))
    basins = [name for name in rows if name.startswith("bassin_")]
    full, dry = ([*(name for name in names if name != "bassin"), *basins] for names in (COLUMNS, WITHOUT_FLOW))
    return {RAIN_RULE: RainRule(), PERSISTENCE: Persistence(), LINE: Guarded(Linear(full), Linear(dry)), MODEL: trees}


def _spread(
    alert: NDArray[np.bool_], event: NDArray[np.bool_], groups: NDArray[np.int64], draws: int, seed: int
) -> NDArray[np.float64]:
    """CSI sur des épisodes retirés au sort."""
    count = int(groups.max()) + 1
    hits = np.bincount(groups, alert & event, count)
    either = np.bincount(groups, alert | event, count)
    picked = np.random.default_rng(seed).integers(0, count, (draws, count))
    total = either[picked].sum(axis=1)
    return np.where(total > 0, hits[picked].sum(axis=1) / np.maximum(total, 1), np.nan)


def _by_episode(scores: pd.DataFrame, name: str, horizon: int, step_min: int) -> dict[str, Any]:
    """Crues annoncées avant le dépassement, fausses alertes et délai, par épisode et bassin."""
    floods = announced = false = 0
    leads = []
    for _, rows in scores.groupby(["episode", "bassin"], sort=False):
        over = np.flatnonzero(rows["vrai"].to_numpy() >= 1)
        alerts = rows["pas"].to_numpy()[rows[name].to_numpy()]
        if not len(over):
            false += bool(len(alerts))
            continue
        floods += 1
        moment = int(rows["pas"].to_numpy()[over[0]]) + horizon // step_min
        early = alerts[(alerts < moment) & (alerts >= moment - LOOK_BACK_MIN // step_min)]
        if len(early):
            announced += 1
            leads.append((moment - int(early[0])) * step_min)
    return {
        "crues": floods,
        "annoncees": announced,
        "fausses": false,
        "delai_min": float(np.median(leads)) if leads else float("nan"),
    }
