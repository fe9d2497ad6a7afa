"""Le fichier d’un utilisateur : tout ce qui arrive vraiment, et le message qu’il lit."""

from __future__ import annotations

import gzip
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formation import datasets
from formation.datasets._columns import Notes, convert
from formation.datasets._wording import ORDER, describe, unit_hint
from formation.datasets.schema import Field
from formation.errors import DonneesInvalides

HEADER = "id_rue;code_commune;nom_rue;longueur_m;trafic_veh_j;alea_argile;part_impermeable;id_bassin"
GOOD = "R0001;00001;Rue du Four;318;950;1;0,315;B2"
STRIKE = "date;taux_greve_constate;date_preavis;service"


@pytest.fixture
def check(tmp_path, plain):
    """Écrit un fichier, le vérifie, et rend le rapport avec le texte du message."""

    def run(content: str | bytes, name: str = "rues.csv", table: str = "rues", **options):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        before = file.read_bytes()
        report = datasets.check("territoire", table, file, **options)
        assert file.read_bytes() == before
        assert sorted(item.name for item in tmp_path.iterdir()) == [name]
        text = plain(DonneesInvalides(name, report.problems, report.remarques))
        return report, text

    return run


def streets(*lines: str) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


def kinds(report) -> list[str]:
    return [problem.kind for problem in report.problems]


# --- Ce qui est accepté, et dit -------------------------------------------------------------------


def test_french_spreadsheet_export_is_accepted_and_said(check, plain):
    report, _ = check("\ufeff" + streets(GOOD))
    assert report.frame.loc[0, "part_impermeable"] == 0.315
    assert report.frame.loc[0, "code_commune"] == "00001"
    assert [plain(remark) for remark in report.remarques] == [
        "Séparateur « point-virgule » : accepté.",
        "Colonne « part_impermeable » : virgule décimale (1 case), accepté.",
    ]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_separator_is_found_when_unusual(check, separator):
    report, _ = check(streets(GOOD).replace(";", separator))
    assert report.problems == []


def test_comma_separator_gets_no_remark(check):
    report, _ = check(streets(GOOD.replace(",", ".")).replace(";", ","))
    assert report.remarques == []
    assert report.frame.dtypes.equals(datasets.load("territoire", "rues").dtypes)


@pytest.mark.parametrize(("encoding", "word"), [("cp1252", "Windows"), ("utf-16", "UTF-16")])
def test_other_encodings_are_converted_and_said(check, encoding, word):
    report, _ = check(streets(GOOD.replace("Rue du Four", "Allée d’Été")).encode(encoding))
    assert report.frame.loc[0, "nom_rue"] == "Allée d’Été"
    assert word in report.remarques[0]


def test_gzip_is_read_whatever_its_name(check):
    report, _ = check(gzip.compress(streets(GOOD).encode()), name="rues.csv.gz")
    assert report.rows == 1


def test_blank_lines_are_skipped_and_numbering_is_kept(check):
    report, text = check(streets(GOOD, "", ";;;;;;;", "R0002;00001;Rue;x;1;1;0,1;B1"))
    assert report.problems[0].lines == (5,)
    assert "2 lignes vides ignorées" in text


def test_extra_columns_are_ignored_and_said(check, plain):
    report, _ = check(f"{HEADER};remarque\n{GOOD};à revoir\n")
    assert "remarque" not in report.frame
    assert "Colonne non prévue, ignorée : « remarque »." in [plain(remark) for remark in report.remarques]


@pytest.mark.parametrize("number", ["1 318", "1\u202f318", "1\u00a0318"])
def test_space_between_thousands_is_accepted(check, number):
    report, _ = check(streets(GOOD.replace("318", number)))
    assert report.frame.loc[0, "longueur_m"] == 1318


def test_french_dates_are_accepted_and_said(check, plain):
    report, _ = check(f"{STRIKE}\n12/03/2024;0,1;01/03/2024;écoles\n", table="greves")
    assert report.frame.loc[0, "date"] == pd.Timestamp("2024-03-12")
    assert any("dates JJ/MM/AAAA" in remark for remark in report.remarques)


