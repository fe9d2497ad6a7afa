"""Prouver un exercice : chaque réponse de sa banque obtient ce qu’elle doit obtenir."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.bank import Answer, read_bank
from formation.classroom.exercise import Exercise
from formation.classroom.notebook import Hidden, compute_expected, rebuilt_cells, side_files
from formation.classroom.runner import Runner
from formation.classroom.sources import read_exercise


@dataclass(frozen=True, slots=True)
class Outcome:
    """Résultat d’un contrôle : réussi ou non, message montré au stagiaire."""

    passed: bool
    message: str


@dataclass(frozen=True, slots=True)
class Graded:
    """Copie corrigée sans noyau Jupyter."""

    outcomes: dict[str, Outcome]
    points: float
    maximum: float
    seconds: float
    trouble: str = ""


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


def grade_answers(exercise: Exercise, expected: Hidden, answers: Mapping[str, str], runner: Runner) -> Graded:
    """Corrige une copie reconstruite, hors de Jupyter.

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.
    expected : dict
        Résultat de `compute_expected`.
    answers : mapping
        Code de chaque cellule de réponse.
    runner : Runner
        Processus chaud.

    Returns
    -------
    Graded
    """
    return grade_cells(exercise, rebuilt_cells(exercise, expected, answers), side_files(exercise, expected), runner)


def grade_cells(exercise: Exercise, cells: list[dict[str, str]], files: dict[str, str], runner: Runner) -> Graded:
    """Exécute les cellules d’une copie, parties cachées comprises, et compte les points.

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.
    cells : list of dict
        `nom`, `kind`, `source`.
    files : dict
        Fichiers posés à côté du carnet.
    runner : Runner
        Processus chaud.

    Returns
    -------
    Graded
    """
    return _graded(exercise, runner.run("copie", cells, files))


def _graded(exercise: Exercise, reply: dict[str, Any]) -> Graded:
    trouble = str(reply.get("erreur", ""))
    ran = reply.get("cellules", {})
    outcomes, points = {}, 0.0
    for name, control in exercise.controls.items():
        raw = ran.get(f"controle-{name}", {"reussi": False, "message": trouble})
        outcomes[name] = Outcome(bool(raw["reussi"]), str(raw["message"]))
        points += control.points if raw["reussi"] else 0.0
    seconds = sum(float(cell["secondes"]) for cell in ran.values())
    return Graded(outcomes, points, exercise.points, seconds, trouble)


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
    expected = compute_expected(exercise, runner)
    copies = [rebuilt_cells(exercise, expected, answer.cells) for answer in bank]
    shared = next(i for i, cell in enumerate(copies[0]) if cell["kind"] not in ("preparation", "exemple"))
    rests = [cells[shared:] for cells in copies]
    replies = runner.run_batch(copies[0][:shared], rests, side_files(exercise, expected))
    pairs = [(answer, _graded(exercise, reply)) for answer, reply in zip(bank, replies, strict=True)]
    proofs = [AnswerProof(answer.name, graded, answer.points, _gaps(answer, graded)) for answer, graded in pairs]
    return Proof(exercise, proofs)


def _gaps(answer: Answer, graded: Graded) -> list[str]:
    gaps = []
    if graded.trouble:
        gaps.append(f"la copie n’est pas corrigée : {graded.trouble}.")
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
