"""Corriger une copie, de son dossier à ses carnets corrigés et à ses pages de retour."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from formation.checks.failure import french
from formation.classroom.copies import Submission, read_submission
from formation.classroom.course import notebook_text
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading import rebuild, verdict
from formation.classroom.grading.branches import Branches, prefix_of
from formation.classroom.grading.decided import settle
from formation.classroom.grading.executor import Zygote
from formation.classroom.grading.penalties import Penalties
from formation.classroom.grading.preprocess import Preprocessors, scores
from formation.classroom.grading.replay import Replays
from formation.classroom.grading.running import NotebookRun
from formation.classroom.grading.types import (
    GRADED,
    AssignmentSnapshot,
    CellResult,
    CopyReport,
    Limits,
    NotebookResult,
    NotebookSnapshot,
    Task,
)

LOG = logging.getLogger("formation.correction")
MAX_REASONS = 12
_AUTOMATIC = ("valeur", "fonction", "interne")


@dataclass(slots=True)
class _Work:
    """Ce qu’il faut pour corriger les carnets d’une copie."""

    assignment: AssignmentSnapshot
    task: Task
    branches: Branches
    preprocessors: Preprocessors
    limits: Limits
    documents: dict[str, Any] = field(default_factory=dict)


def grade_copy(
    assignment: AssignmentSnapshot,
    task: Task,
    zygote: Zygote | Branches,
    *,
    preprocessors: Preprocessors,
    limits: Limits,
    out: Path,
) -> CopyReport:
    """Corrige une copie et écrit ses carnets corrigés et ses pages de retour.

    Rien n’est écrit avant que tout soit prêt ; chaque fichier est posé à côté, puis renommé.

    Parameters
    ----------
    assignment : AssignmentSnapshot
        Devoir du formateur.
    task : Task
        Copie.
    zygote : Zygote or Branches
        Processus chaud de l’ouvrier.
    preprocessors : Preprocessors
        Préprocesseurs nbgrader du cours.
    limits : Limits
        Bornes de chaque carnet.
    out : Path
        Dossier `autograded` ; les pages vont dans `feedback`, à côté.

    Returns
    -------
    CopyReport
        État « échec » si notre propre code s’est trompé : rien n’est alors écrit.

    Raises
    ------
    OSError
        Si le disque refuse l’écriture : ce n’est pas la faute de la copie.
    """
    start = monotonic()
    branches = zygote if isinstance(zygote, Branches) else Branches.of(zygote)
    work = _Work(assignment, task, branches, preprocessors, limits)
    try:
        report = settle(_grade(work), task.decision)
        pages = _pages(work, report)
        texts = {name: notebook_text(document) for name, document in work.documents.items()}
    except OSError:
        raise
    except Exception as error:
        LOG.exception("%s · %s", task.learner, task.assignment)
        brief = " ".join(str(error).split())[:200]
        why = french(f"la correction s’est arrêtée sur une erreur inattendue ({type(error).__name__} : {brief})")
        failed = CopyReport(task.learner, task.assignment, task.fingerprint, "échec", [why])
        failed.seconds = monotonic() - start
        return failed
    place = Path(task.learner) / task.assignment
    _write(out / place, {f"{name}.ipynb": text for name, text in texts.items()}, assignment, ".ipynb")
    _write(out.parent / "feedback" / place, {f"{name}.html": text for name, text in pages.items()}, assignment, ".html")
    report.seconds = monotonic() - start
    return report


def _grade(work: _Work) -> CopyReport:
    task = work.task
    report = CopyReport(task.learner, task.assignment, task.fingerprint)
    try:
        submission = read_submission(Path(task.folder), work.assignment)
    except AtelierImpossible as error:
        submission = Submission({name: (None, str(error)) for name in work.assignment.notebooks})
    for name, notebook in work.assignment.notebooks.items():
        raw, reason = submission.notebooks[name]
        if raw is not None:
            result, tampering = _notebook(work, notebook, raw, submission)
            told = {why for cell in result.cells for why in cell.review}
            report.reasons += [f"{name} : {why}" for why in tampering if why not in told]
        elif os.path.lexists(Path(task.folder) / f"{name}.ipynb") or not Path(task.folder).is_dir():
            result = _refused(work, notebook, reason)
            report.reasons.append(reason)
        else:
            result = _missing(notebook, reason)
        report.notebooks.append(result)
    if report.notebooks and submission.remarks:
        report.notebooks[0].remarks += submission.remarks
    _conclude(report)
    return report


def _conclude(report: CopyReport) -> None:
    report.reasons += [line for one in report.notebooks if one.present for line in _to_review(one)]
    if not any(one.present for one in report.notebooks):
        report.state = "refusée"
        report.reasons = report.reasons or [remark for one in report.notebooks for remark in one.remarks]
    elif report.reasons:
        report.state = "à relire"
    unique = list(dict.fromkeys(map(french, report.reasons)))
    rest = len(unique) - MAX_REASONS
    report.reasons = unique[:MAX_REASONS] + ([f"… et {rest} autres"] if rest > 0 else [])


def _to_review(result: NotebookResult) -> list[str]:
    cells: dict[str, list[str]] = {}
    for cell in result.cells:
        for why in cell.review:
            cells.setdefault(why, []).append(f"« {cell.name} »")
    return [f"{result.name}, {', '.join(names)} : {why}" for why, names in cells.items()]


def _notebook(
    work: _Work, notebook: NotebookSnapshot, raw: dict[str, Any], submission: Submission
) -> tuple[NotebookResult, list[str]]:
    files = submission.files
    rebuilt = rebuild.rebuild(notebook, raw)
    resources = work.preprocessors.resources(notebook.name, work.task.learner)
    document = work.preprocessors.sanitize(rebuilt.notebook, resources)
    with work.branches.session(
        work.assignment, notebook, files, work.limits, shared=_starts_alike(work.assignment, notebook, document, files)
    ) as (session, done):
        replays = Replays.of(work.branches)
        run = NotebookRun(work.assignment, notebook, document, session, done, replays, work.limits, submission.modules)
        cells, tampering = run.execute()
    document = work.preprocessors.finish(document, resources)
    points, comments = scores(document)
    for cell in cells:
        _score(cell, points)
    work.documents[notebook.name] = document
    return NotebookResult(notebook.name, True, rebuilt.remarks, cells, comments), tampering


def _starts_alike(
    assignment: AssignmentSnapshot, notebook: NotebookSnapshot, document: Any, files: Mapping[str, str]
) -> bool:
    """Vrai si la copie commence par les cellules du formateur, sans fichier qui puisse les faire agir autrement."""
    prefix = prefix_of(notebook)
    codes = [cell for cell in document.cells if cell.cell_type == "code"][: len(prefix)]
    same = [(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source) for cell in codes] == prefix
    return bool(prefix) and same and set(files) <= set(assignment.files)


def _score(cell: CellResult, points: dict[str, float | None]) -> None:
    if cell.kind not in GRADED:
        return
    cell.score = points.get(cell.name)
    if cell.kind in _AUTOMATIC and cell.score is None:
        cell.review.append(french("le test rend une note impossible : plus de points que la cellule n’en vaut"))
    if cell.kind == "interne" and cell.review:
        cell.message = verdict.WITHHELD


def _missing(notebook: NotebookSnapshot, reason: str) -> NotebookResult:
    """Carnet non rendu : zéro partout, sans demander de note à la main, comme nbgrader."""
    result = NotebookResult(notebook.name, False, [reason])
    for cell in notebook.cells.values():
        kind = notebook.kind(cell.name)
        if kind in GRADED:
            result.cells.append(CellResult(cell.name, kind, cell.points, 0.0, message=french("Carnet non rendu.")))
    return result


def _refused(work: _Work, notebook: NotebookSnapshot, reason: str) -> NotebookResult:
    """Carnet illisible : zéro aux contrôles automatiques, et une personne doit regarder."""
    result = NotebookResult(notebook.name, False, [reason])
    for cell in notebook.cells.values():
        kind = notebook.kind(cell.name)
        if kind in GRADED:
            score = 0.0 if kind in _AUTOMATIC else None
            message = french("Le carnet rendu n’a pas pu être lu.")
            result.cells.append(CellResult(cell.name, kind, cell.points, score, message=message, review=[reason]))
    work.documents[notebook.name] = _notice(notebook, reason)
    return result


def _notice(notebook: NotebookSnapshot, reason: str) -> Any:
    from nbformat import v4 as untyped_v4

    v4: Any = untyped_v4
    document = rebuild.blank(notebook)
    text = french(f"**Copie refusée.** {reason}. Ce carnet est celui du formateur ; donnez ici une note à la main.")
    notice = v4.new_markdown_cell(text)
    notice["id"] = "copie-refusee"
    document.cells.insert(0, notice)
    return document


def _pages(work: _Work, report: CopyReport) -> dict[str, str]:
    """Pages de retour ; leur échec ne coûte pas sa note à la copie."""
    from formation.classroom import feedback

    task = work.task
    answers = {name: feedback.answers_of(document) for name, document in work.documents.items()}
    try:
        late = Penalties(work.preprocessors.config).of(report, task.manual, task.late_s) if task.late_s > 0 else {}
        return feedback.render(work.assignment, report, answers, task.manual, late)
    except Exception:
        LOG.exception("retour de %s · %s", work.task.learner, work.task.assignment)
        report.reasons.append(french("la page de retour n’a pas pu être écrite : formation atelier retours DOSSIER"))
        return {}


def _write(folder: Path, texts: Mapping[str, str], assignment: AssignmentSnapshot, suffix: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        aside = folder / f".{name}.tmp"
        aside.unlink(missing_ok=True)
        aside.write_text(text, encoding="utf-8")
        aside.chmod(0o444)
        aside.replace(folder / name)
    for name in assignment.notebooks:
        if f"{name}{suffix}" not in texts:
            (folder / f"{name}{suffix}").unlink(missing_ok=True)


def count_kinds(assignment: AssignmentSnapshot) -> dict[str, int]:
    """Compte les cellules notées d’un devoir selon l’endroit où elles sont jugées.

    Parameters
    ----------
    assignment : AssignmentSnapshot
        Devoir.

    Returns
    -------
    dict
        Nombre par rôle : `valeur`, `fonction` (jugées hors du processus du stagiaire), `interne`, `manuelle`, `tache`.
    """
    counts = dict.fromkeys(GRADED, 0)
    for notebook in assignment.notebooks.values():
        for name in notebook.cells:
            kind = notebook.kind(name)
            if kind in counts:
                counts[kind] += 1
    return counts
