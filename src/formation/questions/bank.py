"""La banque : chaque question des quiz du livre, trouvée par son identifiant, son sujet ou sa page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Literal

from formation.book.models import Question, Quiz, parse_yaml
from formation.book.recommendations import page_of, quiz_files
from formation.errors import FormationError
from formation.project import root as project_root
from formation.questions.writing import Rich, TexteInvalide, inline

Level = Literal["découverte", "compréhension", "approfondissement"]
Kind = Literal["unique", "multiple"]
LEVELS: tuple[Level, ...] = ("découverte", "compréhension", "approfondissement")


class BanqueInvalide(FormationError):
    """Les quiz du livre ne peuvent pas être lus ensemble ; tous les défauts sont dits."""


class QuestionInconnue(FormationError, KeyError):
    """Aucune question ne porte cet identifiant, ou aucun quiz ce sujet."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Choice:
    """Une réponse proposée.

    Attributes
    ----------
    text : Rich
        Réponse.
    right : bool
        Vrai si elle est juste.
    feedback : Rich
        Retour donné à qui la choisit.
    """

    text: Rich
    right: bool
    feedback: Rich


@dataclass(frozen=True, slots=True)
class Item:
    """Une question de la banque.

    Attributes
    ----------
    id : str
        Identifiant, seul de son nom dans toute la banque.
    file : Path
        Fichier qui l’écrit, depuis la racine du projet.
    subject, page : str
        Sujet et page du livre où l’on y répond.
    title_of_quiz : str
        Titre du quiz.
    objective : str
        Ce que la question évalue ; commence par un verbe observable.
    level : str
        « découverte », « compréhension » ou « approfondissement ».
    kind : str
        « unique » ou « multiple ».
    statement : Rich
        Énoncé.
    choices : tuple of Choice
        Réponses proposées, dans l’ordre du fichier.
    review : str
        Passage à relire, `page#ancre`.
    recommendations : tuple of int
        Recommandations du rapport que la question sert.
    """

    id: str
    file: Path
    subject: str
    page: str
    title_of_quiz: str
    objective: str
    level: Level
    kind: Kind
    statement: Rich
    choices: tuple[Choice, ...]
    review: str
    recommendations: tuple[int, ...] = ()

    @property
    def key(self) -> tuple[int, ...]:
        """Rangs des réponses justes, à partir de 1."""
        return tuple(rank for rank, choice in enumerate(self.choices, start=1) if choice.right)


class Bank(Mapping[str, Item]):
    """Toutes les questions, dans l’ordre du livre ; se lit comme un dictionnaire d’identifiants.

    Parameters
    ----------
    items : iterable of Item
        Questions, identifiants tous différents.

    Examples
    --------
    >>> from formation import questions
    >>> questions.load()["eau-q01"].level
    'découverte'
    """

    def __init__(self, items: tuple[Item, ...]) -> None:
        self._items = {item.id: item for item in items}

    def __getitem__(self, ident: str) -> Item:
        if ident in self._items:
            return self._items[ident]
        raise QuestionInconnue(f"« {ident} » n’est pas une question de la banque.{_near(ident, self._items)}")

    def __contains__(self, ident: object) -> bool:
        return ident in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def pages(self) -> tuple[str, ...]:
        """Pages du livre qui ont un quiz, dans l’ordre."""
        return tuple(dict.fromkeys(item.page for item in self._items.values()))

    @property
    def subjects(self) -> tuple[str, ...]:
        """Sujets qui ont un quiz, dans l’ordre."""
        return tuple(dict.fromkeys(item.subject for item in self._items.values()))

    def of(self, name: str) -> tuple[Item, ...]:
        """Questions d’un sujet, d’une page ou d’un quiz.

        Parameters
        ----------
        name : str
            Sujet (`eau`), page (`book/cas/eau`) ou dernier mot d’une page (`chef-de-file`).

        Returns
        -------
        tuple of Item
            Questions, dans l’ordre du livre.

        Raises
        ------
        QuestionInconnue
            Si aucun quiz ne porte ce nom ; les noms proches sont donnés.
        """
        asked = name.strip().strip("/").removesuffix(".md")
        found = tuple(i for i in self._items.values() if asked in (i.subject, i.page, i.page.rsplit("/", 1)[-1]))
        if not found:
            known = [*self.subjects, *(page.rsplit("/", 1)[-1] for page in self.pages), *self.pages]
            raise QuestionInconnue(
                f"« {name} » n’est ni un sujet ni une page qui porte un quiz.{_near(asked, known)} "
                "Liste complète : formation quiz lister."
            )
        return found


