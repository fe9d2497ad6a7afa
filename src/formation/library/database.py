"""La bibliothèque en base SQLite : quatre tables et un index plein texte sans accents."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from formation.library import collection
from formation.library.models import ADDITION, REPORT, ProjectRecord
from formation.library.search import FILTERS, full_text, values
from formation.library.vocabulary import label

NAME = "bibliotheque"
_SCHEMA = """
CREATE TABLE fiches (
  id TEXT PRIMARY KEY, titre TEXT NOT NULL, collectivites TEXT NOT NULL, departements TEXT NOT NULL,
  regions TEXT NOT NULL, population INTEGER, besoin TEXT NOT NULL, taille TEXT NOT NULL, cout TEXT NOT NULL,
  cout_montant_euros REAL, maturite TEXT NOT NULL, secteur TEXT NOT NULL, evaluation_environnementale TEXT NOT NULL,
  debut TEXT NOT NULL, fin TEXT NOT NULL, cas_du_livre TEXT NOT NULL, date_fiche TEXT NOT NULL,
  redaction TEXT NOT NULL, version_schema TEXT NOT NULL
);
CREATE TABLE faits (
  fiche TEXT NOT NULL REFERENCES fiches(id), champ TEXT NOT NULL, origine TEXT NOT NULL, rang INTEGER NOT NULL,
  texte TEXT NOT NULL, confiance TEXT NOT NULL, sources TEXT NOT NULL, mesure_par TEXT,
  PRIMARY KEY (fiche, champ, rang)
);
CREATE TABLE collectivites (
  fiche TEXT NOT NULL REFERENCES fiches(id), rang INTEGER NOT NULL, nom TEXT NOT NULL, type TEXT NOT NULL,
  departement TEXT NOT NULL, region TEXT NOT NULL, population INTEGER, population_annee INTEGER,
  PRIMARY KEY (fiche, rang)
);
CREATE TABLE sources (
  fiche TEXT NOT NULL REFERENCES fiches(id), cle TEXT NOT NULL, titre TEXT NOT NULL, editeur TEXT NOT NULL,
  date TEXT NOT NULL, url TEXT NOT NULL, consulte TEXT NOT NULL, lu TEXT NOT NULL, PRIMARY KEY (fiche, cle)
);
CREATE VIRTUAL TABLE fiches_fts USING fts5(titre, texte, tokenize = 'unicode61 remove_diacritics 2');
CREATE INDEX faits_champ ON faits(champ);
"""


def build(records: Iterable[ProjectRecord], path: Path, *, replace: bool = False) -> Path:
    """Écrit la base, d’un coup.

    Parameters
    ----------
    records : iterable of ProjectRecord
        Fiches.
    path : Path
        Fichier à écrire.
    replace : bool
        Accepte de remplacer un fichier.

    Returns
    -------
    Path
        Fichier écrit.

    Raises
    ------
    EcritureImpossible
        Si le fichier existe et que `replace` est faux, ou si le disque refuse.
    """
    if path.exists() and not replace:
        raise collection.EcritureImpossible(
            f"« {path} » existe déjà : choisissez un autre nom, ou ajoutez --ecraser. Rien n’a été écrit."
        )
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with closing(sqlite3.connect(aside)) as base:
            _fill(base, records)
        aside.replace(path)
    except (OSError, sqlite3.OperationalError) as error:
        raise collection.EcritureImpossible(
            f"« {path} » ne peut pas être écrit : vérifiez le dossier, vos droits et la place sur le disque."
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return path


def _fill(base: sqlite3.Connection, records: Iterable[ProjectRecord]) -> None:
    base.executescript(_SCHEMA)
    with base:
        for number, record in enumerate(records, start=1):
            _insert(base, "fiches", _row(record) | {"rowid": number})
            _insert(base, "fiches_fts", {"rowid": number, "titre": record.titre, "texte": full_text(record)})
            for rank, place in enumerate(record.situation.collectivites, start=1):
                row = place.model_dump(exclude={"source"}) | {"type": label("type", place.type)}
                _insert(base, "collectivites", {"fiche": record.id, "rang": rank, **row})
            for source in record.sources:
                _insert(base, "sources", {"fiche": record.id, **source.model_dump()})
            for row in _facts(record):
                _insert(base, "faits", row)
        base.execute("INSERT INTO fiches_fts(fiches_fts) VALUES ('optimize')")
    base.execute("ANALYZE")
    base.execute("VACUUM")


def _insert(base: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    # Noms de table et de colonnes : ceux du schéma ci-dessus, jamais ceux d’une fiche.
    marks = ", ".join("?" * len(row))
    base.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))  # noqa: S608


def _row(record: ProjectRecord) -> dict[str, Any]:
    places, more = record.situation.collectivites, record.complements
    people = [place.population for place in places if place.population is not None]
    labels = {name: [label(name, value) for value in values(record, name)] for name in FILTERS}
    return {
        "id": record.id,
        "titre": record.titre,
        "collectivites": ", ".join(place.nom for place in places),
        "departements": ", ".join(dict.fromkeys(place.departement for place in places if place.departement)),
        "regions": ", ".join(dict.fromkeys(place.region for place in places if place.region)),
        "population": people[0] if len(places) == 1 and people else None,
        "besoin": json.dumps(labels["besoin"], ensure_ascii=False),
        "taille": labels["taille"][0],
        "cout": labels["cout"][0],
        "cout_montant_euros": record.cout.montant_euros,
        "maturite": labels["maturite"][0],
        "secteur": json.dumps(labels["secteur"], ensure_ascii=False),
        "evaluation_environnementale": label("evaluation", record.impact_environnemental.evaluation),
        "debut": more.calendrier.debut,
        "fin": more.calendrier.fin,
        "cas_du_livre": more.cas_du_livre,
        "date_fiche": record.date_fiche,
        "redaction": record.redaction,
        "version_schema": record.version_schema,
    }


def _facts(record: ProjectRecord) -> Iterator[dict[str, Any]]:
    for field, origin, facts in fact_fields(record):
        for rank, fact in enumerate(facts, start=1):
            measured = getattr(fact, "mesure_par", None)
            yield {
                "fiche": record.id,
                "champ": field,
                "origine": origin,
                "rang": rank,
                "texte": fact.texte,
                "confiance": fact.confiance,
                "sources": json.dumps(fact.source),
                "mesure_par": measured and label("mesure_par", measured),
            }


def fact_fields(record: ProjectRecord) -> Iterator[tuple[str, str, list[Any]]]:
    """Champs d’affirmations d’une fiche, dans l’ordre du schéma.

    Parameters
    ----------
    record : ProjectRecord
        Fiche.

    Yields
    ------
    tuple
        Nom du champ, origine (`rapport` ou `ajout`) et affirmations.
    """
    yield "situation", REPORT, record.situation.faits
    yield "besoin", REPORT, record.besoin.faits
    yield "cout", REPORT, record.cout.faits
    yield "impact_environnemental", REPORT, record.impact_environnemental.faits
    more = record.complements
    yield "calendrier", ADDITION, more.calendrier.faits
    yield "donnees", ADDITION, more.donnees
    yield "methode", ADDITION, more.methode.faits
    for name in ("resultats", "prestataire", "hebergement", "licence", "classe_juridique", "limites", "suites"):
        yield name, ADDITION, getattr(more, name)
