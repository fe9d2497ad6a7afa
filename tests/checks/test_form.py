import datetime as dt

import numpy as np
import pandas as pd
import pytest

from formation.checks.form import form_problem
from formation.checks.plain import to_plain
from formation.checks.spec import from_mapping

SHARE = {"nom": "part", "type": "nombre", "minimum": 0, "maximum": 1}
TABLE = {"nom": "t", "type": "tableau", "colonnes": {"materiau": "texte", "taux": "nombre"}, "cle": ["materiau"]}
FRAME = pd.DataFrame({"materiau": ["fonte", "pvc"], "taux": [0.5, 0.25]})


def problem(spec, value):
    found = form_problem(from_mapping({"nom": "x", **spec}), to_plain(value))
    return found and found.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        (SHARE, 0.5),
        (SHARE, 1),
        (SHARE, np.float32(0.25)),
        ({"type": "entier"}, np.int64(3)),
        ({"type": "booleen"}, np.True_),
        ({"type": "texte"}, "fonte"),
        ({"type": "choix", "options": {"a": "oui", "b": "non"}}, "a"),
        ({"type": "date"}, pd.Timestamp("2024-01-31")),
        ({"type": "date"}, "2024-01-31"),
        ({"type": "liste", "element": "nombre"}, np.array([1.0, 2.0])),
        ({"type": "liste", "element": "texte"}, pd.Series(["a", "b"])),
        ({"type": "liste", "element": "texte"}, pd.Series(["a", "b", "a"]).unique()),
        ({"type": "liste", "element": "texte"}, pd.Series(["a", "b"], dtype="category").values),
        ({"type": "liste", "element": "date"}, pd.Series(pd.to_datetime(["2024-01-31"])).unique()),
        (SHARE, 1.0000000000000002),
        ({"type": "nombre", "minimum": 0}, 0.3 - 0.1 - 0.2),
        ({"type": "liste", "element": "texte", "ordre": False}, {"a", "b"}),
        (TABLE, FRAME),
        (TABLE, FRAME[["taux", "materiau"]]),
    ],
)
def test_right_form_is_accepted(spec, value):
    assert problem(spec, value) is None


