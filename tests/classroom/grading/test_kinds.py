"""Où sont jugés les contrôles du cours : dehors, sauf exception ; aujourd’hui, aucune."""

import json
from pathlib import Path

import pytest

from formation.classroom.copies import learner_notebook
from formation.classroom.grading import pipeline, snapshot
from formation.classroom.grading.types import AssignmentSnapshot
from formation.classroom.notebook import trainer_notebook
from formation.classroom.sources import read_exercise

EXERCISES = sorted((Path(__file__).parents[3] / "notebooks").glob("*/*.md"))


def snapshot_of(path):
    exercise = read_exercise(path)
    # seule la forme des contrôles compte ici : les valeurs attendues n’ont pas à être calculées
    hidden = {name: {"attente": one.public(), "valeur": 0, "cas": []} for name, one in exercise.controls.items()}
    expected = {"controles": hidden, "publics": {}}
    blank, trainer = learner_notebook(exercise, expected), trainer_notebook(exercise, expected)
    notebook = snapshot.from_blank(exercise.name, json.loads(json.dumps(blank)), json.loads(json.dumps(trainer)))
    return AssignmentSnapshot(exercise.name, "", "", {exercise.name: notebook}, {}, ""), exercise


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_every_control_of_the_course_is_judged_outside_the_process_of_the_learner(path):
    assignment, exercise = snapshot_of(path)
    counts = pipeline.count_kinds(assignment)
    functions = sum(control.type == "fonction" for control in exercise.controls.values())
    assert counts["interne"] == 0
    assert (counts["valeur"], counts["fonction"]) == (len(exercise.controls) - functions, functions)
