"""axe-core, toutes règles, sur chaque page : clair et sombre, grand écran et téléphone.

Le mini-livre, où chaque directive paraît, est vu des quatre façons ; chaque page du vrai livre l’est de deux, qui
couvrent les deux modes et les deux largeurs.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.navigateur, pytest.mark.lent, pytest.mark.xdist_group("livre")]

AXE = Path(str(importlib.util.find_spec("axe_playwright_python").origin)).parent / "axe.min.js"


def violations(page: Any) -> list[str]:
    """Règles enfreintes, taille des cibles comprise, avec le premier élément fautif."""
    options = "{resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}"
    result = page.evaluate(f"axe.run(document, {options})")
    return [f"{rule['id']} × {len(rule['nodes'])} : {rule['nodes'][0]['html'][:160]}" for rule in result["violations"]]


VIEWS = [
    ("mini", "light", 1280),
    ("mini", "dark", 1280),
    ("mini", "light", 390),
    ("mini", "dark", 390),
    ("livre", "light", 1280),
    ("livre", "dark", 390),
]


@pytest.mark.parametrize(("site", "scheme", "width"), VIEWS)
def test_axe_finds_nothing_when_every_page_is_checked(navigateur, request, site, scheme, width):
    folder = request.getfixturevalue(site)
    context = navigateur.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    found = {}
    for path in sorted(folder.rglob("*.html")):
        if path == folder / "index.html":
            continue  # renvoi immédiat vers l’accueil
        page.goto(path.as_uri() + ("?q=fuites" if path.name == "search.html" else ""))
        page.evaluate("document.querySelectorAll('details').forEach((element) => { element.open = true; })")
        page.add_script_tag(path=AXE)
        if problems := violations(page):
            found[path.relative_to(folder).as_posix()] = problems
    context.close()
    assert found == {}


def test_entry_page_passes_axe_when_redirect_is_slow(navigateur, livre):
    context = navigateur.new_context(java_script_enabled=True)
    page = context.new_page()
    html = (livre / "index.html").read_text(encoding="utf-8").replace('http-equiv="refresh"', 'name="renvoi"')
    page.set_content(html)
    page.add_script_tag(path=AXE)
    assert violations(page) == []
    context.close()


def test_open_menu_and_verdict_pass_axe_when_shown(ouvrir, mini):
    page = ouvrir(mini, "book/cas/eau.html", width=390)
    page.click(".bouton-menu")
    page.locator("#eau-q01-2").check()
    page.locator("#eau-q01 button").click()
    page.add_script_tag(path=AXE)
    assert violations(page) == []
