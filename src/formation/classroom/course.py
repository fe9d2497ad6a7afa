"""Créer le dossier d’une session : un cours nbgrader fait à partir des sources."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.exercise import Exercise
from formation.classroom.notebook import compute_expected, side_files, trainer_notebook
from formation.classroom.runner import Runner
from formation.classroom.sources import read_exercise

CONFIG = "nbgrader_config.py"
SESSION = "session.json"
Tell = Callable[[int, int, str], None]


def silent(_done: int, _total: int, _label: str) -> None:
    """Progression muette, pour les appels sans affichage.

    Parameters
    ----------
    _done, _total : int
        Étapes faites et à faire.
    _label : str
        Étape en cours.
    """


@dataclass(frozen=True, slots=True)
class Course:
    """Dossier d’une session.

    Parameters
    ----------
    root : Path
        Dossier du cours nbgrader.
    """

    root: Path

    def step(self, name: str) -> Path:
        """Sous-dossier d’une étape.

        Parameters
        ----------
        name : str
            source, release, a-distribuer, recus, submitted, autograded ou feedback.

        Returns
        -------
        Path
        """
        return self.root / name

    @property
    def exercises(self) -> dict[str, dict[str, Any]]:
        """Exercices de la session : titre, niveau, points, contrôles."""
        raw = json.loads((self.root / SESSION).read_text(encoding="utf-8"))
        return dict(raw["exercices"])


def open_course(root: Path) -> Course:
    """Ouvre un dossier de session existant.

    Parameters
    ----------
    root : Path
        Dossier.

    Returns
    -------
    Course

    Raises
    ------
    AtelierImpossible
        Si ce n’est pas le dossier d’une session.
    """
    if (root / CONFIG).is_file() and not (root / SESSION).is_file():
        raise AtelierImpossible(
            french(
                f"« {root} » est un cours nbgrader, pas une session créée par l’atelier (il y manque {SESSION}). Ce "
                "verbe ne sert qu’aux sessions. Pour un cours nbgrader, rangez les copies dans "
                "submitted/<stagiaire>/<devoir>/, puis lancez formation atelier corriger DOSSIER ; resultats, "
                "analyser, retours et relire le lisent aussi."
            )
        )
    if not (root / CONFIG).is_file():
        raise AtelierImpossible(
            french(
                f"« {root} » n’est pas le dossier d’une session (il y manque {CONFIG}). "
                "Créez-le d’abord : formation atelier creer DOSSIER"
            )
        )
    return Course(root.resolve())


def create_course(root: Path, sources: list[Path], tell: Tell = silent) -> Course:
    """Crée une session, ou remet à jour les exercices d’une session existante.

    Chaque solution est exécutée une fois, graines fixées, pour calculer les valeurs attendues.

    Parameters
    ----------
    root : Path
        Dossier à créer. S’il existe, il doit être vide ou être déjà une session.
    sources : list of Path
        Exercices à inclure.
    tell : callable
        Reçoit le nombre d’exercices faits, leur total et le nom en cours.

    Returns
    -------
    Course

    Raises
    ------
    AtelierImpossible
        Si le dossier contient autre chose.
    ExerciceInvalide
        Si une source a des erreurs ; rien n’est alors écrit.
    """
    fresh = not root.exists() or not any(root.iterdir())
    if not fresh:
        open_course(root)
    exercises = [read_exercise(path) for path in sources]
    root.parent.mkdir(parents=True, exist_ok=True)
    with _aside(root.parent) as aside:
        with Runner() as runner:
            for done, exercise in enumerate(exercises):
                tell(done, len(exercises), exercise.name)
                _write_source(aside / "source" / exercise.name, exercise, runner)
        tell(len(exercises), len(exercises), "terminé")
        root.mkdir(exist_ok=True)
        (root / "source").mkdir(exist_ok=True)
        for exercise in exercises:
            target = root / "source" / exercise.name
            shutil.rmtree(target, ignore_errors=True)
            (aside / "source" / exercise.name).replace(target)
        _write_session(root, exercises, aside)
        if fresh:
            template = Path(__file__).parent / "templates" / "nbgrader_config.py.txt"
            shutil.copyfile(template, root / CONFIG)
    return Course(root.resolve())


@contextmanager
def _aside(parent: Path) -> Iterator[Path]:
    # même disque que la destination : les renommages restent indivisibles
    folder = Path(tempfile.mkdtemp(prefix=".atelier-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_source(folder: Path, exercise: Exercise, runner: Runner) -> None:
    expected = compute_expected(exercise, runner)
    folder.mkdir(parents=True)
    write_notebook(folder / f"{exercise.name}.ipynb", trainer_notebook(exercise, expected))
    for name, text in side_files(exercise, expected).items():
        (folder / name).write_text(text, encoding="utf-8")


def notebook_text(notebook: Any) -> str:
    """Texte d’un carnet, tel qu’il est écrit.

    Parameters
    ----------
    notebook : NotebookNode
        Carnet.

    Returns
    -------
    str
    """
    # sans retrait ni lignes coupées : l’écriture passe par le C, dix fois plus vite, et nbformat lit aussi bien
    return f"{json.dumps(notebook, ensure_ascii=False, sort_keys=True)}\n"


def write_notebook(path: Path, notebook: Any) -> None:
    """Écrit un carnet, à côté puis en un renommage.

    Parameters
    ----------
    path : Path
        Fichier .ipynb.
    notebook : NotebookNode
        Carnet.
    """
    aside = path.with_name(f".{path.name}.tmp")
    aside.write_text(notebook_text(notebook), encoding="utf-8")
    aside.replace(path)


def _write_session(root: Path, exercises: list[Exercise], aside: Path) -> None:
    path = root / SESSION
    known = Course(root).exercises if path.is_file() else {}
    for exercise in exercises:
        known[exercise.name] = {
            "titre": exercise.header.titre,
            "niveau": exercise.header.niveau,
            "cas": exercise.header.cas,
            "duree_min": exercise.header.duree_min,
            "points": exercise.points,
            "controles": {name: control.points for name, control in exercise.controls.items()},
        }
    text = json.dumps({"format": 1, "exercices": dict(sorted(known.items()))}, ensure_ascii=False, indent=1)
    (aside / SESSION).write_text(text + "\n", encoding="utf-8")
    (aside / SESSION).replace(path)
