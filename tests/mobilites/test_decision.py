"""Autour du seuil : probabilités, gardes, matrices et coûts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation.mobilites import decision, surface
from formation.mobilites.tables import THRESHOLD_M2


def known(gaps, shares=0.8):
    table = pd.DataFrame({"surface_visible_m2": 1000.0, "surface_predite_m2": 1000 * (1 + np.array(gaps))})
    return table.assign(part_parcelle=shares)


def test_learn_separates_lost_parks_from_the_error_of_the_others():
    gaps = [-0.5, -0.4, 0.01, 0.02, 0.03, 0.0, 0.01, 0.02]
    error = decision.learn(known(gaps, [0.4, 0.5, *[0.8] * 6]))
    assert error.parks == 6
    assert error.floor == 0.55
    assert error.bias == pytest.approx(0.015, abs=0.005)
    assert error.spread < 0.02


def test_learn_drops_the_guard_when_it_would_stop_most_parks():
    error = decision.learn(known([-0.3] * 5 + [0.0, 0.01], [0.6] * 7))
    assert error.floor == 0.0
    assert error.parks == 7


def test_learn_refuses_too_few_parks():
    with pytest.raises(ValueError, match="au moins cinq"):
        decision.learn(known([0.0] * 4))


def test_probability_grows_with_the_area_and_is_even_at_the_threshold():
    chance = decision.probability([1300, THRESHOLD_M2, 1700], 0.05)
    assert np.all(np.diff(chance) > 0)
    assert chance[1] == pytest.approx(0.5)
    assert decision.probability([0], 0.05)[0] == 0


def test_few_parks_make_a_probability_less_sure():
    assert decision.probability(1700, 0.05, parks=5) < decision.probability(1700, 0.05)


def test_bias_is_corrected():
    assert decision.probability(1425, 0.04, bias=-0.05) == pytest.approx(0.5)


def test_misjudged_is_worst_at_the_threshold_and_agrees_with_drawing():
    rng = np.random.default_rng(447)
    drawn = 1560 * np.exp(rng.normal(0, 0.04, 100_000))
    assert decision.misjudged(1560, 0.04) == pytest.approx((drawn <= THRESHOLD_M2).mean(), abs=0.01)
    assert decision.misjudged(1501, 0.04) > decision.misjudged(1600, 0.04) > decision.misjudged(2200, 0.04)


def test_bootstrap_agrees_with_the_law_when_errors_follow_it():
    ratios = np.exp(np.random.default_rng(1).normal(0, 0.04, 4000))
    assert decision.bootstrap(1540, ratios) == pytest.approx(float(decision.probability(1540, 0.04)), abs=0.03)


def judged(area, share=0.8, edge=False, doubt=0.1):
    parks = pd.DataFrame({"surface_m2": [area], "surface_predite_m2": area, "part_parcelle": share})
    error = decision.AreaError(0.0, 0.03, 30, 0.6)
    return decision.verdicts(parks.assign(coupe_predit=edge), error, doubt=doubt)["verdict"].item()


def test_verdict_waits_when_the_park_is_near_cut_or_incomplete():
    assert judged(1800) == decision.SUBJECT
    assert judged(1200) == decision.EXEMPT
    assert judged(1500) == decision.DOUBT
    assert judged(1200, share=0.4) == decision.DOUBT
    assert judged(1200, edge=True) == decision.DOUBT
    assert judged(1800, edge=True) == decision.SUBJECT
    assert judged(1490, doubt=0.5) == decision.EXEMPT


def test_cost_decides_when_to_go_and_see():
    cheap, dear = ({"controle": price, "oubli": 3000.0, "a_tort": 1500.0} for price in (1.0, 1e6))
    assert decision.cheapest([0.02, 0.98], cheap) == [decision.DOUBT, decision.DOUBT]
    assert decision.cheapest([0.02, 0.98], dear) == [decision.EXEMPT, decision.SUBJECT]


def test_every_park_is_in_one_cell_of_the_matrix(course):
    error = decision.learn(surface.parks(course, "validation"))
    parks = decision.whole(surface.parks(course))
    table = decision.matrix(decision.verdicts(parks, error))
    assert table.to_numpy().sum() == len(parks) >= 20
    found = decision.mistakes(decision.verdicts(parks, error))
    assert sum(found.values()) - found["parcs"] == len(parks)


def test_visits_leave_fewer_mistakes_than_none(course):
    error = decision.learn(surface.parks(course, "validation"))
    table = decision.choices(decision.whole(surface.parks(course)), error)
    wrong = table["oublis"] + table["a_tort"]
    assert wrong.iloc[0] <= wrong.iloc[-1]
    assert table["a_verifier"].is_monotonic_decreasing
    assert table["a_verifier"].iloc[-1] == 0


def test_calibration_counts_every_park(course):
    error = decision.learn(surface.parks(course, "validation"))
    verdicts = decision.verdicts(decision.whole(surface.parks(course)), error)
    assert decision.calibration(verdicts)["parcs"].sum() == len(verdicts)
