"""Contre-épreuve : un test réussi chez le stagiaire l’est-il aussi sur les valeurs de sa copie ?"""

import contextlib
import json
import textwrap

import pytest

from formation.classroom.grading import replay, sandbox, snapshot
from formation.classroom.grading.branches import Branches
from formation.classroom.grading.executor import Zygote
from formation.classroom.grading.needs import ground_of, needs
from formation.classroom.grading.rebuild import rebuild
from formation.classroom.grading.running import NotebookRun
from formation.classroom.grading.steady import steady
from formation.classroom.grading.types import AssignmentSnapshot, Limits

LIMITS = Limits(cell_s=20, notebook_s=60)
SETUP = "import numpy as np\nimport pandas as pd\ndonnees = pd.DataFrame({'v': [1.0, 2.0, 4.0]})"
HELPER = "def proche(a, b):\n    return abs(a - b) < seuil\nseuil = 1e-6"
QUESTIONS = {
    "total": ("total = donnees['v'].sum()", "assert proche(total, donnees['v'].sum())"),
    "part": ("def part(a, b):\n    return a / b", "assert part(1, 4) == 0.25\nassert part(3, 8) == 0.375"),
    "trace": ("import io\nflux = io.StringIO()", "assert flux.getvalue() == ''"),
    "note": ("liste = [1, 2, 3]", "0.5 * sum(a == b for a, b in zip(liste, [1, 2, 3]))"),
    "ajout": ("donnees['w'] = donnees['v'] * 2", "assert donnees['w'].sum() == 14"),
}
# tient la place de l’interpréteur dès sa cellule : répond à tout, en donnant les valeurs qu’il veut
TAKEOVER = """
import gc
c = next(o for o in gc.get_objects() if type(o).__name__ == 'Channel')
kind, send = type(c), type(c).send
def reply(self, q, _=None):
    while True:
        n = len(q.get('sources', []))
        vus = q.get('source', '')
        juste = '0.375' if '0.375' in vus else '0.25' if '0.25' in vus else '0'
        send(c, {'sorties': [], 'erreur': False, 'coupe': False, 'echecs': [True] * n, 'changements': [],
                 'types': {}, %s'n': q['n']})
        q = c.receive(50_000_000)
kind.send = reply
"""


def _cell(source, name="", **flags):
    grader = {"grade": False, "solution": False, "locked": False, "task": False, "grade_id": name, **flags}
    metadata = {"nbgrader": {**grader, "schema_version": 3}} if name else {}
    return {"cell_type": "code", "id": name or "x", "metadata": metadata, "source": source, "outputs": []}


def course(questions, setup=SETUP, later=HELPER):
    blank, trainer = [], []
    for cells, solved in ((blank, False), (trainer, True)):
        cells.append(_cell(setup, "debut", locked=True))
        for rank, (name, (solution, test)) in enumerate(questions.items()):
            cells.append(_cell(solution if solved else "...", name, solution=True))
            if rank == 0 and later:
                cells.append(_cell(later, "outils", locked=True))
            cells.append(_cell(test, f"test-{name}", locked=True, grade=True, points=1))
    common = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    notebook = snapshot.from_blank("carnet", {"cells": blank, **common}, {"cells": trainer, **common})
    return AssignmentSnapshot("essai", "", "", {"carnet": notebook}, {}, json.dumps([questions, setup, later]))


@pytest.fixture(scope="module")
def branches():
    layers = tuple(name for name, cause in sandbox.probe().items() if cause is None)
    policy = sandbox.Policy(LIMITS, sandbox.default_read_only(), "degrade", layers)
    with Zygote(policy=policy) as warm:
        yield Branches.of(warm)


