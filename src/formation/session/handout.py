"""Le livret du stagiaire : programme, objectifs, ce qu’il faut retenir, mots employés, place pour écrire."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from formation.numbers import duration, plural
from formation.pathways.model import Sequence
from formation.pathways.project import plain_title, slug
from formation.project import SourcesIntrouvables
from formation.project import root as project_root
from formation.session.accord import paired
from formation.session.closures import weekday
from formation.session.model import Session, clock
from formation.session.runsheet import timetable

NOTES_LINES, THINGS_TO_DO = 4, 3
_FOR_TRAINERS = "note-pedagogique"
_HEADING = re.compile(r"^# +(.+)$", re.MULTILINE)
_SECTION = re.compile(r"^##+ +(.+)$", re.MULTILINE)
_CSS = (
    "thead th:first-child{min-width:9rem}.a-la-main .ligne{margin:0}"
    ".livret-sequence{break-inside:avoid;margin-top:1rem}dl.mots{columns:2;column-gap:2rem}"
    "dl.mots dt,.avant{break-after:avoid}@page{margin:13mm 15mm 14mm}"
    "@media print{html{line-height:1.4}.ligne{height:1.6rem}td,th{padding:.2rem .5rem}"
    ".livret-sequence li{margin:0}.livret-sequence h3{margin:.5rem 0 .2rem}h2{margin-top:1rem}"
    ".mots{font-size:.9rem;line-height:1.3}.mots dt{margin-top:.2rem}.mots dd{margin:0}"
    "ul.pages{columns:2;column-gap:2rem}.pages .discret{display:none}}"
    "@media screen and (max-width:40rem){dl.mots{columns:1}}"
)


def page_title(name: str, root: Path | None = None) -> str:
    """Titre d’une page du livre.

    Parameters
    ----------
    name : str
        Page, par exemple `book/cas/eau` ou `book/cas/eau#l-option-sans-ia`.
    root : Path, optional
        Racine du projet ; par défaut celle du paquet.

    Returns
    -------
    str
        Premier titre de la page, ou son nom si elle n’existe pas.

    Examples
    --------
    >>> page_title("book/glossaire")
    'Glossaire'
    """
    file = project_root(given=root) / f"{name.partition('#')[0]}.md"
    if not file.is_file():
        return name
    found = _HEADING.search(file.read_text(encoding="utf-8"))
    return plain_title(found[1]).strip() if found else name


def passage(link: str, root: Path | None = None) -> str:
    """Passage du livre, dit par ses titres : une adresse de fichier ne dit rien à qui tient une feuille.

    Parameters
    ----------
    link : str
        Page et ancre, par exemple `book/cas/eau#loption-sans-ia`.
    root : Path, optional
        Racine du projet ; par défaut celle du paquet.

    Returns
    -------
    str
        « page », et la partie si l’ancre est celle d’un titre ; le lien, si le paquet est installé sans le livre.

    Examples
    --------
    >>> "L’option sans IA" in passage("book/cas/eau#loption-sans-ia")
    True
    """
    page, _, anchor = link.partition("#")
    try:
        file = project_root(given=root) / f"{page}.md"
    except SourcesIntrouvables:  # on clôt aussi une session loin du projet
        return link
    titles = _SECTION.findall(file.read_text(encoding="utf-8")) if anchor and file.is_file() else []
    found = next((title for title in map(plain_title, titles) if slug(title) == slug(anchor)), "").strip()
    told = f"«\u00a0{page_title(page, root)}\u00a0»"
    return f"{told}, partie «\u00a0{found}\u00a0»" if found else told


def handout_html(session: Session) -> str:
    """Livret du stagiaire : sans note du formateur, sans réponse aux quiz, sans nom de stagiaire.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    str
        Page HTML autonome, à projeter ou à imprimer.

    Raises
    ------
    SessionInvalide
        Si parcours.yml ne s’accorde plus avec les demi-journées datées.
    """
    from formation.printing.layout import page

    title = f"Livret – {session.title}"
    body = "".join([f"<h1>{escape(title)}</h1>", *_parts(session)])
    return page(title, body, css=_CSS, description="Livret du stagiaire : programme, objectifs, points à retenir.")


def _parts(session: Session) -> Iterator[str]:
    yield _identity(session)
    yield "<h2>Ce que vous saurez faire</h2>" + _table(
        "Objectifs, et ce qui dira qu’ils sont atteints",
        ("Objectif", "Critère"),
        [(escape(one.texte), escape(one.critere)) for one in session.pathway.objectifs],
    )
    if session.pathway.prerequis:
        items = "".join(
            f"<li>{escape(one.texte)} À revoir dans «\u00a0{escape(page_title(one.acquerir))}\u00a0» "
            f'<span class="discret">({escape(one.acquerir)})</span></li>'
            for one in session.pathway.prerequis
        )
        yield f"<h2>Avant de venir</h2><ul>{items}</ul>"
    yield "<h2>Programme</h2>"
    for slot, half in paired(session):
        rows = [
            (
                f"{clock(moment.start)}\u00a0–\u00a0{clock(moment.end)}",
                escape(moment.item.titre if isinstance(moment.item, Sequence) else "Pause"),
            )
            for moment in timetable(half, slot)
        ]
        yield _table(f"{slot.title} – {weekday(slot.date)}, {slot.hours}", ("Heure", "Séquence"), rows)
    yield from _takeaways(session)
    yield _words(session)
    yield _reading(session)
    yield (
        "<h2>Vos données, votre attestation</h2><p>Vos nom, courriel, présences et réponses servent à préparer la "
        "session, à l’évaluer et à établir votre attestation de fin de formation. Elle dit ce qui a été évalué et ce "
        "qui est atteint ; elle ne vaut pas certification. Le questionnaire de satisfaction ne demande pas votre nom. "
        f"{_erasure(session)}</p>"
    )


def _identity(session: Session) -> str:
    rows = [
        ("Parcours", session.pathway.titre),
        ("Organisme", session.organisation),
        ("Lieu", session.place),
        ("Formateurs", ", ".join(session.trainers)),
        *((slot.title, f"{weekday(slot.date)}, {slot.hours}") for slot in session.slots),
        ("Durée de formation", f"{duration(session.training_min)}, pauses non comptées"),
    ]
    shown = [(escape(name), escape(text)) for name, text in rows if text]
    return "<h2>Votre session</h2>" + _table("La session", ("Quoi", "Précision"), shown)


def _erasure(session: Session) -> str:
    if session.erase_on is None:
        return "Demandez à l’organisme combien de temps il les garde."
    return f"Vos données seront effacées du dossier de la session à partir du {weekday(session.erase_on)}."


def _table(caption: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Tableau dont les cases sont déjà échappées ; la première de chaque ligne en est le titre."""
    head = "".join(f'<th scope="col">{name}</th>' for name in header)
    body = "".join(
        f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"
        for first, *rest in rows
    )
    label = escape(caption, quote=True)
    return (
        f'<div class="defile" tabindex="0" role="region" aria-label="{label}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _takeaways(session: Session) -> Iterator[str]:
    """Pages des diaporamas, dans l’ordre, puis la place d’écrire ce que l’on en fera."""
    from formation import slides

    known = set(slides.names())
    for name in session.pathway.decks():
        if name in known:
            yield str(slides.handout_html(slides.read(name), level=2, lines=NOTES_LINES))
    lines = '<p class="ligne" aria-hidden="true"></p>' * THINGS_TO_DO
    yield (
        '<section class="livret-sequence"><h2>Et après ?</h2><p>Trois choses que je ferai dans ma collectivité, avec '
        f'qui, et pour quand.</p><div class="a-la-main">{lines}</div></section>'
    )


def _words(session: Session) -> str:
    from formation.session.lexicon import used_words

    words = used_words(session.pathway)
    if not words:
        return ""
    items = "".join(f"<dt>{escape(name)}</dt><dd>{text}</dd>" for name, text in words)
    count = plural(len(words), "mot")
    said = f'<p class="avant">{count}, définis comme dans le livre.</p>'
    return f'<h2>Les mots employés</h2>{said}<dl class="mots">{items}</dl>'


def _reading(session: Session) -> str:
    pages = [name for name in session.pathway.pages() if not name.endswith(_FOR_TRAINERS)]
    if not pages:
        return ""
    items = "".join(
        f'<li>{escape(page_title(name))} <span class="discret">({escape(name)})</span></li>' for name in pages
    )
    said = "<p>Pages du livre, avec leur place dans le livre en ligne.</p>"
    return f'<h2>Pour relire</h2>{said}<ul class="pages">{items}</ul>'
