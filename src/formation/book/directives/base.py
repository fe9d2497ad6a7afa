"""Ce que toutes les directives partagent : chemins, textes courts, erreurs en français."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from formation.book import models
from formation.book.subjects import subject_of
from formation.errors import FormationError
from formation.palette import SUBJECTS

logger = logging.getLogger(__name__)


class BookDirective(SphinxDirective):
    """Directive du livre : une erreur attendue devient un avertissement situé, donc un échec de construction."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Rend la directive ; une erreur de contenu est signalée à la ligne de la directive."""
        try:
            return self.build()
        except FormationError as error:
            return self.problem(str(error))

    @abstractmethod
    def build(self) -> list[nodes.Node]:
        """Rend la directive ; chaque directive écrit la sienne."""

    def problem(self, message: str) -> list[nodes.Node]:
        """Signale un défaut à la ligne de la directive et ne rend rien.

        Parameters
        ----------
        message : str
            Ce qui ne va pas, en français.

        Returns
        -------
        list
            Liste vide : la directive n’écrit rien.
        """
        logger.warning("Directive « %s » : %s", self.name, message, location=self.get_location(), type="formation")
        return []

    @property
    def root(self) -> Path:
        """Racine du projet."""
        return Path(self.env.srcdir)

    def needs(self, *names: str) -> None:
        """Fait charger par la page, et par elle seule, des fichiers de `theme/static`.

        Parameters
        ----------
        *names : str
            Noms de scripts et de feuilles de style.
        """
        metadata = self.env.metadata[self.env.docname]
        known = str(metadata.get("formation_fichiers", "")).split()
        metadata["formation_fichiers"] = " ".join([*known, *(name for name in names if name not in known)])

    def subject_argument(self) -> str:
        """Cas ou chapitre donné en argument de la directive, vérifié ; à défaut, celui de la page."""
        subject = str(self.arguments[0]).strip() if self.arguments else subject_of(self.env.docname)
        if subject not in SUBJECTS:
            raise FormationError(f"le sujet « {subject} » n’existe pas. Sujets connus : {', '.join(SUBJECTS)}.")
        return str(subject)

    def read_yaml(self, relative: str, kind: Any) -> Any:
        """Lit un fichier YAML du projet et note que la page en dépend.

        Parameters
        ----------
        relative : str
            Chemin depuis la racine du projet.
        kind : type
            Modèle pydantic, ou liste de modèles.

        Returns
        -------
        object
            Instance du modèle.
        """
        path = self.root / relative
        self.env.note_dependency(str(path))
        return models.read_yaml(path, kind, name=relative)

    def inline(self, text: str) -> list[nodes.Node]:
        """Texte court écrit en MyST (gras, rôles, liens), sans paragraphe.

        Parameters
        ----------
        text : str
            Texte court en MyST.

        Returns
        -------
        list of Node
            Nœuds à placer dans un paragraphe ou un libellé.
        """
        parsed, messages = self.state.inline_text(re.sub(r"[ \t\n]+", " ", text).strip(" "), self.lineno)
        return [*parsed, *messages]


def positive(low: int, high: int) -> Callable[[str], int]:
    """Option entière bornée.

    Parameters
    ----------
    low, high : int
        Bornes incluses.

    Returns
    -------
    callable
        Convertisseur d’option pour docutils.

    Examples
    --------
    >>> positive(1, 6)("2")
    2
    """

    def convert(argument: str) -> int:
        if not argument.strip().isdigit() or not low <= int(argument) <= high:
            raise ValueError(f"un entier de {low} à {high} est attendu")
        return int(argument)

    return convert
