"""Lire les dates et heures d’un fichier, le jour avant le mois, avec le décalage écrit dans la case s’il y en a un."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.datasets.located import problem, shortened
from formation.errors import Problem

Times = NDArray[np.datetime64]
_DAY = r"(?:(?P<iso>\d{4}-\d\d?-\d\d?)|(?P<french>\d\d?/\d\d?/\d{4}))"
_TIME = r"(?:[ T]+(?P<hour>\d\d?)[:h](?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d+))?)?)?"
_OFFSET = r"\s*(?P<offset>Z|UTC|[+-]\d\d(?::?\d\d)?)?"
_MOMENT = re.compile(_DAY + _TIME + _OFFSET, re.IGNORECASE)
_FIXED = re.compile(r"([+-])(\d\d)(?::?(\d\d))?")
_USUAL = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M",
          "%d/%m/%Y %H:%M:%S")  # fmt: skip
_FORM = "Attendu : AAAA-MM-JJ HH:MM, ou JJ/MM/AAAA HH:MM, par exemple"
_WRONG = (
    ("date_invalide", re.compile(""), "la case est vide : il faut la date et l’heure."),
    ("date_invalide", re.compile(r"\d{1,2}[:h]\d{2}(?::\d{2})?"), "est une heure sans date. Ajoutez le jour."),
    ("date_en_nombre", re.compile(r"[1-9]\d{4}(?:[.,]\d+)?"),
     "est le numéro d’ordre d’un jour dans un tableur. Mettez la colonne au format date et heure, puis refaites "
     "l’export."),
    ("date_americaine", re.compile(r"(0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01])/\d{4}\b.*"),
     "met le mois avant le jour : d’autres dates, comme 04/03/2019, seraient lues à l’envers. Refaites l’export avec "
     "l’année d’abord."),
    ("date_annee_courte", re.compile(r"\d\d?/\d\d?/\d\d\b.*"), "n’a que deux chiffres d’année."),
    ("date_invalide", re.compile(".*", re.DOTALL), "n’est pas une date suivie d’une heure."),
)  # fmt: skip


def parse(texts: NDArray[np.object_], *, midnight: bool = False) -> tuple[Times, NDArray[np.float64]]:
    """Lit des dates et heures, le jour avant le mois.

    Parameters
    ----------
    texts : ndarray of str, forme (n,)
        Dates et heures.
    midnight : bool
        Vrai si une date seule vaut minuit, comme l’écrit un tableur ; sinon, elle est illisible.

    Returns
    -------
    local : ndarray of datetime64[us], forme (n,)
        Heure telle qu’écrite ; vide si illisible.
    offset_min : ndarray of float, forme (n,)
        Décalage au temps universel écrit dans la case, en minutes ; vide s’il n’y en a pas.

    Examples
    --------
    >>> local, offset_min = parse(np.array(["27/10/2019 2:05", "2019-10-27T02:05+01:00"], dtype=object))
    >>> local.astype("datetime64[s]").astype(str).tolist(), offset_min.tolist()
    (['2019-10-27T02:05:00', '2019-10-27T02:05:00'], [nan, 60.0])
    """
    codes, unique = pd.factorize(pd.Series(texts, dtype=object).astype(str).str.strip())
    bodies, suffixes = np.array([_split(text) for text in unique], dtype=object).reshape(-1, 2).T
    kinds, known = pd.factorize(suffixes)
    offsets = np.array([minutes(suffix) for suffix in known])[kinds]
    stamps = _usual(bodies)
    stamps[np.isnan(offsets) & (suffixes != "")] = np.datetime64("NaT")
    for rank in np.flatnonzero(np.isnat(stamps)):
        found = _MOMENT.fullmatch(unique[rank])
        if found is None or (found["hour"] is None and not midnight):
            continue
        offset = minutes(found["offset"] or "")
        if found["offset"] and np.isnan(offset):
            continue
        stamps[rank], offsets[rank] = _built(found), offset
    return stamps[codes], offsets[codes]


def to_minute(local: Times) -> Times:
    """Arrondit à la minute : une case de tableur vaut parfois 18:04:59,99.

    Parameters
    ----------
    local : ndarray of datetime64
        Heures.

    Returns
    -------
    ndarray of datetime64[s]
        Minutes les plus proches.
    """
    return np.array(pd.Series(local).dt.round("min"), dtype="datetime64[s]")


def unreadable(
    texts: NDArray[np.object_], local: Times, lines: NDArray[np.int64], column: str, *, example: str
) -> list[Problem]:
    """Dit pourquoi des heures n’ont pas été lues.

    Parameters
    ----------
    texts : ndarray of str, forme (n,)
        Cases lues.
    local : ndarray of datetime64, forme (n,)
        Heures de :func:`parse`.
    lines : ndarray of int, forme (n,)
        Numéros de ligne.
    column : str
        Nom de la colonne dans le fichier.
    example : str
        Heure bien écrite.

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
        mask = np.zeros(len(texts), dtype=bool)
        mask[left] = [pattern.fullmatch(str(text).strip()) is not None for text in texts[left]]
        if mask.any():
            first = shortened(str(texts[int(np.argmax(mask))]))
            start = f"« {first} » {why}" if first else why
            problems.append(problem(kind, mask, lines, column, f"{start} {_FORM} {example}.", texts))
        left &= ~mask
    return problems


def minutes(offset: str) -> float:
    """Minutes d’un décalage au temps universel.

    Parameters
    ----------
    offset : str
        « Z », « UTC », « +01:00 », « -0330 » ou « +02 ».

    Returns
    -------
    float
        Minutes ; NaN si ce n’est pas un décalage, ou s’il est impossible.

    Examples
    --------
    >>> minutes("-03:30"), minutes("Z"), minutes("+15:00")
    (-210.0, 0.0, nan)
    """
    if offset.upper() in ("Z", "UTC"):
        return 0.0
    found = _FIXED.fullmatch(offset)
    if found is None or int(found[2]) > 14 or int(found[3] or 0) > 59:
        return float("nan")
    return float((-1 if found[1] == "-" else 1) * (60 * int(found[2]) + int(found[3] or 0)))


def _split(text: str) -> tuple[str, str]:
    """Heure et décalage, s’il a sa forme la plus courante."""
    if text[-1:] in ("Z", "z"):
        return text[:-1], "Z"
    if text[-3:-2] == ":" and text[-6:-5] in ("+", "-"):
        return text[:-6], text[-6:]
    return text, ""


def _usual(texts: NDArray[np.object_]) -> Times:
    """Écritures les plus courantes, par colonne entière : dix fois plus vite que case par case."""
    stamps = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[us]")
    for form in _USUAL:
        left = np.flatnonzero(np.isnat(stamps))
        if len(left) and not np.isnat(_strict(texts[left[:1]], form))[0]:
            stamps[left] = _strict(texts[left], form)
    return stamps


def _strict(texts: NDArray[np.object_], form: str) -> Times:
    return np.array(pd.to_datetime(pd.Series(texts), format=form, errors="coerce"), dtype="datetime64[us]")


def _built(found: re.Match[str]) -> np.datetime64:
    """Instant d’une écriture reconnue ; vide si le jour ou l’heure n’existe pas."""
    year, month, day = found["iso"].split("-") if found["iso"] else found["french"].split("/")[::-1]
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    part = (found["part"] or "")[:6].ljust(6, "0")
    try:
        return np.datetime64(f"{year}-{int(month):02}-{int(day):02}T{hour:02}:{minute:02}:{second:02}.{part}", "us")
    except ValueError:
        return np.datetime64("NaT", "us")
