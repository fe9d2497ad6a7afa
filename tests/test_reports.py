"""Un rapport se refuse d’avance, jamais après l’essai."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from formation import reports


def test_report_never_replaces_a_file_that_was_read(tmp_path: Path) -> None:
    read = tmp_path / "mes-repas.csv"
    read.write_text("date;site\n", encoding="utf-8")
    with pytest.raises(reports.RapportImpossible, match="fichier à lire"):
        reports.check_destination(tmp_path / "." / "mes-repas.csv", None, read)
    reports.check_destination(tmp_path / "autre.csv", None, read)


def test_text_is_escaped_when_it_comes_from_a_file() -> None:
    section = reports.Section("Titre", ["<script>"], points=["<b>"], caption="<i>", header=["<u>"], rows=[["<s>"]])
    page = reports.html_page("<t>", "<h>", [section])
    assert not any(mark in page for mark in ("<script>", "<b>", "<i>", "<u>", "<s>", "<t>", "<h>"))


def test_json_holds_no_value_that_json_does_not_know():
    class Result:
        def to_dict(self):
            return {"parts": [np.float64(0.5), float("nan")], "bornes": (np.int64(1), float("inf")), "mot": "été"}

    text = reports.to_json(Result())
    assert json.loads(text) == {"parts": [0.5, None], "bornes": [1, None], "mot": "été"}
    assert "été" in text
