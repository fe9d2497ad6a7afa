"""Ce que chaque page promet, vérifié sans navigateur : langue, titres, images, rien d’anglais, rien d’ailleurs."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from formation import slides

pytestmark = [pytest.mark.lent, pytest.mark.xdist_group("livre")]

ENGLISH = re.compile(
    r"\b(Toggle|Search|Main|Previous|Next|Copy|Permalink|Link to this|Show code|Hide code|Skip to|Contents|Note that|"
    r"Warning|Table of|Last updated|Created using|Source code|Click|Loading|Index)\b"
)
KILOBYTES = 1000


def pages(site: Path) -> dict[str, BeautifulSoup]:
    found = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*.html"))}
    return {name: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for name, path in found.items()}


@pytest.fixture(scope="module", params=["mini", "livre"])
def site(request: pytest.FixtureRequest) -> Path:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def arbres(site: Path) -> dict[str, BeautifulSoup]:
    return pages(site)


def interface(page: BeautifulSoup) -> str:
    """Texte de l’interface : tout sauf le code, les références bibliographiques et les citations."""
    copy = BeautifulSoup(str(page), "html.parser")
    quoted = "cite, .sources dd, .date-faits ul, .projet-sources, em, q, [lang=en]"
    for element in copy.select(f"pre, code, script, style, {quoted}"):
        element.decompose()
    attributes = " ".join(
        str(element.get(name, ""))
        for element in copy.find_all(True)
        for name in ("aria-label", "title", "alt", "placeholder")
    )
    return copy.get_text(" ") + " " + attributes


def test_language_and_single_h1_when_page_is_read(arbres):
    for name, page in arbres.items():
        assert page.html["lang"] == "fr", name
        assert len(page.find_all("h1")) == 1, name
        assert page.title.get_text(strip=True), name


def test_headings_never_skip_a_level_when_page_is_read(arbres):
    for name, page in arbres.items():
        levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
        assert all(after - before <= 1 for before, after in pairwise(levels)), name


def test_identifiers_are_unique_when_page_is_read(arbres):
    for name, page in arbres.items():
        repeated = [key for key, count in Counter(e["id"] for e in page.find_all(id=True)).items() if count > 1]
        assert repeated == [], name


def test_no_english_is_left_when_interface_is_read(arbres):
    for name, page in arbres.items():
        found = ENGLISH.findall(interface(page))
        assert found == [], name


def test_nothing_is_asked_elsewhere_when_page_loads(arbres):
    for name, page in arbres.items():
        targets = [
            e.get("src") or e.get("href") for e in page.select("script[src], link[href], img[src], iframe, source")
        ]
        assert [t for t in targets if t and re.match(r"(https?:)?//", t)] == [], name
        assert page.find_all(lambda element: any(key.startswith("on") for key in element.attrs)) == [], name


def test_internal_links_lead_somewhere_when_followed(site, arbres):
    anchors = {name: {e["id"] for e in page.find_all(id=True)} for name, page in arbres.items()}
    broken = []
    for name, page in arbres.items():
        for link in page.find_all("a", href=True):
            if re.match(r"[a-z]+:", link["href"]):
                continue
            target, _, anchor = link["href"].partition("#")
            path = (site / name).parent.joinpath(target).resolve() if target else site.resolve() / name
            relative = path.relative_to(site.resolve()).as_posix() if path.is_relative_to(site.resolve()) else str(path)
            if not path.is_file() or (anchor and relative in anchors and anchor not in anchors[relative]):
                broken.append(f"{name} → {link['href']}")
    assert broken == []


def test_every_image_says_something_when_not_seen(arbres):
    for name, page in arbres.items():
        for image in page.find_all("img"):
            assert len(image.get("alt", "")) >= 15, name
            assert not re.search(r"\.(png|svg|jpe?g)$", image["alt"]), name
        for drawing in page.find_all("svg"):
            assert drawing.get("aria-hidden") == "true" or drawing.get("aria-label"), name


def test_tables_have_scoped_headers_when_read(arbres):
    for name, page in arbres.items():
        for table in page.select("table.dataframe, .figure-interactive table"):
            assert all(header.get("scope") in ("col", "row") for header in table.find_all("th")), name


def test_theme_stays_light_when_weighed(site):
    static = site / "_static"
    assert (static / "aubeline.css").stat().st_size <= 40 * KILOBYTES
    assert (static / "aubeline.js").stat().st_size <= 12 * KILOBYTES
    unwanted = [
        path.name for path in static.rglob("*") if re.search(r"fontawesome|bootstrap|thebe|mathjax|jquery", path.name)
    ]
    assert unwanted == []


def test_first_visit_stays_light_when_compressed(site, arbres):
    for name, page in arbres.items():
        files = {site / name}
        for element in page.select("script[src], link[rel=stylesheet], img[src]"):
            address = (element.get("src") or element.get("href")).partition("?")[0]
            files.add((site / name).parent / address)
        weight = sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)
        assert weight <= 400 * KILOBYTES, name
        if page.select(".figure-interactive"):
            assert weight + len(gzip.compress((site / "_static/vega.js").read_bytes(), 6)) <= 700 * KILOBYTES, name


def test_every_page_is_built_when_in_the_plan(livre):
    from sphinx_external_toc.parsing import parse_toc_yaml

    plan = parse_toc_yaml(Path(__file__).resolve().parents[2] / "_toc.yml")
    built = {path.relative_to(livre).with_suffix("").as_posix() for path in livre.rglob("*.html")}
    decks = {f"diapos/{name}" for name in slides.names()}
    assert built - {"index", "search"} == set(plan) | decks


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("book/index", "Vous êtes élu"),
        ("book/cas/eau", "Le projet réel"),
        ("book/sources", "Sources"),
        ("book/glossaire", "courbe de captation"),
    ],
)
def test_key_sentence_is_there_when_page_is_built(livre, name, sentence):
    text = BeautifulSoup((livre / f"{name}.html").read_text(encoding="utf-8"), "html.parser").main.get_text(" ")
    assert sentence.lower() in text.lower().replace("élue ou élu", "élu")


def test_every_figure_is_shown_when_study_is_executed(livre):
    root = Path(__file__).resolve().parents[2]
    for source in root.glob("cases/*/etude.md"):
        promised = source.read_text(encoding="utf-8").count("    alt:")
        name = source.relative_to(root).with_suffix(".html")
        page = BeautifulSoup((livre / name).read_text(encoding="utf-8"), "html.parser")
        assert len(page.main.find_all("img")) == promised > 0, name


def test_a_chapter_has_its_rooms_without_being_a_case_when_mini_book_is_built(mini, plain):
    page = BeautifulSoup((mini / "book/comite-donnee.html").read_text(encoding="utf-8"), "html.parser")
    assert page.select_one("body")["class"] == ["cas-comite"]
    assert plain(page.select_one(".cas-titre").get_text()) == "Chapitre · Comité de la donnée"
    badges = [plain(badge.get_text()) for badge in page.select(".badge")]
    assert badges == ["Décider", "Explorer (à venir)", "Construire (à venir)"]
    assert plain(page.select_one(".chiffre").get_text()) == "12 %"
    assert page.select_one(".reponses a")["href"] == "#verifiez-vous"
    assert "comite-01-zeros-perdus" in page.select_one(".exercices").get_text()
    assert [plain(name.get_text()) for name in page.select(".decisions .avis")] == ["Partager", "Ne pas partager"]
    assert {link["href"] for link in page.select(".decisions a")} == {"#fiche-j4", "#fiche-j2"}
    first, _ = page.select("section.fiche-partage")
    assert first.h3.get_text() == "Sorties scolaires et repas"
    assert "L’erreur passe de 12 % à 9 %" in plain(first.get_text())
    assert [term.get_text() for term in first.select("details dt")][-1] == "Revue"
    home = BeautifulSoup((mini / "book/index.html").read_text(encoding="utf-8"), "html.parser")
    assert "comite" not in str(home.select(".six-cas"))
    assert ".cas-comite{--cas:var(--cas-comite)}" in (mini / "_static/aubeline.css").read_text(encoding="utf-8")


def test_each_directive_leaves_its_mark_when_mini_book_is_built(mini):
    chapter = BeautifulSoup((mini / "book/cas/eau.html").read_text(encoding="utf-8"), "html.parser")
    for selector in (
        ".entete-cas .badge[aria-current=page]",
        ".lecture",
        ".projet-reel dt",
        ".renvoi",
        ".figure-interactive input[type=range]",
        ".figure-interactive svg[data-taille=etroite]",
        ".avant-apres .paire img[width][loading=lazy]",
        ".avant-apres .couleurs li",
        "math",
        ".fiche-decision label input, .fiche-decision input + label",
        ".fiche-decision textarea",
        ".quiz fieldset legend",
        ".admonition.jouet",
    ):
        assert chapter.select(selector), selector
    assert chapter.select_one("body")["class"] == ["cas-eau"]
    home = BeautifulSoup((mini / "book/index.html").read_text(encoding="utf-8"), "html.parser")
    assert len(home.select(".six-cas:not(.grille-cas) li")) == 6
    assert [name.get_text(strip=True) for name in home.select(".grille-cas .cas-nom")] == ["Eau"]
    assert len(home.select(".grille-cas .cas-pages a[href]")) == 3
    assert "n’existe pas" in home.select_one(".carte").get_text()
    study = BeautifulSoup((mini / "cases/eau/etude.html").read_text(encoding="utf-8"), "html.parser")
    assert study.select("details.replie summary")[0].get_text() == "Afficher le code"
    exercises = BeautifulSoup((mini / "book/cas/eau-exercices.html").read_text(encoding="utf-8"), "html.parser")
    assert "2 points" in exercises.select_one(".exercice-faits").get_text().replace("\u00a0", " ")
