"""Du texte libre aux mots : normaliser, couper, reconnaître les copies d’un même texte."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from formation.letters import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CHARACTERS = 5000
"""Longueur lue d’un texte ; au-delà, on ne lit que le début."""
BRIEF = 4
"""Mots au-dessous desquels un texte ne porte pas de thème que l’on puisse regrouper."""
LONG_ENOUGH, SIMILAR = 10, 0.7
"""Mots distincts qu’il faut pour comparer deux textes, et part de mots communs qui fait de l’un la copie de l’autre."""
STEM = 6
"""Lettres gardées d’un mot : « filmer », « filmés » et « filment » se rejoignent, une faute à la fin ne compte plus."""
_NOT_A_WORD = re.compile(r"[\W_\d]+")
_COMMON = (
    "a ai ainsi alors au aucun aussi autre aux avant avec avez avoir beaucoup bien bonjour bonsoir c ca car ce cela "
    "ces cet cette ceux chaque chez ci comme comment contre d dans de depuis des dis dit dois doit donc du elle elles "
    "en encore entre es est et etait etc ete etes etre eu euh eux fait faire faut font h ici il ils j je jusqu l la le "
    "les leur leurs lui ma mais mal me meme merci mes moi moins mon n ne ni non nos notre nous on ont ou oui par parce "
    "pas peu peut plus pour pourquoi pr puis qu quand que quel quelle quelles quels qui quoi s sa sans se ses si soit "
    "son sont suis sur t ta te tes toi ton toujours tous tout toute toutes tres tu un une va vais vers veut veux voici "
    "voila vont vos votre vous y"
)
STOP = frozenset(_COMMON.split())
"""Mots trop courants pour dire de quoi parle un texte."""


def normalise(text: str) -> str:
    """Texte en minuscules, sans accents, ponctuation ni chiffres.

    Parameters
    ----------
    text : str
        Texte.

    Returns
    -------
    str
        Mots séparés par une espace.

    Examples
    --------
    >>> normalise("C’est À VOIR, non ?")
    'c est a voir non'
    """
    return _NOT_A_WORD.sub(" ", fold(text[:MAX_CHARACTERS])).strip()


def words(text: str) -> list[str]:
    """Mots qui portent du sens, dans l’ordre.

    Parameters
    ----------
    text : str
        Texte.

    Returns
    -------
    list of str
        Mots sans accents, mots courants retirés.

    Examples
    --------
    >>> words("Je veux parler à un agent, pas à une machine.")
    ['parler', 'agent', 'machine']
    """
    return [word for word in normalise(text).split() if word not in STOP and len(word) > 1]


def written(texts: Sequence[str]) -> dict[str, str]:
    """Façon la plus fréquente d’écrire chaque mot : « comite » redevient « comité » pour qui le lit.

    Parameters
    ----------
    texts : sequence of str
        Textes.

    Returns
    -------
    dict of str to str
        Mot sans accents, et le même tel qu’il est le plus souvent écrit, en minuscules.

    Examples
    --------
    >>> written(["Le comité", "un COMITÉ", "le comite"])["comite"]
    'comité'
    """
    forms: Counter[str] = Counter()
    for text in texts:
        forms.update(_NOT_A_WORD.sub(" ", unicodedata.normalize("NFC", text[:MAX_CHARACTERS].lower())).split())
    # La plus fréquente en dernier ; à égalité, la forme accentuée : c’est l’accent qu’on oublie.
    return {normalise(form): form for form in sorted(forms, key=lambda form: (forms[form], form))}


def stems(text: str) -> list[str]:
    """Débuts de mots qui portent du sens.

    Parameters
    ----------
    text : str
        Texte.

    Returns
    -------
    list of str
        Débuts de mots, dans l’ordre.

    Examples
    --------
    >>> stems("filmés, filmer, filment")
    ['filmes', 'filmer', 'filmen']
    """
    return [word[:STEM] for word in words(text)]


def is_brief(text: str) -> bool:
    """Vrai si le texte a moins de quatre mots.

    Parameters
    ----------
    text : str
        Texte.

    Returns
    -------
    bool
        « Non merci. » est bref.

    Examples
    --------
    >>> is_brief("Non merci."), is_brief("gardez le guichet ouvert")
    (True, False)
    """
    return len(normalise(text).split()) < BRIEF


@dataclass(frozen=True)
class Copies:
    """Textes qui se copient.

    Attributes
    ----------
    leader : ndarray of int, forme (n_textes,)
        Rang du premier texte de chaque famille ; son propre rang pour un texte sans copie.
    size : ndarray of int, forme (n_textes,)
        Nombre de textes de la famille.
    """

    leader: NDArray[np.int64]
    size: NDArray[np.int64]

    @property
    def first(self) -> NDArray[np.bool_]:
        """Vrai pour le premier texte de chaque famille : une seule voix par texte."""
        return np.asarray(self.leader == np.arange(len(self.leader)))

    def families(self, minimum: int = 2) -> list[int]:
        """Familles d’au moins `minimum` textes, la plus grande d’abord.

        Parameters
        ----------
        minimum : int
            Textes d’une famille, au moins.

        Returns
        -------
        list of int
            Rang du premier texte de chaque famille.
        """
        rows = np.flatnonzero(self.first & (self.size >= minimum))
        return [int(row) for row in rows[np.argsort(-self.size[rows], kind="stable")]]


def copies(texts: Sequence[str]) -> Copies:
    """Retrouve les copies d’un même texte, à quelques mots près.

    Deux textes d’au moins dix mots différents se copient s’ils partagent sept mots sur dix ; deux textes plus courts,
    s’ils sont identiques et ne sont pas de simples réponses de moins de quatre mots.

    Parameters
    ----------
    texts : sequence of str
        Textes.

    Returns
    -------
    Copies
        Famille de chaque texte.

    Examples
    --------
    >>> copies(["Gardez notre guichet ouvert", "gardez notre guichet ouvert !", "Non", "Non"]).size.tolist()
    [2, 2, 1, 1]
    """
    return _families(tuple(texts))


@lru_cache(maxsize=2)
def _families(texts: tuple[str, ...]) -> Copies:
    plain = [normalise(text) for text in texts]
    sets = [frozenset(text.split()) for text in plain]
    leader = np.arange(len(texts), dtype=np.int64)
    exact: dict[str, int] = {}
    # Deux textes proches partagent au moins un de leurs mots rares : on ne compare qu’à ceux-là.
    seen: dict[str, list[int]] = {}
    frequency = _frequency(sets)
    for rank, (text, bag) in enumerate(zip(plain, sets, strict=True)):
        if len(text.split()) < BRIEF:
            continue
        if text in exact:
            leader[rank] = exact[text]
            continue
        rare = sorted(bag, key=lambda word: (frequency[word], word))[: max(1, len(bag) - int(SIMILAR * len(bag)) + 1)]
        near = sorted({row for word in rare for row in seen.get(word, ())}) if len(bag) >= LONG_ENOUGH else []
        match = next((row for row in near if _alike(bag, sets[row])), None)
        leader[rank] = rank if match is None else match
        exact[text] = int(leader[rank])
        if match is None and len(bag) >= LONG_ENOUGH:
            for word in rare:
                seen.setdefault(word, []).append(rank)
    return Copies(leader, np.bincount(leader, minlength=len(texts))[leader])


def _frequency(sets: Sequence[frozenset[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for bag in sets:
        for word in bag:
            counts[word] = counts.get(word, 0) + 1
    return counts


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= SIMILAR * len(one | other)
