"""Lire un classeur XLSX ou ODS ligne par ligne, chaque case rendue en texte."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from formation.datasets.size import Limits

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# Un tableur remplit ses feuilles de lignes et de colonnes vides répétées : inutile de les dérouler.
_MAX_COLUMNS = 1_024


def cell_text(value: Any) -> str:
    """Texte d’une case de tableur : dates ISO, nombres entiers sans décimale.

    Examples
    --------
    >>> cell_text(12.0), cell_text(dt.datetime(1974, 3, 12)), cell_text(True), cell_text(None)
    ('12', '1974-03-12', '1', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def xlsx_rows(path: Path, sheet: str) -> Iterator[list[str]]:
    """Lignes d’un classeur XLSX : la feuille nommée comme la table, sinon la première."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            page = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
            for row in page.iter_rows(values_only=True):
                yield [cell_text(value) for value in row]
        finally:
            book.close()
    except (InvalidFileException, KeyError, IndexError, ValueError, TypeError, AttributeError, OSError) as error:
        # openpyxl laisse passer ses propres erreurs quand une pièce du classeur manque ou est illisible.
        raise zipfile.BadZipFile(str(error)) from error


def ods_rows(path: Path, sheet: str, limits: Limits) -> Iterator[list[str]]:
    """Lignes d’un classeur ODS : la feuille nommée comme la table, sinon la première."""
    wanted = sheet if sheet in _ods_sheets(path) else None
    inside, skipped_rows, rows = False, 0, 0
    for event, node in _ods_events(path):
        if event == "start" and node.tag == f"{_TABLE}table":
            inside = wanted is None or node.get(f"{_TABLE}name") == wanted
        elif event == "end" and node.tag == f"{_TABLE}table-row":
            if inside:
                cells = _ods_row(node)
                repeat = int(node.get(f"{_TABLE}number-rows-repeated", "1"))
                if any(cells):
                    # Avant de les dérouler : quelques octets peuvent annoncer un milliard de lignes.
                    rows += skipped_rows + repeat
                    limits.check_rows(path, rows)
                    for _ in range(skipped_rows):
                        yield []
                    for _ in range(repeat):
                        yield cells
                    skipped_rows = 0
                else:
                    skipped_rows += repeat
            node.clear()
        elif event == "end" and node.tag == f"{_TABLE}table" and inside:
            return


def _ods_events(path: Path) -> Iterator[tuple[str, Any]]:
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        # L’analyseur expat de Python borne déjà l’expansion des entités.
        yield from ElementTree.iterparse(content, events=("start", "end"))  # noqa: S314


def _ods_sheets(path: Path) -> list[str]:
    names = []
    for event, node in _ods_events(path):
        if event == "start" and node.tag == f"{_TABLE}table":
            names.append(node.get(f"{_TABLE}name", ""))
        elif event == "end" and node.tag == f"{_TABLE}table-row":
            node.clear()
    return names


def _ods_row(node: Any) -> list[str]:
    cells: list[str] = []
    for cell in node:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        repeat = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        cells += [_ods_cell(cell)] * min(repeat, _MAX_COLUMNS - len(cells))
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _ods_cell(cell: Any) -> str:
    match cell.get(f"{_OFFICE}value-type"):
        case "float" | "percentage" | "currency":
            return cell_text(float(cell.get(f"{_OFFICE}value")))
        case "date":
            value = str(cell.get(f"{_OFFICE}date-value"))
            return value.removesuffix("T00:00:00").replace("T", " ")
        case "boolean":
            return "1" if cell.get(f"{_OFFICE}boolean-value") == "true" else "0"
        case _:
            return "\n".join("".join(part.itertext()) for part in cell.iter(f"{_TEXT}p")).strip()
