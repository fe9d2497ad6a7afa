"""`ForkExecute` dans un `nbgrader autograde` ordinaire donne les mêmes notes que le moteur d’origine."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

pytestmark = pytest.mark.lent

CONFIG = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = "essai"
c.Execute.timeout = 8
"""
FORKED = """
from formation.classroom.grading.forked import preprocessors
c.Autograde.autograde_preprocessors = preprocessors()
c.ForkExecute.mode = "degrade"
"""
ANSWERS = {
    "juste": "import pandas as pd\nx = int(pd.read_csv('a.csv').v.sum())",
    "fausse": "x = 4",
    "erreur": "x = 1 / 0",
    "boucle": "while True:\n    pass",
    "morte": "import os\nos._exit(0)",
    "lit": "x = 3\nprint([open(n).read() for n in __import__('os').listdir() if n.endswith('.ipynb')])",
    "delai": "x = 3\nimport sys\nprint('e', file=sys.stderr)",
}


def _cell(source, name="", **flags):
    cell = nbformat.v4.new_code_cell(source)
    if name:
        common = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        cell.metadata["nbgrader"] = {**common, "grade_id": name, **flags}
    return cell


def _course(root, forked):
    (root / "source/tp").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG.format(root=str(root)) + (FORKED if forked else ""))
    tests = "assert x > 0\n### BEGIN HIDDEN TESTS\nassert x == 3\n### END HIDDEN TESTS"
    notebook = nbformat.v4.new_notebook(
        cells=[
            _cell("### BEGIN SOLUTION\nx = 3\n### END SOLUTION", "reponse", solution=True),
            _cell(tests, "test", grade=True, locked=True, points=2),
            _cell("1.5 if x == 3 else 0.5", "partielle", grade=True, locked=True, points=2),
            _cell("assert True", "facile", grade=True, locked=True, points=1),
        ],
        metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    )
    nbformat.write(notebook, root / "source/tp/tp.ipynb")
    (root / "source/tp/a.csv").write_text("v\n1\n2\n")
    _nbgrader(root, "generate_assignment", "tp")
    for learner, answer in ANSWERS.items():
        if learner == "morte" and not forked:
            continue
        copy = nbformat.read(root / "release/tp/tp.ipynb", 4)
        copy.cells[0].source = answer
        folder = root / "submitted" / learner / "tp"
        folder.mkdir(parents=True)
        nbformat.write(copy, folder / "tp.ipynb")
        (folder / "a.csv").write_text("v\n1\n2\n")
    _nbgrader(root, "autograde", "tp", "--create")


def _nbgrader(root, *command):
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    script = [sys.executable, "-m", "nbgrader", *command]
    done = subprocess.run(script, cwd=root, env=environment, capture_output=True, text=True, timeout=1_200)
    assert done.returncode == 0, done.stderr[-3000:]


def _scores(root):
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        return {
            (copy.student.id, grade.name): (grade.auto_score, grade.needs_manual_grade)
            for copy in book.assignment_submissions("tp")
            for notebook in copy.notebooks
            for grade in notebook.grades
        }


def test_same_scores_as_the_stock_engine_and_no_copy_lost(tmp_path):
    _course(tmp_path / "rapide", forked=True)
    _course(tmp_path / "ordinaire", forked=False)
    fast, stock = _scores(tmp_path / "rapide"), _scores(tmp_path / "ordinaire")
    assert {key: fast[key] for key in stock} == stock
    assert fast["juste", "test"] == (2.0, False)
    assert fast["fausse", "partielle"] == (0.5, False)
    # un interpréteur arrêté par la copie lui coûte ses points, pas sa correction
    assert {name: score for (who, name), (score, _) in fast.items() if who == "morte"} == {
        "test": 0.0,
        "partielle": 0.0,
        "facile": 0.0,
    }
    read = nbformat.read(tmp_path / "rapide/autograded/lit/tp/tp.ipynb", 4).cells[0].outputs
    assert read[0].text == "[]\n"
    assert (tmp_path / "rapide/autograded/juste/tp/tp.ipynb").exists()
