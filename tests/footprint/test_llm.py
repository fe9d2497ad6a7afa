"""Nos formules sont celles d’EcoLogits, et les intervalles entourent sa valeur."""

from __future__ import annotations

import math

import pytest
from ecologits.impacts import llm as published
from hypothesis import given, settings
from hypothesis import strategies as st

from formation import footprint
from formation.footprint import llm


@settings(max_examples=60, deadline=None)
@given(
    active=st.floats(0.5, 200),
    ratio=st.floats(1, 20),
    tokens=st.integers(1, 5000),
    pue=st.floats(1, 2),
)
def test_energy_and_making_are_those_of_ecologits(active, ratio, tokens, pue):
    total = active * ratio
    found = published.compute_llm_impacts_dag(active, total, tokens, math.inf, 0, 0, 0.05, 1, pue, 0)
    assert llm.server_energy_wh(active, total, tokens) * pue == pytest.approx(1000 * found["request_energy"], rel=1e-9)
    assert llm.embodied_g(active, total, tokens) == pytest.approx(1000 * found["request_embodied_gwp"], rel=1e-9)


def test_constants_are_those_of_ecologits():
    assert llm.CONSTANTS["energie_alpha"] == published.GPU_ENERGY_ALPHA
    assert llm.CONSTANTS["duree_gamma"] == published.LATENCY_GAMMA
    assert llm.CONSTANTS["vie_s"] == published.HARDWARE_LIFESPAN
    assert published.BATCH_SIZE == llm.BATCH


@pytest.mark.parametrize(("active", "total"), [(8, None), (41, 675), (128, 128)])
def test_interval_holds_the_published_value_whatever_the_size(active, total):
    found = footprint.response(active, total, tokens=400)
    middle = llm.server_energy_wh(active, total or active, 400) * 1.3
    assert found.energy_wh.low < middle < found.energy_wh.high
    assert found.total_g.low == pytest.approx(found.use_g.low + found.embodied_g.low)
    assert any("EcoLogits" in line for line in found.hypotheses)
    assert any("Non compté" in line for line in found.hypotheses)


def test_making_per_kwh_stays_in_the_factor_for_every_size():
    bounds = footprint.factor("fabrication-calcul").interval
    for size in [(1, 1), (8, 8), (24, 24), (41, 675), (52, 1050), (128, 128), (6.5, 119)]:
        for batch in (32, 64, 128):
            ratio = 1000 * llm.embodied_g(*size, 400, batch) / llm.server_energy_wh(*size, 400, batch)
            assert bounds.low - 1 <= ratio <= bounds.high + 1


def test_bigger_model_never_costs_less():
    sizes = [footprint.response(size).energy_wh.high for size in (1, 8, 24, 70, 128, 400)]
    assert sizes == sorted(sizes)


def test_all_wrong_inputs_are_told_at_once():
    with pytest.raises(footprint.EmpreinteImpossible) as refused:
        footprint.response(10, 5, tokens=0, pue=0.5)
    message = str(refused.value)
    assert "dépasser le total" in message
    assert "jetons" in message
    assert "PUE" in message


def test_model_size_is_an_interval_when_it_is_not_published():
    active, total = footprint.model_size("mistralai", "mistral-medium")
    assert active.low < active.high
    assert active == total
    with pytest.raises(footprint.EmpreinteImpossible, match="demandez-la au fournisseur"):
        footprint.model_size("mistralai", "modele-imaginaire")


@pytest.mark.parametrize("size", [-8.0, 0.0, math.nan, math.inf])
def test_absurd_size_is_told_in_terms_of_size(size):
    with pytest.raises(footprint.EmpreinteImpossible, match="milliards de paramètres"):
        footprint.response(size)


def test_unknown_country_is_told_with_the_accepted_codes():
    with pytest.raises(footprint.FacteurInconnu) as refused:
        footprint.response(8, country="FR")
    assert "FRA (France)" in str(refused.value)
    assert "reseau-mobile" not in str(refused.value)
