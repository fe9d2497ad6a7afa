"""Chiffres du cas cités dans le livre : tous calculés ici, jamais tapés.

`cases/mobilites/chiffres.yml` en est le résultat ; un test le recalcule et compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation import published
from formation.mobilites import counting, decision, evaluation, features, radiometry, surface, tables, traps
from formation.mobilites.model import GREY, LINEAR, MODEL

if TYPE_CHECKING:
    from formation.mobilites.evaluation import Trial
    from formation.territory import Territory

NAMES = {GREY: "gris", LINEAR: "lineaire", MODEL: "modele"}
VEHICLES = {
    counting.COLOUR: "couleur",
    counting.BLOBS: "composantes",
    counting.WATERSHED: "partage",
    counting.AREA: "aire",
}
PLACES = {counting.LEARNT: "modele", counting.RULE: "25m2"}
STATES = ("iou_campagne_apprise", "iou_autre_campagne", "iou_recalee")
EXAMPLES_M2 = (1480.0, 1530.0)
"""Les deux parcs du chapitre."""
LARGE_M2 = 10_000.0
ACTIVITY = ("clients", "salaries")
_ENTIRE = ("nb_", "erreurs_", "oublis_", "a_tort_", "decisions_", "vehicules_", "places_", "surface_", "proba_")
_PARTS = ("ecart_", "biais_", "exactitude_", "part_", "occupation_", "erreur_mesure", "proba_", "couverture_", "garde")


def measure(data: Mapping[str, Any], territory: Territory) -> dict[str, float]:  # noqa: ARG001
    """Tous les chiffres d’une simulation.

    Parameters
    ----------
    data : mapping of str to table
        Tables du cas.
    territory : Territory
        Territoire.

    Returns
    -------
    dict of str to float
        Nom du chiffre et valeur, dans l’unité de :func:`unit`.
    """
    done = evaluation.trial(data)
    values = _segmentation(done) | _surface(done) | _decision(done) | _others(done)
    values |= _counting(done) | _radiometry(done) | _traps(done) | _territory(data)
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
    >>> unit("ecart_median_parc"), unit("surface_totale_vraie_m2"), unit("iou_modele")
    ('%', 'm²', '')
    """
    if name == "occupation_ecart_deux_jours":
        return "points"
    if name.startswith(_PARTS):
        return "%"
    return "m²" if name.startswith("surface_") else ""


def digits(name: str) -> int:
    """Décimales d’un chiffre.

    Parameters
    ----------
    name : str
        Nom du chiffre.

    Returns
    -------
    int
        Trois pour un recouvrement, zéro pour un compte, une sinon.

    Examples
    --------
    >>> digits("iou_modele"), digits("nb_parcs_seuil"), digits("ecart_median_parc")
    (2, 0, 1)
    """
    if name.startswith(("iou_", "f1_")):
        return 2
    return 0 if name.startswith((*_ENTIRE, "part_prives", "exactitude_", "occupation_", "couverture_", "garde")) else 1


def _segmentation(done: Trial) -> dict[str, float]:
    values: dict[str, float] = {}
    for line in evaluation.evaluate(done).to_dict("records"):
        end = NAMES[line["methode"]]
        values |= {f"iou_{end}": line["iou"], f"f1_{end}": line["f1"], f"exactitude_{end}": 100 * line["exactitude"]}
    own = evaluation.scores(done.surface(), done.truth())
    total, found = own["surface_vraie_m2"], own["surface_m2"]
    pixels = sum(tile.mask.size for tile in done.tiles["test"]) * tables.PIXEL_M2
    return values | {
        "exactitude_rien": 100 * (1 - total / pixels),
        "part_parking": 100 * total / pixels,
        "surface_totale_vraie_m2": total,
        "surface_totale_predite_m2": found,
        "ecart_total": 100 * abs(found / total - 1),
    }


