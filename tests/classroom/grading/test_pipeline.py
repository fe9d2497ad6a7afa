"""Une copie, de son dossier à ses carnets corrigés : vraie cage, vrai nbgrader, petit cours."""

import json
import os
import stat

import pytest
import small_course as course

from formation.classroom.grading import pipeline, preprocess, rebuild, sandbox, snapshot
from formation.classroom.grading.branches import prefix_of
from formation.classroom.grading.executor import Zygote
from formation.classroom.grading.types import Limits, Task

LIMITS = Limits(cell_s=20, notebook_s=60)
FULL = {"controle-x": 2, "test-y": 3, "partielle": 2}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return course.build(tmp_path_factory.mktemp("cours"))


@pytest.fixture(scope="module")
def assignment(root):
    return snapshot.read_assignments(root, course.address(root))["tp"]


@pytest.fixture(scope="module")
def zygote():
    layers = tuple(name for name, cause in sandbox.probe().items() if cause is None)
    policy = sandbox.Policy(LIMITS, sandbox.default_read_only(), "degrade", layers)
    with Zygote(policy=policy) as warm:
        yield warm


@pytest.fixture
def grade(root, assignment, zygote, tmp_path):
    ready = preprocess.Preprocessors(course.settings(root), assignment)

    def work(change=None, names=("un", "deux"), out=None):
        folder = tmp_path / "submitted" / "zoé" / "tp"
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            raw = json.loads(json.dumps(rebuild.reference(assignment.notebooks[name])))
            for cell in raw["cells"]:
                cell.pop("execution_count", None)
            if change is not None and name == "un":
                change(raw)
            (folder / f"{name}.ipynb").write_text(json.dumps(raw), encoding="utf-8")
        task = Task("zoé", "tp", str(folder), "abc")
        return pipeline.grade_copy(
            assignment, task, zygote, preprocessors=ready, limits=LIMITS, out=out or tmp_path / "autograded"
        )

    return work


