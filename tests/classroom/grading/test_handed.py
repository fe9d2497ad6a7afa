"""Ce que contient submitted/ : chaque anomalie est dite avec son remède, aucune copie n’est perdue."""

import os

import pytest

from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.handed import read_handed, read_timestamp
from formation.classroom.grading.types import AssignmentSnapshot, NotebookSnapshot

TP1 = AssignmentSnapshot("tp1", "", "", {n: NotebookSnapshot(n, "", "", {}, [], [], {}, {}) for n in "ab"}, {}, "")
KNOWN = {"tp1": TP1}


def hand_in(root, learner, *names, assignment="tp1"):
    folder = root / "submitted" / learner / assignment
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text("{}")
    return folder


@pytest.fixture
def root(tmp_path):
    hand_in(tmp_path, "stagiaire-01", "a.ipynb", "b.ipynb")
    return tmp_path


def only(root, **options):
    handed = read_handed(root, KNOWN, **options)
    assert [copy[:2] for copy in handed.copies] == [("stagiaire-01", "tp1")]
    return [line.replace("\xa0", " ") for line in handed.anomalies]


def test_ordinary_copies_have_no_anomaly(root):
    assert only(root) == []


def test_missing_notebook_is_said_and_still_a_copy(tmp_path):
    hand_in(tmp_path, "stagiaire-01", "b.ipynb")
    handed = read_handed(tmp_path, KNOWN)
    assert [copy[0] for copy in handed.copies] == ["stagiaire-01"]
    assert "carnet non rendu (a.ipynb)" in handed.anomalies[0]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda root: (root / "submitted" / "vide").mkdir(), "dossier vide"),
        (lambda root: hand_in(root, "x"), "dossier sans carnet"),
        (lambda root: hand_in(root, "x", "a.ipynb", assignment="tp2"), "n’est pas un devoir de ce cours"),
        (lambda root: hand_in(root, "x", "copie de a.ipynb"), "carnet en trop"),
        (lambda root: (root / "submitted" / "notes.txt").write_text(""), "hors d’un dossier"),
        (lambda root: (root / "submitted" / "lien").symlink_to(root / "submitted" / "stagiaire-01"), "un lien"),
        (lambda root: (root / "submitted" / ("x" * 129)).mkdir(), "ne s’inscrit pas"),
        (lambda root: (root / "submitted" / os.fsdecode(b"\xff\xfe")).mkdir(), "ne s’inscrit pas"),
    ],
)
def test_anomaly_is_said_and_the_others_are_graded(root, make, said):
    make(root)
    (line,) = only(root)
    assert said in line


def test_extra_notebook_is_said_and_the_copy_is_graded(root):
    (root / "submitted" / "stagiaire-01" / "tp1" / "brouillon.ipynb").write_text("{}")
    (line,) = only(root)
    assert "brouillon.ipynb" in line
    assert "a.ipynb, b.ipynb" in line


def test_learner_who_is_not_enrolled_is_said(root):
    hand_in(root, "inconnu", "a.ipynb")
    (line,) = only(root, enrolled={"stagiaire-01"})
    assert "« inconnu » n’est pas inscrit" in line


def test_two_folders_for_one_learner_are_said_and_both_graded(root):
    hand_in(root, "Stagiaire-01", "a.ipynb")
    handed = read_handed(root, KNOWN)
    assert len(handed.copies) == 2
    assert any("la même personne" in anomaly for anomaly in handed.anomalies)


def test_choice_of_learner_and_assignment(root):
    hand_in(root, "stagiaire-02", "a.ipynb")
    assert only(root, learners=["stagiaire-01"], chosen=["tp1"]) == []
    with pytest.raises(AtelierImpossible, match="stagiaire-09"):
        read_handed(root, KNOWN, learners=["stagiaire-01", "stagiaire-09"])


def test_no_copy_at_all_gives_the_next_command(tmp_path):
    with pytest.raises(AtelierImpossible, match="formation atelier collecter"):
        read_handed(tmp_path, KNOWN)


@pytest.mark.parametrize(
    ("text", "read"),
    [("2026-11-20 18:00:00 UTC", "2026-11-20 18:00:00"), ("2026-11-20 18:00:00 +0100", None)],
)
def test_timestamp_is_read_like_nbgrader(root, text, read):
    from nbgrader.utils import parse_utc

    folder = root / "submitted" / "stagiaire-01" / "tp1"
    (folder / "timestamp.txt").write_text(text)
    assert read_timestamp(folder) == (parse_utc(text), "")
    assert read is None or str(parse_utc(text)) == read


@pytest.mark.parametrize("text", ["hier", "", "2026-13-45", "2026-01-01 10:00:00 /etc/localtime", "\0"])
def test_unreadable_timestamp_is_said_and_the_copy_is_not_late(root, text):
    folder = root / "submitted" / "stagiaire-01" / "tp1"
    (folder / "timestamp.txt").write_text(text)
    stamp, problem = read_timestamp(folder)
    assert stamp is None
    assert "comme rendue à l’heure" in problem


def test_timestamp_is_never_read_through_a_link_or_a_pipe(root):
    folder = root / "submitted" / "stagiaire-01" / "tp1"
    os.mkfifo(folder / "timestamp.txt")
    assert read_timestamp(folder)[0] is None
    (folder / "timestamp.txt").unlink()
    (root / "vrai").write_text("2026-11-20 18:00:00 UTC")
    (folder / "timestamp.txt").symlink_to(root / "vrai")
    assert read_timestamp(folder)[0] is None
