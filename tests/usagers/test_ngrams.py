"""Le générateur invente, la recherche cite."""

from __future__ import annotations

import pytest

from formation.errors import FormationError
from formation.usagers import ngrams
from formation.usagers.ngrams import AmorceInconnue, NGrams, is_copied, spaced


def test_invented_sentence_gives_an_hour_that_no_record_gives(tables):
    found = ngrams.compare()
    assert not found.dans_la_base
    assert "\u00a0h" in found.inventee
    assert all(found.inventee.rstrip(".") not in text for text in tables["base_reponses"]["reponse"])
    assert found.citee.reponse in set(tables["base_reponses"]["reponse"])


def test_both_answers_are_shown_side_by_side(plain):
    text = plain(ngrams.compare())
    assert "aucune fiche ne dit cela" in text
    assert "Fiche I" in text


def test_same_seed_invents_the_same_sentence():
    model = NGrams(2).fit(["un deux trois", "un trois deux"])
    assert model.generate("un", seed=3) == model.generate("un", seed=3)


def test_generator_only_copies_when_it_has_read_one_text():
    assert NGrams(3).fit(["Le guichet est ouvert."]).generate() == "Le guichet est ouvert."


def test_length_is_bounded_when_words_loop():
    text = NGrams(2).fit(["a b a b a b a b a b"]).generate("a", seed=1)
    assert len(text.split()) <= ngrams.MAX_WORDS + 1


def test_unknown_beginning_is_refused_with_an_example():
    with pytest.raises(AmorceInconnue, match="par exemple"):
        NGrams(3).fit(["un deux trois"]).generate("zéro quatre")


def test_question_without_any_record_is_refused():
    with pytest.raises(FormationError, match="Aucune fiche"):
        ngrams.compare("xyzzy qwkz")


def test_most_sentences_are_invented():
    assert ngrams.invention_rate(draws=40) > 0.5


def test_most_frequent_word_is_written_when_temperature_is_zero():
    model = NGrams(2).fit(["un deux", "un deux", "un trois"])
    assert {model.generate("un", seed=seed, temperature=0) for seed in range(20)} == {"Un deux"}


def test_rare_word_is_written_more_often_when_temperature_rises():
    model = NGrams(2).fit(["un deux"] * 9 + ["un trois"])
    rare = [
        sum(model.generate("un", seed=seed, temperature=value) == "Un trois" for seed in range(200))
        for value in (0.5, 1, 4)
    ]
    assert rare == sorted(set(rare))


def test_temperature_is_refused_when_negative():
    with pytest.raises(ValueError, match="négative"):
        NGrams(2).fit(["un deux"]).generate("un", temperature=-1)


def test_sentence_is_copied_when_a_text_holds_it():
    known = [spaced("La piscine : ouvert le mardi, fermé le lundi.")]
    assert is_copied("Ouvert le mardi.", known)
    assert not is_copied("Ouvert le lundi.", known)
