"""Les ouvriers de cette machine : un processus chaud, séparé en autant de processus que d’ouvriers."""

import contextlib
import logging
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from formation.classroom.grading.executor import Zygote
from formation.classroom.grading.pool import Handler, Pool, Reply, Setup
from formation.classroom.grading.sandbox import Policy
from formation.classroom.grading.types import Json, Limits
from formation.classroom.grading.worker import Bench

_MARGIN_S = 60.0
_NOTEBOOKS = 8


class Backend(Protocol):
    """Ce que la correction attend d’un groupe d’ouvriers."""

    @property
    def busy(self) -> bool:
        """Vrai s’il reste un travail à faire ou une réponse à lire."""
        ...

    def submit(self, job: Json, *, first: bool = False) -> None:
        """Ajoute un travail.

        Parameters
        ----------
        job : dict
            Données JSON.
        first : bool
            Vrai pour passer devant les autres.
        """
        ...

    def wait(self, timeout: float | None = None) -> list[Reply]:
        """Attend des réponses.

        Parameters
        ----------
        timeout : float, optional
            Temps d’attente le plus long, en secondes.

        Returns
        -------
        list of Reply
        """
        ...


class WarmStart:
    """Processus chaud qui charge ses bibliothèques pendant que le processus principal charge nbgrader.

    Le fil d’exécution qui l’attend est fini avant la naissance du premier ouvrier.

    Parameters
    ----------
    preload : sequence of str
        Modules à charger d’avance.
    policy : Policy
        Bac à sable.
    scratch : Path
        Dossier de travail de la correction.
    """

    def __init__(self, preload: Sequence[str], policy: Policy, scratch: Path) -> None:
        self._zygote = Zygote(preload=preload, policy=policy, scratch_root=scratch)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._warm, daemon=True)
        self._thread.start()

    def _warm(self) -> None:
        try:
            self._zygote.__enter__()
        except BaseException as error:
            self._error = error

    def ready(self) -> Zygote:
        """Attend que le processus soit chaud.

        Returns
        -------
        Zygote

        Raises
        ------
        AtelierImpossible
            S’il n’a pas démarré.
        """
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._zygote

    def close(self) -> None:
        """Arrête le processus."""
        self._thread.join()
        if self._error is None:
            self._zygote.close()


@contextlib.contextmanager
def local_workers(bench: Bench, warm: Zygote, count: int, scratch: Path, log: Path) -> Iterator[Pool]:
    """Fait naître les ouvriers de cette machine.

    Parameters
    ----------
    bench : Bench
        Établi commun.
    warm : Zygote
        Processus chaud, gardé ouvert jusqu’à la fin.
    count : int
        Nombre d’ouvriers.
    scratch : Path
        Dossier de travail de la correction.
    log : Path
        Journal des erreurs inattendues.

    Yields
    ------
    Pool
    """
    current: list[Zygote] = []

    def spawn() -> Setup:
        (serving,) = warm.split(1)
        current[:] = [serving]

        def setup() -> Handler:
            # ce qu’un ouvrier tué laisserait est effacé avec le dossier de la correction
            tempfile.tempdir = str(scratch)
            _log_to(log)
            return bench.handler(serving)

        return setup

    def spawned() -> None:
        # la prise appartient à l’ouvrier : s’il meurt, son processus chaud s’arrête
        current.pop().close()

    with Pool(count, spawn, spawned=spawned, job_s=job_seconds(bench.limits)) as pool:
        yield pool


def _log_to(path: Path) -> None:
    """Envoie les messages de nbgrader et les nôtres dans un journal, créé au premier : le terminal reste lisible."""
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for name in ("formation.correction", "traitlets", "py.warnings"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
    logging.captureWarnings(True)


def job_seconds(limits: Limits) -> float:
    """Temps au bout duquel un ouvrier muet est tenu pour perdu.

    Parameters
    ----------
    limits : Limits
        Bornes d’un carnet.

    Returns
    -------
    float
        Secondes.
    """
    return _NOTEBOOKS * (limits.notebook_s + 2 * limits.grace_s) + _MARGIN_S


def default_workers(copies: int) -> int:
    """Nombre d’ouvriers : un par cœur utilisable, jamais plus que de copies.

    Parameters
    ----------
    copies : int
        Copies à corriger.

    Returns
    -------
    int
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, copies))
