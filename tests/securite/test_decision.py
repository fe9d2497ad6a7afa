"""Coûts, charge de l’opérateur, durée d’une recette."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation import metrics
from formation.securite import decision


@pytest.fixture
def rates():
    table = pd.DataFrame({"seuil": [0.3, 0.5, 0.9], "fausses_heure": [30.0, 12.0, 2.0], "rappel": [0.9, 0.8, 0.3]})
    return decision.expected(table, table, 0.2)


def test_threshold_falls_when_a_missed_episode_costs_more(rates):
    chosen = [decision.best_threshold(rates, ratio) for ratio in (10, 60, 300, 2000)]
    assert chosen == [float("inf"), 0.9, 0.5, 0.3]


def test_expected_precision_is_that_of_the_rates(rates):
    right = 0.2 * rates["rappel"]
    np.testing.assert_allclose(rates["precision"], right / (right + rates["fausses_heure"]))


def test_curves_with_other_thresholds_are_refused(rates):
    with pytest.raises(ValueError, match="mêmes seuils"):
        decision.expected(rates, rates.iloc[:2], 0.2)


def test_false_alarms_bought_grow_when_ratio_grows(course_trial):
    table = decision.choices(course_trial)
    assert table["fausses_heure"].is_monotonic_increasing
    assert table["rappel"].is_monotonic_increasing
    assert table["seuil"].is_monotonic_decreasing


def test_load_is_a_whole_shift():
    load = decision.operator_load(12, hours=6, minutes=2)
    assert load == {"alertes": 72, "minutes": 144, "part_du_temps": 0.4, "minutes_entre_deux": 5}
    assert decision.operator_load(0)["minutes_entre_deux"] == float("inf")


@pytest.mark.parametrize(("share", "width"), [(0.8, 0.1), (0.5, 0.05), (0.014, 0.01)])
def test_cases_needed_are_enough_and_not_too_many(share, width):
    def half(count):
        low, high = metrics.share_interval(round(share * count), count)
        return (high - low) / 2

    count = decision.cases_needed(share, width)
    assert half(count) <= width
    assert half(max(count * 9 // 10, 1)) > width


def test_trial_never_ends_when_nothing_happens():
    assert decision.trial_hours(0, 60) == float("inf")
