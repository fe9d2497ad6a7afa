"""Relecture : ce qui attend une personne, et ce que sa décision change au carnet de notes."""

import json

import gradebooks as books
import pytest
from traitlets.config import Config

from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.database import Database
from formation.classroom.grading.decided import settle
from formation.classroom.grading.locks import course_lock
from formation.classroom.grading.penalties import Penalties
from formation.classroom.grading.types import CellResult, CopyReport, NotebookResult
from formation.classroom.grading.writer import Writer
from formation.classroom.marks import read_marks
from formation.classroom.results import read_decisions, read_report, write_report
from formation.classroom.review import ACCEPT, REFUSE, decide, export_journal, queue

SUSPECT, HONEST = "stagiaire-07", "stagiaire-08"
NAME = f"{SUSPECT}:{books.ASSIGNMENT}"


def make_report(learner, suspect):
    report = CopyReport(learner, books.ASSIGNMENT, f"empreinte-{learner}")
    for notebook, tests in books.TESTS.items():
        result = NotebookResult(notebook, present=True)
        for test, points in tests.items():
            result.cells.append(CellResult(f"reponse-{test}", "reponse", status="ok"))
            result.cells.append(CellResult(test, "interne", points, points, "ok"))
            result.comments[f"reponse-{test}"] = None
        report.notebooks.append(result)
    report.notebooks[0].cells.append(CellResult("avis", "manuelle", 3, 0.0))
    report.notebooks[1].cells.append(CellResult("tache", "tache", 2, 0.0))
    if suspect:
        report.state, report.reasons = "à relire", ["une comparaison a menti"]
        next(cell for cell in report.notebooks[0].cells if cell.name == "test-1").review.append("objet truqué")
    return report


@pytest.fixture
def session(tmp_path):
    """Dossier et base, une copie suspecte et une honnête."""
    url = books.sqlite_url(tmp_path)
    books.make_gradebook(url)
    database = Database(url)
    writer = Writer(database, Penalties(Config()), lambda batch: [write_report(tmp_path, one) for one in batch])
    for learner in (SUSPECT, HONEST):
        writer.add(make_report(learner, learner == SUSPECT))
    writer.flush()
    database.close()
    return tmp_path, url


def mark_of(url, learner, notebook, cell):
    marks = read_marks(url)[learner, books.ASSIGNMENT].marks
    return next(mark for mark in marks if (mark.notebook, mark.cell) == (notebook, cell))


def journal(root, url):
    return [json.loads(line) for line in export_journal(root, url).read_text(encoding="utf-8").splitlines()]


def grade_again(root, url, decision=""):
    """Ce que l’écrivain fait d’une copie reprise, avec ce que la base sait d’elle."""
    database = Database(url)
    report = settle(make_report(SUSPECT, suspect=True), decision)
    writer = Writer(database, Penalties(Config()), lambda batch: [write_report(root, one) for one in batch])
    writer.add(report)
    writer.flush()
    database.close()


def test_queue_says_which_cell_and_why(session):
    (case,) = queue(*session)
    assert (case.name, case.reasons) == (NAME, ["une comparaison a menti"])
    (point,) = case.points
    assert (point.notebook, point.cell, point.reasons, point.answer) == (
        "a",
        "test-1",
        ["objet truqué"],
        "reponse-test-1",
    )


def test_accepting_keeps_points_and_clears_the_queue(session):
    root, url = session
    before = read_marks(url)[SUSPECT, books.ASSIGNMENT].points
    decide(root, url, [NAME], ACCEPT)
    after = read_marks(url)[SUSPECT, books.ASSIGNMENT]
    assert after.points == before
    assert after.flagged == []
    assert not mark_of(url, SUSPECT, "a", "test-1").waiting
    assert queue(root, url) == []
    assert read_report(root, SUSPECT, books.ASSIGNMENT, read_decisions(url)).state == "corrigée"


def test_refusing_takes_only_the_suspect_points_and_says_it(session):
    root, url = session
    before = read_marks(url)[SUSPECT, books.ASSIGNMENT].points
    decide(root, url, [NAME], REFUSE, "Vu ensemble le 3 mars.")
    after = read_marks(url)[SUSPECT, books.ASSIGNMENT]
    assert after.points == before - 2
    assert mark_of(url, SUSPECT, "a", "test-1").manual == 0
    assert after.comments == {("a", "reponse-test-1"): "Vu ensemble le 3 mars."}
    assert read_marks(url)[HONEST, books.ASSIGNMENT].points == before
    assert queue(root, url) == []


