"""Les sources du livre, lues dans `book/sources.yml` sans construire le livre."""

from __future__ import annotations

from pathlib import Path

from formation.book.models import FichierInvalide, Source, read_yaml

FILE = "book/sources.yml"


def load_sources(root: Path) -> dict[str, Source]:
    """Sources du livre, par clé.

    Parameters
    ----------
    root : Path
        Racine du projet.

    Returns
    -------
    dict
        Sources dans l’ordre du fichier.

    Raises
    ------
    FichierInvalide
        Si le fichier manque, n’a pas la bonne forme ou répète une clé.
    """
    entries: list[Source] = read_yaml(root / FILE, list[Source], name=FILE)
    found: dict[str, Source] = {}
    for entry in entries:
        if entry.cle in found:
            raise FichierInvalide(f"{FILE} : la clé « {entry.cle} » est employée deux fois.")
        found[entry.cle] = entry
    return found
