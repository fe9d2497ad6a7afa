import json

import pytest

from formation.classroom.course import create_course, open_course
from formation.classroom.demo import clear_previous_demo
from formation.classroom.errors import AtelierImpossible, ExerciceInvalide
from formation.classroom.practice import hand_out


@pytest.fixture(scope="module")
def course(tmp_path_factory, pilot_path):
    return create_course(tmp_path_factory.mktemp("session") / "cours", [pilot_path])


def test_course_is_complete(course):
    assert (course.root / "nbgrader_config.py").is_file()
    assert course.exercises["pilote-01-peser-les-fuites"]["points"] == 10
    assert sorted(path.name for path in course.root.iterdir()) == ["nbgrader_config.py", "session.json", "source"]


def test_trainer_notebook_follows_nbgrader_schema(course):
    nbgraderformat = pytest.importorskip("nbgrader.nbgraderformat")
    path = course.root / "source/pilote-01-peser-les-fuites/pilote-01-peser-les-fuites.ipynb"
    notebook = nbgraderformat.read(str(path), as_version=4)
    graded = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert len(graded) == 6
    assert all("### BEGIN HIDDEN TESTS" in cell.source for cell in graded)


def test_creation_twice_gives_the_same_files(course, tmp_path, pilot_path):
    again = create_course(tmp_path / "cours", [pilot_path])
    for path in (course.root / "source").rglob("*.*"):
        assert path.read_bytes() == (again.root / path.relative_to(course.root)).read_bytes()


def test_existing_course_is_updated_and_settings_kept(course, pilot_path):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + "# à moi\n", encoding="utf-8")
    create_course(course.root, [pilot_path])
    assert config.read_text(encoding="utf-8").endswith("# à moi\n")


def test_foreign_folder_is_left_alone(tmp_path, pilot_path):
    (tmp_path / "photo.jpg").write_text("x", encoding="utf-8")
    with pytest.raises(AtelierImpossible, match="contient déjà autre chose"):
        create_course(tmp_path, [pilot_path])
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


@pytest.mark.parametrize("place", ["fichier", "fichier/cours", "/proc/absent/cours"])
def test_place_where_nothing_can_be_written_is_said(tmp_path, pilot_path, place, plain):
    (tmp_path / "fichier").write_text("x", encoding="utf-8")
    for act in (lambda to: create_course(to, [pilot_path]), lambda to: hand_out([pilot_path], to), clear_previous_demo):
        with pytest.raises(AtelierImpossible) as caught:
            act(tmp_path / place)
        assert "ne peut pas servir de dossier" in plain(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["fichier"]


def test_nothing_is_written_when_a_source_is_wrong(tmp_path, pilot_folder):
    wrong = pilot_folder(lambda text: text.replace("valeur: ordre[::-1]", "valeur: inconnu"))
    with pytest.raises(ExerciceInvalide, match="inconnu"):
        create_course(tmp_path / "cours", [wrong])
    assert list(tmp_path.iterdir()) == []


def test_open_course_explains_when_folder_is_not_one(tmp_path):
    with pytest.raises(AtelierImpossible, match="formation atelier creer"):
        open_course(tmp_path)


def test_public_file_holds_no_value(course):
    path = course.root / "source/pilote-01-peser-les-fuites/attentes.json"
    entries = json.loads(path.read_text(encoding="utf-8"))["attentes"]
    for entry in entries.values():
        assert not {"valeur", "pieges", "cas", "equivalents", "points"} & set(entry)
