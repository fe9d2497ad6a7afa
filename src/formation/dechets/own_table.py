"""Mesurer les méthodes d’un essai : le réglage vient de l’avant-dernière année, le résultat de la dernière."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation import metrics
from formation.dechets import own_model, own_points
from formation.dechets.decision import consequences
from formation.dechets.own_model import AS_IS
from formation.dechets.own_points import MISSING, SHORTAGE, Family

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIXED_MISSING, FIXED_SHORTAGE = 0.01, 0.15
"""Manque et ruptures visés quand le fichier ne montre aucun manque."""


@dataclass(frozen=True)
class Trial:
    """Essai à un horizon : lignes et prévisions de l’année du choix, de l’année jugée et de la suite."""

    horizon: int
    rows: list[pd.DataFrame]
    families: list[dict[str, Family]]
    censored: bool
    dropped: int


def method_table(trial: Trial, draws: int, seed: int) -> tuple[pd.DataFrame, dict[str, NDArray[np.float64]]]:
    """Une ligne par méthode, et les tirages de l’écart à manque égal.

    Parameters
    ----------
    trial : Trial
        Essai à un horizon.
    draws, seed : int
        Tirages de l’intervalle et leur graine.

    Returns
    -------
    table : DataFrame
        Colonnes de :class:`formation.dechets.own_data.OwnResult`.
    spreads : dict of str to ndarray
        Tirages, par méthode.
    """
    choice, judged, _ = trial.rows
    demand = judged["servis"].to_numpy(float)
    agents = judged["agents"].to_numpy(float)
    week, weeks = own_model.weeks_of(judged["date"])
    reference = own_points.tally(agents, demand, week, weeks)
    days = judged["date"].nunique()
    lines = [consequences(agents, demand, days) | {"methode": AS_IS, "wape": metrics.wape(agents, demand)}]
    targets = _targets(choice, censored=trial.censored)
    spreads: dict[str, NDArray[np.float64]] = {}
    calm = ~judged["perturbe"].to_numpy()
    for name, family in trial.families[1].items():
        chosen = trial.families[0][name]
        line = _chosen(chosen, family, choice, judged, targets)
        line |= {"methode": name, "wape": metrics.wape(np.maximum(family.center, 0), demand)}
        line["ecart_manque_choisi"] = line["surplus_repas_jour"] * days / reference[:, 0].sum() - 1
        line["ecart_ruptures_choisi"] = line["surplus_repas_jour_ruptures"] * days / reference[:, 0].sum() - 1
        if not trial.censored:
            table = own_points.curve(family, demand, week, weeks)
            for column, key in ((MISSING, "ecart_manque_egal"), (SHORTAGE, "ecart_ruptures_egales")):
                found = own_points.draws_of(reference, table, column, draws=draws, seed=seed)
                line[key] = own_points.change(reference, table, column)
                line[f"{key}_bas"], line[f"{key}_haut"] = metrics.draw_bounds(found)
                if column == MISSING:
                    spreads[name] = found
            line["ecart_sans_perturbes"] = change_on(family, agents, demand, calm)
        lines.append(line)
    table = pd.DataFrame(lines)
    table.insert(0, "horizon_j", trial.horizon)
    return table[["horizon_j", "methode", *[name for name in table if name not in ("horizon_j", "methode")]]], spreads


def _targets(choice: pd.DataFrame, *, censored: bool) -> tuple[float, float]:
    """Manque et ruptures des agents, l’année du choix : parts des repas servis et des site-jours."""
    served, agents = choice["servis"].to_numpy(float), choice["agents"].to_numpy(float)
    if censored:
        return FIXED_MISSING, FIXED_SHORTAGE
    return metrics.missing_rate(agents, served), metrics.shortage_rate(agents, served)


def _chosen(
    on_choice: Family, on_test: Family, choice: pd.DataFrame, judged: pd.DataFrame, targets: tuple[float, float]
) -> dict[str, Any]:
    """Choisit les deux réglages l’avant-dernière année, les mesure sur la dernière."""
    served = choice["servis"].to_numpy(float)
    week = np.zeros(len(choice), dtype=np.int64)
    totals = own_points.curve(on_choice, served, week, 1)[0]
    demand, days = judged["servis"].to_numpy(float), judged["date"].nunique()
    line: dict[str, Any] = {}
    for column, target, suffix in (
        (MISSING, targets[0] * served.sum(), ""),
        (SHORTAGE, targets[1] * len(served), "_ruptures"),
    ):
        step = own_points.step_at(totals, column, target)
        measured = consequences(on_test.meals(step), demand, days)
        line |= {f"{key}{suffix}": value for key, value in measured.items()}
    return line


def change_on(
    family: Family, agents: NDArray[np.float64], demand: NDArray[np.float64], kept: NDArray[np.bool_]
) -> float:
    """Écart à manque égal sur une partie des lignes.

    Parameters
    ----------
    family : Family
        Méthode.
    agents, demand : ndarray, forme (n_lignes,)
        Prévision des agents et repas servis.
    kept : ndarray de bool, forme (n_lignes,)
        Lignes gardées.

    Returns
    -------
    float
        Variation des repas en trop ; vide si rien n’est gardé.
    """
    if not kept.any():
        return float("nan")
    week = np.zeros(int(kept.sum()), dtype=np.int64)
    part = Family(family.center[kept], family.spread[kept])
    reference = own_points.tally(agents[kept], demand[kept], week, 1)
    return own_points.change(reference, own_points.curve(part, demand[kept], week, 1), MISSING)
