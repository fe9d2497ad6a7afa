"""Valeurs d’un carnet en données inertes, à l’identique : types, dtypes, index et noms compris.

`encode` tourne chez le stagiaire : ce qu’il rend n’est pas digne de confiance. `decode` n’accepte que ce que `encode`
sait écrire, avec des tailles bornées, et n’exécute rien : ni pickle, ni import, ni code.
"""

import base64
import collections
import datetime
import json
import math
from collections.abc import Callable, Iterable
from typing import Any

from formation.classroom.grading import lossless_tables as tables
from formation.classroom.grading.lossless_arrays import (
    MAX_DEPTH,
    MAX_ITEMS,
    Decode,
    NotPlain,
    array_from,
    array_of,
    scalar_from,
)

__all__ = ["NotPlain", "decode", "dumps", "encode", "loads"]

_RAW = frozenset((type(None), bool, int, str, float))
_MAX_BITS = 4_000
_EMPTY: dict[int, int] = {}
_KEYS, _VALUES = type(_EMPTY.keys()), type(_EMPTY.values())
_FACTORIES: dict[str, type] = {kind.__name__: kind for kind in (int, float, str, list, dict, set)}


def dumps(values: dict[str, Any], limit: int) -> str:
    """Écrit des variables en JSON, en ASCII.

    Parameters
    ----------
    values : dict
        Par nom.
    limit : int
        Longueur permise, en caractères.

    Returns
    -------
    str

    Raises
    ------
    NotPlain
        Si une valeur n’est pas une donnée simple, ou si le texte est trop long.
    """
    pairs = {name: encode(value) for name, value in values.items()}
    text = json.dumps(pairs, allow_nan=False, separators=(",", ":"))
    if len(text) > limit:
        raise NotPlain(f"{len(text)} caractères")
    return text


def loads(text: str) -> dict[str, Any]:
    """Relit `dumps`, peut-être hostile.

    Parameters
    ----------
    text : str
        JSON.

    Returns
    -------
    dict

    Raises
    ------
    NotPlain
        Si le texte n’est pas de ceux que `dumps` écrit.
    """
    try:
        pairs = json.loads(text)
        if type(pairs) is not dict:
            raise NotPlain("forme")
        return {name: decode(raw) for name, raw in pairs.items()}
    except NotPlain:
        raise
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError, AttributeError, LookupError) as error:
        raise NotPlain(str(error)[:200]) from None


