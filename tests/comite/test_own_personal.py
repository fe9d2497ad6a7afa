"""Colonnes personnelles et petits effectifs : une alerte à temps, sans jamais montrer une valeur."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation import datasets
from formation.comite import own_counts, own_personal
from formation.comite.own_join import Choices, check, join
from formation.errors import FormationError


def kinds(**columns):
    return {found.column: found.kind for found in own_personal.find(pd.DataFrame(columns, dtype="str"))}


@pytest.mark.parametrize(
    ("column", "values", "kind"),
    [
        ("contact", ["accueil@example.org", "voir plus haut"], "courriel"),
        ("remarque", ["rappeler le 06 00 00 00 00 demain", "rien"], "telephone"),
        ("ligne", ["0600000000", "+33600000001"], "telephone"),
        ("numero", ["2 00 01 99 999 999 " + str(97 - 2000199999999 % 97).zfill(2)], "nir"),
        ("compte", ["FR76" + "0" * 23], "iban"),
        ("cle_hachee", ["ab" * 16, "cd" * 16], "empreinte"),
        ("id_usager_hache", ["e8e682edb1"], "identifiant"),
        ("date_naissance", ["1950-01-01"], "naissance"),
        ("Prénom", ["x"], "prenom"),
        ("nom_famille", ["x"], "nom"),
        ("adresse_postale", ["1 rue x"], "adresse"),
    ],
)
def test_personal_columns_are_found(column, values, kind):
    assert kinds(**{column: values}) == {column: kind}


@pytest.mark.parametrize(
    "name",
    [
        "nom",
        "nom_rue",
        "nb_usagers",
        "nb_abonnes_eau",
        "part_65_ans_plus",
        "id_agence",
        "effectif_inscrit",
        "mail_box_x",
    ],
)
def test_ordinary_columns_are_left_alone(name):
    expected = {"mail_box_x": "courriel"} if name.startswith("mail") else {}
    assert kinds(**{name: ["12", "13"]}) == expected


def test_ten_digit_codes_are_not_phones():
    assert kinds(compteur=[*(f"9{rank:09d}" for rank in range(20)), "0600000000"]) == {}


def test_a_name_counts_only_beside_another_personal_column():
    assert kinds(nom=["Corvaise"]) == {}
    assert kinds(nom=["x"], prenom=["y"]) == {"nom": "nom", "prenom": "prenom"}


def test_released_tables_only_alert_on_the_caller():
    found = {}
    for case in datasets.cases():
        for name in datasets.names(case):
            if datasets.resource(case, name).is_table and case not in ("mobilites", "comite", "securite"):
                table = datasets.load(case, name).head(2000).astype("str")
                found |= {f"{case}.{name}.{item.column}": item.kind for item in own_personal.find(table)}
    assert found == {"usagers.appels.id_usager_hache": "identifiant"}


@pytest.fixture
def pair(tmp_path):
    left = pd.DataFrame({"rue": ["R1", "R2", "R3"], "courriel": ["a@example.org"] * 3, "nb_appels": [12, 3, 0]})
    left.to_csv(tmp_path / "appels.csv", index=False)
    pd.DataFrame({"rue": ["R1", "R2", "R3"], "trafic": [1, 2, 3]}).to_csv(tmp_path / "rues.csv", index=False)
    return tmp_path / "appels.csv", tmp_path / "rues.csv", ["rue"]


def test_personal_column_stops_the_join_and_hides_its_values(pair):
    found = check(*pair)
    problem = found.problems["appels.csv"][0]
    assert problem.kind == "donnee_personnelle"
    assert problem.values == ()
    assert "example.org" not in problem.message
    assert "--sans courriel" in problem.message


def test_personal_column_is_dropped_or_accepted_on_request(pair):
    assert "courriel" not in join(*pair, choices=Choices(without=("courriel",))).frame
    accepted = join(*pair, choices=Choices(personal=True))
    assert any("--accepter-donnees-personnelles" in remark for remark in accepted.remarks)


def test_social_security_number_is_refused_even_when_accepted(tmp_path):
    pd.DataFrame({"k": ["a"], "nir": ["x"]}).to_csv(tmp_path / "a.csv", index=False)
    pd.DataFrame({"k": ["a"], "y": [1]}).to_csv(tmp_path / "b.csv", index=False)
    found = check(tmp_path / "a.csv", tmp_path / "b.csv", ["k"], choices=Choices(personal=True))
    assert not found.sound
    assert "2019-341" in found.problems["a.csv"][0].message


def test_values_of_a_personal_key_are_never_shown(tmp_path):
    pd.DataFrame({"courriel": ["a@example.org", "b@example.org"]}).to_csv(tmp_path / "a.csv", index=False)
    pd.DataFrame({"courriel": ["A@example.org", "c@example.org"], "y": [1, 2]}).to_csv(tmp_path / "b.csv", index=False)
    found = check(tmp_path / "a.csv", tmp_path / "b.csv", ["courriel"])
    assert not found.sound
    assert "example.org" not in str(found.to_dict())


def test_small_counts_stop_are_masked_or_kept(pair):
    base = {"without": ("courriel",), "count": "nb_appels"}
    refused = check(*pair, choices=Choices(**base))
    assert refused.problems["appels.csv"][0].kind == "petit_effectif"
    assert refused.problems["appels.csv"][0].count == 1
    masked = join(*pair, choices=Choices(**base, small="masquer"))
    assert masked.frame["nb_appels"].fillna("").tolist() == ["12", "", "0"]
    assert any("--petits masquer" in remark for remark in masked.remarks)
    assert join(*pair, choices=Choices(**base, small="garder")).frame["nb_appels"].tolist() == ["12", "3", "0"]
    assert join(*pair, choices=Choices(**base, threshold=3)).sound


def groups(**options):
    table = pd.DataFrame({"rue": ["R1"] * 6 + ["R2"] * 2, "x": "1"}, dtype="str")
    return own_counts.check(table, ["rue"], threshold=5, **options)


def test_small_groups_of_rows_are_told_and_removed_on_request():
    assert groups().problems[0].kind == "petit_groupe"
    assert groups(small="masquer").masked.tolist() == [False] * 6 + [True] * 2
    assert not groups(small="garder").masked.any()


def test_one_row_per_key_asks_what_it_counts():
    table = pd.DataFrame({"rue": ["R1", "R2"]}, dtype="str")
    found = own_counts.check(table, ["rue"], threshold=5)
    assert not found.problems
    assert "--effectif" in found.remarks[0]
    assert own_counts.check(table, ["rue"], threshold=5, groups=["rue"]).problems


def test_rows_without_a_key_are_not_a_group():
    table = pd.DataFrame({"rue": ["R1"] * 5 + [np.nan]}, dtype="str")
    assert own_counts.check(table, ["rue"], threshold=5).problems == []


@pytest.mark.parametrize(
    ("options", "words"), [({"count": "absente"}, "pas une colonne"), ({"count": "rue"}, "nombre")]
)
def test_wrong_count_column_is_told(options, words):
    with pytest.raises(FormationError, match=words):
        groups(**options)
