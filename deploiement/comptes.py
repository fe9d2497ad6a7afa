"""Lancer une commande sous un compte du serveur, et trouver les comptes des stagiaires."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from reglages import HERE, VARIABLE, Settings

from formation.checks.failure import french
from formation.errors import FormationError, reason


class ServeurIndisponible(FormationError):
    """Une opération sur le serveur n’a pas pu se faire."""


def is_root() -> bool:
    """Vrai si la commande a les droits d’administration."""
    return os.geteuid() == 0


def need_root(verb: str) -> None:
    """Refuse une opération qui demande les droits d’administration.

    Parameters
    ----------
    verb : str
        Opération, pour le message.

    Raises
    ------
    ServeurIndisponible
        Si la commande n’est pas lancée par root.
    """
    if not is_root():
        raise ServeurIndisponible(
            french(
                f"« {verb} » crée des comptes et change des droits : il faut les droits d’administration. Relancez : "
                f"sudo {sys.executable} {HERE / 'serveur.py'} {verb}"
            )
        )


def exists(account: str) -> bool:
    """Vrai si le compte existe sur cette machine."""
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True


def learners(settings: Settings) -> list[str]:
    """Comptes des stagiaires présents sur la machine, triés."""
    pattern = re.compile(rf"{re.escape(settings['STAGIAIRES'])}-[0-9]{{1,4}}")
    return sorted(entry.pw_name for entry in pwd.getpwall() if pattern.fullmatch(entry.pw_name))


def run_as(
    account: str | None, command: Sequence[str | Path], *, text: str | None = None, settings: Settings | None = None
) -> subprocess.CompletedProcess[str]:
    """Lance une commande sous un autre compte (si on est root), sinon sous le sien.

    Parameters
    ----------
    account : str or None
        Compte ; None, ou une commande lancée sans être root : le compte présent.
    command : sequence of str
        Commande et arguments, sans interpréteur.
    text : str, optional
        Entrée de la commande.
    settings : Settings, optional
        Réglages à transmettre.

    Returns
    -------
    CompletedProcess
        Sortie et code ; rien n’est levé si la commande échoue.
    """
    variables = {key: os.environ[key] for key in ("PATH", "LANG", "PYTHONPATH", "TMPDIR") if key in os.environ}
    variables.setdefault("PATH", os.defpath)
    variables["LC_MESSAGES"] = "C"
    if settings is not None:
        variables[VARIABLE] = str(settings.path)
    identity: dict[str, object] = {}
    if account is not None and is_root():
        if not exists(account):
            raise ServeurIndisponible(french(f"Le compte « {account} » n’existe pas. Créez-le : serveur.py installer"))
        entry = pwd.getpwnam(account)
        identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": os.getgrouplist(account, entry.pw_gid)}
        variables |= {"HOME": entry.pw_dir, "USER": account, "LOGNAME": account}
    elif "HOME" in os.environ:
        variables["HOME"] = os.environ["HOME"]
    arguments = [str(part) for part in command]
    try:
        return subprocess.run(  # type: ignore[call-overload, no-any-return]  # noqa: S603 - commandes de ce dossier
            arguments,
            capture_output=True,
            text=True,
            input=text,
            env=variables,
            cwd="/",
            timeout=600,
            check=False,
            **identity,
        )
    except OSError as error:
        # un compte qui n’atteint pas la commande : c’est un constat, pas une panne
        return subprocess.CompletedProcess(arguments, 126, "", f"{arguments[0]} : {reason(error)}")


def program(name: str) -> str:
    """Chemin d’un programme de PostgreSQL ou du système.

    Parameters
    ----------
    name : str
        Nom, par exemple `pg_dump`.

    Returns
    -------
    str

    Raises
    ------
    ServeurIndisponible
        S’il n’est pas installé.
    """
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise ServeurIndisponible(
            french(f"Le programme « {name} » n’est pas installé. Debian ou Ubuntu : apt install postgresql passwd")
        )
    return found


def brief(result: subprocess.CompletedProcess[str]) -> str:
    """Dernière ligne utile d’une commande qui a échoué."""
    lines = [line for line in (result.stderr + "\n" + result.stdout).splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else f"code {result.returncode}"
