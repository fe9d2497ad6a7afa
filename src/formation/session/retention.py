"""Garder le moins longtemps possible : où en est une session, quand l’effacer, ce qui reste une fois effacée."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from formation.errors import FormationError, reason
from formation.files import write_atomic
from formation.forms import FichierInvalide, read_yaml
from formation.letters import french
from formation.numbers import plural
from formation.session import places
from formation.session.anonymous import SMALLEST
from formation.session.closures import weekday
from formation.session.model import SessionFile, SessionInvalide

ANONYMOUS = "resultats-anonymes.csv"
ERASED = (
    f"{places.PREPARE}/convocations.csv",
    places.ATTENDANCE,
    places.COLLECT,
    places.LEARNERS,
    places.READ_ME,
)
"""Pièces effacées, la liste des stagiaires vers la fin : une interruption se reprend par la même commande."""
KEPT_COURSE = ("a-distribuer", "nbgrader_config.py", "release", "session.json", "source")
"""Ce qui reste de cours/ : les exercices. Tout le reste vient des stagiaires ou les nomme."""
KEPT_RESULTS = ("rapport.html", "rapport.pdf", ANONYMOUS)
"""Ce qui reste dans 5-rendre ; à moins de cinq stagiaires, même le rapport désigne, et part aussi."""
KNOWN = (
    places.SESSION,
    places.PATHWAY,
    "ESSAI.txt",
    f"{places.PREPARE}/conducteur.html",
    f"{places.PREPARE}/conducteur.pdf",
    f"{places.PREPARE}/conducteur.odt",
    f"{places.PREPARE}/conducteur.docx",
    f"{places.PREPARE}/convocation.txt",
    f"{places.PREPARE}/convocation.odt",
    f"{places.PREPARE}/corriges-des-quiz.html",
    f"{places.PREPARE}/liste-de-controle.html",
    f"{places.PREPARE}/questions.json",
    f"{places.SLIDES}/",
    f"{places.DISTRIBUTE}/livret.",
    f"{places.DISTRIBUTE}/positionnement.",
    f"{places.DISTRIBUTE}/evaluation-finale.",
    f"{places.DISTRIBUTE}/satisfaction.",
    *(f"{places.COURSE}/{name}" for name in KEPT_COURSE),
    *(f"{places.RETURN}/{name}" for name in KEPT_RESULTS),
)
"""Débuts de chemins que le cours écrit lui-même, sans donnée personnelle."""


class EffacementImpossible(FormationError):
    """Les données personnelles n’ont pas pu être toutes effacées ; la même commande reprend le travail."""


@dataclass(frozen=True)
class ErasurePlan:
    """Ce qu’un effacement ferait.

    Parameters
    ----------
    root : Path
        Dossier de la session.
    title : str
        Titre.
    erase_on : date or None
        Jour prévu.
    today : date
        Jour présent.
    remove, unknown : tuple of str
        Pièces à effacer, et fichiers que le cours n’a pas écrits.
    erased_on : date or None
        Jour où c’est déjà fait.
    """

    root: Path
    title: str
    erase_on: date | None
    today: date
    remove: tuple[str, ...]
    unknown: tuple[str, ...]
    erased_on: date | None

    @property
    def due(self) -> bool:
        """Vrai si la date est venue et qu’il reste quelque chose à effacer."""
        if self.erase_on is None or self.today < self.erase_on:
            return False
        return self.erased_on is None or bool(self.remove)

    @property
    def waiting(self) -> str:
        """Pourquoi rien n’est à faire aujourd’hui."""
        if self.erased_on is not None:
            return f"Déjà effacée le {weekday(self.erased_on)}."
        if self.erase_on is None:
            return french("Aucune date d’effacement n’est fixée : inscrivez-la dans session.yml (effacer_le).")
        left = (self.erase_on - self.today).days
        return f"Rien à effacer avant le {weekday(self.erase_on)}, dans {plural(left, 'jour')}."

    def lines(self) -> Iterator[str]:
        """Ce qui va disparaître, et ce qu’il faut avoir fait avant."""
        yield french(f"Session « {self.title} », dans {self.root}")
        yield french("Vont être effacés, sans retour possible :")
        yield from (f"  {path}" for path in self.remove)
        if not self.remove:
            yield "  rien : il ne reste aucune pièce nominative connue."
        if self.unknown:
            yield french("Ajoutés par vous, donc laissés : regardez s’ils nomment quelqu’un :")
            yield from (f"  {path}" for path in self.unknown)
        yield french(
            "Avant de continuer : les feuilles d’émargement, les attestations, les certificats et 5-rendre/preuves "
            "prouvent la formation. Sont-ils rangés dans l’archive de votre organisme ?"
        )


@dataclass(frozen=True)
class Erased:
    """Effacement fait.

    Parameters
    ----------
    removed, left, unknown : tuple of str
        Pièces effacées, résultats anonymes gardés, fichiers laissés parce que le cours ne les a pas écrits.
    on : date
        Jour.
    """

    removed: tuple[str, ...]
    left: tuple[str, ...]
    unknown: tuple[str, ...]
    on: date

    def to_json(self) -> dict[str, Any]:
        """Bilan pour une machine."""
        return {
            "efface": True,
            "le": self.on.isoformat(),
            "effaces": list(self.removed),
            "gardes": list(self.left),
            "a_examiner": list(self.unknown),
        }

    def lines(self) -> Iterator[str]:
        """Bilan en français."""
        yield f"{plural(len(self.removed), 'pièce effacée', 'pièces effacées')} le {weekday(self.on)}."
        if self.left:
            yield french(f"Gardés, sans nom : {', '.join(self.left)}.")
        for path in self.unknown:
            yield french(f"  Laissé, à examiner vous-même : {path}")
        yield (
            "Les sauvegardes, la corbeille, les courriels envoyés et les copies sur clé ne sont pas touchés"
            "\u00a0: effacez-les aussi."
        )


def read_identity(root: Path) -> SessionFile:
    """Lit session.yml seul : une session effacée, ou à demi, se lit encore.

    Parameters
    ----------
    root : Path
        Dossier de la session.

    Returns
    -------
    SessionFile

    Raises
    ------
    SessionInvalide
        Si ce n’est pas le dossier d’une session.
    """
    if not (root / places.SESSION).is_file():
        raise SessionInvalide(
            f"«\u00a0{root}\u00a0» n’est pas le dossier d’une session (il y manque {places.SESSION}). Rien n’a été "
            "touché."
        )
    try:
        read: SessionFile = read_yaml(root / places.SESSION, SessionFile, name=str(root / places.SESSION))
    except FichierInvalide as error:
        raise SessionInvalide(f"{error}\nRien n’a été touché.") from None
    return read


def plan_erasure(root: str | Path, today: date | None = None) -> ErasurePlan:
    """Dit ce qu’un effacement ferait, sans rien toucher.

    Parameters
    ----------
    root : str or Path
        Dossier de la session.
    today : date, optional
        Jour présent ; par défaut celui de l’horloge.

    Returns
    -------
    ErasurePlan

    Raises
    ------
    SessionInvalide
        Si ce n’est pas le dossier d’une session.
    """
    folder = Path(root).resolve()
    read = read_identity(folder)
    people = _people(folder)
    kept = (ANONYMOUS,) if people is not None and people < SMALLEST else KEPT_RESULTS
    left = sorted(path.name for path in folder.glob(f"{places.ASIDE}*"))  # une commande tuée : attestations comprises
    listed = [*left, *_except(folder, places.RETURN, kept), *_except(folder, places.COURSE, KEPT_COURSE), *ERASED]
    remove = tuple(path for path in listed if _there(folder / path))
    return ErasurePlan(
        folder,
        read.titre,
        read.effacer_le,
        today or date.today(),  # noqa: DTZ011 — le jour du poste
        remove,
        tuple(_unknown(folder, remove)),
        read.efface_le,
    )


def _there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _people(root: Path) -> int | None:
    """Lignes de la liste des stagiaires ; None une fois qu’elle est effacée."""
    path = root / places.LEARNERS
    if not path.is_file():
        return None
    return max(0, len([line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line]) - 1)


def _except(root: Path, name: str, kept: tuple[str, ...]) -> list[str]:
    """Tout ce qu’un dossier contient, sauf ce qui n’y désigne personne ; un lien symbolique part seul."""
    folder = root / name
    if folder.is_symlink() or not folder.is_dir():
        return [name]
    return [f"{name}/{path.name}" for path in sorted(folder.iterdir()) if path.name not in kept]


def _unknown(root: Path, remove: tuple[str, ...]) -> Iterator[str]:
    for path in sorted(root.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            continue
        name = path.relative_to(root).as_posix()
        if not any(name == piece or name.startswith(f"{piece}/") for piece in remove) and not name.startswith(KNOWN):
            yield name


def erase(root: str | Path, today: date | None = None) -> Erased:
    """Efface les données personnelles d’une session : noms, adresses, copies, réponses, papiers nominatifs.

    Les résultats anonymes sont écrits d’abord ; un lien symbolique est retiré sans toucher à ce qu’il désigne.

    Parameters
    ----------
    root : str or Path
        Dossier de la session.
    today : date, optional
        Jour présent ; par défaut celui de l’horloge.

    Returns
    -------
    Erased

    Raises
    ------
    SessionInvalide
        Si ce n’est pas le dossier d’une session ; rien n’est alors touché.
    EffacementImpossible
        Si une pièce résiste ; la même commande reprend le travail.
    """
    plan = plan_erasure(root, today)
    try:
        _keep_anonymous(plan)
    except OSError as error:
        raise EffacementImpossible(
            french(
                f"{places.RETURN}/{ANONYMOUS} ne s’écrit pas : {reason(error)}. Rien n’a été effacé : ces effectifs "
                "sans nom seraient perdus. Vérifiez la place sur le disque et vos droits, puis relancez la commande."
            )
        ) from None
    failed: list[str] = []
    for path in plan.remove:
        if failed and path == places.LEARNERS:  # sans elle, la reprise ne saurait plus que le groupe est trop petit
            continue
        try:
            _remove(plan.root / path)
        except OSError as error:
            failed.append(french(f"- {path} : {reason(error)}"))
    if failed:
        raise EffacementImpossible(
            "\n".join(["Ces pièces n’ont pas pu être effacées.", *failed, "Corrigez, puis relancez la même commande."])
        )
    try:
        _mark(plan.root, plan.erased_on or plan.today)
    except OSError as error:
        raise EffacementImpossible(
            french(
                f"Tout est effacé, mais {places.SESSION} ne s’écrit pas : {reason(error)}. Vérifiez vos droits, puis "
                "relancez la même commande : elle n’a plus qu’à y noter la date."
            )
        ) from None
    return Erased(plan.remove, left_behind(plan.root), plan.unknown, plan.today)


def left_behind(root: Path) -> tuple[str, ...]:
    """Résultats sans nom qu’un effacement garde.

    Parameters
    ----------
    root : Path
        Dossier de la session.

    Returns
    -------
    tuple of str
        Chemins, depuis la racine du dossier ; vide s’il n’y en a pas.
    """
    return tuple(f"{places.RETURN}/{name}" for name in KEPT_RESULTS if (root / places.RETURN / name).is_file())


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _mark(root: Path, day: date) -> None:
    text = (root / places.SESSION).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("efface_le:")]
    write_atomic(root / places.SESSION, ("\n".join([*lines, f"efface_le: {day.isoformat()}"]) + "\n").encode())


def _keep_anonymous(plan: ErasurePlan) -> None:
    """Écrit les effectifs par objectif avant d’effacer ; une session jamais évaluée n’a rien à garder."""
    from formation.session.anonymous import anonymous_csv

    target = plan.root / places.RETURN / ANONYMOUS
    if plan.erased_on is not None or target.exists():
        return
    content = anonymous_csv(plan.root)
    if content is not None and target.parent.is_dir():
        write_atomic(target, content)
