"""Finition commune des figures : graduations à la française, description qui suit la figure."""

from __future__ import annotations

import pytest
from matplotlib.ticker import PercentFormatter

from formation.palette import new_axes
from formation.plotting import description, finish


def _labels(axis):
    axis.figure.canvas.draw()
    return [tick.get_text() for tick in axis.get_ticklabels()]


def test_ticks_have_a_comma_when_the_figure_leaves_them_as_they_are():
    ax = new_axes()
    ax.plot([0, 1], [0, 0.5])
    finish(ax, "Titre", "x", "y", "Une ligne monte.")
    assert "0,2" in _labels(ax.yaxis)
    assert not any("." in text for text in [*_labels(ax.xaxis), *_labels(ax.yaxis)])


def test_ticks_are_kept_when_the_figure_chose_them():
    ax = new_axes()
    ax.plot([0, 1], [0, 0.5])
    ax.yaxis.set_major_formatter(PercentFormatter(1, 0))
    finish(ax, "Titre", "x", "y", "Une ligne monte.")
    assert "20%" in _labels(ax.yaxis)


def test_description_is_refused_when_axes_come_from_elsewhere():
    with pytest.raises(ValueError, match="n’ont pas de description"):
        description(new_axes())
