"""L’épisode de type 1988 : trois modèles que le test ne départage pas."""

from __future__ import annotations

import numpy as np
import pytest

from formation.risques import decision, evaluation, extreme, features, physical


@pytest.fixture(scope="module")
def storm(rows, ready):
    return extreme.forecast(rows, 60, ready)


@pytest.fixture(scope="module")
def peaks(storm, tables):
    return extreme.peaks(storm, physical.series(tables, 0))


def test_trees_stay_under_what_they_learnt_when_the_storm_is_new(peaks, rows):
    ceiling = extreme.highest_learnt(rows)
    assert peaks["modele"].max() <= ceiling < 0.5 * peaks["vraie"].max()
    assert peaks["ecart_modele"].mean() < -0.4


def test_same_score_but_another_world_when_the_line_is_on_the_logarithm(peaks, judged):
    csi = evaluation.measure(*judged).set_index("methode")["csi"]
    assert csi[evaluation.LOG_LINE] == pytest.approx(csi[evaluation.LINE], abs=0.05)
    assert peaks["ecart_lineaire"].abs().max() < 0.5
    assert (peaks["logarithme"] / peaks["vraie"]).median() > 4


def test_physics_stays_close_when_rain_is_seen(peaks):
    assert peaks["ecart_physique"].abs().max() < 0.5


def test_every_basin_is_warned_although_the_size_is_wrong(storm, judged):
    found = decision.judge_pairs(storm, evaluation.MODEL, judged[0].chosen(evaluation.MODEL))
    assert found["justes"] == 6
    assert found["delai_min"] > 15


def test_hydrograph_shows_the_same_minutes_for_all(storm, tables):
    table = extreme.hydrograph(storm, physical.series(tables, 0), "B3")
    assert table["minute"].diff().dropna().eq(features.STEP_MIN).all()
    assert table.notna().all().all()


def test_fallen_water_drains_when_rain_stops(tables):
    basin = tables["bassins"].iloc[0]
    rain = np.full((1, 60), 30.0)
    flows = [physical.fallen(rain, basin, 0.0, horizon)[0, -1] for horizon in (0, 30, 60, 120)]
    assert flows == sorted(flows, reverse=True)


def test_physics_judges_the_basins_nobody_measures(tables):
    found = physical.judge(physical.series(tables, 60))
    assert found["non jaugés"].events > 0
    assert 0 < found["jaugés"].csi < 0.8
    series = physical.series(tables, 60)
    assert series["prevu"].notna().all()
