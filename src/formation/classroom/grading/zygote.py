"""Processus chaud : bibliothèques déjà chargées, un enfant neuf et enfermé par carnet.

Lancé par `executor.Zygote`. Il n’importe jamais nbgrader et ne voit ni base, ni sources, ni secret. Il n’a qu’un fil.
"""

import contextlib
import ctypes
import gc
import importlib
import os
import random
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from formation.classroom.grading.protocol import MAX_REQUEST, Channel, control_order, control_reply
from formation.classroom.grading.scratch import remove_tree

_BASE = ("numpy", "pandas", "matplotlib.pyplot", "formation.checks", "unittest")
_LEARNING: tuple[str, ...] = ("sklearn.ensemble", "sklearn.linear_model", "sklearn.metrics", "sklearn.pipeline")
_LEARNING += ("sklearn.model_selection", "sklearn.preprocessing")
_FIGURE = """
import matplotlib.pyplot as plt, numpy as np, pandas as pd
plt.plot(np.arange(3), label="é"); plt.title("t"); plt.legend(); plt.tight_layout(); plt.show()
display(pd.DataFrame({"a": [1.5, 2.0], "b": ["x", None]}))
pd.Series([1, 2])
"""
_MODEL = """
from sklearn.linear_model import LinearRegression
display(LinearRegression().fit([[0], [1]], [0, 1]))
"""
_COLLAPSE = 25
_LARGE_PAGE = 1 << 21
_FAILING: tuple[str, ...] = (
    "1 / 0",
    "assert 1 == 2, 'x'",
    "def f(:",
    "import numpy as np; np.testing.assert_allclose(0, 1)",
)
_FAILING += (
    "import pandas as pd; pd.testing.assert_frame_equal(pd.DataFrame({'a': [1]}), pd.DataFrame({'a': [2]}))",
    "import warnings; warnings.warn('x')",
    "f = lambda: g()\nf()",
)


