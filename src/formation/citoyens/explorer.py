"""Panneau de la concertation, dans un carnet : groupes gardés, textes lus, et ce qui manque à la note."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

from formation.citoyens import coverage, grouping, interactive, reading, tables
from formation.citoyens.coverage import Corpus
from formation.numbers import number, percent


@lru_cache(maxsize=1)
def _corpus() -> Corpus:
    return Corpus.released()


def sentence(kept: int, read: int, *, left_only: bool = False) -> str:
    """Constat en une phrase : thèmes retenus, temps passé.

    Parameters
    ----------
    kept : int
        Groupes gardés dans la note.
    read : int
        Textes lus par deux personnes.
    left_only : bool
        Vrai pour les tirer dans les groupes non gardés.

    Returns
    -------
    str
        Phrase.
    """
    common, rare = coverage.totals(coverage.probabilities(_corpus(), kept, read, left_only=left_only))
    taken = coverage.available(_corpus(), kept, read, left_only=left_only)
    hours = reading.hours(_corpus().texts, reading.READERS) * taken / len(_corpus())
    few = f" Les groupes non gardés n’ont que {number(taken)} textes." if taken < read else ""
    return (
        f"La note retient en moyenne {number(common, 1)} thèmes courants sur 9 et {number(rare, 1)} voix minoritaires "
        f"sur 4, pour {number(hours, 1)}\u00a0h de lecture à deux.{few}"
    )


class Explorer:
    """Panneau ; `widget` est ce qu’un carnet affiche.

    Attributes
    ----------
    widget : ipywidgets.VBox
        Panneau complet.
    kept, read : curseurs
        Groupes gardés, textes lus.
    where : ipywidgets.Dropdown
        Où tirer les textes lus.
    finding, bars, groups : ipywidgets.HTML
        Constat, chance de chaque thème, mots des groupes gardés.
    """

    def __init__(self) -> None:
        import ipywidgets as w

        shape: dict[str, Any] = {"layout": w.Layout(width="min(100%, 38rem)"), "style": {"description_width": "14rem"}}
        most = _corpus().groups.count
        self.kept = w.IntSlider(8, 0, most, 1, description="Groupes gardés", continuous_update=False, **shape)
        self.read = w.IntSlider(0, 0, 200, 10, description="Textes lus à la main", continuous_update=False, **shape)
        places = [(name, bool(rank)) for rank, name in enumerate(interactive.WHERE)]
        self.where = w.Dropdown(options=places, value=False, description="Tirés au sort", **shape)
        self.finding, self.bars, self.groups = w.HTML(), w.HTML(), w.HTML()
        controls = (self.kept, self.read, self.where)
        self.widget = w.VBox([*controls, self.finding, self.bars, self.groups])
        for control in controls:
            control.observe(self._update, names="value")
        self._update()

    def _update(self, _: Any = None) -> None:
        kept, read, left = self.kept.value, self.read.value, bool(self.where.value)
        text = sentence(kept, read, left_only=left)
        self.finding.value = f'<p role="status" aria-live="polite">{escape(text)}</p>'
        self.bars.value = _table(coverage.probabilities(_corpus(), kept, read, left_only=left))
        listed = grouping.own_words(_corpus().texts, _corpus().groups)[:kept]
        items = "".join(f"<li>{escape(', '.join(line))}</li>" for line in listed)
        self.groups.value = f"<p>Mots des groupes gardés\u00a0:</p><ol>{items}</ol>" if listed else ""

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.widget)  # type: ignore[no-untyped-call]


def explore() -> Explorer:
    """Ouvre le panneau dans un carnet.

    Returns
    -------
    Explorer
        Panneau ; la dernière ligne d’une cellule suffit à l’afficher.
    """
    return Explorer()


def _table(chances: dict[str, float]) -> str:
    names, rare = tables.titles(), tables.minority()
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left">{escape(names[name])}'
        f"{' (minoritaire)' if name in rare else ''}</th>"
        f'<td><meter min="0" max="1" value="{chance:.3f}"></meter> {percent(chance)}</td></tr>'
        for name, chance in chances.items()
    )
    return f"<table><caption>Chance que chaque thème figure dans la note</caption>{rows}</table>"
