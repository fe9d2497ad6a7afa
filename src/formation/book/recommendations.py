"""Les onze recommandations du rapport : où le livre les enseigne, les fait pratiquer et les note."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field

from formation.book.models import (
    ExerciseCard,
    FichierInvalide,
    Quiz,
    Recommendation,
    Strict,
    Text,
    parse_yaml,
    read_yaml,
)
from formation.book.subjects import chapter, depths

FILE = "book/recommandations.yml"
NUMBER = 11


class Entry(Strict):
    """Une recommandation, telle que `book/recommandations.yml` l’écrit."""

    numero: Recommendation
    sens: Text
    enseignee: Annotated[list[Text], Field(min_length=1)]
    pratiquee: Annotated[list[Text], Field(min_length=1)]


@dataclass(frozen=True)
class GradedExercise:
    """Un exercice noté qui porte sur une recommandation : son titre, sa page et ses contrôles."""

    title: str
    page: str
    checks: int
    file: Path


@dataclass(frozen=True)
class GradedQuiz:
    """Les questions d’un quiz qui portent sur une recommandation, et la page où l’on y répond."""

    page: str
    questions: int
    file: Path


@dataclass(frozen=True)
class Coverage:
    """Ce que le livre fait d’une recommandation."""

    entry: Entry
    exercises: list[GradedExercise]
    quizzes: list[GradedQuiz]

    @property
    def checks(self) -> int:
        """Nombre de contrôles notés."""
        return sum(exercise.checks for exercise in self.exercises)

    @property
    def questions(self) -> int:
        """Nombre de questions de quiz."""
        return sum(quiz.questions for quiz in self.quizzes)


def coverage(root: Path) -> list[Coverage]:
    """Relève, pour chaque recommandation, ce que le livre en enseigne, en fait pratiquer et en note.

    Parameters
    ----------
    root : Path
        Racine du projet.

    Returns
    -------
    list of Coverage
        Une ligne par recommandation, dans l’ordre des numéros.

    Raises
    ------
    FichierInvalide
        Si un fichier n’a pas la forme attendue, ou si une recommandation manque ou paraît deux fois.
    """
    entries: list[Entry] = read_yaml(root / FILE, list[Entry], name=FILE)
    numbers = [entry.numero for entry in entries]
    if numbers != list(range(1, NUMBER + 1)):
        raise FichierInvalide(
            f"{FILE} : les numéros lus sont {', '.join(map(str, numbers))} ; attendu : de 1 à {NUMBER}, dans l’ordre."
        )
    quizzes = [
        (file, page_of(file, root), read_yaml(file, Quiz, name=str(file.relative_to(root))))
        for file in quiz_files(root)
    ]
    exercises = list(_exercises(root))
    return [
        Coverage(
            entry,
            [exercise for exercise, served in exercises if entry.numero in served],
            [
                GradedQuiz(page, len(quiz.serving(entry.numero)), file)
                for file, page, quiz in quizzes
                if quiz.serving(entry.numero)
            ],
        )
        for entry in entries
    ]


def quiz_files(root: Path) -> list[Path]:
    """Fichiers de quiz du livre : ceux des sujets, puis ceux des chapitres de partie.

    Parameters
    ----------
    root : Path
        Racine du projet.

    Returns
    -------
    list of Path
        Fichiers, dans l’ordre de leurs noms.
    """
    return sorted(root.glob("cases/*/quiz.yml")) + sorted(root.glob("book/*/*.quiz.yml"))


def page_of(file: Path, root: Path) -> str:
    """Page du livre où l’on répond à un quiz.

    Parameters
    ----------
    file : Path
        Fichier de quiz.
    root : Path
        Racine du projet.

    Returns
    -------
    str
        Nom de page Sphinx.

    Examples
    --------
    >>> page_of(Path("cases/eau/quiz.yml"), Path()), page_of(Path("book/conduire/charte.quiz.yml"), Path())
    ('book/cas/eau', 'book/conduire/charte')
    """
    if file.name == "quiz.yml":
        return chapter(file.parent.name)
    return file.relative_to(root).as_posix().removesuffix(".quiz.yml")


def _exercises(root: Path) -> list[tuple[GradedExercise, list[int]]]:
    found = []
    for file in sorted(root.glob("notebooks/*/*.md")):
        text = file.read_text(encoding="utf-8")
        match = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
        front = yaml.safe_load(match.group(1)) if match else None
        if not isinstance(front, dict) or not isinstance(front.get("formation"), dict):
            continue
        card: ExerciseCard = parse_yaml(yaml.safe_dump(front["formation"]), ExerciseCard, name=file.name)
        if card.recommandations:
            checks = len(re.findall(r"^controle:$", text, re.MULTILINE))
            page = exercises_page(file.parent.name)
            found.append((GradedExercise(card.titre, page, checks, file), card.recommandations))
    return found


def exercises_page(subject: str) -> str:
    """Page qui liste les exercices d’un sujet.

    Parameters
    ----------
    subject : str
        Identifiant du sujet.

    Returns
    -------
    str
        Nom de page Sphinx.

    Examples
    --------
    >>> exercises_page("securiser")
    'book/securiser/exercices'
    """
    return next(page for key, _, page in depths(subject) if key == "construire")
