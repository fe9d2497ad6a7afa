import dataclasses
import json

import pytest

from formation.classroom.errors import AtelierImpossible, ExerciceIntrouvable
from formation.classroom.practice import try_copy
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
