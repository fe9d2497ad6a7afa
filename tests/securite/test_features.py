"""Les variables ne regardent que le passé d’une caméra, un soir."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation.securite import features


def measures(values, camera="C1", evening="S1", first=0):
    steps = range(first, first + len(values))
    return pd.DataFrame({"id_soiree": evening, "id_camera": camera, "pas_10s": steps, "densite_mesuree": values})


def test_variables_do_not_change_when_the_future_does():
    rng = np.random.default_rng(447)
    one = rng.uniform(0, 6, 40)
    other = np.r_[one[:25], rng.uniform(0, 6, 15)]
    first, second = (features.panel(measures(values))[list(features.ALL)] for values in (one, other))
    pd.testing.assert_frame_equal(first[:25], second[:25])


def test_evening_and_camera_do_not_leak_into_the_next_one():
    table = pd.concat([measures([9.0] * 20), measures([1.0] * 20, evening="S2"), measures([1.0] * 20, camera="C2")])
    rows = features.panel(table.sample(frac=1, random_state=1))
    quiet = rows[(rows["id_soiree"] == "S2") | (rows["id_camera"] == "C2")]
    assert (quiet[["moyenne_30s", "moyenne_2min", "maximum_1min"]] == 1).all(axis=None)
    assert (quiet["pente"] == 0).all()


def test_variables_are_those_of_the_definition():
    values = np.random.default_rng(1).uniform(0, 6, 60)
    rows = features.panel(measures(values))
    series = pd.Series(values)
    wanted = {
        "moyenne_30s": series.rolling(3, min_periods=1).mean(),
        "moyenne_2min": series.rolling(12, min_periods=1).mean(),
        "maximum_1min": series.rolling(6, min_periods=1).max(),
    }
    for name, expected in wanted.items():
        np.testing.assert_allclose(rows[name], expected, rtol=1e-5)
    short = wanted["moyenne_30s"]
    np.testing.assert_allclose(rows["pente"][9:], ((short - short.shift(9)) / 1.5)[9:], rtol=1e-4, atol=1e-5)


def test_missing_steps_are_skipped_when_a_camera_stops():
    table = pd.concat([measures([2.0] * 5), measures([4.0] * 2, first=6)])
    assert features.panel(table)["moyenne_30s"].tolist() == [2.0] * 5 + [3.0, 4.0]


def test_panel_refuses_when_a_step_is_given_twice():
    with pytest.raises(ValueError, match="deux fois"):
        features.panel(pd.concat([measures([1.0]), measures([2.0])]))


def test_spans_stop_at_a_gap_and_at_a_new_series():
    rows = pd.DataFrame({"serie": [1, 1, 1, 2, 2], "pas_10s": [0, 1, 3, 4, 5], "evenement": [1, 1, 1, 1, 0]})
    series, first, last = features.spans(rows)
    assert (series.tolist(), first.tolist(), last.tolist()) == ([1, 1, 2], [0, 3, 4], [1, 3, 4])
