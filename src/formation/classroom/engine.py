"""Faire travailler nbgrader sans ses messages en anglais."""

import contextlib
import logging
import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from formation.classroom.course import CONFIG, Course

LOG = "journal-nbgrader.log"


class EngineError(Exception):
    """nbgrader a échoué ; le détail est dans le journal de la session."""


class NbgraderEngine:
    """Moteur d’origine de nbgrader, réglé par le `nbgrader_config.py` de la session.

    Il exécute le code des stagiaires avec les droits de la personne qui corrige.

    Parameters
    ----------
    course : Course
        Session.
    """

    def __init__(self, course: Course) -> None:
        self._course = course
        self._settings = _load_config(course.root)

    def generate(self, exercise: str) -> None:
        """Fabrique la copie vierge d’un exercice dans release/."""
        from nbgrader.converters import GenerateAssignment

        self._start(GenerateAssignment, exercise, None)

    def autograde(self, exercise: str, learner: str) -> None:
        """Corrige une copie et inscrit ses points dans gradebook.db."""
        from nbgrader.converters import Autograde

        self._start(Autograde, exercise, learner)

    def feedback(self, exercise: str, learner: str) -> None:
        """Écrit le retour HTML d’une copie dans feedback/."""
        from nbgrader.converters import GenerateFeedback

        self._start(GenerateFeedback, exercise, learner)

    def _start(self, converter: Any, exercise: str, learner: str | None) -> None:
        from nbgrader.coursedir import CourseDirectory

        settings = self._settings.copy()
        settings.CourseDirectory.root = str(self._course.root)
        settings.CourseDirectory.assignment_id = exercise
        if learner is not None:
            settings.CourseDirectory.student_id = learner
        settings[converter.__name__].force = True
        with _isolated(self._course.root / LOG):
            coursedir = CourseDirectory(config=settings)
            try:
                converter(coursedir=coursedir, config=settings).start()
            except Exception as error:
                raise EngineError(str(error)) from error


def _load_config(root: Path) -> Any:
    from traitlets.config.loader import PyFileConfigLoader

    return PyFileConfigLoader(CONFIG, path=str(root)).load_config()


@contextlib.contextmanager
def _isolated(log: Path) -> Iterator[None]:
    """Journal dans un fichier, profil IPython neuf, environnement Python de préférence au compte."""
    loggers = [logging.getLogger(name) for name in ("traitlets", "asyncio", "py.warnings")]
    handler = logging.FileHandler(log, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    states = [(logger, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logger.addHandler(handler)
    logging.captureWarnings(True)
    with tempfile.TemporaryDirectory(prefix="formation-") as profile, warnings.catch_warnings():
        variables = {"IPYTHONDIR": profile, "JUPYTER_PREFER_ENV_PATH": "1", "PYTHONHASHSEED": "0"}
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})
            logging.captureWarnings(False)
            for logger, level, propagate in states:
                logger.removeHandler(handler)
                logger.setLevel(level)
                logger.propagate = propagate
            handler.close()
