"""Les chiffres cités dans les chapitres sont ceux que le code obtient."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml

from formation import datasets, territory

ROOT = Path(__file__).resolve().parents[1]
WINGS = [case for case in datasets.cases() if case != "territoire"]


def _published(case: str) -> dict[str, dict[str, object]]:
    return dict(yaml.safe_load((ROOT / "cases" / case / "chiffres.yml").read_text(encoding="utf-8")))


@pytest.mark.lent
@pytest.mark.parametrize("case", WINGS)
def test_published_figures_are_those_the_code_obtains(case: str, tmp_path: Path) -> None:
    recomputed = tmp_path / "chiffres.yml"
    importlib.import_module(f"formation.{case}.key_figures").write(recomputed, territory.load_territory())
    computed, published = yaml.safe_load(recomputed.read_text(encoding="utf-8")), _published(case)
    assert list(published) == list(computed)
    for name, figure in computed.items():
        # Une autre architecture peut changer le dernier bit d’un arbre, pas un chiffre du chapitre.
        for key in ("brut", "moyenne"):
            assert published[name][key] == pytest.approx(figure[key], rel=0.01, abs=0.05), f"{name}, {key}"


@pytest.mark.parametrize("case", WINGS)
def test_every_figure_cited_is_published(case: str) -> None:
    published = _published(case)
    cited = set()
    for page in [*ROOT.glob("book/**/*.md"), *ROOT.glob("cases/**/*.md")]:
        cited |= set(re.findall(rf"\{{chiffre\}}`{case}\.(\w+)", page.read_text(encoding="utf-8")))
    assert cited
    assert cited <= set(published)
