"""Quiz d’une session : positionnement et évaluation finale, figés à la création pour que la lettre B reste la même."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formation.errors import FormationError
from formation.files import write_atomic
from formation.session import places
from formation.session.outcome import QuizName

if TYPE_CHECKING:
    from formation.questions import Bank
    from formation.session.model import Session

QUIZZES: tuple[QuizName, ...] = ("positionnement", "evaluation-finale")
TITLES: dict[QuizName, str] = {"positionnement": "Positionnement", "evaluation-finale": "Évaluation finale"}
FROZEN = f"{places.PREPARE}/questions.json"
KEY_PAGE = f"{places.PREPARE}/corriges-des-quiz.html"
LETTERS = "ABCDEFGH"
FORMAT = 1


class QuizIllisible(FormationError):
    """Les questions figées de la session manquent ou ont été abîmées."""


@dataclass(frozen=True, slots=True)
class SheetOption:
    """Réponse proposée, à sa place sur la feuille."""

    html: str
    text: str
    right: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """Question d’une feuille.

    Parameters
    ----------
    id : str
        Identifiant dans la banque.
    objectives : tuple of str
        Objectifs du parcours qu’elle évalue.
    kind : str
        unique ou multiple.
    html, text : str
        Énoncé, en HTML sûr et en texte simple.
    review : str
        Passage du livre à relire.
    options : tuple of SheetOption
        Dans l’ordre distribué : A, B, C…
    """

    id: str
    objectives: tuple[str, ...]
    kind: str
    html: str
    text: str
    review: str
    options: tuple[SheetOption, ...]

    @property
    def key(self) -> tuple[int, ...]:
        """Rangs des réponses justes, à partir de 0."""
        return tuple(rank for rank, option in enumerate(self.options) if option.right)

    def letters(self, chosen: Iterable[int]) -> str:
        """Lettres des rangs choisis.

        Parameters
        ----------
        chosen : iterable of int
            Rangs, à partir de 0.

        Returns
        -------
        str
            Par exemple « A C ».
        """
        return " ".join(LETTERS[rank] for rank in chosen)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Un quiz tel qu’il est distribué.

    Parameters
    ----------
    quiz : str
        positionnement ou evaluation-finale.
    title, instruction : str
        Titre et consigne.
    token : str
        Marque de la session : une réponse à une autre session est reconnue.
    questions : tuple of SheetQuestion
    """

    quiz: QuizName
    title: str
    instruction: str
    token: str
    questions: tuple[SheetQuestion, ...]

    def question(self, identifier: str) -> SheetQuestion | None:
        """Question d’un identifiant.

        Parameters
        ----------
        identifier : str
            Identifiant dans la banque.

        Returns
        -------
        SheetQuestion or None
            None si la feuille ne la pose pas.
        """
        return next((one for one in self.questions if one.id == identifier), None)


def token(session: Session) -> str:
    """Marque d’une session : deux groupes du même jour se distinguent, un dossier refait à l’identique se reconnaît.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    str
        Douze signes hexadécimaux, dont on ne tire aucun nom.
    """
    from formation.session.participants import list_csv

    parts = [session.pathway.parcours, session.title, str(session.seed), *(slot.key for slot in session.slots)]
    parts.append(hashlib.sha256(list_csv(session.participants)).hexdigest())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def build_sheets(session: Session, bank: Bank | None = None) -> dict[QuizName, Sheet]:
    """Compose les feuilles de la session d’après la banque de questions.

    L’ordre des réponses dépend de la graine de la session : le même pour tous ses stagiaires, à l’écran et sur papier.

    Parameters
    ----------
    session : Session
        Session.
    bank : Bank, optional
        Banque de questions ; par défaut celle du livre.

    Returns
    -------
    dict of str to Sheet

    Raises
    ------
    QuestionInconnue
        Si le parcours cite une question qui n’existe pas.
    """
    from formation import questions

    found = bank or questions.load()
    pathway = session.pathway
    parts = {"positionnement": pathway.positionnement, "evaluation-finale": pathway.evaluation_finale}
    return {
        name: Sheet(
            name,
            TITLES[name],
            parts[name].consigne,
            token(session),
            tuple(_question(session, found, name, identifier) for identifier in parts[name].questions),
        )
        for name in QUIZZES
    }


