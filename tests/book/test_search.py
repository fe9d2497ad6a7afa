"""La recherche replie les accents des deux côtés."""

from __future__ import annotations

import pytest

from formation.book.search import FoldedFrench
from formation.letters import fold


@pytest.mark.parametrize(
    ("query", "text"),
    [("election", "Élections"), ("egalite", "égalité"), ("securite", "sécurités"), ("coeur", "Cœurs")],
)
def test_stem_is_the_same_when_accents_differ(query, text):
    language = FoldedFrench({})
    assert language.stem(query) == language.stem(text)


def test_words_are_split_when_elided():
    assert FoldedFrench({}).split("l’eau d’Aubeline") == ["l", "eau", "d", "aubeline"]


def test_accents_are_folded_when_composed_or_not():
    assert fold("e\u0301te\u0301") == fold("été") == "ete"
