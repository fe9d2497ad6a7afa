"""Créer le dossier d’une session : tout est fabriqué à côté, puis posé en un renommage."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formation.errors import reason
from formation.files import aside
from formation.session import places
from formation.session.course_build import CourseBuild
from formation.session.model import Session, open_session
from formation.session.request import CreationImpossible, Prepared, Request, prepare

Tell = Callable[[int, int, str], None]
Job = tuple[str, Path]
LISTED = 3


@dataclass(frozen=True)
class Created:
    """Session créée.

    Parameters
    ----------
    session : Session
        Session, rouverte depuis son dossier.
    remarks : tuple of str
        Ce qui a été accepté et mérite un coup d’œil.
    files : int
        Fichiers écrits.
    """

    session: Session
    remarks: tuple[str, ...]
    files: int


def silent(_done: int, _total: int, _label: str) -> None:
    """N’annonce rien."""


def create_session(request: Request, tell: Tell = silent) -> Created:
    """Crée le dossier d’une session.

    Parameters
    ----------
    request : Request
        Session demandée ; `folder` est donné.
    tell : callable
        Reçoit le nombre d’étapes faites, leur total et l’étape en cours.

    Returns
    -------
    Created

    Raises
    ------
    CreationImpossible
        S’il y a un problème ou si le dossier ne peut pas être écrit ; rien n’est alors créé.
    CoursImpossible
        Si un exercice du cours échoue ; rien n’est alors créé.
    """
    if request.folder is None:
        raise CreationImpossible("Donnez le dossier à créer.")
    ready = prepare(request)
    target = request.folder.absolute()
    try:
        with (
            aside(target.parent, places.ASIDE) as beside,
            places.told_as(beside / "session", target, "Rien n’a été créé."),
        ):
            root = beside / "session"
            root.mkdir()
            _write_identity(request, ready, root)
            session = open_session(root)
            with CourseBuild(root / places.COURSE, ready.pathway.exercises(), ready.participants) as course:
                _write_all(session, ready, course, tell)
            files = sum(1 for path in root.rglob("*") if path.is_file())
            root.replace(target)
    except OSError as error:
        raise CreationImpossible(
            f"«\u00a0{request.folder}\u00a0» ne peut pas être écrit\u00a0: {reason(error)}. Rien n’a été créé. "
            "Vérifiez la place sur le disque et vos droits."
        ) from None
    return Created(open_session(target), ready.remarks, files)


def _write_identity(request: Request, ready: Prepared, root: Path) -> None:
    """Les trois fichiers que relit `open_session`, et les dossiers."""
    from importlib.metadata import version

    from formation.session.participants import list_csv

    halves = [
        {
            "date": slot.date,
            "debut": f"{slot.start:%H:%M}",
            "fin": f"{slot.end:%H:%M}",
            "titre": slot.title,
            "periode": slot.label,
            "jour": slot.day,
            "pauses_min": slot.pause_min,
        }
        for slot in ready.slots
    ]
    content = {
        "format": 1,
        "parcours": ready.pathway.parcours,
        "titre": ready.title,
        "organisme": request.organisation,
        "lieu": request.place,
        "modalite": ready.mode,
        "formateurs": list(request.trainers),
        "demi_journees": halves,
        "effacer_le": ready.erase_on,
        "cree_le": ready.created,
        "graine": ready.seed,
        "version": version("formation-ia-territoires"),
    }
    (root / places.SESSION).write_text(identity_text(content), encoding="utf-8")
    shutil.copyfile(ready.source, root / places.PATHWAY)
    (root / places.LEARNERS).write_bytes(list_csv(ready.participants))
    for name in (*places.FOLDERS, places.ANSWERS):
        (root / name).mkdir(parents=True, exist_ok=True)


def identity_text(content: dict[str, Any]) -> str:
    """Texte de session.yml.

    Parameters
    ----------
    content : dict
        Clés de `SessionFile`, dans l’ordre où les écrire.

    Returns
    -------
    str
    """
    import yaml

    return _HEAD + yaml.dump(content, Dumper=_plain_dumper(), allow_unicode=True, sort_keys=False, width=120)


_HEAD = (
    "# Organisme, lieu, formateurs\u00a0: formation session completer, qui refait aussi les documents.\n"
    "# Vous pouvez corriger ici titre et effacer_le.\n"
    "# Le reste se refait en créant une autre session\u00a0: formation session creer\n"
)


def _plain_dumper() -> Any:
    """Écriture sans renvoi : deux demi-journées du même jour répètent leur date."""
    import yaml

    return type("Simple", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})


def _write_all(session: Session, ready: Prepared, course: CourseBuild, tell: Tell) -> None:
    from formation.printing.batch import write_pdfs

    exercises = len(ready.pathway.exercises())
    steps = 2 * exercises + 1 if exercises else 0
    decks = ready.pathway.decks()
    fixed = len(decks) + LISTED
    jobs: list[Job] = []
    guess = fixed + len(session.slots) + LISTED + steps
    for done, work in enumerate((_run_sheet, _handout, _papers)):
        tell(done, guess, _LABELS[done])
        jobs += work(session)
    total = fixed + len(jobs) + steps
    _decks(session, decks, lambda done, name: tell(LISTED + done, total, f"diapositives {name}"))
    write_pdfs(jobs, lambda done, _, name: tell(fixed + done, total, name))
    course.finish(lambda done, _, name: tell(fixed + len(jobs) + done, total, name))
    _read_me(session, ready)
    tell(total, total, "terminé")


_LABELS = ("conducteur", "livret", "quiz, convocation, émargement")


def _run_sheet(session: Session) -> Iterator[Job]:
    from formation.session.handout import page_title
    from formation.session.runsheet import deck_title, run_sheet, run_sheet_html
    from formation.workshop.documents import write

    document = run_sheet(session, deck_title=deck_title, page_title=page_title)
    folder = session.root / places.PREPARE
    html = run_sheet_html(document)
    (folder / "conducteur.html").write_text(html, encoding="utf-8")
    for kind in ("odt", "docx"):
        write(document, folder / f"conducteur.{kind}")
    yield html, folder / "conducteur.pdf"


def _handout(session: Session) -> Iterator[Job]:
    from formation.session.handout import handout_html

    html = handout_html(session)
    (session.root / places.DISTRIBUTE / "livret.html").write_text(html, encoding="utf-8")
    yield html, session.root / places.DISTRIBUTE / "livret.pdf"


def write_named(session: Session) -> list[Job]:
    """Écrit les pièces qui disent le lieu, l’organisme et les formateurs.

    Parameters
    ----------
    session : Session
        Session ; ses dossiers sont créés s’ils manquent.

    Returns
    -------
    list of (str, Path)
        Pages à imprimer et fichiers PDF, pour `printing.write_pdfs`.
    """
    for name in (places.PREPARE, places.DISTRIBUTE, places.ATTENDANCE):
        (session.root / name).mkdir(parents=True, exist_ok=True)
    return [*_run_sheet(session), *_handout(session), *_signed(session)]


def _signed(session: Session) -> Iterator[Job]:
    from formation.session.papers import attendance_html, summons_document, summons_text
    from formation.workshop.documents import write

    folder = session.root / places.PREPARE
    (folder / "convocation.txt").write_text(summons_text(session), encoding="utf-8")
    write(summons_document(session), folder / "convocation.odt")
    for slot in session.slots:
        html = attendance_html(session, slot)
        sheet = session.root / places.ATTENDANCE / f"emargement-{slot.key}.html"
        sheet.write_text(html, encoding="utf-8")
        yield html, sheet.with_suffix(".pdf")


def _papers(session: Session) -> Iterator[Job]:
    from formation.classroom.exports import write_csv
    from formation.session.quizzes import write_quizzes
    from formation.session.reading_me import checklist_html

    folder = session.root / places.PREPARE
    yield from _signed(session)
    (folder / "convocations.csv").write_bytes(_mail_merge(session))
    (folder / "liste-de-controle.html").write_text(checklist_html(session), encoding="utf-8")
    write_csv(
        session.root / places.COLLECT / "presences.csv",
        ["identifiant", *(f"{slot.date.isoformat()} {slot.label}" for slot in session.slots)],
        [[one.id, *([""] * len(session.slots))] for one in session.participants],
    )
    yield from write_quizzes(session, session.root)


def _mail_merge(session: Session) -> bytes:
    """Une ligne par stagiaire : de quoi adresser la convocation sans recopier une adresse."""
    from formation.classroom.exports import csv_text

    text = csv_text(
        ("identifiant", "prénom", "nom", "courriel", "organisation", "objet"),
        [
            (one.id, one.first, one.last, one.email, one.organisation, f"Convocation – {session.title}")
            for one in session.participants
        ],
    )
    return text.encode("utf-8-sig")


def _decks(session: Session, decks: list[str], tell: Callable[[int, str], None]) -> None:
    from formation import slides

    folder = session.root / places.SLIDES
    folder.mkdir(exist_ok=True)
    for done, name in enumerate(decks):
        tell(done, name)
        slides.write(slides.read(name), folder / f"{name}.html")


def _read_me(session: Session, ready: Prepared) -> None:
    from formation.session.reading_me import read_me_html

    present = [path.relative_to(session.root).as_posix() for path in session.root.rglob("*") if path.is_file()]
    html = read_me_html(session, present, ready.remarks)
    (session.root / places.READ_ME).write_text(html, encoding="utf-8")
