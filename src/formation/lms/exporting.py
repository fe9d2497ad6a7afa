"""Écrire les quiz pour une plateforme : tout ou rien, et rien n’est remplacé sans qu’on le demande."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal, get_args

from formation.errors import FormationError, reason
from formation.files import aside, write_atomic
from formation.lms.chapters import Chapter, choose
from formation.lms.gift import to_gift
from formation.lms.moodle_xml import to_moodle_xml
from formation.lms.scorm import THRESHOLD, to_scorm

Format = Literal["moodle", "gift", "scorm"]
FORMATS: tuple[str, ...] = get_args(Format)
_ENDINGS = {"moodle": (".xml",), "gift": (".txt", ".gift"), "scorm": (".zip",)}
ASIDE = ".export-"
"""Début du nom d’un dossier de travail : ce qu’un arrêt brutal y laisse est effacé à l’export suivant."""
Tell = Callable[[int, int, str], None]


class ExportQuizImpossible(FormationError):
    """L’export demandé ne peut pas se faire ; rien n’a été écrit."""


def silent(_step: int, _total: int, _label: str) -> None:
    """Avancement que personne ne regarde.

    Parameters
    ----------
    _step, _total : int
        Rang de l’étape et nombre d’étapes.
    _label : str
        Ce qui se fait.
    """


def export(
    target: Path,
    kind: str,
    names: Iterable[str] = (),
    *,
    overwrite: bool = False,
    address: str = "",
    threshold: int | None = THRESHOLD,
    root: Path | None = None,
    tell: Tell = silent,
) -> list[Path]:
    """Exporte les quiz de chapitres.

    Parameters
    ----------
    target : Path
        Fichier `.xml` (moodle), `.txt` ou `.gift` (gift), ou dossier qui recevra un paquet par chapitre (scorm) ;
        un seul chapitre en SCORM s’écrit aussi dans un fichier `.zip`.
    kind : str
        « moodle », « gift » ou « scorm ».
    names : iterable of str
        Chapitres, comme pour `choose` ; vide : tous.
    overwrite : bool
        Vrai pour remplacer les fichiers déjà là.
    address : str
        Adresse où le livre est publié, vide s’il ne l’est pas.
    threshold : int or None
        Seuil d’un paquet SCORM, en pour cent ; `None` : aucun.
    root : Path, optional
        Racine du projet.
    tell : callable
        Reçoit l’avancement.

    Returns
    -------
    list of Path
        Fichiers écrits.

    Raises
    ------
    ExportQuizImpossible
        Si la demande a des défauts : tous sont dits, rien n’est écrit.
    """
    problems: list[str] = []
    chapters: list[Chapter] = []
    try:
        chapters = choose(names, root)
    except FormationError as error:
        problems += str(error).splitlines()
    single = target.suffix == ".zip"
    problems += _complaints(target, kind, address, threshold, len(chapters))
    places = [target] if kind != "scorm" or single else [target / f"{chapter.slug}.zip" for chapter in chapters]
    taken = [place for place in places if place.exists()]
    if taken and not overwrite:
        shown = ", ".join(place.name for place in taken[:5]) + (" …" if len(taken) > 5 else "")
        problems.append(f"{shown} : déjà là. Choisissez une autre destination, ou ajoutez --ecraser pour remplacer.")
    if problems:
        raise ExportQuizImpossible(
            "L’export ne peut pas se faire, rien n’a été écrit :\n" + "\n".join(f"- {line}" for line in problems)
        )
    contents: list[bytes] = []
    if kind == "scorm":
        for rank, chapter in enumerate(chapters, start=1):
            tell(rank, len(chapters), chapter.title)
            contents.append(to_scorm(chapter, threshold=threshold, address=address))
    else:
        tell(1, 1, f"{sum(len(chapter.items) for chapter in chapters)} questions")
        write = to_moodle_xml if kind == "moodle" else to_gift
        contents.append(write(chapters, address=address).encode())
    _write(dict(zip(places, contents, strict=True)), target)
    return places


def _complaints(target: Path, kind: str, address: str, threshold: int | None, count: int) -> list[str]:
    problems = []
    if kind not in FORMATS:
        return [f"« {kind} » n’est pas un format. Formats : {', '.join(FORMATS)}."]
    folder = kind == "scorm" and target.suffix != ".zip"
    if not folder and target.suffix not in _ENDINGS[kind]:
        wanted = " ou ".join(_ENDINGS[kind])
        problems.append(f"{target.name} : un fichier {wanted} est attendu pour le format {kind}.")
    if kind == "scorm" and not folder and count > 1:
        problems.append(
            f"{target.name} : un paquet ne tient qu’un chapitre, et {count} sont demandés. Donnez un dossier : il "
            "recevra un paquet par chapitre."
        )
    if folder and target.exists() and not target.is_dir():
        problems.append(f"{target} est un fichier ; un dossier est attendu pour recevoir un paquet par chapitre.")
    if not folder and target.is_dir():
        problems.append(f"{target} est un dossier ; donnez un nom de fichier.")
    if not target.parent.is_dir():
        problems.append(f"Le dossier {target.parent} n’existe pas : créez-le, puis recommencez.")
    if address and not address.startswith(("https://", "http://")):
        problems.append(f"« {address} » n’est pas l’adresse d’un livre publié. Exemple : https://exemple.fr/livre")
    if threshold is not None and not 1 <= threshold <= 100:
        problems.append(f"Le seuil {threshold} n’est pas un entier de 1 à 100, par exemple 60.")
    return problems


def _write(contents: dict[Path, bytes], target: Path) -> None:
    """Écrit à côté, puis met en place : un disque plein ne laisse pas une moitié d’export."""
    new_folder = target not in contents and not target.exists()
    try:
        with aside(target.parent, ASIDE) as beside:
            fresh = beside / "neuf"
            fresh.mkdir()
            for place, content in contents.items():
                write_atomic(fresh / place.name, content)
            if new_folder:
                fresh.replace(target)
            else:
                for place in contents:
                    (fresh / place.name).replace(place)
    except OSError as error:
        raise ExportQuizImpossible(
            f"« {target} » ne peut pas être écrit : {reason(error)}. Choisissez un autre endroit."
        ) from None
