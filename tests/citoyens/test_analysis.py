"""Copies, groupes, mots-clés, ironie, échantillons, couverture : ce que la machine retient et ce qu’elle perd."""

from __future__ import annotations

from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formation import citoyens
from formation.citoyens import coverage, grouping, keywords, reading, texts, tone


def test_every_campaign_copy_is_found_and_short_answers_are_not_copies(corpus):
    campaign = (corpus.truth["forme"] == "campagne").to_numpy()
    assert (corpus.copies.size[campaign] >= 2).mean() >= 0.97
    brief = [texts.is_brief(text) for text in corpus.texts]
    assert set(corpus.copies.size[brief]) == {1}
    assert [int(corpus.copies.size[row]) for row in corpus.campaigns][:2] == [38, 14]


def test_family_size_is_the_number_of_its_texts():
    found = texts.copies(["gardez le guichet ouvert", "GARDEZ LE GUICHET OUVERT !", "non", "non", ""])
    assert found.leader.tolist() == [0, 0, 2, 3, 4]
    assert found.size.tolist() == [2, 2, 1, 1, 1]
    assert found.families() == [0]


def test_two_texts_with_other_words_are_not_copies():
    one = "je demande au conseil de renoncer à ce projet et de publier tous les contrats signés"
    two = "la cantine devrait prévoir les repas de chaque école pour jeter moins de nourriture demain"
    assert texts.copies([one, two]).size.tolist() == [1, 1]
    assert texts.copies([one, one.replace("ce projet", "cet achat")]).size.tolist() == [2, 2]


def test_groups_are_numbered_from_the_largest_and_leave_copies_out(corpus):
    found = corpus.groups
    assert (np.diff(found.sizes) <= 0).all()
    assert found.sizes.sum() == len(grouping.usable(corpus.texts)) == len(found.grouped)
    outside = found.label == -1
    assert np.isnan(found.distance[outside]).all()
    assert not corpus.copies.first[outside].all()
    members = found.members(0)
    assert found.distance[members[0]] == found.distance[members].min()


def test_same_seed_gives_the_same_groups(corpus):
    again = grouping.group(corpus.texts, corpus.groups.count)
    assert (again.label == corpus.groups.label).all()


@pytest.mark.parametrize("count", [1, 1000])
def test_impossible_number_of_groups_is_refused_with_the_range(corpus, count, plain):
    with pytest.raises(ValueError, match="Entre 2 et"):
        grouping.group(corpus.texts, count)


def test_chosen_number_is_within_one_error_of_the_best(corpus):
    table = corpus.stability.set_index("groupes")
    best = table["accord"].max()
    assert table.loc[corpus.groups.count, "accord"] >= best - table.loc[table["accord"].idxmax(), "erreur_type"]
    assert table["accord"].max() < 0.75


def test_validation_texts_teach_nothing(corpus, monkeypatch):
    learnt = []
    fit = grouping._Space.fit.__func__
    monkeypatch.setattr(
        grouping._Space, "fit", classmethod(lambda cls, bags, seed: learnt.append(len(bags)) or fit(cls, bags, seed))
    )
    grouping.stability(corpus.texts, (4,), repeats=2)
    size = len(grouping.usable(corpus.texts))
    assert learnt == [4 * (size // 5)] * 2


def test_texts_without_a_shared_word_are_refused(plain):
    with pytest.raises(ValueError, match="presque aucun mot en commun"):
        grouping.vectors(["guichet ouvert", "piscine fermée", "bus retardé"])


def test_shown_words_are_shared_by_enough_texts(corpus):
    for rank, listed in enumerate(grouping.own_words(corpus.texts, corpus.groups, minimum=5)):
        inside = [set(texts.words(corpus.texts[row])) for row in corpus.groups.members(rank)]
        assert all(sum(texts.normalise(word) in bag for bag in inside) >= 5 for word in listed)
    shown = {word for listed in grouping.own_words(corpus.texts, corpus.groups) for word in listed}
    assert {"téléphone", "économies"} <= shown


def test_titles_miss_minorities_that_a_read_sample_sees(corpus, other):
    for one in (corpus, other):
        table = citoyens.compare(one).set_index("methode")["minoritaires"]
        assert table[coverage.TITLES] <= 1
        assert table[coverage.RANDOM] > table[coverage.TITLES] + 1
        assert table[coverage.CHANNELS] > table[coverage.RANDOM]
        assert table[coverage.ALL] == pytest.approx(4, abs=0.01)


def test_keywords_find_common_themes_better_than_rare_ones(corpus, other):
    rare = list(citoyens.minority())
    for one in (corpus, other):
        found = keywords.scores(keywords.count(one.texts), one.carried)["rappel"]
        assert found.drop(rare).mean() > found[rare].mean()


def test_irony_is_read_as_approval_far_more_often(corpus, other):
    for one in (corpus, other):
        shares = tone.read_as_for(one.texts, one.truth)
        assert shares["ironiques"] > 3 * shares["autres"]


def test_copy_is_counted_under_the_name_of_what_it_copies(corpus):
    names = coverage.assigned(corpus)
    for first in corpus.campaigns[:2]:
        family = corpus.copies.leader == first
        assert set(names[family]) == {corpus.truth["theme_1"][first]}


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 80), st.integers(0, 80), st.integers(0, 80))
def test_chance_is_the_exact_one(total, bearers, sample):
    bearers, sample = min(bearers, total), min(sample, total)
    exact = 1 - comb(total - bearers, sample) / comb(total, sample)
    assert reading.chance_of_seeing(bearers, total, sample) == pytest.approx(exact, abs=1e-9)
    assert reading.chance_of_seeing(bearers, total, sample, attention=0.5) <= exact + 1e-9


def test_nothing_to_read_shows_nothing():
    assert reading.chance_of_seeing(0, 0, 0) == 0
    with pytest.raises(ValueError, match="au moins deux"):
        grouping.group(["gardez le guichet ouvert"] * 5, 2)


def test_needed_sample_is_the_smallest(plain):
    assert reading.needed(8, 400) == 124
    assert reading.chance_of_seeing(8, 400, 123) < 0.95 <= reading.chance_of_seeing(8, 400, 124)
    with pytest.raises(ValueError, match="ne peuvent dépasser"):
        reading.chance_of_seeing(9, 8, 1)


def test_sample_by_channel_gives_each_channel_its_place(corpus):
    channels = corpus.contributions["canal"]
    rows = citoyens.by_channel(channels, 40, seed=3)
    assert len(set(rows)) == 40
    assert channels.iloc[rows].value_counts().tolist() == [10, 10, 10, 10]
    assert reading.shares({"a": 2, "b": 3}, 40) == {"a": 2, "b": 3}
    assert len(citoyens.by_channel(pd.Series([], dtype=object), 5)) == 0


def test_simulated_draws_agree_with_the_computed_chance(corpus):
    carried, rng = corpus.carried["eloignement"].to_numpy(), np.random.default_rng(5)
    seen = np.mean([carried[rng.choice(400, 40, replace=False)].any() for _ in range(1500)])
    assert seen == pytest.approx(reading.chance_of_seeing(int(carried.sum()), 400, 40), abs=0.05)
