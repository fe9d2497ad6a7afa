"""Brancher un cours sur le serveur, puis publier, collecter et rendre par l’échange."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from comptes import ServeurIndisponible
from reglages import HERE, Settings

from formation.checks.failure import french
from formation.classroom.course import CONFIG, Course, open_course
from formation.files import write_atomic

LINE = f'load_subconfig("{HERE / "nbgrader_cours.py"}")'
_COMMENT = "# Serveur partagé : carnet de notes PostgreSQL, échange, identifiant du cours (voir deploiement/README.md)."


def connect(root: Path) -> bool:
    """Inscrit les réglages du serveur à la fin de ceux du cours.

    Parameters
    ----------
    root : Path
        Dossier du cours, créé par « formation atelier creer ».

    Returns
    -------
    bool
        Faux si le cours était déjà branché.

    Raises
    ------
    ServeurIndisponible
        Si le cours a déjà un carnet de notes avec des notes : il faut choisir avant de distribuer.
    """
    course = open_course(root)
    path = course.root / CONFIG
    text = path.read_text(encoding="utf-8")
    if LINE in text:
        return False
    if (course.root / "gradebook.db").exists():
        raise ServeurIndisponible(
            french(
                f"Le cours « {root} » a déjà un carnet de notes gradebook.db : ses notes ne passeraient pas dans "
                "PostgreSQL. Branchez un cours neuf avant de le distribuer : formation atelier creer AUTRE-DOSSIER"
            )
        )
    write_atomic(path, f"{text.rstrip()}\n\n{_COMMENT}\n{LINE}\n".encode())
    return True


def _api(course: Course, settings: Settings) -> Any:
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    from formation.classroom.engine import load_config

    config = load_config(course.root)
    if (config.CourseDirectory.get("db_url") or "") != settings["CARNET"]:
        raise ServeurIndisponible(
            french(
                f"Le cours « {course.root} » n’est pas branché sur ce serveur. Lancez d’abord : "
                f"python {HERE / 'serveur.py'} brancher {course.root}"
            )
        )
    config.CourseDirectory.root = str(course.root)
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def _each(root: Path, settings: Settings, names: Iterable[str] | None, verb: str, what: str) -> dict[str, list[str]]:
    course = open_course(root)
    known = sorted(course.exercises)
    unknown = sorted(set(names or ()) - set(known))
    if unknown:
        raise ServeurIndisponible(
            french(f"Devoir inconnu : {', '.join(unknown)}. Devoirs du cours : {', '.join(known)}.")
        )
    api = _api(course, settings)
    said: dict[str, list[str]] = {}
    for name in names or known:
        result = getattr(api, verb)(name)
        if not result["success"]:
            lines = [line for line in (result.get("error") or result.get("log") or "").splitlines() if line.strip()]
            raise ServeurIndisponible(
                french(
                    f"« {name} » n’a pas pu être {what} : {lines[-1][:300] if lines else 'cause inconnue'}. "
                    f"Vérifiez le serveur : python {HERE / 'serveur.py'} verifier"
                )
            )
        said[name] = [line for line in (result.get("log") or "").splitlines() if "écarté" in line]
    return said


def publish(root: Path, settings: Settings, names: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Met les copies vierges à disposition des stagiaires.

    Parameters
    ----------
    root : Path
        Dossier du cours.
    settings : Settings
        Réglages du serveur.
    names : iterable of str, optional
        Devoirs ; par défaut, tous.

    Returns
    -------
    dict
        Devoir → remarques.

    Raises
    ------
    ServeurIndisponible
        Si le cours n’est pas branché, ou si l’échange refuse.
    """
    return _each(root, settings, names, "release_assignment", "publié")


def gather(root: Path, settings: Settings, names: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Collecte les rendus dans submitted/ ; mêmes paramètres que `publish`.

    Parameters
    ----------
    root : Path
        Dossier du cours.
    settings : Settings
        Réglages du serveur.
    names : iterable of str, optional
        Devoirs ; par défaut, tous.

    Returns
    -------
    dict
        Devoir → rendus et fichiers écartés.

    Raises
    ------
    ServeurIndisponible
        Si le cours n’est pas branché, ou si l’échange refuse.
    """
    return _each(root, settings, names, "collect", "collecté")


def hand_back(root: Path, settings: Settings, names: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Met les retours à disposition, chacun sous un nom que seul son stagiaire connaît.

    Parameters
    ----------
    root : Path
        Dossier du cours.
    settings : Settings
        Réglages du serveur.
    names : iterable of str, optional
        Devoirs ; par défaut, tous.

    Returns
    -------
    dict
        Devoir → remarques.

    Raises
    ------
    ServeurIndisponible
        Si le cours n’est pas branché, ou si l’échange refuse.
    """
    return _each(root, settings, names, "release_feedback", "rendu")
