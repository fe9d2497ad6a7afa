"""Les pièges plantés sont bien là, et mesurés."""

from __future__ import annotations

import pytest

from formation.eau import evaluation, traps


def test_cheating_column_finds_everything_when_used(scores, tables):
    assert traps.temporal_leak(scores, tables["troncons"]) >= 0.98


def test_age_collapses_but_model_holds_when_dates_default_to_1950(tables, territory):
    table = traps.default_date(tables["troncons"], tables["defaillances"], territory.rues)
    assert table.loc["âge", "dates par défaut"] == pytest.approx(0.36, abs=0.06)
    assert table.loc["âge", "dates vides"] - table.loc["âge", "dates par défaut"] > 0.05
    assert table.loc[evaluation.FULL_MODEL].diff().abs().iloc[-1] < 0.04


def test_centre_takes_more_of_the_plan_when_others_are_badly_recorded(tables, territory):
    table = traps.detection_bias(tables["troncons"], tables["defaillances"], territory.rues)
    shift = table.loc["suivi inégal", "part_centre"] - table.loc["suivi complet", "part_centre"]
    assert 0.03 < shift < 0.15
    assert abs(table["part_fuites"].diff().iloc[-1]) < 0.05


def test_recorded_failures_shrink_outside_centre_when_observed_unevenly(tables):
    pipes, failures = tables["troncons"], tables["defaillances"]
    place = failures["id_troncon"].map(pipes.set_index("id_troncon")["code_commune"]).isin(traps.CENTRE)
    seen = failures.index.isin(traps.unevenly_observed(pipes, failures).index)
    assert seen[place].mean() == pytest.approx(0.95, abs=0.03)
    assert seen[~place].mean() == pytest.approx(0.35, abs=0.06)


def test_worst_sectors_improve_by_themselves_when_chosen_after_a_bad_year(tables):
    table = traps.regression_to_mean(tables["troncons"], tables["defaillances"])
    assert table["evolution"].iloc[0] < 0 < table["evolution"].iloc[1]


def test_past_is_lighter_when_pipes_were_replaced(tables):
    table = traps.survivors(tables["bilan_annuel"], tables["defaillances"])
    assert table["part_perdue"].iloc[0] > 0.08
    assert table["part_perdue"].iloc[-1] < 0.03


def test_twenty_percent_of_pipes_is_more_network_when_ranked_by_pipe(scores):
    table = traps.per_pipe(scores, evaluation.FULL_MODEL)
    assert table.loc["en tronçons", "part_lineaire"] > 0.25
    assert table.loc["en tronçons", "part_fuites"] > table.loc["en linéaire", "part_fuites"]
    assert table.loc["en linéaire", "part_lineaire"] == 0.2


def test_plan_share_is_total_when_every_municipality_counts(scores, tables):
    every = sorted(tables["troncons"]["code_commune"].unique())
    assert traps.plan_share(scores, tables["troncons"], "âge", centre=every) == pytest.approx(1)
