"""Les six parcours du livre : aucun défaut, des évaluations complètes, une page chacun."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from formation import pathways, questions

ROOT = Path(__file__).resolve().parents[2]
NAMES = pathways.names()
HOURS = {
    "elus-2h": 2,
    "elus-demi-journee": 3.5,
    "agents-1-jour": 6,
    "agents-data-2-jours": 12,
    "formateur": 6,
    "universite-6-seances": 18,
}
DUTY = re.compile(
    r"\b(doit|doivent|obligatoires?|interdite?s?|est tenue?)\b|\b(?:19|20)\d\d\b|\d[\d\u202f\u00a0 ]*[%€]"
)


@pytest.fixture(params=NAMES)
def pathway(request):
    """Chaque parcours du livre."""
    return pathways.read(request.param, checked=False)


def test_pathway_has_no_problem(pathway):
    assert [f"{problem.where} : {problem.text}" for problem in pathways.check(pathway)] == []


def test_identifier_and_hours_are_those_promised(pathway):
    assert pathway.hours == HOURS[pathway.parcours]
    assert pathways.path(pathway.parcours).stem == pathway.parcours


def test_assessments_are_of_a_reasonable_length(pathway):
    assert 6 <= len(pathway.positionnement.questions) <= 10
    low = 8 if pathway.parcours == "elus-2h" else 10
    assert low <= len(pathway.evaluation_finale.questions) <= 20


def test_number_of_answers_written_in_a_step_is_the_number_of_questions(pathway):
    words = {6: "six", 7: "sept", 8: "huit", 9: "neuf", 10: "dix"} | {
        12: "douze", 14: "quatorze", 15: "quinze", 16: "seize", 17: "dix-sept", 18: "dix-huit", 20: "vingt",
    }  # fmt: skip
    produced = " ".join(step.produit for one in pathway.sequences() for step in one.etapes).lower()
    for part in (pathway.positionnement, pathway.evaluation_finale):
        assert f"{words[len(part.questions)]} réponses" in produced


def test_every_exercise_assesses_an_objective(pathway):
    graded = {control.partition("/")[0] for one in pathway.objectifs for control in one.controles}
    assert graded == set(pathway.exercises())


def test_every_sequence_says_how_and_what_is_produced(pathway):
    for sequence in pathway.sequences():
        assert len(sequence.methode) >= 15
        assert len(sequence.evaluation) >= 20
        assert sequence.materiel, sequence.id
        assert all(len(item) >= 8 for item in sequence.materiel), sequence.materiel
        for step in sequence.etapes:
            assert len(step.anime) >= 15, (sequence.id, step)
            assert step.anime != step.produit


def test_the_last_sequence_assesses_every_objective(pathway):
    assert set(pathway.sequences()[-1].vise) == {one.id for one in pathway.objectifs}


def test_placement_is_easier_than_the_end(pathway):
    bank = questions.load()
    rank = {"découverte": 0, "compréhension": 1, "approfondissement": 2}

    def mean(part):
        return sum(rank[bank[name].level] for name in part.questions) / len(part.questions)

    assert mean(pathway.positionnement) <= mean(pathway.evaluation_finale)


def test_page_shows_every_part_and_its_limits(pathway):
    text = (ROOT / f"book/parcours/{pathway.parcours}.md").read_text(encoding="utf-8")
    for part in ("fiche", "objectifs", "deroule", "materiel"):
        assert f"```{{parcours}} {pathway.parcours}\n:partie: {part}\n```" in text
    for heading in (
        "## En bref",
        "## Ce que vous saurez faire",
        "## Le déroulé",
        "## Adapter",
        "## Ce que ce parcours ne fait pas",
    ):
        assert f"\n{heading}\n" in text
    assert f"book/parcours/{pathway.parcours}" in (ROOT / "_toc.yml").read_text(encoding="utf-8")


def test_pages_cite_a_source_when_they_state_a_figure_or_a_duty():
    for file in sorted((ROOT / "book/parcours").glob("*.md")):
        body = re.sub(r"^---\n.*?\n---\n|^```.*?^```$", "", file.read_text(encoding="utf-8"), flags=re.S | re.M)
        for paragraph in re.split(r"\n\s*\n", body):
            bare = re.sub(r"\]\([^)]*\)|`[^`]*`", "", paragraph)
            if DUTY.search(bare):
                backed = re.search(r"\{src\}|hypothèse|exemple inventé", paragraph)
                assert backed or paragraph.startswith(">"), (file.name, paragraph[:90])


def test_pathway_files_are_plain_yaml():
    for file in sorted((ROOT / "book/parcours").glob("*.yml")):
        text = file.read_text(encoding="utf-8")
        assert yaml.safe_load(text)["parcours"] == file.stem
        assert not re.search(r"\{(src|chiffre|term)\}|\bcertifiant", text)
