"""Sauvegarder et restaurer le carnet de notes."""

from __future__ import annotations

import os
from pathlib import Path

from comptes import ServeurIndisponible, brief, program, run_as
from reglages import Settings

from formation.checks.failure import french


def _address(settings: Settings) -> str:
    return settings["CARNET"].replace("postgresql+psycopg:", "postgresql:", 1)


def save(settings: Settings, target: Path) -> int:
    """Sauvegarde le carnet de notes, d’un bloc, dans un fichier que seul son propriétaire lit.

    Parameters
    ----------
    settings : Settings
        Réglages du serveur.
    target : Path
        Fichier neuf.

    Returns
    -------
    int
        Octets écrits.

    Raises
    ------
    ServeurIndisponible
        Si le fichier existe ou si PostgreSQL refuse ; rien n’est alors laissé à moitié.
    """
    if target.exists():
        raise ServeurIndisponible(french(f"« {target} » existe déjà. Donnez un autre nom, par exemple avec la date."))
    command = [program("pg_dump"), "--format=plain", "--clean", "--if-exists", "--no-owner", "--no-privileges"]
    result = run_as(settings["COMPTE_COURS"], [*command, f"--dbname={_address(settings)}"])
    if result.returncode:
        raise ServeurIndisponible(french(f"La sauvegarde a échoué, rien n’est écrit : {brief(result)}"))
    aside = target.with_name(f".{target.name}.tmp")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(result.stdout)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(target)
    return target.stat().st_size


def restore(settings: Settings, source: Path) -> None:
    """Remet le carnet de notes dans l’état d’une sauvegarde, tout ou rien.

    Parameters
    ----------
    settings : Settings
        Réglages du serveur.
    source : Path
        Fichier écrit par `save`.

    Raises
    ------
    ServeurIndisponible
        Si le fichier ne se lit pas ou n’est pas une sauvegarde, ou si PostgreSQL refuse ; le carnet est intact.
    """
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    if "PostgreSQL database dump" not in text[:500] or "PostgreSQL database dump complete" not in text[-500:]:
        raise ServeurIndisponible(
            french(f"« {source} » n’est pas une sauvegarde entière, écrite par « sauvegarder ». Le carnet est intact.")
        )
    command = [program("psql"), "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", f"--dbname={_address(settings)}"]
    result = run_as(settings["COMPTE_COURS"], command, text=text)
    if result.returncode:
        raise ServeurIndisponible(french(f"La restauration a échoué, le carnet est intact : {brief(result)}"))
