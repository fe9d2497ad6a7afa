"""Les deux figures du chapitre disent ce que les comptes et l’épisode donnent."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

from formation.book.interactive import InteractiveFigure
from formation.risques import figures, interactive, storm, storm_figure, tables


@pytest.fixture(scope="module")
def found():
    return interactive.choices()


@pytest.fixture(scope="module")
def sliders(found):
    return interactive.build(found)


@pytest.fixture(scope="module")
def told():
    return storm.tell()


@pytest.fixture(scope="module")
def passing(told):
    return storm_figure.build(told)


def test_both_figures_are_offered_to_the_chapter(sliders, passing):
    assert isinstance(sliders, InteractiveFigure)
    assert isinstance(passing, InteractiveFigure)
    assert callable(figures.interactive)
    assert callable(figures.interactive_orage)


def test_one_step_per_pair_of_positions(sliders):
    assert [(step.value, step.second) for step in sliders.steps] == [
        (level, rank) for level in interactive.LEVELS for rank in range(len(interactive.LOSSES))
    ]
    assert len(sliders.steps) <= 100
    assert len({tuple(step.row) for step in sliders.steps}) == len(sliders.steps)


def test_sentence_counts_agree_with_the_table(sliders, found, plain):
    rows = found.table.set_index("niveau")
    for step in sliders.steps:
        row, text = rows.loc[int(step.value)], plain(step.sentence)
        assert re.match(rf"{int(row['alertes'])} alertes? pour {found.pairs} couples", text)
        assert f"{int(row['justes'])} débordement" in text
        loss = interactive.LOSSES[int(step.second)]
        spent = int(row["alertes"] + loss * row["manquees"])
        assert f"Coût : {spent} alertes, contre {loss * found.floods} pour « jamais » et {found.pairs} pour" in text


def test_verdict_names_the_cheapest(sliders, found, plain):
    rows = found.table.set_index("niveau")
    for step in sliders.steps:
        row, loss = rows.loc[int(step.value)], interactive.LOSSES[int(step.second)]
        spent, never = row["alertes"] + loss * row["manquees"], loss * found.floods
        text = plain(step.sentence)
        assert ("ce réglage coûte moins que les deux" in text) == (spent < min(never, found.pairs))
        if spent > min(never, found.pairs):
            assert f"« {'jamais' if never <= found.pairs else 'toujours'} » coûte moins" in text


def test_sentences_read_well_when_counts_are_small(sliders, plain):
    for step in sliders.steps:
        text = plain(step.sentence)
        assert not re.search(r"\b[01] (alertes|manqués|débordements)\b", text), text
        assert not re.search(r"\b([2-9]|\d\d+) (alerte|manqué|débordement)\b(?!s)", text.replace("couples", "")), text


def test_marker_is_where_validation_sends_it(sliders, found):
    marks = [layer for layer in sliders.spec["layer"] if layer.get("mark", {}).get("shape") == "triangle-down"]
    values = marks[0]["data"]["values"]
    assert [value["x"] for value in values] == [found.advised[loss] for loss in interactive.LOSSES]
    assert found.advised[50] <= found.advised[2]


def test_storm_is_a_test_episode_in_twenty_four_frames(told):
    sets = tables.load("episodes").set_index("id_episode")["jeu"]
    assert sets[told.episode] == "test"
    assert len(told.minutes) == storm.FRAMES
    assert set(np.diff(told.minutes)) == {storm.EVERY_MIN}
    assert told.rain.shape == (storm.FRAMES, 24, 24)


def test_states_say_what_the_sensors_say(told):
    debits = tables.load("debits").set_index(["id_episode", "id_bassin", "minute"])["debit_m3_s"]
    limits = tables.load("bassins").set_index("id_bassin")["seuil_m3_s"]
    for line in told.states.to_dict(orient="records"):
        if not line["jauge"]:
            assert line["etat"] == storm.UNKNOWN
            continue
        flow = debits[told.episode, line["id_bassin"], line["minute"]]
        assert (line["etat"] == storm.FLOODED) == bool(flow >= limits[line["id_bassin"]])
        if np.isnan(flow):
            assert line["etat"] in (storm.UNKNOWN, storm.WARNED)


def test_lead_is_the_time_to_the_true_flood(told):
    truth = tables.load("verite").set_index(["id_episode", "id_bassin"]).loc[told.episode]
    limits = tables.load("bassins").set_index("id_bassin")["seuil_m3_s"]
    warned = told.states[(told.states["etat"] == storm.WARNED) & told.states["avance_min"].notna()]
    assert len(warned)
    for line in warned.to_dict(orient="records"):
        flow = truth.loc[line["id_bassin"]].set_index("minute")["debit_m3_s"]
        later = flow.index[(flow >= limits[line["id_bassin"]]) & (flow.index > line["minute"])]
        assert line["avance_min"] == later.min() - line["minute"]


def test_sentence_never_calls_an_unknown_stream_quiet(told, plain):
    for minute in told.minutes:
        text = plain(storm.sentence(told, minute))
        assert "B7 et B8, sans capteur : nous ne savons pas." in text
        here = told.states[(told.states["minute"] == minute) & (told.states["jauge"] == 1)]
        for name in here.loc[here["part"].isna(), "id_bassin"]:
            assert re.search(rf"Capteur muet sur [^.]*{name}", text)
        for name in here.loc[here["etat"] == storm.FLOODED, "id_bassin"]:
            assert re.search(rf"{name}[^.]* déborde", text)


def test_sentence_changes_when_the_slider_moves(passing):
    assert len({step.sentence for step in passing.steps}) > 15


def test_runs_unfold_into_the_image(told):
    for image in told.rain[::6]:
        wanted = np.searchsorted(storm.LEVELS_MM_H, np.nan_to_num(image), side="right")
        drawn = np.zeros_like(wanted)
        for code in storm.runs(image):
            place, level = divmod(code, 6)
            start, length = divmod(place, 24)
            drawn[start // 24, start % 24 : start % 24 + length + 1] = level
        np.testing.assert_array_equal(drawn, wanted)


def test_other_episode_is_refused_when_it_taught_the_model():
    with pytest.raises(KeyError, match="n’est pas un épisode de test"):
        storm.tell("E01")


def test_most_telling_episode_has_dry_and_flooded_streams():
    rows = pd.DataFrame(
        {
            "id_episode": ["E1"] * 3 + ["E2"] * 3,
            "id_bassin": ["B1", "B2", "B3"] * 2,
            "vrai": [9.0, 9.0, 9.0, 2.0, 1.5, 0.1],
        }
    )
    assert storm.most_telling(rows.assign(vrai=rows["vrai"].where(rows["id_episode"] == "E2", 0.5))) == "E2"


def test_figures_are_light_and_valid(sliders, passing):
    vl_convert = pytest.importorskip("vl_convert")
    for figure in (sliders, passing):
        assert vl_convert.vegalite_to_svg(figure.spec).startswith("<svg")
        assert len(json.dumps(figure.spec)) < 80_000
