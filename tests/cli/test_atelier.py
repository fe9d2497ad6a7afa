import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[1] / "classroom" / "fixtures" / "pilote"
VERBS: tuple[str, ...] = ("creer", "inscrire", "distribuer", "collecter", "corriger", "relire", "resultats", "analyser")
VERBS += ("retours", "demo", "exercices", "essayer", "prouver", "diagnostic")
NO_COURSE = "n’est pas le dossier d’un cours"


def run(*arguments):
    code = "from formation.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "atelier", *map(str, arguments)], capture_output=True, text=True, encoding="utf-8"
    )
    return done.returncode, done.stdout.replace("\u00a0", " "), done.stderr.replace("\u00a0", " ")


def test_help_lists_every_verb():
    status, out, _ = run("--help")
    assert status == 0
    for verb in VERBS:
        assert verb in out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_in_french(verb):
    status, out, _ = run(verb, "--help")
    assert status == 0
    assert out.startswith(f"Usage : formation atelier {verb}")
    for word in ("Options:", "Arguments:", "Show this message", "[required]", "[default"):
        assert word not in out


def test_grading_help_says_which_engine_encloses_copies():
    out = " ".join(run("corriger", "--help")[1].split())
    assert "Corrige les copies dans un bac à sable" in out
    assert "le moteur d’origine, sans bac à sable" in out
    assert "degrade : sans les couches qui manquent" in out


def test_import_of_the_verb_loads_nothing_heavy():
    heavy = "('pandas', 'nbgrader', 'sklearn', 'numpy', 'pydantic')"
    code = f"import sys, formation.cli.atelier; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "excerpt"),
    [
        (("prouver", "inconnu", "--sources", FIXTURES), "Exercice introuvable"),
        (("distribuer", "{tmp}"), "n’est pas le dossier d’une session"),
        (("essayer", "{tmp}/rien.ipynb"), "n’existe pas"),
        (("prouver", "--sources", "{tmp}"), "Exercices connus : aucun"),
        (("demo", "{tmp}/..", "--sources", FIXTURES), "n’est pas vide"),
        (("demo", "--exercices", "beaucoup", "--sources", FIXTURES), "ou « tous »"),
        (("corriger", "{tmp}"), NO_COURSE),
        (("corriger", "{tmp}/absent"), NO_COURSE),
        (("corriger", "{tmp}", "--moteur", "nbgrader"), NO_COURSE),
        (("corriger", "{tmp}", "--ouvriers", "0"), "au moins 1"),
        (("corriger", "{tmp}", "--moteur", "autre"), "« autre » n’est pas dans la liste : 'rapide', 'nbgrader'"),
        (
            ("corriger", "{tmp}", "--moteur", "nbgrader", "--base", "sqlite:///a.db"),
            "Sans effet avec --moteur nbgrader",
        ),
        (("corriger", "{tmp}", "--moteur", "nbgrader", "--bac-a-sable", "degrade"), "--bac-a-sable"),
    ],
)
def test_mistake_is_explained_without_traceback(tmp_path, arguments, excerpt):
    status, out, err = run(*(str(a).replace("{tmp}", str(tmp_path)) for a in arguments))
    assert status == 2
    assert excerpt in err
    assert "Traceback" not in out + err


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    """Session d’un exercice, une copie vierge rendue par stagiaire-01."""
    root = tmp_path_factory.mktemp("cours") / "session"
    assert run("creer", root, "--sources", FIXTURES)[0] == 0
    assert run("distribuer", root)[0] == 0
    name = "pilote-01-peser-les-fuites"
    copy = root.parent / "rendus" / "stagiaire-01"
    copy.mkdir(parents=True)
    shutil.copy(root / "release" / name / f"{name}.ipynb", copy)
    assert run("collecter", root, copy.parent)[0] == 0
    return root