def test_yes_and_no_are_accepted_for_flags(check):
    header = (
        "date;jour_semaine;est_ferie;est_vacances_zone_b;est_jour_scolaire;veille_vacances;reprise;pont;annee_scolaire"
    )
    report, _ = check(f"{header}\n2024-01-01;0;oui;VRAI;non;0;0;FAUX;2023-2024\n", table="calendrier")
    assert report.frame.iloc[0, 2:8].tolist() == [1, 1, 0, 0, 0, 0]


def test_validate_returns_the_frame_with_its_remarks(tmp_path):
    file = tmp_path / "r.csv"
    file.write_text(streets(GOOD), encoding="utf-8")
    frame = datasets.validate("territoire", "rues", file)
    assert len(frame.attrs["remarques"]) == 2


# --- Ce qui est refusé, et le message -------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        (GOOD.replace("00001", "1"), "zeros_perdus", "« 1 » a perdu ses zéros de tête : attendu « 00001 »"),
        (GOOD.replace("00001", "1.0"), "zeros_perdus", "Un tableur transforme 00001 en 1"),
        (GOOD.replace("00001", "A1"), "format_invalide", "« A1 » n’a pas la forme attendue. Exemple correct : 00001"),
        (GOOD.replace("318", "0,075"), "trop_petit", "0,075 : des kilomètres ? attendu des mètres"),
        (GOOD.replace("318", "90000"), "trop_grand", "« 90000 » est trop grand. Attendu : entre 1 et 20000 m"),
        (GOOD.replace("0,315", "31,5"), "trop_grand", "31,5 : un pourcentage ? attendu une part entre 0 et 1"),
        (GOOD.replace("318", "-5"), "trop_petit", "Vérifiez la saisie et l’unité"),
        (GOOD.replace("318", "75 m"), "unite_dans_la_case", "mêle un nombre et une unité"),
        (GOOD.replace("318", "1.234,5"), "nombre_ambigu", "peut se lire de deux façons"),
        (GOOD.replace("318", "inconnu"), "pas_un_nombre", "« inconnu » n’est pas un nombre"),
        (GOOD.replace("318", "nan"), "pas_un_nombre", "« nan » n’est pas un nombre"),
        (GOOD.replace("318", "inf"), "pas_un_nombre", "« inf » n’est pas un nombre"),
        (GOOD.replace("318", "#REF!"), "pas_un_nombre", "« #REF! » n’est pas un nombre"),
        (GOOD.replace("318", "318,5"), "pas_un_entier", "« 318,5 » n’est pas un nombre entier"),
        (GOOD.replace(";1;", ";4;"), "categorie_inconnue", "Valeurs acceptées : 0, 1, 2"),
        (GOOD.replace("Rue du Four", ""), "case_vide", "la case est vide alors que la valeur est obligatoire"),
        (GOOD.replace("0,315", ""), "case_vide", "Attendu : un nombre entre 0 et 1, par exemple 0.315"),
        (GOOD + ";1;2", "cases_en_trop", "la ligne a 10 cases, l’en-tête en a 8"),
    ],
)
def test_message_says_what_where_and_what_to_do(check, line, kind, words):
    report, text = check(streets("R0009;00002;Rue du Lavoir;100;200;0;0,2;B1", line))
    assert kinds(report) == [kind]
    assert report.frame is None
    assert report.problems[0].lines == (3,)
    assert "rues.csv, ligne 3" in text
    assert words in text


