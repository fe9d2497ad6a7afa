"""L’arbre de structure d’un PDF : ce qu’un lecteur d’écran parcourt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_DEEP = 200
"""Profondeur au-delà de laquelle un arbre est tenu pour malformé (ou bouclé)."""


@dataclass(frozen=True)
class Leaf:
    """Un morceau de contenu : sa page (par son numéro d’objet), sa marque, et l’élément qui le porte."""

    page: tuple[int, int] | None
    mcid: int
    owner: Any


def is_dictionary(value: Any) -> bool:
    """Dit si un objet d’un PDF est un dictionnaire.

    Parameters
    ----------
    value : object
        Objet de pikepdf, ou valeur Python.

    Returns
    -------
    bool
    """
    import pikepdf

    return isinstance(value, pikepdf.Dictionary)


def kind(element: Any) -> str:
    """Sorte d’un élément, sans la barre : `H1`, `P`, `Table`…

    Parameters
    ----------
    element : pikepdf.Dictionary
        Élément de structure.

    Returns
    -------
    str
    """
    return str(element.get("/S", "")).removeprefix("/")


def kids(element: Any) -> list[Any]:
    """Enfants d’un élément, toujours sous forme de liste.

    Parameters
    ----------
    element : pikepdf.Dictionary
        Élément de structure.

    Returns
    -------
    list
    """
    return _listed(element.get("/K"))


def _listed(value: Any) -> list[Any]:
    import pikepdf

    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def children(element: Any) -> list[Any]:
    """Enfants qui sont eux-mêmes des éléments de structure.

    Parameters
    ----------
    element : pikepdf.Dictionary
        Élément de structure.

    Returns
    -------
    list
    """
    return [one for one in kids(element) if is_dictionary(one) and "/S" in one]


def walk(element: Any, depth: int = 0) -> Iterator[Any]:
    """Parcourt un élément et ses descendants, dans l’ordre de lecture.

    Parameters
    ----------
    element : pikepdf.Dictionary
        Élément de structure, ou racine de l’arbre.
    depth : int
        Profondeur déjà atteinte.

    Yields
    ------
    pikepdf.Dictionary
        Éléments de structure.
    """
    if depth > _DEEP:
        return
    if "/S" in element:
        yield element
    for child in children(element):
        yield from walk(child, depth + 1)


def leaves(element: Any) -> Iterator[Leaf]:
    """Morceaux de contenu d’un élément et de ses descendants, dans l’ordre de lecture.

    Parameters
    ----------
    element : pikepdf.Dictionary
        Élément de structure.

    Yields
    ------
    Leaf
    """
    yield from _leaves(element, None, 0)


def _leaves(element: Any, page: tuple[int, int] | None, depth: int) -> Iterator[Leaf]:
    if depth > _DEEP:
        return
    page = element["/Pg"].objgen if "/Pg" in element else page
    for one in kids(element):
        if isinstance(one, int):
            yield Leaf(page, one, element)
        elif not is_dictionary(one):
            continue
        elif "/S" in one:
            yield from _leaves(one, page, depth + 1)
        elif "/MCID" in one:
            yield Leaf(one["/Pg"].objgen if "/Pg" in one else page, int(one["/MCID"]), element)


def notes(element: Any) -> list[Any]:
    """Annotations (liens, champs) qu’un élément désigne.

    Parameters
    ----------
    element : pikepdf.Dictionary
        Élément de structure.

    Returns
    -------
    list
    """
    return [one["/Obj"] for one in kids(element) if is_dictionary(one) and "/Obj" in one]


def tables(root: Any) -> list[Any]:
    """Tableaux d’un document, dans l’ordre de lecture.

    Parameters
    ----------
    root : pikepdf.Dictionary
        Racine de l’arbre.

    Returns
    -------
    list
    """
    return [element for element in walk(root) if kind(element) == "Table"]


def rows(table: Any) -> list[Any]:
    """Lignes d’un tableau, celles de l’en-tête comprises.

    Parameters
    ----------
    table : pikepdf.Dictionary
        Élément `Table`.

    Returns
    -------
    list
    """
    found: list[Any] = []
    for child in children(table):
        if kind(child) == "TR":
            found.append(child)
        elif kind(child) in ("THead", "TBody", "TFoot"):
            found += [row for row in children(child) if kind(row) == "TR"]
    return found


def cells(row: Any) -> list[Any]:
    """Cellules d’une ligne.

    Parameters
    ----------
    row : pikepdf.Dictionary
        Élément `TR`.

    Returns
    -------
    list
    """
    return [cell for cell in children(row) if kind(cell) in ("TH", "TD")]


def attributes(element: Any) -> list[Any]:
    """Attributs d’un élément, toujours sous forme de liste.

    Parameters
    ----------
    element : pikepdf.Dictionary
        Élément de structure.

    Returns
    -------
    list
    """
    return [one for one in _listed(element.get("/A")) if is_dictionary(one)]


def headers(cell: Any) -> list[str]:
    """Identifiants des en-têtes d’une cellule.

    Parameters
    ----------
    cell : pikepdf.Dictionary
        Élément `TD` ou `TH`.

    Returns
    -------
    list of str
    """
    return [str(name) for one in attributes(cell) for name in one.get("/Headers", [])]
