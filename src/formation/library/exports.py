"""Exporter une bibliothèque : CSV à plat, JSON, métadonnées DCAT-AP en JSON-LD."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from formation.errors import FormationError
from formation.library import flat
from formation.library.models import SCHEMA_VERSION, ProjectRecord
from formation.library.search import values
from formation.library.vocabulary import UNKNOWN, label

FORMATS = ("csv", "json", "html", "dcat", "sqlite")
SUBJECTS = ("besoin", "secteur")
"""Ce dont parle un projet ; sa taille, son prix et son état n’en sont pas le sujet."""
_LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
_FRENCH = "http://publications.europa.eu/resource/authority/language/FRA"
_MEDIA_TYPE = "http://www.iana.org/assignments/media-types/"
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
_DESCRIPTION = (
    "Projets d’intelligence artificielle de collectivités : situation, besoin, coût et impact environnemental (champs "
    "du rapport du Sénat n° 447, 2024-2025), et champs ajoutés par la formation. Chaque affirmation porte ses sources "
    "et son degré de certitude ; l’inconnu reste inconnu."
)


class ExportInconnu(FormationError):
    """Le format demandé n’existe pas, ou demande un fichier."""


def check_format(name: str, destination: Path | None) -> None:
    """Refuse un format inconnu, ou une base SQLite sans fichier.

    Parameters
    ----------
    name : str
        Format demandé.
    destination : Path or None
        Fichier à écrire.

    Raises
    ------
    ExportInconnu
        Si l’export n’est pas possible ainsi.
    """
    if name not in FORMATS:
        raise ExportInconnu(
            f"Le format « {name} » n’existe pas. Formats : {', '.join(FORMATS)}. Exemple : --format csv"
        )
    if name == "sqlite" and destination is None:
        raise ExportInconnu("Une base SQLite s’écrit dans un fichier. Exemple : --sortie bibliotheque.db")


def to_csv(records: Iterable[ProjectRecord]) -> str:
    """Fiches à plat, une ligne chacune, relisibles par `formation bibliotheque verifier`.

    Un tableur réglé en français ouvre ce fichier d’un double clic : points-virgules, et une marque d’UTF-8 au début
    pour les accents. En Python : `pandas.read_csv(fichier, sep=";")`.

    Le schéma refuse un texte qui commence comme une formule de tableur : ouvrir ce fichier ne calcule rien.

    Parameters
    ----------
    records : iterable of ProjectRecord
        Fiches.

    Returns
    -------
    str
        CSV, séparateur point-virgule.
    """
    out = io.StringIO("\ufeff")
    out.seek(1)
    writer = csv.DictWriter(out, list(flat.COLUMNS), delimiter=";", lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerow(flat.flatten(record))
    return out.getvalue()


def to_json(records: Iterable[ProjectRecord]) -> str:
    """Fiches complètes, avec la version du schéma.

    Parameters
    ----------
    records : iterable of ProjectRecord
        Fiches.

    Returns
    -------
    str
        JSON.
    """
    found = {"version_schema": SCHEMA_VERSION, "fiches": [record.model_dump() for record in records]}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def to_dcat(records: Sequence[ProjectRecord], *, title: str, publisher: str) -> str:
    """Métadonnées du catalogue, sur le modèle de DCAT-AP.

    Sans adresse publique, les identifiants sont relatifs : qui publie le catalogue donne la sienne au fichier.

    Parameters
    ----------
    records : sequence of ProjectRecord
        Fiches.
    title, publisher : str
        Nom du catalogue, et service qui le publie.

    Returns
    -------
    str
        JSON-LD : un catalogue, un jeu de données, ses distributions, et une fiche de catalogue par projet.
    """
    modified = max((record.date_fiche for record in records), default=None)
    dataset: dict[str, Any] = {
        "@id": "#fiches",
        "@type": "dcat:Dataset",
        "dct:title": _french(title),
        "dct:description": _french(_DESCRIPTION),
        "dct:publisher": {"@id": "#editeur"},
        "dct:language": {"@id": _FRENCH},
        "dcat:theme": {"@id": "http://publications.europa.eu/resource/authority/data-theme/GOVE"},
        "dcat:keyword": [_french(word) for word in ("intelligence artificielle", "collectivités territoriales")],
        "dcat:distribution": [_distribution(*item) for item in _FILES],
    }
    catalogue = {
        "@id": "#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _french(title),
        "dct:description": _french(_DESCRIPTION),
        "dct:publisher": {"@id": "#editeur"},
        "dct:language": {"@id": _FRENCH},
        "dct:license": {"@id": _LICENCE},
        "dcat:dataset": [{"@id": "#fiches"}],
        "dcat:record": [{"@id": f"#fiche-{record.id}"} for record in records],
    }
    for node in (dataset, catalogue):
        if modified:
            node["dct:modified"] = {"@value": modified, "@type": "xsd:date"}
    graph = [catalogue, dataset, {"@id": "#editeur", "@type": "foaf:Agent", "foaf:name": _french(publisher)}]
    return json.dumps(
        {"@context": _CONTEXT, "@graph": graph + [_record(r) for r in records]}, ensure_ascii=False, indent=1
    )


_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FILES = (
    ("csv", "Fiches à plat, une ligne par projet", "fiches.csv", "CSV", "text/csv"),
    ("json", "Fiches complètes", "fiches.json", "JSON", "application/json"),
    ("sqlite", "Base SQLite", "bibliotheque.db", "SQLITE", "application/vnd.sqlite3"),
)


def _french(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "fr"}


def _distribution(name: str, title: str, file: str, kind: str, media: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@id": f"#distribution-{name}",
        "@type": "dcat:Distribution",
        "dct:title": _french(title),
        "dcat:accessURL": {"@id": file},
        "dcat:mediaType": {"@id": _MEDIA_TYPE + media},
        "dct:license": {"@id": _LICENCE},
    }
    return found if kind == "SQLITE" else found | {"dct:format": {"@id": _FILE_TYPE + kind}}


def _record(record: ProjectRecord) -> dict[str, Any]:
    return {
        "@id": f"#fiche-{record.id}",
        "@type": "dcat:CatalogRecord",
        "dct:identifier": record.id,
        "dct:title": _french(record.titre),
        "dct:modified": {"@value": record.date_fiche, "@type": "xsd:date"},
        "foaf:primaryTopic": {"@id": "#fiches"},
        "dct:subject": [
            _french(label(name, value)) for name in SUBJECTS for value in values(record, name) if value != UNKNOWN
        ],
        "dct:spatial": [
            {"@type": "dct:Location", "skos:prefLabel": _french(place.nom)} for place in record.situation.collectivites
        ],
        "dct:references": [{"@id": source.url} for source in record.sources if source.url],
    }
