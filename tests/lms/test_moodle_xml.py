"""Le fichier Moodle XML, relu par un lecteur écrit d’après la documentation du format."""

from __future__ import annotations

import dataclasses

import pytest

from formation import lms
from formation.lms.chapters import general_feedback
from formation.lms.moodle_xml import TAG_LENGTH, category_path, shortened, tags
from formation.lms.scoring import weights
from formation.questions import Choice, Rich


@pytest.fixture(scope="module")
def read(chapters, lire_moodle):
    return lire_moodle(lms.to_moodle_xml(chapters))


def test_every_question_is_read_back_with_its_words_and_feedback(chapters, read):
    expected = [(chapter, item) for chapter in chapters for item in chapter.items]
    assert len(read) == len(expected)
    for (category, found), (chapter, item) in zip(read, expected, strict=True):
        assert category == category_path(chapter.category)
        assert found["identifiant"] == item.id
        assert found["enonce"] == f"<p>{item.statement.html}</p>"
        assert [answer["texte"] for answer in found["reponses"]] == [f"<p>{one.text.html}</p>" for one in item.choices]
        assert [answer["retour"] for answer in found["reponses"]] == [
            f"<p>{one.feedback.html}</p>" for one in item.choices
        ]
        assert item.objective in found["retour"]
        assert "À relire" in found["retour"]
        assert found["seule"] == (item.kind == "unique")
        assert found["melange"]
        assert f"niveau {item.level}" in found["mots"]


def test_ticking_everything_earns_nothing(chapters):
    for chapter in chapters:
        for item in chapter.items:
            shares = weights(item)
            right = [share for share, choice in zip(shares, item.choices, strict=True) if choice.right]
            assert sum(right) == pytest.approx(100, abs=1e-3), item.id
            assert all(share > 0 for share in right)
            if item.kind == "multiple":
                assert sum(shares) == pytest.approx(0, abs=1e-3), item.id
                assert min(shares) < 0
            else:
                assert sorted(shares) == [0] * (len(shares) - 1) + [100]


def test_identifiers_and_categories_are_unique_and_filed_by_part(chapters, read):
    idents = [found["identifiant"] for _, found in read]
    assert len(set(idents)) == len(idents)
    categories = list(dict.fromkeys(category for category, _ in read))
    assert len(categories) == len(chapters)
    assert all(path.startswith("$course$/top/IA et territoires/") for path in categories)
    assert "$course$/top/IA et territoires/Les six cas/" in "".join(categories)


def test_tags_fit_and_hold_no_comma(chapters):
    for chapter in chapters:
        for item in chapter.items:
            found = tags(item, chapter)
            assert all(0 < len(tag) <= TAG_LENGTH and "," not in tag for tag in found), found
            assert any(item.objective.replace(",", "").startswith(tag.rstrip("…")) for tag in found)


def test_slash_in_a_title_does_not_make_a_category():
    assert category_path(["IA", "Oui/non"]) == "$course$/top/IA/Oui//non"


def test_shortened_never_exceeds_its_length():
    assert shortened("abc", 3) == "abc"
    assert shortened("un deux trois", 9) == "un deux…"
    assert len(shortened("x" * 80, 50)) == 50


def test_end_of_cdata_in_a_text_is_kept(eau, lire_moodle):
    item = eau.items[0]
    odd = Rich("a ]]&gt; b ]]> c", "a ]]> b ]]> c")
    strange = dataclasses.replace(
        item, statement=odd, choices=tuple(Choice(Rich(f"{odd.html}{n}", ""), n == 0, odd) for n in range(4))
    )
    text = lms.to_moodle_xml([dataclasses.replace(eau, items=(strange,))])
    ((_, found),) = lire_moodle(text)
    assert found["enonce"] == f"<p>{odd.html}</p>"
    assert found["reponses"][0]["retour"] == f"<p>{odd.html}</p>"


def test_review_is_a_link_only_when_the_book_has_an_address(eau):
    item = eau.items[0]
    page, _, anchor = item.review.partition("#")
    linked = general_feedback(item, eau.root, "https://exemple.fr/livre/")
    assert f'<a href="https://exemple.fr/livre/{page}.html#{anchor}" target="_blank" rel="noopener">' in linked.html
    assert "(nouvel onglet)</a>" in linked.html
    assert "<a" not in general_feedback(item, eau.root).html
    assert "https://exemple.fr/livre/book/cas/eau.html#" in lms.to_moodle_xml([eau], address="https://exemple.fr/livre")


def test_glossary_word_is_named_in_the_review(chapters):
    told = [
        general_feedback(item, chapter.root).text
        for chapter in chapters
        for item in chapter.items
        if item.review.startswith("book/glossaire#term-")
    ]
    assert told
    assert all("Glossaire" in text and ", mot «" in text for text in told)


def test_every_heading_to_reread_is_named(chapters):
    silent = [
        item.id
        for chapter in chapters
        for item in chapter.items
        if "#" in item.review
        and ", partie «" not in (text := general_feedback(item, chapter.root).text)
        and ", mot «" not in text
    ]
    assert silent == []


def test_writing_twice_gives_the_same_file(eau):
    assert lms.to_moodle_xml([eau]) == lms.to_moodle_xml([eau])
    assert lms.to_gift([eau]) == lms.to_gift([eau])
