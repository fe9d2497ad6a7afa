"""Chiffres du cas cités dans le livre : tous calculés ici, jamais tapés.

`cases/dechets/chiffres.yml` en est le résultat ; un test le recalcule et compare.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation import published
from formation.dechets import decision, evaluation, features, interactive, margins, rounds, tables, traps
from formation.dechets.model import QuantileCurve
from formation.metrics import wape

if TYPE_CHECKING:
    from formation.dechets.evaluation import Forecasts
    from formation.territory import Territory

RATIOS = (1, 2, 4, 9, 12)
"""Repas jetés acceptés pour un manquant, cités dans le chapitre."""
REFERENCES = {"naif": "naïf saisonnier", "historique": "historique seul"}
ERRORS = {
    "toutes": features.ALL,
    **{name: tuple(c for c in features.ALL if c not in gone) for name, gone in traps.GROUPS.items()},
    "météo": (*features.ALL, *traps.WEATHER),
    "grève": (*features.ALL, *traps.STRIKE),
}


def measure(data: Mapping[str, pd.DataFrame], territory: Territory) -> dict[str, float]:
    """Tous les chiffres d’une simulation.

    Parameters
    ----------
    data : mapping of str to DataFrame
        Tables du cas.
    territory : Territory
        Territoire.

    Returns
    -------
    dict of str to float
        Nom du chiffre et valeur, dans l’unité de :func:`unit`.
    """
    rows = features.panel(tables=data, territory=territory)
    validation, test = evaluation.split_forecasts(rows)
    values = operating_points(test)
    values |= _chosen_before(validation, test)
    far = last_year_forecasts(features.panel(horizon=70, tables=data, territory=territory), 70)
    values |= {f"{name}_j70": value for name, value in operating_points(far).items() if "modele" in name}
    values |= _ratios(validation, test)
    values |= _errors(rows, data, territory)
    values |= _fairness(test, territory)
    values |= _data_traps(rows, data)
    values |= _rounds(data["collecte_points"])
    return {name: float(value) for name, value in values.items()}


def last_year_forecasts(rows: pd.DataFrame, horizon: int = 15, *, columns: Sequence[str] | None = None) -> Forecasts:
    """Prévisions de la seule année de test : deux fois moins de calcul quand aucun réglage n’est à choisir.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`formation.dechets.features.panel`.
    horizon : int
        Jours entre la commande et le service.
    columns : sequence of str, optional
        Variables du modèle ; toutes celles connues à l’horizon par défaut.

    Returns
    -------
    Forecasts
        Année de test ; seule référence : les agents.
    """
    year = rows["annee_scolaire"]
    usable = (year >= evaluation.FIRST_YEAR) & (year != features.SKIPPED_YEAR) & (year < evaluation.TEST_YEAR)
    learn, test = rows[usable], rows[year == evaluation.TEST_YEAR]
    target = features.uncensored(rows)[features.TARGET][learn.index]
    rates = (
        QuantileCurve(features.known(horizon) if columns is None else tuple(columns))
        .fit(learn, target)
        .predict_levels(test)
    )
    return evaluation.Forecasts(test, pd.DataFrame({"agents": test["repas_prevus_agents"].astype(float)}), rates)


def operating_points(test: Forecasts) -> dict[str, float]:
    """Surplus des agents, puis du modèle et de la règle sans IA au même manque et aux mêmes ruptures.

    Parameters
    ----------
    test : Forecasts
        Prévisions de l’année de test.

    Returns
    -------
    dict of str to float
        Parts en %, repas par jour, gains en % du surplus des agents.
    """
    agents = decision.consequences(test.references["agents"], test.demand, test.days)
    values = {f"{name}_agents": 100 * agents[name] for name in ("surplus", "manque", "rupture")}
    values["jetes_jour_agents"] = agents["surplus_repas_jour"]
    values["manquants_jour_agents"] = agents["manque_repas_jour"]
    middle = test.produced(0.5)
    values["wape_modele"] = 100 * wape(middle, test.demand)
    for method, curve in {"modele": test.curve(), "regle": margins.rule_curve(test)}.items():
        for label, column in (("manque_egal", "manque"), ("rupture_egale", "rupture")):
            place = -curve[column].to_numpy(float)
            share, meals = (
                float(np.interp(-agents[column], place, curve[name])) for name in ("surplus", "surplus_repas_jour")
            )
            values[f"surplus_{method}_{label}"] = 100 * share
            values[f"gain_{method}_{label}"] = 100 * (share / agents["surplus"] - 1)
            values[f"repas_evites_{method}_{label}"] = agents["surplus_repas_jour"] - meals
    return values


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
    >>> unit("surplus_agents"), unit("apport_menus"), unit("km_pyvrp"), unit("jetes_jour_agents")
    ('%', 'point', 'km', '')
    """
    if name.startswith("km_"):
        return "km"
    if name.startswith("apport_"):
        return "point"
    counted = ("jetes_jour", "manquants_jour", "repas_", "jours_", "sites", "saisies_")
    return "" if name.startswith(counted) else "%"


def digits(name: str) -> int:
    """Décimales d’un chiffre publié.

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
    >>> digits("surplus_agents"), digits("gain_modele_manque_egal")
    (1, 0)
    """
    precise = ("surplus_", "manque_", "wape_", "apport_", "km_", "precision_", "noms_", "effet_")
    return int(name.startswith(precise))


