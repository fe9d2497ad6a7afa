"""Corriger un cours : lire, essayer la solution, faire travailler les ouvriers, inscrire, rendre compte."""

import contextlib
import os
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from formation.checks.failure import french
from formation.checks.wording import count
from formation.classroom.course import CONFIG
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading import decided, ledger, sandbox
from formation.classroom.grading.backend import Backend, WarmStart, default_workers, local_workers
from formation.classroom.grading.handed import Handed, assignments_handed, read_handed, read_timestamp
from formation.classroom.grading.loop import Loop
from formation.classroom.grading.outcome import DONE, GradedCopy, GradingReport, Tell, mute
from formation.classroom.grading.report import RunFacts, RunReport
from formation.classroom.grading.settings import Settings, imported_modules, read_settings
from formation.classroom.grading.types import AssignmentSnapshot, Limits, Task
from formation.classroom.grading.worker import Bench, disk_problem
from formation.errors import reason

Engine = Literal["rapide", "nbgrader"]
LOG = "journal-correction.log"


def grade_course(
    root: Path,
    *,
    workers: int | None = None,
    engine: Engine = "rapide",
    mode: sandbox.Mode = "strict",
    again: bool = False,
    db_url: str | None = None,
    dask: str | None = None,
    learners: Collection[str] | None = None,
    assignments: Collection[str] | None = None,
    limits: Limits | None = None,
    cell_s: float | None = None,
    memory_mb: int | None = None,
    tell: Tell = mute,
    warn: Callable[[str], None] = lambda _: None,
) -> GradingReport:
    """Corrige les copies de submitted/ : nouvelles, changées, ou en échec la dernière fois.

    On peut interrompre ou tuer la correction à tout instant : ce qui est inscrit le reste, et un nouvel appel finit
    le travail. Une mauvaise copie n’arrête jamais les autres.

    Parameters
    ----------
    root : Path
        Dossier d’une session ou d’un cours nbgrader.
    workers : int, optional
        Nombre d’ouvriers ; par défaut un par cœur, jamais plus que de copies.
    engine : str
        `rapide`, ou `nbgrader` pour le moteur d’origine, sans bac à sable.
    mode : str
        `strict` : refuse de corriger s’il manque une couche au bac à sable ; `degrade` : choix explicite, noté au
        rapport.
    again : bool
        Vrai pour tout reprendre.
    db_url : str, optional
        Adresse SQLAlchemy du carnet de notes ; par défaut celle du cours.
    dask : str, optional
        Adresse d’un ordonnanceur Dask ; par défaut, cette machine.
    learners, assignments : collection of str, optional
        Stagiaires et devoirs voulus ; par défaut, tous.
    limits : Limits, optional
        Bornes ; par défaut celles du cours.
    cell_s, memory_mb : float and int, optional
        Temps permis à une cellule, en secondes, et mémoire permise à un carnet, en Mo, à la place de ces bornes.
    tell : callable
        Reçoit les copies faites, leur total, la dernière faite et le temps restant, en secondes.
    warn : callable
        Reçoit une phrase quand il faut attendre.

    Returns
    -------
    GradingReport

    Raises
    ------
    AtelierImpossible
        Si rien ne peut être corrigé : dossier, carnet de notes, bac à sable, disque, aucune copie.
    """
    if workers is not None and workers < 1:
        raise AtelierImpossible(french(f"« --ouvriers {workers} » : donnez un nombre d’ouvriers, au moins 1."))
    if engine == "nbgrader":
        from formation.classroom.grading.stock import grade_with_nbgrader

        return grade_with_nbgrader(root, again=again, learners=learners, assignments=assignments, tell=tell)
    if not hasattr(os, "fork"):
        raise AtelierImpossible(
            french(
                "Le moteur rapide demande Linux. Sous Windows, installez WSL, ou prenez le moteur d’origine, qui "
                "exécute les copies avec vos droits : --moteur nbgrader"
            )
        )
    from formation.classroom.grading.locks import course_lock, scratch_folder

    settings = read_settings(root, db_url=db_url, limits=limits)
    kept = settings.limits
    bounds = replace(kept, cell_s=cell_s or kept.cell_s, memory_mb=memory_mb or kept.memory_mb)
    settings = replace(settings, limits=bounds)
    with course_lock(settings.root), scratch_folder() as scratch:
        run = _Run(settings, scratch, mode, workers, dask, tell, warn)
        try:
            return run.grade(again=again, learners=learners, chosen=assignments)
        except OSError as error:
            raise AtelierImpossible(disk_problem(error, settings.root)) from None


