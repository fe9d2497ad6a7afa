import json
import shutil
import zipfile

import pytest

from formation.classroom.collect import collect
from formation.classroom.course import create_course, write_notebook
from formation.classroom.errors import AtelierImpossible

NAME = "pilote-01-peser-les-fuites"


@pytest.fixture(scope="module")
def empty_course(tmp_path_factory, pilot_path, pilot, expected):
    """Session dont la copie vierge est posée sans nbgrader."""
    from formation.classroom.copies import learner_notebook

    course = create_course(tmp_path_factory.mktemp("session") / "cours", [pilot_path])
    folder = course.step("release") / NAME
    folder.mkdir(parents=True)
    write_notebook(folder / f"{NAME}.ipynb", learner_notebook(pilot, expected))
    return course


@pytest.fixture
def course(empty_course):
    yield empty_course
    for step in ("recus", "submitted"):
        shutil.rmtree(empty_course.step(step), ignore_errors=True)


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")


def test_both_layouts_are_taken(course, tmp_path, blank):
    put(tmp_path / "stagiaire-01" / f"{NAME}.ipynb", blank)
    put(tmp_path / "stagiaire-02" / NAME / f"{NAME}.ipynb", blank)
    put(tmp_path / "stagiaire-02" / NAME / "attentes.json", "{}")
    put(tmp_path / "stagiaire-02" / NAME / ".ipynb_checkpoints" / f"{NAME}-checkpoint.ipynb", blank)
    collected = collect(course, tmp_path)
    assert [item.learner for item in collected.taken] == ["stagiaire-01", "stagiaire-02"]
    assert (collected.refused, collected.ignored) == ([], 1)
    assert (course.step("submitted") / "stagiaire-01" / NAME / f"{NAME}.ipynb").is_file()
    assert (course.step("recus") / "stagiaire-02" / f"{NAME}.ipynb").is_file()


def test_second_collection_says_it_replaces(course, tmp_path, blank):
    put(tmp_path / "stagiaire-01" / f"{NAME}.ipynb", blank)
    assert not collect(course, tmp_path).taken[0].replaced
    assert collect(course, tmp_path).taken[0].replaced


def test_refusals_say_why_and_do_not_stop_the_rest(course, tmp_path, blank):
    put(tmp_path / "stagiaire-01" / f"{NAME}.ipynb", blank)
    put(tmp_path / "Une Personne" / f"{NAME}.ipynb", blank)
    put(tmp_path / "stagiaire-02" / "autre.ipynb", blank)
    put(tmp_path / "stagiaire-03" / f"{NAME}.ipynb", "{")
    (tmp_path / "stagiaire-04").mkdir()
    (tmp_path / "stagiaire-04" / f"{NAME}.ipynb").symlink_to(tmp_path / "stagiaire-01" / f"{NAME}.ipynb")
    (tmp_path / "stagiaire-05").symlink_to(tmp_path / "stagiaire-01")
    collected = collect(course, tmp_path)
    assert [item.learner for item in collected.taken] == ["stagiaire-01"]
    reasons = {path.split("/")[0]: reason for path, reason in collected.refused}
    assert "jamais par un nom de personne" in reasons["Une Personne"]
    assert "n’est pas un exercice de la session" in reasons["stagiaire-02"]
    assert "lisible" in reasons["stagiaire-03"]
    assert "lien" in reasons["stagiaire-04"]


def test_zip_is_taken_and_its_traps_refused(course, tmp_path, blank):
    path = tmp_path / "copies.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"rendu/stagiaire-01/{NAME}.ipynb", json.dumps(blank))
        archive.writestr(f"../stagiaire-02/{NAME}.ipynb", json.dumps(blank))
        archive.writestr(f"/stagiaire-03/{NAME}.ipynb", json.dumps(blank))
        archive.writestr(f"stagiaire-04/{NAME}.ipynb", " " * 40_000_000)
        link = zipfile.ZipInfo(f"stagiaire-05/{NAME}.ipynb")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("__MACOSX/x", "x")
    before = sorted(tmp_path.rglob("*"))
    collected = collect(course, path)
    assert [item.learner for item in collected.taken] == ["stagiaire-01"]
    reasons = " ".join(reason for _, reason in collected.refused)
    for excerpt in ("sort du dossier", "compressé de façon anormale", "lien"):
        assert excerpt in reasons
    assert len(collected.refused) == 4
    assert sorted(tmp_path.rglob("*")) == before


def test_missing_source_is_explained(course, tmp_path):
    with pytest.raises(AtelierImpossible, match="ni un dossier ni une archive"):
        collect(course, tmp_path / "rien")


def test_collection_before_release_is_explained(tmp_path, pilot_path):
    course = create_course(tmp_path / "cours", [pilot_path])
    with pytest.raises(AtelierImpossible, match="formation atelier distribuer"):
        collect(course, tmp_path)
