"""Une correction à la fois par cours, et un dossier de travail qui ne reste jamais après une fin brutale."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.errors import reason

LOCK = ".correction.verrou"
_PREFIX = "formation-correction-"


@contextlib.contextmanager
def course_lock(root: Path) -> Iterator[None]:
    """Réserve un cours le temps d’une correction ; le noyau le libère même si le processus est tué.

    Parameters
    ----------
    root : Path
        Dossier du cours.

    Yields
    ------
    None

    Raises
    ------
    AtelierImpossible
        Si une autre correction est en cours, ou si le dossier ne peut pas être écrit.
    """
    try:
        descriptor = os.open(root / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise AtelierImpossible(
            french(
                f"« {root} » ne peut pas être écrit : {reason(error)}. Rien n’est changé. Donnez-vous le droit "
                "d’écrire dans ce dossier ou libérez de la place, puis relancez."
            )
        ) from None
    with os.fdopen(descriptor, "r+"):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AtelierImpossible(
                french(f"Une autre correction de « {root} » est en cours. Attendez qu’elle finisse, puis relancez.")
            ) from None
        yield


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Dossier de travail d’une correction, effacé à la fin.

    Ceux qu’une correction tuée a laissés sont effacés d’abord : leur verrou est libre.

    Yields
    ------
    Path
    """
    parent = Path(tempfile.gettempdir())
    sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(descriptor)
        shutil.rmtree(folder, ignore_errors=True)


def sweep(parent: Path) -> int:
    """Efface les dossiers de travail abandonnés de ce compte.

    Parameters
    ----------
    parent : Path
        Dossier qui les contient.

    Returns
    -------
    int
        Nombre de dossiers effacés.
    """
    swept = 0
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
                swept += 1
            finally:
                os.close(descriptor)
    return swept