@pytest.mark.xdist_group("cours-cli")
@pytest.mark.lent
@pytest.mark.parametrize("engine", ["rapide", "nbgrader"])
@pytest.mark.parametrize(
    ("option", "excerpt"),
    [("--devoir", "aucune copie du devoir « inconnu »"), ("--stagiaire", "aucune copie de « inconnu »")],
)
def test_unknown_name_is_said_and_nothing_is_graded(handed, engine, option, excerpt):
    before = (handed / "gradebook.db").read_bytes()
    status, out, err = run("corriger", handed, "--moteur", engine, option, "inconnu")
    assert status == 2
    assert excerpt in err
    assert "Traceback" not in out + err
    assert (handed / "gradebook.db").read_bytes() == before


@pytest.mark.xdist_group("cours-cli")
@pytest.mark.lent
@pytest.mark.parametrize(
    ("url", "excerpt"),
    [
        ("nimporte", "Le carnet de notes « nimporte » ne se laisse pas lire"),
        ("postgresql://compte:secret@127.0.0.1:1/notes", "que le serveur répond"),
        ("sqlite:////tmp/dossier-absent/notes.db", "n’existe pas"),
    ],
)
def test_unreadable_gradebook_is_said_without_its_password(handed, url, excerpt):
    status, out, err = run("corriger", handed, "--base", url)
    assert status == 2
    assert excerpt in err
    assert "secret" not in out + err
    assert "Traceback" not in out + err


@pytest.mark.xdist_group("cours-cli")
@pytest.mark.lent
def test_empty_course_says_what_to_do_first(handed, tmp_path):
    shutil.copy(handed / "nbgrader_config.py", tmp_path)
    for engine in ("rapide", "nbgrader"):
        status, _, err = run("corriger", tmp_path, "--moteur", engine)
        assert status == 2
        assert "formation atelier" in err


def test_proof_as_json_is_machine_readable():
    status, out, _ = run("prouver", "--sources", FIXTURES, "--json")
    assert status == 0
    data = json.loads(out)
    assert data[0]["prouve"] is True
    assert len(data[0]["reponses"]) == 5


def test_practice_never_overwrites_work_and_try_grades_it(tmp_path):
    name = "pilote-01-peser-les-fuites"
    assert run("exercices", tmp_path, "--sources", FIXTURES)[0] == 0
    path = tmp_path / name / f"{name}.ipynb"
    work = json.loads(path.read_text(encoding="utf-8"))
    cell = next(c for c in work["cells"] if c["metadata"]["nbgrader"]["grade_id"] == "part_fonte")
    cell["source"] = 'part_fonte = (troncons["materiau"] == "fonte").mean()'
    path.write_text(json.dumps(work), encoding="utf-8")
    before = path.read_bytes()
    status, out, _ = run("exercices", tmp_path, "--sources", FIXTURES)
    assert status == 0
    assert "gardé tel quel" in out
    assert path.read_bytes() == before
    status, out, _ = run("essayer", path, "--sources", FIXTURES)
    assert status == 0
    assert "dans un bac à sable" in out or "avec vos droits" in out
    assert "peser par la longueur" in out
    assert "Total : 0 sur 10" in out


@pytest.mark.lent
def test_demo_prints_expected_scores(tmp_path):
    status, out, err = run("demo", tmp_path / "session", "--sources", FIXTURES, "--copies", "3")
    assert status == 0, out + err
    assert "toutes les notes sont celles attendues" in out
    assert "Points par stagiaire" in out
    assert "WARNING" not in err


@pytest.mark.lent
def test_demo_goes_on_and_says_so_where_the_machine_refuses_a_layer(tmp_path, capsys, monkeypatch, plain):
    from formation.classroom import demo
    from formation.classroom.grading.sandbox import LAYERS
    from formation.classroom.reports import print_demo

    missing = LAYERS[0]
    monkeypatch.setattr(demo, "probe", lambda: dict.fromkeys(LAYERS) | {missing: "refusé"})
    monkeypatch.setattr("formation.classroom.grading.sandbox.probe", lambda: {missing: "refusé"})
    assert print_demo(tmp_path / "session", "1", 1, FIXTURES)
    out = plain(capsys.readouterr().out)
    assert f"il manque : {missing}" in out
    assert "toutes les notes sont celles attendues" in out
