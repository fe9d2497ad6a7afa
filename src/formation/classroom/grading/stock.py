"""Le moteur d’origine de nbgrader, pour comparer : un noyau par carnet, sans bac à sable.

Il exécute le code des stagiaires avec les droits de la personne qui corrige.
"""

import time
from collections.abc import Collection
from pathlib import Path

from formation.checks.failure import french
from formation.classroom.course import CONFIG, Course
from formation.classroom.engine import LOG, EngineError, NbgraderEngine
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.outcome import DONE, GradedCopy, GradingReport, Tell, mute


def grade_with_nbgrader(
    root: Path,
    *,
    again: bool = False,
    learners: Collection[str] | None = None,
    assignments: Collection[str] | None = None,
    tell: Tell = mute,
) -> GradingReport:
    """Corrige les copies l’une après l’autre avec nbgrader.

    Parameters
    ----------
    root : Path
        Dossier du cours.
    again : bool
        Vrai pour tout reprendre ; sinon, une copie plus ancienne que son retour est laissée.
    learners, assignments : collection of str, optional
        Stagiaires et devoirs voulus ; par défaut, tous.
    tell : callable
        Progression.

    Returns
    -------
    GradingReport

    Raises
    ------
    AtelierImpossible
        Si ce n’est pas un cours, ou s’il n’y a aucune copie.
    """
    if not (root / CONFIG).is_file():
        raise AtelierImpossible(french(f"« {root} » n’est pas le dossier d’un cours (il y manque {CONFIG})."))
    course = Course(root.resolve())
    pending = [
        pair
        for pair in _submitted(course)
        if (learners is None or pair[0] in learners) and (assignments is None or pair[1] in assignments)
    ]
    if not pending:
        raise AtelierImpossible(french(_nothing(course, learners, assignments)))
    engine = NbgraderEngine(course)
    start = time.monotonic()
    copies: list[GradedCopy] = []
    worked = 0
    for done, (learner, assignment) in enumerate(pending):
        pace = (time.monotonic() - start) / worked if worked else 0.0
        tell(done, len(pending), f"{learner} · {assignment}", pace * (len(pending) - done))
        if not again and _up_to_date(course, learner, assignment):
            copies.append(GradedCopy(learner, assignment, DONE))
            continue
        copies.append(_grade_one(engine, learner, assignment))
        worked += 1
    tell(len(pending), len(pending), "terminé", 0.0)
    return GradingReport(copies, time.monotonic() - start)


def _nothing(course: Course, learners: Collection[str] | None, assignments: Collection[str] | None) -> str:
    handed = _submitted(course)
    absent = [f"aucune copie de « {name} »." for name in sorted(set(learners or ()) - {pair[0] for pair in handed})]
    absent += [
        f"aucune copie du devoir « {name} »." for name in sorted(set(assignments or ()) - {pair[1] for pair in handed})
    ]
    what = "Aucune copie à corriger. Rassemblez-les d’abord : formation atelier collecter DOSSIER COPIES"
    return "\n- ".join([what, *absent])


def _submitted(course: Course) -> list[tuple[str, str]]:
    release = course.step("release")
    pairs = {
        (path.parts[-3], path.parts[-2])
        for path in course.step("submitted").glob("*/*/*.ipynb")
        if (release / path.parts[-2] / path.name).is_file()
    }
    return sorted(pairs, key=lambda pair: (pair[1], pair[0]))


def _up_to_date(course: Course, learner: str, assignment: str) -> bool:
    pages = sorted((course.step("feedback") / learner / assignment).glob("*.html"))
    folders = (course.step("submitted") / learner / assignment, course.step("release") / assignment)
    sources = [path for folder in folders for path in folder.glob("*.ipynb")]
    return bool(pages) and max(path.stat().st_mtime for path in sources) <= min(p.stat().st_mtime for p in pages)


def _grade_one(engine: NbgraderEngine, learner: str, assignment: str) -> GradedCopy:
    start = time.monotonic()
    try:
        engine.autograde(assignment, learner)
        engine.feedback(assignment, learner)
    except EngineError as error:
        reason = french(f"{error}. Aucune note ; corrigez-la à la main. Le détail est dans {LOG}.")
        return GradedCopy(learner, assignment, "échec", reason, time.monotonic() - start)
    return GradedCopy(learner, assignment, "corrigée", "", time.monotonic() - start)
