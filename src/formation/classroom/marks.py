"""Lire toutes les notes du carnet de notes, en une requête par table et sans rien y écrire."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formation.classroom.grading.types import Json

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """Note d’une cellule.

    Parameters
    ----------
    notebook, cell : str
        Carnet et cellule.
    maximum : float
        Points possibles.
    auto, manual, extra : float or None
        Points du moteur, d’une personne, supplément d’une personne.
    waiting : bool
        Vrai si une personne doit encore noter ou relire.
    """

    notebook: str
    cell: str
    maximum: float
    auto: float | None
    manual: float | None
    extra: float | None
    waiting: bool

    @property
    def score(self) -> float:
        """Points comptés par nbgrader : ceux d’une personne d’abord."""
        base = self.manual if self.manual is not None else self.auto
        return 0.0 if base is None else base + (self.extra or 0.0)


@dataclass(slots=True)
class Marked:
    """Notes d’une copie.

    Parameters
    ----------
    learner, assignment : str
        Stagiaire et devoir.
    marks : list of Mark
        Une par cellule notée.
    comments : dict
        (carnet, cellule) → commentaire d’une personne.
    penalties : dict
        Carnet → points retirés pour retard.
    flagged : list of str
        Carnets marqués pour relecture.
    """

    learner: str
    assignment: str
    marks: list[Mark] = field(default_factory=list)
    comments: dict[Key, str] = field(default_factory=dict)
    penalties: dict[str, float] = field(default_factory=dict)
    flagged: list[str] = field(default_factory=list)

    @property
    def graded(self) -> bool:
        """Faux si nbgrader a inscrit la copie sans pouvoir la noter : zéro serait injuste."""
        return any(mark.auto is not None or mark.manual is not None for mark in self.marks)

    @property
    def points(self) -> float:
        """Points obtenus, retard déduit."""
        return max(0.0, sum(mark.score for mark in self.marks) - sum(self.penalties.values()))

    @property
    def maximum(self) -> float:
        """Points possibles."""
        return sum(mark.maximum for mark in self.marks)

    def manual(self) -> dict[str, dict[str, Json]]:
        """Ce qu’une personne a donné, dans la forme qu’attend `feedback.render`.

        Returns
        -------
        dict
            Par carnet puis par cellule, `points`, `supplement` et `commentaire`.
        """
        given: dict[str, dict[str, Json]] = {}
        for mark in self.marks:
            values = {"points": mark.manual, "supplement": mark.extra}
            if any(value is not None for value in values.values()):
                given.setdefault(mark.notebook, {})[mark.cell] = values
        for (notebook, cell), text in self.comments.items():
            given.setdefault(notebook, {}).setdefault(cell, {})["commentaire"] = text
        return given


@dataclass(frozen=True, slots=True)
class Learner:
    """Stagiaire inscrit au carnet de notes."""

    name: str
    first: str = ""
    last: str = ""
    email: str = ""


def gradebook_url(root: Path) -> str:
    """Adresse du carnet de notes d’une session, d’après ses réglages.

    Parameters
    ----------
    root : Path
        Dossier de la session.

    Returns
    -------
    str
        Adresse SQLAlchemy.
    """
    from formation.classroom.grading.settings import read_settings

    return read_settings(root).db_url


def read_marks(db_url: str) -> dict[Key, Marked]:
    """Lit les notes de toutes les copies.

    Parameters
    ----------
    db_url : str
        Adresse SQLAlchemy du carnet de notes.

    Returns
    -------
    dict of (str, str) to Marked
        Par stagiaire et devoir ; dans l’ordre.

    Raises
    ------
    AtelierImpossible
        Si le carnet de notes ne se laisse pas lire.
    """
    from formation.classroom.grading.gradebook import connection

    with connection(db_url) as link:
        copies, places = _copies(link)
        _grades(link, copies, places)
    return dict(sorted(((one.learner, one.assignment), one) for one in copies.values()))


def _copies(link: Any) -> tuple[dict[str, Marked], dict[str, tuple[str, str]]]:
    from nbgrader import api
    from sqlalchemy import select

    submission, assignment = api.SubmittedAssignment.__table__.c, api.Assignment.__table__.c
    handed, notebook = api.SubmittedNotebook.__table__.c, api.Notebook.__table__.c
    query = select(submission.id, submission.student_id, assignment.name)
    rows = link.execute(query.where(submission.assignment_id == assignment.id))
    copies = {row[0]: Marked(str(row[1]), str(row[2])) for row in rows}
    fields = (handed.id, handed.assignment_id, notebook.name, handed.flagged, handed.late_submission_penalty)
    places: dict[str, tuple[str, str]] = {}
    for key, copy, name, flagged, penalty in link.execute(select(*fields).where(handed.notebook_id == notebook.id)):
        if copy in copies:
            places[key] = (copy, name)
            if flagged:
                copies[copy].flagged.append(name)
            if penalty:
                copies[copy].penalties[name] = float(penalty)
    return copies, places


def _grades(link: Any, copies: dict[str, Marked], places: dict[str, tuple[str, str]]) -> None:
    from nbgrader import api
    from sqlalchemy import select

    worth: dict[str, float] = {}
    for model in (api.GradeCell, api.TaskCell):
        table = model.__table__.c
        worth |= {row[0]: float(row[1]) for row in link.execute(select(table.id, table.max_score))}
    base, grade, comment = api.BaseCell.__table__.c, api.Grade.__table__.c, api.Comment.__table__.c
    names = {row[0]: str(row[1]) for row in link.execute(select(base.id, base.name))}
    fields = (grade.notebook_id, grade.cell_id, grade.auto_score, grade.manual_score, grade.extra_credit)
    for place, cell, auto, manual, extra, waiting in link.execute(select(*fields, grade.needs_manual_grade)):
        if place in places and cell in worth:
            copy, notebook = places[place]
            copies[copy].marks.append(
                Mark(notebook, names[cell], worth[cell], auto, manual, extra, waiting=bool(waiting))
            )
    texts = select(comment.notebook_id, comment.cell_id, comment.manual_comment)
    for place, cell, text in link.execute(texts.where(comment.manual_comment.is_not(None))):
        if place in places and cell in names and text:
            copy, notebook = places[place]
            copies[copy].comments[notebook, names[cell]] = str(text)


def read_learners(db_url: str) -> dict[str, Learner]:
    """Lit les stagiaires inscrits au carnet de notes.

    Parameters
    ----------
    db_url : str
        Adresse SQLAlchemy du carnet de notes.

    Returns
    -------
    dict of str to Learner
        Par identifiant.

    Raises
    ------
    AtelierImpossible
        Si le carnet de notes ne se laisse pas lire.
    """
    from formation.classroom.grading.gradebook import connection

    with connection(db_url) as link:
        from nbgrader import api
        from sqlalchemy import select

        table = api.Student.__table__.c
        rows: Iterable[Any] = link.execute(select(table.id, table.first_name, table.last_name, table.email))
        return {str(row[0]): Learner(str(row[0]), *(str(value or "") for value in row[1:])) for row in rows}
