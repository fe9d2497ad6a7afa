"""Retours récrits : notes, commentaires et décisions d’aujourd’hui, jamais une page à moitié."""

import os

import gradebooks as books
import pytest
import runs
from test_review import HONEST, NAME, SUSPECT, make_report, session  # noqa: F401 - dossier et base d’essai

from formation.classroom import feedback_files
from formation.classroom.errors import AtelierImpossible
from formation.classroom.feedback_files import rewrite, write_pages
from formation.classroom.grading.run import grade_course
from formation.classroom.marks import gradebook_url
from formation.classroom.results import report_path
from formation.classroom.review import REFUSE, decide

PAGES = {"a": "<p>un</p>", "b": "<p>deux</p>"}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    root = runs.course(tmp_path_factory.mktemp("retours"), 2)
    grade_course(root, workers=1)
    return root


@pytest.fixture
def course(graded, tmp_path):
    return runs.clone(graded, tmp_path)


def page(root, learner, notebook="exploration"):
    return (root / "feedback" / learner / "tp1" / f"{notebook}.html").read_text(encoding="utf-8").replace("\xa0", " ")


def learners(root):
    return sorted(path.name for path in (root / "submitted").iterdir())


def give(root, points, comment):
    """Ce que fait formgrader : une note et un commentaire sur la réponse rédigée de chacun."""
    import sqlite3

    with sqlite3.connect(root / "gradebook.db") as link:
        avis = "(SELECT id FROM base_cell WHERE name = 'avis')"
        link.execute(
            f"UPDATE grade SET manual_score = ?, needs_manual_grade = 0 WHERE cell_id IN {avis}",
            (points,),
        )
        link.execute(f"UPDATE comment SET manual_comment = ? WHERE cell_id IN {avis}", (comment,))


def test_points_and_comment_given_by_hand_reach_the_page(course):
    learner = learners(course)[0]
    assert "une personne doit le noter" in page(course, learner)
    give(course, 2.5, "Bien vu <b>Zoé</b>")
    done = rewrite(course, gradebook_url(course))
    text = page(course, learner)
    assert len(done.pages) == 4
    assert done.without == []
    assert "noté à la main" in text
    assert "2,5 / 3" in text
    assert "Bien vu &lt;b&gt;Zoé&lt;/b&gt;" in text


def test_only_the_wanted_copies_are_rewritten(course):
    first, second = learners(course)
    give(course, 1, "vu")
    rewrite(course, gradebook_url(course), [(first, "tp1")])
    assert "noté à la main" in page(course, first)
    assert "noté à la main" not in page(course, second)


def test_copy_without_detail_is_left_as_it_is_and_named(course):
    first, second = learners(course)
    report_path(course, first, "tp1").unlink()
    before = page(course, first)
    give(course, 1, "vu")
    done = rewrite(course, gradebook_url(course))
    assert done.without == [(first, "tp1")]
    assert page(course, first) == before
    assert "noté à la main" in page(course, second)


def test_missing_graded_notebook_gives_a_page_without_the_answer(course):
    learner = learners(course)[0]
    path = course / "autograded" / learner / "tp1" / "exploration.ipynb"
    path.unlink()
    rewrite(course, gradebook_url(course))
    assert "Votre réponse" not in page(course, learner)
    assert "Contrôle par contrôle" in page(course, learner)


def test_full_disk_keeps_the_old_page_and_leaves_nothing_behind(tmp_path, monkeypatch, plain):
    write_pages(tmp_path, "stagiaire-01", "tp1", {"a": "ancien"})

    def full(self, _target):
        assert self.read_bytes()
        raise OSError(28, "No space left on device", os.fspath(self))

    monkeypatch.setattr(feedback_files.Path, "replace", full)
    with pytest.raises(AtelierImpossible) as caught:
        write_pages(tmp_path, "stagiaire-01", "tp1", PAGES)
    assert "le disque est plein" in plain(caught.value)
    assert "formation atelier retours" in plain(caught.value)
    folder = tmp_path / "stagiaire-01" / "tp1"
    assert [(path.name, path.read_text(encoding="utf-8")) for path in folder.iterdir()] == [("a.html", "ancien")]


def test_decided_copy_says_no_more_that_a_person_will_read_it(session, monkeypatch):  # noqa: F811
    root, url = session
    seen = {}
    monkeypatch.setattr(feedback_files, "render", lambda _, report, *__: seen.update({report.learner: report}) or {})
    monkeypatch.setattr(
        "formation.classroom.grading.snapshot.read_assignments",
        lambda *_: {books.ASSIGNMENT: type("Devoir", (), {"notebooks": {}})()},
    )
    rewrite(root, url)
    assert seen[SUSPECT].state == make_report(SUSPECT, suspect=True).state == "à relire"
    decide(root, url, [NAME], REFUSE)
    rewrite(root, url)
    assert seen[SUSPECT].state == seen[HONEST].state == "corrigée"
