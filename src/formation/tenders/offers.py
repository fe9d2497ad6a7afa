"""Le marché (règles annoncées par l’acheteur) et les offres, vérifiés d’un coup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from formation.errors import DonneesInvalides, Problem
from formation.tenders.fields import BY_NAME, FIELDS, NAMES, read_value

MOST = 50
"""Offres au plus dans un fichier."""
CRITERIA = {"prix": "Prix", "qualite": "Qualité", "environnement": "Environnement"}
PRICE_METHODS = {
    "proportionnelle": "20 × prix le plus bas ÷ prix de l’offre",
    "lineaire": "20 × (prix le plus haut − prix de l’offre) ÷ (prix le plus haut − prix le plus bas)",
}
SILENCE = {
    "borne_haute": "ce qui n’est pas déclaré prend la valeur la plus haute : celle des autres offres ou de la table",
    "note_zero": "une déclaration incomplète vaut zéro au critère environnemental",
    "compter_zero": "ce qui n’est pas déclaré compte pour rien : le silence paie, ne l’employez que pour voir l’effet",
}
ABNORMAL = {
    "comme_silence": "une valeur anormale, tant qu’elle n’est pas justifiée, est traitée comme une absence",
    "acceptees": "une valeur anormale est prise telle quelle, et signalée",
}


@dataclass(frozen=True)
class Market:
    """Règles du marché, les mêmes pour toutes les offres, annoncées avant qu’elles arrivent.

    Attributes
    ----------
    objet : str
        Objet du marché.
    duree_ans : float
        Durée, en années.
    reponses_an : float
        Réponses ou calculs demandés par an : volume fixé par l’acheteur.
    jetons : float
        Jetons générés par réponse, pour une IA générative.
    poids : dict of str to float
        Pondération des critères, en points sur 100.
    methode_prix, silence, anormal : str
        Règles choisies, voir `PRICE_METHODS`, `SILENCE`, `ABNORMAL`.
    plancher_kg : float
        Empreinte au-dessous de laquelle deux offres sont jugées égales, en kgCO2e.
    tirages, graine : int
        Tirages au sort dans les intervalles, et leur graine.
    seuil : float
        Part des tirages qu’une offre doit gagner pour que le classement tienne.

    Examples
    --------
    >>> Market().poids["environnement"]
    20.0
    """

    objet: str = "Outil d’intelligence artificielle"
    duree_ans: float = 4.0
    reponses_an: float = 100_000.0
    jetons: float = 400.0
    poids: dict[str, float] = field(
        default_factory=lambda: {"prix": 40.0, "qualite": 40.0, "environnement": 20.0}, hash=False
    )
    methode_prix: str = "proportionnelle"
    silence: str = "borne_haute"
    anormal: str = "comme_silence"
    plancher_kg: float = 1.0
    tirages: int = 1000
    graine: int = 447
    seuil: float = 0.9

    def weighted(self, **poids: float) -> Market:
        """Le même marché avec d’autres poids.

        Parameters
        ----------
        **poids : float
            Points de `prix`, `qualite` et `environnement` ; leur somme est ramenée à 100.

        Returns
        -------
        Market
            Marché.
        """
        total = sum(poids.values())
        return replace(self, poids={name: 100 * value / total for name, value in poids.items()})

    def to_dict(self) -> dict[str, Any]:
        """Rend le marché en types simples."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


BOUNDS: dict[str, tuple[float, float, str]] = {
    "duree_ans": (0.1, 20, "années"),
    "reponses_an": (0, 1e10, "réponses par an"),
    "jetons": (1, 1e6, "jetons"),
    "plancher_kg": (0.001, 1e6, "kgCO2e"),
    "tirages": (100, 20_000, "tirages"),
    "graine": (0, 2**31, ""),
    "seuil": (0.5, 1, ""),
}
_CHOICES = {"methode_prix": PRICE_METHODS, "silence": SILENCE, "anormal": ABNORMAL}


