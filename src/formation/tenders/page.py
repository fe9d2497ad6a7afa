"""Ce que la page du livre emporte pour calculer sans Python : facteurs, constantes, rubriques, exemple."""

from __future__ import annotations

from typing import Any

from formation import footprint
from formation.footprint.llm import CONSTANTS
from formation.tenders import report, resolving, scoring
from formation.tenders.fields import FIELDS
from formation.tenders.offers import ABNORMAL, BOUNDS, CRITERIA, PRICE_METHODS, SILENCE, Market, checked
from formation.tenders.reading import parse_text
from formation.tenders.results import EXAMPLE

MOST = 6
"""Offres au plus dans la page ; la ligne de commande en accepte davantage."""


def data() -> dict[str, Any]:
    """Données de la page.

    Returns
    -------
    dict
        Types simples, prêts pour du JSON ; la page fait les mêmes calculs que :mod:`formation.tenders.scoring`.

    Examples
    --------
    >>> data()["facteurs"]["lot"]
    [32.0, 128.0]
    """
    market, offers = checked(parse_text(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name), EXAMPLE.name)
    everywhere = footprint.electricity(None)
    return {
        "facteurs": {name: [item.low, item.high] for name, item in footprint.FACTORS.items()},
        "mixInconnu": everywhere.high,
        "constantes": CONSTANTS,
        "pays": footprint.COUNTRIES,
        "champs": [
            {
                "nom": field.name,
                "libelle": field.label,
                "sorte": field.kind,
                "unite": field.unit,
                "bas": field.low,
                "haut": field.high,
                "requis": field.required,
                "aide": field.help,
            }
            for field in FIELDS
        ],
        "criteres": CRITERIA,
        "postes": resolving.POSTS,
        "methodes": {"methode_prix": PRICE_METHODS, "silence": SILENCE, "anormal": ABNORMAL},
        "regles": {
            "plusGros": resolving.LARGEST_MODEL,
            "serveur": resolving.DEFAULT_SERVER_W,
            "suspect": resolving.SUSPECT,
            "pueBas": resolving.LOWEST_PUE,
            "egalite": scoring.TIE,
            "communs": list(scoring.SHARED),
            "propres": list(scoring.OWN),
            "maximum": MOST,
        },
        "avertissement": report.WARNING,
        "bornes": {name: [low, high] for name, (low, high, _) in BOUNDS.items()},
        "defaut": Market().to_dict(),
        "exemple": {"marche": market.to_dict(), "offres": [offer.to_dict() for offer in offers]},
    }
