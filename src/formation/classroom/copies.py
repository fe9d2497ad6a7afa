"""Copies des stagiaires : les fabriquer, les lire sans confiance, les remettre d’aplomb."""

import os
import re
import stat
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.exercise import Exercise
from formation.classroom.grading.rebuild import Rebuilt, rebuild, recognized
from formation.classroom.grading.snapshot import from_blank, is_ignored
from formation.classroom.grading.types import AssignmentSnapshot, NotebookSnapshot
from formation.classroom.notebook import Hidden, trainer_notebook
from formation.classroom.untrusted import MAX_NOTEBOOK_BYTES, open_plain, parse_untrusted, printable, read_untrusted

__all__ = [
    "MAX_NOTEBOOK_BYTES",
    "Submission",
    "learner_notebook",
    "mend",
    "parse_untrusted",
    "read_submission",
    "read_untrusted",
]

MAX_FILES = 200
MAX_FILE_BYTES = 20_000_000
MAX_TOTAL_BYTES = 50_000_000
MAX_FOLDER_DEPTH = 5
MAX_MODULE_BYTES = 100_000
_IMPORTED = (".py", ".pyw", ".so", ".pyd")
_TIMESTAMP = "timestamp.txt"
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?([A-Za-z][\w/+-]{0,40}|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True, slots=True)
class Submission:
    """Copie rendue, lue sans confiance.

    Parameters
    ----------
    notebooks : dict of str to (dict or None, str)
        Par carnet du devoir : son JSON, ou None et la raison en français.
    files : dict of str to str
        Fichiers du stagiaire à poser à côté du carnet : chemin relatif vers chemin absolu.
    timestamp : str
        Date de remise ISO en UTC, sans fuseau comme `AssignmentSnapshot.duedate` ; vide si elle est inconnue.
    remarks : list of str
        Ce qui est laissé de côté, en français.
    modules : dict of str to str or None
        Parmi ces fichiers, ceux que Python importerait : leur texte, ou None s’il ne se lit pas.
    """

    notebooks: dict[str, tuple[dict[str, Any] | None, str]]
    files: dict[str, str] = field(default_factory=dict)
    timestamp: str = ""
    remarks: list[str] = field(default_factory=list)
    modules: dict[str, str | None] = field(default_factory=dict)


def learner_notebook(exercise: Exercise, expected: Hidden) -> Any:
    """Copie vierge d’un exercice : trous, cellules verrouillées, aucune partie cachée.

    Identique à ce que produit `nbgrader generate_assignment`, sans charger nbgrader.

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.
    expected : dict
        Résultat de `compute_expected` ; aucune valeur n’en sort.

    Returns
    -------
    NotebookNode
    """
    notebook = trainer_notebook(exercise, expected)
    for made, cell in zip(notebook.cells, exercise.cells, strict=True):
        made.source = cell.blank if cell.kind == "reponse" else cell.source
        if cell.kind == "reponse":
            made.metadata["deletable"] = False
        elif cell.kind != "libre":
            made.metadata |= {"deletable": False, "editable": False}
    return notebook


def mend(release: Mapping[str, Any], learner: Mapping[str, Any]) -> Rebuilt:
    """Remet une copie d’aplomb sur la copie vierge ; aucune partie cachée n’y entre.

    Parameters
    ----------
    release : mapping
        Copie vierge.
    learner : mapping
        JSON du carnet du stagiaire, non vérifié.

    Returns
    -------
    Rebuilt
    """
    return rebuild(from_blank("", release), learner)


