"""Les chiffres cités dans les chapitres sont ceux que le code obtient."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml

from formation import datasets

ROOT = Path(__file__).resolve().parents[1]
WINGS = [case for case in datasets.cases() if case != "territoire"]


def _published(case: str) -> dict[str, dict[str, object]]:
    return dict(yaml.safe_load((ROOT / "cases" / case / "chiffres.yml").read_text(encoding="utf-8")))


@pytest.mark.lent
@pytest.mark.parametrize("case", WINGS)
def test_published_figures_are_those_the_code_obtains(case: str) -> None:
    computed = importlib.import_module(f"formation.{case}.key_figures").compute(n_jobs=2)
    published = _published(case)
    assert list(published) == list(computed)
    for name, figure in computed.items():
        # Une unité du dernier chiffre : une autre architecture peut faire basculer un arrondi.
        step = 0.011 if name.endswith("_fausses") else 0.11 if isinstance(figure["valeur"], float) else 1
        expected = [figure["valeur"], *figure["etendue"]]
        assert [published[name]["valeur"], *published[name]["etendue"]] == pytest.approx(expected, abs=step), name


@pytest.mark.parametrize("case", WINGS)
def test_every_figure_cited_is_published(case: str) -> None:
    published = _published(case)
    cited = set()
    for page in [*ROOT.glob("book/**/*.md"), *ROOT.glob("cases/**/*.md")]:
        cited |= set(re.findall(rf"\{{chiffre\}}`{case}\.(\w+)", page.read_text(encoding="utf-8")))
    assert cited
    assert cited <= set(published)
