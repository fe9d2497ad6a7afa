"""La convocation : un texte à envoyer, à compléter pour chaque stagiaire par publipostage."""

from __future__ import annotations

from formation.numbers import duration
from formation.session.closures import weekday
from formation.session.handout import page_title
from formation.session.model import Session
from formation.session.papers import wording
from formation.workshop.documents import Bullets, Document, Paragraph, Section, to_text

GREETING = "Bonjour {prénom} {nom},"
IDENTIFIER = "{identifiant}"


def summons_document(session: Session) -> Document:
    """Convocation, à écrire en ODT, en texte ou en HTML par `formation.workshop.documents.write`.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    Document
        Les champs entre accolades, `{prénom}`, `{nom}` et `{identifiant}`, sont ceux du publipostage.
    """
    pathway = session.pathway
    sections = [
        Section(
            "",
            [
                Paragraph(GREETING),
                Paragraph(f"Vous êtes inscrit ou inscrite à la formation «\u00a0{session.title}\u00a0»."),
                Paragraph(
                    f"Votre identifiant\u00a0: {IDENTIFIER}. Apportez-le\u00a0: vous l’écrirez sur les questionnaires, "
                    "à la place de votre nom."
                ),
            ],
        ),
        Section(
            "Quand et où", [Bullets([_line(session, rank) for rank in range(len(session.slots))]), _place(session)]
        ),
        Section("Ce que vous saurez faire", [Bullets([one.texte for one in pathway.objectifs])]),
        Section("Avant de venir", _before(session)),
        Section("Pendant et après", _after(session)),
        Section("Une question, un besoin particulier", [Paragraph(text) for text in _contact(session)]),
    ]
    return Document(f"Convocation : {session.title}", sections, subtitle=session.organisation)


def _line(session: Session, rank: int) -> str:
    slot = session.slots[rank]
    return f"{slot.title} : {wording.moment(slot)}"


def _place(session: Session) -> Paragraph:
    trainers = f" Animation : {', '.join(session.trainers)}." if session.trainers else ""
    return Paragraph(
        f"Lieu : {session.place or '[à compléter]'} ({session.mode}). "
        f"Durée : {duration(session.training_min)} de formation, pauses non comptées.{trainers}"
    )


def _before(session: Session) -> list[Bullets | Paragraph]:
    needed = [
        f"{one.texte} Où l’acquérir : page «\u00a0{page_title(one.acquerir)}\u00a0» du livre."
        for one in session.pathway.prerequis
    ]
    first = Paragraph("Ce qu’il faut savoir faire en arrivant :") if needed else Paragraph("Aucun prérequis.")
    return [
        first,
        *([Bullets(needed)] if needed else []),
        Paragraph(
            "Un court questionnaire d’entrée vous est proposé : il sert à régler le rythme, il n’écarte personne."
        ),
    ]


def _after(session: Session) -> list[Bullets | Paragraph]:
    final = len(session.pathway.evaluation_finale.questions)
    day = weekday(session.erase_on) if session.erase_on else ""
    erased = f" Elles sont effacées du dossier de la session à partir du {day}." if day else ""
    return [
        Bullets(
            [
                "Vous signez une feuille d’émargement à chaque demi-journée.",
                f"Une évaluation de {final} questions termine la formation ; une attestation en donne le résultat, "
                "objectif par objectif.",
                "Un questionnaire de satisfaction, sans nom, vous est proposé.",
            ]
        ),
        Paragraph(
            "Vos données (identité, présence, réponses) ne servent qu’à organiser, évaluer et justifier cette "
            f"formation.{erased} L’organisme garde la feuille d’émargement et les papiers qu’il signe le temps qu’il a "
            "fixé. Vous pouvez demander à les voir ou à les corriger."
        ),
    ]


def _contact(session: Session) -> tuple[str, str]:
    return (
        "Situation de handicap, contrainte d’horaire, matériel : dites-le-nous avant la formation, nous adapterons "
        "ce qui peut l’être. Contact : [nom, téléphone et courriel à compléter].",
        f"À bientôt,\n{', '.join(session.trainers) or session.organisation or '[signature]'}",
    )


def summons_text(session: Session) -> str:
    """Convocation en texte simple, champs de publipostage compris.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    str
        Texte prêt à coller dans un message.
    """
    return to_text(summons_document(session))
