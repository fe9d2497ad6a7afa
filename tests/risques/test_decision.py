"""Compter par couple, payer chaque alerte, choisir un seuil."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation.risques import decision, evaluation


def _found(score, flow, horizon=60):
    """Un seul couple ; le débit vrai toutes les cinq minutes."""
    steps = len(flow)
    later = np.concatenate([flow[horizon // 5 :], np.full(horizon // 5, np.nan)])
    rows = pd.DataFrame({"id_episode": "E01", "id_bassin": "B1", "minute": 5 * np.arange(steps)})
    rows = rows.assign(vrai=flow, vrai_60=later).iloc[: steps - horizon // 5]
    return evaluation.Forecasts(horizon, rows, pd.DataFrame({"m": score[: len(rows)]}), {"m": (1.0,)})


@pytest.fixture
def flood():
    flow = np.full(120, 0.1)
    flow[70:90] = 2.0
    return flow


def test_alert_is_right_when_it_comes_before(flood):
    score = np.where(np.arange(120) >= 60, 1.5, 0.0)
    row = decision.judge_pairs(_found(score, flood), "m", 1.0)
    assert (row["justes"], row["manquees"], row["delai_min"]) == (1, 0, 50)


@pytest.mark.parametrize("moment", [75, 2])
def test_alert_is_too_late_or_too_old_when_out_of_time(flood, moment):
    score = np.zeros(120)
    score[moment] = 1.5
    row = decision.judge_pairs(_found(score, flood), "m", 1.0)
    assert (row["justes"], row["manquees"], row["tardives"], row["fausses"]) == (0, 1, 1, 0)


def test_alert_is_false_when_nothing_overflows():
    row = decision.judge_pairs(_found(np.full(120, 1.5), np.full(120, 0.1)), "m", 1.0)
    assert (row["alertes"], row["fausses"], row["far"]) == (1, 1, 1.0)


def test_silence_never_alerts(flood):
    row = decision.judge_pairs(_found(np.full(120, np.nan), flood), "m", 1.0)
    assert (row["alertes"], row["manquees"]) == (0, 1)


def test_every_pair_is_counted_once_when_the_threshold_moves(judged):
    summary = decision.pairs(judged[1], evaluation.MODEL)
    table = decision.counts(summary, np.arange(0.1, 3, 0.1))
    total = table[["justes", "manquees", "fausses", "calmes"]].sum(axis=1)
    assert total.unique().tolist() == [len(summary)]
    assert table["alertes"].is_monotonic_decreasing
    assert (table["alertes"] == table["justes"] + table["tardives"] + table["fausses"]).all()


def test_always_and_never_are_the_two_ends_when_paying(judged):
    summary = decision.pairs(judged[1], evaluation.MODEL)
    table = decision.expenses(decision.counts(summary, [1e9]), 0.1)
    assert table["depense"].tolist() == table["depense_jamais"].tolist()
    assert table["depense_toujours"].iloc[0] == pytest.approx(0.1 * len(summary))


def test_threshold_is_lower_when_a_miss_costs_more(judged):
    summary = decision.pairs(judged[0], evaluation.MODEL)
    levels = judged[0].levels[evaluation.MODEL]
    chosen = [decision.cheapest(summary, levels, ratio) for ratio in (0.02, 0.3, 0.9)]
    assert chosen == sorted(chosen)


def test_model_is_worth_more_than_references_at_every_ratio(judged):
    names = [evaluation.MODEL, evaluation.PERSISTENCE, evaluation.RAIN_RULE]
    table = decision.value_table(*judged, names).pivot_table(index="rapport", columns="methode", values="valeur")
    assert (table[evaluation.MODEL] > table[[evaluation.PERSISTENCE, evaluation.RAIN_RULE]].max(axis=1)).all()


def test_rule_misses_most_floods_when_its_lead_is_that_of_the_model(judged):
    validation, test = judged
    level = decision.same_lead(validation, evaluation.RAIN_RULE, evaluation.MODEL)
    rule = decision.judge_pairs(test, evaluation.RAIN_RULE, level)
    model = decision.judge_pairs(test, evaluation.MODEL, validation.chosen(evaluation.MODEL))
    assert rule["manquees"] > model["manquees"] + 3


@pytest.mark.parametrize("ratio", [0, 1, 3])
def test_ratio_is_refused_when_out_of_range(ratio):
    summary = pd.DataFrame({"deborde": [True], "avant": [1.0], "plus_haut": [1.0]})
    with pytest.raises(ValueError, match="entre 0 et 1"):
        decision.expenses(decision.counts(summary, [1.0]), ratio)