@pytest.mark.parametrize(
    ("spec", "value", "excerpt"),
    [
        (SHARE, ..., "pas encore répondu"),
        (SHARE, True, "valeur logique"),
        (SHARE, "0,74", "Écrivez 0.74"),
        (SHARE, "74 %", "sans guillemets ni %"),
        (SHARE, "environ", "sans guillemets"),
        (SHARE, 74, "est un pourcentage, écrivez 0.74"),
        (SHARE, -0.2, "au moins 0"),
        (SHARE, float("nan"), "valeur manquante"),
        (SHARE, np.inf, "infinie"),
        (SHARE, None, "rien"),
        (SHARE, pd.Series([0.5]), ".iloc[0]"),
        (SHARE, np.array([0.5]), ".item()"),
        (SHARE, [0.5], "[0]"),
        (SHARE, FRAME, "Choisissez une ligne"),
        (SHARE, SHARE.items(), "objet de type"),
        (SHARE, len, "parenthèses"),
        (SHARE, pd.Series([0.5]).mean, "parenthèses"),
        ({"type": "entier"}, pd.Timedelta(days=3), "une durée, on attend un nombre entier. Une durée devient"),
        (SHARE, FRAME.groupby("materiau"), "un regroupement (groupby)"),
        ({"type": "date"}, "12/02/2027", "au format AAAA-MM-JJ"),
        (SHARE, 2.5, "vérifiez son sens"),
        ({"type": "entier"}, (23, 7), "un tuple de 2 valeurs, on attend un nombre entier."),
        (
            {"type": "texte"},
            dt.time(20),
            "une heure, on attend un texte entre guillemets. Une date ou une heure devient",
        ),
        ({"type": "texte"}, pd.Timestamp("2024-03-11"), '.strftime("%Y-%m-%d")'),
        ({"type": "texte"}, pd.Timestamp("2024-03-11 20:00"), '.strftime("%H:%M")'),
        ({"type": "entier"}, pd.Series(range(10_001)), "une colonne de 10001 valeurs"),
        (TABLE, [1, 2], "pd.DataFrame(…)"),
        (SHARE, problem, "parenthèses"),
        ({**SHARE, "maximum": 50, "unite": "km"}, 5000, "Vérifiez l’unité : km"),
        ({"type": "entier"}, 12.0, "int(…)"),
        ({"type": "entier"}, 12.5, "n’est pas un nombre entier"),
        ({"type": "entier"}, True, "valeur logique"),
        ({"type": "booleen"}, 1, "True ou False"),
        ({"type": "booleen"}, "vrai", "sans guillemets"),
        ({"type": "texte"}, 3, "un texte entre guillemets"),
        ({"type": "texte"}, "  ", "vide"),
        ({"type": "choix", "options": {"a": "oui", "b": "non"}}, "A", 'écrivez exactement "a"'),
        ({"type": "choix", "options": {"a": "oui", "b": "non"}}, "non", 'écrivez exactement "b"'),
        ({"type": "choix", "options": {"a": "oui", "b": "non"}}, "c", "n’est pas une des réponses"),
        ({"type": "choix", "options": {"a": "oui", "b": "non"}}, 1, "une clé entre guillemets"),
        ({"type": "date"}, "31/01/2024", "une date"),
        ({"type": "date"}, "2024-02-30", "une date"),
        ({"type": "entier"}, 1234567.8, "le nombre 1234567.8"),
        ({"type": "liste", "element": "entier"}, range(3), "list(…)"),
        ({"type": "liste", "element": "nombre", "taille": 2}, (0, 5, 0, 7), "0.5 et non 0,5"),
        ({"type": "liste", "element": "nombre", "taille": 2}, [24, 57, 6], "0.5 et non 0,5"),
        ({"type": "choix", "options": {"vert": "vert"}}, ["vert"], "on attend une clé entre guillemets"),
        ({"type": "liste", "element": "nombre"}, 3, "entre crochets"),
        ({"type": "liste", "element": "nombre"}, [], "vide"),
        ({"type": "liste", "element": "nombre", "taille": 3}, [1, 2], "on en attend 3"),
        ({"type": "liste", "element": "nombre"}, [1, "2"], "élément n° 2"),
        ({"type": "liste", "element": "nombre"}, np.zeros((2, 2)), "une dimension"),
        ({"type": "liste", "element": "texte"}, {"a", "b"}, "pas d’ordre"),
        ({"type": "liste", "element": "choix", "options": {"a": "1", "b": "2"}}, ["a", "a"], "deux fois"),
        (TABLE, 3, "on attend un tableau"),
        (TABLE, FRAME["taux"], ".reset_index()"),
        (TABLE, FRAME.set_index("materiau"), "dans l’index"),
        (TABLE, FRAME.set_index("materiau").reset_index().reset_index(), "l’ancien index"),
        (TABLE, FRAME.rename(columns={"taux": "Taux"}), "il manque « taux »"),
        (TABLE, FRAME.assign(autre=1), "en trop"),
        (TABLE, FRAME.iloc[:0], "aucune ligne"),
        (TABLE, FRAME.assign(taux=["0,5", "0,25"]), "colonne « taux »"),
        (TABLE, FRAME.assign(taux=[0.5, np.nan]), "1 case est vide"),
        ({**TABLE, "lignes": 3}, FRAME, "on en attend 3"),
        ({**TABLE, "colonnes": {"materiau": "texte", "taux": "entier"}}, FRAME.assign(taux=[1.0, 2.0]), ".astype(int)"),
    ],
)
def test_wrong_form_is_explained(spec, value, excerpt):
    assert excerpt in (problem(spec, value) or "")


def test_empty_cells_are_allowed_when_declared():
    assert problem({**TABLE, "manquants": True}, FRAME.assign(taux=[0.5, np.nan])) is None


def test_text_with_percent_is_explained_in_the_unit_expected() -> None:
    percent = {"nom": "part", "type": "nombre", "unite": "%", "minimum": 0, "maximum": 100}
    assert "74 % s’écrit 74." in (problem(percent, "40 %") or "").replace("\u00a0", " ")
    assert "0.74" in (problem({"nom": "part", "type": "nombre", "minimum": 0, "maximum": 1}, "40 %") or "")


def test_decimal_comma_without_quotes_is_explained() -> None:
    assert "612.4 et non 612,4" in (problem({"nom": "km", "type": "nombre"}, (612, 4)) or "")
