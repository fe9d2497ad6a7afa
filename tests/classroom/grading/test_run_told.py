"""Ce qu’une correction dit au formateur : carnet non rendu, retard, copie effacée, énoncé changé."""

import shutil
import sqlite3

import pytest
import runs

from formation.classroom.grading.run import grade_course


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Deux corrections du même cours : entre les deux, une copie effacée, une changée, une rendue à moitié."""
    root = runs.course(tmp_path_factory.mktemp("dits"), 3)
    with sqlite3.connect(root / "gradebook.db") as link:
        link.execute("UPDATE assignment SET duedate = '2026-11-20 18:00:00.000000'")
    first, second, third = sorted((root / "submitted").iterdir())
    (first / "tp1" / "timestamp.txt").write_text("2026-11-22 20:00:00 UTC\n", encoding="utf-8")
    before = [line.replace("\xa0", " ") for line in grade_course(root, workers=1).anomalies]
    shutil.rmtree(second)
    (third / "tp1" / "modele.ipynb").unlink()
    after = [line.replace("\xa0", " ") for line in grade_course(root, workers=1).anomalies]
    return [first.name, second.name, third.name], before, after


def about(lines, start):
    return [line for line in lines if line.startswith(start)]


def test_late_copy_is_told_with_its_delay(told):
    (first, *_), before, _ = told
    (line,) = about(before, f"submitted/{first}/tp1 : rendue")
    assert "2 j 2 h après la date limite" in line


def test_notebook_not_handed_in_is_told_before_it_counts_zero(told):
    (*_, third), _, after = told
    (line,) = about(after, f"submitted/{third}/tp1 : carnet non rendu")
    assert "(modele.ipynb), il compte 0 point" in line


def test_copy_erased_since_it_was_graded_is_told(told):
    (_, second, _), before, after = told
    assert about(before, f"submitted/{second}") == []
    (line,) = about(after, f"submitted/{second}/tp1")
    assert "Ses notes restent au carnet de notes" in line


def test_copies_graded_again_because_something_changed_are_counted(told):
    _, before, after = told
    assert about(before, "submitted/ :") == []
    (line,) = about(after, "submitted/ :")
    assert "1 copie déjà corrigée, reprise parce que" in line
