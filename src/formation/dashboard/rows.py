"""Lignes du carnet de notes de nbgrader qu’une personne peut changer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def grades(link: Any, learner: str, assignment: str) -> list[Any]:
    """Notes d’une copie, tâches et réponses rédigées comprises.

    Parameters
    ----------
    link : Connection
        Carnet de notes ouvert.
    learner, assignment : str
        Stagiaire et devoir.

    Returns
    -------
    list of Row
        `id`, `notebook`, `cell`, `worth` (points possibles), `auto_score`, `manual_score`, `needs_manual_grade`.
    """
    from nbgrader import api
    from sqlalchemy import select, union_all

    grade, base = api.Grade.__table__, api.BaseCell.__table__
    worth = union_all(
        *(select(model.__table__.c.id, model.__table__.c.max_score) for model in (api.GradeCell, api.TaskCell))
    ).subquery()
    fields = (grade.c.id, base.c.name.label("cell"), worth.c.max_score.label("worth"))
    query = (
        select(*fields, _name(), grade.c.auto_score, grade.c.manual_score, grade.c.needs_manual_grade)
        .join(base, grade.c.cell_id == base.c.id)
        .join(worth, worth.c.id == base.c.id)
    )
    return list(link.execute(_of_copy(query, grade, learner, assignment)))


def comments(link: Any, learner: str, assignment: str) -> list[Any]:
    """Commentaires d’une copie, un par cellule où nbgrader en garde un.

    Parameters
    ----------
    link : Connection
        Carnet de notes ouvert.
    learner, assignment : str
        Stagiaire et devoir.

    Returns
    -------
    list of Row
        `id`, `notebook`, `cell`, `manual_comment`.
    """
    from nbgrader import api
    from sqlalchemy import select

    comment, base = api.Comment.__table__, api.BaseCell.__table__
    query = select(comment.c.id, base.c.name.label("cell"), _name(), comment.c.manual_comment)
    query = query.join(base, comment.c.cell_id == base.c.id)
    return list(link.execute(_of_copy(query, comment, learner, assignment)))


def _name() -> Any:
    from nbgrader import api

    return api.Notebook.__table__.c.name.label("notebook")


def _of_copy(query: Any, table: Any, learner: str, assignment: str) -> Any:
    from nbgrader import api

    handed, notebook = api.SubmittedNotebook.__table__, api.Notebook.__table__
    submission, given = api.SubmittedAssignment.__table__, api.Assignment.__table__
    return (
        query.join(handed, table.c.notebook_id == handed.c.id)
        .join(notebook, handed.c.notebook_id == notebook.c.id)
        .join(submission, handed.c.assignment_id == submission.c.id)
        .join(given, submission.c.assignment_id == given.c.id)
        .where(submission.c.student_id == learner, given.c.name == assignment)
    )


def find(found: Iterable[Any], notebook: str, cell: str) -> Any | None:
    """Ligne d’une cellule.

    Parameters
    ----------
    found : iterable of Row
        Résultat de `grades` ou de `comments`.
    notebook, cell : str
        Carnet et cellule.

    Returns
    -------
    Row or None
    """
    return next((row for row in found if (row.notebook, row.cell) == (notebook, cell)), None)
