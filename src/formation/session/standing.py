"""Où en est une session : ce qui est fait, ce qui manque, ce qui reste de temps avant l’effacement."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from formation.errors import FormationError
from formation.letters import french
from formation.numbers import plural
from formation.session import places
from formation.session.closures import weekday
from formation.session.retention import plan_erasure, read_identity

DONE, PARTLY, MISSING, NOT_YET = "fait", "en cours", "manque", "à venir"


@dataclass(frozen=True)
class Stage:
    """Une étape de la session.

    Parameters
    ----------
    name : str
        Étape, en français.
    status : str
        « fait », « en cours » (des réponses manquent), « manque » ou « à venir ».
    detail : str
        Précision, ou ce qu’il faut lancer.
    """

    name: str
    status: str
    detail: str = ""


@dataclass(frozen=True)
class State:
    """État d’une session.

    Parameters
    ----------
    title : str
    first, last : date
        Première et dernière date.
    people : int or None
        Stagiaires inscrits ; None une fois la session effacée.
    stages : tuple of Stage
    erase_on, erased_on : date or None
        Effacement prévu, effacement fait.
    days_left : int or None
        Jours avant l’effacement, négatif s’il est échu ; None s’il est fait ou sans date.
    remaining : tuple of str
        Pièces nominatives présentes.
    """

    title: str
    first: date
    last: date
    people: int | None
    stages: tuple[Stage, ...]
    erase_on: date | None
    erased_on: date | None
    days_left: int | None
    remaining: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """État pour une machine."""
        return {
            "titre": self.title,
            "du": self.first.isoformat(),
            "au": self.last.isoformat(),
            "stagiaires": self.people,
            "etapes": [{"etape": one.name, "etat": one.status, "detail": one.detail} for one in self.stages],
            "effacer_le": self.erase_on.isoformat() if self.erase_on else None,
            "efface_le": self.erased_on.isoformat() if self.erased_on else None,
            "jours_restants": self.days_left,
            "pieces_nominatives": list(self.remaining),
        }

    def lines(self) -> Iterator[str]:
        """État en français, une ligne par étape."""
        when = weekday(self.first) if self.first == self.last else f"du {weekday(self.first)} au {weekday(self.last)}"
        people = "" if self.people is None else f", {plural(self.people, 'stagiaire')}"
        yield f"{self.title} – {when}{people}"
        marks = {DONE: "✓", PARTLY: "…", MISSING: "✗", NOT_YET: "·"}
        for one in self.stages:
            yield french(f"  {marks[one.status]} {one.name} : {one.detail or one.status}")
        yield french(self._erasure())

    def _erasure(self) -> str:
        if self.erased_on is not None:
            left = f" Il reste pourtant : {', '.join(self.remaining)}." if self.remaining else ""
            return f"Données personnelles effacées le {weekday(self.erased_on)}.{left}"
        if self.erase_on is None or self.days_left is None:
            return "Aucune date d’effacement n’est fixée : inscrivez-la dans session.yml (effacer_le)."
        if self.days_left > 0:
            left = plural(self.days_left, "jour")
            return f"Effacement des données personnelles dans {left}, le {weekday(self.erase_on)}."
        return (
            f"Effacement échu depuis le {weekday(self.erase_on)} : rangez les preuves dans l’archive de votre "
            "organisme, puis lancez formation session effacer DOSSIER."
        )


def state(root: str | Path, today: date | None = None) -> State:
    """Regarde où en est une session, d’après ses fichiers.

    Parameters
    ----------
    root : str or Path
        Dossier de la session.
    today : date, optional
        Jour présent ; par défaut celui de l’horloge.

    Returns
    -------
    State

    Raises
    ------
    SessionInvalide
        Si ce n’est pas le dossier d’une session.
    """
    plan = plan_erasure(root, today)
    folder = plan.root
    read = read_identity(folder)
    days = [slot.date for slot in read.demi_journees]
    over = plan.today >= days[-1]
    people = _people(folder / places.LEARNERS)
    stages = () if plan.erased_on else tuple(_stages(folder, over=over, people=people))
    left = (plan.erase_on - plan.today).days if plan.erase_on and not plan.erased_on else None
    return State(
        plan.title,
        days[0],
        days[-1],
        None if plan.erased_on else people,
        stages,
        plan.erase_on,
        plan.erased_on,
        left,
        plan.remove,
    )


def _stages(root: Path, *, over: bool, people: int) -> Iterator[Stage]:
    needed = (
        f"{places.PREPARE}/conducteur.pdf",
        f"{places.DISTRIBUTE}/livret.pdf",
        f"{places.DISTRIBUTE}/evaluation-finale.pdf",
        places.READ_ME,
    )
    lost = [name for name in needed if not (root / name).is_file()]
    yield Stage("dossier préparé", MISSING if lost else DONE, f"il manque {', '.join(lost)}" if lost else "")
    yield from _answers(root, over=over, people=people)
    course = root / places.COURSE
    if course.is_dir():
        for step, label, command in (
            ("submitted", "copies collectées", "formation atelier collecter DOSSIER/cours COPIES"),
            ("autograded", "copies corrigées", "formation atelier corriger DOSSIER/cours"),
        ):
            copies = [path for path in course.glob(f"{step}/*/*") if path.is_dir()]
            authors = len({path.parent.name for path in copies})
            shown = f"{plural(len(copies), 'copie')} de {plural(authors, 'stagiaire')} sur {people}"
            status = PARTLY if 0 < authors < people else _status(authors, over=over)
            yield Stage(label, status, shown if copies else _next(over, command))
    count = sum(1 for _ in (root / places.COMPLETIONS).glob("*.pdf"))
    closed = f"{plural(count, 'attestation')}"
    yield Stage(
        "session close",
        _status(count, over=over),
        closed if count else _next(over, "formation session cloturer DOSSIER"),
    )


def _answers(root: Path, *, over: bool, people: int) -> Iterator[Stage]:
    """Ce que la notation retiendrait : une personne qui a rendu deux fois ne compte qu’une fois."""
    from formation.session.answers import look
    from formation.session.model import open_session

    try:
        noted = look(open_session(root))
    except FormationError as error:
        yield Stage("réponses et présences", MISSING, str(error).splitlines()[0])
        return
    for label, count in (
        ("présences saisies", noted.presence),
        ("positionnement", noted.placement),
        ("évaluation finale", noted.final),
        ("satisfaction", noted.forms),
    ):
        shown = f"{plural(count, 'réponse')} pour {plural(people, 'stagiaire')}" if count else ""
        status = PARTLY if 0 < count < people and label != "satisfaction" else _status(count, over=over)
        yield Stage(label, status, shown)
    if noted.refused:
        problems = plural(len(noted.refused), "problème")
        yield Stage("réponses refusées", MISSING, f"{problems}, que dit formation session noter DOSSIER")


def _status(count: int, *, over: bool) -> str:
    return DONE if count else MISSING if over else NOT_YET


def _next(over: bool, command: str) -> str:
    return f"lancez {command}" if over else ""


def _people(path: Path) -> int:
    """Lignes de la liste des stagiaires, sans la relire en entier : elle peut avoir été abîmée."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            rows = list(csv.reader(stream, delimiter=";"))[1:]
    except (OSError, csv.Error):
        return 0
    return sum(1 for row in rows if any(cell.strip() for cell in row))
