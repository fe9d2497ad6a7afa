"""Une session entière avec le vrai nbgrader : lente, donc jouée une seule fois."""

import json
import shutil

import pytest

from formation.classroom.collect import collect
from formation.classroom.copies import learner_notebook
from formation.classroom.course import Course, create_course
from formation.classroom.demo import fill
from formation.classroom.exports import DETAIL, csv_text, detail
from formation.classroom.grade import grade
from formation.classroom.release import find_leaks, release_course
from formation.classroom.results import read_results

pytestmark = pytest.mark.lent

NAME = "pilote-01-peser-les-fuites"
LETHAL = "stagiaire-90"


@pytest.fixture(scope="module")
def session(tmp_path_factory, pilot_path, bank):
    root = tmp_path_factory.mktemp("session")
    course = create_course(root / "cours", [pilot_path])
    release_course(course)
    text = (course.step("release") / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    for number, answer in enumerate(bank.values(), start=1):
        notebook = json.loads(text)
        fill(notebook, answer)
        folder = root / "rendus" / f"stagiaire-{number:02d}"
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    lethal = json.loads(text)
    cell = next(c for c in lethal["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "part_fonte")
    cell["source"] = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    (root / "rendus" / LETHAL).mkdir()
    (root / "rendus" / LETHAL / f"{NAME}.ipynb").write_text(json.dumps(lethal), encoding="utf-8")
    collect(course, root / "rendus")
    return course, grade(course)


def test_every_grade_is_the_one_the_bank_states(session, bank):
    results = read_results(session[0])
    for number, answer in enumerate(bank.values(), start=1):
        copy = results.of(f"stagiaire-{number:02d}", NAME)
        assert copy.points == answer.points
        assert {name for name, passed in copy.controls.items() if not passed} == set(answer.failures)


def test_lethal_copy_gets_what_it_earned_and_loses_nobody_else(session, bank):
    report = session[1]
    assert not report.failed
    assert len(report.copies) == len(bank) + 1
    lethal = read_results(session[0]).of(LETHAL, NAME)
    assert lethal.points == 0


def test_second_run_redoes_nothing(session):
    assert {copy.state for copy in grade(session[0]).copies} == {"déjà corrigée"}


def test_original_engine_gives_the_same_grades_and_loses_the_lethal_copy(session, bank, tmp_path):
    root = tmp_path / "origine"
    shutil.copytree(session[0].root, root, ignore=shutil.ignore_patterns("autograded", "feedback", "gradebook.db"))
    course = Course(root)
    release_course(course)
    chosen = ["stagiaire-01", "stagiaire-03", LETHAL]
    report = grade(course, engine="nbgrader", learners=chosen)
    assert [(copy.learner, copy.state) for copy in report.failed] == [(LETHAL, "échec")]
    assert "arrêté Python" in report.failed[0].reason
    theirs, ours = read_results(course), read_results(session[0])
    for learner in chosen[:2]:
        assert theirs.of(learner, NAME).points == ours.of(learner, NAME).points
        assert theirs.of(learner, NAME).controls == ours.of(learner, NAME).controls
    assert {copy.state for copy in grade(course, engine="nbgrader", learners=chosen[:2]).copies} == {"déjà corrigée"}


def test_nothing_leaks_in_release(session):
    course = session[0]
    assert find_leaks(course.step("source") / NAME, course.step("release") / NAME) == []


def test_a_leak_would_be_found(session, tmp_path):
    course = session[0]
    leaked = tmp_path / NAME
    shutil.copytree(course.step("source") / NAME, leaked)
    kinds = " ".join(find_leaks(course.step("source") / NAME, leaked))
    for kind in ("ligne de solution", "contrôle caché", "valeur attendue", "message de piège"):
        assert kind in kinds


def test_practice_copy_equals_nbgrader_release(session, pilot, expected):
    text = (session[0].step("release") / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    ours = learner_notebook(pilot, expected)
    for cell, theirs in zip(ours.cells, json.loads(text)["cells"], strict=True):
        source = theirs["source"] if isinstance(theirs["source"], str) else "".join(theirs["source"])
        assert [line for line in source.split("\n") if line.strip()] == [
            line for line in cell.source.split("\n") if line.strip()
        ]
        grader = {k: v for k, v in theirs["metadata"]["nbgrader"].items() if k not in ("checksum", "cell_type")}
        assert grader == cell.metadata["nbgrader"]
        assert theirs["metadata"].get("editable") == cell.metadata.get("editable")


def test_feedback_is_french_and_hides_the_hidden_part(session):
    pages = sorted(session[0].step("feedback").rglob("*.html"))
    assert pages
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert '<html lang="fr">' in text
        for secret in ("HIDDEN", "checks.compare", "://", "Traceback", "Score"):
            assert secret not in text
    assert any("peser par la longueur" in page.read_text(encoding="utf-8") for page in pages)


def test_csv_follows_french_conventions(session):
    lines = csv_text(DETAIL, detail(read_results(session[0]))).split("\r\n")
    assert lines[0].startswith("stagiaire;exercice;titre;points;maximum;controle;reussi")
    assert any(";part_fonte;non;0;2;" in line for line in lines)


def test_success_counts_every_graded_copy(session, bank):
    passed, total = read_results(session[0]).success()[NAME]["part_fonte"]
    assert total == len(bank) + 1
    assert passed < total
