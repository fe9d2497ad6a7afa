import copy
import json
import os

import pytest

from formation.classroom.copies import (
    MAX_FILES,
    mend,
    parse_untrusted,
    read_submission,
    read_untrusted,
)
from formation.classroom.demo import fill
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.snapshot import from_blank
from formation.classroom.grading.types import AssignmentSnapshot
from formation.classroom.proof import Desk


@pytest.fixture
def release(pilot, expected):
    from formation.classroom.copies import learner_notebook

    return learner_notebook(pilot, expected)


@pytest.fixture
def filled(blank, bank):
    fill(blank, bank["reference"])
    return blank


@pytest.fixture
def points(pilot, expected, runner):
    with Desk(pilot, expected, runner) as desk:
        yield lambda learner: desk.grade(learner).points


def cell_of(notebook, name):
    return next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == name)


def test_reference_copy_gets_all_points(filled, points):
    assert points(filled) == 10


def test_blank_copy_gets_none(blank, points):
    assert points(blank) == 0


def test_answer_cells_alone_are_editable(blank):
    for cell in blank["cells"]:
        answer = cell["metadata"]["nbgrader"]["solution"]
        assert cell["metadata"].get("editable", True) == answer
        assert cell["metadata"]["deletable"] is False


def test_added_cell_is_kept_because_answers_may_need_it(filled, points):
    cell_of(filled, "part_fonte")["source"] = "part_fonte = auxiliaire()"
    helper = {"cell_type": "code", "metadata": {}, "source": "def auxiliaire():\n    return 0.4", "outputs": []}
    filled["cells"].insert(2, helper)
    assert points(filled) == 10


def tamper_skip(notebook):
    cell_of(notebook, "controle-part_fonte")["metadata"]["tags"] = ["skip-execution"]


def tamper_source(notebook):
    cell_of(notebook, "controle-part_fonte")["source"] = "pass"


def tamper_delete(notebook):
    notebook["cells"].remove(cell_of(notebook, "controle-part_fonte"))


def tamper_duplicate(notebook):
    twin = copy.deepcopy(cell_of(notebook, "controle-part_fonte"))
    twin["source"] = "pass"
    notebook["cells"].append(twin)


def tamper_type(notebook):
    cell_of(notebook, "controle-part_fonte")["cell_type"] = "markdown"


def tamper_metadata(notebook):
    cell_of(notebook, "controle-part_fonte")["metadata"]["nbgrader"] = {"grade": False, "schema_version": 1}


def tamper_list(notebook):
    notebook["cells"] += [3, None, {"cell_type": "raw"}, {"cell_type": "code", "source": {"a": 1}}]


@pytest.mark.parametrize(
    "tamper",
    [tamper_skip, tamper_source, tamper_delete, tamper_duplicate, tamper_type, tamper_metadata, tamper_list],
)
def test_tampering_with_a_check_gains_nothing(filled, points, tamper):
    cell_of(filled, "part_fonte")["source"] = "part_fonte = 0.1"
    tamper(filled)
    assert points(filled) == 8


def test_remarks_tell_the_trainer(release, filled):
    tamper_source(filled)
    tamper_duplicate(filled)
    remarks = " ".join(mend(release, filled).remarks)
    assert "modifiée" in remarks
    assert "en double" in remarks


