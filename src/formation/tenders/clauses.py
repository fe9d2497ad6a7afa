"""Clauses à coller dans les documents d’une consultation, chacune avec ce qu’elle suppose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from formation.tenders.fields import FIELDS
from formation.workshop.documents import Bullets, Document, Paragraph, Section, Table

FILE = Path(__file__).with_name("clauses.yml")
REVIEW = "À faire relire par le service juridique : ces clauses sont des modèles, pas un conseil."
DECLARED = tuple(field for field in FIELDS if field.name not in {"nom", "prix_eur", "qualite", "justifie"})
"""Rubriques du tableau de déclaration environnementale."""


@dataclass(frozen=True)
class Clause:
    """Une clause.

    Attributes
    ----------
    name : str
        Identifiant.
    title : str
        Titre.
    place : str
        Document où la coller.
    purpose : str
        À quoi elle sert.
    assumes : str
        Ce qu’elle suppose.
    lines : tuple of str
        Texte, phrase par phrase.
    """

    name: str
    title: str
    place: str
    purpose: str
    assumes: str
    lines: tuple[str, ...]


@cache
def clauses() -> tuple[Clause, ...]:
    """Toutes les clauses.

    Returns
    -------
    tuple of Clause
        Dans l’ordre de lecture.

    Examples
    --------
    >>> clauses()[0].name
    'declaration'
    """
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        Clause(row["id"], row["titre"], row["ou"], row["sert_a"], row["suppose"], tuple(row["texte"])) for row in rows
    )


def declaration_rows() -> list[list[str]]:
    """Tableau de déclaration, à remplir par le candidat.

    Returns
    -------
    list of list of str
        Rubrique, unité, ce qui est attendu, et deux cases vides (valeur, pièce jointe).
    """
    return [[field.label, field.unit or "—", field.help, "", ""] for field in DECLARED]


DECLARATION_HEADER = ["Rubrique", "Unité", "Attendu", "Valeur ou bornes", "Pièce"]


def clauses_document() -> Document:
    """Clauses et tableau de déclaration, prêts à coller dans un traitement de texte.

    Returns
    -------
    Document
        À écrire par `formation.workshop.documents.write`.
    """
    sections = [
        Section(
            clause.title,
            [
                Paragraph(f"Où : {clause.place}. Sert à : {clause.purpose} Suppose : {clause.assumes}"),
                Bullets(list(clause.lines), ordered=True),
            ],
        )
        for clause in clauses()
    ]
    table = Table("À remplir par le candidat", DECLARATION_HEADER, declaration_rows())
    return Document(
        title="Clauses environnementales pour l’achat d’un outil d’IA",
        subtitle=REVIEW,
        sections=[*sections, Section("Tableau de déclaration environnementale", [table])],
        footer=REVIEW,
    )
