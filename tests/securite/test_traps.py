"""Chaque piège planté se mesure, et la mesure dit ce que la fiche promet."""

from __future__ import annotations

from formation import securite
from formation.securite import evaluation, traps


def test_silent_system_is_the_most_accurate_and_sees_nothing(course_trial):
    table = traps.accuracy(course_trial).set_index("methode")
    assert table["exactitude"].idxmax() == "jamais d’alerte"
    assert table.loc["jamais d’alerte", "exactitude"] > 0.999
    assert table.loc["jamais d’alerte", "rappel"] == 0


def test_operator_truth_flatters_the_tool_that_made_it(course_trial):
    table = traps.annotated(course_trial, securite.load("episodes")).set_index("verite")
    assert table.loc["annotée", "rappel"] > 0.95
    assert table.loc["complète", "rappel"] < table.loc["annotée", "rappel"] - 0.05
    assert table.loc["annotée", "episodes"] < table.loc["complète", "episodes"]


def test_split_by_row_flatters(course_trial):
    table = traps.splits(course_trial).set_index("decoupage")["precision_moyenne"]
    assert table["par ligne"] > table["par soirée"] + 0.05


def test_biased_camera_rings_much_more_than_the_others_until_it_is_calibrated(course_trial):
    table = traps.biased_camera(course_trial).set_index("methode")
    for name in ("seuil fixe 4,2", evaluation.MODEL):
        line = table.loc[name]
        assert line["alertes_soiree"] > 3 * line["mediane_autres"]
        assert line["rang"] <= 2
        assert line["apres_etalonnage"] < 0.5 * line["alertes_soiree"]


def test_rain_brings_more_false_alarms(course_trial):
    table = traps.rain(course_trial)
    assert table.loc["pluie", "fausses_heure"] > table.loc["sec", "fausses_heure"]
    assert (table["fausses_bas"] < table["fausses_heure"]).all()


def test_speed_brings_almost_nothing_because_it_is_fooled_too(course_trial):
    table = traps.speed(course_trial).set_index("variables")
    assert abs(table["rappel"].diff().iloc[-1]) <= 0.15
    assert abs(table["fausses_heure"].diff().iloc[-1]) < 4
