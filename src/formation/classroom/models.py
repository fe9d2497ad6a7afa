"""Ce qu’un auteur écrit : en-tête, contrôles et banque de réponses, avec leurs règles."""

import difflib
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

ScalarKind = Literal["nombre", "entier", "booleen", "texte", "date"]
ElementKind = Literal["nombre", "entier", "booleen", "texte", "date", "choix"]
Kind = Literal["nombre", "entier", "booleen", "texte", "choix", "date", "liste", "tableau", "fonction"]
LEVELS = ("élu", "agent", "université")
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
IDENTIFIER = r"^[a-z_][a-z0-9_]*$"

Code = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, (int, float)) else value)]
Filled = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Header(_Strict):
    """En-tête `formation:` d’un exercice."""

    titre: Filled
    cas: Annotated[str, Field(pattern=IDENTIFIER)]
    niveau: Literal["élu", "agent", "université"]
    duree_min: Annotated[int, Field(ge=1, le=240)]
    objectif: Filled
    competences: list[Filled] = []
    recommandations: list[Annotated[int, Field(ge=1, le=11)]] = []


class Trap(_Strict):
    """Valeur fausse mais plausible : une expression calculée dans l’espace de noms de la solution."""

    valeur: Code
    message: Filled
    calcul: str = ""


class Control(_Strict):
    """Un contrôle noté, tel que l’auteur le déclare dans la cellule."""

    nom: Annotated[str, Field(pattern=IDENTIFIER)]
    points: Annotated[float, Field(gt=0, le=100)]
    type: Kind
    relire: Filled
    aide: str = ""
    exemple: Code = ""
    unite: str = ""
    minimum: float | None = None
    maximum: float | None = None
    tolerance: Annotated[float, Field(ge=0)] | None = None
    tolerance_relative: Annotated[float, Field(ge=0, lt=1)] | None = None
    options: dict[str, Code] = {}
    element: ElementKind = "texte"
    ordre: bool = True
    taille: Annotated[int, Field(ge=0)] | None = None
    lignes: Annotated[int, Field(ge=1)] | None = None
    colonnes: dict[str, ScalarKind] = {}
    cle: list[str] = []
    manquants: bool = False
    exact: bool = False
    retour: dict[str, Any] = {}
    cas: list[Filled] = []
    equivalents: list[Code] = []
    pieges: list[Trap] = []

    @model_validator(mode="after")
    def _coherent(self) -> "Control":
        problems = list(self._incoherences())
        if problems:
            raise ValueError(" ; ".join(problems))
        return self

    def _incoherences(self) -> Iterable[str]:
        choice = self.type == "choix" or (self.type == "liste" and self.element == "choix")
        if choice and len(self.options) < 2:
            yield "un choix demande au moins deux « options » (clé : texte)"
        if self.type == "tableau" and not self.colonnes:
            yield "un tableau demande ses « colonnes » (nom : type)"
        unknown = [name for name in self.cle if name not in self.colonnes]
        if unknown:
            yield f"« cle » cite une colonne absente de « colonnes » : {', '.join(unknown)}"
        if self.type == "fonction" and len(self.cas) < 2:
            yield 'une fonction demande au moins deux « cas », par exemple ["(2, 3)", "(0, 1)"] ; le premier est public'
        if self.minimum is not None and self.maximum is not None and self.minimum >= self.maximum:
            yield "« minimum » doit être plus petit que « maximum »"

    def public(self) -> dict[str, Any]:
        """Partie que le stagiaire reçoit : la forme, jamais la valeur."""
        hidden = {"points", "cas", "pieges", "equivalents"}
        return self.model_dump(exclude=hidden, exclude_defaults=True)


class BankAnswer(_Strict):
    """Une réponse de la banque et ce qu’elle doit obtenir."""

    nom: Annotated[str, Field(pattern=SLUG)]
    points: Literal["tous"] | float
    reponses: dict[str, Code | None] = {}
    echoue: dict[str, Filled] = {}
    note: str = ""


def french_problems(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Traduit les refus de pydantic.

    Parameters
    ----------
    error : ValidationError
        Refus, tous champs confondus.
    model : type
        Modèle validé, pour proposer le champ le plus proche.

    Returns
    -------
    list of str
        Une phrase par erreur.

    Examples
    --------
    >>> try:
    ...     Trap(valeur="1")
    ... except ValidationError as error:
    ...     print(french_problems(error, Trap)[0])
    le champ ...message... manque.
    """
    return [_french_problem(dict(item), model) for item in error.errors()]


def _french_problem(item: dict[str, Any], model: type[BaseModel]) -> str:
    where = " › ".join(str(part + 1) if isinstance(part, int) else str(part) for part in item["loc"])
    context = item.get("ctx", {})
    match item["type"]:
        case "missing":
            return f"le champ « {where} » manque."
        case "extra_forbidden":
            near = difflib.get_close_matches(str(item["loc"][-1]), list(model.model_fields), n=1)
            tip = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
            return f"le champ « {where} » est inconnu.{tip}"
        case "literal_error":
            return f"« {where} » vaut {item['input']!r} ; valeurs admises : {context['expected']}."
        case "value_error":
            return f"{context['error']}."
        case "string_pattern_mismatch":
            return f"« {where} » vaut {item['input']!r} ; écrivez-le en minuscules sans accent ni espace."
        case "string_too_short":
            return f"le champ « {where} » est vide."
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            bound = next(iter(context.values()))
            sign = {"g": "plus grand que", "l": "plus petit que"}[item["type"][0]]
            return f"« {where} » vaut {item['input']!r} ; il doit être {sign} {bound:g} (bornes du format)."
        case _:
            return f"« {where} » vaut {item['input']!r}, ce n’est pas le type de valeur attendu."
