import json
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[1] / "classroom" / "fixtures" / "pilote"
VERBS = ("creer", "distribuer", "collecter", "corriger", "resultats", "demo", "exercices", "essayer", "prouver")


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


def test_grading_help_warns_about_learners_code():
    out = run("corriger", "--help")[1]
    assert "exécute le code des stagiaires avec vos droits" in " ".join(out.split())
    assert "personnes que vous connaissez" in " ".join(out.split())


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
    ],
)
def test_mistake_is_explained_without_traceback(tmp_path, arguments, excerpt):
    status, out, err = run(*(str(a).replace("{tmp}", str(tmp_path)) for a in arguments))
    assert status == 2
    assert excerpt in err
    assert "Traceback" not in out + err


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
    assert "s’exécute sur cette machine" in out
    assert "peser par la longueur" in out
    assert "Total : 0 sur 10" in out


@pytest.mark.lent
def test_demo_prints_expected_scores(tmp_path):
    status, out, err = run("demo", tmp_path / "session", "--sources", FIXTURES, "--copies", "3")
    assert status == 0, out + err
    assert "toutes les notes sont celles attendues" in out
    assert "Points par stagiaire" in out
    assert "WARNING" not in err
