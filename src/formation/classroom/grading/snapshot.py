"""Photographier un cours nbgrader : tout ce qui sert à noter, lu une fois, sans rien écrire."""

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.gradebook import AssignmentRows, NotebookRows, read_rows
from formation.classroom.grading.types import AssignmentSnapshot, Json, NotebookSnapshot, SourceCell
from formation.classroom.grading.valuechecks import find_check

IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")
"""Ce que nbgrader laisse de côté en copiant un devoir."""
_SHOWN = 5


def read_assignments(root: Path, db_url: str, names: Iterable[str] | None = None) -> dict[str, AssignmentSnapshot]:
    """Lit le carnet de notes, release/ et source/ ; rien n’est écrit.

    Parameters
    ----------
    root : Path
        Dossier du cours.
    db_url : str
        Adresse SQLAlchemy du carnet de notes.
    names : iterable of str, optional
        Devoirs voulus. Par défaut, tous ceux du carnet de notes qui ont un dossier dans release/.

    Returns
    -------
    dict of str to AssignmentSnapshot

    Raises
    ------
    AtelierImpossible
        Si le carnet de notes ne se laisse pas lire, ou si un devoir n’y est pas, ou si release/ ne lui correspond
        plus ; tous les problèmes sont dits à la fois.
    """
    rows = read_rows(db_url)
    wanted = sorted(name for name in rows if (root / "release" / name).is_dir()) if names is None else list(names)
    problems: list[str] = []
    found = {}
    for name in wanted:
        if name not in rows:
            known = ", ".join(f"« {other} »" for other in sorted(rows)) or "aucun"
            problems.append(f"le devoir « {name} » n’est pas au carnet de notes (devoirs connus : {known})")
            continue
        snapshot = _assignment(root, name, rows[name], problems)
        if snapshot is not None:
            found[name] = snapshot
    if problems:
        listing = "\n".join(f"- {problem}." for problem in problems)
        raise AtelierImpossible(
            french(
                f"Rien n’est corrigé :\n{listing}\nRefaites les copies vierges : formation atelier distribuer DOSSIER"
            )
        )
    return found


def _assignment(root: Path, name: str, rows: AssignmentRows, problems: list[str]) -> AssignmentSnapshot | None:
    if not rows.notebooks:
        problems.append(f"le devoir « {name} » n’a aucun carnet au carnet de notes")
        return None
    before = len(problems)
    notebooks = {}
    for stem, one in rows.notebooks.items():
        where = f"release/{name}/{stem}.ipynb"
        blank = _load(root / "release" / name / f"{stem}.ipynb", where, problems)
        if blank is None:
            continue
        source = root / "source" / name / f"{stem}.ipynb"
        trainer = _load(source, f"source/{name}/{stem}.ipynb", problems) if source.exists() else None
        gaps = _gaps(blank, one)
        problems += [f"{where} {gap}" for gap in gaps]
        if not gaps:
            notebooks[stem] = _notebook(stem, one, blank, trainer)
    files = dict(_side_files(root / "source" / name, problems))
    if len(problems) > before:
        return None
    return AssignmentSnapshot(
        name, rows.key, rows.duedate, notebooks, files, _fingerprint(rows.duedate, notebooks, files)
    )


def _load(path: Path, where: str, problems: list[str]) -> Json | None:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(f"{where} manque, alors que le carnet de notes le connaît")
    except (OSError, ValueError):
        problems.append(f"{where} est illisible ou abîmé")
    else:
        if isinstance(raw, dict) and raw.get("nbformat") == 4 and isinstance(raw.get("cells"), list):
            return raw
        problems.append(f"{where} n’est pas un carnet Jupyter au format 4")
    return None


def _gaps(blank: Json, rows: NotebookRows) -> list[str]:
    """Écarts entre la copie vierge et le carnet de notes : l’un des deux a été refait sans l’autre."""
    meta = {name: grader for name, grader in ((_name(cell), _grader(cell)) for cell in blank["cells"]) if name}
    gaps = []
    for verb, extra in (
        ("a des cellules inconnues du", set(meta) - set(rows.sources)),
        ("n’a pas toutes les cellules du", set(rows.sources) - set(meta)),
    ):
        if extra:
            shown = ", ".join(f"« {name} »" for name in sorted(extra)[:_SHOWN])
            gaps.append(f"{verb} carnet de notes ({shown}{'…' if len(extra) > _SHOWN else ''})")
    if gaps:
        return gaps
    for name, grader in meta.items():
        scored = bool(grader.get("grade")) or bool(grader.get("task"))
        points = rows.grades.get(name, rows.tasks.get(name))
        same = scored == (points is not None) and bool(grader.get("solution")) == (name in rows.solutions)
        if same and points is not None:
            same = abs(float(grader.get("points", 0)) - points) < 1e-9
        if not same:
            gaps.append(f"ne donne pas à « {name} » le même rôle ou les mêmes points que le carnet de notes")
    return gaps


def _notebook(stem: str, rows: NotebookRows, blank: Json, trainer: Json | None) -> NotebookSnapshot:
    cells = {}
    for cell in blank["cells"]:
        name = _name(cell)
        if name:
            row = rows.sources[name]
            grade = name in rows.grades
            cells[name] = SourceCell(
                name,
                str(row["id"]),
                str(row["cell_type"]),
                row["source"] or "",
                bool(row["locked"]),
                grade,
                name in rows.solutions,
                name in rows.tasks,
                rows.grades.get(name, rows.tasks.get(name, 0.0)),
                row["checksum"] or "",
            )
    return _assemble(stem, rows.key, rows.kernelspec, blank, trainer, cells)