@pytest.mark.parametrize(
    ("date", "kind", "words"),
    [
        ("12/1974", "date_incomplete", "« 12/1974 » n’est pas une date complète. Attendu : AAAA-MM-JJ"),
        ("1974", "date_incomplete", "n’est pas une date complète"),
        ("12/03/74", "date_annee_courte", "deux chiffres d’année"),
        ("03/25/1974", "date_americaine", "met le mois avant le jour"),
        ("27100", "date_en_nombre", "numéro d’ordre d’un jour dans un tableur"),
        ("1974-02-30", "date_invalide", "« 1974-02-30 » n’est pas une date"),
        ("mars 1974", "date_invalide", "par exemple 2024-03-02"),
    ],
)
def test_message_explains_a_bad_date(check, date, kind, words):
    report, text = check(f"{STRIKE}\n2024-03-12;0.1;{date};écoles\n", table="greves")
    assert kinds(report) == [kind]
    assert "greves.csv, ligne 2, colonne « date_preavis »" in text.replace("rues.csv", "greves.csv")
    assert words in text


def test_unknown_category_gets_a_suggestion(check):
    _, text = check(f"{STRIKE}\n2024-03-12;0.1;2024-03-01;Ecoles\n", table="greves")
    assert "Valeurs acceptées : restauration, périscolaire, écoles, tous services" in text
    assert "« Ecoles » est sans doute « écoles »" in text


def test_missing_column_suggests_the_nearest_name(check):
    report, text = check(streets(GOOD).replace("longueur_m", "Longueur (m)"))
    assert kinds(report) == ["colonne_manquante"]
    assert "Le fichier a « Longueur (m) » : si c’est la même, renommez-la « longueur_m »" in text


def test_column_given_twice_is_refused(check):
    report, _ = check(f"{HEADER};longueur_m\n{GOOD};12\n")
    assert kinds(report) == ["colonne_en_double"]


def test_duplicate_identifiers_name_the_first_line(check):
    report, text = check(streets(GOOD, GOOD, GOOD))
    assert kinds(report) == ["doublon"]
    assert (report.problems[0].lines, report.problems[0].count) == ((3, 4), 2)
    assert "« R0001 » figure déjà à la ligne 2" in text


def test_foreign_key_is_checked_when_the_other_table_is_given(check):
    references = {"communes": datasets.load("territoire", "communes")}
    report, text = check(streets(GOOD.replace("00001", "00099")), references=references)
    assert kinds(report) == ["reference_inconnue"]
    assert "« 00099 » n’existe pas dans la colonne « code_commune » de la table « communes »" in text
    assert check(streets(GOOD.replace("00001", "00099")))[0].problems == []


def test_unquoted_decimal_comma_is_explained_when_separator_is_a_comma(check):
    report, text = check(streets(GOOD).replace(";", ","))
    assert kinds(report)[0] == "cases_en_trop"
    assert "Une virgule décimale ou un texte contient sans doute le séparateur" in text


def test_thousands_are_ambiguous_when_separator_is_a_comma(check):
    line = 'R0001,00001,Rue du Four,"1,234",950,1,0.3,B2'
    report, _ = check(f"{HEADER.replace(';', ',')}\n{line}\n")
    assert kinds(report) == ["nombre_ambigu"]


def test_all_problems_come_at_once_most_important_first(check):
    bad = "R0001;1;;0,3;x;9;31;B2"
    report, text = check(streets(GOOD, bad, *[bad.replace("R0001", f"R{i:04d}") for i in range(2, 19)]))
    found = kinds(report)
    assert found == sorted(found, key=ORDER.index)
    assert set(found) == {
        "doublon",
        "zeros_perdus",
        "pas_un_nombre",
        "trop_petit",
        "trop_grand",
        "categorie_inconnue",
        "case_vide",
    }
    assert "lignes 3, 4, 5, 6, 7 et 13 autres, colonne « code_commune »" in text
    assert text.startswith("7 sortes de problèmes dans rues.csv. Rien n’a été modifié.")


