"""Un intervalle de deux bornes : une empreinte n’est jamais un nombre seul."""

from __future__ import annotations

import math
from dataclasses import dataclass

from formation.errors import FormationError
from formation.numbers import WIDE, number


class EmpreinteImpossible(FormationError):
    """L’empreinte demandée ne se calcule pas avec ce qui est donné."""


@dataclass(frozen=True)
class Interval:
    """Valeurs possibles d’une quantité positive, de la plus basse à la plus haute.

    Attributes
    ----------
    low, high : float
        Bornes, dans l’unité que dit le nom de la variable qui porte l’intervalle.

    Raises
    ------
    EmpreinteImpossible
        Si une borne est négative ou infinie, ou si elles sont dans le désordre.

    Examples
    --------
    >>> Interval(1.0, 2.0) + Interval(0.5, 0.5)
    Interval(low=1.5, high=2.5)
    >>> Interval(1.0, 2.0) * Interval(2.0, 3.0)
    Interval(low=2.0, high=6.0)
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and 0 <= self.low <= self.high):
            raise EmpreinteImpossible(
                f"De {self.low} à {self.high} : un intervalle va d’une borne basse, positive ou nulle, à une borne "
                "haute qui ne lui est pas inférieure. Exemple : de 0,2 à 0,4."
            )

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __mul__(self, other: Interval | float) -> Interval:
        factor = other if isinstance(other, Interval) else Interval(other, other)
        return Interval(self.low * factor.low, self.high * factor.high)

    def at(self, position: float) -> float:
        """Valeur à une position de l’intervalle.

        Parameters
        ----------
        position : float
            De 0, la borne basse, à 1, la borne haute.

        Returns
        -------
        float
            Valeur, dans l’unité de l’intervalle.
        """
        return self.low + position * (self.high - self.low)

    def text(self, unit: str) -> str:
        """Intervalle écrit à la française, avec deux ou trois chiffres utiles par borne.

        Parameters
        ----------
        unit : str
            Unité.

        Returns
        -------
        str
            Texte.

        Examples
        --------
        >>> Interval(0.24, 3.0).text("Wh").replace(WIDE, " ")
        'de 0,24 à 3,0 Wh'
        """
        low, high = short(self.low), short(self.high)
        return f"{low}{WIDE}{unit}" if low == high else f"de {low} à {high}{WIDE}{unit}"


def short(value: float) -> str:
    """Nombre écrit avec peu de chiffres : une empreinte n’en mérite pas davantage.

    Parameters
    ----------
    value : float
        Valeur positive.

    Returns
    -------
    str
        Texte.

    Examples
    --------
    >>> short(0.0123), short(4.26), short(18.4), short(1234.0)
    ('0,012', '4,3', '18', '1\u202f230')
    """
    if value == 0:
        return "0"
    rank = math.floor(math.log10(abs(value)))
    kept = 3 if rank >= 2 else 2
    rounded = round(value, kept - 1 - rank)
    return number(rounded, max(0, kept - 1 - math.floor(math.log10(abs(rounded)))))
