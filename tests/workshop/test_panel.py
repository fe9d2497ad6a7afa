"""Le panneau du carnet : la fiche suit les réponses, et s’écrit."""

from __future__ import annotations

import pytest

from formation import workshop
from formation.workshop import widgets


@pytest.fixture
def state(monkeypatch, tmp_path):
    """Panneau de l’outil « besoin », dans un dossier vide."""
    import ipywidgets

    monkeypatch.chdir(tmp_path)
    return widgets._Panel(workshop.load("besoin"), ipywidgets)


def test_sheet_follows_when_an_answer_changes(state):
    state.fields["decision"].value = "vague"
    assert "nommez d’abord la décision" in state.sheet.value
    assert state.box.answers() == {"decision": "vague"}


def test_question_appears_when_its_condition_is_true(state):
    assert state.rows["modele"].layout.display == "none"
    state.fields["nature"].value = "prevoir"
    state.fields["essai"].value = "insuffisante"
    assert state.rows["modele"].layout.display == ""


def test_wrong_number_is_said_and_the_rest_counts(state):
    state.fields["decision"].value = "vague"
    state.fields["volume"].value = "douze"
    assert "n’est pas un nombre" in state.errors.value
    assert "nommez d’abord la décision" in state.sheet.value


def test_sheet_is_written_once_and_refused_twice(state, tmp_path):
    state.save()
    assert (tmp_path / "fiche-besoin.odt").is_file()
    assert "Fiche écrite" in state.said.value
    state.save()
    assert "existe déjà" in state.said.value


def test_text_is_escaped_when_an_answer_holds_markup(state):
    state.fields["nom"].value = "<img src=x onerror=alert(1)>"
    assert "<img" not in state.sheet.value
    assert "&lt;img" in state.sheet.value


@pytest.mark.parametrize("name", workshop.names())
def test_panel_opens_for_every_tool(name):
    assert len(workshop.panel(name).children) == 6


def test_exclusive_box_unticks_the_others(state):
    import ipywidgets

    seen = []
    boxes = widgets._Boxes(ipywidgets, [("X", "x"), ("Y", "y"), ("Rien", "rien")], frozenset({"rien"}))
    boxes.observe(lambda _change: seen.append(boxes.value), names="value")
    boxes.boxes["x"].value = True
    boxes.boxes["rien"].value = True
    assert boxes.value == ("rien",)
    boxes.boxes["y"].value = True
    assert boxes.value == ("y",)
    assert seen[-1] == ("y",)
