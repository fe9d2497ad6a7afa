"""De la pluie au débit : bilan d’eau, délai, bords."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formation.risques import hydrology

BASIN = pd.Series({"cn": 72, "part_impermeable": 0.26, "temps_min": 25, "surface_km2": 4.0})


def test_weights_sum_to_one_when_basin_is_inside(tables):
    weights = hydrology.basin_weights(tables["bassins"])
    assert weights.shape == (8, 24, 24)
    assert weights.sum(axis=(1, 2)) == pytest.approx(1)
    # Une surface de n km² couvre à peu près n pixels.
    assert 1 / weights.max(axis=(1, 2)) == pytest.approx(tables["bassins"]["surface_km2"], rel=0.02)


def test_weights_refuse_when_basin_is_outside():
    outside = pd.DataFrame({"x_km": [40.0], "y_km": [3.0], "rayon_km": [1.0]})
    with pytest.raises(ValueError, match="hors de la grille"):
        hydrology.basin_weights(outside)


def test_row_is_north_and_column_is_east_when_weighing():
    point = pd.DataFrame({"x_km": [20.5], "y_km": [2.5], "rayon_km": [0.4]})
    assert np.unravel_index(hydrology.basin_weights(point)[0].argmax(), (24, 24)) == (2, 20)


@given(st.lists(st.floats(0, 120), min_size=12, max_size=60), st.integers(50, 95), st.floats(0, 0.6), st.floats(0, 90))
def test_runoff_never_exceeds_rain_when_summed(rain, number, impervious, antecedent):
    net = hydrology.runoff(rain, number, impervious, antecedent)
    assert (net >= -1e-9).all()
    assert (np.cumsum(net) <= np.cumsum(rain) + 1e-6).all()


def test_more_runs_off_when_it_has_already_rained():
    rain = [20.0] * 24
    assert hydrology.runoff(rain, 72, 0.1, 60).sum() > hydrology.runoff(rain, 72, 0.1, 0).sum() * 1.2


def test_small_rain_runs_off_from_hard_surfaces_when_soil_drinks_it():
    assert hydrology.runoff([6.0] * 12, 70, 0.4).sum() == pytest.approx(0.75 * 0.4 * 72)
    assert hydrology.runoff([6.0] * 12, 70, 0.0).sum() == 0


def test_peak_comes_after_the_response_time_when_shower_is_short():
    for response in (25.0, 60.0, 100.0):
        peak = hydrology.nash(response).argmax() * 5
        assert abs(peak - response) <= 5


def test_volume_is_kept_when_routed():
    net = np.zeros(240)
    net[:12] = 30.0
    flow = hydrology.route(net, 40, 5.0)
    volume_m3 = ((flow - hydrology.BASE_FLOW_M3_S_KM2 * 5) * 300).sum()
    assert volume_m3 == pytest.approx(0.030 * 5e6, rel=1e-3)


def test_each_series_is_routed_alone_when_stacked():
    rain = np.random.default_rng(1).gamma(0.3, 20, (3, 50))
    together = hydrology.discharge(rain, BASIN, 12)
    assert together[1] == pytest.approx(hydrology.discharge(rain[1], BASIN, 12))


@pytest.mark.parametrize(("response", "reservoirs"), [(0, 3), (-5, 3), (30, 1)])
def test_nash_refuses_when_parameter_is_impossible(response, reservoirs):
    with pytest.raises(ValueError, match="strictement positif"):
        hydrology.nash(response, reservoirs=reservoirs)


@pytest.mark.parametrize("number", [0, 101])
def test_retention_refuses_when_curve_number_is_impossible(number):
    with pytest.raises(ValueError, match="de 1 à 100"):
        hydrology.retention(number)


def test_scores_are_one_when_series_agree_and_ignore_gaps():
    seen = [1.0, 2.0, np.nan, 4.0]
    assert hydrology.nse(seen, [1.0, 2.0, 9.0, 4.0]) == 1
    assert hydrology.kge(seen, [1.0, 2.0, 9.0, 4.0]) == pytest.approx(1)


def test_kge_is_low_when_forecast_never_varies():
    assert hydrology.kge([1, 2, 3], [2, 2, 2]) < 0


@pytest.mark.parametrize(("seen", "computed"), [([1, 2], [1]), ([3, 3], [1, 2]), ([np.nan], [1])])
def test_scores_refuse_when_series_cannot_be_compared(seen, computed):
    for score in (hydrology.nse, hydrology.kge):
        with pytest.raises(ValueError, match=r"longueur|ne varient pas"):
            score(seen, computed)
