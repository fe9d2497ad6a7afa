"""Tableaux, colonnes, index et dates de pandas en données inertes, à l’identique : partie de `lossless`."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from pandas.arrays import BooleanArray, FloatingArray, IntegerArray

from formation.classroom.grading.lossless_arrays import Decode, Encode, NotPlain

_MASKED = (IntegerArray, FloatingArray, BooleanArray)
_MASKED_NAME = re.compile(r"U?Int(8|16|32|64)|Float(32|64)|boolean")
_FREQUENCY = re.compile(r"-?\d{0,5}[A-Za-z]{1,4}(-[A-Z]{3})?")
_UNITS = ("s", "ms", "us", "ns")
_CLOSED = ("left", "right", "both", "neither")
_MAX_COLUMNS = 5_000


def encode(value: Any, again: Encode) -> Any:
    """Traduit un objet de pandas.

    Parameters
    ----------
    value : object
        Valeur d’un type quelconque.
    again : callable
        Traduit ce qu’elle contient.

    Returns
    -------
    list
        Données JSON.

    Raises
    ------
    NotPlain
        Si la valeur n’est d’aucun type connu.
    """
    if value is pd.NaT:
        return ["NaT"]
    if value is pd.NA:
        return ["NA"]
    writer = _WRITERS.get(type(value))
    if writer is None:
        raise NotPlain(f"type {type(value).__name__[:60]}")
    return writer(value, again)


def _moment(tag: str) -> Callable[[Any, Encode], Any]:
    def write(value: Any, _again: Encode) -> Any:
        if getattr(value, "tzinfo", None) is not None or getattr(value, "fold", 0) == 1:
            raise NotPlain("fuseau")
        return [tag, int(value._value), value.unit]

    return write


def _column(values: Any, again: Encode) -> Any:
    """Colonne ou index à une dimension, sans son nom."""
    dtype = values.dtype
    if isinstance(dtype, np.dtype):
        return again(values.to_numpy())
    array = values.array if hasattr(values, "array") else values
    if type(dtype) is pd.CategoricalDtype:
        return ["cat", again(np.asarray(array.codes)), again(array.categories), bool(array.ordered)]
    if type(array) in _MASKED:
        return ["ma", dtype.name, again(array._data), again(array._mask)]
    if type(dtype) is pd.StringDtype:
        texts = [None if missing else str(text) for text, missing in zip(array, array.isna(), strict=True)]
        return ["str", dtype.storage, dtype.na_value is pd.NA, again(texts)]
    if type(dtype) is pd.IntervalDtype:
        return ["iv", again(array.left), again(array.right), array.closed]
    if type(dtype) is pd.PeriodDtype:
        return ["pe", again(array.asi8), dtype.name[7:-1]]
    raise NotPlain(f"colonne {str(dtype)[:60]}")


def _period(value: Any, again: Encode) -> Any:
    whole: Any = pd.PeriodIndex([value])
    return ["p", again(whole.asi8), whole.dtype.name[7:-1]]


def _index(value: Any, again: Encode) -> Any:
    frequency = getattr(value, "freq", None)
    name = None if frequency is None or type(value) is pd.PeriodIndex else frequency.freqstr
    return ["ix", _column(value, again), again(value.name), name]


def _series(value: Any, again: Encode) -> Any:
    return ["S", _column(value, again), again(value.index), again(value.name)]


def _frame(value: Any, again: Encode) -> Any:
    if value.shape[1] > _MAX_COLUMNS:
        raise NotPlain("trop de colonnes")
    columns = [_column(value.iloc[:, place], again) for place in range(value.shape[1])]
    return ["DF", again(value.columns), again(value.index), columns]


def _multi(value: Any, again: Encode) -> Any:
    return [
        "mi",
        [again(level) for level in value.levels],
        [again(np.asarray(codes)) for codes in value.codes],
        [again(name) for name in value.names],
    ]


_WRITERS: dict[type, Callable[[Any, Encode], Any]] = {
    pd.Timestamp: _moment("ts"),
    pd.Timedelta: _moment("td"),
    pd.Interval: lambda value, again: ["in", again(value.left), again(value.right), value.closed],
    pd.Period: _period,
    pd.Series: _series,
    pd.DataFrame: _frame,
    pd.RangeIndex: lambda value, again: ["ri", value.start, value.stop, value.step, again(value.name)],
    pd.MultiIndex: _multi,
    pd.Categorical: _column,
    **dict.fromkeys(_MASKED, _column),
    **dict.fromkeys(
        (pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.CategoricalIndex, pd.IntervalIndex, pd.PeriodIndex), _index
    ),
}


def _moment_from(kind: Any) -> Callable[[Any, Decode], Any]:
    def read(raw: Any, _decode: Decode) -> Any:
        _, value, unit = raw
        if type(value) is not int or unit not in _UNITS:
            raise NotPlain("date")
        code = "M" if kind is pd.Timestamp else "m"
        return kind(np.array([value]).view(f"{code}8[{unit}]")[0])

    return read


def _frequency(name: Any) -> str:
    if type(name) is not str or not _FREQUENCY.fullmatch(name):
        raise NotPlain("fréquence")
    return name


def _arrays(raw: list[Any], decode: Decode, *kinds: str) -> list[Any]:
    made = [decode(one) for one in raw]
    if any(type(one) is not np.ndarray or one.ndim != 1 or one.dtype.kind not in kinds[0] for one in made):
        raise NotPlain("tableau attendu")
    return made


def _categories(raw: Any, decode: Decode) -> Any:
    _, codes, categories, ordered = raw
    (whole,) = _arrays([codes], decode, "i")
    return pd.Categorical.from_codes(whole, categories=_an_index(decode(categories)), ordered=bool(ordered))


def _masked(raw: Any, decode: Decode) -> Any:
    _, name, data, mask = raw
    if type(name) is not str or not _MASKED_NAME.fullmatch(name):
        raise NotPlain("type d’éléments")
    (values,), (missing,) = _arrays([data], decode, "biuf"), _arrays([mask], decode, "b")
    made: Any = pd.array([], dtype=name)
    return type(made)(values.astype(made._data.dtype, casting="no"), missing)


def _strings(raw: Any, decode: Decode) -> Any:
    _, storage, nullable, texts = raw
    values = decode(texts)
    if storage not in ("python", "pyarrow") or type(values) is not list:
        raise NotPlain("textes")
    if any(value is not None and type(value) is not str for value in values):
        raise NotPlain("textes")
    dtype: Any = pd.StringDtype(storage, pd.NA if nullable else np.nan)
    return pd.array(np.array(values, dtype=object), dtype=dtype)


def _intervals(raw: Any, decode: Decode) -> Any:
    _, left, right, closed = raw
    if closed not in _CLOSED:
        raise NotPlain("intervalle")
    return pd.arrays.IntervalArray.from_arrays(_an_index(decode(left)), _an_index(decode(right)), closed=closed)


def _periods(raw: Any, decode: Decode) -> Any:
    (whole,) = _arrays([raw[1]], decode, "i")
    return pd.PeriodIndex.from_ordinals(whole, freq=_frequency(raw[2])).array


def _an_index(value: Any) -> Any:
    if not isinstance(value, pd.Index):
        raise NotPlain("index attendu")
    return value


def _values(raw: Any, decode: Decode) -> Any:
    made = decode(raw)
    if not isinstance(made, (np.ndarray, pd.api.extensions.ExtensionArray)) or made.ndim != 1:
        raise NotPlain("colonne attendue")
    return made


def _index_from(raw: Any, decode: Decode) -> Any:
    _, column, name, frequency = raw
    values = _values(column, decode)
    freq = None if frequency is None else _frequency(frequency)
    if freq is not None:
        made = pd.DatetimeIndex(values) if values.dtype.kind == "M" else pd.TimedeltaIndex(values)
        made.freq = freq
    else:
        dtype: Any = values.dtype
        made = pd.Index(values, dtype=dtype)
    made.name = decode(name)
    return made


def _range(raw: Any, decode: Decode) -> Any:
    _, start, stop, step, name = raw
    if any(type(one) is not int for one in (start, stop, step)):
        raise NotPlain("index")
    return pd.RangeIndex(start, stop, step, name=decode(name))


def _multi_from(raw: Any, decode: Decode) -> Any:
    _, levels, codes, names = raw
    return pd.MultiIndex(
        levels=[_an_index(decode(level)) for level in levels],
        codes=_arrays(codes, decode, "i"),
        names=[decode(name) for name in names],
    )


def _series_from(raw: Any, decode: Decode) -> Any:
    _, column, index, name = raw
    values = _values(column, decode)
    return pd.Series(values, index=_an_index(decode(index)), name=decode(name), dtype=values.dtype)


def _frame_from(raw: Any, decode: Decode) -> Any:
    _, columns, index, values = raw
    names, rows = _an_index(decode(columns)), _an_index(decode(index))
    if type(values) is not list or len(values) != len(names) or len(values) > _MAX_COLUMNS:
        raise NotPlain("colonnes")
    series = {place: _column_from(one, rows, decode) for place, one in enumerate(values)}
    made = pd.DataFrame(series, index=rows)
    made.columns = names
    return made


def _column_from(raw: Any, rows: Any, decode: Decode) -> Any:
    values = _values(raw, decode)
    return pd.Series(values, index=rows, dtype=values.dtype)


def _period_from(raw: Any, decode: Decode) -> Any:
    (whole,) = _arrays([raw[1]], decode, "i")
    if len(whole) != 1:
        raise NotPlain("période")
    return pd.PeriodIndex.from_ordinals(whole, freq=_frequency(raw[2]))[0]


READERS: dict[str, Callable[[Any, Decode], Any]] = {
    "NaT": lambda _raw, _decode: pd.NaT,
    "NA": lambda _raw, _decode: pd.NA,
    "ts": _moment_from(pd.Timestamp),
    "td": _moment_from(pd.Timedelta),
    "in": lambda raw, decode: pd.Interval(decode(raw[1]), decode(raw[2]), raw[3]),
    "p": _period_from,
    "cat": _categories,
    "ma": _masked,
    "str": _strings,
    "iv": _intervals,
    "pe": _periods,
    "ix": _index_from,
    "ri": _range,
    "mi": _multi_from,
    "S": _series_from,
    "DF": _frame_from,
}
