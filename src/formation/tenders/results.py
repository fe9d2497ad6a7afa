"""Noter un marché d’un bout à l’autre, et dire si le classement tient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formation.footprint import Interval
from formation.numbers import WIDE, number, percent, shortest
from formation.tenders.offers import SILENCE, Market, Offer
from formation.tenders.resolving import Resolved, resolve, to_dict
from formation.tenders.scoring import electricity_kwh, everywhere, footprint_kg, posts, ranks, scores
from formation.tenders.sensitivity import Stretch, draws, shares, sweep

EXAMPLE = Path(__file__).with_name("exemple.yml")
"""Trois offres inventées pour Aubeline, et l’option sans IA."""


@dataclass(frozen=True)
class Line:
    """Une offre notée.

    Attributes
    ----------
    offer : Resolved
        Offre complétée.
    posts_kg : dict of str to Interval
        Empreinte par poste et `total`, sur la durée du marché, en kgCO2e.
    electricity_kwh : Interval
        Électricité sur la durée du marché.
    scores : dict of str to float
        Notes sur 20 par critère, et `total`.
    rank : int
        Rang ; des offres à égalité partagent le leur.
    share : float
        Part des tirages où l’offre est première.
    """

    offer: Resolved
    posts_kg: dict[str, Interval]
    electricity_kwh: Interval
    scores: dict[str, float]
    rank: int
    share: float


@dataclass(frozen=True)
class Result:
    """Marché noté.

    Attributes
    ----------
    market : Market
        Règles.
    lines : list of Line
        Offres, dans l’ordre du fichier.
    stretches : list of Stretch
        Plages de poids de l’environnement, voir :func:`formation.tenders.sensitivity.sweep`.
    remarks : list of str
        Ce qui a été accepté et converti à la lecture.
    """

    market: Market
    lines: list[Line]
    stretches: list[Stretch]
    remarks: list[str]

    @property
    def ranking(self) -> list[Line]:
        """Offres, de la première à la dernière."""
        return sorted(self.lines, key=lambda line: (line.rank, -line.share, line.offer.nom))

    @property
    def holds(self) -> bool:
        """Vrai si la première offre est seule en tête et gagne assez de tirages."""
        first = [line for line in self.lines if line.rank == 1]
        return len(first) == 1 and first[0].share >= self.market.seuil

    def to_dict(self) -> dict[str, Any]:
        """Rend tout le résultat en types simples."""
        return {
            "marche": self.market.to_dict(),
            "tient": self.holds,
            "conclusion": conclusion(self),
            "poids_de_l_environnement": weights_text(self),
            "offres": [
                {
                    "nom": line.offer.nom,
                    "rang": line.rank,
                    "notes": line.scores,
                    "part_des_tirages": line.share,
                    "empreinte_kgco2e": {name: [value.low, value.high] for name, value in line.posts_kg.items()},
                    "electricite_kwh": [line.electricity_kwh.low, line.electricity_kwh.high],
                    "retenu": to_dict(line.offer),
                }
                for line in self.lines
            ],
            "remarques": self.remarks,
        }


def evaluate(market: Market, offers: Sequence[Offer], remarks: Sequence[str] = ()) -> Result:
    """Note des offres, classe, et mesure la solidité du classement.

    Parameters
    ----------
    market : Market
        Règles annoncées.
    offers : sequence of Offer
        Offres.
    remarks : sequence of str
        Remarques de lecture, reprises dans le résultat.

    Returns
    -------
    Result
        Notes, intervalles, rangs, parts de tirages.

    Examples
    --------
    >>> cheap, dear = Offer("A", 1000, 12), Offer("B", 2000, 12)
    >>> [line.rank for line in evaluate(Market(tirages=100), [cheap, dear]).lines]
    [1, 2]
    """
    ready = resolve(market, offers)
    middle = [sum(footprint_kg(market, offer, everywhere(0.5)).values()) for offer in ready]
    marks = scores(market, ready, middle)
    won = shares(market, ready, draws(market, ready))
    places = ranks([row["total"] for row in marks])
    lines = [
        Line(offer, posts(market, offer), electricity_kwh(market, offer), marks[k], places[k], won[k])
        for k, offer in enumerate(ready)
    ]
    return Result(market, lines, sweep(market, ready), list(remarks))


def conclusion(result: Result) -> str:
    """Phrase qui dit si le classement tient.

    Parameters
    ----------
    result : Result
        Marché noté.

    Returns
    -------
    str
        Une ou deux phrases.
    """
    market = result.market
    first = [line for line in result.lines if line.rank == 1]
    if len(result.lines) == 1:
        return "Une seule offre : il n’y a pas de classement, seulement une empreinte à discuter."
    if len(first) > 1:
        names = " et ".join(f"«{WIDE}{line.offer.nom}{WIDE}»" for line in first)
        return (
            f"Le classement ne tient pas : {names} sont à égalité. La règle qui départage se lit dans les documents "
            "de la consultation, jamais après coup."
        )
    best = first[0]
    won = percent(best.share)
    name = f"«{WIDE}{best.offer.nom}{WIDE}»"
    if result.holds:
        return (
            f"Le classement tient : l’offre {name} reste première dans {won} de {number(market.tirages)} tirages pris "
            f"dans les intervalles (seuil : {percent(market.seuil)})."
        )
    rival = max((line for line in result.lines if line is not best), key=lambda line: line.share)
    return (
        f"Le classement ne tient pas : l’offre {name} n’est première que dans {won} des tirages (seuil : "
        f"{percent(market.seuil)}) ; l’offre «{WIDE}{rival.offer.nom}{WIDE}» l’est dans {percent(rival.share)}. "
        "Demandez des mesures avant de conclure."
    )


def weights_text(result: Result) -> str:
    """Phrase qui dit pour quels poids de l’environnement la première offre change.

    Parameters
    ----------
    result : Result
        Marché noté.

    Returns
    -------
    str
        Une phrase ; vide si le prix et la qualité ne pèsent rien.
    """
    if not result.stretches:
        return ""
    names = [line.offer.nom for line in result.lines]

    def said(stretch: Stretch) -> str:
        who = " et ".join(f"«{WIDE}{names[rank]}{WIDE}»" for rank in stretch.first)
        if stretch.low == stretch.high:
            return f"{who} à {stretch.low} point{'s' if stretch.low > 1 else ''}"
        return f"{who} de {stretch.low} à {stretch.high} points"

    if len(result.stretches) == 1:
        return f"Quel que soit le poids de l’environnement, première offre : {said(result.stretches[0])}."
    return (
        "Première offre selon le poids de l’environnement : " + " ; ".join(said(one) for one in result.stretches) + "."
    )


def silence_text(market: Market) -> str:
    """Règle appliquée à ce qui n’est pas déclaré.

    Parameters
    ----------
    market : Market
        Règles.

    Returns
    -------
    str
        Une phrase.
    """
    return f"Règle du silence : {SILENCE[market.silence]}."


def record_field(line: Line, market: Market, date: str) -> str:
    """Texte de la rubrique « impact environnemental » de la bibliothèque des projets (recommandation 8).

    Parameters
    ----------
    line : Line
        Offre retenue, déclaration mise à jour à la signature.
    market : Market
        Règles.
    date : str
        Date de la déclaration, AAAA-MM-JJ.

    Returns
    -------
    str
        Quelques phrases, avec les bornes et le périmètre.
    """
    total = line.posts_kg["total"]
    missing = "aucune" if not line.offer.manques else ", ".join(line.offer.manques)
    return (
        f"Estimation du {'/'.join(reversed(date.split('-')))}, d’après la déclaration du titulaire : "
        f"{total.text('kgCO2e')} sur {shortest(market.duree_ans)} ans pour {number(market.reponses_an)} réponses "
        f"par an ; électricité : {line.electricity_kwh.text('kWh')}. Compté : entraînement, réponses, serveurs "
        f"permanents, réseau, appareils neufs. Rubriques non déclarées : {missing}."
    )
