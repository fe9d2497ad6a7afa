"""Clés d’une jointure : reconnaître ce qu’un tableur leur a fait perdre, avant de joindre et sans rien réparer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation import datasets
from formation.comite import key_codes
from formation.datasets.located import problem, shortened
from formation.errors import FormationError, Problem
from formation.numbers import percent, plural

DATE, MOMENT, TEXT, EMPTY = "date", "heure", "texte", "vide"
_DAY = re.compile(r"(?:\d{4}-\d\d?-\d\d?|\d\d?/\d\d?/\d{4})(?:[ T]+(?P<time>\d\d?[:h]\d\d.*))?")
_MIDNIGHT = re.compile(r"0?0[:h]00(?:[:.,0]*)")
_MOSTLY = 0.8
_CLOSE = 4_000


class CleInvalide(FormationError):
    """La clé demandée n’est pas lisible."""


@dataclass(frozen=True)
class KeyName:
    """Colonne de la clé, sous le nom qu’elle a dans chaque fichier."""

    left: str
    right: str


@dataclass
class Diagnosis:
    """Clé comparée des deux côtés.

    Attributes
    ----------
    left, right : ndarray of str
        Clé de chaque ligne, telle qu’elle sera comparée ; vide si la case l’est.
    left_problems, right_problems : list of Problem
        Ce qui empêche de joindre.
    remarks : list of str
        Conversions choisies par l’utilisateur, prudences.
    restored : tuple of ndarray of str
        Clés avec leurs zéros : pour compter ce qui se joindrait une fois les fichiers corrigés, jamais pour joindre.
    """

    left: NDArray[np.object_]
    right: NDArray[np.object_]
    restored: tuple[NDArray[np.object_], NDArray[np.object_]]
    left_problems: list[Problem] = field(default_factory=list)
    right_problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def parse_names(texts: Sequence[str]) -> list[KeyName]:
    """Colonnes de la clé, telles qu’on les écrit dans un terminal.

    Parameters
    ----------
    texts : sequence of str
        « code_commune », ou « code_insee=code_commune » si le nom change d’un fichier à l’autre.

    Returns
    -------
    list of KeyName
        Colonnes, dans l’ordre.

    Raises
    ------
    CleInvalide
        Si la liste est vide ou si un nom l’est.

    Examples
    --------
    >>> parse_names(["date", "insee=code_commune"])
    [KeyName(left='date', right='date'), KeyName(left='insee', right='code_commune')]
    """
    found = []
    for text in texts:
        left, equal, right = (part.strip() for part in text.partition("="))
        if not left or (equal and not right):
            raise CleInvalide(
                f"--cle «\u00a0{text}\u00a0» : il manque un nom de colonne. Attendu : --cle code_commune, ou "
                "--cle code_insee=code_commune si la colonne n’a pas le même nom dans les deux fichiers."
            )
        found.append(KeyName(left, right or left))
    if not found:
        raise CleInvalide("Il faut au moins une colonne de clé, par exemple --cle code_commune.")
    return list(dict.fromkeys(found))


def writing(texts: Sequence[str]) -> str:
    """Écriture d’une colonne de clé : un jour, un jour et une heure, ou un texte.

    Parameters
    ----------
    texts : sequence of str
        Premières cases lues.

    Returns
    -------
    str
        `DATE`, `MOMENT`, `TEXT`, ou `EMPTY` si toutes les cases sont vides.

    Examples
    --------
    >>> writing(["2024-03-01", "02/03/2024"]), writing(["2024-03-01 08:15"]), writing(["00001"])
    ('date', 'heure', 'texte')
    """
    filled = [text for text in texts if text]
    if not filled:
        return EMPTY
    found = [_DAY.fullmatch(text) for text in filled]
    if sum(match is not None for match in found) < _MOSTLY * len(filled):
        return TEXT
    timed = any(match and match["time"] and not _MIDNIGHT.fullmatch(match["time"]) for match in found)
    return MOMENT if timed else DATE


def common_writing(mine: str, theirs: str) -> str:
    """Écriture dans laquelle lire une clé : une date d’un côté en demande une de l’autre.

    Parameters
    ----------
    mine, theirs : str
        Écritures de :func:`writing` dans ce fichier, et dans l’autre.

    Returns
    -------
    str
        `DATE`, `MOMENT` ou `TEXT`.
    """
    if mine == MOMENT or theirs == MOMENT:
        return MOMENT if mine == theirs else TEXT
    return DATE if DATE in (mine, theirs) else TEXT


def diagnose(
    left: NDArray[np.object_],
    right: NDArray[np.object_],
    name: KeyName,
    lines: tuple[NDArray[np.int64], NDArray[np.int64]],
    *,
    pad: bool = False,
    loose: bool = False,
    hidden: bool = False,
) -> Diagnosis:
    """Compare une colonne de clé des deux côtés.

    Parameters
    ----------
    left, right : ndarray of str
        Cases lues ; vide si la case l’est.
    name : KeyName
        Noms de la colonne.
    lines : tuple of ndarray of int
        Numéros des lignes de chaque fichier.
    pad : bool
        Vrai pour compléter les codes qui ont perdu leurs zéros de tête.
    loose : bool
        Vrai pour ne tenir compte ni de la casse, ni des accents, ni des espaces, ni des tirets.
    hidden : bool
        Vrai si la clé a l’air d’une donnée personnelle : aucune valeur n’est montrée.

    Returns
    -------
    Diagnosis
        Clés comparables et problèmes.
    """
    sides = (left, right)
    unique = [list(dict.fromkeys(text for text in side if text)) for side in sides]
    width, example = key_codes.width_of(unique, (name.left, name.right))
    padded = [{text: key_codes.padded(text, width) for text in values} for values in unique]
    raw = [set(values) for values in unique]
    fixed = [set(mapping.values()) for mapping in padded]
    problems: tuple[list[Problem], list[Problem]] = ([], [])
    remarks: list[str] = []
    for rank, column in enumerate((name.left, name.right)):
        other = 1 - rank
        show = _hidden if hidden else _shown
        lost = {
            t for t in unique[rank] if padded[rank][t] != t and padded[rank][t] in fixed[other] and t not in raw[other]
        }
        alike = {t for t in unique[rank] if padded[rank][t] != t} - lost
        broken = {text for text in unique[rank] if key_codes.scientific(text)}
        here = _Here(sides[rank], lines[rank], column, hidden)
        if broken:
            problems[rank].append(
                here.problem("notation_scientifique", broken, key_codes.scientific_message(show(min(broken))))
            )
        if lost and not pad:
            first = here.first(lost)
            problems[rank].append(
                here.problem(
                    "zeros_perdus", lost, key_codes.lost_message(show(first), show(padded[rank][first]), width or 0)
                )
            )
        elif pad and (lost | alike):
            count = here.count(lost | alike)
            size = f" à {width} caractères" if width else ""
            done = plural(count, "code rétabli", "codes rétablis")
            remarks.append(f"Colonne « {column} » : {done}{size}, à votre demande (--completer-zeros).")
        if alike and not pad:
            remarks.append(
                f"Colonne « {column} » : {plural(len(alike), 'code')} de moins de {width} caractères, par exemple "
                f"{show(here.first(alike))} ; un code de ce genre s’écrit plutôt comme {example}. Ici cela n’empêche "
                "pas de joindre, ailleurs si."
            )
    restored = [_mapped(side, padded[rank]) for rank, side in enumerate(sides)]
    clean = [_mapped(side, padded[rank] if pad else {}) for rank, side in enumerate(sides)]
    if loose:
        clean = [simplified(side) for side in clean]
        remarks.append(f"Colonne « {name.left} » : casse, accents, espaces et tirets laissés de côté (--rapprocher).")
    else:
        problems[0].extend(_other_writing(clean, lines, name, hidden=hidden))
    return Diagnosis(clean[0], clean[1], (restored[0], restored[1]), problems[0], problems[1], remarks)


def simplified(texts: NDArray[np.object_]) -> NDArray[np.object_]:
    """Clés sans casse, accents, espaces ni tirets.

    Parameters
    ----------
    texts : ndarray of str
        Clés ; vide si la case l’est.

    Returns
    -------
    ndarray of str
        Clés simplifiées.

    Examples
    --------
    >>> simplified(np.array(["Saint-Orlan", "SAINT ORLAN", "00012"], dtype=object)).tolist()
    ['saint_orlan', 'saint_orlan', '00012']
    """
    return _mapped(texts, {text: _simple(text) for text in dict.fromkeys(texts) if text})


def near(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    r"""Clés sans correspondance, chacune avec la plus ressemblante de l’autre fichier s’il y en a une.

    Parameters
    ----------
    texts : sequence of str
        Quelques clés sans correspondance.
    others : sequence of str
        Clés de l’autre fichier.

    Returns
    -------
    list of str
        Clés entre guillemets.

    Examples
    --------
    >>> near(["R0O12"], ["R0012", "R0500"])[0].replace("\u00a0", " ")
    '« R0O12 » (peut-être « R0012 »)'
    """
    pool = list(others[:_CLOSE])
    found = []
    for text in texts:
        # Deux jours voisins se ressemblent toujours : ce n’est pas une faute de frappe.
        close = [] if _DAY.fullmatch(text) else get_close_matches(text, pool, n=1, cutoff=0.75)
        found.append(_shown(text) + (f" (peut-être {_shown(close[0])})" if close else ""))
    return found


def share(part: int, whole: int) -> str:
    r"""Part écrite en pour cent, sans jamais arrondir à tout ni à rien.

    Parameters
    ----------
    part, whole : int
        Cas, ensemble.

    Returns
    -------
    str
        Texte.

    Examples
    --------
    >>> share(1, 1000), share(999, 1000)
    ('moins de 1\xa0%', 'plus de 99\xa0%')
    """
    ratio = part / whole if whole else 0.0
    if 0 < ratio < 0.01:
        return "moins de 1\u00a0%"
    if 0.99 < ratio < 1:
        return "plus de 99\u00a0%"
    return percent(ratio)


@dataclass(frozen=True)
class _Here:
    """Une colonne d’un fichier, et le moyen d’y désigner des lignes."""

    texts: NDArray[np.object_]
    lines: NDArray[np.int64]
    column: str
    hidden: bool

    def mask(self, values: set[str]) -> NDArray[np.bool_]:
        return np.asarray(pd.Series(self.texts, dtype=object).isin(values), dtype=bool)

    def count(self, values: set[str]) -> int:
        return int(self.mask(values).sum())

    def first(self, values: set[str]) -> str:
        return str(self.texts[int(np.argmax(self.mask(values)))])

    def problem(self, kind: str, values: set[str], message: str) -> Problem:
        texts = None if self.hidden else self.texts
        return problem(kind, self.mask(values), self.lines, self.column, message, texts)


def _mapped(texts: NDArray[np.object_], mapping: dict[str, str]) -> NDArray[np.object_]:
    return np.array([mapping.get(text, text) for text in texts], dtype=object)


def _simple(text: str) -> str:
    # Un code tout en chiffres, le cas le plus courant, est déjà simple.
    return text if text.isdigit() and text.isascii() else datasets.simplify(text) or text


def _other_writing(
    clean: Sequence[NDArray[np.object_]],
    lines: tuple[NDArray[np.int64], NDArray[np.int64]],
    name: KeyName,
    *,
    hidden: bool,
) -> list[Problem]:
    """Textes qui ne diffèrent que par la casse, les accents, les espaces ou les tirets."""
    known = set(clean[1]) - {""}
    lonely = [text for text in dict.fromkeys(clean[0]) if text and text not in known]
    if not lonely:
        return []
    by_simple: dict[str, str] = {}
    for text in sorted(known):
        by_simple.setdefault(_simple(text), text)
    alike = {text: by_simple[_simple(text)] for text in lonely if _simple(text) in by_simple}
    if not alike:
        return []
    here = _Here(clean[0], lines[0], name.left, hidden)
    first = here.first(set(alike))
    pair = "deux valeurs" if hidden else f"{_shown(first)} ici et {_shown(alike[first])} dans l’autre fichier"
    message = (
        f"{pair} ne diffèrent que par la casse, les accents, les espaces ou les tirets : la jointure perdrait ces "
        "lignes. Corrigez un des deux fichiers, joignez plutôt sur un code, ou choisissez --rapprocher (le choix sera "
        "écrit dans le compte rendu)."
    )
    return [here.problem("ecriture_differente", set(alike), message)]


def _shown(text: Any) -> str:
    return f"«\u00a0{shortened(str(text))}\u00a0»"


def _hidden(_: Any) -> str:
    return "une valeur"
