"""La boucle d’une correction : essais préalables d’abord, puis les copies ; les réponses vont à l’écrivain."""

import contextlib
import time
from collections import defaultdict
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.backend import Backend
from formation.classroom.grading.database import CarnetDeNotesInutilisable
from formation.classroom.grading.outcome import GradedCopy, Tell
from formation.classroom.grading.pool import Reply
from formation.classroom.grading.types import CopyReport, Json, Task
from formation.classroom.grading.writer import Writer

_AHEAD = 256


class Loop:
    """Distribue les copies et recueille les réponses.

    Parameters
    ----------
    tasks : list of Task
        Copies à corriger.
    stamps : dict
        Heure de remise par stagiaire et devoir, UTC sans fuseau.
    writer : Writer
        Écrivain du carnet de notes.
    log : Path
        Journal des erreurs inattendues.
    tell : callable
        Progression.

    Attributes
    ----------
    copies : list of GradedCopy
        Copies faites.
    trials : dict of str to list of str
        Problèmes de la solution, par devoir essayé ; vide si elle a tous ses points.
    interrupted : bool
        Vrai si l’on a interrompu.
    stopped : str
        Pourquoi tout s’est arrêté : disque plein, droit d’écrire perdu.
    """

    def __init__(
        self,
        tasks: list[Task],
        stamps: dict[tuple[str, str], datetime],
        writer: Writer,
        log: Path,
        tell: Tell,
    ) -> None:
        self._waiting: dict[str, list[Task]] = defaultdict(list)
        for task in tasks:
            self._waiting[task.assignment].append(task)
        self._ready: list[Task] = []
        self._out = 0
        self._blocked = 0
        self._total = len(tasks)
        self._stamps = stamps
        self._writer = writer
        self._log = log
        self._tell = tell
        self._start = time.monotonic()
        self.copies: list[GradedCopy] = []
        self.trials: dict[str, list[str]] = {}
        self.interrupted = False
        self.stopped = ""

    @property
    def waiting(self) -> int:
        """Copies qui restent à corriger, hors devoirs bloqués par l’essai préalable."""
        return self._total - self._blocked - len(self.copies)

    def run(self, backend: Backend) -> None:
        """Corrige tout ce qui peut l’être.

        Une interruption au clavier inscrit ce qui est prêt et rend la main.

        Parameters
        ----------
        backend : Backend
            Ouvriers.

        Raises
        ------
        CarnetDeNotesInutilisable
            Si le carnet de notes ne peut plus être écrit.
        AtelierImpossible
            Si les ouvriers ne démarrent plus ; ce qui était prêt est inscrit.
        """
        try:
            self._tell(0, self._total, "essai préalable", 0.0)
            for name in self._waiting:
                backend.submit({"quoi": "essai", "devoir": name})
            while (backend.busy or self._ready) and not self.stopped:
                self._feed(backend)
                for reply in backend.wait(self._writer.wait_s):
                    self._take(reply)
                self._writer.flush_if_due()
        except KeyboardInterrupt:
            self.interrupted = True
        except CarnetDeNotesInutilisable:
            raise
        except AtelierImpossible:
            self._writer.flush()
            raise
        self._writer.flush()

    def _feed(self, backend: Backend) -> None:
        # file courte : une interruption ne laisse pas des milliers de travaux en route
        while self._ready and self._out < _AHEAD:
            task = self._ready.pop()
            self._out += 1
            backend.submit({"quoi": "copie", "copie": asdict(task)})

    def _take(self, reply: Reply) -> None:
        value = reply.value or {}
        if "journal" in value:
            self._note(reply.job, value["journal"])
        if "arret" in value:
            self.stopped = value["arret"]
        elif reply.job["quoi"] == "essai":
            problems = value.get("problemes", [french(f"la solution n’a pas pu être essayée : {reply.cause}.")])
            self._judge(reply.job["devoir"], list(problems))
        else:
            self._out -= 1
            self._add(_report(reply))

    def _judge(self, name: str, problems: list[str]) -> None:
        self.trials[name] = problems
        tasks = self._waiting.pop(name)
        if problems:
            self._blocked += len(tasks)
        else:
            # la dernière est servie la première
            self._ready[:0] = reversed(tasks)

    def _add(self, report: CopyReport) -> None:
        self._writer.add(report, self._stamps.get((report.learner, report.assignment)))
        reason = " ; ".join(report.reasons)
        self.copies.append(GradedCopy(report.learner, report.assignment, report.state, reason, report.seconds))
        done = len(self.copies)
        left = (time.monotonic() - self._start) / done * max(0, self.waiting)
        self._tell(done, self._total - self._blocked, f"{report.learner} · {report.assignment}", left)

    def _note(self, job: Json, text: str) -> None:
        what = job.get("devoir") or "{learner}/{assignment}".format(**job["copie"])
        with contextlib.suppress(OSError), self._log.open("a", encoding="utf-8") as stream:
            stream.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {what}\n{text}\n")


def _report(reply: Reply) -> CopyReport:
    if reply.value is not None:
        return CopyReport.from_json(reply.value["copie"])
    task = reply.job["copie"]
    reason = french(f"{reply.cause}. Aucune note ; relancez, ou corrigez-la à la main.")
    return CopyReport(task["learner"], task["assignment"], task["fingerprint"], "échec", [reason])
