"""Notes et commentaires égaux, ligne à ligne, à ceux de nbgrader sur les mêmes copies."""

import json

import pytest
import workload

from formation.classroom.bank import read_bank
from formation.classroom.course import create_course
from formation.classroom.demo import fill
from formation.classroom.grading.run import grade_course
from formation.classroom.release import release_course
from formation.classroom.sources import read_exercise

pytestmark = pytest.mark.lent

STOCK = ("0001", "0003", "0004", "0006", "0009", "0012", "0015", "0018", "0020", "0030", "0058")
"""Copies que nbgrader corrige aussi : une de chaque sorte. Il lui faut six secondes par copie."""


@pytest.fixture(scope="module")
def courses(tmp_path_factory):
    """Le même cours deux fois : corrigé par nbgrader, corrigé par nous."""
    root = tmp_path_factory.mktemp("egalite")
    workload.make_course(root / "base")
    kept = {f"stagiaire-{number}" for number in STOCK}
    labels = {}
    for one in workload.draw(root / "base", 58):
        if one.learner in kept:
            workload.hand_in(root / "base", one)
            labels[one.learner] = one.label
    theirs = workload.clone(root / "base", root / "nbgrader")
    ours = workload.clone(root / "base", root / "formation")
    workload.nbgrader(theirs, "autograde", "tp1")
    grade_course(ours)
    return theirs, ours, labels


def test_the_copies_are_of_every_kind(courses):
    said = " ".join(courses[2].values())
    for kind in (
        "right",
        "mixed",
        "wrong",
        "broken",
        "blank",
        "without_modele",
        "added_cells",
        "deleted_test",
        "edited_test",
    ):
        assert kind in said


def test_every_grade_and_comment_row_is_equal(courses):
    theirs, ours, _ = courses
    left, right = workload.gradebook(theirs), workload.gradebook(ours)
    assert len(left) >= len(STOCK) * 20
    assert workload.differences(left, right) == []


def test_every_total_is_equal(courses):
    theirs, ours, _ = courses
    assert workload.scores(theirs) == workload.scores(ours)


def test_partial_credit_is_among_the_compared_rows(courses):
    rows = workload.gradebook(courses[0])
    given = {row[0] for key, row in rows.items() if key[0] == "grade" and key[4] == "test-estimations"}
    assert given & {1.0, 2.0, 3.0}


@pytest.fixture(scope="module")
def sessions(tmp_path_factory, pilot_path):
    """Deux de nos exercices et leurs banques, corrigés par les deux moteurs."""
    root = tmp_path_factory.mktemp("banques")
    from formation.classroom.sources import exercise_paths

    paths = [pilot_path, next(path for path in exercise_paths() if "eau-" in path.name)]
    course = create_course(root / "base", paths)
    release_course(course)
    expected = {}
    for path in paths:
        exercise = read_exercise(path)
        for rank, answer in enumerate(read_bank(exercise), start=1):
            raw = workload.blank(course.root, exercise.name, exercise.name)
            fill(raw, answer)
            learner = f"stagiaire-{rank:02d}"
            one = workload.Copy(learner, answer.name, {exercise.name: json.loads(json.dumps(raw))})
            workload.hand_in(course.root, one, exercise.name)
            expected[(learner, exercise.name)] = answer.points
    theirs = workload.clone(course.root, root / "nbgrader")
    ours = workload.clone(course.root, root / "formation")
    for path in paths:
        workload.nbgrader(theirs, "autograde", path.stem)
    grade_course(ours)
    return theirs, ours, expected


def test_our_exercises_get_the_same_rows(sessions):
    theirs, ours, _ = sessions
    assert workload.differences(workload.gradebook(theirs), workload.gradebook(ours)) == []


def test_our_exercises_get_what_their_bank_states(sessions):
    assert workload.scores(sessions[1]) == sessions[2]
