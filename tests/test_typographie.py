"""L’outil de typographie : ce qu’il corrige, et ce qu’il laisse."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).resolve().parents[1] / "outils" / "typographie.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("typographie", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_closing_guillemet_never_starts_a_line_when_it_follows_punctuation(tool: ModuleType) -> None:
    assert tool.fix_markdown("« Qui paie ? », mais") == "«\u00a0Qui paie\u00a0?\u00a0», mais"
    assert tool.fix_yaml("titre: « Non. » et « … »") == "titre: «\u00a0Non.\u00a0» et «\u00a0…\u00a0»"


def test_code_is_left_alone_when_prose_is_fixed(tool: ModuleType) -> None:
    text = "```python\nx = f(a) ; y = b ? »\n```\nVoir `a : b ? »`."
    assert tool.fix_markdown(text) == text
