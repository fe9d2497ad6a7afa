"""Les outils d’atelier dans un vrai navigateur : clavier, erreurs, fichiers, impression, sans JavaScript."""

from __future__ import annotations

import json
import re
import zipfile

import pytest

from formation import workshop

pytestmark = [pytest.mark.navigateur, pytest.mark.lent, pytest.mark.xdist_group("livre")]

PAGE = "book/outils/faut-il-une-ia.html"


def field(name: str, option: str = "") -> str:
    return f"#outil-besoin-{name}" + (f"-{option}" if option else "")


def test_sheet_follows_the_keyboard_and_files_come_back(ouvrir, livre, tmp_path, plain):
    page = ouvrir(livre, PAGE)
    sheet, status = page.locator(".outil-document"), page.locator(".outil-etat")
    assert status.get_attribute("aria-live") == "polite"
    assert status.inner_text() == ""

    page.focus(field("decision", "nommee"))
    page.keyboard.press("ArrowDown")
    assert "Rien pour l’instant, nommez d’abord la décision" in sheet.inner_text()
    assert "Fiche à jour" in status.inner_text()

    number = page.locator(field("volume"))
    number.fill("douze")
    assert number.get_attribute("aria-invalid") is None
    number.blur()
    assert number.get_attribute("aria-invalid") == "true"
    error = page.locator(f"{field('volume')}-erreur")
    assert "n’est pas un nombre" in error.inner_text()
    assert error.get_attribute("id") in number.get_attribute("aria-describedby")
    number.fill("1 200")
    number.blur()
    assert number.get_attribute("aria-invalid") is None

    hidden = page.locator("[data-question=modele]")
    assert not hidden.is_visible()
    page.check(field("nature", "prevoir"))
    page.check(field("essai", "insuffisante"))
    assert hidden.is_visible()
    page.fill(field("nom"), "<img src=x onerror=alert(1)>")
    page.locator(field("nom")).blur()
    assert "<img src=x" in sheet.inner_text()
    assert sheet.locator("img").count() == 0

    page.click("[data-outil=effacer]")  # rien n’est enregistré : la page demande, ce navigateur répond non
    assert "nommez d’abord la décision" in sheet.inner_text()
    with page.expect_download() as saved:
        page.click("[data-outil=enregistrer]")
    file = tmp_path / "reponses.json"
    saved.value.save_as(file)
    grid = workshop.load("besoin")
    answers = workshop.read_answers(grid, file)
    assert answers["volume"] == 1200
    assert answers["decision"] == "vague"
    with page.expect_download() as written:
        page.click("[data-outil=odt]")
    written.value.save_as(tmp_path / "fiche.odt")
    with zipfile.ZipFile(tmp_path / "fiche.odt") as archive:
        assert "nommez d’abord la décision" in archive.read("content.xml").decode()

    page.click("[data-outil=effacer]")
    assert "nommez d’abord" not in sheet.inner_text()
    wrong = tmp_path / "faux.json"
    wrong.write_text(json.dumps({"outil": "besoin", "reponses": {"x": 1, "decision": "z"}}), encoding="utf-8")
    page.set_input_files("input[type=file]", wrong)
    page.wait_for_selector(".outil-message li")
    assert page.locator(".outil-message li").count() == 2
    page.set_input_files("input[type=file]", file)
    page.wait_for_function("document.querySelector('.outil-message').textContent.includes('est repris')")
    assert "nommez d’abord la décision" in sheet.inner_text()

    page.evaluate("window.print = () => {}")
    page.click("[data-outil=imprimer]")
    page.emulate_media(media="print")
    assert not page.locator(".outil form").is_visible()
    assert sheet.is_visible()
    pdf = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 4
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".masque-impression").count() == 0
    assert page.erreurs == []
    assert all(url.startswith(("file:", "blob:")) for url in page.demandes)


def test_questions_and_rules_are_readable_when_javascript_is_off(ouvrir, livre):
    page = ouvrir(livre, PAGE, script=False)
    assert page.locator(field("decision", "vague")).is_visible()
    assert page.locator("[data-question=modele]").is_visible()
    assert "Seulement si" in page.inner_text("[data-question=modele]")
    assert not page.locator(".outil-fiche").is_visible()
    page.click(".outil-regles > summary")
    rules = page.inner_text(".outil-regles")
    assert all(rule.conclusion in rules for rule in workshop.load("besoin").regles)


@pytest.mark.parametrize("width", [1280, 390])
def test_no_table_of_a_tool_has_to_be_dragged_when_the_screen_is_narrow_or_wide(ouvrir, livre, width):
    wider = """selecteur => [...document.querySelectorAll(selecteur)]
        .filter((d) => d.scrollWidth > d.clientWidth + 1).map((d) => d.getAttribute("aria-label"))"""
    page = ouvrir(livre, "book/outils/marche.html", width=width)
    for fold in page.locator(".marche details > summary").all():
        fold.click()
    assert page.locator(".marche table").count() >= 4
    assert page.evaluate(wider, ".marche .defile") == []
    cell = page.locator(".marche td").first
    assert cell.get_attribute("role") == "cell"
    label = cell.evaluate("noeud => getComputedStyle(noeud, '::before').content")
    assert (label == "none") is (width > 600)

    page = ouvrir(livre, "book/outils/droit.html", width=width)
    for question, answer in (("usage", "accueil"), ("technique", "genere"), ("donnees_perso", "oui"), ("parle", "oui")):
        page.check(f"#outil-droit-{question}-{answer}")
    assert page.evaluate(wider, ".outil-document .defile") == []
    table = page.locator(".outil-document table").first
    assert table.locator("caption").inner_text() == "L’essentiel, point par point"
    side = "th => th.getBoundingClientRect().bottom <= th.nextElementSibling.getBoundingClientRect().top + 1"
    assert table.locator("tbody th").first.evaluate(side) is (width <= 600)
    assert page.locator(".outil-document h3").all_inner_texts()[:2] == ["L’essentiel", "À faire"]
    assert page.erreurs == []


def test_detail_starts_on_a_new_page_when_the_sheet_is_printed(ouvrir, livre):
    page = ouvrir(livre, "book/outils/droit.html")
    for question, answer in (
        ("usage", "reseau"),
        ("technique", "apprend"),
        ("donnees_perso", "non"),
        ("danger", "non"),
    ):
        page.check(f"#outil-droit-{question}-{answer}")
    page.evaluate("window.print = () => {}")
    page.click("[data-outil=imprimer]")
    page.emulate_media(media="print")
    start = "noeud => getComputedStyle(noeud).breakBefore"
    assert page.locator(".outil-detail").evaluate(start) == "page"
    page.evaluate(
        """() => { const debut = document.querySelector(".outil-detail");
        while (debut.nextSibling) debut.nextSibling.remove();
        debut.remove(); }"""
    )
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
