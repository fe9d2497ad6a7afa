"""Faire exécuter des carnets par le processus chaud."""

import os
import subprocess
import sys
from types import TracebackType
from typing import Any

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.protocol import receive, send

CELL_SECONDS = 20.0
TOTAL_SECONDS = 90.0
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_FAILURES = {
    "delai": "l’exécution dépasse le temps permis et ne répond plus",
    "arret": "le code a arrêté son propre processus",
    "taille": "le code produit trop de données",
}


Cells = list[dict[str, Any]]


def _explained(reply: dict[str, Any]) -> dict[str, Any]:
    return {"erreur": _FAILURES.get(str(reply["erreur"]), _FAILURES["arret"])} if "erreur" in reply else reply


class Runner:
    """Processus chaud, à employer dans un bloc `with`.

    Parameters
    ----------
    cell_seconds, total_seconds : float
        Temps permis à une cellule, puis à un carnet, en secondes.
    """

    def __init__(self, cell_seconds: float = CELL_SECONDS, total_seconds: float = TOTAL_SECONDS) -> None:
        self._limits = {"delai_s": cell_seconds, "delai_total_s": total_seconds}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Runner":
        environment = {**os.environ, "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"}
        environment |= dict.fromkeys(_ONE_THREAD, "1")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "formation.classroom.warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._exchange(None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait(timeout=10)

    def run(self, kind: str, cells: Cells, files: dict[str, str] | None = None) -> dict[str, Any]:
        """Exécute un carnet dans un enfant neuf.

        Parameters
        ----------
        kind : str
            `copie` ou `solution`.
        cells : list of dict
            Cellules, voir `execution`.
        files : dict, optional
            Nom → texte des fichiers posés à côté du carnet.

        Returns
        -------
        dict
            Réponse de l’enfant ; `erreur` (en français) s’il n’a pas répondu.
        """
        return _explained(self._exchange({"travail": kind, "cellules": cells, "fichiers": files or {}, **self._limits}))

    def run_batch(self, common: Cells, copies: list[Cells], files: dict[str, str]) -> list[dict[str, Any]]:
        """Exécute des copies qui commencent par les mêmes cellules, celles-ci une seule fois.

        Parameters
        ----------
        common : list of dict
            Cellules communes : la préparation.
        copies : list of list of dict
            Suite de chaque copie.
        files : dict
            Fichiers posés à côté du carnet.

        Returns
        -------
        list of dict
            Une réponse par copie, comme `run`.
        """
        job = {"travail": "lot", "cellules": common, "suites": copies, "fichiers": files, **self._limits}
        reply = _explained(self._exchange(job))
        return [_explained(one) for one in reply["copies"]] if "copies" in reply else [reply] * len(copies)

    def _exchange(self, job: dict[str, Any] | None) -> dict[str, Any]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("Runner s’emploie dans un bloc with")
        if job is not None:
            send(process.stdin, job)  # type: ignore[arg-type]
        reply = receive(process.stdout)  # type: ignore[arg-type]
        if not isinstance(reply, dict):
            raise AtelierImpossible(
                french(
                    "Le processus qui exécute les carnets n’a pas démarré. Vérifiez l’installation : "
                    "pip install « formation-ia-territoires[atelier] »."
                )
            )
        return reply
