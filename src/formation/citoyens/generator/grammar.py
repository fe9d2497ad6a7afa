"""Grammaire des contributions : une phrase à trous devient un texte, au hasard d’une graine."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    import numpy as np

_FILE = Path(__file__).with_name("phrases.yml")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_WORD = re.compile(r"\{(\w+)\}")
_AGREEMENTS = (
    (re.compile(r"\b([Qq]u|[Dd])e (?=[aeiouéê])"), r"\1'"),
    (re.compile(r"\bà le "), "au "),
    (re.compile(r"\bde le "), "du "),
    (re.compile(r" (?=[ ,.])|,(?=[.,])|,(?= *$)"), ""),
)


@lru_cache(maxsize=1)
def phrases() -> dict[str, Any]:
    """Grammaire lue dans `phrases.yml` : mots, thèmes, ironie, hors sujet, textes de campagne.

    Returns
    -------
    dict
        La même à chaque appel : ne pas la modifier.

    Examples
    --------
    >>> len(phrases()["themes"])
    13
    """
    # Le fichier suit la typographie du livre ; un habitant tape l’apostrophe et l’espace de son clavier.
    typed = _FILE.read_text(encoding="utf-8").translate({0x2019: "'", 0xA0: " "})
    grammar: dict[str, Any] = yaml.safe_load(typed)
    return grammar


def expand(pattern: str, rng: np.random.Generator) -> str:
    """Écrit une phrase à trous.

    Parameters
    ----------
    pattern : str
        `[a|b|]` choisit l’un des deux ou rien, `{mot}` tire dans une liste ; les choix peuvent s’emboîter.
    rng : numpy.random.Generator
        Hasard.

    Returns
    -------
    str
        Phrase, élisions et contractions faites.

    Examples
    --------
    >>> import numpy as np
    >>> expand("plus que [un|un] sourire à [le|le] stade", np.random.default_rng(0))
    "plus qu'un sourire au stade"
    """
    words = phrases()["mots"]
    text = pattern
    while found := (_CHOICE.search(text) or _WORD.search(text)):
        options = found[1].split("|") if found.re is _CHOICE else words[found[1]]
        text = f"{text[: found.start()]}{options[rng.integers(len(options))]}{text[found.end() :]}"
    return tidy(text)


def tidy(text: str) -> str:
    """Fait les élisions et les contractions, retire les espaces et les virgules de trop.

    Parameters
    ----------
    text : str
        Texte assemblé.

    Returns
    -------
    str
        Texte lisible.

    Examples
    --------
    >>> tidy("je dis que un  bilan de le mois,.")
    "je dis qu'un bilan du mois."
    """
    for wrong, right in _AGREEMENTS:
        text = wrong.sub(right, text)
    return text.strip()
