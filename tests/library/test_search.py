"""Recherche : tous les mots, sans accents ni casse, et des filtres qui disent leurs valeurs."""

from __future__ import annotations

import pytest

from formation.library.collection import load
from formation.library.models import ProjectRecord
from formation.library.search import FILTERS, FiltreInconnu, counts, search, values, words


@pytest.fixture(scope="module")
def library():
    return load()


@pytest.mark.parametrize("asked", ["reseau", "RÉSEAU", "canalis ecouter", "l’eau", "économiser l'énergie", ""])
def test_record_is_found_when_every_word_is_there(fiche, asked):
    assert search([fiche], asked) == [fiche]


def test_record_is_not_found_when_a_word_is_missing(fiche):
    assert search([fiche], "réseau piscine") == []


def test_title_hits_come_first(donnees):
    donnees["titre"] = "Zone à écouter"
    first = ProjectRecord.model_validate(donnees)
    second = ProjectRecord.model_validate(donnees | {"id": "autre", "titre": "A"})
    assert [record.id for record in search([second, first], "ecouter")] == [first.id, second.id]


def test_filters_keep_any_of_their_values_and_all_of_the_filters(library):
    found = search(library, "", {"maturite": ["service", "arrete"], "secteur": ["dechets"]})
    expected = [
        record for record in library
        if record.complements.maturite in {"service", "arrete"} and "dechets" in record.complements.secteur
    ]  # fmt: skip
    assert sorted(record.id for record in found) == sorted(record.id for record in expected)
    assert found


def test_counts_add_up(library):
    found = counts(library)
    for name in ("taille", "cout", "maturite"):
        assert sum(found[name].values()) == len(library)
    for name in FILTERS:
        for value, count in found[name].items():
            assert count == len(search(library, "", {name: [value]}))


@pytest.mark.parametrize(
    ("filters", "said"), [({"couleur": ["rouge"]}, "Filtres"), ({"maturite": ["servise"]}, "« service »")]
)
def test_unknown_filter_or_value_says_what_exists(fiche, plain, filters, said):
    with pytest.raises(FiltreInconnu) as caught:
        search([fiche], "", filters)
    assert said in plain(caught.value)


def test_words_fold_accents_ligatures_and_punctuation():
    assert words("Œuvres d’ÎLE : n° 447 (2024-2025)") == "oeuvres d ile n 447 2024 2025"


def test_every_record_has_a_value_for_every_filter(fiche):
    assert all(values(fiche, name) for name in FILTERS)
