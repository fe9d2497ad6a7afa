"""Prouver un exercice : chaque réponse de sa banque obtient ce qu’elle doit obtenir."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

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
    start = time.perf_counter()
    reply = runner.run("copie", cells, files)
    trouble = str(reply.get("erreur", ""))
    outcomes, points = {}, 0.0
    for name, control in exercise.controls.items():
        raw = reply.get("cellules", {}).get(f"controle-{name}", {"reussi": False, "message": trouble})
        outcomes[name] = Outcome(bool(raw["reussi"]), str(raw["message"]))
        points += control.points if raw["reussi"] else 0.0
    return Graded(outcomes, points, exercise.points, time.perf_counter() - start, trouble)


def prove(path: Path, runner: Runner, tell: Callable[[str], None] = lambda _: None) -> Proof:
    """Prouve un exercice contre sa banque.

    Parameters
    ----------
    path : Path
        Source de l’exercice.
    runner : Runner
        Processus chaud.
    tell : callable
        Reçoit le nom de chaque réponse avant son exécution.

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
    proofs = []
    for answer in bank:
        tell(answer.name)
        graded = grade_answers(exercise, expected, answer.cells, runner)
        proofs.append(AnswerProof(answer.name, graded, answer.points, _gaps(answer, graded)))
    return Proof(exercise, proofs)


def _gaps(answer: Answer, graded: Graded) -> list[str]:
    gaps = []
    if graded.trouble:
        gaps.append(f"la copie n’est pas corrigée : {graded.trouble}.")
    for name, outcome in graded.outcomes.items():
        excerpt = answer.failures.get(name)
        if excerpt is None and not outcome.passed:
            gaps.append(f"le contrôle « {name} » devait réussir, il échoue : {outcome.message}")
        elif excerpt is not None and outcome.passed:
            gaps.append(f"le contrôle « {name} » devait échouer, il réussit.")
        elif excerpt is not None and not contains(outcome.message, excerpt):
            gaps.append(f"le contrôle « {name} » échoue sans dire « {excerpt} » : {outcome.message}")
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
