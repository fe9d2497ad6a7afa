"""Travailler seul : obtenir les exercices, essayer sa copie."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.copies import read_untrusted
from formation.classroom.course import require_folder
from formation.classroom.errors import AtelierImpossible, ExerciceIntrouvable
from formation.classroom.exercise import Exercise
from formation.classroom.grading.sandbox import LAYERS, Policy, default_policy
from formation.classroom.notebook import compute_expected
from formation.classroom.proof import Desk, Graded
from formation.classroom.release import write_practice
from formation.classroom.runner import Runner
from formation.classroom.sources import exercise_paths, read_exercise


@dataclass(frozen=True, slots=True)
class Try:
    """Copie essayée : l’exercice reconnu, ses points, ce que le bac à sable empêchait."""

    exercise: Exercise
    graded: Graded
    layers: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Résultat pour une machine."""
        graded = asdict(self.graded)
        remarks = graded.pop("remarks")
        return {"exercice": self.exercise.name, **graded, "remarques": remarks, "bac_a_sable": list(self.layers)}


def enclosure() -> tuple[Policy | None, str]:
    """Choisit le bac à sable où essayer une copie : tout ce que cette machine permet.

    Returns
    -------
    tuple of (Policy or None, str)
        Règle, None si la machine ne permet rien ; et la phrase à montrer avant d’exécuter la copie.
    """
    policy = default_policy(mode="degrade")
    if set(LAYERS) <= set(policy.layers):
        return policy, french("La copie s’exécute dans un bac à sable : ni réseau, ni accès à vos fichiers.")
    missing = french("Le code de la copie s’exécute sur cette machine, avec vos droits : il manque au bac à sable ")
    listing = ", ".join(layer for layer in LAYERS if layer not in policy.layers)
    return policy if policy.layers else None, f"{missing}{listing}."


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

    Raises
    ------
    AtelierImpossible
        Si le dossier ne peut pas être créé.
    """
    exercises = [read_exercise(path) for path in paths]
    require_folder(destination)
    with Runner() as runner:
        return [write_practice(item, compute_expected(item, runner), destination) for item in exercises]


def try_copy(path: Path, root: Path | None = None, policy: Policy | None = None) -> Try:
    """Note une copie sur-le-champ, avec la partie cachée des sources.

    Parameters
    ----------
    path : Path
        Carnet .ipynb.
    root : Path, optional
        Dossier des sources.
    policy : Policy, optional
        Bac à sable ; sans lui, le code de la copie s’exécute avec les droits de la personne.

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
    with (
        Runner(policy=policy) as runner,
        Desk(exercise, compute_expected(exercise, runner), runner) as desk,
    ):
        return Try(exercise, desk.grade(raw), policy.layers if policy is not None else ())


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
