"""Les figures rendent des axes, leur texte dit vrai, et les trois curseurs disent ce qui est mesuré ou extrapolé."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

from formation.book.interactive import InteractiveFigure
from formation.securite import evaluation, features, figures, interactive, trajectories


@pytest.fixture(scope="module")
def table(course_trial):
    return evaluation.evaluate(course_trial)


@pytest.fixture
def drawn(course_trial, table, tables):
    rows = course_trial.parts["soiree", "test"]
    one = rows[rows["serie"] == features.spans(rows)[0][0]]
    curves = {place: course_trial.curve(place, thresholds=interactive.THRESHOLDS) for place in evaluation.PLACES}
    images, actual = tables["vignettes"]["images"], np.linspace(0, 7, 40)
    kinds = np.where(np.arange(40) < 20, "jour", "nuit")
    yield {
        "caméra": figures.camera(one),
        "lieux": figures.precision(table),
        "loi": figures.base_law(table),
        "courbes": figures.precision_recall(curves),
        "compromis": figures.tradeoff(curves),
        "comptage": figures.counting(actual, np.where(kinds == "jour", actual, actual - 2), kinds),
        "vignettes": figures.thumbnails(images[:3], ["jour", "nuit", "parapluies"]),
        "goulot": figures.bottleneck(trajectories.area_density(tables["trajectoires"])),
    }
    plt.close("all")


def test_every_figure_is_complete_when_drawn(drawn, table, plain):
    for name, ax in drawn.items():
        assert isinstance(ax, Axes), name
        assert ax.get_title(loc="left"), name
        assert any("synthétiques" in text.get_text() for text in ax.texts), name
        assert len(figures.description(ax)) > 40, name
        assert not re.search(r"(?<![\d,])1 (vraies|fausses|alertes|dangers)\b", plain(figures.description(ax))), name
    share = table.set_index(["lieu", "methode"]).loc[("repetition", evaluation.MODEL), "precision"]
    assert f"{100 * share:.0f}, puis" in plain(drawn["lieux"].get_title(loc="left"))
    assert "« nuit » : 2,0 personne par m² d’erreur" in plain(drawn["comptage"].get_title(loc="left"))
    assert "4,25 personnes par m²" in plain(drawn["goulot"].get_title(loc="left"))


def test_camera_counts_alarms_as_the_measure_does(course_trial, drawn, plain):
    rows = course_trial.parts["soiree", "test"]
    one = rows[rows["serie"] == features.spans(rows)[0][0]]
    found = evaluation.report(one, one["densite"], 4.2)
    title = plain(drawn["caméra"].get_title(loc="left"))
    assert title.startswith(f"{found.true_alarms} alerte")
    assert f"{found.alarms - found.true_alarms} fausse" in title


def test_several_cameras_are_refused_when_one_is_drawn(course_trial):
    with pytest.raises(ValueError, match="une seule caméra"):
        figures.camera(course_trial.parts["soiree", "test"].head(5_000))


def test_unknown_method_and_wrong_titles_are_refused(table, tables):
    with pytest.raises(ValueError, match="modèle jouet"):
        figures.precision(table, "boule de cristal")
    with pytest.raises(ValueError, match="une légende par vignette"):
        figures.thumbnails(tables["vignettes"]["images"][:3], ["jour"])


@pytest.fixture(scope="module")
def cells(course_trial):
    return interactive.grid(course_trial)


@pytest.fixture(scope="module")
def sliders(course_trial):
    return interactive.build(course_trial)


def test_measured_places_give_the_figures_of_the_evaluation(cells, table):
    model = table[table["methode"] == evaluation.MODEL].set_index("lieu")
    found = {rates.place: rates for rates in cells if rates.threshold == 0.5 and rates.place}
    for place, rates in found.items():
        row = model.loc[place]
        assert rates.precision == pytest.approx(row["precision"])
        assert rates.alarms == pytest.approx(row["alertes_heure"])
        assert rates.missed == pytest.approx(rates.episodes * (1 - row["rappel"]))
        assert rates.hours == row["heures"]


def test_extrapolation_keeps_the_false_alarms_and_thins_the_dangers(cells):
    found = {rates.prevalence: rates for rates in cells if rates.threshold == 0.5}
    calm = next(rates for rates in cells if rates.threshold == 0.5 and rates.place == "soiree")
    assert found[0.002].false == found[0.0001].false == calm.false
    assert found[0.02].episodes == pytest.approx(200 * found[0.0001].episodes)
    assert found[0.02].precision > found[0.002].precision > found[0.0001].precision
    assert found[0.0001].hours == 0


def test_one_step_per_position_and_ninety_at_most(sliders):
    assert isinstance(sliders, InteractiveFigure)
    assert len(sliders.steps) == 90
    assert sliders.control.marks[sliders.steps[-1].value].endswith("extrapolé")
    default = sliders.default_step
    assert (sliders.control.marks[int(default.value)].endswith("soirée ordinaire"), default.second) == (True, 0.5)


def test_sentences_tell_measured_from_extrapolated_and_read_well(sliders, plain):
    for step in sliders.steps:
        text = plain(step.sentence)
        mark = sliders.control.marks[int(step.value)]
        assert text.startswith("Extrapolé" if mark.endswith("extrapolé") else "Mesuré"), text
        assert "nan" not in text
        assert not re.search(r"(?<![\d,])[01] (vraies|dangers)\b", text), text
        assert not re.search(r"\b([2-9]|\d\d+) (vraie|danger)\b", text), text


def test_total_and_true_alarms_of_a_sentence_are_those_of_the_grid(sliders, cells, plain):
    rates = next(r for r in cells if r.place == "repetition" and r.threshold == 0.5)
    step = next(s for s in sliders.steps if (s.value, s.second, s.third) == (0, 0.5, 1))
    assert f"dont {60 * rates.true:,.0f} vraies".replace(",", " ") in plain(step.sentence)


def test_drawn_total_says_the_numbers_of_the_sentence(sliders, plain):
    drawn = {(row["r"], row["s"]): row["w"] for row in sliders.spec["data"]["values"] if "w" in row}
    for step in sliders.steps:
        total, text = plain(drawn[step.value, step.second][int(step.third)]), plain(step.sentence)
        assert re.search(rf"par heure, {total.split(' alerte')[0]} en \d+ h", text), (total, text)
        assert total.endswith("moins d’une vraie") or f"dont {total.split(', ')[1]}," in text, (total, text)


def test_nothing_true_or_missed_is_said_in_words(plain):
    silent = plain(interactive.sentence(interactive.Rates(1e-4, 0.9, "", 0.04, 0.04, 0.0, 0.0), 6))
    assert "ne donne aucune alerte" in silent
    assert "un danger non signalé toutes les 4 veilles de 6 h" in silent
    wrong = plain(interactive.sentence(interactive.Rates(1e-4, 0.1, "", 0.04, 0.0, 0.0, 50.0), 6))
    assert "dont aucune vraie, soit 0,00 sur 100. Aucun danger n’échappe." in wrong


def test_figure_is_light_and_valid_vega(sliders):
    import json

    import vl_convert

    assert vl_convert.vegalite_to_svg(sliders.spec).startswith("<svg")
    assert len(json.dumps(sliders.spec)) < 20_000
