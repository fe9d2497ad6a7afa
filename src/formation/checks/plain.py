"""Traduire une réponse en données simples, comparables sans exécuter le code du stagiaire."""

import datetime as dt
import math
import types
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

Plain: TypeAlias = Any
"""Données JSON : `None`, bool, int, float fini, str, ou un dictionnaire marqué par sa clé `genre`."""

MAX_TEXT = 10_000
MAX_ITEMS = 10_000
MAX_CELLS = 100_000
MAX_DEPTH = 4
MAX_INT = 10**18

_BOOLS = (bool, np.bool_)
_INTS = (int, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)
_FLOATS = (float, np.float16, np.float32, np.float64)
_TEXTS = (str, np.str_)
_DATES = (dt.date, dt.datetime, pd.Timestamp, np.datetime64)
_SEQUENCES: dict[type, str] = {list: "list", tuple: "tuple", set: "set", frozenset: "set"}
_PANDAS_COLUMNS = (pd.Series, pd.Index, pd.RangeIndex, pd.DatetimeIndex, pd.CategoricalIndex)
_PANDAS_ARRAYS = (
    pd.arrays.StringArray,
    pd.arrays.ArrowStringArray,
    pd.arrays.NumpyExtensionArray,
    pd.arrays.IntegerArray,
    pd.arrays.FloatingArray,
    pd.arrays.BooleanArray,
    pd.arrays.DatetimeArray,
    pd.Categorical,
)
"""Ce que rendent `.values`, `.array` et `.unique()` d’une colonne : pour un stagiaire, une liste."""


def to_plain(value: object) -> Plain:
    """Traduit une réponse en données simples.

    Seuls les types d’une liste fermée passent, comparés exactement : un objet d’une sous-classe, dont `__eq__`
    pourrait mentir, devient `{"genre": "autre"}` et n’est jamais interrogé.

    Parameters
    ----------
    value : object
        Valeur donnée par le stagiaire.

    Returns
    -------
    Plain
        Donnée écrite sans perte en JSON ; `{"genre": "trop_grand"}` au-delà des bornes du module.

    Examples
    --------
    >>> to_plain(np.float64(0.5))
    0.5
    >>> to_plain([1, True])
    {'genre': 'liste', 'de': 'list', 'valeurs': [1, True]}
    """
    return _convert(value, 0)


def _convert(value: object, depth: int) -> Plain:
    kind = type(value)
    if value is None or kind in _BOOLS or kind in _INTS or kind in _FLOATS or kind in _TEXTS:
        return _scalar(value)
    if value is Ellipsis:
        return {"genre": "vide"}
    if value is pd.NA or value is pd.NaT:
        return {"genre": "manquant"}
    if kind in _DATES:
        return _date(value)
    if depth >= MAX_DEPTH:
        return _too_big("imbrication", depth, MAX_DEPTH)
    convert = _CONTAINERS.get(kind)
    if convert is not None:
        return convert(value, depth + 1)
    return {"genre": "fonction"} if kind in _FUNCTIONS else _other(kind)


def _scalar(value: Any) -> Plain:
    kind = type(value)
    if value is None:
        return None
    if kind in _BOOLS:
        return bool(value)
    if kind in _INTS:
        number = int(value)
        return number if abs(number) <= MAX_INT else _too_big("entier", MAX_INT, MAX_INT)
    if kind in _FLOATS:
        real = float(value)
        return real if math.isfinite(real) else {"genre": "non_fini", "valeur": str(real)}
    text = str(value)
    return text if len(text) <= MAX_TEXT else _too_big("texte", len(text), MAX_TEXT)


def _date(value: Any) -> Plain:
    stamp = pd.Timestamp(value)
    if stamp is pd.NaT:
        return {"genre": "manquant"}
    text = stamp.isoformat()
    return {"genre": "date", "valeur": text.removesuffix("T00:00:00")}


def _too_big(what: str, size: int, limit: int) -> Plain:
    return {"genre": "trop_grand", "quoi": what, "taille": size, "limite": limit}


def _other(kind: type) -> Plain:
    return {"genre": "autre", "type": f"{kind.__module__}.{kind.__name__}"[:80]}


def _items(values: Iterable[object], origin: str, size: int, depth: int) -> Plain:
    if size > MAX_ITEMS:
        return _too_big("liste", size, MAX_ITEMS)
    return {"genre": "liste", "de": origin, "valeurs": [_convert(item, depth) for item in values]}


def _sequence(value: Any, depth: int) -> Plain:
    return _items(value, _SEQUENCES[type(value)], len(value), depth)


