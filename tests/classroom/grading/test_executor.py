"""L’exécuteur : sessions, délais, morts, réponses falsifiées, branches."""

import os
from pathlib import Path

import pytest

from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading import sandbox
from formation.classroom.grading.executor import Zygote
from formation.classroom.grading.types import Limits

QUICK = Limits(cell_s=3.0, grace_s=0.5, notebook_s=60.0, output_bytes=100_000)
"""Pour une cellule sans fin."""
PATIENT = Limits(cell_s=60.0, grace_s=0.5, notebook_s=300.0, output_bytes=100_000)
"""Pour une cellule qui finit, même sur une machine très chargée."""


@pytest.fixture(scope="module", params=["enfermé", "nu"])
def zygote(request, tmp_path_factory):
    policy = sandbox.default_policy(QUICK, mode="degrade") if request.param == "enfermé" else None
    with Zygote(policy=policy, scratch_root=tmp_path_factory.mktemp("jetable")) as warm:
        yield warm


@pytest.fixture
def session(zygote):
    with zygote.session({}, PATIENT) as opened:
        yield opened


@pytest.fixture
def hurried(zygote):
    with zygote.session({}, QUICK) as opened:
        yield opened


def _text(run):
    return "".join(one.get("text", "") for one in run.outputs)


def _name(run):
    return next((one["ename"] for one in run.outputs if one["output_type"] == "error"), None)


def test_zygote_never_imports_nbgrader_nor_threads(session):
    assert (
        _text(
            session.run(
                "import sys, threading\nprint([n for n in sys.modules if 'nbgrader' in n], threading.active_count())"
            )
        )
        == "[] 1\n"
    )


def test_child_has_only_the_channel_and_no_secret_in_its_environment(zygote, monkeypatch, tmp_path_factory):
    monkeypatch.setenv("SECRET_DU_FORMATEUR", "447")
    with (
        Zygote(policy=None, scratch_root=tmp_path_factory.mktemp("secret")) as warm,
        warm.session({}, PATIENT) as session,
    ):
        seen = session.run(
            "import os\nprint([n for n in range(256) if os.path.exists(f'/proc/self/fd/{n}')])\n"
            "print('447' in open('/proc/self/environ').read() or 'SECRET_DU_FORMATEUR' in os.environ)"
        )
    assert _text(seen) == "[0, 1, 2, 3]\nFalse\n"


def test_two_sessions_share_nothing(zygote):
    with zygote.session({}, PATIENT) as first, zygote.session({}, PATIENT) as second:
        first.run("x = 1\nopen('f.txt', 'w').write('a')")
        assert second.run("x").status == "erreur"
        assert _text(second.run("import os\nprint(os.listdir())")) == "[]\n"


def test_random_draws_are_the_same_in_every_session(zygote):
    draws = []
    for _ in range(2):
        with zygote.session({}, PATIENT) as session:
            draws.append(_text(session.run("import random, numpy as np\nprint(random.random(), np.random.rand())")))
    assert draws[0] == draws[1]


def test_given_files_are_copied_and_a_neighbour_module_is_importable(zygote, tmp_path):
    (tmp_path / "a.csv").write_text("x\n1\n")
    (tmp_path / "aide.py").write_text("VALEUR = 4\n")
    files = {"donnees/a.csv": str(tmp_path / "a.csv"), "aide.py": str(tmp_path / "aide.py")}
    with zygote.session(files, PATIENT) as session:
        run = session.run("import pandas as pd, aide\nprint(pd.read_csv('donnees/a.csv').x.sum() + aide.VALEUR)")
        session.run("open('donnees/a.csv', 'w').write('y')")
    assert _text(run) == "5\n"
    assert (tmp_path / "a.csv").read_text() == "x\n1\n"


