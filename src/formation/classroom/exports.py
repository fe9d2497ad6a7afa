"""Tableaux que le tableur français et Moodle ouvrent tels quels : UTF-8 marqué, points-virgules, virgule décimale."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.marks import Learner
from formation.classroom.results import CopyResult, Results
from formation.errors import reason
from formation.files import write_atomic
from formation.numbers import shortest

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
Cell = str | float | None
NO_GRADE = "-"
"""Pas de note, pour Moodle."""


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
    if isinstance(value, str):
        return value if value == NO_GRADE else neutral(value)
    return shortest(float(value))


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
    try:
        write_atomic(path, text.encode(encoding))
    except OSError as error:
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


@dataclass(frozen=True)
class MoodleTable:
    """Tableau à importer dans le carnet de notes de Moodle.

    Attributes
    ----------
    header : list of str
        Colonnes.
    rows : list of list of str
        Une ligne par stagiaire ; les nombres ont un point décimal, que Moodle lit dans toutes les langues.
    left_out : list of str
        Stagiaires sans adresse, laissés hors d’un tableau associé par adresse : d’une ligne sans adresse, Moodle
        donnerait les notes au stagiaire de la ligne d’avant.
    held : list of CopyResult
        Copies qu’une personne doit encore relire, sans note dans le tableau.
    """

    header: list[str]
    rows: list[list[Cell]]
    left_out: list[str]
    held: list[CopyResult]


def moodle_table(
    emails: Mapping[str, str], columns: Mapping[str, Mapping[str, float | None]], waiting: Mapping[str, str]
) -> MoodleTable:
    """Met des notes en tableau pour Moodle.

    Une note qui manque est un tiret, « pas de note » pour Moodle : une case vide y deviendrait un zéro dans une
    colonne neuve. Dans une colonne déjà notée, l’un comme l’autre efface la note.

    Parameters
    ----------
    emails : mapping of str to str
        Adresse de chaque stagiaire, vide s’il n’en a pas.
    columns : mapping of str to mapping
        Par colonne, la note de chaque stagiaire.
    waiting : mapping of str to str
        Ce qui attend une relecture, par stagiaire : dernière colonne, que Moodle ignore.

    Returns
    -------
    MoodleTable

    Examples
    --------
    >>> moodle_table({"stagiaire-01": ""}, {"eau-01": {"stagiaire-01": 1.5}}, {}).rows
    [['stagiaire-01', '1.5', '']]
    """
    mailed = any(emails.values())
    header = ["Identifiant", *(["Adresse de courriel"] if mailed else []), *columns, "À relire"]
    rows: list[list[Cell]] = []
    for learner in sorted(emails):
        if mailed and not emails[learner]:
            continue
        marks: list[Cell] = [_mark(grades.get(learner)) for grades in columns.values()]
        rows.append([learner, *([emails[learner]] if mailed else []), *marks, waiting.get(learner, "")])
    return MoodleTable(header, rows, [one for one in sorted(emails) if mailed and not emails[one]], [])


def _mark(points: float | None) -> str:
    return NO_GRADE if points is None else f"{round(points, 5):.10g}"


def moodle(results: Results, learners: Mapping[str, Learner]) -> MoodleTable:
    """Tableau à importer dans le carnet de notes de Moodle, un devoir par colonne ; les notes provisoires n’y sont pas.

    Parameters
    ----------
    results : Results
        Résultats d’une session.
    learners : mapping
        Stagiaires inscrits ; peut être vide.

    Returns
    -------
    MoodleTable
    """
    names = [name for name in results.exercises if any(copy.exercise == name for copy in results.copies)]
    everyone = sorted({*results.learners, *learners})
    held = [copy for copy in results.copies if copy.exercise in names and copy.state != "corrigée"]
    columns: dict[str, dict[str, float | None]] = {name: {} for name in names}
    for copy in results.copies:
        if copy.exercise in names and copy.state == "corrigée":
            columns[copy.exercise][copy.learner] = copy.points
    waiting = {
        learner: ", ".join(copy.exercise for copy in held if copy.learner == learner)
        for learner in {copy.learner for copy in held}
    }
    emails = {learner: learners[learner].email if learner in learners else "" for learner in everyone}
    return replace(moodle_table(emails, columns, waiting), held=sorted(held, key=lambda copy: copy.learner))
