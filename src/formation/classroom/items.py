"""Analyser les contrôles d’une session : lesquels sont ratés, lesquels distinguent, quoi reprendre avec le groupe."""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.feedback_view import PLACE, clean, graded_with_answers, heading_of, paragraph
from formation.classroom.grading.types import AssignmentSnapshot, CopyReport, NotebookResult
from formation.classroom.marks import Key, Marked
from formation.classroom.results import read_report
from formation.numbers import number, percent
from formation.reports import Section, html_page

MIN_COPIES = 10
STRONG, WEAK = 0.3, 0.1
WRONG_SHOWN, WRONG_CHARS = 3, 140
_NAMED = re.compile(r"^«[\s\u00a0][^»]{1,80}[\s\u00a0]»[\s\u00a0]:[\s\u00a0]")
HEADER = (
    "devoir",
    "carnet",
    "controle",
    "copies",
    "part_reussite",
    "part_sans_reponse",
    "discrimination",
    "lecture",
    "temps_median_s",
    "a_relire",
    "erreur_1",
    "erreur_2",
    "erreur_3",
)


@dataclass(slots=True)
class Item:
    """Un contrôle vu sur toutes les copies.

    Parameters
    ----------
    assignment, notebook, control : str
        Devoir, carnet, contrôle.
    copies : int
        Copies où le carnet a été rendu et noté.
    success : float
        Part de ces copies qui ont tous les points du contrôle.
    blank : float
        Part sans réponse : cellule laissée telle qu’elle était donnée.
    discrimination : float or None
        Corrélation entre la réussite du contrôle et les points obtenus au reste du devoir, entre -1 et 1 ; None à
        moins de dix copies, ou si toutes ont le même résultat.
    reading : str
        Ce que dit la discrimination, en mots.
    seconds : float
        Temps médian d’exécution du code, en secondes. Ce n’est pas le temps passé par le stagiaire, inconnu.
    reread : str
        Paragraphe du carnet à reprendre.
    wrong : list of (str, int)
        Erreurs les plus fréquentes et leur nombre.
    """

    assignment: str
    notebook: str
    control: str
    copies: int = 0
    success: float = 0.0
    blank: float = 0.0
    discrimination: float | None = None
    reading: str = ""
    seconds: float = 0.0
    reread: str = ""
    wrong: list[tuple[str, int]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Données pour une machine."""
        return asdict(self)

    def row(self) -> list[str | float | None]:
        """Ligne du tableau, colonnes `HEADER`."""
        wrong: list[str | float | None] = [f"{text} ({count})" for text, count in self.wrong]
        cells: list[str | float | None] = [self.assignment, self.notebook, self.control, self.copies, self.success]
        cells += [self.blank, self.discrimination, self.reading, self.seconds, self.reread]
        return cells + wrong + [None] * (WRONG_SHOWN - len(wrong))


def analyse(root: Path, assignments: Mapping[str, AssignmentSnapshot], marks: Mapping[Key, Marked]) -> list[Item]:
    """Analyse chaque contrôle des copies corrigées par le moteur rapide.

    Parameters
    ----------
    root : Path
        Dossier de la session.
    assignments : mapping
        Devoirs, par nom.
    marks : mapping
        Notes d’aujourd’hui, points donnés à la main compris.

    Returns
    -------
    list of Item
        Dans l’ordre des carnets.
    """
    items = []
    for name, assignment in assignments.items():
        reports = []
        for key, marked in marks.items():
            report = read_report(root, *key) if key[1] == name else None
            if report is not None and report.state in ("corrigée", "à relire"):
                reports.append((report, marked))
        items += _assignment_items(assignment, reports)
    return items


def _assignment_items(assignment: AssignmentSnapshot, reports: Sequence[tuple[CopyReport, Marked]]) -> list[Item]:
    items = []
    for notebook in assignment.notebooks.values():
        for cell, title, answers in graded_with_answers(notebook):
            item = Item(assignment.name, notebook.name, cell.removeprefix("controle-"))
            item.reread = paragraph(notebook, cell, heading_of(f"# {title}") if title else "")
            found = []
            for report, marked in reports:
                handed = next((one for one in report.notebooks if one.name == notebook.name and one.present), None)
                mark = next((one for one in marked.marks if (one.notebook, one.cell) == (notebook.name, cell)), None)
                if handed is not None and mark is not None and (mark.auto is not None or mark.manual is not None):
                    others = sum(one.score for one in marked.marks if one is not mark)
                    found.append((handed, mark.score >= mark.maximum, others))
            _measure(item, cell, answers, found)
            items.append(item)
    return items


def _measure(
    item: Item, cell: str, answers: tuple[str, ...], found: Sequence[tuple[NotebookResult, bool, float]]
) -> None:
    item.copies = len(found)
    if not found:
        item.reading = "aucune copie notée"
        return
    passed = [success for _, success, _ in found]
    item.success = sum(passed) / len(found)
    item.discrimination = discrimination(passed, [others for _, _, others in found])
    item.reading = french(reading(item.copies, item.success, item.discrimination))
    item.seconds = round(statistics.median(_seconds(handed, {cell, *answers}) for handed, _, _ in found), 3)
    blank = [bool(answers) and all(handed.comments.get(name) for name in answers) for handed, _, _ in found]
    item.blank = sum(blank) / len(found)
    messages = (
        _family(handed, cell, answers)
        for (handed, success, _), empty in zip(found, blank, strict=True)
        if not success and not empty
    )
    item.wrong = Counter(message for message in messages if message).most_common(WRONG_SHOWN)


def _seconds(handed: NotebookResult, names: set[str]) -> float:
    return sum(one.seconds for one in handed.cells if one.name in names)


def _family(handed: NotebookResult, cell: str, answers: tuple[str, ...]) -> str:
    """Première ligne du message : le piège reconnu, ou la valeur obtenue."""
    by_name = {one.name: one for one in handed.cells}
    order = (*(name for name in answers if name in by_name and by_name[name].status != "ok"), cell)
    text = next((by_name[name].message for name in order if name in by_name and by_name[name].message), "")
    first = next((line for line in clean(text, 2_000).splitlines() if line.strip()), "")
    return clean(PLACE.sub("", _NAMED.sub("", first)).strip(), WRONG_CHARS)


def discrimination(passed: Sequence[bool], others: Sequence[float]) -> float | None:
    """Corrélation entre un contrôle et le reste du devoir, ce contrôle exclu.

    Parameters
    ----------
    passed : sequence of bool
        Réussite du contrôle, par copie.
    others : sequence of float
        Points obtenus aux autres contrôles, par copie.

    Returns
    -------
    float or None
        Entre -1 et 1 ; None à moins de dix copies, ou si l’une des deux séries est constante.

    Examples
    --------
    >>> discrimination([True, False], [1, 0]) is None
    True
    >>> discrimination([False] * 5 + [True] * 5, range(10)) > 0.8
    True
    """
    if len(passed) < MIN_COPIES:
        return None
    try:
        return round(statistics.correlation([float(one) for one in passed], [float(one) for one in others]), 3)
    except statistics.StatisticsError:
        return None


def reading(copies: int, success: float, value: float | None) -> str:
    """Dit en mots ce que montre la discrimination.

    Parameters
    ----------
    copies : int
        Nombre de copies.
    success : float
        Part de réussite.
    value : float or None
        Résultat de `discrimination`.

    Returns
    -------
    str

    Examples
    --------
    >>> reading(25, 0.6, 0.5)
    'distingue'
    """
    if copies < MIN_COPIES:
        return f"moins de {MIN_COPIES} copies : rien à conclure"
    if value is None:
        return {0.0: "personne ne réussit", 1.0: "tout le monde réussit"}.get(success, "rien à comparer")
    if value >= STRONG:
        return "distingue"
    if value >= WEAK:
        return "distingue peu"
    return "ne distingue pas" if value > -WEAK else "raté par les meilleurs : relire l’énoncé"


def to_reteach(items: Iterable[Item]) -> list[Item]:
    """Contrôles ratés par plus d’une copie sur deux, le plus raté d’abord.

    Parameters
    ----------
    items : iterable of Item
        Contrôles.

    Returns
    -------
    list of Item
    """
    return sorted((item for item in items if item.copies and item.success < 0.5), key=lambda item: item.success)


def sections(items: Sequence[Item]) -> list[Section]:
    """Parties du rapport.

    Parameters
    ----------
    items : sequence of Item
        Contrôles.

    Returns
    -------
    list of Section
    """
    again = [
        f"{item.notebook} · {item.control}{_where(item)} : {percent(item.success)} de réussite"
        for item in to_reteach(items)
    ]
    rows = [
        [
            f"{item.notebook} · {item.control}",
            str(item.copies),
            percent(item.success) if item.copies else "–",
            percent(item.blank) if item.copies else "–",
            item.reading if not 0 < item.copies < MIN_COPIES else "trop peu de copies",
            number(item.seconds, 2),
        ]
        for item in items
    ]
    header = ("contrôle", "copies", "réussite", "sans réponse", "ce qu’il dit", "exécution (s)")
    wrong = [f"{item.notebook} · {item.control} : {text} ({count})" for item in items for text, count in item.wrong]
    notes = [
        f"« Distingue » : les copies qui réussissent ce contrôle ont aussi plus de points ailleurs (corrélation d’au "
        f"moins {number(STRONG, 1)}). À moins de {MIN_COPIES} copies, le hasard l’emporte : rien n’est conclu.",
        "L’exécution est le temps médian du code sur la machine de correction. Le temps passé par les stagiaires "
        "n’est pas connu.",
    ]
    return [
        _section(
            "À reprendre avec le groupe", points=again or ["Aucun contrôle n’est raté par plus d’une copie sur deux."]
        ),
        _section("Contrôle par contrôle", caption="Réussite de chaque contrôle", header=header, rows=rows),
        _section("Erreurs les plus fréquentes", points=wrong or ["Aucune."]),
        _section("Comment lire", paragraphs=notes),
    ]


def _where(item: Item) -> str:
    return f", paragraphe {item.reread.rstrip('. ')}" if item.reread else ""


def _section(
    title: str,
    points: Iterable[str] = (),
    paragraphs: Iterable[str] = (),
    *,
    caption: str = "",
    header: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
) -> Section:
    return Section(title, [*map(french, paragraphs)], [*map(french, points)], caption, header, rows)


def page(items: Sequence[Item]) -> str:
    """Page HTML de l’analyse.

    Parameters
    ----------
    items : sequence of Item
        Contrôles.

    Returns
    -------
    str
    """
    return html_page("Analyse des contrôles", "Analyse des contrôles", sections(items))
