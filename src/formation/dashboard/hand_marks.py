"""Noter à la main : les points et le commentaire d’une personne, en une transaction, et de quoi revenir en arrière."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.dashboard import rows
from formation.numbers import shortest

MAX_COMMENT = 2_000
_NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,4})?")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class NoteImpossible(AtelierImpossible):
    """La note ne peut pas être inscrite ; rien n’est changé."""


@dataclass(frozen=True, slots=True)
class HandMark:
    """Note d’une cellule, telle qu’une personne la voit.

    Parameters
    ----------
    learner, assignment, notebook, cell : str
        Stagiaire, devoir, carnet, cellule.
    maximum : float
        Points possibles.
    auto, manual : float or None
        Points du moteur, points d’une personne.
    comment : str
        Commentaire d’une personne.
    waiting : bool
        Vrai si une personne doit encore noter.
    place : str
        Cellule qui porte le commentaire ; vide si nbgrader n’en prévoit aucune.
    """

    learner: str
    assignment: str
    notebook: str
    cell: str
    maximum: float
    auto: float | None = None
    manual: float | None = None
    comment: str = ""
    waiting: bool = False
    place: str = ""

    @property
    def points(self) -> float | None:
        """Points comptés, hors supplément : ceux d’une personne d’abord ; None si personne n’a encore noté."""
        return self.manual if self.manual is not None else self.auto


def read_points(text: str, maximum: float) -> float | None:
    """Lit des points écrits à la française.

    Parameters
    ----------
    text : str
        Nombre, virgule ou point décimal ; vide pour rendre la main au moteur.
    maximum : float
        Points possibles.

    Returns
    -------
    float or None
        None si la case est vide.

    Raises
    ------
    NoteImpossible
        Si ce n’est pas un nombre entre 0 et le maximum.

    Examples
    --------
    >>> read_points("2,5", 4), read_points(" ", 4)
    (2.5, None)
    """
    bare = text.strip().replace("\u00a0", "").replace("\u202f", "")
    if not bare:
        return None
    if _NUMBER.fullmatch(bare) is None:
        raise NoteImpossible(
            french(
                f"« {text.strip()[:30]} » n’est pas un nombre de points. Écrivez un nombre entre 0 et "
                f"{shortest(maximum)}, par exemple {shortest(maximum / 2)}. Rien n’est changé."
            )
        )
    return _bounded(float(bare.replace(",", ".")), maximum)


def _bounded(points: float, maximum: float) -> float:
    if not math.isfinite(points) or not 0 <= points <= maximum:
        raise NoteImpossible(
            french(
                f"« {shortest(points) if math.isfinite(points) else points} » est hors des bornes : cette cellule vaut "
                f"de 0 à {shortest(maximum)}. Rien n’est changé."
            )
        )
    return points


def read_comment(text: str) -> str:
    """Nettoie un commentaire.

    Parameters
    ----------
    text : str
        Texte d’une personne.

    Returns
    -------
    str

    Raises
    ------
    NoteImpossible
        S’il est trop long.
    """
    bare = _UNSEEN.sub("", text.replace("\r\n", "\n")).strip()
    if len(bare) > MAX_COMMENT:
        raise NoteImpossible(
            french(
                f"Le commentaire a {len(bare)} caractères ; la page de retour en montre {MAX_COMMENT}. "
                "Raccourcissez-le. Rien n’est changé."
            )
        )
    return bare


def read_cells(root: Path, db_url: str, learner: str, assignment: str) -> list[HandMark]:
    """Lit les cellules notées d’une copie, tâches et réponses rédigées comprises.

    Parameters
    ----------
    root : Path
        Dossier du cours.
    db_url : str
        Adresse SQLAlchemy du carnet de notes.
    learner, assignment : str
        Stagiaire et devoir.

    Returns
    -------
    list of HandMark
        Dans l’ordre du carnet.

    Raises
    ------
    NoteImpossible
        Si la copie n’est pas au carnet de notes.
    AtelierImpossible
        Si le carnet de notes ne se laisse pas lire.
    """
    from formation.classroom.grading.gradebook import connection

    answers = _answer_cells(root, db_url, assignment)
    with connection(db_url) as link:
        found = list(_read(link, learner, assignment, answers))
    if not found:
        raise NoteImpossible(
            french(
                f"« {learner}:{assignment} » n’est pas au carnet de notes : cette copie n’a pas encore été corrigée. "
                "Lancez d’abord la correction."
            )
        )
    rank = {place: position for position, place in enumerate(answers)}
    return sorted(found, key=lambda one: rank.get((one.notebook, one.cell), len(rank)))


def _answer_cells(root: Path, db_url: str, assignment: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Cellules de réponse que juge chaque cellule notée : un commentaire s’y accroche à défaut de mieux."""
    from formation.classroom.feedback_view import graded_with_answers
    from formation.classroom.grading.snapshot import read_assignments

    if not (root / "release" / assignment).is_dir():
        return {}
    snapshots = read_assignments(root, db_url, [assignment])
    return {
        (notebook.name, cell): answers
        for one in snapshots.values()
        for notebook in one.notebooks.values()
        for cell, _title, answers in graded_with_answers(notebook)
    }


