"""Les vignettes : des disques, le bon nombre, les bonnes conditions."""

from __future__ import annotations

import numpy as np
import pytest

from formation.securite import thumbnails


def draw(people, condition="jour", seed=447):
    return thumbnails.draw(people, condition, np.random.default_rng(seed))


def test_image_is_the_same_when_seed_is_the_same():
    assert (draw(120) == draw(120)).all()
    assert (draw(120) != draw(120, seed=1)).any()


def test_image_is_bytes_when_drawn():
    image = draw(50)
    assert image.dtype == np.uint8
    assert image.shape == (thumbnails.SIZE, thumbnails.SIZE)


def test_image_is_smooth_when_nobody_is_there():
    gaps = {people: np.abs(np.diff(draw(people).astype(float), axis=1)).mean() for people in (0, 100)}
    assert gaps[0] < 8 < gaps[100]


def test_image_is_dark_when_night_falls():
    assert draw(120, "nuit").mean() < 0.5 * draw(120).mean()


def test_crowd_is_hidden_when_umbrellas_open():
    changed = [(draw(200, "parapluies", seed) != draw(200, "jour", seed)).mean() for seed in range(3)]
    assert min(changed) > 0.3


def test_densest_crowd_fits_when_seven_per_square_metre():
    assert draw(round(7 * thumbnails.SIDE_M**2)).std() > 0


def test_nobody_is_left_out_of_the_frame_when_perspective_is_strong():
    where = thumbnails._positions(448, np.random.default_rng(8))
    assert len(where) == 448
    assert where.min() >= 0
    assert where.max() <= thumbnails.SIDE_M


@pytest.mark.parametrize(("people", "condition", "said"), [(10, "brouillard", "brouillard"), (900, "jour", "900")])
def test_drawing_says_why_when_it_cannot(people, condition, said):
    with pytest.raises(ValueError, match=said):
        draw(people, condition)


def test_count_table_follows_the_images_when_released(tables):
    images, counts = tables["vignettes"]["images"], tables["comptages"]
    assert len(images) == len(counts)
    assert counts["rang"].tolist() == list(range(len(counts)))
    assert (counts["nb_personnes"] / counts["surface_m2"]).round(2).to_numpy() == pytest.approx(counts["densite"])
    assert counts["densite"].max() == pytest.approx(7)
    assert set(counts.loc[counts["condition"] == "parapluies", "jeu"]) == {"test"}
    dark = images[(counts["condition"] == "nuit").to_numpy()].mean(axis=(1, 2))
    bright = images[(counts["condition"] == "jour").to_numpy()].mean(axis=(1, 2))
    assert dark.max() < bright.min()
