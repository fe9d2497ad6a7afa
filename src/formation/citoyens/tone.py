"""Pour ou contre, d’après les mots : ce que fait un compteur d’opinions, et ce que l’ironie en fait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from formation.citoyens.texts import normalise

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

FOR, AGAINST, NONE = "pour", "contre", "aucun"
PLEASED = (
    "bravo", "super", "genial", "formidable", "excellent", "excellente", "parfait", "merveilleux", "oui", "d accord",
    "bonne idee", "utile", "pratique", "tant mieux", "pour", "vivement", "enfin", "tres bien", "aide", "progres",
    "gain", "mieux", "soutenons", "soutiennent", "soutient", "merci de", "chance", "ravi", "j adore", "confiance",
)  # fmt: skip
DISPLEASED = (
    "non", "contre", "refuse", "jamais", "marre", "assez", "cher", "inadmissible", "pas", "plus personne", "impossible",
    "oppose", "opposons", "renoncer", "supprimes", "flicage", "surveillance", "gadget", "catastrophique", "gachis",
    "n importe quoi", "pirater", "inutile", "bof", "silence", "erreurs", "disparait", "deshumanise",
)  # fmt: skip


def opinion(text: str) -> str:
    """Avis d’un texte d’après ses mots : ceux qui plaisent moins ceux qui déplaisent.

    Parameters
    ----------
    text : str
        Texte.

    Returns
    -------
    str
        `pour`, `contre`, ou `aucun` à égalité.

    Examples
    --------
    >>> opinion("Bravo, très bien !"), opinion("C’est inadmissible.")
    ('pour', 'contre')
    """
    plain = f" {normalise(text)} "
    balance = sum(f" {word} " in plain for word in PLEASED) - sum(f" {word} " in plain for word in DISPLEASED)
    return FOR if balance > 0 else AGAINST if balance < 0 else NONE


def opinions(texts: Sequence[str]) -> NDArray[Any]:
    """Avis de plusieurs textes.

    Parameters
    ----------
    texts : sequence of str
        Textes.

    Returns
    -------
    ndarray of str
        Un avis par texte.
    """
    return np.array([opinion(text) for text in texts], dtype=object)


def read_as_for(texts: Sequence[str], truth: pd.DataFrame) -> dict[str, float]:
    """Parts des textes contre que les mots font prendre pour des textes pour.

    Parameters
    ----------
    texts : sequence of str
        Textes.
    truth : DataFrame
        Table `verite`.

    Returns
    -------
    dict of str to float
        `ironiques` et `autres`, entre 0 et 1 ; textes dont l’avis est « contre », hors campagnes.
    """
    against = (truth["avis"] == AGAINST) & (truth["forme"] != "campagne")
    taken = opinions(texts) == FOR
    ironic = truth["ironie"] == 1
    return {
        "ironiques": float(taken[against & ironic].mean()),
        "autres": float(taken[against & ~ironic].mean()),
    }
