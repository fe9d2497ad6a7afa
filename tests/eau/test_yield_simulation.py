"""Rendement d’une commune avant et après une écoute."""

from __future__ import annotations

import pytest

from formation.eau import evaluation, yield_simulation
from formation.eau.yield_simulation import listening_draws, summary


@pytest.fixture(scope="module")
def draw(scores, tables):
    def run(method=evaluation.FULL_MODEL, **options):
        return listening_draws(scores, tables["troncons"], tables["defaillances"], method, draws=150, **options)

    return run


def test_mean_is_near_target_when_model_chooses(draw):
    result = summary(draw())
    assert result["rendement_moyen"] == pytest.approx(0.866, abs=0.015)
    assert result["rendement_9_sur_10"] == pytest.approx(0.915, abs=0.015)


def test_ninety_percent_is_the_top_of_the_distribution_when_model_chooses(draw):
    assert 0.05 < summary(draw())["part_90"] < 0.45


def test_mean_is_near_target_when_listening_at_random(draw):
    result = summary(draw("hasard"))
    assert result["rendement_moyen"] == pytest.approx(0.785, abs=0.01)
    assert result["fuites_trouvees"] == pytest.approx(14 * 0.25 * 0.85, abs=0.5)


def test_nothing_is_gained_when_nothing_is_heard(draw):
    assert (draw(hearing=0.0)["rendement"] == 0.75).all()


def test_only_diffuse_losses_remain_when_all_is_heard(draw):
    table = draw(hearing=1.0, share=1.0)
    assert table["rendement"].to_numpy() == pytest.approx(0.75 / (0.75 + 0.25 * 0.2), abs=1e-9)


def test_draws_repeat_when_seed_is_the_same(draw):
    assert draw(seed=2).equals(draw(seed=2))


@pytest.mark.parametrize("options", [{"initial": 75}, {"share": 0}, {"hearing": 2}, {"diffuse": -0.1}])
def test_draws_refuse_when_a_share_is_out_of_range(draw, options):
    with pytest.raises(ValueError, match=r"0\.75 pour 75"):
        draw(**options)


def test_draws_refuse_when_leaks_are_too_many(draw):
    with pytest.raises(ValueError, match="pas assez de fuites"):
        draw(leaks=200)


def test_efficiency_and_losses_agree_when_volumes_are_given():
    assert yield_simulation.efficiency(100, 75) == 0.75
    assert yield_simulation.linear_loss_index(36_500, 0, 10) == pytest.approx(10)
    with pytest.raises(ValueError, match="m³"):
        yield_simulation.efficiency(75, 100)
    with pytest.raises(ValueError, match="km"):
        yield_simulation.linear_loss_index(100, 75, 0)
