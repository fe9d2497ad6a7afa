"""Construction du livre : dans un dossier de travail, puis publication d’un coup.

Une construction interrompue, fautive ou à court de disque laisse le site précédent entier.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from formation.errors import FormationError

BUILD = "_build"
WORK = "travail"
SITE = "html"
LOG = "construction.log"
PROGRESS = "FORMATION_PROGRES"
NO_EXECUTION = "FORMATION_SANS_EXECUTER"
SHOWN = 25
"""Nombre d’avertissements affichés ; tous sont dans le journal."""

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_NOISE = re.compile(r"\[IPKernelApp\]|Traceback|^ {2}File |^ {4}")
# « rfc3987_syntax » compile 38 grammaires à l’import (près de deux secondes) pour valider des adresses que le livre n’a
# pas ; jsonschema sait s’en passer.
_LAUNCH = (
    "import sys; sys.modules['rfc3987_syntax'] = None; "
    "from jupyter_book.cli.main import main; sys.argv[0] = 'jupyter-book'; main()"
)

Reporter = Callable[[int, int, str], None]
"""Reçoit le nombre de pages lues, le nombre de pages du livre et l’étape en cours."""


class ConstructionEchouee(FormationError):
    """Le livre n’a pas pu être construit ; le site précédent est intact."""


@dataclass(frozen=True)
class Built:
    """Résultat d’une construction : dossier du site, nombre de pages et de jeux de diapositives, durée en secondes."""

    site: Path
    pages: int
    seconds: float


def build(root: Path, *, execute: bool = True, report: Reporter | None = None) -> Built:
    """Construit le livre et remplace le site précédent, d’un coup.

    Parameters
    ----------
    root : Path
        Racine du projet, où se trouvent `_config.yml` et `_toc.yml`.
    execute : bool
        Faux pour ne pas exécuter les carnets.
    report : callable, optional
        Suivi de l’avancement.

    Returns
    -------
    Built
        Site publié.

    Raises
    ------
    ConstructionEchouee
        Si un fichier manque, si Sphinx signale un défaut ou si l’écriture échoue ; le site précédent est intact.
    """
    started = time.monotonic()
    missing = [name for name in ("_config.yml", "_toc.yml") if not (root / name).is_file()]
    if missing:
        raise ConstructionEchouee(
            f"{' et '.join(missing)} introuvable dans ce dossier. Lancez la commande depuis la racine du projet."
        )
    folder = root / BUILD
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            recover(folder)
            _run_sphinx(root, folder / WORK, execute=execute, report=report or _silent)
            pages = publish(folder / WORK / BUILD / SITE, folder / SITE)
    except OSError as error:
        raise ConstructionEchouee(_disk_message(error)) from error
    return Built(folder / SITE, pages, time.monotonic() - started)


def _silent(_done: int, _total: int, _text: str) -> None:
    """Suivi muet."""


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Attend son tour : deux constructions à la fois mêleraient leurs fichiers."""
    with (folder / ".verrou").open("w") as lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        except ImportError:
            pass  # sous Windows, pas de verrou : une seule construction à la fois
        yield


