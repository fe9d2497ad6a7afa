"""Prouver un exercice : chaque réponse de sa banque obtient ce qu’elle doit obtenir."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from formation.checks.failure import french
from formation.classroom.bank import Answer, read_bank
from formation.classroom.copies import learner_notebook
from formation.classroom.exercise import Exercise
from formation.classroom.grading.executor import Session
from formation.classroom.grading.rebuild import rebuild
from formation.classroom.grading.running import NotebookRun
from formation.classroom.grading.snapshot import from_blank
from formation.classroom.grading.types import AssignmentSnapshot, CellRun
from formation.classroom.notebook import Hidden, compute_expected, preparation, side_files, trainer_notebook
from formation.classroom.runner import Runner
from formation.classroom.sources import read_exercise


@dataclass(frozen=True, slots=True)
class Outcome:
    """Résultat d’un contrôle : réussi ou non, message montré au stagiaire."""

    passed: bool
    message: str


@dataclass(frozen=True, slots=True)
class Graded:
    """Copie notée sans carnet de notes, et ce qui y a été remis d’aplomb."""

    outcomes: dict[str, Outcome]
    points: float
    maximum: float
    seconds: float
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AnswerProof:
    """Réponse de la banque, ce qu’elle obtient, et les écarts à ce qui est annoncé."""

    name: str
    graded: Graded
    expected: float
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Proof:
    """Preuve d’un exercice."""

    exercise: Exercise
    answers: list[AnswerProof]

    @property
    def proved(self) -> bool:
        """Vrai si aucune réponse ne s’écarte de ce qui est annoncé."""
        return not any(answer.problems for answer in self.answers)


class Desk:
    """Table de correction d’un exercice, à employer dans un bloc `with` : les copies y sont notées une à une.

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.
    expected : dict
        Résultat de `compute_expected`.
    runner : Runner
        Processus chaud.
    """

    def __init__(self, exercise: Exercise, expected: Hidden, runner: Runner) -> None:
        self._exercise = exercise
        self._runner = runner
        self.blank = learner_notebook(exercise, expected)
        notebook = from_blank(exercise.name, self.blank, trainer_notebook(exercise, expected))
        self._notebook = notebook
        self._texts = side_files(exercise, expected)
        self._folder = tempfile.TemporaryDirectory(prefix="formation-")
        files = {name: str(Path(self._folder.name, name)) for name in self._texts}
        self._assignment = AssignmentSnapshot(exercise.name, "", "", {exercise.name: notebook}, files, "")

    def __enter__(self) -> Self:
        for name, path in self._assignment.files.items():
            Path(path).write_text(self._texts[name], encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def grade_answers(self, answers: Mapping[str, str]) -> Graded:
        """Note une copie vierge où l’on pose des réponses.

        Parameters
        ----------
        answers : mapping
            Code de chaque cellule de réponse, par nom.

        Returns
        -------
        Graded
        """
        copy = {"cells": [dict(cell) for cell in self.blank.cells]}
        for cell in copy["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            cell["source"] = answers.get(name, cell["source"])
        return self.grade(copy)

    def grade(self, raw: Mapping[str, Any]) -> Graded:
        """Note une copie : rebâtie, exécutée, jugée comme par la correction d’une session.

        Parameters
        ----------
        raw : mapping
            JSON du carnet, non vérifié.

        Returns
        -------
        Graded
        """
        rebuilt = rebuild(self._notebook, raw)
        session, done = self._open(rebuilt.notebook)
        with session:
            run = NotebookRun(
                self._assignment,
                self._notebook,
                rebuilt.notebook,
                session,
                done,
                self._runner.replays,
                self._runner.limits,
            )
            results, _ = run.execute()
        ran = {result.name: result for result in results if result.name}
        outcomes = {}
        for name in self._exercise.controls:
            result = ran[f"controle-{name}"]
            outcomes[name] = Outcome(result.status == "ok", result.message)
        points = sum(control.points for name, control in self._exercise.controls.items() if outcomes[name].passed)
        seconds = sum(result.seconds for result in results)
        return Graded(outcomes, points, self._exercise.points, round(seconds, 3), rebuilt.remarks)

    def _open(self, document: Any) -> tuple[Session, list[CellRun]]:
        prefix = preparation(self._exercise)
        first = [cell.source for cell in document.cells if cell.cell_type == "code"][: len(prefix)]
        if first == prefix:
            return self._runner.after(prefix, self._assignment.files)
        return self._runner.session(self._assignment.files), []


def prove(path: Path, runner: Runner) -> Proof:
    """Prouve un exercice contre sa banque. La préparation n’est exécutée qu’une fois pour toutes les réponses.

    Parameters
    ----------
    path : Path
        Source de l’exercice.
    runner : Runner
        Processus chaud.

    Returns
    -------
    Proof

    Raises
    ------
    ExerciceInvalide
        Si l’exercice ou sa banque ne suit pas le format.
    """
    exercise = read_exercise(path)
    bank = read_bank(exercise)
    with Desk(exercise, compute_expected(exercise, runner), runner) as desk:
        pairs = [(answer, desk.grade_answers(answer.cells)) for answer in bank]
    proofs = [AnswerProof(answer.name, graded, answer.points, _gaps(answer, graded)) for answer, graded in pairs]
    return Proof(exercise, proofs)


def _gaps(answer: Answer, graded: Graded) -> list[str]:
    gaps = []
    for name, outcome in graded.outcomes.items():
        excerpt = answer.failures.get(name)
        if excerpt is None and not outcome.passed:
            gaps.append(f"le contrôle « {name} » devait réussir, il échoue : {outcome.message}")
        elif excerpt is not None and outcome.passed:
            gaps.append(f"le contrôle « {name} » devait échouer, il réussit.")
        elif excerpt is not None and not contains(outcome.message, excerpt):
            gaps.append(f"le contrôle « {name} » échoue sans dire « {excerpt} » : {outcome.message}")
    if abs(graded.points - answer.points) > 1e-9:
        gaps.append(f"{graded.points:g} points obtenus, {answer.points:g} annoncés.")
    return [french(gap) for gap in gaps]


def contains(message: str, excerpt: str) -> bool:
    """Cherche un extrait dans un message, sans égard aux espaces, à la casse ni aux apostrophes.

    Parameters
    ----------
    message, excerpt : str
        Textes à comparer.

    Returns
    -------
    bool

    Examples
    --------
    >>> contains("Il faut  peser par la longueur.", "Peser par")
    True
    """
    return _loose(excerpt) in _loose(message)


def _loose(text: str) -> str:
    return " ".join(text.replace("’", "'").split()).casefold()
