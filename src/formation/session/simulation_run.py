"""Répétition générale : une session jouée par des stagiaires simulés, du positionnement aux copies corrigées.

Tout ce qui en sort est marqué comme un essai : un fichier à la racine du dossier le dit aux papiers et au rapport.
"""

from __future__ import annotations

import json
import math
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formation.errors import FormationError, reason
from formation.files import write_atomic
from formation.session import places
from formation.session.answers import PRESENCES, Noted, look, note, refuse_erased
from formation.session.outcome import TRIAL, QuizName, is_trial
from formation.session.quizzes import FORMAT, LETTERS, Sheet, SheetQuestion, read_sheets
from formation.session.satisfaction import OPEN, QUIZ, STATEMENTS, WORDS

if TYPE_CHECKING:
    from formation.session.model import Session

SEED = 447
COPIES = f"{places.COLLECT}/copies"
_GAIN = 0.9
"""Écart de niveau donné entre l’entrée et la sortie : une hypothèse de la simulation, pas un effet mesuré."""
_NOTE = (
    "ESSAI – stagiaires simulés.\n"
    "Les réponses, les présences, les avis et les copies de ce dossier ont été tirés au sort (graine {seed}).\n"
    "Rien n’y décrit une vraie personne ; attestations et rapport portent la mention « essai ».\n"
    "Pour une vraie session, créez un dossier neuf : formation session creer.\n"
)
_COMMENTS = {
    "utile": ("Essai : les exercices.", "Essai : la grille de questions.", "Essai : les exemples chiffrés."),
    "changer": ("Essai : une pause plus longue.", "Essai : moins de diapositives.", ""),
}
Tell = Callable[[int, int, str], None]


class SimulationRefusee(FormationError):
    """Le dossier contient déjà de vraies réponses : rien n’est simulé."""


@dataclass(slots=True)
class Played:
    """Bilan d’une répétition : ce qui a été noté, les copies corrigées, les rôles donnés."""

    noted: Noted
    copies: int = 0
    failed: list[str] = field(default_factory=list)
    idle: str = ""
    absent: str = ""

    def to_json(self) -> dict[str, Any]:
        """Bilan pour une machine."""
        return {
            "essai": True,
            "note": self.noted.to_json(),
            "copies": self.copies,
            "echecs": self.failed,
            "na_rien_rendu": self.idle,
            "absent_une_demi_journee": self.absent,
        }


def silent(_done: int, _total: int, _label: str) -> None:
    """Progression muette."""


def play_trial(session: Session, seed: int = SEED, tell: Tell = silent) -> Played:
    """Joue une session : quiz, présences, satisfaction, copies tirées des banques, collecte et correction.

    Le dernier stagiaire de la liste ne rend rien ; l’avant-dernier manque la première demi-journée.

    Parameters
    ----------
    session : Session
        Session préparée, sans aucune vraie réponse.
    seed : int
        Graine du tirage : la même donne les mêmes réponses.
    tell : callable
        Reçoit l’étape, leur nombre et ce qui se fait.

    Returns
    -------
    Played

    Raises
    ------
    SimulationRefusee
        Si de vraies réponses sont déjà là ; rien n’est alors écrit.
    FormationError
        Si le dossier ne s’écrit pas, ou si une étape de la correction échoue.
    """
    refuse_erased(session)
    sheets = read_sheets(session.root)
    if len(session.participants) < 2:
        raise SimulationRefusee(
            "La liste a moins de deux stagiaires : une répétition en demande deux, dont un qui ne rend rien. Ajoutez "
            "des lignes à la liste, puis recréez la session."
        )
    try:
        _clear(session, seed)
    except OSError as error:
        raise SimulationRefusee(
            f"{session.root} : {reason(error)}. Rien n’est joué. Faites de la place, puis relancez."
        ) from None
    generator = random.Random(seed)  # noqa: S311 - tirage pédagogique
    levels = {one.id: generator.gauss(0, 1) for one in session.participants}
    idle, absent = session.participants[-1].id, session.participants[-2].id
    tell(1, 3, "Répondre aux quiz et au questionnaire")
    try:
        for learner, level in levels.items():
            if learner != idle:
                _answer_quizzes(session, sheets, learner, level, generator, late=learner == absent)
                _answer_form(session, sheets["positionnement"].token, generator)
        _attend(session, absent)
    except OSError as error:
        raise FormationError(f"{session.root} : {reason(error)}. Faites de la place, puis relancez.") from None
    played = Played(note(session), idle=idle, absent=absent)
    if session.pathway.exercises() and session.course.is_dir():
        tell(2, 3, "Remplir des copies tirées des banques")
        _hand_in_copies(session, {k: v for k, v in levels.items() if k != idle}, generator)
        tell(3, 3, "Collecter et corriger")
        _grade(session, played)
    return played


def _clear(session: Session, seed: int) -> None:
    """Refuse un dossier qui a de vraies réponses ; efface l’essai d’avant, et pose d’abord la marque."""
    home = session.root / places.ANSWERS
    handed = [path for path in home.glob("*") if not path.name.startswith(".")] if home.is_dir() else []
    copies = session.course / "submitted"
    real = bool(handed) or _typed_already(session) or (copies.is_dir() and any(copies.iterdir()))
    if real and not is_trial(session):
        raise SimulationRefusee(
            f"« {session.root.name} » contient déjà des réponses, des présences ou des copies : la simulation les "
            "mêlerait à des réponses tirées au sort. Rien n’est écrit. Créez un dossier d’essai : formation session "
            "creer, avec une liste de stagiaires inventés."
        )
    write_atomic(session.root / TRIAL, _NOTE.format(seed=seed).encode())
    for path in handed:
        path.unlink()
    shutil.rmtree(session.root / COPIES, ignore_errors=True)


