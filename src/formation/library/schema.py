"""Le schéma JSON publié (Draft 2020-12), tiré du modèle : rien n’est recopié à la main."""

from __future__ import annotations

import json
from typing import Any

from formation.library.models import SCHEMA_VERSION, ProjectRecord

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE = "fiche-projet.schema.json"
_UNSOURCED = {
    "if": {"not": {"required": ["source"], "properties": {"source": {"minItems": 1}}}},
    "then": {"properties": {"confiance": {"const": "inconnu"}}},
}


def json_schema() -> dict[str, Any]:
    """Schéma d’une fiche.

    Les champs portent `x-origine` : `rapport` (nommé par le rapport n° 447), `ajout` (de la formation) ou `gestion`
    (nécessaire au fichier) ; les vocabulaires portent `x-libelles`. Les accords entre champs (source citée et listée,
    tranche et montant, taille et population, dates) ne s’écrivent pas ici : `formation bibliotheque verifier` les
    contrôle.

    Returns
    -------
    dict
        Schéma JSON, Draft 2020-12.

    Examples
    --------
    >>> json_schema()["properties"]["cout"]["x-origine"]
    'rapport'
    """
    schema = ProjectRecord.model_json_schema()
    for model in ("RecordFact", "Result"):
        schema["$defs"][model] |= _UNSOURCED
    head = {
        "$schema": DIALECT,
        "title": "Fiche d’un projet d’IA d’une collectivité",
        "x-version": SCHEMA_VERSION,
        "x-rapport": "Sénat, rapport d’information n° 447 (2024-2025), recommandation 8",
    }
    return head | {key: value for key, value in schema.items() if key != "title"}


def to_text() -> str:
    """Schéma, prêt à être écrit dans un fichier.

    Returns
    -------
    str
        JSON indenté.
    """
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"
