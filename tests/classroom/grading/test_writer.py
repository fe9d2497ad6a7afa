"""Le seul écrivain du carnet de notes : mêmes lignes que nbgrader, ou une erreur claire et rien d’écrit."""

import os
import random
import sqlite3
import sys
import threading
import time
from pathlib import Path

import gradebooks as books
import pytest

from formation.classroom.grading import database as database_module
from formation.classroom.grading.database import CarnetDeNotesInutilisable, Database
from formation.classroom.grading.penalties import Penalties
from formation.classroom.grading.types import NotebookResult
from formation.classroom.grading.writer import Writer


@pytest.fixture
def url(tmp_path):
    url = books.sqlite_url(tmp_path)
    books.make_gradebook(url)
    return url


@pytest.fixture
def no_wait(monkeypatch):
    monkeypatch.setattr(database_module, "LOCKED_WAIT_S", 0.3)
    monkeypatch.setattr(database_module, "_RETRY_S", 0.05)


def config(**settings):
    from traitlets.config import Config

    return Config({"LateSubmissionPlugin": settings} if settings else {})


def save(url, reports, timestamp=None, settings=None, committed=lambda _: None):
    database = Database(url)
    try:
        writer = Writer(database, Penalties(settings or config()), committed)
        for report in reports:
            writer.add(report, books.moment(timestamp) if timestamp else None)
        writer.flush()
    finally:
        database.close()


def save_both(url, tmp_path, reports, timestamp=None, settings=None):
    other = tmp_path / "autre"
    other.mkdir(exist_ok=True)
    reference = books.sqlite_url(other)
    if not (other / "gradebook.db").exists():
        books.make_gradebook(reference)
    save(url, reports, timestamp, settings)
    for report in reports:
        books.save_with_nbgrader(reference, report, timestamp)
    return reference


def test_rows_equal_those_nbgrader_writes(url, tmp_path):
    reference = save_both(url, tmp_path, books.make_reports(70))
    assert books.rows(url) == books.rows(reference)
    assert len(books.rows(url)["copies"]) == 70


def test_rows_equal_those_nbgrader_writes_when_copies_are_graded_again(url, tmp_path):
    save_both(url, tmp_path, books.make_reports(6, seed=1))
    reference = save_both(url, tmp_path, books.make_reports(8, seed=2))
    assert books.rows(url) == books.rows(reference)


def test_missing_notebook_gets_zero_and_no_review(url, tmp_path):
    (report,) = books.make_reports(1)
    report.notebooks[1] = NotebookResult("b", present=False)
    reference = save_both(url, tmp_path, [report])
    assert books.rows(url) == books.rows(reference)
    scores = [line[4:8] for line in books.rows(url)["notes"] if line[2] == "b"]
    assert scores == [(0.0, None, None, False)] * 5


def test_late_penalty_is_the_one_of_the_configured_plugin(url, tmp_path):
    late = "2026-11-21 09:00:00"
    reference = save_both(url, tmp_path, books.make_reports(5), late, config(penalty_method="zero"))
    assert books.rows(url) == books.rows(reference)
    assert any(line[4] for line in books.rows(url)["carnets"])


def test_no_penalty_when_the_learner_has_an_extension(url):
    from nbgrader.api import Gradebook

    report, late, zero = books.make_reports(1)[0], "2026-11-21 09:00:00", config(penalty_method="zero")
    save(url, [report], late, zero)
    with Gradebook(url, "essai") as gradebook:
        gradebook.grant_extension(books.ASSIGNMENT, report.learner, days=2)
    save(url, [report], late, zero)
    assert {line[4] for line in books.rows(url)["carnets"]} == {None}


def test_human_grades_and_comments_are_kept_and_asked_again(url):
    from nbgrader.api import Gradebook

    (report,) = books.make_reports(1)
    save(url, [report])
    with Gradebook(url, "essai") as gradebook:
        where = ("a", books.ASSIGNMENT, report.learner)
        grade = gradebook.find_grade("avis", *where)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2.5, 0.5, False
        gradebook.find_comment("avis", *where).manual_comment = "Bien vu."
        gradebook.db.commit()
    save(url, [report])
    (line,) = [line for line in books.rows(url)["notes"] if line[3] == "avis"]
    assert line[5:] == (2.5, 0.5, True, 3.0)
    assert ("Bien vu.",) in {line[5:] for line in books.rows(url)["commentaires"]}


def test_suspect_cell_keeps_its_score_and_waits_for_a_person(url):
    (report,) = books.make_reports(1)
    cell = report.notebooks[0].cells[0]
    cell.score, cell.review, report.state = 2.0, ["l’objet se dit égal à tout"], "à relire"
    save(url, [report])
    (line,) = [line for line in books.rows(url)["notes"] if line[2:4] == ("a", "test-0")]
    assert line[4:8] == (2.0, None, None, True)
    assert [line[2:4] for line in books.rows(url)["carnets"]] == [("a", True), ("b", False)]


