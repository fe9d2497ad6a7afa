"""La simulation : même graine, même contenu, et ce que la fiche de données promet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from formation.risques import hydrology
from formation.risques.generator import catalogue, sensors, storms
from formation.risques.generator.parameters import Parameters
from formation.risques.simulation import simulate, simulate_with


@pytest.fixture(scope="module")
def other(territory):
    return simulate_with(territory, replace(Parameters(), cells=4.0), seed=5)


def truth(tables, column):
    return tables["verite"][column].to_numpy().reshape(71, 8, 120)


def test_content_is_identical_when_seed_is_the_same(territory, simulated):
    again = simulate(territory, seed=447)
    assert again.keys() == simulated.keys()
    for name, table in simulated.items():
        if name == "radar":
            assert all((table[key] == again[name][key]).all() for key in table)
        else:
            pd.testing.assert_frame_equal(table, again[name])


def test_released_measures_are_those_of_the_root_seed(simulated, tables):
    for name in ("debits", "verite"):
        pd.testing.assert_frame_equal(tables[name], simulated[name], check_dtype=False)
    assert (tables["radar"]["code"] == simulated["radar"]["code"]).all()


def test_global_random_state_is_untouched_when_simulating(territory, other):
    before = np.random.get_state()[1].copy()  # noqa: NPY002 — on vérifie justement l’état global
    again = simulate_with(territory, replace(Parameters(), cells=4.0), seed=5)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002
    assert again["verite"].equals(other["verite"])


def test_every_key_has_its_target_when_joined(tables):
    episodes, basins = set(tables["episodes"]["id_episode"]), tables["bassins"]
    assert set(tables["debits"]["id_bassin"]) == set(basins.loc[basins["jauge"] == 1, "id_bassin"])
    assert set(tables["verite"]["id_bassin"]) == set(basins["id_bassin"])
    assert set(tables["debits"]["id_episode"]) == set(tables["verite"]["id_episode"]) == episodes
    assert tables["radar"]["id_episode"].tolist() == tables["episodes"]["id_episode"].tolist()
    assert set(basins["id_pluviometre"]) <= set(tables["pluviometres"]["id_pluviometre"])


def test_sets_follow_the_dates_and_keep_whole_episodes(tables):
    common = tables["episodes"].query("jeu != 'extreme'")
    assert common["date"].is_monotonic_increasing
    assert common["jeu"].value_counts().to_dict() == {"apprentissage": 35, "test": 21, "validation": 14}
    last = common.groupby("jeu")["date"].max()
    first = common.groupby("jeu")["date"].min()
    assert last["apprentissage"] < first["validation"]
    assert last["validation"] < first["test"]


def test_sets_are_equally_severe_when_dealt(tables):
    mean = truth(tables, "pluie_mm_h")[:70, :6].mean(axis=(1, 2))
    by_set = pd.Series(mean).groupby(tables["episodes"]["jeu"][:70]).mean()
    assert by_set.max() < 1.35 * by_set.min()


def test_antecedent_rain_is_the_weather_when_joined(tables, territory):
    rain = territory.meteo_jour.set_index("date")["pluie_mm"]
    for episode in tables["episodes"].iloc[[0, 30, 69]].itertuples():
        before = rain[episode.date - pd.Timedelta(days=5) : episode.date - pd.Timedelta(days=1)]
        assert episode.pluie_anterieure_mm == pytest.approx(before.sum(), abs=0.06)


def test_one_episode_crosses_the_clock_change_when_read_in_local_time(tables):
    start = pd.to_datetime(tables["episodes"]["debut_utc"], utc=True).dt.tz_convert("Europe/Paris")
    end = start + pd.Timedelta(hours=10)
    crossing = [a.utcoffset() != b.utcoffset() for a, b in zip(start, end, strict=True)]
    assert tables["episodes"].loc[crossing, "id_episode"].tolist() == ["E33"]


def test_flow_is_missing_exactly_when_quality_says_so(tables):
    measures = tables["debits"]
    assert (measures["debit_m3_s"].isna() == (measures["qualite"] == 2)).all()


def test_doubtful_flow_is_a_high_one_when_flagged(tables):
    areas = tables["bassins"].set_index("id_bassin")["surface_km2"]
    doubtful = tables["debits"].query("qualite == 1")
    specific = doubtful["debit_m3_s"] / doubtful["id_bassin"].map(areas)
    assert specific.min() >= 3.99


def test_radar_never_exceeds_its_ceiling_and_loses_whole_images(tables):
    codes = tables["radar"]["code"]
    lost = (codes == 255).reshape(71, 120, -1)
    assert codes[codes < 255].max() <= 135
    assert (lost.all(axis=2) == lost.any(axis=2)).all()
    assert 0.003 < lost.mean() < 0.02


def test_some_sensor_is_silent_in_each_set_when_it_floods(tables):
    areas = tables["bassins"]["surface_km2"].to_numpy()[:6, None]
    flood = truth(tables, "debit_m3_s")[:, :6] / areas >= 1
    silent = (tables["debits"]["qualite"].to_numpy() == 2).reshape(71, 6, 120)
    for name in ("apprentissage", "validation", "test"):
        assert (silent & flood)[(tables["episodes"]["jeu"] == name).to_numpy()].any(), name


def test_flow_follows_the_published_basins_when_recomputed(tables):
    basins, row = tables["bassins"], tables["episodes"].iloc[10]
    rain, flow = (truth(tables, column)[10] for column in ("pluie_mm_h", "debit_m3_s"))
    for rank, basin in basins.iterrows():
        computed = hydrology.discharge(rain[rank], basin, row["pluie_anterieure_mm"])
        assert computed == pytest.approx(flow[rank], abs=0.03 * basin["surface_km2"])


def test_built_basin_runs_off_more_than_its_map_says_when_tested(tables):
    basin, row = tables["bassins"].set_index("id_bassin").loc["B5"], tables["episodes"].iloc[69]
    computed = hydrology.discharge(truth(tables, "pluie_mm_h")[69, 4], basin, row["pluie_anterieure_mm"])
    assert truth(tables, "debit_m3_s")[69, 4].sum() > 1.1 * computed.sum()


def test_weak_storms_flood_less_when_cells_are_few(other, tables):
    assert truth(other, "debit_m3_s").max(axis=2)[:70].mean() < truth(tables, "debit_m3_s").max(axis=2)[:70].mean()


def test_common_storm_refuses_when_no_draw_stays_under_the_cap(territory):
    with pytest.raises(ValueError, match="Aucun épisode courant"):
        simulate_with(territory, replace(Parameters(), total_cap_mm=0.0), seed=1)


def test_drowned_gauge_reads_zero_until_the_end_when_it_pours():
    p = replace(Parameters(), drowned_share=1.0, gauge_missing=0.0)
    read = sensors.gauge(np.full(120, 40.0), np.random.default_rng(0), p)
    assert read[:6].max() > 20
    assert (read[20:] == 0).all()


def test_gauge_counts_the_rain_when_nothing_fails():
    p = replace(Parameters(), drowned_share=0.0, gauge_missing=0.0)
    read = sensors.gauge(np.full(120, 6.0), np.random.default_rng(0), p)
    assert read.sum() / 12 == pytest.approx(60, rel=0.03)
    assert (np.round(read / 2.4, 6) % 1 == 0).all()


def test_stationary_system_stays_when_extreme():
    field = storms.extreme(np.random.default_rng(0), Parameters())
    centre = [
        np.array(np.unravel_index(hour.argmax(), hour.shape)) for hour in field[12:96].reshape(7, 12, 24, 24).sum(1)
    ]
    assert max(np.hypot(*(a - b)) for a in centre for b in centre) < 8


def test_far_gauge_is_more_than_five_km_away_when_listed():
    distance = catalogue.gauges().set_index("id_pluviometre")["distance_km"]
    assert distance["P6"] > 5
    assert distance.drop("P6").max() < 1
