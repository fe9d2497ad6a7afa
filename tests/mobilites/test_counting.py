"""Compter : des voitures accolées, et des réglages choisis ailleurs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation.mobilites import counting


@pytest.fixture(scope="module")
def settings(course):
    return counting.learn(course)


def test_touching_cars_are_one_blob_and_two_basins():
    cars = np.zeros((30, 30), bool)
    cars[5:16, 5:9] = cars[5:16, 10:14] = True
    assert counting.blobs(cars) == counting.watershed(cars) == 2
    cars[9:11, 9] = True
    assert counting.blobs(cars) == 1
    assert counting.watershed(cars) == 2


def test_specks_are_not_vehicles():
    assert counting.blobs(np.eye(10, dtype=bool)) == 0


def test_area_or_watershed_beats_counting_blobs(course, settings):
    mae = counting.compare(counting.vehicles(course, settings=settings)).set_index("methode")["mae"]
    assert max(mae[counting.AREA], mae[counting.WATERSHED]) < 0.6 * min(mae[counting.BLOBS], mae[counting.COLOUR])


def test_learnt_place_area_beats_the_rule(course, settings):
    mae = counting.compare(counting.places(course, settings=settings)).set_index("methode")["mae"]
    assert mae[counting.LEARNT] < mae[counting.RULE]
    assert 17 < settings.place_m2 < 25


def test_compare_counts_by_tile_not_in_total():
    table = pd.DataFrame({"id_tuile": ["a", "b"], "vrai": [10, 10], "x": [0, 20]})
    (line,) = counting.compare(table).to_dict("records")
    assert (line["mae"], line["biais"]) == (10, 0)
