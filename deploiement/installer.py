"""Préparer le serveur : comptes, dossiers, droits, base. Chaque étape ne fait que ce qui manque."""

from __future__ import annotations

import csv
import os
import pwd
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from comptes import ServeurIndisponible, brief, exists, program, run_as
from interface import NAME, build_interface
from reglages import HERE, PROJECT, Settings

from formation.checks.failure import french

POSTGRES = "postgres"
PASSWORDS = "mots-de-passe.csv"
PAM = Path("/etc/pam.d/formation")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Step:
    """Une étape : ce qu’elle fait, si elle est encore à faire, comment la faire."""

    label: str
    needed: Callable[[], bool]
    run: Callable[[], None]


def plan(settings: Settings, count: int) -> list[Step]:
    """Étapes de l’installation, dans l’ordre.

    Parameters
    ----------
    settings : Settings
        Réglages du serveur.
    count : int
        Nombre de comptes de stagiaires, de 01 à ce nombre.

    Returns
    -------
    list of Step
    """
    return [*_accounts(settings, count), *_folders(settings), *_database(settings), *_files(settings)]


def install(settings: Settings, count: int, tell: Callable[[str], None], *, dry: bool = False) -> int:
    """Fait les étapes qui manquent.

    Parameters
    ----------
    settings : Settings
        Réglages.
    count : int
        Nombre de stagiaires.
    tell : callable
        Reçoit une phrase par étape.
    dry : bool
        Vrai pour dire sans faire.

    Returns
    -------
    int
        Nombre d’étapes à faire, ou faites.

    Raises
    ------
    ServeurIndisponible
        Si une étape échoue ; les précédentes sont faites, et relancer reprend à celle-ci.
    """
    done = 0
    for step in plan(settings, count):
        if not step.needed():
            tell(french(f"déjà fait : {step.label}"))
            continue
        done += 1
        tell(french(f"{'à faire' if dry else 'fait'} : {step.label}"))
        if not dry:
            step.run()
    return done


def learner_names(settings: Settings, count: int) -> list[str]:
    """Identifiants des stagiaires : stagiaire-01, stagiaire-02…"""
    return [f"{settings['STAGIAIRES']}-{rank:02d}" for rank in range(1, count + 1)]


def _system(*command: str, text: str | None = None) -> None:
    result = run_as(None, [program(command[0]), *command[1:]], text=text)
    if result.returncode:
        raise ServeurIndisponible(
            french(f"« {' '.join(command)} » a échoué : {brief(result)}. Corrigez puis relancez la même commande.")
        )


def _accounts(settings: Settings, count: int) -> Iterator[Step]:
    people = [*settings.trainers, *learner_names(settings, count)]
    for name in [settings["COMPTE_COURS"], *people]:
        secret = name in people and settings["CONNEXION"] == "pam"
        yield Step(
            f"compte {name}, dossier personnel fermé aux autres",
            lambda name=name: not exists(name) or _home_mode(name) != 0o700,  # type: ignore[misc]
            lambda name=name, secret=secret: _make_account(settings, name, secret=secret),  # type: ignore[misc]
        )


def _home_mode(name: str) -> int:
    try:
        return stat.S_IMODE(Path(pwd.getpwnam(name).pw_dir).stat().st_mode)
    except OSError:
        return 0


def _make_account(settings: Settings, name: str, *, secret: bool) -> None:
    if not exists(name):
        options = ["--create-home", "--user-group", "--shell", "/bin/bash"]
        if name == settings["COMPTE_COURS"]:
            home = settings.folder("DOSSIER_COURS").parent
            home.parent.mkdir(parents=True, exist_ok=True)
            options += ["--home-dir", str(home)]
        _system("useradd", *options, name)
        if secret:
            _give_password(settings, name)
    home = Path(pwd.getpwnam(name).pw_dir)
    if not home.is_dir():
        raise ServeurIndisponible(
            french(f"Le dossier {home} du compte {name} n’existe pas. Créez-le : mkhomedir_helper {name}")
        )
    home.chmod(0o700)


