"""Clore une session : noter, calculer, écrire les papiers, le rapport et les preuves, à côté puis d’un coup."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from formation.errors import FormationError, reason
from formation.files import aside
from formation.numbers import plural
from formation.session import places
from formation.session.answers import Noted, note
from formation.session.outcome import Outcome, compute, graded_copies

if TYPE_CHECKING:
    from formation.session.model import Session

Tell = Callable[[int, int, str], None]
REPORT = "rapport"
MADE = ("attestations", "certificats", "preuves", "rapport.html", "rapport.pdf", "resultats.csv")
"""Ce que la clôture écrit dans 5-rendre, et refait à chaque fois ; le reste y est au formateur et n’est pas touché."""
_ALONE = MADE[3:]
"""Ce qu’écrit le rapport seul."""
_STEPS, _PAPERS, EVERY = 4, 3, 50


class ClotureIncomplete(FormationError):
    """Il manque des pièces pour clore ; rien n’est écrit.

    Attributes
    ----------
    missing : list of str
        Une phrase par manque.

    Parameters
    ----------
    missing : list of str
        Ce qui manque.
    folder : Path
        Dossier de la session, repris dans la commande proposée.
    """

    def __init__(self, missing: list[str], folder: Path) -> None:
        self.missing = missing
        lines = ["Avant de clore, il manque :", *(f"- {one}" for one in missing)]
        command = f"formation session cloturer {quote(str(folder))} --malgre-tout"
        lines.append(f"Complétez, ou clôturez en l’état : {command}")
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class Closed:
    """Bilan d’une clôture.

    Parameters
    ----------
    noted : Noted
        Ce qui a été noté au passage.
    missing : list of str
        Ce qui manquait.
    papers : int
        Papiers nommés écrits.
    kept : list of str
        Fichiers du formateur gardés dans 5-rendre.
    """

    noted: Noted
    missing: list[str]
    papers: int
    kept: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Bilan pour une machine."""
        return {
            "note": self.noted.to_json(),
            "manques": self.missing,
            "papiers": self.papers,
            "gardes": self.kept,
        }


def silent(_done: int, _total: int, _label: str) -> None:
    """Progression muette."""


def missing_pieces(session: Session, outcomes: Mapping[str, Outcome]) -> list[str]:
    """Dit ce qui manque pour clore.

    Parameters
    ----------
    session : Session
        Session, réponses notées.
    outcomes : mapping of str to Outcome
        Bilans.

    Returns
    -------
    list of str
        Une phrase par manque ; vide si tout est là.
    """
    from formation.session.papers.writing import attended

    found = list(outcomes.values())
    parts = [
        ("évaluation finale non rendue", [one.learner for one in found if one.final_score is None]),
        ("positionnement non rendu", [one.learner for one in found if one.placement_score is None]),
        (
            "présence inconnue à au moins une demi-journée (4-recueillir/presences.csv)",
            [one.learner for one in found if len(one.presence or {}) < len(session.slots)],
        ),
        ("aucune copie d’exercice (formation atelier collecter)", _without_copy(session)),
        ("copies rendues et pas corrigées (formation atelier corriger)", _ungraded(session)),
        (
            "copies où une note se donne à la main (formation session tableau)",
            [f"{one.learner} ({', '.join(one.waiting)})" for one in found if one.waiting],
        ),
    ]
    absent = [one.learner for one in found if not attended(session, one)]
    parts.append(("sans certificat, absence à toute la session (l’attestation dira 0 h)", absent))
    return [f"{what} : {_some(who, len(found))}." for what, who in parts if who]


def _without_copy(session: Session) -> list[str]:
    """Stagiaires sans aucune copie : à deux sur un poste, elle n’arrive souvent que sous un identifiant."""
    if not session.pathway.exercises():
        return []
    return [one.id for one in session.participants if not any((session.course / "submitted" / one.id).glob("*"))]


def _ungraded(session: Session) -> list[str]:
    handed = session.course / "submitted"
    if not handed.is_dir():
        return []
    done = {(copy.learner, copy.exercise) for copies in graded_copies(session).values() for copy in copies}
    there = [(path.parent.name, path.name) for path in sorted(handed.glob("*/*")) if path.is_dir()]
    return [f"{learner} ({exercise})" for learner, exercise in there if (learner, exercise) not in done]


def _some(names: list[str], total: int, shown: int = 8) -> str:
    if len(names) == total > 1:
        return "tout le groupe"
    rest = f" et {plural(len(names) - shown, 'autre')}" if len(names) > shown else ""
    return ", ".join(names[:shown]) + rest


