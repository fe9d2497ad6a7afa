"""L’intervalle d’un gain, et le verdict qui en découle."""

from __future__ import annotations

import numpy as np
import pytest

from formation.comite.gain import GAINS, NOTHING, TRAP, Gain, paired_gain


def made(low, *, error=True, trap=False, other=None):
    return Gain("J0", "a × b", "combien ?", "mesure (%)", 10.0, 8.0, low, 4.0, error, trap, other)


def test_gain_is_positive_when_an_error_falls_or_a_share_rises():
    assert made(1.0).gain == 2.0
    assert made(1.0, error=False).gain == -2.0


@pytest.mark.parametrize(
    ("item", "verdict"),
    [
        (made(0.1), GAINS),
        (made(-0.1), NOTHING),
        (made(0.1, other=-0.1), NOTHING),
        (made(0.1, other=0.1), GAINS),
        (made(3.0, trap=True), TRAP),
    ],
)
def test_verdict_follows_the_rule(item, verdict):
    assert item.verdict == verdict


def test_confirmation_keeps_the_other_low_bound():
    assert made(1.0).confirmed_by(made(-2.0)).verdict == NOTHING


def test_interval_holds_zero_when_nothing_changes():
    rng = np.random.default_rng(1)
    without = rng.gamma(2.0, 1.0, 400)
    low, high = paired_gain(without, rng.permutation(without), np.arange(400) // 10)
    assert low < 0 < high


def test_interval_is_wider_when_rows_of_a_block_repeat_each_other():
    rng = np.random.default_rng(2)
    gap = np.repeat(rng.normal(0.3, 1.0, 40), 10)
    alone = paired_gain(gap, np.zeros(400), np.arange(400))
    together = paired_gain(gap, np.zeros(400), np.arange(400) // 10)
    assert together[1] - together[0] > 2 * (alone[1] - alone[0])


def test_weight_is_the_denominator():
    low, high = paired_gain([4.0] * 50, [2.0] * 50, range(50), [4.0] * 50)
    assert (low, high) == (0.5, 0.5)


def test_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="autant d’erreurs"):
        paired_gain([1.0, 2.0], [1.0, 1.0], [0, 1], [1.0])


def test_one_block_cannot_judge():
    with pytest.raises(ValueError, match="deux blocs"):
        paired_gain([1.0, 2.0], [1.0, 1.0], [0, 0])


def test_bounds_do_not_depend_on_how_many_draws_are_held_at_once(monkeypatch):
    gap = np.random.default_rng(447).normal(0.2, 1.0, 300)
    whole = paired_gain(gap, np.zeros(300), range(300))
    monkeypatch.setattr("formation.comite.gain._CELLS", 1000)
    assert paired_gain(gap, np.zeros(300), range(300)) == pytest.approx(whole, rel=1e-12)
