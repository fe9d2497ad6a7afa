"""Le constat du cas : même modèle, même seuil, la part d’alertes vraies s’effondre avec la prévalence."""

from __future__ import annotations

import numpy as np
import pytest

from formation.securite import evaluation


@pytest.fixture(scope="module")
def table(course_trial):
    return evaluation.evaluate(course_trial).set_index(["lieu", "methode"])


def test_precision_collapses_and_recall_holds_when_prevalence_falls(table):
    model = table.xs(evaluation.MODEL, level="methode").loc[list(evaluation.PLACES)]
    assert model["precision"].tolist() == pytest.approx([0.70, 0.18, 0.015], abs=0.06)
    assert model["rappel"].between(0.6, 0.95).all()
    assert model["fausses_heure"].between(5, 15).all()
    assert model["prevalence"].is_monotonic_decreasing


def test_model_rings_less_for_nothing_than_the_fixed_rules(table):
    for place in evaluation.PLACES:
        false = table.loc[place]["fausses_heure"]
        assert false[evaluation.MODEL] < false["seuil fixe choisi"] < false["seuil fixe 4,2"]


def test_interval_contains_the_measure(table):
    seen = table.dropna(subset="precision")
    for name in ("precision", "rappel"):
        assert (seen[f"{name}_bas"] <= seen[name]).all()
        assert (seen[name] <= seen[f"{name}_haut"]).all()


def test_no_evening_is_both_learnt_and_judged(course_trial):
    evenings = {key: set(part["id_soiree"]) for key, part in course_trial.parts.items()}
    names = [name for found in evenings.values() for name in found]
    assert len(names) == len(set(names))
    assert {key for key in evenings if key[1] == "apprentissage"} == {("repetition", "apprentissage")}


def test_curve_falls_when_threshold_rises(course_trial):
    curve = course_trial.curve("fan-zone", thresholds=(0.2, 0.5, 0.8))
    assert curve["alertes_heure"].is_monotonic_decreasing
    assert (curve["rappel"].diff().dropna() <= 0).all()
    assert curve.loc[1, "rappel"] == course_trial.report("fan-zone").recall


def test_model_without_density_says_nothing_useful(course_trial):
    rows = course_trial.parts["fan-zone", "test"]
    shuffled = np.random.default_rng(1).permutation(rows["score"].to_numpy())
    assert evaluation.report(rows, shuffled, 0.5).recall < 0.1
