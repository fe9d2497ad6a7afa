"""Les préprocesseurs de nbgrader sur la photographie : mêmes carnets, mêmes notes qu’avec le vrai carnet de notes."""

import copy
import json

import pytest
import small_course as course
from nbgrader import nbgraderformat, preprocessors

from formation.classroom.grading import preprocess, rebuild, snapshot


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return course.build(tmp_path_factory.mktemp("cours"))


@pytest.fixture(scope="module")
def assignment(root):
    return snapshot.read_assignments(root, course.address(root))["tp"]


@pytest.fixture
def notebook(assignment):
    return rebuild.reference(assignment.notebooks["un"])


@pytest.fixture
def ready(root, assignment):
    return preprocess.Preprocessors(course.settings(root), assignment)


def cell_of(notebook, name):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def output(kind, **values):
    from nbformat import v4

    return v4.new_output(kind, **values)


def test_snapshot_gives_what_the_gradebook_gives(root, assignment):
    from nbgrader.api import Gradebook, MissingEntry

    fake = preprocess.SnapshotGradebook(assignment)
    with Gradebook(course.address(root)) as real:
        truth = real.find_notebook("un", "tp")
        found = fake.find_notebook("un", "tp")
        assert found.kernelspec == truth.kernelspec
        for group in ("source_cells", "grade_cells", "solution_cells", "task_cells"):
            assert {cell.name for cell in getattr(found, group)} == {cell.name for cell in getattr(truth, group)}
        for cell in truth.source_cells:
            twin = fake.find_source_cell(cell.name, "un", "tp")
            for field in ("cell_type", "source", "locked", "checksum"):
                assert getattr(twin, field) == getattr(cell, field)
        for cell in (*truth.grade_cells, *truth.task_cells):
            assert fake.find_graded_cell(cell.name, "un", "tp").max_score == cell.max_score
    for call in (
        lambda: fake.find_source_cell("absente", "un", "tp"),
        lambda: fake.find_graded_cell("reponse-x", "un", "tp"),
        lambda: fake.find_notebook("trois", "tp"),
        lambda: fake.find_notebook("un", "tp2"),
    ):
        with pytest.raises(MissingEntry):
            call()


def test_whole_chain_gives_the_notebook_nbgrader_gives(root, assignment, ready):
    import nbformat

    raw = json.loads((root / "release" / "tp" / "deux.ipynb").read_text(encoding="utf-8"))
    rebuilt = rebuild.rebuild(assignment.notebooks["deux"], raw).notebook
    ours = ready.sanitize(rebuilt, ready.resources("deux", "s"))
    stock = course.stock_sanitize(raw, root, "deux")
    assert json.loads(nbformat.writes(ours)) == json.loads(nbformat.writes(stock))


def test_nbgrader_is_left_as_it_was(notebook, ready):
    before = (
        preprocessors.overwritecells.Gradebook,
        preprocessors.overwritekernelspec.Gradebook,
        preprocessors.checkcellmetadata.MetadataValidator,
        nbgraderformat.common.jsonschema,
    )
    ready.finish(ready.sanitize(notebook, ready.resources("un", "s")), ready.resources("un", "s"))
    notebook.cells[1].metadata["nbgrader"] = {"schema_version": 1}
    with pytest.raises(Exception, match="schema"):
        ready.finish(notebook, ready.resources("un", "s"))
    assert before == (
        preprocessors.overwritecells.Gradebook,
        preprocessors.overwritekernelspec.Gradebook,
        preprocessors.checkcellmetadata.MetadataValidator,
        nbgraderformat.common.jsonschema,
    )


def test_metadata_are_still_validated(notebook, ready):
    cell_of(notebook, "test-y").metadata.nbgrader["points"] = "beaucoup"
    with pytest.raises(nbgraderformat.ValidationError):
        ready.finish(notebook, ready.resources("un", "s"))