def test_flag_goes_away_with_the_doubt_but_a_human_flag_stays(url):
    from nbgrader.api import Gradebook

    (report,) = books.make_reports(1)
    cell = report.notebooks[0].cells[0]
    cell.review, report.state = ["motif"], "à relire"
    save(url, [report])
    with Gradebook(url, "essai") as gradebook:
        gradebook.find_submission_notebook("b", books.ASSIGNMENT, report.learner).flagged = True
        gradebook.db.commit()
    cell.review, report.state = [], "corrigée"
    save(url, [report])
    assert [line[2:4] for line in books.rows(url)["carnets"]] == [("a", False), ("b", True)]


def test_failed_copy_enters_the_ledger_only(url):
    (report,) = books.make_reports(1)
    report.state, report.reasons = "échec", ["la mémoire manque"]
    save(url, [report])
    assert books.rows(url)["copies"] == []
    assert [line[3:5] for line in books.ledger_rows(url)] == [("échec", ["la mémoire manque"])]


def test_batches_are_committed_on_the_way(url):
    sizes = []
    save(url, books.make_reports(130), committed=lambda reports: sizes.append(len(reports)))
    assert sizes == [64, 64, 2]


def test_failed_batch_leaves_nothing_and_the_previous_one_stays(url):
    reports = books.make_reports(70)
    reports[66].notebooks[0].cells[0].score = "pas un nombre"
    with pytest.raises(TypeError):
        save(url, reports)
    assert len(books.rows(url)["copies"]) == len(books.ledger_rows(url)) == 64


def test_busy_database_is_waited_for_and_said(url, tmp_path, monkeypatch):
    monkeypatch.setattr(database_module, "_RETRY_S", 0.05)
    other = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    said = []

    def release():
        while not said:
            time.sleep(0.01)
        other.execute("ROLLBACK")

    thread = threading.Thread(target=release)
    thread.start()
    database = Database(url, said.append)
    thread.join()
    database.close()
    other.close()
    assert len(said) == 1
    assert "occupé" in said[0]


def test_database_busy_for_too_long_gives_the_cure(url, tmp_path, no_wait):
    with sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CarnetDeNotesInutilisable, match="Fermez la page de notation"):
            Database(url)
        other.execute("ROLLBACK")


def test_damaged_database_gives_the_cure(tmp_path):
    (tmp_path / "gradebook.db").write_bytes(b"ceci n'est pas une base" * 100)
    with pytest.raises(CarnetDeNotesInutilisable, match="abîmé"):
        Database(books.sqlite_url(tmp_path))


def test_absent_database_is_not_created(tmp_path):
    with pytest.raises(CarnetDeNotesInutilisable, match="n’existe pas"):
        Database(books.sqlite_url(tmp_path))
    assert not (tmp_path / "gradebook.db").exists()


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("attempt to write a readonly database", "lecture seule"),
        ("database or disk is full", "Libérez de la place"),
        ("database disk image is malformed", "sauvegarde"),
        ("connection failed: Connection refused", "ne répond pas"),
        ("FATAL: password authentication failed", "mot de passe"),
        ("no such column: student.lms_user_id", "nbgrader db upgrade"),
        ("tout autre chose", "tout autre chose"),
    ],
)
def test_trouble_is_said_in_french_without_the_password(text, cure):
    message = str(database_module.explain(RuntimeError(text), "postgresql://ana:secret@127.0.0.1/notes"))
    assert cure in message
    assert "secret" not in message
    assert "déjà inscrites" in message


def test_full_disk_leaves_the_gradebook_as_it_was(url, tmp_path):
    save(url, books.make_reports(3))
    before = books.rows(url)
    database = Database(url)
    with database.transaction() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    writer = Writer(database, Penalties(config()))
    # une base qui n’a plus droit à une page de plus répond comme un disque plein
    from sqlalchemy import event

    event.listen(
        database._engine,
        "begin",
        lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}"),
    )
    for report in books.make_reports(60, first=10):
        writer.add(report)
    with pytest.raises(CarnetDeNotesInutilisable, match="disque est plein"):
        writer.flush()
    database.close()
    assert books.rows(url) == before


def test_nbgrader_still_works_on_a_gradebook_with_a_ledger(url, monkeypatch):
    from nbgrader import dbutil
    from nbgrader.api import Gradebook

    save(url, books.make_reports(2))
    before = books.ledger_rows(url)
    # nbgrader appelle la commande alembic, installée à côté de ce Python
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    dbutil.upgrade(url)
    with Gradebook(url, "essai") as gradebook:
        gradebook.remove_student("stagiaire-0001")
        assert gradebook.find_assignment(books.ASSIGNMENT).num_submissions == 1
    assert books.ledger_rows(url) == before[1:]


def test_unknown_cell_of_a_report_is_ignored(url):
    report = books.make_report("stagiaire-0001", random.Random(1))
    report.notebooks[0].cells[0].name = "inconnue"
    save(url, [report])
    (line,) = [line for line in books.rows(url)["notes"] if line[2:4] == ("a", "test-0")]
    assert line[4:8] == (None, None, None, True)
