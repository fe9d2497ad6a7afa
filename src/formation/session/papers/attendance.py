"""La feuille d’émargement d’une demi-journée."""

from __future__ import annotations

from formation.numbers import duration
from formation.printing.layout import page
from formation.session.model import Session, Slot
from formation.session.papers import wording
from formation.session.papers.wording import text

_CSS = (
    f"{wording.CSS}@page{{margin:12mm 13mm 15mm}}tbody.a-signer td,tbody.a-signer th"
    "{height:9.6mm;padding:0 .4rem;line-height:1.25;vertical-align:middle}.case{width:34%}.arrivee{width:20%}"
    "@media print{h1{font-size:1.35rem}thead th{line-height:1.25}table{margin:.4rem 0 .6rem}"
    ".entete{padding-bottom:.3rem;margin-bottom:.6rem}"
    "p{margin:.15rem 0}.animation{break-inside:avoid}}"
)


def attendance_html(session: Session, slot: Slot) -> str:
    """Feuille d’émargement d’une demi-journée, en-tête répété à chaque page ; un groupe de quinze tient sur une page.

    Parameters
    ----------
    session : Session
        Session.
    slot : Slot
        Demi-journée.

    Returns
    -------
    str
        Page HTML entière.
    """
    title = f"Feuille d’émargement – {slot.label} du {wording.moment(slot)}"
    rows = "".join(
        f'<tr><th scope="row">{text(_listed(one.last, one.first, one.id))}</th><td>{text(one.organisation)}</td>'
        "<td></td><td></td></tr>"
        for one in wording.in_order(session.participants)
    )
    trainers = "".join(
        f'<tr><th scope="row">{text(name)}</th><td></td></tr>' for name in session.trainers or ("……………………………",)
    )
    body = (
        f"{wording.letterhead(session)}<h1>{text(title)}</h1>"
        + "".join(f"<p><strong>{text(name)}\u00a0:</strong> {text(value)}</p>" for name, value in _facts(session, slot))
        + "<table><caption>Signatures des stagiaires</caption><thead><tr>"
        '<th scope="col">Nom et prénom</th><th scope="col">Organisation</th>'
        '<th scope="col" class="arrivee">Arrivée tardive, départ : heure</th>'
        f'<th scope="col" class="case">Signature</th></tr></thead><tbody class="a-signer">{rows}</tbody></table>'
        '<table class="animation"><caption>Signatures de l’animation</caption><thead><tr>'
        '<th scope="col">Formateur ou formatrice</th><th scope="col" class="case">Signature</th></tr></thead>'
        f'<tbody class="a-signer">{trainers}</tbody></table>'
        '<p class="note">Chaque personne signe elle-même, pendant la demi-journée. Écrire «\u00a0absent\u00a0» dans la '
        "case d’une personne absente : une case vide ne dit rien. À distance, joindre la preuve de suivi "
        "(connexions, travaux rendus) au lieu d’une signature.</p>"
    )
    return page(title, body, css=_CSS)


def _listed(last: str, first: str, identifier: str) -> str:
    return f"{last.upper()} {first}".strip() or identifier


def _facts(session: Session, slot: Slot) -> list[tuple[str, str]]:
    taught = f"{duration(slot.training_min)} de formation"
    pause = f", {duration(slot.pause_min)} de pause" if slot.pause_min else ""
    return [
        ("Action", session.title),
        ("Lieu", f"{session.place or '……………………………………'} ({session.mode}). Durée\u00a0: {taught}{pause}."),
        ("Séquences", " ; ".join(_sequences(session, slot)) or wording.UNKNOWN),
    ]


def _sequences(session: Session, slot: Slot) -> list[str]:
    """Ce qui est suivi : une feuille qui ne le dit pas a déjà été écartée par un juge."""
    halves = session.pathway.half_days()
    return [one.titre for one in halves[slot.index].taught] if slot.index < len(halves) else []
