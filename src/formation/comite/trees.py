"""J3 bis : la même carte, donnée à un modèle qui apprend. Il n’a que six bassins pour comprendre ce qu’elle dit.

Chaque bassin jaugé est laissé de côté à son tour : le modèle apprend sur les cinq autres, sans débit mesuré, puis
prévoit le débit du sixième une heure plus tard. La carte ne change pas d’une ligne à l’autre d’un bassin : pour le
modèle, cinq bassins font cinq exemples, pas quinze mille.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from formation.comite.gain import Gain, paired_gain, trials
from formation.comite.tables import Sources
from formation.risques import features
from formation.risques.model import Linear, Trees

HORIZON = 60
LINEAR, TREES = "régression linéaire", "arbres"
SHARE = "part_impermeable_cartographiee"
BASE = tuple(name for name in features.WITHOUT_FLOW if name != "part_impermeable")
"""Pluie, surface, temps de réponse : ni débit mesuré, ni part imperméable."""
SETS = {"sans la carte": BASE, "avec la carte": (*BASE, SHARE)}
WITHOUT, JOINED = SETS
_EVERY = 10


def panel(sources: Sources | None = None) -> pd.DataFrame:
    """Lignes des bassins jaugés, une toutes les dix minutes, avec la part imperméable cartographiée.

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.

    Returns
    -------
    DataFrame
        Voir :func:`formation.risques.features.panel`, plus `part_impermeable_cartographiee`.
    """
    source = sources or Sources()
    rows = features.panel(source.tables("risques", "episodes", "bassins", "debits", "verite"))
    land = source.table("mobilites", "occupation_sol")[["id_bassin", SHARE]]
    return rows[rows["minute"] % _EVERY == 0].merge(land, on="id_bassin", how="left")


def left_out(rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """Prévoit chaque bassin jaugé en apprenant sur les autres, épisodes d’apprentissage puis de test.

    Parameters
    ----------
    rows : DataFrame, optional
        Tableau de :func:`panel` ; celui du cours par défaut.

    Returns
    -------
    DataFrame
        `id_episode`, `id_bassin`, `vrai` (m³/s/km²), puis une colonne par couple (méthode | essai).
    """
    known = panel() if rows is None else rows
    learn = known[known["jeu"].isin(["apprentissage", "validation"])]
    test = features.judged(known, HORIZON, "test")
    parts = []
    for basin, part in test.groupby("id_bassin"):
        others = learn[learn["id_bassin"] != basin]
        found = {"id_episode": part["id_episode"], "id_bassin": basin, "vrai": part[f"vrai_{HORIZON}"]}
        for name, columns in SETS.items():
            for kind, model in ((LINEAR, Linear(columns, log=True)), (TREES, Trees(columns))):
                fitted = model.fit(others, others[f"debit_{HORIZON}"])
                found[f"{kind} | {name}"] = fitted.predict(part)
        parts.append(pd.DataFrame(found))
    return pd.concat(parts, ignore_index=True)


def errors(predicted: pd.DataFrame) -> pd.DataFrame:
    """Erreur quadratique de chaque essai.

    Parameters
    ----------
    predicted : DataFrame
        Tableau de :func:`left_out`.

    Returns
    -------
    DataFrame
        `methode`, `donnees`, `rmse` (m³/s/km²).
    """
    lines = []
    for column, kind, name in trials(predicted):
        square = ((predicted[column] - predicted["vrai"]) ** 2).mean()
        lines.append({"methode": kind, "donnees": name, "rmse": float(np.sqrt(square))})
    return pd.DataFrame(lines)


def gain(predicted: pd.DataFrame, *, kind: str = TREES) -> Gain:
    """Ce que la carte change à un modèle qui n’a que six bassins.

    Parameters
    ----------
    predicted : DataFrame
        Tableau de :func:`left_out`.
    kind : str
        Méthode.

    Returns
    -------
    Gain
        Mesure sans, avec, et intervalle de l’écart, bassin par bassin.
    """
    square = [(predicted[f"{kind} | {name}"] - predicted["vrai"]) ** 2 for name in SETS]
    # L’intervalle porte sur l’erreur quadratique ; son signe est celui de l’écart des racines.
    low, high = paired_gain(square[0], square[1], predicted["id_bassin"])
    without, joined = (float(np.sqrt(values.mean())) for values in square)
    scale = without + joined
    return Gain(
        "J3bis", "risques × mobilites (id_bassin)", "La même carte, donnée à un modèle qui apprend ?",
        "erreur sur le débit, arbres (m³/s/km²)", without, joined, low / scale, high / scale,
    )  # fmt: skip
