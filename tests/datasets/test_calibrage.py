"""Chaque ligne de chaque `calibrage.yml`, pour tous les cas de la même façon."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import pytest
import yaml

from formation import datasets
from formation.datasets.generation import PACKAGES
from formation.territory import load_territory

KEYS = {"statistique", "libelle", "cible", "tolerance", "unite", "origine", "note"}


def rows() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for case in datasets.cases():
        file = datasets.root() / case / "calibrage.yml"
        if file.is_file():
            found += [(case, row) for row in yaml.safe_load(file.read_text("utf-8"))]
    return found


ROWS = rows()


@cache
def statistics(case: str) -> dict[str, float]:
    module = importlib.import_module(f"formation.{PACKAGES.get(case, case)}.calibration")
    tables = {name: datasets.load(case, name) for name in datasets.names(case)}
    return module.statistics(tables, load_territory())


@pytest.mark.parametrize(("case", "row"), ROWS, ids=[f"{case}-{row['statistique']}" for case, row in ROWS])
def test_statistic_is_on_target_when_released(case, row):
    assert set(row) == KEYS
    value = statistics(case)[row["statistique"]]
    assert value == pytest.approx(row["cible"], abs=row["tolerance"] + 1e-9), row["libelle"]


@pytest.mark.parametrize("case", sorted({case for case, _ in ROWS}))
def test_every_statistic_has_a_row_when_computed(case):
    assert set(statistics(case)) == {row["statistique"] for owner, row in ROWS if owner == case}


def test_every_case_has_a_calibration():
    assert {case for case, _ in ROWS} == set(datasets.cases())
