"""Le conducteur : qui fait quoi, à quelle heure, avec quoi, minute par minute."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time
from html import escape

from formation.numbers import duration, plural
from formation.pathways.model import HalfDay, Pause, Sequence
from formation.session.accord import paired
from formation.session.closures import weekday
from formation.session.model import Session, Slot, clock
from formation.workshop.documents import Block, Bullets, Document, Fill, Paragraph, Section, Table

MINUTES_PER_HOUR = 60
_BETWEEN = "\u00a0; "
Name = Callable[[str], str]


@dataclass(frozen=True)
class Moment:
    """Une séquence ou une pause, à son heure.

    Parameters
    ----------
    start, end : datetime.time
        Heures.
    item : Sequence or Pause
        Ce qui se passe.
    steps : tuple of (time, time)
        Début et fin de chaque étape ; vide pour une pause.
    """

    start: time
    end: time
    item: Sequence | Pause
    steps: tuple[tuple[time, time], ...] = ()


def at(start: time, minutes: int) -> time:
    """Heure, tant de minutes après le début.

    Parameters
    ----------
    start : datetime.time
        Début.
    minutes : int
        Minutes écoulées.

    Returns
    -------
    datetime.time

    Examples
    --------
    >>> at(time(9, 50), 25)
    datetime.time(10, 15)
    """
    return time(*divmod((start.hour * MINUTES_PER_HOUR + start.minute + minutes) % (24 * MINUTES_PER_HOUR), 60))


def timetable(half: HalfDay, slot: Slot) -> list[Moment]:
    """Horaire d’une demi-journée, étape par étape.

    Parameters
    ----------
    half : HalfDay
        Demi-journée du parcours.
    slot : Slot
        La même, datée : c’est son heure de début qui compte.

    Returns
    -------
    list of Moment
        Séquences et pauses, dans l’ordre ; la fin de l’une est le début de la suivante.
    """
    moments = []
    for minute, item in half.timetable():
        steps, done = [], minute
        for step in item.etapes if isinstance(item, Sequence) else ():
            steps.append((at(slot.start, done), at(slot.start, done + step.minutes)))
            done += step.minutes
        moments.append(Moment(at(slot.start, minute), at(slot.start, minute + item.minutes), item, tuple(steps)))
    return moments


def deck_title(name: str) -> str:
    """Titre d’un jeu de diapositives, ou son nom s’il n’est pas dans le projet.

    Parameters
    ----------
    name : str
        Nom du jeu.

    Returns
    -------
    str
    """
    from formation import slides

    return str(slides.read(name).header.titre) if name in slides.names() else name


def run_sheet(session: Session, *, deck_title: Name | None = None, page_title: Name | None = None) -> Document:
    """Conducteur de la session.

    Parameters
    ----------
    session : Session
        Session.
    deck_title, page_title : callable, optional
        Rend le titre d’un diaporama, d’une page du livre ; par défaut leur nom.

    Returns
    -------
    Document
        À écrire en HTML, ODT ou DOCX.

    Raises
    ------
    SessionInvalide
        Si parcours.yml ne s’accorde plus avec les demi-journées datées.
    """
    deck, page = deck_title or str, page_title or str
    sections = [
        Section("En bref", list(_brief(session))),
        Section("Ce que les participants sauront faire", [_objectives(session)]),
        Section("À réunir avant de commencer", [Bullets(material(session))]),
    ]
    for slot, half in paired(session):
        moments = timetable(half, slot)
        sections.append(Section(f"{slot.title} – {weekday(slot.date)}", [_overview(slot, moments, deck)]))
        sections += [_section(session, slot, moment, deck, page) for moment in moments]
    return Document(
        title=f"Conducteur – {session.title}",
        subtitle=" · ".join(part for part in (session.organisation, session.place, session.mode) if part),
        sections=sections,
        footer="Les heures suivent le parcours à la minute ; la colonne « heure réelle » sert à décider, en séance, ce "
        "que l’on raccourcit. Ce document ne contient aucun nom de stagiaire.",
    )


def _brief(session: Session) -> Iterator[Block]:
    pathway = session.pathway
    rows = [
        ("Parcours", pathway.titre),
        ("Public", pathway.public),
        ("Groupe prévu", f"de {pathway.groupe.minimum} à {pathway.groupe.maximum} personnes"),
        ("Inscrits", plural(len(session.participants), "personne")),
        ("Durée de formation", f"{duration(session.training_min)}, pauses non comptées"),
        ("Formateurs", ", ".join(session.trainers) or "à compléter"),
        *((slot.title, f"{weekday(slot.date)}, {slot.hours}") for slot in session.slots),
    ]
    yield Table("La session", ("Quoi", "Précision"), [(f"{name}", text) for name, text in rows])


def _objectives(session: Session) -> Table:
    rows = [(f"{rank}. {one.texte}", one.critere) for rank, one in enumerate(session.pathway.objectifs, start=1)]
    return Table("Objectifs et critères", ("Objectif", "Ce qui le prouve"), rows)


def material(session: Session) -> list[str]:
    """Matériel de toutes les séquences, sans doublon.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    list of str
    """
    found = [text for sequence in session.pathway.sequences() for text in sequence.materiel]
    return list(dict.fromkeys(text[0].upper() + text[1:] for text in found)) or ["Rien de particulier"]


def _range(start: time, end: time) -> str:
    return f"{clock(start)}\u00a0–\u00a0{clock(end)}"


def _overview(slot: Slot, moments: list[Moment], deck: Name) -> Table:
    rows = []
    for one in moments:
        shown, title = (one.item.diapos, one.item.titre) if isinstance(one.item, Sequence) else (None, "Pause")
        length = f"{one.item.minutes}\u00a0min"
        rows.append((_range(one.start, one.end), length, title, deck(shown) if shown else "", ""))
    caption = f"Horaire du {slot.date:%d/%m}, {slot.hours}"
    return Table(caption, ("Heure", "Durée", "Séquence", "Diapositives", "Heure réelle"), rows)


def _section(session: Session, slot: Slot, moment: Moment, deck: Name, page: Name) -> Section:
    when = _range(moment.start, moment.end)
    item = moment.item
    if isinstance(item, Pause):
        return Section(f"{when} – Pause", [Paragraph(_during_pause(moment))], level=3)
    ranks = {one.id: str(rank) for rank, one in enumerate(session.pathway.objectifs, start=1)}
    blocks: list[Block] = [Paragraph(f"Méthode\u00a0: {item.methode}.".replace("..", "."))]
    if item.diapos:
        blocks.append(Paragraph(f"Diapositives\u00a0: {deck(item.diapos)} (diapositives/{item.diapos}.html)."))
    for label, texts in (
        ("Matériel", item.materiel),
        ("À avoir lu, à ouvrir", [f"{page(name)} ({name})" for name in item.supports]),
        ("Exercices", item.exercices),
        ("Objectifs visés, numérotés en tête", [ranks[name] for name in item.vise]),
    ):
        if texts:
            blocks.append(Paragraph(f"{label}\u00a0: {_BETWEEN.join(texts)}."))
    rows = [
        (_range(start, end), f"{step.minutes}\u00a0min", step.anime, step.produit)
        for (start, end), step in zip(moment.steps, item.etapes, strict=True)
    ]
    header = ("Heure", "Durée", "Ce que fait le formateur", "Ce que produisent les participants")
    blocks += [
        Table(f"Déroulé du {slot.date:%d/%m}, {when} ({plural(item.minutes, 'minute')})", header, rows),
        Paragraph(f"Évaluation\u00a0: {item.evaluation}"),
        Fill("Notes du formateur (à garder pour la prochaine fois)\u00a0:", 1),
    ]
    return Section(f"{when} – {item.titre}", blocks, level=3)


def _during_pause(moment: Moment) -> str:
    return (
        f"{plural(moment.item.minutes, 'minute')}. Reprise à {clock(moment.end)}. Saisissez les réponses déjà rendues, "
        "faites signer la feuille d’émargement à qui ne l’a pas fait, préparez la séquence suivante."
    )


def run_sheet_html(document: Document) -> str:
    """Page du conducteur, pour l’écran et l’impression.

    Parameters
    ----------
    document : Document
        Conducteur, rendu par `run_sheet`.

    Returns
    -------
    str
        Page HTML autonome.
    """
    from formation.printing.layout import page
    from formation.workshop.documents.model import clean
    from formation.workshop.documents.writing import to_fragment

    # une séquence ne se coupe pas : debout, on ne tourne pas la page au milieu d’un déroulé
    parts = _BEFORE_TITLE.split(to_fragment(document=document))
    whole = "".join(f"<section>{part}</section>" if part.startswith("<h3") else part for part in parts)
    body = f"<h1>{escape(clean(document.title))}</h1>{whole}"
    body += f'<p class="discret">{escape(clean(document.footer))}</p>'
    return page(document.title, body, css=_CSS, description="Conducteur minute par minute de la session.")


_BEFORE_TITLE = re.compile("(?=<h[23])")
_CSS = (
    "@page{margin:13mm 14mm 15mm}section thead th:first-child{min-width:7.2rem}"
    "@media print{html{font-size:11pt}section{break-inside:avoid}section p{margin:.25rem 0}"
    "ul{columns:2;column-gap:2rem}"
    "table{margin:.3rem 0 .5rem}td,th{padding:.15rem .4rem}.ligne{break-before:avoid;margin:0 0 .4rem;height:1.4rem}}"
)
