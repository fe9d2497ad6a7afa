"""Jusqu’où mène un nom importé : un chemin pointé qui sort de sa bibliothèque donne l’interpréteur entier."""

import importlib
import importlib.util
import sys
from collections.abc import Collection, Iterator
from functools import cache
from types import ModuleType
from typing import Any

from formation.classroom.grading import suspects

_PLAIN = (int, float, str, bytes, tuple, frozenset)


def unexpected(path: str, known: Collection[str] = ()) -> str:
    """Dit pourquoi un import surprend.

    Parameters
    ----------
    path : str
        Module importé, en chemin pointé.
    known : collection of str
        Modules que le formateur importe ou joint.

    Returns
    -------
    str
        Raison, vide si l’import est courant.

    Examples
    --------
    >>> unexpected("numpy.linalg"), unexpected("outils", {"outils"})
    ('', '')
    """
    root = path.split(".")[0]
    if root in known or root in suspects.LIBRARIES or root in suspects.STANDARD or root == "__future__":
        return ""
    if not root or not _installed(root):
        return f"importe « {root or path} », qui n’est pas une bibliothèque installée."
    return f"importe « {root} », dont cet exercice ne se sert pas."


def forbidden(path: str) -> Iterator[str]:
    """Dit ce qu’un chemin pointé atteint et ne devrait pas.

    Parameters
    ----------
    path : str
        Chemin depuis un module importé, par exemple `numpy.random.default_rng`.

    Yields
    ------
    str
        Raison ; au plus une.

    Examples
    --------
    >>> list(forbidden("numpy.random.default_rng")), len(list(forbidden("re.enum.sys")))
    ([], 1)
    """
    reached = _listed(path) or (_standard(path) if path.split(".")[0] in suspects.STANDARD else _third_party(path))
    if reached:
        yield f"emploie « {reached} »."


def _listed(path: str) -> str:
    for module in suspects.MODULES:
        if path == module or path.startswith(f"{module}."):
            return module
    parts = path.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        before, part = ".".join(parts[:cut]), parts[cut]
        allowed = suspects.ALLOWED_MEMBERS.get(before)
        if allowed is not None and part not in allowed and not part.startswith("assert_") and part != "*":
            return f"{before}.{part}"
        if part in suspects.MEMBERS.get(before, ()):
            return f"{before}.{part}"
    return ""


def _standard(path: str) -> str:
    """Premier élément, dans la bibliothèque standard, qui n’est pas public ou vient d’un autre module."""
    root, *parts = path.split(".")
    current: Any = _module(root)
    here = root
    for part in parts:
        if not isinstance(current, ModuleType) or part == "*":
            return ""
        found = getattr(current, part, None)
        full = f"{here}.{part}"
        if found is None:
            # un sous-module se charge à l’import ; ailleurs, le nom n’existe pas et la cellule échoue
            return "" if full in suspects.STANDARD_PARTS or not _exists(full) else full
        if isinstance(found, ModuleType) and full not in suspects.STANDARD_PARTS:
            return full
        public = getattr(current, "__all__", None)
        hidden = public is not None and part not in public and not isinstance(found, (*_PLAIN, ModuleType))
        if (part.startswith("_") or hidden) and part not in suspects.PLAIN_ATTRIBUTES:
            return full
        current, here = found, full
    return ""


def _third_party(path: str) -> str:
    root, *parts = path.split(".")
    here = root
    for part in parts:
        here = f"{here}.{part}"
        private = part.startswith("_") and part not in suspects.PLAIN_ATTRIBUTES
        if private or (part in _foreign() and here not in suspects.OWN_PARTS):
            return here
    return ""


@cache
def _foreign() -> frozenset[str]:
    return (frozenset(sys.stdlib_module_names) | suspects.FOREIGN) - suspects.HOMONYMS


@cache
def _module(root: str) -> ModuleType:
    return importlib.import_module(root)


@cache
def _exists(full: str) -> bool:
    try:
        return importlib.util.find_spec(full) is not None
    except (ImportError, ValueError, AttributeError):
        return False


@cache
def _installed(root: str) -> bool:
    if root in sys.stdlib_module_names or root in sys.builtin_module_names:
        return True
    try:
        return importlib.util.find_spec(root) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def shadows(name: str) -> bool:
    """Dit si un module joint à la copie prendrait la place d’une bibliothèque.

    Parameters
    ----------
    name : str
        Nom du module, sans `.py`.

    Returns
    -------
    bool

    Examples
    --------
    >>> shadows("random"), shadows("mes_outils")
    (True, False)
    """
    return name in suspects.LIBRARIES or name in suspects.OPTIONAL or _installed(name)
