"""Ce qu’un texte du livre cite par son nom : chiffres calculés, sources, pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from formation.book.bibliography import load_sources
from formation.book.key_figures import find_number
from formation.book.models import Source
from formation.errors import FormationError


@dataclass
class Resolver:
    """Résout les rôles et les liens d’un texte.

    Parameters
    ----------
    root : Path
        Racine du projet.
    book : str or None
        Adresse relative du livre, « ../ » par exemple ; `None` si le livre n’est pas à côté : les liens sont du texte.
    problems : list of str
        Ce qui n’a pas pu être résolu.
    """

    root: Path
    book: str | None = None
    problems: list[str] = field(default_factory=list)

    def number(self, key: str) -> str:
        """Chiffre calculé, écrit à la française.

        Parameters
        ----------
        key : str
            Clé, par exemple `eau.capte_20_age`.

        Returns
        -------
        str
        """
        try:
            return find_number(key, self.root)[0]
        except FormationError as error:
            self.problems.append(str(error))
            return f"[{key}]"

    def source(self, key: str) -> Source | None:
        """Source du livre.

        Parameters
        ----------
        key : str
            Clé, par exemple `D10`.

        Returns
        -------
        Source or None
            `None` si la clé n’existe pas ; c’est noté.
        """
        found = _sources(self.root).get(key)
        if found is None:
            self.problems.append(f"la source « {key} » n’est pas dans book/sources.yml")
        return found

    def address(self, target: str) -> str | None:
        """Adresse d’une page du livre.

        Parameters
        ----------
        target : str
            Chemin depuis la racine du projet, `/book/cas/eau.md#ancre`, ou adresse `https://`.

        Returns
        -------
        str or None
            `None` s’il faut n’écrire que le texte.
        """
        if target.startswith(("https://", "http://")):
            return target
        page, _, anchor = target.lstrip("/").partition("#")
        page = page.removesuffix(".md")
        if not (self.root / f"{page}.md").is_file():
            self.problems.append(f"le lien « {target} » ne mène à aucune page")
            return None
        if self.book is None:
            return None
        return f"{self.book}{page}.html" + (f"#{anchor}" if anchor else "")


@lru_cache(maxsize=4)
def _sources(root: Path) -> dict[str, Source]:
    return load_sources(root)
