"""Statistiques de calibrage : comparées à `datasets/comite/calibrage.yml`, ligne par ligne."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.comite import streets
from formation.comite.privacy import small_counts
from formation.comite.tables import Sources

if TYPE_CHECKING:
    from formation.territory import Territory

WATER = "eau"
"""Domaine des appels d’eau dans la table `intentions` du cas « usagers »."""
YEARS = 5


def statistics(tables: Mapping[str, pd.DataFrame], territory: Territory) -> dict[str, float]:
    """Calcule chaque statistique du calibrage.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Table `signalements`, comme livrée.
    territory : Territory
        Territoire.

    Returns
    -------
    dict of str to float
        Valeur par statistique, dans l’unité de `calibrage.yml`.
    """
    reports, sources = tables["signalements"], Sources(territory=territory)
    panel = streets.panel(sources)
    yearly = float(reports["nb_signalements"].sum()) / YEARS
    counts = small_counts(reports)
    plain = streets.rule(panel, panel.weeks[1])
    broken, called = panel.broken > 0, panel.calls > 0
    return {
        "semaines": float(reports["semaine"].nunique()),
        "signalements_an": yearly,
        "part_appels_eau": 100 * yearly / water_calls(sources),
        "casses_an": float(panel.broken.sum()) / YEARS,
        "casses_annoncees": 100 * plain["part_captee"],
        "casses_meme_semaine": 100 * float(called[broken].mean()),
        "appels_suivis": 100 * plain["suivis"],
        "rues_avec_appel": 100 * float((panel.calls.sum(axis=1) > 0).mean()),
        "lignes_un_appel": 100 * counts["seuls"],
        "lignes_sous_seuil": 100 * counts["petits"],
    }


def water_calls(sources: Sources | None = None) -> float:
    """Personnes qui appellent la mairie au sujet de l’eau, par an, d’après le cas « usagers ».

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.

    Returns
    -------
    float
        Personnes par an : celles de tous les jours ouvrés, à la part des demandes du domaine « eau ».
    """
    source = sources or Sources()
    days, intents = source.table("usagers", "appels_jour"), source.table("usagers", "intentions")
    share = intents.loc[intents["domaine"] == WATER, "frequence"].sum() / intents["frequence"].sum()
    years = np.unique(days["date"].dt.year).size
    return float(days["nb_usagers"].sum() / years * share)
