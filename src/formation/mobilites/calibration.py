"""Statistiques de calibrage du cas : comparées à `datasets/mobilites/calibrage.yml`, ligne par ligne."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.mobilites import evaluation, surface
from formation.mobilites import tables as wing
from formation.territory import basins

if TYPE_CHECKING:
    from formation.territory import Territory

_ACTIVITY = ("clients", "salaries")
_TOY, _GREY = "modèle jouet", "seuil de gris"


def statistics(tables: Mapping[str, Any], territory: Territory) -> dict[str, float]:
    """Calcule chaque statistique du calibrage.

    Parameters
    ----------
    tables : mapping of str to DataFrame, or to dict of ndarray
        Tables du cas, comme livrées.
    territory : Territory
        Territoire : sans usage ici, gardé pour que tous les cas s’appellent de la même façon.

    Returns
    -------
    dict of str to float
        Valeur par statistique, dans l’unité de `calibrage.yml`.
    """
    del territory
    return {
        **_ground(tables),
        **_parks(tables["parkings"], tables["tuiles"]),
        **_soil(tables["occupation_sol"]),
        **_model(tables),
    }


def _ground(tables: Mapping[str, Any]) -> dict[str, float]:
    """Ce que les masques disent : la taille d’un pixel, la surface d’une place, l’occupation."""
    parks = tables["parkings"].dropna(subset=["id_tuile"])
    whole = parks[(parks["entier"] == 1) & (parks["surface_visible_m2"] > 0)]
    cars = (whole["nb_vehicules"] / whole["nb_places"]).astype(float)
    cars = cars[~whole["usage"].isin(["depot_vehicules", "poids_lourds"])]
    return {
        "resolution": 100 * wing.RESOLUTION_M,
        "surface_masque": 100 * float((whole["surface_visible_m2"] / whole["surface_m2"]).median() - 1),
        "surface_par_place": float((parks["surface_m2"] / parks["nb_places"]).mean()),
        "occupation_basse": 100 * float(cars.quantile(0.05)),
        "occupation_haute": 100 * float(cars.quantile(0.95)),
    }


def _parks(parks: pd.DataFrame, tiles: pd.DataFrame) -> dict[str, float]:
    """Les parcs du territoire, et ceux que l’on a plantés près du seuil."""
    outside = parks[parks["id_tuile"].isna()]
    tested = parks.merge(tiles.query("jeu == 'test' and cote_px > 320")[["id_tuile"]])
    whole = tested[tested["entier"] == 1]
    cut = tested[(tested["surface_m2"] > wing.THRESHOLD_M2) & (tested["surface_visible_m2"] <= wing.THRESHOLD_M2)]
    return {
        "surface_activites": float(outside.loc[outside["usage"].isin(_ACTIVITY), "surface_m2"].mean()),
        "parcs_test": float(whole["surface_m2"].between(1000, 2200).sum()),
        "parcs_pres_du_seuil": float(whole["surface_m2"].between(1440, 1560).sum()),
        "parcs_coupes": float((cut["entier"] == 0).sum()),
        "plus_recents_que_la_photo": float((parks["surface_visible_m2"] == 0).sum()),
    }


def _soil(soil: pd.DataFrame) -> dict[str, float]:
    year = soil["date_prise_vue"].dt.year.iloc[0]
    truth = soil["id_bassin"].map(lambda code: basins.impervious_share(code, year))
    gap = soil["part_impermeable_cartographiee"] - truth
    return {"ecart_sol": 100 * float(np.sqrt((gap**2).mean()))}


def _model(tables: Mapping[str, Any]) -> dict[str, float]:
    done = evaluation.trial(tables)
    scores = evaluation.evaluate(done).set_index("methode")
    return {
        "iou_modele": float(scores.loc[_TOY, "iou"]),
        "iou_gris": float(scores.loc[_GREY, "iou"]),
        "ecart_median_parc": 100 * float(surface.summary(surface.parks(done))["ecart_median"]),
    }
