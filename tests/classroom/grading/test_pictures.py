"""Le rendu d’une figure sans dessin à blanc donne la même image qu’IPython, octet pour octet."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from IPython.core.pylabtools import print_figure
from matplotlib import pyplot as plt
from matplotlib.text import Text

from formation.classroom.grading import pictures


def hist(axes):
    axes.hist(np.linspace(0, 1, 50) ** 2, bins=20)
    axes.set_xlabel("risque estimé")


def scatter(axes):
    axes.scatter(range(30), np.arange(30) ** 0.5, c=range(30))
    axes.set_title("Un titre\nsur deux lignes")


def bars(axes):
    axes.bar(["lundi", "mardi", "mercredi"], [1, 2, 3])
    axes.tick_params(axis="x", rotation=60)


def picture(axes):
    axes.imshow(np.arange(20).reshape(4, 5))


def outside_legend(axes):
    axes.plot([1, 2], label="mesure")
    axes.legend(bbox_to_anchor=(1.6, 1.2))


def colorbar(axes):
    axes.figure.colorbar(axes.imshow(np.eye(3)), ax=axes, label="échelle")


def twin(axes):
    axes.plot([1, 2])
    axes.twinx().plot([200_000, 1_000_000])


def log(axes):
    axes.loglog([1, 10, 1_000], [1, 100, 10_000])


def square(axes):
    axes.plot([0, 1], [0, 3])
    axes.set_aspect("equal")


def note(axes):
    axes.annotate("ici", (0.5, 0.5), xytext=(1.3, -0.4), arrowprops={"arrowstyle": "->"})
    axes.figure.suptitle("Ensemble")


def dates(axes):
    pd.Series(range(90), index=pd.date_range("2026-01-01", periods=90)).plot(ax=axes)


def pie(axes):
    axes.pie([1, 2, 3], labels=["a", "b", "c"])


def table(axes):
    axes.table([["a", "b"], ["c", "d"]], loc="bottom")


DRAWINGS = [hist, scatter, bars, picture, outside_legend, colorbar, twin, log, square, note, dates, pie, table]


def make(drawing, **options):
    with mpl.rc_context({"figure.dpi": 72}):
        figure, axes = plt.subplots(**options)
        drawing(axes)
    return figure


@pytest.fixture(autouse=True)
def agg():
    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda drawing: drawing.__name__)
def test_picture_is_the_one_ipython_draws(drawing):
    figure = make(drawing)
    assert pictures._ordinary(figure)
    assert pictures.draw(figure) == print_figure(make(drawing), base64=True)


def test_ordinary_figure_is_drawn_once(monkeypatch):
    figure = make(hist)
    draws = []
    original = type(figure).draw
    monkeypatch.setattr(type(figure), "draw", lambda self, renderer: (draws.append(1), original(self, renderer)))
    pictures.draw(figure)
    assert len(draws) == 1


@pytest.mark.parametrize(
    ("drawing", "options"),
    [
        (hist, {"layout": "constrained"}),
        (lambda axes: axes.plot([1, 2]), {"subplot_kw": {"projection": "polar"}}),
        (lambda axes: axes.add_artist(type("Mobile", (Text,), {})(0.5, 0.5, "x")), {}),
    ],
    ids=["mise-en-page", "polaire", "objet-du-carnet"],
)
def test_unusual_figure_follows_ipython(drawing, options):
    assert not pictures._ordinary(make(drawing, **options))
    assert pictures.draw(make(drawing, **options)) == print_figure(make(drawing, **options), base64=True)


def test_empty_figure_gives_nothing():
    assert pictures.draw(plt.Figure()) is None
