"""Chiffres du cas cités dans le livre : tous calculés ici, jamais tapés.

`cases/usagers/chiffres.yml` en est le résultat ; un test le recalcule et compare. Les chiffres du standard viennent de
:mod:`formation.usagers.call_figures`, ceux des phrases d’ici.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation import published
from formation.usagers import call_figures, evaluation, ngrams, tables, traps
from formation.usagers.evaluation import FIXED_THRESHOLD, MODEL, TEST

if TYPE_CHECKING:
    from formation.territory import Territory

METHODS = {"modele": MODEL, "mots_cles": "mots-clés", "frequente": "la plus fréquente"}
PROFILES = ("standard", "accent_regional", "voix_agee_ou_ligne", "langue_seconde")
CURVE = (2, 4, 8, 17)
"""Nombres de gabarits par démarche de la courbe d’apprentissage citée."""
_COUNTS = ("gabarits", "gabarits_demarche", "enonces")
_TWO_DIGITS = ("ece_", "seuil_", "wer_")


def measure(data: Mapping[str, pd.DataFrame], *, seed: int = 447) -> dict[str, float]:
    """Tous les chiffres d’une simulation : le standard, puis les phrases.

    Parameters
    ----------
    data : mapping of str to DataFrame
        Tables du cas.
    seed : int
        Graine des scénarios du standard.

    Returns
    -------
    dict of str to float
        Nom du chiffre et valeur, dans l’unité de :func:`unit`.
    """
    return call_figures.measure(data, seed=seed) | text_figures(data)


def text_figures(data: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Chiffres des phrases : exactitude, seuil, profils de voix, fiches périmées, dérive.

    Parameters
    ----------
    data : mapping of str to DataFrame
        Tables `enonces`, `gabarits`, `intentions` et `base_reponses`.

    Returns
    -------
    dict of str to float
        Nom du chiffre et valeur, dans l’unité de :func:`unit`.
    """
    utterances, known = data["enonces"], data["intentions"]
    scores = evaluation.score_table(utterances)
    mixed = evaluation.score_table(evaluation.shuffled(utterances))
    honest = evaluation.summarise(scores).set_index("methode")
    flattering = evaluation.summarise(mixed).set_index("methode")
    share = float((known["frequence"] * known["automatisable"]).sum() / known["frequence"].sum())
    values = {
        "enonces": len(utterances),
        "gabarits": len(data["gabarits"]),
        "gabarits_demarche": int((data["gabarits"]["demarche"] == "tarif").sum()),
        "automatisable": 100 * share,
    }
    for key, name in METHODS.items():
        values[f"exactitude_{key}"] = 100 * honest.loc[name, "exactitude"]
        values[f"exactitude_lignes_{key}"] = 100 * flattering.loc[name, "exactitude"]
    for label, summary in {"": honest.loc[MODEL], "_lignes": flattering.loc[MODEL]}.items():
        values[f"ece{label or '_modele'}"] = summary["ece"]
        values[f"seuil_choisi{label}"] = summary["seuil"]
        values[f"automatise{label}"] = 100 * summary["couverture"]
        values[f"erreur_automatise{label}"] = 100 * summary["erreur"]
        values[f"automatise_06{label}"] = 100 * summary["couverture_06"]
        values[f"erreur_06{label}"] = 100 * summary["erreur_06"]
    values["exactitude_sujet"] = 100 * honest.loc[MODEL, "exactitude_sujet"]
    values["exactitude_demarche"] = 100 * honest.loc[MODEL, "exactitude_demarche"]
    values["resolution_annoncee"] = share * values["automatise_lignes"]
    values["resolution_mesuree"] = 100 * _resolved(scores, data, float(honest.loc[MODEL, "seuil"]))
    values |= _out_of_scope(scores) | _profiles(scores) | _traps(scores, data)
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
    >>> unit("exactitude_modele"), unit("ece_modele"), unit("perdus_avant")
    ('%', '', '%')
    """
    if name in _COUNTS or name.startswith(_TWO_DIGITS):
        return ""
    return call_figures.unit(name)


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
    >>> digits("exactitude_modele"), digits("ece_modele")
    (0, 2)
    """
    return 2 if name.startswith(_TWO_DIGITS) else call_figures.digits(name)


