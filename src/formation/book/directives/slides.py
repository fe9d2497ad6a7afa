"""Diapositives : leur liste dans une page, et leurs fichiers dans le site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from formation import slides
from formation.book.directives.base import BookDirective
from formation.book.links import link
from formation.book.nodes import tag
from formation.palette import SUBJECTS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = "diapos"
"""Dossier des diapositives dans le site."""


def address(name: str, docname: str) -> str:
    """Adresse d’un jeu de diapositives, depuis une page du livre.

    Parameters
    ----------
    name : str
        Nom du jeu, par exemple `cas-eau`.
    docname : str
        Page qui le cite.

    Returns
    -------
    str
        Adresse relative.

    Examples
    --------
    >>> address("cas-eau", "book/animer/diapositives")
    '../../diapos/cas-eau.html'
    """
    return f"{'../' * docname.count('/')}{FOLDER}/{name}.html"


class Diapos(BookDirective):
    """Liste des jeux de diapositives du livre, par sujet."""

    def build(self) -> list[nodes.Node]:
        """Tableau : jeu, objectif, durée, nombre de diapositives, pages du livre."""
        head = ("Jeu", "Objectif", "Durée", "Diapositives", "Dans le livre")
        rows = [tag("tr", *(tag("th", text, scope="col") for text in head))]
        order = list(SUBJECTS)
        decks = [slides.read(name) for name in slides.names()]
        for deck in sorted(decks, key=lambda deck: (order.index(deck.header.sujet), deck.name)):
            self.env.note_dependency(str(slides.path(deck.name)))
            name = tag("a", deck.header.titre, href=address(deck.name, self.env.docname))
            pages: list[nodes.Node | str] = []
            for page in deck.header.pages:
                target = link(page)
                self.set_source_info(target)
                pages += [", ", target] if pages else [target]
            rows.append(
                tag(
                    "tr",
                    tag("th", name, scope="row"),
                    tag("td", deck.header.objectif),
                    tag("td", f"{deck.header.duree_min}\u00a0min"),
                    tag("td", str(len(deck.slides))),
                    tag("td", *pages),
                )
            )
        caption = tag("caption", f"{len(decks)} jeux de diapositives")
        table = tag("table", caption, tag("thead", rows[0]), tag("tbody", *rows[1:]), class_="tableau")
        return [tag("div", table, class_="defile", tabindex="0", role="region", aria_label="Jeux de diapositives")]


def write_decks(app: Sphinx) -> set[str]:
    """Écrit les diapositives dans le site, à côté des pages.

    Parameters
    ----------
    app : Sphinx
        Application, à la fin de la construction.

    Returns
    -------
    set of str
        Chemins écrits, depuis la racine du site.
    """
    out = Path(app.outdir) / FOLDER
    if not (Path(app.srcdir) / slides.reading.FOLDER).is_dir():
        return set()
    out.mkdir(parents=True, exist_ok=True)
    written = set()
    for name in slides.names():
        target = out / f"{name}.html"
        text = slides.to_html(slides.read(name), book="../")
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
        written.add(f"{FOLDER}/{name}.html")
    return written
