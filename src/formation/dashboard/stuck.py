"""Qui bloque où : par exercice, les contrôles et leur réussite, puis les stagiaires qui ne les passent pas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from formation.classroom.items import Item, analyse
from formation.classroom.marks import Key, Mark, Marked, read_learners, read_marks
from formation.classroom.results import read_decisions, read_report

if TYPE_CHECKING:
    from formation.classroom.grading.types import CopyReport
    from formation.dashboard.place import Place

_SHOWN_CHARS = 240


@dataclass(frozen=True, slots=True)
class Blocked:
    """Stagiaire qui ne passe pas un contrôle, et ce que le retour lui en dit."""

    learner: str
    points: float
    maximum: float
    message: str


@dataclass(slots=True)
class Control:
    """Contrôle vu sur toutes les copies d’un exercice.

    Parameters
    ----------
    notebook, cell, label : str
        Carnet, cellule, nom affiché.
    copies, passed : int
        Copies notées, et celles qui ont tous les points.
    waiting : list of str
        Stagiaires dont une personne doit encore noter la réponse.
    blocked : list of Blocked
        Ceux qui n’ont pas tous les points, le moins avancé d’abord.
    item : Item or None
        Analyse (réponses vides, erreurs fréquentes, paragraphe à reprendre) ; None hors du moteur rapide.
    """

    notebook: str
    cell: str
    label: str
    copies: int = 0
    passed: int = 0
    waiting: list[str] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    item: Item | None = None

    @property
    def share(self) -> float | None:
        """Part de réussite, None sans copie notée."""
        return self.passed / self.copies if self.copies else None


@dataclass(slots=True)
class Progress:
    """Avancement d’un exercice.

    Parameters
    ----------
    controls : list of Control
        Le plus raté d’abord.
    graded : list of str
        Stagiaires dont la copie est corrigée.
    missing : list of str
        Stagiaires inscrits sans copie corrigée.
    """

    controls: list[Control] = field(default_factory=list)
    graded: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def read_progress(place: Place, assignment: str) -> Progress:
    """Lit l’avancement d’un exercice.

    Parameters
    ----------
    place : Place
        Session ou cours.
    assignment : str
        Exercice.

    Returns
    -------
    Progress
        Vide avant la première distribution.

    Raises
    ------
    AtelierImpossible
        Si le carnet de notes ne se laisse pas lire.
    """
    if not place.has_gradebook:
        return Progress()
    url, root = place.db_url, place.course.root
    marks = {key: one for key, one in read_marks(url).items() if key[1] == assignment and one.graded}
    progress = Progress(graded=[learner for learner, _ in marks])
    progress.missing = sorted(set(read_learners(url)) - set(progress.graded))
    taken = read_decisions(url)
    controls: dict[Key, Control] = {}
    for (learner, _), marked in marks.items():
        report = read_report(root, learner, assignment, taken)
        for mark in marked.marks:
            control = controls.setdefault((mark.notebook, mark.cell), _control(mark, marked))
            _count(control, learner, mark, report)
    for item in _items(place, assignment, marks):
        found = next((one for key, one in controls.items() if _same(key, item)), None)
        if found is not None:
            found.item = item
    for control in controls.values():
        control.blocked.sort(key=lambda one: (one.points, one.learner))
    progress.controls = sorted(controls.values(), key=lambda one: (one.share is None, one.share, one.label))
    return progress


def _control(mark: Mark, marked: Marked) -> Control:
    several = len({one.notebook for one in marked.marks}) > 1
    name = mark.cell.removeprefix("controle-")
    return Control(mark.notebook, mark.cell, f"{mark.notebook} · {name}" if several else name)


def _count(control: Control, learner: str, mark: Mark, report: CopyReport | None) -> None:
    if mark.auto is None and mark.manual is None:
        control.waiting.append(learner)
        return
    control.copies += 1
    if mark.score >= mark.maximum:
        control.passed += 1
    else:
        control.blocked.append(Blocked(learner, mark.score, mark.maximum, _message(report, mark)))


def _message(report: CopyReport | None, mark: Mark) -> str:
    from formation.classroom.feedback_view import clean

    if mark.manual is not None:
        return "noté à la main"
    for notebook in report.notebooks if report is not None else ():
        if notebook.name != mark.notebook:
            continue
        if not notebook.present:
            return "carnet non rendu"
        text = next((one.message for one in notebook.cells if one.name == mark.cell), "")
        return clean(" ".join(text.split()), _SHOWN_CHARS) or "sans message"
    return ""


def _items(place: Place, assignment: str, marks: Mapping[Key, Marked]) -> list[Item]:
    from formation.classroom.grading.snapshot import read_assignments

    root = place.course.root
    if not (root / "release" / assignment).is_dir():
        return []
    return analyse(root, read_assignments(root, place.db_url, [assignment]), marks)


def _same(key: Key, item: Item) -> bool:
    return key[0] == item.notebook and key[1].removeprefix("controle-") == item.control
