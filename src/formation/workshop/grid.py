"""Forme d’une grille : étapes, questions, notes, thèmes et règles, telles qu’un auteur les écrit en YAML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from formation.forms import Recommendation, Strict, Text
from formation.workshop.conditions import UNKNOWN, Condition

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Severity = Literal["information", "attention", "bloquant"]
SEVERITIES: tuple[Severity, ...] = ("bloquant", "attention", "information")
"""Gravités, de la plus forte à la plus faible."""

TEXT_LENGTH = 2000
"""Longueur d’une réponse libre, en caractères."""


class Option(Strict):
    """Une réponse proposée."""

    id: Identifier
    texte: Text
    exclusif: bool = False


class Question(Strict):
    """Une question et la forme de sa réponse."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
    texte: Text
    aide: str = ""
    type: Literal["choix", "multiple", "oui_non", "nombre", "texte"]
    options: list[Option] = Field(default_factory=list)
    si: Condition | None = None
    facultatif: bool = False
    si_inconnu: str = ""
    minimum: float | None = None
    maximum: float | None = None
    unite: str = ""
    decimales: bool = False
    lignes: Annotated[int, Field(ge=1, le=8)] = 1

    @model_validator(mode="after")
    def _shape(self) -> Question:
        closed = self.type in ("choix", "multiple")
        if closed and len(self.options) < 2:
            raise ValueError(f"une question de type « {self.type} » propose au moins deux options")
        if not closed and self.options:
            raise ValueError(f"une question de type « {self.type} » n’a pas d’options")
        if self.type == "oui_non":
            names = (("oui", "Oui"), ("non", "Non"), (UNKNOWN, "Je ne sais pas"))
            self.options = [Option(id=name, texte=text) for name, text in names]
        if self.type != "nombre" and (self.minimum is not None or self.maximum is not None or self.unite):
            raise ValueError("minimum, maximum et unite ne valent que pour le type « nombre »")
        low, high = self.minimum, self.maximum
        if low is not None and high is not None and low >= high:
            raise ValueError("le minimum n’est pas plus petit que le maximum")
        for option in self.options:
            if option.id == UNKNOWN:
                option.exclusif = True
        return self

    @property
    def option_ids(self) -> list[str]:
        """Identifiants des réponses acceptées, dans l’ordre."""
        return [option.id for option in self.options]

    def option_text(self, name: str) -> str:
        """Texte d’une option.

        Parameters
        ----------
        name : str
            Identifiant de l’option.

        Returns
        -------
        str
            Texte ; l’identifiant lui-même s’il n’est pas connu.
        """
        return next((option.texte for option in self.options if option.id == name), name)


class Stage(Strict):
    """Une étape : un titre et ses questions."""

    titre: Text
    aide: str = ""
    questions: list[Question] = Field(min_length=1)


class Level(Strict):
    """Ce que vaut une note à partir d’un total."""

    a_partir_de: int
    texte: Text


class Note(Strict):
    """Une note : des points par réponse, et ce qu’en dit le total."""

    id: Identifier
    titre: Text
    sur: Annotated[int, Field(gt=0)]
    points: dict[str, dict[str, int]] = Field(min_length=1)
    niveaux: list[Level] = Field(min_length=1)

    def level(self, total: int) -> str:
        """Texte du niveau atteint.

        Parameters
        ----------
        total : int
            Total des points.

        Returns
        -------
        str
            Texte du dernier niveau atteint.
        """
        reached = [level.texte for level in self.niveaux if total >= level.a_partir_de]
        return reached[-1] if reached else self.niveaux[0].texte


class Saying(Strict):
    """Ce que la fiche dit : conclusion, raison, articles et sources."""

    conclusion: Text
    explication: str = ""
    articles: list[Text] = Field(default_factory=list)
    sources: list[Text] = Field(default_factory=list)


class Theme(Strict):
    """Une partie de la fiche."""

    id: Identifier
    titre: Text
    unique: bool = False
    defaut: Saying | None = None


class Task(Strict):
    """Une chose à faire."""

    texte: Text
    echeance: date | None = None
    dans_mois: Annotated[int, Field(ge=1, le=120)] | None = None
    qui: str = ""

    @model_validator(mode="after")
    def _one_date(self) -> Task:
        if self.echeance is not None and self.dans_mois is not None:
            raise ValueError("donnez echeance ou dans_mois, pas les deux")
        return self


def _task(value: Any) -> Any:
    return {"texte": value} if isinstance(value, str) else value


class Rule(Saying):
    """Une règle : si la condition est vraie, la fiche dit la conclusion."""

    id: Identifier
    theme: Text
    si: Condition | None = None
    echeance: date | None = None
    gravite: Severity = "information"
    a_faire: list[Annotated[Task, BeforeValidator(_task)]] = Field(default_factory=list)


class Grid(Strict):
    """Une grille entière."""

    outil: Identifier
    titre: Text
    question: Text
    recommandations: list[Recommendation] = Field(default_factory=list)
    version: Annotated[str, Field(pattern=r"^\d+(\.\d+){1,2}$")]
    date_des_faits: date
    avertissement: Text
    etapes: list[Stage] = Field(min_length=1)
    notes: list[Note] = Field(default_factory=list)
    themes: list[Theme] = Field(min_length=1)
    regles: list[Rule] = Field(min_length=1)

    @field_validator("version", mode="before")
    @classmethod
    def _quoted(cls, value: Any) -> Any:
        if isinstance(value, int | float):
            raise ValueError('mettez la version entre guillemets, par exemple "1.0"')
        return value

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Questions par identifiant, dans l’ordre où elles sont posées."""
        return {question.id: question for stage in self.etapes for question in stage.questions}

    def sayings(self) -> Iterator[Saying]:
        """Parcourt tout ce que la fiche peut dire.

        Yields
        ------
        Saying
            Les règles, puis ce que disent les thèmes quand aucune n’est retenue.
        """
        yield from self.regles
        yield from (theme.defaut for theme in self.themes if theme.defaut is not None)

    @property
    def source_keys(self) -> list[str]:
        """Clés des sources citées, sans répétition, dans l’ordre."""
        return list(dict.fromkeys(key for saying in self.sayings() for key in saying.sources))
