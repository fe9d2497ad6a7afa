"""Les quatre parties : chaque fait est sourcé et daté, chaque recommandation est enseignée, pratiquée et notée."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from formation.book.recommendations import coverage
from formation.palette import PARTS

ROOT = Path(__file__).parents[2]
NOT_CHAPTERS = {"index", "exercices"}
PAGES = sorted(
    page
    for folder in (*PARTS, "outils")
    for page in (ROOT / "book" / folder).glob("*.md")
    if page.stem not in NOT_CHAPTERS
)
CHAPTERS = [page for page in PAGES if page.parent.name in PARTS and page.parent.name != "animer"]
"""Les pages de « Animer une formation » sont des modes d’emploi : sourcées et datées, sans fiche de décision."""
LEAST_CHECKS, LEAST_QUESTIONS, LEAST_TERMS, MOST_WORDS = 3, 10, 120, 4000
DUTY = re.compile(r"\b(doit|doivent|obligatoires?|obligations?|interdite?s?|interdits?|est tenue?|sont tenue?s)\b")
QUANTITY = re.compile(
    r"\d[\d\u202f\u00a0,]*(?:\s*à\s*\d[\d\u202f\u00a0,]*)?[\s\u00a0\u202f]*(%|€|euros?\b|M€|k€|Wh|kWh|MWh|TWh|g\b|kg|tonnes?\b|t\b|litres?|mL|m³|"
    r"habitants?|agents?|communes|collectivités|personnes|millions?|milliards?|jours\b|mois\b|ans\b|heures\b|h\b|critères)"
    r"|\b(?:19|20)\d\d\b"
)
ROLES = re.compile(r"\{(?:src|chiffre)\}`[^`]+`")
SYNTHETIC = re.compile(r"hypothèse|exemple inventé|inventée?s?\b|Aubeline|fictif|fictive", re.I)


def blocks(text: str) -> list[str]:
    """Paragraphes, éléments de liste et lignes de tableau, hors titres, code, directives et fiches à cocher."""
    text = re.sub(r"^---\n.*?\n---\n", "", text, flags=re.S)
    text = re.sub(r"^(:{4,})\{fiche-decision\}.*?^\1\n", "", text, flags=re.S | re.M)
    text = re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        current = ""
        for line in paragraph.splitlines():
            if re.match(r"#|:::|:\w[\w-]*:|\|[ :|-]+\|$", line):
                continue
            if re.match(r"\s*(?:[-*]|\d+\.)\s|\|", line):
                found.append(current)
                current = line
            else:
                current += " " + line
        found.append(current)
    return [block.strip() for block in found if block.strip()]


def unsourced(text: str) -> list[str]:
    """Blocs qui énoncent un chiffre ou un devoir sans dire d’où il vient."""
    wanting = []
    for block in blocks(text):
        if ROLES.search(block) or SYNTHETIC.search(block):
            continue
        bare = re.sub(r"\{\w+\}`[^`]*`|\]\([^)]*\)|`[^`]*`", "", block)
        if DUTY.search(bare) or QUANTITY.search(bare):
            wanting.append(block[:110])
    return wanting


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_every_figure_and_duty_is_sourced(page):
    assert unsourced(page.read_text("utf-8")) == []


def test_unsourced_figure_and_duty_are_seen_when_nothing_backs_them():
    text = (
        "# Titre de 2024\n\nUn coût de 12 000 € par an.\n\nLa commune doit publier.\n\n- En 2025, rien.\n"
        "- En 2025, une loi {src}`L1`.\n\n| a | 30 % |\n|---|---|\n| b | {chiffre}`eau.x` |\n\n"
        "Aubeline compte 74 000 habitants.\n\n:::::{fiche-decision} Oui ?\n- [ ] 3 ans\n:::::\n"
    )
    assert unsourced(text) == [
        "Un coût de 12 000 € par an.",
        "La commune doit publier.",
        "- En 2025, rien.",
        "| a | 30 % |",
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_page_says_when_its_facts_were_read(page):
    header = re.search(r"^:::\{entete-chapitre\} .+\?\n((?::[\w]+:.*\n)+)((?:- .+\n)+)", page.read_text("utf-8"), re.M)
    assert header, "en-tête absent, sans question ou sans objectifs"
    assert len(re.findall(r"^- ", header.group(2), re.M)) >= 2
    stated = re.search(r"^:date: (\S+)$", header.group(1), re.M)
    assert stated
    # après minuit en France, il n’est pas encore minuit partout
    assert date(2026, 11, 21) <= date.fromisoformat(stated.group(1)) <= datetime.now(UTC).date() + timedelta(days=1)


@pytest.mark.parametrize("page", CHAPTERS, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_chapter_has_its_rooms_and_reads_in_twenty_minutes(page):
    text = page.read_text("utf-8")
    assert "{fiche-decision}" in text
    assert re.search(r"^## Quiz\n+```\{quiz\}\n```$", text, re.M)
    assert ":class: a-retenir" in text
    assert page.with_name(f"{page.stem}.quiz.yml").is_file()
    assert len(re.findall(r"\w[\w’'-]*", text)) <= MOST_WORDS
    if page.parent.name == "securiser":
        assert "conseil juridique" in text


@pytest.fixture(scope="module")
def lines():
    return coverage(ROOT)


@pytest.mark.parametrize("number", range(1, 12))
def test_recommendation_is_taught_practised_and_graded(lines, number):
    line = lines[number - 1]
    for page in (*line.entry.enseignee, *line.entry.pratiquee):
        assert (ROOT / f"{page}.md").is_file(), page
    assert line.checks >= LEAST_CHECKS
    assert line.questions >= LEAST_QUESTIONS


def test_every_chapter_serves_a_recommendation_or_its_part(lines):
    taught = {page for line in lines for page in line.entry.enseignee}
    assert {page.relative_to(ROOT).as_posix().removesuffix(".md") for page in CHAPTERS} <= taught


def test_glossary_is_long_enough_to_read_the_book_alone():
    text = (ROOT / "book/glossaire.md").read_text("utf-8")
    terms = [
        term
        for block in re.findall(r"```\{glossary\}\n(.*?)```", text, re.S)
        for term in re.findall(r"^\S.*", block, re.M)
    ]
    assert len(terms) >= LEAST_TERMS
