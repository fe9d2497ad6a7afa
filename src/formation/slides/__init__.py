"""Diapositives d’une formation : du texte, un dossier de notes, une page à projeter qui marche sans réseau.

Examples
--------
>>> from formation import slides
>>> deck = slides.parse(slides.EXAMPLE, name="exemple")
>>> len(deck.slides), deck.slides[-1].title
(2, 'À retenir')
"""

from __future__ import annotations

from formation.lazy import face

_WHERE = {
    "EXAMPLE": "deck",
    "Deck": "deck",
    "DiaposInvalides": "deck",
    "Slide": "deck",
    "check": "checking",
    "export": "exporting",
    "folder": "reading",
    "handout_html": "handout",
    "names": "reading",
    "parse": "reading",
    "path": "reading",
    "read": "reading",
    "to_html": "page",
    "write": "page",
}

__getattr__, __dir__, __all__ = face(
    __name__, _WHERE, ("checking", "deck", "exporting", "handout", "markup", "page", "reading", "resolving")
)
