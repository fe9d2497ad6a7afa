"""Vérifier une jointure : tous les problèmes à la fois, rien de réparé ni d’écrit sans qu’on le demande."""

from __future__ import annotations

import gzip
import zipfile

import numpy as np
import pandas as pd
import pytest

from formation import datasets
from formation.comite import own_doubts, own_join, own_reading, own_report
from formation.comite.own_join import Choices, JointureRefusee, check, join
from formation.errors import DonneesInvalides, FormationError

KEEP = Choices(small="garder")


@pytest.fixture
def write(tmp_path):
    def make(name, **columns):
        pd.DataFrame(columns).to_csv(tmp_path / name, index=False)
        return tmp_path / name

    return make


@pytest.fixture
def towns(write):
    return write("communes.csv", code_commune=["00001", "00002", "00012"], population=[22300, 10400, 700])


@pytest.fixture
def streets(write):
    codes = ["00001", "00001", "00002", "00012"]
    return write("rues.csv", id_rue=["R1", "R2", "R3", "R4"], code_commune=codes)


def kinds(found):
    return {problem.kind for problems in found.problems.values() for problem in problems}


def only(found, kind):
    return next(p for problems in found.problems.values() for p in problems if p.kind == kind)


def test_sound_join_keeps_every_row_in_order(streets, towns):
    found = join(streets, towns, ["code_commune"], choices=KEEP)
    assert found.frame["id_rue"].tolist() == ["R1", "R2", "R3", "R4"]
    assert found.frame["population"].tolist() == ["22300", "22300", "10400", "700"]
    assert found.facts["lignes_trouvees"] == found.facts["lignes_resultat"] == 4


def test_lost_zeros_are_refused_with_their_lines(streets, write, plain):
    towns = write("communes.csv", code_commune=[1, 2, 12], population=[22300, 10400, 700])
    with pytest.raises(JointureRefusee) as refused:
        join(streets, towns, ["code_commune"])
    problem = only(refused.value.check, "zeros_perdus")
    assert problem.lines == (2, 3, 4)
    assert "« 1 » est sans doute « 00001 »" in plain(refused.value)
    assert "--completer-zeros" in plain(refused.value)
    assert "0 ligne de gauche a une correspondance" in plain(refused.value)


def test_zeros_are_restored_only_when_asked_and_said(streets, write, plain):
    towns = write("communes.csv", code_commune=[1, 2, 12], population=[22300, 10400, 700])
    found = join(streets, towns, ["code_commune"], choices=Choices(pad=True, small="garder"))
    assert found.frame["population"].notna().all()
    assert any("3 codes rétablis à 5 caractères" in plain(remark) for remark in found.remarks)


@pytest.mark.parametrize(
    ("bad", "good", "kind"),
    [
        (["1.0", "2.0"], ["1", "2"], "zeros_perdus"),
        (["1", "00002"], ["00001", "00002"], "zeros_perdus"),
        (["1004", "2A004"], ["01004", "2A004"], "zeros_perdus"),
        (["1234567800012", "98765432100011"], ["01234567800012", "98765432100011"], "zeros_perdus"),
        (["1,23457E+13", "9.87654E+13"], ["01234567800012", "98765432100011"], "notation_scientifique"),
        (["AUBELINE", "Brasselane sur Aune"], ["Aubeline", "Brasselane-sur-Aune"], "ecriture_differente"),
    ],
)
def test_damaged_keys_are_named(write, bad, good, kind):
    left, right = write("a.csv", siret=bad, x=[1, 2]), write("b.csv", siret=good, y=[3, 4])
    assert kind in kinds(check(left, right, ["siret"]))


def test_corsican_codes_are_left_alone(write):
    left = write("a.csv", insee=["2A004", "2B033", "01004"], x=[1, 2, 3])
    right = write("b.csv", insee=["2A004", "2B033", "01004"], y=[1, 2, 3])
    found = check(left, right, ["insee"])
    assert found.sound
    assert not any("codes" in remark for remark in found.remarks)


