"""Comment un enfant a fini, et la sortie d’erreur qui le dit."""

import os
import signal

from formation.checks.failure import french
from formation.classroom.grading.types import Json

_DEAD: dict[int, str] = {
    signal.SIGXCPU: "le carnet a épuisé son temps de calcul",
    signal.SIGKILL: "le carnet a été arrêté par la machine, sans doute faute de mémoire",
    signal.SIGSEGV: "le code a fait planter l’interpréteur",
    signal.SIGSYS: "le code a tenté une action interdite",
}


def failure_output(name: str, message: str) -> Json:
    """Sortie d’erreur au format nbformat 4.

    Parameters
    ----------
    name, message : str
        Nom et texte de l’erreur.

    Returns
    -------
    dict
    """
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}


def cause_of_death(status: int | None) -> str:
    """Dit pourquoi un enfant est mort.

    Parameters
    ----------
    status : int or None
        État de fin au sens de `os.waitpid`, ou None s’il n’est pas connu.

    Returns
    -------
    str
    """
    if status is not None and os.WIFSIGNALED(status):
        return french(_DEAD.get(os.WTERMSIG(status), "le code a arrêté son propre processus"))
    return french("le code a arrêté son propre processus")
