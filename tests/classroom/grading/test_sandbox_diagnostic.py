"""`formation atelier diagnostic` dit ce que la machine permet, et le dit aussi à un utilisateur ordinaire."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import cage
import pytest

from formation import cli, datasets
from formation.classroom.grading import sandbox
from formation.classroom.grading.sandbox import kernel

SOURCE = Path(sandbox.__file__).resolve().parents[4]
PACKAGES = Path(pytest.__file__).resolve().parents[1]
ORDINARY = cage.NOBODY
PROBE = "import json; from formation.classroom.grading import sandbox; print(json.dumps(sandbox.probe()))"


def run(*arguments):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["atelier", "diagnostic", *arguments])
    return stopped.value.code


@pytest.mark.skipif(not kernel.is_linux(), reason="le bac à sable n’existe que sous Linux")
def test_a_complete_machine_is_said_complete(capsys):
    assert run() == 0
    said = capsys.readouterr().out
    assert "MANQUE" not in said
    for layer in sandbox.LAYERS:
        assert layer in said


def test_a_missing_layer_is_said_with_its_cure_and_the_code_tells_a_machine(capsys, monkeypatch):
    why = "ce noyau est trop ancien. Remède : Linux 5.13"
    monkeypatch.setattr(sandbox, "probe", lambda: {**dict.fromkeys(sandbox.LAYERS), "landlock": why})
    assert run() == 1
    said = capsys.readouterr().out.replace("\u00a0", " ")
    assert "landlock : MANQUE. Ce noyau est trop ancien. Remède : Linux 5.13" in said
    assert "--bac-a-sable degrade" in said
    assert run("--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["couches"]["landlock"] == why
    assert told["complet"] is False
    assert told["protection"]


@pytest.mark.skipif(not kernel.is_linux(), reason="le bac à sable n’existe que sous Linux")
def test_a_real_ordinary_user_has_every_layer_too():
    cage.needs_root()
    system = Path(f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}")
    if not system.exists():
        pytest.skip("il faut un Python de même version lisible par tout utilisateur")
    # le projet est peut-être dans un dossier que seul root lit : l’utilisateur reçoit une copie de ce qu’il importe
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(SOURCE / "formation", f"{folder}/formation", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(datasets.root(), f"{folder}/datasets")
        for name in ("pyseccomp", "numpy", "numpy.libs", "pandas", "dateutil", "six"):
            for found in PACKAGES.glob(f"{name}*"):
                if found.name in (name, f"{name}.py"):
                    (shutil.copytree if found.is_dir() else shutil.copy)(found, f"{folder}/{found.name}")
        # son dossier personnel est fermé à ce compte : rien à y lire, et rien qui arrête
        closed = Path(folder) / "ferme"
        closed.mkdir(mode=0o700)
        done = subprocess.run(
            [
                system,
                "-c",
                PROBE,
            ],
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
            user=ORDINARY,
            group=ORDINARY,
            extra_groups=[],
            cwd="/",
            env={
                "PYTHONPATH": folder,
                "FORMATION_DONNEES": f"{folder}/datasets",
                "PYTHONUSERBASE": f"{closed}/personnel",
                "PYTHONDONTWRITEBYTECODE": "1",
                "PATH": "/usr/bin:/sbin",
            },
        )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == dict.fromkeys(sandbox.LAYERS)
