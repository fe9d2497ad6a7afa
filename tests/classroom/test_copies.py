import copy
import json
import os

import pytest

from formation.classroom.copies import graded_cells, mend, parse_untrusted, read_untrusted
from formation.classroom.demo import fill
from formation.classroom.errors import AtelierImpossible
from formation.classroom.notebook import side_files
from formation.classroom.proof import grade_cells


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
    def grade(learner):
        cells, _remarks = graded_cells(pilot, expected, learner)
        return grade_cells(pilot, cells, side_files(pilot, expected), runner).points

    return grade


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
        (b"", "lisible"),
        (b"\xff\xfe", "lisible"),
        (b"[" * 100_000, "lisible"),
        (b'{"nbformat": 4, "cells": [], "x": NaN}', "lisible"),
        (b'{"nbformat": 3, "worksheets": []}', "format 4"),
        (b'{"nbformat": 4, "cells": 1}', "format 4"),
        (json.dumps({"nbformat": 4, "cells": [{}] * 1_001}).encode(), "1 000 cellules"),
        (b" " * 20_000_001, "20 Mo"),
    ],
)
def test_unreadable_copy_is_refused_in_french(payload, excerpt):
    with pytest.raises(AtelierImpossible, match=excerpt):
        parse_untrusted(payload)


def test_links_and_pipes_are_not_opened(tmp_path):
    target = tmp_path / "a.ipynb"
    target.write_text('{"nbformat": 4, "cells": []}', encoding="utf-8")
    (tmp_path / "lien.ipynb").symlink_to(target)
    os.mkfifo(tmp_path / "tube.ipynb")
    for name in ("lien.ipynb", "tube.ipynb", "absent.ipynb"):
        with pytest.raises(AtelierImpossible):
            read_untrusted(tmp_path / name)
