import errno
import json
import os
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
    put(tmp_path / "stagiaire-02" / NAME / "brouillon.txt", "à moi")
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


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_most_recent_of_two_copies_counts_and_the_other_is_kept(course, tmp_path, blank, plain):
    old, new = tmp_path / "stagiaire-01" / f"{NAME}.ipynb", tmp_path / "stagiaire-01" / f"{NAME} (1).ipynb"
    put(old, blank | {"metadata": {**blank["metadata"], "essai": "ancien"}})
    put(new, blank | {"metadata": {**blank["metadata"], "essai": "nouveau"}})
    os.utime(old, (1_700_000_000, 1_700_000_000))
    os.utime(new, (1_700_009_000, 1_700_009_000))
    collected = collect(course, tmp_path)
    assert len(collected.taken) == 1
    received = course.step("recus") / "stagiaire-01"
    assert read(received / f"{NAME}.ipynb")["metadata"]["essai"] == "nouveau"
    assert read(received / f"{NAME}.autre-1.ipynb")["metadata"]["essai"] == "ancien"
    assert "est la plus récente" in plain(" ".join(collected.taken[0].remarks))
    stamp = course.step("submitted") / "stagiaire-01" / NAME / "timestamp.txt"
    assert stamp.read_text(encoding="utf-8") == "2023-11-15 00:43:20 UTC\n"


def test_copy_in_a_zip_next_to_its_folder_is_seen_once(course, tmp_path, blank):
    put(tmp_path / "stagiaire-01" / f"{NAME}.ipynb", blank)
    with zipfile.ZipFile(tmp_path / "stagiaire-01.zip", "w") as archive:
        archive.writestr(f"{NAME}.ipynb", json.dumps(blank))
    with zipfile.ZipFile(tmp_path / "stagiaire-02.zip", "w") as archive:
        archive.writestr(f"rendu/{NAME}.ipynb", json.dumps(blank))
    collected = collect(course, tmp_path)
    assert [item.learner for item in collected.taken] == ["stagiaire-01", "stagiaire-02"]
    assert any("même copie" in remark for remark in collected.taken[0].remarks)


def test_names_are_understood_when_close_and_explained_when_not(course, tmp_path, blank, plain):
    put(tmp_path / "Stagiaire-01" / "travail" / "final" / f"{NAME.upper()}.ipynb", blank)
    put(tmp_path / "Zoé d’Été_12345_assignsubmission_file_" / f"{NAME}.ipynb", blank)
    collected = collect(course, tmp_path)
    assert [item.learner for item in collected.taken] == ["stagiaire-01"]
    assert len(collected.taken[0].remarks) == 2
    assert "dossier de Moodle" in plain(collected.refused[0][1])


def test_notebook_of_another_assignment_is_refused(course, tmp_path):
    cell = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "autre"}}, "source": "", "outputs": []}
    other = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"formation": {"exercice": "eau-01"}}, "cells": [cell]}
    put(tmp_path / "stagiaire-01" / f"{NAME}.ipynb", other)
    collected = collect(course, tmp_path)
    assert collected.taken == []
    assert "eau-01" in collected.refused[0][1]


def test_learner_who_is_not_on_the_list_is_refused(course, tmp_path, blank, monkeypatch):
    from formation.classroom import collect as module

    monkeypatch.setattr(module, "_gradebook", lambda _: ({"stagiaire-02"}, {}))
    put(tmp_path / "stagiaire-01" / f"{NAME}.ipynb", blank)
    put(tmp_path / "stagiaire-02" / f"{NAME}.ipynb", blank)
    collected = collect(course, tmp_path)
    assert [item.learner for item in collected.taken] == ["stagiaire-02"]
    assert "inscrire DOSSIER LISTE" in collected.refused[0][1]


def test_late_copy_is_taken_and_said(course, tmp_path, blank, monkeypatch):
    from datetime import UTC, datetime

    from formation.classroom import collect as module

    monkeypatch.setattr(module, "_gradebook", lambda _: (None, {NAME: datetime(2020, 1, 1, tzinfo=UTC)}))
    put(tmp_path / "stagiaire-01" / f"{NAME}.ipynb", blank)
    assert "après la date limite" in " ".join(collect(course, tmp_path).taken[0].remarks)


def test_full_disk_says_what_is_kept_and_leaves_nothing_half_written(course, tmp_path, blank, monkeypatch, plain):
    from formation.classroom import collect as module

    written = []

    def failing(path, notebook):
        if written:
            raise OSError(errno.ENOSPC, "plein")
        written.append(path)
        write_notebook(path, notebook)

    monkeypatch.setattr(module, "write_notebook", failing)
    for number in (1, 2):
        put(tmp_path / f"stagiaire-0{number}" / f"{NAME}.ipynb", blank)
    with pytest.raises(AtelierImpossible) as caught:
        collect(course, tmp_path)
    text = plain(caught.value)
    assert "stagiaire-02" in text
    assert "le disque est plein. Copies déjà rangées : 1" in text
    assert not list(course.root.rglob("*.tmp"))


@pytest.mark.parametrize(
    ("name", "excerpt"), [("copies.zip", "abîmée ou incomplète"), ("copies.rar", "refaites-la en ZIP")]
)
def test_unreadable_archive_is_explained(course, tmp_path, name, excerpt):
    (tmp_path / name).write_bytes(b"PK\x03\x04 coupe")
    with pytest.raises(AtelierImpossible, match=excerpt):
        collect(course, tmp_path / name)
    (tmp_path / "stagiaire-01").mkdir()
    shutil.move(tmp_path / name, tmp_path / "stagiaire-01" / name)
    assert excerpt in collect(course, tmp_path).refused[0][1]


def test_archive_in_an_archive_is_refused(course, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("stagiaire-01/dedans.zip", b"PK")
    assert "archive dans l’archive" in collect(course, tmp_path / "a.zip").refused[0][1]


def test_empty_folder_is_said(course, tmp_path):
    assert "aucun carnet" in collect(course, tmp_path).refused[0][1]
