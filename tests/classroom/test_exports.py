import csv
import io

import pandas as pd
import pytest

from formation.classroom.errors import AtelierImpossible
from formation.classroom.exports import DETAIL, csv_text, detail, moodle, neutral, write_csv
from formation.classroom.marks import Learner
from formation.classroom.results import CopyResult, Results

EXERCISES = {"eau-01": {"titre": "=Lire « une ; courbe »", "controles": {"part": 2}}}


@pytest.fixture
def results():
    copies = [
        CopyResult("stagiaire-01", "eau-01", 1.5, 2.0, {"part": False}, "corrigée", {"part": (1.5, 2.0)}),
        CopyResult("stagiaire-02", "eau-01", 2.0, 2.0, {"part": True}, "à relire", {"part": (2.0, 2.0)}),
    ]
    return Results(EXERCISES, copies)


def read(text):
    return pd.read_csv(io.StringIO(text), sep=";", decimal=",")


def test_french_spreadsheet_reads_numbers_as_numbers(results):
    table = read(csv_text(DETAIL, detail(results)))
    assert table["points"].tolist() == [1.5, 2.0]
    assert table["points_controle"].dtype == float
    assert table["etat"].tolist() == ["corrigée", "à relire"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "\uff1d"])
def test_text_that_looks_like_a_formula_is_neutralised(start):
    assert neutral(f"{start}HYPERLINK()").startswith("'")
    cell = read(csv_text(["x", "y"], [[f"{start}1", 1]]))["x"][0]
    assert str(cell).startswith("'")


def test_negative_number_stays_a_number():
    assert read(csv_text(["x"], [[-0.5]]))["x"][0] == -0.5


def test_separators_quotes_and_accents_survive():
    names = ["d’Àç;é", 'dit "le petit"', "a,b", "deux\nlignes"]
    assert read(csv_text(["nom"], [[name] for name in names]))["nom"].tolist() == names


def test_file_opens_in_excel_with_its_accents(tmp_path, results):
    path = tmp_path / "résultats.csv"
    write_csv(path, DETAIL, detail(results))
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 3


def test_moodle_columns_and_provisional_grades(results):
    learners = {
        "stagiaire-01": Learner("stagiaire-01", email="a@exemple.fr"),
        "stagiaire-02": Learner("stagiaire-02", email="b@exemple.fr"),
        "stagiaire-03": Learner("stagiaire-03"),
    }
    table = moodle(results, learners)
    assert table.header == ["Identifiant", "Adresse de courriel", "eau-01", "À relire"]
    assert table.rows == [
        ["stagiaire-01", "a@exemple.fr", "1.5", ""],
        ["stagiaire-02", "b@exemple.fr", "-", "eau-01"],
    ]
    assert table.left_out == ["stagiaire-03"]
    assert [copy.learner for copy in table.held] == ["stagiaire-02"]


def test_moodle_without_roster_has_no_mail_column(results):
    table = moodle(results, {})
    assert table.header == ["Identifiant", "eau-01", "À relire"]
    assert [row[0] for row in table.rows] == ["stagiaire-01", "stagiaire-02"]
    assert table.left_out == []


def test_moodle_reads_every_mark_back(results, tmp_path):
    """Lecture d’après l’import de Moodle : ligne sans adresse, note à point décimal, tiret pour « pas de note »."""
    roster = {
        name: Learner(name, email=f"{name}@exemple.fr" if name != "stagiaire-02" else "")
        for name in ("stagiaire-01", "stagiaire-02", "stagiaire-03")
    }
    table = moodle(results, roster)
    write_csv(tmp_path / "notes.csv", table.header, table.rows)
    lines = list(csv.reader(io.StringIO((tmp_path / "notes.csv").read_text("utf-8-sig")), delimiter=";"))
    header, rows = lines[0], lines[1:]
    known = {learner.email: name for name, learner in roster.items() if learner.email}
    read = {}
    for row in rows:
        assert len(row) == len(header) > 1
        address, value = row[header.index("Adresse de courriel")], row[header.index("eau-01")]
        assert address in known, "d’une ligne sans adresse, Moodle garde le stagiaire d’avant"
        assert value != "", "une case vide vaut zéro dans une colonne neuve"
        read[known[address]] = None if value == "-" else float(value)
    assert read == {"stagiaire-01": 1.5, "stagiaire-03": None}


def test_unwritable_file_is_explained_and_the_old_one_kept(tmp_path):
    folder = tmp_path / "occupe.csv"
    folder.mkdir()
    with pytest.raises(AtelierImpossible, match="L’ancien fichier est intact"):
        write_csv(folder, ["a"], [])
    assert [path.name for path in tmp_path.iterdir()] == ["occupe.csv"]


def test_read_only_disk_is_said_even_if_nothing_can_be_erased(tmp_path, results, monkeypatch, plain):
    def refuse(self, *_, **__):
        raise OSError(30, "Read-only file system", str(self))

    monkeypatch.setattr("pathlib.Path.open", refuse)
    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    with pytest.raises(AtelierImpossible) as caught:
        write_csv(tmp_path / "r.csv", DETAIL, detail(results))
    assert "lecture seule" in plain(caught.value)