def test_codes_shortened_on_both_sides_join_but_are_told(write, plain):
    left = write("a.csv", insee=["1004", "31555"], x=[1, 2])
    right = write("b.csv", insee=["1004", "31555"], y=[1, 2])
    found = check(left, right, ["insee"])
    assert found.sound
    assert any("01004" in plain(remark) for remark in found.remarks)


def test_other_case_is_accepted_only_when_asked(write):
    left, right = write("a.csv", nom=["AUBELINE"], x=[1]), write("b.csv", nom=["Aubeline"], y=[7])
    assert not check(left, right, ["nom"]).sound
    assert join(left, right, ["nom"], choices=Choices(loose=True)).frame["y"].tolist() == ["7"]


def test_every_problem_is_told_at_once(write, plain):
    left = write("a.csv", code=["1", "2", "00003", "00009"], mail=["x@example.org"] * 4)
    right = write("b.csv", code=["00001", "00001", "00002", "00003"], y=[1, 2, 3, 4])
    with pytest.raises(JointureRefusee) as refused:
        join(left, right, ["code"])
    expected = {"zeros_perdus", "sans_correspondance", "donnee_personnelle", "cle_repetee"}
    assert kinds(refused.value.check) >= expected
    assert "x@example.org" not in str(refused.value)
    assert "Rien n’a été modifié" in plain(refused.value)


def test_dates_of_two_forms_join(write, plain):
    left = write("a.csv", date=["01/03/2024", "02/03/2024"], x=[1, 2])
    right = write("b.csv", date=["2024-03-01", "2024-03-02"], y=[3, 4])
    found = join(left, right, ["date"])
    assert found.frame["y"].tolist() == ["3", "4"]
    assert any("JJ/MM/AAAA" in plain(remark) for remark in found.remarks)


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (["45352", "45353"], "date_en_nombre"),
        (["03/25/2024", "03/26/2024"], "date_americaine"),
        (["01/03/24", "02/03/24"], "date_annee_courte"),
        (["2024-03", "2024-04"], "date_incomplete"),
        (["2024-03-01 08:15", "2024-03-01 09:15"], "heure_dans_la_cle"),
    ],
)
def test_dates_written_otherwise_are_refused(write, bad, kind):
    left, right = write("a.csv", date=bad, x=[1, 2]), write("b.csv", date=["2024-03-01", "2024-03-02"], y=[3, 4])
    with pytest.raises(DonneesInvalides) as refused:
        join(left, right, ["date"])
    assert kind in {problem.kind for problem in refused.value.problems}


def test_repeated_right_keys_are_counted_before_joining(towns, streets, plain):
    found = check(towns, streets, ["code_commune"])
    assert found.facts["lignes_prevues"] == 4
    assert "3 lignes à gauche deviendraient 4" in plain(only(found, "cle_repetee").message)
    many = join(towns, streets, ["code_commune"], choices=Choices(many=True, small="garder"))
    assert len(many.frame) == 4
    assert any("--plusieurs" in remark for remark in many.remarks)


def test_explosion_is_refused_before_it_happens(write, monkeypatch):
    monkeypatch.setattr(own_doubts, "MAX_ROWS", 10_000)
    monkeypatch.setattr(own_join.own_matching, "joined", lambda *_, **__: pytest.fail("la jointure a été faite"))
    left, right = write("a.csv", k=["x"] * 300, x=range(300)), write("b.csv", k=["x"] * 300, y=range(300))
    found = check(left, right, ["k"], choices=Choices(many=True))
    assert "explosion" in kinds(found)
    assert found.facts["lignes_prevues"] == 90_000


def test_two_columns_make_one_key(write):
    left = write("a.csv", rue=["R1", "R1", "R2"], semaine=["2024-01-01", "2024-01-08", "2024-01-01"], casses=[0, 1, 0])
    right = write("b.csv", rue=["R1", "R2"], lundi=["2024-01-08", "2024-01-01"], appels=[6, 7])
    found = join(left, right, ["rue", "semaine=lundi"], choices=Choices(unmatched=0.5))
    assert found.frame["appels"].fillna("").tolist() == ["", "6", "7"]
    assert found.keys == ["rue", "semaine"]


