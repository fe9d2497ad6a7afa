"""Liens vers les pages du livre, résolus une fois toutes les pages connues, et textes qui dépendent de la page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging

from formation.book.nodes import balise, fold, raw, tag
from formation.book.subjects import depths, kind, subject_of
from formation.palette import SUBJECTS, pictogram

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

WORDS_PER_MINUTE = 200
SOON = "à venir"


class lien(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """Lien vers `target` (page ou page#ancre) ; `optional` le change en simple texte si la page n’existe pas."""


class entete_cas(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """Place de l’en-tête d’un cas ; ses enfants sont la question posée."""


class entete_chapitre(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """Place de l’en-tête d’un chapitre de partie ou d’un outil ; ses enfants sont les objectifs."""


def link(target: str, /, *children: nodes.Node | str, optional: bool = False, **attrs: Any) -> lien:
    """Lien vers une page du livre.

    Parameters
    ----------
    target : str
        Page, `page#ancre` ou adresse complète.
    *children : Node or str
        Contenu du lien ; sans lui, le titre de la page visée.
    optional : bool
        Vrai si la page peut ne pas exister encore.
    **attrs : object
        Attributs HTML, comme pour `tag`.

    Returns
    -------
    lien
        Nœud à résoudre.
    """
    node = lien("", target=target.strip().lstrip("/"), optional=optional, attrs=tag("a", **attrs)["attrs"])
    for child in children:
        node += nodes.Text(child) if isinstance(child, str) else child
    return node


def anchors(app: Sphinx, docname: str) -> set[str]:
    """Ancres d’une page.

    Parameters
    ----------
    app : Sphinx
        Application.
    docname : str
        Page existante.

    Returns
    -------
    set of str
        Identifiants qu’un lien peut viser.
    """
    # Relire une page coûte des dizaines de millisecondes, et un quiz vise cent fois la même.
    kept: dict[str, set[str]] = app.__dict__.setdefault("formation_ancres", {})
    if docname not in kept:
        doctree = app.env.get_doctree(docname)
        kept[docname] = {name for node in doctree.findall(nodes.Element) for name in node.get("ids", [])}
    return kept[docname]


def resolve_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Remplace les liens d’une page par des adresses ; une cible inconnue est un avertissement.

    Parameters
    ----------
    app : Sphinx
        Application.
    doctree : document
        Page, modifiée sur place.
    docname : str
        Nom de la page.
    """
    for node in list(doctree.findall(lien)):
        target, attrs = node["target"], dict(node["attrs"])
        if re.match(r"https?:", target):
            node.replace_self(fold(node.children, balise("", tag="a", attrs={**attrs, "href": target})))
            continue
        page, _, anchor = target.partition("#")
        page = page.removesuffix(".md") or docname
        if page not in app.env.found_docs:
            if not node["optional"]:
                logger.warning("lien vers « %s » : cette page n’est pas dans le livre.", target, location=node)
            attrs["class"] = f"{attrs.get('class', '')} indisponible".strip()
            holder = fold(node.children, balise("", tag="span", attrs=attrs))
            node.replace_self(fold([tag("span", f" ({SOON})", class_="a-venir")], holder))
            continue
        if not node.children:
            node += nodes.Text(app.env.titles[page].astext())
        if anchor and anchor not in anchors(app, page):
            logger.warning("lien vers « %s » : aucun titre ne porte cette ancre.", target, location=node)
        href = app.builder.get_relative_uri(docname, page) if page != docname else ""
        attrs["href"] = (href + (f"#{anchor}" if anchor else "")) or "#"
        if page == docname and not anchor:
            attrs["aria-current"] = "page"
        node.replace_self(fold(node.children, balise("", tag="a", attrs=attrs)))


def count_words(doctree: nodes.document) -> int:
    """Mots à lire dans une page, sans le code, le quiz ni ce qui est replié.

    Parameters
    ----------
    doctree : document
        Page.

    Returns
    -------
    int
        Nombre de mots.
    """

    def skipped(node: nodes.Node) -> bool:
        if isinstance(
            node, nodes.literal_block | nodes.raw | nodes.comment | nodes.image | entete_cas | entete_chapitre
        ):
            return True
        if isinstance(node, balise):
            classes = (node["attrs"].get("class") or "").split()
            return node["tag"] == "details" or "quiz" in classes
        return False

    def walk(node: nodes.Node) -> int:
        if skipped(node):
            return 0
        if isinstance(node, nodes.Text):
            return len(re.findall(r"\w[\w’'-]*", node.astext()))
        return sum(walk(child) for child in node.children)

    return walk(doctree)


def reading_minutes(words: int) -> int:
    """Temps de lecture, arrondi à la minute supérieure.

    Parameters
    ----------
    words : int
        Nombre de mots.

    Returns
    -------
    int
        Minutes, au moins une.

    Examples
    --------
    >>> reading_minutes(401)
    3
    """
    return max(1, -(-words // WORDS_PER_MINUTE))


def place_headers(doctree: nodes.document, docname: str) -> None:
    """Écrit l’en-tête d’un sujet : pictogramme au-dessus du titre, question, temps de lecture et badges dessous.

    Une page d’un sujet qui ne demande pas d’en-tête en reçoit un sans question : on sait toujours où l’on est.

    Parameters
    ----------
    doctree : document
        Page, modifiée sur place.
    docname : str
        Nom de la page.
    """
    found = list(doctree.findall(entete_cas))
    page_subject = subject_of(docname)
    if page_subject and not found and not _has_chapter_header(doctree):
        section = doctree.next_node(nodes.section)
        found = [entete_cas("", case=page_subject)]
        section.insert(1, found[0])
    for node in found:
        case, words = node["case"], count_words(doctree)
        section = node.parent
        place_eyebrow(section, case, f"{kind(case).capitalize()} · {SUBJECTS[case].name}")
        header = tag("div", class_="entete-cas")
        if node.children:
            header += fold(node.children, tag("div", class_="question-posee"))
        header += [depth_badges(case), reading_time(words)]
        node.replace_self(header)


def _has_chapter_header(doctree: nodes.document) -> bool:
    return any("entete-chapitre" in (node["attrs"].get("class") or "").split() for node in doctree.findall(balise))


def place_eyebrow(section: nodes.Element, subject: str, text: str) -> None:
    """Écrit au-dessus du titre le pictogramme et le nom du sujet.

    Parameters
    ----------
    section : Element
        Section qui porte le titre, modifiée sur place.
    subject : str
        Identifiant du sujet.
    text : str
        Texte affiché à côté du pictogramme.
    """
    eyebrow = tag("p", raw(pictogram(subject, size=44)), tag("span", text), class_="cas-titre")
    title = next((child for child in section.children if isinstance(child, nodes.title)), None)
    section.insert(section.index(title) if title is not None else 0, eyebrow)


def depth_badges(subject: str) -> nodes.Element:
    """Les trois profondeurs d’un sujet, une pastille chacune.

    Parameters
    ----------
    subject : str
        Identifiant du sujet.

    Returns
    -------
    Element
        Liste de liens ; une page qui n’existe pas encore est dite à venir.
    """
    determiner = "de ce" if kind(subject) != "partie" else "de cette"
    badges = tag("ul", class_="profondeurs", aria_label=f"Les trois profondeurs {determiner} {kind(subject)}")
    for key, depth, page in depths(subject):
        badges += tag("li", link(page, tag("span", depth), optional=True, class_=f"badge badge-{key}"))
    return badges


def reading_time(words: int) -> nodes.Element:
    """Temps de lecture d’une page, et comment il est compté.

    Parameters
    ----------
    words : int
        Mots à lire.

    Returns
    -------
    Element
        Paragraphe.
    """
    count = f"{words:,}".replace(",", "\u202f")
    words_text = f"{count}\u00a0mots à {WORDS_PER_MINUTE}\u00a0mots par minute"
    reading = tag("p", f"Lecture\u00a0: environ {reading_minutes(words)}\u00a0min ", class_="lecture")
    reading += tag("span", f"({words_text}, sans le code, le quiz ni les parties repliées)", class_="detail")
    return reading
