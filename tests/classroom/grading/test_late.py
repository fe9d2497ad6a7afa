"""Retard : la retenue inscrite au carnet de notes est celle que lit le stagiaire, dès la correction."""

import re
import sqlite3

import pytest
import runs

from formation.classroom.grading.run import grade_course
from formation.classroom.marks import gradebook_url, read_marks

HALF = """
from nbgrader.plugins import BasePlugin


class Half(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2


c.AssignLatePenalties.plugin_class = Half
"""


@pytest.fixture(scope="module")
def late(tmp_path_factory):
    """Deux copies : la première rendue une heure après la date limite, la seconde à l’heure."""
    root = runs.course(tmp_path_factory.mktemp("retard"), 2)
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as stream:
        stream.write(HALF)
    with sqlite3.connect(root / "gradebook.db") as link:
        link.execute("UPDATE assignment SET duedate = '2026-11-20 18:00:00.000000'")
    first, second = sorted((root / "submitted").iterdir())
    (first / "tp1" / "timestamp.txt").write_text("2026-11-20 19:00:00 UTC\n", encoding="utf-8")
    (second / "tp1" / "timestamp.txt").write_text("2026-11-20 17:00:00 UTC\n", encoding="utf-8")
    grade_course(root, workers=1)
    return root, first.name, second.name


def page(root, learner, notebook):
    return (root / "feedback" / learner / "tp1" / f"{notebook}.html").read_text(encoding="utf-8").replace("\xa0", " ")


def test_page_written_while_grading_tells_the_penalty_of_the_gradebook(late):
    root, learner, _ = late
    marked = read_marks(gradebook_url(root))[learner, "tp1"]
    assert marked.penalties
    for notebook, penalty in marked.penalties.items():
        (told,) = re.findall(r"([\d,]+) points? de moins pour retard", page(root, learner, notebook))
        assert float(told.replace(",", ".")) == pytest.approx(penalty)


def test_copy_on_time_has_no_word_about_lateness(late):
    root, _, learner = late
    assert read_marks(gradebook_url(root))[learner, "tp1"].penalties == {}
    assert "retard" not in page(root, learner, "exploration")


def test_extension_lifts_the_penalty_from_the_page_too(late, tmp_path):
    root, learner, _ = late
    copy = runs.clone(root, tmp_path)
    with sqlite3.connect(copy / "gradebook.db") as link:
        link.execute("UPDATE submitted_assignment SET extension = '1970-01-03 00:00:00.000000'")
    grade_course(copy, workers=1, again=True)
    assert read_marks(gradebook_url(copy))[learner, "tp1"].penalties == {}
    assert "retard" not in page(copy, learner, "exploration")
