"""Statistiques de calibrage du cas : comparées à `datasets/securite/calibrage.yml`, ligne par ligne."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.securite import counting, evaluation, features, trajectories
from formation.securite import tables as wing

if TYPE_CHECKING:
    from formation.territory import Territory

_BOTTLENECK = {"pietons": "pietons", "duree_s": "duree", "densite_max": "densite"}
_END = {"repetition": "repetition", "fan-zone": "fan_zone", "soiree": "soiree"}


def statistics(tables: Mapping[str, Any], territory: Territory) -> dict[str, float]:
    """Calcule chaque statistique du calibrage.

    Les fausses alertes par heure sont celles de toute la salle de contrôle : une heure de veille de ses vingt-cinq
    caméras ensemble.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables du cas, comme livrées.
    territory : Territory
        Territoire : sans usage ici, gardé pour que tous les cas s’appellent de la même façon.

    Returns
    -------
    dict of str to float
        Valeur par statistique, dans l’unité de `calibrage.yml`.
    """
    del territory
    measures = wing.join_measures(tables)
    return {
        **_crowd(measures, tables["episodes"]),
        **_measurement(measures),
        **_alarms(measures),
        **_counting(tables),
        **_bottleneck(tables["trajectoires"]),
    }


def _bottleneck(steps: pd.DataFrame) -> dict[str, float]:
    found = trajectories.summary(steps)
    return {f"goulot_{end}": found[name] for name, end in _BOTTLENECK.items()}


def _crowd(measures: pd.DataFrame, episodes: pd.DataFrame) -> dict[str, float]:
    danger = measures.groupby("lieu")["evenement"].mean()
    # Le seuil : la plus petite densité d’un épisode ne peut pas être dessous.
    return {
        "seuil_danger": wing.DANGER if episodes["densite_max"].min() >= wing.DANGER else np.nan,
        "cameras": float(measures["id_camera"].nunique()),
        **{f"prevalence_{end}": 100 * float(danger[place]) for place, end in _END.items()},
        "duree_episode": 10 * float((episodes["fin"] - episodes["debut"] + 1).median()),
        "episodes_notes": 100 * float(episodes["annote_operateur"].mean()),
    }


def _measurement(measures: pd.DataFrame) -> dict[str, float]:
    """Biais de la caméra mal réglée, et pluie : ce que les données disent sans la vérité."""
    quiet = measures[measures["evenement"] == 0]
    mean = quiet.groupby("id_camera")["densite_mesuree"].mean()
    evenings = measures.loc[measures["lieu"] == "soiree", ["id_soiree", "pluie"]].drop_duplicates()
    return {
        "camera_biaisee": 100 * float(mean["C17"] / mean.median() - 1),
        "soirees_pluie": float(evenings["pluie"].sum()),
    }


def _alarms(measures: pd.DataFrame) -> dict[str, float]:
    done = evaluation.trial(features.panel(measures))
    values: dict[str, float] = {}
    for place, end in _END.items():
        found = done.report(place)
        values[f"fausses_heure_{end}"] = found.false_per_hour
        values[f"precision_{end}"] = 100 * found.precision
        values[f"rappel_{end}"] = 100 * found.recall
    values["fausses_heure_seuil_fixe"] = done.report("soiree", method="seuil fixe 4,2").false_per_hour
    return values


def _counting(tables: Mapping[str, Any]) -> dict[str, float]:
    table = counting.evaluate(tables["vignettes"], tables["comptages"])
    day, cured, limited = (table[table["essai"] == name].set_index("epreuve") for name in counting.TRIALS[1:])
    return {
        **{f"erreur_{condition}": float(day.loc[condition, "mae"]) for condition in counting.CONDITIONS},
        "erreur_nuit_apprise": float(cured.loc["nuit", "mae"]),
        "biais_dense": float(limited.loc[counting.CROWDED, "biais_dense"]),
    }
