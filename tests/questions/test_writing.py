"""Un texte court écrit en MyST, rendu sans construire le livre."""

from __future__ import annotations

import subprocess
import sys

import pytest

from formation.questions import Rich, TexteInvalide, inline
from formation.questions.writing import gathered


def test_bold_italics_code_and_quotes():
    found = inline("Un **gras**, un *penché*, `a < b` & « l’un ».")
    assert found.html == "Un <strong>gras</strong>, un <em>penché</em>, <code>a &lt; b</code> &amp; «\u00a0l’un\u00a0»."
    assert found.text == "Un gras, un penché, a < b & «\u00a0l’un\u00a0»."


def test_french_spacing_is_set_but_code_is_left_alone():
    assert inline("Que dit `a ?` ce point ?").text == "Que dit a ? ce point\u00a0?"


def test_authored_html_is_text():
    found = inline('<img src=x onerror="alert(1)"> <b>non</b>')
    assert "<" not in found.html
    assert found.text == '<img src=x onerror="alert(1)"> <b>non</b>'


def test_figure_is_written_with_its_unit():
    assert inline("Soit {chiffre}`eau.capte_20_modele`.").text == "Soit 72\u00a0%."


def test_source_is_shown_or_dropped_and_always_kept():
    assert inline("Vrai {src}`D10, S2`.") == Rich("Vrai [D10][S2].", "Vrai [D10][S2].", ("D10", "S2"))
    assert inline("Vrai {src}`D10, S2`.", cite=False) == Rich("Vrai.", "Vrai.", ("D10", "S2"))


def test_term_shows_its_words_not_its_target():
    assert inline("un {term}`faux positif`, des {term}`faux positifs <faux positif>`").text == (
        "un faux positif, des faux positifs"
    )


def test_link_is_words_unless_told_where_it_leads():
    text = "Voir [le **cas**](/book/cas/eau.md#essayez)."
    assert inline(text).html == "Voir le <strong>cas</strong>."
    led = inline(text, link=lambda target: target.replace("/book", "../book").replace(".md", ".html"))
    assert led.html == 'Voir <a href="../book/cas/eau.html#essayez">le <strong>cas</strong></a>.'
    assert inline(text, link=lambda _: None).html == "Voir le <strong>cas</strong>."


def test_line_breaks_are_spaces():
    assert inline("un\n   deux").text == "un deux"


def test_every_defect_is_told_at_once():
    with pytest.raises(TexteInvalide) as caught:
        inline("{zut}`a` puis {chiffre}`eau.absent` et {chiffre}`rien`")
    for said in ("{zut}", "absent", "rien"):
        assert said in str(caught.value)


def test_sources_are_gathered_once():
    assert gathered([inline("{src}`D10,S2`"), inline("{src}`S2,D3`")]) == ("D10", "S2", "D3")


def test_reading_the_bank_loads_neither_sphinx_nor_pandas():
    code = "import sys, formation.questions as q; q.load(); print({'sphinx', 'docutils', 'pandas'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
