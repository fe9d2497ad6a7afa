"""Faire travailler nbgrader sans ses messages en anglais."""

import contextlib
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from formation.classroom.course import CONFIG, Course

LOG = "journal-nbgrader.log"


class EngineError(Exception):
    """nbgrader a échoué ; le détail est dans le journal de la session."""


_REASONS = {
    "DeadKernelError": "le code a arrêté Python, ou la mémoire manque",
    "UnresponsiveKernelError": "une cellule ne répond plus, même quand on l’interrompt",
    "didn't respond": "le noyau Python n’a pas démarré à temps",
    "OperationalError": "la base gradebook.db est occupée ou abîmée",
    "No space left": "le disque est plein",
}


class _Errors(logging.Handler):
    """Garde les erreurs que nbgrader écrit avant de lever une exception sans détail."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())

    def reason(self, error: Exception) -> str:
        """Raison en français, ou la dernière ligne de la première pile d’appels."""
        everything = "\n".join([*self.texts, repr(error)])
        known = next((french for english, french in _REASONS.items() if english in everything), None)
        traces = [text for text in self.texts if text.startswith("Traceback")]
        return known or (traces[0].strip().splitlines()[-1] if traces else str(error))[:200]


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
        self._settings = load_config(course.root)

    def generate(self, exercise: str) -> None:
        """Fabrique la copie vierge d’un exercice dans release/.

        Parameters
        ----------
        exercise : str
            Exercice de la session.

        Raises
        ------
        EngineError
            Si nbgrader échoue.
        """
        from nbgrader.converters import GenerateAssignment

        self._start(GenerateAssignment, exercise, None)

    def autograde(self, exercise: str, learner: str) -> None:
        """Corrige une copie et inscrit ses points dans gradebook.db.

        Parameters
        ----------
        exercise : str
            Exercice de la session.
        learner : str
            Identifiant du stagiaire.

        Raises
        ------
        EngineError
            Si nbgrader échoue.
        """
        from nbgrader.converters import Autograde

        self._start(Autograde, exercise, learner)

    def feedback(self, exercise: str, learner: str) -> None:
        """Écrit le retour HTML d’une copie dans feedback/.

        Parameters
        ----------
        exercise : str
            Exercice de la session.
        learner : str
            Identifiant du stagiaire.

        Raises
        ------
        EngineError
            Si nbgrader échoue.
        """
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
        with _isolated(self._course.root / LOG) as errors:
            coursedir = CourseDirectory(config=settings)
            try:
                converter(coursedir=coursedir, config=settings).start()
            except Exception as error:
                raise EngineError(errors.reason(error)) from error


def load_config(root: Path) -> Any:
    """Lit `nbgrader_config.py`.

    Parameters
    ----------
    root : Path
        Dossier du cours.

    Returns
    -------
    Config
        Réglages.
    """
    from traitlets.config.loader import PyFileConfigLoader

    return PyFileConfigLoader(CONFIG, path=str(root)).load_config()


@contextlib.contextmanager
def _isolated(log: Path) -> Iterator[_Errors]:
    """Journal dans un fichier, profil IPython neuf, environnement Python de préférence au compte."""
    loggers = [logging.getLogger(name) for name in ("traitlets", "asyncio", "py.warnings")]
    handler = logging.FileHandler(log, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    errors = _Errors()
    states = [(logger, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logger.addHandler(handler)
        logger.addHandler(errors)
    logging.captureWarnings(True)
    with tempfile.TemporaryDirectory(prefix="formation-") as profile, warnings.catch_warnings():
        variables = {
            "IPYTHONDIR": profile,
            "JUPYTER_RUNTIME_DIR": profile,
            "JUPYTER_PREFER_ENV_PATH": "1",
            "PYTHONHASHSEED": "0",
            # nbgrader appelle la commande alembic, installée à côté de ce Python
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        }
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)
        try:
            yield errors
        finally:
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})
            logging.captureWarnings(False)
            for logger, level, propagate in states:
                logger.removeHandler(handler)
                logger.removeHandler(errors)
                logger.setLevel(level)
                logger.propagate = propagate
            handler.close()
