"""La foule, la mesure et les soirées : ce que la fiche de données promet. `test_released` refait les fichiers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from formation import securite
from formation.securite.generator import crowd, places, sensing
from formation.securite.generator.parameters import STEPS, Parameters
from formation.securite.tables import PLACES, join_measures

P = Parameters()


def test_evening_belongs_to_one_place_and_one_split_when_joined(tables):
    evenings = tables["soirees"]
    for place, name in PLACES.items():
        seen = set(tables[name]["id_soiree"])
        assert seen == set(evenings.loc[evenings["lieu"] == place, "id_soiree"])
    assert set(evenings.loc[evenings["jeu"] == "apprentissage", "lieu"]) == {"repetition"}
    assert set(evenings.loc[evenings["jeu"] == "test", "lieu"]) == set(PLACES)


def test_splits_follow_each_other_in_time_when_place_is_the_same(tables):
    order = {"apprentissage": 0, "validation": 1, "test": 2}
    for _, place in tables["soirees"].groupby("lieu"):
        ranks = place.sort_values("date")["jeu"].map(order)
        assert ranks.is_monotonic_increasing


def test_rain_is_absent_when_model_learns(tables):
    evenings = tables["soirees"]
    assert evenings.loc[evenings["lieu"] == "repetition", "pluie"].sum() == 0
    assert evenings.loc[(evenings["lieu"] == "soiree") & (evenings["jeu"] == "test"), "pluie"].sum() >= 3


def test_every_code_exists_in_the_territory_when_joined(tables, territory):
    streets = territory.rues.set_index("id_rue")["code_commune"]
    assert (streets.reindex(tables["cameras"]["id_rue"]) == "00001").all()
    events = tables["soirees"].dropna(subset="id_evenement")
    assert events["id_evenement"].isin(territory.evenements["id_evenement"]).all()
    assert set(events["lieu"]) == {"fan-zone"}


def test_every_camera_has_every_step_when_released(tables):
    for name in PLACES.values():
        sizes = tables[name].groupby(["id_soiree", "id_camera"]).size()
        assert set(sizes) == {STEPS}


def test_episodes_cover_exactly_the_dangerous_steps_when_released(tables):
    measures = join_measures(tables, "soiree")
    danger = measures.loc[measures["evenement"] == 1, ["id_soiree", "id_camera", "pas_10s"]]
    episodes = tables["episodes"].merge(tables["soirees"].query("lieu == 'soiree'")[["id_soiree"]])
    covered = {
        (item.id_soiree, item.id_camera, step)
        for item in episodes.itertuples()
        for step in range(item.debut, item.fin + 1)
    }
    assert covered == set(danger.itertuples(index=False, name=None))


def test_background_never_reaches_danger_when_nothing_is_injected():
    density = crowd.background(np.random.default_rng(1), P)
    assert density.shape == (P.cameras, STEPS)
    assert 0 <= density.min() < density.max() <= P.ceiling


@pytest.mark.parametrize(("density", "folded"), [(4.0, 4.0), (5.9, 3.9), (9.8, 0.0), (11.0, 1.2)])
def test_density_comes_back_when_it_passes_the_ceiling(density, folded):
    assert crowd.fold(np.array([density]), 4.9)[0] == pytest.approx(folded)


def test_episodes_never_touch_when_many_are_injected():
    density = np.full((P.cameras, STEPS), 1.0)
    found = crowd.inject(density, 300, np.random.default_rng(2), P)
    assert len(found) == 300
    for camera, rows in found.sort_values("debut").groupby("camera"):
        assert (rows["debut"].to_numpy()[1:] > rows["fin"].to_numpy()[:-1] + 1).all(), camera
    assert int((density >= 5).sum()) == int((found["fin"] - found["debut"] + 1).sum())


def test_autoregressive_noise_has_unit_variance_when_memory_is_long():
    noise = crowd.autoregressive(np.random.default_rng(3), (400, 500), 0.97)
    assert noise[:, 0].std() == pytest.approx(1, abs=0.12)
    assert noise.std() == pytest.approx(1, abs=0.05)


def test_camera_sees_too_few_when_crowd_is_dense():
    density, ones = np.full((P.cameras, STEPS), 6.0), np.ones((P.cameras, STEPS))
    calm = replace(P, drift=0.0)
    quiet = np.zeros(P.cameras)
    seen, speed = sensing.measure(density, np.ones(P.cameras), quiet, ones, np.random.default_rng(4), calm)
    assert seen == pytest.approx(6 * (1 - 6 * P.saturation))
    assert speed.max() < 0.2


def test_lure_raises_density_and_slows_the_crowd_when_it_passes():
    density, quiet = np.full((P.cameras, STEPS), 3.0), np.zeros(P.cameras)
    calm = replace(P, drift=0.0, speed_noise=0.0)
    lure = sensing.lures(np.random.default_rng(5), 40.0, P)
    seen, speed = sensing.measure(density, np.ones(P.cameras), quiet, lure, np.random.default_rng(6), calm)
    fooled = lure > 1
    assert 0 < fooled.mean() < 0.1
    assert seen[fooled].min() > seen[~fooled].max()
    assert speed[fooled].max() < speed[~fooled].min()


def test_one_camera_counts_a_fifth_too_many_when_bias_is_drawn():
    bias = sensing.camera_bias(np.random.default_rng(7), P)
    assert bias[P.faulty_camera] == P.faulty_bias
    assert np.delete(bias, P.faulty_camera).max() < P.faulty_bias


def test_noise_grows_only_under_weak_light_when_night_falls():
    lighting = pd.Series(["bon", "faible", "moyen"])
    assert sensing.noise_level(lighting, False, P).tolist() == [P.noise] * 3
    assert sensing.noise_level(lighting, True, P).tolist() == [P.noise, P.noise * P.night_noise, P.noise]


def test_operator_notes_an_episode_only_when_the_old_tool_rang():
    seen = np.full((2, STEPS), 3.0)
    seen[0, 100:103] = 4.2
    seen[1, [100, 102, 104]] = 9.0
    episodes = pd.DataFrame({"camera": [0, 1], "debut": [98, 98], "fin": [106, 106]})
    assert sensing.noticed(seen, episodes, P).tolist() == [1, 0]


def test_evenings_are_the_same_when_asked_twice(territory):
    pd.testing.assert_frame_equal(places.evenings(territory), places.evenings(territory))


def test_measures_keep_what_is_asked_when_filtered(tables):
    some = join_measures(tables, "repetition", "validation")
    assert set(some["lieu"]) == {"repetition"}
    assert set(some["jeu"]) == {"validation"}
    assert len(some) == 25 * STEPS


@pytest.mark.parametrize("asked", [("stade", None), (None, "train")])
def test_measures_say_what_exists_when_place_is_unknown(asked, plain):
    with pytest.raises(ValueError, match="n’existe pas") as error:
        securite.measures(*asked)
    assert "Valeurs possibles" in plain(error.value)
