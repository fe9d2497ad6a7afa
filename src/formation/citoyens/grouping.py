"""Regrouper des textes courts par leurs mots, et choisir combien de groupes faire sur des textes jamais vus.

TF-IDF, analyse sémantique latente, k-moyennes : une méthode classique, sans modèle de langue, qui tourne sur un poste
de mairie. Elle range chaque texte dans un seul groupe, même s’il dit trois choses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from formation.citoyens.texts import copies, is_brief, stems, words, written

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIMENSIONS = 20
COUNTS = (4, 8, 12, 16, 20, 24, 28, 32, 36, 40)
"""Nombres de groupes essayés."""
REPEATS = 8
SEED = 447


@dataclass(frozen=True)
class Grouping:
    """Textes rangés en groupes.

    Attributes
    ----------
    label : ndarray of int, forme (n_textes,)
        Groupe, de 0 pour le plus grand à `count` − 1 ; −1 pour un texte que l’on n’a pas regroupé (copie d’un autre, ou
        moins de quatre mots).
    distance : ndarray of float, forme (n_textes,)
        Distance au centre de son groupe, sans unité ; NaN hors des groupes.
    count : int
        Nombre de groupes.
    """

    label: NDArray[np.int64]
    distance: NDArray[np.float64]
    count: int

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Textes par groupe, décroissant."""
        return np.bincount(self.label[self.label >= 0], minlength=self.count)

    @property
    def grouped(self) -> NDArray[np.int64]:
        """Rangs des textes regroupés."""
        return np.flatnonzero(self.label >= 0)

    def members(self, group: int) -> NDArray[np.int64]:
        """Textes d’un groupe, le plus proche du centre d’abord.

        Parameters
        ----------
        group : int
            Numéro du groupe.

        Returns
        -------
        ndarray of int
            Rangs des textes.
        """
        rows = np.flatnonzero(self.label == group)
        return np.asarray(rows[np.argsort(self.distance[rows], kind="stable")])

    def farthest(self, count: int) -> NDArray[np.int64]:
        """Textes les plus loin de leur centre : ceux que leur groupe représente le moins bien.

        Parameters
        ----------
        count : int
            Textes voulus.

        Returns
        -------
        ndarray of int
            Rangs des textes, le plus loin d’abord.
        """
        rows = self.grouped
        return np.asarray(rows[np.argsort(-self.distance[rows], kind="stable")][:count])


def vectors(texts: Sequence[str], seed: int = SEED) -> NDArray[np.float64]:
    """Textes en vecteurs de longueur 1.

    Parameters
    ----------
    texts : sequence of str
        Textes.
    seed : int
        Graine de la réduction.

    Returns
    -------
    ndarray, forme (n_textes, 20) au plus
        Deux textes qui emploient les mêmes mots, ou des mots employés ensemble, sont proches.

    Raises
    ------
    ValueError
        Si les textes n’ont presque aucun mot en commun.
    """
    return _Space.fit([stems(text) for text in texts], seed)([stems(text) for text in texts])


@dataclass(frozen=True)
class _Space:
    """Espace des mots appris sur des textes, où l’on peut ensuite placer d’autres textes."""

    weights: TfidfVectorizer
    axes: TruncatedSVD

    @classmethod
    def fit(cls, bags: Sequence[list[str]], seed: int) -> _Space:
        """Apprend les poids des mots et les axes."""
        rare = 3 if len(bags) >= 100 else 2
        weights = TfidfVectorizer(analyzer=_as_is, min_df=rare, sublinear_tf=True)
        shared = Counter(stem for bag in bags for stem in set(bag))
        if sum(count >= rare for count in shared.values()) < 2:
            raise ValueError(
                f"Ces {len(bags)} textes n’ont presque aucun mot en commun\u00a0: moins de deux mots se trouvent dans "
                f"{rare} textes au moins. On ne peut pas les regrouper par leurs mots\u00a0; lisez-les."
            )
        matrix = weights.fit_transform(bags)
        axes = TruncatedSVD(min(DIMENSIONS, matrix.shape[1] - 1), random_state=seed).fit(matrix)
        return cls(weights, axes)

    def __call__(self, bags: Sequence[list[str]]) -> NDArray[np.float64]:
        """Place des textes : vecteurs de longueur 1, nuls si aucun de leurs mots n’a été appris."""
        return np.asarray(normalize(self.axes.transform(self.weights.transform(bags))), dtype=float)


