"""Fichiers YAML écrits à la main : leur forme, et une erreur complète, en français, s’ils ne la suivent pas."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from formation.errors import FormationError


class FichierInvalide(FormationError):
    """Un fichier YAML écrit à la main n’a pas la forme attendue."""


class Strict(BaseModel):
    """Modèle qui refuse les clés inconnues et rogne les espaces."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


Text = Annotated[str, Field(min_length=1)]
FreeText = Annotated[str, BeforeValidator(lambda value: "" if value is None else str(value))]


Recommendation = Annotated[int, Field(ge=1, le=11)]
"""Numéro d’une des onze recommandations du rapport."""


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
    "greater_than_equal": "le nombre doit être au moins {ge}",
    "less_than_equal": "le nombre doit être au plus {le}",
    "float_type": "un nombre est attendu",
    "dict_type": "des clés et des valeurs sont attendues (« clé: valeur »)",
    "list_type": "une liste est attendue, une ligne par élément commençant par « - »",
    "tuple_type": "une liste est attendue, une ligne par élément commençant par « - »",
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
    >>> parse_yaml("- 1\n- 2", list[int], name="liste.yml")
    [1, 2]
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
