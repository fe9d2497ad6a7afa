"""Montrer un parcours : durées et heures à la française, résumé pour une machine, texte pour un terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from formation.numbers import duration, number, plural
from formation.pathways.model import MINUTES_PER_HOUR, HalfDay, Pathway, Pause

WIDTH = 100
FIRST_DATE = date(2027, 1, 14)
"""Premier jour, un jeudi ouvré, des commandes d’exemple."""


def clock(moment: time, later: int = 0) -> str:
    r"""Heure écrite à la française.

    Parameters
    ----------
    moment : datetime.time
        Heure.
    later : int
        Minutes à ajouter.

    Returns
    -------
    str
        Espaces insécables.

    Examples
    --------
    >>> clock(time(9, 0), 75).replace("\u00a0", " ")
    '10 h 15'
    """
    hours, minutes = divmod(moment.hour * MINUTES_PER_HOUR + moment.minute + later, MINUTES_PER_HOUR)
    return f"{hours % 24}\u00a0h\u00a0{minutes:02d}"


def command(pathway: Pathway) -> str:
    """Commande qui prépare une session de ce parcours, avec autant de dates que de jours.

    Parameters
    ----------
    pathway : Pathway
        Parcours.

    Returns
    -------
    str
        Commande, avec des dates d’exemple espacées d’une semaine.

    Examples
    --------
    >>> from formation import pathways
    >>> command(pathways.read("elus-2h"))
    'formation session creer elus-2h --stagiaires liste.csv --dates 2027-01-14 ma-session'
    """
    dates = ",".join((FIRST_DATE + timedelta(weeks=rank)).isoformat() for rank in range(len(pathway.jours)))
    return f"formation session creer {pathway.parcours} --stagiaires liste.csv --dates {dates} ma-session"


def summary(pathway: Pathway) -> dict[str, Any]:
    """Résumé d’un parcours, pour une liste ou une machine.

    Parameters
    ----------
    pathway : Pathway
        Parcours.

    Returns
    -------
    dict
        Nom, titre, durée en minutes, jours, groupe, objectifs, exercices, diaporamas, nombre de questions.

    Examples
    --------
    >>> from formation import pathways
    >>> summary(pathways.read("elus-2h"))["duree_min"]
    120
    """
    return {
        "parcours": pathway.parcours,
        "titre": pathway.titre,
        "public": pathway.public,
        "modalite": pathway.modalite,
        "duree_min": pathway.duree_min,
        "jours": len(pathway.jours),
        "demi_journees": len(pathway.half_days()),
        "groupe": [pathway.groupe.minimum, pathway.groupe.maximum],
        "objectifs": {one.id: one.texte for one in pathway.objectifs},
        "exercices": pathway.exercises(),
        "diapos": pathway.decks(),
        "questions_entree": len(pathway.positionnement.questions),
        "questions_sortie": len(pathway.evaluation_finale.questions),
    }


def text(pathway: Pathway) -> str:
    """Parcours entier, à lire dans un terminal.

    Parameters
    ----------
    pathway : Pathway
        Parcours.

    Returns
    -------
    str
        Texte sur plusieurs lignes.

    Examples
    --------
    >>> from formation import pathways
    >>> text(pathways.read("elus-2h")).splitlines()[0]
    'Élus, deux heures – un cas, une décision'
    """
    return "\n".join(_lines(pathway)) + "\n"


def _lines(pathway: Pathway) -> Iterator[str]:
    halves = plural(len(pathway.half_days()), "demi-journée")
    yield pathway.titre
    yield ""
    yield from _wrapped("Public : ", pathway.public)
    yield f"Durée : {duration(pathway.duree_min)} en {halves}, {pathway.modalite}"
    yield f"Groupe : de {pathway.groupe.minimum} à {pathway.groupe.maximum} personnes"
    for one in pathway.prerequis:
        yield from _wrapped("Prérequis : ", f"{one.texte} ({one.acquerir})")
    yield ""
    yield "Objectifs"
    for aim in pathway.objectifs:
        yield from _wrapped("  - ", aim.texte)
        yield from _wrapped("    Atteint : ", aim.critere)
    for day in pathway.jours:
        for half in day.demi_journees:
            yield ""
            yield f"{day.titre}, {half.titre} ({clock(half.start)} – {clock(half.end)})"
            yield from _timetable(half)
    yield ""
    yield f"À l’entrée : {plural(len(pathway.positionnement.questions), 'question')}"
    yield (
        f"À la sortie : {plural(len(pathway.evaluation_finale.questions), 'question')}, "
        f"aucun critère sous {number(100 * pathway.evaluation_finale.seuil)}\u00a0%"
    )
    yield f"Exercices notés : {', '.join(pathway.exercises()) or 'aucun'}"
    yield f"Diapositives : {', '.join(pathway.decks()) or 'aucune'}"
    yield ""
    yield f"Préparer une session : {command(pathway)}"


def _timetable(half: HalfDay) -> Iterator[str]:
    for at, item in half.timetable():
        title = "Pause" if isinstance(item, Pause) else item.titre
        yield f"  {clock(half.start, at):>8}  {item.minutes:3}\u00a0min  {title}"


def _wrapped(label: str, content: str) -> list[str]:
    return textwrap.wrap(
        content, WIDTH, initial_indent=label, subsequent_indent=" " * len(label), break_on_hyphens=False
    )
