"""Résultats d’une session : points par stagiaire et par exercice, réussite de chaque contrôle."""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formation.classroom.course import Course
from formation.classroom.grading.types import CopyReport
from formation.numbers import shortest


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
    aside = path.with_name(f".{path.name}.tmp")
    aside.write_text(json.dumps(report.to_json(), ensure_ascii=False), encoding="utf-8")
    aside.replace(path)


def read_report(root: Path, learner: str, assignment: str) -> CopyReport | None:
    """Relit le détail d’une correction.

    Parameters
    ----------
    root : Path
        Dossier de la session.
    learner, assignment : str
        Stagiaire et devoir.

    Returns
    -------
    CopyReport or None
        None si la copie n’a pas été corrigée par le moteur rapide, ou si le fichier est abîmé.
    """
    try:
        return CopyReport.from_json(json.loads(report_path(root, learner, assignment).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class CopyResult:
    """Points d’une copie et sort de chacun de ses contrôles."""

    learner: str
    exercise: str
    points: float
    maximum: float
    controls: dict[str, bool]


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
        """Réussites et nombre de copies, par exercice puis par contrôle."""
        rates: dict[str, dict[str, tuple[int, int]]] = {}
        for name, info in self.exercises.items():
            copies = [copy for copy in self.copies if copy.exercise == name]
            rates[name] = {
                control: (sum(copy.controls.get(control, False) for copy in copies), len(copies))
                for control in info["controles"]
            }
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
                }
                for copy in self.copies
            ],
            "reussite": {
                name: {control: {"reussites": ok, "copies": total} for control, (ok, total) in rates.items()}
                for name, rates in self.success().items()
            },
        }

    def to_csv(self) -> str:
        """Tableau pour un tableur français : points-virgules et virgule décimale."""
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(["stagiaire", "exercice", "titre", "points", "maximum", "controle", "reussi"])
        for copy in self.copies:
            title = self.exercises.get(copy.exercise, {}).get("titre", "")
            head = [copy.learner, copy.exercise, title, shortest(copy.points), shortest(copy.maximum)]
            for control, passed in copy.controls.items():
                writer.writerow([*head, control, "oui" if passed else "non"])
        return stream.getvalue()


def read_results(course: Course) -> Results:
    """Lit les points dans le carnet de notes de nbgrader.

    Parameters
    ----------
    course : Course
        Session corrigée.

    Returns
    -------
    Results
        Vide si aucune copie n’est corrigée.
    """
    copies: list[CopyResult] = []
    database = course.root / "gradebook.db"
    if database.is_file():
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{database}") as gradebook:
            for name in sorted(course.exercises):
                graded = [s for s in _submissions(gradebook, name) if _is_graded(s)]
                copies += [_copy_result(submission, name) for submission in graded]
    return Results(course.exercises, sorted(copies, key=lambda copy: (copy.learner, copy.exercise)))


def _submissions(gradebook: Any, name: str) -> list[Any]:
    from nbgrader.api import MissingEntry

    try:
        return list(gradebook.assignment_submissions(name))
    except MissingEntry:
        return []


def _is_graded(submission: Any) -> bool:
    # une copie que nbgrader n’a pas pu exécuter est inscrite sans aucune note : zéro serait injuste
    return any(grade.auto_score is not None for notebook in submission.notebooks for grade in notebook.grades)


def _copy_result(submission: Any, exercise: str) -> CopyResult:
    controls = {}
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            controls[grade.name.removeprefix("controle-")] = bool((grade.auto_score or 0) >= grade.max_score)
    return CopyResult(submission.student.id, exercise, float(submission.score), float(submission.max_score), controls)
