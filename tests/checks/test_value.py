import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formation.checks import judge
from formation.checks.plain import to_plain
from formation.checks.spec import from_mapping
from formation.checks.value import same

TABLE = {"type": "tableau", "colonnes": {"nom": "texte", "n": "nombre"}, "cle": ["nom"], "tolerance": 0.1}
FRAME = pd.DataFrame({"nom": ["a", "b"], "n": [1.0, 2.0]})


def verdict(spec, value, expected, **hidden):
    return judge({"attente": spec, "valeur": to_plain(expected), **hidden}, to_plain(value), "x")


@pytest.mark.parametrize(
    ("spec", "value", "expected"),
    [
        ({"type": "nombre", "tolerance": 0.005}, 0.745, 0.74),
        ({"type": "nombre", "tolerance_relative": 0.1}, 109, 100),
        ({"type": "nombre"}, 0.1 + 0.2, 0.3),
        ({"type": "entier"}, 3, 3),
        ({"type": "texte"}, " fonte GRISEE ", "Fonte grisée"),
        ({"type": "liste", "element": "texte", "ordre": False}, ["b", "a"], ["a", "b"]),
        ({"type": "date"}, "2024-01-31", pd.Timestamp("2024-01-31")),
        ({"type": "date"}, pd.Timestamp("2024-01-31 10:15"), "2024-01-31"),
        (TABLE, FRAME.iloc[::-1], FRAME),
        (TABLE, FRAME.assign(n=[1, 2]), FRAME),
    ],
)
def test_right_value_is_accepted(spec, value, expected):
    assert verdict(spec, value, expected) is None


@pytest.mark.parametrize(
    ("spec", "value", "expected", "excerpt"),
    [
        ({"type": "nombre", "tolerance": 0.005}, 0.75, 0.74, "n’est pas la valeur attendue"),
        ({"type": "nombre"}, 7400, 74, "cent fois trop grande"),
        ({"type": "nombre"}, 0.012, 12, "mille fois trop petite"),
        ({"type": "nombre"}, -12, 12, "signe opposé"),
        ({"type": "nombre", "tolerance": 0.1}, 0.376, 2.66, "l’inverse"),
        ({"type": "nombre", "tolerance": 0.01}, 35.0, 0.58333, "heures ou minutes"),
        ({"type": "nombre", "tolerance": 0.01}, 120, 5, "jours ou heures"),
        ({"type": "nombre", "tolerance": 0.01}, 0.2, 0.232, "plus de décimales"),
        ({"type": "nombre", "minimum": 0, "maximum": 1}, 0.3, 0.7, "complémentaire"),
        ({"type": "nombre", "tolerance": 0.0005}, 0.79, 0.7912, "plus de décimales"),
        ({"type": "date"}, "2024-02-01", "2024-01-31", "pas la bonne réponse"),
        ({"type": "liste", "element": "nombre", "tolerance": 0.01}, [1.5, 75], [1.5, 0.75], "cent fois trop grande"),
        ({"type": "entier"}, 4, 3, "n’est pas la valeur"),
        ({"type": "booleen"}, True, False, "pas la bonne réponse"),
        ({"type": "texte", "exact": True}, "Fonte", "fonte", "pas la bonne réponse"),
        ({"type": "liste", "element": "texte"}, ["b", "a"], ["a", "b"], "élément n° 1"),
        ({"type": "liste", "element": "texte"}, ["a"], ["a", "b"], "trop peu"),
        (TABLE, FRAME.iloc[:1], FRAME, "trop peu"),
        (TABLE, FRAME.assign(n=[1.0, 3.0]), FRAME, "colonne « n », ligne b"),
        (TABLE, FRAME.assign(nom=["a", "c"]), FRAME, "la ligne c n’est pas attendue"),
    ],
)
def test_wrong_value_is_explained(spec, value, expected, excerpt):
    assert excerpt in verdict(spec, value, expected).replace("\u00a0", " ")


def test_message_never_gives_the_expected_value():
    message = verdict({"type": "nombre", "tolerance": 0.001}, 0.52, 0.73519)
    assert "0.735" not in message


def test_trap_message_wins_when_value_matches():
    traps = [{"valeur": 0.5, "message": "Vous avez compté les tronçons."}]
    assert "compté les tronçons" in verdict({"type": "nombre"}, 0.5, 0.74, pieges=traps)


def test_a_wide_tolerance_does_not_stretch_a_trap():
    wide, traps = {"type": "nombre", "tolerance": 500}, [{"valeur": 312, "message": "une seule journée"}]
    assert "une seule journée" in verdict(wide, 312.0, 113_880, pieges=traps)
    assert "mille fois trop petite" in verdict(wide, 113.88, 113_880, pieges=traps)


def test_of_two_close_traps_the_nearest_speaks():
    spec = {"type": "nombre", "tolerance": 0.01}
    traps = [{"valeur": 0.5, "message": "le premier"}, {"valeur": 0.505, "message": "le second"}]
    assert "le second" in verdict(spec, 0.505, 0.9, pieges=traps)


def test_equivalent_is_accepted():
    assert verdict({"type": "texte"}, "PVC", "plastique", equivalents=["pvc"]) is None


def test_bool_is_not_an_int_when_compared():
    assert not same(from_mapping({"nom": "n", "type": "entier"}), True, 1)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 100))
def test_tolerance_is_symmetric_when_absolute(a, b, tolerance):
    spec = from_mapping({"nom": "n", "type": "nombre", "tolerance": tolerance})
    assert same(spec, a, b) == same(spec, b, a)
    assert same(spec, a, a)
