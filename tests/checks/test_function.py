"""Appeler chez le stagiaire, juger ailleurs : rien de ce qui revient n’est cru d’avance."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formation import checks
from formation.checks.function import MAX_PROBLEM

PUBLIC = {"nom": "aire", "type": "fonction", "retour": {"type": "nombre"}}
CASES = [{"args": [2, 3], "valeur": 6}, {"args": [4, 5], "valeur": 20}]
HIDDEN = {
    "attente": PUBLIC,
    "cas": CASES,
    "pieges": [{"valeurs": [5, 9], "message": "Vous additionnez."}],
}
ARGS = [case["args"] for case in CASES]
TABLE = {
    "genre": "tableau",
    "colonnes": ["a", "d"],
    "types": ["int64", "str"],
    "index": None,
    "lignes": [[1, "2024-01-31"], [2, None]],
    "nb_lignes": 2,
}


class Hostile(Exception):
    def __str__(self):
        raise RuntimeError("non")


def hostile():
    raise Hostile


def quits(_a, _b):
    raise SystemExit(3)


def told(function):
    return checks.judge_function(HIDDEN, checks.call_cases(PUBLIC, function, ARGS), "aire")


def test_a_right_function_passes():
    assert told(lambda a, b: a * b) is None


@pytest.mark.parametrize(
    ("function", "excerpt"),
    [
        (..., "pas encore répondu"),
        (3, "vous donnez l’entier 3, on attend une fonction"),
        (lambda a: a, "doit accepter 2 arguments"),
        (lambda a, b: None, "aire(2, 3) ne renvoie rien"),
        (lambda a, b: a / 0, "ZeroDivisionError"),
        (lambda a, b: "6", "écrivez un nombre"),
        (lambda a, b: 6, "aire(4, 5)"),
        (lambda a, b: a + b, "Vous additionnez"),
        (quits, "SystemExit"),
        (lambda a, b: hostile(), "Hostile"),
    ],
)
def test_each_mistake_has_its_message(function, excerpt):
    assert excerpt in told(function).replace("\u00a0", " ")


def test_a_pandas_function_given_lists_is_told_so():
    args = checks.plain.to_plain([[1, 0], [0, 1]])
    (result,) = checks.call_cases(PUBLIC, lambda table: table > 0, [[args]])
    assert "aire([[1, 0], [0, 1]])" in result["probleme"]
    assert "np.array(…)" in result["probleme"]


def test_a_form_problem_on_the_public_case_recalls_the_expected_form():
    assert "Attendu" in told(lambda a, b: None)


def test_only_the_public_case_recalls_the_expected_form():
    assert "Attendu" not in told(lambda a, b: 6 if a == 2 else None)


def test_nothing_expected_is_needed_to_call():
    assert checks.call_cases({"nom": "aire"}, lambda a, b: a * b, ARGS) == [{"valeur": 6}, {"valeur": 20}]


def test_a_callable_whose_signature_fails_is_still_called():
    class Odd:
        @property
        def __signature__(self):
            raise RuntimeError("non")

        def __call__(self, a, b):
            return a * b

    assert told(Odd()) is None


def test_a_long_or_unwritable_error_is_bounded_and_writable():
    def boom(a, b):
        raise ValueError("\ud800" * 5000)

    (first, _) = checks.call_cases(PUBLIC, boom, ARGS)
    assert len(first["probleme"].encode()) <= MAX_PROBLEM
    assert checks.judge_function(HIDDEN, checks.call_cases(PUBLIC, boom, ARGS), "aire")


@pytest.mark.parametrize(
    "forged",
    [
        None,
        [],
        {},
        [{"valeur": 6}],
        [{"valeur": 6}, {"valeur": 20}, {"valeur": 20}],
        [{"valeur": 6}, 20],
        [{"valeur": 6}, {}],
        [{"valeur": 6}, {"valeur": 20, "probleme": ""}],
        [{"valeur": 6}, {"probleme": ""}],
        [{"valeur": 6}, {"probleme": None}],
        [{"valeur": 6}, {"probleme": "x" * (MAX_PROBLEM + 1)}],
        [{"valeur": 6}, {"valeur": {"genre": "nombre", "valeur": 20}}],
        [{"valeur": 6}, {"valeur": math.nan}],
        [{"valeur": 6}, {"valeur": True}],
        ({"valeur": 6}, {"valeur": 20}),
    ],
)
def test_forged_results_fail(forged):
    assert checks.judge_function(HIDDEN, forged, "aire")


def test_a_control_without_any_case_never_passes():
    assert checks.judge_function({**HIDDEN, "cas": []}, [], "aire")


@pytest.mark.parametrize(
    "value",
    [
        None,
        ...,
        True,
        3,
        0.5,
        math.inf,
        "é",
        [1, [2, [3, [4, [5]]]]],
        (1, 2),
        {1, 2},
        {"a": [1]},
        np.zeros((2, 3)),
        np.array(3),
        np.array(["a"], dtype=object),
        pd.Series([1.0, None]),
        pd.Index(["a"]),
        pd.DataFrame({"a": [1, 2], "b": [pd.Timestamp("2024-01-31 12:30:00.123456789", tz="Europe/Paris"), pd.NaT]}),
        pd.DataFrame({"a": [1]}, index=pd.Index([2], name="b")),
        pd.DataFrame(columns=["a"]),
        pd.DataFrame(index=[1, 2]),
        np.datetime64("2024-01-31"),
        pd.NA,
        len,
        lambda: 0,
        10**30,
        "x" * 20_000,
        object(),
    ],
)
def test_what_to_plain_gives_is_sound_after_a_trip_through_json(value):
    assert checks.sound(json.loads(json.dumps(checks.to_plain(value))))


@pytest.mark.parametrize(
    "forged",
    [
        math.nan,
        10**19,
        "\ud800",
        "x" * 10_001,
        [],
        {},
        {"genre": []},
        {"genre": "inconnu"},
        {"genre": "vide", "forme": []},
        {"genre": "liste", "valeurs": []},
        {"genre": "liste", "de": "Liste", "valeurs": []},
        {"genre": "liste", "de": ["list"], "valeurs": []},
        {"genre": "liste", "de": "list", "valeurs": {}},
        {"genre": "liste", "de": "list", "valeurs": [1], "forme": [1, 1]},
        {"genre": "liste", "de": "ndarray", "valeurs": [1], "forme": [True, 1]},
        {"genre": "liste", "de": "ndarray", "valeurs": [1], "forme": [2, 1]},
        {"genre": "liste", "de": "list", "valeurs": [0] * 10_001},
        {"genre": "liste", "de": "list", "valeurs": [{"genre": "liste", "de": "list", "valeurs": [0] * 10_000}] * 101},
        {"genre": "date", "valeur": 20240131},
        {"genre": "date", "valeur": "31/01/2024"},
        {"genre": "non_fini", "valeur": "NaN"},
        {"genre": "trop_grand", "quoi": "liste", "taille": True, "limite": 1},
        {"genre": "dictionnaire", "paires": [[1]]},
        {"genre": "fonction", "__class__": 1},
        {**TABLE, "types": ["int64"]},
        {**TABLE, "lignes": [[1], [2, None]]},
        {**TABLE, "nb_lignes": 3},
        {**TABLE, "nb_lignes": True, "lignes": [[1, None]]},
        {**TABLE, "colonnes": [1, 2]},
        {**TABLE, "index": "a"},
        {key: value for key, value in TABLE.items() if key != "lignes"},
    ],
)
def test_forged_data_are_not_sound_and_never_pass(forged):
    assert not checks.sound(forged)
    for kind, expected in EXPECTED.items():
        assert checks.judge({"attente": ATTENTES[kind], "valeur": expected}, forged, "x")


def test_deep_data_are_refused_without_recursion_error():
    deep = 0
    for _ in range(100_000):
        deep = {"genre": "liste", "de": "list", "valeurs": [deep]}
    assert not checks.sound(deep)


EXPECTED = {
    "nombre": 0.5,
    "entier": 3,
    "booleen": True,
    "texte": "Fonte grise",
    "choix": "a",
    "date": {"genre": "date", "valeur": "2024-01-31"},
    "liste": {"genre": "liste", "de": "list", "valeurs": [3, 1, 2]},
    "tableau": TABLE,
}
ATTENTES = {
    "nombre": {"type": "nombre", "minimum": 0, "maximum": 1},
    "entier": {"type": "entier", "tolerance": 0},
    "booleen": {"type": "booleen"},
    "texte": {"type": "texte"},
    "choix": {"type": "choix", "options": {"a": "oui", "b": "non"}},
    "date": {"type": "date"},
    "liste": {"type": "liste", "element": "nombre", "ordre": False},
    "tableau": {"type": "tableau", "colonnes": {"a": "entier", "d": "date"}, "cle": ["a"], "manquants": True},
}
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["nan", "a", "2024-01-31", "0,5", "74 %", "list", "Series", 0.5, 3, True, 1e308, -1e308])
)
KEYS = st.sampled_from(
    ["genre", "de", "valeurs", "valeur", "paires", "colonnes", "types", "index", "lignes", "nb_lignes", "forme", "quoi"]
)
GENRES = st.sampled_from(["liste", "tableau", "dictionnaire", "date", "non_fini", "manquant", "vide", "autre", "x"])
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS, inner | GENRES, max_size=7)
        | st.builds(lambda de, v: {"genre": "liste", "de": de, "valeurs": v}, inner, st.lists(inner, max_size=4))
        | st.builds(
            lambda de, v: {"genre": "liste", "de": de, "valeurs": v},
            st.sampled_from(["list", "tuple", "set", "ndarray", "Series", "Index"]),
            st.lists(inner, max_size=4),
        )
        | st.builds(
            lambda rows: {**TABLE, "lignes": rows, "nb_lignes": len(rows)},
            st.lists(st.lists(inner, min_size=2, max_size=2), max_size=3),
        )
        | st.builds(lambda key, value: {**TABLE, key: value}, KEYS, inner)
    ),
    max_leaves=12,
)
TRAPS = {
    "texte": [{"valeur": "acier", "message": "non"}],
    "tableau": [{"valeur": {**TABLE, "lignes": [[1, None], [2, None]]}, "message": "non"}],
}


@pytest.mark.parametrize("kind", EXPECTED)
@given(plain=ANYTHING)
@settings(max_examples=300, deadline=None)
def test_judge_answers_whatever_it_receives(kind, plain):
    hidden = {"attente": ATTENTES[kind], "valeur": EXPECTED[kind], "pieges": TRAPS.get(kind, [])}
    message = checks.judge(hidden, plain, "x")
    assert (message is None and checks.sound(plain)) or (isinstance(message, str) and message.encode())


@given(results=st.lists(st.dictionaries(st.sampled_from(["valeur", "probleme", "x"]), ANYTHING), max_size=3) | ANYTHING)
@settings(max_examples=500, deadline=None)
def test_judge_function_answers_whatever_it_receives(results):
    message = checks.judge_function(HIDDEN, results, "aire")
    right = isinstance(results, list) and [set(r) for r in results if isinstance(r, dict)] == [{"valeur"}] * 2
    assert (message is None and right) or (isinstance(message, str) and message.encode())
