"""Essai préalable : la solution du formateur doit avoir tous les points, dans le bac à sable, avant toute copie."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from formation.checks.failure import french
from formation.classroom.course import write_notebook
from formation.classroom.grading import rebuild
from formation.classroom.grading.types import AssignmentSnapshot, CellResult, CopyReport, NotebookSnapshot, Task

LEARNER = "essai-prealable"
AUTOMATIC = ("valeur", "fonction", "interne")
_SHOWN = 300


def check(assignment: AssignmentSnapshot, grade: Callable[[Task, Path], CopyReport]) -> list[str]:
    """Fait corriger la solution du formateur comme une copie.

    Parameters
    ----------
    assignment : AssignmentSnapshot
        Devoir.
    grade : callable
        Corrige une copie vers un dossier, comme pour les stagiaires.

    Returns
    -------
    list of str
        Pourquoi le devoir ne peut pas être corrigé ; vide si chaque contrôle automatique a tous ses points.
    """
    unsolved = [name for name, notebook in assignment.notebooks.items() if not notebook.solved]
    if unsolved:
        listing = ", ".join(f"source/{assignment.name}/{name}.ipynb" for name in unsolved)
        return [french(f"la solution du formateur manque ({listing}) : remettez-la, elle sert d’essai préalable.")]
    with tempfile.TemporaryDirectory(prefix="formation-essai-") as folder:
        handed = Path(folder) / "submitted" / LEARNER / assignment.name
        handed.mkdir(parents=True)
        for name, notebook in assignment.notebooks.items():
            write_notebook(handed / f"{name}.ipynb", rebuild.reference(notebook))
        report = grade(Task(LEARNER, assignment.name, str(handed), ""), Path(folder) / "autograded")
    if report.state == "échec":
        return [french(f"la solution n’a pas pu être exécutée : {'; '.join(report.reasons) or 'raison inconnue'}.")]
    return [french(problem) for problem in _problems(assignment, report)]


def _problems(assignment: AssignmentSnapshot, report: CopyReport) -> Iterator[str]:
    results = {result.name: result for result in report.notebooks}
    for name, notebook in assignment.notebooks.items():
        cells = {cell.name: cell for cell in results[name].cells} if name in results else {}
        yield from _notebook_problems(notebook, cells)


def _notebook_problems(notebook: NotebookSnapshot, cells: dict[str, CellResult]) -> Iterator[str]:
    for name, source in notebook.cells.items():
        if notebook.kind(name) not in AUTOMATIC:
            continue
        cell = cells.get(name)
        if cell is None or cell.score is None:
            outcome = "aucune note"
        elif cell.score >= source.points - 1e-9:
            continue
        else:
            outcome = f"{cell.score:g} sur {source.points:g}"
        why = " ".join((cell.message if cell else "").split())[:_SHOWN]
        cause = f" ({why})" if why else ""
        yield (
            f"carnet « {notebook.name} », cellule « {name} » : la solution du formateur obtient {outcome}{cause}. "
            "Corrigez la solution ou le contrôle, ou les bornes (--delai-cellule, --memoire)."
        )
