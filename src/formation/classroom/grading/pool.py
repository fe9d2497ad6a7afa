"""Des ouvriers nés par `fork`, occupés sans arrêt, remplacés s’ils meurent ; rien ne survit au processus principal."""

import contextlib
import ctypes
import gc
import os
import selectors
import signal
import socket
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.protocol import Channel, ProtocolError
from formation.classroom.grading.types import Json

Handler = Callable[[Json], Json]
Setup = Callable[[], Handler]

_DEPTH = 2
_MAX_FRAME = 200_000_000
_PR_SET_PDEATHSIG = 1
_TRIES = 2
_STARTS = 3
_START_S = 240.0


@dataclass(frozen=True, slots=True)
class Reply:
    """Réponse à un travail.

    Parameters
    ----------
    job : dict
        Travail, tel que donné à `submit`.
    value : dict or None
        Réponse de l’ouvrier ; None s’il est mort deux fois sur ce travail.
    cause : str
        Pourquoi il est mort, en français.
    """

    job: Json
    value: Json | None
    cause: str = ""


@dataclass(slots=True)
class _Job:
    data: Json
    tries: int = 0


@dataclass(slots=True)
class _Worker:
    pid: int
    sock: socket.socket
    channel: Channel
    jobs: deque[_Job] = field(default_factory=deque)
    since: float = 0.0
    ready: bool = False


