"""Exercice témoin, sans données, et processus chaud partagé par les tests."""

import json
from pathlib import Path

import pytest

PILOT = Path(__file__).parent / "fixtures" / "pilote" / "pilote-01-peser-les-fuites.md"


@pytest.fixture(scope="session")
def pilot_path():
    return PILOT


@pytest.fixture(scope="session")
def pilot_folder(tmp_path_factory):
    """Copie modifiable de l’exercice témoin et de sa banque."""

    def make(change=None, bank_change=None):
        folder = tmp_path_factory.mktemp("sources")
        text = PILOT.read_text(encoding="utf-8")
        bank = PILOT.with_name(f"{PILOT.stem}.reponses.yml").read_text(encoding="utf-8")
        (folder / PILOT.name).write_text(change(text) if change else text, encoding="utf-8")
        changed = bank_change(bank) if bank_change else bank
        (folder / f"{PILOT.stem}.reponses.yml").write_text(changed, encoding="utf-8")
        return folder / PILOT.name

    return make


@pytest.fixture(scope="session")
def runner():
    from formation.classroom.runner import Runner

    with Runner(cell_seconds=6, total_seconds=45) as ready:
        yield ready


@pytest.fixture(scope="session")
def pilot(pilot_path):
    from formation.classroom.sources import read_exercise

    return read_exercise(pilot_path)


@pytest.fixture(scope="session")
def expected(pilot, runner):
    from formation.classroom.notebook import compute_expected

    return compute_expected(pilot, runner)


@pytest.fixture(scope="session")
def bank(pilot):
    from formation.classroom.bank import read_bank

    return {answer.name: answer for answer in read_bank(pilot)}


@pytest.fixture
def blank(pilot, expected):
    """JSON d’une copie vierge, à remplir."""
    from formation.classroom.copies import learner_notebook
    from formation.classroom.course import notebook_text

    return json.loads(notebook_text(learner_notebook(pilot, expected)))
