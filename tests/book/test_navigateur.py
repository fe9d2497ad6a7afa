"""Le livre dans un vrai navigateur, depuis le disque comme sur une clé USB."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = [pytest.mark.navigateur, pytest.mark.lent, pytest.mark.xdist_group("livre")]

CHAPTER = "book/cas/eau.html"


@pytest.mark.parametrize("query", ["election", "ÉLECTIONS", "l’élection"])
def test_search_finds_the_page_when_accents_differ(ouvrir, mini, plain, query):
    page = ouvrir(mini, "search.html", query=f"?q={query}")
    page.wait_for_selector("#resultats li")
    assert plain(page.inner_text("#resultats .resultat-titre a")) == "Où chercher les fuites d’abord ?"
    assert "Les élections" in page.inner_text("#resultats li")
    assert re.match(r"1 page pour", page.inner_text("#recherche-etat"))
    assert page.get_attribute("#recherche-etat", "role") == "status"
    assert page.erreurs == []


def test_search_finds_a_title_when_accents_are_missing(ouvrir, mini):
    page = ouvrir(mini, "search.html", query="?q=etude")
    page.wait_for_selector("#resultats li")
    assert "L’étude du cas eau" in page.locator("#resultats .resultat-titre").all_inner_texts()


def test_search_marks_the_word_when_a_ligature_comes_before(ouvrir, mini):
    page = ouvrir(mini, "search.html", query="?q=glossaire")
    page.wait_for_selector("#resultats mark")
    marked = page.locator("#resultats li", has_text="manœuvre").locator("mark")
    assert marked.all_inner_texts() == ["glossaire"]


def test_search_says_so_when_nothing_is_found(ouvrir, mini):
    page = ouvrir(mini, "search.html", query="?q=xylophone")
    page.wait_for_function("document.getElementById('recherche-etat').textContent")
    assert "Aucune page ne contient « xylophone »" in page.inner_text("#recherche-etat")


def test_search_is_reached_with_the_keyboard_when_typed_in_header(ouvrir, mini):
    page = ouvrir(mini, CHAPTER)
    page.focus("#champ-recherche")
    page.keyboard.type("fonte")
    page.keyboard.press("Enter")
    page.wait_for_selector("#resultats li")
    page.focus("#question")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#resultats') !== null")


def test_quiz_answers_with_the_keyboard_when_question_is_single(ouvrir, mini):
    page = ouvrir(mini, CHAPTER)
    page.focus("#eau-q01-1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    verdict = page.locator("#eau-q01 .verdict")
    assert "Ce n’est pas la bonne réponse" in verdict.inner_text()
    assert "la courbe ne parle pas de prix" in verdict.inner_text()
    assert verdict.get_attribute("role") == "status"
    page.locator("#eau-q01-1").check()
    assert verdict.inner_text() == ""
    page.locator("#eau-q01 button").click()
    assert "Bonne réponse" in verdict.inner_text()
    assert "1 réponse juste pour 1 question vérifiée, sur 2." in page.inner_text(".quiz-total")
    page.locator("[data-action=quiz-zero]").click()
    assert verdict.inner_text() == ""
    assert not page.locator("#eau-q01-1").is_checked()


def test_quiz_says_incomplete_when_one_choice_is_missing(ouvrir, mini):
    page = ouvrir(mini, CHAPTER)
    page.locator(".niveau > summary").nth(1).click()
    page.locator("#eau-q02-1").check()
    page.locator("#eau-q02 button").click()
    assert "Réponse incomplète" in page.inner_text("#eau-q02 .verdict")
    page.locator("#eau-q02-2").check()
    page.locator("#eau-q02 button").click()
    assert "Bonne réponse" in page.inner_text("#eau-q02 .verdict")


def test_answers_are_readable_when_javascript_is_off(ouvrir, mini):
    page = ouvrir(mini, CHAPTER, script=False)
    page.locator("#eau-q01 .reponses summary").click()
    assert "Oui, selon la part du réseau écoutée." in page.inner_text("#eau-q01 .reponses")
    assert not page.locator("#eau-q01 button").is_visible()
    assert page.locator(".vue svg").first.is_visible()
    page.locator(".tableau-figure summary").click()
    assert "20 km" in page.inner_text(".tableau-figure")


def test_sentence_follows_the_slider_when_moved_with_the_keyboard(ouvrir, mini):
    page = ouvrir(mini, CHAPTER)
    assert not any("vega.js" in url for url in page.demandes)
    slider = page.locator(".figure-interactive input[type=range]")
    slider.scroll_into_view_if_needed()
    page.wait_for_selector(".figure-interactive[data-vivante]")
    assert sum("vega.js" in url for url in page.demandes) == 1
    before = page.locator(".vue svg").inner_html()
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.constat').textContent.includes('7 km')")
    assert page.inner_text(".constat") == "En écoutant 7 km, on trouve 70 % des fuites."
    assert slider.get_attribute("aria-valuetext") == "7\u00a0km"
    page.wait_for_function("before => document.querySelector('.vue svg').innerHTML !== before", arg=before)
    assert page.erreurs == []


def test_sentence_follows_both_sliders_when_figure_has_two(ouvrir, mini):
    page = ouvrir(mini, "book/cas/eau-exercices.html")
    first, second = page.locator(".figure-interactive input[type=range]").all()
    first.scroll_into_view_if_needed()
    page.wait_for_selector(".figure-interactive[data-vivante]")
    before = page.locator(".vue svg").inner_html()
    first.focus()
    page.keyboard.press("ArrowRight")
    second.focus()
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('.constat').textContent === 'Avec 1 robot et 3 agents.'")
    assert [s.get_attribute("aria-valuetext") for s in (first, second)] == ["1", "3"]
    page.wait_for_function("before => document.querySelector('.vue svg').innerHTML !== before", arg=before)
    assert page.erreurs == []


def test_sentence_still_follows_when_vega_cannot_load(ouvrir, mini):
    page = ouvrir(mini, "book/index.html")
    page.context.route("**/vega.js", lambda route: route.abort())
    page.goto((mini / CHAPTER).as_uri())
    slider = page.locator(".figure-interactive input[type=range]")
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('.constat').textContent.includes('20 km')")
    assert page.locator(".vue svg:visible").count() == 1


def boundary(page):
    """Part de la photo montrée, lue sur l’image du dessus."""
    return page.evaluate("getComputedStyle(document.querySelector('.paire .apres img')).clipPath")


def test_boundary_follows_the_slider_when_moved_with_the_keyboard(ouvrir, mini, plain):
    page = ouvrir(mini, CHAPTER, width=390)
    slider = page.get_by_label("Déplacer la limite entre les deux images")
    assert plain(slider.get_attribute("aria-valuetext")) == "40 % de la photo, 60 % du calque"
    assert "40%" in boundary(page)
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert plain(slider.get_attribute("aria-valuetext")) == "41 % de la photo, 59 % du calque"
    assert plain(page.inner_text(".avant-apres .valeur")) == "41 % de la photo, 59 % du calque"
    page.keyboard.press("End")
    assert "100%" in boundary(page)
    assert page.erreurs == []


def test_boundary_follows_the_pointer_when_pressed_on_the_image(ouvrir, mini):
    page = ouvrir(mini, CHAPTER)
    page.locator(".paire").scroll_into_view_if_needed()
    box = page.locator(".paire .apres img").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 20)
    page.mouse.up()
    assert page.input_value(".avant-apres input") == "75"
    page.mouse.move(box["x"], box["y"])
    assert page.input_value(".avant-apres input") == "75"


@pytest.mark.parametrize("case", ["sans script", "imprimée"])
def test_both_images_are_whole_when_there_is_no_slider(ouvrir, mini, case):
    page = ouvrir(mini, CHAPTER, script=case != "sans script")
    if case == "imprimée":
        page.emulate_media(media="print")
    first, second = (image.bounding_box() for image in page.locator(".paire img").all())
    assert first["x"] + first["width"] <= second["x"]
    assert not page.locator(".avant-apres input").is_visible()
    assert page.locator(".paire .legende").all_inner_texts() == ["La photo aérienne", "Ce que le modèle a reconnu"]
    if case == "imprimée":
        assert boundary(page) == "none"


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_vega_replaces_the_image(ouvrir, mini, width):
    page = ouvrir(mini, CHAPTER, width=width)
    before = page.evaluate("document.querySelector('.figure-interactive').getBoundingClientRect().height")
    page.locator(".vue").scroll_into_view_if_needed()
    page.wait_for_selector(".figure-interactive[data-vivante]")
    after = page.evaluate("document.querySelector('.figure-interactive').getBoundingClientRect().height")
    assert abs(after - before) < 2


@pytest.mark.parametrize("site", ["mini", "livre"])
def test_sheet_fits_one_a4_when_printed(ouvrir, request, site):
    page = ouvrir(request.getfixturevalue(site), CHAPTER)
    page.evaluate("window.print = () => {}")
    page.click("[data-action=imprimer-fiche]")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".masque-impression").count() == 0


def test_longest_sharing_sheet_fits_one_a4_when_printed(ouvrir, mini):
    page = ouvrir(mini, "book/comite-donnee.html")
    page.evaluate("window.print = () => {}")
    page.click("#fiche-j2 [data-action=imprimer-fiche]")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert page.locator("#fiche-j2 details[open]").count() == 1
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.reload()
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 4  # le début du chapitre, une page par fiche, le quiz


def test_theme_is_kept_when_page_changes(ouvrir, mini):
    page = ouvrir(mini, "book/index.html")
    button = page.locator("[data-action=theme]")
    assert "auto" in button.inner_text()
    button.click()
    button.click()
    assert page.evaluate("document.documentElement.dataset.theme") == "sombre"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "sombre"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 24, 31)"


def test_menu_opens_and_closes_when_screen_is_small(ouvrir, mini):
    page = ouvrir(mini, CHAPTER, width=390)
    button = page.locator(".bouton-menu")
    assert not page.locator("#navigation").is_visible()
    assert button.get_attribute("aria-expanded") == "false"
    button.focus()
    page.keyboard.press("Enter")
    assert page.locator("#navigation a[aria-current=page]").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#navigation").is_visible()
    assert page.evaluate("document.activeElement.className") == "bouton-menu avec-js"


def test_menu_is_readable_when_javascript_is_off(ouvrir, mini):
    page = ouvrir(mini, CHAPTER, width=390, script=False)
    assert page.locator("#navigation").is_visible()


def test_skip_link_comes_first_when_tabbing(ouvrir, mini):
    page = ouvrir(mini, CHAPTER)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'contenu'")


def test_wide_code_scrolls_with_the_keyboard_when_screen_is_small(ouvrir, mini):
    page = ouvrir(mini, "cases/eau/etude.html", width=390)
    zone = page.locator(".code pre[tabindex='0']").first
    zone.wait_for()
    zone.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    assert "à faire défiler" in zone.get_attribute("aria-label")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_overflows_when_read(ouvrir, livre, width):
    page = ouvrir(livre, "book/index.html", width=width)
    for path in sorted(livre.rglob("*.html")):
        if path.parent == livre and path.name == "index.html":
            continue
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name


def test_no_request_leaves_the_site_when_every_page_is_opened(ouvrir, livre, serveur):
    page = ouvrir(livre, "book/index.html")
    for path in sorted(livre.rglob("*.html")):
        page.goto(serveur + path.relative_to(livre).as_posix())
        if path == livre / "index.html":
            page.wait_for_url("**/book/index.html")
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        for slider in page.locator(".figure-interactive input[type=range]").all():
            slider.focus()
    page.wait_for_load_state("networkidle")
    outside = [url for url in page.demandes if not url.startswith((serveur, Path(livre).as_uri(), "data:", "blob:"))]
    assert outside == []
    assert page.erreurs == []
