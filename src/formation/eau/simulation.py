"""Simulation du cas « eau » : le réseau fictif d’Aubeline, ses défaillances et ses débits de nuit.

Le processus est celui de la fiche de données : une loi de Poisson par tronçon et par année, dont l’intensité
dépend du matériau, de l’âge, du sol, du trafic, de la pression, de la rue et des défaillances passées. Tous les
paramètres sont des hypothèses pédagogiques (:class:`formation.eau.generator.parameters.Parameters`).
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.eau.generator import failures, network, night, operations
from formation.eau.generator.parameters import MATERIALS, Parameters

if TYPE_CHECKING:
    from formation.territory import Territory

ROOT_SEED = 447


def simulate(territory: Territory, *, seed: int = ROOT_SEED) -> dict[str, pd.DataFrame]:
    """Simule toutes les tables du cas « eau ».

    Parameters
    ----------
    territory : Territory
        Territoire : tables `communes`, `rues` et `meteo_jour`.
    seed : int
        Graine ; la même donne le même contenu.

    Returns
    -------
    dict of str to DataFrame
        Tables `troncons`, `defaillances`, `debits_nocturnes`, `fuites_secteurs`, `campagnes_ecoute` et
        `bilan_annuel`, arrondies comme elles sont publiées.

    Examples
    --------
    >>> from formation.territory import load_territory
    >>> tables = simulate(load_territory(), seed=1)
    >>> len(tables["troncons"])
    6200
    """
    return simulate_with(territory, Parameters(), seed=seed)


def simulate_with(territory: Territory, p: Parameters, *, seed: int = ROOT_SEED) -> dict[str, pd.DataFrame]:
    """Comme :func:`simulate`, avec d’autres hypothèses.

    Parameters
    ----------
    territory : Territory
        Territoire.
    p : Parameters
        Hypothèses.
    seed : int
        Graine.

    Returns
    -------
    dict of str to DataFrame
        Mêmes tables que :func:`simulate`.
    """
    sequence = np.random.SeedSequence([seed, zlib.crc32(b"eau")])
    of_network, of_failures, of_operations, of_night, of_files = (np.random.default_rng(s) for s in sequence.spawn(5))
    net = network.build(territory.communes, territory.rues, of_network, p)
    history = failures.run(net, territory.meteo_jour, of_failures, p)
    plan = operations.campaigns(net, of_operations, p)
    events = operations.failures(history, plan, of_operations, p)
    drought = failures.summer_drought(territory.meteo_jour)
    customers = int(territory.communes["nb_abonnes_eau"].sum())
    leaks = night.visible_leaks(events, of_night, p)
    flows = night.flows(net, leaks, of_night, p)
    pipes = _pipe_table(net, territory, of_files, p)
    recorded = _failure_table(events, pipes)
    totals = recorded["id_troncon"].value_counts()
    pipes["nb_defaillances_total"] = pipes["id_troncon"].map(totals).fillna(0).astype(np.int64)
    return {
        "troncons": pipes,
        "defaillances": recorded.drop(columns="rang"),
        "debits_nocturnes": flows,
        "fuites_secteurs": _leak_table(leaks, recorded),
        "campagnes_ecoute": operations.campaign_table(plan, events),
        "bilan_annuel": operations.balance(net, customers, events, history, drought, of_operations, p),
    }


def _pipe_table(net: network.Network, territory: Territory, rng: np.random.Generator, p: Parameters) -> pd.DataFrame:
    """Table publiée `troncons` : le réseau tel qu’il est fin 2025."""
    month = rng.integers(1, 13, len(net.year_laid))
    laid = pd.to_datetime(pd.DataFrame({"year": net.year_laid.astype(int), "month": month, "day": 1}))
    # Les archives manquent surtout pour les vieilles conduites ; les poses récentes sont bien décrites.
    weight = np.select([net.year_laid < 1980, net.year_laid < 2000], p.missing_weights[:2], p.missing_weights[2])
    missing = rng.random(len(weight)) < p.missing_date_share * weight / weight.mean()
    table = pd.DataFrame(
        {
            "id_troncon": [f"T{number:05d}" for number in net.pipe_id],
            "id_rue": territory.rues["id_rue"].to_numpy()[net.street],
            "code_commune": territory.communes["code_commune"].to_numpy()[net.municipality],
            "id_secteur": operations.sector_codes(net.sector),
            "longueur_m": np.round(net.length_km * 1000, 1),
            "materiau": np.array(MATERIALS, dtype=object)[net.material],
            "date_pose": laid.mask(missing),
            "diametre_mm": net.diameter_mm.astype(np.int64),
            "pression_bar": net.pressure_bar,
            "nb_branchements": net.connections,
        }
    )
    return table.sort_values("id_troncon", ignore_index=True)


def _failure_table(events: pd.DataFrame, pipes: pd.DataFrame) -> pd.DataFrame:
    """Table publiée `defaillances` : les défaillances des conduites remplacées ont disparu avec elles."""
    table = events.assign(id_troncon=[f"T{number:05d}" for number in events["pipe_id"]], rang=events.index)
    table = table[table["id_troncon"].isin(pipes["id_troncon"])].reset_index(drop=True)
    table.insert(0, "id_defaillance", [f"D{rank:05d}" for rank in range(1, len(table) + 1)])
    columns = ["id_defaillance", "id_troncon", "date_signalement", "date_reparation", "mode_detection", "debit_m3_j"]
    return table[[*columns, "rang"]]


def _leak_table(leaks: pd.DataFrame, recorded: pd.DataFrame) -> pd.DataFrame:
    """Table publiée `fuites_secteurs` : ce que l’exploitant a su après coup des fuites visibles de 2025."""
    table = leaks.merge(recorded[["rang", "id_defaillance"]], on="rang", how="left")
    table = table.assign(id_secteur=operations.sector_codes(table["secteur"].to_numpy()))
    columns = ["id_defaillance", "id_secteur", "date_debut", "date_reparation", "montee_j", "debit_m3_h"]
    return table.sort_values(["date_debut", "id_secteur"], ignore_index=True)[columns]
