"""Lancer une correction comme le fait un formateur, et voir ce qui reste après."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import gradebooks as books
import workload

SCRATCH = "formation-"


def course(folder: Path, copies: int) -> Path:
    """Cours `tp1` et ses copies."""
    root = folder / "cours"
    workload.build(root, copies)
    return root


def clone(root: Path, folder: Path) -> Path:
    """Même cours, à part ; l’adresse du carnet de notes est celle de son dossier."""
    target = folder / "cours"
    shutil.copytree(root, target, symlinks=True)
    return target


def command(root: Path, *options: str, temporary: Path | None = None, **keywords) -> subprocess.Popen[str]:
    """Commande `formation atelier corriger` ; `temporary` reçoit ses dossiers de travail."""
    variables = {**os.environ, "OMP_NUM_THREADS": "1"}
    if temporary is not None:
        temporary.mkdir(exist_ok=True)
        variables["TMPDIR"] = str(temporary)
    # Lancé en arrière-plan, un interpréteur hérite d’un SIGINT ignoré : la commande doit s’interrompre quand même.
    restore = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code = restore + "from formation.cli import main; main()"
    arguments = [sys.executable, "-c", code, "atelier", "corriger", str(root), *options]
    return subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables, **keywords
    )


def finish(process: subprocess.Popen[str], timeout: float = 1_200) -> tuple[int, str, str]:
    """Attend une commande : code, sortie, erreurs, insécables en moins."""
    out, err = process.communicate(timeout=timeout)
    return process.returncode, out.replace("\xa0", " "), err.replace("\xa0", " ")


def rows(root: Path):
    """Carnet de notes et registre, sans identifiants ni durées."""
    url = books.sqlite_url(root)
    return books.rows(url), books.ledger_rows(url)


def processes(temporary: Path) -> list[int]:
    """Processus vivants dont l’environnement ou le dossier est celui de cette correction."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "environ").read_bytes()
            where = str((folder / "cwd").readlink())
            state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z" and (os.fsencode(temporary) in text or str(temporary) in where):
            found.append(int(folder.name))
    return found


def wait_until(condition, seconds: float = 120.0) -> bool:
    """Attend une condition ; rend sa dernière valeur."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(condition())


def latest(root: Path) -> dict:
    """Dernier rapport."""
    return dict(json.loads((root / "rapports" / "correction-derniere.json").read_text(encoding="utf-8")))
