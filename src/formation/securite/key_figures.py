"""Chiffres du cas cités dans le livre : tous calculés ici, jamais tapés.

`cases/securite/chiffres.yml` en est le résultat ; un test le recalcule et compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from formation import published
from formation.securite import base_rate, counting, decision, evaluation, features, tables, traps

if TYPE_CHECKING:
    from formation.securite.evaluation import Trial
    from formation.territory import Territory

NAMES = {"repetition": "repetition", "fan-zone": "fan_zone", "soiree": "soiree"}
RULES = {"seuil_fixe": "seuil fixe 4,2", "seuil_choisi": "seuil fixe choisi"}
LEVELS = {"07": 0.7, "09": 0.9}
"""Seuils plus exigeants, cités dans le chapitre."""
_HALF_WIDTH = 0.1


def measure(data: Mapping[str, Any], territory: Territory) -> dict[str, float]:  # noqa: ARG001
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
    done = evaluation.trial(features.panel(tables.join_measures(data)))
    values: dict[str, float] = {}
    for place in evaluation.PLACES:
        values |= _place(done, place)
    values |= _ordinary(done)
    values |= _traps(done, data["episodes"])
    values |= _bayes(done)
    values |= _counting(data["vignettes"], data["comptages"])
    values |= _bottleneck()
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
    >>> unit("precision_soiree"), unit("delai_detection"), unit("fausses_heure_soiree"), unit("erreur_nuit")
    ('%', 'secondes', '', '')
    """
    if name in ("delai_detection", "goulot_duree"):
        return "secondes"
    parts = ("precision_", "rappel_", "prevalence_", "exactitude_", "part_", "base_", "annonce_")
    return "%" if name.startswith(parts) else ""


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
    >>> digits("precision_repetition"), digits("precision_soiree"), digits("prevalence_soiree")
    (0, 1, 2)
    """
    if name.startswith(("prevalence_", "exactitude_jamais", "annonce_", "seuil_")):
        return 2
    if name.startswith(("precision_soiree", "exactitude_", "erreur_", "biais_", "base_", "goulot_densite")):
        return 1 + name.startswith("erreur_")
    # Sous dix, une décimale se lit et se vérifie ; au-dessus, elle prétend trop.
    small = ("vraies_heure_", "fausses_heure_soiree_0", "episodes_soiree_soiree", "heures_pour_une", "minutes_entre")
    return int(name.startswith((*small, "alertes_pour_une_vraie_repetition", "alertes_pour_une_vraie_fan_zone")))


def _place(done: Trial, place: str) -> dict[str, float]:
    """Un lieu au réglage commun."""
    found, end = done.report(place), NAMES[place]
    line = evaluation.line(found)
    return {
        f"prevalence_{end}": 100 * float(done.parts[place, "test"][features.TARGET].mean()),
        f"episodes_soiree_{end}": tables.HOURS * found.episodes / found.hours,
        f"alertes_heure_{end}": found.alarms_per_hour,
        f"fausses_heure_{end}": found.false_per_hour,
        f"vraies_heure_{end}": found.true_alarms / found.hours,
        f"precision_{end}": 100 * found.precision,
        f"precision_{end}_bas": 100 * line["precision_bas"],
        f"precision_{end}_haut": 100 * line["precision_haut"],
        f"alertes_pour_une_vraie_{end}": found.alarms / max(found.true_alarms, 1),
        f"rappel_{end}": 100 * found.recall,
        f"rappel_{end}_bas": 100 * line["rappel_bas"],
        f"rappel_{end}_haut": 100 * line["rappel_haut"],
        f"nb_episodes_test_{end}": found.episodes,
        f"nb_soirees_test_{end}": found.hours / tables.HOURS,
    }


def _ordinary(done: Trial) -> dict[str, float]:
    """La soirée ordinaire : charge de l’opérateur, seuils plus exigeants, options sans IA, durée d’une recette."""
    place, home = evaluation.PLACES[-1], evaluation.PLACES[0]
    found = done.report(place)
    load = decision.operator_load(found.alarms_per_hour, hours=tables.HOURS)
    values = {
        "alertes_soiree_6h": load["alertes"],
        "minutes_entre_alertes_soiree": load["minutes_entre_deux"],
        "minutes_verification_6h": load["minutes"],
        "heures_pour_une_vraie_soiree": found.hours / max(found.true_alarms, 1),
        "delai_detection": done.report(home).delay_s,
        "seuil_choisi": done.methods[RULES["seuil_choisi"]].threshold,
    }
    for end, level in LEVELS.items():
        strict = done.report(place, threshold=level)
        values[f"fausses_heure_soiree_{end}"] = strict.false_per_hour
        values[f"rappel_soiree_{end}"] = 100 * strict.recall
        values[f"precision_soiree_{end}"] = 100 * strict.precision
    for end, name in RULES.items():
        for where in (home, place):
            rule = done.report(where, method=name)
            values[f"fausses_heure_{end}_{where}"] = rule.false_per_hour
            values[f"rappel_{end}_{where}"] = 100 * rule.recall
            values[f"precision_{where}_{end}"] = 100 * rule.precision
    needed = decision.cases_needed(0.8, _HALF_WIDTH)
    values["episodes_recette"] = needed
    for where in (home, place):
        rate = decision.episode_rate(done, where, "test")
        values[f"heures_recette_{NAMES[where]}"] = decision.trial_hours(rate, needed)
    return values


def _traps(done: Trial, episodes: pd.DataFrame) -> dict[str, float]:
    silent, *_, model = traps.accuracy(done).to_dict("records")
    truth = traps.annotated(done, episodes).set_index("verite")["rappel"]
    split = traps.splits(done).set_index("decoupage")["precision_moyenne"]
    weather = traps.rain(done)["fausses_heure"]
    camera = traps.biased_camera(done).set_index("methode")
    own = camera.loc[evaluation.MODEL]
    return {
        "exactitude_jamais": 100 * silent["exactitude"],
        "exactitude_modele_soiree": 100 * model["exactitude"],
        "rappel_verite_operateur": 100 * truth["annotée"],
        "rappel_verite_complete": 100 * truth["complète"],
        "precision_decoupage_ligne": 100 * split["par ligne"],
        "precision_decoupage_soiree": 100 * split["par soirée"],
        "fausses_heure_sec": weather["sec"],
        "fausses_heure_pluie": weather["pluie"],
        "part_alertes_camera_biaisee": 100 * own["part_des_fausses"],
        "alertes_camera_biaisee": own["alertes_soiree"],
        "alertes_camera_mediane": own["mediane_autres"],
        "alertes_camera_etalonnee": own["apres_etalonnage"],
    }


def _bayes(done: Trial) -> dict[str, float]:
    """Loi de base, et probabilités annoncées un soir ordinaire, avant et après correction."""
    learnt = float(done.parts[evaluation.PLACES[0], "apprentissage"][features.TARGET].mean())
    rows = done.parts[evaluation.PLACES[-1], "test"]
    used = float(rows[features.TARGET].mean())
    values = {
        f"base_{end}": 100 * base_rate.predictive_value(share)
        for end, share in zip(("10", "1", "01", "001"), base_rate.PREVALENCES, strict=True)
    }
    score = rows["score"].to_numpy()
    return values | {
        "annonce_soiree": 100 * float(score.mean()),
        "annonce_corrigee_soiree": 100 * float(base_rate.recalibrate(score, learnt, used).mean()),
        "annonce_05_corrigee": 100 * base_rate.same_alarm_threshold(0.5, learnt, used),
    }


def _counting(images: Mapping[str, Any], counts: pd.DataFrame) -> dict[str, float]:
    table = counting.evaluate(images, counts)
    day, cured, limited = (table[table["essai"] == name].set_index("epreuve") for name in counting.TRIALS[1:])
    values = {f"erreur_{name}": day.loc[name, "mae"] for name in counting.CONDITIONS}
    naive = table[table["essai"] == counting.TRIALS[0]].set_index("epreuve")
    return values | {
        "erreur_moyenne_jour": naive.loc["jour", "mae"],
        "erreur_nuit_apprise": cured.loc["nuit", "mae"],
        "erreur_jour_nuit_apprise": cured.loc["jour", "mae"],
        "biais_nuit_dense": -day.loc["nuit", "biais_dense"],
        "biais_nuit_dense_apprise": -cured.loc["nuit", "biais_dense"],
        "biais_jour_dense": -day.loc["jour", "biais_dense"],
        "biais_dense": -limited.loc[counting.CROWDED, "biais_dense"],
    }


def _bottleneck() -> dict[str, float]:
    from formation.securite import trajectories

    found = trajectories.summary(tables.load("trajectoires"))
    return {"goulot_duree": found["duree_s"], "goulot_densite_max": found["densite_max"]}


def _one_seed(territory: Territory, seed: int) -> dict[str, float]:
    from formation.securite.simulation import simulate

    return measure(simulate(territory, seed=seed), territory)


write = published.writer(tables.CASE, _one_seed, unit=unit, digits=digits)
"""Écrit `chiffres.yml` : la valeur des données livrées, l’étendue sur les graines."""
