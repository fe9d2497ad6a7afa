"""Toutes les grilles livrées : saines, sourcées, atteignables ; et les défauts qu’une grille peut avoir."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import yaml

from formation import workshop
from formation.book.models import Source, read_yaml
from formation.workshop.loading import FOLDER

ROOT = Path(__file__).resolve().parents[2]
GRIDS = workshop.names()

SMALL = """
outil: essai
titre: Essai
question: Que faire ?
version: "1.0"
date_des_faits: 2026-11-22
avertissement: Ceci est un essai.
etapes:
  - titre: Étape
    questions:
      - {id: a, texte: A, type: choix, options: [{id: x, texte: X}, {id: y, texte: Y}]}
      - {id: n, texte: N, type: nombre, minimum: 0, maximum: 10, si: {question: a, est: x}}
themes: [{id: t, titre: T, unique: true}]
regles:
  - {id: un, theme: t, si: {question: n, au_moins: 3}, conclusion: Un}
  - {id: deux, theme: t, si: {question: a, est: x}, conclusion: Deux}
"""


@pytest.fixture
def grille(tmp_path):
    """Écrit une petite grille, changée par endroits, et la lit."""

    def read(*changes: tuple[str, str]):
        text = SMALL
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "essai.yml"
        path.write_text(text, encoding="utf-8")
        return workshop.read_grid(path)

    return read


@pytest.mark.parametrize("name", GRIDS)
def test_grid_loads_when_shipped(name):
    grid = workshop.load(name)
    assert grid.outil == name
    assert grid.date_des_faits.isoformat() <= "2026-11-22"


@pytest.mark.parametrize("name", GRIDS)
def test_every_source_is_known_when_a_grid_cites_it(name):
    known = {source.cle for source in read_yaml(ROOT / "book/sources.yml", list[Source], name="sources.yml")}
    assert set(workshop.load(name).source_keys) <= known


@pytest.mark.parametrize("name", GRIDS)
def test_every_rule_can_be_reached(name):
    grid, rng = workshop.load(name), random.Random(447)
    lost = [rule.id for rule in grid.regles if workshop.reach(grid, rule.id, rng) is None]
    assert lost == []


@pytest.mark.parametrize("name", GRIDS)
def test_every_theme_says_something_when_nothing_is_answered_or_stays_silent(name):
    grid = workshop.load(name)
    sheet = workshop.evaluate(grid, {})
    asked = [q for q in grid.questions.values() if q.si is None and not q.facultatif]
    assert {unknown.question for unknown in sheet.unknowns} == {question.id for question in asked}
    assert sheet.answers == ()


def test_grid_without_defect_loads_when_small(grille):
    assert [rule.id for rule in grille().regles] == ["un", "deux"]


DEFECTS = [
    (("si: {question: n, au_moins: 3}", "si: {question: m, au_moins: 3}"), "« m » n’est pas une question"),
    (("conclusion: Deux}", "conclusion: Deux, sources: 3}"), "une liste est attendue"),
    (("theme: t, si: {question: a, est: x}", "theme: t, si: {question: a, est: z}"), "« z » n’est pas une réponse"),
    (("si: {question: n, au_moins: 3}", "si: {regle: deux}"), "« deux » n’est pas une règle placée avant"),
    (("si: {question: n, au_moins: 3}, conclusion: Un", "conclusion: Un"), "jamais retenue"),
    (("{id: deux, theme: t", "{id: deux, theme: u"), "le thème « u » n’existe pas"),
    (("{id: deux, theme: t", "{id: un, theme: t"), "identifiant employé 2 fois"),
    (("maximum: 10, si: {question: a, est: x}", "maximum: 10, si: {question: n, au_moins: 1}"), "vient après"),
    (("maximum: 10, si: {question: a, est: x}", "maximum: 10, si: {regle: un}"), "ne dépend que de réponses"),
    (
        ("theme: t, si: {question: a, est: x}", "theme: t, si: {tous: [{question: a, est: x}, {question: a, est: y}]}"),
        "deux réponses qui s’excluent",
    ),
    (("si: {question: n, au_moins: 3}", "si: {question: a, est: y}"), "aucune règle, note ou condition ne s’en sert"),
    (("si: {question: n, au_moins: 3}", "si: {question: n, est: x}"), "« est » ne va pas avec « n »"),
    (("si: {question: n, au_moins: 3}", "si: {question: n}"), "demande une épreuve et une seule"),
    (("si: {question: n, au_moins: 3}", "si: {}"), "un sujet et un seul"),
    (("si: {question: n, au_moins: 3}", "si: {note: z, au_moins: 3}"), "la note « z » n’existe pas"),
    (('version: "1.0"', "version: 1.0"), "entre guillemets"),
    (("titre: Essai", "titre: Essai\nautre: 1"), "n’est pas connue"),
    (("{id: x, texte: X}, {id: y, texte: Y}", "{id: x, texte: X}"), "au moins deux options"),
    (("minimum: 0, maximum: 10", "minimum: 10, maximum: 0"), "plus petit que le maximum"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), DEFECTS, ids=[message for _, message in DEFECTS])
def test_defect_is_said_in_french_when_the_grid_has_it(grille, plain, change, message):
    with pytest.raises(workshop.GrilleInvalide) as raised:
        grille(change)
    assert message in plain(raised.value)


def test_all_defects_are_said_at_once_when_there_are_several(grille, plain):
    with pytest.raises(workshop.GrilleInvalide) as raised:
        grille(
            ("si: {question: n, au_moins: 3}", "si: {question: m, au_moins: 3}"),
            ("{id: deux, theme: t", "{id: deux, theme: u"),
        )
    assert "« m »" in plain(raised.value)
    assert "« u »" in plain(raised.value)


NOTE = """
notes:
  - id: p
    titre: P
    sur: {sur}
    points: {points}
    niveaux: [{niveaux}]
themes:"""


@pytest.mark.parametrize(
    ("total", "points", "levels", "message"),
    [
        (3, "{a: {x: 2}}", "{a_partir_de: 0, texte: bas}", "le meilleur total possible est 2"),
        (2, "{a: {z: 2}}", "{a_partir_de: 0, texte: bas}", "« z » n’est pas une réponse"),
        (2, "{n: {x: 2}}", "{a_partir_de: 0, texte: bas}", "n’est pas une question à réponses proposées"),
        (2, "{a: {x: 2}}", "{a_partir_de: 1, texte: bas}", "les niveaux commencent à 0"),
    ],
)
def test_note_is_refused_when_its_sums_are_wrong(grille, plain, total, points, levels, message):
    text = NOTE.replace("{sur}", str(total)).replace("{points}", points).replace("{niveaux}", levels)
    with pytest.raises(workshop.GrilleInvalide) as raised:
        grille(("\nthemes:", text))
    assert message in plain(raised.value)


def test_message_names_known_tools_when_the_tool_is_unknown():
    with pytest.raises(workshop.GrilleInvalide, match="besoin"):
        workshop.load("besoins")


@pytest.mark.parametrize("name", GRIDS)
def test_file_is_plain_yaml_without_tag_when_shipped(name):
    text = (FOLDER / f"{name}.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["outil"] == name


def test_no_text_of_the_grid_can_close_the_script_of_the_page(grille):
    from formation.book.directives import tool

    written = tool.json_text(grille(("titre: Essai", 'titre: "</script><img src=x>"')))
    assert "<" not in written
    assert json.loads(written)["grille"]["titre"] == "</script><img src=x>"
