"""Écrire les papiers nommés d’une session : une attestation et un certificat par personne."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from formation.errors import FormationError, reason
from formation.printing.batch import Tell, silent, write_pdfs
from formation.session.model import Session
from formation.session.outcome import Outcome
from formation.session.papers.certificate import certificate_html
from formation.session.papers.completion import completion_html

COMPLETIONS, CERTIFICATES = "attestations", "certificats"


class PapiersImpossibles(FormationError):
    """Les papiers d’une session ne peuvent pas être écrits."""


def write_papers(
    session: Session, outcomes: Mapping[str, Outcome], folder: Path, tell: Tell = silent, workers: int | None = None
) -> list[Path]:
    """Écrit l’attestation et le certificat de chaque personne, en PDF.

    Une personne dont la présence relevée est nulle à toutes les demi-journées reçoit une attestation, mais pas de
    certificat de réalisation : elle n’a rien suivi.

    Parameters
    ----------
    session : Session
        Session.
    outcomes : mapping of str to Outcome
        Bilans, par identifiant ; une personne sans bilan est tenue pour n’avoir rien rendu.
    folder : Path
        Dossier où créer `attestations/` et `certificats/`.
    tell : callable
        Reçoit l’avancement.
    workers : int, optional
        Nombre de processus.

    Returns
    -------
    list of Path
        Fichiers écrits.

    Raises
    ------
    PapiersImpossibles
        Si un identifiant ne peut pas nommer un fichier, ou si le dossier ne s’écrit pas.
    PdfImpossible
        Si un document n’a pas pu être composé.
    """
    bad = [one.id for one in session.participants if not _nameable(one.id)]
    if bad:
        raise PapiersImpossibles(
            f"Des identifiants ne peuvent pas nommer un fichier : {', '.join(bad[:5])}. Rien n’a été écrit. Corrigez "
            "la colonne «\u00a0identifiant\u00a0» de stagiaires.csv : lettres, chiffres, tirets (stagiaire-07)."
        )
    try:
        for name in (COMPLETIONS, CERTIFICATES):
            (folder / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PapiersImpossibles(
            f"Le dossier «\u00a0{folder}\u00a0» ne s’écrit pas ({reason(error)}). Vérifiez le disque et vos droits."
        ) from None
    return write_pdfs(_jobs(session, outcomes, folder), tell, workers)


def _nameable(identifier: str) -> bool:
    return bool(identifier) and identifier == Path(identifier).name and not identifier.startswith(".")


def _jobs(session: Session, outcomes: Mapping[str, Outcome], folder: Path) -> Iterator[tuple[str, Path]]:
    for one in session.participants:
        outcome = outcomes.get(one.id, Outcome(one.id))
        if outcome.learner != one.id:
            raise PapiersImpossibles(
                f"Le bilan de «\u00a0{outcome.learner}\u00a0» est donné pour «\u00a0{one.id}\u00a0». Recalculez-les."
            )
        yield completion_html(session, one, outcome), folder / COMPLETIONS / f"{one.id}.pdf"
        if attended(session, outcome):
            yield certificate_html(session, one, outcome), folder / CERTIFICATES / f"{one.id}.pdf"


def attended(session: Session, outcome: Outcome) -> bool:
    """Dit si une personne peut recevoir un certificat de réalisation.

    Parameters
    ----------
    session : Session
        Session.
    outcome : Outcome
        Bilan de la personne.

    Returns
    -------
    bool
        Faux si sa présence est relevée à toutes les demi-journées, et nulle partout.
    """
    known = outcome.presence or {}
    return any(slot.index not in known or known[slot.index] > 0 for slot in session.slots)
