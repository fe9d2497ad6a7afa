"""`formation securite` : lit, dit, et n’écrit que si on le demande."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from formation.cli import main


def run(arguments, capsys) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["securite", *(str(argument) for argument in arguments)])
    captured = capsys.readouterr()
    return stopped.value.code, captured.out, captured.err


@pytest.fixture
def log(tmp_path):
    stamps = pd.date_range("2025-06-01 20:00", periods=40, freq="9min")
    table = pd.DataFrame({"horodatage": stamps, "confirmee": [1, 0, 0, 0] * 10, "id_camera": "C01"})
    table.to_csv(tmp_path / "journal.csv", index=False)
    return tmp_path / "journal.csv"


@pytest.fixture
def densities(tmp_path):
    stamps = pd.date_range("2025-06-01 20:00", periods=60, freq="10s")
    density = np.where(np.arange(60) > 50, 5.5, 2.0)
    pd.DataFrame({"horodatage": stamps, "camera": "C01", "densite": density}).to_csv(
        tmp_path / "mesures.csv", index=False
    )
    return tmp_path / "mesures.csv"


def test_conclusion_is_printed_and_nothing_written_when_the_log_is_good(log, capsys, plain):
    code, out, _ = run(["essayer", "--alertes", log, "--heures", 6], capsys)
    assert code == 0
    assert plain(out).startswith("25 alertes sur 100 sont vraies")
    assert len(list(log.parent.iterdir())) == 1


def test_asked_rarities_and_misses_are_used(log, capsys):
    code, out, _ = run(["essayer", "--alertes", log, "--heures", 6, "--rarete", 50, "--manques", 10, "--json"], capsys)
    assert code == 0
    found = json.loads(out)
    assert [row["rarete"] for row in found["detail"]] == [1, 50]
    assert found["resultat"][-1]["valeur"] == 0.5


@pytest.mark.parametrize("name", ["r.html", "r.csv"])
def test_report_is_written_when_asked(log, capsys, name):
    code, _, _ = run(["essayer", "--alertes", log, "--heures", 6, "--rapport", log.with_name(name)], capsys)
    assert code == 0
    assert "alertes par heure de veille" in log.with_name(name).read_text("utf-8")


def test_alarm_is_replayed_on_densities(densities, capsys, plain):
    code, out, _ = run(["essayer", "--mesures", densities, "--seuil", 5], capsys)
    assert code == 0
    assert "Au seuil de 5,0 personnes par m², 1 caméra donnerait 6,0 alertes par heure" in plain(out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["essayer"], "--alertes"),
        (["essayer", "--alertes", "a.csv", "--mesures", "b.csv"], "un seul"),
        (["essayer", "--mesures", "b.csv", "--heures", "6"], "vont avec --alertes"),
        (["essayer", "--alertes", "absent.csv"], "absent.csv"),
        (["essayer", "--alertes", "absent.csv", "--rapport", "r.docx"], ".html"),
        (["essayer", "--alertes", "absent.csv", "--fuseau", "Mars"], "Europe/Paris"),
        (["compter", "--vignettes", "absent.npz", "--comptages", "absent.csv"], "absent.npz"),
    ],
)
def test_message_is_french_without_traceback_when_something_is_wrong(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(arguments, capsys)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_counter_is_judged_and_reported_when_thumbnails_are_good(tmp_path, capsys, plain):
    from formation.securite import load

    counts = load("comptages").tail(5).reset_index(drop=True)
    np.savez_compressed(tmp_path / "v.npz", images=load("vignettes")["images"][-5:])
    counts[["nb_personnes", "condition"]].to_csv(tmp_path / "c.csv", index=False)
    arguments = ["compter", "--vignettes", tmp_path / "v.npz", "--comptages", tmp_path / "c.csv"]
    code, out, _ = run([*arguments, "--rapport", tmp_path / "r.html"], capsys)
    assert code == 0
    assert "Trop peu de vignettes" in plain(out)
    assert "foule dense" in (tmp_path / "r.html").read_text("utf-8")


def test_methods_are_compared_by_place(course_table, monkeypatch, capsys, plain):
    from formation.securite import evaluation

    monkeypatch.setattr(evaluation, "evaluate", lambda: course_table)
    code, out, _ = run(["comparer"], capsys)
    assert code == 0
    assert "soirée ordinaire" in out
    assert "6,23 %" in plain(out)
    _, out, _ = run(["comparer", "--json"], capsys)
    assert json.loads(out)[0]["precision"] == 0.69


@pytest.fixture
def course_table():
    """Deux lignes au format de l’évaluation : l’ajustement du modèle est éprouvé ailleurs."""
    row = {"methode": "modèle jouet", "prevalence": 0.0623, "alertes_heure": 32.8, "fausses_heure": 10.1}
    return pd.DataFrame(
        [{**row, "lieu": place, "precision": 0.69, "rappel": 0.8} for place in ("repetition", "soiree")]
    )
