"""Vocabulaires fermés d’une fiche : ce qu’on filtre et ce qu’on compte, « inconnu » compris."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic_core import PydanticCustomError, core_schema

UNKNOWN = "inconnu"

TYPES: Mapping[str, str] = {
    "commune": "Commune",
    "communaute-de-communes": "Communauté de communes",
    "communaute-d-agglomeration": "Communauté d’agglomération",
    "communaute-urbaine": "Communauté urbaine",
    "metropole": "Métropole",
    "departement": "Département",
    "region": "Région",
    "syndicat": "Syndicat",
    "sdis": "Service d’incendie et de secours",
    "ccas": "Centre communal ou intercommunal d’action sociale",
    "operateur": "Société ou établissement public local",
    "etat": "État ou opérateur national",
    "groupement": "Groupement de collectivités",
    "autre": "Autre",
    UNKNOWN: "Inconnu",
}

SIZES: Mapping[str, str] = {
    "moins-de-3500": "Moins de 3 500 habitants",
    "3500-9999": "3 500 à 9 999 habitants",
    "10000-19999": "10 000 à 19 999 habitants",
    "20000-49999": "20 000 à 49 999 habitants",
    "50000-99999": "50 000 à 99 999 habitants",
    "100000-299999": "100 000 à 299 999 habitants",
    "300000-et-plus": "300 000 habitants et plus",
    "sans-objet": "Sans objet",
    UNKNOWN: "Inconnue",
}
SIZE_BOUNDS = (3_500, 10_000, 20_000, 50_000, 100_000, 300_000)

NEEDS: Mapping[str, str] = {
    "accueillir-informer": "Accueillir et informer les usagers",
    "instruire": "Instruire des dossiers, rédiger des actes",
    "aider-agents": "Aider les agents au quotidien",
    "entretenir": "Entretenir un réseau ou un patrimoine",
    "prevoir": "Prévoir une demande ou une fréquentation",
    "proteger": "Prévenir un risque, protéger les personnes",
    "surveiller": "Surveiller l’espace public",
    "connaitre": "Connaître et cartographier le territoire",
    "economiser": "Économiser l’énergie, l’eau ou l’argent",
    "reduire-dechets": "Réduire, trier ou collecter les déchets",
    "controler": "Contrôler, repérer une anomalie",
    "accompagner": "Accompagner des personnes",
    "deplacer": "Organiser les déplacements",
    "associer": "Écouter et associer les habitants",
    "autre": "Autre besoin",
    UNKNOWN: "Inconnu",
}

SECTORS: Mapping[str, str] = {
    "relation-usagers": "Relation avec les usagers",
    "administration": "Administration générale",
    "finances-achats": "Finances et achats",
    "ressources-humaines": "Ressources humaines",
    "numerique": "Numérique et données",
    "securite": "Sécurité et tranquillité publiques",
    "risques": "Risques naturels et secours",
    "eau": "Eau et assainissement",
    "dechets": "Déchets et propreté",
    "restauration": "Restauration collective",
    "energie-batiments": "Énergie, bâtiments, éclairage",
    "mobilites-voirie": "Mobilités et voirie",
    "urbanisme": "Urbanisme et foncier",
    "environnement": "Environnement et biodiversité",
    "education": "Éducation et petite enfance",
    "social-sante": "Action sociale et santé",
    "culture": "Culture, patrimoine, archives",
    "economie-tourisme": "Économie, emploi, tourisme",
    "citoyennete": "Vie démocratique",
    "autre": "Autre secteur",
    UNKNOWN: "Inconnu",
}

COSTS: Mapping[str, str] = {
    "moins-de-10000": "Moins de 10 000 €",
    "10000-49999": "10 000 à 49 999 €",
    "50000-199999": "50 000 à 199 999 €",
    "200000-999999": "200 000 à 999 999 €",
    "1000000-et-plus": "1 000 000 € et plus",
    "desaccord": "Les sources se contredisent",
    UNKNOWN: "Inconnu",
}
COST_BOUNDS = (10_000, 50_000, 200_000, 1_000_000)

COST_BASES: Mapping[str, str] = {
    "total": "Coût total du projet",
    "annuel": "Coût par an",
    "investissement": "Investissement de départ",
    "marche": "Montant du marché, ou son plafond",
    "autre": "Autre base",
    UNKNOWN: "Inconnue",
}

EVALUATIONS: Mapping[str, str] = {
    "signature": "Fournie par l’entreprise à la signature du contrat",
    "apres-signature": "Fournie par l’entreprise après la signature",
    "collectivite": "Faite par la collectivité",
    "tiers": "Faite par un tiers",
    "aucune": "Aucune évaluation",
    UNKNOWN: "Inconnue",
}

MATURITIES: Mapping[str, str] = {
    "etude": "À l’étude",
    "experimentation": "Expérimentation",
    "deploiement": "En déploiement",
    "service": "En service",
    "arrete": "Arrêté ou terminé",
    UNKNOWN: "Inconnue",
}

METHODS: Mapping[str, str] = {
    "regles": "Règles écrites, sans apprentissage",
    "statistique": "Statistique classique",
    "apprentissage": "Apprentissage sur tableaux de données",
    "prevision": "Prévision de séries dans le temps",
    "vision": "Analyse d’images ou de vidéo",
    "langage": "Traitement du langage, sans génération",
    "parole": "Reconnaissance de la parole",
    "generative": "IA générative",
    "optimisation": "Optimisation",
    "physique": "Modèle physique",
    "autre": "Autre méthode",
    UNKNOWN: "Inconnue",
}

MEASURERS: Mapping[str, str] = {
    "collectivite": "La collectivité",
    "prestataire": "Le prestataire",
    "tiers": "Un tiers indépendant",
    "recherche": "Une équipe de recherche",
    "fiche": "Cette fiche, par un calcul",
    UNKNOWN: "Inconnu",
}

VOCABULARIES: Mapping[str, Mapping[str, str]] = {
    "type": TYPES,
    "taille": SIZES,
    "besoin": NEEDS,
    "secteur": SECTORS,
    "cout": COSTS,
    "base": COST_BASES,
    "evaluation": EVALUATIONS,
    "maturite": MATURITIES,
    "methode": METHODS,
    "mesure_par": MEASURERS,
}

_BOUNDS = {"taille": SIZE_BOUNDS, "cout": COST_BOUNDS}


def label(vocabulary: str, value: str) -> str:
    """Libellé d’une valeur.

    Parameters
    ----------
    vocabulary : str
        Nom du vocabulaire, par exemple `maturite`.
    value : str
        Valeur, par exemple `service`.

    Returns
    -------
    str
        Libellé affiché ; la valeur elle-même si elle n’est pas dans la liste.

    Examples
    --------
    >>> label("maturite", "service")
    'En service'
    """
    return VOCABULARIES[vocabulary].get(value, value)


def size_of(population: int) -> str:
    """Tranche de population.

    Parameters
    ----------
    population : int
        Habitants.

    Returns
    -------
    str
        Valeur du vocabulaire `taille`.

    Examples
    --------
    >>> size_of(31_243)
    '20000-49999'
    """
    return list(SIZES)[sum(population >= bound for bound in SIZE_BOUNDS)]


def cost_of(amount: float) -> str:
    """Tranche de coût.

    Parameters
    ----------
    amount : float
        Montant, en euros.

    Returns
    -------
    str
        Valeur du vocabulaire `cout`.

    Examples
    --------
    >>> cost_of(12_000)
    '10000-49999'
    """
    return list(COSTS)[sum(amount >= bound for bound in COST_BOUNDS)]


@dataclass(frozen=True)
class OneOf:
    """Annotation d’un champ pris dans un vocabulaire : contrôle, message en français et schéma JSON.

    Parameters
    ----------
    vocabulary : str
        Nom du vocabulaire.
    """

    vocabulary: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Contrôle : une valeur de la liste, ou une erreur qui les donne toutes."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        """Schéma : les valeurs permises et leurs libellés."""
        values = VOCABULARIES[self.vocabulary]
        found = {**handler(schema), "enum": list(values), "x-libelles": dict(values)}
        return found | ({"x-seuils": list(_BOUNDS[self.vocabulary])} if self.vocabulary in _BOUNDS else {})

    def _check(self, value: str) -> str:
        values = VOCABULARIES[self.vocabulary]
        if value in values:
            return value
        folded = {text.casefold(): key for key, text in values.items()}
        if value.casefold() in folded:
            return folded[value.casefold()]
        close = get_close_matches(value, values, n=1)
        hint = f" Vouliez-vous dire « {close[0]} » ?" if close else ""
        raise PydanticCustomError(
            "vocabulaire",
            "cette valeur n’est pas dans la liste.{hint} Valeurs acceptées : {accepted}",
            {"hint": hint, "accepted": ", ".join(values)},
        )
