"""Les variables d’une année ne savent rien de cette année."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formation.eau import features

KNOWN = [name for name in features.ALL if name != features.TARGET]


def small() -> tuple[pd.DataFrame, pd.DataFrame]:
    pipes = pd.DataFrame(
        {
            "id_troncon": ["A", "B", "C"],
            "id_rue": ["R1", "R1", "R2"],
            "longueur_m": [100.0, 200.0, 50.0],
            "materiau": ["PVC", None, "acier"],
            "date_pose": pd.to_datetime(["1970-01-01", None, "2021-01-01"]),
        }
    )
    dates = pd.to_datetime(["2018-03-01", "2019-05-01", "2020-06-01", "2022-01-01"])
    return pipes, pd.DataFrame({"id_troncon": ["A", "A", "B", "C"], "date_signalement": dates})


@given(st.integers(2015, 2024), st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_features_do_not_move_when_the_future_changes(year, seed):
    rng = np.random.default_rng(seed)
    pipes = pd.DataFrame(
        {"id_troncon": [f"T{i}" for i in range(30)], "longueur_m": rng.uniform(10, 200, 30), "id_rue": "R1"}
    )
    dates = pd.to_datetime("2013-01-01") + pd.to_timedelta(rng.integers(0, 13 * 365, 200), unit="D")
    past = pd.DataFrame({"id_troncon": rng.choice(pipes["id_troncon"], 200), "date_signalement": dates})
    future = past["date_signalement"].dt.year >= year
    invented = past[future].assign(id_troncon="T0")
    without = features.panel(pipes, past[~future], [year])[KNOWN]
    for other in (past, pd.concat([past[~future], invented, invented])):
        pd.testing.assert_frame_equal(features.panel(pipes, other, [year])[KNOWN], without)


def test_released_features_do_not_move_when_test_years_are_erased(tables):
    pipes, failures = tables["troncons"], tables["defaillances"]
    past = failures[failures["date_signalement"].dt.year < 2024]
    whole = features.panel(pipes, failures, [2024])[KNOWN]
    pd.testing.assert_frame_equal(whole, features.panel(pipes, past, [2024])[KNOWN])


def test_history_counts_only_earlier_years_when_asked_for_2020():
    row = features.panel(*small(), [2020]).set_index("id_troncon").loc["A"]
    assert row["defaillances_avant"] == 2
    assert row["taux_historique"] == pytest.approx(2 / 0.1 / 2)
    assert row[features.TARGET] == 0


def test_pipe_is_absent_when_laid_after_the_year():
    assert features.panel(*small(), [2020])["id_troncon"].tolist() == ["A", "B"]
    assert features.panel(*small(), [2022])["id_troncon"].tolist() == ["A", "B", "C"]


def test_street_rate_ignores_the_pipe_itself_when_neighbours_failed():
    rows = features.panel(*small(), [2021]).set_index("id_troncon")
    assert rows.loc["A", "taux_rue"] == pytest.approx(1 / 0.2 / 3)
    assert np.isnan(rows.loc["C", "taux_rue"])


def test_unknown_columns_are_empty_when_the_file_is_poor():
    pipes, failures = small()
    rows = features.panel(pipes[["id_troncon", "longueur_m"]], failures, [2021])
    assert rows[["age", "diametre_mm", "alea_argile", "taux_rue", "materiau"]].isna().all(axis=None)
    assert rows["defaillances_avant"].sum() == 3


def test_forbidden_column_is_never_a_feature_when_listed():
    assert "nb_defaillances_total" not in features.ALL
