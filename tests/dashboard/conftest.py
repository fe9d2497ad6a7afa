"""Un cours d’un exercice et trois copies rendues, et un devoir nbgrader avec réponse rédigée et tâche."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import sys
from pathlib import Path

import pytest

PILOT = Path(__file__).parents[1] / "classroom" / "fixtures" / "pilote" / "pilote-01-peser-les-fuites.md"
NAME = "pilote-01-peser-les-fuites"
ROSTER = (
    "identifiant;nom;prénom;courriel\n"
    "stagiaire-01;NOM 01;Prénom;stagiaire-01@exemple.fr\n"
    "stagiaire-02;NOM 02;Prénom;stagiaire-02@exemple.fr\n"
    "stagiaire-03;NOM 03;Prénom;stagiaire-03@exemple.fr\n"
    "stagiaire-04;NOM 04;Prénom;\n"
)


@pytest.fixture(scope="session")
def created(tmp_path_factory):
    """Cours créé, pas encore distribué ; à copier."""
    from formation.classroom.course import create_course

    root = tmp_path_factory.mktemp("cree") / "cours"
    create_course(root, [PILOT])
    (root / "liste.csv").write_text(ROSTER, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def handed(created, tmp_path_factory):
    """Dossier de trois copies rendues : juste, puis deux fausses ; avec un nom de personne à refuser."""
    from formation.classroom.bank import read_bank
    from formation.classroom.course import Course
    from formation.classroom.demo import fill
    from formation.classroom.release import release_course
    from formation.classroom.sources import read_exercise

    root = tmp_path_factory.mktemp("distribue") / "cours"
    shutil.copytree(created, root)
    release_course(Course(root))
    blank = (root / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    answers = read_bank(read_exercise(PILOT))
    wrong = [one for one in answers if one.failures]
    for number, answer in enumerate([answers[0], *wrong[:2]], start=1):
        notebook = json.loads(blank)
        fill(notebook, answer)
        folder = root / "copies-rendues" / f"stagiaire-{number:02d}"
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    nameless = root / "copies-rendues" / "copie sans identifiant"
    nameless.mkdir()
    (nameless / f"{NAME}.ipynb").write_text(blank, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def graded(handed, tmp_path_factory):
    """Cours distribué, inscrit, collecté, corrigé ; lecture seule."""
    from formation.classroom.collect import collect
    from formation.classroom.course import Course
    from formation.classroom.grade import grade
    from formation.classroom.marks import gradebook_url
    from formation.classroom.roster import enrol, read_roster

    root = tmp_path_factory.mktemp("corrige") / "cours"
    shutil.copytree(handed, root)
    enrol(gradebook_url(root), *read_roster(root / "liste.csv"))
    collect(Course(root), root / "copies-rendues")
    grade(Course(root), mode="degrade", workers=1)
    return root


@pytest.fixture
def graded_copy(graded, tmp_path):
    """Copie modifiable de `graded`."""
    root = tmp_path / "cours"
    shutil.copytree(graded, root)
    return root


@pytest.fixture(scope="session")
def by_hand(tmp_path_factory):
    """Devoir nbgrader fait sans nous : un test, une réponse rédigée, une tâche ; une copie corrigée."""
    import nbformat
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from formation.classroom.grading.run import grade_course

    root = tmp_path_factory.mktemp("manuel") / "cours"
    folder = root / "source" / "tp"
    folder.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    nbformat.write(_trainer_notebook(), folder / "carnet.ipynb")
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.assignment_id = "tp"
    with _quiet():
        GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    copy = nbformat.read(root / "release" / "tp" / "carnet.ipynb", as_version=4)
    copy.cells[1].source = "x = 3"
    copy.cells[3].source = "Parce que <b>le réseau</b> fuit."
    copy.cells.append(nbformat.v4.new_markdown_cell("Ma note au maire."))
    for learner in ("stagiaire-01", "stagiaire-02"):
        target = root / "submitted" / learner / "tp"
        target.mkdir(parents=True)
        nbformat.write(copy, target / "carnet.ipynb")
    grade_course(root, mode="degrade", workers=1)
    return root


@pytest.fixture
def by_hand_copy(by_hand, tmp_path):
    """Copie modifiable de `by_hand`."""
    root = tmp_path / "cours"
    shutil.copytree(by_hand, root)
    return root


def _trainer_notebook():
    from nbformat import v4

    notebook = v4.new_notebook()
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.cells = [
        v4.new_markdown_cell("# Énoncé"),
        _cell("code", "### BEGIN SOLUTION\nx = 3\n### END SOLUTION", "reponse-x", solution=True),
        _cell("code", "assert x == 3", "test-x", 2, grade=True, locked=True),
        _cell("markdown", "Expliquez.", "avis", 4, grade=True, solution=True),
        _cell("markdown", "Rédigez la note.", "note", 5, task=True, locked=True),
    ]
    return notebook


def _cell(kind, source, name, points=None, **flags):
    from nbformat import v4

    made = getattr(v4, f"new_{kind}_cell")(source)
    grader = {"grade": False, "solution": False, "locked": False, "task": False, **flags}
    made.metadata["nbgrader"] = {**grader, "grade_id": name, "schema_version": 3}
    if points is not None:
        made.metadata["nbgrader"]["points"] = points
    return made


@contextlib.contextmanager
def _quiet():
    level = logging.getLogger("traitlets").level
    path = os.environ["PATH"]
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    # nbgrader appelle la commande alembic, installée à côté de ce Python
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), path])
    try:
        yield
    finally:
        os.environ["PATH"] = path
        logging.getLogger("traitlets").setLevel(level)
