"""Tables partagées par les tests du cas « risques »."""

from __future__ import annotations

import numpy as np
import pandas as pd
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


@pytest.fixture(scope="session")
def own_series():
    """Mesures d’un autre territoire : deux stations, soixante orages de quatorze heures, au pas de cinq minutes."""
    rng, steps = np.random.default_rng(3), 168
    storms = pd.date_range("2020-01-05 12:00", periods=60, freq="17D")
    rows = []
    for start in storms:
        length, peak, wet = int(rng.integers(15, 70)), float(rng.gamma(2.0, 14.0)), float(rng.uniform(0.15, 0.7))
        for name, area, slow in (("Alzon", 6.0, 5), ("Bonde", 14.0, 9)):
            rain = np.zeros(steps)
            shape = np.sin(np.pi * (np.arange(length) + 0.5) / length) ** 2 * rng.gamma(5, 0.2, length)
            first = 36 + int(rng.integers(0, 5))
            rain[first : first + length] = np.minimum(peak * rng.lognormal(0, 0.3) * shape, 110)
            kernel = np.arange(90) * np.exp(-np.arange(90) / slow)
            flow = np.convolve(rain * wet, kernel / kernel.sum())[:steps] * area / 3.6 + 0.05
            rows.append(
                pd.DataFrame(
                    {
                        "station": name,
                        "instant": pd.date_range(start, periods=steps, freq="5min"),
                        "pluie": rain.round(1),
                        "debit": (flow * rng.normal(1, 0.03, steps)).round(3),
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


@pytest.fixture(scope="session")
def rows(tables):
    from formation.risques import features

    return features.panel(tables)


@pytest.fixture(scope="session")
def ready(rows):
    """Méthodes ajustées à 60 minutes sur les données livrées."""
    from formation.risques import evaluation

    return evaluation.fitted(rows)


@pytest.fixture(scope="session")
def judged(ready, rows):
    """Prévisions à 60 minutes : validation, test."""
    from formation.risques import evaluation

    return tuple(evaluation.predicted(ready, rows, 60, name) for name in ("validation", "test"))
