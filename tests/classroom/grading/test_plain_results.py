"""Suivi d’un cours nbgrader ordinaire : ses devoirs viennent du carnet de notes."""

import gradebooks as books
import pytest
from traitlets.config import Config
from typer.testing import CliRunner

from formation.classroom.course import Course, open_course
from formation.classroom.errors import AtelierImpossible
from formation.classroom.exports import DETAIL, detail
from formation.classroom.grading.database import Database
from formation.classroom.grading.penalties import Penalties
from formation.classroom.grading.writer import Writer
from formation.classroom.results import read_results
from formation.cli import atelier_suivi


@pytest.fixture
def course(tmp_path):
    """Deux carnets, une réponse rédigée et une tâche que personne n’a notées."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    url = books.sqlite_url(tmp_path)
    books.make_gradebook(url)
    database = Database(url)
    writer = Writer(database, Penalties(Config()))
    for report in books.make_reports(3):
        for notebook in report.notebooks:
            for cell in notebook.cells:
                cell.score = None if cell.kind in ("manuelle", "tache") else cell.points
        writer.add(report)
    writer.flush()
    database.close()
    return tmp_path


def test_every_graded_cell_is_a_control_named_after_its_notebook(course):
    results = read_results(Course(course))
    assert list(results.exercises) == [books.ASSIGNMENT]
    assert "a · test-0" in results.exercises[books.ASSIGNMENT]["controles"]
    assert [copy.learner for copy in results.copies] == ["stagiaire-0001", "stagiaire-0002", "stagiaire-0003"]
    assert results.success()[books.ASSIGNMENT]["a · test-0"] == (3, 3)


def test_answer_nobody_has_graded_is_not_counted_as_a_failure(course):
    results = read_results(Course(course))
    assert {copy.state for copy in results.copies} == {"à noter"}
    assert "a · avis" not in results.success()[books.ASSIGNMENT]
    rows = [dict(zip(DETAIL, row, strict=True)) for row in detail(results)]
    waiting = [row for row in rows if row["controle"] == "a · avis"]
    assert {(row["reussi"], row["points_controle"]) for row in waiting} == {("à noter", None)}


def test_results_are_shown_from_the_command_line(course, plain):
    shown = CliRunner().invoke(atelier_suivi.app, ["resultats", str(course)])
    assert shown.exit_code == 0
    assert "Réussite par contrôle" in plain(shown.output)


def test_verb_that_needs_a_session_says_what_to_do_instead(course, plain):
    with pytest.raises(AtelierImpossible) as caught:
        open_course(course)
    assert "est un cours nbgrader, pas une session" in plain(caught.value)
    assert "submitted/<stagiaire>/<devoir>/" in plain(caught.value)
