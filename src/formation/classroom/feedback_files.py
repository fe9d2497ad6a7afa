"""Récrire les pages de retour, après notation à la main par exemple."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.feedback import answers_of, render
from formation.classroom.grading.types import AssignmentSnapshot, CopyReport
from formation.classroom.marks import Key, Marked, read_marks
from formation.classroom.results import read_decisions, read_report
from formation.errors import reason
from formation.files import write_atomic


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Pages écrites, et copies sans détail gardé : corrigées par le moteur d’origine."""

    pages: list[Path] = field(default_factory=list)
    without: list[Key] = field(default_factory=list)


def rewrite(root: Path, db_url: str, only: Iterable[Key] | None = None) -> Rewritten:
    """Récrit les retours avec les notes et commentaires d’aujourd’hui.

    Parameters
    ----------
    root : Path
        Dossier de la session.
    db_url : str
        Adresse SQLAlchemy du carnet de notes.
    only : iterable of (str, str), optional
        Stagiaire et devoir des copies voulues ; par défaut, toutes.

    Returns
    -------
    Rewritten

    Raises
    ------
    AtelierImpossible
        Si le carnet de notes ne se lit pas, ou si une page ne peut pas être écrite.
    """
    from formation.classroom.grading.snapshot import read_assignments

    wanted = None if only is None else set(only)
    marks = {key: one for key, one in read_marks(db_url).items() if wanted is None or key in wanted}
    names = sorted({one.assignment for one in marks.values()})
    assignments = read_assignments(root, db_url, [name for name in names if (root / "release" / name).is_dir()])
    taken = read_decisions(db_url)
    result = Rewritten()
    for key, marked in marks.items():
        report = read_report(root, *key, taken)
        if report is None or marked.assignment not in assignments:
            result.without.append(key)
        else:
            _one(root, assignments[marked.assignment], marked, report, result)
    return result


def _one(root: Path, assignment: AssignmentSnapshot, marked: Marked, report: CopyReport, result: Rewritten) -> None:
    answers = {name: _answers(root, marked, name) for name in assignment.notebooks}
    pages = render(assignment, report, answers, marked.manual(), marked.penalties)
    result.pages.extend(write_pages(root / "feedback", marked.learner, marked.assignment, pages))


def _answers(root: Path, marked: Marked, notebook: str) -> dict[str, str]:
    path = root / "autograded" / marked.learner / marked.assignment / f"{notebook}.ipynb"
    try:
        return answers_of(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def write_pages(folder: Path, learner: str, assignment: str, pages: dict[str, str]) -> list[Path]:
    """Écrit les pages d’une copie, à côté puis en un renommage.

    Parameters
    ----------
    folder : Path
        Dossier des retours.
    learner, assignment : str
        Stagiaire et devoir.
    pages : dict
        Carnet → document HTML.

    Returns
    -------
    list of Path

    Raises
    ------
    AtelierImpossible
        Si une page ne peut pas être écrite ; l’ancienne reste intacte.
    """
    written = []
    for name, html in pages.items():
        path = folder / learner / assignment / f"{name}.html"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, html.encode())
        except OSError as error:
            raise AtelierImpossible(
                french(
                    f"Le retour « {path} » ne peut pas être écrit : {reason(error)}. L’ancien est intact. "
                    f"Libérez de la place ou donnez-vous le droit d’écrire, puis : formation atelier retours DOSSIER"
                )
            ) from None
        written.append(path)
    return written
