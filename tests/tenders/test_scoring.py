"""Notes, rangs, silence, valeurs anormales, solidité : des offres connues, le résultat attendu."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from formation import tenders
from formation.tenders import resolving, results, scoring, sensitivity
from formation.tenders.offers import SILENCE, Market, Offer
from formation.tenders.sampling import random_tender

FULL = {
    "pays": "FRA", "pue": 1.3, "energie_wh_bas": 0.2, "energie_wh_haut": 0.4, "entrainement_kwh": 100.0,
    "serveur_w": 50.0, "donnees_go_an": 10.0, "reseau": "fixe", "portables_neufs": 0, "smartphones_neufs": 0,
    "autres_appareils": 0,
}  # fmt: skip
MARKET = Market(tirages=200)


def offer(name="A", price=1000.0, quality=12.0, *, without=(), **values):
    kept = {key: value for key, value in {**FULL, **values}.items() if key not in without}
    return Offer(name, price, quality, kept)


@pytest.fixture(scope="module")
def example():
    return tenders.example()


def line(result, name):
    return next(one for one in result.lines if one.offer.nom == name)


def test_example_is_led_by_the_small_model_and_does_not_hold(example):
    assert example.ranking[0].offer.nom == "Petit modèle"
    assert not example.holds
    assert "ne tient pas" in tenders.conclusion(example)
    assert [(s.low, s.high) for s in example.stretches] == [(0, 18), (19, 100)]


def test_idle_server_outweighs_the_answers_in_the_example(example):
    posts = line(example, "Petit modèle").posts_kg
    assert posts["hebergement"].low > posts["inference"].high


def test_silent_offer_wins_only_when_silence_counts_for_nothing():
    market, offers = tenders.checked(
        tenders.reading.parse_text(results.EXAMPLE.read_text("utf-8"), "exemple.yml"), "exemple.yml"
    )
    first = {
        rule: tenders.evaluate(replace(market, silence=rule, tirages=100), offers).ranking[0].offer.nom
        for rule in SILENCE
    }
    assert first["compter_zero"] == "Muette"
    assert "Muette" not in (first["borne_haute"], first["note_zero"])


@pytest.mark.parametrize(
    "hidden", ["pays", "pue", "energie_wh_haut", "entrainement_kwh", "serveur_w", "portables_neufs"]
)
def test_hiding_a_value_never_lowers_the_footprint(hidden):
    rival = offer("B", portables_neufs=3)
    drop = (hidden, "energie_wh_bas") if hidden == "energie_wh_haut" else (hidden,)
    said = tenders.evaluate(MARKET, [offer(), rival]).lines[0]
    mute = tenders.evaluate(MARKET, [offer(without=drop), rival]).lines[0]
    assert mute.posts_kg["total"].low >= said.posts_kg["total"].low
    assert mute.scores["environnement"] <= said.scores["environnement"] + 1e-9
    assert mute.offer.manques == (hidden,)


def test_zero_energy_is_an_absence_until_it_is_justified():
    rival = offer("B")
    zero = {"energie_wh_bas": 0.0, "energie_wh_haut": 0.0}
    refused = tenders.evaluate(MARKET, [offer(**zero), rival]).lines[0]
    proved = tenders.evaluate(MARKET, [offer(**zero, justifie=("energie_wh_haut",)), rival]).lines[0]
    taken = tenders.evaluate(replace(MARKET, anormal="acceptees"), [offer(**zero), rival]).lines[0]
    assert "energie_wh_haut" in refused.offer.manques
    assert proved.posts_kg["inference"].high == 0 == taken.posts_kg["inference"].high
    assert any("un calcul consomme toujours" in text for text in taken.offer.remarques)


def test_no_own_training_is_normal_when_the_size_of_the_model_is_given():
    bare = {"without": ("energie_wh_bas", "energie_wh_haut"), "entrainement_kwh": 0.0}
    dense = resolving.resolve(MARKET, [offer(parametres_actifs=8.0, **bare), offer("B")])[0]
    unsaid = resolving.resolve(MARKET, [offer(entrainement_kwh=0.0), offer("B")])[0]
    assert dense.manques == ()
    assert dense.part_entrainement
    assert unsaid.manques == ("entrainement_kwh",)


def test_far_lower_energy_than_the_others_is_flagged():
    low = {"energie_wh_bas": 0.001, "energie_wh_haut": 0.002}
    found = resolving.resolve(MARKET, [offer(**low), offer("B"), offer("C")])
    assert "energie_wh_haut" in found[0].manques
    assert not found[1].manques


def test_offer_without_ai_has_no_training_nor_answers_to_declare():
    drop = ("energie_wh_bas", "energie_wh_haut", "entrainement_kwh")
    found = tenders.evaluate(MARKET, [offer(sans_ia=True, without=drop)]).lines[0]
    assert found.offer.manques == ()
    assert found.posts_kg["inference"].high == found.posts_kg["entrainement"].high == 0


def test_equal_offers_share_rank_and_draws():
    result = tenders.evaluate(MARKET, [offer("A"), offer("B")])
    assert [one.rank for one in result.lines] == [1, 1]
    assert [one.share for one in result.lines] == pytest.approx([0.5, 0.5], abs=0.1)
    assert not result.holds
    assert "à égalité" in tenders.conclusion(result)


def test_zero_footprint_does_not_crush_the_others():
    assert scoring.environment_scores([0.0, 0.5, 2.0], 1.0) == [20.0, 20.0, 10.0]


def test_linear_price_gives_zero_to_the_dearest_and_proportional_does_not():
    assert scoring.price_scores([100, 110], "lineaire") == [20.0, 0.0]
    assert scoring.price_scores([100, 110], "proportionnelle")[1] == pytest.approx(18.18, abs=0.01)
    assert scoring.price_scores([70, 70], "lineaire") == [20.0, 20.0]


def test_interval_holds_every_draw():
    for seed in range(8):
        market, offers = random_tender(random.Random(seed))
        ready = resolving.resolve(market, offers)
        bounds = [scoring.posts(market, one)["total"] for one in ready]
        for row in sensitivity.draws(market, ready):
            for value, bound in zip(row, bounds, strict=True):
                assert bound.low * (1 - 1e-9) <= value <= bound.high * (1 + 1e-9) + 1e-12


def test_shares_sum_to_one_and_repeat_with_the_same_seed():
    market, offers = random_tender(random.Random(5))
    first, again = tenders.evaluate(market, offers), tenders.evaluate(market, offers)
    assert sum(one.share for one in first.lines) == pytest.approx(1)
    assert [one.share for one in first.lines] == [one.share for one in again.lines]


def test_method_error_is_shared_so_that_same_country_offers_keep_their_order():
    clean, heavy = offer("A", serveur_w=40.0), offer("B", serveur_w=60.0)
    ready = resolving.resolve(MARKET, [clean, heavy])
    assert all(low < high for low, high in sensitivity.draws(MARKET, ready))


def test_single_offer_gets_a_footprint_and_no_ranking():
    result = tenders.evaluate(MARKET, [offer()])
    assert "pas de classement" in tenders.conclusion(result)


def test_no_sweep_when_only_the_environment_weighs():
    market = replace(MARKET, poids={"prix": 0.0, "qualite": 0.0, "environnement": 100.0})
    assert tenders.evaluate(market, [offer(), offer("B")]).stretches == []


def test_record_field_gives_bounds_perimeter_and_what_is_missing(example):
    text = tenders.record_field(line(example, "Muette"), example.market, "2026-11-22")
    assert text.startswith("Estimation du 22/11/2026")
    assert "de 21" in text
    assert "energie_wh_haut" in text
