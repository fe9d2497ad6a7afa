"""Un texte court écrit en MyST, rendu sans construire le livre : une fois en HTML, une fois en texte nu."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from formation.book import roles
from formation.errors import FormationError
from formation.letters import french
from formation.project import root as project_root

if TYPE_CHECKING:
    from markdown_it.token import Token

ROLES = ("chiffre", "src", "term", "doc", "ref")
"""Rôles du livre qu’un texte court peut employer."""
_TAGS = {"strong_open": "<strong>", "strong_close": "</strong>", "em_open": "<em>", "em_close": "</em>"}


class TexteInvalide(FormationError):
    """Un texte court emploie un rôle inconnu, ou un chiffre qui n’existe pas."""


@dataclass(frozen=True, slots=True)
class Rich:
    """Un texte court, prêt à afficher.

    Attributes
    ----------
    html : str
        HTML en ligne : gras, italique, code et rien d’autre ; un lien seulement si on a dit où il mène.
    text : str
        Le même, sans balise.
    sources : tuple of str
        Clés des sources citées, dans l’ordre du texte.

    Examples
    --------
    >>> Rich("<em>oui</em>", "oui").text
    'oui'
    """

    html: str
    text: str
    sources: tuple[str, ...] = ()


@dataclass
class _Output:
    html: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    def say(self, words: str, html: str | None = None) -> None:
        self.html.append(escape(words, quote=False) if html is None else html)
        self.text.append(words)


def inline(
    text: str, root: Path | None = None, *, cite: bool = True, link: Callable[[str], str | None] | None = None
) -> Rich:
    """Rend un texte court écrit en MyST : gras, italique, code, liens et rôles du livre.

    Parameters
    ----------
    text : str
        Texte court ; les retours à la ligne valent un espace, comme dans le livre.
    root : Path, optional
        Racine du projet, où lire les chiffres ; par défaut, celle du dépôt.
    cite : bool
        Vrai pour écrire un renvoi de source « [D10] », faux pour le taire ; `sources` le garde toujours.
    link : callable, optional
        Reçoit la cible d’un lien telle qu’elle est écrite et rend son adresse, ou `None` pour n’écrire que le
        texte du lien. Par défaut, aucun lien n’est écrit : hors du livre, la page n’est pas là.

    Returns
    -------
    Rich
        HTML, texte nu et sources citées.

    Raises
    ------
    TexteInvalide
        Si un rôle n’est pas connu ou si un chiffre n’existe pas ; tous les défauts sont dits.

    Examples
    --------
    >>> inline("Un **bon** repère {src}`D10` : `a < b`.")
    Rich(html='Un <strong>bon</strong> repère [D10] : <code>a &lt; b</code>.', text='Un bon repère [D10] : a < b.', sources=('D10',))
    """  # noqa: E501
    place = root or project_root()
    tokens = roles.parser().parseInline(re.sub(r"[ \t\n]+", " ", text).strip(" "))
    output, problems = _Output(), []
    href: list[bool] = []
    for token in tokens[0].children or []:
        if token.type == roles.KIND:
            try:
                _role(token.meta["name"], token.content, place, output, cite=cite)
            except FormationError as error:
                problems.append(str(error))
        elif token.type == "link_open":
            address = link(str(token.attrGet("href"))) if link else None
            href.append(address is not None)
            output.html.append(f'<a href="{escape(address)}">' if address is not None else "")
        elif token.type == "link_close":
            output.html.append("</a>" if href.pop() else "")
        else:
            _plain(token, output)
    if problems:
        raise TexteInvalide(" ".join(problems))
    return Rich("".join(output.html), "".join(output.text), tuple(dict.fromkeys(output.sources)))


def _plain(token: Token, output: _Output) -> None:
    if token.type in _TAGS:
        output.html.append(_TAGS[token.type])
    elif token.type == "code_inline":
        output.say(token.content, f"<code>{escape(token.content, quote=False)}</code>")
    elif token.type in ("softbreak", "hardbreak"):
        output.say(" ")
    elif token.type == "image":
        output.say(token.content)
    else:
        output.say(french(token.content))


def _role(name: str, content: str, root: Path, output: _Output, *, cite: bool) -> None:
    from formation.book.key_figures import find_number

    if name == "chiffre":
        output.say(find_number(content, root)[0])
    elif name == "src":
        keys = roles.keys(content)
        output.sources += keys
        if cite:
            output.say("".join(f"[{key}]" for key in keys))
        else:
            _drop_space(output)
    elif name in ROLES:
        output.say(roles.shown(content))
    else:
        known = ", ".join("{" + role + "}" for role in ROLES)
        raise TexteInvalide(f"« {{{name}}}`{content}` » : ce rôle n’est pas connu hors du livre. Rôles lus : {known}.")


def _drop_space(output: _Output) -> None:
    """Retire l’espace qui précédait un renvoi qu’on ne montre pas."""
    for parts in (output.html, output.text):
        if parts:
            parts[-1] = parts[-1].removesuffix(" ")


def gathered(texts: Sequence[Rich]) -> tuple[str, ...]:
    """Sources citées par plusieurs textes, chacune une fois.

    Parameters
    ----------
    texts : sequence of Rich
        Textes, dans l’ordre de lecture.

    Returns
    -------
    tuple of str
        Clés.

    Examples
    --------
    >>> gathered([Rich("", "", ("D10", "S2")), Rich("", "", ("D10",))])
    ('D10', 'S2')
    """
    return tuple(dict.fromkeys(key for text in texts for key in text.sources))
