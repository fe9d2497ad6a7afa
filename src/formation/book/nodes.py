"""Nœud générique qui écrit une balise HTML : son contenu reste du texte du livre (recherche, glossaire, sources)."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from docutils import nodes

VOID = frozenset({"input", "br", "hr", "img"})


class balise(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """Élément HTML ; `tag` donne la balise et `attrs` ses attributs."""


def tag(name: str, /, *children: nodes.Node | str, **attrs: Any) -> balise:
    """Fabrique un élément HTML.

    Parameters
    ----------
    name : str
        Nom de la balise.
    *children : Node or str
        Contenu, dans l’ordre ; les chaînes deviennent du texte.
    **attrs : object
        Attributs ; `class_` et `for_` perdent leur tiret bas, les autres tirets bas deviennent des traits d’union.
        `True` écrit l’attribut seul, `None` ou `False` l’omet.

    Returns
    -------
    balise
        Nœud docutils.

    Examples
    --------
    >>> tag("p", "Bonjour", class_="a", data_n=1)["attrs"]
    {'class': 'a', 'data-n': '1'}
    """
    clean: dict[str, str | None] = {}
    for key, value in attrs.items():
        if value is None or value is False:
            continue
        clean[key.rstrip("_").replace("_", "-")] = None if value is True else str(value)
    node = balise("", tag=name, attrs=clean)
    for child in children:
        node += nodes.Text(child) if isinstance(child, str) else child
    return node


def start_tag(name: str, attrs: dict[str, str | None]) -> str:
    """Balise ouvrante.

    Parameters
    ----------
    name : str
        Nom de la balise.
    attrs : dict
        Attributs ; une valeur `None` écrit l’attribut seul.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> start_tag("a", {"href": "x", "hidden": None})
    '<a href="x" hidden>'
    """
    rendered = "".join(f" {k}" if v is None else f' {k}="{escape(v, quote=True)}"' for k, v in attrs.items())
    return f"<{name}{rendered}>"


def raw(html: str) -> nodes.raw:
    """HTML déjà écrit (dessins SVG, données) que la recherche ignore presque.

    Parameters
    ----------
    html : str
        HTML.

    Returns
    -------
    nodes.raw
        Nœud brut.
    """
    return nodes.raw("", html, format="html")


def fold(children: Iterable[nodes.Node], parent: nodes.Element) -> nodes.Element:
    """Ajoute des nœuds à un parent et le renvoie.

    Parameters
    ----------
    children : iterable of Node
        Nœuds à ajouter.
    parent : Element
        Nœud qui les reçoit.

    Returns
    -------
    Element
        Le parent.
    """
    parent.extend(list(children))
    return parent


def visit_balise(self: Any, node: balise) -> None:
    """Écrit la balise ouvrante.

    Parameters
    ----------
    node : Element
        Nœud écrit.
    """
    self.body.append(start_tag(node["tag"], node["attrs"]))


def depart_balise(self: Any, node: balise) -> None:
    """Écrit la balise fermante, sauf pour les éléments vides.

    Parameters
    ----------
    node : Element
        Nœud écrit.
    """
    if node["tag"] not in VOID:
        self.body.append(f"</{node['tag']}>")
