import pytest

from formation.checks.plain import to_plain
from formation.classroom.errors import ExerciceInvalide
from formation.classroom.notebook import compute_expected
from formation.classroom.proof import Desk, prove
from formation.classroom.sources import read_exercise


@pytest.fixture
def desk(pilot, expected, runner):
    with Desk(pilot, expected, runner) as ready:
        yield ready


def test_pilot_bank_is_proved(pilot_path, runner):
    proof = prove(pilot_path, runner)
    assert proof.proved, [answer.problems for answer in proof.answers]
    assert proof.answers[0].name == "reference"


def test_gap_is_reported_when_bank_lies(pilot_folder, runner):
    path = pilot_folder(bank_change=lambda text: text.replace("plus sain au plus fragile", "tout autre message"))
    problems = [problem for answer in prove(path, runner).answers for problem in answer.problems]
    assert any("tout autre message" in problem for problem in problems)


def test_expected_values_are_stable(pilot, runner, expected):
    assert compute_expected(pilot, runner) == expected


def test_solution_that_stops_is_reported_at_its_line(pilot_folder, runner):
    path = pilot_folder(lambda text: text.replace("part_fonte = troncons.loc", "part_fonte = 1 / 0 * troncons.loc"))
    with pytest.raises(ExerciceInvalide, match="la solution s’arrête") as caught:
        compute_expected(read_exercise(path), runner)
    assert all(line > 0 for line, _ in caught.value.problems)


def test_trap_equal_to_the_answer_is_refused(pilot_folder, runner):
    path = pilot_folder(lambda text: text.replace('valeur: (troncons["materiau"] == "fonte").mean()', "valeur: 0.402"))
    with pytest.raises(ExerciceInvalide, match="même valeur que la bonne réponse"):
        compute_expected(read_exercise(path), runner)


def test_solution_must_pass_its_own_check(pilot_folder, runner):
    path = pilot_folder(lambda text: text.replace("  maximum: 1\n", "  maximum: 0.3\n"))
    with pytest.raises(ExerciceInvalide, match="propre contrôle"):
        compute_expected(read_exercise(path), runner)


@pytest.mark.parametrize(
    ("code", "lost", "excerpt"),
    [
        ("while True: pass", 2, "boucle sans fin"),
        ("import os; os._exit(0)", 10, "arrêté son propre processus"),
        ("part_fonte = 1 / 0", 2, "ZeroDivisionError"),
        ("def f(:", 2, "n’existe pas"),
        ("import sys; sys.exit()", 2, "n’existe pas"),
        ("import os; os.write(1, b'xxxx'); part_fonte = 0.4", 0, ""),
    ],
)
def test_hostile_cell_costs_what_it_should(pilot, desk, code, lost, excerpt):
    answers = {cell.name: cell.solved for cell in pilot.answers} | {"part_fonte": code}
    graded = desk.grade_answers(answers)
    assert graded.points == 10 - lost
    assert excerpt in graded.outcomes["part_fonte"].message.replace("\u00a0", " ")


def test_object_lying_in_eq_gets_no_point(pilot, desk):
    code = (
        "class Menteur(float):\n"
        "    def __eq__(self, autre): return True\n"
        "    def __sub__(self, autre): return 0.0\n"
        "    def __abs__(self): return 0.0\n"
        "part_fonte = Menteur(0.9)"
    )
    answers = {cell.name: cell.solved for cell in pilot.answers} | {"part_fonte": code}
    assert desk.grade_answers(answers).points == 8


def test_children_do_not_share_state(pilot, desk):
    answers = {cell.name: cell.solved for cell in pilot.answers}
    broken = answers | {"part_fonte": "import pandas as pd\npd.DataFrame = None\npart_fonte = 0.4"}
    desk.grade_answers(broken)
    assert desk.grade_answers(answers).points == 10


def test_hidden_part_is_plain_data(expected):
    assert expected["controles"]["part_fonte"]["valeur"] == to_plain(0.4)