@pytest.mark.parametrize("kind", ["absent", "lien", "tube", "au-dessus"])
def test_a_file_that_is_not_plain_is_refused_before_any_cell(kind, zygote, tmp_path):
    source = tmp_path / "f"
    if kind == "lien":
        source.symlink_to("/etc/hostname")
    if kind == "tube":
        os.mkfifo(source)
    if kind == "au-dessus":
        source.write_text("x")
    with pytest.raises(AtelierImpossible, match="dossier de travail"):
        zygote.session({"../f" if kind == "au-dessus" else "f": str(source)}, PATIENT).__enter__()


def test_interrupted_cell_does_not_kill_the_following_ones(hurried):
    hurried.run("x = 1")
    late = hurried.run("while True:\n    pass")
    assert (late.status, _name(late), len([o for o in late.outputs if o["output_type"] == "error"])) == (
        "delai",
        "DelaiDepasse",
        1,
    )
    assert hurried.run("x").status == "ok"


def test_interrupted_await_does_not_kill_the_following_ones(hurried):
    assert hurried.run("import asyncio\nawait asyncio.sleep(60)").status == "delai"
    assert hurried.run("await asyncio.sleep(0)\n1").status == "ok"


@pytest.mark.parametrize(
    "source",
    [
        "import time\nwhile True:\n    try:\n        while True: time.sleep(0.01)\n    except BaseException: pass",
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    ],
)
def test_cell_deaf_to_interruption_is_killed_and_the_rest_not_run(source, zygote):
    with zygote.session({}, QUICK) as session:
        assert session.run(source).status == "delai"
        assert not session.alive
        rest = session.run("1")
        assert (rest.status, _name(rest)) == ("non_executee", "CelluleNonExecutee")
        assert session.export("x") == ("arret", None)
        assert "probleme" in session.call("f", {}, [[1]])[0]
        assert session.canaries() == []


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos._exit(0)",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "import ctypes\nctypes.string_at(0)",
        "import os\nos.close(3)",
        "import os\nos.killpg(0, 9)",
    ],
)
def test_dead_child_is_reported_and_the_next_session_works(source, zygote):
    with zygote.session({}, PATIENT) as session:
        run = session.run(source)
        if _name(run) == "PermissionError":
            # le bac à sable refuse le signal : la cellule échoue, le carnet continue
            assert "os.kill" in source
            assert session.run("1").status == "ok"
        else:
            assert (run.status, _name(run)) == ("arret", "CarnetArrete")
            assert run.note
            assert session.run("1").status == "non_executee"
        assert not session.tampered
    with zygote.session({}, PATIENT) as session:
        assert session.run("1").status == "ok"


def test_notebook_budget_stops_the_session(zygote):
    with zygote.session({}, Limits(cell_s=30.0, notebook_s=4.0, grace_s=0.5)) as session:
        assert session.run("import time\ntime.sleep(1)").status == "ok"
        assert session.run("import time\ntime.sleep(30)").status == "delai"
        last = session.run("1")
        assert last.status == "non_executee"
        assert "épuisé" in last.note


def test_silenced_error_is_still_an_error(session):
    run = session.run("get_ipython().showtraceback = lambda *a, **k: None\n1 / 0")
    assert (run.status, _name(run)) == ("erreur", "ZeroDivisionError")


def test_error_that_says_it_is_false_is_still_an_error(session):
    source = "get_ipython().showtraceback = lambda *a, **k: None\n"
    source += "class E(Exception):\n    def __bool__(self): return False\nraise E('x')"
    assert session.run(source).status == "erreur"


@pytest.mark.parametrize("source", ["import sys\nsys.exit()", "exit()", "quit()", "raise KeyboardInterrupt"])
def test_leaving_is_not_dying(source, session):
    session.run(source)
    assert session.alive
    assert session.run("1").status == "ok"


