"""Statistiques de calibrage : comparées à `datasets/citoyens/calibrage.yml`, ligne par ligne."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from formation.citoyens.tables import carried, minority

if TYPE_CHECKING:
    import pandas as pd

    from formation.territory import Territory


def statistics(tables: Mapping[str, pd.DataFrame], territory: Territory) -> dict[str, float]:
    """Calcule chaque statistique du calibrage.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables `contributions` et `verite`, comme livrées.
    territory : Territory
        Territoire.

    Returns
    -------
    dict of str to float
        Valeur par statistique, dans l’unité de `calibrage.yml`.
    """
    texts, truth = tables["contributions"], tables["verite"]
    themes, form = carried(truth), truth["forme"]
    free, rare, online = form == "libre", truth["minoritaire"] == 1, texts["canal"] == "formulaire en ligne"
    small = territory.communes.set_index("code_commune")["population"] < 3000
    far = themes["eloignement"]
    return {
        "contributions": float(len(texts)),
        "textes_distincts": float(texts["texte"].nunique()),
        "mots_par_texte": float(texts["texte"].str.split().str.len().mean()),
        "campagnes": float((form == "campagne").sum()),
        "courtes": float((form == "courte").sum()),
        "hors_sujet": float((form == "hors sujet").sum()),
        "doublons": float((form == "doublon").sum()),
        "part_ironiques": 100 * float((truth["ironie"] == 1)[free].mean()),
        "part_plusieurs_themes": 100 * float((themes.sum(axis=1) >= 2)[free].mean()),
        "part_minoritaires": 100 * float(rare.mean()),
        "theme_le_plus_rare": float(themes[list(minority())].sum().min()),
        "part_en_ligne": 100 * float(online.mean()),
        "part_en_ligne_minoritaires": 100 * float(online[rare].mean()),
        "eloignement_petites_communes": 100 * float(texts.loc[far, "code_commune"].map(small).mean()),
    }
