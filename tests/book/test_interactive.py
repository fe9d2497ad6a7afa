"""Une figure interactive incohérente est refusée, avec tous ses défauts."""

from __future__ import annotations

import re

import pytest

from formation.book import Control, FigureInvalide, InteractiveFigure, Step
from formation.book.directives.figure import kept_figure, prepared, render, static_images
from formation.book.interactive import from_json, to_json
from formation.numbers import shortest

SPEC = {
    "data": {"values": [{"x": 1, "y": 2}]},
    "params": [{"name": "curseur", "value": 0, "bind": {"input": "range"}}],
    "mark": "point",
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
}


def make(**changes):
    base = {
        "title": "Titre",
        "control": Control("Longueur", "km", 0, 2, 1, 1),
        "steps": [Step(value, f"Phrase {value}.", [str(value)]) for value in range(3)],
        "table_header": ["km"],
        "spec": SPEC,
        "alt": "Un point.",
        "source": "Jouet.",
    }
    return InteractiveFigure(**{**base, **changes})


def test_default_step_is_found_when_figure_is_valid():
    assert make().default_step.value == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"steps": [Step(0, "P.", ["0"])]}, "1 étapes pour 3 positions"),
        ({"steps": [Step(v, "P.", []) for v in range(3)]}, "0 cellules pour 1 en-têtes"),
        ({"steps": [Step(v + 1, "P.", ["a"]) for v in range(3)]}, "étape 1 : valeur 1 au lieu de 0"),
        ({"spec": {}}, "ne déclare pas de paramètre « curseur »"),
        ({"alt": " "}, "`alt` est vide"),
        ({"control": Control("L", "km", 0, 2, 1, 5)}, "hors de ses bornes"),
        ({"control": Control("L", "km", 0, 2, 0, 1)}, "strictement positif"),
    ],
)
def test_figure_is_refused_when_incoherent(changes, expected, plain):
    with pytest.raises(FigureInvalide, match="Titre") as error:
        make(**changes)
    assert expected in plain(error.value)


def two_sliders(**changes):
    pairs = [(value, second) for value in range(3) for second in range(2)]
    spec = {**SPEC, "params": [{"name": "curseur", "value": 0}, {"name": "curseur2", "value": 0}]}
    base = {
        "second": Control("Agents", "", 0, 1, 1, 1),
        "steps": [Step(value, f"Phrase {value}-{second}.", [str(value)], second) for value, second in pairs],
        "spec": spec,
    }
    return make(**{**base, **changes})


def test_default_step_is_the_pair_when_figure_has_two_sliders():
    assert two_sliders().default_step.sentence == "Phrase 1-1."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"steps": make().steps}, "3 étapes pour 6 positions"),
        ({"spec": SPEC}, "ne déclare pas de paramètre « curseur2 »"),
        ({"second": Control("Agents", "", 0, 1, 1, 9)}, "hors de ses bornes"),
        ({"steps": list(reversed(two_sliders().steps))}, "étape 1 : valeur 2 au lieu de 0"),
    ],
)
def test_figure_is_refused_when_second_slider_is_incoherent(changes, expected, plain):
    with pytest.raises(FigureInvalide, match="Titre") as error:
        two_sliders(**changes)
    assert expected in plain(error.value)


def test_figure_with_two_sliders_is_the_same_when_written_and_read():
    assert from_json(to_json(two_sliders())) == two_sliders()


def three_sliders(**changes):
    triples = [(a, b, c) for a in range(2) for b in range(2) for c in range(3)]
    names = ("curseur", "curseur2", "curseur3")
    base = {
        "control": Control("Fréquence", "", 0, 1, 1, 0, marks=("1 sur 2", "1 sur 2\u202f000")),
        "second": Control("Seuil", "", 0, 1, 1, 1),
        "third": Control("Durée", "h", 0, 2, 1, 2),
        "steps": [Step(a, f"Phrase {a}-{b}-{c}.", ["x"], b, c) for a, b, c in triples],
        "spec": {**SPEC, "params": [{"name": name, "value": 0} for name in names]},
    }
    return make(**{**base, **changes})


def test_default_step_is_the_triple_when_figure_has_three_sliders():
    assert three_sliders().default_step.sentence == "Phrase 0-1-2."
    assert from_json(to_json(three_sliders())) == three_sliders()


def test_marks_are_shown_instead_of_numbers():
    sliders = [str(node) for node in render(three_sliders(), "f").findall() if getattr(node, "tagname", "") == "balise"]
    html = "".join(sliders)
    assert "1 sur 2\u202f000" in html
    assert "2\u00a0h" in html


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"control": Control("F", "", 0, 1, 1, 0, marks=("un",))}, "1 repères pour 2 positions"),
        ({"control": Control("F", "", 0, 1, 1, 0.5)}, "n’est pas une de ses positions"),
        ({"steps": [Step(0, "P.", ["x"], 0) for _ in range(12)]}, "étape 1 : 2 positions pour 3 curseurs"),
    ],
)
def test_figure_is_refused_when_third_slider_is_incoherent(changes, expected, plain):
    with pytest.raises(FigureInvalide, match="Titre") as error:
        three_sliders(**changes)
    assert expected in plain(error.value)


def test_each_slider_has_its_label_when_figure_has_two():
    html = render(two_sliders(), "f").astext()
    assert "Longueur" in html
    assert "Agents" in html


def test_book_slider_replaces_vega_input_when_prepared():
    result = prepared(SPEC)
    assert "bind" not in result["params"][0]
    assert SPEC["params"][0]["bind"]
    assert result["config"]["aria"] is False


def test_identifiers_are_unique_when_two_images_share_a_page():
    svg = static_images(SPEC, "f1") + static_images(SPEC, "f2")

    identifiers = re.findall(r'\bid="([^"]+)"', svg)
    assert len(identifiers) == len(set(identifiers))
    assert svg.count('aria-hidden="true" focusable="false"') == 4


def test_numbers_are_french_when_written():
    assert shortest(12345.5, grouped=True) == "12\u202f345,5"


def test_figure_is_the_same_when_kept_between_builds(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr("formation.book.directives.figure.load_figure", lambda *names: calls.append(names) or make())
    first, second = kept_figure("eau", "interactive", tmp_path), kept_figure("eau", "interactive", tmp_path)
    assert first == second == make()
    assert calls == [("eau", "interactive", InteractiveFigure)]


def test_figure_is_computed_again_when_kept_by_an_older_version(tmp_path, monkeypatch):
    (tmp_path / "figure-eau-interactive.json").write_text('{"titre": "ancien"}', encoding="utf-8")
    monkeypatch.setattr("formation.book.directives.figure.load_figure", lambda *names: make())
    assert kept_figure("eau", "interactive", tmp_path) == make()
