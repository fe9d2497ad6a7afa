"""Fichiers à remplir et exemple."""

from __future__ import annotations

import csv
import io

from formation.errors import FormationError
from formation.footprint import COUNTRIES
from formation.tenders.fields import FIELDS, NAMES
from formation.tenders.offers import ABNORMAL, PRICE_METHODS, SILENCE, checked
from formation.tenders.reading import parse_text
from formation.tenders.results import EXAMPLE, Result, evaluate


class ModeleImpossible(FormationError):
    """Le modèle demandé n’existe pas dans ce format."""


def example() -> Result:
    """Exemple d’Aubeline, inventé, noté.

    Returns
    -------
    Result
        Quatre offres, dont une muette et une sans IA.

    Examples
    --------
    >>> len(example().lines)
    4
    """
    market, offers = checked(parse_text(EXAMPLE.read_text(encoding="utf-8"), "exemple.yml"), "exemple.yml")
    return evaluate(market, offers)


def template(form: str) -> str:
    """Modèle à remplir.

    Parameters
    ----------
    form : str
        Extension du fichier : `.yml` (marché et offres) ou `.csv` (offres seules).

    Returns
    -------
    str
        Texte du fichier.

    Raises
    ------
    ModeleImpossible
        Pour un autre format.

    Examples
    --------
    >>> template(".csv").splitlines()[0].startswith("nom;prix_eur;qualite")
    True
    """
    if form == ".csv":
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(NAMES)
        for name in "AB":
            writer.writerow([name, *[""] * (len(NAMES) - 1)])
        return stream.getvalue()
    if form not in {".yml", ".yaml"}:
        raise ModeleImpossible(
            f"Le modèle s’écrit en .yml (marché et offres) ou en .csv (offres seules), pas en « {form} ». "
            "Exemple : formation marche modele offres.yml"
        )
    lines = [
        "# Marché : règles annoncées avant l’ouverture des offres. Remplissez, puis : formation marche noter FICHIER",
        "marche:",
        "  objet: Outil d’intelligence artificielle",
        "  duree_ans: 4          # durée du marché",
        "  reponses_an: 100000   # volume fixé par l’acheteur : réponses, images lues, tronçons classés…",
        "  jetons: 400           # par réponse d’une IA générative ; sinon, laissez 400, qui borne une offre muette",
        "  poids: {prix: 40, qualite: 40, environnement: 20}   # somme : 100",
        f"  methode_prix: proportionnelle   # {' | '.join(PRICE_METHODS)}",
        f"  silence: borne_haute            # {' | '.join(SILENCE)}",
        f"  anormal: comme_silence          # {' | '.join(ABNORMAL)}",
        "# Une case vide veut dire « non déclaré ». 0 veut dire zéro, et se justifie.",
        "offres:",
    ]
    for name in "AB":
        for field in FIELDS:
            mark = "  - " if field.name == "nom" else "    "
            value = name if field.name == "nom" else ""
            unit = f" ({field.unit})" if field.unit else ""
            note = f"# {field.label}{unit}. {field.help}"
            lines.append(f"{mark}{field.name}: {value}".ljust(30) + note)
    lines.append("# Pays : " + ", ".join(f"{code} {name}" for code, name in COUNTRIES.items()))
    return "\n".join(lines) + "\n"
