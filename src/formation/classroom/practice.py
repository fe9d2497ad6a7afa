"""Travailler seul : obtenir les exercices, essayer sa copie."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.copies import graded_cells, read_untrusted
from formation.classroom.errors import AtelierImpossible, ExerciceIntrouvable
from formation.classroom.exercise import Exercise
from formation.classroom.notebook import compute_expected, side_files
from formation.classroom.proof import Graded, grade_cells
from formation.classroom.release import write_practice
from formation.classroom.runner import Runner
from formation.classroom.sources import exercise_paths, read_exercise


@dataclass(frozen=True, slots=True)
class Try:
    """Copie essayée : l’exercice reconnu, ses points, les remarques sur la copie."""

    exercise: Exercise
    graded: Graded
    remarks: list[str]

    def to_json(self) -> dict[str, Any]:
        """Résultat pour une machine."""
        return {"exercice": self.exercise.name, **asdict(self.graded), "remarques": self.remarks}


def hand_out(paths: list[Path], destination: Path) -> list[tuple[Path, str]]:
    """Pose les copies vierges d’exercices dans un dossier, sans écraser un travail commencé.

    Parameters
    ----------
    paths : list of Path
        Sources des exercices.
    destination : Path
        Dossier, créé au besoin.

    Returns
    -------
    list of (Path, str)
        Carnet, et ce qui s’est passé : « neuf », « gardé » ou « à côté ».
    """
    exercises = [read_exercise(path) for path in paths]
    with Runner() as runner:
        return [write_practice(item, compute_expected(item, runner), destination) for item in exercises]


def try_copy(path: Path, root: Path | None = None) -> Try:
    """Note une copie sur-le-champ, avec la partie cachée des sources. Le code de la copie s’exécute sur cette machine.

    Parameters
    ----------
    path : Path
        Carnet .ipynb.
    root : Path, optional
        Dossier des sources.

    Returns
    -------
    Try

    Raises
    ------
    AtelierImpossible
        Si le fichier n’est pas un carnet lisible.
    ExerciceIntrouvable
        Si l’on ne reconnaît pas l’exercice.
    """
    if not path.exists():
        raise AtelierImpossible(french(f"« {path} » n’existe pas."))
    try:
        raw = read_untrusted(path)
    except AtelierImpossible as error:
        raise AtelierImpossible(french(f"« {path.name} » : {error}.")) from None
    exercise = read_exercise(_source_of(path, raw.get("metadata"), root))
    with Runner() as runner:
        expected = compute_expected(exercise, runner)
        cells, remarks = graded_cells(exercise, expected, raw)
        graded = grade_cells(exercise, cells, side_files(exercise, expected), runner)
    return Try(exercise, graded, remarks)


def _source_of(path: Path, metadata: object, root: Path | None) -> Path:
    ours = metadata.get("formation") if isinstance(metadata, dict) else None
    name = ours.get("exercice") if isinstance(ours, dict) else None
    available = {source.stem: source for source in exercise_paths(root)}
    for candidate in (name, path.stem, path.stem.partition("-neuf")[0]):
        if isinstance(candidate, str) and candidate in available:
            return available[candidate]
    known = ", ".join(available) or "aucun"
    raise ExerciceIntrouvable(
        french(f"« {path.name} » ne correspond à aucun exercice connu ({known}). Gardez le nom d’origine du fichier.")
    )
