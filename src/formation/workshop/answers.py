"""Réponses : vérifier un dictionnaire ou un fichier, tous les défauts d’un coup."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from formation.errors import Problem
from formation.numbers import shortest
from formation.workshop.conditions import Answer, State, holds
from formation.workshop.documents.model import clean
from formation.workshop.grid import TEXT_LENGTH, Grid, Question
from formation.workshop.small_files import SHOWN, invalid
from formation.workshop.small_files import ReponsesInvalides as ReponsesInvalides
from formation.workshop.small_files import load_file as load_file
from formation.workshop.small_files import shown as shown

LARGEST = 1e10
"""Plus grand nombre accepté : au-delà, l’écriture d’ici et celle de la page pourraient différer."""


def read_answers(grid: Grid, path: str | Path) -> dict[str, Answer]:
    """Lit un fichier de réponses, YAML ou JSON.

    Parameters
    ----------
    grid : Grid
        Grille à laquelle le fichier répond.
    path : str or Path
        Fichier `.yml`, `.yaml` ou `.json`.

    Returns
    -------
    dict
        Réponses vérifiées, par question.

    Raises
    ------
    ReponsesInvalides
        Si le fichier n’est pas lisible ou si des réponses ne vont pas avec la grille ; tout est dit d’un coup.
    """
    file = Path(path)
    data = load_file(file)
    example = f'outil: {grid.outil}\nversion: "{grid.version}"\nreponses:\n  {next(iter(grid.questions))}: …'
    if not isinstance(data, dict) or not isinstance(data.get("reponses"), dict):
        raise invalid(file.name, "forme", f"le fichier n’a pas de partie « reponses ». Forme attendue :\n{example}")
    problems = []
    if data.get("outil") != grid.outil:
        read = f"« outil » vaut « {shown(data['outil'])} »" if data.get("outil") else "« outil » manque"
        problems.append(
            Problem("outil", f"{read} ; ce fichier doit répondre à la grille « {grid.outil} ». Écrivez "
                    f"« outil: {grid.outil} », ou prenez l’autre outil.")
        )  # fmt: skip
    problems += [
        Problem("cle", f"la clé « {shown(key)} » n’est pas connue. Clés acceptées : outil, version, reponses.")
        for key in data
        if key not in ("outil", "version", "reponses", "titre", "date")
    ]
    answers, found = check(grid, data["reponses"])
    if problems or found:
        raise ReponsesInvalides(file.name, problems + found)
    return answers


def check(grid: Grid, answers: Mapping[Any, Any]) -> tuple[dict[str, Answer], list[Problem]]:
    """Vérifie des réponses et les range.

    Parameters
    ----------
    grid : Grid
        Grille.
    answers : mapping
        Réponse par identifiant de question ; une réponse vide vaut absence de réponse.

    Returns
    -------
    dict
        Réponses acceptées, dans l’ordre des questions.
    list of Problem
        Tous les problèmes ; vide si tout va bien.
    """
    problems: list[Problem] = []
    for name in answers:
        if not isinstance(name, str) or name not in grid.questions:
            close = get_close_matches(str(name)[:SHOWN], list(grid.questions), n=1)
            hint = f" Vouliez-vous dire « {close[0]} » ?" if close else ""
            problems.append(
                Problem("question", f"« {shown(name)} » n’est pas une question de cet outil.{hint} La liste : "
                        f"formation {grid.outil} questions")
            )  # fmt: skip
    accepted: dict[str, Answer] = {}
    for name, question in grid.questions.items():
        value = answers.get(name)
        if value is None or value == "" or value == []:
            continue
        try:
            accepted[name] = answer(question, value)
        except ValueError as error:
            problems.append(Problem("reponse", f"{name} (« {question.texte} ») : {error}"))
    return accepted, problems


def answer(question: Question, value: Any) -> Answer:
    """Réponse acceptée, rangée.

    Parameters
    ----------
    question : Question
        Question.
    value : object
        Réponse lue.

    Returns
    -------
    str, float or list of str
        Réponse rangée.

    Raises
    ------
    ValueError
        Si la réponse n’est pas acceptée ; le message est la fin d’une phrase.
    """
    if question.type == "nombre":
        return _number(question, value)
    if question.type == "texte":
        if isinstance(value, list | dict):
            raise ValueError(f"{shown(value)} a été lu ; un texte est attendu, entre guillemets.")
        text = clean(value).strip()
        if len(text) > TEXT_LENGTH:
            raise ValueError(f"le texte fait {len(text)} caractères, pour {TEXT_LENGTH} au plus. Raccourcissez-le.")
        return text
    if question.type == "multiple":
        return _several(question, value)
    return _choice(question, {True: "oui", False: "non"}[value] if isinstance(value, bool) else value)


def _choice(question: Question, value: Any) -> str:
    name = str(value) if isinstance(value, str | int) and len(str(value)) <= SHOWN else None
    if name in question.option_ids:
        return str(name)
    close = get_close_matches(name or "", question.option_ids, n=1)
    hint = f" Vouliez-vous dire « {close[0]} » ?" if close else ""
    accepted = ", ".join(question.option_ids)
    raise ValueError(f"« {shown(value)} » n’est pas une réponse proposée.{hint} Réponses acceptées : {accepted}.")


def _several(question: Question, value: Any) -> list[str]:
    given = value if isinstance(value, list) else [value]
    if len(given) > len(question.options):
        raise ValueError(f"{len(given)} réponses lues pour {len(question.options)} proposées. Retirez les répétitions.")
    chosen = {_choice(question, item) for item in given}
    alone = [option.id for option in question.options if option.exclusif and option.id in chosen]
    if alone and len(chosen) > 1:
        raise ValueError(f"« {alone[0]} » ne va avec aucune autre réponse. Gardez-la seule, ou retirez-la.")
    return [name for name in question.option_ids if name in chosen]


def _number(question: Question, value: Any) -> float:
    text = re.sub(r"[\s\u00a0\u202f]", "", str(value)).replace(",", ".") if isinstance(value, str) else value
    example = shortest(question.minimum if question.minimum is not None else 0)
    try:
        if isinstance(text, bool | list | dict):
            raise TypeError
        number = float(text)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"« {shown(value)} » n’est pas un nombre. Exemple : {example}") from None
    unit = f" {question.unite}" if question.unite else ""
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise ValueError(f"« {shown(value)} » est démesuré. Exemple : {example}")
    if not question.decimales and number != int(number):
        raise ValueError(f"« {shown(value)} » n’est pas entier. Exemple : {example}")
    if question.minimum is not None and number < question.minimum:
        raise ValueError(f"{shortest(number)}{unit} : le minimum est {shortest(question.minimum)}.")
    if question.maximum is not None and number > question.maximum:
        raise ValueError(f"{shortest(number)}{unit} : le maximum est {shortest(question.maximum, grouped=True)}.")
    return number


def visible(grid: Grid, answers: Mapping[str, Answer]) -> tuple[list[Question], dict[str, Answer]]:
    """Questions posées compte tenu des réponses, et les réponses qui comptent.

    Parameters
    ----------
    grid : Grid
        Grille.
    answers : mapping
        Réponses vérifiées ; celles d’une question masquée ne comptent pas.

    Returns
    -------
    list of Question
        Questions visibles, dans l’ordre.
    dict
        Réponses à ces questions.
    """
    counted: dict[str, Answer] = {}
    state = State(counted, exclusive(grid))
    shown_questions = []
    for question in grid.questions.values():
        if holds(question.si, state):
            shown_questions.append(question)
            if question.id in answers:
                counted[question.id] = answers[question.id]
    return shown_questions, counted


def exclusive(grid: Grid) -> dict[str, frozenset[str]]:
    """Options exclusives de chaque question.

    Parameters
    ----------
    grid : Grid
        Grille.

    Returns
    -------
    dict
        Identifiants d’options, par question.
    """
    return {q.id: frozenset(option.id for option in q.options if option.exclusif) for q in grid.questions.values()}
