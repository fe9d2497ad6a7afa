"""La figure du chapitre dit ce que donnent les fonctions de décision, dans le bon sens."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from formation.book.interactive import InteractiveFigure
from formation.mobilites import decision, evaluation, interactive, surface


@pytest.fixture(scope="module")
def sliders():
    patch = pytest.MonkeyPatch()
    patch.setattr(evaluation, "course", lambda: None)
    patch.setattr(surface, "parks", lambda *_: None)
    patch.setattr(decision, "learn", lambda _: decision.AreaError(bias=0.0, spread=0.043, parks=14))
    with patch.context():
        figure = interactive.build()
    patch.undo()
    return figure


def test_one_step_per_position_and_a_hundred_at_most(sliders):
    assert isinstance(sliders, InteractiveFigure)
    assert len(sliders.steps) == 96
    assert len({tuple(step.row) for step in sliders.steps}) == 96
    assert sliders.default_step.row[:2] == ["4\u00a0%", "1\u202f530\u00a0m²"]


def test_chances_are_those_seen_when_the_photo_is_taken_again_and_again():
    rng = np.random.default_rng(447)
    for error, area, margin in ((4, 1530, 0), (8, 1450, 5), (15, 1800, 15), (2, 1480, 0)):
        seen = area * np.exp(error / 100 * rng.normal(size=40_000))
        low, high = 1500 * (1 - margin / 100), 1500 * (1 + margin / 100)
        wrong = (seen <= low) if area > 1500 else (seen > high)
        found = interactive.chances(error, area, margin)
        assert found.misjudged == pytest.approx(wrong.mean(), abs=0.01)
        if margin:
            assert found.checked == pytest.approx(((seen > low) & (seen <= high)).mean(), abs=0.01)


def test_a_wider_check_never_leaves_more_faults():
    for error in interactive.ERRORS_PCT:
        for area in interactive.SURFACES_M2:
            left = [interactive.chances(error, area, margin).misjudged for margin in interactive.MARGINS_PCT]
            assert left == sorted(left, reverse=True)


def test_direction_follows_the_threshold(sliders, plain):
    for step in sliders.steps:
        text, area = plain(step.sentence), interactive.SURFACES_M2[int(step.second)]
        assert ("au-dessus du seuil" in text) == (area > 1500)
        assert text.endswith("de l’oublier." if area > 1500 else "de l’annoncer à tort.")
        assert step.row[5] == ("oublié" if area > 1500 else "annoncé à tort")


def test_sentence_and_table_say_the_same_number(sliders, plain):
    for step in sliders.steps:
        text, wrong = plain(step.sentence), plain(step.row[4])
        if wrong == "0":
            assert "presque aucune chance de l’" in text
        else:
            assert re.search(rf"\b{wrong} chances? sur 100 de l’", text), (text, wrong)
        assert not re.search(r"(?<![\d,])1 chances|(?<![\d,])([2-9]|\d\d) chance ", text), text


def test_source_gives_the_measured_error(sliders, plain):
    assert "4,3 % (écart type, 14 parcs de validation)" in plain(sliders.source)


def test_figure_is_light_and_valid_vega(sliders):
    vl_convert = pytest.importorskip("vl_convert")
    assert vl_convert.vegalite_to_svg(sliders.spec).startswith("<svg")
    assert len(json.dumps(sliders.spec, separators=(",", ":"))) < 40_000