FORGED = {
    "autre numéro": 'b\'{"n": "0", "sorties": [], "erreur": false, "coupe": false}\'',
    "pas du JSON": "b'\\xff\\xfe'",
    "NaN": "b'{\"n\": NaN}'",
    "imbriqué": "b'[' * 100000",
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_frame_is_tampering(name, session):
    source = f"import os, struct\np = {FORGED[name]}\nfor fd in range(3, 64):\n"
    source += "    try: os.write(fd, struct.pack('>I', len(p)) + p)\n    except OSError: pass"
    run = session.run(source)
    assert run.status == "arret"
    assert session.tampered
    assert "à la place de l’interpréteur" in run.note


def test_frame_announced_too_big_is_tampering(session):
    run = session.run("import os\nos.write(3, b'\\xff\\xff\\xff\\xff')")
    assert (run.status, session.tampered) == ("arret", True)


def _forge(session, outputs):
    return session.run(
        f"from formation.classroom.grading import capture\ncapture.COLLECTOR.outputs.extend({outputs!r})"
    )


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "widget"},
        {"output_type": "stream", "name": "autre", "text": ""},
        {"output_type": "stream", "name": "stdout", "text": 3},
        {"output_type": "error", "ename": "x" * 1000, "evalue": "", "traceback": []},
        {"output_type": "display_data", "data": {"text/plain": ["x"]}, "metadata": {}},
        {"output_type": "execute_result", "data": {}, "metadata": {}, "execution_count": "1"},
    ],
)
def test_output_of_an_unknown_form_is_tampering(output, session):
    run = _forge(session, [output])
    assert (run.status, session.tampered) == ("arret", True)


def test_unknown_mime_types_and_metadata_are_dropped(session):
    data = {"text/plain": "x\ud800\0", "application/javascript": "alert(1)", "text/html": "<b>"}
    made = {
        "output_type": "display_data",
        "data": data,
        "metadata": {"mal": 1, "text/html": {"width": 3, "onload": "x"}},
    }
    run = _forge(session, [made])
    assert run.outputs[0]["data"] == {"text/plain": "x?\ufffd", "text/html": "<b>"}
    assert run.outputs[0]["metadata"] == {"text/html": {"width": 3}}


def test_floods_of_output_are_cut_without_costing_the_cell(session):
    run = session.run("for i in range(100_000):\n    print('é' * 10)")
    assert run.status == "ok"
    assert run.note
    assert len(_text(run).encode()) < PATIENT.output_bytes + 1_000
    many = session.run("for i in range(3_000):\n    display(i)")
    assert (many.status, len(many.outputs)) == ("ok", 500)
    big = session.run("from IPython.display import HTML\nHTML('x' * 1_000_000)")
    assert big.status == "ok"
    assert "x" * 1000 not in str(big.outputs)


def test_error_survives_a_flood(session):
    run = session.run("print('x' * 10_000_000)\nfor i in range(3_000):\n    display(i)\n1 / 0")
    assert _name(run) == "ZeroDivisionError"


def test_export_gives_plain_data_only(session):
    session.run(
        "import numpy as np\nx = np.float64(0.5)\nclass L(list): pass\nl = L()\nd = {'a': [1, None]}\nt = '\\ud800'"
    )
    assert session.export("x") == ("ok", 0.5)
    assert session.export("l")[1]["genre"] == "autre"
    assert session.export("d")[1]["genre"] == "dictionnaire"
    assert session.export("t") == ("ok", "?")
    assert session.export("absente") == ("absent", None)
    assert session.export("x + 1") == ("absent", None)
    assert session.export("print") == ("absent", None)


def test_export_too_big_is_said_not_sent(session):
    session.run("x = ['a' * 9_000] * 1_000")
    assert session.export("x")[1]["genre"] == "trop_grand"


def test_forged_export_is_tampering(session):
    session.run(
        "import formation.checks\nformation.checks.to_plain = lambda v: {'genre': 'liste', 'valeurs': 3}\nx = 1"
    )
    assert session.export("x") == ("arret", None)
    assert session.tampered


