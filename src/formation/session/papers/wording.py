"""Ce que les papiers écrivent tous : en-tête, dates, durées, place pour signer. Tout texte reçu est échappé ici."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from formation.numbers import duration, plural
from formation.printing.layout import clean
from formation.session.closures import weekday
from formation.session.model import Participant, Session, Slot
from formation.session.outcome import is_trial

MINUTES_PER_HOUR = 60
UNKNOWN = "non renseigné"
NATURE = "Action de formation"
CSS = (
    ".entete{display:flex;flex-wrap:wrap;justify-content:space-between;gap:2rem;border-bottom:1px solid #4c5a68;"
    "padding-bottom:.6rem;margin-bottom:1.2rem}.entete p{margin:0;max-width:100%;overflow-wrap:anywhere}"
    "table{table-layout:fixed}"
    ".essai{border:3px solid #a11;padding:.4rem .8rem;"
    "font-weight:bold}.faits thead th:first-child{width:26%}"
)


def text(value: object) -> str:
    """Texte échappé, prêt à mettre dans une page.

    Parameters
    ----------
    value : object
        Valeur à écrire.

    Returns
    -------
    str
        HTML sans balise.

    Examples
    --------
    >>> text('<b>"x"')
    '&lt;b&gt;&quot;x&quot;'
    """
    return escape(clean(value), quote=True)


def period(session: Session) -> str:
    r"""Dates d’une session, du premier au dernier jour.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    str
        « le jeudi 14 janvier 2027 » ou « du … au …, 4 demi-journées ».
    """
    days = sorted({slot.date for slot in session.slots})
    if len(days) == 1:
        return f"le {weekday(days[0])}"
    return f"du {weekday(days[0])} au {weekday(days[-1])}, en {plural(len(session.slots), 'demi-journée')}"


def moment(slot: Slot) -> str:
    """Date et heures d’une demi-journée.

    Parameters
    ----------
    slot : Slot
        Demi-journée.

    Returns
    -------
    str
        Par exemple « jeudi 14 janvier 2027, de 9 h 00 à 12 h 15 ».
    """
    return f"{weekday(slot.date)}, de {slot.hours}"


def letterhead(session: Session) -> str:
    """En-tête de l’organisme, et l’avertissement d’un essai.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    str
        HTML.
    """
    trial = '<p class="essai">ESSAI – stagiaires simulés : ce document ne prouve rien.</p>' if is_trial(session) else ""
    name = text(session.organisation or "Organisme de formation : ……………………")
    return (
        f'{trial}<div class="entete"><p><strong>{name}</strong><br>Adresse : ……………………………………………</p>'
        "<p>N° de déclaration d’activité<br>ou d’agrément : ……………………</p></div>"
    )


def person(participant: Participant) -> str:
    """Une personne, sa fonction et son organisation.

    Parameters
    ----------
    participant : Participant
        Stagiaire.

    Returns
    -------
    str
        HTML.
    """
    details = ", ".join(text(part) for part in (participant.role, participant.organisation) if part.strip())
    return f"<strong>{text(participant.name)}</strong>{f' ({details})' if details else ''}"


def facts(caption: str, rows: Iterable[tuple[str, str]]) -> str:
    """Tableau à deux colonnes, rubrique et valeur.

    Parameters
    ----------
    caption : str
        Titre du tableau.
    rows : iterable of (str, str)
        Rubrique et valeur, en texte simple.

    Returns
    -------
    str
        HTML ; la première cellule de chaque ligne en est l’en-tête.
    """
    body = "".join(f'<tr><th scope="row">{text(name)}</th><td>{text(value)}</td></tr>' for name, value in rows)
    return (
        f'<table class="faits"><caption>{text(caption)}</caption><thead><tr><th scope="col">Rubrique</th>'
        f'<th scope="col">Contenu</th></tr></thead><tbody>{body}</tbody></table>'
    )


def action(session: Session, followed: str) -> list[tuple[str, str]]:
    """Ce que tous les papiers disent de l’action de formation.

    Parameters
    ----------
    session : Session
        Session.
    followed : str
        Durée suivie, en toutes lettres.

    Returns
    -------
    list of (str, str)
        Rubriques, pour :func:`facts`.
    """
    return [
        ("Intitulé", session.title),
        ("Nature", NATURE),
        ("Dates", period(session)),
        ("Durée prévue", f"{duration(session.training_min)}, pauses non comptées"),
        ("Durée suivie", followed),
        ("Lieu et modalité", f"{session.place or UNKNOWN}, {session.mode}"),
        ("Animation", ", ".join(session.trainers) or UNKNOWN),
    ]


def followed_text(session: Session, presence: dict[int, int] | None) -> str:
    """Durée suivie, sans jamais compter ce qui n’est pas renseigné.

    Parameters
    ----------
    session : Session
        Session.
    presence : dict of int to int, or None
        Minutes de présence par demi-journée.

    Returns
    -------
    str
        Phrase courte.
    """
    known = {} if presence is None else presence
    missing = [slot for slot in session.slots if slot.index not in known]
    total = sum(known.get(slot.index, 0) for slot in session.slots)
    if len(missing) == len(session.slots):
        return "non renseignée : à compléter d’après l’émargement avant de signer, ……………"
    if missing:
        count = plural(len(missing), "demi-journée non renseignée", "demi-journées non renseignées")
        return f"au moins {duration(total)} ; {count}, à compléter d’après l’émargement avant de signer"
    return f"{duration(total)}, d’après le relevé de présence"


def signature(session: Session, quality: str) -> str:
    """Place pour le lieu, la date, le nom et la signature.

    Parameters
    ----------
    session : Session
        Session.
    quality : str
        Qui signe.

    Returns
    -------
    str
        HTML.
    """
    name = text(session.organisation or "l’organisme de formation")
    return (
        "<p>Fait à ……………………………, le ……………………</p>"
        f'<div class="signature">Pour {name}<br>{text(quality)}, cachet et signature :</div>'
    )


def in_order(participants: Sequence[Participant]) -> list[Participant]:
    """Stagiaires dans l’ordre alphabétique des noms.

    Parameters
    ----------
    participants : sequence of Participant
        Stagiaires.

    Returns
    -------
    list of Participant
    """
    from formation.letters import without_accents

    def key(one: Participant) -> tuple[str, ...]:
        return tuple(without_accents(part).casefold() for part in (one.last, one.first, one.id))

    return sorted(participants, key=key)
