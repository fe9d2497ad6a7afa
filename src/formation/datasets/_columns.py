"""Convertir une colonne de texte selon son type, et relever tout ce qui ne va pas."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd

from formation.datasets.schema import Field

_COMMA = re.compile(r"[+-]?\d+,\d+")
_SPACED = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_MIXED = re.compile(r"[+-]?\d[\d.,'’]*[.,'’][\d.,'’]*\d")
_WITH_UNIT = re.compile(r"[+-]?\d+(?:[.,]\d+)?\s*[A-Za-zµ%°³²/€]+.*")
_PARTIAL_DATE = re.compile(r"(?:\d{1,2}[/.-])?\d{4}(?:[/.-]\d{1,2})?")
_SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}")
_SERIAL = re.compile(r"[1-9]\d{4}")
_AMERICAN = re.compile(r"(0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01])/\d{4}")
_TRUE = {"1", "oui", "vrai", "true", "o"}
_FALSE = {"0", "non", "faux", "false", "n"}

DATE_FORMATS = (
    ("%Y-%m-%d", None),
    ("%d/%m/%Y", "dates JJ/MM/AAAA"),
    ("%Y-%m-%d %H:%M:%S", "dates suivies d’une heure, que l’on a ignorée"),
)


@dataclass
class Finding:
    """Un genre de problème dans un paquet de lignes."""

    kind: str
    mask: np.ndarray


@dataclass
class Notes:
    """Conversions acceptées, comptées par colonne."""

    accepted: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, column: str, what: str, count: int) -> None:
        """Ajoute des cases converties."""
        if count:
            self.accepted[column, what] += count


# une case refusée : son genre de problème ; None : case correcte
Verdicts = np.ndarray


def convert(field_: Field, texts: np.ndarray, notes: Notes, separator: str | None) -> tuple[np.ndarray, list[Finding]]:
    """Convertit une colonne.

    Parameters
    ----------
    field_ : Field
        Colonne du schéma.
    texts : ndarray de str
        Cases lues.
    notes : Notes
        Reçoit les conversions acceptées.
    separator : str or None
        Séparateur du fichier : il décide si « 1,234 » est ambigu.

    Returns
    -------
    values : ndarray
        Valeurs typées ; vide là où il y a un problème.
    findings : list of Finding
        Problèmes, chacun avec le masque des lignes.
    """
    codes, unique = pd.factorize(texts)
    stripped = np.array([text.strip() for text in unique], dtype=object)
    changed = np.array([a != b for a, b in zip(stripped, unique, strict=True)], dtype=bool)
    counts = np.bincount(codes, minlength=len(unique))
    notes.add(field_.name, "espaces retirés autour de la valeur", int(counts[changed & (stripped != "")].sum()))
    empty = stripped == ""
    verdicts = np.full(len(unique), None, dtype=object)
    values = _CONVERTERS[field_.type](field_, stripped, verdicts, empty, _Noter(notes, field_.name, counts), separator)
    if field_.required:
        verdicts[empty] = "case_vide"
    kinds = [kind for kind in dict.fromkeys(verdicts.tolist()) if kind is not None]
    return values[codes], [Finding(kind, (verdicts == kind)[codes]) for kind in kinds]


@dataclass
class _Noter:
    notes: Notes
    column: str
    counts: np.ndarray

    def __call__(self, what: str, mask: np.ndarray) -> None:
        self.notes.add(self.column, what, int(self.counts[mask].sum()))


_Converter = Callable[[Field, np.ndarray, Verdicts, np.ndarray, _Noter, "str | None"], np.ndarray]


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _text(
    field_: Field, texts: np.ndarray, verdicts: Verdicts, empty: np.ndarray, _: _Noter, __: str | None
) -> np.ndarray:
    allowed = field_.constraints.get("enum")
    pattern = field_.constraints.get("pattern")
    if allowed is not None:
        verdicts[~np.isin(texts, list(allowed)) & ~empty] = "categorie_inconnue"
    elif pattern is not None:
        match = _compiled(pattern).fullmatch
        wrong = np.array([match(text) is None for text in texts], dtype=bool) & ~empty
        for index in np.flatnonzero(wrong):
            verdicts[index] = "zeros_perdus" if _lost_zeros(texts[index], field_) else "format_invalide"
    values = texts.copy()
    values[empty] = np.nan
    return values


def padded(text: str, field_: Field) -> str:
    """Code complété de ses zéros, à la longueur de l’exemple du schéma."""
    return text.removesuffix(".0").zfill(len(field_.example))


def _lost_zeros(text: str, field_: Field) -> bool:
    full = padded(text, field_)
    digits = text.removesuffix(".0")
    pattern = str(field_.constraints["pattern"])
    return digits.isdigit() and len(digits) < len(full) and _compiled(pattern).fullmatch(full) is not None


def _number(
    field_: Field, texts: np.ndarray, verdicts: Verdicts, empty: np.ndarray, note: _Noter, separator: str | None
) -> np.ndarray:
    values: np.ndarray = (
        pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(dtype=float, na_value=np.nan).copy()
    )
    comma, spaced = np.zeros(len(texts), dtype=bool), np.zeros(len(texts), dtype=bool)
    for index in np.flatnonzero(~np.isfinite(values) & ~empty):
        text = texts[index]
        values[index] = np.nan
        if _COMMA.fullmatch(text) and not (separator == "," and _THOUSANDS.fullmatch(text)):
            comma[index], values[index] = True, float(text.replace(",", "."))
        elif _SPACED.fullmatch(text):
            spaced[index] = True
            values[index] = float(re.sub(r"[ \u00a0\u202f]", "", text).replace(",", "."))
        elif _MIXED.fullmatch(text):
            verdicts[index] = "nombre_ambigu"
        elif _WITH_UNIT.fullmatch(text):
            verdicts[index] = "unite_dans_la_case"
        else:
            verdicts[index] = "pas_un_nombre"
    note("virgule décimale", comma)
    note("espace entre les milliers", spaced)
    _check_range(field_, values, verdicts)
    return values


def _integer(
    field_: Field, texts: np.ndarray, verdicts: Verdicts, empty: np.ndarray, note: _Noter, separator: str | None
) -> np.ndarray:
    values = _number(field_, texts, verdicts, empty, note, separator)
    with np.errstate(invalid="ignore"):
        fractional = np.isfinite(values) & (values != np.floor(values))
    verdicts[fractional & (verdicts == None)] = "pas_un_entier"  # noqa: E711 — comparaison terme à terme
    allowed = field_.constraints.get("enum")
    if allowed is not None:
        outside = np.isfinite(values) & ~np.isin(values, list(allowed)) & ~fractional
        verdicts[outside] = "categorie_inconnue"
    return values


def _check_range(field_: Field, values: np.ndarray, verdicts: Verdicts) -> None:
    low, high = field_.constraints.get("minimum"), field_.constraints.get("maximum")
    with np.errstate(invalid="ignore"):
        if low is not None:
            verdicts[values < low] = "trop_petit"
        if high is not None:
            verdicts[values > high] = "trop_grand"


def _boolean(
    _: Field, texts: np.ndarray, verdicts: Verdicts, empty: np.ndarray, note: _Noter, __: str | None
) -> np.ndarray:
    lowered = np.array([text.lower().removesuffix(".0") for text in texts], dtype=object)
    values = np.full(len(texts), np.nan)
    values[np.isin(lowered, list(_TRUE))] = 1
    values[np.isin(lowered, list(_FALSE))] = 0
    verdicts[np.isnan(values) & ~empty] = "pas_un_booleen"
    note("« oui » et « non » écrits en lettres", ~np.isnan(values) & ~np.isin(texts, ["0", "1"]))
    return values


def _date(
    field_: Field, texts: np.ndarray, verdicts: Verdicts, empty: np.ndarray, note: _Noter, __: str | None
) -> np.ndarray:
    values = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[us]")
    left = ~empty
    for pattern, label in DATE_FORMATS:
        if not left.any():
            break
        parsed = pd.to_datetime(pd.Series(texts[left], dtype=object), format=pattern, errors="coerce")
        found = np.zeros(len(texts), dtype=bool)
        found[left] = parsed.notna().to_numpy()
        values[found] = parsed.dropna().dt.normalize().to_numpy(dtype="datetime64[us]")
        left &= ~found
        if label:
            note(label, found)
    for index in np.flatnonzero(left):
        verdicts[index] = _date_problem(texts[index])
    low, high = field_.constraints.get("minimum"), field_.constraints.get("maximum")
    if low is not None:
        verdicts[values < np.datetime64(low)] = "date_trop_tot"
    if high is not None:
        verdicts[values > np.datetime64(high)] = "date_trop_tard"
    return values


def _date_problem(text: str) -> str:
    if _SERIAL.fullmatch(text.removesuffix(".0")):
        return "date_en_nombre"
    if _PARTIAL_DATE.fullmatch(text):
        return "date_incomplete"
    if _SHORT_YEAR.fullmatch(text):
        return "date_annee_courte"
    if _AMERICAN.fullmatch(text):
        return "date_americaine"
    return "date_invalide"


_CONVERTERS: dict[str, _Converter] = {
    "string": _text,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "date": _date,
}
