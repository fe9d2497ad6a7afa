"""La charte : des choix, une version, une histoire ; et les articles qui en découlent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from formation import workshop
from formation.numbers import day
from formation.workshop.grid import Grid
from formation.workshop.sheet import Sheet

TOOL = "charte"
PROJECT = "p_"
"""Début du nom d’une question qui porte sur un projet, non sur la charte."""
ASKED = "projet"
"""Question qui ouvre celles du projet."""
NOT_ARTICLES = {"coherence", "non_promis", "p_rompu", "p_tenu"}
OWN = "engagement_propre"


def grid() -> Grid:
    """Grille de la charte : questions, articles et engagements.

    Returns
    -------
    Grid
        Grille livrée.
    """
    found: Grid = workshop.load(TOOL)
    return found


def number(version: str) -> tuple[int, ...]:
    """Version en nombres, pour comparer : 1.10 vient après 1.9.

    Parameters
    ----------
    version : str
        Version, comme `1.10`.

    Returns
    -------
    tuple of int
        Nombres.

    Examples
    --------
    >>> number("1.10") > number("1.9")
    True
    """
    return tuple(int(part) for part in version.split("."))


@dataclass(frozen=True)
class Article:
    """Un article de la charte.

    Attributes
    ----------
    slot : str
        Ce dont l’article parle ; deux versions se comparent par lui.
    theme : str
        Partie de la charte.
    title, text : str
        Titre et texte.
    references : tuple of str
        Articles de droit cités.
    sources : tuple of str
        Clés de `book/sources.yml`.
    """

    slot: str
    theme: str
    title: str
    text: str
    references: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Adoption:
    """Une version passée : son numéro, sa date, ce qu’elle a changé."""

    version: str
    adopted: date
    summary: str = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Charter:
    """La charte d’une collectivité.

    Parameters
    ----------
    answers : mapping
        Choix, par question de la grille ; ceux d’un projet sont ignorés.
    version : str
        Numéro, comme `1.0`.
    adopted : date, optional
        Jour du vote ; absent pour un projet de charte.
    history : tuple of Adoption
        Versions adoptées, de la plus ancienne à celle-ci.

    Examples
    --------
    >>> Charter({"nom": "Aubeline", "decision": "jamais"}).title
    'Charte de l’intelligence artificielle — Aubeline'
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    version: str = "0.1"
    adopted: date | None = None
    history: tuple[Adoption, ...] = ()

    @property
    def choices(self) -> dict[str, Any]:
        """Choix propres à la charte, sans le projet."""
        return {k: v for k, v in self.answers.items() if k != ASKED and not k.startswith(PROJECT)}

    @property
    def name(self) -> str:
        """Nom de la collectivité ; vide s’il n’est pas donné."""
        return " ".join(str(self.answers.get("nom") or "").split())

    @property
    def title(self) -> str:
        """Titre du document."""
        return "Charte de l’intelligence artificielle" + (f" — {self.name}" if self.name else "")

    @property
    def dated(self) -> str:
        """Version et date, en une ligne."""
        when = f"adoptée le {day(self.adopted.isoformat())}" if self.adopted else "projet, non adopté"
        return f"Version {self.version}, {when}"

    @cached_property
    def sheet(self) -> Sheet:
        """Fiche de l’outil pour ces choix : articles, contradictions, points à éclaircir."""
        found: Sheet = workshop.evaluate(grid(), self.choices)
        return found

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """Articles, dans l’ordre de la charte."""
        found = [
            Article(
                one.rule.split("__", 1)[0],
                section.id,
                one.conclusion,
                one.explanation,
                one.articles,
                one.sources,
            )
            for section in self.sheet.sections
            if section.id not in NOT_ARTICLES
            for one in section.conclusions
        ]
        own = str(self.answers.get(OWN) or "").strip()
        if own:
            found.append(Article("engagement-propre", "vie", "Un engagement propre à la collectivité", own))
        return tuple(found)

    @property
    def contradictions(self) -> tuple[str, ...]:
        """Contradictions entre des articles, à lever avant le vote."""
        return tuple(self.sheet.conclusions("coherence"))

    @property
    def undecided(self) -> tuple[str, ...]:
        """Choix qui restent à faire, dans les mots de la question."""
        return tuple(one.text for one in self.sheet.unknowns)


def panel() -> Any:
    """Panneau JupyterLab de l’outil.

    Returns
    -------
    VBox
        Questions, texte vivant, bouton d’écriture.
    """
    return workshop.panel(TOOL)