def _resolved(scores: pd.DataFrame, data: Mapping[str, pd.DataFrame], threshold: float) -> float:
    """Part des appels du test réellement résolus : compris, automatisables, et lus sur une fiche à jour."""
    known = data["intentions"].merge(data["base_reponses"][["id_intention", "perimee"]], on="id_intention")
    useful = (known["automatisable"].astype(int) * (1 - known["perimee"].astype(int))).to_numpy()
    by_label = pd.Series(useful, index=known["domaine"] + "/" + known["demarche"])
    test = scores[(scores["methode"] == MODEL) & (scores["lot"] == TEST)]
    good = test["prevue"].map(by_label).fillna(0) * test["juste"] * (test["confiance"] >= threshold)
    return float(good.mean())


def _out_of_scope(scores: pd.DataFrame) -> dict[str, float]:
    table = evaluation.thresholds(scores, grid=[0.3, FIXED_THRESHOLD])
    at = table[table["lot"] == TEST].set_index("seuil")["hors_domaine_accepte"]
    return {"hors_domaine_03": 100 * at[0.3], "hors_domaine_06": 100 * at[FIXED_THRESHOLD]}


def _profiles(scores: pd.DataFrame) -> dict[str, float]:
    table = evaluation.by_profile(scores).set_index("profil_voix")
    groups = traps.group_thresholds(scores)
    values = {}
    for name in PROFILES:
        values[f"wer_{name}"] = table.loc[name, "wer"]
        values[f"automatise_{name}"] = 100 * table.loc[name, "couverture"]
        values[f"erreur_{name}"] = 100 * table.loc[name, "erreur"]
        values[f"automatise_{name}_seuil_profil"] = 100 * groups.loc[name, "couverture_profil"]
        values[f"erreur_{name}_seuil_profil"] = 100 * groups.loc[name, "erreur_profil"]
    values["ecart_profils"] = 100 * float(np.ptp(table["couverture"]))
    return values


def _traps(scores: pd.DataFrame, data: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    utterances = data["enonces"]
    curve = traps.learning_curve(utterances, counts=CURVE).set_index("gabarits")["exactitude"]
    voices = traps.standard_voice_only(utterances).loc["langue_seconde"]
    stale = traps.stale_answers(scores, data["base_reponses"], data["intentions"])
    change = traps.drift(scores)
    weeks = traps.weekly_confidence(scores, utterances)
    summer = weeks["semaine"] >= "2025-06-09"
    return {
        **{f"courbe_{count}": 100 * curve[count] for count in CURVE},
        "langue_seconde_toutes_voix": 100 * voices["toutes les voix"],
        "langue_seconde_voix_standard": 100 * voices["voix standard seule"],
        "perimees": 100 * stale["perimees"],
        "reponses_fausses": 100 * stale["fausses"],
        "derive_part_nouvelle": 100 * change.loc[evaluation.DRIFT, "part_nouvelle"],
        "derive_acceptee": 100 * change.loc[evaluation.DRIFT, "nouvelle_acceptee"],
        "incompris_printemps": 100 * weeks.loc[~summer, "part_incomprise"].mean(),
        "incompris_ete": 100 * weeks.loc[summer, "part_incomprise"].mean(),
        "phrases_inventees": 100 * ngrams.invention_rate(data["base_reponses"]),
    }


def _one_seed(territory: Territory, seed: int) -> dict[str, float]:
    from formation.usagers.simulation import simulate

    return measure(simulate(territory, seed=seed), seed=seed)


write = published.writer(tables.CASE, _one_seed, unit=unit, digits=digits)
"""Écrit `chiffres.yml` : la valeur des données livrées, l’étendue sur les graines."""
