"""Les trajectoires livrées : leur physique, vérifiée sans JuPedSim."""

from __future__ import annotations

import numpy as np

from formation.securite import trajectories


def test_everybody_gets_through_when_bottleneck_empties(tables):
    steps = tables["trajectoires"]
    assert (steps.loc[steps["pas"] == 0, "y_m"] < 0).all()
    last = steps.groupby("id_pieton")["y_m"].last()
    assert len(last) == 150
    assert last.min() > 2
    assert 60 < trajectories.summary(steps)["duree_s"] < 90


def test_nobody_walks_through_the_walls_when_inside_the_bottleneck(tables):
    steps = tables["trajectoires"]
    assert steps.loc[steps["y_m"].between(0, 2), "x_m"].abs().max() <= 1
    assert steps["x_m"].abs().max() <= 5


def test_nobody_runs_when_followed_step_by_step(tables):
    moves = tables["trajectoires"].sort_values(["id_pieton", "pas"]).groupby("id_pieton")[["x_m", "y_m"]].diff()
    speed = np.hypot(moves["x_m"], moves["y_m"]).dropna() / 0.5
    assert speed.max() < 2.3
    assert 0.2 < speed.mean() < 1.3


def test_nobody_stands_in_somebody_when_crowd_is_densest(tables):
    steps = tables["trajectoires"]
    before = steps[steps["x_m"].abs().le(1) & steps["y_m"].between(-2, 0)]
    packed = steps[steps["pas"] == before["pas"].value_counts().idxmax()]
    x, y = packed["x_m"].to_numpy(), packed["y_m"].to_numpy()
    apart = np.hypot(x[:, None] - x, y[:, None] - y) + 9 * np.eye(len(x))
    assert apart.min() > 0.3


def test_density_counts_the_square_when_known():
    import pandas as pd

    steps = pd.DataFrame(
        {"pas": [0, 0, 0, 1], "id_pieton": [1, 2, 3, 1], "x_m": [0, 0.5, 4, 0], "y_m": [-1, -1, -1, 3]}
    )
    found = trajectories.area_density(steps)
    assert found["densite"].tolist() == [0.5, 0.0]
    assert found["temps_s"].tolist() == [0.0, 0.5]