def test_empty_keys_never_join_each_other(write):
    left, right = write("a.csv", k=["a", None, None], x=[1, 2, 3]), write("b.csv", k=["a", None], y=[4, 5])
    found = join(left, right, ["k"], choices=Choices(unmatched=1, small="garder"))
    assert found.frame["y"].fillna("").tolist() == ["4", "", ""]
    assert found.facts["cles_vides_gauche"] == 2


def test_unmatched_rows_are_shown_with_the_nearest_key(write, plain):
    left, right = write("a.csv", k=["R0O12", "R0013"], x=[1, 2]), write("b.csv", k=["R0012", "R0013"], y=[3, 4])
    found = check(left, right, ["k"])
    assert "« R0O12 » (peut-être « R0012 »)" in plain(only(found, "sans_correspondance").message)
    assert join(left, right, ["k"], choices=Choices(unmatched=0.5)).frame["y"].fillna("").tolist() == ["", "4"]
    assert len(join(left, right, ["k"], choices=Choices(unmatched=0.5, matched_only=True)).frame) == 1


def test_wrong_column_is_refused_with_the_right_one(write, plain):
    left = write("a.csv", rue=["R1", "R2"], x=[1, 2])
    right = write("b.csv", numero=["8", "9"], id_rue=["R1", "R2"])
    message = plain(
        only(check(left, right, ["rue=numero"], choices=Choices(unmatched=1)), "sans_correspondance").message
    )
    assert "--cle rue=id_rue" in message


def test_missing_columns_of_both_files_are_told_together(streets, towns, plain):
    with pytest.raises(DonneesInvalides) as refused:
        join(streets, towns, ["code_comune"])
    assert len(refused.value.problems) == 2
    assert "Est-ce « code_commune » ?" in plain(refused.value)


def test_same_column_on_both_sides_is_kept_once_or_renamed(write):
    left = write("a.csv", k=["a", "b"], nom=["x", "y"], part=["0.5", "1"])
    right = write("b.csv", k=["a", "b"], nom=["x", "z"], part=["0,5", "1"])
    found = join(left, right, ["k"])
    assert list(found.frame.columns) == ["k", "nom", "part", "nom_droite"]


def test_delay_joins_the_value_of_days_before(write):
    left = write("a.csv", date=["2024-01-08", "2024-01-15"], x=[1, 2])
    right = write("b.csv", date=["2024-01-01", "2024-01-08"], y=[5, 6])
    found = join(left, right, ["date"], choices=Choices(delay_days=7))
    assert found.frame["y"].tolist() == ["5", "6"]
    with pytest.raises(FormationError, match="clé qui contient un jour"):
        join(write("c.csv", k=["a"], x=[1]), write("d.csv", k=["a"], y=[1]), ["k"], choices=Choices(delay_days=7))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"unmatched": 5}, "entre 0 et 1"),
        ({"threshold": 0}, "au moins 1"),
        ({"small": "cacher"}, "refuser, masquer, garder"),
    ],
)
def test_choices_out_of_bounds_are_refused(arguments, words):
    with pytest.raises(FormationError, match=words):
        Choices(**arguments)


@pytest.mark.parametrize("key", ["", "=b", "a="])
def test_unreadable_key_option_is_refused(streets, towns, key):
    with pytest.raises(FormationError, match="--cle"):
        join(streets, towns, [key])


def test_key_cannot_be_set_aside_and_unknown_column_is_told(streets, towns):
    for name, words in (("code_commune", "colonne de la clé"), ("absente", "n’a cette colonne")):
        with pytest.raises(DonneesInvalides, match=words):
            join(streets, towns, ["code_commune"], choices=Choices(without=(name,)))


def test_title_above_the_header_is_told(tmp_path, towns):
    (tmp_path / "titre.csv").write_text("Liste\n\ncode_commune,x\n00001,1\n", encoding="utf-8")
    with pytest.raises(DonneesInvalides, match="l’en-tête est à la ligne 3"):
        join(tmp_path / "titre.csv", towns, ["code_commune"])


