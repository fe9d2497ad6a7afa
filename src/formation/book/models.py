"""Fichiers YAML lus par les directives : leur forme, et une erreur claire quand ils ne la suivent pas."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from formation.forms import FichierInvalide as FichierInvalide
from formation.forms import FreeText as FreeText
from formation.forms import Recommendation as Recommendation
from formation.forms import Strict as Strict
from formation.forms import Text as Text
from formation.forms import parse_yaml as parse_yaml
from formation.forms import read_yaml as read_yaml


class Option(Strict):
    """Une réponse proposée, avec le retour donné à qui la choisit."""

    texte: Text
    juste: bool
    retour: Text


class Question(Strict):
    """Une question du quiz."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    objectif: Text
    niveau: Literal["découverte", "compréhension", "approfondissement"]
    type: Literal["unique", "multiple"]
    enonce: Text
    options: Annotated[list[Option], Field(min_length=2)]
    relire: str | None = None
    recommandations: list[Recommendation] | None = None

    @model_validator(mode="after")
    def _right_answers(self) -> Question:
        right = sum(option.juste for option in self.options)
        if self.type == "unique" and right != 1:
            raise ValueError(f"une question de type « unique » a exactement une réponse juste, il y en a {right}")
        if right == 0:
            raise ValueError("aucune option n’est juste")
        return self


class Quiz(Strict):
    """Quiz d’un cas (`cases/<cas>/quiz.yml`) ou d’un chapitre de partie (`book/<partie>/<chapitre>.quiz.yml`)."""

    cas: Text
    titre: Text
    recommandations: Annotated[list[Recommendation], Field(default_factory=list)]
    questions: Annotated[list[Question], Field(min_length=1)]

    @model_validator(mode="after")
    def _unique_ids(self) -> Quiz:
        seen: set[str] = set()
        for question in self.questions:
            if question.id in seen:
                raise ValueError(f"l’identifiant « {question.id} » est employé deux fois")
            seen.add(question.id)
        return self

    def serving(self, number: int) -> list[Question]:
        """Questions qui portent sur une recommandation.

        Parameters
        ----------
        number : int
            Numéro de la recommandation, de 1 à 11.

        Returns
        -------
        list of Question
            Celles qui la nomment ; celles qui n’en nomment aucune suivent l’ensemble du quiz.
        """
        own = ((question, question.recommandations) for question in self.questions)
        return [question for question, named in own if number in (self.recommandations if named is None else named)]


class Fact(Strict):
    """Une affirmation sur le projet réel, avec ses sources et son degré de certitude."""

    texte: Text
    source: Annotated[
        list[str],
        BeforeValidator(lambda value: [value] if isinstance(value, str) else value or []),
        Field(default_factory=list),
    ]
    confiance: Literal["sûr", "probable", "à vérifier", "inconnu"] = "sûr"

    @model_validator(mode="after")
    def _sourced(self) -> Fact:
        if not self.source and self.confiance != "inconnu":
            raise ValueError("une affirmation sans source doit porter « confiance: inconnu »")
        return self


Facts = Annotated[list[Fact], Field(min_length=1)]


class Record(Strict):
    """Fiche du projet réel (`cases/<cas>/fiche.yml`)."""

    titre: Annotated[
        str, BeforeValidator(lambda value: value[0]["texte"] if isinstance(value, list) and value else value)
    ]
    collectivites: Facts
    besoin: Facts
    cout: Facts
    impact_environnemental: Facts
    donnees: Facts
    methode: Facts
    resultats: Facts
    prestataire: Facts
    statut: Facts
    limites: Facts
    questions_ouvertes: Facts


class Source(Strict):
    """Une entrée de `book/sources.yml`."""

    cle: Annotated[str, Field(pattern=r"^[A-Za-z]+[0-9]+[a-z]?$")]
    titre: Text
    langue: Literal["fr", "en"] = "fr"
    auteur_editeur: Text
    date: FreeText = ""
    url: FreeText = ""
    consulte: FreeText = ""
    lu: Literal["direct", "secondaire"]
    note: FreeText = ""


class ExerciseCard(BaseModel):
    """En-tête `formation:` d’un exercice (`notebooks/<cas>/*.md`)."""

    model_config = ConfigDict(extra="ignore")

    titre: Text
    niveau: Text
    duree_min: Annotated[int, Field(gt=0)]
    objectif: Text
    competences: list[str] = []
    recommandations: list[Recommendation] = []


class KeyFigure(BaseModel):
    """Un chiffre calculé (`cases/<cas>/chiffres.yml`), cité dans le texte par son nom."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=False)

    valeur: str | float
    etendue: str | list[float] | None = None
    unite: FreeText = ""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {"valeur": value}
