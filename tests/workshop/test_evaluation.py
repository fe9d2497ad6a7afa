"""La lecture d’une grille : conditions, notes, étapes, échéances, inconnues."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formation import workshop
from formation.workshop.conditions import Condition, State, holds
from formation.workshop.evaluation import add_months

DAY = date(2026, 11, 22)
GRID = """
outil: essai
titre: Essai
question: Que faire ?
version: "1.0"
date_des_faits: 2026-11-22
avertissement: Ceci est un essai.
etapes:
  - titre: Étape
    questions:
      - {id: a, texte: A, type: oui_non, si_inconnu: Demandez à B.}
      - id: b
        texte: B
        type: multiple
        si: {question: a, est: oui}
        options: [{id: x, texte: X}, {id: y, texte: Y}, {id: rien, texte: Rien, exclusif: true}]
      - {id: n, texte: N, type: nombre, unite: km, decimales: true, facultatif: true}
      - {id: t, texte: T, type: texte, facultatif: true}
notes:
  - id: p
    titre: P
    sur: 5
    points: {a: {oui: 2}, b: {x: 1, y: 2}}
    niveaux: [{a_partir_de: 0, texte: bas}, {a_partir_de: 4, texte: haut}]
themes:
  - {id: premier, titre: Premier, unique: true, defaut: {conclusion: Rien à dire}}
  - {id: second, titre: Second}
regles:
  - id: deux-cases
    theme: premier
    si: {question: b, au_moins: 2}
    conclusion: Deux cases
    gravite: attention
    a_faire: [Plus tard, Commun]
  - {id: oui, theme: premier, si: {question: a, est: oui}, conclusion: Oui, echeance: 2026-12-31, a_faire: [Avec date]}
  - {id: suite, theme: second, si: {regle: oui}, conclusion: Suite, gravite: bloquant, a_faire: [D’abord, Commun]}
  - id: note-haute
    theme: second
    si: {note: p, au_moins: 4}
    conclusion: Note haute
    a_faire: [{texte: Dans trois mois, dans_mois: 3, qui: la DGS}]
  - {id: note-basse, theme: second, si: {note: p, moins_de: 1}, conclusion: Note basse}
  - {id: theme-vide, theme: second, si: {aucun_de: [{theme: premier}]}, conclusion: Rien avant}
  - id: loin
    theme: second
    si: {question: n, au_moins: 2.5}
    conclusion: Loin
    echeance: 2025-02-02
    a_faire: [En retard]
"""


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    path = tmp_path_factory.mktemp("grille") / "essai.yml"
    path.write_text(GRID, encoding="utf-8")
    return workshop.read_grid(path)


def test_first_rule_wins_when_the_theme_is_unique(grid):
    sheet = workshop.evaluate(grid, {"a": "oui", "b": ["x", "y"]}, on=DAY)
    assert sheet.conclusions("premier") == ["Deux cases"]
    assert "oui" not in sheet.rules
    assert "suite" not in sheet.rules


def test_later_rule_sees_an_earlier_one_when_it_fired(grid):
    sheet = workshop.evaluate(grid, {"a": "oui", "b": ["x"]}, on=DAY)
    assert sheet.rules == ("oui", "suite")


def test_default_is_said_when_no_rule_fires(grid):
    sheet = workshop.evaluate(grid, {"a": "non"}, on=DAY)
    assert sheet.conclusions("premier") == ["Rien à dire"]
    assert sheet.rules == ("note-basse", "theme-vide")


def test_hidden_answer_does_not_count_when_its_question_is_hidden(grid):
    sheet = workshop.evaluate(grid, {"a": "non", "b": ["x", "y"]}, on=DAY)
    assert "deux-cases" not in sheet.rules
    assert [text for text, _ in sheet.answers] == ["A"]


def test_note_is_silent_when_no_answer_is_known(grid):
    sheet = workshop.evaluate(grid, {"a": "inconnu"}, on=DAY)
    assert "note-basse" not in sheet.rules
    assert (sheet.scores[0].known, sheet.scores[0].asked) == (0, 1)


def test_note_adds_points_when_several_boxes_are_ticked(grid):
    score = workshop.evaluate(grid, {"a": "oui", "b": ["x", "y"]}, on=DAY).scores[0]
    assert (score.total, score.level) == (5, "haut")


def test_exclusive_option_is_not_counted_as_a_box(grid):
    assert "deux-cases" not in workshop.evaluate(grid, {"a": "oui", "b": ["rien"]}, on=DAY).rules


def test_unknown_says_whom_to_ask_when_the_answer_is_missing(grid):
    sheet = workshop.evaluate(grid, {"a": "inconnu"}, on=DAY)
    assert [(one.question, one.hint) for one in sheet.unknowns] == [("a", "Demandez à B.")]


def test_steps_come_blocking_first_then_dated_then_the_rest(grid):
    steps = workshop.evaluate(grid, {"a": "oui", "b": ["x"], "n": 3}, on=DAY).steps
    assert [step.text for step in steps] == ["D’abord", "Commun", "En retard", "Avec date"]
    later = workshop.evaluate(grid, {"a": "oui", "b": ["x", "y"]}, on=DAY).steps
    assert [(step.text, step.due) for step in later] == [
        ("Dans trois mois", date(2027, 2, 22)),
        ("Plus tard", None),
        ("Commun", None),
    ]


def test_past_due_date_is_said_as_in_force(grid):
    text = workshop.documents.to_text(workshop.evaluate(grid, {"a": "non", "n": "3,5"}, on=DAY).document())
    assert "Applicable depuis le 02/02/2025." in text
    assert "Dès maintenant" in text
    assert "3,5\u00a0km" in text


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-11-30", 3, "2027-02-28"), ("2027-12-31", 2, "2028-02-29"), ("2026-01-31", 12, "2027-01-31")],
)
def test_last_day_is_kept_when_the_month_is_short(day, months, expected):
    assert add_months(date.fromisoformat(day), months).isoformat() == expected


@given(st.booleans(), st.booleans(), st.booleans())
def test_combinations_follow_logic_whatever_the_answers(one, two, three):
    values = [one, two, three]
    state = State({f"q{i}": "oui" for i, value in enumerate(values) if value})
    parts = [Condition(question=f"q{i}", est="oui") for i in range(3)]
    assert holds(Condition(tous=parts), state) is all(values)
    assert holds(Condition(un_de=parts), state) is any(values)
    assert holds(Condition(aucun_de=parts), state) is not any(values)


def test_sheet_is_the_same_when_evaluated_twice(grid):
    answers = {"a": "oui", "b": ["y", "x"], "t": "texte"}
    first, second = (workshop.evaluate(grid, answers, on=DAY).to_dict() for _ in range(2))
    assert first == second


def test_nothing_heavy_is_imported_when_a_sheet_is_made():
    code = (
        "import sys; from formation import workshop; g = workshop.load('besoin'); workshop.evaluate(g, {});"
        "print([m for m in ('pandas', 'numpy', 'docx', 'odf', 'ipywidgets', 'sphinx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
