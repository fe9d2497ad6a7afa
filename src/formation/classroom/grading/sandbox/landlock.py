"""Landlock : le noyau limite lui-même les fichiers, le réseau et les signaux de ce processus.

Les numéros 444 à 446 sont les mêmes sur toutes les architectures.
"""

import ctypes
import os
import stat
from collections.abc import Iterable

from formation.classroom.grading.sandbox import kernel

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
MAKE_CHAR, MAKE_SOCK, MAKE_BLOCK = 1 << 6, 1 << 9, 1 << 11
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
# droits sur les fichiers connus de chaque version : 1 à 5
ALL_RIGHTS = {1: REFER - 1, 2: TRUNCATE - 1, 3: IOCTL_DEV - 1, 4: IOCTL_DEV - 1, 5: (IOCTL_DEV << 1) - 1}
TCP_BIND_CONNECT = 0b11
ABSTRACT_UNIX_AND_SIGNALS = 0b11
NETWORK_SINCE, SCOPES_SINCE = 4, 6
FORBIDDEN_IN_SCRATCH = EXECUTE | MAKE_CHAR | MAKE_SOCK | MAKE_BLOCK | IOCTL_DEV


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Version de Landlock de ce noyau.

    Returns
    -------
    int
        1 ou plus.

    Raises
    ------
    OSError
        ENOSYS si le noyau ne connaît pas Landlock, EOPNOTSUPP s’il est désactivé.
    """
    return kernel.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(ASK_VERSION))


def restrict(read_only: Iterable[str], writable: Iterable[str], devices: Iterable[str], known: int) -> None:
    """Limite le processus courant, pour toujours. `NO_NEW_PRIVS` doit être posé.

    Parameters
    ----------
    read_only : iterable of str
        Dossiers ou fichiers à lire ; ceux qui n’existent pas sont ignorés.
    writable : iterable of str
        Dossiers où tout est permis, sauf exécuter et fabriquer des fichiers spéciaux.
    devices : iterable of str
        Fichiers à lire et à écrire.
    known : int
        Rendu par `version`.

    Raises
    ------
    OSError
        Si le noyau refuse.
    """
    handled = ALL_RIGHTS[min(known, max(ALL_RIGHTS))]
    rules = _Ruleset(
        handled,
        TCP_BIND_CONNECT if known >= NETWORK_SINCE else 0,
        ABSTRACT_UNIX_AND_SIGNALS if known >= SCOPES_SINCE else 0,
    )
    size = 8 if known < NETWORK_SINCE else 16 if known < SCOPES_SINCE else 24
    ruleset = kernel.syscall(CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for path in read_only:
            _allow(ruleset, path, (READ_FILE | READ_DIR) & handled)
        for path in devices:
            _allow(ruleset, path, (READ_FILE | WRITE_FILE | TRUNCATE) & handled)
        for path in writable:
            _allow(ruleset, path, handled & ~FORBIDDEN_IN_SCRATCH)
        kernel.syscall(RESTRICT_SELF, ruleset, ctypes.c_uint32(0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            rights &= READ_FILE | WRITE_FILE | TRUNCATE
        rule = _PathBeneath(rights, parent)
        kernel.syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), ctypes.c_uint32(0))
    finally:
        os.close(parent)
