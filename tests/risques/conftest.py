"""Tables partagées par les tests du cas « risques »."""

from __future__ import annotations

import pytest

from formation import datasets
from formation.territory import load_territory


@pytest.fixture(scope="session")
def territory():
    return load_territory()


@pytest.fixture(scope="session")
def tables():
    return {name: datasets.load("risques", name) for name in datasets.names("risques")}


@pytest.fixture(scope="session")
def simulated(territory):
    from formation.risques.simulation import simulate

    return simulate(territory, seed=447)
