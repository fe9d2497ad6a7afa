import dataclasses
import json

import pytest

from formation.classroom import practice
from formation.classroom.errors import AtelierImpossible, ExerciceIntrouvable
from formation.classroom.grading import sandbox
from formation.classroom.practice import enclosure, try_copy
from formation.classroom.release import write_practice


def test_new_then_kept_then_beside_when_exercise_changes(tmp_path, pilot, expected):
    path, state = write_practice(pilot, expected, tmp_path)
    assert state == "neuf"
    path.write_text(path.read_text(encoding="utf-8").replace("part_fonte = ...", "part_fonte = 0.4"), encoding="utf-8")
    work = path.read_bytes()
    assert write_practice(pilot, expected, tmp_path) == (path, "gardé")
    first = dataclasses.replace(pilot.cells[0], source="# Peser les fuites, nouvelle version")
    changed = dataclasses.replace(pilot, cells=(first, *pilot.cells[1:]))
    beside, state = write_practice(changed, expected, tmp_path)
    assert (beside.name, state) == (f"{pilot.name}-neuf.ipynb", "à côté")
    beside.write_text("mes notes", encoding="utf-8")
    third, state = write_practice(changed, expected, tmp_path)
    assert state == "à côté"
    assert beside.read_text(encoding="utf-8") == "mes notes"
    assert third.is_file()
    assert path.read_bytes() == work


def test_version_does_not_depend_on_the_solution(pilot):
    answer = next(cell for cell in pilot.cells if cell.name == "part_fonte")
    other = dataclasses.replace(answer, source=answer.source.replace('"fonte"', '"pvc"'))
    assert other.source != answer.source
    cells = tuple(other if cell is answer else cell for cell in pilot.cells)
    assert dataclasses.replace(pilot, cells=cells).version == pilot.version


def test_unknown_copy_is_explained(tmp_path, pilot_path):
    path = tmp_path / "brouillon.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": [], "metadata": {}}), encoding="utf-8")
    with pytest.raises(ExerciceIntrouvable, match="Gardez le nom"):
        try_copy(path, pilot_path.parent)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(AtelierImpossible, match="lisible"):
        try_copy(path, pilot_path.parent)


@pytest.fixture
def written(tmp_path, blank):
    def write(code):
        cell = next(c for c in blank["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "part_fonte")
        cell["source"] = code
        path = tmp_path / "pilote-01-peser-les-fuites.ipynb"
        path.write_text(json.dumps(blank), encoding="utf-8")
        return path

    return write


SPY = """from pathlib import Path
part_fonte = 0.4 if Path({path!r}).exists() else 0.9"""


@pytest.mark.skipif(None not in sandbox.probe().values(), reason="cette machine n’a aucune couche du bac à sable")
def test_copy_is_enclosed_by_every_layer_the_machine_has(written, pilot_path, tmp_path):
    policy, sentence = enclosure()
    usable = [layer for layer, why in sandbox.probe().items() if why is None]
    trial = try_copy(written(SPY.format(path=str(tmp_path))), pilot_path.parent, policy)
    assert list(trial.layers) == usable
    if len(usable) == len(sandbox.LAYERS):
        assert "bac à sable : ni réseau" in sentence.replace("\u00a0", " ")
        assert not trial.graded.outcomes["part_fonte"].passed


@pytest.mark.parametrize("missing", [sandbox.LAYERS, sandbox.LAYERS[:1]])
def test_missing_layers_are_said_and_the_copy_is_still_graded(monkeypatch, written, pilot_path, tmp_path, missing):
    usable = tuple(layer for layer in sandbox.LAYERS if layer not in missing)
    real = sandbox.default_policy
    monkeypatch.setattr(
        practice, "default_policy", lambda mode: dataclasses.replace(real(mode=mode), layers=usable, mode="degrade")
    )
    policy, sentence = enclosure()
    assert "avec vos droits" in sentence
    assert all(layer in sentence for layer in missing)
    assert (policy is None) == (not usable)
    trial = try_copy(written(SPY.format(path=str(tmp_path))), pilot_path.parent, policy)
    assert trial.layers == usable
    assert trial.graded.outcomes["part_fonte"].passed or usable