def _near(name: str, known: object) -> str:
    close = get_close_matches(name, list(dict.fromkeys(known)), n=3, cutoff=0.5)  # type: ignore[call-overload]
    return f" Noms proches : {', '.join(close)}." if close else ""


def load(root: Path | None = None) -> Bank:
    """Lit toutes les questions du livre, chiffres résolus.

    Parameters
    ----------
    root : Path, optional
        Racine du projet ; par défaut, celle du dépôt d’où le paquet est installé.

    Returns
    -------
    Bank
        Les questions ; la lecture est refaite quand un fichier change.

    Raises
    ------
    BanqueInvalide
        Si les sources du livre ne sont pas là, ou si des quiz ont des défauts ; tous sont dits.

    Examples
    --------
    >>> len(load()) >= 320
    True
    """
    place = (root or project_root()).resolve()
    files = quiz_files(place)
    if not files:
        raise BanqueInvalide(
            "Les quiz du livre ne sont pas installés avec le paquet : aucun fichier cases/*/quiz.yml ni "
            "book/*/*.quiz.yml. Récupérez le dépôt du cours et installez le paquet depuis ce dépôt."
        )
    read = [*files, *sorted(place.glob("cases/*/chiffres.yml"))]
    state = tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in read)
    return _load(place, tuple(files), state)


@lru_cache(maxsize=4)
def _load(root: Path, files: tuple[Path, ...], _state: object) -> Bank:
    problems: list[str] = []
    items: dict[str, Item] = {}
    for file in files:
        relative = file.relative_to(root)
        try:
            quiz: Quiz = parse_yaml(file.read_text(encoding="utf-8"), Quiz, name=relative.as_posix())
        except (FormationError, UnicodeDecodeError) as error:
            problems.append(str(error) if isinstance(error, FormationError) else f"{relative} n’est pas en UTF-8.")
            continue
        page = page_of(file, root)
        for question in quiz.questions:
            try:
                item = _item(question, quiz, relative, page, root)
            except TexteInvalide as error:
                problems.append(f"{relative.as_posix()}, question {question.id} : {error}")
                continue
            if item.id in items:
                problems.append(
                    f"{relative.as_posix()} : l’identifiant « {item.id} » est déjà celui d’une question de "
                    f"{items[item.id].file.as_posix()}. Donnez-lui un autre nom, propre à ce quiz."
                )
            items.setdefault(item.id, item)
    if problems:
        raise BanqueInvalide("La banque de questions a des défauts :\n" + "\n".join(f"- {line}" for line in problems))
    return Bank(tuple(items.values()))


def _item(question: Question, quiz: Quiz, file: Path, page: str, root: Path) -> Item:
    again = question.relire or ""
    target = f"{page}{again}" if again.startswith("#") or not again else again.lstrip("/")
    review, mark, anchor = target.partition("#")
    named = quiz.recommandations if question.recommandations is None else question.recommandations
    return Item(
        id=question.id,
        file=file,
        subject=quiz.cas,
        page=page,
        title_of_quiz=inline(quiz.titre, root).text,
        objective=inline(question.objectif, root).text,
        level=question.niveau,
        kind=question.type,
        statement=inline(question.enonce, root),
        choices=tuple(
            Choice(inline(option.texte, root), option.juste, inline(option.retour, root)) for option in question.options
        ),
        review=review.removesuffix(".md") + mark + anchor,
        recommendations=tuple(named),
    )
