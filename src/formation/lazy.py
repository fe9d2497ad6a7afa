"""Faces paresseuses : un paquet montre ses noms et ne charge un module que lorsqu’on s’en sert."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any


def face(
    package: str, where: Mapping[str, str], modules: Iterable[str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Prépare la face d’un paquet.

    Parameters
    ----------
    package : str
        Nom du paquet, `__name__`.
    where : mapping of str to str
        Nom public : module qui le définit.
    modules : iterable of str
        Modules visibles du paquet.

    Returns
    -------
    tuple
        `__getattr__`, `__dir__` et `__all__` du paquet.

    Raises
    ------
    ValueError
        Si un nom public est aussi celui de son module : l’import du module l’aurait masqué.

    Examples
    --------
    >>> getattr_, dir_, names = face("formation", {"Problem": "errors"}, ["errors"])
    >>> names, getattr_("Problem").__name__
    (['Problem', 'errors'], 'Problem')
    """
    listed = tuple(modules)
    names = [*where, *listed]
    if hidden := [name for name, module in where.items() if name == module]:
        raise ValueError(
            f"{package} : {', '.join(hidden)} serait masqué par le module du même nom. Renommez le module."
        )

    def find(name: str) -> Any:
        if name in listed:
            return import_module(f"{package}.{name}")
        if name in where:
            return getattr(import_module(f"{package}.{where[name]}"), name)
        raise AttributeError(f"Le module {package} n’a pas de nom « {name} ». Noms disponibles : {', '.join(names)}.")

    return find, lambda: sorted(names), names
