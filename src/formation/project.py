"""Où sont les textes du projet : pages, quiz, parcours, diapositives. Le paquet installé seul ne les contient pas."""

from __future__ import annotations

from pathlib import Path

from formation.errors import FormationError


class SourcesIntrouvables(FormationError):
    """Le paquet est installé sans les textes du projet."""


def root(*needed: str, given: Path | None = None) -> Path:
    """Racine du projet.

    Parameters
    ----------
    *needed : str
        Dossiers qu’elle doit contenir, par exemple `"book/parcours"` ; `"book"` à défaut.
    given : Path, optional
        Racine donnée ; par défaut, celle où le paquet est installé en mode éditable.

    Returns
    -------
    Path

    Raises
    ------
    SourcesIntrouvables
        Si un de ces dossiers manque.

    Examples
    --------
    >>> (root("book/parcours") / "book").is_dir()
    True
    """
    found = given or Path(__file__).resolve().parents[2]
    missing = [name for name in needed or ("book",) if not (found / name).is_dir()]
    if missing:
        raise SourcesIntrouvables(
            f"Dossier introuvable : {', '.join(missing)}. Le paquet installé seul ne contient pas les textes du cours. "
            "Récupérez le dépôt du projet et installez-le en mode éditable : pip install -e ."
        )
    return found
