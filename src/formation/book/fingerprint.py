"""Empreintes du contenu : elles disent quand relire les pages et quand exécuter de nouveau les carnets.

jupyter-cache ne regarde que le code des cellules : un changement de données ou de bibliothèque lui échappe. Le
dossier du cache porte donc l’empreinte de tout ce dont une exécution dépend.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

KEPT = 3
"""Nombre de caches d’exécution gardés."""
_NOT_EXECUTED = (
    "_donnees",
    "book",
    "classroom",
    "cli",
    "dashboard",
    "lms",
    "pathways",
    "printing",
    "questions",
    "session",
    "slides",
)
"""Pièces du paquet qu’aucun carnet n’exécute : y toucher ne refait pas les études."""

_PACKAGE = Path(__file__).resolve().parents[1]


def digest(files: Iterable[Path]) -> str:
    """Empreinte d’un ensemble de fichiers, noms compris.

    Parameters
    ----------
    files : iterable of Path
        Fichiers ; ceux qui n’existent pas sont ignorés.

    Returns
    -------
    str
        Seize caractères hexadécimaux.
    """
    total = hashlib.sha256()
    for path in sorted(files):
        if path.is_file():
            total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:16]


def of_execution(root: Path) -> str:
    """Empreinte de ce dont dépend l’exécution d’un carnet : versions, données, bibliothèque.

    Parameters
    ----------
    root : Path
        Racine du projet.

    Returns
    -------
    str
        Empreinte.
    """
    outside = [_PACKAGE / name for name in _NOT_EXECUTED]
    library = [path for path in _PACKAGE.rglob("*.py") if not any(folder in path.parents for folder in outside)]
    return digest([root / "requirements.lock", *root.glob("datasets/*/datapackage.json"), *library])


def of_book(root: Path) -> str:
    """Empreinte de ce qui impose de relire toutes les pages : exécution, extension, plan du livre.

    Parameters
    ----------
    root : Path
        Racine du projet.

    Returns
    -------
    str
        Empreinte.
    """
    return of_execution(root) + digest([root / "_toc.yml", *(_PACKAGE / "book").rglob("*.py")])


def cache_folder(folder: Path, key: str) -> Path:
    """Dossier du cache d’exécution pour une empreinte ; les plus anciens sont retirés.

    Parameters
    ----------
    folder : Path
        Dossier de tous les caches.
    key : str
        Empreinte.

    Returns
    -------
    Path
        Dossier existant.
    """
    wanted = folder / key
    wanted.mkdir(parents=True, exist_ok=True)
    wanted.touch()
    others = sorted((path for path in folder.iterdir() if path != wanted), key=lambda path: path.stat().st_mtime)
    for path in others[: max(0, len(others) - KEPT + 1)]:
        shutil.rmtree(path, ignore_errors=True)
    return wanted
