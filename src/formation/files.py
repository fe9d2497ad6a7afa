"""Écrire d’un coup, un fichier ou un dossier : l’ancien ou le nouveau, jamais la moitié, et aucun brouillon laissé."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SHOWN = 40
"""Lettres du nom gardées dans celui du brouillon : un nom très long n’empêche pas d’écrire."""
_TRIES, _WAIT_S = 20, 0.1


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
