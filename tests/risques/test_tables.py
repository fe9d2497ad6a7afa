"""Le code du radar, et les tables livrées."""

from __future__ import annotations

import numpy as np
import pytest

from formation import risques
from formation.risques.tables import MISSING


def test_code_comes_back_when_decoded():
    codes = np.arange(256, dtype=np.uint8)
    codes[255] = MISSING
    assert (risques.rain_code(risques.rain_rate(codes)) == codes).all()


def test_intensity_is_kept_within_a_few_percent_when_coded():
    rates = np.random.default_rng(0).uniform(0.2, 150, 1000)
    assert risques.rain_rate(risques.rain_code(rates)) == pytest.approx(rates, rel=0.026)


def test_drizzle_is_dry_when_coded():
    assert risques.rain_code([0.0, 0.099]).tolist() == [0, 0]


def test_gap_stays_a_gap_when_coded():
    assert risques.rain_code([np.nan]).tolist() == [MISSING]
    assert np.isnan(risques.rain_rate([MISSING])).all()


@pytest.mark.parametrize("codes", [[-1], [256], [1.5], ["3"]])
def test_decoding_refuses_when_code_is_not_a_byte(codes):
    with pytest.raises(ValueError, match="de 0 à 255"):
        risques.rain_rate(codes)


def test_coding_refuses_when_intensity_is_negative():
    with pytest.raises(ValueError, match="négative"):
        risques.rain_code([3.0, -0.1])


def test_radar_gives_one_episode_when_named():
    assert np.nanmax(risques.radar("E71")) > 60
    with pytest.raises(KeyError, match="E01 à E71"):
        risques.radar("E72")


def test_basin_rain_is_the_weighted_radar_when_recomputed(tables):
    weights = risques.basin_weights(tables["bassins"]).reshape(8, -1)
    row = tables["debits"].query("id_episode == 'E50' and id_bassin == 'B3'")
    images = risques.radar("E50").reshape(120, -1)
    assert row["pluie_radar_mm_h"].to_numpy() == pytest.approx(images @ weights[2], abs=0.006, nan_ok=True)
