"""Une grappe Dask de deux processus sur cette machine : mêmes notes, un seul écrivain."""

import sys

import pytest
import runs

from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading import cluster as module
from formation.classroom.grading.run import grade_course
from formation.classroom.grading.types import CopyReport

COPIES = 8


@pytest.fixture(scope="module")
def grappe():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as started:
        yield started.scheduler_address


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    return runs.course(tmp_path_factory.mktemp("rendu"), COPIES)


@pytest.mark.lent
def test_gradebook_and_files_are_those_of_one_machine(grappe, handed_in, tmp_path):
    here, there = tmp_path / "ici", tmp_path / "grappe"
    for folder in (here, there):
        folder.mkdir()
    alone, shared = runs.clone(handed_in, here), runs.clone(handed_in, there)
    grade_course(alone)
    report = grade_course(shared, dask=grappe)
    assert len(report.copies) == COPIES
    assert runs.rows(shared) == runs.rows(alone)
    for step in ("autograded", "feedback", "corrections"):
        names = {path.relative_to(alone) for path in (alone / step).rglob("*") if path.is_file()}
        assert {path.relative_to(shared) for path in (shared / step).rglob("*") if path.is_file()} == names
    assert {copy.state for copy in grade_course(shared, dask=grappe).copies} == {"déjà corrigée"}


def test_scheduler_that_does_not_answer_is_said(handed_in, tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(module, "CONNECT_S", 1)
    root = runs.clone(handed_in, tmp_path)
    with pytest.raises(AtelierImpossible, match="ne répond pas"):
        grade_course(root, dask="tcp://127.0.0.1:9")


def test_missing_library_gives_the_command_to_install_it(handed_in, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    root = runs.clone(handed_in, tmp_path)
    with pytest.raises(AtelierImpossible, match=r"formation-ia-territoires\[grappe\]"):
        grade_course(root, dask="tcp://127.0.0.1:9")


@pytest.mark.parametrize(
    "where",
    ["../x/tp1/a.ipynb", "autograded/../../a", "nbgrader_config.py", "autograded/autre/tp1/a.ipynb", "/etc/passwd"],
)
def test_file_of_the_cluster_stays_in_the_folder_of_its_copy(where):
    with pytest.raises(AtelierImpossible, match="La grappe a rendu"):
        module._safe(where, CopyReport("x", "tp1", ""))


def test_links_and_pipes_do_not_travel(tmp_path):
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "copie"
    folder.mkdir()
    (folder / "a.ipynb").symlink_to(tmp_path / "secret")
    (folder / "b.csv").write_text("x")
    assert module._contents(folder) == {"a.ipynb": None, "b.csv": "eA=="}
