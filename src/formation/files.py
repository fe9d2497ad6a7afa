"""Lire sans attendre, écrire d’un coup.

Un fichier donné par une personne peut être un tube, un périphérique, un dossier, un lien mort : `open_regular` le dit
au lieu d’attendre ou de lire sans fin. Ce qu’on écrit est l’ancien ou le nouveau, jamais la moitié, et aucun brouillon
ne reste.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import signal
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

_SHOWN = 40
"""Lettres du nom gardées dans celui du brouillon : un nom très long n’empêche pas d’écrire."""
_TRIES, _WAIT_S = 20, 0.1


def open_regular(path: Path) -> BinaryIO:
    """Ouvre un fichier ordinaire en lecture ; refuse aussitôt ce qui ferait attendre ou n’aurait pas de fin.

    Parameters
    ----------
    path : Path
        Fichier donné par une personne. Un lien est suivi.

    Returns
    -------
    file object
        Fichier ouvert en octets, à fermer.

    Raises
    ------
    OSError
        Si ce n’est pas un fichier ordinaire ou s’il ne s’ouvre pas ; `errors.reason` en dit la cause en français.
        Un fichier absent lève `FileNotFoundError`.
    """
    try:
        # sans attendre : l’ouverture d’un tube que personne n’écrit ne rendrait jamais la main
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise FileNotFoundError(0, _missing(path)) from None
    except OSError as error:
        if path.is_dir():  # Windows refuse d’ouvrir un dossier, sans dire que c’en est un
            raise OSError(0, _KINDS[stat.S_IFDIR]) from None
        if error.errno in _ODD:
            raise OSError(0, _ODD[error.errno]) from None
        raise
    kind = stat.S_IFMT(os.fstat(descriptor).st_mode)
    if kind != stat.S_IFREG:
        os.close(descriptor)
        raise OSError(0, _KINDS.get(kind, _NOT_A_FILE))
    return os.fdopen(descriptor, "rb")


_NOT_A_FILE = "ce n’est pas un fichier ordinaire, mais un tube ou un périphérique"
_KINDS = {stat.S_IFDIR: "c’est un dossier, pas un fichier"}
_ODD = {
    errno.ENOTDIR: "un fichier occupe la place d’un dossier de son chemin",
    errno.ENXIO: _NOT_A_FILE,
}


def _missing(path: Path) -> str:
    return "ce lien ne mène à aucun fichier" if path.is_symlink() else "le fichier n’existe pas"


def write_atomic(target: Path, content: bytes) -> None:
    """Écrit à côté puis renomme : le fichier est l’ancien ou le nouveau, jamais la moitié.

    Parameters
    ----------
    target : Path
        Fichier à écrire ; son dossier existe déjà.
    content : bytes
        Contenu entier du fichier.

    Raises
    ------
    OSError
        Si l’écriture échoue ; l’ancien fichier est intact, et ses droits sont gardés.
    """
    aside = target.with_name(f".{target.name[:_SHOWN]}-{secrets.token_hex(4)}.tmp")
    try:
        with aside.open("xb") as stream:  # droits ordinaires de la personne : un dossier privé le reste
            stream.write(content)
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(target, aside)
        aside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):  # un disque en lecture seule refuse aussi d’effacer
            aside.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def aside(parent: Path, prefix: str) -> Iterator[Path]:
    """Dossier de travail voisin de ce qu’on refait, effacé quoi qu’il arrive : il peut contenir des noms.

    Un arrêt demandé au processus (SIGTERM) l’efface aussi ; celui d’un processus tué l’est au prochain appel.

    Parameters
    ----------
    parent : Path
        Dossier où travailler, sur le même disque que la destination.
    prefix : str
        Début du nom, par exemple `.session-`.

    Yields
    ------
    Path
        Dossier neuf, que seul son propriétaire lit.

    Raises
    ------
    OSError
        Si le dossier ne peut pas être créé.
    """
    for old in parent.glob(f"{prefix}*"):
        owner = old.name[len(prefix) :].partition("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=parent))
    try:
        with _terminated():
            yield folder
    finally:
        _clear(folder)


def _clear(folder: Path) -> None:
    """Efface le dossier de travail, même si un ouvrier y finit une page."""
    for _ in range(_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(_WAIT_S)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextlib.contextmanager
def _terminated() -> Iterator[None]:
    """Un arrêt demandé au processus range aussi le dossier de travail."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