@pytest.fixture
def run(branches):
    def work(answers=None, questions=QUESTIONS, **more):
        assignment = course(questions, **more)
        notebook = assignment.notebooks["carnet"]
        given = {name: solution for name, (solution, _) in questions.items()} | (answers or {})
        cells = [
            _cell(given.get(name, one["source"]), name) | {"metadata": {"nbgrader": {"grade_id": name}}}
            for one in notebook.base
            for name in [one["name"]]
        ]
        document = rebuild(notebook, {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).notebook
        replays = replay.Replays.of(branches)
        with branches.session(assignment, notebook, {}, LIMITS, shared=True) as (session, done):
            made = NotebookRun(assignment, notebook, document, session, done, replays, LIMITS)
            results, tampering = made.execute()
        cells = {one.name: one for one in results if one.name.startswith("test-")}
        return cells, tampering, made

    return work


def test_an_honest_notebook_has_nothing_to_review(run):
    cells, tampering, _ = run()
    assert {name: one.review for name, one in cells.items() if one.review} == {}
    assert {one.status for one in cells.values()} == {"ok"}
    assert tampering == []


def test_the_solution_says_which_tests_can_be_replayed(run):
    _, _, made = run()
    plan = made._plan
    assert plan.modes == {
        "test-total": "énoncé",
        "test-part": "énoncé",
        "test-note": "énoncé",
        "test-ajout": "copie",
    }
    assert {name for name in plan.modes if plan.provable(name)} == {"test-total", "test-part", "test-note"}
    assert plan.graduated == {"test-note"}


def test_no_canary_is_needed_when_every_test_can_be_replayed(run):
    questions = {name: QUESTIONS[name] for name in ("total", "part", "note")}
    assert run(questions=questions)[2]._probed is False
    assert run()[2]._probed is True


@pytest.mark.parametrize(
    "extra",
    [
        "",
        "'valeurs': '{}', ",
        "'refus': 'rien', ",
        '\'valeurs\': \'{"total": 1.0, "liste": [0], "rendu": 0.5}\', ',
        "'valeurs': 3, ",
        "'valeurs': '[', ",
        "'appel': 'part', 'arguments': '', ",
        "'erreur': 'SystemExit', 'texte': '', ",
    ],
)
def test_whoever_answers_for_the_interpreter_gets_no_quiet_point(run, extra):
    cells, _, _ = run({"total": TAKEOVER % extra, "liste": "liste = []"})
    for name in ("test-total", "test-part", "test-note"):
        assert cells[name].status != "ok" or cells[name].review, name


def test_the_test_is_not_shown_before_its_values_are_out(run):
    # lit dans chaque demande le texte du test, pour y trouver les réponses
    spy = "'valeurs': '{\"rendu\": ' + juste + ', \"total\": 7.0}', "
    cells, _, _ = run({"total": TAKEOVER % spy})
    assert cells["test-part"].review == [replay.DENIED]
    # sept est la bonne valeur : rien n’est volé
    assert cells["test-total"].review == []


def test_an_equal_that_lies_is_seen_though_its_source_is_not_read(run):
    cells, _, _ = run({"note": "class L(list):\n    def __iter__(s):\n        return iter([1, 2, 3])\nliste = L([9])"})
    assert cells["test-note"].review == [replay.OPAQUE]


def test_a_partial_grade_that_is_no_grade_is_reviewed(run):
    lying = "class N:\n    def __rmul__(s, o):\n        return 'beaucoup'\n"
    lying += "liste = [1, 2, 3]\n__builtins__.sum = lambda *a: N()"
    cells, _, _ = run({"note": lying})
    assert replay.UNGRADED in cells["test-note"].review


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("total", "total = 7"),
        ("total", "total = float(sum(donnees.v))"),
        ("total", "donnees = donnees.sort_values('v')\ntotal = donnees.v.sum()"),
        ("total", "proche = None\ntotal = 7.0"),
        ("part", "part = lambda a, b: a / b"),
        ("part", "import numpy as np\ndef part(a, b):\n    return np.divide(a, b)"),
        ("part", "vus = []\ndef part(a, b):\n    vus.append(a)\n    return a / b"),
        ("part", "class P:\n    def __call__(self, a, b):\n        return a / b\npart = P()"),
        ("part", "from functools import cache\n@cache\ndef part(a, b):\n    return a / b"),
        ("note", "liste = (1, 2, 3)"),
        ("total", "total = pd.Series([7.0]).sum()"),
        ("note", "liste = {1: 'a', 2: 'b', 3: 'c'}.keys()"),
        ("ajout", "donnees = donnees.assign(w=donnees.v * 2)"),
    ],
)
def test_other_right_answers_have_nothing_to_review_by_replay(run, name, answer):
    cells, _, _ = run({name: answer})
    assert not {replay.DENIED, replay.OPAQUE, replay.UNGRADED} & set(cells[f"test-{name}"].review)