def _surface(done: Trial) -> dict[str, float]:
    values = {}
    for name, end in NAMES.items():
        gap = decision.whole(surface.parks(done, method=name))["ecart"]
        values[f"ecart_median_{end if name != MODEL else 'parc'}"] = 100 * float(gap.abs().median())
    own = decision.whole(surface.parks(done))
    every = surface.summary(surface.parks(done))
    error = decision.learn(surface.parks(done, "validation"))
    low, high = error.interval(own["surface_predite_m2"])
    return values | {
        "biais_parc": -100 * float(own["ecart"].mean()),
        "biais_median_parc": -100 * float(own["ecart"].median()),
        "ecart_90_parc": 100 * float(own["ecart"].abs().quantile(0.9)),
        "ecart_max_parc": 100 * float(own["ecart"].abs().max()),
        "ecart_median_tous": 100 * every["ecart_median"],
        "biais_tous": -100 * every["biais"],
        "erreur_mesure": 100 * error.spread,
        "biais_validation": -100 * error.bias,
        "garde_parcelle": 100 * error.floor,
        "nb_parcs_validation": error.parks,
        "couverture_90": 100 * float(own["surface_m2"].between(low, high).mean()),
    }


def _decision(done: Trial) -> dict[str, float]:
    """Verdicts au seuil, sans contrôle puis avec, parcs entiers de 1 000 à 2 200 m² du test."""
    values: dict[str, float] = {}
    for name, end in NAMES.items():
        error = decision.learn(surface.parks(done, "validation", name))
        judged = decision.verdicts(decision.whole(surface.parks(done, method=name)), error, doubt=0.5)
        found = decision.mistakes(judged)
        values |= {f"oublis_{end}": found["oublis"], f"a_tort_{end}": found["a_tort"]}
        values |= {f"erreurs_{end}": found["oublis"] + found["a_tort"], f"decisions_justes_{end}": found["justes"]}
        careful = decision.mistakes(decision.verdicts(judged, error))
        values[f"nb_a_verifier_{end}"] = careful["a_verifier"]
        values[f"erreurs_hors_verification_{end}"] = careful["oublis"] + careful["a_tort"]
    wrong = judged["assujetti"] != (judged["verdict"] == decision.SUBJECT)
    close = (judged["surface_m2"] - tables.THRESHOLD_M2).abs() <= decision.CLOSE_M2
    values |= {
        "nb_parcs_seuil": len(judged),
        "nb_assujettis_seuil": int(judged["assujetti"].sum()),
        "nb_parcs_pres": int(close.sum()),
        "erreurs_pres": int((wrong & close).sum()),
        "nb_parcs_loin": int((~close).sum()),
        "erreurs_loin": int((wrong & ~close).sum()),
        "nb_a_verifier": careful["a_verifier"],
        "erreurs_hors_verification": careful["oublis"] + careful["a_tort"],
    }
    for size, chance in zip(EXAMPLES_M2, decision.probability(EXAMPLES_M2, error.spread), strict=True):
        values[f"proba_{size:.0f}"] = 100 * float(chance)
    cut = surface.cut_off(surface.parks(done))
    missed = cut["assujetti"] & (cut["sans_garde"] == "non assujetti")
    left = cut["assujetti"] & (cut["avec_garde"] == "non assujetti")
    return values | {
        "nb_parcs_coupes": len(cut),
        "nb_parcs_coupes_assujettis": int(cut["assujetti"].sum()),
        "nb_parcs_coupes_oublies": int(missed.sum()),
        "nb_parcs_coupes_oublies_garde": int(left.sum()),
    }


def _others(done: Trial) -> dict[str, float]:
    """Les options sans photo, sur les mêmes parcs : inventaire papier, règle nationale et règle apprise ici."""
    own = decision.whole(surface.parks(done))
    paper = done.tables["inventaire_papier"].set_index("id_parking")["surface_declaree_m2"]
    places = own["nb_places"].to_numpy(float)
    said = {
        "inventaire": own["id_parking"].map(paper).to_numpy(float),
        "25m2": places * counting.RULE_M2,
        "regle_locale": places * counting.place_m2(done),
    }
    truth, values = own["surface_m2"].to_numpy(float), {}
    for end, area in said.items():
        known = np.isfinite(area)
        wrong = (area > tables.THRESHOLD_M2) != (truth > tables.THRESHOLD_M2)
        values[f"ecart_median_{end}"] = 100 * float(np.median(np.abs(area[known] / truth[known] - 1)))
        values[f"erreurs_{end}"] = int(wrong.sum())
        values[f"nb_sans_reponse_{end}"] = int((~known).sum())
    return values


