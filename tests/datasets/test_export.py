"""Export vers un tableur et retour : rien ne se perd, surtout pas les zéros."""

from __future__ import annotations

import errno
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from formation import datasets
from formation.datasets import exporting
from formation.errors import ExportImpossible

FORMATS = ["csv", "xlsx", "ods", "csv-anglais"]


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", ["communes", "ecoles", "greves"])
def test_table_is_the_same_when_exported_and_read_back(tmp_path, name, format_):
    file = datasets.export("territoire", name, tmp_path, format_)
    back = datasets.validate("territoire", name, file)
    back.attrs.clear()
    pd.testing.assert_frame_equal(back, datasets.load("territoire", name))
    assert [item.name for item in tmp_path.iterdir()] == [file.name]


def test_empty_cells_stay_empty_when_exported(tmp_path):
    resource = datasets.resource("territoire", "greves")
    frame = datasets.load("territoire", "greves").head(3)
    frame.loc[1, "date_preavis"] = pd.NaT
    frame.loc[2, "service"] = None
    for format_, writer in exporting.WRITERS.items():
        file = tmp_path / f"g.{format_.partition('-')[0]}"
        file.write_bytes(writer(frame, resource))
        report = datasets.check("territoire", "greves", file)
        assert {(p.kind, p.column, p.lines) for p in report.problems} == {
            ("case_vide", "date_preavis", (3,)),
            ("case_vide", "service", (4,)),
        }, format_


@pytest.mark.parametrize(("format_", "engine"), [("xlsx", "openpyxl"), ("ods", "odf")])
def test_workbook_has_typed_columns_and_a_dictionary(tmp_path, format_, engine):
    file = datasets.export("territoire", "greves", tmp_path / f"g.{format_}")
    sheets = pd.read_excel(file, sheet_name=None, engine=engine)
    assert list(sheets) == ["greves", "Dictionnaire"]
    assert pd.api.types.is_datetime64_any_dtype(sheets["greves"]["date"])
    assert pd.api.types.is_float_dtype(sheets["greves"]["taux_greve_constate"])
    notes = sheets["Dictionnaire"]
    assert notes["colonne"].tolist() == list(sheets["greves"].columns)
    assert notes["définition"].notna().all()
    codes = datasets.export("territoire", "communes", tmp_path / f"c.{format_}")
    assert pd.read_excel(codes, engine=engine, dtype=str)["code_commune"].tolist()[0] == "00001"


def test_code_is_a_text_cell_when_exported_to_excel(tmp_path):
    file = datasets.export("territoire", "communes", tmp_path / "c.xlsx")
    cell = load_workbook(file)["communes"]["A2"]
    assert (cell.value, cell.data_type, cell.number_format) == ("00001", "s", "@")


def test_csv_follows_french_usage(tmp_path):
    content = datasets.export("territoire", "communes", tmp_path / "c.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfcode_commune;nom;")
    assert b"\r\n00001;Aubeline;22300;31,4;" in content


@pytest.mark.parametrize(
    ("destination", "format_", "words"),
    [("x.pdf", None, "« pdf » n’est pas prévu"), ("x", "parquet", "csv, xlsx, ods"), ("absent/x.csv", None, "dossier")],
)
def test_export_is_refused_with_the_next_step(tmp_path, plain, destination, format_, words):
    with pytest.raises(ExportImpossible) as caught:
        datasets.export("territoire", "communes", tmp_path / destination, format_)
    assert words in plain(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_previous_file_is_whole_when_export_stops(tmp_path, monkeypatch, error):
    file = tmp_path / "c.csv"
    file.write_text("ancien")

    def broken(*_):
        raise error

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises((ExportImpossible, KeyboardInterrupt)):
        datasets.export("territoire", "communes", file)
    assert [item.read_text() for item in tmp_path.iterdir()] == ["ancien"]


def test_arrays_are_not_exported_to_a_spreadsheet(tmp_path, monkeypatch):
    resource = datasets.Resource("territoire", "tuiles", "tuiles.npz")
    monkeypatch.setattr(exporting.registry, "resource", lambda *_: resource)
    with pytest.raises(ExportImpossible, match="tableur"):
        datasets.export("territoire", "tuiles", tmp_path / "t.csv")
