"""Ce que chaque page sait d’elle-même et du livre : navigation, fil d’Ariane, sommaire, page d’avant et d’après."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docutils import nodes

from formation.book.subjects import subject_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx


@dataclass
class Page:
    """Une page dans la navigation."""

    name: str
    title: str
    current: bool = False
    open: bool = False
    children: list[Page] = field(default_factory=list)


@dataclass
class Part:
    """Une partie du livre : sa légende et ses pages."""

    caption: str
    pages: list[Page]


def title_of(app: Sphinx, name: str) -> str:
    """Titre court d’une page : celui de `_toc.yml`, sinon celui de la page.

    Parameters
    ----------
    app : Sphinx
        Application.
    name : str
        Nom de la page.

    Returns
    -------
    str
        Titre sans balises.
    """
    site_map = app.config.external_site_map
    if name in site_map and site_map[name].title:
        return str(site_map[name].title)
    title = app.env.titles.get(name)
    return title.astext() if title is not None else name


def parts(app: Sphinx, current: str) -> list[Part]:
    """Navigation du livre, vue d’une page.

    Parameters
    ----------
    app : Sphinx
        Application.
    current : str
        Page affichée.

    Returns
    -------
    list of Part
        Parties dans l’ordre de `_toc.yml`.
    """
    site_map = app.config.external_site_map

    def page(name: str) -> Page:
        children = [page(child) for child in _children(site_map, name)]
        inside = any(child.current or child.open for child in children)
        return Page(
            name, title_of(app, name), current=name == current, open=inside or name == current, children=children
        )

    return [Part(tree.caption or "", [page(_bare(name)) for name in tree.files()]) for tree in site_map.root.subtrees]


def _bare(name: str) -> str:
    return name.removesuffix(".md").removesuffix(".ipynb")


def _children(site_map: Any, name: str) -> list[str]:
    return [_bare(child) for child in site_map[name].child_files()] if name in site_map else []


def reading_order(app: Sphinx) -> list[str]:
    """Pages dans l’ordre de lecture.

    Parameters
    ----------
    app : Sphinx
        Application.

    Returns
    -------
    list of str
        Noms de pages, l’accueil d’abord.
    """
    site_map = app.config.external_site_map

    def walk(name: str) -> list[str]:
        return [name, *(page for child in _children(site_map, name) for page in walk(child))]

    return walk(_bare(site_map.root.docname))


def trail(found: list[Part], root: str, current: str) -> tuple[str, list[Page]]:
    """Chemin de l’accueil à la page.

    Parameters
    ----------
    found : list of Part
        Navigation.
    root, current : str
        Page d’accueil et page affichée.

    Returns
    -------
    str
        Légende de la partie, vide à l’accueil.
    list of Page
        Pages traversées, la page affichée comprise.
    """

    def descend(page: Page) -> list[Page]:
        if page.name == current:
            return [page]
        for child in page.children:
            below = descend(child)
            if below:
                return [page, *below]
        return []

    if current != root:
        for part in found:
            for page in part.pages:
                below = descend(page)
                if below:
                    return part.caption, below
    return "", []


def contents(doctree: nodes.document | None) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Sommaire d’une page, sur deux niveaux.

    Parameters
    ----------
    doctree : document or None
        Page résolue.

    Returns
    -------
    list of tuple
        Ancre, titre et sous-sections `(ancre, titre)` de chaque section.
    """
    if doctree is None:
        return []

    def below(parent: nodes.Element) -> list[tuple[nodes.section, str]]:
        inner = [child for child in parent.children if isinstance(child, nodes.section)]
        return [(section, section.next_node(nodes.title).astext()) for section in inner]

    top = next((child for child in doctree.children if isinstance(child, nodes.section)), None)
    if top is None:
        return []
    return [
        (section["ids"][0], title, [(inner["ids"][0], text) for inner, text in below(section)])
        for section, title in below(top)
    ]


def page_context(app: Sphinx, pagename: str, context: dict[str, Any], doctree: Any) -> None:
    """Complète le contexte d’une page pour les gabarits du thème.

    Parameters
    ----------
    app : Sphinx
        Application.
    pagename : str
        Page.
    context : dict
        Contexte, complété sur place.
    doctree : document or None
        Page résolue.
    """
    root = app.config.root_doc
    order = reading_order(app)
    rank = order.index(pagename) if pagename in order else -1
    found = parts(app, pagename)
    caption, path = trail(found, root, pagename)
    metadata = app.env.metadata.get(pagename, {})
    extra = metadata.get("formation_fichiers", "").split()
    paragraph = doctree.next_node(nodes.paragraph) if doctree is not None else None
    summary = metadata.get("description") or (paragraph.astext() if paragraph is not None else "")
    context.update(
        parties=found,
        partie=caption,
        chemin=path,
        sommaire=contents(doctree),
        precedente=Page(order[rank - 1], title_of(app, order[rank - 1])) if rank > 0 else None,
        suivante=Page(order[rank + 1], title_of(app, order[rank + 1])) if 0 <= rank < len(order) - 1 else None,
        cas=subject_of(pagename),
        accueil=root,
        est_accueil=pagename == root,
        avec_figure=bool(metadata.get("formation_figure")),
        scripts_page=[name for name in extra if name.endswith(".js")],
        feuilles_page=[name for name in extra if name.endswith(".css")],
        resume=" ".join(str(summary).split())[:200],
        accessibilite=app.config.formation_accessibilite,
    )
