"""`formation quiz` : lister, exporter sans rien perdre, vérifier."""

from __future__ import annotations

import errno
import json
import os
import zipfile
from pathlib import Path

import pytest

from formation import lms
from formation.cli import main


@pytest.fixture
def run(capsys, plain):
    def go(*arguments):
        with pytest.raises(SystemExit) as stopped:
            main(["quiz", *map(str, arguments)])
        shown = capsys.readouterr()
        return stopped.value.code, plain(shown.out), plain(shown.err)

    return go


def files(folder):
    return sorted(path.name for path in Path(folder).iterdir())


def test_list_names_chapters_and_counts(run, chapters):
    code, out, _ = run("lister")
    assert code == 0
    assert "Les six cas" in out
    assert all(chapter.slug in out for chapter in chapters)
    assert f"{len(chapters)} chapitres, {sum(len(chapter.items) for chapter in chapters)} questions." in out
    code, out, _ = run("lister", "--chapitre", "eau", "--json")
    (found,) = json.loads(out)
    assert (found["nom"], found["questions"][0]) == ("eau", "eau-q01")


@pytest.mark.parametrize(("kind", "name"), [("moodle", "quiz.xml"), ("gift", "quiz.txt"), ("scorm", "eau.zip")])
def test_one_chapter_is_exported_in_each_format(run, tmp_path, kind, name, eau):
    code, out, _ = run("exporter", tmp_path / name, "--format", kind, "--chapitre", "eau")
    assert code == 0
    assert "1 fichier écrit" in out
    assert files(tmp_path) == [name]
    content = (tmp_path / name).read_bytes()
    expected = {"moodle": lms.to_moodle_xml([eau]).encode(), "gift": lms.to_gift([eau]).encode()}
    assert content == expected.get(kind, lms.to_scorm(eau))


def test_every_chapter_becomes_a_package_with_progress(run, tmp_path, chapters):
    code, out, err = run("exporter", tmp_path / "paquets", "--format", "scorm")
    assert code == 0
    assert f"{len(chapters)} fichiers écrits" in out
    assert f"{len(chapters)}/{len(chapters)}" in err
    assert files(tmp_path / "paquets") == sorted(f"{chapter.slug}.zip" for chapter in chapters)
    assert all(zipfile.is_zipfile(path) for path in (tmp_path / "paquets").iterdir())


def test_existing_file_is_kept_unless_asked(run, tmp_path):
    target = tmp_path / "quiz.xml"
    target.write_text("à moi", "utf-8")
    code, _, err = run("exporter", target, "--chapitre", "eau")
    assert code == 2
    assert "--ecraser" in err
    assert target.read_text("utf-8") == "à moi"
    assert run("exporter", target, "--chapitre", "eau", "--ecraser")[0] == 0
    assert target.read_text("utf-8").startswith("<?xml")


def test_every_defect_is_told_at_once_and_nothing_is_written(run, tmp_path):
    code, _, err = run(
        "exporter", tmp_path / "absent" / "quiz.pdf", "--chapitre", "chart", "--chapitre", "eaux",
        "--adresse-livre", "livre", "--seuil", "0",
    )  # fmt: skip
    assert code == 2
    for said in ("charte", "eau", ".xml", "absent", "n’est pas l’adresse", "seuil 0", "rien n’a été écrit"):
        assert said in err, said
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "word"], "moodle, gift, scorm"),
        (["--format", "scorm", "--chapitre", "eau", "--chapitre", "charte"], "un paquet ne tient qu’un chapitre"),
    ],
)
def test_wrong_demand_is_explained(run, tmp_path, arguments, said):
    code, _, err = run("exporter", tmp_path / "sortie.zip", *arguments)
    assert code == 2
    assert said in err
    assert files(tmp_path) == []


def test_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    from formation.lms import exporting

    done = []

    def stop(target, content):
        if done:
            raise OSError(errno.ENOSPC, "plein")
        done.append(target)
        target.write_bytes(content)

    monkeypatch.setattr(exporting, "write_atomic", stop)
    with pytest.raises(lms.ExportQuizImpossible, match="le disque est plein"):
        lms.export(tmp_path / "paquets", "scorm", ["eau", "charte"])
    assert files(tmp_path) == []


def test_export_interrupted_leaves_nothing_and_the_next_one_sweeps_a_killed_one(tmp_path, monkeypatch):
    from formation.lms import exporting

    killed = tmp_path / ".export-999999999-abc"  # aucun processus ne porte ce numéro
    killed.mkdir()
    (killed / "eau.zip").write_bytes(b"moitie")

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(exporting, "write_atomic", stop)
        with pytest.raises(KeyboardInterrupt):
            lms.export(tmp_path / "paquets", "scorm", ["eau", "charte"])
    assert list(tmp_path.iterdir()) == []
    lms.export(tmp_path / "paquets", "scorm", ["eau", "charte"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["paquets"]
    assert (tmp_path / "paquets").stat().st_mode & 0o777 == 0o777 & ~_umask()


def _umask() -> int:
    before = os.umask(0)
    os.umask(before)
    return before


def test_verify_tells_the_measures(run):
    code, out, _ = run("verifier")
    assert code == 0
    assert "Répondre au hasard : 25" in out
    assert "Aucun défaut trouvé." in out
    code, out, _ = run("verifier", "--json")
    found = json.loads(out)
    assert found["valide"]
    assert found["problemes"] == []
    assert found["chiffres"]["questions"] >= 320


def test_session_scores_become_a_moodle_table(run, tmp_path, monkeypatch):
    import csv

    from formation.session import model, outcome
    from formation.session.outcome import Outcome

    people = [
        model.Participant(f"stagiaire-0{n}", f"NOM 0{n}", "Stagiaire", f"s{n}@exemple.fr" if n < 3 else "")
        for n in (1, 2, 3)
    ]
    scores = {
        "stagiaire-01": Outcome("stagiaire-01", placement_score=(2, 8), final_score=(7, 8)),
        "stagiaire-02": Outcome("stagiaire-02", placement_score=(1, 3)),
        "stagiaire-03": Outcome("stagiaire-03", final_score=(8, 8)),
    }
    monkeypatch.setattr(model, "open_session", lambda _: type("Session", (), {"participants": people}))
    monkeypatch.setattr(outcome, "compute", lambda _: scores)
    code, out, _ = run("notes", tmp_path, tmp_path / "notes.csv")
    assert code == 0
    assert "laissés hors du tableau : stagiaire-03" in out
    lines = list(csv.reader((tmp_path / "notes.csv").read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert lines == [
        ["Identifiant", "Adresse de courriel", "Positionnement (sur 100)", "Évaluation finale (sur 100)", "À relire"],
        ["stagiaire-01", "s1@exemple.fr", "25", "87.5", ""],
        ["stagiaire-02", "s2@exemple.fr", "33.33", "-", ""],
    ]
    code, _, err = run("notes", tmp_path, tmp_path / "notes.csv")
    assert code == 2
    assert "--ecraser" in err
