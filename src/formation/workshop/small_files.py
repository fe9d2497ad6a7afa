"""Petit fichier rempli par un lecteur : le lire sans risque, et dire en français pourquoi il est refusé."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from formation import plain_yaml
from formation.errors import FormationError, Problem, reason
from formation.files import open_regular
from formation.numbers import plural
from formation.workshop.documents.model import clean

MAX_BYTES = 256_000
"""Taille d’un fichier de réponses : une grille remplie en fait dix mille."""
SHOWN = 60
PROBLEMS_SHOWN = 40


class ReponsesInvalides(FormationError):
    """Des réponses ne vont pas avec leur grille.

    Parameters
    ----------
    where : str
        Fichier, ou « vos réponses ».
    problems : list of Problem
        Tous les problèmes.
    """

    def __init__(self, where: str, problems: list[Problem]) -> None:
        self.problems = problems
        lines = [f"{plural(len(problems), 'problème')} dans {where}. Rien n’a été écrit."]
        lines += [f"- {problem.message}" for problem in problems[:PROBLEMS_SHOWN]]
        if len(problems) > PROBLEMS_SHOWN:
            lines.append(f"- et {len(problems) - PROBLEMS_SHOWN} autres, du même genre.")
        super().__init__("\n".join(lines))


def shown(value: object) -> str:
    r"""Valeur lue, raccourcie pour un message.

    Parameters
    ----------
    value : object
        Valeur ; une liste ou un dictionnaire n’est pas déroulé.

    Returns
    -------
    str
        Texte court, sur une ligne.

    Examples
    --------
    >>> shown(" a\nb "), shown([1, 2])
    ('a b', 'une liste')
    """
    if isinstance(value, list | tuple | set):
        return "une liste"
    if isinstance(value, dict):
        return "un groupe de clés"
    text = " ".join(clean(str(value)[: 4 * SHOWN]).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def load_file(path: str | Path) -> Any:
    """Contenu d’un petit fichier YAML ou JSON rempli par un lecteur, en types simples.

    Parameters
    ----------
    path : str or Path
        Fichier `.yml`, `.yaml` ou `.json`, en UTF-8, de 256 ko au plus.

    Returns
    -------
    object
        Ce que dit le fichier ; à vérifier.

    Raises
    ------
    ReponsesInvalides
        Si le fichier n’est pas lisible : extension, taille, encodage, forme, clé répétée.
    """
    file = Path(path)
    return _parse(file, _read(file))


def invalid(where: str, kind: str, message: str) -> ReponsesInvalides:
    """Erreur à un seul problème.

    Parameters
    ----------
    where : str
        Fichier.
    kind : str
        Code stable du problème.
    message : str
        Phrase complète.

    Returns
    -------
    ReponsesInvalides
        Erreur à lever.
    """
    return ReponsesInvalides(where, [Problem(kind, message)])


def _read(file: Path) -> str:
    if file.suffix.lower() not in (".yml", ".yaml", ".json"):
        raise invalid(file.name, "extension", "un fichier de réponses se termine par .yml, .yaml ou .json.")
    try:
        with open_regular(file) as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise invalid(file.name, "lecture", f"le fichier ne peut pas être lu ({reason(error)}).") from None
    if len(raw) > MAX_BYTES:
        raise invalid(file.name, "taille", f"le fichier dépasse {MAX_BYTES // 1000} ko : ce n’est pas un fichier de "
                   "réponses. Partez d’un modèle neuf.")  # fmt: skip
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise invalid(file.name, "encodage", "le fichier n’est pas en UTF-8. Enregistrez-le de nouveau en « UTF-8 »."
                   ) from None  # fmt: skip


def _parse(file: Path, content: str) -> Any:
    try:
        if file.suffix.lower() == ".json":
            return json.loads(content)
        return plain_yaml.load(content)
    except plain_yaml.NotPlain as error:
        where = f"ligne {error.line} : " if error.line else ""
        raise invalid(
            file.name, "yaml", f"{where}{error.message}. Chaque réponse s’écrit « question: réponse »."
        ) from None
    except json.JSONDecodeError as error:
        raise invalid(file.name, "json", f"ligne {error.lineno} : ce n’est pas du JSON valide.") from None
    except (ValueError, RecursionError):
        raise invalid(file.name, "forme", "le fichier contient une date impossible, un nombre démesuré ou trop "
                   "de niveaux emboîtés. Partez d’un modèle neuf.") from None  # fmt: skip
