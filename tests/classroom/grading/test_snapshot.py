"""La photographie du cours : ce qu’elle lit, ce qui change son empreinte, ce qu’elle refuse."""

import json
import shutil
import sqlite3

import pytest
import small_course as course

from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading import gradebook, snapshot
from formation.classroom.grading.types import AssignmentSnapshot
from formation.classroom.grading.valuechecks import find_check


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return course.build(tmp_path_factory.mktemp("cours"))


@pytest.fixture
def root(built, tmp_path):
    shutil.copytree(built, tmp_path / "cours")
    return tmp_path / "cours"


def read(root):
    return snapshot.read_assignments(root, course.address(root))["tp"]


def refusal(root, plain, **keywords):
    with pytest.raises(AtelierImpossible) as caught:
        snapshot.read_assignments(root, keywords.pop("url", course.address(root)), **keywords)
    return plain(caught.value)


def change_notebook(path, change):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_every_role_is_recognized(root):
    notebook = read(root).notebooks["un"]
    assert {name: notebook.kind(name) for name in notebook.cells} == {
        "preparation": "libre",
        "reponse-x": "reponse",
        "controle-x": "valeur",
        "reponse-y": "reponse",
        "test-y": "interne",
        "partielle": "interne",
        "avis": "manuelle",
        "note": "tache",
    }
    assert [cell.points for cell in notebook.cells.values()] == [0, 0, 2, 0, 3, 2, 4, 5]
    assert notebook.checks["controle-x"].hidden["valeur"] == 3


def test_hidden_part_is_in_the_cells_and_never_in_the_base(root):
    notebook = read(root).notebooks["un"]
    assert "assert y == 4" in notebook.cells["test-y"].source
    assert "y == 4" not in json.dumps([cell for cell in notebook.base if cell["name"] == "test-y"])
    assert "compare" not in json.dumps(notebook.base)


def test_photograph_survives_json(root):
    taken = read(root)
    assert AssignmentSnapshot.from_json(json.loads(json.dumps(taken.to_json()))) == taken


def test_reading_writes_nothing(root):
    before = {path: path.stat().st_mtime_ns for path in sorted(root.rglob("*"))}
    read(root)
    assert {path: path.stat().st_mtime_ns for path in sorted(root.rglob("*"))} == before


def test_trainers_files_come_with_the_assignment(root):
    (root / "source" / "tp" / "__pycache__").mkdir()
    (root / "source" / "tp" / "__pycache__" / "a.pyc").write_bytes(b"")
    assert list(read(root).files) == ["donnees/table.csv"]


def test_fingerprint_is_stable(root, built):
    assert read(root).fingerprint == read(built).fingerprint


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "source" / "tp" / "donnees" / "table.csv").write_text("a\n2\n", encoding="utf-8"),
        lambda root: (root / "source" / "tp" / "autre.txt").write_text("", encoding="utf-8"),
        lambda root: execute(root, "UPDATE source_cell SET source = 'assert False' WHERE name = 'test-y'"),
        lambda root: execute(root, "UPDATE assignment SET duedate = '2026-11-22 00:00:00'"),
        lambda root: change_notebook(root / "release/tp/un.ipynb", lambda nb: nb["cells"][2].update(source="z = 1")),
    ],
)
def test_fingerprint_follows_what_changes_a_grade(root, change):
    before = read(root).fingerprint
    change(root)
    assert read(root).fingerprint != before


def execute(root, statement):
    with sqlite3.connect(root / "gradebook.db") as link:
        link.execute(statement)


def test_without_gradebook_when_asked_says_how_to_make_it(root, plain):
    (root / "gradebook.db").unlink()
    assert "formation atelier distribuer" in refusal(root, plain)
    assert not (root / "gradebook.db").exists()


@pytest.mark.parametrize("content", [b"", b"ceci n'est pas une base" * 100])
def test_damaged_gradebook_is_told(root, plain, content):
    (root / "gradebook.db").write_bytes(content)
    text = refusal(root, plain)
    assert "abîmé" in text or "vide" in text


def test_truncated_gradebook_is_told(root, plain):
    path = root / "gradebook.db"
    path.write_bytes(path.read_bytes()[:9_000])
    assert "abîmé" in refusal(root, plain)


@pytest.mark.parametrize(
    ("version", "excerpt"),
    [("167914646830", "nbgrader db upgrade"), ("ffffffffffff", "plus récente")],
)
def test_gradebook_of_another_version_is_told(root, plain, version, excerpt):
    execute(root, f"UPDATE alembic_version SET version_num = '{version}'")
    assert excerpt in refusal(root, plain)


def test_gradebook_without_version_is_told(root, plain):
    execute(root, "DROP TABLE alembic_version")
    assert "nbgrader db upgrade" in refusal(root, plain)


