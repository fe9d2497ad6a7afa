"""Ce qu’on emporte : document, clauses, ligne de commande, panneau."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from formation import footprint, tenders
from formation.cli import main
from formation.numbers import shortest
from formation.tenders import clauses, report
from formation.workshop import documents

ROOT = Path(__file__).parents[2]


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main(["marche", *map(str, arguments)])
    shown = capsys.readouterr()
    return stopped.value.code, shown.out.replace("\u00a0", " "), shown.err.replace("\u00a0", " ")


@pytest.fixture
def offers_file(tmp_path):
    path = tmp_path / "offres.yml"
    path.write_text(tenders.results.EXAMPLE.read_text("utf-8"), "utf-8")
    return path


@pytest.mark.parametrize("form", [".html", ".odt", ".docx", ".txt"])
def test_analysis_is_written_in_every_form(tmp_path, form):
    path = documents.write(report.document(tenders.example()), tmp_path / f"analyse{form}")
    assert path.stat().st_size > 1000


def test_document_says_rules_hypotheses_factors_and_warning():
    text = documents.to_text(report.document(tenders.example())).replace("\u00a0", " ")
    for piece in ("ne tient pas", "Règle du silence", "non déclaré", "EcoLogits", "service juridique", "graine 447"):
        assert piece in text, piece


def test_scoring_clause_announces_the_floor_the_tool_applies():
    said = documents.to_text(clauses.clauses_document()).replace("\u00a0", " ")
    assert f"de {shortest(tenders.Market().plancher_kg)} kgCO2e, deux empreintes" in " ".join(said.split())


def test_every_clause_says_where_why_and_what_it_assumes():
    names = [one.name for one in clauses.clauses()]
    assert {"declaration", "silence", "protocole", "mise-a-jour", "audit", "reversibilite", "sans-verrou"} <= set(names)
    assert len(names) == len(set(names))
    for one in clauses.clauses():
        assert all((one.place, one.purpose, one.assumes, one.lines)), one.name
    assert "service juridique" in clauses.REVIEW
    assert len(clauses.declaration_rows()) == len(clauses.DECLARED)


def test_scoring_prints_ranking_and_writes_the_document(capsys, tmp_path, offers_file):
    code, out, _ = run(capsys, "noter", offers_file, "--sortie", tmp_path / "a.odt")
    assert code == 0
    assert "Le classement ne tient pas" in out
    assert (tmp_path / "a.odt").is_file()
    code, _, err = run(capsys, "noter", offers_file, "--sortie", tmp_path / "a.odt")
    assert code == 2
    assert "a.odt" in err


def test_json_gives_bounds_and_shares(capsys, offers_file):
    code, out, _ = run(capsys, "noter", offers_file, "--json", "--poids", "50,50,0")
    found = json.loads(out)
    assert code == 0
    assert found["marche"]["poids"]["environnement"] == 0
    assert sum(one["part_des_tirages"] for one in found["offres"]) == pytest.approx(1)
    assert all(len(one["empreinte_kgco2e"]["total"]) == 2 for one in found["offres"])


def test_bad_weights_or_rule_are_explained(capsys, offers_file):
    code, _, err = run(capsys, "noter", offers_file, "--poids", "50,50")
    assert code == 2
    assert "--poids 40,40,20" in err
    for option, value, said in (("--poids", "50,40,20", "il faut 100"), ("--silence", "jamais", "borne_haute")):
        code, _, err = run(capsys, "noter", offers_file, option, value)
        assert code == 2
        assert said in err
        assert offers_file.name not in err
    code, out, _ = run(capsys, "noter", offers_file, "--poids", "a,b,c", "--json")
    assert code == 2
    assert json.loads(out)["problemes"]


def test_rules_of_a_separate_file_apply_to_a_table(capsys, tmp_path):
    table, rules = tmp_path / "offres.csv", tmp_path / "regles.yml"
    table.write_text("nom;prix_eur;qualite\nA;10;3\nB;12;5\n", "utf-8")
    rules.write_text("marche: {duree_ans: 2, poids: {prix: 20, qualite: 60, environnement: 20}}\n", "utf-8")
    _, out, _ = run(capsys, "noter", table, "--marche", rules, "--json")
    assert json.loads(out)["marche"]["duree_ans"] == 2


def test_model_is_not_overwritten_without_being_asked(capsys, tmp_path):
    path = tmp_path / "offres.yml"
    assert run(capsys, "modele", path, "--exemple")[0] == 0
    assert yaml.safe_load(path.read_text("utf-8"))["offres"]
    code, _, err = run(capsys, "modele", path)
    assert code == 2
    assert "--ecraser" in err


def test_report_never_replaces_the_offers(capsys, offers_file):
    before = offers_file.read_bytes()
    assert run(capsys, "noter", offers_file, "--sortie", offers_file, "--ecraser")[0] == 2
    assert offers_file.read_bytes() == before


@pytest.mark.parametrize("verb", [("facteurs",), ("clauses",), ("reponse", "8"), ("modele",)])
def test_verb_prints_without_writing(capsys, monkeypatch, tmp_path, verb):
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, *verb)
    assert code == 0
    assert len(out) > 80
    assert list(tmp_path.iterdir()) == []


def test_footprint_verb_gives_every_post(capsys, offers_file):
    _, out, _ = run(capsys, "empreinte", offers_file, "--json")
    assert {"entrainement", "inference", "hebergement", "reseau", "appareils", "total"} == set(
        json.loads(out)[0]["empreinte_kgco2e"]
    )


def test_impact_text_is_given_for_the_chosen_offer(capsys, offers_file):
    code, out, _ = run(capsys, "impact", offers_file, "--offre", "petit modèle", "--date", "2026-11-22")
    assert code == 0
    assert out.startswith("Estimation du 22/11/2026")
    assert "de 120 à 233 kgCO2e" in out
    code, _, err = run(capsys, "impact", offers_file, "--offre", "Z")
    assert code == 2
    assert "Petit modèle" in err
    assert run(capsys, "impact", offers_file, "--offre", "Muette", "--date", "hier")[0] == 2


def test_panel_follows_the_weights():
    panel = tenders.panel()
    before = panel.children[5].value
    panel.children[2].value = 0
    assert panel.children[5].value != before
    assert "Grand modèle" in panel.children[5].value.split("\n")[1]


def test_chapter_figures_are_those_computed_today():
    chapter = (ROOT / "book/conduire/marche-public.md").read_text("utf-8").replace("\u00a0", " ")
    small, large = footprint.response(8).energy_wh, footprint.response(41, 675).energy_wh
    learning = footprint.published()["eau-apprentissage"].energy_wh
    assert (round(small.low, 2), round(small.high, 2)) == (0.03, 0.06)
    assert (round(large.low, 1), round(large.high, 1)) == (1.1, 3.0)
    assert (round(learning.low, 3), round(learning.high, 3)) == (0.004, 0.015)
    assert large.low / learning.high >= 70
    for piece in ("de 0,03 à 0,06 wattheure", "de 1,1 à 3,0 wattheures", "de 0,004 à 0,015 wattheure", "soixante-dix"):
        assert piece in chapter, piece
    assert "de 18 à 19 points" in chapter
