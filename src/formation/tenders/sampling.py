"""Offres tirées au hasard, pour éprouver les calculs."""

from __future__ import annotations

import random
from typing import Any

from formation.footprint import COUNTRIES
from formation.tenders.offers import ABNORMAL, PRICE_METHODS, SILENCE, Market, Offer


def random_tender(chance: random.Random, most: int = 6) -> tuple[Market, list[Offer]]:
    """Marché et offres au hasard, avec des rubriques vides, nulles ou anormales.

    Parameters
    ----------
    chance : random.Random
        Source de hasard.
    most : int
        Offres au plus.

    Returns
    -------
    tuple
        Marché et offres.

    Examples
    --------
    >>> len(random_tender(random.Random(1))[1]) >= 1
    True
    """
    low, high = sorted(chance.sample(range(101), 2))
    market = Market(
        duree_ans=chance.choice([1, 3, 4.5]),
        reponses_an=chance.choice([0, 500, 120_000, 3_000_000]),
        jetons=chance.choice([80, 400, 1500]),
        poids={"prix": float(low), "qualite": float(high - low), "environnement": float(100 - high)},
        methode_prix=chance.choice(list(PRICE_METHODS)),
        silence=chance.choice(list(SILENCE)),
        anormal=chance.choice(list(ABNORMAL)),
        tirages=100,
        graine=chance.randrange(1000),
    )
    return market, [_offer(chance, rank) for rank in range(chance.randint(1, most))]


def _offer(chance: random.Random, rank: int) -> Offer:
    low, high = sorted([chance.choice([0.0, 0.05, 0.3, 2.0]), chance.choice([0.0, 0.1, 0.8, 5.0])])
    active = chance.choice([3.0, 8.0, 24.0, 41.0])
    values: dict[str, Any] = {
        "sans_ia": chance.random() < 0.15,
        "pays": chance.choice(list(COUNTRIES)),
        "pue": chance.choice([1.0, 1.12, 1.46, 1.9]),
        "energie_wh_bas": low,
        "energie_wh_haut": high,
        "parametres_actifs": active,
        "parametres_totaux": chance.choice([active, 120.0, 675.0]),
        "entrainement_kwh": chance.choice([0.0, 50.0, 4000.0]),
        "serveur_w": chance.choice([0.0, 20.0, 350.0]),
        "donnees_go_an": chance.choice([0.0, 30.0, 900.0]),
        "reseau": chance.choice(["fixe", "mobile"]),
        "portables_neufs": chance.choice([0, 0, 3]),
        "smartphones_neufs": chance.choice([0, 0, 5]),
        "autres_appareils": chance.choice([0, 0, 12]),
        "kgco2e_par_autre": chance.choice([8.0, 60.0]),
    }
    kept = {name: value for name, value in values.items() if chance.random() < 0.7}
    if "energie_wh_haut" not in kept:
        kept.pop("energie_wh_bas", None)
    if chance.random() < 0.2:
        kept["justifie"] = ("energie_wh_haut", "pue")
    return Offer(f"Offre {'ABCDEF'[rank]}", float(chance.randrange(20_000, 200_000)), chance.randrange(41) / 2, kept)
