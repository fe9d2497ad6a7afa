"""Un projet confronté à une charte : tenu, rompu, à éclaircir, jamais rassurant."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from formation import charter, workshop
from formation.charter.checking import commitments, in_force
from formation.charter.record import ASKED, PROJECT, grid

RULES = {
    "decision": "exception",
    "controle": ["compter", "temoins", "avis_avant"],
    "exclus": ["biometrie", "notation", "fraude", "candidatures", "conversation"],
    "inventaire": "an",
    "signaler": "oui",
    "donnees": "qualifie",
    "egalite": "oui",
    "relecture_projet": "oui",
    "sans_machine": "trois",
    "delai_humain": "deux_jours",
    "audit_acces": "oui",
    "solution_simple": "oui",
    "empreinte": "oui",
    "reversible": "oui",
    "seuil_conseil": "vingt_cinq_mille",
    "generative": "outil_fourni",
    "jamais_colle": ["personnelles", "secrets", "agents"],
    "relecture": "tout",
    "formation": "avant",
    "dialogue": "oui",
    "habitants": "reunion",
}
GOOD = {
    "p_decide": "propose",
    "p_corrections": "oui",
    "p_temoins": "oui",
    "p_avis": "oui",
    "p_usages": ["aucune"],
    "p_inventaire": "oui",
    "p_signale": "oui",
    "p_donnees": "qualifie",
    "p_egalite": "oui",
    "p_relu": "oui",
    "p_portes": ["telephone", "guichet", "papier"],
    "p_delai": "jour",
    "p_audit": "oui",
    "p_simple": "oui",
    "p_empreinte": "oui",
    "p_reversible": "oui",
    "p_montant": 24_999,
    "p_generative": "fourni",
    "p_colle": ["aucune"],
    "p_relecture": "oui",
    "p_formation": "oui",
    "p_dialogue": "sans_objet",
    "p_habitants": "reunion",
}


def test_nothing_is_kept_when_nothing_is_known():
    found = charter.check_project(charter.Charter(RULES), {})
    assert found.kept == ()
    assert found.broken == ()
    assert len(found.unknown) == len(in_force(charter.Charter(RULES))) == len(commitments())
    assert "On ne peut pas dire" in found.conclusion


def test_do_not_know_is_never_kept_when_answered_everywhere():
    tool = grid()
    unknown = {
        name: ["inconnu"] if question.type == "multiple" else "inconnu"
        for name, question in tool.questions.items()
        if name.startswith(PROJECT) and "inconnu" in question.option_ids
    }
    found = charter.check_project(charter.Charter(RULES), unknown)
    assert found.kept == ()
    assert found.broken == ()
    assert len(found.to_ask) >= len(found.unknown) - 1


def test_every_commitment_is_kept_when_the_project_does_all():
    found = charter.check_project(charter.Charter(RULES), GOOD)
    assert found.broken == ()
    assert found.unknown == ()
    assert len(found.kept) == len(commitments())
    assert "que personne d’autre n’a vérifiées" in found.conclusion


@pytest.mark.parametrize(
    ("change", "start"),
    [
        ({"p_decide": "seule", "p_recours": "non"}, "Décision"),
        ({"p_corrections": "non"}, "Corrections"),
        ({"p_temoins": "non"}, "Dossiers témoins"),
        ({"p_avis": "non"}, "Avis de l’agent"),
        ({"p_usages": ["fraude"]}, "Usages exclus"),
        ({"p_inventaire": "non"}, "Inventaire"),
        ({"p_signale": "non"}, "Signalement"),
        ({"p_donnees": "europe"}, "Données"),
        ({"p_egalite": "non"}, "Égalité"),
        ({"p_relu": "non"}, "Relectures"),
        ({"p_portes": ["telephone", "guichet"]}, "Voie sans machine"),
        ({"p_portes": ["aucune"]}, "Voie sans machine"),
        ({"p_delai": "semaine"}, "Joindre une personne"),
        ({"p_audit": "non"}, "Accessibilité"),
        ({"p_simple": "non"}, "Solution simple"),
        ({"p_empreinte": "non"}, "Empreinte"),
        ({"p_reversible": "non"}, "Réversibilité"),
        ({"p_montant": 25_000, "p_conseil": "non"}, "Conseil"),
        ({"p_generative": "autre"}, "IA générative"),
        ({"p_colle": ["agents"]}, "Ce qu’on n’y colle pas"),
        ({"p_relecture": "non"}, "Relecture"),
        ({"p_formation": "non"}, "Formation"),
        ({"p_dialogue": "non"}, "Représentants du personnel"),
        ({"p_habitants": "information"}, "Habitants"),
    ],
)
def test_one_commitment_is_broken_when_one_answer_contradicts_it(change, start):
    found = charter.check_project(charter.Charter(RULES), {**GOOD, **change})
    assert [line.split("\u00a0:")[0] for line in found.broken] == [start]
    assert len(found.steps) == 1
    assert "contredit la charte" in found.conclusion


def test_published_rule_with_an_appeal_is_allowed_when_the_charter_allows_it():
    project = {**GOOD, "p_decide": "seule", "p_recours": "oui"}
    found = charter.check_project(charter.Charter(RULES), project)
    assert found.broken == ()
    assert found.unknown == ()
    strict = charter.check_project(charter.Charter({**RULES, "decision": "jamais"}), project)
    assert strict.broken == ("Décision\u00a0: la machine décide seule",)


def test_project_is_judged_only_on_what_the_charter_says():
    found = charter.check_project(charter.Charter({"inventaire": "mois"}), {"p_decide": "seule", "p_inventaire": "oui"})
    assert found.broken == ()
    assert len(found.kept) == 1
    empty = charter.check_project(charter.Charter({}), GOOD)
    assert "aucun engagement" in empty.conclusion


def test_project_cannot_rewrite_the_charter_when_its_file_holds_choices():
    text = charter.Charter({"inventaire": "mois"})
    found = charter.check_project(text, {"decision": "jamais", "inventaire": "non", "p_inventaire": "non"})
    assert len(found.broken) == 1
    assert found.unknown == ()


def test_all_defects_of_a_project_are_said_at_once():
    with pytest.raises(charter.CharteInvalide) as raised:
        charter.check_project(charter.Charter(RULES), {"p_decide": "moi", "p_montant": "cher", "p_autre": 1})
    assert len(raised.value.problems) == 3


def test_no_commitment_is_both_kept_and_broken_when_answers_are_random():
    rng, tool = random.Random(447), grid()
    for _ in range(150):
        answers = {**workshop.random_answers(tool, rng), ASKED: "oui"}
        text = charter.Charter({k: v for k, v in answers.items() if not k.startswith(PROJECT)})
        project = {k: v for k, v in answers.items() if k.startswith(PROJECT)}
        found = charter.check_project(text, project)
        kept, broken = ({line.split(":")[0] for line in lines} for lines in (found.kept, found.broken))
        assert not kept & broken
        assert len(found.kept) + len(found.broken) + len(found.unknown) == len(in_force(text, project))


def test_example_of_the_page_gives_what_the_page_says(tmp_path):
    text = (Path(__file__).resolve().parents[2] / "book/outils/charte.md").read_text(encoding="utf-8")
    files = []
    for rank, block in enumerate(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)):
        files.append(tmp_path / f"{rank}.yml")
        files[-1].write_text(block, encoding="utf-8")
    found = charter.check_project(charter.read(files[0]), charter.read_project(files[1]))
    assert (len(found.kept), len(found.broken), len(found.unknown)) == (4, 3, 15)
    assert "quinze points" in text
    assert len(text.split()) <= 1500
