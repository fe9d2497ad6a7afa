"""Banque de réponses d’un exercice : ce que chaque réponse donnée doit obtenir."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from formation.checks.failure import french
from formation.classroom.errors import ExerciceInvalide
from formation.classroom.exercise import Exercise
from formation.classroom.models import BankAnswer, french_problems

REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Answer:
    """Une réponse de la banque, prête à être posée dans une copie."""

    name: str
    cells: dict[str, str]
    points: float
    failures: dict[str, str]

    @property
    def right(self) -> bool:
        """Vrai si la réponse obtient tous les points."""
        return not self.failures


def bank_path(exercise: Path) -> Path:
    """Fichier de la banque d’un exercice.

    Parameters
    ----------
    exercise : Path
        Source de l’exercice.

    Returns
    -------
    Path

    Examples
    --------
    >>> bank_path(Path("eau-01.md")).name
    'eau-01.reponses.yml'
    """
    return exercise.with_name(f"{exercise.stem}.reponses.yml")


def read_bank(exercise: Exercise) -> list[Answer]:
    """Lit et vérifie la banque d’un exercice.

    Parameters
    ----------
    exercise : Exercise
        Exercice déjà lu.

    Returns
    -------
    list of Answer
        Réponses, la référence en premier.

    Raises
    ------
    ExerciceInvalide
        Avec toutes les erreurs de la banque, chacune avec sa ligne.
    """
    path = bank_path(exercise.path)
    try:
        text = path.read_text(encoding="utf-8")
        raw = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ExerciceInvalide(path, [(0, f"la banque de réponses ne se lit pas ({error}).")]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ExerciceInvalide(path, [(line, f"le YAML ne se lit pas ({error.problem}).")]) from None
    entries = raw.get("reponses") if isinstance(raw, dict) else None
    if not isinstance(entries, list):
        raise ExerciceInvalide(path, [(1, "le fichier commence par « reponses : », suivi d’une liste.")])
    problems: list[tuple[int, str]] = []
    answers: list[Answer] = []
    for entry, line in zip(entries, _entry_lines(text), strict=True):
        answers += _read_answer(exercise, entry, line, problems)
    problems += [(0, message) for message in _whole(exercise, answers)] if not problems else []
    if problems:
        raise ExerciceInvalide(path, [(line, french(message)) for line, message in problems])
    return sorted(answers, key=lambda answer: answer.name != REFERENCE)


def _entry_lines(text: str) -> list[int]:
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    for key, value in root.value:
        if key.value == "reponses":
            return [node.start_mark.line + 1 for node in value.value]
    return []


def _read_answer(exercise: Exercise, entry: Any, line: int, problems: list[tuple[int, str]]) -> list[Answer]:
    try:
        model = BankAnswer.model_validate(entry)
    except ValidationError as error:
        name = entry.get("nom", "sans nom") if isinstance(entry, dict) else "sans nom"
        problems += [(line, f"réponse « {name} » : {message}") for message in french_problems(error, BankAnswer)]
        return []
    say = f"réponse « {model.nom} » : "
    before = len(problems)
    by_name = {cell.name: cell for cell in exercise.answers}
    for unknown in set(model.reponses) - set(by_name):
        known = ", ".join(by_name)
        problems.append((line, f"{say}la cellule « {unknown} » n’existe pas (cellules de réponse : {known})."))
    for unknown in set(model.echoue) - set(exercise.controls):
        known = ", ".join(exercise.controls)
        problems.append((line, f"{say}le contrôle « {unknown} » n’existe pas (contrôles : {known})."))
    if len(problems) > before:
        return []
    expected = exercise.points - sum(exercise.controls[name].points for name in model.echoue)
    if model.points == "tous" and model.echoue:
        problems.append((line, f"{say}elle a tous les points et des contrôles en échec, il faut choisir."))
    if model.points != "tous" and abs(model.points - expected) > 1e-9:
        text = f"{say}elle annonce {model.points:g} points ; les échecs annoncés en laissent {expected:g}."
        problems.append((line, text))
    cells = {name: cell.solved for name, cell in by_name.items()}
    cells |= {name: by_name[name].blank if code is None else code.rstrip() for name, code in model.reponses.items()}
    return [Answer(model.nom, cells, expected, dict(model.echoue))]


def _whole(exercise: Exercise, answers: list[Answer]) -> list[str]:
    problems = []
    names = [answer.name for answer in answers]
    problems += [f"la réponse « {name} » est écrite deux fois." for name in {n for n in names if names.count(n) > 1}]
    reference = {cell.name: cell.solved for cell in exercise.answers}
    if not any(answer.name == REFERENCE and answer.right and answer.cells == reference for answer in answers):
        problems.append(f"il manque la réponse « {REFERENCE} » (points : tous, sans « reponses »).")
    if not any(answer.right and answer.cells != reference for answer in answers):
        problems.append("il manque une autre réponse juste, différente de la référence (points : tous).")
    wrong = [answer for answer in answers if not answer.right]
    if len(wrong) < 3:
        problems.append(f"il faut au moins trois réponses fausses mais plausibles, il y en a {len(wrong)}.")
    never = set(exercise.controls) - {name for answer in wrong for name in answer.failures}
    problems += [f"aucune réponse fausse ne met en échec le contrôle « {name} »." for name in sorted(never)]
    return problems
