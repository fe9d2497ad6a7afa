"""Corriger une session : la face simple de `formation.classroom.grading`."""

from typing import Any

from formation.classroom.course import Course
from formation.classroom.grading.outcome import GradedCopy, GradingReport, Tell, mute
from formation.classroom.grading.run import Engine, grade_course

__all__ = ["GradedCopy", "GradingReport", "grade"]


def grade(
    course: Course, *, again: bool = False, engine: Engine = "rapide", tell: Tell = mute, **options: Any
) -> GradingReport:
    """Corrige les copies de submitted/ et écrit les retours dans feedback/.

    Une copie en échec n’arrête pas les autres. Une copie déjà corrigée et inchangée n’est pas reprise.

    Parameters
    ----------
    course : Course
        Session.
    again : bool
        Vrai pour tout reprendre.
    engine : str
        `rapide`, enfermé dans un bac à sable, ou `nbgrader`, le moteur d’origine, qui exécute le code des stagiaires
        avec vos droits.
    tell : callable
        Reçoit le nombre de copies faites, leur total, la dernière faite et le temps restant estimé, en secondes.
    **options
        Autres réglages de `grading.run.grade_course`.

    Returns
    -------
    GradingReport

    Raises
    ------
    AtelierImpossible
        Si aucune copie n’est à corriger, ou si rien ne peut l’être.
    """
    return grade_course(course.root, again=again, engine=engine, tell=tell, **options)
