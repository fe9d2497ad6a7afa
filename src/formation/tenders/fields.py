"""Ce qu’on demande à chaque offre : nom, unité, bornes et façon de le lire dans un tableau."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from formation.footprint import COUNTRIES
from formation.numbers import shortest

YES, NO = ("oui", "o", "vrai", "true", "1", "x"), ("non", "n", "faux", "false", "0")


@dataclass(frozen=True)
class Field:
    """Une rubrique d’une offre.

    Attributes
    ----------
    name : str
        Nom dans le fichier.
    label : str
        Libellé.
    kind : str
        `texte`, `nombre`, `entier`, `pays`, `reseau` ou `oui_non`.
    unit : str
        Unité, vide si sans objet.
    low, high : float
        Bornes acceptées, incluses.
    required : bool
        Vrai si l’offre ne peut pas être notée sans.
    help : str
        Ce qu’il faut demander au candidat.
    """

    name: str
    label: str
    kind: str = "nombre"
    unit: str = ""
    low: float = 0.0
    high: float = 1e9
    required: bool = False
    help: str = ""


FIELDS: tuple[Field, ...] = (
    Field("nom", "Nom de l’offre", "texte", required=True, help="Court ; une lettre suffit."),
    Field("prix_eur", "Prix sur la durée du marché", unit="€", low=1, required=True, help="Tout compris, hors taxes."),
    Field("qualite", "Note de qualité", unit="sur 20", high=20, required=True, help="Donnée par le jury."),
    Field("sans_ia", "Offre sans intelligence artificielle", "oui_non", help="oui pour l’option sans IA."),
    Field("pays", "Pays d’hébergement", "pays", help="Code à trois lettres, par exemple FRA."),
    Field("pue", "PUE du centre de données", low=1, high=5, help="Moyenne mesurée sur douze mois."),
    Field(
        "energie_wh_bas",
        "Énergie par réponse, borne basse",
        unit="Wh",
        high=10_000,
        help="Mesurée au serveur, hors refroidissement.",
    ),
    Field("energie_wh_haut", "Énergie par réponse, borne haute", unit="Wh", high=10_000, help="Même mesure."),
    Field(
        "parametres_actifs",
        "Paramètres actifs du modèle",
        unit="milliards",
        low=0.001,
        high=20_000,
        help="IA générative sans mesure : sert au calcul par EcoLogits.",
    ),
    Field(
        "parametres_totaux",
        "Paramètres totaux du modèle",
        unit="milliards",
        low=0.001,
        high=20_000,
        help="Égal aux actifs pour un modèle dense.",
    ),
    Field("entrainement_kwh", "Entraînement propre au marché", unit="kWh", help="Adaptations et reprises comprises."),
    Field("serveur_w", "Serveurs allumés en permanence", unit="W", high=1e7, help="Puissance moyenne ; 0 si aucun."),
    Field(
        "donnees_go_an", "Données échangées", unit="Go par an", help="0 si rien ne sort du réseau de la collectivité."
    ),
    Field("reseau", "Réseau employé", "reseau", help="fixe ou mobile."),
    Field("portables_neufs", "Ordinateurs portables neufs", "entier", "appareils", high=1e6, help="0 si aucun."),
    Field("smartphones_neufs", "Téléphones neufs", "entier", "appareils", high=1e6, help="0 si aucun."),
    Field("autres_appareils", "Autres appareils neufs", "entier", "appareils", high=1e6, help="Caméras, capteurs…"),
    Field("kgco2e_par_autre", "Empreinte d’un autre appareil", unit="kgCO2e", high=1e5, help="Fiche du fabricant."),
    Field("justifie", "Rubriques justifiées par une pièce", "texte", help="Noms séparés par des virgules."),
)
NAMES = tuple(field.name for field in FIELDS)
BY_NAME = {field.name: field for field in FIELDS}
DEVICES = ("portables_neufs", "smartphones_neufs", "autres_appareils")
LONGEST = 80
"""Longueur d’un nom d’offre, en caractères."""


def read_value(field: Field, raw: Any) -> tuple[Any, str | None]:
    """Lit une case.

    Parameters
    ----------
    field : Field
        Rubrique.
    raw : object
        Contenu : texte d’un tableau ou valeur d’un YAML.

    Returns
    -------
    tuple
        Valeur (rien si la case est vide) et défaut, en français (rien si elle est bonne).

    Examples
    --------
    >>> read_value(BY_NAME["prix_eur"], "12 000,50 €")
    (12000.5, None)
    >>> read_value(BY_NAME["pue"], "0,8")[1].startswith("0,8 sort des bornes")
    True
    """
    if isinstance(raw, (list, dict, set, tuple)):
        return None, "une seule valeur est attendue, pas une liste ni un groupe de clés"
    text = "" if raw is None else ("oui" if raw is True else "non" if raw is False else str(raw)).strip()
    if not text:
        return None, None
    readers = {"texte": _text, "pays": _country, "reseau": _network, "oui_non": _yes_no}
    return readers[field.kind](field, text) if field.kind in readers else _number(field, text)


def _text(field: Field, text: str) -> tuple[Any, str | None]:
    clean = "".join(c for c in " ".join(text.split()) if c.isprintable())
    if field.name == "nom" and len(clean) > LONGEST:
        return None, f"le nom compte {len(clean)} caractères, {LONGEST} au plus"
    if field.name == "justifie":
        names = [part.strip() for part in re.split(r"[,;]", clean) if part.strip()]
        wrong = [name for name in names if name not in BY_NAME]
        if wrong:
            return None, f"« {wrong[0][:40]} » n’est pas une rubrique. Exemple : energie_wh_haut, pue"
        return tuple(names), None
    return clean or None, None


def _country(_field: Field, text: str) -> tuple[Any, str | None]:
    code = text.upper()
    by_name = {name.casefold(): known for known, name in COUNTRIES.items()}
    code = by_name.get(text.casefold(), code)
    if code not in COUNTRIES:
        known = ", ".join(f"{key} ({name})" for key, name in COUNTRIES.items())
        return None, f"« {text[:40]} » n’est pas dans la table des pays. Acceptés : {known}"
    return code, None


def _network(_field: Field, text: str) -> tuple[Any, str | None]:
    word = text.casefold()
    return (word, None) if word in {"fixe", "mobile"} else (None, f"« {text[:40]} » : écrivez fixe ou mobile")


def _yes_no(_field: Field, text: str) -> tuple[Any, str | None]:
    word = text.casefold()
    if word in YES or word in NO:
        return word in YES, None
    return None, f"« {text[:40]} » : écrivez oui ou non"


def _number(field: Field, text: str) -> tuple[Any, str | None]:
    bare = re.sub(r"[\s\u00a0\u202f]", "", text).rstrip("€").replace(",", ".")
    shown = text[:40]
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?([eE][+-]?\d{1,2})?", bare):
        return None, f"« {shown} » n’est pas un nombre. Forme attendue : 1250 ou 0,35, sans unité"
    value = float(bare)
    if not math.isfinite(value) or not field.low <= value <= field.high:
        unit = f" {field.unit}" if field.unit else ""
        low, high = (shortest(bound, grouped=True) for bound in (field.low, field.high))
        return None, f"{shown} sort des bornes : de {low} à {high}{unit}"
    if field.kind == "entier":
        if not value.is_integer():
            return None, f"« {shown} » : un nombre entier est attendu"
        return int(value), None
    return value, None
