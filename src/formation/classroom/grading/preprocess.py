"""Faire travailler les préprocesseurs de nbgrader sur une photographie du cours, sans base de données.

Ce sont les classes de nbgrader, réglées par le cours ; on leur prête un carnet de notes en lecture et un validateur
compilé une fois, et l’on ne recopie ni ne revalide le carnet entre deux, comme le fait nbconvert.
"""

import contextlib
import inspect
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from formation.classroom.grading.quickstart import light_imports
from formation.classroom.grading.types import AssignmentSnapshot, NotebookSnapshot, SourceCell

Scores = tuple[dict[str, float | None], dict[str, str | None]]
_LOCK = threading.RLock()
_REMEMBERED = 10_000


class SnapshotGradebook:
    """Carnet de notes en lecture, avec ce que demandent `OverwriteCells` et `OverwriteKernelspec`.

    Parameters
    ----------
    snapshot : AssignmentSnapshot
        Devoir photographié.
    """

    def __init__(self, snapshot: AssignmentSnapshot) -> None:
        self._snapshot = snapshot
        self._notebooks = {name: _notebook(one) for name, one in snapshot.notebooks.items()}

    def __enter__(self) -> "SnapshotGradebook":
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def close(self) -> None:
        """Rien à fermer."""

    def find_notebook(self, name: str, assignment: str) -> Any:
        """Carnet, avec ses listes de cellules.

        Parameters
        ----------
        name, assignment : str
            Carnet et devoir.

        Returns
        -------
        SimpleNamespace

        Raises
        ------
        MissingEntry
            Si le devoir n’a pas ce carnet.
        """
        return self._find(self._notebooks, name, assignment, name)

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> Any:
        """Cellule telle que l’a écrite le formateur.

        Parameters
        ----------
        name, notebook, assignment : str
            Cellule, carnet et devoir.

        Returns
        -------
        SimpleNamespace

        Raises
        ------
        MissingEntry
            Si elle n’est pas au carnet de notes.
        """
        return self._find(self.find_notebook(notebook, assignment).by_name, name, assignment, notebook)

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> Any:
        """Cellule notée ou tâche.

        Parameters
        ----------
        name, notebook, assignment : str
            Cellule, carnet et devoir.

        Returns
        -------
        SimpleNamespace

        Raises
        ------
        MissingEntry
            Si elle n’est pas notée.
        """
        found = self.find_notebook(notebook, assignment)
        graded = {cell.name: cell for cell in (*found.grade_cells, *found.task_cells)}
        return self._find(graded, name, assignment, notebook)

    def _find(self, known: dict[str, Any], name: str, assignment: str, notebook: str) -> Any:
        from nbgrader.api import MissingEntry

        if assignment != self._snapshot.name or name not in known:
            raise MissingEntry(f"{assignment}/{notebook}/{name}")
        return known[name]


def _notebook(one: NotebookSnapshot) -> SimpleNamespace:
    cells = [_cell(cell) for cell in one.cells.values()]
    return SimpleNamespace(
        name=one.name,
        kernelspec=one.kernelspec or None,
        source_cells=cells,
        grade_cells=[cell for cell in cells if cell.grade],
        solution_cells=[cell for cell in cells if cell.solution],
        task_cells=[cell for cell in cells if cell.task],
        by_name={cell.name: cell for cell in cells},
    )


def _cell(cell: SourceCell) -> SimpleNamespace:
    return SimpleNamespace(
        name=cell.name,
        cell_type=cell.cell_type,
        source=cell.source,
        locked=cell.locked,
        checksum=cell.checksum or None,
        max_score=cell.points,
        grade=cell.grade,
        solution=cell.solution,
        task=cell.task,
    )


class Preprocessors:
    """Préprocesseurs réglés par le cours, avant (`sanitize`) et après (`finish`) l’exécution.

    Ceux qui exécutent (`Execute`) ou écrivent au carnet de notes (`SaveAutoGrades`, `AssignLatePenalties`) sont ôtés.

    Parameters
    ----------
    config : traitlets.config.Config
        Réglages du cours.
    snapshot : AssignmentSnapshot
        Devoir photographié.
    """

    def __init__(self, config: Any, snapshot: AssignmentSnapshot) -> None:
        light_imports()
        from nbgrader.converters import Autograde
        from nbgrader.coursedir import CourseDirectory

        self.config = config
        self._assignment = snapshot.name
        self._gradebook = SnapshotGradebook(snapshot)
        settings = Autograde(coursedir=CourseDirectory(config=config), config=config)
        self._before = _instances(settings, settings.sanitize_preprocessors)
        self._after = _instances(settings, settings.autograde_preprocessors)

    def resources(self, notebook: str, learner: str) -> dict[str, Any]:
        """Ce que nbgrader passe à chaque préprocesseur ; l’adresse de la base y est vide.

        Parameters
        ----------
        notebook, learner : str
            Carnet et stagiaire.

        Returns
        -------
        dict
        """
        inner = {"student": learner, "assignment": self._assignment, "notebook": notebook, "db_url": ""}
        return {"unique_key": notebook, "output_files_dir": f"{notebook}_files", "nbgrader": inner}

    def sanitize(self, notebook: Any, resources: dict[str, Any]) -> Any:
        """Avant l’exécution : sorties effacées, cellules et noyau rétablis, métadonnées vérifiées.

        Parameters
        ----------
        notebook : NotebookNode
            Copie rebâtie, modifiée sur place.
        resources : dict
            Rendu par `resources`.

        Returns
        -------
        NotebookNode
        """
        return self._apply(self._before, notebook, resources)

    def finish(self, notebook: Any, resources: dict[str, Any]) -> Any:
        """Après l’exécution : sorties filtrées et raccourcies, métadonnées vérifiées.

        Parameters
        ----------
        notebook : NotebookNode
            Copie exécutée, modifiée sur place.
        resources : dict
            Rendu par `resources`.

        Returns
        -------
        NotebookNode
        """
        return self._apply(self._after, notebook, resources)

    def _apply(self, preprocessors: list[Any], notebook: Any, resources: dict[str, Any]) -> Any:
        with _lent(self._gradebook):
            for preprocessor in preprocessors:
                notebook, resources = preprocessor(notebook, resources)
        return notebook


