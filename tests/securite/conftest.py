"""Tables et modèle partagés par les tests du cas « sécurité »."""

from __future__ import annotations

import pytest

from formation import datasets
from formation.territory import load_territory


@pytest.fixture(scope="session")
def territory():
    return load_territory()


@pytest.fixture(scope="session")
def tables():
    return {name: datasets.load("securite", name) for name in datasets.names("securite")}


@pytest.fixture(scope="session")
def course_trial():
    """Le modèle du cours, appris une fois, et toutes les soirées jugées."""
    from formation.securite import evaluation

    return evaluation.trial()


@pytest.fixture(scope="session")
def counted(tables):
    """Le comptage sur les vignettes livrées, appris une fois."""
    from formation.securite import counting

    return counting.evaluate(tables["vignettes"], tables["comptages"])
