"""Collecter les copies d’un dossier ou d’un ZIP, avec des bornes, et dire ce qui est pris ou refusé."""

import itertools
import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.copies import mend, wrong_assignment
from formation.classroom.course import Course, write_notebook
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.snapshot import from_blank
from formation.classroom.grading.types import NotebookSnapshot
from formation.classroom.handed_files import Candidate, candidates
from formation.classroom.roster import LEARNER
from formation.classroom.untrusted import printable
from formation.errors import reason
from formation.files import write_atomic

TIMESTAMP = "timestamp.txt"
_SHOWN_CHARS = 200
_SUFFIX = re.compile(r"\s*(?:\(\d+\)|-Copy\d+|[ _-]+copie(?: ?\(?\d+\)?)?)$", re.IGNORECASE)
_MOODLE = re.compile(r"_(?:assignsubmission|onlinetext)_")


@dataclass(slots=True)
class Taken:
    """Copie prise, avec les remarques utiles au formateur."""

    learner: str
    exercise: str
    replaced: bool
    remarks: list[str] = field(default_factory=list)
    path: str = ""
    date: str = ""


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


def collect(course: Course, source: Path) -> Collected:
    """Prend les copies rendues et les range dans submitted/.

    Formes admises : un dossier par stagiaire (`stagiaire-01/`), et dedans `<exercice>.ipynb`, à n’importe quelle
    profondeur ; dans un dossier ou dans un ZIP. Aucun lien n’est suivi, aucune archive n’est dépliée sur le disque.
    La copie d’origine est gardée dans recus/ ; celle de submitted/ est remise d’aplomb (voir `copies.mend`), avec la
    date du fichier dans `timestamp.txt`. De deux copies d’un même exercice, la plus récente compte ; l’autre reste
    dans recus/.

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
        Si la source n’est pas lisible, si les copies vierges manquent, ou si le disque refuse l’écriture : le
        message dit alors ce qui est déjà pris.
    """
    gathering = _Gathering(course)
    ignored = 0
    for candidate in candidates(source):
        if candidate is None:
            ignored += 1
        else:
            gathering.add(candidate)
    taken = list(gathering.taken.values())
    if not taken and not gathering.refused:
        gathering.refused.append(
            (source.name or str(source), french("aucun carnet .ipynb ; attendu : stagiaire-01/exercice.ipynb"))
        )
    for item in taken:
        item.remarks = [french(remark) for remark in item.remarks]
    return Collected(taken, gathering.refused, ignored)


