"""Statistiques de calibrage du cas : comparées à `datasets/eau/calibrage.yml`, ligne par ligne."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from formation.eau import key_figures
from formation.eau.yield_simulation import linear_loss_index

if TYPE_CHECKING:
    from formation.territory import Territory

FRAGILE = ("fonte grise", "amiante-ciment", "acier")
# Ce que le calibrage reprend des chiffres du livre : captation, pièges, rendement, nuits.
_SHARED = (
    "capte_20_age",
    "capte_20_historique",
    "capte_20_modele",
    "capte_30_modele",
    "capte_20_age_1950",
    "capte_20_triche",
    "biais_capte_avec",
    "rendement_modele",
    "rendement_hasard",
    "nuit_fixe_fausses",
    "nuit_mediane_detectees",
    "nuit_mediane_delai",
    "nuit_mediane_fausses",
    "survivants_2013",
    "pires_secteurs_evolution",
)


def statistics(tables: Mapping[str, pd.DataFrame], territory: Territory) -> dict[str, float]:
    """Calcule chaque statistique du calibrage.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables du cas, comme livrées.
    territory : Territory
        Territoire.

    Returns
    -------
    dict of str to float
        Valeur par statistique, dans l’unité de `calibrage.yml`.
    """
    pipes, balance = tables["troncons"], tables["bilan_annuel"]
    length = pipes["longueur_m"]
    km = length.sum() / 1000
    by_material = length.groupby(pipes["materiau"]).sum() / length.sum()
    glued = _laid_before_1980(pipes).where(pipes["materiau"] == "PVC", 0.0)
    glued_share = float((length * glued).sum() / length.sum())
    distributed, consumed = balance["volume_distribue_m3"].sum(), balance["volume_consomme_m3"].sum()
    failures = float(balance["nb_defaillances_reparees"].mean())
    figures = key_figures.measure(tables, territory.rues)
    bias = figures["biais_centre_avec"] - figures["biais_centre_sans"]
    return {
        "troncons": float(len(pipes)),
        "lineaire_km": float(km),
        "defaillances_an": failures,
        "taux_km_an": failures / float(km),
        "rendement_moyen": 100 * float(consumed / distributed),
        "ilp": linear_loss_index(float(distributed) / len(balance), float(consumed) / len(balance), float(km)),
        "materiaux_fragiles": 100 * (float(by_material.reindex(FRAGILE, fill_value=0).sum()) + glued_share),
        "fonte_grise": 100 * float(by_material["fonte grise"]),
        "pvc_colle": 100 * glued_share,
        "amiante_ciment": 100 * float(by_material["amiante-ciment"]),
        "acier": 100 * float(by_material["acier"]),
        "renouvellement": 100 * float((balance["lineaire_renouvele_km"] / balance["lineaire_km"]).mean()),
        "dates_inconnues": 100 * float(pipes["date_pose"].isna().mean()),
        "nuits_manquantes": 100 * float(tables["debits_nocturnes"]["debit_min_m3_h"].isna().mean()),
        "fuites_visibles": float(len(tables["fuites_secteurs"])),
        "biais_centre_points": bias,
        **{name: figures[name] for name in _SHARED},
    }


def _laid_before_1980(pipes: pd.DataFrame) -> pd.Series:
    """Chance d’une pose avant 1980 : 0 ou 1 si la date est connue, sinon la part observée dans le matériau."""
    known = pipes["date_pose"].notna()
    early = (pipes["date_pose"] < pd.Timestamp("1980-01-01")).astype(float)
    share = early[known].groupby(pipes.loc[known, "materiau"]).mean()
    return early.where(known, pipes["materiau"].map(share))
