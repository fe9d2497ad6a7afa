"""Les seuils viennent de la validation, les chiffres du test, et les épisodes restent entiers."""

from __future__ import annotations

import pytest

from formation.risques import evaluation


@pytest.fixture(scope="module")
def table(judged):
    return evaluation.measure(*judged).set_index("methode")


def test_episodes_are_whole_when_sets_are_split(rows):
    assert rows.groupby("id_episode")["jeu"].nunique().eq(1).all()
    dates = rows.groupby("jeu")["id_episode"].agg(["min", "max"])
    assert dates.loc["apprentissage", "max"] < dates.loc["validation", "min"] < dates.loc["test", "min"]


def test_model_beats_both_references_at_one_hour(table):
    csi = table["csi"]
    assert csi[evaluation.MODEL] > csi[evaluation.PERSISTENCE] + 0.08
    assert csi[evaluation.PERSISTENCE] > csi[evaluation.RAIN_RULE] + 0.08
    assert csi[evaluation.MODEL] == pytest.approx(0.65, abs=0.06)


def test_a_plain_line_does_as_well_at_one_hour(table):
    assert table.loc[evaluation.LINE, "csi"] == pytest.approx(table.loc[evaluation.MODEL, "csi"], abs=0.05)


def test_threshold_does_not_depend_on_the_test_when_chosen(judged, table):
    validation, test = judged
    emptied = evaluation.Forecasts(60, test.rows.assign(vrai_60=2.0), test.scores, test.levels)
    again = evaluation.measure(validation, emptied).set_index("methode")
    assert again["seuil"].tolist() == table["seuil"].tolist()


def test_persistence_keeps_its_threshold(table):
    assert table.loc[evaluation.PERSISTENCE, "seuil"] == 1


def test_judged_rows_are_those_of_the_test_when_published(judged):
    for found, name in zip(judged, ("validation", "test"), strict=True):
        assert found.rows["jeu"].unique().tolist() == [name]
        assert found.rows["vrai_60"].notna().all()