def from_blank(name: str, blank: Mapping[str, Any], trainer: Mapping[str, Any] | None = None) -> NotebookSnapshot:
    """Photographie un carnet sans carnet de notes.

    Parameters
    ----------
    name : str
        Nom du carnet.
    blank : mapping
        JSON de la copie vierge.
    trainer : mapping, optional
        JSON du carnet du formateur : il donne la partie cachée des cellules verrouillées et les réponses. Sans lui,
        les cellules verrouillées sont celles de la copie vierge.

    Returns
    -------
    NotebookSnapshot
        Les identifiants de la base y sont vides.
    """
    hidden = {_name(cell): _source(cell) for cell in (trainer or {}).get("cells", [])}
    cells = {}
    for cell in blank["cells"]:
        key, grader = _name(cell), _grader(cell)
        if not key:
            continue
        grade, solution, task = (bool(grader.get(flag)) for flag in ("grade", "solution", "task"))
        locked = not solution and (grade or bool(grader.get("locked")))
        source = hidden.get(key, _source(cell)) if locked else _source(cell)
        points = float(grader.get("points", 0)) if grade or task else 0.0
        checksum = "" if trainer else str(grader.get("checksum") or "")
        cells[key] = SourceCell(
            key, "", str(cell["cell_type"]), source, locked, grade, solution, task, points, checksum
        )
    kernelspec = json.dumps(blank.get("metadata", {}).get("kernelspec", {}))
    return _assemble(name, "", kernelspec, blank, trainer, cells)


def _assemble(
    name: str,
    key: str,
    kernelspec: str,
    blank: Mapping[str, Any],
    trainer: Mapping[str, Any] | None,
    cells: dict[str, SourceCell],
) -> NotebookSnapshot:
    base = [_cell(cell) for cell in blank["cells"]]
    public = {cell["name"]: cell["source"] for cell in base if cell["name"]}
    graded = (cell for cell in cells.values() if cell.grade and cell.locked and cell.cell_type == "code")
    checks = {cell.name: check for cell in graded if (check := find_check(cell.source, public[cell.name])) is not None}
    solved = [_cell(cell) for cell in (trainer or {}).get("cells", [])]
    return NotebookSnapshot(name, key, kernelspec, _plain(blank.get("metadata", {})), base, solved, cells, checks)


def _cell(cell: Mapping[str, Any]) -> Json:
    metadata = _plain({key: value for key, value in cell.get("metadata", {}).items() if key != "nbgrader"})
    made = {
        "cell_type": str(cell["cell_type"]),
        "source": _source(cell),
        "name": _name(cell),
        "id": str(cell.get("id", "")),
    }
    extra = {"attachments": _plain(cell["attachments"])} if cell.get("attachments") else {}
    return {**made, "metadata": metadata, **extra}


def _plain(metadata: Mapping[str, Any]) -> Json:
    """Copie en données JSON, sans lien avec le carnet lu."""
    copied: Json = json.loads(json.dumps(metadata))
    return copied


def _grader(cell: Mapping[str, Any]) -> Json:
    grader = cell.get("metadata", {}).get("nbgrader", {})
    return grader if any(grader.get(flag) for flag in ("grade", "solution", "locked", "task")) else {}


def _name(cell: Mapping[str, Any]) -> str:
    return str(_grader(cell).get("grade_id", ""))


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _side_files(folder: Path, problems: list[str]) -> Iterator[tuple[str, str]]:
    """Fichiers du formateur ; ni lien, ni tube : ils seront lus là où tourne le code des stagiaires."""
    for current, subfolders, files in os.walk(folder):
        subfolders[:] = sorted(name for name in subfolders if not is_ignored(name))
        links = [name for name in subfolders if (Path(current) / name).is_symlink()]
        for name in sorted([*files, *links]):
            path = Path(current) / name
            if is_ignored(name) or path.suffix == ".ipynb":
                continue
            relative = path.relative_to(folder).as_posix()
            if not stat.S_ISREG(path.lstat().st_mode):
                problems.append(
                    f"source/{folder.name}/{relative} n’est pas un fichier ordinaire (lien ?) ; mettez-y le fichier"
                )
                continue
            yield relative, str(path.resolve())


def is_ignored(name: str) -> bool:
    """Dit si nbgrader laisse ce fichier ou ce dossier de côté.

    Parameters
    ----------
    name : str
        Nom, sans dossier.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_ignored("__pycache__"), is_ignored("table.csv")
    (True, False)
    """
    return any(fnmatch(name, pattern) for pattern in IGNORED)


def _fingerprint(duedate: str, notebooks: Mapping[str, NotebookSnapshot], files: Mapping[str, str]) -> str:
    """Empreinte de ce qui change une note ; ni les identifiants de la base, ni les réponses de référence."""
    parts: list[Any] = [duedate]
    for name, notebook in sorted(notebooks.items()):
        cells = [{**asdict(cell), "key": ""} for cell in notebook.cells.values()]
        parts.append([name, notebook.kernelspec, notebook.metadata, notebook.base, cells])
    for relative, absolute in sorted(files.items()):
        with Path(absolute).open("rb") as stream:
            parts.append([relative, hashlib.file_digest(stream, "sha256").hexdigest()])
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
