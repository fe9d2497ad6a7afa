"""Le conducteur et le livret : les minutes du parcours, à l’heure du jour."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from itertools import pairwise
from pathlib import Path

from formation.pathways.model import Pause, Sequence
from formation.session.handout import handout_html, page_title, passage
from formation.session.lexicon import entries, used_words
from formation.session.model import Session
from formation.session.runsheet import at, material, run_sheet, run_sheet_html, timetable
from formation.workshop.documents import Table

Plain = Callable[[object], str]


def test_moments_follow_each_other_to_the_minute(small_session: Session) -> None:
    slot, half = small_session.slots[0], small_session.pathway.half_days()[0]
    moments = timetable(half, slot)
    assert (moments[0].start, moments[-1].end) == (slot.start, slot.end)
    assert all(one.end == two.start for one, two in pairwise(moments))
    for one in moments:
        if isinstance(one.item, Sequence):
            assert (one.steps[0][0], one.steps[-1][1]) == (one.start, one.end)
        else:
            assert isinstance(one.item, Pause)
            assert one.steps == ()


def test_time_after_midnight_stays_a_time() -> None:
    assert at(time(23, 50), 20) == time(0, 10)
    assert at(time(9), -45) == time(8, 15)


def test_every_step_is_in_the_run_sheet(small_session: Session) -> None:
    document = run_sheet(small_session)
    cells = [
        cell
        for one in document.sections
        for block in one.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
    ]
    for sequence in small_session.pathway.sequences():
        for step in sequence.etapes:
            assert step.anime in cells
            assert step.produit in cells


def test_run_sheet_page_has_one_title_and_real_headers(small_session: Session) -> None:
    page = run_sheet_html(run_sheet(small_session))
    assert page.count("<h1>") == 1
    assert "<input" not in page
    levels = [int(level) for level in re.findall(r"<h([1-6])>", page)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    labels = re.findall(r'aria-label="([^"]+)"', page)
    assert len(labels) == len(set(labels))


def test_material_is_listed_once(small_session: Session) -> None:
    found = material(small_session)
    assert len(found) == len(set(found)) > 5


def test_handout_gives_what_to_keep_and_no_trainer_note(small_session: Session, plain: Plain) -> None:
    from formation import slides

    page = plain(handout_html(small_session))
    for name in small_session.pathway.decks():
        deck = slides.read(name)
        assert plain(deck.header.titre) in page
        assert plain(deck.slides[0].notes.strip()[:60]) not in page
    for one in small_session.pathway.objectifs:
        assert one.texte in page
    assert "Et après ?" in page


def test_glossary_words_come_with_their_definition(small_session: Session) -> None:
    words = dict(used_words(small_session.pathway))
    assert "référence à battre" in words
    assert all(text.strip() for text in words.values())
    assert not [text for text in words.values() if "{term}" in text or "`" in text]


def test_two_names_share_one_definition() -> None:
    found = entries("```{glossary}\nindice linéaire\nILP\n  Le volume perdu.\n  Par km.\n\nautre\n  Mot.\n```\n")
    assert found == {"indice linéaire": "Le volume perdu. Par km.", "ILP": "Le volume perdu. Par km.", "autre": "Mot."}


def test_page_title_falls_back_on_the_name() -> None:
    assert page_title("book/inconnue") == "book/inconnue"
    assert page_title("book/glossaire#x") == "Glossaire"


def test_a_passage_is_told_even_far_from_the_book(tmp_path: Path) -> None:
    assert passage("book/glossaire#inconnue") == "«\u00a0Glossaire\u00a0»"
    assert passage("book/glossaire#x", tmp_path) == "book/glossaire#x"
