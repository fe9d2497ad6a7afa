"""Documents à imprimer ou à reprendre : un même contenu, écrit en HTML, ODT, DOCX ou texte.

Un document est fait de sections, une section de blocs simples. Tout texte est du texte : rien n’y est interprété,
sauf les adresses `https://…`, qui deviennent des liens.
"""

from __future__ import annotations

from formation.workshop.documents.model import (
    Block,
    Bullets,
    Check,
    Checks,
    Document,
    Fill,
    Paragraph,
    Section,
    Table,
)
from formation.workshop.documents.writing import FORMATS, FicheImpossible, to_html, to_text, write

__all__ = [
    "FORMATS",
    "Block",
    "Bullets",
    "Check",
    "Checks",
    "Document",
    "FicheImpossible",
    "Fill",
    "Paragraph",
    "Section",
    "Table",
    "to_html",
    "to_text",
    "write",
]
