"""Le certificat de réalisation : qui a suivi quoi, quand et combien d’heures. Il ne dit rien des acquis."""

from __future__ import annotations

from formation.numbers import duration
from formation.printing.layout import page
from formation.session.model import Participant, Session
from formation.session.outcome import Outcome
from formation.session.papers import wording
from formation.session.papers.wording import text

_MODEL = (
    "Rubriques du modèle de certificat de réalisation du ministère du Travail (personne, intitulé, nature, dates, "
    "durée, organisme), telles que les décrivent des organismes financeurs. Avant de signer, l’organisme vérifie le "
    "modèle en vigueur et la durée d’après les feuilles d’émargement, qu’il conserve."
)


def certificate_html(session: Session, participant: Participant, outcome: Outcome) -> str:
    """Certificat de réalisation d’une personne.

    Parameters
    ----------
    session : Session
        Session.
    participant : Participant
        Personne que le certificat nomme.
    outcome : Outcome
        Son bilan ; seule la présence est employée.

    Returns
    -------
    str
        Page HTML entière.
    """
    title = f"Certificat de réalisation – {participant.name}"
    rows = "".join(
        f'<tr><th scope="row">{text(wording.moment(slot))}</th><td>{text(duration(slot.training_min))}</td>'
        f"<td>{text(_followed(outcome, slot.index))}</td></tr>"
        for slot in session.slots
    )
    body = (
        f"{wording.letterhead(session)}<h1>{text(title)}</h1>"
        "<p>Je soussigné(e) ……………………………………, représentant légalement l’organisme ci-dessus, atteste que "
        f"{wording.person(participant)} a suivi l’action de formation décrite ici, pour la durée indiquée.</p>"
        + wording.facts("L’action", wording.action(session, wording.followed_text(session, outcome.presence)))
        + "<table><caption>Détail par demi-journée</caption><thead><tr>"
        '<th scope="col">Demi-journée</th><th scope="col">Durée prévue</th><th scope="col">Durée suivie</th>'
        f"</tr></thead><tbody>{rows}</tbody></table>"
        + wording.signature(session, "Nom et qualité du signataire")
        + f'<p class="note">{text(_MODEL)}</p>'
    )
    return page(title, body, css=wording.CSS)


def _followed(outcome: Outcome, index: int) -> str:
    minutes = (outcome.presence or {}).get(index)
    if minutes is None:
        return "non renseignée"
    return duration(minutes) if minutes else "absence"
