"""La page du livre lit une grille comme la bibliothèque : mêmes fiches, mot pour mot."""

from __future__ import annotations

import io
import json
import random
import zipfile
import zlib
from datetime import date

import pytest

from formation import workshop
from formation.book import extension
from formation.book.directives import tool

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("livre")]

SCRIPT = extension.THEME / "static" / "outil.js"
DAY = date(2026, 11, 30)
SETS = 200


@pytest.fixture(scope="module")
def page(navigateur):
    """Page vide où seul le script de l’outil est chargé."""
    context = navigateur.new_context(locale="fr-FR")
    opened = context.new_page()
    opened.add_script_tag(path=SCRIPT)
    yield opened
    context.close()


@pytest.mark.parametrize("name", workshop.names())
def test_sheets_are_the_same_in_python_and_in_the_page_when_answers_are_random(page, name):
    grid, rng = workshop.load(name), random.Random(447)
    answers = [workshop.random_answers(grid, rng) for _ in range(SETS)]
    answers += [found for rule in grid.regles if (found := workshop.reach(grid, rule.id, rng, 40)) is not None]
    expected = [workshop.evaluate(grid, one, on=DAY).document().to_dict() for one in answers]
    sums = [zlib.crc32(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode()) for one in expected]
    page.evaluate("donnees => { window.donnees = donnees; }", tool.payload(grid))
    # Des sommes plutôt que des fiches : cinq mégaoctets passeraient mal par le pilote du navigateur.
    found = page.evaluate(
        """([reponses, jour]) => reponses.map((r) =>
            formationOutil.somme(JSON.stringify(formationOutil.fiche(donnees, r, jour))))""",
        [answers, DAY.isoformat()],
    )
    for rank in [rank for rank, (here, there) in enumerate(zip(sums, found, strict=True)) if here != there][:1]:
        there = page.evaluate("([r, jour]) => formationOutil.fiche(donnees, r, jour)", [answers[rank], DAY.isoformat()])
        assert there == expected[rank], f"réponses : {answers[rank]}"
    assert found == sums


def test_odt_from_the_page_holds_the_same_text_when_unzipped(page):
    grid = workshop.load("besoin")
    answers = workshop.random_answers(grid, random.Random(3))
    octets = page.evaluate(
        """async ([donnees, reponses, jour]) => {
            const doc = formationOutil.fiche(donnees, reponses, jour);
            return [...new Uint8Array(await formationOutil.ecrireOdt(doc, donnees.odt).arrayBuffer())];
        }""",
        [tool.payload(grid), answers, DAY.isoformat()],
    )
    from odf import teletype
    from odf.opendocument import load

    raw = bytes(octets)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "mimetype"
    text = teletype.extractText(load(io.BytesIO(raw)).text)
    sheet = workshop.evaluate(grid, answers, on=DAY)
    for section in sheet.sections:
        assert section.title in text
        assert all(one.conclusion in text for one in section.conclusions)


def test_page_lists_every_problem_when_the_file_is_wrong(page):
    grid = workshop.load("besoin")
    content = {"outil": "autre", "reponses": {"inconnue": 1, "nom": ["a", "b"]}}
    answers, problems = page.evaluate(
        "([donnees, texte]) => formationOutil.lireFichier(donnees.grille, texte)",
        [tool.payload(grid), json.dumps(content)],
    )
    assert answers == {}
    assert len(problems) == 3
