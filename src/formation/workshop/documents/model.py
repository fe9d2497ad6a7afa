"""Un document neutre : titre, sections, et sept sortes de blocs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

_FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_URL = re.compile(r"https?://[^\s<>«»\"]*[^\s<>«»\".,;:!?)\]]")


def clean(text: object) -> str:
    """Texte sans les caractères qu’un fichier XML refuse.

    Parameters
    ----------
    text : object
        Texte, ou valeur à écrire.

    Returns
    -------
    str
        Texte accepté partout.

    Examples
    --------
    >>> clean("a" + chr(0) + "b")
    'ab'
    """
    return _FORBIDDEN.sub("", str(text))


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Découpe un texte en morceaux, les adresses à part.

    Parameters
    ----------
    text : str
        Texte simple.

    Yields
    ------
    tuple of str
        Morceau, et adresse (vide pour un morceau ordinaire).

    Examples
    --------
    >>> list(pieces("Voir https://cnil.fr."))
    [('Voir ', ''), ('https://cnil.fr', 'https://cnil.fr'), ('.', '')]
    """
    start = 0
    for found in _URL.finditer(text):
        if found.start() > start:
            yield text[start : found.start()], ""
        yield found.group(), found.group()
        start = found.end()
    if start < len(text):
        yield text[start:], ""


@dataclass(frozen=True)
class Paragraph:
    """Un paragraphe ; `strong` le met en valeur."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Bullets:
    """Une liste, à puces ou numérotée."""

    items: Sequence[str]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """Un tableau ; la première cellule d’une ligne en est le titre."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Check:
    """Une case à cocher."""

    text: str
    checked: bool = False


@dataclass(frozen=True)
class Checks:
    """Une liste de cases à cocher."""

    items: Sequence[Check]


@dataclass(frozen=True)
class Fill:
    """Un libellé, et des lignes à remplir à la main."""

    label: str
    lines: int = 1


Block = Paragraph | Bullets | Table | Checks | Fill


@dataclass(frozen=True)
class Section:
    """Une partie : un titre (facultatif) et ses blocs.

    Attributes
    ----------
    title : str
        Titre ; vide pour une partie sans titre.
    blocks : sequence of Block
        Contenu, dans l’ordre.
    level : int
        Niveau du titre : 2, ou 3 pour une partie d’une partie.
    """

    title: str
    blocks: Sequence[Block] = ()
    level: int = 2


@dataclass(frozen=True)
class Document:
    """Un document entier.

    Attributes
    ----------
    title : str
        Titre du document, et son seul titre de premier niveau.
    sections : sequence of Section
        Parties, dans l’ordre.
    subtitle : str
        Ligne écrite sous le titre.
    footer : str
        Dernier paragraphe, en petit : avertissement, licence.

    Examples
    --------
    >>> Document("Fiche", [Section("Faits", [Paragraph("Un fait.")])]).to_dict()["sections"][0]["titre"]
    'Faits'
    """

    title: str
    sections: Sequence[Section] = field(default_factory=list)
    subtitle: str = ""
    footer: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Document en types simples, prêts pour du JSON.

        Returns
        -------
        dict
            Titre, sous-titre, sections et pied.
        """
        return {
            "titre": self.title,
            "sous_titre": self.subtitle,
            "sections": [
                {"titre": section.title, "niveau": section.level, "blocs": [block_dict(b) for b in section.blocks]}
                for section in self.sections
            ],
            "pied": self.footer,
        }


def block_dict(block: Block) -> dict[str, Any]:
    """Bloc en types simples ; la page du livre écrit les mêmes.

    Parameters
    ----------
    block : Block
        Bloc.

    Returns
    -------
    dict
        Sorte de bloc et contenu.
    """
    if isinstance(block, Paragraph):
        return {"bloc": "paragraphe", "texte": block.text, "fort": block.strong}
    if isinstance(block, Bullets):
        return {"bloc": "liste", "elements": list(block.items), "numerotee": block.ordered}
    if isinstance(block, Table):
        return {
            "bloc": "tableau",
            "legende": block.caption,
            "entete": list(block.header),
            "lignes": [list(row) for row in block.rows],
        }
    if isinstance(block, Checks):
        return {"bloc": "cases", "elements": [{"texte": item.text, "cochee": item.checked} for item in block.items]}
    return {"bloc": "a_remplir", "libelle": block.label, "lignes": block.lines}
