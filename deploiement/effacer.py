"""Effacer une session du serveur : comptes des stagiaires, échange, cours, carnet de notes."""

from __future__ import annotations

import contextlib
import pwd
import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from comptes import ServeurIndisponible, brief, exists, learners, program, run_as
from installer import PASSWORDS, POSTGRES
from reglages import Settings

from formation.checks.failure import french

WORD = "EFFACER"
SHARED = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))  # noqa: S108 - communs à tous les comptes
_SKELETON = Path("/etc/skel")


def hub_is_up(settings: Settings) -> bool:
    """Vrai si le Hub répond sur son port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", settings.number("PORT_HUB"))) == 0


def todo(settings: Settings) -> Iterator[tuple[str, Callable[[], None]]]:
    """Ce qui porte des données des stagiaires, et comment l’effacer.

    Parameters
    ----------
    settings : Settings
        Réglages du serveur.

    Yields
    ------
    tuple of (str, callable)
        Phrase et geste.
    """
    for name in learners(settings):
        yield f"compte {name} et son dossier personnel", lambda name=name: _account(name)  # type: ignore[misc]
    for folder in (settings.course_exchange, settings.folder("DOSSIER_COURS")):
        if folder.exists():
            yield f"dossier {folder}", lambda folder=folder: shutil.rmtree(folder)  # type: ignore[misc]
    if exists(POSTGRES):
        yield f"base PostgreSQL {settings.database[0]}", lambda: _base(settings)
    state = settings.folder("ETAT")
    for name in ("jupyterhub.sqlite", "jupyterhub_cookie_secret", PASSWORDS):
        if (state / name).exists():
            yield f"fichier {state / name}", lambda name=name: (state / name).unlink()  # type: ignore[misc]


def erase(settings: Settings, confirmation: str, tell: Callable[[str], None]) -> None:
    """Efface la session ; le serveur reste prêt pour une autre (relancer « installer »).

    Parameters
    ----------
    settings : Settings
        Réglages du serveur.
    confirmation : str
        Le mot EFFACER ; autre chose : dit ce qui serait effacé.
    tell : callable
        Reçoit une phrase par geste.

    Raises
    ------
    ServeurIndisponible
        Si le Hub tourne encore, ou si un geste échoue.
    """
    if confirmation == WORD and hub_is_up(settings):
        raise ServeurIndisponible(
            french("Le Hub tourne encore, des stagiaires y travaillent. Arrêtez-le : systemctl stop formation-hub")
        )
    for label, act in todo(settings):
        if confirmation == WORD:
            act()
            tell(french(f"effacé : {label}"))
        else:
            tell(french(f"serait effacé : {label}"))
    for path in kept(settings):
        tell(french(f"gardé, à effacer vous-même quand vous n’en avez plus besoin : {path}"))


def kept(settings: Settings) -> list[Path]:
    """Ce que les formateurs ont laissé hors du cours : liste de noms, tableaux, dossier de session, historique.

    Parameters
    ----------
    settings : Settings
        Réglages du serveur.

    Returns
    -------
    list of Path
        Rien n’en est effacé : un dossier de session peut contenir des preuves à conserver.
    """
    usual = {path.name for path in _SKELETON.iterdir()} if _SKELETON.is_dir() else set()
    found = []
    for name in (settings["COMPTE_COURS"], *settings.trainers):
        home = Path(pwd.getpwnam(name).pw_dir) if exists(name) else None
        if home is not None and home.is_dir():
            found += [path for path in sorted(home.iterdir()) if path.name not in usual]
    return [path for path in found if path != settings.folder("DOSSIER_COURS")]


def _account(name: str) -> None:
    number = pwd.getpwnam(name).pw_uid
    crontab = shutil.which("crontab")
    if crontab is not None:
        run_as(None, [crontab, "-r", "-u", name])
    result = run_as(None, [program("userdel"), "--remove", name])
    # 12 : le courrier ou le dossier n’existait pas
    if result.returncode not in (0, 12):
        raise ServeurIndisponible(french(f"Le compte {name} n’a pas pu être effacé : {brief(result)}"))
    _leftovers(number)


def _leftovers(number: int) -> None:
    """Efface ce qu’un compte a laissé hors de chez lui : le prochain compte créé aura son numéro, donc ses droits."""
    for folder in filter(Path.is_dir, SHARED):
        for path in folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                found = path.lstat()
                if found.st_uid != number:
                    continue
                if stat.S_ISDIR(found.st_mode):
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()


def _base(settings: Settings) -> None:
    name, socket_folder = settings.database
    result = run_as(POSTGRES, [program("dropdb"), "--if-exists", "--force", "-h", Path(socket_folder), name])
    if result.returncode:
        raise ServeurIndisponible(french(f"La base {name} n’a pas pu être effacée : {brief(result)}"))
