"""Lettres d’un texte français, sans ce qui gêne une comparaison."""

from __future__ import annotations

import re
import unicodedata
from itertools import filterfalse

_NBSP = "\u00a0"


def without_accents(text: str) -> str:
    """Retire les accents.

    Parameters
    ----------
    text : str
        Texte.

    Returns
    -------
    str
        Texte sans accents ni cédilles.

    Examples
    --------
    >>> without_accents("déjà reçu")
    'deja recu'
    """
    return "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", text)))


def fold(text: str) -> str:
    """Met en minuscules, sans accents, ligatures ouvertes : la forme sous laquelle deux textes se comparent.

    Parameters
    ----------
    text : str
        Texte.

    Returns
    -------
    str
        Texte replié ; la ponctuation reste.

    Examples
    --------
    >>> fold("Élections, cœur")
    'elections, coeur'
    """
    return without_accents(text.lower().replace("œ", "oe").replace("æ", "ae"))


def french(text: str) -> str:
    r"""Pose les espaces insécables du français.

    Parameters
    ----------
    text : str
        Phrase en français.

    Returns
    -------
    str
        Même phrase, insécables avant « ; : ! ? » et dans les guillemets.

    Examples
    --------
    >>> french("Attendu : un nombre.") == "Attendu\u00a0: un nombre."
    True
    """
    text = re.sub(r"(?<=\S) ([:;!?\u00bb€])", rf"{_NBSP}\1", text)
    text = re.sub(r"(?<=\d) %", rf"{_NBSP}%", text)
    return text.replace("\u00ab ", f"\u00ab{_NBSP}")
