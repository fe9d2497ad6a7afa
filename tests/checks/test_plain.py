import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formation.checks.plain import MAX_ITEMS, from_plain, to_plain


class Liar:
    """Objet qui se dit égal à tout et proche de tout."""

    def __eq__(self, other):
        return True

    __hash__ = None

    def __abs__(self):
        return 0

    def __float__(self):
        return 0.5

    def __repr__(self):
        raise RuntimeError("on ne doit jamais m’afficher")


class SneakyFloat(float):
    def __eq__(self, other):
        return True

    __hash__ = None


def test_numpy_scalars_become_python_scalars():
    assert to_plain(np.float64(0.5)) == 0.5
    assert type(to_plain(np.float32(0.5))) is float
    assert type(to_plain(np.int64(3))) is int
    assert type(to_plain(np.bool_(True))) is bool
    assert type(to_plain(np.str_("a"))) is str


@pytest.mark.parametrize("liar", [Liar(), SneakyFloat(0.5), type("S", (str,), {})("a"), type("D", (dict,), {})()])
def test_unknown_types_and_subclasses_are_never_queried(liar):
    assert to_plain(liar)["genre"] == "autre"


def test_liar_inside_a_list_is_marked():
    assert to_plain([Liar()])["valeurs"][0]["genre"] == "autre"


def test_nan_and_infinity_are_marked():
    assert to_plain(float("nan")) == {"genre": "non_fini", "valeur": "nan"}
    assert to_plain(np.inf) == {"genre": "non_fini", "valeur": "inf"}


def test_ellipsis_is_an_empty_answer():
    assert to_plain(...) == {"genre": "vide"}


def test_too_many_items_are_refused_without_being_copied():
    assert to_plain(list(range(MAX_ITEMS + 1)))["genre"] == "trop_grand"
    assert to_plain(np.zeros((1000, 1000)))["genre"] == "trop_grand"
    assert to_plain(pd.DataFrame({"a": range(MAX_ITEMS + 1)}))["genre"] == "trop_grand"
    assert to_plain("x" * 20_000)["genre"] == "trop_grand"
    assert to_plain(10**30)["genre"] == "trop_grand"


def test_deep_or_cyclic_list_stops():
    cycle = []
    cycle.append(cycle)
    assert "imbrication" in json.dumps(to_plain(cycle))


def test_frame_keeps_index_names_and_missing_cells():
    frame = pd.DataFrame({"a": ["x", "y"], "b": [1.0, np.nan]}).set_index("a")
    plain = to_plain(frame)
    assert plain["index"] == ["a"]
    assert plain["lignes"] == [[1.0], [None]]


def test_frame_is_rebuilt_when_read_back():
    frame = pd.DataFrame({"a": ["01", "02"], "n": [1, 2], "d": pd.to_datetime(["2024-01-01", "2024-02-01"])})
    pd.testing.assert_frame_equal(from_plain(json.loads(json.dumps(to_plain(frame)))), frame, check_dtype=False)


scalars = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False) | st.text(max_size=20)


@given(
    st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    )
)
def test_round_trip_through_json_when_plain_python(value):
    plain = to_plain(value)
    if "imbrication" in json.dumps(plain):
        return
    back = from_plain(json.loads(json.dumps(plain)))
    assert back == value
