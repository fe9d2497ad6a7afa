"""La page à projeter : un seul fichier, sans réseau, au clavier, imprimable avec ou sans les notes."""

from __future__ import annotations

import html
from functools import lru_cache
from pathlib import Path

from formation.book import tokens
from formation.errors import reason
from formation.files import write_atomic
from formation.palette import colour, pictogram
from formation.slides.deck import Deck, DiaposInvalides, Slide
from formation.slides.markup import blocks_html, text_html
from formation.slides.reading import folder
from formation.slides.resolving import Resolver

STATIC = Path(__file__).parent / "static"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
_KEYS = (
    ("→, Espace ou Page suivante", "diapositive suivante"),
    ("← ou Page précédente", "diapositive précédente"),
    ("Début, Fin", "première, dernière"),
    ("N", "montrer ou cacher les notes"),
    ("V", "vue d’ensemble"),
    ("O", "ouvrir l’écran de l’orateur, avec les notes et l’heure"),
    ("P", "imprimer"),
    ("?", "cette aide"),
)


def to_html(deck: Deck, *, book: str | None = None) -> str:
    """Écrit la page d’un jeu de diapositives.

    Parameters
    ----------
    deck : Deck
        Jeu lu.
    book : str or None
        Adresse relative du livre, « ../ » par exemple ; `None` s’il n’est pas à côté : les liens sont du texte.

    Returns
    -------
    str
        Page HTML entière. Sans JavaScript, toutes les diapositives se lisent l’une sous l’autre.

    Raises
    ------
    DiaposInvalides
        Si le jeu cite un chiffre, une source ou une page qui n’existe pas : tout est dit.
    """
    header = deck.header
    resolver = Resolver(folder().parents[1], book)
    slides = [_slide(slide, resolver) for slide in deck.slides]
    sources = _sources(deck, resolver)
    if resolver.problems:
        listed = "\n".join(f"- {problem}" for problem in dict.fromkeys(resolver.problems))
        raise DiaposInvalides(f"{deck.name}.md ne peut pas être projeté :\n{listed}")
    total = len(slides) + 1 + bool(sources)
    opening = (
        f'<p class="pictogramme" aria-hidden="true">{pictogram(header.sujet)}</p>'
        f"<h2>{html.escape(header.titre)}</h2>"
        f'<p class="objectif"><strong>Objectif\u00a0:</strong> {html.escape(header.goal)}</p>'
        f'<p class="duree">{header.duree_min}\u00a0minutes · {len(slides)}\u00a0diapositives</p>'
    )
    bodies = [("ouverture", header.titre, opening, ""), *slides]
    if sources:
        bodies.append(("sources", "Sources", sources, ""))
    shown = "\n".join(_section(rank, total, *body) for rank, body in enumerate(bodies, start=1))
    css, script = _assets()
    tint = f":root{{--sujet:{colour(header.sujet)}}}" + (
        f"@media screen and (prefers-color-scheme:dark){{:root{{--sujet:{colour(header.sujet, dark=True)}}}}}"
    )
    keys = "".join(f"<dt><kbd>{html.escape(key)}</kbd></dt><dd>{text}</dd>" for key, text in _KEYS)
    title = html.escape(header.titre)
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title} · diapositives</title>\n<style>{css}{tint}</style>\n</head>\n<body>\n"
        f'<header class="lu"><h1>{title}</h1></header>\n'
        f'<main id="diapos" aria-label="Diapositives\u00a0: {title}">\n{shown}\n</main>\n'
        f"{_toolbar()}\n"
        '<p id="annonce" class="lu" role="status"></p>\n'
        f'<dialog id="aide" aria-labelledby="aide-titre"><h2 id="aide-titre">Touches</h2><dl>{keys}</dl>'
        '<form method="dialog"><button>Fermer</button></form></dialog>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def write(deck: Deck, path: Path, *, book: str | None = None) -> Path:
    """Écrit la page d’un jeu de diapositives, d’un coup.

    Parameters
    ----------
    deck : Deck
        Jeu lu.
    path : Path
        Fichier `.html` ; son dossier existe.
    book : str or None
        Adresse relative du livre.

    Returns
    -------
    Path
        Fichier écrit.

    Raises
    ------
    DiaposInvalides
        Si le jeu cite ce qui n’existe pas, ou si le fichier ne peut pas être écrit.
    """
    try:
        write_atomic(path, to_html(deck, book=book).encode())
    except OSError as error:
        raise DiaposInvalides(
            f"« {path} » ne peut pas être écrit : {reason(error)}. Choisissez un autre endroit."
        ) from error
    return path


@lru_cache(maxsize=1)
def _assets() -> tuple[str, str]:
    light, dark = tokens.variables(dark=False), tokens.variables(dark=True)
    css = (STATIC / "diapos.css").read_text(encoding="utf-8")
    colours = f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return colours + css, (STATIC / "diapos.js").read_text(encoding="utf-8")


def _slide(slide: Slide, resolver: Resolver) -> tuple[str, str, str, str]:
    title = text_html(slide.title, resolver, inline=True)
    body = f"<h2>{title}</h2>{blocks_html(slide.blocks, resolver)}"
    return "", slide.title, body, text_html(slide.notes, resolver)


def _section(rank: int, total: int, kind: str, title: str, body: str, notes: str) -> str:
    label = html.escape(f"{rank} sur {total}", quote=True)
    aside = (
        f'<aside class="notes" aria-label="Notes du formateur"><p class="notes-titre">Notes</p>{notes}</aside>'
        if notes
        else ""
    )
    return (
        f'<section class="diapo {kind}" id="d{rank}" tabindex="-1" aria-roledescription="diapositive" '
        f'aria-label="{label}" data-titre="{html.escape(title, quote=True)}">'
        f'<div class="cadre">{body}</div><p class="numero" aria-hidden="true">{rank}\u202f/\u202f{total}</p>'
        f"{aside}</section>"
    )


def _sources(deck: Deck, resolver: Resolver) -> str:
    items = []
    for key in deck.cited():
        source = resolver.source(key)
        if source is None:
            continue
        tongue = ' lang="en"' if source.langue == "en" else ""
        title = f"<cite{tongue}>{html.escape(source.titre)}</cite>"
        if source.url.startswith("https://"):
            title = f'<a href="{html.escape(source.url, quote=True)}">{title}</a>'
        when = f", {html.escape(source.date)}" if source.date else ""
        author = html.escape(source.auteur_editeur)
        items.append(f'<li id="source-{key}"><span class="cle">{key}</span> {author}{when}. {title}</li>')
    return f'<h2>Sources</h2><ul class="liste-sources">{"".join(items)}</ul>' if items else ""


def _toolbar() -> str:
    buttons = (
        ("precedente", "Précédente", "Diapositive précédente"),
        ("suivante", "Suivante", "Diapositive suivante"),
        ("notes", "Notes", "Montrer les notes du formateur"),
        ("vue", "Vue d’ensemble", "Vue d’ensemble des diapositives"),
        ("orateur", "Orateur", "Ouvrir l’écran de l’orateur"),
        ("imprimer", "Imprimer", "Imprimer"),
        ("aide", "Touches", "Liste des touches"),
    )

    def pressed(action: str) -> str:
        return ' aria-pressed="false"' if action in ("notes", "vue") else ""

    items = "".join(
        f'<button type="button" data-action="{action}" aria-label="{label}"{pressed(action)}>{text}</button>'
        for action, text, label in buttons
    )
    return f'<nav id="barre" aria-label="Commandes des diapositives" hidden>{items}</nav>'
