"""Ce que la grammaire écrit : varié, abîmé comme promis, sans donnée personnelle."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from formation import citoyens, personal
from formation.citoyens import tables
from formation.citoyens.generator import grammar, noise
from formation.citoyens.simulation import CAMPAIGN, FREE, simulate
from formation.territory import load_territory


def test_same_seed_gives_the_same_texts(corpus):
    again = simulate(load_territory())
    pd.testing.assert_series_equal(again["contributions"]["texte"], corpus.contributions["texte"], check_dtype=False)


def test_tables_have_the_same_rows_in_the_same_order(corpus):
    assert corpus.contributions["id_contribution"].tolist() == corpus.truth["id_contribution"].tolist()
    assert corpus.contributions["date"].is_monotonic_increasing


def test_free_texts_differ(corpus):
    free = corpus.contributions["texte"][(corpus.truth["forme"] == FREE).to_numpy()]
    assert free.nunique() == len(free)


def test_no_text_holds_personal_data_or_an_unfinished_pattern(corpus, other):
    for text in corpus.texts + other.texts:
        assert personal.mask(text)[1] == (), text
        assert not re.search(r"[\[\]{}|]|\b(qu|d)e (un|une)\b|,,|  ", text), text


def test_every_theme_title_is_written_and_minorities_are_rare(corpus):
    assert len(citoyens.titles()) == 13
    counts = corpus.carried.sum()
    rare = counts[list(citoyens.minority())]
    assert rare.max() < counts.drop(rare.index).min()
    assert rare.min() >= 5


def test_truth_flags_follow_the_themes(corpus):
    rare = corpus.carried[list(citoyens.minority())].any(axis=1)
    assert (rare == (corpus.truth["minoritaire"] == 1)).all()
    assert set(corpus.truth.loc[corpus.truth["ironie"] == 1, "avis"]) <= {"contre", "partagé"}
    campaign = corpus.truth[corpus.truth["forme"] == CAMPAIGN]
    assert set(campaign["theme_1"]) == {"vie_privee", "usages"}


def test_nested_choices_are_all_expanded():
    rng = np.random.default_rng(0)
    seen = {grammar.expand("[a|[b|c] d|]", rng) for _ in range(60)}
    assert seen == {"a", "b d", "c d", ""}


@pytest.mark.parametrize(("before", "after"), [("parce que un agent", "parce qu'un agent"), ("à le CCAS", "au CCAS")])
def test_elisions_and_contractions_are_made(before, after):
    assert grammar.tidy(before) == after


def test_noise_spoils_long_words_only():
    rng = np.random.default_rng(0)
    assert noise.misspell("le la un", 1.0, rng) == "le la un"
    assert noise.misspell("guichet fermé", 1.0, rng) != "guichet fermé"
    assert noise.misspell("guichet", 0.0, rng) == "guichet"
    assert noise.shorten("c'est pour vous", 1.0, rng) == "c pr vs"


def test_missing_theme_is_an_empty_cell_not_a_text():
    truth = tables.load("verite")
    assert truth["theme_3"].isna().mean() > 0.8
    assert tables.themes_of(truth.head(1)) == [frozenset({"delais"})]
