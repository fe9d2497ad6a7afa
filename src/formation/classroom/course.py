"""Créer le dossier d’une session : un cours nbgrader fait à partir des sources."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.exercise import Exercise
from formation.classroom.notebook import compute_expected, side_files, trainer_notebook
from formation.classroom.runner import Runner
from formation.classroom.sources import read_exercise
from formation.errors import reason
from formation.files import aside, write_atomic

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


def require_folder(folder: Path) -> None:
    """Crée au besoin un dossier où écrire, ou dit pourquoi on ne le peut pas.

    Parameters
    ----------
    folder : Path
        Dossier.

    Raises
    ------
    AtelierImpossible
        S’il ne peut pas être créé, si ce n’est pas un dossier ou si l’on n’a pas le droit d’y écrire.
    """
    why = ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        why = "c’est un fichier"
    except OSError as error:
        why = reason(error)
    if not why and not os.access(folder, os.W_OK | os.X_OK):
        why = "vous n’avez pas le droit d’y écrire"
    if why:
        raise AtelierImpossible(
            french(
                f"« {folder} » ne peut pas servir de dossier : {why}. Rien n’est écrit. Donnez un dossier neuf, "
                "dans un endroit qui est à vous, par exemple mon-cours."
            )
        )


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
    fresh = not root.exists() or (root.is_dir() and not any(root.iterdir()))
    if not fresh and root.is_dir() and not (root / CONFIG).is_file():
        raise AtelierImpossible(
            french(
                f"« {root} » contient déjà autre chose qu’une session. Donnez un dossier neuf, par exemple mon-cours."
            )
        )
    if not fresh and root.is_dir():
        open_course(root)
    exercises = [read_exercise(path) for path in sources]
    require_folder(root.parent if fresh else root)
    # même disque que la destination : les renommages restent indivisibles
    with aside(root.parent, ".atelier-") as work:
        with Runner() as runner:
            for done, exercise in enumerate(exercises):
                tell(done, len(exercises), exercise.name)
                _write_source(work / "source" / exercise.name, exercise, runner)
        tell(len(exercises), len(exercises), "terminé")
        root.mkdir(exist_ok=True)
        (root / "source").mkdir(exist_ok=True)
        for exercise in exercises:
            target = root / "source" / exercise.name
            shutil.rmtree(target, ignore_errors=True)
            (work / "source" / exercise.name).replace(target)
        _write_session(root, exercises, work)
        if fresh:
            template = Path(__file__).parent / "templates" / "nbgrader_config.py.txt"
            shutil.copyfile(template, root / CONFIG)
    return Course(root.resolve())


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
    write_atomic(path, notebook_text(notebook).encode())


def _write_session(root: Path, exercises: list[Exercise], work: Path) -> None:
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
    (work / SESSION).write_text(text + "\n", encoding="utf-8")
    (work / SESSION).replace(path)
