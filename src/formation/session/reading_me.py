"""Le mode d’emploi d’une session : quoi faire, quand, où sont les données personnelles, quand les effacer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from html import escape

from formation.letters import french
from formation.numbers import plural
from formation.session import places
from formation.session.closures import weekday
from formation.session.model import Session, Slot, clock
from formation.session.runsheet import at, deck_title, material

SPARE_COPIES = 2
EARLY_MIN = 45
_CSS = ".cases{list-style:none;padding-left:.2rem}.cases li::before{content:'☐\\00a0'}"
WHAT = {
    "1-preparer/conducteur.html": "Conducteur minute par minute (aussi en PDF, et en ODT et DOCX à modifier)",
    "1-preparer/liste-de-controle.html": "Liste de contrôle à imprimer : salle, matériel, copies",
    "1-preparer/convocation.txt": "Texte de la convocation (aussi en ODT)",
    "1-preparer/convocations.csv": "Convocations pour un publipostage",
    "1-preparer/corriges-des-quiz.html": "Corrigé des quiz, pour vous seul",
    "2-distribuer/livret.html": "Livret du stagiaire (aussi en PDF)",
    "2-distribuer/positionnement.html": "Positionnement (aussi en PDF)",
    "2-distribuer/evaluation-finale.html": "Évaluation finale (aussi en PDF)",
    "2-distribuer/satisfaction.html": "Questionnaire de satisfaction (aussi en PDF)",
    "4-recueillir/presences.csv": "Présences à saisir",
    "4-recueillir/positionnement.csv": "Réponses au positionnement à saisir",
    "4-recueillir/evaluation-finale.csv": "Réponses à l’évaluation finale à saisir",
    "4-recueillir/satisfaction.csv": "Réponses au questionnaire de satisfaction à saisir",
}
"""Pièces que le mode d’emploi relie, si elles sont là, et ce qu’elles sont."""

PERSONAL = (
    ("stagiaires.csv", "Noms, courriels, organisations, fonctions, avec l’identifiant de chacun"),
    ("1-preparer/convocations.csv", "Noms et courriels"),
    ("3-presence/", "Noms et signatures"),
    ("4-recueillir/", "Présences et réponses, sous identifiant ; commentaires libres"),
    ("5-rendre/", "Attestations, certificats et résultats nominatifs, copies de preuve"),
    ("cours/", "Copies, notes et retours ; noms et courriels dans gradebook.db"),
)
"""Où sont les données personnelles d’une session."""


def read_me_html(session: Session, present: Iterable[str], remarks: Sequence[str] = ()) -> str:
    """Page LISEZ-MOI.html de la session.

    Parameters
    ----------
    session : Session
        Session.
    present : iterable of str
        Pièces présentes, depuis la racine du dossier.
    remarks : sequence of str
        Ce qui a été accepté à la création et mérite un coup d’œil.

    Returns
    -------
    str
        Page HTML autonome, aux liens relatifs.
    """
    from formation.printing.layout import page

    here = set(present)
    parts = [
        f"<h1>{escape(session.title)}</h1>",
        f'<p class="discret">{escape(_summary(session))}</p>',
        _noted(remarks),
        *(_step(title, items) for title, items in _calendar(session, here)),
        "<h2>Les pièces du dossier</h2>",
        _links(session, here),
        _personal(session),
    ]
    return page(session.title, french("".join(parts)), css=_CSS, description="Mode d’emploi du dossier de session.")


def _summary(session: Session) -> str:
    first, last = session.slots[0].date, session.slots[-1].date
    when = weekday(first) if first == last else f"du {weekday(first)} au {weekday(last)}"
    people = plural(len(session.participants), "stagiaire")
    pathway = "" if session.pathway.titre == session.title else session.pathway.titre
    return " · ".join(part for part in (pathway, when, session.place, people) if part)


def _noted(remarks: Sequence[str]) -> str:
    if not remarks:
        return ""
    items = "".join(f"<li>{escape(text)}</li>" for text in remarks)
    return f'<div class="encadre"><p><strong>À vérifier, relevé à la création\u00a0:</strong></p><ul>{items}</ul></div>'


def _step(title: str, items: Sequence[str]) -> str:
    lines = "".join(f"<li>{text}</li>" for text in items)
    return f'<h2>{escape(title)}</h2><ul class="cases">{lines}</ul>'


def _link(path: str, text: str, here: set[str]) -> str:
    return f'<a href="{escape(path, quote=True)}">{escape(text)}</a>' if path in here else escape(text)


def _command(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _calendar(session: Session, here: set[str]) -> Iterator[tuple[str, list[str]]]:
    first, last = session.slots[0], session.slots[-1]
    copies = len(session.participants) + SPARE_COPIES
    course = session.pathway.exercises()
    yield (
        f"Deux semaines avant, vers le {weekday(first.date - timedelta(days=14))}",
        [
            f"Relisez le {_link('1-preparer/conducteur.html', 'conducteur', here)} en entier et corrigez-le (ODT, "
            "DOCX) : il est à vous.",
            f"Envoyez la {_link('1-preparer/convocation.txt', 'convocation', here)} ; "
            f"{_link('1-preparer/convocations.csv', 'convocations.csv', here)} sert au publipostage.",
            "Demandez à chacun s’il lui faut un aménagement, et au lieu s’il est accessible.",
            "Vérifiez les prérequis annoncés dans le livret, et le nom de chaque stagiaire : c’est celui de "
            "l’attestation.",
        ],
    )
    printed = [
        f"Imprimez {plural(copies, 'exemplaire')} des PDF de 2-distribuer (dont {SPARE_COPIES} d’avance), et les "
        "feuilles de 3-presence : une par demi-journée.",
        "Ouvrez chaque diaporama de 1-preparer/diapositives sur l’ordinateur de la salle, réseau coupé. N affiche les "
        "notes, les flèches avancent.",
        f"Parcourez la {_link('1-preparer/liste-de-controle.html', 'liste de contrôle', here)}.",
        "Copiez le dossier sur une clé chiffrée : une panne de réseau ne doit pas arrêter la session.",
    ]
    if course:
        printed.append(
            f"Posez les {plural(len(course), 'exercice')} de cours/a-distribuer sur les postes, et faites-en ouvrir un "
            "depuis un compte de stagiaire."
        )
    yield "La veille", printed
    for slot in session.slots:
        yield (
            f"{slot.title} – {weekday(slot.date)}, {slot.hours}",
            [
                *(
                    []
                    if slot.index and session.slots[slot.index - 1].date == slot.date
                    else [f"Soyez là {EARLY_MIN} minutes avant, donc vers {clock(at(slot.start, -EARLY_MIN))}."]
                ),
                f"Faites signer 3-presence/emargement-{slot.key}.pdf : chacun signe sa ligne, vous signez en bas.",
                *(
                    ["Faites remplir le positionnement avant toute explication, seul, sans correction."]
                    if slot is first
                    else []
                ),
                *(
                    ["Faites remplir l’évaluation finale, puis le questionnaire de satisfaction, et relevez les deux."]
                    if slot is last
                    else []
                ),
                *(_evening() if course and _ends_a_day(session, slot) else []),
            ],
        )
    yield (
        "Le dernier soir" if first.date != last.date else "Le soir même",
        [
            "Rangez les réponses : fichiers JSON rendus dans 4-recueillir/reponses, réponses sur papier saisies dans "
            "les tableaux de 4-recueillir, présences dans presences.csv.",
            f"Vérifiez la saisie : {_command('formation session noter DOSSIER')}",
            *(_copies() if course else []),
        ],
    )
    yield (
        "Après",
        [
            "Produisez attestations, certificats, rapport et preuves : "
            + _command("formation session cloturer DOSSIER"),
            "Relisez, signez, remettez à chacun les siens.",
            "Rangez 3-presence et 5-rendre dans l’archive de votre organisme, pour la durée qu’il a fixée.",
            f"Effacez les données personnelles du dossier : {_command('formation session effacer DOSSIER')}"
            + (f", à partir du {weekday(session.erase_on)}." if session.erase_on else ". Fixez la date."),
        ],
    )


def _ends_a_day(session: Session, slot: Slot) -> bool:
    """Vrai pour la dernière demi-journée d’un jour qui a un lendemain."""
    following = session.slots[slot.index + 1 :]
    return bool(following) and following[0].date != slot.date


def _copies() -> list[str]:
    """Rassembler, corriger, relire : sans la première commande, la deuxième n’a rien à corriger."""
    collect, grade = "formation atelier collecter DOSSIER/cours COPIES", "formation atelier corriger DOSSIER/cours"
    return [
        f"Rassemblez les copies, puis corrigez-les : {_command(collect)}, {_command(grade)}",
        f"Décidez des copies à relire, s’il y en a : {_command('formation atelier relire DOSSIER/cours')}",
    ]


def _evening() -> list[str]:
    analyse = "formation atelier analyser DOSSIER/cours"
    return [
        "Le soir, rassemblez et corrigez les copies du jour (les commandes sont plus bas), puis regardez ce qui "
        f"bloque, à reprendre demain à l’ouverture : {_command(analyse)}",
        "Le lendemain, rendez à chacun sa page de retour, rangée dans cours/feedback.",
    ]


def _links(session: Session, here: set[str]) -> str:
    pieces = dict(WHAT)
    pieces |= {f"{places.SLIDES}/{name}.html": f"Diapositives : {deck_title(name)}" for name in session.pathway.decks()}
    pieces |= {
        f"{places.ATTENDANCE}/emargement-{slot.key}.pdf": f"Émargement : {weekday(slot.date)}, {slot.label}"
        for slot in session.slots
    }
    items = "".join(f"<li>{_link(path, text, here)}</li>" for path, text in pieces.items() if path in here)
    return f"<ul>{items}</ul>"


def _personal(session: Session) -> str:
    rows = "".join(f'<tr><th scope="row">{name}</th><td>{text}</td></tr>' for name, text in PERSONAL)
    until = (
        f"Ce dossier prévoit leur effacement à partir du <strong>{weekday(session.erase_on)}</strong>."
        if session.erase_on
        else "Aucune date d’effacement n’est fixée : décidez-la, et inscrivez-la dans session.yml (effacer_le)."
    )
    return (
        "<h2>Données personnelles</h2>"
        f"<p>{until} La durée et la base légale sont celles de votre registre des traitements, fixées par votre "
        "organisme. Les pièces qui prouvent la formation se rangent d’abord dans son archive ; ce dossier est un "
        "espace de travail. Ni le livret, ni les quiz, ni les diapositives ne contiennent de donnée personnelle.</p>"
        '<div class="defile" tabindex="0" role="region" aria-label="Où sont les données personnelles"><table>'
        '<caption>Où sont les données personnelles</caption><thead><tr><th scope="col">Où</th><th scope="col">Quoi</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def checklist_html(session: Session) -> str:
    """Liste de contrôle à imprimer : la salle, le matériel, les copies, le secours.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    str
        Page HTML autonome.
    """
    from formation.printing.layout import page

    copies = len(session.participants) + SPARE_COPIES
    course = session.pathway.exercises()
    title = f"Liste de contrôle – {session.title}"
    groups = (
        (
            "La salle",
            [
                f"{plural(len(session.participants), 'place')}, tables par équipes, allées libres pour un fauteuil",
                "Vidéoprojecteur et câble essayés ; le texte se lit du dernier rang",
                "Prises et rallonges" if not course else "Une prise et un poste par stagiaire, ou un pour deux",
                "Toilettes, sorties et consignes de sécurité repérées",
                "Aménagements demandés par les stagiaires en place",
            ],
        ),
        (
            "Les copies",
            [
                f"{plural(copies, 'livret')}, positionnements, évaluations finales, questionnaires de satisfaction",
                f"{plural(len(session.slots), 'feuille')} d’émargement",
                "Un chevalet ou une étiquette par personne, avec son identifiant (stagiaires.csv) : qui l’a oublié le "
                "lit sans demander celui d’un autre",
                "Le conducteur, imprimé, et un stylo",
            ],
        ),
        ("Le matériel du parcours", material(session)),
        (
            "En cas de panne",
            [
                "Les diapositives sur une clé, et imprimées (touche P)",
                "Une version sans écran de chaque activité : tableau, feuillets, papier",
                "Le numéro de qui ouvre la salle et de qui dépanne le réseau",
            ],
        ),
    )
    body = f"<h1>{escape(title)}</h1>" + "".join(
        f'<h2>{escape(name)}</h2><ul class="cases">{"".join(f"<li>{escape(text)}</li>" for text in items)}</ul>'
        for name, items in groups
    )
    return page(title, french(body), css=_CSS, description="Liste de contrôle de la session, à imprimer.")
