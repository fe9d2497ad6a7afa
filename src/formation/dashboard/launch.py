"""Ouvrir JupyterLab sur une session, avec la tuile « Tableau de bord du formateur » dans son lanceur."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from formation.checks.failure import french
from formation.classroom.formgrader import CONFIG_FOLDER
from formation.dashboard.place import FOLDER, open_place
from formation.errors import FormationError

TILE = Path(__file__).parent / "tile"
CONFIG = "jp_app_launcher_formation.yaml"
_PATHS, _CONFIG_PATHS = "JUPYTER_APP_LAUNCHER_PATH", "JUPYTER_CONFIG_PATH"


def installed_tile() -> Path | None:
    """Tuile posée par l’installation du projet, là où JupyterLab la trouve toujours.

    Returns
    -------
    Path or None
        None si elle n’y est pas : il faut alors la désigner par une variable d’environnement.
    """
    from jupyter_core.paths import jupyter_path

    found = (Path(folder) / CONFIG for folder in jupyter_path("jupyter_app_launcher"))
    return next((path for path in found if path.is_file()), None)


def environment(folder: Path) -> dict[str, str]:
    """Variables d’environnement du JupyterLab d’une session.

    Parameters
    ----------
    folder : Path
        Session ou cours nbgrader.

    Returns
    -------
    dict of str to str
    """
    made = {**os.environ, FOLDER: str(folder.resolve())}
    known = os.environ.get(_CONFIG_PATHS)
    made[_CONFIG_PATHS] = os.pathsep.join([*([known] if known else []), str(CONFIG_FOLDER)])
    # deux fois la même configuration feraient deux tuiles
    if installed_tile() is None:
        made[_PATHS] = str(TILE)
    return made


def lab_command(folder: Path, *, port: int | None = None, browser: bool = True) -> list[str]:
    """Commande qui lance JupyterLab sur une session, à l’écoute de ce poste seulement.

    Parameters
    ----------
    folder : Path
        Session ou cours nbgrader : le dossier montré par l’explorateur de fichiers.
    port : int, optional
        Port ; celui de JupyterLab à défaut, ou le suivant s’il est pris.
    browser : bool
        Faux pour ne pas ouvrir le navigateur : l’adresse s’affiche.

    Returns
    -------
    list of str
    """
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder.resolve()}",
        "--ServerApp.ip=127.0.0.1",
    ]
    # l’espace de travail remis à neuf montre le lanceur, donc la tuile
    command.append("--LabApp.default_url=/lab/workspaces/formation?reset")
    if as_root():  # JupyterLab refuserait de partir, sans dire en français pourquoi
        command.append("--allow-root")
    if port is not None:
        command.append(f"--ServerApp.port={port}")
    return command if browser else [*command, "--no-browser"]


def as_root() -> bool:
    """Vrai pour le compte d’administration, dans un conteneur par exemple.

    Returns
    -------
    bool
    """
    return hasattr(os, "geteuid") and os.geteuid() == 0


def run_lab(
    folder: Path, *, port: int | None = None, browser: bool = True, tell: Callable[[str], None] = lambda _: None
) -> int:
    """Lance JupyterLab et attend sa fin.

    Parameters
    ----------
    folder : Path
        Session ou cours nbgrader.
    port, browser
        Comme pour `lab_command`.
    tell : callable
        Reçoit une phrase au départ.

    Returns
    -------
    int
        Code de sortie.

    Raises
    ------
    FormationError
        Si le dossier n’est ni une session ni un cours, ou si l’atelier n’est pas installé.
    """
    place = open_place(folder)
    missing = [name for name in ("jupyterlab", "ipywidgets", "jupyter_app_launcher") if find_spec(name) is None]
    if missing:
        raise FormationError(
            french(
                f"Le tableau de bord a besoin de {', '.join(missing)}, qui n’est pas installé. Installez l’atelier : "
                'pip install "formation-ia-territoires[atelier]". Sans lui, la ligne de commande fait la même chose : '
                "formation atelier --help"
            )
        )
    tell("JupyterLab s’ouvre sur ce poste. Dans le lanceur, rubrique « Formation » : Tableau de bord du formateur.")
    tell("Pour arrêter : Ctrl-C ici, deux fois.")
    if as_root():
        tell("Vous êtes administrateur (root) de ce poste : préférez un compte ordinaire pour corriger des copies.")
    process = subprocess.Popen(  # noqa: S603 - JupyterLab, sur ce poste
        lab_command(place.root, port=port, browser=browser), env=environment(place.root), cwd=place.root
    )
    try:
        return process.wait()
    except KeyboardInterrupt:  # le terminal l’a dit aussi à JupyterLab, qui s’arrête proprement
        return process.wait()
