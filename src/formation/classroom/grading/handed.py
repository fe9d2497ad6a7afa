"""Ce que contient submitted/ : les copies à corriger, et ce qui n’en est pas, dit avec le remède."""

import contextlib
import os
import stat
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.types import AssignmentSnapshot

_IGNORED = (".", "__")
_MAX_NAME = 128
_MAX_STAMP = 200


@dataclass(frozen=True, slots=True)
class Handed:
    """Copies rendues.

    Parameters
    ----------
    copies : list of (str, str, Path)
        Stagiaire, devoir et dossier de chaque copie, par devoir puis par stagiaire.
    anomalies : list of str
        Ce qui n’est pas corrigé, ou l’est avec une réserve ; une phrase et son remède.
    """

    copies: list[tuple[str, str, Path]] = field(default_factory=list)
    anomalies: list[str] = field(default_factory=list)


def assignments_handed(root: Path) -> set[str]:
    """Noms des dossiers de devoir présents dans submitted/, connus ou non.

    Parameters
    ----------
    root : Path
        Dossier du cours.

    Returns
    -------
    set of str
    """
    submitted = root / "submitted"
    if not submitted.is_dir():
        return set()
    return {path.name for path in submitted.glob("*/*") if path.is_dir() and not path.name.startswith(_IGNORED)}


def read_handed(
    root: Path,
    assignments: Mapping[str, AssignmentSnapshot],
    *,
    learners: Collection[str] | None = None,
    chosen: Collection[str] | None = None,
    enrolled: Collection[str] | None = None,
) -> Handed:
    """Cherche les copies rendues.

    Parameters
    ----------
    root : Path
        Dossier du cours.
    assignments : mapping
        Devoirs du cours, par nom.
    learners, chosen : collection of str, optional
        Stagiaires et devoirs voulus ; par défaut, tous.
    enrolled : collection of str, optional
        Stagiaires inscrits ; None si le cours n’a pas de liste.

    Returns
    -------
    Handed

    Raises
    ------
    AtelierImpossible
        S’il n’y a aucune copie, ou si un stagiaire ou un devoir demandé n’en a pas rendu.
    """
    found = Handed()
    submitted = root / "submitted"
    entries = sorted(os.scandir(submitted), key=lambda entry: entry.name) if submitted.is_dir() else []
    for entry in entries:
        if entry.name.startswith(_IGNORED):
            continue
        if learners is not None and entry.name not in learners:
            continue
        if _is_learner(entry, found.anomalies, enrolled):
            _read_learner(Path(entry.path), assignments, chosen, found)
    _tell_twins(found)
    found.copies.sort(key=lambda copy: (copy[1], copy[0]))
    problems = _absent(found, learners, chosen)
    if problems or not found.copies:
        listing = [*problems, *found.anomalies]
        advice = "Rassemblez-les d’abord : formation atelier collecter DOSSIER COPIES"
        raise AtelierImpossible(french("\n- ".join(["Aucune copie à corriger. " + advice, *listing])))
    return Handed(found.copies, [french(line) for line in found.anomalies])


def _is_learner(entry: os.DirEntry[str], anomalies: list[str], enrolled: Collection[str] | None) -> bool:
    shown = entry.name.encode("utf-8", "replace").decode()[:60]
    if shown != entry.name[:60] or len(entry.name) > _MAX_NAME or not entry.name.isprintable():
        anomalies.append(
            f"submitted/{shown} : ce nom de dossier ne s’inscrit pas au carnet de notes (trop long, ou caractères "
            "illisibles). Renommez-le, par exemple stagiaire-01."
        )
    elif entry.is_symlink():
        anomalies.append(f"submitted/{shown} : c’est un lien, il n’est pas suivi. Copiez le dossier à sa place.")
    elif not entry.is_dir(follow_symlinks=False):
        anomalies.append(
            f"submitted/{shown} : fichier hors d’un dossier de stagiaire, laissé de côté. Rangez-le dans "
            "submitted/<stagiaire>/<devoir>/."
        )
    elif enrolled is not None and entry.name not in enrolled:
        anomalies.append(
            f"submitted/{shown} : « {shown} » n’est pas inscrit, sa copie n’est pas corrigée. Corrigez le nom du "
            "dossier, ou inscrivez-le : formation atelier inscrire"
        )
    else:
        return True
    return False


