"""Page des sources et renvois vers elle."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from formation.book.bibliography import FILE, load_sources
from formation.book.directives.base import BookDirective
from formation.book.links import link
from formation.book.models import FichierInvalide, Source
from formation.book.nodes import tag
from formation.errors import FormationError

logger = logging.getLogger(__name__)

PAGE = "book/sources"
_READ = {"secondaire": "Citée d’après une autre source, l’original n’a pas été lu."}


def read_sources(env: Any) -> dict[str, Source]:
    """Sources du livre, par clé ; la page en cours est notée comme dépendante du fichier.

    Parameters
    ----------
    env : BuildEnvironment
        Environnement Sphinx, pendant la lecture d’une page.

    Returns
    -------
    dict
        Sources dans l’ordre du fichier.
    """
    env.note_dependency(str(Path(env.srcdir) / FILE))
    return load_sources(Path(env.srcdir))


def source_links(place: Any, keys: list[str]) -> list[nodes.Node]:
    """Renvois vers la page des sources.

    Parameters
    ----------
    place : SphinxDirective or SphinxRole
        Directive ou rôle qui demande les renvois.
    keys : list of str
        Clés de sources.

    Returns
    -------
    list of Node
        Un lien par clé.

    Raises
    ------
    FichierInvalide
        Si une clé n’est pas dans le fichier des sources.
    """
    known = read_sources(place.env)
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise FichierInvalide(
            f"source inconnue : {', '.join(unknown)}. Ajoutez-la à {FILE} ou corrigez la clé, par exemple « D10 »."
        )
    result: list[nodes.Node] = []
    for key in keys:
        hidden = tag("span", "source ", class_="invisible")
        entry, shown = known[key], [nodes.Text("["), hidden, nodes.Text(f"{key}]")]
        # L’attribut lang vaut aussi pour le titre de l’œuvre, dans l’attribut title : le texte du lien reste français.
        inside = shown if entry.langue == "fr" else [tag("span", *shown, lang="fr")]
        reference = link(f"{PAGE}#source-{key.lower()}", *inside, class_="renvoi", title=entry.titre, lang=_lang(entry))
        reference["optional"] = PAGE not in place.env.found_docs
        result.append(reference)
    return result


class SourceRole(SphinxRole):
    """Renvoi à une ou plusieurs sources : {src}`D10,S2`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Liens vers la page des sources."""
        keys = [key.strip() for key in self.text.split(",") if key.strip()]
        try:
            return [tag("span", *source_links(self, keys), class_="renvois")], []
        except FormationError as error:
            logger.warning("Rôle « src » : %s", error, location=(self.env.docname, self.lineno), type="formation")
            return [nodes.Text(f"[{self.text}]")], []


class Sources(BookDirective):
    """Liste des sources ; `:prefixe: D` n’en garde qu’une famille."""

    option_spec: ClassVar = {"prefixe": directives.unchanged_required}

    def build(self) -> list[nodes.Node]:
        """Liste de définitions : clé, référence, adresse, lecture."""
        items = tag("dl", class_="sources")
        for key, entry in read_sources(self.env).items():
            if re.sub(r"\d.*$", "", key) != self.options.get("prefixe", re.sub(r"\d.*$", "", key)):
                continue
            ident = f"source-{key.lower()}"
            line = tag("div", tag("dt", key), self._reference(entry), id=ident)
            line["ids"] = [ident]
            items += line
        return [items]

    def _reference(self, entry: Source) -> nodes.Element:
        text = tag("dd", tag("cite", *self.inline(entry.titre), lang=_lang(entry)), f", {entry.auteur_editeur}")
        text += nodes.Text(f", {entry.date}. " if entry.date else ". ")
        if entry.url:
            host = urlsplit(entry.url).netloc.removeprefix("www.") or entry.url
            text += [tag("a", host, href=entry.url), nodes.Text(". ")]
        if entry.consulte:
            text += nodes.Text(f"Consultée le {_french_date(entry.consulte)}. ")
        if entry.lu in _READ:
            text += tag("em", _READ[entry.lu] + " ")
        if entry.note:
            text += self.inline(entry.note)
        return text


def _lang(entry: Source) -> str | None:
    """Langue à déclarer : rien quand c’est celle de la page."""
    return None if entry.langue == "fr" else entry.langue


def _french_date(value: str) -> str:
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value)
    return f"{match.group(3)}/{match.group(2)}/{match.group(1)}" if match else value
