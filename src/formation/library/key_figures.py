"""Ce que les fiches disent et ne disent pas : les comptes cités dans le livre, calculés ici, jamais tapés.

`cases/conduire/chiffres.yml` en est le résultat ; un test le recalcule et compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import yaml

from formation.files import write_atomic
from formation.library.models import ProjectRecord, RecordFact, Result

if TYPE_CHECKING:
    from pathlib import Path

EVALUATED = ("signature", "apres-signature", "collectivite", "tiers")
"""Valeurs de `evaluation` qui disent qu’une évaluation environnementale existe."""
INDEPENDENT = ("tiers", "recherche")
"""Valeurs de `mesure_par` qui ne sont ni la collectivité, ni le prestataire."""
OWN = "fiche"
"""Valeur de `mesure_par` d’un calcul de la fiche : il ne compte pas parmi les résultats publiés."""
PREFIX = "biblio_"


def facts(record: ProjectRecord) -> list[RecordFact]:
    """Toutes les affirmations d’une fiche, champ par champ.

    Parameters
    ----------
    record : ProjectRecord
        Fiche.

    Returns
    -------
    list of RecordFact
        Affirmations, dans l’ordre de la fiche.
    """
    found: list[RecordFact] = []

    def walk(value: Any) -> None:
        if isinstance(value, RecordFact):
            found.append(value)
        elif isinstance(value, list):
            for item in value:
                walk(item)
        elif hasattr(type(value), "model_fields"):
            for name in type(value).model_fields:
                walk(getattr(value, name))

    walk(record)
    return found


def measure(records: Iterable[ProjectRecord]) -> dict[str, int]:
    """Compte ce que des fiches donnent et ce qu’elles laissent inconnu.

    Parameters
    ----------
    records : iterable of ProjectRecord
        Fiches.

    Returns
    -------
    dict of str to int
        Nom du compte et valeur ; les noms en `part_` sont des pourcentages arrondis.

    Examples
    --------
    >>> measure([])["fiches"]
    0
    """
    listed = list(records)
    said = [fact for record in listed for fact in facts(record)]
    results = [
        fact for fact in said if isinstance(fact, Result) and fact.confiance != "inconnu" and fact.mesure_par != OWN
    ]
    impacts = [record.impact_environnemental for record in listed]
    independent = sum(fact.mesure_par in INDEPENDENT for fact in results)
    return {
        "fiches": len(listed),
        "faits": len(said),
        "faits_inconnus": sum(fact.confiance == "inconnu" for fact in said),
        "sources": len({source.url for record in listed for source in record.sources if source.url}),
        "petites": _count(record.situation.taille == "moins-de-3500" for record in listed),
        "cout_montant": _count(record.cout.montant_euros is not None for record in listed),
        "cout_desaccord": _count(record.cout.tranche == "desaccord" for record in listed),
        "cout_inconnu": _count(record.cout.tranche == "inconnu" for record in listed),
        "bases": len({record.cout.base for record in listed if record.cout.montant_euros is not None}),
        "impact_evalue": _count(impact.evaluation in EVALUATED for impact in impacts),
        "impact_chiffre": _count(
            impact.energie_kwh_an is not None or impact.emissions_kgco2e_an is not None for impact in impacts
        ),
        "resultats": len(results),
        "resultats_independants": independent,
        "fiches_independantes": _count(
            any(fact.mesure_par in INDEPENDENT for fact in record.complements.resultats) for record in listed
        ),
        "resultats_prestataire": sum(fact.mesure_par == "prestataire" for fact in results),
        "resultats_collectivite": sum(fact.mesure_par == "collectivite" for fact in results),
        "part_independants": round(100 * independent / len(results)) if results else 0,
        "arretes": _count(record.complements.maturite == "arrete" for record in listed),
        "sans_ia": _count(record.complements.methode.familles == ["regles"] for record in listed),
    }


def _count(flags: Iterable[bool]) -> int:
    return sum(map(bool, flags))


def document(values: Mapping[str, int]) -> str:
    """Contenu de `cases/conduire/chiffres.yml`.

    Parameters
    ----------
    values : mapping of str to int
        Comptes de :func:`measure`.

    Returns
    -------
    str
        YAML, un chiffre par nom.

    Examples
    --------
    >>> print(document({"fiches": 2, "part_independants": 10}).splitlines()[-1])
    biblio_part_independants: {unite: '%', valeur: 10}
    """
    lines = {
        PREFIX + name: {"valeur": value} | ({"unite": "%"} if name.startswith("part_") else {})
        for name, value in values.items()
    }
    header = "# Comptes faits sur bibliotheque/*.yml par formation.library.key_figures ; ne pas modifier à la main.\n"
    return header + "".join(
        yaml.safe_dump({name: line}, allow_unicode=True, default_flow_style=None) for name, line in lines.items()
    )


def write(file: Path, records: Iterable[ProjectRecord]) -> None:
    """Écrit les comptes cités dans le livre, d’un coup.

    Parameters
    ----------
    file : Path
        `cases/conduire/chiffres.yml`.
    records : iterable of ProjectRecord
        Fiches.
    """
    write_atomic(file, document(measure(records)).encode())