def _read_learner(
    folder: Path, assignments: Mapping[str, AssignmentSnapshot], chosen: Collection[str] | None, found: Handed
) -> None:
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith(_IGNORED))
    where = f"submitted/{folder.name}"
    if not names:
        found.anomalies.append(
            f"{where} : dossier vide, aucune copie. Demandez-la au stagiaire, ou effacez le dossier."
        )
    for name in names:
        path = folder / name
        if chosen is not None and name not in chosen:
            continue
        if path.is_symlink() or not path.is_dir():
            found.anomalies.append(
                f"{where}/{name} : ce n’est pas un dossier de devoir, laissé de côté. Rangez les carnets dans "
                f"{where}/<devoir>/."
            )
        elif name not in assignments:
            known = ", ".join(sorted(assignments)) or "aucun"
            found.anomalies.append(
                f"{where}/{name} : « {name} » n’est pas un devoir de ce cours, rien n’y est corrigé. Renommez le "
                f"dossier. Devoirs : {known}."
            )
        elif _has_notebook(path, assignments[name], found.anomalies):
            found.copies.append((folder.name, name, path))


def _has_notebook(folder: Path, assignment: AssignmentSnapshot, anomalies: list[str]) -> bool:
    where = f"submitted/{folder.parent.name}/{folder.name}"
    handed = sorted(path.stem for path in folder.glob("*.ipynb"))
    expected = sorted(assignment.notebooks)
    extra = [name for name in handed if name not in assignment.notebooks]
    wanted = ", ".join(f"{name}.ipynb" for name in expected)
    if extra:
        listing = ", ".join(f"{name}.ipynb" for name in extra)[:200]
        anomalies.append(
            f"{where} : carnet en trop, laissé de côté ({listing}). S’il tient lieu d’un carnet du devoir, "
            f"renommez-le. Carnets attendus : {wanted}."
        )
    missing = [name for name in expected if name not in handed]
    if set(handed) & set(expected):
        if missing:
            listing = ", ".join(f"{name}.ipynb" for name in missing)[:200]
            anomalies.append(
                f"{where} : carnet non rendu ({listing}), il compte 0 point. S’il arrive, posez-le là et relancez."
            )
        return True
    if not extra:
        anomalies.append(f"{where} : dossier sans carnet, rien à corriger. Carnets attendus : {wanted}.")
    return False


def _tell_twins(found: Handed) -> None:
    seen: dict[tuple[str, str], str] = {}
    for learner, assignment, _ in found.copies:
        key = (unicodedata.normalize("NFKC", learner).casefold().strip(), assignment)
        if key in seen:
            found.anomalies.append(
                f"« {seen[key]} » et « {learner} » ont chacun rendu « {assignment} » : est-ce la même personne ? "
                "Les deux copies sont corrigées ; effacez celle de trop."
            )
        seen.setdefault(key, learner)


def _absent(found: Handed, learners: Collection[str] | None, chosen: Collection[str] | None) -> list[str]:
    present = {copy[0] for copy in found.copies}
    given = {copy[1] for copy in found.copies}
    problems = [f"aucune copie de « {name} »." for name in sorted(set(learners or ()) - present)]
    return problems + [f"aucune copie du devoir « {name} »." for name in sorted(set(chosen or ()) - given)]


def read_timestamp(folder: Path) -> tuple[datetime | None, str]:
    """Lit l’heure de remise d’une copie, dans `timestamp.txt`, comme nbgrader.

    Parameters
    ----------
    folder : Path
        Dossier de la copie.

    Returns
    -------
    tuple of (datetime or None, str)
        Heure UTC sans fuseau ; et une réserve en français si le fichier est illisible.
    """
    path = folder / "timestamp.txt"
    if not path.is_symlink() and not path.exists():
        return None, ""
    text = ""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as stream:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                text = stream.read(_MAX_STAMP).decode("utf-8").strip()
    # un nom de fuseau qui serait un chemin ferait lire ce fichier
    if text and " /" not in text and ".." not in text:
        from nbgrader.utils import parse_utc

        with contextlib.suppress(ValueError, OverflowError, TypeError):
            return parse_utc(text), ""
    return None, french(
        f"submitted/{folder.parent.name}/{folder.name}/timestamp.txt : heure de remise illisible, la copie est prise "
        "comme rendue à l’heure. Forme attendue : 2026-11-20 18:00:00 UTC."
    )
