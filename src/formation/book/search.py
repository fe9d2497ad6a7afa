"""Recherche en français qui ignore les accents, et extraits des pages pour afficher les résultats hors ligne."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.search import js_index
from sphinx.search.fr import SearchFrench, french_stopwords

from formation.letters import fold

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class FoldedFrench(SearchFrench):
    """Français sans accents : on replie avant de chercher la racine, à l’indexation comme dans la question.

    Le script de recherche (`recherche.js`) replie de la même façon que `formation.letters.fold`.
    """

    stopwords = frozenset(fold(word) for word in french_stopwords)  # type: ignore[assignment]

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
        return [str(word) for word in self._word_re.findall(fold(input))]

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
        return str(self.stemmer.stemWord(fold(word)))


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


def write_index(app: Sphinx, extracts: dict[str, list[tuple[str, str, str]]]) -> None:
    """Écrit `_static/recherche/` : ce que la page de recherche charge à la demande.

    L’index de Sphinx est découpé par première lettre, et les extraits par page : une recherche ne charge que les mots
    demandés et les pages montrées, quelle que soit la longueur du livre.

    Parameters
    ----------
    app : Sphinx
        Application, l’index de Sphinx écrit.
    extracts : dict
        Sections de chaque page.
    """
    index = js_index.loads((Path(app.outdir) / "searchindex.js").read_text(encoding="utf-8"))
    folder = Path(app.outdir) / "_static" / "recherche"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pages = {"docnames": index["docnames"], "titles": index["titles"]}
    _write(folder / "pages.js", "pages", pages)
    shards: dict[str, dict[str, dict[str, Any]]] = {}
    for table in ("terms", "titleterms"):
        for word, found in index[table].items():
            shards.setdefault(shard(word), {"terms": {}, "titleterms": {}})[table][word] = found
    for name, words in shards.items():
        _write(folder / f"mots-{name}.js", "mots", name, words)
    for number, docname in enumerate(index["docnames"]):
        _write(folder / f"page-{number}.js", "extraits", number, extracts.get(docname, []))


def shard(word: str) -> str:
    """Nom du morceau d’index où se trouve un mot ; le script de recherche fait la même chose.

    Parameters
    ----------
    word : str
        Racine d’un mot, repliée.

    Returns
    -------
    str
        Première lettre, ou « autres ».

    Examples
    --------
    >>> shard("eau"), shard("2026"), shard("œ")
    ('e', '2', 'autres')
    """
    return word[0] if re.match("[a-z0-9]", word) else "autres"


def _write(target: Path, function: str, *values: Any) -> None:
    texts = (json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True) for value in values)
    target.write_text(f"Recherche.{function}({','.join(texts)});\n", encoding="utf-8")
