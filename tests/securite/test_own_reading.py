"""Les fichiers d’une salle de contrôle : heures, bornes, tailles ; tous les problèmes à la fois, rien d’écrit."""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from formation.datasets import clock
from formation.errors import DonneesInvalides
from formation.securite import own_reading, own_times


@pytest.fixture
def write(tmp_path):
    def to_file(text, name="fichier.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return to_file


def kinds(stopped):
    return {problem.kind: problem for problem in stopped.value.problems}


def test_hours_are_read_in_paris_when_no_offset_is_written():
    texts = ["2025-06-21 22:14", "2025-12-21 22:14", "21/06/2025 22:14:30", "2025-06-21T22:14:30+00:00"]
    stamps, problems = own_times.read(texts, range(2, 6), "horodatage")
    assert problems == []
    assert stamps.dt.hour.tolist() == [20, 21, 20, 22]


def test_both_readings_are_told_when_an_hour_exists_twice(plain):
    stamps, problems = own_times.read(["2024-10-27 02:15", "2024-10-27 04:00"], [2, 3], "horodatage")
    assert stamps.isna().tolist() == [True, False]
    assert (problems[0].kind, problems[0].lines) == ("heure_en_double", (2,))
    text = plain(problems[0].message)
    assert "00:15 UTC avant" in text
    assert "01:15 UTC après" in text
    assert "2024-10-27T02:15:00+02:00 ou 2024-10-27T02:15:00+01:00" in text
    assert "--fuseau UTC" in text


def test_missing_hour_is_told_when_the_clock_jumps(plain):
    _, problems = own_times.read(["2025-03-30 02:30"], [7], "horodatage")
    assert problems[0].kind == "heure_absente"
    assert "n’existe pas" in problems[0].message
    assert "2025-03-30T03:30:00+02:00" in plain(problems[0].message)


@pytest.mark.parametrize(("zone", "hour"), [("UTC", 2), ("+01:00", 1), ("Indian/Reunion", 22)])
def test_clock_change_is_no_problem_when_the_zone_has_none(zone, hour):
    stamps, problems = own_times.read(["2024-10-27 02:15"], [2], "horodatage", zone)
    assert problems == []
    assert stamps.dt.hour.tolist() == [hour]


def test_unknown_zone_is_refused_with_examples():
    with pytest.raises(clock.FuseauInconnu, match="Europe/Paris"):
        own_times.read(["2024-10-27 02:15"], [2], "horodatage", "Europe/Aubeline")


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("04/13/2025 10:00", "date_americaine", "mois avant le jour"),
        ("22:15", "date_invalide", "heure sans date"),
        ("", "date_invalide", "case est vide"),
        ("hier soir", "date_invalide", "AAAA-MM-JJ"),
    ],
)
def test_unreadable_time_is_explained(text, kind, said):
    _, (problem,) = own_times.read([text], [2], "horodatage")
    assert problem.kind == kind
    assert said in problem.message


def test_alarm_log_is_sorted_and_named_when_columns_have_other_names(write, plain):
    file = write("Date heure;Confirmée;Caméra;Opérateur\n2025-06-21 22:10;oui;C1;x\n21/06/2025 22:00;;C2;y\n")
    table = own_reading.alarms(file)
    assert table.frame["ligne"].tolist() == [3, 2]
    assert table.frame["confirmee"].isna().tolist() == [True, False]
    assert table.frame["id_camera"].tolist() == ["C2", "C1"]
    assert "données personnelles" in plain(" ".join(table.remarks))


def test_every_problem_is_told_at_once_when_several_columns_are_wrong(write):
    file = write("horodatage,confirmee\n2024-10-27 02:10,oui\n22:00,peut-être\n")
    with pytest.raises(DonneesInvalides) as stopped:
        own_reading.alarms(file)
    found = kinds(stopped)
    assert set(found) == {"pas_un_booleen", "date_invalide", "heure_en_double"}
    assert found["heure_en_double"].lines == (2,)
    assert "Rien n’a été modifié" in str(stopped.value)