def _counting(done: Trial) -> dict[str, float]:
    chosen = counting.learn(done)
    cars, spots = counting.vehicles(done, settings=chosen), counting.places(done, settings=chosen)
    values = {"vehicules_vrais": cars["vrai"].sum(), "places_vraies": spots["vrai"].sum()}
    for table, names, word in ((cars, VEHICLES, "vehicules"), (spots, PLACES, "places")):
        for line in counting.compare(table).to_dict("records"):
            end = names[line["methode"]]
            values |= {f"{word}_{end}": line["total"], f"mae_{word}_{end}": line["mae"]}
    tuned = counting.compare(counting.vehicles(done, "validation", chosen)).set_index("methode")["mae"]
    values |= {f"mae_validation_{end}": tuned[name] for name, end in VEHICLES.items()}
    kept = VEHICLES[str(tuned.idxmin())]
    values |= {f"{word}_retenue": values[f"{word}_{kept}"] for word in ("vehicules", "mae_vehicules")}
    share = cars["vrai"] / spots["vrai"].where(spots["vrai"] > 0)
    return values | {
        "place_m2": chosen.place_m2,
        "occupation_photo": 100 * cars["vrai"].sum() / spots["vrai"].sum(),
        "occupation_min": 100 * float(share.min()),
        "occupation_max": 100 * float(share.max()),
    }


def _radiometry(done: Trial) -> dict[str, float]:
    values = dict(zip(STATES[1:], radiometry.evaluate(done)["iou"][1:], strict=True))
    linear = radiometry.evaluate(done, method=LINEAR)["iou"]
    later = radiometry.second_campaign(done)["iou"]
    values |= {f"{name}_2025": value for name, value in zip(STATES, later, strict=True)}
    return values | {"iou_lineaire_autre_campagne": linear[1], "iou_lineaire_recalee": linear[2]}


def _traps(done: Trial) -> dict[str, float]:
    pixel, tile = traps.splits(done)["f1"]
    seen, fresh = traps.overlap(done)["iou"]
    lures = traps.lures(done).set_index("sol")["part"]
    twice = traps.occupancy(done.tables)
    moved = (twice["occupation_2023"] - twice["occupation_2025"]).abs()
    values = {f"part_{end}_prise": 100 * lures[name] for name, end in zip(lures.index, _GROUNDS, strict=True)}
    return values | {
        "f1_par_pixel": pixel,
        "f1_par_tuile": tile,
        "iou_sol_deja_vu": seen,
        "iou_sol_neuf": fresh,
        "nb_plus_recents": len(traps.newer(done)),
        "occupation_ecart_deux_jours": 100 * float(moved.mean()),
        "nb_descripteurs": len(features.NAMES),
    }


_GROUNDS = ("fond", "route", "toit")


def _territory(data: Mapping[str, Any]) -> dict[str, float]:
    """Ce que disent les tables, sans aucun modèle."""
    known: pd.DataFrame = data["parkings"]
    over = known[known["surface_m2"] > tables.THRESHOLD_M2]
    owners = traps.subject(data).set_index("proprietaire")
    paper = surface.paper(data)
    state = paper["etat"].value_counts()
    activity = known[known["usage"].isin(ACTIVITY) & known["id_tuile"].isna()]
    return {
        "nb_parkings": len(known),
        "nb_parkings_1500": len(over),
        "nb_parkings_10000": int((known["surface_m2"] > LARGE_M2).sum()),
        "surface_moyenne_activites": float(activity["surface_m2"].mean()),
        "part_prives_1500": 100 * float(owners["parcs"].get("prive", 0) / owners["parcs"].sum()),
        "nb_exclus_1500": int(owners["ecartes"].sum()),
        "nb_sans_voies_sous_seuil": len(traps.without_aisles(data)),
        "part_voies": 100 * float(1 - known["nb_places"].sum() * tables.PLACE_M2 / known["surface_m2"].sum()),
        "nb_inventaire_absents": int(state.get("absent de l’inventaire", 0)),
        "nb_inventaire_disparus": int(state.get("disparu", 0)),
        "part_inventaire_faux": 100 * float((paper["ecart"].dropna().abs() > 0.1).mean()),
    }


def _one_seed(territory: Territory, seed: int) -> dict[str, float]:
    from formation.mobilites.simulation import simulate

    return measure(simulate(territory, seed=seed), territory)


write = published.writer("mobilites", _one_seed, unit=unit, digits=digits)
"""Écrit `chiffres.yml` : la valeur des données livrées, l’étendue sur les graines."""
