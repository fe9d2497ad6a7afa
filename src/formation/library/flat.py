"""La fiche à plat, une ligne par projet : ce qu’un tableur lit et écrit sans rien perdre.

Une case de faits tient une affirmation par ligne : `texte [S1, S2] (sûr)`, plus `{mesure_par}` pour un résultat.
Une case de sources tient une source par ligne, sept champs séparés par « | ».
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formation.datasets import Limits, open_source
from formation.errors import DonneesInvalides, Problem
from formation.library.located import Document, Place
from formation.library.writing import plain_number
from formation.numbers import number

COLUMNS: dict[str, Place] = {
    "version_schema": ("version_schema",),
    "id": ("id",),
    "titre": ("titre",),
    "date_fiche": ("date_fiche",),
    "redaction": ("redaction",),
    "collectivites": ("situation", "collectivites"),
    "taille": ("situation", "taille"),
    "situation": ("situation", "faits"),
    "besoin_familles": ("besoin", "familles"),
    "besoin": ("besoin", "faits"),
    "cout_tranche": ("cout", "tranche"),
    "cout_montant_euros": ("cout", "montant_euros"),
    "cout_base": ("cout", "base"),
    "cout": ("cout", "faits"),
    "impact_evaluation": ("impact_environnemental", "evaluation"),
    "impact_energie_kwh_an": ("impact_environnemental", "energie_kwh_an"),
    "impact_emissions_kgco2e_an": ("impact_environnemental", "emissions_kgco2e_an"),
    "impact": ("impact_environnemental", "faits"),
    "secteur": ("complements", "secteur"),
    "maturite": ("complements", "maturite"),
    "debut": ("complements", "calendrier", "debut"),
    "fin": ("complements", "calendrier", "fin"),
    "calendrier": ("complements", "calendrier", "faits"),
    "donnees": ("complements", "donnees"),
    "methode_familles": ("complements", "methode", "familles"),
    "methode": ("complements", "methode", "faits"),
    "resultats": ("complements", "resultats"),
    "prestataire": ("complements", "prestataire"),
    "hebergement": ("complements", "hebergement"),
    "licence": ("complements", "licence"),
    "classe_juridique": ("complements", "classe_juridique"),
    "limites": ("complements", "limites"),
    "suites": ("complements", "suites"),
    "cas_du_livre": ("complements", "cas_du_livre"),
    "sources": ("sources",),
}
"""Colonne du tableau : chemin du champ dans la fiche."""

REQUIRED = ("version_schema", "id", "titre", "date_fiche", "redaction", "collectivites", "besoin_familles")
_WORDS = {"besoin_familles", "secteur", "methode_familles"}
_NUMBERS = {"cout_montant_euros", "impact_energie_kwh_an", "impact_emissions_kgco2e_an"}
_PLACE = ("nom", "type", "departement", "region", "population", "population_annee", "source")
_SOURCE = ("cle", "titre", "editeur", "date", "url", "consulte", "lu")
_FACTS = {name for name, place in COLUMNS.items() if place[-1] == "faits"} | {
    "donnees", "resultats", "prestataire", "hebergement", "licence", "classe_juridique", "limites", "suites",
}  # fmt: skip
_FACT = re.compile(
    r"^(?P<texte>.*?)(?: \[(?P<source>[A-Za-z0-9, ]*)\])? \((?P<confiance>[^()]{1,20})\)"
    r"(?: \{(?P<mesure_par>[a-z-]{1,20})\})?$"
)
MOST_RECORDS = 50_000
LIMITS = Limits(size=64 * 2**20, rows=2_000_000, line=2**20, advice="Découpez-le en plusieurs fichiers.")
"""Une fiche tient sur une ligne de tableau, mais sur trente ou cent lignes de texte : une par affirmation."""


@dataclass
class Row:
    """Une ligne du tableau, remise en forme de fiche."""

    document: Document
    base: Place = ()

    def column(self, place: Place) -> str:
        """Colonne qui porte un champ.

        Parameters
        ----------
        place : tuple
            Chemin du champ dans la fiche.

        Returns
        -------
        str
            Nom de la colonne ; le chemin s’il n’en a pas.
        """
        for size in range(len(place), 0, -1):
            for name, path in COLUMNS.items():
                if path == place[:size]:
                    return name
        inside = [name for name, path in COLUMNS.items() if path[: len(place)] == place]
        return inside[0] if inside else ""


def flatten(record: Any) -> dict[str, str]:
    """Fiche à plat.

    Parameters
    ----------
    record : ProjectRecord
        Fiche.

    Returns
    -------
    dict of str to str
        Texte de chaque colonne.
    """
    data = record.model_dump()
    return {name: _cell(name, _get(data, place)) for name, place in COLUMNS.items()}


def unflatten(row: dict[str, str]) -> dict[str, Any]:
    """Fiche, à partir d’une ligne de tableau ; rien n’est contrôlé ici.

    Parameters
    ----------
    row : dict of str to str
        Texte de chaque colonne ; une colonne absente ou vide vaut « inconnu ».

    Returns
    -------
    dict
        Données d’une fiche.

    Examples
    --------
    >>> unflatten({"besoin": "Décrocher. [S1] (sûr)"})["besoin"]["faits"][0]["source"]
    ['S1']
    """
    data: dict[str, Any] = {"situation": {}, "besoin": {}, "cout": {}, "impact_environnemental": {}}
    for name, place in COLUMNS.items():
        text = row.get(name, "").strip()
        if not text and name not in REQUIRED:
            continue
        target = data
        for part in place[:-1]:
            target = target.setdefault(str(part), {})
        target[str(place[-1])] = _value(name, text)
    return data


def read_rows(path: Path) -> Iterator[Row]:
    """Fiches d’un tableau CSV, XLSX ou ODS, ligne par ligne.

    Parameters
    ----------
    path : Path
        Fichier.

    Yields
    ------
    Row
        Fiche et sa ligne.

    Raises
    ------
    DonneesInvalides
        Si le tableau n’est pas lisible ou si ses colonnes ne sont pas les bonnes.
    """
    with open_source(path, COLUMNS, "fiches", limits=LIMITS) as source:
        header = source.header
        missing = [name for name in REQUIRED if name not in header]
        unknown = [name for name in header if name not in COLUMNS]
        twice = sorted({name for name in header if header.count(name) > 1})
        problems = [
            Problem("colonne", message, column=", ".join(names) or "(sans nom)", lines=(source.header_line or 1,))
            for names, message in (
                (missing, f"colonne absente. Colonnes attendues : {', '.join(COLUMNS)}."),
                (unknown, "colonne inconnue : corrigez son nom ou retirez-la."),
                (twice, "colonne écrite deux fois : gardez-en une seule."),
            )
            if names
        ]
        if problems:
            raise DonneesInvalides(path.name, problems)
        count = 0
        for first, rows in source.chunks():
            for rank, cells in enumerate(rows):
                if not any(cell.strip() for cell in cells):
                    continue
                count += 1
                if count > MOST_RECORDS:
                    message = f"plus de {number(MOST_RECORDS)} fiches : découpez-le en plusieurs fichiers."
                    raise DonneesInvalides(path.name, [Problem("trop_de_fiches", message)])
                values = dict(zip(header, cells, strict=False))
                yield Row(Document(unflatten(values), {(): first + rank}))
        if not count:
            raise DonneesInvalides(path.name, [Problem("fichier_vide", "le tableau ne contient aucune fiche.")])


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in _WORDS:
        return ", ".join(value)
    if name in _FACTS:
        return "\n".join(_fact_text(fact) for fact in value)
    if name in ("collectivites", "sources"):
        keys = _PLACE if name == "collectivites" else _SOURCE
        return "\n".join(" | ".join(_part(item[key]) for key in keys) for item in value)
    return plain_number(value) if isinstance(value, float) else str(value)


def _part(value: Any) -> str:
    return "" if value is None else ", ".join(value) if isinstance(value, list) else str(value)


def _fact_text(fact: dict[str, Any]) -> str:
    cited = f" [{', '.join(fact['source'])}]" if fact["source"] else ""
    measured = f" {{{fact['mesure_par']}}}" if "mesure_par" in fact else ""
    return f"{fact['texte']}{cited} ({fact['confiance']}){measured}"


def _value(name: str, text: str) -> Any:
    if name in _WORDS:
        return [word.strip() for word in text.split(",") if word.strip()]
    if name in _FACTS:
        return [_fact(line) for line in _lines(text)]
    if name == "collectivites":
        return [_place(line) for line in _lines(text)]
    if name == "sources":
        return [_columns(line, _SOURCE) for line in _lines(text)]
    return _number(text) if name in _NUMBERS else text


def _number(text: str) -> Any:
    """Nombre écrit dans une case, à la française ou non ; le texte lui-même si ce n’en est pas un."""
    plain = re.sub(r"[\s\u202f\u00a0]", "", text).replace(",", ".")
    try:
        return int(plain) if plain.isdigit() else float(plain)
    except ValueError:
        return text


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _fact(line: str) -> dict[str, Any]:
    match = _FACT.match(line)
    if match is None:
        return {"texte": line}
    found: dict[str, Any] = {"texte": match["texte"], "confiance": match["confiance"], "source": _keys(match["source"])}
    return found | ({"mesure_par": match["mesure_par"]} if match["mesure_par"] else {})


def _keys(text: str | None) -> list[str]:
    return [key.strip() for key in (text or "").split(",") if key.strip()]


def _columns(line: str, keys: tuple[str, ...]) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("|")]
    found: dict[str, Any] = dict(zip(keys, parts, strict=False))
    return found | ({"trop": parts[len(keys)]} if len(parts) > len(keys) else {})


def _place(line: str) -> dict[str, Any]:
    found = _columns(line, _PLACE)
    numbers = {key: _number(found[key]) for key in ("population", "population_annee") if found.get(key)}
    return found | numbers | ({"source": _keys(found["source"])} if "source" in found else {})


def _get(data: Any, place: Place) -> Any:
    for part in place:
        data = data[part]
    return data
