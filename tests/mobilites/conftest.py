"""Tables et modèles partagés par les tests du cas « mobilités »."""

from __future__ import annotations

import pytest

from formation import datasets
from formation.territory import load_territory


@pytest.fixture(scope="session")
def territory():
    return load_territory()


@pytest.fixture(scope="session")
def tables():
    return {name: datasets.load("mobilites", name) for name in datasets.names("mobilites")}


@pytest.fixture(scope="session")
def course():
    """L’essai du cours, calculé une fois."""
    from formation.mobilites import evaluation

    return evaluation.course()


@pytest.fixture(scope="session")
def small_course():
    """Un essai minuscule, pour ce qui ne dépend pas de la qualité du modèle : quatre tuiles, dix arbres."""
    from dataclasses import fields

    import numpy as np

    from formation.mobilites import evaluation, model
    from formation.mobilites import tables as store

    learnt = store.tiles("apprentissage", large=False)[:4]
    images, masks = [tile.image for tile in learnt], [tile.mask for tile in learnt]
    finders = {**model.baselines(), model.MODEL: model.segmenter(max_iter=10)}
    fitted = {name: finder.fit(images, masks) for name, finder in finders.items()}
    tiles = {split: store.tiles(split)[:2] for split in ("validation", "test")}
    layers = {
        (split, name): finder.maps([tile.image for tile in tiles[split]])
        for split in tiles
        for name, finder in fitted.items()
    }
    reference = np.mean([image.reshape(-1, 3).mean(0) for image in images], axis=0)
    data = {name: store.load(name) for name in ("tuiles", "parkings")}
    known = {"tables": data, "tiles": tiles, "methods": fitted, "layers": layers, "reference": reference}
    return evaluation.Trial(**{field.name: known.get(field.name, {}) for field in fields(evaluation.Trial)})
