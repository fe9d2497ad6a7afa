"""Chapitres de partie : en-tête, quiz à côté de la page, recommandations comptées, termes liés une fois."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from formation.book.first_use import pattern
from formation.book.models import FichierInvalide
from formation.book.recommendations import coverage, quiz_files
from formation.errors import FormationError

MINI = Path(__file__).parent / "fixtures" / "mini"


@pytest.fixture(scope="module")
def page(mini):
    return BeautifulSoup((mini / "book/securiser/reglement-ia.html").read_text(encoding="utf-8"), "html.parser")


@pytest.mark.lent
@pytest.mark.xdist_group("livre")
def test_header_says_question_goals_date_and_sources_when_page_is_a_chapter(page, plain):
    header = page.select_one(".entete-chapitre")
    assert plain(page.select_one(".cas-titre").get_text(strip=True)) == "Partie · Sécuriser"
    assert plain(header.select_one(".question-posee").get_text(strip=True)) == "Ce projet est-il à haut risque ?"
    assert [plain(item.get_text(strip=True)) for item in header.select(".objectifs li")][1] == "Dire ce qui manque"
    assert header.select_one(".recommandations a")["href"].endswith("onze-recommandations.html#recommandation-9")
    facts = plain(header.select_one("details.date-faits").get_text(" ", strip=True))
    assert facts.startswith("Faits et droit arrêtés au 22 novembre 2026 ; 1 source citée")
    assert "Rapport sur les réseaux , Observatoire, 2024" in facts
    assert not page.select(".profondeurs")


@pytest.mark.lent
@pytest.mark.xdist_group("livre")
def test_quiz_is_read_beside_the_page_when_it_has_no_argument(page):
    assert [form["id"] for form in page.select(".quiz form")] == ["reglement-q1", "reglement-q2"]
    assert page.select_one("#reglement-q1 .reponses a")["href"] == "#quiz"


@pytest.mark.lent
@pytest.mark.xdist_group("livre")
def test_first_use_of_a_term_is_linked_once_when_page_is_prose(page, plain):
    linked = [plain(link.get_text()) for link in page.select("article a[href*='glossaire.html#term-']")]
    assert linked == ["courbes de captation", "ligne de base"]
    manual = next(link for link in page.select("a[href*='glossaire.html#term-']") if link.get_text() == "ligne de base")
    assert manual.parent.get_text().startswith("La marge d’erreur")


@pytest.mark.lent
@pytest.mark.xdist_group("livre")
def test_recommendations_are_counted_from_the_files_when_page_is_built(mini, plain):
    built = (mini / "book/onze-recommandations.html").read_text(encoding="utf-8")
    ninth = BeautifulSoup(built, "html.parser").select_one("#recommandation-9")
    text = plain(ninth.get_text(" ", strip=True))
    assert "Compter les critères (2 contrôles notés)" in text
    assert re.search(r"Le règlement européen\s* : 1 question de quiz", text)


def test_pattern_is_strict_when_words_touch_or_case_differs():
    found = pattern(["marge", "IA", "taux de base", "biais"])
    text = "Margelle, marges, IAE, l’IA, taux\u00a0de base, Taux de bases, biais, demi-marge"
    assert [match.group() for match in found.finditer(text)] == [
        "marges",
        "IA",
        "taux\u00a0de base",
        "Taux de bases",
        "biais",
    ]


def test_coverage_counts_checks_and_questions_when_files_name_their_recommendation():
    lines = coverage(MINI)
    assert [line.entry.numero for line in lines] == list(range(1, 12))
    assert (lines[8].checks, lines[8].questions) == (2, 1)
    assert (lines[9].checks, lines[9].questions) == (0, 1)
    assert len(quiz_files(MINI)) == 3


def test_coverage_says_which_numbers_are_read_when_one_is_missing(tmp_path):
    (tmp_path / "book").mkdir()
    rows = (MINI / "book/recommandations.yml").read_text(encoding="utf-8").splitlines()
    (tmp_path / "book/recommandations.yml").write_text("\n".join(rows[1:]), encoding="utf-8")
    with pytest.raises(FichierInvalide, match=r"2, 3, .*de 1 à 11"):
        coverage(tmp_path)


@pytest.mark.lent
@pytest.mark.xdist_group("livre")
@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (":date: 2026-11-22\n", "", "n’est pas la date des faits"),
        (":recommandations: 9", ":recommandations: 12", "n’est pas un numéro de recommandation"),
        ("- Reconnaître une courbe de captation\n- Dire ce qui manque\n", "Rien.\n", "les objectifs manquent"),
    ],
)
def test_build_stops_and_says_why_when_header_is_incomplete(tmp_path, construire, before, after, message):
    folder = tmp_path / "livre"
    shutil.copytree(MINI / "book", folder / "book", ignore=shutil.ignore_patterns("cas", "comite*", "onze*", "recomm*"))
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nchapters:\n  - file: book/securiser/reglement-ia\n"
        "  - file: book/sources\n  - file: book/glossaire\n",
        encoding="utf-8",
    )
    (folder / "book/index.md").write_text("# Livre\n\nUne page.\n", encoding="utf-8")
    settings = (MINI.parents[3] / "_config.yml").read_text(encoding="utf-8")
    (folder / "_config.yml").write_text(settings, encoding="utf-8")
    file = folder / "book/securiser/reglement-ia.md"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(FormationError, match=message):
        construire(folder)
