"""Chiffres du cas cités dans le livre : tous calculés ici, jamais tapés.

`cases/eau/chiffres.yml` en est le résultat ; un test le recalcule et compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from formation import published
from formation.eau import evaluation, night_flow, tables, traps, yield_simulation

if TYPE_CHECKING:
    from formation.territory import Territory

METHODS = {
    "hasard": "hasard",
    "age": "âge",
    "age_materiau": "âge × matériau",
    "historique": "historique par km",
    "sans_historique": "sans historique",
    "sans_sol_trafic": "sans historique, ni sol, ni trafic",
    "poisson": "régression de Poisson",
    "modele": evaluation.FULL_MODEL,
}
DETECTORS = {
    "fixe": "seuil fixe + 50\u00a0%",
    "fixe_30": "seuil fixe + 30\u00a0%",
    "glissante": "médiane glissante",
    "mediane": "médiane glissante corrigée",
}
YIELDS = {"modele": evaluation.FULL_MODEL, "historique": "historique par km", "hasard": "hasard"}
DRAWS = 500


def measure(data: Mapping[str, pd.DataFrame], streets: pd.DataFrame) -> dict[str, float]:
    """Tous les chiffres d’un réseau simulé.

    Parameters
    ----------
    data : mapping of str to DataFrame
        Tables du cas.
    streets : DataFrame
        Table `rues` du territoire.

    Returns
    -------
    dict of str to float
        Nom du chiffre et valeur, dans l’unité de :func:`unit`.
    """
    pipes, failures = data["troncons"], data["defaillances"]
    scores = evaluation.score_table(pipes, failures, streets=streets)
    km = pipes["longueur_m"].sum() / 1000
    values = {"reseau_km": km, "defaillances_an": float(data["bilan_annuel"]["nb_defaillances_reparees"].mean())}
    summary = evaluation.summarise(scores).set_index("methode")
    for key, name in METHODS.items():
        for part in (10, 20, 30):
            values[f"capte_{part}_{key}"] = 100 * summary.loc[name, f"part_fuites_{part}"]
        values[f"auc_{key}"] = summary.loc[name, "auc"]
    values |= _trap_figures(scores, data, streets)
    for key, name in YIELDS.items():
        draws = yield_simulation.summary(yield_simulation.listening_draws(scores, pipes, failures, name, draws=DRAWS))
        values[f"rendement_{key}"] = 100 * draws["rendement_moyen"]
        values[f"rendement_{key}_p90"] = 100 * draws["rendement_9_sur_10"]
        values[f"rendement_{key}_part_90"] = 100 * draws["part_90"]
        values[f"fuites_trouvees_{key}"] = draws["fuites_trouvees"]
    nights = night_flow.compare([data]).set_index("detecteur")
    for key, name in DETECTORS.items():
        values[f"nuit_{key}_detectees"] = 100 * nights.loc[name, "part_detectee"]
        values[f"nuit_{key}_delai"] = nights.loc[name, "delai_j"]
        values[f"nuit_{key}_fausses"] = nights.loc[name, "fausses_alertes_secteur_an"]
    return {name: float(value) for name, value in values.items()}


def unit(name: str) -> str:
    """Unité d’un chiffre.

    Parameters
    ----------
    name : str
        Nom du chiffre.

    Returns
    -------
    str
        Unité affichée, vide pour un nombre sans unité.

    Examples
    --------
    >>> unit("reseau_km"), unit("auc_modele"), unit("capte_20_age")
    ('km', '', '%')
    """
    if name == "reseau_km":
        return "km"
    if name.startswith(("auc_", "defaillances_", "fuites_trouvees")) or name.endswith(("_delai", "_fausses")):
        return ""
    return "%"


def digits(name: str) -> int:
    """Décimales affichées d’un chiffre.

    Parameters
    ----------
    name : str
        Nom du chiffre.

    Returns
    -------
    int
        Nombre de chiffres après la virgule.

    Examples
    --------
    >>> digits("auc_modele"), digits("capte_20_age")
    (2, 0)
    """
    if name.startswith("auc_"):
        return 2
    if name.endswith("_fausses"):
        return 2 if "mediane" in name or "glissante" in name else 1
    return int(
        name.endswith("_delai") or (name.startswith(("rendement_", "fuites_trouvees")) and "part_90" not in name)
    )


def _trap_figures(scores: pd.DataFrame, data: Mapping[str, pd.DataFrame], streets: pd.DataFrame) -> dict[str, float]:
    pipes, failures = data["troncons"], data["defaillances"]
    dated = traps.default_date(pipes, failures, streets, scores=scores)["dates par défaut"]
    bias = traps.detection_bias(pipes, failures, streets, scores=scores)
    means = traps.regression_to_mean(pipes, failures)["evolution"]
    lost = traps.survivors(data["bilan_annuel"], failures)["part_perdue"]
    return {
        "capte_20_triche": 100 * traps.temporal_leak(scores, pipes),
        "capte_20_age_1950": 100 * dated["âge"],
        "capte_20_modele_1950": 100 * dated[evaluation.FULL_MODEL],
        "biais_capte_sans": 100 * bias.loc["suivi complet", "part_fuites"],
        "biais_capte_avec": 100 * bias.loc["suivi inégal", "part_fuites"],
        "biais_centre_sans": 100 * bias.loc["suivi complet", "part_centre"],
        "biais_centre_avec": 100 * bias.loc["suivi inégal", "part_centre"],
        "pires_secteurs_evolution": 100 * means.iloc[0],
        "autres_secteurs_evolution": 100 * means.iloc[1],
        "survivants_2013": 100 * lost.iloc[0],
    }


def _one_seed(territory: Territory, seed: int) -> dict[str, float]:
    from formation.eau.simulation import simulate

    return measure(simulate(territory, seed=seed), territory.rues)


write = published.writer(tables.CASE, _one_seed, unit=unit, digits=digits)
"""Écrit `chiffres.yml` : la valeur des données livrées, l’étendue sur les graines."""