def test_export_that_never_ends_is_late(hurried):
    hurried.run("import formation.checks\ndef f(v):\n    while True: pass\nformation.checks.to_plain = f\nx = 1")
    assert hurried.export("x") == ("delai", None)
    assert hurried.run("1").status == "ok"


def test_call_returns_each_result(hurried):
    hurried.run("def aire(a, b):\n    return a * b\ndef folle(a):\n    while True: pass")
    assert hurried.call("aire", {"nom": "aire"}, [[2, 3], [1, "x"]]) == [{"valeur": 6}, {"valeur": "x"}]
    assert "sans fin" in hurried.call("folle", {"nom": "folle"}, [[1]])[0]["probleme"]
    assert "n’existe pas" in hurried.call("absente", {"nom": "absente"}, [[1]])[0]["probleme"]


def test_canaries_are_silent_on_honest_code_and_leave_no_trace(session):
    session.run("import numpy as np\nsum = 3\nlist = [1]\nnp = 'mien'\n%matplotlib inline")
    before = _text(session.run("print(sorted(globals()))"))
    assert session.canaries() == []
    after = _text(session.run("print(sorted(globals()))"))
    assert set(eval(after)) - set(eval(before)) <= {"_i2", "_i3", "_i4"}
    assert session.run("np").outputs[0]["execution_count"] == 4


TAMPERED = {
    "transformation d’arbre": (
        "import ast\nclass T(ast.NodeTransformer):\n"
        "    def visit_Assert(self, n): return ast.copy_location(ast.Pass(), n)\n"
        "get_ipython().ast_transformers.append(T())"
    ),
    "transformation du texte": (
        "get_ipython().input_transformer_manager.cleanup_transforms.append("
        "lambda lines: [one for one in lines if 'assert' not in one])"
    ),
    "run_code": (
        "import types\nasync def r(self, code, result=None, *, async_=False):\n    return False\n"
        "get_ipython().run_code = types.MethodType(r, get_ipython())"
    ),
    "classe": "type(get_ipython()).run_ast_nodes = lambda *a, **k: None",
    "showtraceback": "get_ipython().showtraceback = lambda *a, **k: None",
    "événement": "get_ipython().events.register('pre_run_cell', lambda info: None)",
    "numpy.testing": "import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None",
    "pandas.testing": "import pandas as pd\npd.testing.assert_frame_equal = lambda *a, **k: None",
    "builtins": "import builtins\nbuiltins.isinstance = lambda *a: True",
    "float": "import builtins\nclass F(float):\n    def __eq__(self, o): return True\nbuiltins.float = F",
    "settrace": "import sys\nsys.settrace(lambda *a: None)",
    "isclose": "import numpy as np\nnp.isclose = lambda *a, **k: True",
}


@pytest.mark.parametrize("name", TAMPERED)
def test_canaries_see_a_changed_interpreter(name, session):
    session.run(TAMPERED[name])
    assert session.canaries() != [] or not session.alive


def test_lying_types_are_seen_even_nested(session):
    session.run(
        "import pandas as pd, numpy as np\nclass M:\n    def __eq__(self, o): return True\n    __module__ = 'numpy'\n"
        "a = 3\nb = [1, {'x': (M(),)}]\nc = pd.Series([M()], dtype=object)\nd = pd.DataFrame({'v': [M()]})\n"
        "e = M\nclass P:\n    def __init__(self): self.x = 1\nf = P()\ng = np.array([1.0])\n"
        "h = pd.DataFrame({'v': ['x', 'y']})"
    )
    assert set(session.types_of(list("abcdefghz"))) == {"b", "c", "d", "e"}
    assert session.types_of(["b"])["b"] == ["M.__eq__", "M.__hash__"]


