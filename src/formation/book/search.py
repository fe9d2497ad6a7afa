"""Recherche en français qui ignore les accents, et extraits des pages pour afficher les résultats hors ligne."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.search.fr import SearchFrench, french_stopwords

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def fold_accents(text: str) -> str:
    """Minuscules sans accents, ligatures ouvertes ; le script de recherche fait la même chose.

    Parameters
    ----------
    text : str
        Texte.

    Returns
    -------
    str
        Texte replié.

    Examples
    --------
    >>> fold_accents("Élections, cœur")
    'elections, coeur'
    """
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFD", lowered)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


class FoldedFrench(SearchFrench):
    """Français sans accents : on replie avant de chercher la racine, à l’indexation comme dans la question."""

    stopwords = frozenset(fold_accents(word) for word in french_stopwords)  # type: ignore[assignment]

    def split(self, input: str) -> list[str]:  # noqa: A002 — nom imposé par Sphinx
        """Mots d’un texte, repliés.

        Parameters
        ----------
        input : str
            Texte.

        Returns
        -------
        list of str
            Mots, sans accents ni majuscules.
        """
        return [str(word) for word in self._word_re.findall(fold_accents(input))]

    def stem(self, word: str) -> str:
        """Racine d’un mot replié.

        Parameters
        ----------
        word : str
            Mot, replié ou non.

        Returns
        -------
        str
            Racine.
        """
        return str(self.stemmer.stemWord(fold_accents(word)))


def sections(doctree: nodes.document) -> list[tuple[str, str, str]]:
    """Découpe une page en sections pour les extraits.

    Parameters
    ----------
    doctree : document
        Page lue.

    Returns
    -------
    list of tuple
        Ancre (vide pour le début de la page), titre et texte de chaque section.
    """
    found: list[tuple[str, str, str]] = []

    def text_of(node: nodes.Node) -> str:
        if isinstance(node, nodes.section | nodes.title | nodes.raw | nodes.comment) or _is_seen(node):
            return ""
        if isinstance(node, nodes.Text):
            return str(node.astext())
        separator = "" if isinstance(node, nodes.TextElement) else " "
        return str(separator.join(text_of(child) for child in node.children))

    for depth, section in enumerate(doctree.findall(nodes.section)):
        title = next((child.astext() for child in section.children if isinstance(child, nodes.title)), "")
        anchor = "" if depth == 0 else section["ids"][0]
        text = " ".join(" ".join(text_of(child) for child in section.children).split())
        found.append((anchor, title, text))
    return found


def _is_seen(node: nodes.Node) -> bool:
    """Vrai pour un résultat montré en image ou en tableau : son texte de secours n’est pas dans la page."""
    if not isinstance(node, nodes.container) or node.get("nb_element") != "mime_bundle":
        return False
    return any(re.match("text/html|image/", str(child.get("mime_type", ""))) for child in node.children)


def write_extracts(app: Sphinx, extracts: dict[str, list[tuple[str, str, str]]]) -> None:
    """Écrit `_static/extraits.js`, chargé par la seule page de recherche.

    Parameters
    ----------
    app : Sphinx
        Application.
    extracts : dict
        Sections de chaque page.
    """
    data = json.dumps(extracts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    target = Path(app.outdir) / "_static" / "extraits.js"
    target.write_text(f"Recherche.extraits({data});\n", encoding="utf-8")
