"""Beaucoup de PDF d’un coup, sur plusieurs processeurs.

Chaque ouvrier est un interpréteur neuf, à qui l’on parle par des lignes : rien n’est dupliqué de la mémoire de
l’appelant, qui peut être un carnet, un serveur ou un programme à plusieurs fils.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from formation.printing.rendering import PdfImpossible, write_pdf

Tell = Callable[[int, int, str], None]
_FEW = 6
"""En dessous, préparer des ouvriers coûte plus que d’écrire soi-même."""
_SHOWN = 5
_SWEEP = 10


def silent(_done: int, _total: int, _label: str) -> None:
    """N’annonce rien."""


def write_pdfs(jobs: Iterable[tuple[str, str | Path]], tell: Tell = silent, workers: int | None = None) -> list[Path]:
    """Écrit beaucoup de PDF, avec plusieurs processus.

    Parameters
    ----------
    jobs : iterable of (str, path)
        Page et fichier à écrire.
    tell : callable
        Reçoit le nombre de documents faits, leur total et le nom du dernier.
    workers : int, optional
        Nombre de processus ; par défaut, autant que de processeurs libres.

    Returns
    -------
    list of Path
        Fichiers, dans l’ordre demandé.

    Raises
    ------
    PdfImpossible
        Si des documents n’ont pas pu être écrits : tous sont nommés, les autres sont écrits.
    """
    listed = [(html, Path(path)) for html, path in jobs]
    count = min(workers or _processors(), len(listed))
    outcome = _alone(listed) if count < 2 or (workers is None and len(listed) < _FEW) else _together(listed, count)
    failures: list[str] = []
    for done, (rank, error) in enumerate(outcome, start=1):
        name = listed[rank][1].name
        if error:
            failures.append(f"- {name} : {error}")
        tell(done, len(listed), name)
    if failures:
        more = [f"… et {len(failures) - _SHOWN} autres."] if len(failures) > _SHOWN else []
        raise PdfImpossible(
            "\n".join([f"{len(failures)} document(s) sur {len(listed)} non écrit(s).", *failures[:_SHOWN], *more])
        )
    return [path for _, path in listed]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _alone(jobs: list[tuple[str, Path]]) -> Iterator[tuple[int, str]]:
    for rank, (html, path) in enumerate(jobs):
        yield rank, _attempt(html, path)


def _attempt(html: str, path: Path) -> str:
    try:
        write_pdf(html, path)
    except PdfImpossible as error:
        return str(error)
    return ""


def _together(jobs: list[tuple[str, Path]], count: int) -> Iterator[tuple[int, str]]:
    from queue import SimpleQueue

    waiting = iter(list(enumerate(jobs)))
    lock, answers = threading.Lock(), SimpleQueue[tuple[int, str]]()

    def serve() -> None:
        job = _next(waiting, lock)
        while job is not None:  # un ouvrier qui s’arrête perd son document, pas ceux qui attendent
            with _start() as process:
                while job is not None:
                    rank, (html, path) = job
                    error, alive = _ask(process, html, path)
                    answers.put((rank, error))
                    job = _next(waiting, lock)
                    if not alive:
                        break

    threads = [threading.Thread(target=serve, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for _ in jobs:
        yield answers.get()
    for thread in threads:
        thread.join()


def _next(waiting: Iterator[tuple[int, tuple[str, Path]]], lock: threading.Lock) -> tuple[int, tuple[str, Path]] | None:
    with lock:
        return next(waiting, None)


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "formation.printing.batch"],  # -P : rien du dossier courant
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl+C s’adresse à l’appelant : l’ouvrier s’arrête quand on ne lui parle plus
    )


def _ask(process: subprocess.Popen[bytes], html: str, path: Path) -> tuple[str, bool]:
    """Erreur, vide si tout va bien ; et si l’ouvrier vit encore."""
    try:
        _send(process.stdin, {"html": html, "fichier": str(path.absolute())})
        answer = process.stdout.readline() if process.stdout else b""
        return str(json.loads(answer)["erreur"]), True
    except (OSError, ValueError):
        process.kill()
        with suppress(OSError):  # ce qui n’est pas parti ne partira plus
            if process.stdin:
                process.stdin.close()
        return "l’ouvrier qui l’écrivait s’est arrêté (mémoire insuffisante ?). Recommencez.", False


def _send(stream: IO[bytes] | None, message: dict[str, str]) -> None:
    if stream is None:
        return
    stream.write(json.dumps(message).encode() + b"\n")
    stream.flush()


def work(incoming: IO[bytes], outgoing: IO[bytes]) -> None:
    """Ouvrier : lit une commande par ligne, écrit le PDF, répond par une ligne.

    Parameters
    ----------
    incoming, outgoing : binary stream
        Commandes reçues, réponses rendues.
    """
    gc.disable()  # composer crée beaucoup d’objets d’un coup : les ramasser de loin en loin gagne un sixième du temps
    for rank, line in enumerate(incoming, start=1):
        job = json.loads(line)
        _send(outgoing, {"erreur": _attempt(job["html"], Path(job["fichier"]))})
        if rank % _SWEEP == 0:
            gc.collect()


if __name__ == "__main__":
    try:
        work(sys.stdin.buffer, sys.stdout.buffer)
    except (BrokenPipeError, KeyboardInterrupt):  # on a interrompu l’appelant : plus personne ne lit
        os._exit(1)
