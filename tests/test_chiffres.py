"""Les chiffres cités dans les chapitres sont ceux que le code obtient."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from formation import datasets, territory
from formation.published import SEEDS

ROOT = Path(__file__).resolve().parents[1]
WINGS = [case for case in datasets.cases() if case != "territoire"]


def _published(case: str) -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load((ROOT / "cases" / case / "chiffres.yml").read_text(encoding="utf-8")))


@pytest.mark.lent
@pytest.mark.parametrize("case", WINGS)
def test_published_figures_are_those_the_code_obtains(case: str, tmp_path: Path) -> None:
    # La graine livrée suffit à voir un chiffre qui ne suit plus le code ; « outils/chiffres.py » refait les cinq.
    seeds = (447,)
    recomputed = tmp_path / "chiffres.yml"
    figures = importlib.import_module(f"formation.{case}.key_figures")
    figures.write(recomputed, territory.load_territory(), seeds=seeds)
    computed, published = yaml.safe_load(recomputed.read_text(encoding="utf-8")), _published(case)
    assert list(published) == list(computed)
    for name, figure in computed.items():
        # Une autre architecture peut changer le dernier bit d’un arbre, pas un chiffre du chapitre.
        for seed in seeds:
            expected = pytest.approx(figure["graines"][seed], rel=0.01, abs=0.05)
            assert published[name]["graines"][seed] == expected, f"{name}, graine {seed}"


@pytest.mark.parametrize("case", WINGS)
def test_value_and_range_are_those_of_the_seeds(case: str) -> None:
    figures = importlib.import_module(f"formation.{case}.key_figures")
    for name, figure in _published(case).items():
        values, step = list(figure["graines"].values()), 10.0 ** -figures.digits(name)
        assert list(figure["graines"]) == list(SEEDS), name
        assert figure["moyenne"] == pytest.approx(sum(values) / len(values), abs=2e-4), name
        assert _read(figure["valeur"]) == pytest.approx(values[0], abs=0.51 * step), name
        low, high = map(_read, figure["etendue"].split(" à "))
        assert (low, high) == pytest.approx((min(values), max(values)), abs=0.51 * step), name
        assert figure["valeur"].partition("\u00a0")[2] == figures.unit(name), name


def _read(text: str) -> float:
    """Nombre écrit à la française, avec ou sans son unité."""
    return float(text.partition("\u00a0")[0].replace("\u202f", "").replace("−", "-").replace(",", "."))


@pytest.mark.parametrize("case", WINGS)
def test_every_figure_cited_is_published(case: str) -> None:
    published = _published(case)
    cited = set()
    for page in [*ROOT.glob("book/**/*.md"), *ROOT.glob("cases/**/*.md")]:
        cited |= set(re.findall(rf"\{{chiffre\}}`{case}\.(\w+)", page.read_text(encoding="utf-8")))
    assert cited
    assert cited <= set(published)
