"""L’outil « Faut-il une IA ? » dit des six cas et du comité ce que leurs chapitres en disent."""

from __future__ import annotations

from datetime import date

import pytest

from formation import workshop

DAY = date(2026, 11, 22)
COMMON = {
    "decision": "nommee",
    "organisation": "en_partie",
    "donnees": "bonnes",
    "droit": "oui",
    "cout": "inferieur",
    "suivi": "deux",
    "humain": "oui",
    "empreinte": "local",
    "arret": "oui_reste",
}
# Ce que chaque chapitre conclut pour Aubeline, avant tout essai (règle attendue) :
CASES = {
    # « Sans IA » d’abord : compter, répondeur et rappel, réexaminer dans six mois.
    "usagers": (
        {"nature": "repondre", "volume": 60000, "gravite": "gene", "regle": "en_partie", "essai": "non"},
        "sans-ia-d-abord",
    ),
    # Sans texte, rien ; la jauge et les guetteurs servent de toute façon.
    "securite": (
        {
            "nature": "reperer",
            "volume": 5000,
            "gravite": "danger",
            "regle": "en_partie",
            "essai": "non",
            "droit": "inconnu",
        },
        "sans-ia-d-abord",
    ),
    # Écrire la marge, compter les manques, moyenne des six derniers mêmes jours.
    "dechets": (
        {"nature": "prevoir", "volume": 140, "gravite": "argent", "regle": "en_partie", "essai": "sans_mesure"},
        "sans-ia-d-abord",
    ),
    # Tenir l’historique et trier par fuites au kilomètre : « c’est un tableur ».
    "eau": (
        {"nature": "prevoir", "volume": 190, "gravite": "argent", "regle": "oui", "essai": "non"},
        "regle-ou-tableur",
    ),
    # La règle de pluie est mesurée ; la simple droite fait aussi bien que le modèle.
    "risques": (
        {
            "nature": "prevoir",
            "volume": 20,
            "gravite": "danger",
            "regle": "en_partie",
            "essai": "insuffisante",
            "modele": "suffit",
            "annees": 6,
        },
        "modele-simple",
    ),
    # Quelques dizaines de parkings : tracer à l’écran et aller voir suffisent.
    "mobilites": (
        {"nature": "reperer", "volume": 60, "gravite": "argent", "regle": "en_partie", "essai": "non"},
        "rien",
    ),
    # Trier les rues par leurs casses passées, à la main, trouve autant que le modèle.
    "comite": (
        {"nature": "croiser", "volume": 500, "gravite": "argent", "regle": "oui", "essai": "non"},
        "regle-ou-tableur",
    ),
}


def sheet(**answers):
    return workshop.evaluate(workshop.load("besoin"), {**COMMON, **answers}, on=DAY)


@pytest.mark.parametrize("case", CASES)
def test_answer_is_the_one_the_chapter_reaches(case):
    answers, expected = CASES[case]
    found = sheet(**answers)
    assert expected in found.rules
    assert len(found.conclusions("reponse")) == 1


def test_no_case_buys_an_ai_before_the_simple_option_is_measured():
    bought = {"ia-specialisee", "ia-generative", "assistant"}
    assert not any(bought & set(sheet(**answers).rules) for answers, _ in CASES.values())


def test_canteens_try_a_simple_model_when_the_rule_is_measured():
    found = sheet(nature="prevoir", volume=140, gravite="argent", regle="en_partie", essai="insuffisante",
                  modele="non", annees=3)  # fmt: skip
    assert found.conclusions("reponse") == ["Un modèle simple, à l’essai"]


def test_hundreds_of_car_parks_may_try_a_specialised_model_when_all_else_was_measured():
    found = sheet(nature="reperer", volume=900, gravite="argent", regle="en_partie", essai="insuffisante",
                  modele="insuffisant")  # fmt: skip
    assert found.conclusions("reponse") == ["Une IA spécialisée, à l’essai"]


def test_switchboard_may_try_an_assistant_when_call_backs_were_measured():
    found = sheet(nature="repondre", volume=60000, gravite="gene", regle="en_partie", essai="insuffisante")
    assert "assistant" in found.rules


def test_crowd_counting_stops_when_no_text_allows_it():
    answers, _ = CASES["securite"]
    found = sheet(**{**answers, "droit": "non"})
    assert found.conclusions("reponse") == ["Ne pas faire maintenant"]
    assert found.sections[0].conclusions[0].severity == "bloquant"


