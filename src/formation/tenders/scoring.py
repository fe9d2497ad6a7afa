"""Empreinte d’une offre sur la durée du marché, notes des critères, classement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from formation import footprint
from formation.footprint import Interval
from formation.tenders.offers import CRITERIA, Market
from formation.tenders.resolving import POSTS, Resolved

SHARED = ("mix", "lot", "reseau", "fabrication", "part", "appareils")
"""Incertitudes communes à toutes les offres : la méthode est la même pour toutes, elle se trompe pour toutes."""
OWN = ("energie", "pue")
"""Incertitudes propres à chaque offre."""
TOP = 20.0
"""Note maximale d’un critère."""
TIE = 0.005
"""Deux notes finales plus proches que cela sont égales."""


def footprint_kg(market: Market, offer: Resolved, position: Mapping[str, float]) -> dict[str, float]:
    """Empreinte d’une offre, poste par poste, pour une position dans chaque intervalle.

    Parameters
    ----------
    market : Market
        Durée, volume et jetons.
    offer : Resolved
        Offre complétée.
    position : mapping of str to float
        Pour chaque nom de `SHARED` et de `OWN`, de 0 (borne basse) à 1 (borne haute).

    Returns
    -------
    dict of str to float
        kgCO2e sur la durée du marché, pour chaque poste de `POSTS`.
    """
    at = {name: footprint.factor(key).interval.at(position[name]) for name, key in _KEYS.items()}
    mix, pue = offer.mix_g_kwh.at(position["mix"]), offer.pue.at(position["pue"])
    # Un lot plus grand consomme moins : la position haute est le petit lot.
    batch = footprint.factor("lot").interval.at(1 - position["lot"])
    if offer.taille is not None:
        response_wh = footprint.server_energy_wh(*offer.taille, market.jetons, batch)
    else:
        response_wh = offer.reponse_wh.at(position["energie"])
    answers_kwh = market.reponses_an * market.duree_ans * response_wh / 1000
    training_kwh = offer.entrainement_kwh + (at["part"] * answers_kwh if offer.part_entrainement else 0.0)
    hosting_kwh = offer.serveur_w * 8.76 * market.duree_ans
    per_kwh = (pue * mix + at["fabrication"]) / 1000
    network = footprint.factor(offer.reseau).interval.at(position["reseau"])
    return {
        "entrainement": training_kwh * per_kwh,
        "inference": answers_kwh * per_kwh,
        "hebergement": hosting_kwh * per_kwh,
        "reseau": offer.donnees_go_an * market.duree_ans * network / 1000,
        "appareils": offer.appareils_kg.at(position["appareils"]),
    }


_KEYS = {"fabrication": "fabrication-calcul", "part": "part-entrainement"}


def everywhere(value: float) -> dict[str, float]:
    """La même position dans tous les intervalles : 0 pour les bornes basses, 1 pour les hautes, 0,5 au milieu.

    Parameters
    ----------
    value : float
        Position.

    Returns
    -------
    dict of str to float
        Position de chaque incertitude.
    """
    return dict.fromkeys((*SHARED, *OWN), value)


def posts(market: Market, offer: Resolved) -> dict[str, Interval]:
    """Empreinte d’une offre, poste par poste, en intervalles.

    Parameters
    ----------
    market : Market
        Règles.
    offer : Resolved
        Offre complétée.

    Returns
    -------
    dict of str to Interval
        kgCO2e par poste, et le total sous `total`.
    """
    low, high = footprint_kg(market, offer, everywhere(0)), footprint_kg(market, offer, everywhere(1))
    found = {name: Interval(low[name], high[name]) for name in POSTS}
    return found | {"total": Interval(sum(low.values()), sum(high.values()))}


def electricity_kwh(market: Market, offer: Resolved) -> Interval:
    """Électricité d’une offre sur la durée du marché, refroidissement compris, appareils et réseau exclus.

    Parameters
    ----------
    market : Market
        Règles.
    offer : Resolved
        Offre complétée.

    Returns
    -------
    Interval
        kWh.
    """
    part = footprint.factor("part-entrainement").interval if offer.part_entrainement else Interval(0, 0)
    answers = offer.reponse_wh * (market.reponses_an * market.duree_ans / 1000)
    own = offer.entrainement_kwh + offer.serveur_w * 8.76 * market.duree_ans
    return (answers + answers * part + Interval(own, own)) * offer.pue


def price_scores(prices: Sequence[float], method: str) -> list[float]:
    """Note de prix, sur 20.

    Parameters
    ----------
    prices : sequence of float
        Prix, strictement positifs.
    method : str
        `proportionnelle` ou `lineaire`.

    Returns
    -------
    list of float
        Une note par prix.

    Examples
    --------
    >>> price_scores([100, 125], "proportionnelle"), price_scores([100, 125], "lineaire")
    ([20.0, 16.0], [20.0, 0.0])
    """
    low, high = min(prices), max(prices)
    if method == "lineaire":
        return [TOP if high == low else TOP * (high - price) / (high - low) for price in prices]
    return [TOP * low / price for price in prices]


def environment_scores(totals_kg: Sequence[float], floor_kg: float) -> list[float]:
    """Note environnementale, sur 20 : la plus petite empreinte divisée par celle de l’offre.

    Parameters
    ----------
    totals_kg : sequence of float
        Empreintes, en kgCO2e.
    floor_kg : float
        Plancher : au-dessous, deux empreintes sont jugées égales, et zéro n’écrase pas toutes les autres.

    Returns
    -------
    list of float
        Une note par empreinte.

    Examples
    --------
    >>> environment_scores([50, 100, 0], 25)
    [10.0, 5.0, 20.0]
    """
    raised = [max(total, floor_kg) for total in totals_kg]
    return [TOP * min(raised) / value for value in raised]


def scores(market: Market, offers: Sequence[Resolved], totals_kg: Sequence[float]) -> list[dict[str, float]]:
    """Notes de chaque offre, pour des empreintes données.

    Parameters
    ----------
    market : Market
        Poids et formules.
    offers : sequence of Resolved
        Offres complétées.
    totals_kg : sequence of float
        Empreinte de chaque offre.

    Returns
    -------
    list of dict
        Notes sur 20 par critère, et `total`, la moyenne pondérée sur 20.
    """
    price = price_scores([offer.prix_eur for offer in offers], market.methode_prix)
    green = environment_scores(totals_kg, market.plancher_kg)
    rows = []
    for rank, offer in enumerate(offers):
        zero = market.silence == "note_zero" and offer.manques
        row = {"prix": price[rank], "qualite": offer.qualite, "environnement": 0.0 if zero else green[rank]}
        rows.append(row | {"total": sum(market.poids[name] * row[name] for name in CRITERIA) / 100})
    return rows


def ranks(totals: Sequence[float]) -> list[int]:
    """Rangs ; deux notes plus proches que `TIE` partagent le leur.

    Parameters
    ----------
    totals : sequence of float
        Notes finales.

    Returns
    -------
    list of int
        Rangs, à partir de 1.

    Examples
    --------
    >>> ranks([12.0, 15.0, 15.001])
    [3, 1, 1]
    """
    order = sorted(range(len(totals)), key=lambda rank: -totals[rank])
    found = [0] * len(totals)
    head = 0
    for place, rank in enumerate(order):
        if place == 0 or totals[order[head]] - totals[rank] >= TIE:
            head = place
        found[rank] = head + 1
    return found
