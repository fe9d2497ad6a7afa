"""`formation eau` : lit, dit, et n’écrit que si on le demande."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from formation.cli import main


@pytest.fixture
def network(tmp_path):
    rng = np.random.default_rng(8)
    pipes = pd.DataFrame(
        {"id_troncon": [f"A{k}" for k in range(200)], "longueur_m": rng.uniform(20, 200, 200).round(1)}
    )
    days = pd.to_datetime("2014-01-01") + pd.to_timedelta(rng.integers(0, 9 * 365, 300), unit="D")
    breaks = pd.DataFrame(
        {"id_troncon": rng.choice(pipes["id_troncon"], 300), "date_signalement": days.strftime("%Y-%m-%d")}
    )
    files = tmp_path / "troncons.csv", tmp_path / "casses.csv"
    for table, file in zip((pipes, breaks), files, strict=True):
        table.to_csv(file, index=False)
    return files


def run(arguments, capsys) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return stopped.value.code, captured.out, captured.err


def essayer(network, *options):
    return ["eau", "essayer", "--troncons", network[0], "--defaillances", network[1], *options]


def test_conclusion_is_printed_and_nothing_written_when_files_are_good(network, capsys):
    code, out, _ = run(essayer(network), capsys)
    assert code == 0
    assert "historique par km" in out
    assert "Modèle jouet" in out
    assert len(list(network[0].parent.iterdir())) == 2


def test_same_result_is_machine_readable_when_json_is_asked(network, capsys):
    code, out, _ = run(essayer(network, "--json", "--annees-test", "1"), capsys)
    assert code == 0
    assert len(json.loads(out)["annees"]["test"]) == 1


def test_report_is_written_when_asked(network, capsys):
    code, _, _ = run(essayer(network, "--rapport", network[0].with_name("r.html")), capsys)
    assert code == 0
    assert network[0].with_name("r.html").read_text("utf-8").startswith("<!doctype html>")


def test_report_is_refused_before_any_work_when_format_is_unknown(network, capsys):
    code, _, err = run(essayer(network, "--rapport", network[0].with_name("r.docx")), capsys)
    assert code == 2
    assert ".html" in err


def test_message_is_french_without_traceback_when_file_is_missing(tmp_path, capsys):
    code, _, err = run(essayer((tmp_path / "a.csv", tmp_path / "b.csv")), capsys)
    assert code == 2
    assert "a.csv" in err
    assert "b.csv" in err
    assert "Traceback" not in err
