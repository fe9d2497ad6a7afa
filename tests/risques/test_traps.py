"""Les pièges plantés sont bien là, et mesurés."""

from __future__ import annotations

import pytest

from formation.risques import evaluation, traps


def test_score_falls_to_zero_but_not_with_the_guard_when_sensors_are_silent(ready, rows):
    table = traps.silent_sensor(ready, rows)
    for kind in traps.SILENCES:
        assert table.loc[kind, "csi"] < 0.02
        assert table.loc[kind, "csi_garde"] > 0.4
        assert table.loc[kind, "annonces_garde"] > 10
    assert table.loc["aucune", "csi"] > 0.6


def test_rows_drawn_at_random_flatter_the_model(rows):
    found = traps.split_by_row(rows)
    assert found["par_ligne"] > found["par_episode"] + 0.03


@pytest.mark.parametrize("minutes", [60, 120])
def test_score_drops_when_clocks_disagree(rows, judged, minutes):
    honest = traps.threshold_on_test(*judged)["validation"]
    assert traps.shifted_clock(rows, minutes) < honest - 0.04


def test_late_clock_on_the_flow_flatters_the_trial_and_fails_in_service(rows, judged):
    found = traps.local_flow(rows)
    honest = traps.threshold_on_test(*judged)["validation"]
    assert found["essai"] > honest + 0.05
    assert found["service"] < honest - 0.1


def test_model_misses_floods_when_radar_sees_half(ready, rows, judged):
    honest = evaluation.measure(*judged).set_index("methode").loc[evaluation.MODEL]
    half = traps.biased_radar(ready, rows)
    assert half.csi < honest["csi"] - 0.05
    assert half.pod < honest["pod"] - 0.1


def test_threshold_read_on_the_test_is_never_worse(judged):
    found = traps.threshold_on_test(*judged)
    assert found["test"] >= found["validation"]


def test_sensors_fall_silent_when_needed(tables):
    found = traps.drowned(tables)
    assert found["crue"] > 4 * found["calme"]


def test_far_gauge_misses_more_than_a_near_one(tables):
    table = traps.far_gauge(tables)["part_aveugle"]
    assert table["loin"] > table["près"] + 0.1


def test_old_map_understates_a_basin_built_since(tables):
    assert traps.outdated_map(tables) < -0.25
    assert abs(traps.outdated_map(tables, "B2")) < 0.02


def test_unknown_silence_is_refused(rows):
    with pytest.raises(ValueError, match="Façons de se taire"):
        traps.silenced(rows, "bavard")