def test_course_settings_are_followed(root, assignment, notebook):
    config = course.settings(root, LimitOutput={"max_lines": 3}, IgnorePattern={"enabled": True, "pattern": "bruit"})
    ready = preprocess.Preprocessors(config, assignment)
    cell = cell_of(notebook, "test-y")
    cell.outputs = [
        output("stream", name="stdout", text="1\n2\n3\n4\n5"),
        output("stream", name="stderr", text="un bruit"),
    ]
    ready.finish(notebook, ready.resources("un", "s"))
    assert [one.name for one in cell.outputs] == ["stdout"]
    assert "truncated" in cell.outputs[0].text


class Signature(preprocessors.NbGraderPreprocessor):
    """Préprocesseur d’un formateur."""

    def preprocess_cell(self, cell, resources, index):
        cell.metadata["signe"] = resources["nbgrader"]["student"]
        return cell, resources


class ForkedExecute(preprocessors.Execute):
    """Exécution d’un autre moteur : elle non plus n’a rien à faire ici."""


def test_trainers_own_preprocessors_run_and_none_executes_nor_writes(root, assignment, notebook):
    names = ["nbgrader.preprocessors.Execute", ForkedExecute, "nbgrader.preprocessors.SaveAutoGrades", Signature]
    names.append(preprocessors.AssignLatePenalties)
    ready = preprocess.Preprocessors(course.settings(root, Autograde={"autograde_preprocessors": names}), assignment)
    made = ready.finish(notebook, ready.resources("un", "stagiaire-01"))
    assert {cell.metadata["signe"] for cell in made.cells} == {"stagiaire-01"}


def test_missing_cells_are_added_by_the_course_setting_too(root, assignment, notebook):
    ready = preprocess.Preprocessors(course.settings(root, OverwriteCells={"add_missing_cells": True}), assignment)
    notebook.cells.remove(cell_of(notebook, "test-y"))
    made = ready.sanitize(notebook, ready.resources("un", "s"))
    assert "assert y == 4" in cell_of(made, "test-y").source


# notes


RESULTS = {
    "rien": [],
    "texte": [("stream", {"name": "stdout", "text": "vu"})],
    "avertissement": [("stream", {"name": "stderr", "text": "attention"})],
    "erreur": [("error", {"ename": "A", "evalue": "", "traceback": []})],
    "part": [("execute_result", {"data": {"text/plain": "1.5"}})],
    "zero": [("execute_result", {"data": {"text/plain": "0"}})],
    "négatif": [("execute_result", {"data": {"text/plain": "-1"}})],
    "nan": [("execute_result", {"data": {"text/plain": "nan"}})],
    "mot": [("execute_result", {"data": {"text/plain": "'fait'"}})],
}


@pytest.mark.parametrize("outputs", RESULTS.values(), ids=RESULTS)
def test_scores_and_comments_are_those_nbgrader_saves(outputs, notebook, root):
    from nbgrader.api import Gradebook
    from nbgrader.preprocessors import SaveAutoGrades

    cell_of(notebook, "test-y").outputs = [output(kind, **values) for kind, values in outputs]
    cell_of(notebook, "reponse-y").source = "..."
    cell_of(notebook, "avis").source = "Votre réponse"
    inner = {"student": "s", "assignment": "tp", "notebook": "un", "db_url": course.address(root)}
    with Gradebook(course.address(root)) as gradebook:
        gradebook.update_or_create_student("s")
        gradebook.update_or_create_submission("tp", "s")
    SaveAutoGrades()(copy.deepcopy(notebook), {"nbgrader": inner})
    points, comments = preprocess.scores(notebook)
    with Gradebook(course.address(root)) as gradebook:
        saved = gradebook.find_submission_notebook("un", "tp", "s")
        assert points == {grade.name: grade.auto_score for grade in saved.grades}
        assert comments == {comment.name: comment.auto_comment for comment in saved.comments}


@pytest.mark.parametrize("data", [{"text/plain": "99"}, {"text/html": "3"}, {"text/plain": ""}])
def test_partial_credit_that_makes_no_sense_is_left_to_a_person(data, notebook):
    # nbgrader perd alors toute la copie
    cell_of(notebook, "partielle").outputs = [output("execute_result", data=data)]
    points, _comments = preprocess.scores(notebook)
    assert points["partielle"] is None
    assert points["test-y"] == 3
