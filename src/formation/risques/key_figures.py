"""Chiffres du cas cités dans le livre : tous calculés ici, jamais tapés.

`cases/risques/chiffres.yml` en est le résultat ; un test le recalcule et compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from formation import published
from formation.risques import decision, evaluation, extreme, features, hydrology, physical, tables, traps

if TYPE_CHECKING:
    import pandas as pd

    from formation.risques.evaluation import Forecasts
    from formation.territory import Territory

SHORT = {
    "pluie": evaluation.RAIN_RULE,
    "persistance": evaluation.PERSISTENCE,
    "lineaire": evaluation.LINE,
    "logarithme": evaluation.LOG_LINE,
    "modele": evaluation.MODEL,
}
MAIN = ("pluie", "persistance", "modele")
RATIOS = {"005": 0.05, "01": 0.1, "03": 0.3}
HORIZON = 60
FIXED = {"s050": 0.5, "s100": 1.0, "s130": 1.3}
"""Seuils du modèle, en m³/s/km², dont le chapitre compare les conséquences."""
COUNTED = {"alertes": "alertes", "manques": "manquees", "fausses": "fausses"}


def measure(data: Mapping[str, Any]) -> dict[str, float]:
    """Tous les chiffres d’une simulation.

    Parameters
    ----------
    data : mapping
        Tables du cas, radar compris.

    Returns
    -------
    dict of str to float
        Nom du chiffre et valeur, dans l’unité de :func:`unit`.
    """
    rows = features.panel(data)
    values: dict[str, float] = {}
    for horizon in features.HORIZONS:
        ready = evaluation.fitted(rows, horizon)
        validation, test = (evaluation.predicted(ready, rows, horizon, name) for name in ("validation", "test"))
        values |= _steps(validation, test)
        if horizon == HORIZON:
            values |= _pairs(validation, test) | _ratios(validation, test) | _flow(test)
            values |= _failures(ready, rows, validation, test) | _storm(ready, rows, data, validation)
    values |= _data(data) | _clock_and_split(rows)
    judged = physical.judge(physical.series(data, HORIZON))
    values |= {"csi_physique_60": judged["jaugés"].csi, "csi_non_jauges": judged["non jaugés"].csi}
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
    >>> unit("csi_modele_60"), unit("pod_modele_60"), unit("delai_modele"), unit("pointe_1988")
    ('', '%', 'min', 'm³/s/km²')
    """
    if name.startswith("delai_"):
        return "min"
    if name.startswith("cumul_"):
        return "mm"
    if name.startswith("pointe_"):
        return "m³/s/km²"
    shares = ("pod_", "far_", "part_", "exactitude_", "sous_estimation_", "ecart_", "muet_", "pluvio_", "carte_")
    return "%" if name.startswith(shares) else ""


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
    >>> digits("csi_modele_60"), digits("exactitude_jamais"), digits("pod_modele_60")
    (2, 1, 0)
    """
    if name.startswith(("csi_", "valeur_", "biais_", "nse_", "kge_", "seuil_")):
        return 2
    return int(name.startswith(("exactitude_", "pointe_", "muet_", "facteur_1988_lineaire")))


def _steps(validation: Forecasts, test: Forecasts) -> dict[str, float]:
    """Au pas de 5 minutes, seuils choisis sur la validation."""
    table = evaluation.measure(validation, test).set_index("methode")
    values: dict[str, float] = {}
    for key, name in SHORT.items():
        row, end = table.loc[name], f"{key}_{test.horizon}"
        values |= {f"csi_{end}": row["csi"], f"pod_{end}": 100 * row["pod"], f"far_{end}": 100 * row["far"]}
        values[f"biais_{end}"] = row["biais"]
        if key in ("pluie", "modele"):
            values[f"seuil_{end}"] = row["seuil"]
    if test.horizon == HORIZON:
        row = table.loc[evaluation.MODEL]
        right = row["justes"] + row["calmes"]
        values["exactitude_modele_60"] = 100 * right / (right + row["manquees"] + row["fausses"])
        values["exactitude_jamais"] = 100 * float(1 - test.event.mean())
    return values


def _pairs(validation: Forecasts, test: Forecasts) -> dict[str, float]:
    """Par couple épisode × bassin, aux mêmes seuils."""
    values: dict[str, float] = {}
    for key in (*MAIN, "lineaire"):
        name = SHORT[key]
        found = decision.judge_pairs(test, name, validation.chosen(name))
        values |= {
            f"debordements_annonces_{key}": found["justes"],
            f"debordements_manques_{key}": found["manquees"],
            f"alertes_fausses_{key}": found["fausses"],
            f"part_annonces_{key}": 100 * found["pod"],
            f"part_fausses_{key}": 100 * _or_zero(found["far"]),
            f"delai_{key}": _or_zero(found["delai_min"]),
        }
    rule = SHORT["pluie"]
    level = decision.same_lead(validation, rule, SHORT["modele"])
    equal = decision.judge_pairs(test, rule, level)
    values |= {
        "delai_egal_pluie": _or_zero(equal["delai_min"]),
        "manques_delai_egal_pluie": equal["manquees"],
        "fausses_delai_egal_pluie": equal["fausses"],
    }
    return values


def _ratios(validation: Forecasts, test: Forecasts) -> dict[str, float]:
    """Coût et perte : valeur au pas de 5 minutes, conséquences par couple."""
    table = decision.value_table(validation, test, [SHORT[key] for key in MAIN], RATIOS.values())
    table = table.set_index(["methode", "rapport"])
    values = {f"valeur_{key}_{end}": table.at[(SHORT[key], cl), "valeur"] for key in MAIN for end, cl in RATIOS.items()}
    values |= {f"seuil_valeur_{end}": table.at[(SHORT["modele"], cl), "seuil"] for end, cl in RATIOS.items()}
    past, now = (decision.pairs(found, SHORT["modele"]) for found in (validation, test))
    for end, ratio in RATIOS.items():
        level = decision.cheapest(past, validation.levels[SHORT["modele"]], ratio)
        row = decision.counts(now, [level]).iloc[0]
        values[f"seuil_cl_{end}"] = level
        values |= {f"{name}_cl_{end}": row[column] for name, column in COUNTED.items()}
    for end, level in FIXED.items():
        row = decision.counts(now, [level]).iloc[0]
        values |= {f"{name}_{end}": row[column] for name, column in COUNTED.items()}
    return values


def _flow(test: Forecasts) -> dict[str, float]:
    values: dict[str, float] = {}
    for key in ("persistance", "modele"):
        score = test.scores[SHORT[key]].to_numpy(float)
        values[f"nse_{key}_60"] = hydrology.nse(test.flow, score)
        values[f"kge_{key}_60"] = hydrology.kge(test.flow, score)
    return values


def _failures(ready: Mapping[str, Any], rows: pd.DataFrame, validation: Forecasts, test: Forecasts) -> dict[str, float]:
    """Capteur muet, radar faussé, seuil lu sur le test."""
    silent = traps.silent_sensor(ready, rows, HORIZON)
    values = {
        "csi_capteur_muet": silent.loc["absent", "csi"],
        "csi_capteur_nul": silent.loc["nul", "csi"],
        "csi_capteur_fige": silent.loc["figé", "csi"],
        "csi_garde": silent.loc["absent", "csi_garde"],
        "csi_garde_fige": silent.loc["figé", "csi_garde"],
        "debordements_annonces_muet": silent.loc["absent", "annonces"],
        "debordements_annonces_garde": silent.loc["absent", "annonces_garde"],
        "alertes_fausses_garde": silent.loc["absent", "fausses_garde"],
    }
    half = traps.biased_radar(ready, rows, HORIZON)
    values |= {"csi_radar_moitie": half.csi, "pod_radar_moitie": 100 * half.pod}
    return values | {"csi_seuil_sur_test": traps.threshold_on_test(validation, test)["test"]}


def _clock_and_split(rows: pd.DataFrame) -> dict[str, float]:
    split = traps.split_by_row(rows, HORIZON)
    values = {f"csi_{name}": value for name, value in split.items()}
    for shift in (60, 120):
        local = traps.local_flow(rows, shift, HORIZON)
        values |= {f"csi_debit_local_{shift}": local["essai"], f"csi_debit_local_{shift}_service": local["service"]}
    return values | {f"csi_heure_{shift}": traps.shifted_clock(rows, shift, HORIZON) for shift in (60, 120)}


def _storm(
    ready: Mapping[str, Any], rows: pd.DataFrame, data: Mapping[str, Any], validation: Forecasts
) -> dict[str, float]:
    """Épisode de type 1988."""
    found = extreme.forecast(rows, HORIZON, ready)
    table = extreme.peaks(found, physical.series(data, 0))
    warned = decision.judge_pairs(found, SHORT["modele"], validation.chosen(SHORT["modele"]))
    rain = data["verite"][data["verite"]["id_episode"] == extreme.EPISODE].groupby("id_bassin")["pluie_mm_h"].sum()
    peak = data["episodes"].set_index("id_episode").at[extreme.EPISODE, "cumul_max_mm"]
    missing = -100 * table["ecart_modele"]
    values = {
        "cumul_1988": peak,
        "cumul_1988_bassin": rain.max() * features.STEP_MIN / 60,
        "pointe_1988": table["vraie"].max(),
        "pointe_1988_modele": table["modele"].max(),
        "pointe_apprise": extreme.highest_learnt(rows),
        "sous_estimation_1988": missing.mean(),
        "sous_estimation_1988_min": missing.min(),
        "sous_estimation_1988_max": missing.max(),
        "alerte_1988_modele": warned["justes"],
        "delai_1988": _or_zero(warned["delai_min"]),
    }
    for name in ("lineaire", "physique"):
        values[f"ecart_1988_{name}_min"] = 100 * table[f"ecart_{name}"].min()
        values[f"ecart_1988_{name}_max"] = 100 * table[f"ecart_{name}"].max()
    for name in ("lineaire", "logarithme"):
        values[f"facteur_1988_{name}"] = (table[name] / table["vraie"]).median()
    runaway = table["logarithme"] / table["vraie"]
    values |= {"facteur_1988_logarithme_min": runaway.min(), "facteur_1988_logarithme_max": runaway.max()}
    return values


def _data(data: Mapping[str, Any]) -> dict[str, float]:
    """Ce que contiennent les tables."""
    silent, gauges = traps.drowned(data), traps.far_gauge(data)["part_aveugle"]
    sets = data["episodes"].set_index("id_episode")["jeu"]
    peaks = data["verite"].merge(data["bassins"][["id_bassin", "seuil_m3_s", "jauge"]], on="id_bassin")
    peaks["deborde"] = peaks["debit_m3_s"] >= peaks["seuil_m3_s"]
    flood, unseen = (peaks[peaks["jauge"] == kind].groupby(decision.PAIR)["deborde"].any() for kind in (1, 0))
    which, where = (found.index.get_level_values(0).map(sets) for found in (flood, unseen))
    return {
        "nb_episodes": float((sets != "extreme").sum()),
        "nb_episodes_test": float((sets == "test").sum()),
        "nb_couples_test": float((which == "test").sum()),
        "nb_debordements_test": float(flood[which == "test"].sum()),
        "nb_debordements_non_jauges": float(unseen[where == "test"].sum()),
        "part_debordements": 100 * float(flood[which != "extreme"].mean()),
        "muet_calme": 100 * silent["calme"],
        "muet_crue": 100 * silent["crue"],
        "pluvio_pres": 100 * gauges["près"],
        "pluvio_5km": 100 * gauges["loin"],
        "carte_perimee": 100 * traps.outdated_map(data),
    }


def _or_zero(value: float) -> float:
    return 0.0 if np.isnan(value) else value


def _one_seed(territory: Territory, seed: int) -> dict[str, float]:
    from formation.risques.simulation import simulate

    return measure(simulate(territory, seed=seed))


write = published.writer(tables.CASE, _one_seed, unit=unit, digits=digits)
"""Écrit `chiffres.yml` : la valeur des données livrées, l’étendue sur les graines."""
