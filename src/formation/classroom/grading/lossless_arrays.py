"""Tableaux et nombres de numpy en données inertes, à l’identique : partie de `lossless`."""

import base64
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

MAX_DEPTH = 12
"""Imbrication permise."""
MAX_ITEMS = 200_000
"""Éléments d’une liste, d’un dictionnaire ou d’un tableau d’objets, au plus."""
Encode = Callable[[Any], Any]
Decode = Callable[[Any], Any]
_DTYPE = re.compile(r"[<>|](b1|[iu][1248]|f(2|4|8|16)|c(8|16|32)|[Mm]8(\[\d{0,6}[A-Za-zµμ]{1,7}\])?|[US]\d{1,7})")
_KINDS = "biufcMmUS"
_MAX_CODE_POINT = 0x10FFFF
_RAW = frozenset((type(None), bool, int, str))


class NotPlain(ValueError):
    """Valeur qui n’est pas une donnée simple, ou donnée que `encode` n’aurait pas écrite."""


def array_of(value: Any, encode: Encode) -> Any:
    """Traduit un tableau ou un nombre de numpy.

    Parameters
    ----------
    value : object
        Valeur d’un type quelconque.
    encode : callable
        Traduit un élément d’un tableau d’objets.

    Returns
    -------
    list or None
        Données JSON ; None si la valeur n’est ni un tableau ni un nombre de numpy.

    Raises
    ------
    NotPlain
        Si c’est un tableau d’un autre type d’éléments.
    """
    kind = type(value)
    if kind is np.ndarray:
        return _array(value, encode)
    if np.generic in kind.__mro__ and kind.__module__ == "numpy":
        if value.dtype.kind not in _KINDS or kind is not value.dtype.type:
            raise NotPlain("nombre de numpy")
        return ["n", value.dtype.str, base64.b64encode(value.tobytes()).decode()]
    return None


def _array(value: Any, encode: Encode) -> Any:
    if value.dtype.kind == "O":
        items = value.ravel().tolist()
        if len(items) > MAX_ITEMS:
            raise NotPlain("trop d’éléments")
        if not set(map(type, items)) <= _RAW:
            items = [encode(item) for item in items]
        return ["ao", list(value.shape), items]
    if value.dtype.kind not in _KINDS or value.dtype.names is not None:
        raise NotPlain("tableau")
    return ["a", value.dtype.str, list(value.shape), base64.b64encode(value.tobytes()).decode()]


def array_from(raw: Any, decode: Decode) -> Any:
    """Refait un tableau.

    Parameters
    ----------
    raw : list
        Rendu par `array_of`.
    decode : callable
        Refait un élément d’un tableau d’objets.

    Returns
    -------
    ndarray
        Il possède ses données, modifiables.

    Raises
    ------
    NotPlain, ValueError, TypeError
        Si les données ne sont pas cohérentes.
    """
    if raw[0] == "ao":
        _, shape, items = raw
        made = np.empty(len(_shaped(shape, len(items))), dtype=object)
        for place, item in enumerate(items):
            made[place] = decode(item)
        return made.reshape(shape)
    _, name, shape, text = raw
    dtype = _dtype(name)
    data = base64.b64decode(text, validate=True)
    count = math.prod(_dimensions(shape))
    if dtype.itemsize * count != len(data):
        raise NotPlain("forme")
    if not count or not dtype.itemsize:
        return np.empty(shape, dtype=dtype)
    _check(data, dtype)
    return np.frombuffer(data, dtype=dtype).reshape(shape).copy()


def scalar_from(raw: Any, _decode: Decode) -> Any:
    """Refait un nombre de numpy.

    Parameters
    ----------
    raw : list
        Rendu par `array_of`.
    _decode : callable
        Ignoré.

    Returns
    -------
    numpy.generic

    Raises
    ------
    NotPlain, ValueError, TypeError
        Si les données ne sont pas cohérentes.
    """
    _, name, text = raw
    dtype = _dtype(name)
    data = base64.b64decode(text, validate=True)
    if not dtype.itemsize and dtype.kind in "US":
        return dtype.type()
    if len(data) != dtype.itemsize:
        raise NotPlain("forme")
    _check(data, dtype)
    return np.frombuffer(data, dtype=dtype)[0]


def _dtype(name: Any) -> Any:
    if type(name) is not str or not _DTYPE.fullmatch(name):
        raise NotPlain("type d’éléments")
    return np.dtype(name)


def _dimensions(shape: Any) -> list[int]:
    if type(shape) is not list or len(shape) > 16 or any(type(one) is not int or one < 0 for one in shape):
        raise NotPlain("forme")
    return shape


def _shaped(shape: Any, count: int) -> range:
    if math.prod(_dimensions(shape)) != count or count > MAX_ITEMS:
        raise NotPlain("forme")
    return range(count)


def _check(data: bytes, dtype: Any) -> None:
    # un booléen d’un autre octet que 0 et 1 serait vrai sans être égal à True
    if dtype.kind == "b" and max(data) > 1:
        raise NotPlain("booléen")
    points = np.frombuffer(data, dtype="<u4" if dtype.str[0] != ">" else ">u4") if dtype.kind == "U" else None
    if points is not None and points.max() > _MAX_CODE_POINT:
        raise NotPlain("caractère")
