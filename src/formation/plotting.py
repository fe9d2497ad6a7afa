"""Finition commune des figures matplotlib : titre qui énonce le constat, source, texte de remplacement."""

from __future__ import annotations

import textwrap
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from formation.palette import MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SOURCE = "Source\u00a0: données synthétiques d’Aubeline"
_TEXTS: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def finish(ax: Axes, title: str, x_label: str, y_label: str, text: str = "") -> Axes:
    """Pose le titre, les axes, la source et le texte de remplacement d’une figure.

    Parameters
    ----------
    ax : Axes
        Axes déjà tracés.
    title : str
        Constat ; un retour à la ligne y est gardé.
    x_label, y_label : str
        Noms des axes, avec leur unité.
    text : str
        Ce que montre la figure, en une à trois phrases ; il peut être posé ensuite par :func:`describe`.

    Returns
    -------
    Axes
        Les mêmes axes.
    """
    lines = [textwrap.fill(line, 58) for line in title.split("\n")]
    ax.set_title("\n".join(lines), loc="left", fontweight="bold", fontsize=12)
    ax.set(xlabel=x_label, ylabel=y_label)
    _french_ticks(ax)
    ax.annotate(
        SOURCE, (0.5, 0), (0, -5), xycoords=ax.xaxis.label, textcoords="offset points", ha="center", va="top",
        fontsize=8, color=MUTED,
    )  # fmt: skip
    return describe(ax, text) if text else ax


def _french_ticks(ax: Axes) -> None:
    """Met la virgule décimale aux graduations ordinaires, sans toucher à celles qu’une figure a choisies."""
    from matplotlib.ticker import ScalarFormatter

    for axis in (ax.xaxis, ax.yaxis):
        if type(axis.get_major_formatter()) is ScalarFormatter:
            axis.set_major_formatter(_comma()())


@cache
def _comma() -> Any:
    from matplotlib.ticker import ScalarFormatter

    class Comma(ScalarFormatter):
        """Graduation à la française : 0,5 et non 0.5."""

        def __call__(self, x: float, pos: int | None = None) -> str:
            return str(super().__call__(x, pos)).replace(".", ",")

    return Comma


def describe(ax: Axes, text: str) -> Axes:
    """Pose le texte de remplacement d’une figure.

    Parameters
    ----------
    ax : Axes
        Axes de la figure.
    text : str
        Ce que montre la figure, en une à trois phrases.

    Returns
    -------
    Axes
        Les mêmes axes.
    """
    _TEXTS[ax] = text
    return ax


def description(ax: Axes) -> str:
    """Texte de remplacement d’une figure du cours, calculé sur ses données.

    Parameters
    ----------
    ax : Axes
        Axes rendus par une figure d’un cas.

    Returns
    -------
    str
        Une à trois phrases en français.

    Raises
    ------
    ValueError
        Si les axes ne viennent pas d’une figure du cours.
    """
    if ax not in _TEXTS:
        raise ValueError("Ces axes n’ont pas de description : ils ne viennent pas d’une figure du cours.")
    return _TEXTS[ax]