def test_hidden_test_is_not_left_in_the_history(session):
    session.run("x = 1")
    session.run("assert x == 'SECRET447'", hidden=True)
    seen = session.run("print([str(v) for v in (In, _i, _ii, _iii, _i2, get_ipython().history_manager.__dict__)])")
    assert "SECRET447" not in _text(seen)
    assert seen.status == "ok"


def test_branch_continues_exactly_where_the_prefix_stopped(zygote, tmp_path):
    (tmp_path / "a.txt").write_text("lu")
    prefix = ["import random\nx = open('a.txt').read()", "print(random.random())\nopen('ecrit.txt', 'w').write('b')\nx"]
    rest = "print(x, random.random(), open('ecrit.txt').read())\nx"
    files = {"a.txt": str(tmp_path / "a.txt")}
    with zygote.session(files, PATIENT) as session:
        whole = [session.run(cell) for cell in [*prefix, rest]]
    with zygote.branch(prefix, files) as branch:
        assert branch.shared
        for _ in range(3):
            with branch.session({}, PATIENT) as session:
                runs = [*branch.runs, session.run(rest)]
                assert [run.outputs for run in runs] == [run.outputs for run in whole]
                assert session.canaries() == []


def test_branch_that_leaves_a_thread_is_replayed_in_each_session(zygote):
    prefix = ["import threading, time\nthreading.Thread(target=time.sleep, args=(30,), daemon=True).start()\ny = 2"]
    with zygote.branch(prefix, {}) as branch:
        assert not branch.shared
        with branch.session({}, PATIENT) as session:
            assert _text(session.run("print(y)")) == "2\n"


def test_branch_whose_prefix_dies_still_gives_sessions_that_say_so(zygote):
    with zygote.branch(["import os\nos._exit(1)"], {}) as branch:
        assert [run.status for run in branch.runs] == ["arret"]
        with pytest.raises(AtelierImpossible):
            branch.session({}, PATIENT).__enter__()


def test_split_zygotes_serve_apart_and_reset_forgets_orphans(tmp_path):
    with Zygote(policy=None, scratch_root=tmp_path) as warm:
        first, second = warm.split(2)
        with first.session({}, PATIENT) as one, second.session({}, PATIENT) as two:
            assert one.run("1").status == two.run("2").status == "ok"
        lost = first.session({}, PATIENT).__enter__()
        assert first.reset() == 1
        assert lost.run("1").status == "arret"
        with first.session({}, PATIENT) as one:
            assert one.run("1").status == "ok"
        first.close()
        second.close()
    assert list(tmp_path.iterdir()) == []


def test_preloaded_modules_that_do_not_exist_are_ignored(tmp_path):
    names = ["module_qui_n_existe_pas", "decimal"]
    with Zygote(preload=names, policy=None, scratch_root=tmp_path) as warm, warm.session({}, PATIENT) as session:
        assert _text(session.run("import sys\nprint('decimal' in sys.modules)")) == "True\n"


def _descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.lent
def test_two_hundred_sessions_leave_nothing_behind(tmp_path):
    with Zygote(policy=None, scratch_root=tmp_path) as warm:
        pid = warm._process.pid
        sizes, before = [], None
        for number in range(200):
            source = "import os\nopen('x', 'w').write('a')\nos.makedirs('a/b')\nos.chmod('a', 0)"
            with warm.session({}, PATIENT) as session:
                session.run(source + ("\nos._exit(3)" if number % 5 == 0 else ""))
            if number == 20:
                before = _descriptors()
            if number >= 20:
                status = Path(f"/proc/{pid}/status").read_text()
                sizes.append(int(status.split("VmRSS:")[1].split()[0]))
        assert _descriptors() == before
        assert len(list(Path(f"/proc/{pid}/fd").iterdir())) <= 8
        assert Path(f"/proc/{pid}/task/{pid}/children").read_text().split() == []
        assert max(sizes) - sizes[0] < 5_000
        assert [path.name for path in warm.scratch_root.iterdir()] == ["chaud"]
    assert list(tmp_path.iterdir()) == []
