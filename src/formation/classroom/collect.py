"""Collecter les copies d’un dossier ou d’un ZIP, avec des bornes, et dire ce qui est pris ou refusé."""

import json
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from formation.checks.failure import french
from formation.classroom.copies import MAX_NOTEBOOK_BYTES, mend, parse_untrusted, read_untrusted
from formation.classroom.course import Course, write_notebook
from formation.classroom.errors import AtelierImpossible

LEARNER = re.compile(r"[a-z]{3,20}-[0-9]{1,4}")
MAX_ENTRIES = 5_000
MAX_TOTAL_BYTES = 500_000_000
MAX_RATIO = 200
_IGNORED_PARTS = (".ipynb_checkpoints", "__MACOSX")


@dataclass(frozen=True, slots=True)
class Taken:
    """Copie prise, avec les remarques utiles au formateur."""

    learner: str
    exercise: str
    replaced: bool
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Collected:
    """Bilan d’une collecte : copies prises, fichiers refusés (chemin, raison), fichiers sans objet."""

    taken: list[Taken]
    refused: list[tuple[str, str]]
    ignored: int

    def to_json(self) -> dict[str, Any]:
        """Bilan pour une machine."""
        refused = [{"fichier": path, "raison": reason} for path, reason in self.refused]
        return {"prises": [asdict(item) for item in self.taken], "refusees": refused, "ignores": self.ignored}


@dataclass(frozen=True, slots=True)
class _Candidate:
    path: PurePosixPath
    notebook: dict[str, Any] | None
    refusal: str = ""


def collect(course: Course, source: Path) -> Collected:
    """Prend les copies rendues et les range dans submitted/.

    Formes admises : `<stagiaire>/<exercice>.ipynb` ou `<stagiaire>/<exercice>/<exercice>.ipynb`, dans un dossier
    ou dans un ZIP. Aucun lien n’est suivi, aucune archive n’est dépliée sur le disque. La copie d’origine est gardée
    dans recus/ ; celle de submitted/ est remise d’aplomb (voir `copies.mend`).

    Parameters
    ----------
    course : Course
        Session, copies vierges déjà distribuées.
    source : Path
        Dossier ou archive ZIP.

    Returns
    -------
    Collected

    Raises
    ------
    AtelierImpossible
        Si la source n’existe pas ou si les copies vierges manquent.
    """
    blanks = {name: _blank(course, name) for name in course.exercises}
    result = Collected([], [], 0)
    ignored = 0
    for candidate in _candidates(source):
        if candidate is None:
            ignored += 1
            continue
        learner, exercise, refusal = _identify(candidate, set(blanks))
        if refusal or candidate.notebook is None:
            result.refused.append((candidate.path.as_posix()[:200], french(refusal)))
            continue
        result.taken.append(_store(course, learner, exercise, candidate.notebook, blanks[exercise]))
    return Collected(result.taken, result.refused, ignored)


def _blank(course: Course, name: str) -> Any:
    import nbformat as untyped_nbformat

    nbformat: Any = untyped_nbformat
    path = course.step("release") / name / f"{name}.ipynb"
    if not path.is_file():
        raise AtelierImpossible(
            french(f"La copie vierge de « {name} » manque. Lancez d’abord : formation atelier distribuer DOSSIER")
        )
    return nbformat.read(path, as_version=4)


def _identify(candidate: _Candidate, exercises: set[str]) -> tuple[str, str, str]:
    parts, stem = candidate.path.parts, candidate.path.stem
    if candidate.refusal:
        return "", "", candidate.refusal
    folder = parts[:-2] if len(parts) >= 3 and parts[-2] == stem else parts[:-1]
    learner = folder[-1] if folder else ""
    if stem not in exercises:
        known = ", ".join(sorted(exercises))
        return "", "", f"« {stem} » n’est pas un exercice de la session ; renommez le fichier. Exercices : {known}."
    if LEARNER.fullmatch(learner) is None:
        return (
            "",
            "",
            (
                f"« {learner[:40]} » n’est pas un identifiant de stagiaire. Nommez le dossier « stagiaire-01 », "
                "« stagiaire-02 »…, jamais par un nom de personne."
            ),
        )
    return learner, stem, ""


