"""Lire ce que le formateur a saisi : tableaux des quiz, de la satisfaction et des présences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from formation.errors import DonneesInvalides
from formation.session.handed import shown
from formation.session.quizzes import LETTERS, Sheet, SheetQuestion
from formation.session.satisfaction import MAX_CHARS, OPEN, STATEMENTS, Form, read_word

if TYPE_CHECKING:
    from formation.session.model import Slot

FORM = "feuille"
"""Colonne qui numérote les feuilles anonymes : elle ne vient d’aucune."""
_IDENTIFIER = ("identifiant", "stagiaire", "id", "login")
_IGNORED = ("", "nom", "prenom", "courriel", "organisation", "fonction", "remarque", "remarques")
_RANK = re.compile(r"q\s*0*(\d{1,3})\b", re.IGNORECASE)
_NO_ANSWER = ("-", "–", "—", "?", "0")
_YES = ("oui", "o", "x", "p", "present", "presente", "v")
_NO = ("non", "n", "absent", "absente", "a")
_CLOCK = re.compile(r"(\d{1,2})\s*[h:]\s*([0-5]?\d)?(?::00)?")
_UNCLEAR = "1"
"""Présent, ou une minute ? Un certificat en dépend : la case est refusée."""
_MINUTES = re.compile(r"(\d{1,4})\s*(?:min|mn|minutes)?")


@dataclass(slots=True)
class Typed:
    """Ce qu’un tableau contient.

    Parameters
    ----------
    rows : dict of str to dict of str to str
        Cases non vides, par stagiaire puis par colonne reconnue.
    lines : dict of str to int
        Ligne de chaque stagiaire.
    problems, remarks : list of str
        Phrases qui commencent par le fichier et la ligne.
    anonymous : bool
        Vrai pour des feuilles sans identifiant, nommées par leur ligne.
    """

    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    anonymous: bool = False

    def brings(self) -> Counter[object]:
        """Ce que ses lignes apportent : les stagiaires, ou les feuilles anonymes d’après leurs réponses.

        Returns
        -------
        Counter
        """
        if not self.anonymous:
            return Counter(self.rows.keys())
        forms = (tuple(sorted((key, cell) for key, cell in one.items() if key != FORM)) for one in self.rows.values())
        return Counter(form for form in forms if form)


def read_table(
    path: Path, columns: Callable[[str], str | None], learners: Collection[str] | None, expected: str
) -> Typed:
    """Lit un tableau dont chaque ligne est celle d’un stagiaire, ou d’une feuille anonyme.

    Parameters
    ----------
    path : Path
        CSV, XLSX ou ODS.
    columns : callable
        Nom de la colonne d’après son en-tête, ou None si elle n’est pas reconnue.
    learners : collection of str or None
        Identifiants admis ; None pour des feuilles anonymes, nommées par leur ligne.
    expected : str
        En-têtes attendus, cités dans les messages.

    Returns
    -------
    Typed
    """
    from formation.datasets import open_source

    typed = Typed(anonymous=learners is None)
    try:
        with open_source(path, [*_IDENTIFIER, FORM, *expected.split(";")], path.stem) as source:
            header, header_line = source.header, source.header_line
            rows = [(first + rank, row) for first, chunk in source.chunks() for rank, row in enumerate(chunk)]
            # le point-virgule est celui du modèle : le dire à chaque lecture cacherait le reste
            told = [remark for remark in source.remarks if "point-virgule" not in remark]
            typed.remarks += [f"{path.name} : {remark}" for remark in told]
    except DonneesInvalides as error:
        typed.problems += [problem.render(path.name) for problem in error.problems]
        return typed
    places = _places(path, header, header_line, columns, expected, typed, rows)
    if learners is not None and "" not in places:
        typed.problems.append(f"{path.name}, ligne {header_line} : la colonne « identifiant » manque.")
        return typed
    for line, row in rows:
        cells = {name: row[at].strip() for name, at in places.items() if at < len(row)}
        identifier = " ".join(cells.pop("", "").split()).lower()
        filled = {name: cell for name, cell in cells.items() if cell}
        if filled:
            _keep(path, line, identifier if learners is not None else str(line), filled, learners, typed)
    return typed


def _places(
    path: Path,
    header: Sequence[str],
    header_line: int,
    columns: Callable[[str], str | None],
    expected: str,
    typed: Typed,
    rows: Sequence[tuple[int, Sequence[str]]],
) -> dict[str, int]:
    from formation.datasets import simplify

    places: dict[str, int] = {}
    for at, title in enumerate(header):
        simple = simplify(title)
        name = "" if simple in _IDENTIFIER else columns(title)
        if name is None:
            empty = all(at >= len(row) or not row[at].strip() for _, row in rows)
            if simple not in _IGNORED and not empty:
                typed.problems.append(
                    f"{path.name}, ligne {header_line} : la colonne « {shown(title)} » n’est pas attendue. "
                    f"En-têtes attendus : {expected}."
                )
        elif name in places:
            typed.problems.append(f"{path.name}, ligne {header_line} : la colonne « {shown(title)} » est en double.")
        else:
            places[name] = at
    return places


def _keep(
    path: Path, line: int, identifier: str, filled: dict[str, str], learners: Collection[str] | None, typed: Typed
) -> None:
    if learners is not None and identifier not in learners:
        typed.problems.append(
            f"{path.name}, ligne {line} : « {shown(identifier)} » n’est pas inscrit à cette session "
            "(voir stagiaires.csv)."
        )
    elif identifier in typed.rows:
        typed.problems.append(
            f"{path.name}, ligne {line} : « {identifier} » est déjà à la ligne {typed.lines[identifier]}. "
            "Gardez-en une."
        )
    else:
        typed.rows[identifier] = filled
        typed.lines[identifier] = line


def read_quiz(
    path: Path, sheet: Sheet, learners: Collection[str]
) -> tuple[Typed, dict[str, dict[str, tuple[int, ...]]]]:
    """Lit le tableau de saisie d’un quiz : une ligne par stagiaire, des lettres.

    Parameters
    ----------
    path : Path
        CSV, XLSX ou ODS.
    sheet : Sheet
        Feuille distribuée.
    learners : collection of str
        Identifiants inscrits.

    Returns
    -------
    tuple of (Typed, dict)
        Le tableau, ses problèmes, et les rangs choisis par stagiaire puis par question.
    """

    def column(title: str) -> str | None:
        match = _RANK.match(title.strip())
        if match and 1 <= int(match[1]) <= len(sheet.questions):
            return sheet.questions[int(match[1]) - 1].id
        return title.strip() if sheet.question(title.strip()) else None

    typed = read_table(path, column, learners, f"identifiant;Q1;…;Q{len(sheet.questions)}")
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for learner, cells in typed.rows.items():
        where = f"{path.name}, ligne {typed.lines[learner]}"
        before = len(typed.problems)
        read = {
            one.id: _letters(cells.get(one.id, ""), one, f"{where}, Q{rank}", typed.problems)
            for rank, one in enumerate(sheet.questions, start=1)
        }
        if len(typed.problems) == before:
            found[learner] = read
    return typed, found


def _letters(cell: str, question: SheetQuestion, where: str, problems: list[str]) -> tuple[int, ...]:
    if not cell or cell in _NO_ANSWER:
        return ()
    allowed = LETTERS[: len(question.options)]
    letters = re.sub(r"[\s,;+/.&-]|\bet\b", "", cell, flags=re.IGNORECASE).upper()
    if not letters or any(letter not in allowed for letter in letters):
        problems.append(
            f"{where} : « {shown(cell)} » ne se lit pas. Écrivez une lettre de {allowed[0]} à {allowed[-1]}"
            f"{', ou plusieurs, par exemple « A C »' if question.kind == 'multiple' else ''} ; « - » sans réponse."
        )
        return ()
    ranks = tuple(sorted({allowed.index(letter) for letter in letters}))
    if question.kind == "unique" and len(ranks) > 1:
        problems.append(
            f"{where} : « {shown(cell)} » donne plusieurs réponses à une question qui en veut une. Si plusieurs cases "
            "sont cochées sur la feuille, écrivez « ? » : la réponse comptera comme fausse."
        )
        return ()
    return ranks


def read_forms(path: Path) -> tuple[Typed, list[Form]]:
    """Lit le tableau de saisie de la satisfaction : une ligne par feuille, sans identifiant.

    Parameters
    ----------
    path : Path
        CSV, XLSX ou ODS.

    Returns
    -------
    tuple of (Typed, list of Form)
    """
    from formation.datasets import simplify

    names = {simplify(name): name for name in (*STATEMENTS, *OPEN)}

    def column(title: str) -> str | None:
        return FORM if simplify(title) == FORM else names.get(simplify(title))

    typed = read_table(path, column, None, ";".join((FORM, *STATEMENTS, *OPEN)))
    forms = []
    for line, cells in typed.rows.items():
        words: dict[str, str] = {}
        for name in STATEMENTS:
            word = read_word(cells.get(name, ""))
            if word is None:
                typed.problems.append(
                    f"{path.name}, ligne {line}, {name} : « {shown(cells[name])} » ne se lit pas. Écrivez 1 (pas du "
                    "tout d’accord), 2, 3 ou 4 (tout à fait d’accord), ou « sans avis »."
                )
            elif word:
                words[name] = word
        comments = {name: cells[name][:MAX_CHARS] for name in OPEN if name in cells}
        if words or comments:
            forms.append(Form(words, comments))
    return typed, forms


def read_presence(
    path: Path, slots: Sequence[Slot], learners: Collection[str]
) -> tuple[Typed, dict[str, dict[int, int]]]:
    """Lit les présences : une ligne par stagiaire, une colonne par demi-journée.

    Parameters
    ----------
    path : Path
        CSV, XLSX ou ODS ; cases en minutes, « oui », « non » ou « 1 h 30 ».
    slots : sequence of Slot
        Demi-journées de la session.
    learners : collection of str
        Identifiants inscrits.

    Returns
    -------
    tuple of (Typed, dict)
        Le tableau, ses problèmes, et les minutes par stagiaire puis par rang de demi-journée.
    """
    from formation.datasets import simplify

    names = {simplify(slot.key): str(slot.index) for slot in slots}
    typed = read_table(
        path, lambda title: names.get(simplify(title)), learners, ";".join(("identifiant", *(s.key for s in slots)))
    )
    by_index: Mapping[str, Slot] = {str(slot.index): slot for slot in slots}
    found: dict[str, dict[int, int]] = {}
    for learner, cells in typed.rows.items():
        for index, cell in cells.items():
            where = f"{path.name}, ligne {typed.lines[learner]}, {by_index[index].key}"
            minutes = _minutes(cell, by_index[index], where, typed)
            if minutes is not None:
                found.setdefault(learner, {})[int(index)] = minutes
    return typed, found


def _minutes(cell: str, slot: Slot, where: str, typed: Typed) -> int | None:
    from formation.datasets import simplify

    simple = simplify(cell)
    if simple in _YES:
        return slot.training_min
    if simple in _NO:
        return 0
    text = cell.strip().lower()
    if text == _UNCLEAR:
        typed.problems.append(
            f"{where} : « {shown(cell)} » se lit de deux façons, présent ou une minute. Écrivez « oui », « non », ou "
            f"les minutes de présence (au plus {slot.training_min})."
        )
        return None
    clock, plain = _CLOCK.fullmatch(text), _MINUTES.fullmatch(text)
    minutes = int(clock[1]) * 60 + int(clock[2] or 0) if clock else int(plain[1]) if plain else None
    if minutes is None or minutes > slot.minutes:
        typed.problems.append(
            f"{where} : « {shown(cell)} » ne se lit pas. Écrivez les minutes de présence (au plus "
            f"{slot.training_min}), « oui », « non », ou laissez vide si vous ne savez pas."
        )
        return None
    if minutes > slot.training_min:
        typed.remarks.append(f"{where} : {minutes} minutes ramenées à {slot.training_min}, pauses déduites.")
    return min(minutes, slot.training_min)