class Warm:
    """Interpréteur chaud et ses enfants.

    Parameters
    ----------
    shell : ZMQInteractiveShell
        Interpréteur, bibliothèques chargées.
    policy : dict or None
        Bac à sable au format de `Policy.to_json`.
    """

    def __init__(self, shell: Any, policy: dict[str, Any] | None) -> None:
        from formation.classroom.grading import integrity, sandbox
        from formation.classroom.grading.child import Child

        _warm_paths(shell)
        self._child = Child(shell, integrity.snapshot(shell))
        self._prepared = None if policy is None else sandbox.prepare(sandbox.Policy.from_json(policy))
        self._pids: dict[int, str] = {}
        self._fresh = True

    def serve(self, control: socket.socket) -> None:
        """Obéit jusqu’à la fermeture de la prise, puis arrête les enfants qui restent.

        Parameters
        ----------
        control : socket
            Prise de l’ouvrier.
        """
        orders: dict[str, Callable[[dict[str, Any], list[int]], dict[str, Any]]] = {
            "session": lambda order, fds: self._session(control, order, fds),
            "branche": lambda order, fds: self._branch(control, order, fds),
            "separer": lambda _order, fds: self._split(control, fds),
            "fin": lambda order, _fds: {"code": self._reap(int(order["pid"]))},
            "etat": lambda _order, _fds: {"fils": _threads()},
            "vider": lambda _order, _fds: {"arretes": self._clear()},
        }
        while True:
            order, descriptors = control_order(control)
            if order is None:
                break
            reply = orders[order["quoi"]](order, descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
            with contextlib.suppress(OSError):
                control_reply(control, {**reply, "n": order["n"]})
        self._clear()

    def _fork(self, scratch: str, work: Callable[[], None]) -> int:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                self._pids = {}
                work()
                status = 0
            finally:
                os._exit(status)
        self._pids[pid] = scratch
        return pid

    def _session(self, control: socket.socket, order: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        state = random.getstate()

        def work() -> None:
            control.close()
            # Python change les graines de `random` à chaque fork : un préfixe déjà exécuté doit continuer les siennes
            random.setstate(state)
            self._child.serve(descriptors[0], self._prepared, fresh=self._fresh)

        return {"pid": self._fork(order["dossier"], work)}

    def _branch(self, control: socket.socket, order: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        def work() -> None:
            control.close()
            self._prefix(Channel(socket.socket(fileno=descriptors[0])), socket.socket(fileno=descriptors[1]))

        return {"pid": self._fork(order["dossier"], work)}

    def _prefix(self, channel: Channel, control: socket.socket) -> None:
        opening = channel.receive(MAX_REQUEST)
        self._child.open_trusted(opening)
        channel.send({"n": opening["n"], "pret": True})
        self._child.loop(channel)
        self._child.trust()
        self._fresh = False
        gc.collect()
        gc.freeze()
        self.serve(control)

    def _split(self, control: socket.socket, descriptors: list[int]) -> dict[str, Any]:
        for place, descriptor in enumerate(descriptors):

            def work(place: int = place, descriptor: int = descriptor) -> None:
                control.close()
                for other in [*descriptors[:place], *descriptors[place + 1 :]]:
                    os.close(other)
                self.serve(socket.socket(fileno=descriptor))

            self._fork("", work)
        return {}

    def _reap(self, pid: int) -> int | None:
        scratch = self._pids.pop(pid, None)
        if scratch is None:
            return None
        # le groupe n’existe pas encore si l’enfant n’a pas eu le temps de se mettre à part
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        if scratch:
            remove_tree(scratch)
        return status

    def _clear(self) -> int:
        # les processus séparés ont leur propre prise : ils s’arrêtent avec elle
        living = [pid for pid, scratch in self._pids.items() if scratch]
        for pid in living:
            self._reap(pid)
        return len(living)


def _warm_paths(shell: Any) -> None:
    # la première figure, le premier affichage et la première trace chargent des modules que chaque enfant paierait
    import numpy as np
    import pandas as pd

    from formation.checks import to_plain
    from formation.classroom.grading import capture

    for mode in ("Context", "Plain"):
        shell.InteractiveTB.set_mode(mode=mode)
        model = (_MODEL,) if "sklearn" in sys.modules else ()
        for source in (_FIGURE, *model, *_FAILING):
            capture.run(shell, source, 1 << 20)
    to_plain([1, np.arange(2), pd.DataFrame({"a": [1.5]}), pd.Timestamp("2026-01-01")])
    _forget_proc()
    shell.reset(new_session=False)
    shell.execution_count = 1
    shell.history_manager.reset()
    capture.COLLECTOR.begin(0)


def _forget_proc() -> None:
    # chargée ici, cette bibliothèque de scikit-learn croit pouvoir lire /proc, que les enfants n’ont plus
    library = sys.modules.get("threadpoolctl")
    if hasattr(library, "_HAS_PROCFS"):
        setattr(library, "_HAS_PROCFS", False)  # noqa: B010


def _threads() -> int:
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    except OSError:
        return threading.active_count()


def _wanted(modules: Sequence[str]) -> list[str]:
    # sans indication on charge tout ; un cours qui n’emploie pas scikit-learn n’en paie pas le chargement
    learning = not modules or any(name.split(".")[0] == "sklearn" for name in modules)
    return [*(_LEARNING if learning else ()), *modules]


def _use_large_pages() -> None:
    # un fork copie une entrée par page : de grandes pages le rendent bien moins cher ; sans effet si le noyau refuse
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/maps").read_text().splitlines():
            place, rights, _, _, inode, *name = line.split()
            start, end = (int(bound, 16) for bound in place.split("-"))
            start, end = -(-start // _LARGE_PAGE) * _LARGE_PAGE, end // _LARGE_PAGE * _LARGE_PAGE
            if rights == "rw-p" and inode == "0" and (not name or name[0] == "[heap]") and end > start:
                madvise(start, end - start, _COLLAPSE)


def _preload(modules: Sequence[str]) -> list[str]:
    threaded = []
    for name in modules:
        before = _threads()
        with contextlib.suppress(Exception, SystemExit):
            importlib.import_module(name)
        if _threads() > before:
            threaded.append(name)
    return threaded


def main() -> None:
    """Chauffe, puis sert l’ouvrier dont la prise est donnée en argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    order, _ = control_order(control)
    if order is None:
        return
    try:
        from formation.classroom.grading.capture import new_shell

        # l’interpréteur d’abord : pandas règle son affichage, à l’importation, sur ce qui l’entoure
        shell = new_shell()
        with shell.builtin_trap:
            threaded = _preload([*_BASE, *_wanted(order["modules"])])
        warm = Warm(shell, order["bac"])
    except Exception as error:
        control_reply(control, {"n": order["n"], "erreur": f"{type(error).__name__} : {error}"})
        return
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        _use_large_pages()
    control_reply(control, {"n": order["n"], "pret": True, "fils": threaded})
    warm.serve(control)


if __name__ == "__main__":
    main()
