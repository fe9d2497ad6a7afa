"""La simulation : même graine, même contenu, et ce que la fiche de données promet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from formation.eau.generator.network import allocate
from formation.eau.generator.parameters import Parameters
from formation.eau.simulation import simulate, simulate_with


def test_content_is_identical_when_seed_is_the_same(territory, simulated):
    again = simulate(territory, seed=447)
    assert again.keys() == simulated.keys()
    for name, table in simulated.items():
        pd.testing.assert_frame_equal(table, again[name])


def test_content_differs_when_seed_changes(territory, simulated):
    assert not simulate(territory, seed=1)["defaillances"].equals(simulated["defaillances"])


def test_global_random_state_is_untouched_when_simulating(territory):
    before = np.random.get_state()[1].copy()  # noqa: NPY002 — on vérifie justement l’état global
    simulate(territory, seed=3)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_every_key_has_its_target_when_joined(tables, territory):
    pipes, failures = tables["troncons"], tables["defaillances"]
    assert failures["id_troncon"].isin(pipes["id_troncon"]).all()
    assert pipes["id_rue"].isin(territory.rues["id_rue"]).all()
    street = territory.rues.set_index("id_rue")["code_commune"]
    assert (pipes["id_rue"].map(street) == pipes["code_commune"]).all()
    assert tables["fuites_secteurs"]["id_defaillance"].isin(failures["id_defaillance"]).all()


def test_sector_stays_in_one_municipality_when_pipes_are_grouped(tables):
    assert tables["troncons"].groupby("id_secteur")["code_commune"].nunique().max() == 1


def test_no_failure_precedes_its_pipe_when_date_is_known(tables):
    failures = tables["defaillances"].merge(tables["troncons"][["id_troncon", "date_pose"]], on="id_troncon")
    known = failures.dropna(subset="date_pose")
    assert (known["date_signalement"].dt.year >= known["date_pose"].dt.year).all()


def test_repair_follows_report_when_dated(tables):
    failures = tables["defaillances"]
    assert (failures["date_reparation"] >= failures["date_signalement"]).all()


def test_campaign_found_at_least_what_remains_when_pipes_were_replaced(tables):
    found = tables["defaillances"][tables["defaillances"]["mode_detection"] == "recherche"]
    assert tables["campagnes_ecoute"]["nb_fuites_trouvees"].sum() >= len(found)


def test_balance_counts_vanished_failures_when_pipes_were_replaced(tables):
    kept = tables["defaillances"]["date_signalement"].dt.year.value_counts()
    repaired = tables["bilan_annuel"].set_index("annee")["nb_defaillances_reparees"]
    assert (repaired >= kept.reindex(repaired.index)).all()
    assert repaired[2013] > kept[2013]


def test_trap_column_counts_every_failure_when_released(tables):
    total = tables["defaillances"]["id_troncon"].value_counts()
    counted = tables["troncons"].set_index("id_troncon")["nb_defaillances_total"]
    assert (counted == total.reindex(counted.index, fill_value=0)).all()


def test_visible_leak_matches_its_failure_when_joined(tables):
    leaks = tables["fuites_secteurs"].merge(tables["defaillances"], on="id_defaillance", suffixes=("", "_d"))
    assert (leaks["date_reparation"] == leaks["date_reparation_d"]).all()
    assert leaks["debit_m3_h"].to_numpy() == pytest.approx(leaks["debit_m3_j"].to_numpy() / 24, abs=0.006)
    assert (leaks["date_debut"] < leaks["date_signalement"]).all()


def test_failures_double_when_rate_doubles(territory, simulated):
    doubled = simulate_with(territory, replace(Parameters(), rate=2 * Parameters().rate), seed=447)
    ratio = len(doubled["defaillances"]) / len(simulated["defaillances"])
    assert 1.7 < ratio < 2.8


def test_nothing_vanishes_when_nothing_is_renewed(territory):
    kept = simulate_with(territory, replace(Parameters(), renewal_rate=0.0), seed=5)
    assert len(kept["defaillances"]) == kept["bilan_annuel"]["nb_defaillances_reparees"].sum()
    assert kept["troncons"]["id_troncon"].iloc[-1] == "T06200"


def test_allocation_gives_one_each_and_keeps_the_total_when_weights_differ():
    shares = allocate(np.array([100.0, 1.0, 1.0]), 10)
    assert shares.sum() == 10
    assert shares.min() == 1