def _run_sphinx(root: Path, work: Path, *, execute: bool, report: Reporter) -> None:
    """Lance jupyter-book dans le dossier de travail et suit son avancement."""
    pending = work / "en-cours"
    if pending.exists():
        # Sphinx ne répète pas les avertissements d’une page déjà lue : après un échec, on relit tout.
        shutil.rmtree(work / BUILD / ".doctrees", ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    pending.touch()
    command = [sys.executable, "-c", _LAUNCH, "build", os.fspath(root), "--path-output", os.fspath(work),
               "-W", "-n", "--keep-going"]  # fmt: skip
    environment = {**os.environ, PROGRESS: "1", "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "ignore"}
    # Sans ce réglage, un « MPLBACKEND=Agg » hérité ferait des carnets sans figures.
    environment["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    environment.pop(NO_EXECUTION, None)
    if not execute:
        environment[NO_EXECUTION] = "1"
    total, done = _count_pages(root), 0
    log = work.parent / LOG
    report(0, total, "Démarrage")
    with log.with_suffix(".erreurs").open("w+", encoding="utf-8") as errors, log.open("w", encoding="utf-8") as journal:
        process = subprocess.Popen(  # noqa: S603 — commande fixe
            command,
            cwd=root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            errors="replace",
        )
        assert process.stdout is not None  # noqa: S101 — garanti par PIPE
        try:
            for line in process.stdout:
                journal.write(line)
                if line.startswith("::lecture:: "):
                    done += 1
                    report(min(done, total), total, f"Lecture de {line.split(maxsplit=1)[1].strip()}")
                elif line.startswith("::ecriture::"):
                    report(total, total, "Écriture des pages")
            code = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        errors.seek(0)
        complaints = _ANSI.sub("", errors.read())
        journal.write(complaints)
    log.with_suffix(".erreurs").unlink(missing_ok=True)
    if code != 0:
        raise ConstructionEchouee(_explain(complaints, root, log))
    pending.unlink()


def _count_pages(root: Path) -> int:
    from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

    try:
        return len(parse_toc_yaml(root / "_toc.yml"))
    except MalformedError as error:
        raise ConstructionEchouee(f"_toc.yml n’a pas la forme attendue : {error}") from error


def _explain(complaints: str, root: Path, log: Path) -> str:
    """Message d’échec : les défauts trouvés, sans chemin absolu."""
    lines = [
        line.replace(f"{root}{os.sep}", "")
        for line in complaints.splitlines()
        if line.strip() and not _NOISE.match(line)
    ]
    kept = lines[:SHOWN]
    if len(lines) > SHOWN:
        kept.append(f"… et {len(lines) - SHOWN} autres lignes.")
    where = f"Journal complet : {log.relative_to(root)}"
    head = "Le livre n’est pas publié : la construction a signalé des défauts. Le site précédent est intact."
    return "\n".join([head, *(f"  {line}" for line in kept), where])


def _disk_message(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return (
            "Le disque est plein : le livre n’est pas publié, le site précédent est intact. "
            "Libérez de la place (« make propre » efface ce qui est dérivé), puis recommencez."
        )
    return f"Écriture impossible ({error.strerror or error}) : le livre n’est pas publié, le site précédent est intact."


def publish(fresh: Path, site: Path) -> int:
    """Remplace le site par un site neuf, d’un coup.

    Parameters
    ----------
    fresh : Path
        Site qui vient d’être construit.
    site : Path
        Site publié, remplacé.

    Returns
    -------
    int
        Nombre de pages publiées.

    Raises
    ------
    ConstructionEchouee
        Si le site neuf n’a pas de page d’entrée.
    OSError
        Si l’écriture échoue ; le site publié est alors celui d’avant.
    """
    if not (fresh / "index.html").is_file():
        raise ConstructionEchouee("Le livre construit n’a pas de page d’entrée : il n’est pas publié.")
    new, old = site.with_name(f".{site.name}-nouveau"), site.with_name(f".{site.name}-ancien")
    shutil.rmtree(new, ignore_errors=True)
    try:
        shutil.copytree(fresh, new, ignore=shutil.ignore_patterns(".buildinfo", "objects.inv", "reports"))
        shutil.rmtree(old, ignore_errors=True)
        if site.exists():
            site.rename(old)
        new.rename(site)
    except BaseException:
        recover(site.parent)
        shutil.rmtree(new, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return sum(1 for _ in site.rglob("*.html"))


def recover(folder: Path) -> None:
    """Remet en place le site d’avant si une publication a été coupée entre ses deux renommages.

    Parameters
    ----------
    folder : Path
        Dossier qui contient le site.
    """
    site, old = folder / SITE, folder / f".{SITE}-ancien"
    if old.exists() and not site.exists():
        old.rename(site)
