"""Relire ce que la correction n’a pas voulu décider seule ; chaque décision est gardée, datée."""

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.exports import write_text
from formation.classroom.grading import decided
from formation.classroom.grading.gradebook import connection
from formation.classroom.grading.types import CopyReport
from formation.classroom.marks import Key, Marked, read_marks
from formation.classroom.results import read_decisions, read_report

JOURNAL = "decisions.jsonl"
Decision = Literal["acceptée", "refusée"]
ACCEPT: Decision = "acceptée"
REFUSE: Decision = "refusée"
DEFAULT_COMMENT = "Points retirés après relecture par une personne."
_AUTOMATIC = ("valeur", "fonction", "interne")


@dataclass(frozen=True, slots=True)
class Point:
    """Cellule à regarder, pourquoi, et la cellule de réponse qu’elle contrôle."""

    notebook: str
    cell: str
    reasons: list[str]
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Copie en attente d’une décision.

    Parameters
    ----------
    learner, assignment, state : str
        Stagiaire, devoir, état de la copie.
    reasons : list of str
        Pourquoi la correction n’a pas décidé seule.
    points : list of Point
        Cellules à regarder.
    by_hand : list of Point
        Cellules qu’une personne doit noter dans formgrader : ni acceptées ni refusées ici.
    """

    learner: str
    assignment: str
    state: str
    reasons: list[str] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    by_hand: list[Point] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Désignation à donner à `--accepter` ou `--refuser`."""
        return f"{self.learner}:{self.assignment}"

    def to_json(self) -> dict[str, Any]:
        """Données pour une machine."""
        return {"copie": self.name, **asdict(self)}


def queue(root: Path, db_url: str) -> list[Case]:
    """Copies qu’une personne doit regarder.

    Parameters
    ----------
    root : Path
        Dossier de la session.
    db_url : str
        Adresse SQLAlchemy du carnet de notes.

    Returns
    -------
    list of Case

    Raises
    ------
    AtelierImpossible
        Si le carnet de notes ne se laisse pas lire.
    """
    taken = read_decisions(db_url)
    marks = read_marks(db_url)
    keys = set(marks) | {(path.parent.name, path.stem) for path in (root / "corrections").glob("*/*.json")}
    found = []
    for learner, assignment in sorted(keys):
        report = read_report(root, learner, assignment, taken)
        case = _case(learner, assignment, report, marks.get((learner, assignment)))
        if case is not None:
            found.append(case)
    return found


def _case(learner: str, assignment: str, report: CopyReport | None, marked: Marked | None) -> Case | None:
    case = Case(learner, assignment, report.state if report else "corrigée", list(report.reasons) if report else [])
    kinds = {}
    for notebook in report.notebooks if report else ():
        answer = ""
        for cell in notebook.cells:
            kinds[notebook.name, cell.name] = cell.kind
            answer = cell.name if cell.kind == "reponse" else answer
            if cell.review:
                case.points.append(Point(notebook.name, cell.name, list(cell.review), answer))
    listed = {(point.notebook, point.cell) for point in case.points}
    for mark in marked.marks if marked else ():
        place = (mark.notebook, mark.cell)
        if mark.waiting and place not in listed and kinds.get(place) not in _AUTOMATIC:
            case.by_hand.append(Point(*place, ["une personne doit la noter"]))
    if marked and marked.flagged and not case.reasons:
        case.reasons.append(f"marquée pour relecture : {', '.join(marked.flagged)}")
    waiting = case.points or case.by_hand or (marked and marked.flagged)
    if report is not None and report.decision:
        case.reasons[:] = [reason for reason in case.reasons if reason not in report.reasons]
        flagged = "à relire" if marked and marked.flagged else "à noter"
        return replace(case, state=flagged) if waiting else None
    if waiting and case.state == "corrigée":
        return replace(case, state="à relire" if marked and marked.flagged else "à noter")
    return case if case.state != "corrigée" else None


def export_journal(root: Path, db_url: str) -> Path | None:
    """Récrit le journal des décisions, copie lisible de ce que garde le carnet de notes.

    Parameters
    ----------
    root : Path
        Dossier de la session.
    db_url : str
        Adresse SQLAlchemy du carnet de notes.

    Returns
    -------
    Path or None
        `corrections/decisions.jsonl`, une décision par ligne ; None s’il n’y en a aucune.

    Raises
    ------
    AtelierImpossible
        Si le carnet de notes ne se lit pas, ou si le journal ne peut pas être écrit ; les décisions restent.
    """
    with connection(db_url) as link:
        lines = [json.dumps(one.to_json(), ensure_ascii=False) + "\n" for one in decided.read(link)]
    path = root / "corrections" / JOURNAL
    text = "".join(lines)
    if not lines or (path.is_file() and path.read_text(encoding="utf-8") == text):
        return path if lines else None
    with contextlib.suppress(OSError):  # write_text dira ce qui l’empêche
        path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
    return path