def test_gradebook_being_written_is_told(root, plain, monkeypatch):
    monkeypatch.setattr(gradebook, "_WAIT_S", 0.1)
    link = sqlite3.connect(root / "gradebook.db", isolation_level=None)
    try:
        link.execute("BEGIN EXCLUSIVE")
        assert "un autre programme y écrit" in refusal(root, plain)
    finally:
        link.close()


@pytest.mark.parametrize(
    "url", ["nimporte", "postgresql+absent://localhost/a", "postgresql://moi:secret@127.0.0.1:1/a"]
)
def test_wrong_address_is_told_without_its_password(root, plain, url):
    text = refusal(root, plain, url=url)
    assert "ne se laisse pas lire" in text
    assert "secret" not in text


def test_known_versions_end_with_the_one_nbgrader_writes(built):
    with sqlite3.connect(built / "gradebook.db") as link:
        assert gradebook.known_versions()[-1] == link.execute("SELECT version_num FROM alembic_version").fetchone()[0]


def test_unknown_assignment_is_told_with_the_known_ones(root, plain):
    text = refusal(root, plain, names=["tp9"])
    assert "« tp9 » n’est pas au carnet de notes" in text
    assert "« tp »" in text


def test_all_problems_are_told_at_once(root, plain):
    (root / "release" / "tp" / "un.ipynb").unlink()
    (root / "release" / "tp" / "deux.ipynb").write_text("{", encoding="utf-8")
    (root / "source" / "tp" / "lien.csv").symlink_to("/etc/hostname")
    text = refusal(root, plain)
    assert "un.ipynb manque" in text
    assert "deux.ipynb est illisible" in text
    assert "lien.csv n’est pas un fichier ordinaire" in text


@pytest.mark.parametrize(
    ("change", "excerpt"),
    [
        (lambda nb: nb["cells"].pop(4), "n’a pas toutes les cellules"),
        (lambda nb: nb["cells"][4]["metadata"]["nbgrader"].update(grade_id="autre"), "cellules inconnues"),
        (lambda nb: nb["cells"][4]["metadata"]["nbgrader"].update(points=9), "les mêmes points"),
        (lambda nb: nb["cells"][3]["metadata"]["nbgrader"].update(solution=False, locked=True), "le même rôle"),
    ],
)
def test_release_that_no_longer_fits_the_gradebook_is_refused(root, plain, change, excerpt):
    change_notebook(root / "release" / "tp" / "un.ipynb", change)
    assert excerpt in refusal(root, plain)


def test_missing_source_leaves_no_reference(root):
    (root / "source" / "tp" / "un.ipynb").unlink()
    assert read(root).notebooks["un"].solved == []


CALL = f"checks.compare('x', x, {course.HIDDEN!r})"
BOUNDS = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [
        ("checks.expect('x', x)", CALL + "\nassert True"),
        ("checks.expect('x', x)", CALL.replace("'x', x", "'x', y")),
        ("checks.expect('x', x)", CALL.replace("'x', x", "'y', x")),
        ("checks.expect('x', x)", CALL.replace('"entier"', '"fonction"')),
        ("checks.expect('x', x)", CALL.replace("attente", "autre")),
        ("checks.expect('x', x)", "checks.compare('x', x, '[]')"),
        ("checks.expect('x', x)", "checks.compare('x', x, '{')"),
        ("checks.expect('x', x)", "checks.compare('x', x, texte)"),
        ("checks.expect('x', x)", "autre.compare('x', x, '{}')"),
        ("checks.expect('x', x + 1)", CALL),
        ("checks.expect('x', x); y = 1", CALL),
        ("checks.expect_function('x', x)", CALL),
        ("autre('x', x)", CALL),
    ],
)
def test_only_the_exact_form_is_judged_outside(shown, hidden):
    assert find_check(f"{shown}\n{BOUNDS.format(hidden)}", shown) is None


def test_exact_form_is_judged_outside_unless_the_release_differs():
    cell = f"checks.expect('x', x)\n{BOUNDS.format(CALL)}"
    assert find_check(cell, "checks.expect('x', x)") is not None
    assert find_check(cell, "checks.expect('x', x)\nprint(x)") is None


def test_blank_and_trainer_notebooks_give_the_same_roles_without_a_gradebook(root):
    blank, trainer = (
        json.loads((root / step / "tp" / "un.ipynb").read_text(encoding="utf-8")) for step in ("release", "source")
    )
    taken, official = snapshot.from_blank("un", blank, trainer), read(root).notebooks["un"]
    assert {name: taken.kind(name) for name in taken.cells} == {name: official.kind(name) for name in official.cells}
    assert {name: cell.source for name, cell in taken.cells.items()} == {
        name: cell.source for name, cell in official.cells.items()
    }
    public = snapshot.from_blank("un", blank)
    assert "y == 4" not in public.cells["test-y"].source
    assert public.checks == {}
