"""Ses parkings devant le seuil : ce qui est sûr, ce qui ne l’est pas, et où aller voir d’abord."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation.errors import DonneesInvalides
from formation.mobilites import decision, own_report, own_threshold
from formation.mobilites.own_data import EssaiImpossible


@pytest.fixture
def given(tmp_path):
    def write(text, name="parkings.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


LIST = """id_parking;surface_m2;erreur_pct;coupe;usage
P1;900;4;0;clients
P2;1480;4;0;clients
P3;1530;4;0;salariés
P4;4200;4;0;Dépôt de véhicules
P5;1100;4;1;clients
P6;1390;4;0;clients
"""


def kinds(file):
    with pytest.raises(DonneesInvalides) as stopped:
        own_threshold.own_parks(file)
    return {problem.kind: problem for problem in stopped.value.problems}


def test_parks_are_ranked_by_what_a_visit_is_worth(given, plain):
    found = own_threshold.own_parks(given(LIST))
    rows = found.table.set_index("id_parking")
    assert rows.loc["P1", "verdict"] == "non assujetti, presque sûr"
    assert rows.loc["P4", "verdict"] == "assujetti, presque sûr"
    assert rows.loc["P3", "verdict"] == "assujetti, sans doute"
    assert rows.loc["P2", "verdict"] == "non assujetti, sans doute"
    assert rows.loc["P5", "verdict"] == own_threshold.CUT
    assert found.table["id_parking"].tolist()[:3] == ["P5", "P2", "P3"]
    assert rows["a_visiter"].to_dict() == {"P1": False, "P2": True, "P3": True, "P4": False, "P5": True, "P6": False}
    chance = decision.probability(rows["surface_m2"].to_numpy(float), 0.04)
    np.testing.assert_allclose(rows["probabilite"], chance, atol=1e-4)
    assert set(rows["sens"][["P2", "P3"]]) == {"oublié", "annoncé à tort"}
    text = plain(found.conclusion)
    assert text.startswith("Sur 6 parkings, 4 ne se tranchent pas")
    assert "3 visites" in text
    assert "1 parking de stockage ou de poids lourds (P4)" in plain(" ".join(found.remarks))


def test_expected_mistakes_are_the_sum_of_the_risks(given):
    found = own_threshold.own_parks(given(LIST))
    chance = decision.probability(found.table["surface_m2"].to_numpy(float), 0.04)
    assert found.facts["mal_juges_attendus"] == pytest.approx(np.minimum(chance, 1 - chance).sum())
    assert found.facts["mal_juges_apres_visites"] < found.facts["mal_juges_attendus"]


def test_dear_mistakes_call_for_more_visits(given):
    file = given(LIST)
    few = own_threshold.own_parks(file, costs={"controle": 1000})
    many = own_threshold.own_parks(file, costs={"controle": 1, "oubli": 50_000})
    assert few.facts["a_visiter"] < many.facts["a_visiter"]
    assert few.table.loc[few.table["a_visiter"], "id_parking"].tolist() == ["P5"], "un parc coupé se regarde toujours"


def test_missing_area_and_error_are_supposed_and_said(given, plain):
    found = own_threshold.own_parks(given("nom,places\nMairie,62\nGare,20\n"))
    assert found.table.set_index("id_parking").loc["Mairie", "surface_m2"] == 62 * 25
    assert "2 surfaces absentes, déduites des places à 25 m² l’une" in plain(" ".join(found.remarks))
    found = own_threshold.own_parks(given("surface_m2\n1480\n"), error_pct=5)
    assert found.table["id_parking"].tolist() == ["ligne 2"]
    assert "prise égale à 5,0 % (écart type), comme demandé" in plain(" ".join(found.remarks))


def test_area_without_its_lanes_is_told(given, plain):
    found = own_threshold.own_parks(given("id,surface_m2,nb_places\nP1,1150,100\n"))
    assert "les voies y manquent sans doute" in plain(" ".join(found.remarks))


def test_second_threshold_is_told(given, plain):
    found = own_threshold.own_parks(given("id,surface_m2\nP1,10300\nP2,25000\n"))
    assert "2 parkings au-dessus de 10 000 m², 1 trop près" in plain(" ".join(found.remarks))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id_parking,surface_ha\nP1,0.15\n", {"unite"}),
        ("id_parking,longueur\nP1,12\n", {"colonne_manquante"}),
        ("id_parking,surface_m2\nP1,0.15\nP1,1600\nP2,\n", {"surface_absurde", "doublon", "rien_a_mesurer"}),
        ("id_parking,surface_m2,nb_places\nP1,grand,0\n", {"pas_un_nombre", "trop_petit"}),
    ],
)
def test_every_problem_of_a_list_is_told(given, text, expected):
    found = set(kinds(given(text)))
    assert found == expected


def test_a_negative_area_is_told_with_the_other_problems(given):
    found = kinds(given("id;surface\nP1;-20\nP2;abc\n"))
    assert len(found) == 2
    assert any("-20" in problem.message for problem in found.values())


def test_small_area_is_written_in_french(given):
    assert "12,5" in kinds(given("id;surface\nP1;12,5\n"))["surface_absurde"].message


def test_first_column_may_be_called_identifiant(given):
    assert (
        own_threshold.own_parks(given("Identifiant;Surface (m²)\nMairie;1 480\n")).table["id_parking"].item()
        == "Mairie"
    )


def test_long_list_is_refused_before_it_fills_the_memory(given, monkeypatch):
    from dataclasses import replace

    from formation.mobilites import own_inventory

    monkeypatch.setattr(own_inventory, "LIMITS", replace(own_inventory.LIMITS, rows=10))
    assert set(kinds(given("surface_m2\n" + "1500\n" * 50))) == {"fichier_trop_gros"}


@pytest.mark.parametrize(
    "wrong",
    [{"threshold": 1.5}, {"error_pct": 0}, {"error_pct": 500}, {"costs": {"oubli": -1}}, {"costs": {"controle": 1e9}}],
)
def test_settings_without_meaning_are_refused(given, wrong):
    with pytest.raises(EssaiImpossible, match="Rien n’a été écrit"):
        own_threshold.own_parks(given(LIST), **wrong)


def test_report_says_the_same_in_text_json_and_page(given, tmp_path, plain):
    found = own_threshold.own_parks(given(LIST))
    text = plain(own_report.to_text(found))
    assert "P2" in text
    assert "1 480" in text
    assert "Coûts supposés : une visite 150" in text
    own_report.write(found, tmp_path / "r.html")
    assert "assujetti, sans doute" in (tmp_path / "r.html").read_text("utf-8")
    own_report.write(found, tmp_path / "r.csv")
    assert len(pd.read_csv(tmp_path / "r.csv", sep=";", decimal=",")) == 6
