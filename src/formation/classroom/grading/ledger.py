"""Registre des corrections : ce qui est déjà fait, dans la base et la transaction des notes.

La table `formation_corrections` s’ajoute à celles de nbgrader, qui l’ignore : page de notation, exports et
`nbgrader db upgrade` n’y touchent pas.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from formation.classroom.grading.types import AssignmentSnapshot, CopyReport, Limits, Task

TABLE = "formation_corrections"
ENGINE = "rapide-1"
"""À changer quand une même copie peut recevoir une autre note : tout est alors repris."""
_MAX_FILE = 60_000_000
_MAX_FILES = 2_000
_CHUNK = 1 << 20

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """Ligne du registre.

    Parameters
    ----------
    learner, assignment : str
        Stagiaire et devoir.
    fingerprint : str
        Empreinte de la copie et de ce qui la note.
    state : str
        corrigée, à relire, refusée ou échec.
    reasons : list of str
        Pourquoi elle n’est pas simplement corrigée.
    flagged : list of str
        Carnets que la correction a marqués pour relecture dans nbgrader.
    seconds : float
        Durée de la correction, en secondes.
    date : datetime
        Moment de l’inscription, UTC.
    """

    learner: str
    assignment: str
    fingerprint: str
    state: str
    reasons: list[str] = field(default_factory=list)
    flagged: list[str] = field(default_factory=list)
    seconds: float = 0.0
    date: datetime | None = None


@cache
def _table() -> Any:
    from sqlalchemy import Column, DateTime, Float, MetaData, String, Table, Text

    return Table(
        TABLE,
        MetaData(),
        Column("stagiaire", String(128), primary_key=True),
        Column("devoir", String(128), primary_key=True),
        Column("empreinte", String(64), nullable=False),
        Column("etat", String(16), nullable=False),
        Column("motifs", Text, nullable=False),
        Column("drapeaux", Text, nullable=False),
        Column("secondes", Float, nullable=False),
        Column("date", DateTime, nullable=False),
    )


def prepare(connection: Any) -> None:
    """Crée la table du registre si elle manque.

    Parameters
    ----------
    connection : Connection
        Transaction ouverte.
    """
    _table().create(connection, checkfirst=True)


def read(connection: Any) -> dict[Key, Entry]:
    """Lit le registre.

    Une ligne dont la copie n’est plus au carnet de notes est oubliée : la copie sera reprise.

    Parameters
    ----------
    connection : Connection
        Transaction ouverte, table préparée.

    Returns
    -------
    dict of (str, str) to Entry
        Par stagiaire et devoir.
    """
    from nbgrader.api import Assignment, SubmittedAssignment
    from sqlalchemy import inspect, select

    if not inspect(connection).has_table(TABLE):
        return {}
    submission, assignment = SubmittedAssignment.__table__, Assignment.__table__
    known = select(submission.c.student_id, assignment.c.name).join_from(
        submission, assignment, submission.c.assignment_id == assignment.c.id
    )
    present = {(row[0], row[1]) for row in connection.execute(known)}
    entries = (_entry(row) for row in connection.execute(select(_table())))
    return {
        (entry.learner, entry.assignment): entry
        for entry in entries
        if entry.state == "échec" or (entry.learner, entry.assignment) in present
    }


def read_some(connection: Any, keys: Iterable[Key]) -> dict[Key, Entry]:
    """Lit les lignes du registre de quelques copies.

    Parameters
    ----------
    connection : Connection
        Transaction ouverte, table préparée.
    keys : iterable of (str, str)
        Stagiaire et devoir de chaque copie.

    Returns
    -------
    dict of (str, str) to Entry
    """
    from sqlalchemy import select

    wanted = set(keys)
    table = _table()
    query = select(table).where(table.c.stagiaire.in_({learner for learner, _ in wanted}))
    entries = (_entry(row) for row in connection.execute(query))
    return {
        (entry.learner, entry.assignment): entry for entry in entries if (entry.learner, entry.assignment) in wanted
    }


def _entry(row: Any) -> Entry:
    return Entry(
        row.stagiaire,
        row.devoir,
        row.empreinte,
        row.etat,
        json.loads(row.motifs),
        json.loads(row.drapeaux),
        row.secondes,
        row.date,
    )


def store(connection: Any, reports: Iterable[tuple[CopyReport, list[str]]]) -> None:
    """Inscrit des copies au registre.

    Parameters
    ----------
    connection : Connection
        Transaction des notes de ces copies.
    reports : iterable of (CopyReport, list of str)
        Sort de chaque copie, et carnets marqués pour relecture par la correction.
    """
    from sqlalchemy import bindparam, delete, insert

    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    rows = [
        {
            "stagiaire": report.learner,
            "devoir": report.assignment,
            "empreinte": report.fingerprint,
            "etat": report.state,
            "motifs": json.dumps(report.reasons),
            "drapeaux": json.dumps(flagged),
            "secondes": report.seconds,
            "date": now,
        }
        for report, flagged in reports
    ]
    if not rows:
        return
    table = _table()
    same = (table.c.stagiaire == bindparam("un_stagiaire")) & (table.c.devoir == bindparam("un_devoir"))
    keys = [{"un_stagiaire": row["stagiaire"], "un_devoir": row["devoir"]} for row in rows]
    connection.execute(delete(table).where(same), keys)
    connection.execute(insert(table), rows)


def pending(tasks: Iterable[Task], entries: Mapping[Key, Entry]) -> list[Task]:
    """Copies à corriger : nouvelles, changées, ou en échec la dernière fois.

    Parameters
    ----------
    tasks : iterable of Task
        Copies rendues.
    entries : mapping
        Registre.

    Returns
    -------
    list of Task
    """
    kept = []
    for task in tasks:
        entry = entries.get((task.learner, task.assignment))
        if entry is None or entry.state == "échec" or entry.fingerprint != task.fingerprint:
            kept.append(task)
    return kept


def settings_fingerprint(assignment: AssignmentSnapshot, limits: Limits, config: bytes) -> str:
    """Empreinte de ce qui note une copie, hors la copie elle-même.

    Parameters
    ----------
    assignment : AssignmentSnapshot
        Devoir.
    limits : Limits
        Bornes de l’exécution.
    config : bytes
        Contenu de `nbgrader_config.py`.

    Returns
    -------
    str
    """
    parts = [ENGINE, assignment.fingerprint, json.dumps(asdict(limits), sort_keys=True)]
    return hashlib.sha256("\n".join(parts).encode() + config).hexdigest()


def copy_fingerprint(folder: Path, settings: str) -> str:
    """Empreinte d’une copie rendue et de ce qui la note.

    Aucun lien n’est suivi, aucun tube n’est ouvert ; un fichier démesuré compte par sa taille et sa date.

    Parameters
    ----------
    folder : Path
        Dossier de la copie.
    settings : str
        Résultat de `settings_fingerprint`.

    Returns
    -------
    str
        64 chiffres hexadécimaux.
    """
    digest = hashlib.sha256(settings.encode())
    count = 0
    for parent, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(files):
            count += 1
            if count > _MAX_FILES:
                return digest.hexdigest()
            path = Path(parent) / name
            digest.update(f"\0{path.relative_to(folder).as_posix()}\0".encode("utf-8", "surrogateescape"))
            _add_file(digest, path)
    return digest.hexdigest()


def _add_file(digest: Any, path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        digest.update(b"illisible")
        return
    with os.fdopen(descriptor, "rb") as stream:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode) or info.st_size > _MAX_FILE:
            digest.update(f"{info.st_mode} {info.st_size} {info.st_mtime_ns}".encode())
            return
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
