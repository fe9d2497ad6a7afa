"""Le fichier GIFT, relu par un analyseur indépendant (pygiftparser)."""

from __future__ import annotations

import dataclasses
import io
import re
from html import unescape

import pytest
from pygiftparser import parser

from formation import lms
from formation.lms.gift import escaped
from formation.lms.scoring import weights
from formation.questions import Choice, Rich


def read(text):
    return parser.parseFile(io.StringIO(text))


def plain(text):
    """Texte sans les barres que le format ajoute."""
    return re.sub(r"\\([\\~=#{}:])", r"\1", text)


def test_every_question_is_read_back_with_its_words_and_feedback(chapters):
    found = read(lms.to_gift(chapters))
    expected = [item for chapter in chapters for item in chapter.items]
    assert len(found) == len(expected)
    for question, item in zip(found, expected, strict=True):
        assert question.valid, item.id
        assert plain(question.title).startswith(f"{item.id} · ")
        assert question.markup == "html"
        assert plain(question.text) == f"<p>{item.statement.html}</p>"
        answers = question.answers.answers
        assert [plain(answer.answer) for answer in answers] == [choice.text.html for choice in item.choices]
        assert [plain(answer.feedback) for answer in answers] == [choice.feedback.html for choice in item.choices]
        assert [answer.fraction for answer in answers] == pytest.approx(list(weights(item)), abs=1e-3)
        assert type(question.answers).__name__ == ("SelectSet" if item.kind == "unique" else "MultipleChoicesSet")
        assert item.objective in plain(question.generalFeedback)


def test_accents_and_typography_are_kept(eau):
    text = lms.to_gift([eau])
    assert "Écouter" in text
    assert "’" in text
    assert "«\u00a0" in text


def test_reserved_signs_come_back_as_they_were(eau):
    # Les accolades ne sont essayées que dans l’énoncé : l’analyseur, lui, ne sait pas les lire dans une réponse.
    braces, odd = "Que vaut {x} ?", "a=b ~ #1 : 50 % \\ fin"
    item = dataclasses.replace(
        eau.items[0],
        statement=Rich(braces, braces),
        choices=tuple(Choice(Rich(f"%50% {odd} {n}", ""), n == 1, Rich(odd, odd)) for n in range(4)),
    )
    (question,) = read(lms.to_gift([dataclasses.replace(eau, items=(item,))]))
    assert question.valid
    assert plain(question.text) == f"<p>{braces}</p>"
    answers = question.answers.answers
    assert [unescape(plain(answer.answer)) for answer in answers] == [f"%50% {odd} {n}" for n in range(4)]
    assert [answer.fraction for answer in answers] == [0, 100, 0, 0]
    assert {plain(answer.feedback) for answer in answers} == {odd}


def test_a_line_break_never_splits_a_question():
    assert escaped("un\ndeux\n\ntrois") == "un deux  trois"


def test_identifier_and_tags_are_in_the_comment(eau):
    first = lms.to_gift([eau]).split("\n\n")[1].splitlines()[0]
    assert first.startswith(f"// [id:{eau.items[0].id}] [tag:")
    assert f"[tag:niveau {eau.items[0].level}]" in first


def test_categories_follow_the_parts_of_the_book(chapters):
    found = re.findall(r"^\$CATEGORY: (.+)$", lms.to_gift(chapters), re.MULTILINE)
    assert len(found) == len(chapters)
    assert all(path.startswith("$course$/top/IA et territoires/") for path in found)
