"""Détecteurs de fuite sur le débit de nuit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation.eau import night_flow


@pytest.fixture(scope="module")
def compared(tables):
    return night_flow.compare([tables]).set_index("detecteur")


def calm(nights: int = 120, sectors: int = 4, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    index = pd.date_range("2025-01-01", periods=nights)
    return pd.DataFrame({f"S{k}": 4 + rng.normal(0, 0.2, nights) for k in range(sectors)}, index=index)


def test_corrected_median_is_near_target_when_released(compared):
    row = compared.loc["médiane glissante corrigée"]
    assert row["part_detectee"] == pytest.approx(0.79, abs=0.10)
    assert row["delai_j"] == pytest.approx(3.0, abs=1.0)
    assert row["fausses_alertes_secteur_an"] <= 0.2


def test_fixed_threshold_cries_wolf_when_summer_comes(compared, tables):
    assert compared["fausses_alertes_secteur_an"].iloc[0] > 10 * compared["fausses_alertes_secteur_an"].iloc[-1]
    flows = night_flow.wide(tables["debits_nocturnes"])
    healthy = flows.drop(columns=tables["fuites_secteurs"]["id_secteur"].unique())
    alarms = night_flow.fixed_threshold(healthy).sum(axis=1)
    assert alarms[alarms.index.month.isin([6, 7, 8, 9])].sum() > 0.9 * alarms.sum() > 0


def test_sudden_leak_is_found_within_three_nights_when_large():
    flows = calm()
    flows.iloc[60:80, 0] += 2
    leak = pd.DataFrame({"id_secteur": ["S0"], "date_debut": [flows.index[60]], "date_reparation": [flows.index[79]]})
    result = night_flow.score_alarms(night_flow.rolling_median(flows), leak)
    assert result["part_detectee"] == 1
    assert result["delai_j"] <= 3


def test_common_rise_raises_no_alarm_when_corrected():
    flows = calm(sectors=12)
    flows.iloc[60:100] *= 1.6
    plain = night_flow.rolling_median(flows).sum().sum()
    corrected = night_flow.rolling_median(flows, corrected=True).sum().sum()
    assert plain > 20
    assert corrected <= 3


def test_alarms_ignore_the_future_when_a_leak_comes_later():
    flows = calm()
    later = flows.copy()
    later.iloc[90:] += 5
    for corrected in (False, True):
        before = night_flow.rolling_median(flows, corrected=corrected).iloc[:90]
        pd.testing.assert_frame_equal(night_flow.rolling_median(later, corrected=corrected).iloc[:90], before)


def test_missing_nights_raise_no_alarm_when_measures_stop():
    flows = calm()
    flows.iloc[50:70] = np.nan
    assert not night_flow.rolling_median(flows).iloc[50:70].any(axis=None)


def test_late_alarm_does_not_count_when_beyond_the_delay():
    nights = pd.date_range("2025-03-01", periods=60)
    alarm = pd.DataFrame({"S0": np.arange(60) == 40}, index=nights)
    leak = pd.DataFrame({"id_secteur": ["S0"], "date_debut": [nights[0]], "date_reparation": [nights[59]]})
    assert night_flow.score_alarms(alarm, leak)["part_detectee"] == 0
    assert night_flow.score_alarms(alarm, leak)["fausses_alertes_secteur_an"] == 0
    assert night_flow.score_alarms(alarm, leak, within_days=50)["part_detectee"] == 1


def test_neighbouring_nights_make_one_false_alarm_when_grouped():
    nights = pd.date_range("2025-01-01", periods=365)
    alarm = pd.DataFrame({"S0": np.isin(np.arange(365), [10, 11, 13, 40])}, index=nights)
    none = pd.DataFrame({"id_secteur": [], "date_debut": pd.to_datetime([]), "date_reparation": pd.to_datetime([])})
    assert night_flow.score_alarms(alarm, none)["fausses_alertes_secteur_an"] == 2
