"""Une autre campagne : le recalage défait le décalage, et répare le modèle."""

from __future__ import annotations

import numpy as np
import pytest

from formation.mobilites import radiometry


def test_recentre_undoes_a_shift():
    rng = np.random.default_rng(447)
    images = [rng.integers(20, 180, (24, 24, 3)).astype(np.uint8) for _ in range(3)]
    back = radiometry.recentre(radiometry.shift(images), radiometry.mean_colour(images))
    assert all(np.abs(a.astype(int) - b).max() <= 1 for a, b in zip(images, back, strict=True))


def test_shift_stays_in_a_byte():
    (found,) = radiometry.shift([np.full((2, 2, 3), 250, np.uint8)])
    assert found.dtype == np.uint8
    assert found.max() == 255


def test_recentre_survives_a_black_lot():
    (found,) = radiometry.recentre([np.zeros((2, 2, 3), np.uint8)], [100, 100, 100])
    assert found.max() == 0


@pytest.mark.lent
def test_shift_ruins_the_model_and_recentring_repairs_it(course):
    learnt, other, cured = radiometry.evaluate(course)["iou"]
    assert other < 0.4 < cured
    assert cured > learnt - 0.1


def test_second_campaign_shows_the_same_collapse(course):
    _, other, cured = radiometry.second_campaign(course)["iou"]
    assert other < 0.5 * cured
