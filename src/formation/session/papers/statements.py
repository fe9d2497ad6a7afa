"""Les relevés d’un dossier de preuves : ce qui a été retenu, rendu à l’écran ou saisi, sous identifiant ou sans nom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from formation.session import places
from formation.session.model import Session
from formation.session.quizzes import headings, read_sheets
from formation.session.recorded import Answers, read_answers
from formation.session.satisfaction import MIN_GROUP, QUIZ, STATEMENTS

if TYPE_CHECKING:
    from formation.classroom.exports import Cell

Table = tuple[str, list[str], "list[list[Cell]]"]


def statements(session: Session) -> dict[str, bytes]:
    """Relevés d’une session ; un tableau resté vide n’en est pas un.

    Parameters
    ----------
    session : Session
        Session, réponses notées.

    Returns
    -------
    dict of str to bytes
        Chemin depuis la racine du dossier, et contenu pour un tableur français.

    Raises
    ------
    FormationError
        Si les réponses lues ou les questions figées ont été abîmées.
    """
    from formation.classroom.exports import csv_text

    answers = read_answers(session.root)
    tables = [*_quizzes(session, answers), *_presence(session, answers), *_forms(answers)]
    return {
        f"{places.COLLECT}/{name}.csv": csv_text(header, rows).encode("utf-8-sig")
        for name, header, rows in tables
        if rows
    }


def _quizzes(session: Session, answers: Answers) -> Iterator[Table]:
    if not any(answers.quiz.values()):
        return
    for name, sheet in read_sheets(session.root).items():
        rows: list[list[Cell]] = [
            [who, *(one.letters(given.get(one.id, ())) or "-" for one in sheet.questions)]
            for who, given in answers.quiz[name].items()
        ]
        yield name, ["identifiant", *headings(sheet)], rows


def _presence(session: Session, answers: Answers) -> Iterator[Table]:
    rows: list[list[Cell]] = [
        [who, *(minutes.get(slot.index) for slot in session.slots)] for who, minutes in answers.presence.items()
    ]
    yield "presences", ["identifiant", *(f"{slot.key} (minutes)" for slot in session.slots)], rows


def _forms(answers: Answers) -> Iterator[Table]:
    """Mots seulement, et à partir de cinq feuilles : les réponses libres, masquées, sont dans le rapport."""
    if len(answers.forms) < MIN_GROUP:
        return
    rows: list[list[Cell]] = [
        [float(rank), *(form.words.get(name, "") for name in STATEMENTS)]
        for rank, form in enumerate(answers.forms, start=1)
    ]
    yield QUIZ, ["feuille", *STATEMENTS.values()], rows
