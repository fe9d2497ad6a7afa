"""Petit cours fait par nbgrader lui-même : deux carnets, note partielle, réponse rédigée, tâche, cellules libres."""

import contextlib
import json
import logging
import os
import sys
import zlib
from pathlib import Path

from formation.classroom.grading.quickstart import light_imports

light_imports()

HIDDEN = json.dumps({"attente": {"type": "entier", "aide": ""}, "valeur": 3, "pieges": []})


def cell(kind, source, name="", points=None, **flags):
    from nbformat import v4

    made = getattr(v4, f"new_{kind}_cell")(source)
    made["id"] = name or f"libre-{zlib.crc32(source.encode())}"
    if name:
        grader = {"grade": False, "solution": False, "locked": False, "task": False, **flags}
        made.metadata["nbgrader"] = {**grader, "grade_id": name, "schema_version": 3}
        if points is not None:
            made.metadata["nbgrader"]["points"] = points
    return made


def trainer_notebook():
    from nbformat import v4

    notebook = v4.new_notebook()
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.cells = [
        cell("markdown", "# Énoncé"),
        cell("code", "from formation import checks\nbase = 1", "preparation", locked=True),
        cell("code", "brouillon = 0"),
        cell("code", "### BEGIN SOLUTION\nx = 3\n### END SOLUTION", "reponse-x", solution=True),
        cell(
            "code",
            f'checks.expect("x", x)\n### BEGIN HIDDEN TESTS\nchecks.compare("x", x, {HIDDEN!r})\n### END HIDDEN TESTS',
            "controle-x",
            2,
            grade=True,
            locked=True,
        ),
        cell("code", "### BEGIN SOLUTION\ny = 4\n### END SOLUTION", "reponse-y", solution=True),
        cell(
            "code",
            "assert y > 0\n### BEGIN HIDDEN TESTS\nassert y == 4\n### END HIDDEN TESTS",
            "test-y",
            3,
            grade=True,
            locked=True,
        ),
        cell("code", "2 * (y == 4)", "partielle", 2, grade=True, locked=True),
        cell(
            "markdown",
            "Expliquez.\n### BEGIN SOLUTION\nParce que.\n### END SOLUTION",
            "avis",
            4,
            grade=True,
            solution=True,
        ),
        cell("markdown", "Rédigez la note.", "note", 5, task=True, locked=True),
        cell("code", "fin = True"),
    ]
    return notebook


@contextlib.contextmanager
def quiet(root):
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


def settings(root, **sections):
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.assignment_id = "tp"
    config.ClearSolutions.code_stub = {"python": "..."}
    config.ClearSolutions.text_stub = "Votre réponse"
    for name, values in sections.items():
        config[name].update(values)
    return config


def build(root, names=("un", "deux")):
    """Source, copies vierges et carnet de notes, par `GenerateAssignment`."""
    import nbformat
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory

    folder = root / "source" / "tp"
    folder.mkdir(parents=True)
    for name in names:
        nbformat.write(trainer_notebook(), folder / f"{name}.ipynb")
    (folder / "donnees").mkdir()
    (folder / "donnees" / "table.csv").write_text("a\n1\n", encoding="utf-8")
    config = settings(root)
    with quiet(root):
        GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    return root


def address(root):
    return f"sqlite:///{root / 'gradebook.db'}"


def stock_sanitize(raw, root, notebook="un", without="", **sections):
    """Ce que fait nbgrader de la copie avant de l’exécuter : préprocesseurs d’origine, vrai carnet de notes."""
    import nbformat
    from nbgrader.converters import Autograde
    from nbgrader.coursedir import CourseDirectory

    config = settings(root, **sections)
    converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
    node = nbformat.reads(json.dumps(raw), as_version=4)
    inner = {"student": "s", "assignment": "tp", "notebook": notebook, "db_url": address(root)}
    resources = {"nbgrader": inner}
    with quiet(root):
        for one in converter.sanitize_preprocessors:
            if one.__name__ == without:
                continue
            node, resources = one(parent=converter)(node, resources)
    return node
