"""Noter à la main : bornes, commentaire, retour récrit, annulation, tâches et réponses rédigées."""

from __future__ import annotations

import pytest

from formation.classroom.errors import AtelierImpossible
from formation.classroom.marks import gradebook_url, read_marks
from formation.dashboard.answers import read_answer
from formation.dashboard.hand_marks import NoteImpossible, read_cells, read_points, undo_mark, write_mark

pytestmark = pytest.mark.xdist_group("tableau-de-bord")

NAME = "pilote-01-peser-les-fuites"


def _cells(root, learner, assignment):
    return {one.cell: one for one in read_cells(root, gradebook_url(root), learner, assignment)}


@pytest.mark.parametrize("text", ["-1", "5", "4,01", "quatre", "1e3", "nan", "inf", "1 000"])
def test_points_are_refused_when_out_of_bounds_or_not_a_number(text):
    with pytest.raises(NoteImpossible, match="Rien n’est changé"):
        read_points(text, 4)


@pytest.mark.parametrize(("text", "value"), [("", None), (" ", None), ("0", 0.0), ("2,5", 2.5), ("4.0", 4.0)])
def test_points_are_read_when_written_the_french_way(text, value):
    assert read_points(text, 4) == value


def test_task_and_written_answer_are_marked_and_nothing_waits_any_more(by_hand_copy):
    url = gradebook_url(by_hand_copy)
    cells = _cells(by_hand_copy, "stagiaire-01", "tp")
    assert list(cells) == ["test-x", "avis", "note"]
    assert [one.waiting for one in cells.values()] == [False, True, True]
    assert read_answer(by_hand_copy, cells["avis"]) == "Parce que <b>le réseau</b> fuit."
    assert read_answer(by_hand_copy, cells["note"]) == "Ma note au maire."
    assert read_answer(by_hand_copy, cells["test-x"]) == "x = 3"
    write_mark(by_hand_copy, url, cells["avis"], 3.5, "Bien vu.")
    write_mark(by_hand_copy, url, cells["note"], 5, "Note claire & complète.")
    marked = read_marks(url)["stagiaire-01", "tp"]
    assert marked.points == 10.5
    assert not any(mark.waiting for mark in marked.marks)
    assert read_marks(url)["stagiaire-02", "tp"].points == 2
    page = (by_hand_copy / "feedback" / "stagiaire-01" / "tp" / "carnet.html").read_text(encoding="utf-8")
    assert "Note claire &amp; complète." in page
    assert "une personne doit le noter" not in page


def test_nbgrader_itself_reads_the_marks_given_here(by_hand_copy):
    from nbgrader.api import Gradebook

    url = gradebook_url(by_hand_copy)
    write_mark(by_hand_copy, url, _cells(by_hand_copy, "stagiaire-01", "tp")["note"], 4, "Vu.")
    with Gradebook(url) as book:
        grade = book.find_grade("note", "carnet", "tp", "stagiaire-01")
        assert (grade.score, grade.manual_score, grade.needs_manual_grade) == (4, 4, False)
        assert book.find_comment("note", "carnet", "tp", "stagiaire-01").manual_comment == "Vu."


def test_undo_gives_back_mark_comment_and_waiting(by_hand_copy):
    url = gradebook_url(by_hand_copy)
    before = _cells(by_hand_copy, "stagiaire-01", "tp")["note"]
    written = write_mark(by_hand_copy, url, before, 1, "Trop court.")
    undo_mark(by_hand_copy, url, before, written)
    assert _cells(by_hand_copy, "stagiaire-01", "tp")["note"] == before
    page = (by_hand_copy / "feedback" / "stagiaire-01" / "tp" / "carnet.html").read_text(encoding="utf-8")
    assert "Trop court." not in page


def test_nothing_is_written_when_someone_changed_the_mark_meanwhile(by_hand_copy):
    url = gradebook_url(by_hand_copy)
    seen = _cells(by_hand_copy, "stagiaire-01", "tp")["note"]
    write_mark(by_hand_copy, url, seen, 2, "Premier.")
    with pytest.raises(NoteImpossible, match="a changé entre-temps"):
        write_mark(by_hand_copy, url, seen, 5, "Second.")
    now = _cells(by_hand_copy, "stagiaire-01", "tp")["note"]
    assert (now.manual, now.comment) == (2, "Premier.")


def test_nothing_is_written_when_a_grading_runs(by_hand_copy):
    from formation.classroom.grading.locks import course_lock

    url = gradebook_url(by_hand_copy)
    seen = _cells(by_hand_copy, "stagiaire-01", "tp")["note"]
    with course_lock(by_hand_copy), pytest.raises(AtelierImpossible, match="Une autre correction"):
        write_mark(by_hand_copy, url, seen, 5, "")
    assert _cells(by_hand_copy, "stagiaire-01", "tp")["note"] == seen


def test_comment_too_long_or_points_over_the_maximum_change_nothing(by_hand_copy):
    url = gradebook_url(by_hand_copy)
    seen = _cells(by_hand_copy, "stagiaire-01", "tp")["note"]
    for points, comment in ((6, ""), (float("nan"), ""), (-1, ""), (1, "x" * 2001)):
        with pytest.raises(NoteImpossible):
            write_mark(by_hand_copy, url, seen, points, comment)
    assert _cells(by_hand_copy, "stagiaire-01", "tp")["note"] == seen


def test_automatic_control_is_overridden_then_given_back_to_the_engine(graded_copy):
    url = gradebook_url(graded_copy)
    cells = _cells(graded_copy, "stagiaire-02", NAME)
    failed = next(one for one in cells.values() if one.auto == 0)
    written = write_mark(graded_copy, url, failed, failed.maximum, "Accepté à l’oral.")
    page = (graded_copy / "feedback" / "stagiaire-02" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "noté à la main" in page
    assert "Accepté à l’oral." in page
    back = write_mark(graded_copy, url, written, None, "")
    assert (back.points, back.waiting) == (0, False)


def test_unknown_copy_is_said(graded):
    with pytest.raises(NoteImpossible, match="pas encore été corrigée"):
        read_cells(graded, gradebook_url(graded), "stagiaire-04", NAME)