def test_a_wrong_answer_is_only_wrong(run):
    cells, tampering, _ = run({"total": "total = 6", "part": "def part(a, b):\n    return 0.25", "note": "liste = [1]"})
    assert [cells[f"test-{name}"].status for name in ("total", "part", "note")] == ["erreur", "erreur", "ok"]
    assert [one.review for one in cells.values() if one.review] == []
    assert tampering == []


def test_a_function_with_a_memory_is_called_once_only(run):
    questions = {"rang": ("def rang():\n    return 1", "assert rang() == 1")}
    counter = "n = 0\ndef rang():\n    global n\n    n += 1\n    return n"
    cells, _, _ = run({"rang": counter}, questions)
    assert cells["test-rang"].status == "ok"
    assert replay.DENIED not in cells["test-rang"].review


def test_a_clean_process_that_dies_is_opened_again(run, branches):
    run()
    opened = replay.Replays.of(branches)._open.values()
    for session in opened:
        # celui d’un autre test peut avoir déjà perdu sa branche
        with contextlib.suppress(OSError):
            session.close()
    assert any(not session.alive for session in opened)
    cells, _, _ = run()
    assert [one.review for one in cells.values() if one.review] == []


def test_a_test_keeps_nothing_for_the_next_copy(run):
    questions = {"a": ("a = 1", "trouve = a\nassert a == 1"), "b": ("b = 2", "assert b == 2 and 'a' not in dir(np)")}
    for _ in range(2):
        cells, _, made = run(questions=questions)
        assert made._plan.modes == {"test-a": "énoncé", "test-b": "énoncé"} or "test-a" in made._plan.modes
        assert cells["test-a"].review == []


def test_a_cell_the_trainer_tags_is_not_executed(run, monkeypatch):
    questions = {"a": ("a = 1", "assert a == 2"), "b": ("b = 2", "assert b == 2")}
    made = course

    def tagged(*args, **more):
        assignment = made(*args, **more)
        for cells in (assignment.notebooks["carnet"].base, assignment.notebooks["carnet"].solved):
            next(one for one in cells if one["name"] == "test-a")["metadata"] = {"tags": ["skip-execution"]}
        return assignment

    monkeypatch.setitem(globals(), "course", tagged)
    cells, _, _ = run(questions=questions)
    assert (cells["test-a"].status, cells["test-b"].status) == ("non_executee", "ok")
    assert cells["test-b"].review == []


def _needs(test, setup=SETUP):
    notebook = course({"q": ("q = 1", test)}, setup).notebooks["carnet"]
    return needs(test, ground_of(notebook))


def test_needs_of_a_test():
    found = _needs("for i in range(3):\n    assert q[i] == [k for k in donnees['v']][i]\nassert f(2) == np.abs(-2)")
    assert (found.values, found.functions, found.data) == (("q",), ("f",), ("donnees",))
    assert _needs("assert proche(q, 1)").data == ("seuil",)
    assert _needs("assert total == 1", SETUP + "\ntotal = None").values == ("total",)


@pytest.mark.parametrize(
    "test",
    [
        "assert 'q' in globals()",
        "%time q",
        "assert get_ipython()",
        "f(q)\nassert q",
        "from contextlib import redirect_stdout\nassert f(2)",
        "import inspect\nassert f(2)",
        "assert (",
    ],
)
def test_what_only_makes_sense_in_the_notebook_is_not_replayed(test):
    assert _needs(test) is None


@pytest.mark.parametrize(
    ("source", "calm"),
    [
        ("def f(x):\n    y = [x]\n    y.append(2)\n    return y", True),
        ("def f(x):\n    x = sorted(x)\n    x.pop()\n    return x", True),
        ("def f(x):\n    x.sort()\n    return x", False),
        ("def f(x):\n    global n\n    n = 1", False),
        ("def f(x):\n    return random.random()", False),
        ("def f(x, vus=[]):\n    return x", False),
        ("def g(x):\n    vus.append(x)\ndef f(x):\n    return g(x)", False),
        ("f = print", False),
        ("f = lambda x: x", True),
        ("def f(df):\n    df['a'] = 1\n    return df", False),
    ],
)
def test_a_function_is_called_twice_only_if_nothing_else_moves(source, calm):
    assert steady([textwrap.dedent(source)], ["f"]) is calm
