"""Processus chaud : bibliothèques déjà chargées, un enfant neuf par carnet.

Lancé par `runner.Runner` (`python -m formation.classroom.warm`). Il exécute le code reçu avec les droits de
l’utilisateur : il accélère, il ne protège pas.
"""

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from formation.classroom.grading.protocol import receive, send

MAX_REPLY = 20_000_000


def _preload() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    import pandas as pd
    import sklearn.ensemble
    import sklearn.linear_model
    import sklearn.model_selection  # noqa: F401

    from formation.classroom import execution

    execution.new_shell().run_cell("0", store_history=False)
    # la première figure et le premier affichage chargent des modules que chaque enfant paierait sinon
    figure, axes = plt.subplots()
    axes.plot(np.arange(3))
    figure.canvas.draw()
    plt.close(figure)
    repr(pd.DataFrame({"a": [1.5]}))
    gc.collect()
    gc.freeze()


def serve(job: dict[str, Any]) -> dict[str, Any]:
    """Exécute un travail dans un enfant et rend sa réponse.

    Parameters
    ----------
    job : dict
        `travail` (copie, solution ou lot), `cellules`, `delai_s`, `delai_total_s`, `fichiers`. Un lot a de plus
        `suites` : les cellules propres à chaque copie, après les `cellules` communes.

    Returns
    -------
    dict
        Réponse de l’enfant, ou `{"erreur": "delai" | "arret" | "taille"}`. Pour un lot, `copies` : les réponses.
    """
    folder = tempfile.mkdtemp(prefix="formation-")
    try:
        seconds = job["delai_total_s"] * (1 + len(job.get("suites", ())))
        return _isolate(lambda: _work(job, folder), seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _work(job: dict[str, Any], folder: str) -> dict[str, Any]:
    from formation.classroom import execution

    os.chdir(folder)
    for name, text in job.get("fichiers", {}).items():
        with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(text)
    if job["travail"] == "solution":
        return execution.run_solution(job)
    common = execution.run_copy(job)
    if job["travail"] == "copie":
        return common
    # la préparation, souvent longue, n’est exécutée qu’une fois ; chaque copie part de son résultat
    return {"copies": [_isolate(lambda s=suite: _rest(job, s), job["delai_total_s"]) for suite in job["suites"]]}  # type: ignore[misc]


def _rest(job: dict[str, Any], cells: list[dict[str, Any]]) -> dict[str, Any]:
    from formation.classroom import execution

    return execution.run_copy({**job, "cellules": cells})


def _isolate(work: Callable[[], dict[str, Any]], seconds: float) -> dict[str, Any]:
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(read_end)
            os.setsid()
            reply = json.dumps(work()).encode()
            with os.fdopen(write_end, "wb") as stream:
                stream.write(reply)
            status = 0
        finally:
            os._exit(status)
    os.close(write_end)
    try:
        return _collect(read_end, seconds)
    finally:
        os.close(read_end)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _collect(read_end: int, seconds: float) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    chunks, size = [], 0
    while True:
        ready, _, _ = select.select([read_end], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return {"erreur": "delai"}
        chunk = os.read(read_end, 1 << 16)
        if not chunk:
            break
        size += len(chunk)
        if size > MAX_REPLY:
            return {"erreur": "taille"}
        chunks.append(chunk)
    try:
        reply = json.loads(b"".join(chunks))
    except ValueError:
        return {"erreur": "arret"}
    return reply if isinstance(reply, dict) else {"erreur": "arret"}


def main() -> None:
    """Sert les travaux reçus sur l’entrée standard jusqu’à sa fermeture."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    # le code exécuté ne doit ni lire les travaux suivants ni écrire dans les réponses
    silent = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(silent, descriptor)
    sys.stdin = open(os.devnull)  # noqa: SIM115, PTH123
    _preload()
    send(replies, {"pret": True})
    while (job := receive(requests)) is not None:
        send(replies, serve(job))


if __name__ == "__main__":
    main()
