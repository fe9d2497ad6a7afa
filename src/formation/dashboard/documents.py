"""Les documents d’une session : où ils sont, comment les ouvrir depuis JupyterLab."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from formation.dashboard.place import Place

PRINTABLE = (".html", ".pdf", ".odt", ".docx", ".csv", ".txt", ".zip")
MAX_SHOWN = 400
_COURSE_FOLDERS = ("a-distribuer", "feedback", "rapports")


@dataclass(frozen=True, slots=True)
class Document:
    """Document à ouvrir ou à imprimer."""

    folder: str
    path: Path

    @property
    def name(self) -> str:
        """Nom du fichier."""
        return self.path.name


def documents(place: Place) -> list[Document]:
    """Documents d’une session ou d’un cours, dans l’ordre où l’on s’en sert.

    Parameters
    ----------
    place : Place
        Session ou cours.

    Returns
    -------
    list of Document
        Quatre cents au plus ; les réponses rendues par les stagiaires n’y sont pas.
    """
    found: list[Document] = []
    if place.session is not None:
        from formation.session import places

        found += [Document("", path) for path in sorted(place.root.glob("*.html"))]
        for folder in places.FOLDERS:
            found += _inside(place.root, folder, skipped=place.root / places.ANSWERS)
    if place.course_root is not None:
        prefix = place.course_root.relative_to(place.root).as_posix()
        for name in _COURSE_FOLDERS:
            found += _inside(place.root, name if prefix == "." else f"{prefix}/{name}")
    return found[:MAX_SHOWN]


def _inside(root: Path, folder: str, skipped: Path | None = None) -> list[Document]:
    base = root / folder
    if not base.is_dir():
        return []
    return [
        Document(path.parent.relative_to(root).as_posix(), path)
        for path in sorted(base.rglob("*"))
        if path.suffix in PRINTABLE
        and path.is_file()
        and not path.is_symlink()
        and not path.name.startswith(".")
        and (skipped is None or skipped not in path.parents)
    ]


def server() -> tuple[str, Path] | None:
    """Adresse de base et dossier servi par le JupyterLab qui a lancé ce noyau.

    Returns
    -------
    tuple of (str, Path) or None
        None hors de JupyterLab.
    """
    try:
        from jupyter_server.serverapp import list_running_servers
    except ModuleNotFoundError:
        return None
    for one in list_running_servers():
        # le noyau naît du serveur : c’est lui, pas un autre JupyterLab ouvert ailleurs
        if one.get("pid") == os.getppid() and one.get("root_dir"):
            return str(one.get("base_url") or "/"), Path(str(one["root_dir"])).resolve()
    return None


def address(path: Path, served: tuple[str, Path] | None) -> str | None:
    """Adresse d’un document sur le serveur.

    Parameters
    ----------
    path : Path
        Fichier.
    served : tuple or None
        Résultat de `server`.

    Returns
    -------
    str or None
        None si le serveur ne donne pas accès à ce dossier.

    Examples
    --------
    >>> address(Path("/s/2-distribuer/évaluation.pdf"), ("/", Path("/s")))
    '/files/2-distribuer/%C3%A9valuation.pdf'
    """
    if served is None:
        return None
    base, root = served
    try:
        inside = path.relative_to(root)
    except ValueError:
        return None
    return f"{base.rstrip('/')}/files/{quote(inside.as_posix())}"
