"""`formation comite` : vérifie, mesure, et n’écrit que si on le demande."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from formation.cli import main


def run(arguments, capsys) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["comite", *(str(argument) for argument in arguments)])
    captured = capsys.readouterr()
    return stopped.value.code, captured.out, captured.err


@pytest.fixture
def files(tmp_path):
    codes = [f"{rank:05d}" for rank in range(1, 13)]
    pd.DataFrame({"code_commune": codes, "population": range(12)}).to_csv(tmp_path / "communes.csv", index=False)
    pd.DataFrame({"code_commune": range(1, 13), "surface": np.arange(12) + 0.5}).to_csv(
        tmp_path / "sol.csv", index=False
    )
    return tmp_path


def joined(files, *options):
    return [
        "joindre",
        "--gauche",
        files / "communes.csv",
        "--droite",
        files / "sol.csv",
        "--cle",
        "code_commune",
        *options,
    ]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_unsound_join_writes_nothing(files, capsys):
    code, out, err = run(joined(files, "--ecrire", files / "j.csv", "--rapport", files / "r.html"), capsys)
    assert code == 2
    assert out == ""
    assert "perdu" in err or "sans doute" in err
    assert "Traceback" not in err
    assert names(files) == ["communes.csv", "sol.csv"]


def test_refusal_is_machine_readable(files, capsys):
    code, out, _ = run(joined(files, "--json"), capsys)
    assert code == 2
    found = json.loads(out)
    assert found["saine"] is False
    assert [problem["kind"] for problem in found["problemes"]] == ["zeros_perdus"]


def test_check_alone_writes_nothing(files, capsys):
    code, out, _ = run(joined(files, "--completer-zeros"), capsys)
    assert code == 0
    assert "Rien n’a été écrit" in out
    assert names(files) == ["communes.csv", "sol.csv"]


@pytest.mark.parametrize("name", ["j.csv", "j.xlsx", "j.ods"])
def test_join_is_written_with_its_zeros(files, capsys, name):
    code, out, _ = run(joined(files, "--completer-zeros", "--ecrire", files / name, "--json"), capsys)
    assert code == 0
    assert json.loads(out)["ecrit"].endswith(name)
    assert names(files) == sorted(["communes.csv", "sol.csv", name])
    if name == "j.csv":
        assert "00001;0;0,5" in (files / name).read_text("utf-8-sig")
    elif name == "j.xlsx":
        row = next(load_workbook(files / name).worksheets[0].iter_rows(min_row=2, values_only=True))
        assert row == ("00001", 0, 0.5)
    else:
        from formation.comite import join

        assert join(files / name, files / "communes.csv", ["code_commune"]).sound


def test_existing_file_is_kept_unless_asked(files, capsys):
    (files / "j.csv").write_text("ancien", "utf-8")
    code, _, err = run(joined(files, "--completer-zeros", "--ecrire", files / "j.csv"), capsys)
    assert code == 2
    assert "--ecraser" in err
    assert (files / "j.csv").read_text("utf-8") == "ancien"
    assert run(joined(files, "--completer-zeros", "--ecrire", files / "j.csv", "--ecraser"), capsys)[0] == 0
    assert (files / "j.csv").read_text("utf-8-sig").startswith("code_commune")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--ecrire", "j.docx"], ".xlsx"),
        (["--ecrire", "absent/j.csv"], "n’existe pas"),
        (["--ecrire", "sol.csv", "--ecraser"], "fichiers à lire"),
        (["--rapport", "r.docx"], ".html"),
        (["--petits", "cacher"], "refuser, masquer, garder"),
        (["--orphelins", "5"], "entre 0 et 1"),
    ],
)
def test_wrong_option_is_told_before_reading(files, capsys, monkeypatch, options, words):
    monkeypatch.chdir(files)
    code, _, err = run(joined(files, *options), capsys)
    assert code == 2
    assert words in err
    assert names(files) == ["communes.csv", "sol.csv"]


def test_disk_failure_leaves_the_old_file(files, capsys, monkeypatch):
    from formation.comite import own_writing

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own_writing, "write_atomic", fail)
    code, _, err = run(joined(files, "--completer-zeros", "--ecrire", files / "j.csv"), capsys)
    assert code == 2
    assert "le disque est plein" in err
    assert names(files) == ["communes.csv", "sol.csv"]


def test_report_carries_the_choices(files, capsys):
    for name in ("r.html", "r.csv"):
        assert run(joined(files, "--completer-zeros", "--rapport", files / name), capsys)[0] == 0
        assert "--completer-zeros" in (files / name).read_text("utf-8")


def test_measure_is_printed_with_progress_aside(files, capsys):
    rng, days = np.random.default_rng(2), pd.date_range("2023-01-01", periods=200)
    rain = rng.gamma(1, 5, 200)
    calls = pd.DataFrame({"date": days, "appels": (10 + rain + rng.normal(0, 1, 200)).round(1)})
    calls.to_csv(files / "appels.csv", index=False)
    pd.DataFrame({"date": days, "pluie": rain}).to_csv(files / "pluie.csv", index=False)
    base = [
        "mesurer",
        "--table",
        files / "appels.csv",
        "--avec",
        files / "pluie.csv",
        "--cle",
        "date",
        "--cible",
        "appels",
    ]
    code, out, err = run([*base, "--rapport", files / "r.html"], capsys)
    assert code == 0
    assert out.startswith("Gain mesuré")
    assert "5/5" in err
    assert "témoin" in (files / "r.html").read_text("utf-8")
    found = json.loads(run([*base, "--json"], capsys)[1])
    assert {line["methode"] for line in found["methodes"]} == {"moyenne", "linéaire", "arbres", "témoin", "retenue"}


def test_measure_refuses_an_unsound_join_in_json_too(files, capsys):
    arguments = ["mesurer", "--table", files / "communes.csv", "--avec", files / "sol.csv", "--cle", "code_commune"]
    code, out, _ = run([*arguments, "--cible", "population", "--json"], capsys)
    assert code == 2
    assert json.loads(out)["problemes"][0]["kind"] == "zeros_perdus"


def test_course_joins_are_listed(capsys, monkeypatch):
    from formation import comite

    table = pd.DataFrame([{
        "code": "J0", "jointure": "a × b", "question": "combien ?", "mesure": "erreur (%)", "sans": 12.0, "avec": 10.0,
        "gain": 2.0, "gain_min": 0.5, "gain_max": 3.5, "verdict": "gagne",
    }])  # fmt: skip
    monkeypatch.setattr(comite, "results", lambda: table, raising=False)
    assert "2,00 (0,50 à 3,50)" in run(["jointures"], capsys)[1]
    assert json.loads(run(["jointures", "--json"], capsys)[1])[0]["verdict"] == "gagne"
