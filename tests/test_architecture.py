"""Les flèches du plan ne font que descendre, et les modules restent petits."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import formation

SOURCE = Path(formation.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
WINGS = {"usagers", "securite", "dechets", "eau", "risques", "mobilites"}
# Étages, de haut en bas : un module n’importe que son étage ou plus bas.
FLOORS = {
    "cli": 7,
    "dashboard": 6,
    "session": 5,
    "lms": 4,
    "pathways": 4,
    "slides": 4,
    "questions": 4,
    "classroom": 4,
    "book": 4,
    "library": 4,
    "charter": 3,
    "tenders": 3,
    "comite": 3,  # joint les tables des six cas : seul étage qui voit toutes les ailes
    **dict.fromkeys(WINGS, 2),
    "citoyens": 2,
    "demystifier": 2,
    "workshop": 2,
    "checks": 1,
    "metrics": 1,
    "datasets": 1,
    "footprint": 1,
    "territory": 1,
    "published": 1,
    "personal": 1,
    "plotting": 1,
    "reports": 1,
    "printing": 1,
    "lazy": 0,
    "project": 0,
    "plain_yaml": 0,
    "numbers": 0,
    "palette": 0,
    "forms": 0,
    "errors": 0,
    "files": 0,
    "letters": 0,
}
# Une figure interactive est une donnée que l’aile rend et que le livre affiche : sa forme est commune aux deux étages.
SHARED = {"formation.book.interactive", "formation.book.comparison"}
MAX_LINES = 400


def _room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    package = ["formation", *path.relative_to(SOURCE).with_suffix("").parts]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level] if node.level else []
            module = ".".join([*base, node.module] if node.module else base)
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("formation")}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_go_down_only(path: Path) -> None:
    room = _room(path)
    if room == "__init__":
        return
    for name in _imports(path):
        parts = name.split(".")
        if len(parts) < 2 or parts[1] == room or parts[1] not in FLOORS or any(name.startswith(s) for s in SHARED):
            continue
        assert FLOORS[parts[1]] <= FLOORS[room], f"{room} importe {parts[1]}, d’un étage plus haut"
        assert not (room in WINGS and parts[1] in WINGS), f"l’aile {room} importe l’aile {parts[1]}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_module_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_every_room_has_a_floor() -> None:
    rooms = {_room(path) for path in MODULES} - {"__init__"}
    assert rooms <= set(FLOORS), f"pièces sans étage : {rooms - set(FLOORS)}"
