"""Carnets de notes d’essai : un devoir de deux carnets, des copies, et leurs lignes sans les identifiants."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from formation.classroom.grading.quickstart import light_imports
from formation.classroom.grading.types import CellResult, CopyReport, NotebookResult

light_imports()

DUEDATE = "2026-11-20 18:00:00"
ASSIGNMENT = "tp1"
TESTS = {"a": {f"test-{n}": 2.0 for n in range(5)}, "b": {f"test-{n}": 1.0 for n in range(4)}}


def make_gradebook(url: str, duedate: str | None = DUEDATE) -> None:
    """Fabrique par nbgrader un devoir de 11 cellules notées, une réponse rédigée et une tâche comprises."""
    from nbgrader import api

    from formation.classroom.grading.gradebook import known_versions

    original = api.get_alembic_version
    api.get_alembic_version = lambda: known_versions()[-1]
    try:
        with api.Gradebook(url, "essai") as gradebook:
            gradebook.add_assignment(ASSIGNMENT, duedate=duedate, course_id="essai")
            for notebook, tests in TESTS.items():
                gradebook.add_notebook(notebook, ASSIGNMENT)
                for name, points in tests.items():
                    gradebook.add_grade_cell(name, notebook, ASSIGNMENT, max_score=points, cell_type="code")
                    gradebook.add_solution_cell(f"reponse-{name}", notebook, ASSIGNMENT)
            gradebook.add_grade_cell("avis", "a", ASSIGNMENT, max_score=3, cell_type="markdown")
            gradebook.add_solution_cell("avis", "a", ASSIGNMENT)
            gradebook.add_task_cell("tache", "b", ASSIGNMENT, max_score=2, cell_type="markdown")
    finally:
        api.get_alembic_version = original


def make_reports(count: int, seed: int = 447, *, first: int = 1) -> list[CopyReport]:
    """Tire des copies corrigées."""
    chance = random.Random(seed)
    return [make_report(f"stagiaire-{first + rank:04d}", chance) for rank in range(count)]


def make_report(learner: str, chance: random.Random, assignment: str = ASSIGNMENT) -> CopyReport:
    """Tire une copie corrigée."""
    report = CopyReport(learner, assignment, f"empreinte-{learner}")
    for name, tests in TESTS.items():
        result = NotebookResult(name, present=True)
        for test, points in tests.items():
            score = chance.choice((0.0, points / 2, points))
            result.cells.append(CellResult(test, "interne", points, score, "ok", seconds=0.1))
            result.comments[f"reponse-{test}"] = chance.choice((None, "No response."))
        if name == "a":
            result.cells.append(CellResult("avis", "manuelle", 3, chance.choice((None, 0.0))))
            result.comments["avis"] = chance.choice((None, "No response."))
        else:
            result.cells.append(CellResult("tache", "tache", 2, None))
            result.comments["tache"] = None
        report.notebooks.append(result)
    return report


def save_with_nbgrader(url: str, report: CopyReport, timestamp: str | None = None) -> None:
    """Inscrit une copie comme le fait `nbgrader autograde`, avec ses propres fonctions."""
    from nbgrader.api import Gradebook

    with Gradebook(url, "essai") as gradebook:
        gradebook.update_or_create_student(report.learner)
        extra = {"timestamp": timestamp} if timestamp else {}
        gradebook.update_or_create_submission(report.assignment, report.learner, **extra)
        for result in report.notebooks:
            where = (result.name, report.assignment, report.learner)
            if not result.present:
                for grade in gradebook.find_submission_notebook(*where).grades:
                    grade.auto_score, grade.needs_manual_grade = 0, False
                gradebook.db.commit()
                continue
            for name, score in result.scores.items():
                grade = gradebook.find_grade(name, *where)
                grade.auto_score = score
                grade.needs_manual_grade = grade.manual_score is not None or score is None
            for name, text in result.comments.items():
                gradebook.find_comment(name, *where).auto_comment = text
            gradebook.db.commit()
            submission = gradebook.find_submission(report.assignment, report.learner)
            notebook = gradebook.find_submission_notebook(*where)
            notebook.late_submission_penalty = notebook.score if submission.total_seconds_late > 0 else None
            gradebook.db.commit()


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Lignes du carnet de notes, triées, clés remplacées par des noms : les identifiants tirés au sort n’y sont pas."""
    from nbgrader.api import Gradebook

    found: dict[str, list[tuple[Any, ...]]] = {"copies": [], "carnets": [], "notes": [], "commentaires": []}
    with Gradebook(url, "essai") as gradebook:
        for assignment in gradebook.assignments:
            for copy in gradebook.assignment_submissions(assignment.name):
                who = (assignment.name, copy.student.id)
                found["copies"].append((*who, str(copy.timestamp)))
                for notebook in copy.notebooks:
                    here = (*who, notebook.name)
                    found["carnets"].append((*here, notebook.flagged, notebook.late_submission_penalty))
                    found["notes"] += [
                        (*here, g.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade, g.score)
                        for g in notebook.grades
                    ]
                    found["commentaires"] += [
                        (*here, c.name, c.auto_comment, c.manual_comment) for c in notebook.comments
                    ]
        found["stagiaires"] = [(student.id,) for student in gradebook.students]
    return {name: sorted(lines, key=repr) for name, lines in found.items()}


def ledger_rows(url: str) -> list[tuple[Any, ...]]:
    """Registre, sans les durées ni les dates."""
    from formation.classroom.grading import ledger
    from formation.classroom.grading.database import Database

    database = Database(url)
    try:
        with database.transaction() as connection:
            found = ledger.read(connection)
    finally:
        database.close()
    return sorted((e.learner, e.assignment, e.fingerprint, e.state, e.reasons, e.flagged) for e in found.values())


def sqlite_url(folder: Path) -> str:
    """Adresse d’un carnet de notes SQLite."""
    return f"sqlite:///{folder / 'gradebook.db'}"


def moment(text: str) -> datetime:
    """Heure UTC sans fuseau."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).replace(tzinfo=None)
