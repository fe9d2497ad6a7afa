"""Appels au noyau que Python n’offre pas, par la bibliothèque C."""

import ctypes
import os
import sys
from functools import cache
from typing import Any

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 4, 22
PR_SET_SECUREBITS, PR_SET_NO_NEW_PRIVS = 28, 38


@cache
def libc() -> Any:
    """Bibliothèque C du processus, chargée une fois.

    Returns
    -------
    CDLL
    """
    return ctypes.CDLL(None, use_errno=True)


def check(result: int, what: str) -> int:
    """Lève l’erreur du dernier appel s’il a échoué.

    Parameters
    ----------
    result : int
        Ce que l’appel a rendu.
    what : str
        Nom de l’appel, pour le message.

    Returns
    -------
    int
        `result`.

    Raises
    ------
    OSError
        Si `result` est négatif.
    """
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what} : {os.strerror(number)}")
    return result


def prctl(option: int, *values: Any) -> int:
    """Réglage du processus courant.

    Parameters
    ----------
    option : int
        Réglage.
    *values : object
        Entiers, complétés par des zéros, ou pointeurs.

    Returns
    -------
    int

    Raises
    ------
    OSError
        Si le noyau refuse.
    """
    filled = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in (*values, 0, 0, 0, 0)[:4]]
    return check(libc().prctl(option, *filled), f"prctl({option})")


def syscall(number: int, *values: Any) -> int:
    """Appel système par son numéro : seulement ceux qui ont le même numéro sur toutes les machines.

    Parameters
    ----------
    number : int
        Numéro.
    *values : object
        Entiers ou pointeurs.

    Returns
    -------
    int

    Raises
    ------
    OSError
        Si le noyau refuse.
    """
    filled = [ctypes.c_long(value) if isinstance(value, int) else value for value in values]
    return check(libc().syscall(ctypes.c_long(number), *filled), f"appel système {number}")


def is_linux() -> bool:
    """Vrai sous Linux.

    Returns
    -------
    bool
    """
    return sys.platform.startswith("linux")
