"""Un fichier hostile : toutes les fautes à la fois, en français ; rien n’est réparé en silence."""

from __future__ import annotations

import json

import pytest

from formation import tenders
from formation.errors import DonneesInvalides
from formation.tenders import reading, results, templates

HEADER = "nom;prix_eur;qualite;pays;pue;energie_wh_haut"


def refused(path):
    with pytest.raises(DonneesInvalides) as error:
        tenders.read(path)
    return str(error.value).replace("\u00a0", " ")


def test_csv_from_a_french_spreadsheet_is_read(tmp_path):
    path = tmp_path / "offres.csv"
    path.write_bytes(f"\ufeff{HEADER}\nA;12 000,50 €;14,5;France;1,2;0,3\n;;;;;\nB;9000;12;;;\n".encode())
    market, offers, remarks = tenders.read(path)
    assert [(one.nom, one.prix_eur, one.qualite) for one in offers] == [("A", 12000.5, 14.5), ("B", 9000.0, 12.0)]
    assert offers[0].values == {"pays": "FRA", "pue": 1.2, "energie_wh_haut": 0.3}
    assert market == tenders.Market()
    assert any("Séparateur" in text for text in remarks)


def test_all_faults_of_a_csv_are_told_at_once_with_their_line(tmp_path):
    path = tmp_path / "offres.csv"
    path.write_text(f"{HEADER};couleur\nA;gratuit;25;Atlantide;0,8;-1;bleu\nA;10;;;;;\n;5;3;;;;\n", "utf-8")
    said = refused(path)
    for piece in ("« gratuit » n’est pas un nombre", "25 sort des bornes", "n’est pas dans la table des pays",
                  "0,8 sort des bornes", "-1 sort des bornes", "couleur", "ligne 3", "case vide : note de qualité",
                  "ligne 4", "case vide : nom"):  # fmt: skip
        assert piece in said, piece


def test_same_name_twice_is_refused(tmp_path):
    path = tmp_path / "offres.csv"
    path.write_text("nom,prix_eur,qualite\nA,10,3\na,12,3\n", "utf-8")
    assert "déjà le nom" in refused(path)


def test_ods_and_xlsx_are_read(tmp_path):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P
    from openpyxl import Workbook

    rows = [["nom", "prix_eur", "qualite"], ["A", "1000", "12"]]
    book = OpenDocumentSpreadsheet()
    table = Table(name="offres")
    for row in rows:
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(tmp_path / "offres.ods"))
    sheet = Workbook()
    for row in rows:
        sheet.active.append(row)
    sheet.save(tmp_path / "offres.xlsx")
    for name in ("offres.ods", "offres.xlsx"):
        assert tenders.read(tmp_path / name)[1][0].prix_eur == 1000


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("a: &x [1]\nb: *x\n", "refusés"),
        ("offres: !!python/object/apply:os.system [ls]\n", "refusée"),
        ("[" * 50, "niveaux emboîtés"),
        ("offres: [\n", "YAML valide"),
        ("offres: []\n", "aucune offre"),
        ("offres:\n- nom: A\n  nom: B\n", "écrite deux fois"),
        ("- 1\n", "deux clés"),
        ("offres: 3\n", "aucune offre"),
        ("offres: [3]\n", "des rubriques sont attendues"),
        ("offres: [{nom: A, prix_eur: 1, qualite: [1, 2]}]\n", "une seule valeur"),
        ("offres: [{nom: A, prix_eur: .nan, qualite: 1}]\n", "n’est pas un nombre"),
        ("offres: [{nom: A, prix_eur: 1e99, qualite: 1}]\n", "sort des bornes"),
        ("marche: {poids: {prix: 60, qualite: 60, environnement: 20}}\noffres: [{nom: A, prix_eur: 1, qualite: 1}]\n",
         "il faut 100"),
        ("marche: {silence: tant_pis, duree_ans: 0, mode: x}\noffres: [{nom: A, prix_eur: 1, qualite: 1}]\n",
         "Acceptés : borne_haute"),
        ("offres: [{nom: A, prix_eur: 1, qualite: 1, energie_wh_bas: 2, energie_wh_haut: 1}]\n", "borne basse dépasse"),
        ("offres: [{nom: A, prix_eur: 1, qualite: 1, justifie: vertu}]\n", "n’est pas une rubrique"),
    ],
)  # fmt: skip
def test_hostile_yaml_is_refused_in_french(tmp_path, text, piece):
    path = tmp_path / "offres.yml"
    path.write_text(text, "utf-8")
    assert piece in refused(path)


def test_too_big_or_binary_or_missing_file_is_refused(tmp_path):
    big = tmp_path / "gros.yml"
    big.write_text("#" * 3_000_000, "utf-8")
    assert "trop gros" in refused(big)
    binary = tmp_path / "bin.yml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in refused(binary)
    assert "lecture impossible" in refused(tmp_path / "absent.yml")


def test_more_offers_than_fifty_are_refused(tmp_path):
    path = tmp_path / "offres.csv"
    path.write_text("nom;prix_eur;qualite\n" + "".join(f"O{k};10;1\n" for k in range(60)), "utf-8")
    assert "50 au plus" in refused(path)


def test_templates_are_read_back_once_filled(tmp_path):
    text = templates.template(".yml").replace("prix_eur:", "prix_eur: 1000").replace("qualite:  ", "qualite: 12 ")
    path = tmp_path / "modele.yml"
    path.write_text(text, "utf-8")
    market, offers, _ = tenders.read(path)
    assert market.poids == tenders.Market().poids
    assert [one.nom for one in offers] == ["A", "B"]
    with pytest.raises(templates.ModeleImpossible):
        templates.template(".docx")


def test_json_saved_by_the_page_is_read(tmp_path):
    content = reading.parse_text(results.EXAMPLE.read_text("utf-8"), "exemple.yml")
    path = tmp_path / "offres.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2), "utf-8")
    assert tenders.read(path)[:2] == tenders.read(results.EXAMPLE)[:2]


def test_bounds_are_written_as_in_french_when_a_price_is_negative():
    from formation.tenders.fields import BY_NAME, read_value

    said = read_value(BY_NAME["prix_eur"], "-4")[1]
    assert "1\u202f000\u202f000\u202f000" in said
    assert "e+" not in said
