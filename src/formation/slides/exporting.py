"""Écrire des jeux de diapositives dans un dossier : tous, ou aucun."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from formation.errors import reason
from formation.files import write_atomic
from formation.slides.deck import DiaposInvalides
from formation.slides.page import to_html
from formation.slides.reading import read


def export(names: Iterable[str | Path], folder: Path, *, overwrite: bool = False) -> list[Path]:
    """Écrit un fichier HTML par jeu.

    Parameters
    ----------
    names : iterable of str or Path
        Noms de jeux du projet, ou fichiers `.md`.
    folder : Path
        Dossier à remplir ; créé s’il n’existe pas.
    overwrite : bool
        Vrai pour remplacer les fichiers du même nom.

    Returns
    -------
    list of Path
        Fichiers écrits, dans l’ordre demandé.

    Raises
    ------
    DiaposInvalides
        Si un jeu n’est pas bon à projeter, si deux jeux ont le même nom, ou si le dossier ne convient pas.
    """
    decks = [read(name) for name in names]
    called = [deck.name for deck in decks]
    twice = sorted({name for name in called if called.count(name) > 1})
    if twice:
        raise DiaposInvalides(
            f"Plusieurs jeux s’appellent {', '.join(twice)} : l’un remplacerait l’autre. Rien n’est écrit. "
            "Exportez-les dans deux dossiers."
        )
    if folder.exists() and not folder.is_dir():
        raise DiaposInvalides(f"« {folder} » est un fichier. Donnez un dossier.")
    there = [name for name in called if (folder / f"{name}.html").exists()]
    if there and not overwrite:
        raise DiaposInvalides(
            f"Déjà dans {folder} : {', '.join(there)}. Rien n’est écrit. Donnez un autre dossier, ou --ecraser."
        )
    pages = {folder / f"{deck.name}.html": to_html(deck).encode() for deck in decks}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in pages.items():
            write_atomic(path, content)
    except OSError as error:
        raise DiaposInvalides(f"« {folder} » : {reason(error)}. Choisissez un autre dossier.") from None
    return list(pages)