# Les trois propositions d’Aubeline, dans le chapitre « Faut-il une IA ? ».
@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            {"nature": "trier", "volume": 3000, "gravite": "gene", "regle": "oui", "essai": "non"},
            "regle-ou-tableur",
        ),
        (
            {"nature": "prevoir", "volume": 140, "gravite": "argent", "regle": "en_partie", "essai": "non"},
            "sans-ia-d-abord",
        ),
        ({"nature": "rediger", "volume": 30, "gravite": "argent", "regle": "en_partie", "essai": "non"}, "rien"),
    ],
    ids=["réclamations", "repas", "délibérations"],
)
def test_three_offers_of_aubeline_get_the_answer_of_the_chapter(answers, expected):
    assert expected in sheet(**answers).rules


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"decision": "vague"}, "nommer-d-abord"),
        ({"organisation": "oui"}, "organisation"),
        ({"essai": "suffit"}, "garder-le-simple"),
        ({"donnees": "promises"}, "pas-maintenant-donnees"),
        ({"cout": "superieur"}, "pas-maintenant-cout"),
        ({"suivi": "personne"}, "pas-maintenant-suivi"),
        ({"gravite": "droits", "humain": "non"}, "pas-maintenant-main"),
        ({"suivi": "une"}, "pas-maintenant-suivi"),
        ({"arret": "non"}, "pas-maintenant-sortie"),
        ({"arret": "oui_rien"}, "pas-maintenant-sortie"),
        ({"empreinte": "refus"}, "pas-maintenant-empreinte"),
    ],
)
def test_one_axis_alone_stops_a_project(change, expected):
    base = {
        "nature": "prevoir",
        "volume": 900,
        "gravite": "argent",
        "regle": "en_partie",
        "essai": "insuffisante",
        "modele": "insuffisant",
        "annees": 5,
    }
    assert "ia-specialisee" in sheet(**base).rules
    assert expected in sheet(**{**base, **change}).rules
    assert "ia-specialisee" not in sheet(**{**base, **change}).rules


def test_generated_text_is_refused_when_nobody_rereads_it():
    found = sheet(nature="rediger", volume=900, gravite="argent", regle="non", essai="insuffisante", humain="non")
    assert "ia-generative-sans-relecture" in found.rules


# Des besoins comme il en arrive en mairie, et la réponse d’un collègue prudent.
MEASURED = {"regle": "en_partie", "essai": "insuffisante", "modele": "insuffisant"}
NEEDS = {
    "assistant pour quarante demandes": (
        {"nature": "repondre", "volume": 40, "gravite": "gene", "regle": "non", "essai": "non"},
        "rien",
    ),
    "nids-de-poule en photo": (
        {"nature": "reperer", "volume": 3000, "gravite": "argent", "regle": "non", "essai": "non"},
        "sans-ia-d-abord",
    ),
    "candidatures à six postes": (
        {"nature": "trier", "volume": 6, "gravite": "droits", "regle": "non", "essai": "non"},
        "rien",
    ),
    "candidatures, cinq cents dossiers, droit inconnu": (
        {"nature": "trier", "volume": 500, "gravite": "droits", "droit": "inconnu", **MEASURED},
        "eclaircir-avant-essai",
    ),
    "chauffage de trente bâtiments": (
        {"nature": "prevoir", "volume": 11000, "gravite": "argent", "regle": "oui", "essai": "non"},
        "regle-ou-tableur",
    ),
    "traduction au guichet, sans relecture possible": (
        {"nature": "rediger", "volume": 800, "gravite": "argent", "regle": "non", "essai": "insuffisante",
         "humain": "non"},
        "ia-generative-sans-relecture",
    ),
    "résumés de conseil": (
        {"nature": "rediger", "volume": 10, "gravite": "gene", "regle": "non", "essai": "non"},
        "rien",
    ),
    "fréquentation de la médiathèque": (
        {"nature": "prevoir", "volume": 280, "gravite": "gene", "regle": "oui", "essai": "non"},
        "regle-ou-tableur",
    ),
    "dépôts sauvages filmés, droit inconnu": (
        {"nature": "reperer", "volume": 400, "gravite": "droits", "droit": "inconnu", **MEASURED, "modele": "non"},
        "eclaircir-avant-essai",
    ),
    "erreur grave, dernier mot inconnu": (
        {"nature": "reperer", "volume": 400, "gravite": "danger", "humain": "inconnu", **MEASURED},
        "eclaircir-avant-essai",
    ),
}  # fmt: skip


@pytest.mark.parametrize("need", NEEDS)
def test_advice_is_a_prudent_colleague_s_when_a_need_comes(need):
    answers, expected = NEEDS[need]
    assert expected in sheet(**answers).rules


def test_sheet_says_what_would_change_when_the_answer_is_no():
    for answers, expected in CASES.values():
        if expected != "modele-simple":
            assert sheet(**answers).conclusions("changer")


def test_every_axis_has_a_verdict_when_all_is_answered():
    answers, _ = CASES["risques"]
    found = {section.id: section.conclusions[0].conclusion for section in sheet(**answers).sections}
    axes = ("besoin", "donnees", "sans_ia", "cout", "competences", "empreinte", "sortie")
    assert all(found[axis].startswith("Passe") for axis in axes)
