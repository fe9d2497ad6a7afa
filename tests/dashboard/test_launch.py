"""Lancer JupyterLab sur une session : la tuile, l’environnement, les refus."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import pytest

from formation.cli import main
from formation.dashboard import launch
from formation.dashboard.job import read_step
from formation.dashboard.place import FOLDER, DossierInconnu

ROOT = Path(__file__).parents[2]


def test_tile_is_the_one_the_launcher_accepts(monkeypatch):
    from jupyter_app_launcher.utils import parse_config

    found = parse_config(str(launch.TILE), str(launch.TILE / launch.CONFIG))
    assert [one["title"] for one in found] == ["Tableau de bord du formateur"]
    notebook = json.loads(found[0]["sourceCode"])
    assert "".join(notebook["cells"][0]["source"]).endswith("dashboard.open()")
    assert found[0]["icon"].startswith("<svg")


def test_wheel_puts_the_tile_where_jupyterlab_looks():
    shared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = shared["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert (ROOT / next(iter(shared))).resolve() == launch.TILE.resolve()
    assert list(shared.values()) == ["share/jupyter/jupyter_app_launcher"]


def test_one_tile_only_whether_installed_or_not(graded, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *parts: [str(tmp_path.joinpath(*parts))])
    assert launch.environment(graded)["JUPYTER_APP_LAUNCHER_PATH"] == str(launch.TILE)
    folder = tmp_path / "jupyter_app_launcher"
    folder.mkdir()
    (folder / launch.CONFIG).write_text("[]", encoding="utf-8")
    made = launch.environment(graded)
    assert "JUPYTER_APP_LAUNCHER_PATH" not in made
    assert made[FOLDER] == str(graded.resolve())


def test_jupyterlab_listens_on_this_machine_only(graded):
    command = launch.lab_command(graded, port=8899, browser=False)
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--no-browser" in command
    assert not any("token" in part for part in command)


def test_nothing_starts_when_the_folder_is_not_a_session(tmp_path, monkeypatch):
    monkeypatch.setattr(launch.subprocess, "Popen", lambda *a, **k: pytest.fail("JupyterLab ne doit pas démarrer"))
    with pytest.raises(DossierInconnu, match=r"session\.yml"):
        launch.run_lab(tmp_path)


@pytest.mark.parametrize("line", ["", "{", "{}", '{"fait": "x", "total": 1, "etape": "", "reste_s": 0}', "[1]"])
def test_line_that_is_not_a_step_is_not_one(line):
    assert read_step(line) is None


@pytest.fixture(scope="module")
def erased(tmp_path_factory):
    """Session effacée, sans cours : ce qu’un formateur rouvre six mois après."""
    from datetime import date

    from formation.session.creation import create_session
    from formation.session.request import Request
    from formation.session.retention import erase

    folder = tmp_path_factory.mktemp("effacee")
    (folder / "liste.csv").write_text("nom;prénom\nNOM 01;Stagiaire\nNOM 02;Stagiaire\n", encoding="utf-8")
    asked = Request(
        "elus-demi-journee", folder / "liste.csv", "2027-01-14", folder / "session", today=date(2026, 11, 22)
    )
    root = create_session(asked).session.root
    erase(root, date(2027, 7, 20))
    return root


def test_erased_session_says_so_and_does_not_start_jupyterlab(erased, monkeypatch, capsys):
    monkeypatch.setattr(launch.subprocess, "Popen", lambda *a, **k: pytest.fail("JupyterLab ne doit pas démarrer"))
    with pytest.raises(SystemExit) as stopped:
        main(["session", "tableau", str(erased)])
    said = capsys.readouterr().err.replace("\u00a0", " ")
    assert stopped.value.code == 2
    for expected in (
        "effacée le mardi 20 juillet 2027",
        "formation session etat",
        "formation session creer",
        str(erased),
    ):
        assert expected in said, said


def test_tile_opened_on_an_erased_session_asks_for_another_folder(erased, monkeypatch):
    from formation.dashboard import open as open_panel

    monkeypatch.setenv(FOLDER, str(erased))
    assert "effacée le" in str([child.value for child in open_panel().children if hasattr(child, "value")])
