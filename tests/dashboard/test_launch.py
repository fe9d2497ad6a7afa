"""Lancer JupyterLab sur une session : la tuile, l’environnement, les refus."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import pytest

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