def _as_is(bag: list[str]) -> list[str]:
    return bag


def usable(texts: Sequence[str]) -> NDArray[np.int64]:
    """Rangs des textes à regrouper : un seul par famille de copies, les réponses de quelques mots mises de côté.

    Parameters
    ----------
    texts : sequence of str
        Textes.

    Returns
    -------
    ndarray of int
        Rangs, croissants.

    Examples
    --------
    >>> usable(["Non", "Gardez notre guichet ouvert", "gardez notre guichet ouvert"]).tolist()
    [1]
    """
    brief = np.array([is_brief(text) or not words(text) for text in texts], dtype=bool)
    return np.flatnonzero(copies(texts).first & ~brief)


def group(texts: Sequence[str], count: int, seed: int = SEED) -> Grouping:
    """Range des textes en groupes.

    Parameters
    ----------
    texts : sequence of str
        Textes.
    count : int
        Nombre de groupes.
    seed : int
        Graine : une autre donne d’autres groupes.

    Returns
    -------
    Grouping
        Groupes, numérotés du plus grand au plus petit.

    Raises
    ------
    ValueError
        Si `count` est inférieur à deux ou dépasse le nombre de textes à regrouper.
    """
    rows = usable(texts)
    if len(rows) < 2:
        raise ValueError(
            f"{len(rows)} texte à regrouper, sans les copies ni les réponses de moins de quatre mots : il en faut "
            "au moins deux pour faire des groupes. Lisez-les."
        )
    if not 2 <= count <= len(rows):
        raise ValueError(
            f"Entre 2 et {len(rows)} groupes pour {len(rows)} textes à regrouper ; demandé : {count}. "
            "Choisissez un nombre entre les deux, par exemple 8."
        )
    return _label(vectors([texts[row] for row in rows], seed), rows, len(texts), count, seed)


def _label(space: NDArray[np.float64], rows: NDArray[np.int64], size: int, count: int, seed: int) -> Grouping:
    with threadpool_limits(1):
        model = KMeans(count, n_init=10, random_state=seed).fit(space)
    order = np.argsort(-np.bincount(model.labels_, minlength=count), kind="stable")
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    label, distance = np.full(size, -1, dtype=np.int64), np.full(size, np.nan)
    label[rows] = rank[model.labels_]
    distance[rows] = model.transform(space).min(axis=1).round(9)
    return Grouping(label, distance, count)


def stability(
    texts: Sequence[str],
    counts: Sequence[int] = COUNTS,
    *,
    repeats: int = REPEATS,
    seed: int = SEED,
    progress: Callable[[int, int, str], None] | None = None,
) -> pd.DataFrame:
    """Deux moitiés des textes rangent-elles de la même façon des textes que ni l’une ni l’autre n’a vus ?

    Parameters
    ----------
    texts : sequence of str
        Textes.
    counts : sequence of int
        Nombres de groupes à essayer.
    repeats : int
        Partages au hasard : deux cinquièmes pour apprendre, deux cinquièmes pour apprendre autrement, un cinquième pour
        valider. Poids des mots et axes sont communs aux deux regroupements, appris sur ces quatre cinquièmes : l’accord
        ne mesure donc que le rangement, et serait plus bas si chacun apprenait aussi ses mots.
    seed : int
        Graine.
    progress : callable, optional
        Reçoit le rang de l’étape, le nombre d’étapes et ce qui se fait.

    Returns
    -------
    DataFrame
        Colonnes `groupes`, `accord` (indice de Rand ajusté : 0 = hasard, 1 = mêmes groupes) et `erreur_type`.

    Raises
    ------
    ValueError
        Si les textes n’ont presque aucun mot en commun.
    """
    rows = usable(texts)
    bags, rng = [stems(texts[row]) for row in rows], np.random.default_rng(seed)
    fifth = len(rows) // 5
    tried = [count for count in counts if count <= 2 * fifth]
    splits = [rng.permutation(len(rows)) for _ in range(repeats)]
    # Des centaines de petits regroupements : un seul fil va plus vite que plusieurs qui s’attendent.
    with threadpool_limits(1):
        scores = []
        for turn, order in enumerate(splits):
            if progress:
                progress(turn + 1, repeats, "accord des groupes sur des textes laissés de côté")
            scores.append(_agreements(bags, order, fifth, tried, (seed, turn)))
    error = np.std(scores, axis=0, ddof=1) / np.sqrt(repeats) if repeats > 1 else np.zeros(len(tried))
    return pd.DataFrame({"groupes": tried, "accord": np.mean(scores, axis=0), "erreur_type": error})