def read_submission(folder: Path, assignment: AssignmentSnapshot) -> Submission:
    """Lit une copie rendue : carnets, fichiers joints, date ; aucun lien n’est suivi depuis submitted/.

    Les fichiers joints ne sont que repérés : qui les copie doit le faire avant d’exécuter la copie, sans suivre de
    lien.

    Parameters
    ----------
    folder : Path
        Dossier `submitted/<stagiaire>/<devoir>`.
    assignment : AssignmentSnapshot
        Devoir attendu.

    Returns
    -------
    Submission
        Un carnet qui manque ou que l’on refuse y est None, avec sa raison.

    Raises
    ------
    AtelierImpossible
        Si le dossier lui-même manque, ou si c’est un lien.
    """
    remarks: list[str] = []
    descriptor = _open_folder(folder)
    try:
        names = _listing(descriptor)
        strangers = [
            name
            for name in names
            if name.endswith(".ipynb") and name.removesuffix(".ipynb") not in assignment.notebooks
        ]
        notebooks = {stem: _notebook(descriptor, names, strangers, one) for stem, one in assignment.notebooks.items()}
        expected = ", ".join(f"« {stem}.ipynb »" for stem in assignment.notebooks)
        remarks += [
            f"« {printable(name)} » n’est pas un carnet du devoir, il n’est pas lu (attendu : {expected})"
            for name in strangers
        ]
        files = dict(_side_files(descriptor, folder, remarks))
        modules = {name: _module_text(descriptor, name) for name in files if name.endswith(_IMPORTED)}
        timestamp = _timestamp(descriptor, remarks) if _TIMESTAMP in names else ""
    finally:
        os.close(descriptor)
    return Submission(notebooks, files, timestamp, [french(remark) for remark in remarks[:20]], modules)


def _open_folder(folder: Path) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY
    try:
        descriptor = os.open(folder.parent.parent, flags)
        for name in (folder.parent.name, folder.name):
            outer = descriptor
            try:
                descriptor = os.open(name, flags | os.O_NOFOLLOW, dir_fd=outer)
            finally:
                os.close(outer)
    except OSError:
        where = "/".join(folder.parts[-3:])
        raise AtelierImpossible(
            french(f"« {printable(where)} » n’est pas un dossier ordinaire que l’on puisse lire (lien, peut-être).")
        ) from None
    return descriptor


def _notebook(
    descriptor: int, names: list[str], strangers: list[str], one: NotebookSnapshot
) -> tuple[dict[str, Any] | None, str]:
    name = f"{one.name}.ipynb"
    if name not in names:
        alike = next((other for other in strangers if other.startswith(one.name) or other.lower() == name.lower()), "")
        hint = f" ; « {printable(alike)} » lui ressemble : renommez-le s’il doit être noté" if alike else ""
        return None, french(f"« {name} » n’est pas rendu{hint}")
    try:
        raw = read_untrusted(name, descriptor)
    except AtelierImpossible as error:
        return None, french(f"« {name} » : {error}")
    wrong = wrong_assignment(raw, one)
    return (None, french(f"« {name} » {wrong}")) if wrong else (raw, "")


def wrong_assignment(raw: Mapping[str, Any], one: NotebookSnapshot) -> str:
    """Dit pourquoi un carnet n’est pas celui du devoir.

    Parameters
    ----------
    raw : mapping
        Carnet rendu.
    one : NotebookSnapshot
        Carnet du formateur.

    Returns
    -------
    str
        Raison, vide si c’est bien lui.
    """
    if not one.cells:
        return ""
    found, ours = _exercise(raw.get("metadata")), _exercise(one.metadata)
    known = recognized(one, raw)
    other = found and ours and found != ours
    if known and not (other and 2 * known < len(one.cells)):
        return ""
    which = f"est le carnet de « {printable(found)} »" if other else "n’a aucune cellule de ce devoir"
    return f"{which}, sous le nom de « {one.name} » : il n’est pas noté. Rendez le carnet distribué pour ce devoir"


def _exercise(metadata: object) -> str:
    header = metadata.get("formation") if isinstance(metadata, dict) else None
    name = header.get("exercice") if isinstance(header, dict) else None
    return name if isinstance(name, str) else ""


def _listing(descriptor: int) -> list[str]:
    with os.scandir(descriptor) as entries:
        return sorted(entry.name for entry in entries)