def test_impossible_densities_are_refused_with_their_lines(write, plain):
    rows = ["horodatage,camera,densite", "2025-06-21 22:10:00,C1,-3", "2025-06-21 22:10:10,C1,45"]
    rows += ["2025-06-21 22:10:20,C1,3 pers", "2024-10-27 02:10:00,C1,3"]
    with pytest.raises(DonneesInvalides) as stopped:
        own_reading.densities(write("\n".join(rows)))
    found = kinds(stopped)
    assert set(found) == {"trop_petit", "trop_grand", "unite_dans_la_case", "heure_en_double"}
    assert found["trop_petit"].lines == (2,)
    assert "entre 0 et 12 personnes par mètre carré" in plain(str(stopped.value))


def test_two_measures_at_the_same_time_are_refused(write):
    file = write("horodatage,camera,densite\n2025-06-21 22:10:00,C1,3\n2025-06-21 22:10:00,C1,4\n")
    with pytest.raises(DonneesInvalides, match=r"\+02:00"):
        own_reading.densities(file)


def test_watch_across_the_clock_change_counts_its_real_hours(write):
    table = own_reading.watches(write("debut,fin,operateurs\n2024-10-26 20:00,2024-10-27 06:00,2\n"))
    assert table.frame["heures"].tolist() == [22.0]


def test_watch_ending_before_it_starts_is_refused(write):
    with pytest.raises(DonneesInvalides, match="lendemain"):
        own_reading.watches(write("debut,fin\n2025-06-01 20:00,2025-06-01 02:00\n"))


def test_huge_file_is_refused_with_what_to_do(write, monkeypatch):
    many = write("horodatage,camera,densite\n" + "\n" * 50)
    monkeypatch.setattr(own_reading, "LIMITS", replace(own_reading.LIMITS, rows=40))
    with pytest.raises(DonneesInvalides, match=r"plus de 40 lignes.*un fichier par mois"):
        own_reading.densities(many)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_workbook_is_read_like_a_text_file(tmp_path, kind):
    stamps = pd.to_datetime(["2025-06-21 22:10:30", "2025-06-21 00:00:00", "2025-06-21 22:15:00"])
    file = tmp_path / f"journal.{kind}"
    engine = {"xlsx": "openpyxl", "ods": "odf"}[kind]
    pd.DataFrame({"horodatage": stamps, "confirmee": [1, None, 0]}).to_excel(file, index=False, engine=engine)
    frame = own_reading.alarms(file).frame
    assert frame["horodatage"].dt.strftime("%d %H:%M:%S").tolist() == ["20 22:00:00", "21 20:10:30", "21 20:15:00"]


def test_workbook_with_a_missing_part_is_said_damaged(tmp_path):
    with zipfile.ZipFile(tmp_path / "journal.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(DonneesInvalides, match="incomplet ou abîmé"):
        own_reading.alarms(tmp_path / "journal.xlsx")


@pytest.mark.parametrize("text", ["", "horodatage,confirmee\n", "bonjour"])
def test_empty_or_foreign_file_is_refused(write, text):
    with pytest.raises(DonneesInvalides):
        own_reading.alarms(write(text))


def test_date_and_hour_are_joined_when_they_have_two_columns(tmp_path):
    file = tmp_path / "alertes.csv"
    file.write_text("Date;Heure;Confirmée\n14/07/2026;21:05;oui\n15/07/2026;00h10;non\n", encoding="utf-8")
    found = own_reading.alarms(file).frame
    assert [str(stamp) for stamp in found["horodatage"]] == ["2026-07-14 19:05:00+00:00", "2026-07-14 22:10:00+00:00"]


def test_date_and_hour_are_joined_when_a_workbook_has_two_columns(tmp_path):
    book = openpyxl.Workbook()
    for row in (["date", "heure", "confirmee"], [dt.date(2026, 7, 14), dt.time(21, 5), "oui"]):
        book.active.append(row)
    book.save(tmp_path / "alertes.xlsx")
    found = own_reading.alarms(tmp_path / "alertes.xlsx").frame
    assert str(found["horodatage"][0]) == "2026-07-14 19:05:00+00:00"


def test_all_problems_are_said_when_date_and_hour_have_two_columns(tmp_path):
    file = tmp_path / "alertes.csv"
    file.write_text("date;heure;confirmee\n25/10/2026;02:30;oui\n;21:05;non\n32/07/2026;21:05;?\n", encoding="utf-8")
    with pytest.raises(DonneesInvalides) as error:
        own_reading.alarms(file)
    message = str(error.value)
    assert all(words in message for words in ("02:30", "sans date", "32/07/2026", "confirmee"))