def decide(root: Path, db_url: str, names: Sequence[str], decision: Decision, comment: str = "") -> list[Case]:
    """Accepte ou refuse des copies en attente ; tout est vérifié avant d’écrire.

    Accepter garde les points calculés. Refuser met 0 aux contrôles à relire (à tous les contrôles automatiques si
    c’est la copie entière qui est en cause), avec un commentaire.

    Parameters
    ----------
    root : Path
        Dossier de la session.
    db_url : str
        Adresse SQLAlchemy du carnet de notes.
    names : sequence of str
        Copies, `stagiaire:devoir`.
    decision : str
        `acceptée` ou `refusée`.
    comment : str
        Commentaire montré au stagiaire en cas de refus.

    Returns
    -------
    list of Case
        Copies décidées.

    Raises
    ------
    AtelierImpossible
        Si une désignation est fausse ou si une copie n’attend rien ; rien n’est alors changé.
    """
    with _alone(root):
        return _decide(root, db_url, names, decision, comment)


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Aucune correction pendant une décision : elle remettrait la copie à relire."""
    if not hasattr(os, "fork"):
        yield
        return
    from formation.classroom.grading.locks import course_lock

    with course_lock(root):
        yield


def _decide(root: Path, db_url: str, names: Sequence[str], decision: Decision, comment: str) -> list[Case]:
    waiting = {case.name: case for case in queue(root, db_url)}
    problems = [problem for name in names if (problem := _refusal(name, waiting, decision))]
    if problems:
        listing = "\n".join(f"- {problem}" for problem in problems)
        raise AtelierImpossible(french(f"Rien n’est changé.\n{listing}"))
    cases = [waiting[name] for name in dict.fromkeys(names)]
    text = comment.strip() or (DEFAULT_COMMENT if decision == REFUSE else "")
    _record(root, db_url, cases, decision, text)
    return cases


def _refusal(name: str, waiting: dict[str, Case], decision: Decision) -> str:
    case = waiting.get(name)
    if case is None:
        shown = ", ".join(list(waiting)[:5]) or "aucune"
        return f"« {name} » n’attend aucune décision. Forme : stagiaire-07:devoir. Copies en attente : {shown}."
    if case.state in ("refusée", "échec") and decision == ACCEPT:
        return (
            f"« {name} » n’a pas de points à garder ({case.state}). Demandez une nouvelle copie et corrigez de "
            "nouveau, ou notez-la à la main dans formgrader."
        )
    if case.by_hand and not case.points and case.state != "refusée":
        return f"« {name} » attend une note donnée à la main : ouvrez formgrader (jupyter lab, puis Formgrader)."
    return ""


def _record(root: Path, db_url: str, cases: Sequence[Case], decision: Decision, comment: str) -> None:
    from formation.classroom.grading.database import Database

    database = Database(db_url)
    try:
        with database.transaction() as link:
            for case in cases:
                _record_one(link, case, decision, comment)
            decided.store(link, [_taken(root, case, decision, comment) for case in cases])
    finally:
        database.close()


def _record_one(link: Any, case: Case, decision: Decision, comment: str) -> None:
    from nbgrader import api
    from sqlalchemy import inspect, select, text, update

    handed, notebook = api.SubmittedNotebook.__table__, api.Notebook.__table__
    submission, assignment = api.SubmittedAssignment.__table__, api.Assignment.__table__
    grade, base, graded = api.Grade.__table__, api.BaseCell.__table__, api.GradeCell.__table__
    query = (
        select(handed.c.id, notebook.c.name)
        .join(submission, handed.c.assignment_id == submission.c.id)
        .join(assignment, submission.c.assignment_id == assignment.c.id)
        .join(notebook, handed.c.notebook_id == notebook.c.id)
        .where(submission.c.student_id == case.learner, assignment.c.name == case.assignment)
    )
    chosen = {(point.notebook, point.cell) for point in case.points}
    by_hand = {(point.notebook, point.cell) for point in case.by_hand}
    for key, name in link.execute(query).all():
        link.execute(update(handed).where(handed.c.id == key).values(flagged=False))
        cells = select(grade.c.id, base.c.name).join(base, grade.c.cell_id == base.c.id)
        # les tâches et les réponses rédigées restent à la personne qui les note
        cells = cells.join(graded, graded.c.id == base.c.id).where(grade.c.notebook_id == key)
        for row, cell in link.execute(cells).all():
            place = (name, cell)
            if place in by_hand or (chosen and place not in chosen):
                continue
            values: dict[str, Any] = {"needs_manual_grade": False}
            if decision == REFUSE:
                values["manual_score"] = 0.0
            link.execute(update(grade).where(grade.c.id == row).values(**values))
        if decision == REFUSE:
            answers = {point.answer for point in case.points if point.notebook == name}
            _comment(link, key, comment, answers if chosen else None)
    if inspect(link).has_table("formation_corrections") and case.state == "à relire":
        link.execute(
            text("UPDATE formation_corrections SET etat = :e, drapeaux = '[]' WHERE stagiaire = :s AND devoir = :d"),
            {"e": "corrigée", "s": case.learner, "d": case.assignment},
        )


def _comment(link: Any, notebook: str, comment: str, answers: set[str] | None) -> None:
    from nbgrader import api
    from sqlalchemy import select, update

    table, base = api.Comment.__table__, api.BaseCell.__table__
    query = select(table.c.id, table.c.manual_comment, base.c.name).join(base, table.c.cell_id == base.c.id)
    for key, old, name in link.execute(query.where(table.c.notebook_id == notebook)).all():
        if (answers is None or name in answers) and comment not in (old or ""):
            joined = f"{old}\n{comment}" if old else comment
            link.execute(update(table).where(table.c.id == key).values(manual_comment=joined))


def _taken(root: Path, case: Case, decision: Decision, comment: str) -> decided.Decided:
    report = read_report(root, case.learner, case.assignment)
    fingerprint = report.fingerprint if report else ""
    reasons = [*case.reasons, *(reason for point in case.points for reason in point.reasons)]
    return decided.Decided(case.learner, case.assignment, fingerprint, decision, reasons, comment)


def keys_of(cases: Iterable[Case]) -> list[Key]:
    """Stagiaire et devoir de chaque copie.

    Parameters
    ----------
    cases : iterable of Case
        Copies.

    Returns
    -------
    list of (str, str)
    """
    return [(case.learner, case.assignment) for case in cases]
