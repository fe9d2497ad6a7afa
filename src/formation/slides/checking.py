"""Ce qu’un jeu de diapositives doit tenir pour être projeté, et pour aider celui qui parle."""

from __future__ import annotations

import re

from formation.book import roles
from formation.letters import without_accents
from formation.slides import markup
from formation.slides.deck import BARS, TAKE_AWAY, Deck, Slide
from formation.slides.reading import folder
from formation.slides.resolving import Resolver

FEWEST, MOST = 8, 14
MOST_WORDS, FEWEST_NOTES = 70, 25
_WORD = re.compile(r"[\w’'-]*\w")


def check(deck: Deck) -> list[str]:
    """Relit un jeu de diapositives.

    Parameters
    ----------
    deck : Deck
        Jeu lu.

    Returns
    -------
    list of str
        Défauts, avec leur ligne ; vide si tout va bien.
    """
    found = []
    if not FEWEST <= len(deck.slides) <= MOST:
        found.append(f"{len(deck.slides)} diapositives : il en faut de {FEWEST} à {MOST}")
    titles = [slide.title for slide in deck.slides]
    found += [f"titre répété : « {title} »" for title in sorted({t for t in titles if titles.count(t) > 1})]
    if not any(block.kind == "activite" for slide in deck.slides for block in slide.every_block()):
        found.append("aucune activité : un groupe qui n’a rien fait n’a rien appris")
    last = without_accents(deck.slides[-1].title).casefold() if deck.slides else ""
    kinds = [block.kind for block in deck.slides[-1].every_block()] if deck.slides else []
    if not (last.startswith("a retenir") or TAKE_AWAY in kinds):
        found.append("la dernière diapositive doit être « À retenir »")
    for slide in deck.slides:
        found += [f"ligne {slide.line}, « {slide.title} » : {text}" for text in _slide(slide)]
    return found + _unresolved(deck)


def _slide(slide: Slide) -> list[str]:
    found = []
    words = visible_words(slide)
    if words > MOST_WORDS:
        found.append(f"{words} mots à l’écran ; {MOST_WORDS} au plus")
    said = len(_WORD.findall(slide.notes))
    if said < FEWEST_NOTES:
        found.append(f"{said} mots de notes ; au moins {FEWEST_NOTES}")
    for block in slide.every_block():
        if block.kind == BARS and not 2 <= len(markup.bar_rows(block)) <= 7:
            found.append("un graphique en barres a de 2 à 7 lignes")
        if block.kind == "activite" and not re.search(r"\d+\s*min", block.argument):
            found.append("une activité dit sa durée : « ::: activite 10 min »")
    return found


def visible_words(slide: Slide) -> int:
    """Mots à l’écran, hors tableaux.

    Parameters
    ----------
    slide : Slide
        Diapositive.

    Returns
    -------
    int
    """
    lines = [
        line
        for block in slide.every_block()
        for line in (block.argument, *block.lines)
        if not line.lstrip().startswith("|")
    ]
    text = "\n".join([slide.title, *lines])
    text = roles.ROLE.sub(_spoken, text)
    text = re.sub(r"\]\([^)]*\)", "", text)
    return len(_WORD.findall(text))


def _spoken(match: re.Match[str]) -> str:
    if match["name"] == "src":
        return ""
    return "0" if match["name"] == "chiffre" else roles.shown(match["text"])


def _unresolved(deck: Deck) -> list[str]:
    resolver = Resolver(folder().parents[1], book="")
    for slide in deck.slides:
        markup.text_html(slide.title, resolver, inline=True)
        markup.blocks_html(slide.blocks, resolver)
        markup.text_html(slide.notes, resolver)
    for page in deck.header.pages:
        resolver.address(page)
    return list(dict.fromkeys(resolver.problems))
