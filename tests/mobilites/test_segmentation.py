"""De la photo à la carte : tirage des points, apprentissage, interpolation."""

from __future__ import annotations

import numpy as np
import pytest

from formation.mobilites import evaluation, model, segmentation


def scene(seed, side=96):
    """Un carré gris strié sur de l’herbe : assez pour qu’un modèle apprenne."""
    rng = np.random.default_rng(seed)
    image = np.full((side, side, 3), (80, 130, 70), float) + rng.normal(0, 6, (side, side, 1))
    mask = np.zeros((side, side), np.uint8)
    top, left = rng.integers(8, 30, 2)
    image[top : top + 50, left : left + 50] = 120
    image[top : top + 50 : 6, left : left + 50] = 190
    mask[top : top + 50, left : left + 50] = 3
    return np.clip(image, 0, 255).astype(np.uint8), mask


@pytest.fixture(scope="module")
def learnt():
    images, masks = zip(*(scene(seed) for seed in range(3)), strict=True)
    return model.segmenter(max_iter=20).fit(images, masks)


def test_segmenter_finds_an_easy_park_it_never_saw(learnt):
    image, mask = scene(9)
    (found,) = learnt.predict([image])
    assert found.shape == mask.shape
    assert evaluation.iou(found, mask == 3) > 0.85


def test_segmenter_takes_images_of_any_size(learnt):
    shapes = [(41, 60, 3), (33, 33, 3)]
    found = learnt.predict([np.zeros(shape, np.uint8) for shape in shapes])
    assert [layer.shape for layer in found] == [shape[:2] for shape in shapes]


def test_stride_only_interpolates_between_predicted_points(learnt):
    image, _ = scene(9)
    (coarse,) = learnt.maps([image])
    (fine,) = learnt.set_params(stride=1).maps([image])
    learnt.set_params(stride=2)
    assert coarse.shape == fine.shape
    assert np.allclose(coarse[::2, ::2], fine[::2, ::2], atol=1e-6)


def test_sample_draws_as_asked_and_the_same_twice():
    images, masks = zip(*(scene(seed) for seed in range(2)), strict=True)
    targets = [model.segmenter(), model.vehicle_segmenter()]
    first, second = (segmentation.sample(images, masks, targets, size=400) for _ in range(2))
    assert len(first[0].truth) == pytest.approx(400, abs=2)
    assert first[1].truth.sum() == 0
    assert set(first[0].tile) == {0, 1}
    assert np.array_equal(first[0].rows, second[0].rows)


def test_sample_stays_inside_the_asked_classes():
    image, mask = scene(0)
    (points,) = segmentation.sample([image], [mask], [model.vehicle_segmenter()])
    assert len(points.truth) == pytest.approx((mask == 3).sum() / 4, rel=0.1)


def test_fit_without_any_image_says_so():
    with pytest.raises(ValueError, match="Aucune photo"):
        model.segmenter().fit([], [])


def test_model_that_only_saw_ground_answers_no_park():
    image, mask = scene(0)
    finder = model.segmenter(max_iter=2).fit([image], [np.zeros_like(mask)])
    assert not finder.predict([image])[0].any()


def test_grey_threshold_keeps_the_best_bounds():
    rng = np.random.default_rng(447)
    rows = np.zeros((2000, 55), np.float32)
    rows[:, 4], rows[:, 3] = rng.uniform(0, 1, 2000), 0.05
    truth = (rows[:, 4] > 0.4) & (rows[:, 4] < 0.6)
    grey = model.GreyThreshold().fit(rows, truth)
    assert evaluation.iou([grey.predict(rows)], [truth]) > 0.9
