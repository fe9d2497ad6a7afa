"""La page à projeter : ce qu’elle contient, ce qu’elle n’interprète pas, ce que fait le clavier."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from axe_playwright_python.sync_playwright import Axe

from formation import slides
from formation.cli import main

DECK = "cas-eau"
SCROLLED = "new Promise(done => { const look = () => scrollY > 4 ? done() : requestAnimationFrame(look); look(); })"
"""Attend le défilement ; la politique de sécurité de la page interdit l’attente de Playwright, qui évalue du texte."""


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main(["diapos", *map(str, arguments)])
    shown = capsys.readouterr()
    return stopped.value.code, shown.out.replace("\u00a0", " "), shown.err.replace("\u00a0", " ")


def test_authored_html_is_text_not_markup():
    text = slides.EXAMPLE.replace("Le réseau", "<img src=x onerror=alert(1)> Le réseau").replace(
        "titre: Écouter", "titre: <b>Écouter"
    )
    page = slides.to_html(slides.parse(text, name="exemple"))
    assert "<img" not in page
    assert "&lt;img src=x" in page
    assert "<b>Écouter" not in page


def test_links_are_text_when_the_book_is_not_beside():
    text = slides.EXAMPLE.replace("Le réseau", "[Le chapitre](/book/cas/eau.md#essayez) Le réseau")
    deck = slides.parse(text, name="exemple")
    assert 'href="../book/cas/eau.html#essayez"' in slides.to_html(deck, book="../")
    assert "eau.html" not in slides.to_html(deck)
    assert "Le chapitre" in slides.to_html(deck)


def test_page_asks_nothing_from_elsewhere():
    page = slides.to_html(slides.read(DECK))
    assert "default-src 'none'" in page
    assert re.findall(r"(?:src|@import|url\()\s*=?\s*[\"']?(?:https?:)?//", page) == []


def test_bar_chart_is_a_table_that_says_its_numbers():
    text = slides.EXAMPLE.replace(
        "Le réseau", "::: barres Fuites trouvées\n- Hasard | 20 %\n- Modèle | 80 %\n:::\n\nLe réseau"
    )
    page = slides.to_html(slides.parse(text, name="exemple"))
    assert '<th scope="row">Modèle</th><td class="valeur">80 %</td>' in page
    assert re.findall(r'style="width:([\d.]+)%"', page) == ["20.0", "80.0"]


def test_small_shares_are_drawn_against_the_largest_one():
    text = slides.EXAMPLE.replace(
        "Le réseau", "::: barres Repas jetés (%)\n- Agents | 9 %\n- Modèle | 6 %\n:::\n\nLe réseau"
    )
    page = slides.to_html(slides.parse(text, name="exemple"))
    assert re.findall(r'style="width:([\d.]+)%"', page) == ["100.0", "66.7"]


def test_cited_sources_are_listed_once_at_the_end():
    deck = slides.read(DECK)
    page = slides.to_html(deck)
    assert deck.cited()
    for key in deck.cited():
        assert page.count(f'id="source-{key}"') == 1
        assert f'href="#source-{key}"' in page


def test_handout_keeps_the_last_slide_and_never_the_notes():
    deck = slides.read(DECK)
    handout = slides.handout_html(deck)
    assert deck.header.titre in handout
    assert "À retenir" in handout
    assert deck.slides[0].notes.split(".")[0] not in handout

    class Balance(HTMLParser):
        depth = 0

        def handle_starttag(self, tag, attrs):
            self.depth += tag not in ("br", "hr", "img")

        def handle_endtag(self, tag):
            self.depth -= 1

    reader = Balance()
    reader.feed(handout)
    assert reader.depth == 0


def test_export_writes_nothing_over_a_file(tmp_path, capsys):
    assert run(capsys, "exporter", tmp_path / "d", DECK)[0] == 0
    first = (tmp_path / "d" / f"{DECK}.html").read_text("utf-8")
    code, _, said = run(capsys, "exporter", tmp_path / "d", DECK)
    assert code == 2
    assert "Rien n’est écrit" in said
    assert run(capsys, "exporter", tmp_path / "d", DECK, "--ecraser")[0] == 0
    assert (tmp_path / "d" / f"{DECK}.html").read_text("utf-8") == first
    assert run(capsys, "exporter", tmp_path / "d" / f"{DECK}.html", DECK)[0] == 2


def test_export_refuses_what_cannot_be_shown_and_writes_nothing(tmp_path, capsys):
    bad = tmp_path / "exemple.md"
    bad.write_text(slides.EXAMPLE.replace("Le réseau", "{chiffre}`eau.rien` {src}`ZZ99` Le réseau"), "utf-8")
    code, _, said = run(capsys, "exporter", tmp_path / "d", DECK, bad)
    assert code == 2
    assert "chiffre « rien »" in said
    assert "ZZ99" in said
    assert not (tmp_path / "d").exists()
    twin = tmp_path / f"{DECK}.md"
    twin.write_text(slides.path(DECK).read_text("utf-8"), "utf-8")
    code, _, said = run(capsys, "exporter", tmp_path / "d", DECK, twin)
    assert code == 2
    assert "l’un remplacerait l’autre" in said
    code, _, said = run(capsys, "exporter", bad / "d", DECK)
    assert code == 2
    assert "Choisissez un autre dossier" in said


def test_writing_a_deck_needs_nothing_of_the_book_builder():
    code = (
        "import sys; from formation import slides; slides.to_html(slides.read('cas-eau')); "
        "print({'sphinx', 'docutils', 'mdit_py_plugins'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_commands_list_and_check(tmp_path, capsys):
    assert DECK in run(capsys, "lister")[1]
    assert run(capsys, "verifier", DECK)[0] == 0
    bad = tmp_path / "exemple.md"
    bad.write_text(slides.EXAMPLE, "utf-8")
    code, out, _ = run(capsys, "verifier", bad)
    assert code == 1
    assert "aucune activité" in out
    torn = tmp_path / "coupe.md"
    torn.write_text("# Titre", "utf-8")
    code, out, _ = run(capsys, "verifier", torn, bad)
    assert code == 1
    assert "il manque l’en-tête" in out
    assert "aucune activité" in out


@pytest.mark.navigateur
def test_deck_is_driven_by_the_keyboard_and_has_no_violation(tmp_path, navigateur):
    deck = slides.read(DECK)
    file = slides.write(deck, tmp_path / "deck.html")
    total = len(deck.slides) + 1 + bool(deck.cited())
    context = navigateur.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    requests, errors = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())

    def shown():
        return page.eval_on_selector_all(".diapo", "all => all.filter(s => s.offsetParent).map(s => s.id)")

    assert shown() == ["d1"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    assert shown() == ["d3"]
    assert page.inner_text("#annonce").startswith(f"Diapositive 3 sur {total}")
    page.keyboard.press("End")
    assert shown() == [f"d{total}"]
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert not page.is_visible("#d2 .notes")
    page.keyboard.press("n")
    assert page.is_visible("#d2 .notes")
    page.keyboard.press("v")
    assert len(shown()) == total
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert shown() == ["d3"]
    with context.expect_page() as opened:
        page.keyboard.press("o")
    speaker = opened.value
    speaker.wait_for_selector("#repere")
    assert speaker.is_visible("#d3 .notes")
    speaker.keyboard.press("ArrowRight")
    page.wait_for_selector("#d4.montree")
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        for _ in range(2):
            found = Axe().run(page).response["violations"]
            assert [(item["id"], [n["target"] for n in item["nodes"]][:3]) for item in found] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.keyboard.press("v")
        page.keyboard.press("ArrowRight")
    pdf = page.pdf()
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") >= total
    context.close()
    assert errors == []
    assert [url for url in requests if not url.startswith(("file:", "data:", "about:"))] == []


@pytest.mark.navigateur
def test_every_slide_fits_a_common_projector(tmp_path, navigateur):
    line = 24  # une police plus large que la nôtre peut demander une ligne de plus
    context = navigateur.new_context(viewport={"width": 1280, "height": 800})
    page, cut = context.new_page(), []
    for name in slides.names():
        page.goto(slides.write(slides.read(name), tmp_path / f"{name}.html").as_uri())
        for rank in range(1, page.locator(".diapo").count() + 1):
            if page.evaluate("document.documentElement.scrollHeight - innerHeight") > line:
                cut.append((name, rank))
            page.keyboard.press("ArrowRight")
    context.close()
    assert cut == []


@pytest.mark.navigateur
def test_remote_control_overview_and_reload_keep_their_place(tmp_path, navigateur):
    deck = slides.read("cas-risques")
    file = slides.write(deck, tmp_path / "deck.html")
    context = navigateur.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(file.as_uri())

    def shown(window=page):
        return window.evaluate("document.querySelector('.montree').id")

    # une télécommande n’envoie que PageDown et PageUp
    for key, expected in (("PageDown", "d2"), ("PageDown", "d3"), ("PageUp", "d2"), ("ArrowDown", "d3")):
        page.keyboard.press(key)
        assert shown() == expected
    for key in ("PageDown", " "):
        page.set_viewport_size({"width": 1280, "height": 220})
        page.keyboard.press(key)
        page.evaluate(SCROLLED)
        assert shown() == "d3"
        page.set_viewport_size({"width": 1280, "height": 720})
        page.evaluate("scrollTo(0, 0)")
    page.keyboard.press("Shift+ ")
    assert shown() == "d2"
    page.keyboard.press(" ")

    page.keyboard.press("v")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == shown() == "d4"
    page.keyboard.press("Enter")
    page.keyboard.press("?")
    page.keyboard.press("?")
    assert not page.is_visible("#aide")

    with context.expect_page() as opened:
        page.keyboard.press("o")
    speaker = opened.value
    speaker.wait_for_selector("#repere")
    title = speaker.evaluate("document.querySelector('.montree h2').getBoundingClientRect().top")
    assert title >= speaker.evaluate("document.getElementById('repere').getBoundingClientRect().bottom")
    page.reload()
    speaker.keyboard.press("ArrowRight")
    page.wait_for_selector("#d5.montree")
    page.keyboard.press("ArrowRight")
    speaker.wait_for_selector("#d6.montree")
    context.close()
