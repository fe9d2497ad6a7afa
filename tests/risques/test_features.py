"""Le tableau d’apprentissage ne regarde que le passé, et ne juge que sur la vérité."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formation.risques import features


def test_rows_cover_every_gauged_step_when_built(rows, tables):
    assert len(rows) == len(tables["debits"])
    assert rows[features.KEYS].drop_duplicates().shape[0] == len(rows)
    assert set(features.ALL) <= set(rows)


def test_past_is_untouched_when_the_future_changes(tables):
    cut = 300
    changed = tables["debits"].copy()
    late = changed["minute"] > cut
    changed.loc[late, ["debit_m3_s", "pluie_radar_mm_h", "pluie_pluvio_mm_h"]] = 7.0
    seen = [features.panel(tables | {"debits": table}) for table in (tables["debits"], changed)]
    before = [table.loc[table["minute"] <= cut, list(features.ALL)] for table in seen]
    pd.testing.assert_frame_equal(*before)


def test_truth_is_never_a_feature(tables):
    doubled = tables["verite"].assign(debit_m3_s=2 * tables["verite"]["debit_m3_s"])
    plain, other = features.panel(tables), features.panel(tables | {"verite": doubled})
    learnt = [*features.ALL, "debit_60"]
    pd.testing.assert_frame_equal(plain[learnt], other[learnt])
    assert np.allclose(other["vrai_60"], 2 * plain["vrai_60"], equal_nan=True)


def test_flow_stays_missing_when_the_sensor_is_silent(rows, tables):
    silent = tables["debits"].sort_values(features.KEYS)["qualite"].to_numpy() == 2
    assert rows["debit"].isna().to_numpy().tolist() == silent.tolist()


@given(st.lists(st.floats(0, 200), min_size=40, max_size=40))
def test_totals_nest_when_windows_grow(rain):
    seen = features.observe(np.array([rain]), np.zeros((1, 40)))
    for small, large in zip(features.RAIN, features.RAIN[1:], strict=False):
        assert (seen[small] <= seen[large] + 1e-6).all()
    assert seen["pluie_totale"][0, -1] == pytest.approx(sum(rain) * 5 / 60)


def test_silent_gauge_is_missing_when_its_whole_window_is(rows, tables):
    rain = np.array([[np.nan, np.nan, 12.0]])
    assert np.isnan(features.total(rain, 10, silent=True)[0]).tolist() == [True, True, False]
    assert features.total(rain, 10)[0].tolist() == [0, 0, 1]


def test_series_with_a_hole_is_refused(tables):
    short = tables["debits"].drop(index=tables["debits"].index[3])
    with pytest.raises(ValueError, match="120 pas"):
        features.panel(tables | {"debits": short})


@pytest.mark.parametrize(("horizon", "which"), [(45, "test"), (60, "avenir")])
def test_unknown_horizon_or_set_is_refused(rows, horizon, which):
    with pytest.raises(ValueError, match="Horizons"):
        features.judged(rows, horizon, which)