def _question(session: Session, bank: Bank, quiz: QuizName, identifier: str) -> SheetQuestion:
    item = bank[identifier]
    options = [SheetOption(one.text.html, one.text.text, one.right, one.feedback.text) for one in item.choices]
    random.Random(f"{session.seed}/{quiz}/{identifier}").shuffle(options)  # noqa: S311 - ordre d’affichage
    aimed = tuple(one.id for one in session.pathway.objectifs if identifier in one.questions)
    return SheetQuestion(
        item.id, aimed, item.kind, item.statement.html, item.statement.text, item.review, tuple(options)
    )


def write_quizzes(session: Session, folder: Path | None = None) -> list[tuple[str, Path]]:
    """Écrit les pages des quiz et du questionnaire de satisfaction, les tableaux de saisie et le corrigé du formateur.

    Parameters
    ----------
    session : Session
        Session.
    folder : Path, optional
        Racine du dossier à remplir ; par défaut celle de la session.

    Returns
    -------
    list of (str, Path)
        Pages à imprimer en PDF et fichiers à écrire, pour `printing.write_pdfs`.
    """
    from formation.session.quiz_pages import key_page, paper_page, screen_page
    from formation.session.satisfaction import write_form

    root = folder or session.root
    sheets = build_sheets(session)
    for name in (places.PREPARE, places.DISTRIBUTE, places.ANSWERS):
        (root / name).mkdir(parents=True, exist_ok=True)
    write_atomic(root / FROZEN, _frozen_text(sheets).encode())
    write_atomic(root / KEY_PAGE, key_page(session, sheets).encode())
    jobs = []
    for name, sheet in sheets.items():
        write_atomic(root / places.DISTRIBUTE / f"{name}.html", screen_page(session, sheet).encode())
        jobs.append((paper_page(session, sheet), root / places.DISTRIBUTE / f"{name}.pdf"))
        _template(root, name, ["identifiant", *headings(sheet)], [one.id for one in session.participants])
    jobs.append(write_form(session, root))
    return jobs


def headings(sheet: Sheet) -> list[str]:
    """En-têtes de colonnes du tableau de saisie : « Q1 eau-q03 »….

    Parameters
    ----------
    sheet : Sheet
        Feuille.

    Returns
    -------
    list of str
    """
    return [f"Q{rank} {one.id}" for rank, one in enumerate(sheet.questions, start=1)]


def _template(root: Path, name: str, header: list[str], learners: list[str]) -> None:
    from formation.classroom.exports import write_csv

    blank = [""] * (len(header) - 1)
    write_csv(root / places.COLLECT / f"{name}.csv", header, [[learner, *blank] for learner in learners])


def _frozen_text(sheets: dict[QuizName, Sheet]) -> str:
    data = {"format": FORMAT, "quiz": {name: asdict(sheet) for name, sheet in sheets.items()}}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_sheets(root: Path) -> dict[QuizName, Sheet]:
    """Relit les feuilles telles qu’elles ont été distribuées.

    Parameters
    ----------
    root : Path
        Dossier de la session.

    Returns
    -------
    dict of str to Sheet

    Raises
    ------
    QuizIllisible
        Si le fichier des questions manque ou a été abîmé.
    """
    path = root / FROZEN
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {name: _sheet(data["quiz"][name]) for name in QUIZZES}
    except (OSError, ValueError, KeyError, TypeError):
        raise QuizIllisible(
            f"{path} manque ou a été abîmé : sans lui, on ne sait plus quelle réponse portait la lettre A. Remettez la "
            "copie de sauvegarde de la session ; les réponses rendues, elles, sont intactes."
        ) from None


def _sheet(raw: dict[str, Any]) -> Sheet:
    return Sheet(
        raw["quiz"],
        raw["title"],
        raw["instruction"],
        raw["token"],
        tuple(
            SheetQuestion(
                one["id"],
                tuple(one["objectives"]),
                one["kind"],
                one["html"],
                one["text"],
                one["review"],
                tuple(SheetOption(**option) for option in one["options"]),
            )
            for one in raw["questions"]
        ),
    )
