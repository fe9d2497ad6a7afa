"""Faire exécuter des carnets par un interpréteur chaud : le côté de l’ouvrier, sans code de stagiaire."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.protocol import Control, ProtocolError
from formation.classroom.grading.sandbox import BacASableImpossible, Policy
from formation.classroom.grading.scratch import remove_tree
from formation.classroom.grading.session import Plain, Session
from formation.classroom.grading.types import CellRun, Limits

__all__ = ["Branch", "Plain", "Session", "Zygote"]

_KEPT: tuple[str, ...] = (
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LC_NUMERIC",
    "LC_TIME",
    "TZ",
    "LD_LIBRARY_PATH",
    "HOME",
    "MPLCONFIGDIR",
)
_KEPT += ("XDG_CACHE_HOME", "FORMATION_DONNEES")
_FIXED = {
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
    "JOBLIB_MULTIPROCESSING": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
}
_WARM_S = 180.0


class Branch:
    """Préfixe de confiance exécuté une fois, dans un processus d’où partent des sessions. À employer avec `with`.

    Parameters
    ----------
    zygote : Zygote
        Processus chaud.
    cells : sequence of str
        Cellules du préfixe.
    files : mapping of str to str
        Fichiers posés à côté : chemin relatif vers chemin absolu.
    limits : Limits
        Bornes de l’exécution du préfixe.
    plain_tracebacks : bool
        Traces brèves.

    Attributes
    ----------
    runs : list of CellRun
        Exécution de chaque cellule, à garder comme sorties de ces cellules dans chaque copie.
    shared : bool
        Faux si le préfixe a laissé des fils d’exécution ou s’est arrêté : chaque session l’exécute alors elle-même.
    """

    def __init__(
        self,
        zygote: "Zygote",
        cells: Sequence[str],
        files: Mapping[str, str],
        limits: Limits,
        *,
        plain_tracebacks: bool,
    ) -> None:
        self.runs: list[CellRun] = []
        self.shared = False
        self._zygote = zygote
        self._cells = list(cells)
        self._files = dict(files)
        self._limits = limits
        self._plain = plain_tracebacks

    def __enter__(self) -> Self:
        ours, theirs = socket.socketpair()
        self._control = Control(ours)
        self._process = self._zygote.opened(self._files, self._limits, plain=self._plain, branch=theirs)
        theirs.close()
        self.runs = [self._process.run(cell) for cell in self._cells]
        self.shared = self._process.alive and self._settle()
        return self

    def _settle(self) -> bool:
        # la prise des cellules fermée, le processus se met à servir des sessions
        self._process.finish()
        try:
            alone = int(self._control.ask({"quoi": "etat"})["fils"]) == 1
        except (EOFError, TimeoutError, ProtocolError):
            return False
        # les fichiers que le préfixe a écrits font partie de ce dont partent les copies
        folder = Path(self._process.folder)
        paths = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
        self._files |= {str(path.relative_to(folder)): str(path) for path in paths}
        return alone

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()
        self._process.close()

    def session(self, files: Mapping[str, str], limits: Limits, *, plain_tracebacks: bool = True) -> Session:
        """Prépare une session qui commence après le préfixe.

        Parameters
        ----------
        files : mapping of str to str
            Fichiers de la copie, en plus de ceux de la branche ; de même nom, celui de la branche l’emporte.
        limits : Limits
            Bornes.
        plain_tracebacks : bool
            Traces brèves.

        Returns
        -------
        Session
        """
        every = {**files, **self._files}
        if not self.shared:
            return self._zygote.session(every, limits, plain_tracebacks=plain_tracebacks, prefix=self._cells)
        return Session(self._control, every, limits, plain=plain_tracebacks, scratch_root=self._zygote.scratch_root)


class Zygote:
    """Interpréteur chaud. À employer dans un bloc `with`.

    Parameters
    ----------
    preload : sequence of str
        Modules à importer d’avance ; ceux qui ne s’importent pas, ou qui lancent des fils, sont laissés de côté.
    policy : Policy or None
        Bac à sable ; None seulement pour du code de confiance.
    scratch_root : Path, optional
        Dossier des dossiers de travail jetables.
    """

    def __init__(self, *, preload: Sequence[str] = (), policy: Policy | None, scratch_root: Path | None = None) -> None:
        self._preload = list(preload)
        self._policy = policy
        self._given_root = scratch_root
        self._control: Control | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.scratch_root = Path()

    def __enter__(self) -> Self:
        self.scratch_root = Path(tempfile.mkdtemp(prefix="formation-", dir=self._given_root))
        try:
            threaded = self._start()
            if threaded:
                # un fil vivant ne passe pas un fork : ces modules se chargeront dans chaque enfant
                self._stop()
                self._preload = [name for name in self._preload if name not in threaded]
                self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _start(self) -> list[str]:
        ours, theirs = socket.socketpair()
        home = self.scratch_root / "chaud"
        home.mkdir(exist_ok=True)
        command = [sys.executable, "-s", "-P", "-X", "utf8", "-m", "formation.classroom.grading.zygote"]
        self._control = Control(ours)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - notre propre interpréteur
                [*command, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                cwd=home,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        policy = None if self._policy is None else self._policy.to_json()
        reply = self._ask({"quoi": "chauffer", "modules": self._preload, "bac": policy}, timeout=_WARM_S)
        if "bac" in reply:
            raise BacASableImpossible(str(reply["bac"]))
        if "erreur" in reply:
            raise _unusable(str(reply["erreur"]))
        return list(reply["fils"])

    def _ask(self, order: dict[str, Any], sockets: tuple[socket.socket, ...] = (), timeout: float = 60.0) -> Any:
        if self._control is None:
            raise RuntimeError("Zygote s’emploie dans un bloc with")
        try:
            return self._control.ask(order, sockets, timeout)
        except (EOFError, TimeoutError, ProtocolError):
            raise _unusable("") from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        if self._given_root != self.scratch_root:
            remove_tree(self.scratch_root)

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def split(self, count: int) -> "list[Zygote]":
        """Sépare des processus chauds, un par ouvrier ; les importations ne sont payées qu’une fois.

        Le processus d’origine doit rester ouvert aussi longtemps que les autres : il recueille leur fin.

        Parameters
        ----------
        count : int
            Nombre de processus.

        Returns
        -------
        list of Zygote
            Chacun s’emploie dans un seul processus, né d’un fork de celui-ci ou celui-ci même, sans autre `with`.
        """
        pairs = [socket.socketpair() for _ in range(count)]
        self._ask({"quoi": "separer"}, tuple(theirs for _, theirs in pairs))
        made = []
        for ours, theirs in pairs:
            theirs.close()
            one = Zygote(preload=self._preload, policy=self._policy, scratch_root=self.scratch_root)
            one.scratch_root = self.scratch_root
            one._control = Control(ours)
            made.append(one)
        return made

    def close(self) -> None:
        """Arrête ce processus et ses enfants, comme à la sortie du bloc `with`."""
        self.__exit__(None, None, None)

    def reset(self) -> int:
        """Arrête les enfants qu’un ouvrier mort a laissés, pour qu’un autre prenne sa place.

        Returns
        -------
        int
            Nombre d’enfants arrêtés.
        """
        return int(self._ask({"quoi": "vider"})["arretes"])

    def branch(
        self,
        cells: Sequence[str],
        files: Mapping[str, str],
        limits: Limits | None = None,
        *,
        plain_tracebacks: bool = True,
    ) -> Branch:
        """Prépare une branche : un préfixe de confiance exécuté une fois, hors du bac à sable.

        Parameters
        ----------
        cells : sequence of str
            Cellules du formateur, sans rien du stagiaire.
        files : mapping of str to str
            Fichiers à poser : chemin relatif vers chemin absolu.
        limits : Limits, optional
            Bornes.
        plain_tracebacks : bool
            Traces brèves.

        Returns
        -------
        Branch
            À employer dans un bloc `with`.
        """
        return Branch(self, cells, files, limits or Limits(), plain_tracebacks=plain_tracebacks)

    def session(
        self, files: Mapping[str, str], limits: Limits, *, plain_tracebacks: bool = True, prefix: Sequence[str] = ()
    ) -> Session:
        """Prépare une session : un enfant neuf, enfermé, avec ces fichiers.

        Parameters
        ----------
        files : mapping of str to str
            Fichiers à poser : chemin relatif vers chemin absolu.
        limits : Limits
            Bornes.
        plain_tracebacks : bool
            Traces brèves.
        prefix : sequence of str
            Cellules de confiance à exécuter d’abord, sans garder leurs sorties.

        Returns
        -------
        Session
            À employer dans un bloc `with`.
        """
        if self._control is None:
            raise RuntimeError("Zygote s’emploie dans un bloc with")
        return Session(
            self._control, files, limits, plain=plain_tracebacks, scratch_root=self.scratch_root, prefix=prefix
        )

    def opened(self, files: Mapping[str, str], limits: Limits, *, plain: bool, branch: socket.socket) -> Session:
        """Ouvre le processus d’une branche ; réservé à `Branch`.

        Parameters
        ----------
        files : mapping of str to str
            Fichiers à poser.
        limits : Limits
            Bornes.
        plain : bool
            Traces brèves.
        branch : socket
            Prise par laquelle la branche recevra ses ordres.

        Returns
        -------
        Session
        """
        if self._control is None:
            raise RuntimeError("Zygote s’emploie dans un bloc with")
        session = Session(
            self._control, files, limits, plain=plain, scratch_root=self.scratch_root, order="branche", extra=(branch,)
        )
        return session.__enter__()


def _environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    root = str(Path(__file__).parents[3])
    return {**kept, **_FIXED, "PYTHONPATH": root, "IPYTHONDIR": str(home), "TMPDIR": str(home)}


def _unusable(detail: str) -> AtelierImpossible:
    cause = f" Cause : {detail}." if detail else ""
    return AtelierImpossible(
        french(
            f"Le processus qui exécute les carnets n’a pas démarré, ou s’est arrêté.{cause} Vérifiez l’installation : "
            "pip install « formation-ia-territoires[atelier] »."
        )
    )
