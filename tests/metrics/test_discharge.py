"""Mesures d’une prévision de débit."""

from __future__ import annotations

import numpy as np
import pytest

from formation import metrics

FLOOD = np.exp(-(((np.arange(60) - 25) / 8) ** 2)) * 12 + 0.5


def test_scores_are_one_when_the_forecast_is_exact():
    assert metrics.nash_sutcliffe(FLOOD, FLOOD) == 1
    assert metrics.kling_gupta(FLOOD, FLOOD) == pytest.approx(1)
    assert metrics.peak_error(FLOOD, FLOOD) == 0


def test_half_a_flood_loses_the_peak_but_keeps_its_shape():
    assert metrics.peak_error(FLOOD / 2, FLOOD) == -0.5
    assert metrics.nash_sutcliffe(FLOOD / 2, FLOOD) < 0.7
    assert metrics.kling_gupta(FLOOD / 2, FLOOD) == pytest.approx(1 - np.sqrt(0.5))


def test_flat_forecast_has_no_kling_gupta():
    assert np.isnan(metrics.kling_gupta(np.full(60, 3.0), FLOOD))


@pytest.mark.parametrize("measure", [metrics.nash_sutcliffe, metrics.kling_gupta, metrics.peak_error])
@pytest.mark.parametrize(
    ("forecast", "actual", "words"),
    [([1, 2], [1], "même longueur"), ([np.nan, 1], [1, 2], "Une valeur manque"), ([1, 2], [3, 3], "ne varie pas")],
)
def test_reason_is_given_when_no_score_is_possible(measure, forecast, actual, words):
    with pytest.raises(ValueError, match=words):
        measure(forecast, actual)
