"""Mesures partagées par les tests du comité : chacune faite une fois, sur les tables livrées."""

from __future__ import annotations

import pytest

from formation.comite.summary import Measures
from formation.comite.tables import Sources


@pytest.fixture(scope="session")
def sources():
    return Sources()


@pytest.fixture(scope="session")
def measures(sources):
    return Measures(sources)
