"""Grille « NIS 2 » : qui est concerné, quel plan, et ce que la fiche ne promet jamais."""

from datetime import date

import pytest

from formation import workshop

TODAY = date(2026, 11, 22)
MEASURES = (
    "gouvernance",
    "inventaire",
    "sauvegarde",
    "acces",
    "correctifs",
    "incidents",
    "prestataires",
    "formation",
    "crise",
    "mesure",
)
NOTHING = dict.fromkeys(MEASURES, "rien") | {"referent": "non", "services": ["aucun"], "designee": "non"}
DONE = dict.fromkeys(MEASURES, "fait") | {"referent": "oui", "services": ["aucun"], "designee": "non"}


@pytest.fixture(scope="module")
def grid():
    return workshop.load("nis2")


def scope(grid, answers):
    sheet = workshop.evaluate(grid, answers, on=TODAY)
    return next(part for part in sheet.sections if part.id == "perimetre").conclusions[0].rule


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"type": "region"}, "essentielle"),
        ({"type": "departement"}, "essentielle"),
        ({"type": "urbaine"}, "essentielle"),
        ({"type": "commune", "habitants": 31_243}, "essentielle"),
        ({"type": "commune", "habitants": 30_001}, "essentielle"),
        ({"type": "commune", "habitants": 30_000}, "seuil-exact"),
        ({"type": "commune", "habitants": 27_000}, "seuil-exact"),
        ({"type": "commune", "habitants": 26_999}, "petite-commune"),
        ({"type": "commune", "habitants": 800}, "petite-commune"),
        ({"type": "commune", "habitants": 800, "designee": "oui"}, "deja-designee"),
        ({"type": "communaute", "habitants": 14_000}, "importante"),
        ({"type": "communaute", "habitants": 60_000}, "importante"),
        ({"type": "agglomeration", "grande_commune": "oui"}, "essentielle"),
        ({"type": "agglomeration", "grande_commune": "non"}, "importante"),
        ({"type": "etablissement"}, "autre-entite"),
        ({"type": "hopital"}, "autre-entite"),
        ({"type": "commune"}, ""),
        ({"type": "inconnu"}, ""),
        ({"type": "agglomeration", "grande_commune": "inconnu"}, "agglomeration-rang"),
        ({"type": "agglomeration"}, "agglomeration-rang"),
        ({}, ""),
    ],
)
def test_scope_follows_the_bill_when_type_and_population_are_known(grid, answers, expected):
    assert scope(grid, answers) == expected


def test_scope_is_to_clarify_when_population_is_missing(grid):
    sheet = workshop.evaluate(grid, {"type": "commune"}, on=TODAY)
    assert list(sheet.conclusions("perimetre")) == ["À éclaircir"]
    assert any(unknown for unknown in sheet.unknowns)


def test_state_of_the_law_is_told_and_dated_whatever_the_answers(grid):
    for answers in ({}, {"type": "region"} | DONE):
        sheet = workshop.evaluate(grid, answers, on=TODAY)
        assert {"loi-attendue", "trois-ans", "amendes"} <= set(sheet.rules)
    law = next(rule for rule in grid.regles if rule.id == "loi-attendue")
    assert "promulgation" in law.explication
    assert "octobre 2026" in law.explication
    assert grid.date_des_faits == TODAY


def test_plan_runs_over_three_years_when_a_covered_entity_starts_from_nothing(grid):
    sheet = workshop.evaluate(grid, {"type": "agglomeration", "grande_commune": "oui"} | NOTHING, on=TODAY)
    dated = [step for step in sheet.steps if step.due]
    assert [step.due for step in dated] == sorted(step.due for step in dated)
    assert max(step.due for step in dated) == date(2029, 11, 22)
    for year in (2027, 2028, 2029):
        assert any(step.due.year == year for step in dated)
    assert all(step.who for step in dated)
    themes = {rule.id: rule.theme for rule in grid.regles}
    first = {themes[step.rule] for step in dated if step.due <= date(2027, 11, 22)}
    assert "socle" in first
    last = {themes[step.rule] for step in dated if step.due > date(2028, 11, 22)}
    assert last == {"preuve"}


