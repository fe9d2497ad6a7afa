"""Le contrat d’une aile : toutes les ailes ont les mêmes pièces, contrôlées de la même façon."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
import yaml

import formation
from formation import datasets

ROOT = Path(__file__).resolve().parents[1]
WINGS = [case for case in datasets.cases() if case not in ("territoire", "comite", "citoyens")]
ROOMS = ["simulation", "calibration", "model", "own_data", "figures", "explorer", "key_figures"]
PAGES = [
    "book/cas/{case}.md",
    "book/cas/{case}-exercices.md",
    "cases/{case}/etude.md",
    "cases/{case}/note-pedagogique.md",
    "cases/{case}/fiche.yml",
    "cases/{case}/quiz.yml",
    "cases/{case}/chiffres.yml",
    "datasets/{case}/datapackage.json",
    "datasets/{case}/fiche-donnees.md",
    "datasets/{case}/calibrage.yml",
]
CHAPTER_RHYTHM = [
    "La question posée à la collectivité",
    "Le projet réel",
    "Essayez",
    "Ce que l’IA n’apporte pas, ce qu’elle apporte",
    "L’option sans IA",
    "Fiche de décision",
    "Questions à poser au prestataire",
    "À retenir",
    "Vérifiez-vous",
]
STUDY_RHYTHM = ["question", "données", "référence", "modèle", "mesure", "pièges", "décision", "pour aller plus loin"]
# Ce qui ne sert qu’à fabriquer les données n’a rien à faire chez qui les lit.
GENERATION_ONLY = {"holidays", "vacances_scolaires_france", "wntr", "pedpy", "pyvrp", "jupedsim"}


def test_there_is_at_least_one_wing() -> None:
    assert "eau" in WINGS


@pytest.fixture(params=WINGS)
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def wing(case: str) -> ModuleType:
    return importlib.import_module(f"formation.{case}")


def test_every_room_is_there(case: str) -> None:
    folder = Path(formation.__file__).parent / case
    missing = [room for room in ROOMS if not ((folder / f"{room}.py").exists() or (folder / room).is_dir())]
    assert missing == []


def test_every_page_is_there(case: str) -> None:
    assert [page for page in PAGES if not (ROOT / page.format(case=case)).is_file()] == []


def test_face_gives_what_a_learner_imports(wing: ModuleType) -> None:
    for name in ("load", "validate", "baselines", "evaluate", "own", "explore"):
        assert callable(getattr(wing, name)), name


def test_simulate_has_the_common_signature(wing: ModuleType) -> None:
    parameters = inspect.signature(importlib.import_module(f"{wing.__name__}.simulation").simulate).parameters
    assert list(parameters) == ["territory", "seed"]
    assert parameters["seed"].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["seed"].default == 447


def test_load_gives_a_table_with_text_codes(case: str, wing: ModuleType) -> None:
    for name in datasets.names(case):
        table = wing.load(name)
        if not datasets.resource(case, name).is_table:
            assert all(len(array) > 0 for array in table.values()), name
            continue
        assert isinstance(table, pd.DataFrame)
        assert len(table) > 0
        if "code_commune" in table:
            assert table["code_commune"].dropna().str.fullmatch(r"\d{5}").all(), name


def test_released_table_is_accepted_by_validate(case: str, wing: ModuleType) -> None:
    for name in datasets.names(case):
        table = wing.validate(datasets.path(case, name), name)
        assert len(table) == len(wing.load(name)), name


def test_baselines_are_estimators(wing: ModuleType) -> None:
    baselines = wing.baselines()
    assert len(baselines) >= 2
    for name, estimator in baselines.items():
        assert hasattr(estimator, "fit"), name
        assert hasattr(estimator, "predict"), name


def test_using_a_wing_does_not_load_what_only_generates_data(case: str) -> None:
    code = (
        f"import sys\nfrom formation import datasets, {case}\n"
        f"{case}.load(datasets.names('{case}')[0])\n{case}.baselines()\nprint('\\n'.join(sys.modules))"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = set(output.split())
    assert GENERATION_ONLY.isdisjoint(loaded)
    assert f"formation.{case}.simulation" not in loaded


def test_chapter_follows_the_common_rhythm(case: str) -> None:
    text = (ROOT / f"book/cas/{case}.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == CHAPTER_RHYTHM


def test_chapter_has_no_code_and_no_formula(case: str) -> None:
    text = (ROOT / f"book/cas/{case}.md").read_text(encoding="utf-8")
    assert "code-cell" not in text
    assert "$" not in text
    assert "```python" not in text


def test_study_follows_the_common_rhythm(case: str) -> None:
    text = (ROOT / f"cases/{case}/etude.md").read_text(encoding="utf-8")
    titles = [title.lower() for title in re.findall(r"^## (.+)$", text, re.MULTILINE)]
    positions = [next((i for i, t in enumerate(titles) if word in t), None) for word in STUDY_RHYTHM]
    assert None not in positions, dict(zip(STUDY_RHYTHM, positions, strict=True))
    assert positions == sorted(positions), titles


def test_study_cells_are_short(case: str) -> None:
    text = (ROOT / f"cases/{case}/etude.md").read_text(encoding="utf-8")
    cells = re.findall(r"^```\{code-cell\}.*?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert cells
    for cell in cells:
        body = re.sub(r"\A---\n.*?\n---\n", "", cell, flags=re.DOTALL)
        lines = [line for line in body.splitlines() if line.strip() and not line.startswith(":")]
        assert len(lines) <= 14, body


def test_quiz_has_enough_questions(case: str) -> None:
    quiz = yaml.safe_load((ROOT / f"cases/{case}/quiz.yml").read_text(encoding="utf-8"))
    assert len(quiz["questions"]) >= 15


def test_each_exercise_has_its_bank(case: str) -> None:
    exercises = sorted((ROOT / "notebooks" / case).glob("*.md"))
    assert len(exercises) >= 8
    assert [e.stem for e in exercises if not e.with_name(f"{e.stem}.reponses.yml").exists()] == []