def _store(course: Course, learner: str, exercise: str, notebook: dict[str, Any], blank: Any) -> Taken:
    received = course.step("recus") / learner / f"{exercise}.ipynb"
    submitted = course.step("submitted") / learner / exercise
    replaced = submitted.exists()
    mended = mend(blank, notebook)
    received.parent.mkdir(parents=True, exist_ok=True)
    submitted.mkdir(parents=True, exist_ok=True)
    aside = received.with_suffix(".tmp")
    aside.write_text(json.dumps(notebook), encoding="utf-8")
    aside.replace(received)
    write_notebook(submitted / f"{exercise}.ipynb", mended.notebook)
    return Taken(learner, exercise, replaced, mended.remarks)


def _candidates(source: Path) -> Iterator[_Candidate | None]:
    if source.is_dir():
        yield from _from_folder(source)
    elif source.is_file() and zipfile.is_zipfile(source):
        yield from _from_zip(source)
    else:
        raise AtelierImpossible(
            french(
                f"« {source} » n’est ni un dossier ni une archive ZIP. Donnez le dossier qui contient stagiaire-01/…"
            )
        )


def _from_folder(source: Path) -> Iterator[_Candidate | None]:
    seen = 0
    for folder, subfolders, files in os.walk(source, followlinks=False):
        subfolders[:] = sorted(name for name in subfolders if name not in _IGNORED_PARTS)
        links = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        for name in sorted(files) + links:
            path = Path(folder) / name
            relative = PurePosixPath(path.relative_to(source).as_posix())
            # stagiaire-01/ peut être la source elle-même
            shown = relative if len(relative.parts) > 1 else PurePosixPath(source.resolve().name) / relative
            seen += 1
            if seen > MAX_ENTRIES:
                yield _Candidate(
                    shown, None, f"le dossier contient plus de {MAX_ENTRIES} fichiers, la suite est ignorée"
                )
                return
            if path.is_symlink():
                yield _Candidate(shown, None, "c’est un lien vers un autre fichier, il n’est pas suivi")
            elif path.suffix.lower() != ".ipynb":
                yield None
            else:
                yield _read(shown, path)


def _read(shown: PurePosixPath, path: Path) -> _Candidate:
    try:
        return _Candidate(shown, read_untrusted(path))
    except AtelierImpossible as error:
        return _Candidate(shown, None, str(error))


def _from_zip(source: Path) -> Iterator[_Candidate | None]:
    with zipfile.ZipFile(source) as archive:
        total = 0
        for number, info in enumerate(archive.infolist()):
            path = PurePosixPath(info.filename)
            if info.is_dir() or any(part in _IGNORED_PARTS for part in path.parts):
                continue
            refusal = _zip_refusal(info, path)
            total += info.file_size
            if number >= MAX_ENTRIES or total > MAX_TOTAL_BYTES:
                yield _Candidate(path, None, "l’archive est trop grosse, la suite est ignorée")
                return
            if refusal:
                yield _Candidate(path, None, refusal)
            elif path.suffix.lower() != ".ipynb":
                yield None
            else:
                yield _read_member(archive, info, path)


def _zip_refusal(info: zipfile.ZipInfo, path: PurePosixPath) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or "\\" in info.filename or ":" in info.filename:
        return "son chemin sort du dossier de l’archive"
    if kind not in (0, stat.S_IFREG):
        return "ce n’est pas un fichier ordinaire (lien ?)"
    if info.flag_bits & 0x1:
        return "il est protégé par un mot de passe"
    if info.file_size > MAX_RATIO * max(info.compress_size, 1) and info.file_size > 1_000_000:
        return "il est compressé de façon anormale"
    return ""


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: PurePosixPath) -> _Candidate:
    try:
        # la taille annoncée peut mentir : on borne aussi la lecture
        with archive.open(info) as stream:
            return _Candidate(path, parse_untrusted(stream.read(MAX_NOTEBOOK_BYTES + 1)))
    except AtelierImpossible as error:
        return _Candidate(path, None, str(error))
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError):
        return _Candidate(path, None, "l’archive est abîmée à cet endroit")
