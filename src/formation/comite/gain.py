"""Ce qu’une jointure change : une mesure sans, la même avec, et l’intervalle de l’écart.

L’écart se juge sur les mêmes lignes de test, retirées au sort par blocs entiers (semaines, épisodes, jours) : deux
lignes d’un même bloc ne sont pas deux preuves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.metrics import draw_bounds

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

GAINS, NOTHING, TRAP = "gagne", "ne gagne rien", "piège"
"""Les trois verdicts possibles."""
DRAWS, LEVEL = 500, 0.9
_CELLS = 2_000_000
"""Tirages × blocs tenus en mémoire à la fois."""


@dataclass(frozen=True)
class Gain:
    """Une jointure mesurée.

    Attributes
    ----------
    code : str
        `J1`, `J2`, `J2bis`…
    join : str
        Tables jointes, et par quelle clé.
    question : str
        Ce que la collectivité veut décider.
    measure : str
        Mesure, avec son unité.
    without, joined : float
        Mesure sur le test, sans puis avec la jointure.
    low, high : float
        Bornes de l’écart (sans − avec pour une erreur, avec − sans pour une part trouvée), 9 fois sur 10.
    error : bool
        Vrai si la mesure est une erreur : plus petit vaut mieux.
    trap : bool
        Vrai si la jointure donne une variable que l’on n’aurait pas le jour de décider.
    other_low : float, optional
        Borne basse de l’écart avec l’autre méthode (droite ou arbres), quand il y en a une.
    """

    code: str
    join: str
    question: str
    measure: str
    without: float
    joined: float
    low: float
    high: float
    error: bool = True
    trap: bool = False
    other_low: float | None = None

    @property
    def gain(self) -> float:
        """Écart en faveur de la jointure ; négatif si elle fait perdre."""
        return self.without - self.joined if self.error else self.joined - self.without

    @property
    def verdict(self) -> str:
        """`piège`, `gagne` ou `ne gagne rien`.

        Une jointure gagne si l’intervalle de l’écart est tout entier au-dessus de zéro, avec la droite comme avec les
        arbres : un gain qui dépend de la méthode est un gain de la méthode.

        Examples
        --------
        >>> Gain("J0", "a × b", "combien ?", "erreur (%)", 12.0, 10.0, 0.5, 3.5).verdict
        'gagne'
        >>> Gain("J0", "a × b", "combien ?", "erreur (%)", 12.0, 11.9, -0.5, 0.7).verdict
        'ne gagne rien'
        >>> Gain("J0", "a × b", "combien ?", "erreur (%)", 12.0, 10.0, 0.5, 3.5, other_low=-0.2).verdict
        'ne gagne rien'
        """
        if self.trap:
            return TRAP
        return GAINS if self.low > 0 and (self.other_low is None or self.other_low > 0) else NOTHING

    def confirmed_by(self, other: Gain) -> Gain:
        """Le même gain, avec la borne basse trouvée par l’autre méthode.

        Parameters
        ----------
        other : Gain
            La même jointure, mesurée avec l’autre méthode.

        Returns
        -------
        Gain
            Copie.
        """
        return replace(self, other_low=other.low)


def trials(predicted: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Essais d’un tableau de prévisions : les colonnes nommées « méthode | essai ».

    Parameters
    ----------
    predicted : DataFrame
        Tableau ; les autres colonnes sont passées.

    Yields
    ------
    tuple of str
        Colonne, méthode, essai, dans l’ordre du tableau.

    Examples
    --------
    >>> list(trials(pd.DataFrame(columns=["date", "arbres | sans"])))
    [('arbres | sans', 'arbres', 'sans')]
    """
    for column in map(str, predicted.columns):
        kind, cut, name = column.partition(" | ")
        if cut:
            yield column, kind, name


def paired_gain(
    without: ArrayLike,
    joined: ArrayLike,
    blocks: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 447,
) -> tuple[float, float]:
    """Intervalle à 90 % de l’écart entre deux moyennes, en retirant au sort des blocs entiers.

    Parameters
    ----------
    without, joined : array_like, forme (n,)
        Erreur de chaque ligne, sans et avec la jointure. Pour une part trouvée, donner l’opposé.
    blocks : array_like, forme (n,)
        Bloc de chaque ligne : sa semaine, son épisode, son jour.
    weight : array_like, optional
        Dénominateur de chaque ligne : 1 pour une erreur moyenne, la demande pour une erreur rapportée à la demande.
    draws : int
        Nombre de tirages.
    seed : int
        Graine des tirages.

    Returns
    -------
    tuple of float
        Bornes basse et haute de l’écart (sans − avec).

    Raises
    ------
    ValueError
        Si les tableaux n’ont pas la même longueur, ou s’il y a moins de deux blocs.

    Examples
    --------
    >>> low, high = paired_gain([2.0, 3.0, 4.0] * 20, [1.0, 2.0, 3.0] * 20, range(60))
    >>> round(low, 6), round(high, 6)
    (1.0, 1.0)
    """
    gap = np.asarray(without, dtype=float) - np.asarray(joined, dtype=float)
    count = np.ones(len(gap)) if weight is None else np.asarray(weight, dtype=float)
    codes, names = pd.factorize(np.asarray(blocks))
    if not len(gap) == len(count) == len(codes):
        raise ValueError(
            f"Il faut autant d’erreurs, de poids et de blocs ; reçu {len(gap)}, {len(count)}, {len(codes)}."
        )
    if len(names) < 2:
        raise ValueError("Il faut au moins deux blocs pour juger un écart, par exemple deux semaines.")
    per_block = np.bincount(codes, weights=gap), np.bincount(codes, weights=count)
    generator, even = np.random.default_rng(seed), np.full(len(names), 1 / len(names))
    batch, values = max(1, _CELLS // len(names)), np.full(draws, np.nan)
    for start in range(0, draws, batch):
        part = values[start : start + batch]
        drawn = generator.multinomial(len(names), even, len(part))
        total = drawn @ per_block[1]
        np.divide(drawn @ per_block[0], total, out=part, where=total > 0)
    return draw_bounds(values, level=LEVEL)
