"""Où sont les données livrées, et comment elles s’appellent."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from formation.datasets.schema import DESCRIPTOR, Resource, resources
from formation.errors import DonneesIntrouvables

ENVIRONMENT = "FORMATION_DONNEES"
SHARED = "territoire"


def root() -> Path:
    """Dossier des données livrées.

    Dans l’ordre : la variable d’environnement `FORMATION_DONNEES`, le dossier `datasets/` du dépôt
    (installation modifiable), puis la copie rangée dans le paquet.

    Raises
    ------
    DonneesIntrouvables
        Si aucun de ces dossiers n’existe.
    """
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        folder = Path(chosen).expanduser()
        if not folder.is_dir():
            raise DonneesIntrouvables(
                f"La variable {ENVIRONMENT} désigne « {chosen} », qui n’est pas un dossier. "
                f"Corrigez-la, ou supprimez-la pour revenir aux données livrées avec le cours."
            )
        return folder.resolve()
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parents[1] / "datasets", package / "_donnees"):
        if (folder / SHARED / DESCRIPTOR).is_file():
            return folder
    raise DonneesIntrouvables(
        "Les données du cours sont introuvables. Réinstallez le paquet, ou indiquez leur dossier dans la variable "
        f"{ENVIRONMENT}, par exemple : export {ENVIRONMENT}=datasets"
    )


def cases() -> list[str]:
    """Cas dont les données sont livrées, le territoire commun en premier."""
    found = sorted(item.parent.name for item in root().glob(f"*/{DESCRIPTOR}"))
    return sorted(found, key=lambda name: (name != SHARED, name))


def _suggest(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f" Vouliez-vous dire « {close[0]} » ?" if close else ""


def folder(case: str) -> Path:
    """Dossier d’un cas.

    Parameters
    ----------
    case : str
        Nom du cas.

    Returns
    -------
    Path
        Dossier qui contient ses fichiers et son descripteur.

    Raises
    ------
    DonneesIntrouvables
        Si le cas n’existe pas ; le message propose le nom le plus proche.
    """
    known = cases()
    if case not in known:
        raise DonneesIntrouvables(
            f"Le cas « {case} » n’existe pas.{_suggest(case, known)} Cas disponibles : {', '.join(known)}."
        )
    return root() / case


def names(case: str) -> list[str]:
    """Noms des tables d’un cas, dans l’ordre du descripteur.

    Parameters
    ----------
    case : str
        Nom du cas.

    Returns
    -------
    list of str
        Noms à donner à `load`.

    Examples
    --------
    >>> names("territoire")[0]
    'communes'
    """
    return [resource.name for resource in resources(folder(case))]


def resource(case: str, name: str) -> Resource:
    """Descripteur d’une table.

    Parameters
    ----------
    case, name : str
        Cas et table.

    Returns
    -------
    Resource
        Chemin, titre, colonnes et règles.

    Raises
    ------
    DonneesIntrouvables
        Si le cas ou la table n’existe pas.
    """
    for item in resources(folder(case)):
        if item.name == name:
            return item
    known = names(case)
    raise DonneesIntrouvables(
        f"Le cas « {case} » n’a pas de table « {name} ».{_suggest(name, known)} "
        f"Tables disponibles : {', '.join(known)}."
    )


def path(case: str, name: str) -> Path:
    """Chemin du fichier d’une table livrée.

    Parameters
    ----------
    case, name : str
        Cas et table.

    Returns
    -------
    Path
        Fichier, qui peut manquer s’il a été effacé.

    Raises
    ------
    DonneesIntrouvables
        Si le cas ou la table n’existe pas.
    """
    return folder(case) / resource(case, name).path
