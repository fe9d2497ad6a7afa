"""Ce qu’un participant garde d’un jeu de diapositives."""

from __future__ import annotations

import html

from formation.slides.deck import TAKE_AWAY, Deck, Slide
from formation.slides.markup import blocks_html, text_html
from formation.slides.reading import folder
from formation.slides.resolving import Resolver


def handout_html(deck: Deck, *, level: int = 2, book: str | None = None, lines: int = 6) -> str:
    """Pages du livret : l’objectif, le fil des idées, ce qu’il faut retenir, de la place pour écrire.

    Parameters
    ----------
    deck : Deck
        Jeu de diapositives.
    level : int
        Niveau du titre, de 1 à 5.
    book : str or None
        Adresse relative du livre ; `None` s’il n’est pas à côté.
    lines : int
        Lignes à remplir à la main.

    Returns
    -------
    str
        Fragment HTML, sans les notes du formateur.
    """
    resolver = Resolver(folder().parents[1], book)
    header = deck.header
    *ideas, last = deck.slides
    points = "".join(f"<li>{text_html(slide.title, resolver, inline=True)}</li>" for slide in ideas)
    rule = '<p class="ligne" aria-hidden="true"></p>'
    return (
        f'<section class="livret-sequence"><h{level}>{html.escape(header.titre)}</h{level}>'
        f"<p><strong>Objectif\u00a0:</strong> {html.escape(header.goal)}</p>"
        f'<h{level + 1}>Le fil</h{level + 1}><ol start="2">{points}</ol>'
        f"<h{level + 1}>À retenir</h{level + 1}>{_kept(last, resolver)}"
        f'<h{level + 1}>Mes notes</h{level + 1}><div class="a-la-main">{rule * lines}</div></section>'
    )


def _kept(slide: Slide, resolver: Resolver) -> str:
    inside = [block for block in slide.every_block() if block.kind == TAKE_AWAY]
    if inside:
        return "".join(text_html(block.text, resolver) for block in inside)
    return blocks_html(slide.blocks, resolver)
