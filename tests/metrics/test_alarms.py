"""Une alerte sonne au bon moment, et se juge par épisode."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formation import metrics


def slow_ring(score, series, step, threshold, consecutive, silence):
    """La définition, ligne par ligne."""
    found, run, last = [], 0, None
    for place, value in enumerate(score):
        linked = place and series[place] == series[place - 1] and step[place] == step[place - 1] + 1
        new_series = not place or series[place] != series[place - 1]
        run = (run if linked else 0) + 1 if value >= threshold else 0
        last = None if new_series else last
        if run >= consecutive and (last is None or step[place] - last >= silence):
            found.append(place)
            last = step[place]
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 9)), max_size=60), st.integers(1, 4))
def test_ring_is_the_definition_when_series_have_gaps(draws, consecutive):
    score = np.array([high for high, _, _ in draws], float)
    series = np.cumsum([cut == 0 for _, _, cut in draws], dtype=int)
    step = np.cumsum([1 + max(0, jump - 4) for _, jump, _ in draws], dtype=int)
    silence = 2 * consecutive
    found = metrics.ring(score, series, step, 0.5, consecutive=consecutive, silence=silence)
    assert found.tolist() == slow_ring(score, series, step, 0.5, consecutive, silence)


def test_missing_score_does_not_ring_when_sensor_is_lost():
    assert metrics.ring([1, 1, np.nan, 1, 1], [1] * 5, range(5), 0.5).tolist() == []


@pytest.mark.parametrize("step", [[0, 0, 1], [0, 2, 1]])
def test_ring_refuses_when_steps_are_not_increasing(step):
    with pytest.raises(ValueError, match="triez par série"):
        metrics.ring([0, 0, 0], [1, 1, 1], step, 0.5)


def test_alarm_is_true_when_it_falls_within_the_margin():
    found = metrics.judge([1] * 4, [3, 4, 26, 27], [1], [10], [20], margin=6)
    assert found.true_alarm.tolist() == [False, True, True, False]
    assert found.delay.tolist() == [-6.0]


def test_episode_of_another_camera_does_not_count():
    found = metrics.judge(["a"], [12], ["b"], [10], [20])
    assert not found.true_alarm.any()
    assert np.isnan(found.delay).all()


def test_report_has_no_precision_when_nothing_rings():
    report = metrics.alarm_report(np.zeros(5), [1] * 5, range(5), 0.5, episodes=([1], [2], [3]), hours=2)
    assert np.isnan(report.precision)
    assert (report.recall, report.alarms_per_hour, report.false_per_hour) == (0, 0, 0)


def test_report_counts_per_hour_of_watch():
    score = np.r_[np.ones(3), np.zeros(57), np.ones(3), np.zeros(297)]
    report = metrics.alarm_report(score, [1] * 360, range(360), 0.5, episodes=([1], [60], [70]), hours=1)
    assert (report.alarms, report.true_alarms, report.false_per_hour, report.recall) == (2, 1, 1.0, 1.0)
    assert report.delay_s == 20


def test_report_refuses_when_there_is_no_watch():
    with pytest.raises(ValueError, match="heures de veille"):
        metrics.alarm_report([0], [1], [0], 0.5, episodes=([], [], []), hours=0)