@pytest.mark.parametrize(
    ("payload", "excerpt"),
    [
        (b"", "vide"),
        (b" \n", "vide"),
        (b"\xff\xfe{\x00", "UTF-16"),
        ('{"nbformat": 4, "é": 1}'.encode("latin-1"), "Latin-1"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\x1f\x8b....", "compressée"),
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><html></html>", "page web"),
        (b"import numpy as np", "pas du JSON"),
        (b'{"nbformat": 4, "cells": [', "coupé"),
        (b'{"nbformat": 4,\n<<<<<<< HEAD\n"cells": []}', "conflit Git"),
        (b'{"nbformat": 4, "cells": [] "x"}', "ligne 1"),
        (b"[" * 100_000, "lisible"),
        (b'{"nbformat": 4, "cells": [], "x": ' + b"[" * 100 + b"]" * 100 + b"}", "imbriquées"),
        (b"[]" * 1_100_000, "démesurée"),
        (b'{"nbformat": 4, "cells": [], "x": NaN}', "NaN"),
        (b'{"nbformat": 4, "cells": [], "x": -Infinity}', "Infinity"),
        (b'{"nbformat": 4, "cells": [], "x": ' + b"9" * 5_000 + b"}", "démesuré"),
        (b'{"nbformat": 4, "cells": [], "cells": []}', "deux fois"),
        (b'{"nbformat": 4, "cells": [], "\\ud800": 1, "\\ud800": 2}', "deux fois"),
        (b'{"nbformat": 3, "worksheets": []}', "nbconvert --to notebook --nbformat 4"),
        (b'{"nbformat": 5, "cells": []}', "plus récent"),
        (b'{"nbformat": 4, "cells": 1}', "format 4"),
        (b'{"nbformat": "4", "cells": []}', "format 4"),
        (b'{"nbformat": true, "cells": []}', "format 4"),
        (b'{"cells": []}', "format 4"),
        (b'{"type": "FeatureCollection"}', "autre fichier JSON"),
        (b"[]", "autre fichier JSON"),
        (b'"texte"', "autre fichier JSON"),
        (json.dumps({"nbformat": 4, "cells": [{}] * 1_001}).encode(), "cellules"),
        (b" " * 20_000_001, "20 Mo"),
    ],
)
def test_unreadable_copy_is_refused_in_french(payload, excerpt):
    with pytest.raises(AtelierImpossible, match=excerpt) as caught:
        parse_untrusted(payload)
    str(caught.value).encode("utf-8")


def test_byte_order_mark_is_harmless():
    assert parse_untrusted(b'\xef\xbb\xbf{"nbformat": 4, "cells": []}')["cells"] == []


def test_links_pipes_and_folders_are_not_opened(tmp_path):
    target = tmp_path / "a.ipynb"
    target.write_text('{"nbformat": 4, "cells": []}', encoding="utf-8")
    (tmp_path / "lien.ipynb").symlink_to(target)
    (tmp_path / "dossier.ipynb").mkdir()
    os.mkfifo(tmp_path / "tube.ipynb")
    for name in ("lien.ipynb", "tube.ipynb", "dossier.ipynb", "absent.ipynb"):
        with pytest.raises(AtelierImpossible, match="pas un fichier ordinaire"):
            read_untrusted(tmp_path / name)
    with pytest.raises(AtelierImpossible, match="pas un fichier ordinaire"):
        read_untrusted("/dev/zero")


# copies rendues


@pytest.fixture
def assignment(pilot, expected, blank):
    snapshot = from_blank(pilot.name, blank)
    return AssignmentSnapshot(pilot.name, "", "", {pilot.name: snapshot}, {}, "")


@pytest.fixture
def handed_in(tmp_path, assignment, filled):
    folder = tmp_path / "submitted" / "stagiaire-01" / assignment.name
    folder.mkdir(parents=True)
    (folder / f"{assignment.name}.ipynb").write_text(json.dumps(filled), encoding="utf-8")
    return folder


def only(submission):
    (result,) = submission.notebooks.values()
    return result


def test_ordinary_copy_is_read(handed_in, assignment, filled):
    submission = read_submission(handed_in, assignment)
    assert only(submission) == (filled, "")
    assert (submission.files, submission.timestamp, submission.remarks) == ({}, "", [])


def test_missing_notebook_is_told_with_the_one_that_looks_like_it(handed_in, assignment):
    name = assignment.name
    (handed_in / f"{name}.ipynb").rename(handed_in / f"{name} (1).ipynb")
    submission = read_submission(handed_in, assignment)
    raw, reason = only(submission)
    assert raw is None
    assert "n’est pas rendu" in reason
    assert f"{name} (1).ipynb" in reason
    assert "n’est pas un carnet du devoir" in submission.remarks[0]


def test_empty_folder_is_a_missing_notebook(handed_in, assignment):
    (handed_in / f"{assignment.name}.ipynb").unlink()
    assert "n’est pas rendu" in only(read_submission(handed_in, assignment))[1]


def other_exercise(notebook):
    notebook["metadata"]["formation"]["exercice"] = "eau-02"
    for cell in notebook["cells"]:
        cell["metadata"], cell["id"], cell["source"] = {}, "autre", "print(1)"


def test_notebook_of_another_exercise_is_refused(handed_in, assignment, filled):
    other_exercise(filled)
    (handed_in / f"{assignment.name}.ipynb").write_text(json.dumps(filled), encoding="utf-8")
    raw, reason = only(read_submission(handed_in, assignment))
    assert raw is None
    assert "eau-02" in reason


def test_notebook_without_any_known_cell_is_refused(handed_in, assignment):
    path = handed_in / f"{assignment.name}.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": "1"}]}))
    assert "aucune cellule de ce devoir" in only(read_submission(handed_in, assignment))[1]


def test_mislabelled_copy_of_this_exercise_is_still_read(handed_in, assignment, filled):
    filled["metadata"]["formation"]["exercice"] = "eau-02"
    (handed_in / f"{assignment.name}.ipynb").write_text(json.dumps(filled), encoding="utf-8")
    assert only(read_submission(handed_in, assignment))[0] is not None