def write_report(session: Session, outcomes: Mapping[str, Outcome], folder: Path) -> list[Path]:
    """Écrit le rapport, en page et en PDF, et le tableau nominatif.

    Parameters
    ----------
    session : Session
        Session, réponses notées.
    outcomes : mapping of str to Outcome
        Bilans.
    folder : Path
        Dossier où écrire.

    Returns
    -------
    list of Path
        Fichiers écrits.

    Raises
    ------
    PdfImpossible
        Si le PDF ne peut pas être fait.
    """
    from formation import printing
    from formation.classroom.exports import write_csv
    from formation.files import write_atomic
    from formation.session.report import gather, report_html
    from formation.session.results_table import FILE, header, rows

    page = report_html(session, gather(session, outcomes))
    write_atomic(folder / f"{REPORT}.html", page.encode())
    printing.write_pdf(page, folder / f"{REPORT}.pdf")
    write_csv(folder / FILE, header(session), rows(session, outcomes))
    return [folder / f"{REPORT}.html", folder / f"{REPORT}.pdf", folder / FILE]


def close(session: Session, *, anyway: bool = False, tell: Tell = silent) -> Closed:
    """Clôt une session ; on peut recommencer, par exemple après une réponse arrivée tard.

    Parameters
    ----------
    session : Session
        Session.
    anyway : bool
        Vrai pour clore en l’état : ce qui manque est dit « non évalué » ou « inconnu » dans les papiers.
    tell : callable
        Reçoit l’étape, leur nombre et ce qui se fait.

    Returns
    -------
    Closed

    Raises
    ------
    ClotureIncomplete
        S’il manque des pièces, ou si des réponses sont refusées, et que `anyway` est faux.
    FormationError
        Si un papier ne peut pas être écrit ; 5-rendre est alors tel qu’il était.
    """
    from formation.session import papers

    tell(1, _STEPS, "Lire les réponses et calculer les bilans")
    noted = note(session, keep_going=True)
    outcomes = compute(session)
    missing = [f"réponse refusée, {one}" for one in noted.refused] + missing_pieces(session, outcomes)
    if missing and not anyway:
        raise ClotureIncomplete(missing, session.root)
    try:
        with (
            aside(session.root, places.ASIDE) as beside,
            places.told_as(beside / "neuf", session.root / places.RETURN, "Le dossier précédent est intact."),
        ):
            fresh, old = beside / "neuf", beside / "ancien"
            fresh.mkdir()
            old.mkdir()
            tell(2, _STEPS, "Écrire le rapport")
            write_report(session, outcomes, fresh)
            tell(_PAPERS, _STEPS, "Écrire les attestations et les certificats")
            written = papers.write_papers(session, outcomes, fresh, _counting(tell))
            told = len(written) if len(written) > EVERY else 0
            tell(_STEPS + told, _STEPS + told, "Réunir les preuves")
            papers.evidence(session, fresh)
            kept = _put(fresh, session.root / places.RETURN, old)
    except OSError as error:
        raise FormationError(
            f"{session.root / places.RETURN} : {reason(error)}. Le dossier précédent est intact ; fermez les documents "
            "ouverts, faites de la place, puis relancez la même commande."
        ) from None
    return Closed(noted, missing, len(written), kept)


def _counting(tell: Tell) -> Tell:
    """Avancement des papiers, dit tous les cinquante : un grand groupe attend, un petit n’en voit rien."""

    def say(done: int, total: int, _label: str) -> None:
        if done and done % EVERY == 0 and done < total:
            tell(_PAPERS + done, _STEPS + total, f"Écrire les attestations et les certificats, {done} sur {total}")

    return say


def _put(fresh: Path, target: Path, old: Path) -> list[str]:
    """Met chaque pièce neuve à la place de l’ancienne, ou aucune ; ce que le formateur a ajouté n’est pas touché."""
    target.mkdir(exist_ok=True)
    done: list[tuple[Path, Path]] = []
    try:
        for name in MADE:
            for start, end in ((target / name, old / name), (fresh / name, target / name)):
                if start.is_symlink() or start.exists():
                    start.replace(end)
                    done.append((start, end))
    except BaseException:
        for start, end in reversed(done):
            end.replace(start)
        raise
    return sorted(path.name for path in target.iterdir() if path.name not in MADE)


def write_alone(session: Session, folder: Path, *, overwrite: bool = False) -> tuple[Noted, list[Path]]:
    """Note, puis écrit le rapport et le tableau nominatif sans clore.

    Parameters
    ----------
    session : Session
        Session.
    folder : Path
        Dossier où écrire, créé s’il manque.
    overwrite : bool
        Vrai pour remplacer ce qui s’y trouve ; 5-rendre se refait toujours.

    Returns
    -------
    tuple of (Noted, list of Path)
        Ce qui a été noté, et les fichiers écrits.

    Raises
    ------
    FormationError
        Si le dossier ne s’écrit pas, ou s’il contient déjà un rapport.
    """
    taken = [name for name in _ALONE if (folder / name).exists()]
    if taken and not overwrite and folder.resolve() != (session.root / places.RETURN).resolve():
        raise FormationError(
            f"{folder} contient déjà {', '.join(taken)}. Rien n’a été écrit. Donnez un autre dossier, ou ajoutez "
            "--ecraser pour remplacer."
        )
    noted = note(session, keep_going=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return noted, write_report(session, compute(session), folder)
    except OSError as error:
        raise FormationError(
            f"{folder} : {reason(error)}. Donnez un autre dossier, ou vérifiez vos droits et la place sur le disque."
        ) from None
