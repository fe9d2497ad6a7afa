"""Les rôles du livre dans un texte court, lus sans construire le livre : `{chiffre}`, `{src}`, `{term}` et les renvois.

Un seul lecteur sert aux diapositives et aux quiz ; chacun dit ensuite ce qu’il fait d’un rôle.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

KIND = "book_role"
"""Sorte des jetons que le lecteur rend pour un rôle ; son nom est dans `meta["name"]`, son texte dans `content`."""
ROLE = re.compile(r"\{(?P<name>[a-z][\w:-]*)\}`(?P<text>[^`]+)`")
_TITLED = re.compile(r"^(?P<shown>.*?)\s*<[^<>]*>$", re.DOTALL)


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """Lecteur de Markdown qui connaît les rôles et les tableaux, et n’interprète jamais de HTML.

    Returns
    -------
    MarkdownIt
        Toujours le même ; ne pas changer ses règles.
    """
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.inline.ruler.before("backticks", KIND, _read)
    return made


def _read(state: StateInline, silent: bool) -> bool:
    match = ROLE.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        token = state.push(KIND, "", 0)
        token.meta, token.content = {"name": match["name"]}, match["text"]
    state.pos = match.end()
    return True


def shown(content: str) -> str:
    """Mots qu’un rôle montre, sans la cible qui les suit.

    Parameters
    ----------
    content : str
        Texte du rôle.

    Returns
    -------
    str

    Examples
    --------
    >>> shown("faux positifs <faux positif>"), shown("calibration")
    ('faux positifs', 'calibration')
    """
    match = _TITLED.match(content)
    return match["shown"] if match else content


def keys(content: str) -> list[str]:
    """Clés que cite un renvoi de sources.

    Parameters
    ----------
    content : str
        Texte du rôle.

    Returns
    -------
    list of str

    Examples
    --------
    >>> keys("D10, S2")
    ['D10', 'S2']
    """
    return [key for part in content.split(",") if (key := part.strip())]
