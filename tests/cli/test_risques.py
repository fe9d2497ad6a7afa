"""`formation risques` : lit, dit, et n’écrit que si on le demande."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from formation.cli import main


def run(arguments, capsys) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["risques", *(str(argument) for argument in arguments)])
    captured = capsys.readouterr()
    return stopped.value.code, captured.out, captured.err


@pytest.fixture
def measures(tmp_path):
    """Quarante orages semblables d’une station, au pas de quinze minutes."""
    rng, parts = np.random.default_rng(4), []
    for start in pd.date_range("2020-01-05", periods=44, freq="17D"):
        rain = np.zeros(56)
        rain[12:22] = rng.uniform(10, 60) * np.sin(np.pi * (np.arange(10) + 0.5) / 10)
        flow = np.convolve(rain, np.exp(-np.arange(12) / 3) * np.arange(12))[:56] * 0.1 + 0.05
        moments = pd.date_range(start, periods=56, freq="15min")
        parts.append(pd.DataFrame({"date_heure": moments, "pluie_mm_h": rain.round(1), "debit_m3_s": flow.round(3)}))
    pd.concat(parts).to_csv(tmp_path / "mesures.csv", index=False)
    return tmp_path / "mesures.csv"


@pytest.fixture
def images(tmp_path):
    rain = np.maximum(np.random.default_rng(1).gamma(0.5, 10, (20, 24, 24)) - 3, 0)
    np.savez_compressed(tmp_path / "radar.npz", pluie_mm_h=rain.astype("float32"))
    return tmp_path / "radar.npz"


def test_conclusion_is_printed_and_nothing_written(measures, capsys):
    code, out, _ = run(["essayer", "--mesures", measures, "--seuil", "20"], capsys)
    assert code == 0
    assert "par épisodes entiers" in out
    assert len(list(measures.parent.iterdir())) == 1


@pytest.mark.parametrize("name", ["r.html", "r.csv"])
def test_report_is_written_when_asked(measures, capsys, name):
    arguments = ["essayer", "--mesures", measures, "--rapport", measures.with_name(name), "--json", "--seuil", "20"]
    code, out, _ = run(arguments, capsys)
    assert code == 0
    assert "persistance" in (written := measures.with_name(name).read_text("utf-8"))
    assert "régression linéaire" in written
    assert len(json.loads(out)["methodes"]) == 12


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--fuseau", "Mars/Olympus"], "n’est pas un fuseau connu"),
        (["--seuil", "douze"], "Seuil illisible"),
        (["--seuil", "9000"], "Trop peu de crues pour conclure"),
        (["--rapport", "r.docx"], ".html"),
    ],
)
def test_message_is_french_without_traceback(measures, capsys, arguments, words):
    code, _, err = run(["essayer", "--mesures", measures, *arguments], capsys)
    assert code == 2
    assert words in err
    assert "Traceback" not in err
    assert len(list(measures.parent.iterdir())) == 1


def test_missing_file_is_named(tmp_path, capsys):
    for arguments in (["essayer", "--mesures"], ["radar", "--images"]):
        code, _, err = run([*arguments, tmp_path / "absent"], capsys)
        assert code == 2
        assert "n’existe pas" in err


def test_radar_is_checked_and_reported(images, capsys):
    code, out, _ = run(["radar", "--images", images, "--rapport", images.with_name("r.html")], capsys)
    assert code == 0
    assert "Intensité la plus forte" in out
    assert images.with_name("r.html").read_text("utf-8").startswith("<!doctype html>")
    code, out, _ = run(["radar", "--images", images, "--json"], capsys)
    assert json.loads(out)["fichier"]["images"] == 20


def test_radar_of_another_size_is_refused_with_the_option(images, capsys):
    code, _, err = run(["radar", "--images", images, "--forme", "32x32"], capsys)
    assert code == 2
    assert "--forme 24x24" in err


def test_course_comparison_is_printed_and_machine_readable(capsys, monkeypatch):
    from formation.risques import evaluation

    table = evaluation.evaluate([60], chosen=evaluation.baselines())
    monkeypatch.setattr(evaluation, "evaluate", lambda: table)
    assert "persistance" in run(["comparer"], capsys)[1]
    assert json.loads(run(["comparer", "--json"], capsys)[1])[0]["horizon"] == 60
