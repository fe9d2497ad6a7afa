"""Les pages des outils : leur exemple rempli donne bien la réponse qu’elles annoncent."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from formation import tenders, workshop

BOOK = Path(__file__).resolve().parents[2] / "book" / "outils"
EXAMPLES = {"faut-il-une-ia": "besoin", "ingenierie": "ingenierie"}


def _example(page: str, tmp_path: Path):
    grid = workshop.load(EXAMPLES[page])
    text = (BOOK / f"{page}.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    path = tmp_path / "reponses.yml"
    path.write_text(block.group(1), encoding="utf-8")
    return text, grid, workshop.read_answers(grid, path)


def test_example_of_the_first_tool_gives_what_the_page_says(tmp_path):
    text, grid, answers = _example("faut-il-une-ia", tmp_path)
    first = workshop.evaluate(grid, answers).conclusions("reponse")[0]
    later = {**answers, "essai": "insuffisante", "modele": "non", "suivi": "deux"}
    second = workshop.evaluate(grid, later).conclusions("reponse")[0]
    assert first == "Sans IA d’abord, essayez et mesurez"
    assert second == "Un modèle simple, à l’essai"
    assert f"**{first}**" in text
    assert f"**{second}**" in text


def test_example_of_the_engineering_tool_gives_what_the_page_says(tmp_path):
    text, grid, answers = _example("ingenierie", tmp_path)
    sheet = workshop.evaluate(grid, answers)
    flat = " ".join(text.split())
    for theme in ("premier", "deuxieme", "troisieme"):
        assert f"**{sheet.conclusions(theme)[0]}**".replace("\u00a0", " ") in flat.replace("\u00a0", " ")
    assert {"org-village", "forme-ni", "avec-cheffe", "avec-agglo", "avec-comite", "projets-sans-formation"} <= set(
        sheet.rules
    )


@pytest.mark.parametrize("page", EXAMPLES)
def test_page_stays_short(page):
    assert len((BOOK / f"{page}.md").read_text(encoding="utf-8").split()) <= 1500


@pytest.mark.parametrize("page", ["charte", "droit", "faut-il-une-ia", "ingenierie", "marche", "nis2"])
def test_python_of_a_page_runs_as_written(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tenders_example = Path(tenders.__file__).with_name("exemple.yml")
    (tmp_path / "offres.yml").write_text(tenders_example.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "communes").mkdir()
    answers = {"outil": "ingenierie", "version": "1.0", "reponses": {"inventaire": "oui"}}
    (tmp_path / "communes" / "rochebrelle.json").write_text(json.dumps(answers), encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", (BOOK / f"{page}.md").read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, page, "exec"), {})