class _Gathering:
    """Une collecte en cours."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._blanks = {name: _blank(course, name) for name in course.exercises}
        self._snapshots: dict[str, NotebookSnapshot] = {
            name: from_blank(name, blank) for name, blank in self._blanks.items()
        }
        self._enrolled, self._due = _gradebook(course)
        self._dates: dict[tuple[str, str], datetime | None] = {}
        self.taken: dict[tuple[str, str], Taken] = {}
        self.refused: list[tuple[str, str]] = []

    def add(self, candidate: Candidate) -> None:
        """Range une copie, ou dit pourquoi elle est refusée."""
        learner, exercise, refusal, remarks = self._identify(candidate)
        if candidate.notebook is not None and not refusal:
            refusal = wrong_assignment(candidate.notebook, self._snapshots[exercise])
            refusal = f"ce fichier {refusal}" if refusal else ""
        if refusal or candidate.notebook is None:
            self.refused.append((printable(candidate.path.as_posix(), _SHOWN_CHARS), french(refusal)))
            return
        key = (learner, exercise)
        try:
            if key in self.taken:
                self._twin(key, candidate, remarks)
            else:
                self.taken[key] = self._store(learner, exercise, candidate, remarks)
                self._dates[key] = candidate.date
        except OSError as error:
            raise AtelierImpossible(self._stopped(learner, exercise, error)) from None

    def _identify(self, candidate: Candidate) -> tuple[str, str, str, list[str]]:
        if candidate.refusal:
            return "", "", candidate.refusal, []
        remarks: list[str] = []
        stem = candidate.path.stem
        bare = _SUFFIX.sub("", stem).strip()
        names = {name.lower(): name for name in self._blanks}
        exercise = stem if stem in self._blanks else names.get(bare.lower(), "")
        if not exercise:
            known = ", ".join(sorted(self._blanks))
            return (
                "",
                "",
                f"« {printable(stem)} » n’est pas un exercice de la session ; renommez-le. Exercices : {known}.",
                [],
            )
        if exercise != stem:
            remarks.append(f"le fichier s’appelle « {printable(stem)} », il est pris pour « {exercise} »")
        folders = list(reversed(candidate.path.parts[:-1]))
        found = next((part for part in folders if LEARNER.fullmatch(part.strip().lower())), "")
        if not found:
            return "", "", _nameless(next((part for part in folders if part != exercise), "")), []
        learner = found.strip().lower()
        if learner != found:
            remarks.append(f"le dossier s’appelle « {printable(found)} », il est pris pour « {learner} »")
        if self._enrolled is not None and learner not in self._enrolled:
            return "", "", _stranger(learner), []
        return learner, exercise, "", remarks

    def _store(self, learner: str, exercise: str, candidate: Candidate, remarks: list[str]) -> Taken:
        received = self._course.step("recus") / learner / f"{exercise}.ipynb"
        submitted = self._course.step("submitted") / learner / exercise
        replaced = submitted.exists()
        notebook = candidate.notebook or {}
        mended = mend(self._blanks[exercise], notebook)
        received.parent.mkdir(parents=True, exist_ok=True)
        submitted.mkdir(parents=True, exist_ok=True)
        text = json.dumps(notebook)
        if received.is_file() and received.read_text(encoding="utf-8") != text:
            received.replace(_spare(received))
        write_atomic(received, text.encode())
        write_notebook(submitted / f"{exercise}.ipynb", mended.notebook)
        date = candidate.date.strftime("%Y-%m-%d %H:%M:%S UTC") if candidate.date else ""
        if date:
            write_atomic(submitted / TIMESTAMP, f"{date}\n".encode())
        else:
            (submitted / TIMESTAMP).unlink(missing_ok=True)
        remarks = [*remarks, *mended.remarks, *self._late(exercise, candidate.date)]
        return Taken(learner, exercise, replaced, remarks, printable(candidate.path.as_posix(), _SHOWN_CHARS), date)

    def _late(self, exercise: str, date: datetime | None) -> list[str]:
        due = self._due.get(exercise)
        if due is None or date is None or date <= due:
            return []
        return [
            f"le fichier est daté du {date:%d/%m/%Y à %H:%M} UTC, après la date limite ({due:%d/%m/%Y à %H:%M} UTC) ; "
            f"si cette date est celle d’un téléchargement, effacez {TIMESTAMP} dans submitted/"
        ]

    def _twin(self, key: tuple[str, str], candidate: Candidate, remarks: list[str]) -> None:
        """Deux copies du même exercice : la plus récente compte, l’autre reste dans recus/."""
        kept = self.taken[key]
        first, second = self._dates[key], candidate.date
        received = self._course.step("recus") / key[0] / f"{key[1]}.ipynb"
        text = json.dumps(candidate.notebook)
        other = printable(candidate.path.as_posix(), _SHOWN_CHARS)
        if received.read_text(encoding="utf-8") == text:
            kept.remarks.append(f"« {other} » est la même copie, elle n’ajoute rien")
            return
        dated = first is not None and second is not None and first != second
        newer = dated and second > first  # type: ignore[operator]
        if newer:
            old = kept.path
            fresh = self._store(*key, candidate, remarks)
            fresh.replaced = kept.replaced
            fresh.remarks.append(f"deux copies : « {fresh.path} » est la plus récente ; « {old} » reste dans recus/")
            self.taken[key], self._dates[key] = fresh, second
        else:
            write_atomic(_spare(received), text.encode())
            why = "est la plus récente" if dated else "est gardée, sans date qui les départage"
            kept.remarks.append(f"deux copies : « {kept.path} » {why} ; « {other} » reste dans recus/")

    def _stopped(self, learner: str, exercise: str, error: OSError) -> str:
        count = len(self.taken)
        return french(
            f"La collecte s’arrête à « {learner} · {exercise} » : {reason(error)}. Copies déjà rangées : {count} ; "
            "aucune n’est à moitié écrite. Libérez de la place ou rétablissez le droit d’écrire dans "
            f"{self._course.root}, puis relancez la même commande : elle reprend tout."
        )


def _stranger(learner: str) -> str:
    return (
        f"« {learner} » n’est pas dans la liste des stagiaires. Corrigez le nom du dossier, ou inscrivez-le : "
        "formation atelier inscrire DOSSIER LISTE"
    )


def _nameless(folder: str) -> str:
    shown = printable(folder, 60)
    if _MOODLE.search(folder):
        return (
            f"« {shown} » est un dossier de Moodle, qui porte un nom de personne. Renommez-le « stagiaire-01 », "
            "« stagiaire-02 »… et gardez la correspondance chez vous, ou dans la liste donnée à « inscrire »."
        )
    return (
        f"« {shown} » n’est pas un identifiant de stagiaire. Nommez le dossier « stagiaire-01 », "
        "« stagiaire-02 »…, jamais par un nom de personne."
    )


def _spare(path: Path) -> Path:
    return next(
        spare
        for rank in itertools.count(1)
        if not (spare := path.with_name(f"{path.stem}.autre-{rank}{path.suffix}")).exists()
    )


def _gradebook(course: Course) -> tuple[Collection[str] | None, dict[str, datetime]]:
    """Stagiaires inscrits et dates limites, si le carnet de notes existe déjà."""
    from formation.classroom.marks import gradebook_url

    url = gradebook_url(course.root)
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        return None, {}
    from formation.classroom.grading.gradebook import read_rows
    from formation.classroom.roster import known

    due = {name: row.duedate for name, row in read_rows(url).items() if row.duedate}
    return known(url), {name: datetime.fromisoformat(text).replace(tzinfo=UTC) for name, text in due.items()}


def _blank(course: Course, name: str) -> dict[str, Any]:
    path = course.step("release") / name / f"{name}.ipynb"
    if not path.is_file():
        raise AtelierImpossible(
            french(f"La copie vierge de « {name} » manque. Lancez d’abord : formation atelier distribuer DOSSIER")
        )
    blank: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return blank
