"""Enfant du processus chaud : un carnet, enfermé, cellule par cellule, puis la fin.

Le code du stagiaire tourne ici : rien de ce que ce processus répond n’est digne de confiance.
"""

import contextlib
import ctypes
import gc
import os
import random
import shutil
import signal
import socket
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.grading import capture, clean, integrity
from formation.classroom.grading.protocol import MAX_EXPORT, MAX_REQUEST, Channel, encode
from formation.classroom.grading.sandbox import BacASableImpossible, Prepared, clean_environment, enter
from formation.classroom.grading.types import Limits

SEED = 447
_CHANNEL = 3
_PDEATHSIG = 1
Request = dict[str, Any]
# comme un noyau : les bibliothèques qui colorent leur sortie le font aussi ici ; nbgrader pose la dernière
_KERNEL = {
    "TERM": "xterm-color",
    "CLICOLOR": "1",
    "FORCE_COLOR": "1",
    "CLICOLOR_FORCE": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "NBGRADER_EXECUTION": "autograde",
}
_LIBC = ctypes.CDLL(None)


class Child:
    """État d’un enfant.

    Parameters
    ----------
    shell : ZMQInteractiveShell
        Interpréteur hérité du processus chaud.
    before : dict
        État sain de l’interpréteur.
    """

    def __init__(self, shell: capture.ZMQInteractiveShell, before: dict[str, Any]) -> None:
        self.shell = shell
        self.before = before
        self.limits = Limits()
        self.folder = ""

    def serve(self, descriptor: int, prepared: Prepared | None, *, fresh: bool) -> None:
        """Sert un carnet jusqu’à la fermeture de la prise.

        Parameters
        ----------
        descriptor : int
            Prise reçue de l’ouvrier.
        prepared : Prepared or None
            Bac à sable ; None pour du code de confiance.
        fresh : bool
            Faux si un préfixe est déjà exécuté : les tirages aléatoires continuent.
        """
        first = socket.socket(fileno=descriptor)
        channel = Channel(first)
        opening = channel.receive(MAX_REQUEST)
        try:
            self._enclose(opening, prepared, descriptor)
        except BacASableImpossible as refusal:
            channel.send({"n": opening["n"], "bac": str(refusal)})
            return
        except OSError as refusal:
            channel.send({"n": opening["n"], "fichiers": f"{refusal.strerror} : {refusal.filename or ''}"})
            return
        first.detach()
        channel = Channel(socket.socket(fileno=_CHANNEL))
        self._start(opening)
        if fresh:
            seed()
        for cell in opening["prefixe"]:
            capture.run(self.shell, cell, self.limits.output_bytes)
        channel.send({"n": opening["n"], "pret": True})
        self.loop(channel)

    def open_trusted(self, opening: Request) -> None:
        """Prépare l’exécution d’un préfixe de confiance, sans bac à sable.

        Parameters
        ----------
        opening : dict
            Première demande de l’ouvrier.
        """
        self.limits = Limits(**opening["bornes"])
        self.folder = opening["dossier"]
        os.setsid()
        _die_with_parent()
        copy_files(opening["fichiers"], self.folder)
        os.chdir(self.folder)
        self._start(opening)
        seed()

    def trust(self) -> None:
        """Prend l’interpréteur tel qu’il est pour l’état sain : le préfixe du formateur vient de s’exécuter."""
        self.before = integrity.snapshot(self.shell)

    def loop(self, channel: Channel) -> None:
        """Répond aux demandes jusqu’à la fermeture de la prise.

        Parameters
        ----------
        channel : Channel
            Prise de l’ouvrier.
        """
        room = clean.Clean(self.shell, channel, seed)
        works: dict[str, Callable[[Request], Request]] = {
            "cellule": self._cell,
            "exporter": self._export,
            "appeler": self._call,
            "canaris": self._canaries,
            "types": self._types,
            "livrer": lambda request: clean.export(self.shell.user_ns, request["noms"]),
            "invoquer": lambda request: clean.call(self.shell.user_ns, request),
            "preparer": room.prepare,
            "rejouer": room.replay,
        }
        while True:
            try:
                request = channel.receive(MAX_REQUEST)
            except EOFError:
                return
            reply = _interruptible(works[request["quoi"]], request)
            channel.send({"n": request["n"], **reply})

    def _enclose(self, opening: Request, prepared: Prepared | None, descriptor: int) -> None:
        self.limits = Limits(**opening["bornes"])
        self.folder = opening["dossier"]
        if prepared is None:
            os.setsid()
            _die_with_parent()
            copy_files(opening["fichiers"], self.folder)
        else:
            problems: list[OSError] = []
            enter(
                prepared,
                self.folder,
                fill=lambda folder: _fill(opening["fichiers"], folder, problems),
                limits=self.limits,
            )
            if problems:
                raise problems[0]
        os.chdir(self.folder)
        os.dup2(descriptor, _CHANNEL)
        os.closerange(_CHANNEL + 1, 65_536)

    def _start(self, opening: Request) -> None:
        os.environ.clear()
        os.environ.update({**clean_environment(self.folder), **_KERNEL})
        tempfile.tempdir = None
        # un enfant vit peu : ramasser moins souvent ce qu’il laisse épargne les pages partagées avec le processus chaud
        gc.set_threshold(50_000, 20, 50)
        _forget_event_loop()
        _import_from_here()
        self.shell.InteractiveTB.set_mode(mode="Plain" if opening["clair"] else "Context")

    def _cell(self, request: Request) -> Request:
        reply = capture.run(self.shell, request["source"], self.limits.output_bytes)
        if request["cache"]:
            self._forget(self.shell.execution_count - 1)
        return reply

    def _forget(self, count: int) -> None:
        # les cellules suivantes ne doivent pas relire un test caché dans l’historique
        history: Any = self.shell.history_manager
        space = self.shell.user_ns
        for kept in (history.input_hist_parsed, history.input_hist_raw, history.db_input_cache):
            if kept:
                kept[-1] = (count, "", "") if kept is history.db_input_cache else ""
        history._i00 = ""
        space.update({"_i": "", f"_i{count}": ""})

    def _export(self, request: Request) -> Request:
        from formation.checks import to_plain

        space = self.shell.user_ns
        if request["variable"] not in space:
            return {"absent": True}
        plain = to_plain(space[request["variable"]])
        size = len(encode(plain))
        if size > MAX_EXPORT:
            plain = {"genre": "trop_grand", "quoi": "donnée", "taille": size, "limite": MAX_EXPORT}
        return {"valeur": plain}

    def _call(self, request: Request) -> Request:
        from formation.checks import call_cases

        space = self.shell.user_ns
        if request["variable"] not in space:
            return {"absent": True}
        results = call_cases(request["public"], space[request["variable"]], request["cas"])
        if len(encode(results)) > MAX_EXPORT:
            results = [{"probleme": "la fonction renvoie trop de données."}]
        return {"resultats": results}

    def _canaries(self, request: Request) -> Request:
        shell, space = self.shell, self.shell.user_ns
        kept, count = dict(space), shell.execution_count
        failed = []
        for source in request["sources"]:
            failed.append(capture.run(shell, source, 100_000)["erreur"])
            self._forget(shell.execution_count - 1)
        space.clear()
        space.update(kept)
        shell.execution_count = count
        return {"echecs": failed, "changements": integrity.changes(shell, self.before)[:50]}

    def _types(self, request: Request) -> Request:
        return {"types": integrity.lying_types(self.shell.user_ns, request["noms"], self.folder)}


