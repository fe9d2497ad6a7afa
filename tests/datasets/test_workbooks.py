"""Classeurs et gros fichiers d’un utilisateur."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from formation import datasets
from formation.datasets import _reading as reading
from formation.datasets import tables
from formation.datasets.generation import encode

STREET = ["R0001", "00001", "Rue du Four", 318, 950, 1, 0.315, "B2"]


@pytest.fixture
def header():
    return [field.name for field in datasets.resource("territoire", "rues").fields]


def write(path, *rows, title="Feuille1"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_number_is_reported_when_excel_dropped_the_zeros(tmp_path, header, plain):
    file = write(tmp_path / "r.xlsx", header, ["R0001", 1, *STREET[2:]])
    report = datasets.check("territoire", "rues", file)
    assert [problem.kind for problem in report.problems] == ["zeros_perdus"]
    assert "attendu « 00001 »" in plain(report.problems[0].message)


def test_typed_cells_are_read_when_workbook_is_clean(tmp_path, header):
    file = write(tmp_path / "r.xlsx", header, STREET, [None] * 8, ["R0002", *STREET[1:]])
    frame = datasets.validate("territoire", "rues", file)
    assert frame["id_rue"].tolist() == ["R0001", "R0002"]
    assert frame["part_impermeable"].tolist() == [0.315, 0.315]


def test_dates_of_a_workbook_are_dates(tmp_path):
    rows = [["date", "taux_greve_constate", "date_preavis", "service"]]
    rows.append([pd.Timestamp("2024-03-12"), 0.1, pd.Timestamp("2024-03-01").date(), "écoles"])
    frame = datasets.validate("territoire", "greves", write(tmp_path / "g.xlsx", *rows))
    assert frame.loc[0, "date"] == pd.Timestamp("2024-03-12")


def test_sheet_named_after_the_table_is_preferred(tmp_path, header):
    book = Workbook()
    book.active.append(["mode", "d’emploi"])
    page = book.create_sheet("rues")
    page.append(header)
    page.append(STREET)
    book.save(tmp_path / "r.xlsx")
    assert datasets.check("territoire", "rues", tmp_path / "r.xlsx").rows == 1


def test_lines_and_keys_hold_across_chunks_when_file_is_long(tmp_path, header, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK_ROWS", 1_000)
    rows = [f"R{number:04d};00001;Rue du Four;318;950;1;0,3;B2" for number in range(3_500)]
    rows[2_500] = rows[10]
    rows[3_000] = rows[3_000].replace("318", "x")
    file = tmp_path / "r.csv"
    file.write_text("\n".join([";".join(header), *rows]), encoding="utf-8")
    problems = {problem.kind: problem for problem in datasets.check("territoire", "rues", file).problems}
    assert problems["doublon"].lines == (2_502,)
    assert problems["pas_un_nombre"].lines == (3_002,)


@pytest.mark.lent
def test_a_million_rows_are_checked_with_a_bounded_report(tmp_path, header):
    file = tmp_path / "r.csv"
    with file.open("w", encoding="utf-8") as stream:
        stream.write(";".join(header) + "\n")
        stream.writelines(f"R{n % 10_000:04d};1;Rue;{n % 2_000};{n};{n % 4};0,3;B2\n" for n in range(1_000_000))
    report = datasets.check("territoire", "rues", file)
    assert report.rows == 1_000_000
    assert {problem.kind: problem.count for problem in report.problems}["zeros_perdus"] == 1_000_000
    assert all(len(problem.lines) <= 5 for problem in report.problems)


def test_arrays_keep_their_hash_when_written_twice(tmp_path):
    resource = datasets.Resource("mobilites", "tuiles", "tuiles.npz")
    arrays = {"images": np.arange(6, dtype=np.uint8).reshape(2, 3), "masques": np.zeros((2, 2), dtype=bool)}
    raw, decoded, rows = encode(arrays, resource)
    (tmp_path / "tuiles.npz").write_bytes(raw)
    assert rows is None
    assert tables.decoded_bytes(tmp_path / "tuiles.npz", resource) == decoded
    assert tables.arrays_bytes({**arrays, "masques": ~arrays["masques"]}) != decoded
