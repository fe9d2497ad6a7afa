"""Analyse des contrôles, sur des copies gardées sans exécuter quoi que ce soit."""

import importlib.util
from pathlib import Path

import pytest

from formation.classroom.exports import csv_text
from formation.classroom.items import HEADER, analyse, discrimination, page, reading, to_reteach
from formation.classroom.marks import Mark, Marked
from formation.classroom.results import write_report

_spec = importlib.util.spec_from_file_location("retours_d_essai", Path(__file__).with_name("test_feedback.py"))
helpers = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(helpers)
NAME = helpers.NAME


def session(root, blank, count):
    """Copies dont la première moitié rate `part_fonte`, et le premier quart `pire` aussi."""
    assignment = helpers.snapshot_of(blank)
    marks = {}
    for rank in range(count):
        failed = (["part_fonte"] if rank < count / 2 else []) + (["pire"] if rank < count / 4 else [])
        report = helpers.report_of(assignment, failed)
        report.learner = f"stagiaire-{rank:02d}"
        for cell in report.notebooks[0].cells:
            cell.seconds = 0.25
        if rank == 0:
            report.notebooks[0].comments["part_fonte"] = "No response."
        write_report(root, report)
        cells = [cell for cell in report.notebooks[0].cells if cell.score is not None]
        marked = Marked(report.learner, NAME)
        marked.marks = [Mark(NAME, one.name, one.points, one.score, None, None, waiting=False) for one in cells]
        marks[report.learner, NAME] = marked
    return {NAME: assignment}, marks


def item_of(items, control):
    return next(item for item in items if item.control == control)


def test_rates_errors_and_paragraph_when_half_fail(tmp_path, blank):
    items = analyse(tmp_path, *session(tmp_path, blank, 12))
    item = item_of(items, "part_fonte")
    assert (item.copies, item.success) == (12, 0.5)
    assert item.wrong == [("Vous avez compté les tronçons.", 5)]
    assert item.blank == pytest.approx(1 / 12)
    assert item.discrimination > 0.3
    assert item.reading == "distingue"
    assert item.seconds == 0.5
    assert item_of(items, "total").reading == "tout le monde réussit"


def test_nothing_is_concluded_from_few_copies(tmp_path, blank):
    item = item_of(analyse(tmp_path, *session(tmp_path, blank, 4)), "part_fonte")
    assert item.discrimination is None
    assert "moins de 10 copies" in item.reading


def test_points_given_by_hand_count(tmp_path, blank):
    assignments, marks = session(tmp_path, blank, 4)
    for marked in marks.values():
        marked.marks = [Mark(m.notebook, m.cell, m.maximum, m.auto, m.maximum, None, False) for m in marked.marks]
    assert item_of(analyse(tmp_path, assignments, marks), "part_fonte").success == 1


def test_item_is_compared_with_the_rest_only():
    passed = [True] * 5 + [False] * 5
    assert discrimination(passed, [1.0] * 10) is None
    assert discrimination(passed, [0.0] * 5 + [1.0] * 5) == -1
    assert "meilleurs" in reading(10, 0.5, -1)


def test_page_and_table_neutralise_what_learners_wrote(tmp_path, blank):
    assignments, marks = session(tmp_path, blank, 4)
    report = helpers.report_of(assignments[NAME], ["pire"], message="=cmd|'/c calc'!A0<script>alert(1)</script>")
    report.learner = "stagiaire-00"
    write_report(tmp_path, report)
    items = analyse(tmp_path, assignments, marks)
    assert "<script" not in page(items)
    assert "'=cmd" in csv_text(HEADER, [item.row() for item in items])


def test_most_failed_paragraph_comes_first(tmp_path, blank):
    items = analyse(tmp_path, *session(tmp_path, blank, 13))
    again = to_reteach(items)
    assert again[0].control == "part_fonte"
    assert "Lire le tableau" in again[0].reread
    assert "Lire le tableau" in page(items)


def test_discrimination_is_the_point_biserial_correlation_computed_by_hand():
    # moyennes 7 et 2, écart-type de 0…9 : racine de 8,25 ; (7 - 2) × 0,5 / 2,8723 = 0,8704
    assert discrimination([False] * 5 + [True] * 5, range(10)) == pytest.approx(0.870)
    # six réussites : moyennes 31/6 et 14/4, parts 0,6 et 0,4
    passed = [False, True, False, True, False, True, True, True, False, True]
    assert (sum(passed), sum(rank for rank, one in enumerate(passed) if one)) == (6, 31)
    assert discrimination(passed, range(10)) == pytest.approx((31 / 6 - 14 / 4) * 0.24**0.5 / 8.25**0.5, abs=5e-4)


def test_same_mistake_in_two_copies_is_counted_once_whatever_the_cell_file(tmp_path, blank):
    assignments, marks = session(tmp_path, blank, 4)
    for rank, number in enumerate((111, 222)):
        message = f"SyntaxError: incomplete input ({number}.py, line 1)"
        report = helpers.report_of(assignments[NAME], ["part_fonte"], message=message)
        report.learner = f"stagiaire-0{rank}"
        write_report(tmp_path, report)
    assert item_of(analyse(tmp_path, assignments, marks), "part_fonte").wrong == [("SyntaxError: incomplete input", 2)]
