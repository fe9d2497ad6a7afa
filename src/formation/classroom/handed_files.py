"""Lire le dossier ou l’archive des copies rendues, avec des bornes et sans rien déplier sur le disque."""

import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from formation.checks.failure import french
from formation.checks.spec import EXPECTATIONS_FILE
from formation.classroom.errors import AtelierImpossible
from formation.classroom.untrusted import MAX_NOTEBOOK_BYTES, parse_untrusted, read_untrusted
from formation.errors import reason

MAX_ENTRIES = 5_000
MAX_TOTAL_BYTES = 500_000_000
MAX_RATIO = 200
_GIVEN = (EXPECTATIONS_FILE,)
"""Fichiers distribués avec le carnet, que la copie rapporte : rien à en dire."""
_IGNORED_PARTS = (".ipynb_checkpoints", "__MACOSX", "__pycache__")
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")
_NO_DATE = 1980  # date des archives qui n’en gardent pas


@dataclass(frozen=True, slots=True)
class Candidate:
    """Carnet trouvé, ou refus.

    Parameters
    ----------
    path : PurePosixPath
        Chemin montré au formateur.
    notebook : dict or None
        JSON du carnet, non vérifié.
    refusal : str
        Pourquoi il n’est pas pris.
    date : datetime or None
        Date du fichier, en UTC ; None si elle est inconnue.
    """

    path: PurePosixPath
    notebook: dict[str, Any] | None
    refusal: str = ""
    date: datetime | None = None


def candidates(source: Path) -> Iterator[Candidate | None]:
    """Parcourt un dossier ou une archive.

    Parameters
    ----------
    source : Path
        Dossier ou ZIP. Dans un dossier, un ZIP vaut un sous-dossier de même nom.

    Yields
    ------
    Candidate or None
        None pour un fichier qui n’est pas un carnet.

    Raises
    ------
    AtelierImpossible
        Si la source n’est ni un dossier ni une archive ZIP lisible.
    """
    if source.is_dir():
        yield from _from_folder(source)
    elif source.is_file() and zipfile.is_zipfile(source):
        yield from _from_zip(source, PurePosixPath())
    elif source.is_file() and source.suffix.lower() in _ARCHIVES:
        raise AtelierImpossible(french(f"« {source} » : {_unreadable(source.suffix.lower())}."))
    else:
        raise AtelierImpossible(
            french(
                f"« {source} » n’est ni un dossier ni une archive ZIP. Donnez le dossier qui contient stagiaire-01/…"
            )
        )


def _unreadable(suffix: str) -> str:
    if suffix == ".zip":
        return "l’archive est abîmée ou incomplète ; téléchargez-la de nouveau"
    return f"ce format d’archive ({suffix}) n’est pas lu ; dépliez-la, ou refaites-la en ZIP"


def _from_folder(source: Path) -> Iterator[Candidate | None]:
    seen = 0
    blocked: list[OSError] = []
    for folder, subfolders, files in os.walk(source, followlinks=False, onerror=blocked.append):
        subfolders[:] = sorted(name for name in subfolders if name not in _IGNORED_PARTS)
        links = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        for name in sorted(files) + links:
            path = Path(folder) / name
            relative = PurePosixPath(path.relative_to(source).as_posix())
            # stagiaire-01/ peut être la source elle-même
            shown = relative if len(relative.parts) > 1 else PurePosixPath(source.resolve().name) / relative
            seen += 1
            if seen > MAX_ENTRIES:
                yield Candidate(
                    shown, None, f"le dossier contient plus de {MAX_ENTRIES} fichiers, la suite est ignorée"
                )
                return
            yield from _from_file(path, shown, relative)
    for error in blocked:
        yield Candidate(PurePosixPath(str(error.filename)), None, f"dossier illisible : {reason(error)}")


