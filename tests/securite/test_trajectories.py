"""Densité et débit au goulot, calculés par notre propre code."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation.securite import trajectories
from formation.securite.trajectories import Area


@pytest.fixture
def row_of_four():
    """Quatre piétons à la file, un mètre entre eux, qui avancent d’un mètre par pas."""
    steps = np.arange(8)
    parts = [
        pd.DataFrame({"pas": steps, "id_pieton": rank, "x_m": 0.0, "y_m": steps - 1.5 - rank}) for rank in range(4)
    ]
    return pd.concat(parts, ignore_index=True)


def test_bottleneck_stays_under_the_danger_and_empties(tables):
    found = trajectories.summary(tables["trajectoires"])
    assert found["pietons"] == 150
    assert 65 <= found["duree_s"] <= 80
    assert 3.5 <= found["densite_max"] <= 4.75
    assert 0.8 <= found["debit_m_s"] <= 1.6


def test_density_counts_each_pedestrian_once_when_cells_cover_the_room(tables):
    _, _, density = trajectories.grid_density(tables["trajectoires"], step=0)
    assert density.sum() == 150


def test_smaller_cells_show_a_higher_maximum(tables):
    peaks = [trajectories.grid_density(tables["trajectoires"], cell_m=side)[2].max() for side in (2, 1)]
    assert peaks[0] < peaks[1]


def test_flow_is_two_a_second_when_one_passes_at_each_step(row_of_four):
    assert trajectories.crossings(row_of_four)["temps_s"].tolist() == [1.0, 1.5, 2.0, 2.5]
    assert trajectories.summary(row_of_four)["debit_s"] == pytest.approx(2.0)


def test_nobody_crosses_when_already_beyond(row_of_four):
    assert len(trajectories.crossings(row_of_four, y_m=-2.0)) == 3


def test_density_of_an_area_is_zero_once_empty(row_of_four):
    found = trajectories.area_density(row_of_four)
    assert found["densite"].tolist() == [0.25, 0.5, 0.5, 0.5, 0.25, 0, 0, 0]


def test_speed_falls_when_density_rises(tables):
    found = trajectories.fundamental(tables["trajectoires"])
    thin, thick = found["densite"] < 1.5, found["densite"] > 3
    assert found.loc[thick, "vitesse_m_s"].mean() < 0.6 * found.loc[thin, "vitesse_m_s"].mean()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda rows: trajectories.area_density(rows.drop(columns="x_m")), "Il manque x_m"),
        (lambda rows: trajectories.area_density(rows[:0]), "vide"),
        (lambda rows: trajectories.area_density(rows, Area(1, 1, 0, 2)), "pas de surface"),
        (lambda rows: trajectories.grid_density(rows, cell_m=0), "côté"),
        (lambda rows: trajectories.grid_density(rows, step=99), "Aucun piéton"),
        (lambda rows: trajectories.summary(rows[rows["id_pieton"] == 0]), "Moins de deux"),
    ],
)
def test_impossible_request_is_explained(row_of_four, call, said):
    with pytest.raises(ValueError, match=said):
        call(row_of_four)
