"""Les lignes d’un lot de copies, telles que nbgrader les écrit, mais par instructions groupées.

nbgrader (`update_or_create_submission`, SaveAutoGrades, AssignLatePenalties) fait une requête et une validation par
cellule ; ici, une lecture et une écriture par table et par lot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from formation.classroom.grading import ledger
from formation.classroom.grading.penalties import Penalties
from formation.classroom.grading.types import CopyReport, NotebookResult

Row = dict[str, Any]
_AUTOMATIC = ("valeur", "fonction", "interne")


@dataclass(frozen=True, slots=True)
class Written:
    """Copie prête à inscrire, avec l’heure de remise (UTC, sans fuseau) s’il y en a une."""

    report: CopyReport
    timestamp: datetime | None = None


@dataclass(slots=True)
class _Assignment:
    """Devoir dans la base : identifiants des carnets et des cellules, par nom."""

    key: str
    duedate: datetime | None
    notebooks: dict[str, str] = field(default_factory=dict)
    grades: dict[str, dict[str, str]] = field(default_factory=dict)
    comments: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Changes:
    """Lignes à insérer et à mettre à jour, par table."""

    inserts: dict[str, list[Row]] = field(default_factory=dict)
    updates: dict[str, list[Row]] = field(default_factory=dict)

    def insert(self, table: str, row: Row) -> Row:
        self.inserts.setdefault(table, []).append(row)
        return row

    def update(self, table: str, row: Row) -> None:
        self.updates.setdefault(table, []).append(row)


def save(connection: Any, batch: Sequence[Written], penalties: Penalties) -> None:
    """Inscrit un lot de copies dans la transaction ouverte.

    Parameters
    ----------
    connection : Connection
        Transaction ouverte, verrou d’écriture pris.
    batch : sequence of Written
        Copies, une fois chacune. Une copie en échec n’entre qu’au registre.
    penalties : Penalties
        Retenues de retard du cours.
    """
    entries = ledger.read_some(connection, [(item.report.learner, item.report.assignment) for item in batch])
    graded = [item for item in batch if item.report.state != "échec"]
    changes = _Changes()
    flags: dict[int, list[str]] = {}
    assignments = _read_assignments(connection, {item.report.assignment for item in graded})
    students = _existing(connection, "Student", "id", {item.report.learner for item in graded})
    for learner in dict.fromkeys(item.report.learner for item in graded):
        if learner not in students:
            changes.insert("Student", {"id": learner})
    for name, assignment in assignments.items():
        chosen = [item for item in graded if item.report.assignment == name]
        known = _read_rows(connection, assignment, [item.report.learner for item in chosen])
        for item in chosen:
            entry = entries.get((item.report.learner, name))
            ours = entry.flagged if entry else []
            flags[id(item)] = _save_copy(item, assignment, known, penalties, changes, ours)
    _apply(connection, changes)
    ledger.store(connection, [(item.report, flags.get(id(item), [])) for item in batch])


@cache
def _tables() -> SimpleNamespace:
    from nbgrader import api

    names = (
        "Student",
        "Assignment",
        "Notebook",
        "BaseCell",
        "SubmittedAssignment",
        "SubmittedNotebook",
        "Grade",
        "Comment",
    )
    return SimpleNamespace(**{name: getattr(api, name).__table__ for name in names})


def _existing(connection: Any, table: str, column: str, values: set[str]) -> set[str]:
    from sqlalchemy import select

    target = getattr(_tables(), table).c[column]
    return {row[0] for row in connection.execute(select(target).where(target.in_(values)))}


def _read_assignments(connection: Any, names: set[str]) -> dict[str, _Assignment]:
    from sqlalchemy import select

    t = _tables()
    found: dict[str, _Assignment] = {}
    query = select(t.Assignment.c.id, t.Assignment.c.name, t.Assignment.c.duedate)
    for row in connection.execute(query.where(t.Assignment.c.name.in_(names))):
        found[row.name] = _Assignment(row.id, row.duedate)
    by_key = {one.key: one for one in found.values()}
    cells = (
        select(
            t.Notebook.c.assignment_id,
            t.Notebook.c.name.label("notebook"),
            t.Notebook.c.id.label("notebook_id"),
            t.BaseCell.c.id,
            t.BaseCell.c.name,
            t.BaseCell.c.type,
        )
        .join_from(t.Notebook, t.BaseCell, t.BaseCell.c.notebook_id == t.Notebook.c.id, isouter=True)
        .where(t.Notebook.c.assignment_id.in_(by_key))
    )
    for row in connection.execute(cells):
        assignment = by_key[row.assignment_id]
        assignment.notebooks[row.notebook] = row.notebook_id
        grades = assignment.grades.setdefault(row.notebook, {})
        comments = assignment.comments.setdefault(row.notebook, {})
        if row.type in ("GradeCell", "TaskCell"):
            grades[row.name] = row.id
        if row.type in ("SolutionCell", "TaskCell"):
            comments[row.name] = row.id
    return found


@dataclass(slots=True)
class _Known:
    """Lignes déjà en base pour un lot : copies par stagiaire, carnets, notes et commentaires par clés."""

    submissions: dict[str, Any]
    notebooks: dict[tuple[str, str], Any]
    grades: dict[tuple[str, str], Any]
    comments: dict[tuple[str, str], Any]


def _read_rows(connection: Any, assignment: _Assignment, learners: list[str]) -> _Known:
    from sqlalchemy import select

    t = _tables()
    s, n, g, c = t.SubmittedAssignment.c, t.SubmittedNotebook.c, t.Grade.c, t.Comment.c
    submissions = connection.execute(select(s).where(s.assignment_id == assignment.key, s.student_id.in_(learners)))
    by_learner = {row.student_id: row for row in submissions}
    keys = [row.id for row in by_learner.values()]
    notebooks = connection.execute(select(n).where(n.assignment_id.in_(keys))).all() if keys else []
    below = [row.id for row in notebooks]
    grades = connection.execute(select(g).where(g.notebook_id.in_(below))).all() if below else []
    comments = connection.execute(select(c).where(c.notebook_id.in_(below))).all() if below else []
    return _Known(
        by_learner,
        {(row.assignment_id, row.notebook_id): row for row in notebooks},
        {(row.notebook_id, row.cell_id): row for row in grades},
        {(row.notebook_id, row.cell_id): row for row in comments},
    )


def _save_copy(
    item: Written, assignment: _Assignment, known: _Known, penalties: Penalties, changes: _Changes, ours: list[str]
) -> list[str]:
    report = item.report
    row = known.submissions.get(report.learner)
    if row is None:
        key, extension, timestamp = uuid4().hex, None, item.timestamp
        changes.insert(
            "SubmittedAssignment",
            {
                "id": key,
                "assignment_id": assignment.key,
                "student_id": report.learner,
                "timestamp": timestamp,
                "extension": None,
            },
        )
    else:
        # comme nbgrader : sans fichier timestamp.txt, l’heure déjà connue reste
        key, extension, timestamp = row.id, row.extension, item.timestamp or row.timestamp
        if timestamp != row.timestamp:
            changes.update("SubmittedAssignment", {"cle": key, "timestamp": timestamp})
    late_s = _late_s(timestamp, assignment.duedate, extension)
    results = {result.name: result for result in report.notebooks}
    flagged: list[str] = []
    for name, notebook_key in assignment.notebooks.items():
        result = results.get(name) or NotebookResult(name, present=False)
        before = known.notebooks.get((key, notebook_key))
        submitted = before.id if before is not None else uuid4().hex
        score = _save_grades(result, submitted, assignment.grades[name], known, changes, decided=bool(report.decision))
        _save_comments(result, submitted, assignment.comments[name], known, changes)
        unread = report.state == "refusée" and not result.present and not report.decision
        suspect = unread or any(cell.review for cell in result.cells)
        human = bool(before is not None and before.flagged and name not in ours)
        if suspect and not human:
            flagged.append(name)
        values = {
            "flagged": suspect or human,
            "late_submission_penalty": penalties.penalty(report.learner, score, late_s) if result.present else None,
        }
        if before is None:
            changes.insert(
                "SubmittedNotebook", {"id": submitted, "assignment_id": key, "notebook_id": notebook_key, **values}
            )
        elif (bool(before.flagged), before.late_submission_penalty) != tuple(values.values()):
            changes.update("SubmittedNotebook", {"cle": submitted, **values})
    return flagged


def _late_s(timestamp: datetime | None, duedate: datetime | None, extension: Any) -> float:
    if timestamp is None or duedate is None:
        return 0.0
    limit = duedate if extension is None else duedate + extension
    return max(0.0, (timestamp - limit).total_seconds())


def _save_grades(
    result: NotebookResult, submitted: str, cells: dict[str, str], known: _Known, changes: _Changes, *, decided: bool
) -> float:
    by_name = {cell.name: cell for cell in result.cells}
    scores = result.scores
    total = 0.0
    for name, cell_key in cells.items():
        row = known.grades.get((submitted, cell_key))
        manual = row.manual_score if row is not None else None
        extra = row.extra_credit if row is not None else None
        review = bool(name in by_name and by_name[name].review)
        if not result.present:
            auto: float | None = 0.0
            needs = review
        elif name in scores:
            auto = scores[name]
            # comme nbgrader, une note donnée à la main est à revoir ; sauf si une personne a déjà décidé de cette copie
            settled = decided and by_name[name].kind in _AUTOMATIC
            needs = not settled and (review or manual is not None or auto is None)
        else:
            auto = row.auto_score if row is not None else None
            needs = bool(row.needs_manual_grade) if row is not None else True
        counted = manual if manual is not None else auto
        total += (counted + (extra or 0.0)) if counted is not None else 0.0
        values = {"auto_score": auto, "needs_manual_grade": needs}
        if row is None:
            changes.insert(
                "Grade",
                {
                    "id": uuid4().hex,
                    "notebook_id": submitted,
                    "cell_id": cell_key,
                    "manual_score": None,
                    "extra_credit": None,
                    **values,
                },
            )
        elif (row.auto_score, bool(row.needs_manual_grade)) != (auto, needs):
            changes.update("Grade", {"cle": row.id, **values})
    return total


def _save_comments(
    result: NotebookResult, submitted: str, cells: dict[str, str], known: _Known, changes: _Changes
) -> None:
    for name, cell_key in cells.items():
        row = known.comments.get((submitted, cell_key))
        if row is None:
            changes.insert(
                "Comment",
                {
                    "id": uuid4().hex,
                    "notebook_id": submitted,
                    "cell_id": cell_key,
                    "auto_comment": result.comments.get(name) if result.present else None,
                    "manual_comment": None,
                },
            )
        elif result.present and name in result.comments and row.auto_comment != result.comments[name]:
            changes.update("Comment", {"cle": row.id, "auto_comment": result.comments[name]})


def _apply(connection: Any, changes: _Changes) -> None:
    from sqlalchemy import bindparam, insert, update

    t = _tables()
    # l’ordre respecte les clés étrangères
    for name in ("Student", "SubmittedAssignment", "SubmittedNotebook", "Grade", "Comment"):
        table = getattr(t, name)
        rows = changes.inserts.get(name)
        if rows:
            connection.execute(insert(table), rows)
        changed = changes.updates.get(name)
        if changed:
            # une instruction par forme de ligne : les colonnes changées sont les mêmes pour toute une table
            columns: Row = {key: bindparam(key) for key in changed[0] if key != "cle"}
            connection.execute(update(table).where(table.c.id == bindparam("cle")).values(**columns), changed)


def read_late(connection: Any, stamps: Mapping[tuple[str, str], datetime]) -> dict[tuple[str, str], float]:
    """Calcule le retard des copies, délais accordés compris.

    Parameters
    ----------
    connection : Connection
        Transaction ouverte.
    stamps : mapping
        Heure de remise lue dans submitted/, par stagiaire et devoir ; sans elle, celle du carnet de notes compte.

    Returns
    -------
    dict of (str, str) to float
        Retard en secondes des copies en retard.
    """
    from sqlalchemy import select

    t = _tables()
    due = {row[0]: row[1] for row in connection.execute(select(t.Assignment.c.name, t.Assignment.c.duedate))}
    if not any(due.values()):
        return {}
    fields = (t.SubmittedAssignment.c.student_id, t.Assignment.c.name)
    query = select(*fields, t.SubmittedAssignment.c.timestamp, t.SubmittedAssignment.c.extension)
    query = query.where(t.SubmittedAssignment.c.assignment_id == t.Assignment.c.id)
    known = {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(query)}
    late = {}
    for key in {*known, *stamps}:
        timestamp, extension = known.get(key, (None, None))
        seconds = _late_s(stamps.get(key) or timestamp, due.get(key[1]), extension)
        if seconds > 0:
            late[key] = seconds
    return late


def read_manual(connection: Any, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Row]:
    """Lit ce qu’une personne a déjà noté, pour les pages de retour.

    Parameters
    ----------
    connection : Connection
        Transaction ouverte.
    keys : sequence of (str, str)
        Stagiaire et devoir de chaque copie.

    Returns
    -------
    dict
        Par copie, puis par carnet et par cellule : `points`, `supplement` et `commentaire`.
    """
    from sqlalchemy import select

    t = _tables()
    wanted = set(keys)
    found: dict[tuple[str, str], Row] = {}
    for table, columns in (
        (t.Grade, {"points": t.Grade.c.manual_score, "supplement": t.Grade.c.extra_credit}),
        (t.Comment, {"commentaire": t.Comment.c.manual_comment}),
    ):
        query = (
            select(
                t.SubmittedAssignment.c.student_id,
                t.Assignment.c.name.label("assignment"),
                t.Notebook.c.name.label("notebook"),
                t.BaseCell.c.name.label("cell"),
                *(column.label(name) for name, column in columns.items()),
            )
            .join_from(table, t.BaseCell, table.c.cell_id == t.BaseCell.c.id)
            .join(t.SubmittedNotebook, table.c.notebook_id == t.SubmittedNotebook.c.id)
            .join(t.Notebook, t.SubmittedNotebook.c.notebook_id == t.Notebook.c.id)
            .join(t.SubmittedAssignment, t.SubmittedNotebook.c.assignment_id == t.SubmittedAssignment.c.id)
            .join(t.Assignment, t.SubmittedAssignment.c.assignment_id == t.Assignment.c.id)
            .where(next(iter(columns.values())).is_not(None))
        )
        for row in connection.execute(query):
            key = (row.student_id, row.assignment)
            if key in wanted:
                cell = found.setdefault(key, {}).setdefault(row.notebook, {}).setdefault(row.cell, {})
                cell |= {name: getattr(row, name) for name in columns}
    return found