@dataclass(frozen=True)
class Offer:
    """Une offre : ce que le candidat déclare, et rien d’autre.

    Attributes
    ----------
    nom : str
        Nom.
    prix_eur, qualite : float
        Prix sur la durée, en euros ; note de qualité sur 20.
    values : dict
        Autres rubriques déclarées, par nom ; ce qui manque n’est pas déclaré.
    """

    nom: str
    prix_eur: float
    qualite: float
    values: dict[str, Any] = field(default_factory=dict, hash=False)

    def get(self, name: str) -> Any:
        """Valeur déclarée.

        Parameters
        ----------
        name : str
            Rubrique.

        Returns
        -------
        object
            Valeur, ou rien si l’offre ne la déclare pas.
        """
        return self.values.get(name)

    def to_dict(self) -> dict[str, Any]:
        """Rend l’offre en types simples, dans l’ordre des rubriques."""
        content = {"nom": self.nom, "prix_eur": self.prix_eur, "qualite": self.qualite, **self.values}
        if "justifie" in content:
            content["justifie"] = ", ".join(content["justifie"])
        return {name: content[name] for name in NAMES if name in content}


def build_market(content: Any, where: str = "marche") -> tuple[Market, list[Problem]]:
    """Vérifie les règles d’un marché.

    Parameters
    ----------
    content : object
        Rubriques lues ; celles qui manquent prennent la valeur par défaut.
    where : str
        Nom de la partie, cité dans les messages.

    Returns
    -------
    tuple
        Marché (par défaut si un défaut l’empêche) et défauts.
    """
    if content is None:
        return Market(), []
    if not isinstance(content, Mapping):
        return Market(), [Problem("forme", f"« {where} » attend des rubriques, par exemple duree_ans: 4")]
    known = {item.name for item in fields(Market)}
    problems = [
        Problem("cle_inconnue", f"« {where} » n’a pas de rubrique « {str(key)[:40]} ». Connues : {', '.join(known)}")
        for key in content
        if str(key) not in known
    ]
    values: dict[str, Any] = {}
    for name, (low, high, unit) in BOUNDS.items():
        if content.get(name) is not None:
            value, problem = _bounded(content[name], low, high, unit)
            values[name] = int(value) if name in {"tirages", "graine"} and problem is None else value
            problems += [Problem("valeur", f"« {where} », {name} : {problem}")] if problem else []
    for name, choices in _CHOICES.items():
        if content.get(name) is not None:
            values[name] = str(content[name])
            if values[name] not in choices:
                message = f"« {where} », {name} : « {values[name][:40]} » n’existe pas. Acceptés : {', '.join(choices)}"
                problems.append(Problem("choix", message))
    if content.get("objet") is not None:
        values["objet"] = " ".join(str(content["objet"]).split())[:200]
    if content.get("poids") is not None:
        values["poids"], found = _weights(content["poids"], where)
        problems += found
    return (Market() if problems else Market(**values)), problems


def _bounded(raw: Any, low: float, high: float, unit: str) -> tuple[float, str | None]:
    from formation.tenders.fields import Field

    value, problem = read_value(Field("x", "", low=low, high=high, unit=unit), raw)
    return (0.0 if value is None else float(value)), problem


def _weights(raw: Any, where: str) -> tuple[dict[str, float], list[Problem]]:
    example = "Exemple : poids: {prix: 40, qualite: 40, environnement: 20}"
    if not isinstance(raw, Mapping) or set(map(str, raw)) != set(CRITERIA):
        return {}, [Problem("poids", f"« {where} », poids : les trois critères sont attendus. {example}")]
    weights, problems = {}, []
    for name in CRITERIA:
        value, problem = _bounded(raw[name], 0, 100, "points")
        weights[name] = value
        if problem:
            problems.append(Problem("poids", f"« {where} », poids « {name} » : {problem}"))
    total = sum(weights.values())
    if not problems and abs(total - 100) > 1e-6:
        problems.append(Problem("poids", f"« {where} », poids : la somme fait {total:g}, il faut 100. {example}"))
    return weights, problems