def answer(name, source):
    def change(raw):
        cell = next(one for one in raw["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == name)
        cell["source"] = source

    return change


def cells(report, name="un"):
    (found,) = [one for one in report.notebooks if one.name == name]
    return {cell.name: cell for cell in found.cells if cell.name}


def automatic(report, name="un"):
    return {key: cell.score for key, cell in cells(report, name).items() if key in FULL}


def test_the_reference_has_full_marks_and_nothing_to_review(grade):
    report = grade()
    assert (report.state, report.reasons) == ("corrigée", [])
    assert automatic(report) == automatic(report, "deux") == FULL
    assert cells(report)["avis"].score is None
    assert cells(report)["note"].score is None
    assert report.seconds > 0


def test_the_graded_notebook_and_the_page_are_written_read_only(grade, tmp_path):
    grade()
    for path in (tmp_path / "autograded/zoé/tp/un.ipynb", tmp_path / "feedback/zoé/tp/un.html"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o444
    written = json.loads((tmp_path / "autograded/zoé/tp/un.ipynb").read_text(encoding="utf-8"))
    (check,) = [one for one in written["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == "controle-x"]
    assert "réponse juste" in "".join(check["outputs"][0]["text"])
    assert "checks.compare" in "".join(check["source"])


def test_grading_again_replaces_what_was_written(grade, tmp_path):
    grade()
    grade(answer("reponse-x", "x = 4"))
    assert "n’est pas la valeur attendue" in (tmp_path / "feedback/zoé/tp/un.html").read_text(encoding="utf-8")
    assert not list((tmp_path / "autograded/zoé/tp").glob(".*"))


@pytest.mark.parametrize(
    ("name", "source", "lost", "excerpt"),
    [
        ("reponse-x", "x = 4", "controle-x", "n’est pas la valeur attendue"),
        ("reponse-x", "x = inconnu + 1", "controle-x", "Elle a dit"),
        ("reponse-x", "x = ...", "controle-x", "pas encore répondu"),
        ("reponse-y", "y = 5", "test-y", "n’est pas passé"),
        ("reponse-y", "y = -1", "test-y", "n’est pas passé"),
    ],
)
def test_a_wrong_answer_loses_its_points_and_is_told_why(grade, name, source, lost, excerpt):
    report = grade(answer(name, source))
    assert report.state == "corrigée"
    assert automatic(report)[lost] == 0
    assert excerpt in cells(report)[lost].message


def test_partial_credit_is_kept(grade):
    report = grade(answer("reponse-y", "y = 4.0"))
    assert automatic(report)["partielle"] == 2
    assert automatic(grade(answer("reponse-y", "y = 3")))["partielle"] == 0


def test_an_infinite_loop_costs_only_its_cell(grade, monkeypatch):
    monkeypatch.setitem(globals(), "LIMITS", Limits(cell_s=4, notebook_s=60, grace_s=1))
    report = grade(answer("reponse-y", "while True:\n    pass"))
    assert automatic(report) == {"controle-x": 2, "test-y": 0, "partielle": 0}
    assert cells(report)["reponse-y"].status == "delai"


def test_a_dead_interpreter_keeps_what_came_before(grade):
    report = grade(answer("reponse-y", "import os\nos._exit(0)"))
    assert automatic(report) == {"controle-x": 2, "test-y": 0, "partielle": 0}
    assert report.state == "corrigée"


@pytest.mark.parametrize(
    "source",
    [
        "import builtins\nclass R:\n    def __eq__(s, o):\n        return True\n"
        "    def __gt__(s, o):\n        return True\ny = R()",
        "y = 1\nget_ipython().run_code = None\nget_ipython().ast_transformers.append(3)\n",
        "from unittest.mock import MagicMock\ny = MagicMock()\n"
        "y.__eq__ = lambda s, o: True\ny.__gt__ = lambda s, o: True",
    ],
)
def test_tampering_is_never_a_quiet_full_mark(grade, source):
    report = grade(answer("reponse-y", source))
    suspect = cells(report)["test-y"]
    assert suspect.score == 0 or (report.state == "à relire" and suspect.review and "retenue" in suspect.message)
    assert automatic(report)["controle-x"] == 2


def test_a_lying_object_is_flagged_and_its_score_kept(grade):
    liar = "class R(int):\n    def __eq__(s, o):\n        return True\ny = R(1)"
    report = grade(answer("reponse-y", liar))
    assert report.state == "à relire"
    assert automatic(report)["test-y"] == 3
    assert cells(report)["test-y"].message == pipeline.verdict.WITHHELD
    assert cells(report)["controle-x"].review == []


def test_a_lying_object_has_no_hold_on_a_value_judged_outside(grade):
    report = grade(answer("reponse-x", "class R(int):\n    def __eq__(s, o):\n        return True\nx = R(3)"))
    assert automatic(report)["controle-x"] == 0


def test_the_hidden_value_never_enters_the_process_of_the_learner(grade, tmp_path):
    spy = "import gc\nx = 3\nfor o in gc.get_objects():\n    if type(o) is dict and 'attente' in o:\n"
    spy += "        print('vu', o)"
    report = grade(answer("reponse-x", spy))
    assert automatic(report)["controle-x"] == 2
    text = (tmp_path / "autograded/zoé/tp/un.ipynb").read_text(encoding="utf-8")
    assert "'attente'" not in "".join(str(one) for cell in json.loads(text)["cells"] for one in cell.get("outputs", []))


def test_a_missing_notebook_is_zero_without_manual_need(grade, tmp_path):
    report = grade(names=("deux",))
    assert report.state == "corrigée"
    assert {cell.score for cell in cells(report).values()} == {0.0}
    assert not (tmp_path / "autograded/zoé/tp/un.ipynb").exists()
    assert automatic(report, "deux") == FULL


def test_a_notebook_no_longer_handed_in_loses_its_old_pages(grade, tmp_path):
    grade()
    (tmp_path / "submitted/zoé/tp/un.ipynb").unlink()
    grade(names=("deux",))
    assert not (tmp_path / "autograded/zoé/tp/un.ipynb").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"nbformat": 3, "worksheets": []}', '{"a": NaN}', "[" * 100_000])
def test_an_unreadable_notebook_is_told_and_the_other_is_graded(grade, tmp_path, text):
    folder = tmp_path / "submitted/zoé/tp"
    folder.mkdir(parents=True)
    (folder / "un.ipynb").write_text(text, encoding="utf-8")
    report = grade(names=("deux",))
    assert report.state == "à relire"
    assert automatic(report) == dict.fromkeys(FULL, 0.0)
    assert all(cell.review for cell in cells(report).values())
    assert automatic(report, "deux") == FULL
    assert "Copie refusée" in (tmp_path / "autograded/zoé/tp/un.ipynb").read_text(encoding="utf-8")


def test_a_copy_with_nothing_readable_is_refused(grade, tmp_path):
    folder = tmp_path / "submitted/zoé/tp"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "un.ipynb")
    (folder / "deux.ipynb").symlink_to("/etc/passwd")
    report = grade(names=())
    assert report.state == "refusée"
    assert len(report.reasons) == 2
    assert automatic(report) == dict.fromkeys(FULL, 0.0)


def test_an_error_of_ours_is_said_and_nothing_is_written(grade, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "scores", lambda document: 1 / 0)
    report = grade()
    assert report.state == "échec"
    assert "ZeroDivisionError" in report.reasons[0]
    assert not (tmp_path / "autograded").exists()


def test_a_full_disk_is_not_the_fault_of_the_copy(grade, tmp_path):
    (tmp_path / "autograded").write_text("un fichier à la place du dossier", encoding="utf-8")
    with pytest.raises(OSError, match="autograded"):
        grade()


def test_a_changed_beginning_gives_up_the_common_preparation_but_not_the_points(grade):
    def change(raw):
        raw["cells"][2]["source"] = "brouillon = 5\nprint(brouillon)"

    assert automatic(grade(change)) == FULL


def test_the_common_preparation_stops_before_the_first_answer(assignment):
    assert [name for name, _ in prefix_of(assignment.notebooks["un"])] == ["preparation", ""]


def test_kinds_are_counted(assignment):
    assert pipeline.count_kinds(assignment) == {"valeur": 2, "fonction": 0, "interne": 4, "manuelle": 2, "tache": 2}