def _give_password(settings: Settings, name: str) -> None:
    """Tire un mot de passe, le pose et le note dans un fichier que root seul peut lire."""
    drawn = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    folder = settings.folder("ETAT")
    _private(folder)
    with os.fdopen(os.open(folder / PASSWORDS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        csv.writer(file, delimiter=";").writerow([name, drawn])
    _system("chpasswd", text=f"{name}:{drawn}\n")


def _private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _folders(settings: Settings) -> Iterator[Step]:
    exchange, course, state = settings.folder("ECHANGE"), settings.course_exchange, settings.folder("ETAT")
    yield Step(f"état du Hub {state}, à root seul", lambda: _mode(state) != 0o700, lambda: _private(state))
    yield Step(
        f"échange {exchange}, ouvert à tous, où nul n’efface ce qui est à un autre",
        lambda: _mode(exchange) != 0o1777,
        lambda: _open(exchange),
    )
    yield Step(
        f"échange du cours {course}, au compte {settings['COMPTE_COURS']}",
        lambda: (
            not course.is_dir() or not exists(settings["COMPTE_COURS"]) or course.owner() != settings["COMPTE_COURS"]
        ),
        lambda: _own(course, settings["COMPTE_COURS"]),
    )
    for folder in answers():
        yield Step(
            f"corrigés dans {folder}, au compte {settings['COMPTE_COURS']} et à root seuls",
            lambda folder=folder: bool(_mode(folder) & 0o007),  # type: ignore[misc]
            lambda folder=folder: _close(folder, settings["COMPTE_COURS"]),  # type: ignore[misc]
        )


def answers() -> list[Path]:
    """Dossiers du projet qui contiennent les corrigés : les sources des exercices, et leur histoire."""
    return [folder for folder in (PROJECT / "notebooks", PROJECT / ".git") if folder.is_dir()]


def _close(folder: Path, account: str) -> None:
    shutil.chown(folder, group=account)
    folder.chmod(0o750)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode) if path.is_dir() else -1


def _open(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o1777)


def _own(folder: Path, account: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.chown(folder, account, account)
    folder.chmod(0o755)


def _database(settings: Settings) -> Iterator[Step]:
    base, account = settings.database[0], settings["COMPTE_COURS"]
    yield Step(
        f"compte PostgreSQL {account}, sans mot de passe",
        lambda: not _sql(settings, f"SELECT 1 FROM pg_roles WHERE rolname = '{account}'"),  # noqa: S608 - nom vérifié
        lambda: _must(settings, f'CREATE ROLE "{account}" LOGIN'),
    )
    yield Step(
        f"base PostgreSQL {base}, fermée aux autres comptes",
        lambda: not _sql(settings, f"SELECT 1 FROM pg_database WHERE datname = '{base}'"),  # noqa: S608 - nom vérifié
        lambda: _make_base(settings, base, account),
    )


def _make_base(settings: Settings, base: str, account: str) -> None:
    _must(settings, f'CREATE DATABASE "{base}" OWNER "{account}" ENCODING \'UTF8\' TEMPLATE template0')
    _must(settings, f'REVOKE ALL ON DATABASE "{base}" FROM PUBLIC')


def _sql(settings: Settings, query: str) -> str:
    """Requête lancée par l’administrateur de PostgreSQL, par la prise locale."""
    if not exists(POSTGRES):
        raise ServeurIndisponible(french("PostgreSQL n’est pas installé. Debian ou Ubuntu : apt install postgresql"))
    command = [program("psql"), "-X", "-A", "-t", "-h", settings.database[1], "-d", "postgres", "-c", query]
    result = run_as(POSTGRES, command)
    if result.returncode:
        raise ServeurIndisponible(
            french(
                f"PostgreSQL ne répond pas dans {settings.database[1]} : {brief(result)}. Lancez-le (systemctl start "
                "postgresql), ou corrigez CARNET dans les réglages."
            )
        )
    return result.stdout.strip()


def _must(settings: Settings, query: str) -> None:
    _sql(settings, query)


def _files(settings: Settings) -> Iterator[Step]:
    if settings["CONNEXION"] == "pam":
        wanted = (HERE / "pam" / "formation").read_text(encoding="utf-8")
        yield Step(
            f"règle de connexion {PAM}",
            lambda: not PAM.is_file() or PAM.read_text(encoding="utf-8") != wanted,
            lambda: _write(PAM, wanted),
        )
    folder = settings.folder("INTERFACE")
    yield Step(
        f"liste des devoirs en français dans {folder}",
        lambda: not (folder / NAME / "package.json").is_file(),
        lambda: (build_interface(folder), None)[1],
    )


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
