"""Ce que le territoire doit vérifier : les statistiques que `calibrage.yml` compare à leur cible."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd


def statistics(tables: Mapping[str, pd.DataFrame], territory: object = None) -> dict[str, float]:
    """Statistiques de contrôle du territoire.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables du territoire.
    territory : object, optional
        Sans usage ici ; présent pour que tous les cas s’appellent de la même façon.

    Returns
    -------
    dict of float
        Une valeur par ligne de `calibrage.yml`.
    """
    del territory
    return {
        **_people(tables["communes"], tables["ecoles"]),
        **_calendar(tables["calendrier"], tables["greves"]),
        **_weather(tables["meteo_jour"]),
        **_streets(tables["rues"]),
        "nb_evenements": float(len(tables["evenements"])),
    }


def _people(communes: pd.DataFrame, ecoles: pd.DataFrame) -> dict[str, float]:
    population = communes["population"]
    return {
        "population": float(population.sum()),
        "nb_communes": float(len(communes)),
        "habitants_par_abonne": float(population.sum() / communes["nb_abonnes_eau"].sum()),
        "part_65_ans_plus": float(np.average(communes["part_65_ans_plus"], weights=population)),
        "nb_ecoles": float(len(ecoles)),
        "effectif_median_ecole": float(ecoles["effectif_2024"].median()),
    }


def _calendar(calendrier: pd.DataFrame, greves: pd.DataFrame) -> dict[str, float]:
    per_year = calendrier.groupby(calendrier["date"].dt.year)["est_jour_scolaire"].sum()
    # 2014 et 2025 ne sont pas entières dans le calendrier ; 2020 est l’année des fermetures.
    whole = per_year.drop([2014, 2020, 2025])
    years = len(calendrier) / 365.25
    return {
        "jours_calendrier": float(len(calendrier)),
        "jours_ecole_min": float(whole.min()),
        "jours_ecole_max": float(whole.max()),
        "jours_ecole_2020": float(per_year[2020]),
        "jours_feries_par_an": float(calendrier["est_ferie"].sum() / years),
        "nb_greves": float(len(greves)),
        "greves_par_an": float(len(greves) / years),
        "part_greves_sans_effet": float((greves["taux_greve_constate"] <= 0.06).mean()),
        "taux_greve_max": float(greves["taux_greve_constate"].max()),
    }


def _weather(meteo: pd.DataFrame) -> dict[str, float]:
    years = len(meteo) / 365.25
    rain = meteo["pluie_mm"]
    wet = rain > 0
    yesterday = wet.shift(1, fill_value=False)
    return {
        "pluie_annuelle_mm": float(rain.sum() / years),
        "jours_pluie_par_an": float((rain >= 1).sum() / years),
        "temperature_moyenne_c": float(meteo["t_moy_c"].mean()),
        "pluie_apres_pluie": float(wet[yesterday].mean()),
        "pluie_apres_sec": float(wet[~yesterday].mean()),
        "secheresse_ete": float(meteo.loc[meteo["date"].dt.month.isin([7, 8]), "indice_secheresse"].mean()),
        "part_jours_vigilance": float((meteo["vigilance"] != "vert").mean()),
    }


def _streets(rues: pd.DataFrame) -> dict[str, float]:
    return {
        "nb_rues": float(len(rues)),
        "longueur_totale_km": float(rues["longueur_m"].sum() / 1000),
        "longueur_moyenne_rue_m": float(rues["longueur_m"].mean()),
        "trafic_median_veh_j": float(rues["trafic_veh_j"].median()),
        "part_argile_forte": float((rues["alea_argile"] == 2).mean()),
    }
