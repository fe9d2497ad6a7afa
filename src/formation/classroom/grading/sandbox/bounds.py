"""Bornes : temps, mémoire, tailles, droits d’administrateur abandonnés."""

import contextlib
import ctypes
import os
import signal

from formation.classroom.grading.sandbox import kernel
from formation.classroom.grading.types import Limits

CAPABILITY_VERSION = 0x20080522
# SECBIT_NOROOT, NO_SETUID_FIXUP et NO_CAP_AMBIENT_RAISE, chacun avec son verrou
LOCKED_SECURE_BITS = 0b11001111
MAX_THREADS = 64
CPU_MARGIN_S = 2
MEGABYTE = 1_000_000


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def virtual_size() -> int:
    """Mémoire virtuelle du processus, à lire tant que `/proc` est visible.

    Returns
    -------
    int
        En octets.
    """
    descriptor = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return int(os.read(descriptor, 200).split()[0]) * os.sysconf("SC_PAGE_SIZE")
    finally:
        os.close(descriptor)


def drop_capabilities() -> None:
    """Abandonne tout droit d’administrateur, même pour `root`.

    `NO_NEW_PRIVS`, posé ensuite, empêche de les retrouver par un autre programme.

    Raises
    ------
    OSError
        Si le noyau refuse.
    """
    with contextlib.suppress(OSError):  # un utilisateur ordinaire n’a pas ce réglage, et n’en a pas besoin
        kernel.prctl(kernel.PR_SET_SECUREBITS, LOCKED_SECURE_BITS)
    empty = (ctypes.c_uint32 * 6)()
    header = _Header(CAPABILITY_VERSION, 0)
    kernel.check(kernel.libc().capset(ctypes.byref(header), empty), "capset")


def limit(limits: Limits, used_bytes: int, *, namespaces: bool) -> None:
    """Pose les bornes du noyau ; ni le processus ni personne ne peut plus les relever.

    Parameters
    ----------
    limits : Limits
        Bornes.
    used_bytes : int
        Mémoire virtuelle déjà prise, rendue par `virtual_size`.
    namespaces : bool
        Vrai dans un espace de noms à soi : le nombre de fils ne compte alors que les siens.

    Raises
    ------
    OSError
        Si le noyau refuse.
    """
    import resource

    bounds = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, used_bytes + limits.memory_mb * MEGABYTE),
        (resource.RLIMIT_FSIZE, limits.file_mb * MEGABYTE),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_RTPRIO, 0),
    ]
    if namespaces:
        bounds.append((resource.RLIMIT_NPROC, MAX_THREADS))
    for kind, value in bounds:
        hardest = resource.getrlimit(kind)[1]
        value = value if hardest == resource.RLIM_INFINITY else min(value, hardest)
        resource.setrlimit(kind, (value, value))
    hardest = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = limits.cpu_s if hardest == resource.RLIM_INFINITY else min(limits.cpu_s, hardest)
    hard = soft + CPU_MARGIN_S if hardest == resource.RLIM_INFINITY else min(soft + CPU_MARGIN_S, hardest)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def hide() -> None:
    """Rend le processus illisible aux autres, et le fait mourir avec son parent.

    Raises
    ------
    OSError
        Si le noyau refuse.
    """
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, int(signal.SIGKILL))
