"""Ce qu’un ouvrier fait d’un travail : corriger une copie, ou essayer la solution du formateur.

Un ouvrier n’exécute jamais le code d’un stagiaire : il le fait exécuter par un processus chaud, enfermé.
"""

import errno
import os
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.grading import selftest
from formation.classroom.grading.pool import Handler
from formation.classroom.grading.preprocess import Preprocessors
from formation.classroom.grading.protocol import decode, encode
from formation.classroom.grading.types import AssignmentSnapshot, CopyReport, Json, Limits, Task
from formation.errors import reason

_FATAL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass(frozen=True, slots=True)
class Bench:
    """Établi d’un ouvrier : ce qui ne change pas d’une copie à l’autre.

    Parameters
    ----------
    root : Path
        Dossier où ranger copies corrigées, retours et détails.
    assignments : mapping
        Devoirs, par nom.
    config : Config
        Réglages nbgrader.
    limits : Limits
        Bornes d’une copie.
    """

    root: Path
    assignments: Mapping[str, AssignmentSnapshot]
    config: Any
    limits: Limits

    def handler(self, zygote: Any) -> Handler:
        """Prépare un ouvrier.

        Parameters
        ----------
        zygote : Zygote
            Processus chaud de cet ouvrier.

        Returns
        -------
        callable
            Traite un travail.
        """
        return _Worker(self, zygote).handle


class _Worker:
    def __init__(self, bench: Bench, zygote: Any) -> None:
        self._bench = bench
        self._zygote = zygote
        self._preprocessors: dict[str, Preprocessors] = {}

    def handle(self, job: Json) -> Json:
        """Traite un travail ; ne lève jamais."""
        start = time.monotonic()
        try:
            if job["quoi"] == "essai":
                return {"problemes": self._try(job["devoir"]), "secondes": time.monotonic() - start}
            return self._grade(Task(**job["copie"]))
        except OSError as error:
            if error.errno in _FATAL:
                return {"arret": disk_problem(error, self._bench.root), "journal": traceback.format_exc()}
            return self._failure(job, error, time.monotonic() - start)
        except Exception as error:
            return self._failure(job, error, time.monotonic() - start)

    def _grade(self, task: Task) -> Json:
        from formation.classroom.results import write_report

        report = self._run(task, self._bench.root / "autograded")
        # un texte de stagiaire peut contenir une moitié de caractère, qui ne s’écrit nulle part
        raw: Json = decode(encode(report.to_json()))
        write_report(self._bench.root, CopyReport.from_json(raw))
        return {"copie": raw}

    def _try(self, name: str) -> list[str]:
        return selftest.check(self._bench.assignments[name], self._run)

    def _run(self, task: Task, out: Path) -> CopyReport:
        from formation.classroom.grading.pipeline import grade_copy

        assignment = self._bench.assignments[task.assignment]
        if task.assignment not in self._preprocessors:
            self._preprocessors[task.assignment] = Preprocessors(self._bench.config, assignment)
        return grade_copy(
            assignment,
            task,
            self._zygote,
            preprocessors=self._preprocessors[task.assignment],
            limits=self._bench.limits,
            out=out,
        )

    def _failure(self, job: Json, error: Exception, seconds: float) -> Json:
        brief = " ".join(str(error).split())[:200]
        why = french(f"la correction s’est arrêtée sur une erreur inattendue ({type(error).__name__} : {brief})")
        log = traceback.format_exc()
        if job["quoi"] == "essai":
            return {"problemes": [why], "secondes": seconds, "journal": log}
        task = job["copie"]
        report = CopyReport(task["learner"], task["assignment"], task["fingerprint"], "échec", [why], [], seconds)
        return {"copie": decode(encode(report.to_json())), "journal": log}


def disk_problem(error: OSError, root: Path) -> str:
    """Dit pourquoi le disque refuse, et que faire.

    Parameters
    ----------
    error : OSError
        Erreur du système.
    root : Path
        Dossier du cours.

    Returns
    -------
    str
    """
    where = os.fspath(error.filename) if error.filename else root
    return french(
        f"« {where} » ne peut pas être écrit : {reason(error)}. Les copies déjà inscrites le restent ; libérez de la "
        "place ou donnez-vous le droit d’écrire, puis relancez la même commande."
    )
