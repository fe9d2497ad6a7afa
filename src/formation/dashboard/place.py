"""Ce que le tableau de bord a devant lui : une session, ou un simple cours nbgrader."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formation.checks.failure import french
from formation.errors import FormationError

if TYPE_CHECKING:
    from datetime import date

    from formation.classroom.course import Course
    from formation.session.model import Session

FOLDER = "FORMATION_TABLEAU"
"""Variable d’environnement : dossier qu’ouvre la tuile du lanceur."""


class DossierInconnu(FormationError):
    """Le dossier n’est ni une session ni un cours nbgrader."""


class SessionEffacee(DossierInconnu):
    """La session a été effacée : il n’y a plus de stagiaire à suivre, ni de copie à corriger."""


@dataclass(frozen=True, slots=True)
class Place:
    """Dossier ouvert dans le tableau de bord.

    Parameters
    ----------
    root : Path
        Dossier donné, absolu.
    title : str
        Titre de la session, ou nom du dossier.
    course_root : Path or None
        Cours nbgrader ; None pour une session sans exercice.
    session : Session or None
        Session préparée par `formation session creer` ; None pour un cours nbgrader.
    """

    root: Path
    title: str
    course_root: Path | None
    session: Any | None = None

    @property
    def course(self) -> Course:
        """Cours nbgrader.

        Raises
        ------
        DossierInconnu
            Si la session n’a pas d’exercice.
        """
        from formation.classroom.course import Course

        if self.course_root is None:
            raise DossierInconnu(french("Cette session n’a pas d’exercices : rien à distribuer ni à corriger ici."))
        return Course(self.course_root)

    @property
    def db_url(self) -> str:
        """Adresse SQLAlchemy du carnet de notes, d’après les réglages du cours."""
        from formation.classroom.marks import gradebook_url

        return gradebook_url(self.course.root)

    @property
    def has_gradebook(self) -> bool:
        """Vrai si le carnet de notes existe déjà ; une base sur un serveur est tenue pour existante."""
        if self.course_root is None:
            return False
        url = self.db_url
        return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).is_file()

    def exercises(self) -> dict[str, str]:
        """Exercices du cours.

        Returns
        -------
        dict of str to str
            Nom → titre, dans l’ordre ; vide sans cours.
        """
        if self.course_root is None:
            return {}
        from formation.classroom.course import SESSION

        if (self.course_root / SESSION).is_file():
            return {name: str(one.get("titre") or name) for name, one in self.course.exercises.items()}
        source, release = (self.course_root / step for step in ("source", "release"))
        found = {path.name for folder in (source, release) if folder.is_dir() for path in folder.iterdir()}
        return {name: name for name in sorted(found) if (source / name).is_dir() or (release / name).is_dir()}


def open_place(folder: str | Path | None = None) -> Place:
    """Ouvre un dossier.

    Parameters
    ----------
    folder : str or Path, optional
        Dossier d’une session ou d’un cours nbgrader. À défaut, celui de la variable FORMATION_TABLEAU, sinon le
        dossier courant.

    Returns
    -------
    Place

    Raises
    ------
    DossierInconnu
        Si ce n’est ni l’un ni l’autre.
    SessionEffacee
        Si les données personnelles de la session ont été effacées.
    """
    from formation.classroom.course import CONFIG

    root = Path(folder or os.environ.get(FOLDER) or ".").expanduser().resolve()
    if (root / "session.yml").is_file():
        from formation.session.model import open_session

        session = open_session(root)
        if session.erased_on is not None:
            raise SessionEffacee(_erased(session, session.erased_on))
        course = session.course if (session.course / CONFIG).is_file() else None
        return Place(root, session.title, course, session)
    if (root / CONFIG).is_file():
        return Place(root, root.name, root)
    raise DossierInconnu(
        french(
            f"« {root} » n’est ni une session (il y manque session.yml) ni un cours nbgrader (il y manque {CONFIG}). "
            "Donnez le dossier d’une session, par exemple ma-session. Pour en préparer une : formation session creer "
            "PARCOURS --stagiaires liste.csv --dates 2027-01-14 ma-session"
        )
    )


def _erased(session: Session, day: date) -> str:
    """Ce qui reste d’une session effacée, et comment la rejouer."""
    from formation.session.closures import weekday
    from formation.session.retention import left_behind

    left = left_behind(session.root)
    where = shlex.quote(str(session.root))
    return french(
        f"La session « {session.title} » ({session.root}) a été effacée le {weekday(day)} : liste, "
        "copies, réponses et notes n’y sont plus, le tableau de bord n’a rien à montrer. "
        + (f"Gardés, sans nom : {', '.join(left)}. " if left else "")
        + f"Pour le détail : formation session etat {where}. Pour animer de nouveau ce parcours, créez une autre "
        "session : formation session creer "
        f"{shlex.quote(str(session.root / 'parcours.yml'))} --stagiaires LISTE --dates DATES DOSSIER"
    )
