"""L’extra [session] suffit à préparer et à clore : rien de ce que ces modules importent n’y manque."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "formation"


def _imported(folder: Path) -> set[str]:
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"formation"}


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower()


@pytest.mark.parametrize("package", ["session", "pathways", "printing", "slides", "questions", "lms"])
def test_session_extra_brings_all_that_a_session_imports(package: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    brought = {_name(one) for one in (*project["dependencies"], *project["optional-dependencies"]["session"])}
    known = packages_distributions()
    needed = {name: {one.lower() for one in known.get(name, [name])} for name in _imported(SOURCES / package)}
    missing = sorted(name for name, distributions in needed.items() if not distributions & brought)
    assert missing == []
