"""Une valeur sortie d’un carnet se refait à l’identique ; une donnée hostile est refusée sans rien exécuter."""

import collections
import datetime
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from hypothesis.extra import pandas as hpd

from formation.classroom.grading import lossless

LIMIT = 1_000_000


def again(value):
    return lossless.loads(lossless.dumps({"x": value}, LIMIT))["x"]


def alike(one, two):
    """Même type et même contenu, jusque dans les éléments ; deux NaN sont égaux, pas zéro et moins zéro."""
    if type(one) is not type(two):
        return False
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, two, check_exact=True, check_freq=True)
        return True
    if isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, two, check_exact=True, check_freq=True)
        return True
    if isinstance(one, pd.Index):
        pd.testing.assert_index_equal(one, two, exact=True, check_exact=True)
        return getattr(one, "freq", None) == getattr(two, "freq", None)
    if isinstance(one, np.ndarray):
        same = one.dtype == two.dtype and one.shape == two.shape
        if one.dtype == object:
            return same and all(map(alike, one.ravel().tolist(), two.ravel().tolist()))
        return same and one.tobytes() == two.tobytes()
    if isinstance(one, np.generic):
        return one.dtype == two.dtype and one.tobytes() == two.tobytes()
    if isinstance(one, (dict, list, tuple, collections.deque)):
        first, second = (list(each.items()) if isinstance(each, dict) else list(each) for each in (one, two))
        return len(first) == len(second) and all(map(alike, first, second))
    return _alike_scalars(one, two)


def _alike_scalars(one, two):
    if isinstance(one, complex):
        return alike(one.real, two.real) and alike(one.imag, two.imag)
    if isinstance(one, pd.api.extensions.ExtensionArray):
        pd.testing.assert_extension_array_equal(one, two, check_exact=True)
        return True
    if isinstance(one, float):
        return (math.isnan(one) and math.isnan(two)) or (one == two and math.copysign(1, one) == math.copysign(1, two))
    return one is two or one == two


HASHABLE = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.text(st.characters(), max_size=8)
    | st.binary(max_size=8)
    | st.dates()
    | st.datetimes().map(lambda moment: moment.replace(fold=0))
    | st.timedeltas()
    | st.times().map(lambda time: time.replace(fold=0))
)
SCALARS = HASHABLE | st.floats() | st.complex_numbers() | hnp.arrays(hnp.scalar_dtypes(), ()).map(lambda a: a[()])
DTYPES = hnp.scalar_dtypes() | hnp.unicode_string_dtypes() | hnp.byte_string_dtypes()
ARRAYS = hnp.arrays(DTYPES, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
NESTED = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(HASHABLE, inner, max_size=3)
        | st.lists(inner, max_size=3).map(collections.deque)
    ),
    max_leaves=12,
)
INDEXES = st.one_of(
    hpd.range_indexes(max_size=5),
    hpd.indexes(dtype=int, max_size=5),
    hpd.indexes(dtype=float, max_size=5),
    hpd.indexes(elements=st.text(max_size=4), max_size=5),
    hpd.indexes(dtype="M8[ns]", max_size=5),
)


@settings(max_examples=300, deadline=None)
@given(NESTED)
def test_nested_values_come_back_the_same(value):
    assert alike(value, again(value))


@settings(max_examples=100, deadline=None)
@given(st.sets(HASHABLE, max_size=5))
def test_sets_come_back_the_same(value):
    assert again(value) == value
    assert type(again(frozenset(value))) is frozenset


@settings(max_examples=100, deadline=None)
@given(INDEXES, st.none() | st.text(max_size=3))
def test_indexes_come_back_the_same(index, name):
    assert alike(index.rename(name), again(index.rename(name)))


@settings(max_examples=60, deadline=None)
@given(
    hpd.data_frames(
        [
            hpd.column("n", dtype=float),
            hpd.column("é", dtype=int),
            hpd.column("t", elements=st.none() | st.text(max_size=3), dtype=object),
            hpd.column("j", dtype="M8[ns]"),
            hpd.column("b", dtype=bool),
        ],
        index=INDEXES,
    )
)
def test_tables_come_back_the_same(frame):
    assert alike(frame, again(frame))
    assert alike(frame["n"], again(frame["n"]))


DATES = pd.date_range("2026-01-01", periods=4, freq="MS")
FRAME = pd.DataFrame({"ville": ["a", "b", "a", None], "v": [1.5, None, 2, 3], "n": [1, 2, 3, 4]})