def _agreements(
    bags: list[list[str]], order: NDArray[np.int64], fifth: int, counts: Sequence[int], seeds: tuple[int, int]
) -> list[float]:
    """Accord, sur le dernier cinquième, de deux regroupements appris chacun sur deux cinquièmes."""
    learnt, kept = order[: 4 * fifth], order[4 * fifth :]
    # Les mots et les axes viennent des quatre premiers cinquièmes : rien n’est appris des textes de validation.
    space = _Space.fit([bags[row] for row in learnt], seeds[0])
    placed, unseen = space([bags[row] for row in learnt]), space([bags[row] for row in kept])
    halves = placed[: 2 * fifth], placed[2 * fifth :]
    return [
        float(
            adjusted_rand_score(
                *(KMeans(count, n_init=3, random_state=seeds[1]).fit(half).predict(unseen) for half in halves)
            )
        )
        for count in counts
    ]


def choose(table: pd.DataFrame) -> int:
    """Nombre de groupes retenu : le plus petit dont l’accord est à moins d’une erreur type du meilleur.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`stability`.

    Returns
    -------
    int
        Nombre de groupes.

    Examples
    --------
    >>> choose(pd.DataFrame({"groupes": [4, 8, 12], "accord": [0.1, 0.38, 0.4], "erreur_type": [0.03] * 3}))
    8
    """
    best = table.loc[table["accord"].idxmax()]
    near = table[table["accord"] >= best["accord"] - best["erreur_type"]]
    return int(near["groupes"].min())


def own_words(texts: Sequence[str], found: Grouping, shown: int = 6, minimum: int = 1) -> list[list[str]]:
    """Mots qui distinguent chaque groupe des autres.

    Parameters
    ----------
    texts : sequence of str
        Textes regroupés.
    found : Grouping
        Groupes.
    shown : int
        Mots par groupe.
    minimum : int
        Textes du groupe qui emploient un mot, au moins, pour qu’il soit montré.

    Returns
    -------
    list of list of str
        Mots entiers, avec leurs accents, le plus distinctif d’abord.
    """
    forms = written([texts[row] for row in found.grouped])
    bags = [set(words(texts[row])) for row in found.grouped]
    label = found.label[found.grouped]
    total: dict[str, int] = {}
    inside: list[dict[str, int]] = [{} for _ in range(found.count)]
    for bag, where in zip(bags, label, strict=True):
        for word in bag:
            total[word] = total.get(word, 0) + 1
            inside[where][word] = inside[where].get(word, 0) + 1
    listed = []
    for counts in inside:
        # Fréquence dans le groupe × part du mot qui s’y trouve : ni trop rare, ni partout.
        score = {word: count * count / total[word] for word, count in counts.items() if count >= minimum}
        best = sorted(score, key=lambda word, score=score: (-score[word], word))[:shown]  # type: ignore[misc]
        listed.append([forms.get(word, word) for word in best])
    return listed
