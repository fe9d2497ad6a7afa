"""Contributions livrées et d’une autre graine, calculées une fois."""

from __future__ import annotations

import pytest

from formation.citoyens import tables
from formation.citoyens.coverage import Corpus
from formation.territory import load_territory


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return Corpus.released()


@pytest.fixture(scope="session")
def other() -> Corpus:
    return Corpus(*tables.simulated(load_territory(), 1))
