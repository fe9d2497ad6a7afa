"""La page HTML : échappée, autonome, en français."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from formation import printing
from formation.printing.layout import clean


def test_title_is_escaped_and_body_is_inside_main() -> None:
    html = printing.page("</title><script>x()</script>", "<h1>Bonjour</h1>", description='"><img src=x>')
    assert "<script>" not in html
    assert "<img" not in html
    assert re.search(r"<main><h1>Bonjour</h1></main>", html)


def test_page_asks_for_nothing() -> None:
    html = printing.page("Essai", "<h1>Essai</h1>")
    assert not re.search(r"https?:|url\(|@import|<link|<script|src=", html)


def test_language_and_own_rules_are_written() -> None:
    html = printing.page("Trial", "<h1>Trial</h1>", language="en", css="@page{size:A4 landscape}")
    assert '<html lang="en">' in html
    assert html.index("@page{size:A4 landscape}") > html.index("@page{size:A4;")


@pytest.mark.parametrize("code", [0, 8, 11, 31, 127, 0x202E, 0x2066, 0xFFFE, 0xD800])
def test_control_characters_disappear(code: int) -> None:
    assert clean(f"a{chr(code)}b") == "ab"


def test_line_breaks_and_accents_stay() -> None:
    assert clean("é\n\t« ’") == "é\n\t« ’"


def test_importing_costs_nothing() -> None:
    code = (
        "import sys, formation.printing.batch, formation.printing.checking; "
        "print([name for name in ('weasyprint', 'pikepdf', 'pandas', 'matplotlib', 'nbgrader') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
