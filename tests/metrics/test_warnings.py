"""Mesures d’une alerte : détection, fausses alertes, valeur."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formation import metrics

CASES = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60)


@given(CASES)
def test_every_case_is_counted_once_when_alerts_are_judged(pairs):
    alert, event = np.array(pairs).T
    table = metrics.contingency(alert, event)
    assert (table.total, table.alerts, table.events) == (len(pairs), alert.sum(), event.sum())


@given(CASES, st.floats(0.01, 0.99))
def test_no_forecast_is_worth_more_than_a_perfect_one(pairs, cost_loss):
    alert, event = np.array(pairs).T
    value = metrics.contingency(alert, event).relative_value(cost_loss)
    assert np.isnan(value) == (event.all() or not event.any())
    assert np.isnan(value) or value <= 1 + 1e-9


@given(CASES, st.floats(0.01, 0.99))
def test_value_is_never_positive_when_the_alert_ignores_the_event(pairs, cost_loss):
    event = np.array(pairs)[:, 1]
    for alert in (np.zeros(len(event)), np.ones(len(event))):
        assert not metrics.contingency(alert, event).relative_value(cost_loss) > 1e-9


@given(CASES)
def test_threshold_table_agrees_with_contingency_when_a_score_is_cut(pairs):
    rng = np.random.default_rng(len(pairs))
    score, event = rng.normal(size=len(pairs)), np.array(pairs)[:, 1]
    row = metrics.threshold_table(score, event, [0.3]).iloc[0]
    table = metrics.contingency(score >= 0.3, event)
    counted = (table.hits, table.misses, table.false_alarms, table.quiet)
    assert tuple(row[["justes", "manquees", "fausses", "calmes"]]) == counted
    assert row["csi"] == pytest.approx(table.csi, nan_ok=True)


def test_accuracy_flatters_when_the_event_is_rare():
    never = metrics.contingency(np.zeros(100), np.arange(100) < 3)
    assert never.accuracy == 0.97
    assert (never.pod, never.csi) == (0, 0)
    assert np.isnan(never.far)


def test_silent_score_never_alerts_when_values_are_missing():
    table = metrics.threshold_table([np.nan, np.nan, 0.1], [1, 1, 0], [0.5])
    assert table[["justes", "manquees", "fausses", "csi"]].iloc[0].tolist() == [0, 2, 0, 0]


def test_threshold_falls_when_a_miss_costs_more():
    rng = np.random.default_rng(447)
    event = rng.random(2000) < 0.1
    score = event + rng.normal(size=2000)
    levels = np.arange(-1, 3, 0.1)
    chosen = [metrics.best_threshold(score, event, levels, cost_loss=ratio) for ratio in (0.02, 0.1, 0.5)]
    assert chosen == sorted(chosen)
    assert chosen[0] < chosen[-1]


@pytest.mark.parametrize(
    ("alert", "event", "words"),
    [
        ([1, 0], [1], "même longueur"),
        ([], [], "au moins un cas"),
        ([0.5, 1], [0, 1], "Les alertes"),
        ([0, 1], [np.nan, 1], "Les événements"),
    ],
)
def test_reason_is_given_when_no_table_is_possible(alert, event, words):
    with pytest.raises(ValueError, match=words):
        metrics.contingency(alert, event)


@pytest.mark.parametrize("ratio", [0, 1, 2])
def test_ratio_is_refused_when_out_of_range(ratio):
    with pytest.raises(ValueError, match="entre 0 et 1"):
        metrics.contingency([1, 0], [1, 0]).relative_value(ratio)


def test_no_threshold_is_chosen_when_nothing_happened():
    with pytest.raises(ValueError, match="Aucun événement"):
        metrics.best_threshold([0.2, 0.3], [0, 0], [0.1])
