"""Fabriquer le cours nbgrader d’une session dans un autre processus, pendant que les PDF s’écrivent.

L’ouvrier est un interpréteur neuf, à qui l’on parle par des lignes JSON : il exécute des exercices et naît par fork,
ce qu’un programme à plusieurs fils ne doit pas faire lui-même.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from formation.errors import FormationError
from formation.session.model import Participant

Tell = Callable[[int, int, str], None]
MODULE = "formation.session.course_build"


class CoursImpossible(FormationError):
    """Le cours de la session n’a pas pu être fabriqué ; rien n’a été créé."""


class CourseBuild:
    """Cours en fabrication, à employer dans un bloc `with`.

    Parameters
    ----------
    folder : Path
        Dossier du cours, à créer.
    exercises : sequence of str
        Noms des exercices ; sans eux, rien n’est fabriqué.
    participants : sequence of Participant
        Stagiaires à inscrire au carnet de notes.
    """

    def __init__(self, folder: Path, exercises: Sequence[str], participants: Sequence[Participant]) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        if exercises:
            order = {
                "dossier": str(folder),
                "exercices": list(exercises),
                "stagiaires": [[one.id, one.last, one.first, one.email] for one in participants],
            }
            self._process = subprocess.Popen(  # noqa: S603 — cet interpréteur, et un module du paquet
                [sys.executable, "-P", "-m", MODULE],  # -P : rien du dossier courant n’est importé
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # Ctrl+C s’adresse à l’appelant, qui arrête l’ouvrier en sortant
            )
            assert self._process.stdin is not None  # noqa: S101 — ouvert juste au-dessus
            self._process.stdin.write(json.dumps(order).encode())
            self._process.stdin.close()
            self._process.stdin = None

    def __enter__(self) -> CourseBuild:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()

    def finish(self, tell: Tell) -> None:
        """Attend la fin du cours.

        Parameters
        ----------
        tell : callable
            Reçoit le nombre d’étapes faites, leur total et l’étape en cours.

        Raises
        ------
        CoursImpossible
            Si un exercice ou le carnet de notes a échoué.
        """
        if self._process is None:
            return
        assert self._process.stdout is not None  # noqa: S101
        failure = ""
        for line in self._process.stdout:
            said: dict[str, Any] = json.loads(line)
            failure = said.get("erreur", failure)
            if "fait" in said:
                tell(said["fait"], said["total"], said["etape"])
        detail = self._process.communicate()[1].decode(errors="replace").strip().splitlines()
        if self._process.returncode or failure:
            reason = failure or (detail[-1] if detail else "l’ouvrier s’est arrêté sans rien dire")
            raise CoursImpossible(f"Le cours des exercices n’a pas pu être fabriqué\u00a0: {reason}")


def build(folder: Path, exercises: Sequence[str], learners: Sequence[Sequence[str]], tell: Tell) -> None:
    """Crée le cours, ses copies vierges, et inscrit les stagiaires.

    Parameters
    ----------
    folder : Path
        Dossier du cours, à créer.
    exercises : sequence of str
        Noms des exercices.
    learners : sequence of sequence of str
        Identifiant, nom, prénom et courriel de chaque stagiaire.
    tell : callable
        Reçoit le nombre d’étapes faites, leur total et l’étape en cours.

    Raises
    ------
    AtelierImpossible
        Si un exercice manque, échoue, ou laisse voir une réponse.
    """
    from formation.classroom.course import create_course
    from formation.classroom.engine import LOG
    from formation.classroom.grading.settings import read_settings
    from formation.classroom.marks import Learner
    from formation.classroom.release import release_course
    from formation.classroom.roster import enrol
    from formation.pathways.project import Project

    known = Project().exercises
    count = len(exercises)
    total = 2 * count + 1
    course = create_course(
        folder, [known[name] for name in exercises], lambda done, _, name: tell(done, total, f"exercice {name}")
    )
    release_course(course, lambda done, _, name: tell(count + done, total, f"copie vierge {name}"))
    people = [Learner(name, last=last, first=first, email=email) for name, last, first, email in learners]
    enrol(read_settings(folder).db_url, people)
    (folder / LOG).unlink(missing_ok=True)
    tell(total, total, "stagiaires inscrits")


def _serve() -> int:
    """Fabrique le cours demandé sur l’entrée, annonce chaque étape sur la sortie."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    order = json.loads(sys.stdin.buffer.read())
    out = sys.stdout

    def say(**said: object) -> None:
        out.write(f"{json.dumps(said)}\n")
        out.flush()

    sys.stdout = sys.stderr  # ce qu’une bibliothèque imprime ne se mêle pas aux étapes
    try:
        build(
            Path(order["dossier"]),
            order["exercices"],
            order["stagiaires"],
            lambda done, total, label: say(fait=done, total=total, etape=label),
        )
    except FormationError as error:
        say(erreur=str(error))
        return 1
    except OSError as error:
        from formation.errors import reason

        say(erreur=reason(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_serve())
