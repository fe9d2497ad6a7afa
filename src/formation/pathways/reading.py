"""Trouver et lire un parcours : un nom du livre, ou un fichier `.yml`."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from formation import plain_yaml
from formation.errors import FormationError, reason
from formation.files import open_regular
from formation.forms import FichierInvalide, parse_yaml
from formation.pathways.checking import check
from formation.pathways.model import Pathway
from formation.pathways.project import FOLDER
from formation.project import root as project_root

SUFFIXES = (".yml", ".yaml")
DEEPEST = 16
"""Niveaux emboîtés admis ; un parcours en a treize."""
LARGEST = 1_000_000
"""Taille, en octets, au-delà de laquelle un fichier n’est pas un parcours."""


class ParcoursInconnu(FormationError):
    """Aucun parcours ne porte ce nom."""


class ParcoursInvalide(FormationError):
    """Un fichier de parcours n’a pas la forme attendue, ou ce qu’il annonce ne tient pas."""


def names(root: Path | None = None) -> list[str]:
    """Parcours du livre.

    Parameters
    ----------
    root : Path, optional
        Racine du projet ; par défaut celle du paquet.

    Returns
    -------
    list of str
        Noms, par ordre alphabétique.

    Raises
    ------
    SourcesIntrouvables
        Si le paquet est installé sans les sources du projet.

    Examples
    --------
    >>> "elus-demi-journee" in names()
    True
    """
    return sorted(file.stem for file in (project_root(FOLDER, given=root) / FOLDER).glob("*.yml"))


def path(name: str, root: Path | None = None) -> Path:
    """Fichier d’un parcours du livre.

    Parameters
    ----------
    name : str
        Nom du parcours, par exemple `elus-2h`.
    root : Path, optional
        Racine du projet ; par défaut celle du paquet.

    Returns
    -------
    Path

    Raises
    ------
    ParcoursInconnu
        Si aucun parcours ne porte ce nom.

    Examples
    --------
    >>> path("elus-demi-journee").name
    'elus-demi-journee.yml'
    """
    known = names(root)
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
        raise ParcoursInconnu(
            f"Le parcours « {name} » n’existe pas.{hint} Parcours du livre : {', '.join(known) or 'aucun'}. "
            "Pour un parcours à vous, donnez son fichier, par exemple mon-parcours.yml."
        )
    return project_root(FOLDER, given=root) / FOLDER / f"{name}.yml"


def read(source: str | Path, root: Path | None = None, *, checked: bool = True) -> Pathway:
    """Lit un parcours et vérifie tout ce qu’il annonce.

    Parameters
    ----------
    source : str or Path
        Nom d’un parcours du livre, ou fichier `.yml`.
    root : Path, optional
        Racine du projet où se trouvent pages, questions et exercices ; par défaut celle du paquet.
    checked : bool
        Faux pour ne vérifier que la forme : un parcours déjà copié dans une session se relit même sans le projet.

    Returns
    -------
    Pathway
        Parcours figé.

    Raises
    ------
    ParcoursInconnu
        Si aucun parcours ne porte ce nom.
    ParcoursInvalide
        Avec tous les défauts à la fois.

    Examples
    --------
    >>> read("elus-demi-journee").modalite
    'présentiel'
    """
    file = Path(source) if Path(source).suffix in SUFFIXES else path(str(source), root)
    text = _text(file)
    try:
        plain_yaml.load(text, deepest=DEEPEST)  # ni renvoi, ni clé écrite deux fois
        found: Pathway = parse_yaml(text, Pathway, name=file.name)
    except plain_yaml.NotPlain as error:
        where = f", ligne {error.line}" if error.line else ""
        raise ParcoursInvalide(f"{file.name}{where} : {error.message}.") from None
    except FichierInvalide as error:
        raise ParcoursInvalide(f"{error}\nModèle complet : formation parcours modele mon-parcours.yml") from None
    problems = check(found, root) if checked else []
    if problems:
        count = len(problems)
        raise ParcoursInvalide(
            "\n".join(
                [
                    f"{file.name} : {count} défaut{'s' if count > 1 else ''} à corriger.",
                    *(f"- {problem.where} : {problem.text}" for problem in problems),
                ]
            )
        )
    return found


def _text(file: Path) -> str:
    try:
        with open_regular(file) as stream:
            content = stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise ParcoursInvalide(f"{file.name} : ce fichier est trop gros pour un parcours (1 Mo au plus).")
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ParcoursInvalide(
            f"{file.name} : le fichier ne se lit pas en UTF-8. Enregistrez-le en « UTF-8 » dans votre éditeur."
        ) from None
    except OSError as error:
        raise ParcoursInvalide(
            f"{file} ne se lit pas : {reason(error)}. Donnez un fichier .yml, ou un nom : {', '.join(names())}."
        ) from None