def _read(
    link: Any, learner: str, assignment: str, answers: dict[tuple[str, str], tuple[str, ...]]
) -> Iterator[HandMark]:
    comments = {
        (one.notebook, one.cell): str(one.manual_comment or "") for one in rows.comments(link, learner, assignment)
    }
    for row in rows.grades(link, learner, assignment):
        own = (row.cell, *reversed(answers.get((row.notebook, row.cell), ())))
        place = next((name for name in own if (row.notebook, name) in comments), "")
        yield HandMark(
            learner,
            assignment,
            row.notebook,
            row.cell,
            float(row.worth),
            row.auto_score,
            row.manual_score,
            comments.get((row.notebook, place), ""),
            bool(row.needs_manual_grade),
            place,
        )


def write_mark(root: Path, db_url: str, seen: HandMark, points: float | None, comment: str) -> HandMark:
    """Inscrit la note et le commentaire d’une personne, puis récrit la page de retour.

    Parameters
    ----------
    root : Path
        Dossier du cours.
    db_url : str
        Adresse SQLAlchemy du carnet de notes.
    seen : HandMark
        Ce que la personne a sous les yeux ; si quelqu’un l’a changé depuis, rien n’est écrit.
    points : float or None
        Points donnés, de 0 au maximum ; None pour revenir à ceux du moteur.
    comment : str
        Commentaire montré au stagiaire ; vide pour l’ôter.

    Returns
    -------
    HandMark
        Ce qui est inscrit.

    Raises
    ------
    NoteImpossible
        Si les points sont hors bornes, si le commentaire n’a pas de place ou si la note a changé entre-temps.
    AtelierImpossible
        Si une correction est en cours, ou si le carnet de notes refuse l’écriture. Rien n’est alors changé.
    """
    text = read_comment(comment)
    if points is not None:
        _bounded(points, seen.maximum)
    if text != seen.comment and not seen.place:
        raise NoteImpossible(
            french(
                f"nbgrader ne garde pas de commentaire pour « {seen.cell} ». Effacez-le et ne donnez que les points, "
                "ou commentez une autre cellule de la copie. Rien n’est changé."
            )
        )
    # comme nbgrader : une note donnée, ou celle du moteur, et la cellule n’attend plus personne
    waiting = points is None and seen.auto is None
    return _replace(root, db_url, seen, replace(seen, manual=points, comment=text, waiting=waiting))


def undo_mark(root: Path, db_url: str, before: HandMark, written: HandMark) -> HandMark:
    """Revient sur une note, si personne ne l’a changée depuis.

    Parameters
    ----------
    root : Path
        Dossier du cours.
    db_url : str
        Adresse SQLAlchemy du carnet de notes.
    before, written : HandMark
        La note d’avant, et celle que `write_mark` a rendue.

    Returns
    -------
    HandMark
        La note d’avant, de nouveau inscrite.

    Raises
    ------
    NoteImpossible
        Si la note a changé entre-temps ; rien n’est alors changé.
    AtelierImpossible
        Si une correction est en cours, ou si le carnet de notes refuse l’écriture.
    """
    return _replace(root, db_url, written, before)


def _replace(root: Path, db_url: str, old: HandMark, new: HandMark) -> HandMark:
    from formation.classroom.feedback_files import rewrite
    from formation.classroom.grading.database import Database

    with no_grading(root):
        database = Database(db_url)
        try:
            with database.transaction() as link:
                _write(link, old, new)
        finally:
            database.close()
        rewrite(root, db_url, [(new.learner, new.assignment)])
    return new


@contextmanager
def no_grading(root: Path) -> Iterator[None]:
    """Aucune correction pendant qu’une personne note : les deux écriraient la même copie.

    Parameters
    ----------
    root : Path
        Dossier du cours.

    Yields
    ------
    None

    Raises
    ------
    AtelierImpossible
        Si une correction est en cours.
    """
    import os

    if not hasattr(os, "fork"):  # le moteur rapide, seul à tenir ce verrou, demande fork
        yield
        return
    from formation.classroom.grading.locks import course_lock

    with course_lock(root):
        yield


def _write(link: Any, old: HandMark, new: HandMark) -> None:
    from nbgrader import api
    from sqlalchemy import update

    copy = (old.learner, old.assignment)
    grade = rows.find(rows.grades(link, *copy), old.notebook, old.cell)
    comment = rows.find(rows.comments(link, *copy), old.notebook, old.place)
    kept = str(comment.manual_comment or "") if comment is not None else ""
    if grade is None or grade.manual_score != old.manual or kept != old.comment:
        raise NoteImpossible(
            french(
                f"La note de « {old.learner}:{old.assignment} », cellule « {old.cell} », a changé entre-temps "
                "(formgrader, ou un autre tableau de bord). Rien n’est changé : relisez la copie, puis recommencez."
            )
        )
    table = api.Grade.__table__
    values = {"manual_score": new.manual, "needs_manual_grade": new.waiting}
    link.execute(update(table).where(table.c.id == grade.id).values(**values))
    if comment is not None and new.comment != old.comment:
        table = api.Comment.__table__
        link.execute(update(table).where(table.c.id == comment.id).values(manual_comment=new.comment or None))