def _typed_already(session: Session) -> bool:
    """Dit si les tableaux saisis à la main contiennent déjà quelque chose, lisible ou non."""
    found = look(session)
    return bool(found.placement or found.final or found.forms or found.presence or found.refused)


def _answer_quizzes(
    session: Session,
    sheets: dict[QuizName, Sheet],
    learner: str,
    level: float,
    generator: random.Random,
    *,
    late: bool,
) -> None:
    for name, sheet in sheets.items():
        now = level + (_GAIN if name == "evaluation-finale" else 0.0)
        answers = {one.id: _pick(one, now, generator) for one in sheet.questions}
        if late and name == "positionnement" and len(session.slots) > 1:
            continue
        slot = session.slots[0] if name == "positionnement" else session.slots[-1]
        moment = slot.start if name == "positionnement" else slot.end
        data = {
            "format": FORMAT,
            "genre": "reponses",
            "session": sheet.token,
            "quiz": name,
            "reponses": answers,
            "stagiaire": learner,
            "enregistre_le": f"{slot.date.isoformat()}T{moment.isoformat()}",
        }
        _write_json(session.root / places.ANSWERS / f"reponses-{learner}-{name}.json", data)


def _pick(question: SheetQuestion, level: float, generator: random.Random) -> list[str]:
    """Réponse d’un stagiaire : juste selon son niveau et la difficulté tirée pour la question."""
    hard = random.Random(f"difficulte/{question.id}").gauss(0, 0.8)  # noqa: S311 - la même pour tous
    roll, blank = generator.random(), generator.random()
    other = generator.choice([rank for rank in range(len(question.options)) if rank not in question.key])
    if blank < 0.03:
        return []
    if roll < 1 / (1 + math.exp(hard - level)):
        return [LETTERS[rank] for rank in question.key]
    if question.kind == "unique":
        return [LETTERS[other]]
    return [LETTERS[rank] for rank in sorted({*question.key[1:], other})]


def _answer_form(session: Session, token: str, generator: random.Random) -> None:
    answers: dict[str, Any] = {
        name: [generator.choices(WORDS, weights=(1, 2, 6, 5))[0]] for name in STATEMENTS if generator.random() > 0.05
    }
    answers |= {name: generator.choice(_COMMENTS[name]) for name in OPEN}
    mark = f"{generator.getrandbits(64):016x}"
    data = {
        "format": FORMAT,
        "genre": QUIZ,
        "session": token,
        "quiz": QUIZ,
        "reponses": answers,
        "feuille": mark,
    }
    _write_json(session.root / places.ANSWERS / f"satisfaction-{mark}.json", data)


def _attend(session: Session, absent: str) -> None:
    """Présences : tout le monde, sauf une personne absente une demi-journée, ou en retard s’il n’y en a qu’une."""
    from formation.classroom.exports import write_csv

    rows = []
    for one in session.participants:
        minutes: list[str | float | None] = [float(slot.training_min) for slot in session.slots]
        if one.id == absent:
            minutes[0] = 0.0 if len(session.slots) > 1 else float(session.slots[0].training_min // 2)
        rows.append([one.id, *minutes])
    header = ["identifiant", *(slot.key for slot in session.slots)]
    write_csv(session.root / places.COLLECT / f"{PRESENCES}.csv", header, rows)


def _hand_in_copies(session: Session, levels: dict[str, float], generator: random.Random) -> None:
    from formation.classroom.bank import read_bank
    from formation.classroom.course import Course
    from formation.classroom.demo import fill
    from formation.classroom.sources import exercise_paths, read_exercise

    course = Course(session.course)
    for path in exercise_paths(None, tuple(course.exercises)):
        exercise = read_exercise(path)
        if exercise.name not in course.exercises:
            continue
        bank = read_bank(exercise)
        right, others = bank[0], [answer for answer in bank if not answer.right]
        blank = course.step("release") / exercise.name / f"{exercise.name}.ipynb"
        text = blank.read_text(encoding="utf-8")
        for learner, level in levels.items():
            fine = generator.random() < 1 / (1 + math.exp(-level - _GAIN)) or not others
            notebook = json.loads(text)
            fill(notebook, right if fine else generator.choice(others))
            _write_json(session.root / COPIES / learner / f"{exercise.name}.ipynb", notebook)


def _grade(session: Session, played: Played) -> None:
    from formation.classroom.collect import collect
    from formation.classroom.course import open_course
    from formation.classroom.grade import grade
    from formation.classroom.grading.sandbox import Mode, probe

    course = open_course(session.course)
    collected = collect(course, session.root / COPIES)
    played.failed += [f"{path} : {why}" for path, why in collected.refused]
    mode: Mode = "degrade" if any(why is not None for why in probe().values()) else "strict"
    report = grade(course, mode=mode)  # ces copies viennent du cours : le bac à sable peut être incomplet
    played.copies = len(report.copies)
    played.failed += [f"{copy.learner}, {copy.exercise} : {copy.reason}" for copy in report.failed]


def _write_json(path: Path, data: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