def _from_file(path: Path, shown: PurePosixPath, relative: PurePosixPath) -> Iterator[Candidate | None]:
    suffix = path.suffix.lower()
    if path.is_symlink():
        yield Candidate(shown, None, "c’est un lien vers un autre fichier, il n’est pas suivi")
    elif suffix == ".zip" and path.is_file() and zipfile.is_zipfile(path):
        yield from _from_zip(path, relative.with_suffix(""))
    elif suffix in _ARCHIVES:
        yield Candidate(shown, None, _unreadable(suffix))
    elif path.name in _GIVEN:
        return
    elif suffix != ".ipynb":
        yield None
    else:
        try:
            date = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
            yield Candidate(shown, read_untrusted(path), date=date)
        except (AtelierImpossible, OSError, OverflowError, ValueError) as error:
            yield Candidate(shown, None, str(error))


def _from_zip(source: Path, prefix: PurePosixPath) -> Iterator[Candidate | None]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield from _members(archive, prefix)
    except (zipfile.BadZipFile, OSError, NotImplementedError, UnicodeDecodeError, ValueError):
        yield Candidate(prefix / source.name, None, _unreadable(".zip"))


def _members(archive: zipfile.ZipFile, prefix: PurePosixPath) -> Iterator[Candidate | None]:
    total = 0
    for number, info in enumerate(archive.infolist()):
        path = PurePosixPath(_filename(info))
        if info.is_dir() or any(part in _IGNORED_PARTS for part in path.parts):
            continue
        if number >= MAX_ENTRIES:
            yield Candidate(
                prefix / path.name, None, f"l’archive a plus de {MAX_ENTRIES} fichiers, la suite est ignorée"
            )
            return
        refusal = _zip_refusal(info, path)
        suffix = path.suffix.lower()
        if refusal:
            yield Candidate(path, None, refusal)
        elif suffix in _ARCHIVES:
            yield Candidate(prefix / path, None, "c’est une archive dans l’archive ; dépliez-la d’abord")
        elif path.name in _GIVEN:
            continue
        elif suffix != ".ipynb":
            yield None
        else:
            total += info.file_size
            if total > MAX_TOTAL_BYTES:
                yield Candidate(prefix / path, None, "l’archive est trop grosse, la suite est ignorée")
                return
            yield _read_member(archive, info, prefix / path)


def _filename(info: zipfile.ZipInfo) -> str:
    """Nom d’un membre ; beaucoup d’outils écrivent de l’UTF-8 ou du cp850 sans le dire."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _zip_refusal(info: zipfile.ZipInfo, path: PurePosixPath) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or "\\" in info.filename or ":" in info.filename:
        return "son chemin sort du dossier de l’archive"
    if kind not in (0, stat.S_IFREG):
        return "ce n’est pas un fichier ordinaire (lien ?)"
    if info.flag_bits & 0x1:
        return "il est protégé par un mot de passe ; demandez une archive qui ne l’est pas"
    if info.file_size > MAX_RATIO * max(info.compress_size, 1) and info.file_size > 1_000_000:
        return "il est compressé de façon anormale"
    return ""


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: PurePosixPath) -> Candidate:
    try:
        # la taille annoncée peut mentir : on borne aussi la lecture
        with archive.open(info) as stream:
            notebook = parse_untrusted(stream.read(MAX_NOTEBOOK_BYTES + 1))
        return Candidate(path, notebook, date=_zip_date(info))
    except AtelierImpossible as error:
        return Candidate(path, None, str(error))
    except Exception as error:  # zlib, lzma, RuntimeError… : chaque méthode de compression a les siennes
        return Candidate(path, None, f"l’archive est abîmée à cet endroit ({type(error).__name__})")


def _zip_date(info: zipfile.ZipInfo) -> datetime | None:
    try:
        moment = datetime(*info.date_time).astimezone(UTC)  # une archive garde l’heure locale
    except (ValueError, OverflowError, OSError):
        return None
    return moment if info.date_time[0] > _NO_DATE else None