class _Run:
    """Une correction, du début à la fin."""

    def __init__(
        self,
        settings: Settings,
        scratch: Path,
        mode: sandbox.Mode,
        workers: int | None,
        dask: str | None,
        tell: Tell,
        warn: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._scratch = scratch
        self._mode = mode
        self._workers = workers
        self._dask = dask
        self._tell = tell
        self._warn = warn
        self._start = time.monotonic()

    def grade(self, *, again: bool, learners: Collection[str] | None, chosen: Collection[str] | None) -> GradingReport:
        """Corrige et rend compte."""
        root = self._settings.root
        names = sorted(name for name in assignments_handed(root) if (root / "release" / name).is_dir())
        if chosen is not None:
            names = [name for name in names if name in chosen]
        with self._warming(names) as warm:
            assignments = self._read_assignments(names)
            handed = read_handed(root, assignments, learners=learners, chosen=chosen, enrolled=self._enrolled())
            return self._grade(warm, assignments, handed, again=again)

    @contextlib.contextmanager
    def _warming(self, names: list[str]) -> Iterator[WarmStart | None]:
        if self._dask is not None:
            yield None
            return
        policy = sandbox.default_policy(self._settings.limits, mode=self._mode)
        warm = WarmStart(imported_modules(self._settings.root, names), policy, self._scratch)
        try:
            yield warm
        finally:
            warm.close()

    def _read_assignments(self, names: list[str]) -> dict[str, AssignmentSnapshot]:
        from formation.classroom.grading.snapshot import read_assignments

        return read_assignments(self._settings.root, self._settings.db_url, names)

    def _enrolled(self) -> Collection[str] | None:
        from formation.classroom.roster import known

        return known(self._settings.db_url)

    def _grade(
        self, warm: WarmStart | None, assignments: dict[str, AssignmentSnapshot], handed: Handed, *, again: bool
    ) -> GradingReport:
        from formation.classroom.grading.database import Database
        from formation.classroom.grading.penalties import Penalties
        from formation.classroom.grading.writer import Writer

        database = Database(self._settings.db_url, self._warn)
        report = RunReport(self._settings.root, self._scratch)
        try:
            tasks, stamps, anomalies = self._tasks(assignments, handed)
            with database.transaction() as connection:
                entries = ledger.read(connection)
                todo = tasks if again else ledger.pending(tasks, entries)
                changed = [] if again else _changed(todo, entries)
                todo = _completed(connection, todo, entries, stamps)
                gone = _gone(self._settings.root, entries, handed)
            kept = {(task.learner, task.assignment) for task in todo}
            done = [
                GradedCopy(task.learner, task.assignment, DONE)
                for task in tasks
                if (task.learner, task.assignment) not in kept
            ]
            writer = Writer(database, Penalties(self._settings.config), lambda batch: _keep(report, batch))
            loop = Loop(todo, stamps, writer, self._settings.root / LOG, self._tell)
            if todo:
                with self._backend(warm, assignments, len(todo)) as backend:
                    loop.run(backend)
            return self._account(loop, done, [*handed.anomalies, *anomalies, *gone, *_late(todo), *changed], report)
        finally:
            report.close()
            database.close()

    def _tasks(
        self, assignments: dict[str, AssignmentSnapshot], handed: Handed
    ) -> tuple[list[Task], dict[tuple[str, str], datetime], list[str]]:
        settings = {
            name: ledger.settings_fingerprint(one, self._settings.limits, self._settings.text)
            for name, one in assignments.items()
        }
        tasks, stamps, anomalies = [], {}, []
        for learner, name, folder in handed.copies:
            tasks.append(Task(learner, name, str(folder), ledger.copy_fingerprint(folder, settings[name])))
            stamp, problem = read_timestamp(folder)
            if stamp is not None:
                stamps[learner, name] = stamp
            if problem:
                anomalies.append(problem)
        return tasks, stamps, anomalies

    @contextlib.contextmanager
    def _backend(
        self, warm: WarmStart | None, assignments: dict[str, AssignmentSnapshot], copies: int
    ) -> Iterator[Backend]:
        bench = Bench(self._settings.root, assignments, self._settings.config, self._settings.limits)
        if warm is None:
            from formation.classroom.grading.cluster import cluster_workers

            with cluster_workers(self._dask or "", bench, self._settings, self._mode) as cluster:
                yield cluster
            return
        number = min(self._workers or default_workers(copies), copies)
        with local_workers(bench, warm.ready(), number, self._scratch, self._settings.root / LOG) as pool:
            yield pool

    def _account(self, loop: Loop, done: list[GradedCopy], anomalies: list[str], report: RunReport) -> GradingReport:
        seconds = time.monotonic() - self._start
        facts = RunFacts(
            settings=self._described(loop),
            sandbox=self._sandbox(),
            trials=loop.trials,
            anomalies=anomalies,
            unchanged=len(done),
            seconds=seconds,
            interrupted=loop.interrupted,
            waiting=loop.waiting,
        )
        pages = {}
        if loop.copies or loop.trials:
            try:
                pages = report.write(facts, datetime.now().astimezone())
            except OSError as error:
                anomalies.append(french(f"Le rapport n’a pas pu être écrit : {reason(error)}. Les notes le sont."))
        blocked = {name: problems for name, problems in loop.trials.items() if problems}
        if loop.stopped:
            raise AtelierImpossible(loop.stopped)
        return GradingReport(
            [*sorted(loop.copies, key=lambda copy: (copy.learner, copy.exercise)), *done],
            seconds,
            anomalies,
            blocked,
            self._mode,
            pages,
            interrupted=loop.interrupted,
            waiting=loop.waiting,
        )

    def _described(self, loop: Loop) -> dict[str, Any]:
        from formation.classroom.grading.database import shown

        workers = self._dask or self._workers or default_workers(max(1, len(loop.copies)))
        return {
            "moteur": "rapide",
            "carnet de notes": shown(self._settings.db_url),
            "réglages du cours": str(self._settings.root / CONFIG),
            "ouvriers": workers,
            **{f"borne {name}": value for name, value in asdict(self._settings.limits).items()},
        }

    def _sandbox(self) -> dict[str, Any]:
        found = {} if self._dask is not None else sandbox.probe()
        layers = [layer for layer, problem in found.items() if problem is None]
        missing = {layer: problem for layer, problem in found.items() if problem is not None}
        return {
            "mode": self._mode,
            "couches": layers,
            "manquantes": missing,
            "phrases": sandbox.describe(layers) if found else [],
        }


def _keep(report: RunReport, batch: list[Any]) -> None:
    for copy in batch:
        report.add(copy)


def _gone(root: Path, entries: dict[tuple[str, str], ledger.Entry], handed: Handed) -> list[str]:
    """Copies notées dont le dossier n’est plus là : leurs notes restent."""
    present = {(learner, name) for learner, name, _ in handed.copies}
    return [
        french(
            f"submitted/{learner}/{name} : corrigée auparavant, la copie n’y est plus. Ses notes restent au carnet de "
            "notes ; remettez-la si elle a été effacée par erreur."
        )
        for learner, name in sorted(entries)
        if (learner, name) not in present and not any((root / "submitted" / learner / name).glob("*.ipynb"))
    ]


def _changed(tasks: list[Task], entries: dict[tuple[str, str], ledger.Entry]) -> list[str]:
    known = [entries.get((task.learner, task.assignment)) for task in tasks]
    again = sum(entry is not None and entry.state != "échec" for entry in known)
    if not again:
        return []
    return [
        french(
            f"submitted/ : {count(again, 'copie')} déjà corrigée{'s' if again > 1 else ''}, reprise"
            f"{'s' if again > 1 else ''} parce que la copie, l’énoncé ou les réglages ont changé depuis."
        )
    ]


def _late(tasks: list[Task]) -> list[str]:
    return [
        french(
            f"submitted/{task.learner}/{task.assignment} : rendue {_delay(task.late_s)} après la date limite. La "
            "retenue est celle des réglages du cours (AssignLatePenalties) ; sans réglage, aucune."
        )
        for task in tasks
        if task.late_s > 0
    ]


def _delay(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} j {hours} h"
    return f"{hours} h {minutes % 60:02d} min" if hours else f"{minutes} min"


def _completed(
    connection: Any,
    tasks: list[Task],
    entries: dict[tuple[str, str], ledger.Entry],
    stamps: dict[tuple[str, str], datetime],
) -> list[Task]:
    """Ajoute ce que sait le carnet de notes : retard, notes et décisions déjà données par une personne."""
    from formation.classroom.grading.rows import read_late, read_manual

    again = [(task.learner, task.assignment) for task in tasks if (task.learner, task.assignment) in entries]
    manual = read_manual(connection, again) if again else {}
    taken = decided.by_copy(decided.read(connection)) if again else {}
    late = read_late(connection, stamps)
    return [
        replace(
            task,
            manual=manual.get((task.learner, task.assignment), {}),
            decision=taken.get((task.learner, task.assignment, task.fingerprint), ""),
            late_s=late.get((task.learner, task.assignment), 0.0),
        )
        for task in tasks
    ]
