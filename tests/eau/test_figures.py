"""Les figures rendent des axes, et leur texte dit vrai."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes

from formation.book.interactive import InteractiveFigure
from formation.eau import evaluation, features, figures, interactive, night_flow, traps, yield_simulation
from formation.numbers import percent


@pytest.fixture
def drawn(scores, tables, territory):
    pipes, failures = tables["troncons"], tables["defaillances"]
    flows = night_flow.wide(tables["debits_nocturnes"])
    ranges = evaluation.summarise(scores)
    for end in ("min", "max"):
        ranges[f"part_fuites_20_{end}"] = ranges["part_fuites_20"]
    draws = yield_simulation.listening_draws(scores, pipes, failures, evaluation.FULL_MODEL, draws=50)
    panel = features.panel(pipes, failures, evaluation.TEST_YEARS)
    yield {
        "captation": figures.capture_curves(scores),
        "étendues": figures.method_ranges(ranges),
        "âge": figures.age_calibration(panel, scores),
        "nuit": figures.night_flow(flows, tables["fuites_secteurs"], "S03", alarms=night_flow.rolling_median(flows)),
        "rendement": figures.yield_distribution({"modèle": draws}),
        "survivants": figures.survivors(traps.survivors(tables["bilan_annuel"], failures)),
    }
    plt.close("all")


def test_every_figure_is_complete_when_drawn(drawn):
    for name, ax in drawn.items():
        assert isinstance(ax, Axes), name
        assert ax.get_title(loc="left"), name
        assert ax.get_xlabel(), name
        assert any("synthétiques" in text.get_text() for text in ax.texts), name
        assert len(figures.description(ax)) > 40, name


def test_description_gives_the_measured_shares_when_curves_are_drawn(drawn, scores, plain):
    text = plain(figures.description(drawn["captation"]))
    for name in figures.SHOWN:
        assert f"{plain(percent(float(evaluation.captured(scores, name, 0.2))))} avec « {name} »" in text


def test_title_follows_the_data_when_share_changes(scores):
    title = figures.capture_curves(scores, share=0.1).get_title(loc="left")
    assert title.startswith(percent(0.1))
    assert percent(float(evaluation.captured(scores, evaluation.FULL_MODEL, 0.1))) in title
    plt.close("all")


def test_figure_uses_given_axes_when_provided(scores):
    _, ax = plt.subplots()
    assert figures.capture_curves(scores, ax=ax) is ax
    plt.close("all")


def test_description_refuses_when_axes_are_foreign():
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match="pas de description"):
        figures.description(ax)
    plt.close("all")


def test_figures_never_show_when_called(scores, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda *a, **k: pytest.fail("show a été appelé"))
    figures.capture_curves(scores)
    plt.close("all")


@pytest.fixture(scope="module")
def slider(scores):
    return interactive.build(scores)


def test_interactive_figure_has_one_sentence_per_position_when_built(slider):
    assert isinstance(slider, InteractiveFigure)
    assert [step.value for step in slider.steps] == list(range(5, 65, 5))
    assert len({step.sentence for step in slider.steps}) == len(slider.steps)


def test_sentence_gives_measured_shares_when_at_twenty_percent(slider, scores, plain):
    sentence = plain(slider.default_step.sentence)
    model, history = (
        round(100 * float(evaluation.captured(scores, name, 0.2)))
        for name in (evaluation.FULL_MODEL, "historique par km")
    )
    assert f"le modèle trouve {model} fuites sur 100" in sentence
    assert f"l’historique seul, {history}" in sentence
    assert "20 % du réseau (122 km)" in sentence


def test_drawn_points_agree_with_sentences_when_slider_moves(slider, plain):
    model = {row["x"]: row["y"] for row in slider.spec["data"]["values"] if row["m"] == "modèle"}
    for step in slider.steps:
        said = int(re.search(r"trouve (\d+) fuites", plain(step.sentence))[1])
        assert said == pytest.approx(model[int(step.value)], abs=0.51)


def test_figure_is_valid_vega_when_converted(slider):
    vl_convert = pytest.importorskip("vl_convert")
    assert vl_convert.vegalite_to_svg(slider.spec).startswith("<svg")
