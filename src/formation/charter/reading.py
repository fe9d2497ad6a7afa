"""Fichier d’une charte ou d’un projet : le lire, dire tous ses défauts d’un coup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from formation.charter.record import ASKED, PROJECT, TOOL, Adoption, Charter, grid, number
from formation.errors import FormationError, Problem
from formation.numbers import plural
from formation.workshop.answers import ReponsesInvalides, check, load_file, shown, visible
from formation.workshop.grid import Grid
from formation.workshop.wording import said

VERSION = re.compile(r"\d{1,3}\.\d{1,3}")
_KEYS = ("outil", "version", "charte", "reponses", "titre", "date")
_META = ("version", "adoptee", "historique")
_PAST = ("version", "adoptee", "resume", "changements")


class CharteInvalide(FormationError):
    """Une charte ou un projet n’est pas utilisable ; le message dit tous les défauts.

    Parameters
    ----------
    where : str
        Fichier, ou « votre charte ».
    problems : list of Problem
        Tous les problèmes.
    """

    def __init__(self, where: str, problems: list[Problem]) -> None:
        self.problems = problems
        lines = [f"{plural(len(problems), 'problème')} dans {where}. Rien n’a été écrit."]
        super().__init__("\n".join(lines + [f"- {problem.message}" for problem in problems]))


def read(path: str | Path) -> Charter:
    """Lit une charte : le fichier de ce module, ou les réponses enregistrées par la page du livre.

    Parameters
    ----------
    path : str or Path
        Fichier `.yml`, `.yaml` ou `.json`.

    Returns
    -------
    Charter
        Charte vérifiée.

    Raises
    ------
    CharteInvalide
        Si le fichier n’est pas lisible, si une réponse ne va pas ou si deux choix se contredisent.
    """
    file = Path(path)
    try:
        data = load_file(file)
    except ReponsesInvalides as error:
        raise CharteInvalide(file.name, error.problems) from None
    problems = list(_shape(data))
    answers, found = _answers(data)
    problems += found
    meta = data.get("charte") if isinstance(data, dict) else None
    charter, found = _meta(meta, answers)
    problems += found
    if problems:
        raise CharteInvalide(file.name, problems)
    return charter


def read_project(path: str | Path) -> dict[str, Any]:
    """Lit les réponses d’un projet à confronter à une charte.

    Parameters
    ----------
    path : str or Path
        Fichier `.yml`, `.yaml` ou `.json` : `outil: charte` et `reponses`, dont les questions `p_…`. Les choix d’une
        charte qui s’y trouvent aussi sont ignorés : la page du livre enregistre les deux ensemble.

    Returns
    -------
    dict
        Réponses du projet.

    Raises
    ------
    CharteInvalide
        Si le fichier n’est pas lisible ou si une réponse ne va pas.
    """
    file = Path(path)
    try:
        data = load_file(file)
    except ReponsesInvalides as error:
        raise CharteInvalide(file.name, error.problems) from None
    problems = list(_shape(data))
    raw = data.get("reponses") if isinstance(data, dict) else None
    answers: dict[str, Any] = {}
    if isinstance(raw, dict):
        answers, found = check(grid(), {k: v for k, v in raw.items() if not _choice(k)})
        problems += found
        if not problems and not any(name.startswith(PROJECT) for name in answers):
            problems.append(
                Problem("vide", "aucune réponse sur un projet. Les questions du projet commencent par « p_ » : "
                        "formation charte questions les donne toutes.")
            )  # fmt: skip
    if problems:
        raise CharteInvalide(file.name, problems)
    return {name: value for name, value in answers.items() if name.startswith(PROJECT)}


def _choice(name: object) -> bool:
    """Vrai pour un choix de la charte : la page enregistre choix et projet ensemble."""
    return isinstance(name, str) and name in grid().questions and not name.startswith(PROJECT)


def _shape(data: Any) -> Iterator[Problem]:
    example = f'outil: {TOOL}\nversion: "{grid().version}"\nreponses:\n  decision: jamais'
    if not isinstance(data, dict):
        yield Problem("forme", f"le fichier n’a pas la forme attendue :\n{example}")
        return
    if data.get("outil") != TOOL:
        yield Problem("outil", f"« outil » vaut « {shown(data.get('outil'))} ». Écrivez « outil: {TOOL} ».")
    if not isinstance(data.get("reponses"), dict):
        yield Problem("reponses", f"la partie « reponses » manque ou n’est pas une suite de clés. Exemple :\n{example}")
    for key in data:
        if key not in _KEYS:
            yield Problem("cle", f"la clé « {shown(key)} » n’est pas connue. Clés acceptées : {', '.join(_KEYS)}.")


def _answers(data: Any) -> tuple[dict[str, Any], list[Problem]]:
    raw = data.get("reponses") if isinstance(data, dict) else None
    if not isinstance(raw, dict):
        return {}, []
    answers, problems = check(grid(), raw)
    return answers, problems + contradictions(grid(), answers)


def contradictions(tool: Grid, answers: Mapping[str, Any]) -> list[Problem]:
    """Choix donnés alors que la question ne se pose pas : une relecture des textes d’un outil interdit, par exemple.

    Parameters
    ----------
    tool : Grid
        Grille.
    answers : mapping
        Réponses vérifiées.

    Returns
    -------
    list of Problem
        Une contradiction par choix de trop ; les questions d’un projet n’en sont pas.
    """
    asked = {question.id for question in visible(tool, answers)[0]}
    found = []
    for name in answers:
        if name in asked or name.startswith(PROJECT) or name == ASKED:
            continue
        question = tool.questions[name]
        found.append(
            Problem("contradiction", f"{name} (« {question.texte} ») : vous avez répondu, mais cette question ne se "
                    f"pose que si {said(question.si, tool)}. Retirez cette réponse, ou changez l’autre choix.")
        )  # fmt: skip
    return found


def _meta(meta: Any, answers: dict[str, Any]) -> tuple[Charter, list[Problem]]:
    if meta is None:
        return Charter(answers), []
    if not isinstance(meta, dict):
        return Charter(answers), [Problem("charte", "« charte » attend des clés : version, adoptee, historique.")]
    problems = [
        Problem("cle", f"charte : la clé « {shown(key)} » n’est pas connue. Clés acceptées : {', '.join(_META)}.")
        for key in meta
        if key not in _META
    ]
    version = version_of(meta.get("version", "0.1"), "charte", problems)
    adopted = _date(meta.get("adoptee"), "charte, adoptee", problems)
    history: list[Adoption] = []
    entries = meta.get("historique") or []
    if not isinstance(entries, list):
        problems.append(Problem("historique", "charte, historique : une liste est attendue."))
        entries = []
    for rank, entry in enumerate(entries, start=1):
        history += _past(entry, f"charte, historique, ligne {rank}", problems)
    for before, after in pairwise(history):
        if number(after.version) <= number(before.version) or after.adopted < before.adopted:
            problems.append(
                Problem("ordre", f"charte, historique : la version {after.version} vient après la {before.version} ; "
                        "son numéro et sa date ne le disent pas. Rangez de la plus ancienne à la plus récente.")
            )  # fmt: skip
    return Charter(answers, version, adopted, tuple(history)), problems


def _past(entry: Any, where: str, problems: list[Problem]) -> list[Adoption]:
    if not isinstance(entry, dict):
        problems.append(Problem("historique", f"{where} : des clés sont attendues : {', '.join(_PAST)}."))
        return []
    problems += [
        Problem("cle", f"{where} : la clé « {shown(key)} » n’est pas connue. Clés acceptées : {', '.join(_PAST)}.")
        for key in entry
        if key not in _PAST
    ]
    version = version_of(entry.get("version"), where, problems)
    adopted = _date(entry.get("adoptee"), f"{where}, adoptee", problems)
    changes = entry.get("changements") or []
    if not isinstance(changes, list):
        problems.append(Problem("changements", f"{where}, changements : une liste est attendue."))
        changes = []
    if adopted is None:
        problems.append(Problem("date", f"{where} : la date « adoptee » manque. Forme attendue : AAAA-MM-JJ."))
        return []
    return [Adoption(version, adopted, str(entry.get("resume") or ""), tuple(str(one) for one in changes))]


def version_of(value: Any, where: str, problems: list[Problem]) -> str:
    """Numéro de version lu ; un défaut s’ajoute à la liste.

    Parameters
    ----------
    value : object
        Valeur lue.
    where : str
        Lieu, pour le message.
    problems : list of Problem
        Liste à compléter.

    Returns
    -------
    str
        Version ; `0.1` si elle n’a pas la forme attendue.
    """
    if not isinstance(value, str) or not VERSION.fullmatch(value):
        problems.append(
            Problem("version", f"{where} : la version « {shown(value)} » n’a pas la forme attendue. Deux nombres, un "
                    'point, des guillemets : "1.0".')
        )  # fmt: skip
        return "0.1"
    return value


def _date(value: Any, where: str, problems: list[Problem]) -> date | None:
    if value is None or value == "":
        return None
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        problems.append(
            Problem("date", f"{where} : « {shown(value)} » n’est pas une date. Forme attendue : AAAA-MM-JJ, par "
                    "exemple 2026-11-22.")
        )  # fmt: skip
        return None


def day_of(text: str) -> date:
    """Date écrite par l’utilisateur.

    Parameters
    ----------
    text : str
        Date, AAAA-MM-JJ.

    Returns
    -------
    date
        Date.

    Raises
    ------
    CharteInvalide
        Si ce n’est pas une date.

    Examples
    --------
    >>> day_of("2026-11-22").year
    2026
    """
    problems: list[Problem] = []
    found = _date(text, "date", problems)
    if found is None:
        raise CharteInvalide("votre commande", problems or [Problem("date", "date : elle manque.")])
    return found