def test_workbook_and_windows_text_join(tmp_path, towns):
    table = pd.DataFrame({"code_commune": ["00001", "00002", "00012"], "école": ["A", "B", "C"]})
    table.to_excel(tmp_path / "ecoles.xlsx", index=False)
    table.to_csv(tmp_path / "ecoles.csv", index=False, sep=";", encoding="cp1252")
    for name in ("ecoles.xlsx", "ecoles.csv"):
        assert join(towns, tmp_path / name, ["code_commune"]).frame["école"].tolist() == ["A", "B", "C"]


def test_unreadable_files_stop_with_a_message(tmp_path, towns):
    (tmp_path / "vide.csv").write_bytes(b"")
    (tmp_path / "image.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
    with zipfile.ZipFile(tmp_path / "archive.xlsx", "w") as archive:
        archive.writestr("lisez-moi.txt", "rien")
    for name in ("vide.csv", "image.csv", "archive.xlsx", "absent.csv"):
        with pytest.raises(DonneesInvalides):
            join(tmp_path / name, towns, ["code_commune"])


def test_endless_file_and_wide_table_are_refused(tmp_path, towns, monkeypatch):
    limits = datasets.Limits(size=2**20, rows=500, line=2**16)
    monkeypatch.setattr(own_reading, "LIMITS", limits)
    with gzip.open(tmp_path / "bombe.csv.gz", "wb") as stream:
        stream.write(b"code_commune,x\n" + b"00001,1\n" * 400_000)
    (tmp_path / "large.csv").write_text("code_commune," + ",".join(f"c{i}" for i in range(400)) + "\n", "utf-8")
    for name, kind in (("bombe.csv.gz", "fichier_trop_gros"), ("large.csv", "trop_de_colonnes")):
        with pytest.raises(DonneesInvalides) as refused:
            join(tmp_path / name, towns, ["code_commune"])
        assert {problem.kind for problem in refused.value.problems} == {kind}


def test_memory_follows_the_width_of_the_table(tmp_path, towns, monkeypatch):
    monkeypatch.setattr(own_reading, "MAX_CELLS", 1_000)
    table = pd.DataFrame({"code_commune": ["00001"] * 400, "a": 1, "b": 2, "c": 3})
    table.to_csv(tmp_path / "long.csv", index=False)
    with pytest.raises(DonneesInvalides, match="plus de 250 lignes"):
        join(tmp_path / "long.csv", towns, ["code_commune"])


def test_result_is_plain_for_a_machine(streets, towns):
    import json

    from formation.comite import own_report

    found = check(streets, towns, ["code_commune"])
    content = json.loads(own_report.to_json(found))
    assert content["saine"] is False
    assert content["problemes"][0]["fichier"] == "rues.csv"
    assert np.isfinite(content["lignes_prevues"])


def test_empty_key_column_is_named(write, towns, plain):
    streets = write("rues.csv", id_rue=["R1", "R2"], code_commune=["", ""])
    with pytest.raises(JointureRefusee) as refused:
        join(streets, towns, ["code_commune"])
    assert "« code_commune » est vide sur toutes les lignes" in plain(refused.value)


def test_measuring_never_names_an_option_it_does_not_have(streets, write, plain):
    towns = write("communes.csv", code_commune=["00001", "00001", "00002", "00012"], population=[1, 2, 3, 4])
    with pytest.raises(JointureRefusee) as refused:
        join(streets, towns, ["code_commune"], choices=Choices(measuring=True))
    assert "--plusieurs" not in plain(refused.value)


def test_formulas_are_told_for_a_csv_only(streets, write, tmp_path, plain):
    towns = write("communes.csv", code_commune=["00001", "00002", "00012"], note=["=1+1", "@x", "ok"])
    found = join(streets, towns, ["code_commune"], choices=KEEP)
    assert "3 cases qui commencent par « = »" in plain(own_report.join_text(found, tmp_path / "j.csv"))
    assert "formule" not in own_report.join_text(found, tmp_path / "j.xlsx")
