"""Où se range chaque pièce d’une session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from formation.errors import FormationError

PREPARE = "1-preparer"
DISTRIBUTE = "2-distribuer"
ATTENDANCE = "3-presence"
COLLECT = "4-recueillir"
RETURN = "5-rendre"
COURSE = "cours"
FOLDERS = (PREPARE, DISTRIBUTE, ATTENDANCE, COLLECT, RETURN)
"""Dossiers d’une session, dans l’ordre où l’on s’en sert ; `cours/` s’y ajoute quand le parcours a des exercices."""

SESSION = "session.yml"
PATHWAY = "parcours.yml"
LEARNERS = "stagiaires.csv"
READ_ME = "LISEZ-MOI.html"

SLIDES = f"{PREPARE}/diapositives"
ANSWERS = f"{COLLECT}/reponses"
COMPLETIONS = f"{RETURN}/attestations"
CERTIFICATES = f"{RETURN}/certificats"
EVIDENCE = f"{RETURN}/preuves"
ASIDE = ".session-"
"""Début du nom d’un dossier de travail : ce qu’un arrêt brutal y laisse est effacé à la commande suivante."""


@contextmanager
def told_as(work: Path, target: Path, then: str = "") -> Iterator[None]:
    """Dit, dans une erreur, le dossier que le formateur connaît, et non le dossier de travail caché.

    Parameters
    ----------
    work : Path
        Dossier de travail, où la pièce s’écrivait.
    target : Path
        Dossier qu’elle devait rejoindre.
    then : str
        Phrase à ajouter, par exemple « Rien n’a été créé. ».

    Yields
    ------
    None

    Raises
    ------
    FormationError
        La même, son texte changé.
    """
    try:
        yield
    except FormationError as error:
        text = str(error).replace(str(work), str(target))
        if text != str(error):
            error.args = (f"{text} {then}".strip() if then not in text else text,)
        raise
