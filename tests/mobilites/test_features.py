"""Descripteurs : formes, échelles, et l’erreur quand la bibliothèque d’images manque."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from formation.mobilites import features


def test_describe_gives_one_layer_per_name_whatever_the_size():
    image = np.random.default_rng(447).integers(0, 256, (51, 38, 3), np.uint8)
    assert features.describe(image).shape == (26, 19, len(features.NAMES))
    assert len(set(features.NAMES)) == len(features.NAMES)


def test_describe_is_finite_on_a_flat_image():
    assert np.isfinite(features.describe(np.full((40, 40, 3), 255, np.uint8))).all()


def test_named_columns_hold_what_they_say():
    image = np.zeros((64, 64, 3), np.uint8)
    image[..., 0] = 255
    found = features.describe(image)
    assert found[16, 16, features.NAMES.index("rouge")] == pytest.approx(1)
    assert found[16, 16, features.SATURATION] == pytest.approx(1)
    assert found[16, 16, features.GREY] == pytest.approx(1 / 3, abs=0.01)
    assert features.NAMES[features.SATURATION] == "saturation"
    assert features.NAMES[features.GREY].startswith("gris")


def test_wide_grey_area_is_deeper_than_a_narrow_road():
    ground = np.full((160, 160, 3), (70, 140, 60), np.uint8)
    road, park = ground.copy(), ground.copy()
    road[70:90] = park[20:140, 20:140] = 110
    width = features.NAMES.index("demi_largeur_grise")
    assert features.describe(park)[40, 40, width] > 2 * features.describe(road)[40, 40, width]


@pytest.mark.parametrize("shape", [(10, 10), (10, 10, 4), (10, 10, 1)])
def test_shrink_refuses_what_is_not_three_colours(shape):
    with pytest.raises(ValueError, match="lignes, colonnes, 3"):
        features.shrink(np.zeros(shape, np.uint8))


def test_shares_and_enlarge_come_back_to_the_same_place():
    mask = np.zeros((9, 7), np.uint8)
    mask[2:6, 2:6] = 4
    small = features.shares(mask, (3, 4))
    assert np.array_equal(features.enlarge(small, mask.shape), mask == 4)


def test_missing_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "skimage.feature", None)
    with pytest.raises(features.ImagesIndisponibles, match=r"formation-ia-territoires\[images\]"):
        features.describe(np.zeros((16, 16, 3), np.uint8))
