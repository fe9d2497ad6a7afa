"""Tableaux que le tableur français et Moodle ouvrent tels quels : UTF-8 marqué, points-virgules, virgule décimale."""

import contextlib
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.marks import Learner
from formation.classroom.results import CopyResult, Results
from formation.errors import reason
from formation.numbers import shortest

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
Cell = str | float | None


def neutral(text: str) -> str:
    """Empêche un tableur de prendre un texte pour une formule.

    Parameters
    ----------
    text : str
        Texte d’une case.

    Returns
    -------
    str
        Précédé d’une apostrophe s’il commençait comme une formule.

    Examples
    --------
    >>> neutral("=1+1"), neutral("Zoé")
    ("'=1+1", 'Zoé')
    """
    bare = text.replace("\0", "")
    return f"'{bare}" if bare.startswith(_FORMULA) or bare.lstrip().startswith(_FORMULA) else bare


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Écrit un tableau.

    Parameters
    ----------
    header : sequence of str
        Noms des colonnes.
    rows : iterable of sequence
        Textes, nombres, ou None pour une case vide.

    Returns
    -------
    str
        Texte du fichier, sans sa marque UTF-8.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    for row in (header, *rows):
        writer.writerow([_cell(value) for value in row])
    return stream.getvalue()


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return neutral(value) if isinstance(value, str) else shortest(float(value))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Écrit un fichier CSV, à côté puis en un renommage.

    Parameters
    ----------
    path : Path
        Fichier à écrire.
    header, rows
        Comme pour `csv_text`.

    Raises
    ------
    AtelierImpossible
        Si le fichier ne peut pas être écrit ; l’ancien reste intact.
    """
    write_text(path, csv_text(header, rows), encoding="utf-8-sig")


def write_text(path: Path, text: str, *, encoding: str = "utf-8") -> None:
    """Écrit un fichier, à côté puis en un renommage.

    Parameters
    ----------
    path : Path
        Fichier à écrire.
    text : str
        Contenu.
    encoding : str
        Encodage.

    Raises
    ------
    AtelierImpossible
        Si le fichier ne peut pas être écrit ; l’ancien reste intact.
    """
    aside = path.with_name(f".{path.name}.tmp")
    try:
        aside.write_text(text, encoding=encoding, newline="")
        aside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):  # un disque en lecture seule refuse aussi d’effacer
            aside.unlink(missing_ok=True)
        raise AtelierImpossible(
            french(
                f"« {path} » ne peut pas être écrit : {reason(error)}. L’ancien fichier est intact. Choisissez un "
                "autre endroit, ou fermez le tableur qui le tient ouvert, puis recommencez."
            )
        ) from None


DETAIL = (
    "stagiaire",
    "exercice",
    "titre",
    "points",
    "maximum",
    "controle",
    "reussi",
    "points_controle",
    "maximum_controle",
    "etat",
)


def detail(results: Results) -> list[list[Cell]]:
    """Lignes du tableau détaillé : une par copie et par contrôle, colonnes `DETAIL`.

    Parameters
    ----------
    results : Results
        Résultats d’une session.

    Returns
    -------
    list of list
    """
    rows: list[list[Cell]] = []
    for copy in results.copies:
        title = str(results.exercises.get(copy.exercise, {}).get("titre", ""))
        for control, passed in copy.controls.items():
            earned, worth = copy.scores.get(control, (None, None))
            head: list[Cell] = [copy.learner, copy.exercise, title, copy.points, copy.maximum]
            if control in copy.waiting:
                rows.append([*head, control, "à noter", None, worth, copy.state])
            else:
                rows.append([*head, control, "oui" if passed else "non", earned, worth, copy.state])
    return rows


def moodle(results: Results, learners: Mapping[str, Learner]) -> tuple[list[str], list[list[Cell]], list[CopyResult]]:
    """Tableau à importer dans le carnet de notes de Moodle, un devoir par colonne.

    Moodle associe les colonnes à l’import ; celles qu’on n’associe pas sont ignorées. Une case vide n’y change
    rien : les notes provisoires restent vides.

    Parameters
    ----------
    results : Results
        Résultats d’une session.
    learners : mapping
        Stagiaires inscrits ; peut être vide.

    Returns
    -------
    tuple of (list of str, list of list, list of CopyResult)
        Colonnes, lignes, copies laissées vides parce qu’une personne doit encore les relire.
    """
    names = [name for name in results.exercises if any(copy.exercise == name for copy in results.copies)]
    everyone = sorted({*results.learners, *learners})
    emails = any(one.email for one in learners.values())
    header = ["Identifiant", *(["Adresse de courriel"] if emails else []), *names, "À relire"]
    by_key = {(copy.learner, copy.exercise): copy for copy in results.copies}
    rows: list[list[Cell]] = []
    held = []
    for learner in everyone:
        copies = [by_key.get((learner, name)) for name in names]
        waiting = [copy for copy in copies if copy is not None and copy.state != "corrigée"]
        held += waiting
        points: list[Cell] = [None if copy is None or copy in waiting else round(copy.points, 5) for copy in copies]
        mail = [learners[learner].email if learner in learners else ""] if emails else []
        rows.append([learner, *mail, *points, ", ".join(copy.exercise for copy in waiting)])
    return header, rows, held
