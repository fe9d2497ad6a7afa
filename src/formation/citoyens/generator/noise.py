"""Fautes de frappe, accents oubliés, abréviations : ce que les mots d’un habitant ont de différent des nôtres."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_SHORT = {
    "parce que": "pcq", "beaucoup": "bcp", "dans": "ds", "pour": "pr", "quand": "qd", "toujours": "tjs", "c’est": "c",
    "avec": "av", "vous": "vs", "quelqu'un": "qqn", "jamais": "jms", "même": "mm", "rendez-vous": "rdv",
}  # fmt: skip
_SOUNDS = (
    ("ph", "f"), ("mm", "m"), ("nn", "n"), ("tt", "t"), ("rr", "r"), ("ss", "s"), ("eau", "o"), ("er ", "é "),
    ("és ", "er "), ("ent ", "e "), ("qu", "k"), ("ai", "é"), ("ç", "s"), ("ez ", "é "), ("aux", "o"),
)  # fmt: skip
_LETTERS = re.compile(r"[^\W\d_]{4,}")


def misspell(text: str, rate: float, rng: np.random.Generator) -> str:
    """Ajoute des fautes à un texte.

    Parameters
    ----------
    text : str
        Texte.
    rate : float
        Part des mots de quatre lettres et plus à abîmer, entre 0 et 1.
    rng : numpy.random.Generator
        Hasard.

    Returns
    -------
    str
        Texte, fautes comprises ; le même si `rate` est nul.
    """

    def spoil(match: re.Match[str]) -> str:
        word = match[0]
        if rng.random() >= rate:
            return word
        sounds = [(old, new) for old, new in _SOUNDS if old.strip() in word[1:]]
        if sounds and rng.random() < 0.6:
            old, new = (part.strip() for part in sounds[rng.integers(len(sounds))])
            return word[0] + word[1:].replace(old, new, 1)
        spot = int(rng.integers(1, len(word) - 1))
        if rng.random() < 0.5:
            return word[:spot] + word[spot + 1 :]
        return word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :]

    return _LETTERS.sub(spoil, text) if rate else text


def shorten(text: str, share: float, rng: np.random.Generator) -> str:
    """Remplace des mots courants par leur abréviation.

    Parameters
    ----------
    text : str
        Texte.
    share : float
        Part des mots de la liste à remplacer.
    rng : numpy.random.Generator
        Hasard.

    Returns
    -------
    str
        Texte abrégé.
    """
    for word, short in _SHORT.items():
        if rng.random() < share:
            # Au clavier, l’apostrophe est droite.
            long = re.escape(word.replace("’", "'"))
            text = re.sub(rf"(?<![\w'-]){long}(?![\w'-])", short, text)
    return text
