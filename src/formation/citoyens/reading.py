"""Lire un échantillon à la main : quelle chance d’y voir une opinion rare ? combien de textes, combien d’heures ?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import hypergeom

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NOTICED = 0.85
"""Chance qu’une personne note un thème présent dans un texte qu’elle lit (hypothèse)."""
READERS = 2
"""Personnes qui lisent chacune tout l’échantillon."""
WORDS_PER_MINUTE, NOTING_S = 200, 20
"""Vitesse de lecture, et temps pour noter les thèmes d’un texte, en secondes (hypothèses)."""


def noticed(readers: int = READERS, one: float = NOTICED) -> float:
    """Chance qu’au moins une des personnes qui lisent un texte note un thème présent.

    Parameters
    ----------
    readers : int
        Nombre de personnes.
    one : float
        Chance d’une personne seule, entre 0 et 1.

    Returns
    -------
    float
        Entre 0 et 1.

    Examples
    --------
    >>> round(noticed(2, 0.85), 4)
    0.9775
    """
    return float(1 - (1 - one) ** readers)


def chance_of_seeing(bearers: int, total: int, sample: int, *, attention: float = 1.0) -> float:
    """Chance de voir au moins une fois une opinion dans un échantillon tiré au sort, sans remise.

    Parameters
    ----------
    bearers : int
        Textes qui portent l’opinion.
    total : int
        Textes reçus.
    sample : int
        Textes lus.
    attention : float
        Chance de noter l’opinion quand on lit un texte qui la porte, entre 0 et 1.

    Returns
    -------
    float
        Entre 0 et 1.

    Raises
    ------
    ValueError
        Si l’opinion a plus de textes qu’il n’y en a, ou si l’on lit plus de textes qu’il n’y en a.

    Examples
    --------
    >>> round(chance_of_seeing(8, 400, 40), 2)
    0.57
    """
    if not (0 <= bearers <= total and 0 <= sample <= total):
        raise ValueError(
            f"Sur {total} textes, ni les {bearers} qui portent l’opinion ni les {sample} lus ne peuvent dépasser "
            "ce total, ni être négatifs. Exemple accepté : chance_of_seeing(8, 400, 40)."
        )
    if not bearers or not sample:
        return 0.0
    seen = np.arange(min(bearers, sample) + 1)
    missed = hypergeom(total, bearers, sample).pmf(seen) * (1 - attention) ** seen
    return float(1 - missed.sum())


def needed(bearers: int, total: int, chance: float = 0.95, *, attention: float = 1.0) -> int:
    """Textes à lire pour voir une opinion avec une chance donnée.

    Parameters
    ----------
    bearers : int
        Textes qui portent l’opinion, au moins un.
    total : int
        Textes reçus.
    chance : float
        Chance voulue, entre 0 et 1.
    attention : float
        Chance de noter l’opinion quand on lit un texte qui la porte.

    Returns
    -------
    int
        Le plus petit échantillon qui convient ; `total` si même tout lire ne suffit pas, faute d’attention.

    Examples
    --------
    >>> needed(8, 400)
    124
    """
    for sample in range(total + 1):
        if chance_of_seeing(bearers, total, sample, attention=attention) >= chance:
            return sample
    return total


def by_channel(channels: ArrayLike, sample: int, seed: int = 447) -> NDArray[np.int64]:
    """Échantillon où chaque canal a la même place.

    Parameters
    ----------
    channels : array_like of str, forme (n_textes,)
        Canal de chaque texte.
    sample : int
        Textes à tirer, partagés entre les canaux ; un canal trop petit est lu en entier, sa place va aux autres.
    seed : int
        Graine du tirage.

    Returns
    -------
    ndarray of int
        Rangs tirés, croissants.

    Examples
    --------
    >>> len(by_channel(["papier"] * 5 + ["en ligne"] * 50, 20))
    20
    """
    listed, rng = np.asarray(channels, dtype=object), np.random.default_rng(seed)
    sizes = {name: int((listed == name).sum()) for name in sorted(set(listed))}
    picked = [
        rng.choice(np.flatnonzero(listed == name), count, replace=False)
        for name, count in shares(sizes, sample).items()
    ]
    return np.sort(np.concatenate(picked)) if picked else np.empty(0, dtype=np.int64)


def shares(sizes: dict[str, int], sample: int) -> dict[str, int]:
    """Textes à lire par canal, à parts égales autant que possible.

    Parameters
    ----------
    sizes : dict of str to int
        Textes de chaque canal.
    sample : int
        Textes à lire en tout.

    Returns
    -------
    dict of str to int
        Textes à lire de chaque canal.

    Examples
    --------
    >>> shares({"papier": 5, "en ligne": 50}, 20)
    {'papier': 5, 'en ligne': 15}
    """
    left, given = min(sample, sum(sizes.values())), dict.fromkeys(sizes, 0)
    while left:
        open_ = [name for name in sizes if given[name] < sizes[name]]
        each = max(1, left // len(open_))
        for name in open_:
            more = min(each, sizes[name] - given[name], left)
            given[name] += more
            left -= more
    return given


def hours(texts: Sequence[str], readers: int = 1) -> float:
    """Temps pour lire des textes et en noter les thèmes.

    Parameters
    ----------
    texts : sequence of str
        Textes.
    readers : int
        Personnes qui lisent chacune tout.

    Returns
    -------
    float
        Heures de travail, toutes personnes ensemble (hypothèses : 200 mots par minute, 20 secondes par texte).

    Examples
    --------
    >>> round(hours(["mot " * 200] * 3), 2)
    0.07
    """
    minutes = sum(len(text.split()) for text in texts) / WORDS_PER_MINUTE + len(texts) * NOTING_S / 60
    return readers * minutes / 60