@pytest.mark.parametrize(
    "value",
    [
        FRAME,
        FRAME["ville"],
        FRAME.groupby("ville")["v"].sum(),
        FRAME.groupby(["ville", "n"]).sum(),
        FRAME.groupby("ville").agg(["mean", "max"]),
        FRAME.set_index(DATES),
        pd.Series(range(4), index=DATES).resample("QS").sum(),
        FRAME.astype({"ville": "category", "n": "Int64", "v": "Float32"}),
        FRAME.astype({"ville": "string"}),
        FRAME.convert_dtypes(),
        FRAME.assign(p=DATES.to_period("M"), d=DATES - DATES[0]),
        pd.cut(FRAME["n"], 2),
        FRAME.groupby(pd.cut(FRAME["n"], 2), observed=False)["v"].sum(),
        pd.cut(FRAME["n"], [0, 2, 4], labels=["bas", "haut"]),
        FRAME["ville"].value_counts(),
        FRAME.describe(),
        FRAME.iloc[:0],
        FRAME[[]],
        FRAME.T,
        pd.DataFrame(),
        pd.Series(dtype=float),
        pd.concat([FRAME, FRAME], axis=1),
        FRAME["v"].isna(),
        pd.array([1, None], dtype="Int8"),
        pd.Categorical(["b", "a"], ordered=True),
        pd.MultiIndex.from_product([[1, 2], ["a", "b"]], names=["x", None]),
        pd.Timestamp("2026-03-01 12:00"),
        pd.Timedelta("3h"),
        pd.Period("2026-03", "M"),
        pd.Interval(0, 1.5),
        pd.NaT,
        pd.NA,
        pd.timedelta_range("1h", periods=3),
        pd.PeriodIndex(["2026-01", "2026-02"], freq="M"),
        np.array([1, "a", None, [2.5, np.nan]], dtype=object),
        np.float64(0.1),
        np.str_(""),
        np.datetime64("2026-01-01"),
        np.longdouble("0.1"),
        {"a": np.int64(3), 2: {frozenset([1])}},
        collections.Counter("abca"),
        collections.defaultdict(list, {"a": [1]}),
        collections.OrderedDict(b=1, a=2),
        range(2, 10, 3),
        "\ud800",
        [float("nan"), -0.0, float("inf")],
    ],
    ids=lambda value: type(value).__name__,
)
def test_usual_answers_come_back_the_same(value):
    assert alike(value, again(value))


def test_views_of_a_dictionary_come_back():
    assert list(again({"a": 1}.keys())) == ["a"]
    assert type(again({"a": 1}.values())) is type({}.values())


class Liar(int):
    """Entier qui se dit égal à tout."""

    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Table(pd.DataFrame):
    """Tableau d’une sous-classe."""


@pytest.mark.parametrize(
    "value", [Liar(3), [Liar(3)], Table(FRAME), len, iter([]), type("A", (), {})(), (n for n in [1]), pd.Series([len])]
)
def test_what_is_not_plain_is_refused(value):
    with pytest.raises(lossless.NotPlain):
        lossless.dumps({"x": value}, LIMIT)


def test_a_cycle_and_an_oversized_value_are_refused():
    loop = []
    loop.append(loop)
    for value in (loop, "a" * LIMIT, 1 << 10_000):
        with pytest.raises(lossless.NotPlain):
            lossless.dumps({"x": value}, LIMIT)


HOSTILE = [
    [],
    {},
    {"x": 1},
    ["?"],
    [1],
    ["l", {}],
    ["f", "1"],
    ["d", [1], []],
    ["d", [["l", []]], [1]],
    ["r", 0, 1, 0],
    ["r", 0, "9", 1],
    ["b", "é"],
    ["a", "|O", [1], "AAAAAAAAAAA="],
    ["a", "<i8", [10**15], "AAAAAAAAAAA="],
    ["a", "<i8", [-1], "AAAAAAAAAAA="],
    ["a", "|b1", [1], "Ag=="],
    ["a", "<U1", [1], "/////w=="],
    ["a", "i8,f8", [1], "AAAAAAAAAAA="],
    ["ao", [10**15], []],
    ["n", "<i8", "AAAA"],
    ["n", "|V8", "AAAAAAAAAAA="],
    ["dd", "eval", [], []],
    ["dt", "demain"],
    ["de", 10**20, 0, 0],
    ["ts", "1", "ns"],
    ["ts", 1, "ns]; import os"],
    ["S", 1, 2, 3],
    ["S", ["l", [1]], ["ri", 0, 1, 1, None], None],
    ["S", ["a", "<i8", [1], "AAAAAAAAAAA="], ["ri", 0, 10**15, 1, None], None],
    ["DF", ["ri", 0, 1, 1, None], ["ri", 0, 1, 1, None], []],
    ["cat", ["a", "|i1", [1], "BQ=="], ["ri", 0, 1, 1, None], False],
    ["ma", "object", 1, 2],
    ["str", "autre", True, ["l", []]],
    ["str", "python", True, ["l", [1]]],
    ["ix", ["a", "<M8[ns]", [1], "AAAAAAAAAAA="], None, "__import__('os')"],
    ["p", 1, "__import__('os')"],
]


@pytest.mark.parametrize("raw", HOSTILE, ids=lambda raw: json.dumps(raw)[:40])
def test_a_hostile_payload_is_refused(raw):
    with pytest.raises(lossless.NotPlain):
        lossless.loads(json.dumps({"x": raw}))


def test_a_payload_nested_too_deep_is_refused():
    for text in ("[" * 100_000, '{"x": ' + '["l", [' * 500 + "]]" * 500 + "}", "[]", "3"):
        with pytest.raises(lossless.NotPlain):
            lossless.loads(text)


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=6) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=15,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([raw[0] for raw in HOSTILE if type(raw) is list and raw and type(raw[0]) is str]), JSON)
def test_any_other_payload_is_refused_or_read_and_never_fails_otherwise(tag, rest):
    raw = [tag, *rest] if isinstance(rest, list) else [tag, rest]
    try:
        lossless.loads(json.dumps({"x": raw}))
    except lossless.NotPlain:
        assert True


def test_dates_without_a_zone_only():
    with pytest.raises(lossless.NotPlain):
        lossless.dumps({"x": datetime.datetime.now(datetime.UTC)}, LIMIT)
