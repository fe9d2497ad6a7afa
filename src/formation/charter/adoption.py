"""Adopter une version de la charte, et l’écrire dans un fichier qui se relit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml

from formation.charter.comparison import compare
from formation.charter.reading import VERSION, CharteInvalide, contradictions, version_of
from formation.charter.record import TOOL, Adoption, Charter, grid, number
from formation.errors import Problem
from formation.numbers import day
from formation.workshop.documents.writing import save_text

SUMMARY_LENGTH = 500


class _Dumper(yaml.SafeDumper):
    """Écrit chaque date en entier : un renvoi « *id001 » ne se relit pas à l’œil."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        """Jamais de renvoi."""
        return True


def adopt(charter: Charter, version: str, on: date, *, previous: Charter | None = None, summary: str = "") -> Charter:
    """Adopte une version : numéro, date, et ce qui change depuis la précédente.

    Parameters
    ----------
    charter : Charter
        Choix à adopter.
    version : str
        Nouveau numéro, plus grand que le précédent.
    on : date
        Jour du vote.
    previous : Charter, optional
        Version en vigueur ; par défaut, c’est la première.
    summary : str
        Raison du changement, en une phrase.

    Returns
    -------
    Charter
        Charte adoptée, avec son histoire.

    Raises
    ------
    CharteInvalide
        Si le numéro ou la date ne suit pas la version précédente, ou si des articles se contredisent.

    Examples
    --------
    >>> adopt(Charter({"decision": "jamais"}), "1.0", date(2026, 11, 22)).dated
    'Version 1.0, adoptée le 22/11/2026'
    """
    problems = [Problem("contradiction", text) for text in charter.contradictions]
    problems += contradictions(grid(), charter.answers)
    version_of(version, "version", problems)
    if len(summary) > SUMMARY_LENGTH:
        problems.append(Problem("resume", f"le résumé fait {len(summary)} caractères, pour {SUMMARY_LENGTH} au plus."))
    history: tuple[Adoption, ...] = ()
    changes: tuple[str, ...] = ()
    if previous is not None:
        history = previous.history
        if previous.adopted is None:
            problems.append(Problem("precedente", f"la version {previous.version} n’a pas été adoptée : donnez la "
                                    "dernière version votée, ou aucune."))  # fmt: skip
        elif on < previous.adopted:
            problems.append(Problem("date", f"le vote du {day(on.isoformat())} précède celui de la version "
                                    f"{previous.version}, du {day(previous.adopted.isoformat())}."))  # fmt: skip
        if VERSION.fullmatch(version) and number(version) <= number(previous.version):
            problems.append(Problem("version", f"la version {version} ne suit pas la {previous.version}. Prenez un "
                                    "numéro plus grand."))  # fmt: skip
        changes = compare(previous, charter).lines
    if problems:
        raise CharteInvalide("votre charte", problems)
    return Charter(charter.choices, version, on, (*history, Adoption(version, on, " ".join(summary.split()), changes)))


def save(charter: Charter, path: str | Path, *, ecraser: bool = False) -> Path:
    """Écrit une charte dans un fichier YAML qui se relit.

    Parameters
    ----------
    charter : Charter
        Charte.
    path : str or Path
        Fichier `.yml` ou `.yaml`.
    ecraser : bool
        Vrai pour remplacer un fichier.

    Returns
    -------
    Path
        Fichier écrit.

    Raises
    ------
    FicheImpossible
        Si le fichier existe, ou si son nom ou son dossier ne convient pas.
    """
    file = Path(path)
    data = {
        "outil": TOOL,
        "version": grid().version,
        "charte": {
            "version": charter.version,
            "adoptee": charter.adopted,
            "historique": [
                {"version": one.version, "adoptee": one.adopted, "resume": one.summary, "changements": [*one.changes]}
                for one in charter.history
            ],
        },
        "reponses": charter.choices,
    }
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    save_text(file, text, (".yml", ".yaml"), ecraser=ecraser)
    return file
