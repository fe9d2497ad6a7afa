"""Les intervalles tiennent pour de petits effectifs, et ne disent rien quand rien n’a été vu."""

from __future__ import annotations

import numpy as np
import pytest

from formation import metrics


def test_share_interval_holds_its_level_when_cases_are_few():
    rng = np.random.default_rng(447)
    draws = rng.binomial(18, 0.8, 4000)
    inside = [low <= 0.8 <= high for low, high in (metrics.share_interval(int(k), 18) for k in draws)]
    assert np.mean(inside) > 0.92


def test_share_interval_says_nothing_when_nothing_was_seen():
    assert metrics.share_interval(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="premier nombre"):
        metrics.share_interval(3, 2)


def test_rate_interval_follows_the_rule_of_three_when_nothing_rang():
    low, high = metrics.rate_interval(0, 6, level=0.9)
    assert low == 0
    assert high == pytest.approx(3.0 / 6, abs=0.01)
    assert metrics.rate_interval(72, 6)[0] < 12 < metrics.rate_interval(72, 6)[1]


def test_draw_bounds_leave_the_empty_draws_aside():
    draws = np.r_[np.arange(101.0), np.nan, np.inf]
    assert metrics.draw_bounds(draws) == (5.0, 95.0)
    assert metrics.draw_bounds(draws, level=0.5) == (25.0, 75.0)
    assert np.isnan(metrics.draw_bounds([np.nan, np.nan])).all()