def _die_with_parent() -> None:
    if sys.platform == "linux":
        _LIBC.prctl(_PDEATHSIG, signal.SIGKILL)


def _interruptible(work: Callable[[Request], Request], request: Request) -> Request:
    # hors d’ici une interruption est ignorée : elle tuerait l’enfant entre deux cellules
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return work(request)
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return {"interrompu": True, "sorties": [], "erreur": True, "coupe": False}
    except Exception as error:
        return {"probleme": french(f"{type(error).__name__} : {error}")[:500]}


def _fill(files: dict[str, str], folder: str, problems: list[OSError]) -> None:
    # un fichier refusé n’est pas une couche du bac à sable qui ne se ferme pas : il se dit autrement
    try:
        copy_files(files, folder)
    except OSError as problem:
        problems.append(problem)


def copy_files(files: dict[str, str], folder: str) -> None:
    """Pose les fichiers donnés dans le dossier de travail ; ni lien ni tube n’est suivi.

    Parameters
    ----------
    files : dict of str to str
        Chemin relatif vers chemin absolu.
    folder : str
        Dossier de travail.

    Raises
    ------
    OSError
        Si un fichier manque, n’est pas un fichier ordinaire, ou si la place manque.
    """
    for relative, source in files.items():
        target = Path(folder, relative)
        if Path(relative).is_absolute() or ".." in Path(relative).parts:
            raise OSError(1, "chemin refusé", relative)
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as reading:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(1, "ce n’est pas un fichier ordinaire", relative)
            with target.open("wb") as writing:
                shutil.copyfileobj(reading, writing, 1 << 20)


def seed() -> None:
    """Fixe les tirages aléatoires."""
    import numpy as np

    random.seed(SEED)
    np.random.seed(SEED)  # noqa: NPY002 - le code d’un stagiaire peut employer l’état global


def _forget_event_loop() -> None:
    from IPython.core import async_helpers

    # une boucle ouverte par le préfixe a perdu ses descripteurs
    async_helpers._asyncio_event_loop = None


def _import_from_here() -> None:
    if "" in sys.path:
        return
    # comme un noyau : le dossier du carnet vient après la bibliothèque standard, avant les autres
    places = [place for place, path in enumerate(sys.path) if path.endswith(("site-packages", "dist-packages"))]
    with contextlib.suppress(ValueError):
        sys.path.insert(min(places, default=len(sys.path)), "")
