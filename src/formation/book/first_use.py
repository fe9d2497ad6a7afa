"""Lier au glossaire la première apparition de chaque terme d’une page, sans que l’auteur ait à y penser.

Un mot courant qui est aussi un terme (« marge », « secteur »…) prêterait à confusion : le réglage
`formation_mots_courants` les nomme, et seul le rôle `{term}` les lie.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes

from formation.book.links import lien
from formation.book.nodes import balise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

PAGE = "book/glossaire"
_READ = (nodes.paragraph, nodes.entry)
_NOT_PROSE = (nodes.reference, nodes.literal, nodes.literal_block, nodes.raw, nodes.title, nodes.caption, lien)
_NOT_PROSE_TAGS = frozenset(
    {"a", "button", "form", "label", "legend", "summary", "option", "code", "svg", "dt", "cite"}
)
_NOT_PROSE_CLASSES = frozenset(
    {"quiz", "question-posee", "objectifs", "fiche-decision", "cas-titre", "invisible", "renvois"}
)


def pattern(terms: Iterable[str]) -> re.Pattern[str]:
    """Motif qui trouve un terme entier, au singulier ou au pluriel, le plus long d’abord.

    Parameters
    ----------
    terms : iterable of str
        Termes du glossaire.

    Returns
    -------
    Pattern
        Motif sans groupe, insensible à la casse sauf pour les sigles.

    Examples
    --------
    >>> found = pattern(["faux positif", "IA"])
    >>> [match.group() for match in found.finditer("L’IA a deux faux positifs, et « ia » n’est pas un sigle.")]
    ['IA', 'faux positifs']
    """
    ordered = sorted(set(terms), key=lambda term: (-len(term), term))
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(_flexible, ordered)) + r")(?![\w-])")


def _flexible(term: str) -> str:
    if is_acronym(term):
        return re.escape(term)
    words = []
    for word in term.split():
        plural = r"(?:s|x)?" if len(word) > 3 and word[-1] not in "sx" else ""
        head = word[0]
        first = f"[{re.escape(head.upper())}{re.escape(head)}]" if head.isalpha() else re.escape(head)
        words.append(first + re.escape(word[1:]) + plural)
    return r"[ \u00a0]".join(words)


def is_acronym(term: str) -> bool:
    """Vrai pour un sigle, qui ne se lie qu’écrit tel quel.

    Parameters
    ----------
    term : str
        Terme du glossaire.

    Returns
    -------
    bool
        Vrai si le terme a au moins deux capitales et pas d’espace.

    Examples
    --------
    >>> is_acronym("IoU"), is_acronym("Vigicrues Flash")
    (True, False)
    """
    return " " not in term and sum(letter.isupper() for letter in term) >= 2


def link_first_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Lie la première apparition de chaque terme du glossaire dans une page.

    Parameters
    ----------
    app : Sphinx
        Application.
    doctree : document
        Page dont les renvois sont résolus, modifiée sur place.
    docname : str
        Nom de la page ; le glossaire lui-même et les pages hors du livre rédigé ne sont pas touchés.
    """
    terms = _terms(app)
    if docname == PAGE or not terms:
        return
    home = app.builder.get_relative_uri(docname, PAGE)
    targets = {
        node["refuri"].rpartition("#")[2]
        for node in doctree.findall(nodes.reference)
        if node.get("refuri", "").startswith(f"{home}#")
    }
    seen = {anchor for anchor in targets if anchor.startswith("term-")}
    finder = pattern(terms)
    for text in list(doctree.findall(nodes.Text)):
        if _is_prose(text):
            _link(text, finder, terms, home, seen)


def _terms(app: Sphinx) -> dict[str, str]:
    """Ancre de chaque terme à lier, par son écriture exacte."""
    kept: dict[str, str] | None = app.__dict__.get("formation_termes")
    if kept is None:
        common = {word.lower() for word in app.config["formation_mots_courants"]}
        objects = app.env.domains["std"].get_objects()
        kept = {
            name: anchor
            for name, _, kind, page, anchor, _ in objects
            if kind == "term" and page == PAGE and name.lower() not in common
        }
        app.__dict__["formation_termes"] = kept
    return kept


def _is_prose(text: nodes.Text) -> bool:
    inside: Any = text.parent
    read = False
    while inside is not None:
        if isinstance(inside, _NOT_PROSE):
            return False
        if isinstance(inside, balise):
            classes = set((inside["attrs"].get("class") or "").split())
            if inside["tag"] in _NOT_PROSE_TAGS or classes & _NOT_PROSE_CLASSES:
                return False
        read = read or isinstance(inside, _READ)
        inside = inside.parent
    return read


def _link(text: nodes.Text, finder: re.Pattern[str], terms: dict[str, str], home: str, seen: set[str]) -> None:
    content, pieces, end = text.astext(), [], 0
    for match in finder.finditer(content):
        anchor = terms.get(_known(match.group(), terms), "")
        if not anchor or anchor in seen:
            continue
        seen.add(anchor)
        pieces.append(nodes.Text(content[end : match.start()]))
        link = nodes.reference("", "", internal=True, refuri=f"{home}#{anchor}", classes=["terme"])
        link += nodes.inline("", match.group(), classes=["xref", "std", "std-term"])
        pieces.append(link)
        end = match.end()
    if pieces:
        pieces.append(nodes.Text(content[end:]))
        text.parent.replace(text, [piece for piece in pieces if not isinstance(piece, nodes.Text) or piece.astext()])


def _known(found: str, terms: dict[str, str]) -> str:
    """Terme du glossaire tel qu’il y est écrit, pour un texte trouvé au pluriel ou avec une capitale."""
    if found in terms:
        return found
    return next((term for term in terms if re.fullmatch(_flexible(term), found)), "")
