"""Le registre : ce qui est fait n’est pas refait, ce qui a changé l’est."""

import os
from dataclasses import replace

import gradebooks as books
import pytest

from formation.classroom.grading import ledger
from formation.classroom.grading.database import Database
from formation.classroom.grading.types import AssignmentSnapshot, Limits, Task


@pytest.fixture
def database(tmp_path):
    url = books.sqlite_url(tmp_path)
    books.make_gradebook(url)
    opened = Database(url)
    yield opened
    opened.close()


def task(learner, fingerprint="a"):
    return Task(learner, "tp1", "", fingerprint)


def entry(learner, fingerprint="a", state="corrigée"):
    return (learner, "tp1"), ledger.Entry(learner, "tp1", fingerprint, state)


def test_only_new_changed_or_failed_copies_are_pending():
    tasks = [task(name) for name in ("neuve", "faite", "changée", "refusée", "échouée")]
    entries = dict(
        [entry("faite"), entry("changée", "b"), entry("refusée", state="refusée"), entry("échouée", state="échec")]
    )
    assert [one.learner for one in ledger.pending(tasks, entries)] == ["neuve", "changée", "échouée"]


def test_copy_erased_from_the_gradebook_is_pending_again(database):
    report = books.make_reports(1)[0]
    with database.transaction() as connection:
        ledger.store(connection, [(report, [])])
    with database.transaction() as connection:
        assert ledger.read(connection) == {}


def test_reasons_keep_any_character(database):
    report = books.make_reports(1)[0]
    report.state, report.reasons = "échec", ["demi-caractère \ud800, nul \0, accent é"]
    with database.transaction() as connection:
        ledger.store(connection, [(report, ["a"])])
    with database.transaction() as connection:
        (found,) = ledger.read(connection).values()
    assert (found.reasons, found.flagged, found.state) == (report.reasons, ["a"], "échec")


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "copie"
    (folder / "donnees").mkdir(parents=True)
    (folder / "a.ipynb").write_text("un")
    (folder / "donnees" / "b.csv").write_text("deux")
    return folder


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.ipynb").write_text("UN"),
        lambda folder: (folder / "donnees" / "b.csv").write_text("DEUX"),
        lambda folder: (folder / "a.ipynb").rename(folder / "c.ipynb"),
        lambda folder: (folder / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC"),
        lambda folder: (folder / "a.ipynb").unlink(),
    ],
)
def test_any_change_of_a_copy_changes_its_fingerprint(copy, change):
    before = ledger.copy_fingerprint(copy, "réglages")
    assert ledger.copy_fingerprint(copy, "réglages") == before
    change(copy)
    assert ledger.copy_fingerprint(copy, "réglages") != before


def test_fingerprint_follows_no_link_and_opens_no_pipe(copy, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("un")
    (copy / "lien.ipynb").symlink_to(secret)
    os.mkfifo(copy / "tube.ipynb")
    before = ledger.copy_fingerprint(copy, "")
    secret.write_text("deux")
    assert ledger.copy_fingerprint(copy, "") == before


def test_what_grades_a_copy_is_in_its_fingerprint():
    assignment = AssignmentSnapshot("tp1", "cle", "", {}, {}, "empreinte")
    limits, config = Limits(), b"c.Execute.timeout = 6"
    prints = {
        ledger.settings_fingerprint(assignment, limits, config),
        ledger.settings_fingerprint(replace(assignment, fingerprint="autre"), limits, config),
        ledger.settings_fingerprint(assignment, replace(limits, cell_s=1.0), config),
        ledger.settings_fingerprint(assignment, limits, b""),
    }
    assert len(prints) == 4
