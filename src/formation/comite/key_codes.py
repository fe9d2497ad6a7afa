"""Codes qu’un tableur a pris pour des nombres : zéros de tête perdus, virgule en trop, puissances de dix."""

from __future__ import annotations

import re
from collections.abc import Sequence

from formation import datasets

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}")
_FLOAT = re.compile(r"\d+[.,]0+")
# Codes que toutes les administrations écrivent de la même façon : longueur, forme, exemple.
_FAMILIES = (
    ("siret", 14, re.compile(r"\d{14}"), "01234567800012"),
    ("siren", 9, re.compile(r"\d{9}"), "012345678"),
    ("postal", 5, re.compile(r"\d{5}"), "01000"),
    ("insee", 5, re.compile(r"(?:\d\d|2[AB])\d{3}"), "01004"),
    ("commune", 5, re.compile(r"(?:\d\d|2[AB])\d{3}"), "01004"),
    ("departement", 2, re.compile(r"\d{2,3}|2[AB]"), "01"),
)


def width_of(unique: Sequence[Sequence[str]], columns: Sequence[str]) -> tuple[int | None, str]:
    """Longueur attendue d’un code : celle de sa famille, ou celle des codes qui ont gardé leurs zéros.

    Parameters
    ----------
    unique : sequence of sequence of str
        Valeurs différentes de la clé, à gauche puis à droite.
    columns : sequence of str
        Noms de la colonne dans les deux fichiers.

    Returns
    -------
    tuple
        Longueur, ou `None` si rien ne la dit ; code bien écrit, en exemple.
    """
    for word, size, pattern, example in _FAMILIES:
        if not any(word in datasets.simplify(column) for column in columns):
            continue
        values = [text for column in unique for text in column]
        good = sum(pattern.fullmatch(text) is not None for text in values)
        if good and all(pattern.fullmatch(text) or text.partition(".")[0].isdigit() for text in values):
            return size, example
    zeros = {
        len(text) for column in unique for text in column if text.startswith("0") and len(text) > 1 and text.isdigit()
    }
    if len(zeros) == 1:
        size = zeros.pop()
        return size, "0" * (size - 1) + "1"
    return None, ""


def padded(text: str, width: int | None) -> str:
    """Code complété à sa longueur, sans « ,0 » ; un texte qui n’est pas un code reste tel quel.

    Parameters
    ----------
    text : str
        Case lue.
    width : int or None
        Longueur attendue.

    Returns
    -------
    str
        Code.
    """
    core = text.partition("." if "." in text else ",")[0] if _FLOAT.fullmatch(text) else text
    if width is None or not (core.isdigit() or re.fullmatch(r"\d[AB]\d{3}", core)):
        return core if core.isdigit() else text
    return core.zfill(width)


def scientific(text: str) -> bool:
    """Vrai pour un code écrit avec une puissance de dix : ses derniers chiffres sont perdus.

    Parameters
    ----------
    text : str
        Case lue.

    Returns
    -------
    bool
        Vrai pour « 1,23457E+13 ».
    """
    return _SCIENTIFIC.fullmatch(text) is not None


def lost_message(first: str, full: str, width: int) -> str:
    """Phrase pour des codes qui ont perdu leurs zéros, ou gagné une virgule.

    Parameters
    ----------
    first, full : str
        Premier code lu, le même complété, entre guillemets.
    width : int
        Longueur attendue ; 0 si elle n’est pas connue.

    Returns
    -------
    str
        Constat, raison, forme attendue, suite à donner.
    """
    end = "ou choisissez --completer-zeros (le choix sera écrit dans le compte rendu)."
    if not width:
        return (
            f"{first} est sans doute {full} : un logiciel a pris le code pour un nombre à virgule. Refaites l’export "
            f"avec cette colonne au format texte, {end}"
        )
    return (
        f"{first} est sans doute {full} : un tableur a pris le code pour un nombre. La jointure perdrait ces lignes "
        f"sans le dire. Refaites l’export avec cette colonne au format texte ({width} caractères), {end}"
    )


def scientific_message(first: str) -> str:
    """Phrase pour des codes dont les derniers chiffres sont perdus.

    Parameters
    ----------
    first : str
        Premier code lu, entre guillemets.

    Returns
    -------
    str
        Constat et suite à donner.
    """
    return (
        f"{first} est un code écrit comme un nombre à puissances de dix : ses derniers chiffres sont perdus, rien ne "
        "peut les retrouver. Repartez du fichier d’origine et importez cette colonne au format texte."
    )
