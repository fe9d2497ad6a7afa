"""Comparer à risque égal."""

from __future__ import annotations

import numpy as np
import pytest

from formation import metrics
from formation.dechets import own_points
from formation.dechets.own_points import MISSING, SHORTAGE, Family


@pytest.fixture
def case():
    rng = np.random.default_rng(1)
    demand = np.rint(rng.normal(120, 10, 4000))
    known = demand + rng.normal(0, 4, 4000)
    week = np.repeat(np.arange(40), 100)
    return demand, Family(known, np.full(4000, 5.0)), Family(np.full(4000, 120.0), np.full(4000, 5.0)), week


def test_nothing_changes_when_a_method_is_compared_to_itself(case):
    demand, _, flat, week = case
    reference = own_points.tally(flat.meals(2.0), demand, week, 40)
    assert own_points.change(reference, own_points.curve(flat, demand, week, 40), MISSING) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("column", [MISSING, SHORTAGE])
def test_surplus_falls_when_more_is_known(case, column):
    demand, sharp, flat, week = case
    reference = own_points.tally(flat.meals(2.0), demand, week, 40)
    table = own_points.curve(sharp, demand, week, 40)
    gain = own_points.change(reference, table, column)
    low, high = metrics.draw_bounds(own_points.draws_of(reference, table, column, draws=100, seed=1))
    assert low < gain < high < -0.3


def test_missing_is_the_target_when_the_step_is_read_back(case):
    demand, sharp, _, week = case
    totals = own_points.curve(sharp, demand, week, 40).sum(axis=0)
    step = own_points.step_at(totals, MISSING, 1000.0)
    reached = own_points.tally(sharp.meals(step), demand, np.zeros(4000, dtype=int), 1)[0, MISSING]
    assert reached == pytest.approx(1000, rel=0.05)


def test_comparison_is_empty_when_the_target_is_out_of_reach(case):
    demand, sharp, _, week = case
    totals = own_points.curve(sharp, demand, week, 40).sum(axis=0)
    assert np.isnan(own_points.surplus_at(totals, MISSING, 1e9))


def test_same_weeks_are_drawn_when_the_seed_is_the_same(case):
    demand, sharp, flat, week = case
    reference = own_points.tally(flat.meals(2.0), demand, week, 40)
    table = own_points.curve(sharp, demand, week, 40)
    one = own_points.draws_of(reference, table, MISSING, draws=20, seed=5)
    np.testing.assert_array_equal(one, own_points.draws_of(reference, table, MISSING, draws=20, seed=5))
