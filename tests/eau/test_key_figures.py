"""Les chiffres cités dans le livre sont ceux que le code donne."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from formation.eau import key_figures
from formation.numbers import number

FILE = Path(__file__).resolve().parents[2] / "cases/eau/chiffres.yml"


@pytest.fixture(scope="module")
def written():
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def computed():
    return key_figures.released()


def test_file_lists_every_figure_when_compared(written, computed):
    assert set(written) == set(computed)


def test_figures_are_those_of_the_code_when_recomputed(written, computed):
    # Une demi-unité du dernier chiffre affiché : les versions de scikit-learn peuvent bouger un peu.
    wrong = {
        name: (written[name]["brut"], value)
        for name, value in computed.items()
        if abs(written[name]["brut"] - value) > max(0.5 * 10 ** -key_figures.digits(name), 1e-9)
    }
    assert wrong == {}


def test_text_matches_the_raw_value_when_read(written):
    for name, row in written.items():
        assert row["valeur"].split("\u00a0")[0] == number(row["brut"], key_figures.digits(name)), name


def test_released_value_lies_in_its_range_when_seeds_include_it(written):
    for name, row in written.items():
        low, high = row["etendue"].replace("\u202f", "").replace("−", "-").replace(",", ".").split(" à ")
        step = 10 ** -key_figures.digits(name)
        assert float(low) - step <= row["brut"] <= float(high.split("\u00a0")[0]) + step, name
