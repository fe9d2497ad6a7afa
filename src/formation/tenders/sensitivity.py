"""Le classement tient-il ? Tirages dans les intervalles, et poids que l’on fait varier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from formation.tenders.offers import Market
from formation.tenders.resolving import Resolved
from formation.tenders.scoring import OWN, SHARED, TIE, everywhere, footprint_kg, scores

_MASK = 0xFFFFFFFF


def uniforms(seed: int) -> Iterator[float]:
    """Suite de nombres de 0 à 1, la même en Python et dans la page du livre (algorithme mulberry32).

    Parameters
    ----------
    seed : int
        Graine.

    Yields
    ------
    float
        Nombre de 0 compris à 1 exclu.

    Examples
    --------
    >>> stream = uniforms(447)
    >>> [round(next(stream), 6) for _ in range(2)]
    [0.361679, 0.601338]
    """
    state = seed & _MASK
    while True:
        state = (state + 0x6D2B79F5) & _MASK
        mixed = ((state ^ (state >> 15)) * (1 | state)) & _MASK
        mixed = ((mixed + (((mixed ^ (mixed >> 7)) * (61 | mixed)) & _MASK)) & _MASK) ^ mixed
        yield ((mixed ^ (mixed >> 14)) & _MASK) / 4294967296


def draws(market: Market, offers: Sequence[Resolved]) -> list[list[float]]:
    """Empreintes tirées au sort dans les intervalles.

    Les incertitudes de méthode (`SHARED`) sont tirées une fois par tirage, pour toutes les offres ; celles d’une
    offre (`OWN`), une fois par offre.

    Parameters
    ----------
    market : Market
        Nombre de tirages et graine.
    offers : sequence of Resolved
        Offres complétées.

    Returns
    -------
    list of list of float
        Pour chaque tirage, l’empreinte de chaque offre, en kgCO2e.
    """
    stream = uniforms(market.graine)
    found = []
    for _ in range(market.tirages):
        shared = {name: next(stream) for name in SHARED}
        row = []
        for offer in offers:
            own = {name: next(stream) for name in OWN}
            row.append(sum(footprint_kg(market, offer, shared | own).values()))
        found.append(row)
    return found


def shares(market: Market, offers: Sequence[Resolved], drawn: Sequence[Sequence[float]]) -> list[float]:
    """Part des tirages que gagne chaque offre ; un tirage à égalité se partage.

    Parameters
    ----------
    market : Market
        Poids et formules.
    offers : sequence of Resolved
        Offres complétées.
    drawn : sequence
        Empreintes tirées, voir :func:`draws`.

    Returns
    -------
    list of float
        Parts, de somme 1.
    """
    wins = [0.0] * len(offers)
    for totals in drawn:
        marks = [row["total"] for row in scores(market, offers, totals)]
        best = max(marks)
        first = [rank for rank, mark in enumerate(marks) if best - mark < TIE]
        for rank in first:
            wins[rank] += 1 / len(first)
    return [count / len(drawn) for count in wins]


@dataclass(frozen=True)
class Stretch:
    """Plage de poids de l’environnement où les mêmes offres sont premières.

    Attributes
    ----------
    low, high : int
        Poids de l’environnement, en points, bornes comprises.
    first : tuple of int
        Rangs, dans la liste, des offres premières.
    """

    low: int
    high: int
    first: tuple[int, ...]


def sweep(market: Market, offers: Sequence[Resolved]) -> list[Stretch]:
    """Qui est premier quand le poids de l’environnement va de 0 à 100, les deux autres gardant leur proportion ?

    Parameters
    ----------
    market : Market
        Règles.
    offers : sequence of Resolved
        Offres complétées.

    Returns
    -------
    list of Stretch
        Plages successives ; aucune si le prix et la qualité ne pèsent rien.
    """
    rest = market.poids["prix"] + market.poids["qualite"]
    if rest <= 0:
        return []
    middle = [sum(footprint_kg(market, offer, everywhere(0.5)).values()) for offer in offers]
    found: list[Stretch] = []
    for points in range(101):
        left = (100 - points) / rest
        weights = {
            "prix": market.poids["prix"] * left,
            "qualite": market.poids["qualite"] * left,
            "environnement": float(points),
        }
        marks = [row["total"] for row in scores(replace(market, poids=weights), offers, middle)]
        first = tuple(rank for rank, mark in enumerate(marks) if max(marks) - mark < TIE)
        if found and found[-1].first == first:
            found[-1] = replace(found[-1], high=points)
        else:
            found.append(Stretch(points, points, first))
    return found