def die_with_parent(parent: int) -> None:
    """Demande au noyau d’arrêter ce processus dès que son parent disparaît, même tué.

    Parameters
    ----------
    parent : int
        Numéro du processus parent, pour le cas où il serait déjà mort.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


class Pool:
    """Ouvriers d’une correction. À employer dans un bloc `with`, avant de lancer le moindre fil d’exécution.

    Parameters
    ----------
    size : int
        Nombre d’ouvriers.
    spawn : callable
        Appelée ici pour chaque ouvrier ; rend ce que l’ouvrier exécute pour se préparer, qui rend à son tour ce qui
        traite un travail.
    job_s : float, optional
        Temps au bout duquel un ouvrier muet sur un travail est arrêté, en secondes. Compté une fois l’ouvrier prêt.
    start_s : float
        Temps laissé à un ouvrier pour se préparer, en secondes.
    spawned : callable
        Appelée ici après la naissance de chaque ouvrier : ferme ce qui n’est qu’à lui.
    """

    def __init__(
        self,
        size: int,
        spawn: Callable[[], Setup],
        *,
        job_s: float | None = None,
        start_s: float = _START_S,
        spawned: Callable[[], None] = lambda: None,
    ) -> None:
        self._spawn = spawn
        self._spawned = spawned
        self._job_s = job_s
        self._start_s = start_s
        self._queue: deque[_Job] = deque()
        self._workers: list[_Worker] = []
        self._selector = selectors.DefaultSelector()
        self._lost: list[Reply] = []
        self._size = size
        self._failed_starts = 0
        self.deaths = 0

    def __enter__(self) -> Self:
        try:
            for _ in range(self._size):
                self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def submit(self, job: Json, *, first: bool = False) -> None:
        """Ajoute un travail à la file.

        Parameters
        ----------
        job : dict
            Données JSON.
        first : bool
            Vrai pour passer devant les autres.
        """
        self._queue.appendleft(_Job(job)) if first else self._queue.append(_Job(job))
        self._feed()

    @property
    def busy(self) -> bool:
        """Vrai s’il reste un travail à faire ou une réponse à lire."""
        return bool(self._queue or self._lost or any(worker.jobs for worker in self._workers))

    @property
    def pids(self) -> list[int]:
        """Numéros des ouvriers."""
        return [worker.pid for worker in self._workers]

    def wait(self, timeout: float | None = None) -> list[Reply]:
        """Attend des réponses.

        Parameters
        ----------
        timeout : float, optional
            Temps d’attente le plus long, en secondes.

        Returns
        -------
        list of Reply
            Vide si le temps est passé.

        Raises
        ------
        AtelierImpossible
            Si les ouvriers ne démarrent pas.
        """
        if self._lost:
            found, self._lost = self._lost, []
            return found
        if not self.busy:
            return []
        timed = self._job_s is not None or not all(worker.ready for worker in self._workers)
        limits = [seconds for seconds in (timeout, 1.0 if timed else None) if seconds is not None]
        replies = []
        for key, _ in self._selector.select(min(limits, default=None)):
            worker: _Worker = key.data
            try:
                value = worker.channel.receive(_MAX_FRAME)
            except (EOFError, ProtocolError, OSError):
                self._bury(worker)
                continue
            if not worker.ready:
                self._welcome(worker, value)
                continue
            job = worker.jobs.popleft()
            worker.since = time.monotonic()
            replies.append(Reply(job.data, value))
        self._feed()
        self._check_silence()
        replies += self._lost
        self._lost = []
        return replies

    def _welcome(self, worker: _Worker, value: Json) -> None:
        if "erreur" in value:
            raise AtelierImpossible(french(f"Les ouvriers de la correction ne démarrent pas : {value['erreur']}"))
        worker.ready = True
        worker.since = time.monotonic()
        self._failed_starts = 0

    def close(self) -> None:
        """Arrête les ouvriers."""
        for worker in self._workers:
            worker.channel.close()
        for worker in self._workers:
            _kill(worker.pid)
        self._workers = []
        self._selector.close()

    def _feed(self) -> None:
        for depth in range(1, _DEPTH + 1):
            for worker in list(self._workers):
                if self._queue and len(worker.jobs) < depth:
                    self._give(worker)

    def _give(self, worker: _Worker) -> None:
        job = self._queue.popleft()
        if worker.ready and not worker.jobs:
            worker.since = time.monotonic()
        worker.jobs.append(job)
        with contextlib.suppress(OSError):  # ouvrier mort : sa prise, fermée, le dira à la prochaine lecture
            worker.channel.send(job.data)

    def _check_silence(self) -> None:
        now = time.monotonic()
        for worker in list(self._workers):
            if not worker.ready:
                if now - worker.since > self._start_s:
                    self._bury(
                        worker, f"un ouvrier n’est pas prêt après {self._start_s:g} secondes, {_STARTS} fois de suite"
                    )
            elif self._job_s is not None and worker.jobs and now - worker.since > self._job_s:
                self._bury(worker, "elle n’a pas fini à temps, même après l’arrêt de ses cellules")

    def _bury(self, worker: _Worker, cause: str = "") -> None:
        self._workers.remove(worker)
        self._selector.unregister(worker.sock)
        worker.channel.close()
        status = _kill(worker.pid)
        self.deaths += 1
        if not worker.ready:
            self._queue.extendleft(reversed(worker.jobs))
            self._failed_starts += 1
            if self._failed_starts >= _STARTS:
                raise AtelierImpossible(
                    french(
                        f"Les ouvriers de la correction ne démarrent pas : {cause or _cause(status)}. "
                        "Demandez-en moins (--ouvriers 1) ou fermez d’autres programmes, puis relancez."
                    )
                )
        elif worker.jobs:
            guilty = worker.jobs.popleft()
            guilty.tries += 1
            self._queue.extendleft(reversed(worker.jobs))
            if guilty.tries < _TRIES:
                self._queue.appendleft(guilty)
            else:
                self._lost.append(Reply(guilty.data, None, cause or _cause(status)))
        self._start()
        self._feed()

    def _start(self) -> None:
        setup = self._spawn()
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            try:
                die_with_parent(parent)
                ours.close()
                for other in self._workers:
                    other.sock.close()
                _serve(theirs, setup)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(1)
        theirs.close()
        self._spawned()
        worker = _Worker(pid, ours, Channel(ours), since=time.monotonic())
        self._workers.append(worker)
        self._selector.register(ours, selectors.EVENT_READ, worker)


def _serve(sock: socket.socket, setup: Setup) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    channel = Channel(sock)
    try:
        handle = setup()
    except Exception as error:
        channel.send({"erreur": str(error) or type(error).__name__})
        os._exit(1)
    # le ramasse-miettes ne recopie plus les pages partagées avec le processus principal
    gc.collect()
    gc.freeze()
    channel.send({"pret": True})
    while True:
        try:
            job = channel.receive(_MAX_FRAME)
        except EOFError:
            os._exit(0)
        channel.send(handle(job))


def _kill(pid: int) -> int:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    try:
        return os.waitpid(pid, 0)[1]
    except ChildProcessError:
        return 0


def _cause(status: int) -> str:
    # notre propre SIGKILL n’atteint qu’un ouvrier déjà mort : le signal lu est bien celui qui l’a arrêté
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return "le système arrête le correcteur, deux fois de suite ; la mémoire manque sans doute"
    if os.WIFSIGNALED(status):
        return f"le correcteur s’arrête, deux fois de suite ({signal.Signals(os.WTERMSIG(status)).name})"
    return "le correcteur s’arrête, deux fois de suite"
