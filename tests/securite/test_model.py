"""Références et modèle jouet : ce qu’ils apprennent, ce qu’ils rendent."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation import metrics
from formation.securite import features, model


def test_chosen_threshold_reaches_the_wanted_recall_and_no_lower_one_is_needed(course_trial):
    rows = course_trial.parts["repetition", "validation"]
    rule = model.ChosenThreshold(0.7).fit(rows, rows[features.TARGET])
    spans = features.spans(rows)

    def recall(threshold):
        rung = rows.iloc[metrics.ring(rule.predict(rows), rows["serie"], rows["pas_10s"], threshold)]
        return np.isfinite(metrics.judge(rung["serie"], rung["pas_10s"], *spans).delay).mean()

    assert recall(rule.threshold) >= 0.7 > recall(rule.threshold + 0.05)


def test_threshold_is_refused_when_there_is_no_episode_to_choose_it():
    rows = pd.DataFrame({"serie": 1, "pas_10s": range(5), "moyenne_30s": 1.0})
    with pytest.raises(ValueError, match="sans exemple"):
        model.ChosenThreshold().fit(rows, np.zeros(5))


def test_same_score_when_fitted_twice(course_trial):
    rows = course_trial.parts["repetition", "validation"][:20_000]
    scores = [model.gradient_boosting(max_iter=5).fit(rows, rows[features.TARGET]).predict(rows) for _ in range(2)]
    np.testing.assert_array_equal(*scores)


def test_score_is_a_probability_at_the_prevalence_learnt(course_trial):
    learnt = course_trial.parts["repetition", "apprentissage"]
    assert learnt["score"].mean() == pytest.approx(learnt[features.TARGET].mean(), rel=0.05)


def test_silent_rule_never_rings():
    rule = model.baselines()["jamais d’alerte"].fit(None, None)
    assert (rule.predict(pd.DataFrame({"x": range(3)})) < rule.threshold).all()