def _chosen_before(validation: Forecasts, test: Forecasts) -> dict[str, float]:
    """Réglage choisi sur l’année de validation, conséquences sur l’année de test ; références."""
    table = evaluation.measure(validation, test).set_index("methode")
    values = {f"wape_{key}": 100 * table.loc[name, "wape"] for key, name in REFERENCES.items()}
    past = decision.consequences(validation.references["agents"], validation.demand, validation.days)
    values["manque_agents_validation"] = 100 * past["manque"]
    values["surplus_agents_validation"] = 100 * past["surplus"]
    for key, name in (("manque", evaluation.EQUAL_MISSING), ("rupture", evaluation.EQUAL_SHORTAGE)):
        values[f"quantile_reglage_{key}"] = 100 * table.loc[name, "quantile"]
        for column in ("surplus", "manque", "rupture"):
            values[f"{column}_modele_reglage_{key}"] = 100 * table.loc[name, column]
    values["repas_jour"] = float(test.rows.groupby("date")["repas_servis"].sum().mean())
    values["jours_test"] = float(test.days)
    return values


def _ratios(validation: Forecasts, test: Forecasts) -> dict[str, float]:
    table = interactive.choices(validation, test)
    values = {}
    for ratio in RATIOS:
        row = table.loc[ratio]
        for column in ("surplus", "manque", "rupture", "surplus_regle", "manque_regle", "marge"):
            values[f"{column}_k{ratio}"] = 100 * row[column]
        values[f"jetes_jour_k{ratio}"] = row["surplus_repas_jour"]
        values[f"manquants_jour_k{ratio}"] = row["manque_repas_jour"]
    return values


def _errors(rows: pd.DataFrame, data: Mapping[str, pd.DataFrame], territory: Territory) -> dict[str, float]:
    """Apports des variables, fuites, jours de grève."""
    table = 100 * traps.errors(rows, ERRORS)
    late = features.panel(horizon=1, tables=data, territory=territory)
    late = late.assign(preavis_greve=rows["preavis_greve"].to_numpy())
    lagged = 100 * traps.errors(late, {"veille": features.ALL}).loc["veille"]
    honest = table.loc["toutes"]
    short = {"sorties": "sans les sorties", "calendrier": "sans le calendrier", "menus": "sans les menus"}
    values = {f"apport_{key}": table.loc[name, "wape"] - honest["wape"] for key, name in short.items()}
    return values | {
        "wape_ville": honest["wape_ville"],
        "wape_greve_avec_preavis": honest["wape_greve"],
        "wape_greve_sans_preavis": table.loc["sans les préavis de grève", "wape_greve"],
        "wape_fuite_meteo": table.loc["météo", "wape"],
        "wape_fuite_greve": table.loc["grève", "wape"],
        "wape_greve_fuite_greve": table.loc["grève", "wape_greve"],
        "wape_fuite_veille": lagged["wape"],
        "wape_ville_fuite_veille": lagged["wape_ville"],
    }


def _fairness(test: Forecasts, territory: Territory) -> dict[str, float]:
    """Manque par quartile social, et « précision » selon l’échelle."""
    table = evaluation.by_quartile(test, territory.ecoles, decision.newsvendor_quantile(4)).set_index("quartile_social")
    values = {f"manque_quartile_{rank}": 100 * row["manque"] for rank, row in table.iterrows()}
    values |= {f"manque_agents_quartile_{rank}": 100 * row["manque_agents"] for rank, row in table.iterrows()}
    return values | {f"precision_{name}": 100 * value for name, value in traps.precision(test).items()}


def _data_traps(rows: pd.DataFrame, data: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    covered = evaluation.censoring_table(rows, quantile=0.9).set_index("censure")["couverture"]
    closing = traps.closing(data["repas"])["ecart"]
    typed = traps.typing(data["saisies"], data["sites"])
    trips = data["sorties"]
    late = (trips["date"] - trips["date_declaration"]).dt.days < 15
    short = data["repas"].merge(data["demande"], on=["date", "id_ecole"])
    return {
        "couverture_90_corrigee": 100 * covered["corrigée"],
        "couverture_90_ignoree": 100 * covered["ignorée"],
        "couverture_90_demande": 100 * covered["sans (demande connue)"],
        "services_censures": 100 * (short["demande"] > short["repas_prevus_agents"]).mean(),
        "ecart_fermeture_repas": 100 * closing["en repas"],
        "ecart_fermeture_taux": 100 * closing["en repas par élève"],
        "noms_mal_tapes": 100 * typed["part_noms_inconnus"],
        "effet_zeros": 100 * typed["effet_zeros"],
        "saisies_en_double": typed["lignes_en_double"],
        "sorties_tardives": 100 * float(late.mean()),
    }


def _rounds(points: pd.DataFrame) -> dict[str, float]:
    table = rounds.compare(points).set_index("methode")["km"]
    near, swept, found = table["plus proche voisin"], table["balayage"], table["PyVRP"]
    return {
        "km_voisin": near,
        "km_balayage": swept,
        "km_pyvrp": found,
        "gain_tournees": 100 * (found / near - 1),
        "gain_tournees_balayage": 100 * (found / swept - 1),
    }


def _one_seed(territory: Territory, seed: int) -> dict[str, float]:
    from formation.dechets.simulation import simulate

    return measure(simulate(territory, seed=seed), territory)


write = published.writer(tables.CASE, _one_seed, unit=unit, digits=digits)
"""Écrit `chiffres.yml` : la valeur des données livrées, l’étendue sur les graines."""
