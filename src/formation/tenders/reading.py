"""Lire un fichier d’offres : YAML, JSON, CSV, XLSX ou ODS. Rien n’est réparé en silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from formation import plain_yaml
from formation.datasets import Limits, open_source
from formation.errors import DonneesInvalides, Problem, reason
from formation.files import open_regular
from formation.tenders.fields import NAMES
from formation.tenders.offers import MOST, Market, Offer, build_offers, checked

LIMITS = Limits(size=2 * 2**20, rows=2000, line=2**16, advice="Un fichier d’offres tient en quelques lignes.")
TEXT_FORMS = (".yml", ".yaml", ".json")
_DEEPEST = 6


def read(path: str | Path) -> tuple[Market, list[Offer], list[str]]:
    """Lit un marché et ses offres.

    Parameters
    ----------
    path : str or Path
        YAML ou JSON (clés `marche` et `offres`), ou tableau CSV, XLSX, ODS d’une offre par ligne.

    Returns
    -------
    tuple
        Marché (par défaut pour un tableau), offres, et ce qui a été accepté et converti.

    Raises
    ------
    DonneesInvalides
        Avec tous les défauts du fichier.
    """
    file = Path(path)
    if file.suffix.lower() in TEXT_FORMS:
        market, offers = checked(load_text(file), file.name)
        return market, offers, []
    rows: list[tuple[int, dict[str, Any]]] = []
    problems: list[Problem] = []
    with open_source(file, NAMES, "offres", limits=LIMITS) as source:
        header = [name.strip().casefold() for name in source.header]
        doubled = sorted({name for name in header if name and header.count(name) > 1})
        problems += [Problem("double", "colonne présente deux fois", column=name) for name in doubled]
        problems += [
            Problem("inconnue", "colonne inconnue. Voyez : formation marche modele offres.csv", column=name[:40])
            for name in header
            if name and name not in NAMES
        ]
        for first, lines in source.chunks():
            for rank, cells in enumerate(lines):
                if any(cell.strip() for cell in cells):
                    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                        message = "plus de cases que l’en-tête : un séparateur de trop ?"
                        problems.append(Problem("largeur", message, lines=(first + rank,)))
                    pairs = dict(zip(header, cells, strict=False))
                    rows.append((first + rank, {name: pairs.get(name) for name in NAMES}))
        remarks = list(source.remarks)
    offers, found = build_offers(rows[: MOST + 1])
    if problems or found:
        raise DonneesInvalides(file.name, problems + found, remarks)
    return Market(), offers, remarks


def load_text(file: Path) -> Any:
    """Lit un YAML ou un JSON en données simples, sans alias ni balise.

    Parameters
    ----------
    file : Path
        Fichier.

    Returns
    -------
    object
        Contenu.

    Raises
    ------
    DonneesInvalides
        Si le fichier manque, pèse trop, n’est pas du texte ou n’est pas du YAML simple.
    """
    try:
        with open_regular(file) as stream:
            content = stream.read(LIMITS.size + 1)
        if len(content) > LIMITS.size:
            raise _stop(file, "le fichier est trop gros : 2 Mo au plus. Un fichier d’offres tient en quelques lignes")
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise _stop(file, f"lecture impossible : {reason(error)}") from error
    except UnicodeDecodeError as error:
        raise _stop(file, "le fichier n’est pas en UTF-8. Enregistrez-le en UTF-8 depuis votre éditeur") from error
    return parse_text(text, file.name)


def parse_text(text: str, name: str) -> Any:
    """Lit un texte YAML ou JSON.

    Parameters
    ----------
    text : str
        Contenu.
    name : str
        Nom du fichier, cité dans l’erreur.

    Returns
    -------
    object
        Contenu.

    Raises
    ------
    DonneesInvalides
        Si le texte n’est pas du YAML simple.
    """
    try:
        return plain_yaml.load(text, deepest=_DEEPEST)
    except plain_yaml.NotPlain as error:
        where = f"ligne {error.line} : " if error.line else ""
        raise _stop(Path(name), where + error.message) from None


def _stop(file: Path, message: str) -> DonneesInvalides:
    return DonneesInvalides(file.name, [Problem("lecture", message)])
