"""Lire les dates et heures d’un fichier de mesures, le jour avant le mois, à la minute."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.errors import LINES_SHOWN, Problem

FORM = "Attendu : AAAA-MM-JJ HH:MM, par exemple 2019-10-26 18:05, ou JJ/MM/AAAA HH:MM."
EARLIEST = np.datetime64("1950-01-01", "s")
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[ T]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?",
    re.IGNORECASE,
)
_FRENCH = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})(?:[ T]+(\d\d?)[:h](\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?", re.IGNORECASE)
_WRONG = (
    ("date_en_nombre", re.compile(r"[1-9]\d{4}(?:[.,]\d+)?"),
     "est le numéro d’ordre d’un jour dans un tableur. Mettez la colonne au format date et heure, puis refaites "
     "l’export."),
    ("date_americaine", re.compile(r"(0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01])/\d{4}\b.*"),
     "met le mois avant le jour : d’autres dates, comme 04/03/2019, seraient lues à l’envers."),
    ("date_annee_courte", re.compile(r"\d\d?/\d\d?/\d\d\b.*"), "n’a que deux chiffres d’année."),
    ("date_invalide", re.compile(".*", re.DOTALL), "n’est pas une date suivie d’une heure."),
)  # fmt: skip

Times = NDArray[np.datetime64]


def parse(texts: NDArray[np.object_]) -> tuple[Times, NDArray[np.float64]]:
    """Lit des dates et heures.

    Parameters
    ----------
    texts : ndarray of str, forme (n,)
        Dates et heures ; une date seule vaut minuit, comme l’écrit un tableur.

    Returns
    -------
    local : ndarray of datetime64[s], forme (n,)
        Heure telle qu’écrite, à la minute ; vide si illisible.
    offset_min : ndarray of float, forme (n,)
        Décalage au temps universel écrit dans la case, en minutes ; vide s’il n’y en a pas.

    Examples
    --------
    >>> local, offset_min = parse(np.array(["27/10/2019 2:05", "2019-10-27T02:05+01:00"], dtype=object))
    >>> local.astype(str).tolist(), offset_min.tolist()
    (['2019-10-27T02:05:00', '2019-10-27T02:05:00'], [nan, 60.0])
    """
    codes, unique = pd.factorize(texts)
    written, offsets = [], np.full(len(unique), np.nan)
    for rank, text in enumerate(unique):
        found = _ISO.fullmatch(text.strip())
        if found:
            year, month, day, *clock, offset = found.groups()
            offsets[rank] = _minutes(offset)
        elif found := _FRENCH.fullmatch(text.strip()):
            day, month, year, *clock = found.groups()
        else:
            written.append("")
            continue
        hour, minute, second = (int(part or 0) for part in clock)
        written.append(f"{year}-{int(month):02}-{int(day):02}T{hour:02}:{minute:02}:{second:02}")
    stamps = pd.to_datetime(pd.Series(written, dtype=object), format="%Y-%m-%dT%H:%M:%S", errors="coerce")
    # Une case de tableur vaut parfois 18:04:59 : la minute la plus proche est la bonne.
    return stamps.dt.round("min").to_numpy(dtype="datetime64[s]")[codes], offsets[codes]


def unreadable(
    texts: NDArray[np.object_], local: Times, lines: NDArray[np.int64], column: str, latest: np.datetime64
) -> list[Problem]:
    """Dit pourquoi une date n’a pas été lue, ou ne peut pas être celle d’une mesure.

    Parameters
    ----------
    texts : ndarray of str, forme (n,)
        Cases lues.
    local : ndarray of datetime64[s], forme (n,)
        Dates de :func:`parse`.
    lines : ndarray of int, forme (n,)
        Numéros de ligne.
    column : str
        Nom de la colonne dans le fichier.
    latest : datetime64
        Dernière date possible.

    Returns
    -------
    list of Problem
        Un problème par genre d’écriture fautive.
    """
    problems = []
    left = np.isnat(local)
    for kind, pattern, why in _WRONG:
        if not left.any():
            break
        unread = [str(text).strip() for text in texts[left]]
        mask = np.zeros(len(texts), dtype=bool)
        mask[left] = [pattern.fullmatch(text) is not None for text in unread]
        if mask.any():
            problems.append(problem(kind, mask, lines, column, f"{_first(texts, mask)} {why} {FORM}", texts))
        left &= ~mask
    for kind, mask, side in (
        ("date_trop_tot", local < EARLIEST, f"est avant le {EARLIEST.astype('datetime64[D]')}"),
        ("date_trop_tard", local > latest, "est dans le futur"),
    ):
        if mask.any():
            message = f"{_first(texts, mask)} {side} : ce n’est pas une mesure. Vérifiez l’année. {FORM}"
            problems.append(problem(kind, mask, lines, column, message, texts))
    return problems


def problem(
    kind: str,
    mask: NDArray[np.bool_],
    lines: NDArray[np.int64],
    column: str,
    message: str,
    texts: NDArray[np.object_] | None = None,
) -> Problem:
    """Problème d’une partie des lignes.

    Parameters
    ----------
    kind : str
        Code stable.
    mask : ndarray of bool, forme (n,)
        Lignes fautives.
    lines : ndarray of int, forme (n,)
        Numéros de ligne.
    column, message : str
        Colonne et phrase.
    texts : ndarray of str, optional
        Cases lues.

    Returns
    -------
    Problem
        Avec ses premières lignes.
    """
    rows = np.flatnonzero(mask)[:LINES_SHOWN]
    values = () if texts is None else tuple(str(texts[row]) for row in rows)
    return Problem(kind, message, column, tuple(int(lines[row]) for row in rows), values, int(mask.sum()))


def _first(texts: NDArray[np.object_], mask: NDArray[np.bool_]) -> str:
    text = str(texts[int(np.argmax(mask))]).strip()
    return f"« {text if len(text) <= 40 else text[:37] + '…'} »"


def _minutes(offset: str | None) -> float:
    if offset is None:
        return float("nan")
    if offset.upper() in ("Z", "UTC"):
        return 0.0
    digits = offset[1:].replace(":", "").ljust(4, "0")
    return float((-1 if offset[0] == "-" else 1) * (60 * int(digits[:2]) + int(digits[2:])))
