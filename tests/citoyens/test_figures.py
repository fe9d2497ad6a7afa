"""Figures et panneau : mêmes chiffres que la mesure, phrases justes, alternatives présentes."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

from formation import citoyens
from formation.book.interactive import from_json, to_json
from formation.citoyens import coverage, figures, interactive, key_figures, keywords


@pytest.fixture(scope="module")
def built(corpus):
    return interactive.build(corpus)


def test_every_position_has_its_finding(built, plain):
    assert len(built.steps) == len(interactive.KEPT) * len(interactive.READ) * 2 <= 100
    assert from_json(to_json(built)) == built
    assert len(to_json(built)) < 80_000
    first = plain(built.steps[0].sentence)
    assert first.startswith("Ni machine, ni lecture")
    default = plain(built.default_step.sentence)
    assert "8 plus gros groupes" in default
    assert "3 voix minoritaires" in default


def test_every_theme_has_a_short_name():
    assert list(interactive.SHORT) == list(citoyens.titles())


def test_interactive_row_is_the_measure(built, corpus, plain):
    common, rare = coverage.totals(coverage.probabilities(corpus, 0, 40))
    row = next(step.row for step in built.steps if step.values == [0, 3, 0])
    assert row[-2:] == [f"{common:.1f}".replace(".", ","), f"{rare:.1f}".replace(".", ",")]


def test_no_more_texts_are_read_than_the_left_groups_hold(built, corpus, plain):
    left = int((corpus.groups.label >= 24).sum())
    assert 0 < left < 160
    step = next(step for step in built.steps if step.values == [4, 5, 1])
    assert step.row[1] == str(left)
    assert f"en lisant les {left} textes des groupes non gardés" in plain(step.sentence)


def test_reading_more_never_loses_a_theme(corpus):
    before = coverage.probabilities(corpus, 8, 10)
    after = coverage.probabilities(corpus, 8, 80)
    assert all(after[name] >= before[name] - 1e-12 for name in before)


@pytest.mark.parametrize("draw", ["agreement", "found_by_theme", "ways", "chances"])
def test_figure_has_a_finding_and_an_alternative(corpus, draw):
    arguments = {
        "agreement": (corpus.stability, corpus.groups.count),
        "found_by_theme": (
            coverage.recall(corpus),
            keywords.scores(keywords.count(corpus.texts), corpus.carried)["rappel"],
        ),
        "ways": (coverage.compare(corpus),),
        "chances": (400,),
    }
    ax = getattr(figures, draw)(*arguments[draw])
    assert len(ax.get_title(loc="left")) > 20
    assert len(figures.description(ax)) > 60
    plt.close(ax.figure)


def test_panel_follows_its_controls(plain):
    pytest.importorskip("ipywidgets")
    panel = citoyens.explore()
    assert panel.read.description == "Textes lus à la main"
    panel.kept.value, panel.read.value = 0, 0
    assert "0,0 thèmes courants" in plain(panel.finding.value)
    panel.kept.value, panel.read.value = 4, 40
    assert panel.groups.value.count("<li>") == 4
    assert 'aria-live="polite"' in panel.finding.value
    panel.where.value = True
    assert "<meter" in panel.bars.value
    panel.kept.value = panel.kept.max
    said = plain(panel.finding.value)
    assert "nan" not in said + panel.bars.value
    assert "0,0 h de lecture à deux. Les groupes non gardés n’ont que 0 textes." in said


def test_units_and_digits_cover_every_published_figure(corpus):
    for name, value in key_figures.measure(corpus).items():
        assert value == value, name
        assert key_figures.unit(name) in ("", "%", "h", "min")
        assert key_figures.digits(name) in (0, 1, 2)
