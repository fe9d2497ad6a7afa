"""Références et modèles jouets, sur de petites séries."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation.risques import model


@pytest.fixture(scope="module")
def rising():
    rng = np.random.default_rng(447)
    rows = pd.DataFrame({"debit": rng.uniform(0, 5, 600), "pluie_60": rng.uniform(0, 40, 600)})
    return rows, 0.8 * rows["debit"] + 0.05 * rows["pluie_60"]


def test_trees_flatten_but_the_line_goes_on_when_flow_is_out_of_range(rising):
    rows, later = rising
    columns = ["debit", "pluie_60"]
    beyond = pd.DataFrame({"debit": [15.0], "pluie_60": [120.0]})
    trees = model.Trees(columns).fit(rows, later)
    assert trees.predict(beyond)[0] <= trees.highest_
    assert model.Linear(columns).fit(rows, later).predict(beyond)[0] == pytest.approx(18, rel=0.05)
    assert model.Linear(columns, log=True).fit(rows, later).predict(beyond)[0] > 100


def test_trees_learn_only_measured_rows(rising):
    rows, later = rising
    holes = rows.assign(debit=rows["debit"].where(rows.index % 3 > 0))
    target = later.where(rows.index % 5 > 0)
    kept = (rows.index % 3 > 0) & (rows.index % 5 > 0)
    alone = model.Trees(["debit"]).fit(rows[kept], later[kept])
    assert model.Trees(["debit"]).fit(holes, target).predict(rows).tolist() == alone.predict(rows).tolist()


def test_trees_answer_without_a_word_when_the_flow_is_missing(rising):
    rows, later = rising
    silent = rows.assign(debit=np.nan)
    assert np.isfinite(model.Trees(["debit", "pluie_60"]).fit(rows, later).predict(silent)).all()


def test_same_seed_gives_the_same_forecast(rising):
    rows, later = rising
    first, second = (model.gradient_boosting(["debit"]).fit(rows, later).predict(rows) for _ in range(2))
    assert first.tolist() == second.tolist()


def test_persistence_has_nothing_to_choose():
    assert model.Persistence.levels == (1.0,)
    assert model.FLOW_LEVELS[0] == 1.0
