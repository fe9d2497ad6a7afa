"""Références et modèles jouets : l’usage de scikit-learn, et le bon ordre."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from formation.eau import evaluation, features, model


@pytest.fixture(scope="module")
def rows(tables, territory):
    return features.panel(tables["troncons"], tables["defaillances"], [2021, 2022], streets=territory.rues)


@pytest.mark.parametrize("name", list(evaluation.methods()))
def test_estimator_predicts_one_finite_rate_per_row_when_fitted(rows, name):
    estimator = clone(evaluation.methods()[name])
    predicted = estimator.fit(rows, rows[features.TARGET].to_numpy()).predict(rows)
    assert predicted.shape == (len(rows),)
    assert np.isfinite(predicted).all()
    assert (predicted >= 0).all()


@pytest.mark.parametrize("maker", [model.gradient_boosting, model.poisson_regression])
def test_total_is_kept_when_predicted_on_training_years(rows, maker):
    fitted = maker().fit(rows, rows[features.TARGET].to_numpy())
    expected = (fitted.predict(rows) * rows["longueur_m"] / 1000).sum()
    assert expected == pytest.approx(rows[features.TARGET].sum(), rel=0.05)


def test_rate_does_not_depend_on_length_when_pipes_are_split():
    whole = pd.DataFrame({"age": [10.0, 60.0] * 200, "longueur_m": 200.0})
    y = np.tile([0, 1], 200)
    halves = pd.concat([whole.assign(longueur_m=100.0)] * 2, ignore_index=True)
    fits = [
        model.poisson_regression(["age"]).fit(table, counts).predict(whole[:2])
        for table, counts in ((whole, y), (halves, np.concatenate([y, 0 * y])))
    ]
    assert fits[0] == pytest.approx(fits[1], rel=1e-3)


def test_predictions_repeat_when_seed_is_fixed(rows):
    first, second = (model.gradient_boosting().fit(rows, rows[features.TARGET]).predict(rows) for _ in range(2))
    assert (first == second).all()


def test_age_material_learns_fragile_material_when_rates_differ():
    table = pd.DataFrame({"age": 50.0, "materiau": ["PVC", "acier"] * 50, "longueur_m": 1000.0})
    low, high = model.AgeMaterial().fit(table, [0, 2] * 50).predict(table[:2])
    assert low < 0.3 < 1.5 < high


def test_unseen_cell_takes_the_mean_rate_when_predicted():
    seen = pd.DataFrame({"age": [50.0], "materiau": ["PVC"], "longueur_m": [1000.0]})
    fitted = model.AgeMaterial().fit(seen, [2])
    assert fitted.predict(seen.assign(materiau="acier"))[0] == pytest.approx(fitted.mean_)


def test_settings_can_be_changed_when_searching():
    assert model.gradient_boosting(max_leaf_nodes=9).regressor.max_leaf_nodes == 9
    assert model.gradient_boosting().regressor.max_leaf_nodes == model.CHOSEN["max_leaf_nodes"]