def _instances(settings: Any, classes: list[Any]) -> list[Any]:
    from nbconvert.preprocessors import ExecutePreprocessor
    from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
    from traitlets.utils.importstring import import_item

    left_out = (ExecutePreprocessor, SaveAutoGrades, AssignLatePenalties)
    made = []
    for item in classes:
        found: Any = import_item(item) if isinstance(item, str) else item
        if not inspect.isclass(found):
            # nbconvert accepte aussi une fonction, ou un préprocesseur déjà fait
            made.append(found)
        elif not issubclass(found, left_out):
            preprocessor: Any = found
            made.append(preprocessor(parent=settings))
    return made


@contextlib.contextmanager
def _lent(gradebook: SnapshotGradebook) -> Iterator[None]:
    """Prête le carnet de notes photographié et le validateur compilé aux modules de nbgrader."""
    from nbgrader.nbgraderformat import common
    from nbgrader.preprocessors import checkcellmetadata, overwritecells, overwritekernelspec

    schemas, validator = _replacements()
    loans: list[tuple[Any, str, Any]] = [
        (overwritecells, "Gradebook", lambda *_args, **_kwargs: gradebook),
        (overwritekernelspec, "Gradebook", lambda *_args, **_kwargs: gradebook),
        (common, "jsonschema", schemas),
        (checkcellmetadata, "MetadataValidator", lambda: validator),
    ]
    with _LOCK:
        before = [getattr(module, name) for module, name, _loan in loans]
        for module, name, loan in loans:
            setattr(module, name, loan)
        try:
            yield
        finally:
            for (module, name, _loan), original in zip(loans, before, strict=True):
                setattr(module, name, original)


class _Compiled:
    """Remplace `jsonschema.validate`, qui revérifie son propre schéma à chaque cellule.

    Les étiquettes viennent du carnet de notes : elles sont les mêmes d’une copie à l’autre, une vérification suffit.
    """

    def __init__(self, library: Any) -> None:
        self._library = library
        self._validators: dict[int, Any] = {}
        self._valid: set[tuple[int, str]] = set()

    def validate(self, instance: Any, schema: Any) -> None:
        known = (id(schema), repr(sorted(instance.items())))
        if known in self._valid:
            return
        # le validateur garde le schéma : son identité ne sera pas reprise par un autre
        if id(schema) not in self._validators:
            self._validators[id(schema)] = self._library.validators.validator_for(schema)(schema)
        for error in self._validators[id(schema)].iter_errors(instance):
            raise error
        if len(self._valid) < _REMEMBERED:
            self._valid.add(known)


def _replacements() -> tuple[Any, Any]:
    """Bibliothèque de schémas et validateur nbgrader, faits une fois : en faire un relit trois fichiers."""
    if not _MADE:
        from nbgrader.nbgraderformat import MetadataValidator, common

        _MADE.extend((_Compiled(common.jsonschema), MetadataValidator()))
    return _MADE[0], _MADE[1]


_MADE: list[Any] = []


def scores(notebook: Any) -> Scores:
    """Notes et commentaires automatiques, par les règles de nbgrader.

    Une note partielle qui dépasse le maximum fait perdre toute la copie à nbgrader ; ici la cellule n’a pas de note,
    une personne doit la relire.

    Parameters
    ----------
    notebook : NotebookNode
        Copie exécutée.

    Returns
    -------
    tuple of (dict, dict)
        Par cellule notée ou tâche, la note ou None si une personne doit noter ; par réponse ou tâche, le commentaire
        « No response. » ou None.
    """
    light_imports()
    from nbgrader import utils

    points: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        task = utils.is_task(cell)
        if utils.is_grade(cell):
            points[name] = _score(utils, cell)
        elif task:
            points[name] = None
        if utils.is_solution(cell) or task:
            same = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
            comments[name] = "No response." if same and not task else None
    return points, comments


def _score(utils: Any, cell: Any) -> float | None:
    try:
        score, _maximum = utils.determine_grade(cell)
    except (ValueError, KeyError, TypeError, IndexError):
        return None
    return None if score is None else float(score)
