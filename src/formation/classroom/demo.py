"""Session de démonstration : douze copies tirées des banques, de la création aux résultats."""

import json
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from formation.checks.failure import french
from formation.checks.wording import count
from formation.classroom.bank import Answer, bank_path, read_bank
from formation.classroom.collect import collect
from formation.classroom.course import Course, create_course, require_folder
from formation.classroom.errors import AtelierImpossible
from formation.classroom.exercise import Exercise
from formation.classroom.grade import grade
from formation.classroom.grading.sandbox import Mode, probe
from formation.classroom.models import LEVELS
from formation.classroom.release import release_course
from formation.classroom.results import Results, read_results
from formation.classroom.sources import read_exercise

SEED = 447
COPIES = 12
EXERCISES = 3
MARK = ".demonstration"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Copie tirée d’une banque et ce qu’elle doit obtenir."""

    learner: str
    exercise: Exercise
    answer: Answer


@dataclass(frozen=True, slots=True)
class Demo:
    """Session jouée."""

    course: Course
    drawn: list[Drawn]
    results: Results
    gaps: list[str]
    seconds: float


def clear_previous_demo(folder: Path) -> None:
    """Efface une démonstration précédente, et rien d’autre.

    Parameters
    ----------
    folder : Path
        Dossier de la démonstration, qui peut ne pas exister.

    Raises
    ------
    AtelierImpossible
        Si le dossier contient autre chose qu’une démonstration.
    """
    require_folder(folder.parent if not folder.exists() else folder)
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / MARK).is_file():
        raise AtelierImpossible(
            french(f"« {folder} » n’est pas vide. Donnez un dossier neuf, ou celui d’une démonstration précédente.")
        )
    shutil.rmtree(folder)


def choose(paths: list[Path], wanted: int = EXERCISES) -> list[Path]:
    """Choisit des exercices de niveaux et de cas différents, parmi ceux qui ont une banque.

    Parameters
    ----------
    paths : list of Path
        Sources disponibles.
    wanted : int
        Nombre voulu.

    Returns
    -------
    list of Path
    """
    left = [read_exercise(path) for path in paths if bank_path(path).is_file()]
    chosen: list[Exercise] = []
    while left and len(chosen) < wanted:
        levels = [exercise.header.niveau for exercise in chosen]
        cases = [exercise.header.cas for exercise in chosen]
        best = min(
            left,
            key=lambda e: (levels.count(e.header.niveau), cases.count(e.header.cas), LEVELS.index(e.header.niveau)),
        )
        left.remove(best)
        chosen.append(best)
    return sorted(exercise.path for exercise in chosen)


def draw(paths: list[Path], copies: int = COPIES, seed: int = SEED) -> list[Drawn]:
    """Tire des copies dans les banques : la référence d’abord, puis des réponses différentes.

    Parameters
    ----------
    paths : list of Path
        Exercices de la session.
    copies : int
        Nombre de copies, au moins une par exercice.
    seed : int
        Graine du tirage.

    Returns
    -------
    list of Drawn
    """
    generator = random.Random(seed)  # noqa: S311 - tirage pédagogique
    drawn = []
    base, extra = divmod(max(copies, len(paths)), len(paths))
    for rank, path in enumerate(paths):
        exercise = read_exercise(path)
        reference, *others = read_bank(exercise)
        share = base + (rank < extra)
        generator.shuffle(others)
        pool = [reference, *others] * (share // (len(others) + 1) + 1)
        picked = pool[:share]
        generator.shuffle(picked)
        drawn += [Drawn(f"stagiaire-{i + 1:02d}", exercise, answer) for i, answer in enumerate(picked)]
    return drawn


def play(root: Path, paths: list[Path], copies: int = COPIES, tell: Callable[[str], None] = lambda _: None) -> Demo:
    """Joue une session entière et compare chaque note à celle annoncée par la banque.

    Parameters
    ----------
    root : Path
        Dossier neuf.
    paths : list of Path
        Exercices de la session.
    copies : int
        Nombre de copies.
    tell : callable
        Reçoit une phrase par étape.

    Returns
    -------
    Demo

    Raises
    ------
    AtelierImpossible
        Si aucun exercice n’a de banque, ou si une étape échoue.
    """
    start = time.monotonic()
    if not paths:
        raise AtelierImpossible(french("Aucun exercice avec sa banque de réponses : rien à démontrer."))
    drawn = draw(paths, copies)
    tell(f"1/5 Créer la session : {count(len(paths), 'exercice')}.")
    course = create_course(root, paths, lambda d, t, n: tell(f"    {d}/{t} {n}"))
    tell("2/5 Fabriquer les copies vierges.")
    (root / MARK).touch()
    release_course(course)
    tell(f"3/5 Rendre et collecter {count(len(drawn), 'copie')}.")
    handed = root / "copies-rendues"
    for item in drawn:
        _hand_in(course, handed, item)
    collected = collect(course, handed)
    tell("4/5 Corriger.")
    mode = _sandbox(tell)
    report = grade(course, mode=mode, tell=lambda d, t, n, s: tell(f"    {d}/{t} {n}{_left(s)}"))
    tell("5/5 Lire les résultats.")
    results = read_results(course)
    gaps = [f"{path} : refusée, {reason}" for path, reason in collected.refused]
    gaps += [f"{copy.learner}, {copy.exercise} : {copy.reason}" for copy in report.failed]
    gaps += [gap for item in drawn for gap in _gaps(item, results)]
    return Demo(course, drawn, results, [french(gap) for gap in gaps], time.monotonic() - start)


def _sandbox(tell: Callable[[str], None]) -> Mode:
    """Bac à sable complet, ou ce que la machine en permet : ces copies viennent de nos banques."""
    missing = [layer for layer, why in probe().items() if why is not None]
    if not missing:
        return "strict"
    tell(
        f"    Sans bac à sable complet (il manque : {', '.join(missing)}) ; c’est sans risque ici, ces copies viennent "
        "du cours. Pour de vraies copies : formation atelier diagnostic."
    )
    return "degrade"


def _left(seconds: float) -> str:
    return f", reste {seconds:.0f} s" if seconds >= 1 else ""


def _hand_in(course: Course, handed: Path, item: Drawn) -> None:
    name = item.exercise.name
    blank = course.step("release") / name / f"{name}.ipynb"
    notebook = json.loads(blank.read_text(encoding="utf-8"))
    fill(notebook, item.answer)
    folder = handed / item.learner
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def fill(notebook: dict[str, list[dict[str, object]]], answer: Answer) -> None:
    """Pose une réponse de la banque dans une copie vierge.

    Parameters
    ----------
    notebook : dict
        JSON d’une copie vierge, modifié sur place.
    answer : Answer
        Réponse de la banque.
    """
    for cell in notebook["cells"]:
        metadata = cell["metadata"]
        grader = metadata.get("nbgrader", {}) if isinstance(metadata, dict) else {}
        if grader.get("solution"):
            cell["source"] = answer.cells[grader["grade_id"]]


def _gaps(item: Drawn, results: Results) -> list[str]:
    where = f"{item.learner}, {item.exercise.name} (« {item.answer.name} »)"
    result = results.of(item.learner, item.exercise.name)
    if result is None:
        return [f"{where} : pas de note."]
    gaps = []
    if abs(result.points - item.answer.points) > 1e-9:
        gaps.append(f"{where} : {result.points:g} points obtenus, {item.answer.points:g} attendus.")
    failed = {name for name, passed in result.controls.items() if not passed}
    if failed != set(item.answer.failures):
        meant = ", ".join(sorted(item.answer.failures)) or "aucun"
        gaps.append(f"{where} : contrôles en échec {', '.join(sorted(failed)) or 'aucun'} ; attendus : {meant}.")
    return gaps