def build_offers(
    rows: Sequence[tuple[int, Mapping[str, Any]]], unit: str = "ligne"
) -> tuple[list[Offer], list[Problem]]:
    """Vérifie les offres d’un fichier.

    Parameters
    ----------
    rows : sequence of (int, mapping)
        Numéro de l’offre dans le fichier, et ses rubriques.
    unit : str
        Façon de situer une offre : `ligne` d’un tableau, `offre` d’un YAML.

    Returns
    -------
    tuple
        Offres et défauts, tous à la fois.
    """
    problems: list[Problem] = []
    if not rows:
        problems.append(Problem("vide", "aucune offre. Il en faut au moins une ; deux pour un classement"))
    if len(rows) > MOST:
        problems.append(Problem("trop", f"{len(rows)} offres ; {MOST} au plus"))
    offers: list[Offer] = []
    seen: dict[str, int] = {}
    for number, row in rows[:MOST]:
        offer, found = _offer(number, row, unit)
        problems += found
        if offer is None:
            continue
        key = offer.nom.casefold()
        if key in seen:
            problems.append(_at(number, unit, "nom", f"« {offer.nom} » est déjà le nom de l’offre n° {seen[key]}"))
        seen[key] = number
        offers.append(offer)
    return offers, problems


def _offer(number: int, row: Mapping[str, Any], unit: str) -> tuple[Offer | None, list[Problem]]:
    if not isinstance(row, Mapping):
        return None, [_at(number, unit, None, "des rubriques sont attendues, par exemple nom: A")]
    values: dict[str, Any] = {}
    problems = [
        _at(number, unit, str(key)[:40], "rubrique inconnue. Voyez : formation marche modele")
        for key in row
        if str(key) not in BY_NAME
    ]
    for item in FIELDS:
        value, problem = read_value(item, row.get(item.name))
        if problem:
            problems.append(_at(number, unit, item.name, problem))
        elif value is not None:
            values[item.name] = value
        elif item.required:
            problems.append(
                _at(number, unit, item.name, f"case vide : {item.label.lower()}, sans quoi rien n’est noté")
            )
    low, high = values.get("energie_wh_bas"), values.get("energie_wh_haut")
    if low is not None and high is not None and low > high:
        problems.append(_at(number, unit, "energie_wh_bas", "la borne basse dépasse la borne haute"))
    active, total = values.get("parametres_actifs"), values.get("parametres_totaux")
    if active is not None and total is not None and active > total:
        problems.append(_at(number, unit, "parametres_actifs", "les paramètres actifs dépassent le total"))
    if problems:
        return None, problems
    fixed = {name: values.pop(name) for name in ("nom", "prix_eur", "qualite")}
    return Offer(**fixed, values=values), []


def _at(number: int, unit: str, column: str | None, message: str) -> Problem:
    if unit == "ligne":
        return Problem("valeur", message, column=column, lines=(number,), count=1)
    place = f"offre n° {number}" + (f", « {column} »" if column else "")
    return Problem("valeur", f"{place} : {message}", column=None)


def checked(content: Mapping[str, Any], name: str = "offres") -> tuple[Market, list[Offer]]:
    """Vérifie un marché et ses offres déjà lus.

    Parameters
    ----------
    content : mapping
        Clés `marche` (facultative) et `offres`.
    name : str
        Nom cité dans l’erreur.

    Returns
    -------
    tuple
        Marché et offres.

    Raises
    ------
    DonneesInvalides
        Avec tous les défauts.

    Examples
    --------
    >>> checked({"offres": [{"nom": "A", "prix_eur": 1000, "qualite": 12}]})[1][0].nom
    'A'
    """
    if not isinstance(content, Mapping):
        raise DonneesInvalides(name, [Problem("forme", "deux clés sont attendues : marche et offres")])
    extra = [str(key)[:40] for key in content if key not in {"marche", "offres"}]
    problems = [Problem("cle_inconnue", f"clé « {key} » inconnue ; clés connues : marche, offres") for key in extra]
    market, found = build_market(content.get("marche"))
    rows = content.get("offres")
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        rows = []
    offers, more = build_offers(list(enumerate(rows, start=1)), unit="offre")
    if problems + found + more:
        raise DonneesInvalides(name, problems + found + more)
    return market, offers
