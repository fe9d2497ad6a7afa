"""Les cinq figures du chapitre « Apprendre par l’exemple » montrent ce que leur texte affirme, sur cinq graines."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from formation.demystifier import base_rate, correlation, figures, fitting, holding_out, threshold

SEEDS = (447, 1, 2, 3, 4)


@pytest.mark.parametrize("name", ["souplesse", "mis_de_cote", "seuil", "taux_de_base", "correlation"])
def test_figure_changes_its_sentence_when_the_control_moves(name):
    figure = getattr(figures, name)()
    assert len(figure.steps) <= 100
    said = [step.sentence for step in figure.steps]
    assert len(set(said)) >= len(figure.control.positions)
    assert len(figure.alt) >= 60


@pytest.mark.parametrize("seed", SEEDS)
def test_flexible_curve_always_fits_better_the_days_it_learned(seed):
    learned, following = fitting.winters(seed)
    past = [fitting.error(learned, degree, learned) for degree in fitting.DEGREES]
    future = [fitting.error(learned, degree, following) for degree in fitting.DEGREES]
    assert np.all(np.diff(past) <= 1e-6)
    assert future[-1] > 1.05 * min(future)
    assert np.argmin(future) < len(future) - 1


def test_straight_line_forecasts_worse_than_a_bent_one_on_average():
    gaps = []
    for seed in SEEDS:
        learned, following = fitting.winters(seed)
        gaps.append(fitting.error(learned, 1, following) - fitting.error(learned, 3, following))
    assert np.mean(gaps) > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_tree_is_always_right_on_what_it_learned_and_never_on_the_rest(seed):
    found = holding_out.errors(seed)
    assert all(seen == 0 for seen, _ in found.values())
    assert all(unseen > 20 for _, unseen in found.values())
    assert found[holding_out.SIZES[0]][1] > found[holding_out.SIZES[-1]][1] + 8


def test_first_exercise_reads_the_numbers_of_the_second_figure():
    folder = Path(__file__).parents[2] / "notebooks" / "demystifier"
    text = (folder / "demystifier-01-lire-une-demonstration.md").read_text(encoding="utf-8")
    rows = [[int(value) for value in found.split(",")] for found in re.findall(r'": \[([\d, ]+)\],', text)]
    assert rows[0] == list(holding_out.SIZES)
    assert rows[1:] == [[round(pair[side]) for pair in holding_out.errors().values()] for side in (0, 1)]


@pytest.mark.parametrize("seed", SEEDS)
def test_raising_the_threshold_trades_useless_calls_for_missed_emergencies(seed):
    rows = np.array([threshold.counts(value, seed) for value in threshold.THRESHOLDS])
    assert np.all(np.diff(rows[:, 1]) >= 0)
    assert np.all(np.diff(rows[:, 2]) <= 0)
    assert (rows[:, 0] + rows[:, 1] == threshold.URGENT).all()
    assert not ((rows[:, 1] == 0) & (rows[:, 2] == 0)).any()


def test_most_alerts_are_false_when_the_thing_sought_is_rare():
    assert base_rate.alerts(100, 95) == base_rate.Alerts(95, 495, 5)
    assert base_rate.alerts(1000, 99).right_in_100 == pytest.approx(9.0, abs=0.2)
    assert base_rate.alerts(2, 95).right_in_100 == pytest.approx(95)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_districts_together_hide_the_effect_that_equal_sizes_show(seed):
    for effect in correlation.EFFECTS:
        found = correlation.districts(effect, seed)
        assert correlation.slope(found) > 1
        same_size = np.mean([correlation.slope(found, size) for size in range(3)])
        assert same_size == pytest.approx(effect, abs=0.25)
