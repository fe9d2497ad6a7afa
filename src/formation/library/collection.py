"""Une bibliothèque : un dossier de fiches, une par fichier, celui de la formation ou celui d’une collectivité."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formation.errors import FormationError, reason
from formation.library import reading
from formation.library.models import ProjectRecord
from formation.library.writing import template, to_yaml

ENVIRONMENT = "FORMATION_BIBLIOTHEQUE"
_PATTERN = "*.yml"


class BibliothequeIntrouvable(FormationError):
    """Le dossier des fiches n’existe pas."""


class EcritureImpossible(FormationError):
    """Le fichier ne peut pas être écrit ; rien n’a changé."""


@dataclass(frozen=True)
class Library:
    """Fiches d’un dossier.

    Attributes
    ----------
    folder : Path
        Dossier lu.
    records : tuple of ProjectRecord
        Fiches, par identifiant.
    """

    folder: Path
    records: tuple[ProjectRecord, ...]

    def __len__(self) -> int:
        """Nombre de fiches."""
        return len(self.records)

    def __iter__(self) -> Any:
        """Fiches, l’une après l’autre."""
        return iter(self.records)

    def __getitem__(self, ident: str) -> ProjectRecord:
        """Fiche d’un identifiant."""
        for record in self.records:
            if record.id == ident:
                return record
        raise BibliothequeIntrouvable(
            f"Aucune fiche « {ident} ». Fiches connues : {', '.join(record.id for record in self.records) or 'aucune'}."
        )


def root() -> Path:
    """Dossier des fiches livrées.

    Dans l’ordre : la variable d’environnement `FORMATION_BIBLIOTHEQUE`, le dossier `bibliotheque/` du dépôt
    (installation modifiable), puis la copie rangée dans le paquet.

    Raises
    ------
    BibliothequeIntrouvable
        Si aucun de ces dossiers n’existe.
    """
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        folder = Path(chosen).expanduser()
        if not folder.is_dir():
            raise BibliothequeIntrouvable(
                f"La variable {ENVIRONMENT} désigne « {chosen} », qui n’est pas un dossier. Corrigez-la, ou "
                "supprimez-la pour revenir aux fiches livrées avec la formation."
            )
        return folder.resolve()
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parents[1] / "bibliotheque", package / "_bibliotheque"):
        if folder.is_dir() and any(folder.glob(_PATTERN)):
            return folder
    raise BibliothequeIntrouvable(
        "Les fiches livrées sont introuvables. Réinstallez le paquet, ou indiquez votre dossier, par exemple : "
        f"export {ENVIRONMENT}=bibliotheque"
    )


def load(folder: Path | str | None = None) -> Library:
    """Toutes les fiches d’un dossier, contrôlées.

    Parameters
    ----------
    folder : Path or str, optional
        Dossier ; par défaut, les fiches livrées avec la formation.

    Returns
    -------
    Library
        Fiches, par identifiant.

    Raises
    ------
    BibliothequeIntrouvable
        Si le dossier n’existe pas.
    DonneesInvalides
        Si une fiche a un défaut ; tous les défauts sont dits.
    """
    where = root() if folder is None else Path(folder)
    records = reading.read(files(where))
    return Library(where, tuple(sorted(records, key=lambda record: record.id)))


def files(folder: Path) -> list[Path]:
    """Fichiers de fiches d’un dossier.

    Parameters
    ----------
    folder : Path
        Dossier.

    Returns
    -------
    list of Path
        Fichiers, par nom.

    Raises
    ------
    BibliothequeIntrouvable
        Si ce n’est pas un dossier.
    """
    if not folder.is_dir():
        raise BibliothequeIntrouvable(
            f"« {folder} » n’est pas un dossier de fiches. Créez-en un : formation bibliotheque creer {folder}"
        )
    return reading.yaml_files(folder)


def add(paths: Sequence[Path], folder: Path, *, replace: bool = False) -> list[Path]:
    """Range des fiches dans un dossier, une par fichier ; au moindre défaut, rien n’est écrit.

    Parameters
    ----------
    paths : sequence of Path
        Fichiers .yml, .json, .csv, .xlsx ou .ods.
    folder : Path
        Dossier de la bibliothèque.
    replace : bool
        Accepte de remplacer une fiche du même identifiant.

    Returns
    -------
    list of Path
        Fichiers écrits.

    Raises
    ------
    DonneesInvalides
        Si un fichier a un défaut, ou si un identifiant est déjà pris.
    EcritureImpossible
        Si le disque refuse, ou si un fichier du même nom contient autre chose.
    """
    present = files(folder)
    existing = {record.id: path for path in present for record in reading.read([path])}
    records = reading.read(paths, taken=() if replace else existing)
    clash = [path for path in present for record in records if existing.get(record.id) == path]
    squatted = {
        target.name
        for record in records
        if record.id not in existing and (target := folder / f"{record.id}.yml").exists()
    }
    if squatted:
        raise EcritureImpossible(
            f"{', '.join(sorted(squatted))} existe déjà et contient une autre fiche, ou n’en contient pas : renommez "
            "ce fichier d’après son identifiant. Rien n’a été écrit."
        )
    shared = [path.name for path in clash if sum(found == path for found in existing.values()) > 1]
    if shared:
        raise EcritureImpossible(
            f"{', '.join(sorted(set(shared)))} contient plusieurs fiches : corrigez-le à la main. Rien n’a été écrit."
        )
    written = [(existing.get(record.id, folder / f"{record.id}.yml"), to_yaml(record)) for record in records]
    _write_all(written)
    return [path for path, _ in written]


def create(folder: Path) -> list[Path]:
    """Crée la bibliothèque d’une collectivité : un dossier, un modèle de fiche, un mode d’emploi.

    Parameters
    ----------
    folder : Path
        Dossier, absent ou vide.

    Returns
    -------
    list of Path
        Fichiers écrits.

    Raises
    ------
    EcritureImpossible
        Si le dossier contient déjà quelque chose, ou si le disque refuse.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise EcritureImpossible(
            f"« {folder} » existe et n’est pas vide : choisissez un autre nom. Rien n’a été écrit."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EcritureImpossible(f"« {folder} » ne peut pas être créé : {reason(error)}.") from error
    written = [(folder / "modele.yml.txt", template()), (folder / "LISEZMOI.txt", _README.format(name=folder.name))]
    _write_all(written)
    return [path for path, _ in written]


def write(path: Path, text: str, *, replace: bool = False) -> None:
    """Écrit un fichier d’un coup, sans jamais le laisser à moitié.

    Parameters
    ----------
    path : Path
        Destination.
    text : str
        Contenu.
    replace : bool
        Accepte de remplacer un fichier.

    Raises
    ------
    EcritureImpossible
        Si le fichier existe et que `replace` est faux, ou si le disque refuse.
    """
    if path.exists() and not replace:
        raise EcritureImpossible(
            f"« {path} » existe déjà : choisissez un autre nom, ou ajoutez --ecraser. Rien n’a été écrit."
        )
    _write_all([(path, text)])


def _write_all(items: Iterable[tuple[Path, str]]) -> None:
    """Écrit tout à côté, puis renomme : un disque plein ne laisse ni fichier tronqué, ni moitié de dépôt."""
    ready: list[tuple[Path, Path]] = []
    try:
        for path, text in items:
            aside = path.with_name(f".{secrets.token_hex(8)}.tmp")
            ready.append((aside, path))
            aside.write_bytes(text.encode())  # droits ordinaires de la personne : un dossier privé le reste
            with suppress(FileNotFoundError):
                shutil.copymode(path, aside)
        for aside, path in ready:
            aside.replace(path)
    except OSError as error:
        raise EcritureImpossible(
            f"Écriture impossible dans « {path.parent} » : {reason(error)}. Vérifiez le dossier et vos droits."
        ) from error
    finally:
        for aside, _ in ready:
            aside.unlink(missing_ok=True)


_README = """Bibliothèque des projets d’IA : {name}

Une fiche par projet, dans un fichier .yml de ce dossier.

1. Copiez modele.yml.txt, remplissez-le, et enregistrez-le ailleurs, par exemple projet.yml.
   Le formulaire du livre (page « Déposer une fiche ») fait la même chose.
2. Vérifiez :         formation bibliotheque verifier projet.yml
3. Rangez la fiche :  formation bibliotheque ajouter projet.yml --dossier {name}
4. Cherchez :         formation bibliotheque rechercher eau --dossier {name}
5. Publiez :          formation bibliotheque servir --dossier {name}
6. Exportez :         formation bibliotheque exporter --format csv --dossier {name}

Ce qu’on ne sait pas se laisse vide ou s’écrit « inconnu ». Une fiche est publiée : pas de nom de personne, pas
d’adresse électronique, pas de numéro de téléphone.
"""
