"""Des fichiers aux fiches : tous les problèmes de tous les fichiers d’un coup, et rien n’est importé à moitié."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from formation.errors import DonneesInvalides, FichiersInvalides, Problem
from formation.library import flat, located
from formation.library.consistency import inconsistencies
from formation.library.located import Document, FieldProblem, Place, field_name
from formation.library.models import ProjectRecord
from formation.numbers import number

MAX_RECORDS = flat.MOST_RECORDS
MAX_PROBLEMS = 200
YAML, JSON, TABLES = (".yml", ".yaml"), (".json",), (".csv", ".gz", ".xlsx", ".ods")

_EXAMPLES = {
    "id": "plaisir-standard-telephonique",
    "version_schema": '"1.0"',
    "confiance": "probable",
    "url": "https://www.senat.fr/rap/r24-447/r24-4470.html",
    "date_fiche": "2026-11-22",
    "consulte": "2026-11-22",
    "debut": "2022-09",
    "fin": "2025",
    "population": "31243",
    "population_annee": "2023",
    "montant_euros": "12000",
    "cle": "S1",
    "source": "[S1, S2]",
    "lu": "direct",
    "texte": '"Le service reçoit 200 à 400 appels par jour."',
}
_MESSAGES = {
    "missing": "ce champ manque : ajoutez-le",
    "extra_forbidden": "ce champ n’existe pas dans le schéma : corrigez son nom ou retirez-le",
    "string_type": "un texte est attendu ; mettez-le entre guillemets",
    "string_too_short": "le texte est vide ou trop court ({min_length} caractères au moins)",
    "string_too_long": "le texte dépasse {max_length} caractères : résumez-le",
    "int_type": "un nombre entier est attendu",
    "int_parsing": "un nombre entier est attendu, sans espace ni unité",
    "int_from_float": "un nombre entier est attendu",
    "float_type": "un nombre est attendu, sans unité",
    "float_parsing": "un nombre est attendu, sans espace ni unité ; la décimale s’écrit avec un point",
    "finite_number": "un nombre fini est attendu",
    "greater_than_equal": "le nombre doit être au moins {ge}",
    "less_than_equal": "le nombre doit être au plus {le}",
    "list_type": "une liste est attendue, une ligne par élément commençant par « - »",
    "too_short": "il faut au moins {min_length} élément, il y en a {actual_length}",
    "too_long": "il faut au plus {max_length} éléments, il y en a {actual_length}",
    "literal_error": "valeurs acceptées : {expected}",
    "string_pattern_mismatch": "la valeur n’a pas la forme attendue",
    "invalid_key": "un nom de champ est attendu",
    "model_type": "des champs et des valeurs sont attendus (« champ: valeur »)",
    "dict_type": "des champs et des valeurs sont attendus (« champ: valeur »)",
}


@dataclass
class FileReport:
    """Ce qu’un fichier contient.

    Attributes
    ----------
    path : Path
        Fichier lu.
    records : list of ProjectRecord
        Fiches sans défaut.
    problems : list of Problem
        Défauts, dans l’ordre du fichier.
    lines : dict of str to int
        Ligne de chaque fiche, par identifiant.
    """

    path: Path
    records: list[ProjectRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)


def check(paths: Iterable[Path | str], *, taken: Iterable[str] = ()) -> list[FileReport]:
    """Lit des fichiers de fiches et relève tous leurs problèmes, sans rien lever.

    Parameters
    ----------
    paths : iterable of Path or str
        Fichiers .yml, .json, .csv, .xlsx ou .ods ; un dossier vaut tous ses fichiers .yml.
    taken : iterable of str
        Identifiants déjà pris.

    Returns
    -------
    list of FileReport
        Un rapport par fichier, dans l’ordre donné.
    """
    seen = dict.fromkeys(taken, "la bibliothèque")
    reports = []
    total = 0
    for path in _expanded(paths):
        report = FileReport(path)
        try:
            _fill(report)
        except DonneesInvalides as error:
            report.problems += error.problems
        total += len(report.records)
        if total > MAX_RECORDS:
            report.problems.append(FieldProblem("trop_de_fiches", f"plus de {number(MAX_RECORDS)} fiches en tout."))
            report.records = []
        for record in report.records:
            if record.id in seen:
                line = report.lines.get(record.id)
                report.problems.append(
                    FieldProblem(
                        "doublon",
                        f"l’identifiant « {record.id} » sert déjà dans {seen[record.id]} : choisissez-en un autre, "
                        f"par exemple « {record.id}-2 », ou retirez la fiche en double.",
                        column="id",
                        lines=(line,) if line else (),
                    )
                )
            seen.setdefault(record.id, path.name)
        reports.append(report)
    return reports


def read(paths: Iterable[Path | str], *, taken: Iterable[str] = ()) -> list[ProjectRecord]:
    """Lit des fichiers de fiches ; au moindre défaut, rien n’est rendu.

    Parameters
    ----------
    paths : iterable of Path or str
        Fichiers.
    taken : iterable of str
        Identifiants déjà pris.

    Returns
    -------
    list of ProjectRecord
        Toutes les fiches.

    Raises
    ------
    DonneesInvalides
        Si un fichier a un défaut ; tous les défauts de tous les fichiers sont dits.
    """
    reports = check(paths, taken=taken)
    raise_problems(reports)
    return [record for report in reports for record in report.records]


def raise_problems(reports: Sequence[FileReport]) -> None:
    """Lève l’erreur qui dit tous les défauts, s’il y en a.

    Parameters
    ----------
    reports : sequence of FileReport
        Rapports de lecture.

    Raises
    ------
    DonneesInvalides
        S’il y a au moins un défaut.
    """
    errors = [DonneesInvalides(report.path.name, _shortened(report.problems)) for report in reports if report.problems]
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise FichiersInvalides(errors)


def _shortened(problems: list[Problem]) -> list[Problem]:
    rest = len(problems) - MAX_PROBLEMS
    if rest <= 0:
        return problems
    return [
        *problems[:MAX_PROBLEMS],
        FieldProblem("suite", f"et {number(rest)} autres problèmes : corrigez ceux-ci, puis vérifiez de nouveau."),
    ]


def yaml_files(folder: Path) -> list[Path]:
    """Fichiers YAML d’un dossier, par nom.

    Parameters
    ----------
    folder : Path
        Dossier.

    Returns
    -------
    list of Path
        Fichiers.
    """
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in YAML and path.is_file())


def _expanded(paths: Iterable[Path | str]) -> Iterator[Path]:
    for path in map(Path, paths):
        # Un dossier sans fiche reste dans la liste : le rapport le dira.
        yield from (yaml_files(path) or [path]) if path.is_dir() else [path]


def _fill(report: FileReport) -> None:
    suffix = report.path.suffix.lower()
    if report.path.is_dir():
        raise located.stop(report.path.name, "dossier", f"ce dossier ne contient aucune fiche. {located.ACCEPTED}")
    if suffix in TABLES:
        for row in flat.read_rows(report.path):
            _record(report, row.document, row.base, column=row.column)
        return
    if suffix not in (*YAML, *JSON):
        raise located.stop(report.path.name, "format", f"l’extension « {suffix} » est inconnue. {located.ACCEPTED}")
    kind, limit = ("json", located.MAX_JSON) if suffix in JSON else ("yaml", located.MAX_YAML)
    document = located.parse(located.read_text(report.path, limit), name=report.path.name, kind=kind)
    report.problems += document.problems
    items, base = _items(document)
    if not items:
        raise located.stop(report.path.name, "fichier_vide", "le fichier ne contient aucune fiche.")
    for rank, item in enumerate(items):
        here = (*base, rank) if base is not None else ()
        _record(report, Document(item, document.lines), here)


def _items(document: Document) -> tuple[list[Any], Place | None]:
    """Fiches d’un fichier : une seule, une liste, ou la liste « fiches » d’un export."""
    data = document.data
    if isinstance(data, list):
        return data, ()
    if isinstance(data, dict) and isinstance(data.get("fiches"), list):
        return data["fiches"], ("fiches",)
    return [data], None


def _record(report: FileReport, document: Document, base: Place, *, column: Any = None) -> None:
    problems = [*document.problems]
    record = None
    try:
        record = ProjectRecord.model_validate(document.data)
    except ValidationError as error:
        found = [
            (_clean(item["loc"]), _explain(item), item["type"])
            for item in error.errors()
            if item["loc"] or item["type"] != "value_error"
        ]
        found += [(item.place, item.message, "incoherence") for item in inconsistencies(document.data)]
        if not found:  # un désaccord qui n’apparaît qu’une fois les valeurs converties
            found = [((), str(item.get("ctx", {}).get("error", item["msg"])), "incoherence") for item in error.errors()]
        problems += [_problem(document, base, *item, column) for item in found]
    problems.sort(key=lambda problem: problem.lines[:1])
    report.problems += problems
    if record is not None and not problems:
        report.records.append(record)
        if line := document.line((*base, "id")):
            report.lines[record.id] = line


def _clean(place: Iterable[str | int]) -> Place:
    """Chemin sans les étapes internes que pydantic ajoute (fonctions, unions)."""
    return tuple(part for part in place if not (isinstance(part, str) and ("[" in part or "-" in part)))


def _problem(document: Document, base: Place, place: Place, message: str, kind: str, column: Any) -> Problem:
    line = document.line((*base, *place))
    lines = (line,) if line else ()
    if column is not None:
        return Problem(kind, f"{message}.", column=column(place), lines=lines)
    return FieldProblem(kind, f"{message}.", column=field_name(place) or None, lines=lines)


def _explain(item: Any) -> str:
    """Dit en français un défaut trouvé par pydantic : raison, valeur lue, exemple."""
    context = {key: str(value) for key, value in item.get("ctx", {}).items()}
    context["expected"] = context.get("expected", "").replace("'", "").replace(" or ", ", ").replace(" ou ", ", ")
    template = _MESSAGES.get(item["type"])
    if item["type"] == "value_error":
        message = context["error"]
    elif item["type"] == "vocabulaire":
        message = str(item["msg"])
    elif item["type"] in ("string_type", "string_pattern_mismatch") and item.get("input") in (None, ""):
        message = "ce champ est vide : remplissez-le"
    else:
        message = (template or "la valeur n’a pas la forme attendue").format(**context)
    value = item.get("input")
    if isinstance(value, str | int | float) and value != "" and item["type"] != "missing":
        shown = str(value) if len(str(value)) <= 60 else f"{str(value)[:57]}…"
        message += f" (lu : « {shown} »)"
    name = next((part for part in reversed(item["loc"]) if isinstance(part, str) and part in _EXAMPLES), None)
    if name and item["loc"][-1] == name:
        message += f" ; exemple : {_EXAMPLES[name]}"
    return message
