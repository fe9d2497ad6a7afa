"""Écriture HTML : zones qui défilent, cellules repliées, tableaux de pandas, textes de remplacement des images."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from formation.book.nodes import raw, tag

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

ALT_MINIMUM = 15
_FILE_LIKE = re.compile(r"(?i)^[\w./ -]+\.(png|jpe?g|svg|gif|webp)$|^[0-9a-f]{16,}$")
_HEAD = re.compile(r"<thead>(.*?)</thead>", re.DOTALL)
_REPR = re.compile(r"^\s*(?:\[?<(?:Axes|Figure|matplotlib)|Text\(|<altair|<vl_convert)")


class Translator(HTML5Translator):
    """Traducteur du livre : ce qui est large défile dans une zone nommée, à la souris comme au clavier."""

    def visit_image(self, node: nodes.Element) -> None:
        """Image avec sa taille en attributs : sa place est réservée, et elle rétrécit sans se déformer.

        Parameters
        ----------
        node : Element
            Nœud écrit.
        """
        super().visit_image(node)
        if "taille" in node:
            width, height = node["taille"]
            self.body[-1] = self.body[-1].replace("<img ", f'<img width="{width}" height="{height}" ', 1)

    def visit_table(self, node: nodes.Element) -> None:
        """Ouvre une zone qui défile autour du tableau.

        Parameters
        ----------
        node : Element
            Nœud écrit.
        """
        title = node.next_node(nodes.title)
        name = title.astext() if title is not None else heading_before(node)
        self.body.append(f'<div class="defile" data-nom="{escape(f"Tableau : {name}", quote=True)}">')
        super().visit_table(node)

    def visit_entry(self, node: nodes.Element) -> None:
        """Cellule de tableau ; un en-tête vide devient une cellule ordinaire, qu’un lecteur d’écran n’annonce pas.

        Parameters
        ----------
        node : Element
            Nœud écrit.
        """
        super().visit_entry(node)
        if not node.astext().strip() and self.body[-1].startswith("<th"):
            self.body[-1] = "<td" + self.body[-1].removeprefix("<th")
            self.context[-1] = self.context[-1].replace("th", "td")

    def depart_table(self, node: nodes.Element) -> None:
        """Ferme la zone.

        Parameters
        ----------
        node : Element
            Nœud écrit.
        """
        super().depart_table(node)
        self.body.append("</div>")

    def visit_literal_block(self, node: nodes.Element) -> None:
        """Code et résultats dans une zone qui défile.

        Parameters
        ----------
        node : Element
            Nœud écrit.
        """
        is_output = "output" in node.get("classes", []) or _inside_output(node)
        kind, name = ("sortie", "Résultat") if is_output else ("code", "Code")
        self.body.append(f'<div class="{kind} defile" data-nom="{name}">')
        try:
            super().visit_literal_block(node)
        except nodes.SkipNode:
            self.body.append("</div>")
            raise

    def depart_literal_block(self, node: nodes.Element) -> None:
        """Ferme la zone.

        Parameters
        ----------
        node : Element
            Nœud écrit.
        """
        super().depart_literal_block(node)
        self.body.append("</div>")


def _inside_output(node: nodes.Node) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.get("nb_element") == "cell_code_output":
            return True
        parent = parent.parent
    return False


def heading_before(node: nodes.Node) -> str:
    """Titre de la section qui contient un nœud.

    Parameters
    ----------
    node : Node
        Nœud de la page.

    Returns
    -------
    str
        Titre, ou chaîne vide.
    """
    parent = node.parent
    while parent is not None and not isinstance(parent, nodes.section):
        parent = parent.parent
    title = parent.next_node(nodes.title) if parent is not None else None
    return title.astext() if title is not None else ""


def visit_hidden_cell(self: Any, node: nodes.Element) -> None:
    """Ouvre une cellule repliée.

    Parameters
    ----------
    node : Element
        Nœud écrit.
    """
    is_output = {"below-input", "above-output"} & set(node["classes"])
    text = "Afficher le résultat" if is_output else "Afficher le code"
    self.body.append(f'<details class="replie"><summary>{text}</summary>')


def depart_hidden_cell(self: Any, _node: nodes.Element) -> None:
    """Ferme une cellule repliée."""
    self.body.append("</details>")


def accessible_table(html: str) -> str:
    """Rend lisible par un lecteur d’écran le tableau HTML écrit par pandas.

    Parameters
    ----------
    html : str
        Tableau tel que pandas l’écrit.

    Returns
    -------
    str
        Tableau avec des en-têtes de ligne et de colonne, sans style écrit dans les balises.

    Examples
    --------
    >>> accessible_table('<table border="1"><thead><tr><th></th><th>a</th></tr></thead></table>')
    '<table><thead><tr><td></td><th scope="col">a</th></tr></thead></table>'
    """
    html = re.sub(r"<style scoped>.*?</style>\s*", "", html, flags=re.DOTALL)
    html = re.sub(r'(<table[^>]*?) border="1"', r"\1", html)
    html = re.sub(r'(<t[rhd][^>]*?) style="[^"]*"', r"\1", html)
    html = _HEAD.sub(_single_header, html)
    html = re.sub(r"<th([^>]*)>\s*(?:&nbsp;)?\s*</th>", r"<td\1></td>", html)
    head, separator, rest = html.partition("</thead>")
    head = re.sub(r"<th(?=[ >])(?![^>]*scope=)", '<th scope="col"', head)
    rest = re.sub(r"<th(?=[ >])(?![^>]*scope=)", '<th scope="row"', rest)
    return head + separator + rest


def _single_header(match: re.Match[str]) -> str:
    """Réunit les deux lignes d’en-tête de pandas quand la seconde ne porte que le nom des lignes."""
    rows = [re.findall(r"<th[^>]*>(.*?)</th>", row, re.DOTALL) for row in match.group(1).split("</tr>")[:-1]]
    if len(rows) != 2 or len(rows[0]) != len(rows[1]):
        return match.group(0)
    names, columns = rows[1], rows[0]
    if any(name.strip() and column.strip() for name, column in zip(names, columns, strict=True)):
        return match.group(0)
    cells = "".join(f"<th>{name.strip() or column.strip()}</th>" for name, column in zip(names, columns, strict=True))
    return f"<thead><tr>{cells}</tr></thead>"


def polish(app: Sphinx, doctree: nodes.document) -> None:
    """Corrige et vérifie une page résolue : tableaux, cases à cocher, images, résultats sans intérêt.

    Parameters
    ----------
    app : Sphinx
        Application.
    doctree : document
        Page, modifiée sur place.
    """
    _tables(doctree)
    _check_boxes(doctree)
    _images(app, doctree)
    for block in doctree.findall(nodes.literal_block):
        if _REPR.match(block.astext()) and _inside_output(block):
            message = "ce résultat n’apprend rien (« %s ») : terminez la cellule par « ; » ou par une affectation."
            logger.warning(message, block.astext().strip()[:40], location=block, type="formation")


def _tables(doctree: nodes.document) -> None:
    for node in list(doctree.findall(nodes.raw)):
        if "<table" in node.astext() and "defile" not in node.astext():
            name = escape(f"Tableau : {heading_before(node)}", quote=True)
            table = f'<div class="defile donnees" data-nom="{name}">{accessible_table(node.astext())}</div>'
            node.replace_self(raw(table))


def _check_boxes(doctree: nodes.document) -> None:
    """Donne un libellé aux cases à cocher des listes `- [ ]`, et les rend utilisables."""
    boxes = [node for node in doctree.findall(nodes.raw) if "task-list-item-checkbox" in node.astext()]
    for number, node in enumerate(boxes, start=1):
        ident = f"case-{number}"
        parent = node.parent
        rest = parent.children[parent.index(node) + 1 :]
        checked = "checked" in node.astext()
        label = tag("label", for_=ident)
        label.extend(rest)
        box = tag("input", type="checkbox", id=ident, checked=checked, autocomplete="off")
        parent.children = [*parent.children[: parent.index(node)]]
        parent.extend([box, label])


def _images(app: Sphinx, doctree: nodes.document) -> None:
    for image in doctree.findall(nodes.image):
        alt = (image.get("alt") or "").strip()
        if len(alt) < ALT_MINIMUM or _FILE_LIKE.match(alt):
            message = (
                "l’image « %s » n’a pas de texte de remplacement utile (lu : « %s »). Dites ce qu’elle montre ; "
                "dans un carnet, avec la clé de cellule mystnb › image › alt."
            )
            logger.warning(message, Path(image["uri"]).name, alt, location=image, type="formation")
        image["loading"] = "lazy"
        _size(app, image)


def _size(app: Sphinx, image: nodes.image) -> None:
    """Écrit la taille de l’image pour que la page ne bouge pas quand elle arrive."""
    path = Path(app.srcdir) / image["uri"]
    if "width" in image or path.suffix.lower() not in {".png", ".jpg", ".jpeg", ".webp"} or not path.exists():
        return
    from PIL import Image

    with Image.open(path) as picture:
        image["taille"] = picture.size
