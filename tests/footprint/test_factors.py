"""Les facteurs recopiés sont ceux des bibliothèques citées, et chaque facteur a source, période et périmètre."""

from __future__ import annotations

import json
from importlib import metadata
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from formation import footprint
from formation.footprint import factors

ROOT = Path(__file__).parents[2]


def test_library_versions_are_the_ones_the_tables_say():
    assert metadata.version("ecologits") == factors.ECOLOGITS
    assert metadata.version("codecarbon") == factors.CODECARBON


@pytest.mark.parametrize("code", footprint.COUNTRIES)
def test_country_bounds_hold_both_packaged_tables(code):
    mixes = json.loads(files("ecologits").joinpath("data/electricity_mixes.json").read_text())["electricity_mixes"]
    first = next(1000 * row["gwp"] for row in mixes if row["name"] == code)
    folder = files("codecarbon").joinpath("data/private_infra")
    if code == "WOR":
        second = json.loads(folder.joinpath("carbon_intensity_per_source.json").read_text())["world_average"]
    else:
        second = json.loads(folder.joinpath("global_energy_mix.json").read_text())[code]["carbon_intensity"]
    found = footprint.electricity(code).interval
    assert found.high == pytest.approx(max(first, second), abs=0.01)
    assert found.low == pytest.approx(factors.RTE_2024 if code == "FRA" else min(first, second), abs=0.01)


def test_every_factor_says_where_it_comes_from():
    known = {row["cle"] for row in yaml.safe_load((ROOT / "book/sources.yml").read_text("utf-8"))}
    for item in footprint.FACTORS.values():
        assert set(item.sources) <= known, item.name
        assert item.period, item.name
        assert len(item.perimeter) > 40, item.name
        assert item.sources or "hypothèse" in item.perimeter.lower(), item.name


def test_unknown_country_spans_the_whole_table():
    found = footprint.electricity(None)
    known = [footprint.electricity(code) for code in footprint.COUNTRIES]
    assert (found.low, found.high) == (min(f.low for f in known), max(f.high for f in known))


def test_unknown_factor_is_refused_with_the_known_names():
    with pytest.raises(footprint.FacteurInconnu, match="electricite-FRA"):
        footprint.factor("electricite-XXX")


@pytest.mark.parametrize(("low", "high"), [(-1, 1), (2, 1), (0, float("inf")), (float("nan"), 1)])
def test_interval_is_refused_when_its_bounds_make_no_sense(low, high):
    with pytest.raises(footprint.EmpreinteImpossible, match="borne basse"):
        footprint.Interval(low, high)