def test_small_town_gets_a_short_plan_and_someone_to_join(grid):
    sheet = workshop.evaluate(grid, {"type": "commune", "habitants": 3_200} | NOTHING, on=TODAY)
    assert {"hygiene", "mutualiser", "victime"} <= set(sheet.rules)
    assert not {"faire-mesure", "faire-crise", "faire-prestataires", "bilan", "faire-gouvernance"} & set(sheet.rules)
    whole = workshop.evaluate(grid, {"type": "commune", "habitants": 52_000} | NOTHING, on=TODAY)
    assert len(sheet.steps) < len(whole.steps)
    assert max(step.due for step in sheet.steps if step.due) <= date(2027, 11, 22)


def test_deadlines_of_article_23_are_told_when_nobody_decides_at_night(grid):
    sheet = workshop.evaluate(grid, {"incidents": "moitie"}, on=TODAY)
    rule = next(rule for rule in grid.regles if rule.id == "faire-numero")
    assert "faire-numero" in sheet.rules
    for delay in ("24", "72", "un mois après la notification"):
        assert delay in rule.explication.replace("\u00a0", " ").replace("\n", " ")


def test_every_measure_of_article_21_is_reached_when_nothing_is_done(grid):
    sheet = workshop.evaluate(grid, {"type": "region"} | NOTHING, on=TODAY)
    cited = " ".join(article for article in sheet.articles if "art. 21" in article.replace("\u00a0", " "))
    letters = {letter for letter in "abcdefghij" if f" {letter}" in cited.replace("\u00a0", " ").replace(",", " ")}
    assert letters == set("abcdefghij")


def test_nothing_is_left_to_do_but_proofs_when_everything_is_done(grid):
    sheet = workshop.evaluate(grid, {"type": "region"} | DONE, on=TODAY)
    assert not [rule for rule in sheet.rules if rule.startswith("faire-") and rule != "faire-chiffrement"]
    assert {"socle-tenu", "organisation-tenue"} <= set(sheet.rules)
    assert sheet.scores[0].total == 20


def test_unknown_measures_count_as_to_do(grid):
    sheet = workshop.evaluate(grid, {"type": "region"} | dict.fromkeys(MEASURES, "inconnu"), on=TODAY)
    done = {rule for rule in sheet.rules if rule.startswith("faire-")}
    assert len(done) >= len(MEASURES)
    assert not {"socle-tenu", "organisation-tenue"} & set(sheet.rules)


def test_unanswered_measures_stay_in_the_plan(grid):
    blank = workshop.evaluate(grid, {"type": "region"}, on=TODAY)
    unknown = workshop.evaluate(grid, {"type": "region"} | dict.fromkeys((*MEASURES, "referent"), "inconnu"), on=TODAY)
    assert blank.steps == unknown.steps


@pytest.mark.parametrize(
    ("services", "rule"),
    [
        (["eau"], "regie-secteur"),
        (["numerique"], "services-numeriques"),
        (["inconnu"], "services-inconnus"),
        (["aucun"], "services-aucun"),
    ],
)
def test_other_entities_are_looked_at_when_services_are_run_in_house(grid, services, rule):
    assert rule in workshop.evaluate(grid, {"type": "commune", "habitants": 900, "services": services}, on=TODAY).rules


def test_small_community_is_told_that_its_rank_may_change(grid):
    below = workshop.evaluate(grid, {"type": "communaute", "habitants": 29_999}, on=TODAY)
    above = workshop.evaluate(grid, {"type": "communaute", "habitants": 30_000}, on=TODAY)
    assert "petite-communaute" in below.rules
    assert "petite-communaute" not in above.rules


def test_every_rule_has_a_source(grid):
    assert [rule.id for rule in grid.regles if not rule.sources] == []


def test_small_town_is_not_asked_more_than_its_five_gestures(grid):
    sheet = workshop.evaluate(grid, NOTHING | {"type": "commune", "habitants": 800}, on=TODAY)
    assert not {"faire-inventaire", "faire-gouvernance", "faire-prestataires", "faire-mesure"} & set(sheet.rules)
    assert "hygiene" in sheet.rules


def test_insurance_complaint_is_told_when_the_incident_page_is_missing(grid):
    sheet = workshop.evaluate(grid, NOTHING | {"type": "region"}, on=TODAY)
    assert any("L. 12-10-1" in article.replace("\u00a0", " ") for article in sheet.articles)
