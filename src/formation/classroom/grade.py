"""Corriger les copies rendues avec le moteur d’origine de nbgrader.

Ce moteur exécute le code des stagiaires avec les droits de la personne qui corrige : il peut lire et écrire tous ses
fichiers. Ne corrigez ainsi que les copies de personnes que vous connaissez.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.course import Course
from formation.classroom.engine import LOG, EngineError, NbgraderEngine
from formation.classroom.errors import AtelierImpossible

Tell = Callable[[int, int, str, float], None]


@dataclass(frozen=True, slots=True)
class GradedCopy:
    """Sort d’une copie : corrigée, déjà corrigée, ou en échec avec sa raison."""

    learner: str
    exercise: str
    state: str
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class GradingReport:
    """Bilan d’une correction."""

    copies: list[GradedCopy]
    seconds: float

    @property
    def failed(self) -> list[GradedCopy]:
        """Copies que nbgrader n’a pas pu corriger."""
        return [copy for copy in self.copies if copy.state == "échec"]

    def to_json(self) -> dict[str, Any]:
        """Bilan pour une machine."""
        return {"copies": [asdict(copy) for copy in self.copies], "secondes": round(self.seconds, 1)}


def _mute(_done: int, _total: int, _label: str, _left_s: float) -> None:
    return None


def grade(course: Course, *, again: bool = False, tell: Tell = _mute) -> GradingReport:
    """Corrige les copies de submitted/ et écrit les retours dans feedback/.

    Une copie en échec n’arrête pas les autres. Une copie déjà corrigée et inchangée n’est pas reprise.

    Parameters
    ----------
    course : Course
        Session.
    again : bool
        Vrai pour tout reprendre.
    tell : callable
        Reçoit le nombre de copies faites, leur total, la copie en cours et le temps restant estimé, en secondes.

    Returns
    -------
    GradingReport

    Raises
    ------
    AtelierImpossible
        Si aucune copie n’est à corriger.
    """
    pending = _submitted(course)
    if not pending:
        raise AtelierImpossible(
            french("Aucune copie à corriger. Rassemblez-les d’abord : formation atelier collecter DOSSIER COPIES")
        )
    engine = NbgraderEngine(course)
    start = time.monotonic()
    copies: list[GradedCopy] = []
    worked = 0
    for done, (learner, exercise) in enumerate(pending):
        pace = (time.monotonic() - start) / worked if worked else 0.0
        tell(done, len(pending), f"{learner} · {exercise}", pace * (len(pending) - done))
        if not again and _up_to_date(course, learner, exercise):
            copies.append(GradedCopy(learner, exercise, "déjà corrigée"))
            continue
        copies.append(_grade_one(engine, learner, exercise))
        worked += 1
    tell(len(pending), len(pending), "terminé", 0.0)
    return GradingReport(copies, time.monotonic() - start)


def _submitted(course: Course) -> list[tuple[str, str]]:
    paths = sorted(course.step("submitted").glob("*/*/*.ipynb"))
    known = course.exercises
    pairs = [(path.parts[-3], path.stem) for path in paths if path.stem == path.parts[-2] and path.stem in known]
    return sorted(pairs, key=lambda pair: (pair[1], pair[0]))


def _path(course: Course, step: str, learner: str, exercise: str, suffix: str = ".ipynb") -> Path:
    return course.step(step) / learner / exercise / f"{exercise}{suffix}"


def _up_to_date(course: Course, learner: str, exercise: str) -> bool:
    feedback = _path(course, "feedback", learner, exercise, ".html")
    sources = (
        _path(course, "submitted", learner, exercise),
        course.step("release") / exercise / f"{exercise}.ipynb",
    )
    return feedback.is_file() and all(path.stat().st_mtime <= feedback.stat().st_mtime for path in sources)


def _grade_one(engine: NbgraderEngine, learner: str, exercise: str) -> GradedCopy:
    start = time.monotonic()
    try:
        engine.autograde(exercise, learner)
        engine.feedback(exercise, learner)
    except EngineError as error:
        reason = french(f"{error}. Aucune note ; corrigez-la à la main. Le détail est dans {LOG}.")
        return GradedCopy(learner, exercise, "échec", reason, time.monotonic() - start)
    return GradedCopy(learner, exercise, "corrigée", "", time.monotonic() - start)
