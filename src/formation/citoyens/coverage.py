"""Ce qu’une note de synthèse retient : titres des plus gros groupes, échantillon lu, machine puis lecture du reste."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.citoyens import grouping, reading, tables
from formation.citoyens.texts import copies

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formation.citoyens.grouping import Grouping
    from formation.citoyens.texts import Copies

TITLES, CENTRES, RANDOM, CHANNELS, LEFT, ALL = (
    "titres des 8 plus gros groupes",
    "8 groupes, 5 textes lus par groupe",
    "40 textes lus, au hasard",
    "40 textes lus, 10 par canal",
    "titres, puis 40 textes lus dans les autres groupes",
    "tout lire",
)
KEPT, BUDGET = 8, 40
"""Groupes d’une note d’une page, et textes que deux personnes lisent en une demi-heure environ."""
CAMPAIGN = 5
"""Copies à partir desquelles on parle d’une campagne."""
HALF = 0.5
"""Un thème donne son nom à un groupe s’il est porté par au moins la moitié de ses textes."""


@dataclass(frozen=True)
class Corpus:
    """Contributions, et ce qu’elles portent.

    Attributes
    ----------
    contributions, truth : DataFrame
        Tables `contributions` et `verite`.
    """

    contributions: pd.DataFrame
    truth: pd.DataFrame

    @classmethod
    def released(cls) -> Corpus:
        """Contributions livrées."""
        return cls(tables.load(), tables.load("verite"))

    @cached_property
    def texts(self) -> list[str]:
        """Textes, dans l’ordre."""
        return [str(text) for text in self.contributions["texte"]]

    @cached_property
    def carried(self) -> pd.DataFrame:
        """Thèmes portés : booléens, une colonne par thème."""
        return tables.carried(self.truth)

    @cached_property
    def copies(self) -> Copies:
        """Familles de textes copiés."""
        return copies(self.texts)

    @cached_property
    def campaigns(self) -> list[int]:
        """Rangs des premiers textes des campagnes, la plus grande d’abord."""
        return self.copies.families(CAMPAIGN)

    @cached_property
    def stability(self) -> pd.DataFrame:
        """Accord de deux regroupements sur des textes jamais vus, selon leur nombre."""
        return grouping.stability(self.texts)

    @cached_property
    def groups(self) -> Grouping:
        """Groupes, au nombre choisi sur les textes de validation."""
        return grouping.group(self.texts, grouping.choose(self.stability))

    def __len__(self) -> int:
        return len(self.contributions)


def named(corpus: Corpus, found: Grouping | None = None) -> list[str | None]:
    """Thème qui donnerait son nom à chaque groupe, ou rien si aucun n’y est majoritaire.

    Parameters
    ----------
    corpus : Corpus
        Contributions.
    found : Grouping, optional
        Groupes ; ceux du corpus par défaut.

    Returns
    -------
    list of str or None
        Un thème par groupe, le plus grand groupe d’abord.
    """
    groups = found or corpus.groups
    names: list[str | None] = []
    for rank in range(groups.count):
        share = corpus.carried.iloc[groups.members(rank)].mean()
        names.append(str(share.idxmax()) if share.max() >= HALF else None)
    return names


def titled(corpus: Corpus, kept: int) -> set[str]:
    """Thèmes qu’annoncent les titres des plus gros groupes, et les campagnes, que la note cite à part.

    Parameters
    ----------
    corpus : Corpus
        Contributions.
    kept : int
        Groupes gardés dans la note ; zéro : pas de machine, ni groupe ni campagne.

    Returns
    -------
    set of str
        Thèmes.
    """
    if not kept:
        return set()
    campaigns = corpus.carried.iloc[corpus.campaigns]
    return {name for name in named(corpus)[:kept] if name} | set(campaigns.columns[campaigns.any()])


def probabilities(corpus: Corpus, kept: int, sample: int, *, left_only: bool = False) -> dict[str, float]:
    """Chance que chaque thème figure dans la note : par un titre de groupe, ou par un texte lu.

    Parameters
    ----------
    corpus : Corpus
        Contributions.
    kept : int
        Groupes gardés.
    sample : int
        Textes lus par deux personnes, tirés au sort.
    left_only : bool
        Vrai pour les tirer dans les groupes que la note ne garde pas, faux pour les tirer parmi tous.

    Returns
    -------
    dict of str to float
        Par thème, entre 0 et 1.
    """
    shown, attention = titled(corpus, kept), reading.noticed()
    pool = corpus.groups.label >= kept if left_only and kept else np.ones(len(corpus), dtype=bool)
    total = int(pool.sum())
    return {
        theme: 1.0
        if theme in shown
        else reading.chance_of_seeing(int(column[pool].sum()), total, min(sample, total), attention=attention)
        for theme, column in corpus.carried.items()
    }


def available(corpus: Corpus, kept: int, sample: int, *, left_only: bool = False) -> int:
    """Textes que l’on lira vraiment : pas plus qu’il n’en reste où on les tire.

    Parameters
    ----------
    corpus : Corpus
        Contributions.
    kept, sample : int
        Groupes gardés, textes que l’on veut lire.
    left_only : bool
        Vrai pour les tirer dans les groupes que la note ne garde pas.

    Returns
    -------
    int
        Textes lus, au plus `sample`.
    """
    pool = int((corpus.groups.label >= kept).sum()) if left_only and kept else len(corpus)
    return min(sample, pool)


def by_channel(corpus: Corpus, sample: int) -> dict[str, float]:
    """Chance que chaque thème soit vu si l’on lit autant de textes de chaque canal.

    Parameters
    ----------
    corpus : Corpus
        Contributions.
    sample : int
        Textes lus par deux personnes.

    Returns
    -------
    dict of str to float
        Par thème, entre 0 et 1.
    """
    channel, attention = corpus.contributions["canal"], reading.noticed()
    given = reading.shares(channel.value_counts().to_dict(), sample)
    found = {}
    for theme, column in corpus.carried.items():
        missed = 1.0
        for name, count in given.items():
            here = column[(channel == name).to_numpy()]
            missed *= 1 - reading.chance_of_seeing(int(here.sum()), len(here), count, attention=attention)
        found[str(theme)] = 1 - missed
    return found


def read_rows(corpus: Corpus, rows: NDArray[np.int64]) -> dict[str, float]:
    """Chance que chaque thème soit noté quand deux personnes lisent ces textes-là.

    Parameters
    ----------
    corpus : Corpus
        Contributions.
    rows : ndarray of int
        Rangs des textes lus.

    Returns
    -------
    dict of str to float
        Par thème, entre 0 et 1.
    """
    count = corpus.carried.iloc[rows].sum()
    return {str(theme): float(1 - (1 - reading.noticed()) ** bearers) for theme, bearers in count.items()}


def totals(chances: Mapping[str, float]) -> tuple[float, float]:
    """Thèmes courants et thèmes minoritaires retrouvés, en moyenne.

    Parameters
    ----------
    chances : mapping of str to float
        Chance de chaque thème.

    Returns
    -------
    tuple of float
        Sur neuf thèmes courants, sur quatre thèmes minoritaires.
    """
    rare = tables.minority()
    return sum(value for name, value in chances.items() if name not in rare), sum(chances[name] for name in rare)


def compare(corpus: Corpus) -> pd.DataFrame:
    """Compare les façons d’écrire la note.

    Parameters
    ----------
    corpus : Corpus
        Contributions.

    Returns
    -------
    DataFrame
        Colonnes `methode`, `lus` (textes lus par chaque personne), `heures` (les deux personnes), `courants` (sur 9) et
        `minoritaires` (sur 4).
    """
    centres = np.concatenate([corpus.groups.members(rank)[: BUDGET // KEPT] for rank in range(KEPT)])
    ways = {
        TITLES: (0, probabilities(corpus, KEPT, 0)),
        CENTRES: (len(centres), read_rows(corpus, centres)),
        RANDOM: (BUDGET, probabilities(corpus, 0, BUDGET)),
        CHANNELS: (BUDGET, by_channel(corpus, BUDGET)),
        LEFT: (BUDGET, probabilities(corpus, KEPT, BUDGET, left_only=True)),
        ALL: (len(corpus), probabilities(corpus, 0, len(corpus))),
    }
    each = reading.hours(corpus.texts, reading.READERS) / len(corpus)
    lines = []
    for name, (read, chances) in ways.items():
        common, rare = totals(chances)
        lines.append({"methode": name, "lus": read, "heures": each * read, "courants": common, "minoritaires": rare})
    return pd.DataFrame(lines)


def recall(corpus: Corpus, found: Grouping | None = None) -> pd.Series:
    """Part des textes qui portent un thème et que la machine range dans un groupe de ce nom.

    Parameters
    ----------
    corpus : Corpus
        Contributions.
    found : Grouping, optional
        Groupes ; ceux du corpus par défaut.

    Returns
    -------
    Series of float
        Par thème, entre 0 et 1 ; tous les groupes comptent, même les petits.
    """
    theme = assigned(corpus, found)
    return pd.Series({name: float((theme[column] == name).mean()) for name, column in corpus.carried.items()})


def assigned(corpus: Corpus, found: Grouping | None = None) -> NDArray[Any]:
    """Thème sous lequel la machine compte chaque texte : le nom de son groupe, un seul par texte.

    Parameters
    ----------
    corpus : Corpus
        Contributions.
    found : Grouping, optional
        Groupes ; ceux du corpus par défaut.

    Returns
    -------
    ndarray of object
        Un thème, ou rien : texte non regroupé, ou groupe sans thème majoritaire. Une copie suit le texte qu’elle copie.
    """
    groups = found or corpus.groups
    names = [*named(corpus, groups), None]
    theme = np.array([names[label] for label in groups.label], dtype=object)[corpus.copies.leader]
    for first in corpus.campaigns:
        carried = corpus.carried.iloc[first]
        theme[corpus.copies.leader == first] = str(carried.idxmax()) if carried.any() else None
    return np.asarray(theme)