@pytest.mark.parametrize("level", [0, 1])
def test_no_link_is_followed_under_submitted(tmp_path, handed_in, assignment, level):
    link = (handed_in, handed_in.parent)[level]
    link.rename(tmp_path / "ailleurs")
    link.symlink_to(tmp_path / "ailleurs")
    with pytest.raises(AtelierImpossible, match="pas un dossier ordinaire"):
        read_submission(handed_in, assignment)


def test_missing_folder_is_told(handed_in, assignment):
    with pytest.raises(AtelierImpossible, match="pas un dossier ordinaire"):
        read_submission(handed_in.with_name("absent"), assignment)


def test_linked_notebook_is_refused(tmp_path, handed_in, assignment):
    path = handed_in / f"{assignment.name}.ipynb"
    path.rename(tmp_path / "solution.ipynb")
    path.symlink_to(tmp_path / "solution.ipynb")
    raw, reason = only(read_submission(handed_in, assignment))
    assert raw is None
    assert "lien" in reason


def test_side_files_are_found_without_links_nor_leftovers(handed_in, assignment):
    (handed_in / "donnees").mkdir()
    (handed_in / "donnees" / "é.csv").write_text("a", encoding="utf-8")
    (handed_in / ".ipynb_checkpoints").mkdir()
    (handed_in / ".ipynb_checkpoints" / "a.txt").write_text("", encoding="utf-8")
    (handed_in / "mots.txt").symlink_to("/etc/passwd")
    (handed_in / "racine").symlink_to("/")
    os.mkfifo(handed_in / "tube")
    submission = read_submission(handed_in, assignment)
    assert submission.files == {"donnees/é.csv": str(handed_in / "donnees" / "é.csv")}
    assert len(submission.remarks) == 3


def test_strange_names_and_deep_folders_are_left(handed_in, assignment):
    (handed_in / "a\nb").write_text("", encoding="utf-8")
    (handed_in / "..\\b").write_text("", encoding="utf-8")
    (handed_in / "a/b/c/d/e/f").mkdir(parents=True)
    os.close(os.open(os.fsencode(handed_in) + b"/\xff.txt", os.O_CREAT))
    submission = read_submission(handed_in, assignment)
    assert submission.files == {}
    assert len(submission.remarks) == 4
    "".join(submission.remarks).encode("utf-8")


def test_too_many_or_too_big_files_stop_the_list(handed_in, assignment):
    for rank in range(MAX_FILES + 1):
        (handed_in / f"{rank:04}.txt").write_text("", encoding="utf-8")
    submission = read_submission(handed_in, assignment)
    assert len(submission.files) == MAX_FILES
    assert "200 fichiers" in submission.remarks[0]
    (handed_in / "0000.txt").open("wb").truncate(10**12)
    assert read_submission(handed_in, assignment).files == {}


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-22 08:30:00 UTC", "2026-11-22T08:30:00"),
        ("2026-11-22 08:30:00.123456 UTC\n", "2026-11-22T08:30:00.123456"),
        ("2026-11-22T08:30:00Z", "2026-11-22T08:30:00"),
        ("2026-11-22 08:30", "2026-11-22T08:30:00"),
        ("2026-11-22 08:30:00 Europe/Paris", "2026-11-22T07:30:00"),
        ("2026-11-22 08:30:00+02:00", "2026-11-22T06:30:00"),
    ],
)
def test_date_of_a_copy_is_read_as_nbgrader_reads_it(handed_in, assignment, text, utc):
    from nbgrader.utils import parse_utc

    (handed_in / "timestamp.txt").write_text(text, encoding="utf-8")
    submission = read_submission(handed_in, assignment)
    assert submission.timestamp == utc == parse_utc(text.strip()).isoformat()
    assert "timestamp.txt" not in submission.files


def test_date_with_a_space_before_its_offset_is_read_right(handed_in, assignment):
    # nbgrader prend +0100 pour cent secondes
    (handed_in / "timestamp.txt").write_text("2026-11-22 08:30:00 +0100", encoding="utf-8")
    assert read_submission(handed_in, assignment).timestamp == "2026-11-22T07:30:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hier",
        "2026-13-01 00:00:00 UTC",
        "2026-11-22 08:30:00 CEST/../etc",
        "0001-01-01 00:00:00+05:00",
        "é",
        "9" * 500,
    ],
)
def test_unreadable_date_is_told(handed_in, assignment, text):
    (handed_in / "timestamp.txt").write_text(text, encoding="utf-8")
    submission = read_submission(handed_in, assignment)
    assert submission.timestamp == ""
    assert "date de remise" in submission.remarks[0]


def test_date_as_a_link_is_told(handed_in, assignment):
    (handed_in / "timestamp.txt").symlink_to("/etc/hostname")
    assert "date de remise" in read_submission(handed_in, assignment).remarks[0]
