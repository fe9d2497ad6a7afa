"""Chiffres calculés : le texte les cite par leur nom, il ne les recopie pas."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from formation.book.key_figures import find_number as find_number
from formation.errors import FormationError

logger = logging.getLogger(__name__)


class NumberRole(SphinxRole):
    """Chiffre calculé : {chiffre}`eau.capte_20_age`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Chiffre dans le texte ; une clé inconnue est un avertissement."""
        try:
            text, path = find_number(self.text, Path(self.env.srcdir))
        except FormationError as error:
            logger.warning("Rôle « chiffre » : %s", error, location=(self.env.docname, self.lineno), type="formation")
            return [nodes.Text(f"[{self.text}]")], []
        self.env.note_dependency(str(path))
        return [nodes.inline("", text, classes=["chiffre"])], []
