"""Lire un fichier de réponses remis par un stagiaire, sans lui faire confiance."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from formation.errors import reason
from formation.printing.layout import clean
from formation.session.quizzes import FORMAT, LETTERS, QUIZZES, Sheet, SheetQuestion
from formation.session.satisfaction import MAX_CHARS, NO_OPINION, OPEN, QUIZ, STATEMENTS, WORDS, Form

MAX_BYTES = 64_000
_FORM = re.compile(r"[0-9a-f]{16}")
_SHOWN = 40


@dataclass(slots=True)
class Handed:
    """Un fichier lu.

    Parameters
    ----------
    file : str
        Nom du fichier, tel qu’on le dit.
    quiz : str
        positionnement, evaluation-finale ou satisfaction.
    learner : str
        Stagiaire ; vide pour une feuille de satisfaction.
    answers : dict of str to tuple of int
        Rangs choisis par question.
    form : Form or None
        Feuille de satisfaction.
    mark : str
        Marque de la feuille de satisfaction.
    saved : datetime or None
        Heure d’enregistrement, à l’horloge de l’appareil du stagiaire.
    problems, remarks : list of str
        Ce qui empêche de prendre le fichier ; ce qui mérite d’être su.
    """

    file: str
    quiz: str = ""
    learner: str = ""
    answers: dict[str, tuple[int, ...]] = field(default_factory=dict)
    form: Form | None = None
    mark: str = ""
    saved: datetime | None = None
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class _TwiceError(ValueError):
    pass


def read_handed(path: Path, sheets: Mapping[Any, Sheet], learners: Collection[str]) -> tuple[Handed, bytes]:
    """Lit un fichier remis.

    Parameters
    ----------
    path : Path
        Fichier.
    sheets : mapping of str to Sheet
        Feuilles distribuées.
    learners : collection of str
        Identifiants inscrits.

    Returns
    -------
    tuple of (Handed, bytes)
        Ce qui est lu, problèmes compris, et le contenu du fichier.
    """
    handed = Handed(shown(path.name, 80))
    content = _content(path, handed)
    data = _parsed(content, handed) if not handed.problems else None
    if isinstance(data, dict) and _about(data, handed, sheets):
        if handed.quiz == QUIZ:
            _read_form(data, handed)
        else:
            _read_quiz(data, handed, sheets[handed.quiz], learners)
    return handed, content


def shown(value: object, width: int = _SHOWN) -> str:
    """Valeur lue, rendue affichable et courte.

    Parameters
    ----------
    value : object
        Valeur lue dans un fichier.
    width : int
        Longueur gardée.

    Returns
    -------
    str

    Examples
    --------
    >>> shown("a" + chr(27) + "b")
    'a?b'
    """
    text = value if isinstance(value, str) else repr(value)
    return "".join(letter if letter.isprintable() else "?" for letter in text[:width])


def _content(path: Path, handed: Handed) -> bytes:
    try:
        if path.is_symlink() or not path.is_file():
            handed.problems.append("ce n’est pas un fichier ordinaire. Demandez au stagiaire de le renvoyer.")
            return b""
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        handed.problems.append(f"il ne se lit pas : {reason(error)}.")
        return b""
    if len(content) > MAX_BYTES:
        handed.problems.append(
            f"il dépasse {MAX_BYTES // 1000} ko ; la page d’un quiz en écrit moins de 5. Ce n’est pas un fichier de "
            "réponses, ou il a été modifié."
        )
    return content


def _parsed(content: bytes, handed: Handed) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            raise _TwiceError(next(name for name in names if names.count(name) > 1))
        return dict(pairs)

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        text = content.decode("utf-8-sig")
        data = json.loads(text, object_pairs_hook=once, parse_constant=refuse)
    except _TwiceError as error:
        handed.problems.append(f"la clé « {shown(str(error))} » y est deux fois : il a été modifié à la main.")
        return None
    except json.JSONDecodeError as error:
        handed.problems.append(
            f"ligne {error.lineno} : ce n’est pas un fichier de réponses entier. Demandez au stagiaire de "
            "l’enregistrer de nouveau depuis la page du quiz."
        )
        return None
    except (ValueError, RecursionError):
        handed.problems.append("ce n’est pas un fichier de réponses : un fichier .json en UTF-8 est attendu.")
        return None
    if not isinstance(data, dict):
        handed.problems.append("ce n’est pas un fichier de réponses : la page d’un quiz écrit un objet JSON.")
    return data


def _about(data: dict[str, Any], handed: Handed, sheets: Mapping[Any, Sheet]) -> bool:
    """De quel quiz et de quelle session vient le fichier."""
    quiz, version = data.get("quiz"), data.get("format")
    if type(version) is not int or version != FORMAT:
        handed.problems.append(f"format « {shown(version)} » inconnu ; attendu : {FORMAT}.")
    if not isinstance(quiz, str) or quiz not in (*QUIZZES, QUIZ):
        handed.problems.append(f"quiz « {shown(quiz)} » inconnu ; attendu : {', '.join((*QUIZZES, QUIZ))}.")
        return False
    handed.quiz = quiz
    token = next(iter(sheets.values())).token
    if data.get("session") != token:
        handed.problems.append(
            "ces réponses viennent d’une autre session : l’ordre des réponses ou les personnes n’y sont pas les mêmes. "
            "Faites refaire le quiz avec la page de 2-distribuer/ de cette session."
        )
    if not isinstance(data.get("reponses"), dict):
        handed.problems.append("la clé « reponses » manque ou n’est pas un objet.")
        return False
    return True


def _read_quiz(data: dict[str, Any], handed: Handed, sheet: Sheet, learners: Collection[str]) -> None:
    learner = data.get("stagiaire")
    name = learner.strip().lower() if isinstance(learner, str) else ""
    if name not in learners:
        handed.problems.append(
            f"« {shown(learner)} » n’est pas inscrit à cette session. Corrigez la ligne « stagiaire » du fichier avec "
            "l’identifiant de la convocation, après avoir demandé qui l’a rendu."
        )
    handed.learner = name
    for identifier, letters in data["reponses"].items():
        question = sheet.question(identifier)
        if question is None:
            handed.problems.append(f"la question « {shown(identifier)} » n’est pas dans ce quiz.")
        else:
            handed.answers[identifier] = _ranks(letters, question, handed.problems)
    for question in sheet.questions:
        handed.answers.setdefault(question.id, ())
    handed.saved = _moment(data.get("enregistre_le"), handed)


def _as_typed(letters: Any) -> Any:
    """« B, Z » se relit mieux que l’écriture d’une liste."""
    return ", ".join(map(str, letters)) if isinstance(letters, list) else letters


def _ranks(letters: Any, question: SheetQuestion, problems: list[str]) -> tuple[int, ...]:
    allowed = LETTERS[: len(question.options)]
    if not isinstance(letters, list) or any(
        not isinstance(one, str) or len(one) != 1 or one not in allowed for one in letters
    ):
        problems.append(
            f"question {question.id} : « {shown(_as_typed(letters))} » ne se lit pas ; attendu : une liste de lettres "
            f"de {allowed[0]} à {allowed[-1]}."
        )
        return ()
    ranks = tuple(sorted({allowed.index(one) for one in letters}))
    if question.kind == "unique" and len(ranks) > 1:
        problems.append(f"question {question.id} : une seule réponse est possible, {len(ranks)} sont données.")
        return ()
    return ranks


def _moment(value: Any, handed: Handed) -> datetime | None:
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value).replace(tzinfo=None)
        except ValueError:
            pass
    handed.remarks.append("l’heure d’enregistrement ne se lit pas ; le fichier est pris sans date.")
    return None


def _read_form(data: dict[str, Any], handed: Handed) -> None:
    mark = data.get("feuille")
    if not isinstance(mark, str) or _FORM.fullmatch(mark) is None:
        handed.problems.append(f"la marque de feuille « {shown(mark)} » ne se lit pas ; attendu : seize signes.")
    else:
        handed.mark = mark
    words: dict[str, str] = {}
    comments: dict[str, str] = {}
    for name, value in data["reponses"].items():
        if name in OPEN and isinstance(value, str) and len(value) <= MAX_CHARS:
            # une moitié d’emoji, coupée à la longueur limite, ne s’écrirait dans aucun fichier
            text = clean(value).strip()
            if text:
                comments[name] = text
        elif name in STATEMENTS and isinstance(value, list) and len(value) <= 1:
            if value and value[0] not in (*WORDS, NO_OPINION):
                handed.problems.append(f"{name} : « {shown(value[0])} » n’est pas une des réponses proposées.")
            elif value:
                words[name] = value[0]
        else:
            handed.problems.append(
                f"« {shown(name)} » n’est pas une question du questionnaire, ou sa réponse est trop longue."
            )
    handed.form = Form(words, comments)
