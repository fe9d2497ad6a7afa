"""Figure du générateur de phrases : elle compte juste ce qu’aucune fiche ne dit."""

import pytest

from formation.demystifier import generator
from formation.usagers.ngrams import spaced

SHEETS = ["Le guichet ouvre le mardi matin.", "Le guichet ferme le mardi soir.", "Le musée ouvre le jeudi matin."]
KNOWN = [spaced(text) for text in SHEETS]


@pytest.fixture(scope="module")
def figure():
    return generator.build(SHEETS * 4, sizes=(1, 6, 12))


def test_nothing_is_invented_when_one_sheet_is_read():
    found = generator.write(SHEETS[:1], KNOWN, 1.0, draws=5)
    assert (found.invented, found.copied) == (0, True)


def test_sentences_are_invented_when_sheets_share_their_words():
    sheets = ["Ici le guichet est ouvert le mardi.", "Là le musée est ouvert le mardi soir."]
    found = generator.write(sheets, [spaced(text) for text in sheets], 1.0, draws=40)
    assert 0 < found.invented < 1
    assert not found.copied


def test_example_is_quoted_in_the_finding_when_a_position_is_chosen(figure):
    step = figure.default_step
    assert "Après 6 fiches, à la température 1" in step.sentence
    assert step.row[3].rstrip(".") in step.sentence


def test_every_position_has_its_sentence_when_built(figure):
    assert [step.values for step in figure.steps] == [[r, t] for r in range(3) for t in range(4)]
    assert len({tuple(step.row) for step in figure.steps}) == 12


def test_inner_quotes_change_when_example_is_quoted():
    assert generator._short("Le service «\u00a0famille\u00a0» répond.") == "Le service “famille” répond."


def test_sizes_are_refused_when_there_are_too_few_sheets():
    with pytest.raises(ValueError, match="il y en a 3"):
        generator.build(SHEETS, sizes=(1, 4))


def test_reading_more_invents_more_when_sheets_are_the_town_ones():
    from formation.usagers import tables

    sheets = list(tables.load("base_reponses")["reponse"])
    known = [spaced(text) for text in sheets]
    few, many = (generator.write(sheets[:count], known, 1.0, draws=60).invented for count in (10, 200))
    assert few < many