# --- Ce qui n’est pas un tableau ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "kind", "words"),
    [
        (b"", "a.csv", "fichier_vide", "vide (0 octet)"),
        (b"\xef\xbb\xbf\r\n  \n", "a.csv", "fichier_vide", "que des espaces"),
        (f"{HEADER}\n".encode(), "a.csv", "aucune_ligne", "n’a que son en-tête"),
        (b"%PDF-1.7 abc", "a.csv", "fichier_binaire", "c’est un document PDF"),
        (b"\xd0\xcf\x11\xe0 abc", "a.xls", "fichier_binaire", "ancien classeur Excel"),
        (b"abc\0\0\0def", "a.csv", "fichier_binaire", "le contenu est binaire"),
        (b"PK\x03\x04 abime", "a.xlsx", "fichier_abime", "incomplet ou abîmé"),
        (gzip.compress(streets(GOOD).encode() * 9)[:-20], "a.csv.gz", "fichier_abime", "incomplet ou abîmé"),
        (b"\x81\x8d\xff\n1\n", "a.csv", "encodage", "CSV UTF-8"),
        (b"lundi;mardi\n1;2\n", "a.csv", "entete_absent", "aucun nom de colonne attendu"),
        (f"Mes rues\n\n{streets(GOOD)}".encode(), "a.csv", "entete_plus_bas", "l’en-tête est à la ligne 3"),
        (f'{HEADER}\nR0001;00001;"Rue{";318" * 60_000}'.encode(), "a.csv", "guillemets", "pas refermé"),
    ],
)
def test_one_clear_problem_when_file_is_not_a_table(check, content, name, kind, words):
    report, text = check(content, name=name)
    assert kinds(report) == [kind]
    assert words in text
    assert name in text


def test_folder_given_instead_of_a_file(tmp_path, plain):
    (tmp_path / "donnees").mkdir()
    (tmp_path / "donnees/rues.csv").write_text("a")
    with pytest.raises(DonneesInvalides) as caught:
        datasets.validate("territoire", "rues", tmp_path / "donnees")
    assert "donnees : c’est un dossier. Indiquez un fichier, par exemple donnees/rues.csv" in plain(caught.value)


def test_missing_file_is_named(tmp_path, plain):
    with pytest.raises(DonneesInvalides) as caught:
        datasets.validate("territoire", "rues", tmp_path / "absent.csv")
    assert "absent.csv : le fichier n’existe pas" in plain(caught.value)
    assert caught.value.problems[0].kind == "fichier_introuvable"


def test_zip_archive_is_not_a_workbook(check):
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("rues.csv", streets(GOOD))
    report, text = check(buffer.getvalue(), name="rues.zip")
    assert kinds(report) == ["format_inconnu"]
    assert "Décompressez-la" in text


# --- Schéma : colonnes facultatives, unités, phrases ----------------------------------------------


def test_optional_column_is_filled_when_absent(released_copy, check, plain):
    import json

    file = released_copy / "territoire/datapackage.json"
    content = json.loads(file.read_text("utf-8"))
    rues = next(item for item in content["resources"] if item["name"] == "rues")
    next(item for item in rues["schema"]["fields"] if item["name"] == "id_bassin")["optionnelle"] = True
    file.write_text(json.dumps(content), encoding="utf-8")
    # la copie des données est rangée dans le même dossier que le fichier : on lit à côté
    side = released_copy.parent / "ailleurs"
    side.mkdir()
    (side / "rues.csv").write_text("\n".join(line.rpartition(";")[0] for line in (HEADER, GOOD)), encoding="utf-8")
    frame = datasets.validate("territoire", "rues", side / "rues.csv")
    assert frame["id_bassin"].isna().all()
    assert "Colonne facultative « id_bassin » absente : elle reste vide." in map(plain, frame.attrs["remarques"])


@pytest.mark.parametrize(
    ("unit", "low", "high", "values", "word"),
    [
        ("m", 1, 2000, [0.075, 0.2], "kilomètres"),
        ("mm", 20, 1000, [6, 10], "centimètres"),
        ("bar", 0.5, 20, [35, 52], "mètres de colonne d’eau"),
        ("part (0 à 1)", 0, 1, [31, 75], "pourcentage"),
        ("m", 1, 2000, [0.00001, 0.2], ""),
        ("habitants", 1, 10, [50], ""),
    ],
)
def test_unit_is_guessed_only_when_all_values_become_plausible(unit, low, high, values, word):
    field = Field("x", "number", unit=unit, constraints={"minimum": low, "maximum": high})
    hint = unit_hint(field, values)
    assert (word in hint) if word else hint == ""


