"""Les figures rendent des axes, et leur texte dit vrai."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes

from formation.comite import calls, figures, interactive, privacy, streets
from formation.comite.gain import Gain
from formation.comite.summary import table
from formation.numbers import number, percent


@pytest.fixture(scope="module")
def drawn(measures):
    measured = table(
        [
            Gain("J1", "a × b", "Combien ?", "erreur (%)", 12.0, 10.0, 0.5, 3.5),
            Gain("J5", "a × c", "Combien ?", "erreur (%)", 12.0, 12.1, -0.5, 0.3),
            Gain("J2bis", "a × d", "Où ?", "part (%)", 20.0, 60.0, 30, 45, error=False, trap=True),
        ]
    )
    yield {
        "bilan": figures.gains_bars(measured),
        "appels": figures.calls_by_data(calls.errors(measures.calls)),
        "rues": figures.street_curves(*measures.streets),
        "finesse": figures.privacy_price(privacy.price(measures.street_weeks)),
        "pointes": figures.peaks(*measures.basins),
        "greves": figures.strike_days(measures.strikes),
        "mois": figures.months_noise(measures.months),
    }
    plt.close("all")


def test_every_figure_is_complete_when_drawn(drawn):
    for name, ax in drawn.items():
        assert isinstance(ax, Axes), name
        assert ax.get_title(loc="left"), name
        assert ax.get_xlabel(), name
        assert len(figures.description(ax)) > 60, name


def test_street_figure_says_what_was_measured(drawn, measures):
    found = streets.summary(*measures.streets).set_index("essai")["part_captee"]
    for name, words in figures.ESSAYS.items():
        assert f"{words} {percent(found[name])}" in figures.description(drawn["rues"])


def test_summary_figure_counts_each_verdict(drawn):
    assert "1 gagnent, 1 ne gagnent rien" in drawn["bilan"].get_title(loc="left").replace("\u00a0", " ")


def test_interactive_has_a_sentence_and_a_full_row_per_position(measures):
    figure = interactive.build(measures)
    assert len(figure.steps) == 40
    assert all(all(cell for cell in step.row) for step in figure.steps)
    assert "piège" in next(step.sentence for step in figure.steps if step.second == interactive.TRAP_RANK)


def test_interactive_default_is_the_published_figure(measures):
    figure = interactive.build(measures)
    found = streets.summary(*measures.streets).set_index("essai")["part_captee"]
    assert f"{number(100 * found[streets.BEFORE])}\u00a0casses sur 100" in figure.default_step.sentence


def test_joins_figure_gives_each_join_its_verdict():
    listed = [
        Gain("J1", "a × b", "Combien d’appels demain ?", "erreur (%)", 12.0, 10.0, 0.5, 3.5),
        Gain("J5", "a × c", "Combien de casses ?", "erreur (casses)", 2.1, 2.1, -0.5, 0.3),
    ]
    figure = interactive.build_joins(listed)
    assert "passe de 12,0 à 10,0" in figure.steps[0].sentence
    assert "reste à 2,10" in figure.steps[1].sentence
    assert [step.row[-1] for step in figure.steps] == ["gagne", "ne gagne rien"]
    assert figure.control.marks == (interactive.SHORT["J1"], interactive.SHORT["J5"])
