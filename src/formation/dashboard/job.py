"""Un travail long, dans son propre processus : le noyau de JupyterLab reste libre, et l’on peut interrompre.

La correction fait naître des ouvriers par `fork`, ce qu’un processus à plusieurs fils, comme un noyau Jupyter, ne
permet pas sans risque. Elle tourne donc à côté, comme si on l’avait lancée dans un terminal.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from formation.checks.failure import french

INTERRUPTED = 130
_LINES_KEPT = 40
_POLL_S = 0.2
_TOLD = re.compile(r"\[ *[0-9]+ s(?:, reste environ ([0-9]+)\s*s)?\] ([0-9]+)/([0-9]+) (.*)")


@dataclass(frozen=True, slots=True)
class Step:
    """Étape annoncée par un travail."""

    done: int
    total: int
    label: str
    left_s: float


@dataclass(slots=True)
class Ended:
    """Fin d’un travail : code de sortie, données JSON s’il en a écrit, ce qu’il a dit d’autre."""

    code: int
    data: Any = None
    said: list[str] = field(default_factory=list)

    @property
    def interrupted(self) -> bool:
        """Vrai si l’on a interrompu."""
        return self.code in (INTERRUPTED, -signal.SIGINT)


class Job:
    """Commande `formation` lancée à côté.

    Parameters
    ----------
    arguments : sequence of str
        Arguments de la commande, sans « formation ».
    on_step : callable
        Reçoit chaque `Step`, depuis un autre fil d’exécution.
    on_end : callable
        Reçoit `Ended`, une fois, depuis un autre fil d’exécution.
    """

    def __init__(
        self, arguments: Sequence[str], on_step: Callable[[Step], None], on_end: Callable[[Ended], None]
    ) -> None:
        self._on_step, self._on_end = on_step, on_end
        # des fichiers, pas des tubes : si le noyau s’arrête, la commande finit quand même son travail
        self._output, output = _file()
        self._errors, errors = _file()
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
        environment.pop("MPLBACKEND", None)  # celui du noyau n’existe pas hors du noyau
        self._process = subprocess.Popen(  # noqa: S603 - notre propre commande
            [sys.executable, "-P", "-m", "formation.cli", *arguments],  # -P : rien du dossier courant n’est importé
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env=environment,
            start_new_session=True,  # interrompre le noyau n’interrompt pas la correction : le bouton est là pour ça
        )
        output.close()
        errors.close()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Vrai tant que le travail n’a pas rendu compte."""
        return self._thread.is_alive()

    def cancel(self) -> None:
        """Demande l’arrêt, comme Ctrl-C dans un terminal ; ce qui est déjà inscrit le reste."""
        if self._process.poll() is None:
            if sys.platform == "win32":
                self._process.terminate()
            else:
                self._process.send_signal(signal.SIGINT)

    def wait(self, timeout_s: float | None = None) -> None:
        """Attend la fin.

        Parameters
        ----------
        timeout_s : float, optional
            Attente la plus longue, en secondes.
        """
        self._thread.join(timeout_s)

    def _follow(self) -> None:
        said: list[str] = []
        rest = b""
        ended = False
        while not ended:
            ended = self._ended(_POLL_S)
            whole, mark, rest = (rest + self._errors.read()).rpartition(b"\n")
            for line in (whole + mark + (rest if ended else b"")).decode("utf-8", "replace").splitlines():
                step = read_step(line)
                if step is not None:
                    self._on_step(step)
                elif line.strip():
                    said = [*said, line.rstrip()][-_LINES_KEPT:]
        with self._errors, self._output as output:
            text = output.read().decode("utf-8", "replace")
        self._on_end(Ended(self._process.returncode, _data(text), [*said, *_plain(text)]))

    def _ended(self, wait_s: float) -> bool:
        try:
            self._process.wait(wait_s)
        except subprocess.TimeoutExpired:
            return False
        return True


def _file() -> tuple[IO[bytes], IO[bytes]]:
    """Fichier sans nom, ouvert deux fois : une pour lire ici, une pour la commande."""
    descriptor, name = tempfile.mkstemp(prefix="formation-tableau-")
    path = Path(name)
    pair = path.open("rb"), os.fdopen(descriptor, "wb")
    with contextlib.suppress(OSError):  # Windows n’efface pas un fichier ouvert
        path.unlink()
    return pair


def read_step(line: str) -> Step | None:
    r"""Lit une ligne d’avancement : celle de `--progression json`, ou celle que les autres commandes écrivent.

    Parameters
    ----------
    line : str
        Ligne de la sortie d’erreur.

    Returns
    -------
    Step or None
        None si la ligne dit autre chose.

    Examples
    --------
    >>> read_step('{"fait": 3, "total": 12, "etape": "stagiaire-03", "reste_s": 4.0}').label
    'stagiaire-03'
    >>> read_step("[  3 s, reste environ 4\u00a0s] 2/9 attestations…").left_s
    4.0
    >>> read_step("Le disque est plein.") is None
    True
    """
    told = _TOLD.match(line)
    if told is not None:
        # la ligne annonce l’étape qui commence : les précédentes sont faites
        return Step(int(told[2]) - 1, int(told[3]), told[4].strip().rstrip("…"), float(told[1] or 0))
    if not line.startswith("{"):
        return None
    try:
        raw = json.loads(line)
        return Step(int(raw["fait"]), int(raw["total"]), str(raw["etape"]), float(raw["reste_s"]))
    except (ValueError, KeyError, TypeError):
        return None


def _data(text: str) -> Any:
    try:
        return json.loads(text) if text.lstrip().startswith(("{", "[")) else None
    except ValueError:
        return None


def _plain(text: str) -> list[str]:
    return [] if _data(text) is not None else [line.rstrip() for line in text.splitlines() if line.strip()]


def sentence(step: Step) -> str:
    """Avancement en une phrase.

    Parameters
    ----------
    step : Step
        Étape.

    Returns
    -------
    str

    Examples
    --------
    >>> sentence(Step(3, 12, "stagiaire-03", 4.2)).replace(chr(160), " ")
    '3 sur 12 : stagiaire-03, reste environ 4 s'
    """
    left = f", reste environ {step.left_s:.0f} s" if step.left_s >= 1 else ""
    return french(f"{step.done} sur {step.total} : {step.label}{left}")
