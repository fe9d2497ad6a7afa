"""Compter sur une vignette : ce que la forêt sait, ce qu’elle ne peut pas annoncer."""

from __future__ import annotations

import numpy as np
import pytest

from formation.securite import counting


@pytest.fixture(scope="module")
def table(counted):
    return counted.set_index(["essai", "epreuve"])


def test_counter_beats_the_mean_in_the_conditions_it_has_seen(table):
    assert table.loc[("jour", "jour"), "mae"] < 0.4 * table.loc[("moyenne", "jour"), "mae"]


def test_night_and_umbrellas_are_worse_and_reassure(table):
    day, night, umbrellas = (table.loc[("jour", name)] for name in counting.CONDITIONS)
    assert night["mae"] > 2 * day["mae"]
    assert umbrellas["mae"] > 1.5 * day["mae"]
    assert night["biais_dense"] < -2


def test_hundred_night_images_cure_most_of_the_error(table):
    assert table.loc[("jour et nuit", "nuit"), "mae"] < 0.6 * table.loc[("jour", "nuit"), "mae"]
    assert table.loc[("jour et nuit", "jour"), "mae"] < table.loc[("jour", "jour"), "mae"] + 0.1


def test_forest_never_announces_more_than_it_has_seen(table):
    rng = np.random.default_rng(447)
    x = np.linspace(0, 4, 80)[:, None]
    model = counting.Counter(trees=20).fit(x, x[:, 0] + 0.01 * rng.normal(size=80))
    assert model.predict([[7.0]])[0] < 4.1
    assert table.loc[(counting.TRIALS[-1], counting.CROWDED), "biais"] < -1.5


def test_description_does_not_depend_on_the_other_images():
    images = np.random.default_rng(1).integers(0, 255, (5, 64, 64)).astype(np.uint8)
    np.testing.assert_allclose(counting.describe(images)[2], counting.describe(images[2:3])[0], rtol=1e-5)


def test_flat_array_is_refused_when_images_are_expected():
    with pytest.raises(ValueError, match="images, lignes, colonnes"):
        counting.describe(np.zeros((64, 64)))
    with pytest.raises(ValueError, match="une au moins"):
        counting.errors([], [])
