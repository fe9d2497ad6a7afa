"""Garder d’une construction à l’autre ce qui est long à calculer, sans jamais laisser un fichier à moitié écrit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from formation.errors import FormationError
from formation.files import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

Kept = TypeVar("Kept")


def kept(file: Path, make: Callable[[], Kept], *, write: Callable[[Kept], str], read: Callable[[str], Kept]) -> Kept:
    """Relit une valeur gardée, ou la calcule et la garde.

    Parameters
    ----------
    file : Path
        Fichier où la valeur est gardée.
    make : callable
        Calcule la valeur.
    write, read : callable
        Écrit la valeur en texte, et la relit ; un texte d’une version passée est recalculé.

    Returns
    -------
    object
        Valeur.

    Raises
    ------
    FormationError
        Si le calcul échoue ; rien n’est gardé.
    """
    if file.is_file():
        try:
            return read(file.read_text(encoding="utf-8"))
        except (FormationError, KeyError, TypeError, ValueError):
            file.unlink()
    value = make()
    write_whole(file, write(value).encode())
    return value


def write_whole(file: Path, content: bytes) -> None:
    """Écrit un fichier à côté, puis le met à sa place.

    Parameters
    ----------
    file : Path
        Fichier à écrire ; son dossier est créé au besoin.
    content : bytes
        Contenu.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(file, content)