def test_every_decision_is_dated_and_kept_with_its_reasons(session):
    root, url = session
    decide(root, url, [NAME], ACCEPT)
    (line,) = journal(root, url)
    assert (line["stagiaire"], line["decision"]) == (SUSPECT, ACCEPT)
    assert line["motifs"] == ["une comparaison a menti", "objet truqué"]
    assert line["date"].endswith("+00:00")


def test_wrong_name_changes_nothing(session, plain):
    root, url = session
    with pytest.raises(AtelierImpossible) as caught:
        decide(root, url, [NAME, f"{HONEST}:tp1", "rien"], REFUSE)
    text = plain(caught.value)
    assert text.count("n’attend aucune décision") == 2
    assert NAME in text
    assert len(queue(root, url)) == 1
    assert export_journal(root, url) is None


def test_new_copy_is_to_be_read_again(session):
    root, url = session
    decide(root, url, [NAME], ACCEPT)
    report = make_report(SUSPECT, suspect=True)
    report.fingerprint = "autre copie"
    write_report(root, report)
    assert [case.name for case in queue(root, url)] == [NAME]


def test_unreadable_copy_cannot_be_accepted(session, plain):
    root, url = session
    write_report(root, CopyReport("stagiaire-09", books.ASSIGNMENT, "x", "refusée", ["illisible"]))
    with pytest.raises(AtelierImpossible) as caught:
        decide(root, url, ["stagiaire-09:tp1"], ACCEPT)
    assert "n’a pas de points à garder (refusée)" in plain(caught.value)


@pytest.mark.parametrize("decision", [ACCEPT, REFUSE])
def test_decided_copy_is_not_flagged_again_when_graded_again(session, decision):
    root, url = session
    decide(root, url, [NAME], decision)
    before = read_marks(url)[SUSPECT, books.ASSIGNMENT].points
    (known,) = read_decisions(url).values()
    grade_again(root, url, known)
    after = read_marks(url)[SUSPECT, books.ASSIGNMENT]
    assert (after.points, after.flagged) == (before, [])
    assert not mark_of(url, SUSPECT, "a", "test-1").waiting
    assert queue(root, url) == []


def test_undecided_copy_is_flagged_again_when_graded_again(session):
    root, url = session
    grade_again(root, url)
    assert read_marks(url)[SUSPECT, books.ASSIGNMENT].flagged == ["a"]
    assert [case.name for case in queue(root, url)] == [NAME]


def test_journal_is_rebuilt_from_the_gradebook(session):
    root, url = session
    decide(root, url, [NAME], REFUSE, "Vu le 3 mars.")
    path = export_journal(root, url)
    whole = path.read_text(encoding="utf-8")
    path.unlink()
    assert export_journal(root, url).read_text(encoding="utf-8") == whole
    path.write_text(whole[:40], encoding="utf-8")
    (line,) = journal(root, url)
    assert line["commentaire"] == "Vu le 3 mars."


def test_refused_decision_leaves_no_trace_when_it_fails(session, monkeypatch):
    root, url = session
    monkeypatch.setattr("formation.classroom.review._comment", lambda *_: 1 / 0)
    before = books.rows(url)
    with pytest.raises(ZeroDivisionError):
        decide(root, url, [NAME], REFUSE)
    assert books.rows(url) == before
    assert read_decisions(url) == {}
    assert [case.name for case in queue(root, url)] == [NAME]


def test_decision_waits_for_the_end_of_a_correction(session, plain):
    root, url = session
    with course_lock(root), pytest.raises(AtelierImpossible) as caught:
        decide(root, url, [NAME], ACCEPT)
    assert "est en cours" in plain(caught.value)
    assert read_decisions(url) == {}


def test_copy_flagged_by_a_person_after_a_decision_is_listed(session, plain):
    root, url = session
    decide(root, url, [NAME], ACCEPT)
    database = Database(url)
    with database.transaction() as link:
        link.exec_driver_sql(
            "UPDATE submitted_notebook SET flagged = 1 WHERE assignment_id IN "
            f"(SELECT id FROM submitted_assignment WHERE student_id = '{SUSPECT}')"
        )
    database.close()
    (case,) = queue(root, url)
    assert case.state == "à relire"
    (reason,) = case.reasons
    assert plain(reason) == "marquée pour relecture : a, b"


def test_copy_of_the_stock_engine_only_waits_for_points_given_by_hand(session):
    root, url = session
    for path in (root / "corrections").glob("*/*.json"):
        path.unlink()
    database = Database(url)
    with database.transaction() as link:
        link.exec_driver_sql("UPDATE submitted_notebook SET flagged = 0")
        link.exec_driver_sql(
            "UPDATE grade SET needs_manual_grade = 1 WHERE cell_id IN (SELECT id FROM base_cell WHERE name = 'avis')"
        )
    database.close()
    assert {case.state for case in queue(root, url)} == {"à noter"}
