"""Résultats d’une session : points par stagiaire et par exercice, réussite de chaque contrôle."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formation.classroom.course import SESSION, Course
from formation.classroom.grading import decided
from formation.classroom.grading.types import CopyReport
from formation.files import write_atomic

if TYPE_CHECKING:
    from formation.classroom.marks import Marked


def report_path(root: Path, learner: str, assignment: str) -> Path:
    """Fichier où la correction d’une copie est gardée en détail, à côté du carnet de notes.

    Parameters
    ----------
    root : Path
        Dossier de la session.
    learner, assignment : str
        Stagiaire et devoir.

    Returns
    -------
    Path
    """
    return root / "corrections" / learner / f"{assignment}.json"


def write_report(root: Path, report: CopyReport) -> None:
    """Garde le détail d’une correction, à côté puis en un renommage.

    Parameters
    ----------
    root : Path
        Dossier de la session.
    report : CopyReport
        Sort de la copie.
    """
    path = report_path(root, report.learner, report.assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, json.dumps(report.to_json(), ensure_ascii=False).encode())


def read_report(
    root: Path, learner: str, assignment: str, taken: Mapping[tuple[str, str, str], str] | None = None
) -> CopyReport | None:
    """Relit le détail d’une correction.

    Parameters
    ----------
    root : Path
        Dossier de la session.
    learner, assignment : str
        Stagiaire et devoir.
    taken : mapping, optional
        Décisions d’une personne (voir `read_decisions`), appliquées à ce qui est lu.

    Returns
    -------
    CopyReport or None
        None si la copie n’a pas été corrigée par le moteur rapide, ou si le fichier est abîmé.
    """
    try:
        report = CopyReport.from_json(json.loads(report_path(root, learner, assignment).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return decided.settle(report, (taken or {}).get((learner, assignment, report.fingerprint), ""))


@dataclass(frozen=True, slots=True)
class CopyResult:
    """Points d’une copie et sort de chacun de ses contrôles."""

    learner: str
    exercise: str
    points: float
    maximum: float
    controls: dict[str, bool]
    state: str = "corrigée"
    """corrigée, à relire, à noter (il ne manque que des notes données à la main), refusée ou échec."""
    scores: dict[str, tuple[float, float]] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    """Contrôles qu’une personne doit encore noter."""


@dataclass(frozen=True, slots=True)
class Results:
    """Résultats d’une session."""

    exercises: dict[str, dict[str, Any]]
    copies: list[CopyResult]

    @property
    def learners(self) -> list[str]:
        """Identifiants des stagiaires, dans l’ordre."""
        return sorted({copy.learner for copy in self.copies})

    def of(self, learner: str, exercise: str) -> CopyResult | None:
        """Résultat d’une copie, ou None si elle n’est pas corrigée.

        Parameters
        ----------
        learner, exercise : str
            Stagiaire et exercice.

        Returns
        -------
        CopyResult or None
        """
        return next((c for c in self.copies if (c.learner, c.exercise) == (learner, exercise)), None)

    def success(self) -> dict[str, dict[str, tuple[int, int]]]:
        """Réussites et nombre de copies notées, par exercice puis par contrôle qui l’est au moins une fois."""
        rates: dict[str, dict[str, tuple[int, int]]] = {}
        for name, info in self.exercises.items():
            copies = [copy for copy in self.copies if copy.exercise == name]
            graded = {
                control: [copy.controls.get(control, False) for copy in copies if control not in copy.waiting]
                for control in info["controles"]
            }
            rates[name] = {control: (sum(passed), len(passed)) for control, passed in graded.items() if passed}
        return rates

    def to_json(self) -> dict[str, Any]:
        """Résultats pour une machine."""
        return {
            "exercices": self.exercises,
            "copies": [
                {
                    "stagiaire": copy.learner,
                    "exercice": copy.exercise,
                    "points": copy.points,
                    "maximum": copy.maximum,
                    "controles": copy.controls,
                    "etat": copy.state,
                    "a_noter": copy.waiting,
                }
                for copy in self.copies
            ],
            "reussite": {
                name: {control: {"reussites": ok, "copies": total} for control, (ok, total) in rates.items()}
                for name, rates in self.success().items()
            },
        }


def read_results(course: Course, db_url: str | None = None) -> Results:
    """Lit les points dans le carnet de notes de nbgrader.

    Parameters
    ----------
    course : Course
        Session corrigée, ou cours nbgrader : ses devoirs sont alors ceux du carnet de notes.
    db_url : str, optional
        Adresse SQLAlchemy du carnet de notes ; par défaut, celle des réglages de la session.

    Returns
    -------
    Results
        Vide si aucune copie n’est corrigée.
    """
    from formation.classroom.marks import gradebook_url, read_marks

    url = db_url or gradebook_url(course.root)
    session = (course.root / SESSION).is_file()
    if session and url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        return Results(course.exercises, [])
    exercises = course.exercises if session else _from_gradebook(url)
    taken = read_decisions(url)
    copies = [
        _copy_result(course.root, one, taken, exercises[one.assignment])
        for one in read_marks(url).values()
        if one.graded and one.assignment in exercises
    ]
    return Results(exercises, copies)


def _from_gradebook(db_url: str) -> dict[str, dict[str, Any]]:
    """Devoirs d’un cours nbgrader ordinaire, dans la forme de ceux d’une session."""
    from formation.classroom.grading.gradebook import read_rows

    found = {}
    for name, assignment in sorted(read_rows(db_url).items()):
        several = len(assignment.notebooks) > 1
        points = {
            _control(notebook, cell, several=several): worth
            for notebook, rows in assignment.notebooks.items()
            for cell, worth in (rows.grades | rows.tasks).items()
        }
        carnets = list(assignment.notebooks)
        found[name] = {"titre": name, "points": sum(points.values()), "controles": points, "carnets": carnets}
    return found


def _control(notebook: str, cell: str, *, several: bool) -> str:
    name = cell.removeprefix("controle-")
    return f"{notebook} · {name}" if several else name


def read_decisions(db_url: str) -> dict[tuple[str, str, str], str]:
    """Lit ce que des personnes ont décidé des copies à relire.

    Parameters
    ----------
    db_url : str
        Adresse SQLAlchemy du carnet de notes.

    Returns
    -------
    dict of (str, str, str) to str
        Stagiaire, devoir et empreinte de la copie → acceptée ou refusée.

    Raises
    ------
    AtelierImpossible
        Si le carnet de notes ne se laisse pas lire.
    """
    from formation.classroom.grading.gradebook import connection

    with connection(db_url) as link:
        return decided.by_copy(decided.read(link))


def _copy_result(
    root: Path, marked: "Marked", taken: Mapping[tuple[str, str, str], str], exercise: Mapping[str, Any]
) -> CopyResult:
    several = len(exercise.get("carnets", ())) > 1
    order = {name: rank for rank, name in enumerate(exercise["controles"])}
    marked.marks.sort(key=lambda mark: order.get(_control(mark.notebook, mark.cell, several=several), len(order)))
    scores = {_control(mark.notebook, mark.cell, several=several): (mark.score, mark.maximum) for mark in marked.marks}
    controls = {name: earned >= worth for name, (earned, worth) in scores.items()}
    report = read_report(root, marked.learner, marked.assignment, taken)
    waiting = [
        _control(mark.notebook, mark.cell, several=several)
        for mark in marked.marks
        if mark.waiting and mark.auto is None and mark.manual is None
    ]
    state: str = report.state if report is not None else "corrigée"
    if state == "corrigée" and (marked.flagged or any(mark.waiting for mark in marked.marks)):
        state = "à noter" if waiting and not marked.flagged else "à relire"
    return CopyResult(
        marked.learner, marked.assignment, marked.points, marked.maximum, controls, state, scores, waiting
    )
