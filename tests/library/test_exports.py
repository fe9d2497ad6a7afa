"""Ce qui sort se relit : CSV, JSON et YAML à l’identique, SQLite et DCAT complets, HTML sans injection."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formation.library import cards, database, exports, flat, located
from formation.library.models import ProjectRecord
from formation.library.reading import check, read
from formation.library.vocabulary import COSTS, MATURITIES, NEEDS, SECTORS
from formation.library.writing import to_yaml

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="@"), min_size=1, max_size=80
).filter(
    lambda text: text.strip() and not re.search(r"[0+]\s?\d", text) and not re.match(r"inconnu$|[=@+-]", text.strip())
)
FACTS = st.fixed_dictionaries(
    {
        "texte": TEXTS,
        "source": st.lists(st.sampled_from(["S1", "S2"]), min_size=1, max_size=2, unique=True),
        "confiance": st.sampled_from(["sûr", "probable", "à vérifier", "inconnu"]),
    }
)


def several(vocabulary):
    return st.lists(st.sampled_from(list(vocabulary)), min_size=1, max_size=3, unique=True)


@st.composite
def changes(draw):
    return {
        "titre": draw(TEXTS),
        "besoin": {"familles": draw(several(NEEDS)), "faits": draw(st.lists(FACTS, max_size=3))},
        "cout": {"tranche": draw(st.sampled_from(list(COSTS))), "faits": draw(st.lists(FACTS, max_size=2))},
        "impact_environnemental": {"energie_kwh_an": draw(st.none() | st.floats(0, 1e9, allow_subnormal=False))},
        "complements": {
            "secteur": draw(several(SECTORS)),
            "maturite": draw(st.sampled_from(list(MATURITIES))),
            "resultats": draw(st.lists(FACTS, max_size=2)),
        },
    }


def csv_rows(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


@settings(max_examples=60, deadline=None)
@given(change=changes())
def test_record_survives_csv_json_and_yaml(copie, change):
    record = ProjectRecord.model_validate(copie() | change)
    [row] = csv_rows(exports.to_csv([record]))
    assert ProjectRecord.model_validate(flat.unflatten(row)) == record
    assert ProjectRecord.model_validate(json.loads(exports.to_json([record]))["fiches"][0]) == record
    assert ProjectRecord.model_validate(located.parse(to_yaml(record), name="f.yml").data) == record


@pytest.mark.parametrize("name", ["fiches.csv", "fiches.json"])
def test_exported_file_is_read_back(tmp_path, fiche, name):
    path = tmp_path / name
    path.write_text(exports.to_csv([fiche]) if name.endswith("csv") else exports.to_json([fiche]), encoding="utf-8")
    assert read([path]) == [fiche]


def test_csv_opens_in_a_french_spreadsheet(fiche):
    text = exports.to_csv([fiche])
    assert text.startswith("\ufeffversion_schema;id;titre;")
    assert text.encode().startswith(b"\xef\xbb\xbf")


def test_table_mistake_tells_line_and_column(tmp_path, fiche, plain):
    path = tmp_path / "fiches.csv"
    text = exports.to_csv([fiche]).replace("experimentation", "fini").replace("(probable)", "(peut-être)")
    path.write_text(text, encoding="utf-8")
    found = {(problem.column, problem.lines) for problem in check([path])[0].problems}
    assert found == {("maturite", (2,)), ("situation", (2,))}


def test_table_of_rich_records_is_not_refused_for_its_line_ends(tmp_path, donnees):
    donnees["complements"]["limites"] = [{"texte": f"Limite {rank}.", "confiance": "inconnu"} for rank in range(30)]
    [row] = csv_rows(exports.to_csv([ProjectRecord.model_validate(donnees)]))
    path = tmp_path / "fiches.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(row), delimiter=";")
        table.writeheader()
        table.writerows(row | {"id": f"essai-{rank}"} for rank in range(1_800))
    assert path.read_text(encoding="utf-8").count("\n") > 50_001
    assert sum(1 for _ in flat.read_rows(path)) == 1_800


def test_table_with_wrong_columns_is_refused(tmp_path, plain):
    path = tmp_path / "fiches.csv"
    path.write_text("id,titre,prix\na,b,c\n", encoding="utf-8")
    said = " ".join(plain(problem.render(path.name)) for problem in check([path])[0].problems)
    assert "colonne absente" in said
    assert "colonne « prix »" in said


def test_workbook_is_read_like_a_csv(tmp_path, fiche):
    import openpyxl

    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(exports.to_csv([fiche]).removeprefix("\ufeff"), newline=""), delimiter=";"):
        book.active.append(row)
    book.save(tmp_path / "fiches.xlsx")
    assert read([tmp_path / "fiches.xlsx"]) == [fiche]


def test_database_holds_every_fact_and_finds_words_without_accents(tmp_path, fiche):
    path = database.build([fiche], tmp_path / "b.db")
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("SELECT besoin, maturite, cout_montant_euros FROM fiches").fetchall() == [
            (
                '["Entretenir un réseau ou un patrimoine", "Économiser l’énergie, l’eau ou l’argent"]',
                "Expérimentation",
                12000.5,
            )
        ]
        assert base.execute("SELECT champ, origine FROM faits ORDER BY rowid").fetchall() == [
            ("situation", "rapport"), ("besoin", "rapport"), ("cout", "rapport"),
            ("impact_environnemental", "rapport"), ("resultats", "ajout"),
        ]  # fmt: skip
        query = "SELECT rowid FROM fiches_fts WHERE fiches_fts MATCH ?"
        assert base.execute(query, ["reseau"]).fetchall() == base.execute(query, ["RÉSEAU"]).fetchall() == [(1,)]


def test_database_is_not_overwritten_unless_asked(tmp_path, fiche):
    path = tmp_path / "b.db"
    path.write_text("à moi", encoding="utf-8")
    with pytest.raises(Exception, match="existe déjà"):
        database.build([fiche], path)
    assert path.read_text(encoding="utf-8") == "à moi"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["b.db"]


def test_dcat_describes_catalogue_dataset_and_records(fiche):
    found = json.loads(exports.to_dcat([fiche], title="Essai", publisher="Service"))
    by_type = {}
    for node in found["@graph"]:
        by_type.setdefault(node["@type"], []).append(node)
    [catalogue], [dataset] = by_type["dcat:Catalog"], by_type["dcat:Dataset"]
    for node in (catalogue, dataset):
        assert {"dct:title", "dct:description", "dct:publisher", "dct:modified"} <= set(node)
    assert catalogue["dcat:dataset"] == [{"@id": dataset["@id"]}]
    assert all({"dcat:accessURL", "dct:license"} <= set(item) for item in dataset["dcat:distribution"])
    assert all(item["dcat:mediaType"]["@id"].startswith("http") for item in dataset["dcat:distribution"])
    [record] = by_type["dcat:CatalogRecord"]
    assert all(place["@type"] == "dct:Location" for place in record["dct:spatial"])
    assert all(subject["@value"] not in ("Inconnu", "Inconnue") for subject in record["dct:subject"])
    assert record["dct:identifier"] == fiche.id
    assert all(key == "@id" or key == "@type" or key.split(":")[0] in found["@context"] for key in record)


def test_page_escapes_what_a_record_says(donnees):
    donnees["titre"] = "<script>alert(1)</script>"
    donnees["besoin"]["faits"][0]["texte"] = '"><img src=x onerror=alert(1)>'
    donnees["sources"][1]["url"] = "https://example.org/?a='onmouseover='alert(1)"
    page = cards.page([ProjectRecord.model_validate(donnees)], "Essai")
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "='onmouseover" not in page


def test_card_shows_the_unknown_and_the_doubt(fiche, plain):
    shown = plain(cards.catalogue([fiche]))
    assert "<em>probable</em>" in shown
    assert "Évaluation : inconnue." in shown
    assert "Rien trouvé sur : données, prestataire, hébergement, licence, classe juridique, limites, suites." in shown
    assert "Mesuré par : le prestataire." in shown
    assert 'href="#p1S1"' in shown
    assert 'id="p1S1"' in shown


@pytest.mark.parametrize(("name", "destination"), [("pdf", "x"), ("sqlite", None)])
def test_export_that_cannot_be_is_refused(name, destination):
    with pytest.raises(exports.ExportInconnu, match="Exemple"):
        exports.check_format(name, destination)
