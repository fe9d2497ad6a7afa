"""Exporter une table livrée vers un tableur, sans perdre les zéros de tête."""

from __future__ import annotations

import io
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from formation.datasets import registry
from formation.datasets.schema import Field, Resource
from formation.datasets.tables import canonical_bytes, load
from formation.errors import ExportImpossible, reason
from formation.files import write_atomic

DICTIONARY_SHEET = "Dictionnaire"
DICTIONARY_HEADER = ("colonne", "type", "unité", "définition", "exemple", "origine")


def export(
    case: str,
    name: str,
    destination: str | PathLike[str],
    format: str | None = None,  # noqa: A002
    *,
    overwrite: bool = True,
) -> Path:
    """Écrit une table livrée dans un format de tableur.

    Parameters
    ----------
    case, name : str
        Cas et table.
    destination : path
        Fichier à écrire, ou dossier où le ranger sous le nom de la table.
    format : {"csv", "xlsx", "ods", "csv-anglais"}, optional
        `csv` suit l’usage français : point-virgule, virgule décimale, UTF-8 avec marque d’ordre.
        `csv-anglais` garde la forme livrée : virgule, point décimal. Par défaut, l’extension décide.
    overwrite : bool
        Faux pour refuser de remplacer un fichier déjà là.

    Returns
    -------
    Path
        Fichier écrit. L’ancien n’est remplacé qu’une fois le nouveau complet.

    Raises
    ------
    ExportImpossible
        Si le format est inconnu, si le fichier est déjà là, ou si l’écriture échoue ; rien n’est alors modifié.
    DonneesIntrouvables
        Si le cas ou la table n’existe pas.
    """
    resource = registry.resource(case, name)
    target = Path(destination)
    chosen = format or ("csv" if target.is_dir() else target.suffix.removeprefix(".").lower())
    if chosen not in WRITERS:
        raise ExportImpossible(
            f"Le format « {chosen} » n’est pas prévu. Formats : {', '.join(WRITERS)}. "
            f"Exemple : formation donnees exporter {case} {name} {name}.xlsx"
        )
    if not resource.is_table:
        raise ExportImpossible(
            f"{case}/{resource.path} contient des images ou des grilles : il ne tient pas dans un tableur. "
            f"Lisez-le en Python : datasets.load({case!r}, {name!r})."
        )
    if target.is_dir():
        target = target / f"{name}.{chosen.partition('-')[0]}"
    if target.exists() and not overwrite:
        raise ExportImpossible(
            f"« {target} » existe déjà. Rien n’a été modifié. Donnez un autre nom, ou ajoutez --ecraser."
        )
    content = WRITERS[chosen](load(case, name), resource)
    try:
        write_atomic(target, content)
    except OSError as error:
        raise ExportImpossible(
            f"Impossible d’écrire {target.name} dans « {target.parent} » ({reason(error)}). Rien n’a été modifié. "
            "Vérifiez que le dossier existe, que vous pouvez y écrire et que le fichier n’est pas ouvert ailleurs."
        ) from error
    return target


def dictionary_rows(resource: Resource) -> list[tuple[str, ...]]:
    """Lignes de la feuille « Dictionnaire » : une par colonne.

    Parameters
    ----------
    resource : Resource
        Table décrite.

    Returns
    -------
    list of tuple of str
        Une ligne par colonne : nom, type, unité, définition, exemple, origine.
    """
    return [(item.name, item.type, item.unit, item.description, item.example, item.origin) for item in resource.fields]


def _french_csv(frame: pd.DataFrame, resource: Resource) -> bytes:
    clean = pd.read_csv(io.BytesIO(canonical_bytes(frame, resource)), dtype=str, keep_default_na=False)
    for item in resource.fields:
        if item.type == "number":
            clean[item.name] = clean[item.name].str.replace(".", ",", regex=False)
    text: str = clean.to_csv(index=False, sep=";", lineterminator="\r\n")
    return text.encode("utf-8-sig")


def _xlsx(frame: pd.DataFrame, resource: Resource) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    page = book.create_sheet(resource.name[:31])
    page.freeze_panes = "A2"
    bold = Font(bold=True)

    def header(sheet: Any, names: Any) -> None:
        cells = [WriteOnlyCell(sheet, value=value) for value in names]
        for cell in cells:
            cell.font = bold
        sheet.append(cells)

    header(page, frame.columns)
    formats = {"string": "@", "date": "yyyy-mm-dd"}
    for row in _typed_rows(frame, resource):
        cells = []
        for item, value in zip(resource.fields, row, strict=True):
            cell = WriteOnlyCell(page, value=value)
            if isinstance(value, str):
                cell.data_type = "s"  # un texte qui commence par « = » reste un texte
            if item.type in formats:
                cell.number_format = formats[item.type]
            cells.append(cell)
        page.append(cells)
    notes = book.create_sheet(DICTIONARY_SHEET)
    header(notes, DICTIONARY_HEADER)
    for entry in dictionary_rows(resource):
        notes.append(entry)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _ods(frame: pd.DataFrame, resource: Resource) -> bytes:
    from odf.number import DateStyle, Day, Month, Text, Year
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.style import Style
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    iso = DateStyle(name="iso")
    for part in (Year(style="long"), Text(text="-"), Month(style="long"), Text(text="-"), Day(style="long")):
        iso.addElement(part)
    document.styles.addElement(iso)
    style = Style(name="date", family="table-cell", datastylename=iso)
    document.automaticstyles.addElement(style)

    def cell(value: Any, field: Field | None) -> Any:
        if value is None:
            return TableCell()
        if field is None or field.type == "string":
            result = TableCell(valuetype="string")
        elif field.type == "date":
            result = TableCell(valuetype="date", datevalue=value.isoformat(), stylename=style)
        else:
            result = TableCell(valuetype="float", value=repr(value))
        result.addElement(P(text=value.isoformat() if field is not None and field.type == "date" else str(value)))
        return result

    def sheet(title: str, header: Any, rows: Any, fields: Any) -> None:
        table = Table(name=title)
        for values, kinds in ((header, [None] * len(header)), *((row, fields) for row in rows)):
            line = TableRow()
            for value, field in zip(values, kinds, strict=True):
                line.addElement(cell(value, field))
            table.addElement(line)
        document.spreadsheet.addElement(table)

    sheet(resource.name, list(frame.columns), _typed_rows(frame, resource), resource.fields)
    width = len(DICTIONARY_HEADER)
    sheet(DICTIONARY_SHEET, DICTIONARY_HEADER, dictionary_rows(resource), [None] * width)
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def _typed_rows(frame: pd.DataFrame, resource: Resource) -> list[tuple[Any, ...]]:
    """Lignes en valeurs Python simples ; `None` pour une case vide."""
    columns = []
    for item in resource.fields:
        values = frame[item.name]
        missing = values.isna().to_numpy()
        if item.type == "date":
            plain = [None if empty else value.date() for value, empty in zip(values, missing, strict=True)]
        elif item.type in ("integer", "boolean"):
            plain = [None if empty else int(value) for value, empty in zip(values, missing, strict=True)]
        elif item.type == "number":
            plain = [None if empty else float(value) for value, empty in zip(values, missing, strict=True)]
        else:
            plain = [None if empty else str(value) for value, empty in zip(values, missing, strict=True)]
        columns.append(plain)
    return list(zip(*columns, strict=True))


WRITERS: dict[str, Callable[[pd.DataFrame, Resource], bytes]] = {
    "csv": _french_csv,
    "xlsx": _xlsx,
    "ods": _ods,
    "csv-anglais": canonical_bytes,
}