def _side_files(descriptor: int, folder: Path, remarks: list[str]) -> Iterator[tuple[str, str]]:
    count = total = 0
    for relative, info in _walk(descriptor, PurePosixPath(), remarks):
        # les dossiers comptent aussi : un million de dossiers vides se parcourt longtemps
        count, total = count + 1, total + info.st_size
        if info.st_size > MAX_FILE_BYTES or count > MAX_FILES or total > MAX_TOTAL_BYTES:
            remarks.append(
                f"« {relative} » n’est pas pris : au plus {MAX_FILES} fichiers, {MAX_FILE_BYTES // 1_000_000} Mo par "
                f"fichier et {MAX_TOTAL_BYTES // 1_000_000} Mo en tout"
            )
            return
        if not stat.S_ISDIR(info.st_mode):
            yield relative.as_posix(), str(folder.absolute() / relative)


def _module_text(descriptor: int, name: str) -> str | None:
    """Texte d’un module joint, que la relecture examine ; None s’il est compilé, trop long ou illisible."""
    if not name.endswith((".py", ".pyw")):
        return None
    try:
        with os.fdopen(open_plain(name, descriptor), "rb") as stream:
            payload = stream.read(MAX_MODULE_BYTES + 1)
        return payload.decode("utf-8") if len(payload) <= MAX_MODULE_BYTES else None
    except (AtelierImpossible, OSError, ValueError):
        return None


def _walk(descriptor: int, where: PurePosixPath, remarks: list[str]) -> Iterator[tuple[PurePosixPath, os.stat_result]]:
    for name in _listing(descriptor):
        relative = where / name
        top = not where.parts
        if is_ignored(name) or (top and name == _TIMESTAMP) or name.endswith(".ipynb"):
            continue
        info = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
        if not name.isprintable() or "\\" in name or len(relative.parts) > MAX_FOLDER_DEPTH:
            remarks.append(f"« {printable(str(relative))} » n’est pas pris : nom interdit ou dossiers trop imbriqués")
        elif stat.S_ISDIR(info.st_mode):
            yield relative, info
            yield from _walk_inside(descriptor, name, relative, remarks)
        elif not stat.S_ISREG(info.st_mode):
            remarks.append(f"« {printable(str(relative))} » n’est pas pris : c’est un lien ou un fichier spécial")
        elif info.st_nlink > 1:
            remarks.append(
                f"« {printable(str(relative))} » n’est pas pris : ce fichier a un autre nom sur le disque (lien dur), "
                "et pourrait être celui de quelqu’un d’autre ; remettez-en une vraie copie à sa place"
            )
        else:
            yield relative, info


def _walk_inside(
    descriptor: int, name: str, relative: PurePosixPath, remarks: list[str]
) -> Iterator[tuple[PurePosixPath, os.stat_result]]:
    try:
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)
    except OSError:
        remarks.append(f"le dossier « {relative} » ne se laisse pas lire, il n’est pas pris")
        return
    try:
        yield from _walk(inner, relative, remarks)
    finally:
        os.close(inner)


def _timestamp(descriptor: int, remarks: list[str]) -> str:
    try:
        with os.fdopen(open_plain(_TIMESTAMP, descriptor), "rb") as stream:
            text = stream.read(200).decode("ascii").strip()
        return _utc(text)
    except (AtelierImpossible, OSError, ValueError, OverflowError):
        remarks.append(
            f"{_TIMESTAMP} ne donne pas la date de remise, la copie est tenue pour rendue à temps ; forme attendue : "
            "2026-11-22 08:30:00 UTC"
        )
        return ""


def _utc(text: str) -> str:
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    day, hour, zone = found.groups()
    moment = datetime.fromisoformat(f"{day}T{hour}" if zone is None or zone[0].isalpha() else f"{day}T{hour}{zone}")
    if zone and zone[0].isalpha() and zone.upper() not in ("UTC", "Z"):
        moment = moment.replace(tzinfo=zoneinfo.ZoneInfo(zone))
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() if moment.tzinfo else moment.isoformat()
