"""Chaque exercice est prouvé : banque, points, messages, stabilité, et rien de secret dans la copie du stagiaire."""

import shutil
from pathlib import Path

import pytest

from formation import palette
from formation.classroom.bank import read_bank
from formation.classroom.course import write_notebook
from formation.classroom.errors import ExerciceInvalide

ROOT = Path(__file__).parents[2] / "notebooks"
CASE_MINIMUM, CHAPTER_MINIMUM, PART_MINIMUM = (8, 40), (6, 25), (3, 20)
"""Exercices et contrôles d’un cas, d’un chapitre qui n’est pas un cas, et d’une partie."""
EXERCISES = sorted(path for path in ROOT.glob("*/*.md") if "\ncontrole:\n" in path.read_text(encoding="utf-8"))
CASES = sorted(path for path in ROOT.iterdir() if path.is_dir() and any(path.glob("*.md")))

_PARTS = [path for path in EXERCISES if path.parent.name in palette.PARTS]
SESSIONS = {
    **{
        case.name: [path for path in EXERCISES if path.parent == case]
        for case in CASES
        if case.name not in palette.PARTS
    },
    "parties": _PARTS,
}
"""Exercices d’une session jouée en entier : un cas ou un chapitre ; les parties, courtes, en font une seule."""


# Les tests d’un exercice se suivent dans le même processus : sa préparation, longue, n’y est exécutée que deux fois.
each_exercise = pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=path.stem, marks=pytest.mark.xdist_group(path.stem)) for path in EXERCISES],
    scope="session",
)


@pytest.fixture(scope="session")
def runner():
    from formation.classroom.runner import Runner

    with Runner() as ready:
        yield ready


@pytest.fixture(scope="session")
def other_runner():
    """Second processus chaud : il refait ce que le premier a gardé."""
    from formation.classroom.runner import Runner

    with Runner() as ready:
        yield ready


@pytest.fixture(scope="session")
def computed(runner):
    """Valeurs attendues de chaque exercice, calculées une fois."""
    from formation.classroom.notebook import compute_expected
    from formation.classroom.sources import read_exercise

    cache = {}

    def compute(path):
        if path not in cache:
            exercise = read_exercise(path)
            cache[path] = (exercise, compute_expected(exercise, runner))
        return cache[path]

    return compute


@each_exercise
def test_bank_gets_exactly_what_it_states(path, runner):
    from formation.classroom.proof import prove

    proof = prove(path, runner)
    problems = [f"{answer.name} : {problem}" for answer in proof.answers for problem in answer.problems]
    assert not problems, "\n".join(problems)


@each_exercise
def test_bank_is_complete(path, computed):
    exercise = computed(path)[0]
    try:
        bank = read_bank(exercise)
    except ExerciceInvalide as error:
        pytest.fail(str(error))
    assert sum(answer.right for answer in bank) >= 2
    assert sum(not answer.right for answer in bank) >= 3
    failed = {name for answer in bank for name in answer.failures}
    assert failed == set(exercise.controls)


@each_exercise
def test_expected_values_are_stable(path, computed, other_runner):
    from formation.classroom.notebook import compute_expected

    exercise, expected = computed(path)
    assert compute_expected(exercise, other_runner) == expected


@each_exercise
def test_learner_copy_holds_no_secret(path, computed, tmp_path):
    from formation.classroom.copies import learner_notebook
    from formation.classroom.notebook import side_files, trainer_notebook
    from formation.classroom.release import find_leaks

    exercise, expected = computed(path)
    source, release = tmp_path / "source" / exercise.name, tmp_path / "release" / exercise.name
    for folder, notebook in ((source, trainer_notebook), (release, learner_notebook)):
        folder.mkdir(parents=True)
        write_notebook(folder / f"{exercise.name}.ipynb", notebook(exercise, expected))
        for name, text in side_files(exercise, expected).items():
            (folder / name).write_text(text, encoding="utf-8")
    assert find_leaks(source, release) == []


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case_has_enough_exercises_and_checks(case, computed):
    exercises = [computed(path)[0] for path in EXERCISES if path.parent == case]
    kinds = ((palette.CASES, CASE_MINIMUM), (palette.CHAPTERS, CHAPTER_MINIMUM), (palette.PARTS, PART_MINIMUM))
    least_exercises, least_checks = next(least for subjects, least in kinds if case.name in subjects)
    assert len(exercises) >= least_exercises
    assert sum(len(exercise.controls) for exercise in exercises) >= least_checks
    levels = {"élu", "agent"} if case.name in palette.PARTS else {"élu", "agent", "université"}
    assert levels <= {exercise.header.niveau for exercise in exercises}
    assert {exercise.header.cas for exercise in exercises} == {case.name}
    assert exercises[0].header.niveau == "élu"


@pytest.mark.lent
@pytest.mark.parametrize("paths", SESSIONS.values(), ids=SESSIONS)
def test_whole_session_of_a_case_gets_the_grades_its_banks_state(paths, tmp_path):
    from formation.classroom.demo import play

    demo = play(tmp_path / "session", paths, copies=2 * len(paths))
    assert demo.gaps == []
    assert {item.exercise.path for item in demo.drawn} == set(paths)
    shutil.rmtree(tmp_path / "session")


@pytest.mark.lent
@pytest.mark.parametrize("paths", SESSIONS.values(), ids=SESSIONS)
def test_stock_nbgrader_gives_the_same_grades(paths, tmp_path):
    from formation.classroom.course import Course
    from formation.classroom.demo import choose, play
    from formation.classroom.grade import grade
    from formation.classroom.release import release_course
    from formation.classroom.results import read_results

    exercises = choose(paths, len({path.parent for path in paths}))
    demo = play(tmp_path / "rapide", exercises, copies=2)
    ignored = shutil.ignore_patterns("autograded", "feedback", "gradebook.db*", "corrections")
    shutil.copytree(demo.course.root, tmp_path / "origine", ignore=ignored)
    course = Course(tmp_path / "origine")
    release_course(course)
    assert read_results(course).copies == []
    assert not grade(course, engine="nbgrader").failed
    theirs = read_results(course)
    assert len(theirs.copies) == len(demo.results.copies) >= len(exercises)
    for copy in theirs.copies:
        ours = demo.results.of(copy.learner, copy.exercise)
        assert (copy.points, copy.controls) == (ours.points, ours.controls)
    shutil.rmtree(tmp_path / "rapide")
    shutil.rmtree(tmp_path / "origine")
