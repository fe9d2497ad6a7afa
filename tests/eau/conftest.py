"""Tables et notes partagées par les tests du cas « eau »."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation import datasets, eau
from formation.territory import load_territory


@pytest.fixture(scope="session")
def territory():
    return load_territory()


@pytest.fixture(scope="session")
def tables():
    return {name: datasets.load("eau", name) for name in datasets.names("eau")}


@pytest.fixture(scope="session")
def simulated(territory):
    from formation.eau.simulation import simulate

    return simulate(territory, seed=447)


@pytest.fixture(scope="session")
def scores():
    return eau.score_table()


@pytest.fixture(scope="session")
def homogeneous():
    """Réseau de 930 km dont les conduites se ressemblent, avec peu de colonnes et des écritures libres."""
    rng, count = np.random.default_rng(930), 10_000
    length = rng.lognormal(np.log(60), 0.9, count)
    length *= 930_000 / length.sum()
    laid = np.where(rng.random(count) < 0.5, rng.integers(1960, 1975, count), rng.integers(1945, 2020, count))
    material = rng.choice(
        ["FG", "Fonte Ductile", "pvc", "PE-HD", "bambou", ""], count, p=[0.35, 0.35, 0.2, 0.05, 0.03, 0.02]
    )
    frailty = rng.gamma(1.1, 0.9, count)
    rows = []
    for year in range(2010, 2025):
        rate = 0.00016 * length * np.exp(0.03 * (year - laid - 45)) * np.where(material == "FG", 1.8, 1) * frailty
        hit = np.repeat(np.arange(count), rng.poisson(np.where(laid <= year, rate, 0)))
        day = pd.to_timedelta(rng.integers(0, 365, len(hit)), unit="D")
        rows.append(pd.DataFrame({"id_troncon": hit, "date_signalement": pd.Timestamp(f"{year}-01-01") + day}))
    breaks = pd.concat(rows, ignore_index=True)
    breaks["id_troncon"] = "X" + breaks["id_troncon"].astype(str)
    known = rng.random(count) > 0.05
    pipes = pd.DataFrame(
        {
            "id_troncon": [f"X{rank}" for rank in range(count)],
            "longueur_m": length.round(2),
            "materiau": material,
            "date_pose": np.where(known, laid.astype(str), ""),
        }
    )
    return pipes, breaks
