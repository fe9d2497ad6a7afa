"""Fichiers YAML lus par les directives : leur forme, et une erreur claire quand ils ne la suivent pas."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from formation.errors import FormationError


class FichierInvalide(FormationError):
    """Un fichier YAML du livre n’a pas la forme attendue."""


class Strict(BaseModel):
    """Modèle qui refuse les clés inconnues et rogne les espaces."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


Text = Annotated[str, Field(min_length=1)]
FreeText = Annotated[str, BeforeValidator(lambda value: "" if value is None else str(value))]


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

    @model_validator(mode="after")
    def _right_answers(self) -> Question:
        right = sum(option.juste for option in self.options)
        if self.type == "unique" and right != 1:
            raise ValueError(f"une question de type « unique » a exactement une réponse juste, il y en a {right}")
        if right == 0:
            raise ValueError("aucune option n’est juste")
        return self


class Quiz(Strict):
    """Quiz d’un cas (`cases/<cas>/quiz.yml`)."""

    cas: Text
    titre: Text
    questions: Annotated[list[Question], Field(min_length=1)]

    @model_validator(mode="after")
    def _unique_ids(self) -> Quiz:
        seen: set[str] = set()
        for question in self.questions:
            if question.id in seen:
                raise ValueError(f"l’identifiant « {question.id} » est employé deux fois")
            seen.add(question.id)
        return self


class Fact(Strict):
    """Une affirmation sur le projet réel, avec ses sources et son degré de certitude."""

    texte: Text
    source: Annotated[list[str], BeforeValidator(lambda value: [value] if isinstance(value, str) else value or [])] = []
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


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Lecteur YAML : celui en C, dix fois plus rapide, quand il est installé."""
_MESSAGES = {
    "missing": "cette clé manque",
    "extra_forbidden": "cette clé n’est pas connue : corrigez son nom ou retirez-la",
    "string_type": "un texte est attendu ; mettez-le entre guillemets",
    "string_too_short": "le texte est vide",
    "bool_type": "écrivez true ou false",
    "bool_parsing": "écrivez true ou false",
    "int_parsing": "un nombre entier est attendu, par exemple 20",
    "int_type": "un nombre entier est attendu, par exemple 20",
    "greater_than": "le nombre doit être supérieur à {gt}",
    "list_type": "une liste est attendue, une ligne par élément commençant par « - »",
    "too_short": "il faut au moins {min_length} élément(s), il y en a {actual_length}",
    "literal_error": "valeurs acceptées : {expected}",
    "string_pattern_mismatch": "la forme attendue est {pattern}",
    "value_error": "{error}",
    "date_type": "une date est attendue, AAAA-MM-JJ, par exemple 2027-06-30",
    "date_parsing": "une date est attendue, AAAA-MM-JJ, par exemple 2027-06-30",
    "date_from_datetime_parsing": "une date est attendue, AAAA-MM-JJ, par exemple 2027-06-30",
    "date_from_datetime_inexact": "une date est attendue, AAAA-MM-JJ, par exemple 2027-06-30",
    "model_type": "des clés et des valeurs sont attendues (« clé: valeur »)",
    "model_attributes_type": "des clés et des valeurs sont attendues (« clé: valeur »)",
}


def parse_yaml(text: str, kind: Any, *, name: str) -> Any:
    r"""Lit un texte YAML et le vérifie contre un modèle.

    Parameters
    ----------
    text : str
        Contenu YAML.
    kind : type
        Modèle pydantic, ou liste de modèles.
    name : str
        Nom du fichier, cité dans les messages.

    Returns
    -------
    object
        Instance du modèle.

    Raises
    ------
    FichierInvalide
        Si le texte n’est pas du YAML ou ne suit pas le modèle ; tous les défauts sont listés.

    Examples
    --------
    >>> parse_yaml("cle: D1\ntitre: T\nauteur_editeur: A\nlu: direct", Source, name="s.yml").cle
    'D1'
    """
    try:
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506 — l’un et l’autre ne fabriquent que des données simples
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", ligne {mark.line + 1}, colonne {mark.column + 1}" if mark else ""
        raise FichierInvalide(
            f"{name}{where} : le fichier n’est pas du YAML valide. Un texte qui contient « : » ou commence par "
            "un signe se met entre guillemets."
        ) from error
    except ValueError as error:  # PyYAML laisse passer l’erreur d’une date impossible, comme 2027-02-30
        raise FichierInvalide(
            f"{name} : une date n’existe pas dans le calendrier ({error}). Forme attendue : AAAA-MM-JJ."
        ) from error
    try:
        return TypeAdapter(kind).validate_python(data)
    except ValidationError as error:
        lines = [_explain(problem) for problem in error.errors()]
        raise FichierInvalide(f"{name} ne suit pas la forme attendue :\n" + "\n".join(lines)) from error


def read_yaml(path: Path, kind: Any, *, name: str) -> Any:
    """Lit un fichier YAML et le vérifie contre un modèle.

    Parameters
    ----------
    path : Path
        Fichier à lire.
    kind : type
        Modèle pydantic, ou liste de modèles.
    name : str
        Nom du fichier, cité dans les messages.

    Returns
    -------
    object
        Instance du modèle.

    Raises
    ------
    FichierInvalide
        Si le fichier manque, n’est pas du YAML ou ne suit pas le modèle.
    """
    try:
        state = path.stat()
    except FileNotFoundError as error:
        raise FichierInvalide(f"{name} est introuvable : créez ce fichier ou retirez la directive.") from error
    return _read_once(path, (state.st_mtime_ns, state.st_size), kind, name)


@lru_cache(maxsize=64)
def _read_once(path: Path, _state: tuple[int, int], kind: Any, name: str) -> Any:
    """Lit un fichier une fois par état : une page cite cent fois les mêmes chiffres."""
    return parse_yaml(path.read_text(encoding="utf-8"), kind, name=name)


def _explain(problem: Any) -> str:
    """Dit en français un défaut trouvé par pydantic : lieu, raison, valeur lue."""
    where = " › ".join(str(part + 1) if isinstance(part, int) else str(part) for part in problem["loc"]) or "racine"
    context = {key: str(value) for key, value in problem.get("ctx", {}).items()}
    context["expected"] = context.get("expected", "").replace("'", "").replace(" or ", ", ")
    template = _MESSAGES.get(problem["type"], "la valeur n’a pas la forme attendue ({type})")
    value = problem.get("input")
    seen = f" (lu : « {value} »)" if isinstance(value, str | int | float) and problem["type"] != "missing" else ""
    return f"- {where} : {template.format(type=problem['type'], **context)}{seen}"