def test_unit_of_a_whole_column_is_doubted_when_its_median_is_odd(released_copy, plain):
    import json

    file = released_copy / "territoire/datapackage.json"
    content = json.loads(file.read_text("utf-8"))
    rues = next(item for item in content["resources"] if item["name"] == "rues")
    length = next(item for item in rues["schema"]["fields"] if item["name"] == "longueur_m")
    length["mediane"] = [20, 3000]
    length["type"], length["constraints"] = "number", {"minimum": 0}
    file.write_text(json.dumps(content), encoding="utf-8")
    own = released_copy.parent / "rues.csv"
    frame = datasets.load("territoire", "rues").assign(longueur_m=lambda table: table["longueur_m"] / 1000)
    frame.to_csv(own, index=False)
    [problem] = datasets.check("territoire", "rues", own).problems
    assert problem.kind == "unite_douteuse"
    assert "la valeur du milieu (médiane) est 0,318" in plain(problem.message)
    assert "0,318 : des kilomètres ? attendu des mètres" in plain(problem.message)
    frame.head(19).to_csv(own, index=False)
    assert datasets.check("territoire", "rues", own).problems == []


def test_every_kind_has_a_sentence():
    field = Field("x", "string", example="00001", constraints={"minimum": 1, "maximum": 2, "enum": ["a"]})
    structural = {
        "colonne_manquante",
        "colonne_en_double",
        "cases_en_trop",
        "doublon",
        "reference_inconnue",
        "unite_douteuse",
    }
    for kind in set(ORDER) - structural:
        assert describe(kind, field, ["1", "2"], [1.0]).endswith((".", "00001"))


# --- Propriétés -----------------------------------------------------------------------------------


@given(st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 4)), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_decimal_comma_gives_the_same_numbers_as_decimal_point(numbers):
    import numpy as np

    field = Field("x", "number", constraints={"required": True})
    point = np.array([f"{number:.4f}" for number in numbers], dtype=object)
    comma = np.array([text.replace(".", ",") for text in point], dtype=object)
    values, findings = convert(field, comma, Notes(), ";")
    assert findings == []
    assert values.tolist() == convert(field, point, Notes(), ";")[0].tolist() == numbers


@given(st.lists(st.dates().map(lambda day: day.replace(year=max(day.year, 1000))), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_french_date_gives_the_same_day_as_iso_date(days):
    import numpy as np

    field = Field("x", "date")
    french = np.array([day.strftime("%d/%m/%Y") for day in days], dtype=object)
    iso = np.array([day.isoformat() for day in days], dtype=object)
    assert (convert(field, french, Notes(), ";")[0] == convert(field, iso, Notes(), ";")[0]).all()


@given(
    st.lists(st.text(max_size=12), min_size=1, max_size=15),
    st.sampled_from(["string", "number", "integer", "boolean", "date"]),
)
@settings(max_examples=150, deadline=None)
def test_any_text_is_converted_or_reported_never_a_crash(texts, kind):
    import numpy as np

    field = Field("x", kind, example="00001", constraints={"required": True})
    values, findings = convert(field, np.array(texts, dtype=object), Notes(), ";")
    refused = np.zeros(len(texts), dtype=bool)
    for finding in findings:
        refused |= finding.mask
        describe(finding.kind, field, [texts[0]], [1.0])
    assert (~pd.isna(values) | refused).all()


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_file_gives_a_report_never_a_crash(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("octets") / "rues.csv"
    file.write_bytes(content)
    report = datasets.check("territoire", "rues", file)
    assert report.problems
