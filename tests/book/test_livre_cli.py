"""« formation livre » : les données sont vérifiées d’abord, les messages sont en français."""

from __future__ import annotations

import pytest

from formation import datasets
from formation.book import construction
from formation.cli import main
from formation.datasets import Defect


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    captured = capsys.readouterr()
    return stop.value.code, captured.out, captured.err


def test_build_stops_before_sphinx_when_released_data_changed(capsys, monkeypatch):
    defect = Defect("eau", "troncons.csv.gz", "modifie", "datasets/eau/troncons.csv.gz a changé.")
    monkeypatch.setattr(datasets, "verify", lambda: [defect])
    monkeypatch.setattr(construction, "build", lambda *a, **k: pytest.fail("construction lancée"))
    code, _, err = run(capsys, "livre", "construire")
    assert code == 2
    assert "troncons.csv.gz a changé" in err
    assert "formation donnees generer" in err
    assert "Traceback" not in err


def test_build_says_how_many_pages_when_done(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(datasets, "verify", list)
    seen = {}

    def build(root, *, execute, report):
        seen["execute"] = execute
        report(1, 3, "Lecture de book/index")
        return construction.Built(tmp_path / "html", 3, 4.2)

    monkeypatch.setattr(construction, "build", build)
    code, out, _ = run(capsys, "livre", "construire", "--sans-executer")
    assert code == 0
    assert seen == {"execute": False}
    assert "3 pages" in out.replace("\u00a0", " ")


def test_server_explains_when_book_is_missing(capsys, monkeypatch, tmp_path):
    (tmp_path / "_toc.yml").write_text("")
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "livre", "servir")
    assert code == 2
    assert "Lancez d’abord" in err


def test_server_stops_politely_when_interrupted(tmp_path):
    from formation.book import server

    (tmp_path / "index.html").write_text("x")
    said = []

    def interrupt(self):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("http.server.ThreadingHTTPServer.serve_forever", interrupt)
        server.serve(tmp_path, 0, said.append)
    assert said[0].replace("\u00a0", " ").startswith("Le livre est ici : http://127.0.0.1:")
    assert "arrêté" in said[-1]
