"""La loi de base et la correction d’une probabilité : de l’arithmétique, vérifiée par comptage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formation.securite import base_rate

shares = st.floats(0.001, 0.999)


@pytest.mark.parametrize(("prevalence", "expected"), [(0.1, 0.913), (0.01, 0.490), (0.001, 0.087), (0.0001, 0.0094)])
def test_predictive_value_is_that_of_the_law(prevalence, expected):
    assert base_rate.predictive_value(prevalence) == pytest.approx(expected, abs=5e-4)


def test_law_gives_whole_situations_when_counted():
    table = base_rate.law()
    total = table["vraies_alertes"] + table["fausses_alertes"]
    np.testing.assert_allclose(table["vraies_alertes"] / total, table["vpp"])


@given(shares, shares, shares)
def test_recalibrated_score_keeps_order_and_comes_back(score, learnt, used):
    there = base_rate.recalibrate([score, min(score + 0.0005, 0.9999)], learnt, used)
    assert there[0] < there[1]
    assert base_rate.recalibrate(there, used, learnt)[0] == pytest.approx(score, rel=1e-6)


def test_recalibrated_score_is_right_when_only_the_prevalence_changed():
    rng = np.random.default_rng(447)
    learnt, used, count = 0.2, 0.02, 200_000
    truth = rng.random(count) < used
    signal = rng.normal(truth.astype(float), 1.0)
    odds = learnt / (1 - learnt) * np.exp(signal - 0.5)
    announced = odds / (1 + odds)
    assert announced.mean() > 4 * used
    assert base_rate.recalibrate(announced, learnt, used).mean() == pytest.approx(truth.mean(), rel=0.05)


def test_threshold_triggers_the_same_alarms_when_score_is_recalibrated():
    score = np.linspace(0.01, 0.99, 99)
    level = base_rate.same_alarm_threshold(0.5, 0.06, 0.0005)
    corrected = base_rate.recalibrate(score, 0.06, 0.0005)
    np.testing.assert_array_equal(corrected >= level - 1e-12, score >= 0.5 - 1e-12)
    assert base_rate.raw_threshold(level, 0.06, 0.0005) == pytest.approx(0.5)


def test_needed_specificity_gives_the_wanted_share_back():
    needed = base_rate.needed_specificity(0.0005, 0.5, 0.8)
    assert base_rate.predictive_value(0.0005, 0.8, needed) == pytest.approx(0.5)


@pytest.mark.parametrize("call", [lambda: base_rate.predictive_value(6), lambda: base_rate.recalibrate([0.5], 6, 0.05)])
def test_percentage_is_refused_when_a_share_is_expected(call):
    with pytest.raises(ValueError, match="divisez par 100"):
        call()


def test_recalibration_refuses_when_danger_never_happens():
    with pytest.raises(ValueError, match="strictement"):
        base_rate.recalibrate([0.5], 0.06, 0.0)
