"""L’outil « Ingénierie » : l’organisation suit la taille, les trois pas suivent les manques."""

from __future__ import annotations

import random

import pytest

from formation import workshop

NOTHING = {
    "informatique": "externe",
    "inventaire": "non",
    "responsable": "personne",
    "referents": "aucun",
    "nombres": "jamais",
    "entraide": "seule",
    "comite": "non",
    "accord": "non",
    "annuaire": "non",
    "formation": "aucun",
    "projets": "aucun",
}
ALL = {
    "informatique": "equipe",
    "inventaire": "oui",
    "responsable": "designe",
    "referents": "tous",
    "nombres": "toujours",
    "entraide": "porte",
    "comite": "membre",
    "accord": "tous",
    "annuaire": "tenu",
    "formation": "programme",
    "projets": "un",
}


def sheet(answers, **more):
    return workshop.evaluate(workshop.load("ingenierie"), {**answers, **more})


@pytest.mark.parametrize(
    ("inhabitants", "rule"),
    [
        (700, "org-village"),
        (3499, "org-village"),
        (3500, "org-petite-ville"),
        (22000, "org-moyenne"),
        (30000, "org-seuil"),
        (39999, "org-seuil"),
        (40000, "org-grande"),
    ],
)
def test_organisation_follows_the_size(inhabitants, rule):
    assert rule in sheet(NOTHING, type="commune", habitants=inhabitants).rules


@pytest.mark.parametrize(("kind", "rule"), [("departement", "org-departement"), ("syndicat", "org-syndicat")])
def test_size_is_not_asked_when_the_body_is_not_a_town(kind, rule):
    found = sheet(NOTHING, type=kind, habitants=500)
    assert rule in found.rules
    assert "habitants" not in {one.question for one in found.unknowns}


def test_threshold_of_the_report_is_named_when_it_applies(plain):
    found = sheet(NOTHING, type="epci", habitants=35000).sections[0].conclusions[0]
    assert "30 000 ou 40 000" in plain(found.explanation)
    assert "S1" in found.sources


def test_our_thresholds_are_said_hypotheses():
    grid = workshop.load("ingenierie")
    for rule in grid.regles:
        if rule.id.startswith(("org-", "forme-")) and rule.id != "org-departement":
            assert "hypothèse" in rule.explication, rule.id


@pytest.mark.parametrize("seed", range(40))
def test_three_steps_are_different_whatever_the_answers(seed):
    found = workshop.evaluate(
        workshop.load("ingenierie"), workshop.random_answers(workshop.load("ingenierie"), random.Random(seed))
    )
    steps = [found.conclusions(theme) for theme in ("premier", "deuxieme", "troisieme")]
    assert [len(one) for one in steps] == [1, 1, 1]
    assert len({one[0] for one in steps}) == 3


def test_first_steps_are_the_first_gaps_when_everything_is_missing():
    found = sheet(NOTHING, type="commune", habitants=2000)
    assert [rule for rule in found.rules if rule.startswith(("premier-", "deuxieme-", "troisieme-"))] == [
        "premier-inventaire",
        "deuxieme-responsable",
        "troisieme-annuaire",
    ]


def test_next_steps_are_use_and_telling_when_everything_is_in_place():
    found = sheet(ALL, type="epci", habitants=90000)
    assert found.conclusions("premier") == ["Tenir ce qui existe"]
    assert found.conclusions("deuxieme") == ["Un usage, un binôme, huit semaines"]
    assert "avec-porter" in found.rules
    assert "forme-direction" in found.rules


def test_leading_waits_when_own_data_are_not_kept():
    assert "avec-pas-encore" in sheet(NOTHING, type="epci", habitants=90000, entraide="porte", nombres="parfois").rules


def test_projects_without_owner_come_first_in_the_steps():
    found = sheet(NOTHING, type="commune", habitants=2000, projets="plusieurs")
    assert found.steps[0].rule == "projets-sans-pilote"


def test_nothing_is_reassuring_when_nothing_is_answered():
    blank, unknown = sheet({}), sheet(dict.fromkeys(NOTHING, "inconnu"))
    for theme in ("premier", "deuxieme", "troisieme", "avec_qui"):
        assert blank.conclusions(theme) == unknown.conclusions(theme)
    assert "Tenir ce qui existe" not in blank.conclusions("premier")