def _array(value: Any, depth: int) -> Plain:
    if value.size > MAX_ITEMS:
        return _too_big("tableau numpy", int(value.size), MAX_ITEMS)
    flat = value.ravel()
    plain = _items(flat.tolist() if value.dtype.kind in "biufU" else list(flat), "ndarray", int(flat.size), depth)
    return plain if value.ndim == 1 else {**plain, "forme": [int(n) for n in value.shape]}


def _column(value: Any, depth: int) -> Plain:
    kind = type(value)
    origin = "Series" if kind is pd.Series else "list" if kind in _PANDAS_ARRAYS else "Index"
    if len(value) > MAX_ITEMS:
        return _too_big("colonne", len(value), MAX_ITEMS)
    return _items(value.astype(object).tolist(), origin, len(value), depth)


def _mapping(value: Any, depth: int) -> Plain:
    if len(value) > MAX_ITEMS:
        return _too_big("dictionnaire", len(value), MAX_ITEMS)
    pairs = [[_convert(key, depth), _convert(item, depth)] for key, item in value.items()]
    return {"genre": "dictionnaire", "paires": pairs}


def _frame(value: Any, depth: int) -> Plain:
    if value.size > MAX_CELLS or len(value) > MAX_ITEMS:
        return _too_big("tableau", len(value), MAX_ITEMS)
    if len(value.columns) > MAX_ITEMS:
        return _too_big("tableau", len(value.columns), MAX_ITEMS)
    columns = [_label(name) if type(name) is str else repr(_convert(name, MAX_DEPTH))[:80] for name in value.columns]
    series = [value.iloc[:, position].astype(object).tolist() for position in range(len(columns))]
    rows = [[_cell(item, depth) for item in row] for row in zip(*series, strict=True)]
    names = [_label(name) if type(name) is str else None for name in value.index.names]
    default = type(value.index) is pd.RangeIndex
    return {
        "genre": "tableau",
        "colonnes": columns,
        "types": [str(dtype) for dtype in value.dtypes],
        "index": None if default else names,
        "lignes": rows,
        "nb_lignes": len(value),
    }


def _label(name: str) -> str:
    return name if len(name) <= MAX_TEXT else name[:MAX_TEXT]


def _cell(value: object, depth: int) -> Plain:
    plain = _convert(value, depth)
    missing = type(plain) is dict and (plain["genre"] == "manquant" or plain.get("valeur") == "nan")
    return None if missing else plain


_FUNCTIONS = (types.FunctionType, types.MethodType, types.BuiltinFunctionType)
_CONTAINERS: dict[type, Callable[[Any, int], Plain]] = {
    **dict.fromkeys(_SEQUENCES, _sequence),
    **dict.fromkeys((*_PANDAS_COLUMNS, *_PANDAS_ARRAYS), _column),
    np.ndarray: _array,
    dict: _mapping,
    pd.DataFrame: _frame,
}


def from_plain(plain: Plain) -> Any:
    """Reconstruit une valeur à partir de ses données simples.

    Sert à rejouer une fonction sur des arguments choisis par l’auteur. L’index d’un tableau ou d’une colonne
    pandas n’est pas conservé : les lignes sont renumérotées à partir de 0.

    Parameters
    ----------
    plain : Plain
        Résultat de `to_plain`.

    Returns
    -------
    object
        Valeur Python, numpy ou pandas.

    Raises
    ------
    ValueError
        Si les données ne décrivent pas une valeur que l’on sait reconstruire.

    Examples
    --------
    >>> from_plain(to_plain((1, 2)))
    (1, 2)
    """
    if type(plain) is not dict:
        return plain
    match plain["genre"]:
        case "liste":
            return _rebuild_list(plain)
        case "dictionnaire":
            return {from_plain(key): from_plain(item) for key, item in plain["paires"]}
        case "tableau":
            columns = plain["colonnes"]
            rows = [[from_plain(cell) for cell in row] for row in plain["lignes"]]
            frame = pd.DataFrame(rows, columns=columns)
            return frame.astype(dict(zip(columns, plain["types"], strict=True)))
        case "date":
            return pd.Timestamp(plain["valeur"])
        case "non_fini":
            return float(plain["valeur"])
        case "manquant":
            return pd.NA
        case genre:
            raise ValueError(f"On ne sait pas reconstruire une valeur de genre « {genre} ».")


def _rebuild_list(plain: Plain) -> Any:
    values = [from_plain(item) for item in plain["valeurs"]]
    match plain["de"]:
        case "tuple":
            return tuple(values)
        case "set":
            return set(values)
        case "ndarray":
            return np.array(values).reshape(plain.get("forme", [len(values)]))
        case "Series":
            return pd.Series(values)
        case "Index":
            return pd.Index(values)
        case _:
            return values