def encode(value: Any, depth: int = 0) -> Any:
    """Traduit une valeur en données JSON.

    Parameters
    ----------
    value : object
        Valeur ; une sous-classe d’un type connu est refusée.
    depth : int
        Imbrication déjà atteinte.

    Returns
    -------
    object
        Données JSON.

    Raises
    ------
    NotPlain
        Si la valeur n’est pas une donnée simple.

    Examples
    --------
    >>> decode(encode({1: (2.5, float("inf"))}))
    {1: (2.5, inf)}
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is float:
        return value if math.isfinite(value) else ["f", repr(value)]
    if kind is int:
        if value.bit_length() > _MAX_BITS:
            raise NotPlain("entier trop grand")
        return value
    if depth > MAX_DEPTH:
        raise NotPlain("imbrication trop profonde")
    writer = _WRITERS.get(kind)
    if writer is not None:
        return writer(value, depth + 1)
    return array_of(value, lambda item: encode(item, depth + 1)) or tables.encode(
        value, lambda item: encode(item, depth + 1)
    )


def _items(values: Iterable[Any], depth: int) -> list[Any]:
    found = list(values)
    if len(found) > MAX_ITEMS:
        raise NotPlain("trop d’éléments")
    if set(map(type, found)) <= {str, bool, type(None)}:
        return found
    return [encode(item, depth) for item in found]


def _pairs(value: dict[Any, Any], depth: int) -> list[Any]:
    return [_items(value.keys(), depth), _items(value.values(), depth)]


def _tagged(tag: str) -> Callable[[Any, int], Any]:
    return lambda value, depth: [tag, _items(value, depth)]


def _defaultdict(value: Any, depth: int) -> Any:
    factory = value.default_factory
    name = "" if factory is None else getattr(factory, "__name__", "?")
    if factory is not None and _FACTORIES.get(name) is not factory:
        raise NotPlain("valeur par défaut")
    return ["dd", name, *_pairs(value, depth)]


def _datetime(value: datetime.datetime, _depth: int) -> Any:
    if value.tzinfo is not None or value.fold:
        raise NotPlain("fuseau")
    return ["dt", value.isoformat()]


def _time(value: datetime.time, _depth: int) -> Any:
    if value.tzinfo is not None or value.fold:
        raise NotPlain("fuseau")
    return ["tm", value.isoformat()]


_WRITERS: dict[type, Callable[[Any, int], Any]] = {
    list: _tagged("l"),
    tuple: _tagged("t"),
    set: _tagged("s"),
    frozenset: _tagged("z"),
    collections.deque: lambda value, depth: ["q", _items(value, depth), value.maxlen],
    dict: lambda value, depth: ["d", *_pairs(value, depth)],
    collections.Counter: lambda value, depth: ["C", *_pairs(value, depth)],
    collections.OrderedDict: lambda value, depth: ["o", *_pairs(value, depth)],
    collections.defaultdict: _defaultdict,
    _KEYS: lambda value, depth: ["k", _items(value, depth)],
    _VALUES: lambda value, depth: ["v", _items(value, depth)],
    range: lambda value, depth: ["r", *(encode(one, depth) for one in (value.start, value.stop, value.step))],
    bytes: lambda value, _depth: ["b", base64.b64encode(value).decode()],
    complex: lambda value, depth: ["c", encode(value.real, depth), encode(value.imag, depth)],
    datetime.datetime: _datetime,
    datetime.date: lambda value, _depth: ["da", value.isoformat()],
    datetime.time: _time,
    datetime.timedelta: lambda value, _depth: ["de", value.days, value.seconds, value.microseconds],
}


def decode(raw: Any, depth: int = 0) -> Any:
    """Refait une valeur.

    Parameters
    ----------
    raw : object
        Données JSON rendues par `encode`, peut-être hostiles.
    depth : int
        Imbrication déjà atteinte.

    Returns
    -------
    object

    Raises
    ------
    NotPlain, ValueError, TypeError
        Si les données ne sont pas de celles que `encode` écrit.
    """
    if type(raw) in _RAW:
        return raw
    if type(raw) is not list or not raw or type(raw[0]) is not str or depth > MAX_DEPTH + 2:
        raise NotPlain("forme inconnue")
    reader = _READERS.get(raw[0]) or tables.READERS.get(raw[0])
    if reader is None:
        raise NotPlain("genre inconnu")
    return reader(raw, lambda item: decode(item, depth + 1))


def _several(raw: Any, again: Decode) -> list[Any]:
    if type(raw) is not list or len(raw) > MAX_ITEMS:
        raise NotPlain("liste attendue")
    return [one if type(one) in _RAW else again(one) for one in raw]


def _collection(make: Callable[[list[Any]], Any]) -> Callable[[Any, Decode], Any]:
    return lambda raw, again: make(_several(raw[1], again))


def _mapping(keys: Any, values: Any, again: Decode) -> dict[Any, Any]:
    return dict(zip(_several(keys, again), _several(values, again), strict=True))


def _filled(empty: dict[Any, Any], pairs: dict[Any, Any]) -> dict[Any, Any]:
    empty.update(pairs)
    return empty


def _counter(raw: Any, again: Decode) -> Any:
    made: collections.Counter[Any] = collections.Counter()
    # `Counter.update` additionnerait
    dict.update(made, _mapping(raw[1], raw[2], again))
    return made


def _float(raw: Any, _again: Decode) -> float:
    if raw[1] not in ("nan", "inf", "-inf"):
        raise NotPlain("nombre inconnu")
    return float(raw[1])


def _complex(raw: Any, again: Decode) -> complex:
    real, imaginary = again(raw[1]), again(raw[2])
    if type(real) is not float or type(imaginary) is not float:
        raise NotPlain("complexe")
    return complex(real, imaginary)


_READERS: dict[str, Callable[[Any, Decode], Any]] = {
    "f": _float,
    "l": _collection(list),
    "t": _collection(tuple),
    "s": _collection(set),
    "z": _collection(frozenset),
    "q": lambda raw, again: collections.deque(_several(raw[1], again), raw[2]),
    "d": lambda raw, again: _mapping(raw[1], raw[2], again),
    "C": _counter,
    "o": lambda raw, again: _filled(collections.OrderedDict(), _mapping(raw[1], raw[2], again)),
    "dd": lambda raw, again: _filled(
        collections.defaultdict(_FACTORIES[raw[1]] if raw[1] else None), _mapping(raw[2], raw[3], again)
    ),
    "k": lambda raw, again: dict.fromkeys(_several(raw[1], again)).keys(),
    "v": lambda raw, again: dict(enumerate(_several(raw[1], again))).values(),
    "r": lambda raw, _again: range(*map(_whole, raw[1:4])),
    "b": lambda raw, _again: base64.b64decode(raw[1], validate=True),
    "c": _complex,
    "dt": lambda raw, _again: datetime.datetime.fromisoformat(raw[1]),
    "da": lambda raw, _again: datetime.date.fromisoformat(raw[1]),
    "tm": lambda raw, _again: datetime.time.fromisoformat(raw[1]),
    "de": lambda raw, _again: datetime.timedelta(*map(_whole, raw[1:4])),
    "n": scalar_from,
    "a": array_from,
    "ao": array_from,
}


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise NotPlain("entier attendu")
    return value
