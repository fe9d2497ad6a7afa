"""L’atelier à six services : les comptes donnés à l’animateur sont justes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

NOTE = Path(__file__).parents[2] / "cases/comite/note-pedagogique.md"
THRESHOLD = 5


@pytest.fixture(scope="module")
def text() -> str:
    return NOTE.read_text(encoding="utf-8").replace("\u00a0", " ")


@pytest.fixture(scope="module")
def grid(text: str) -> dict[str, list[int]]:
    rows = re.findall(r"^\| (\w+ [A-E]) \(\d+\) \| (.+) \|$", text, re.M)
    return {street: [int(cell) for cell in cells.split(" | ")] for street, cells in rows}


def test_strips_match_only_once_when_codes_must_be_identical(text: str) -> None:
    rows = re.findall(r"^\| `(\d+)` : (\d+) \| `(\d+ ?)`[^:]* : (\d+) \|$", text, re.M)
    water = {code: int(breaks) for code, breaks, _, _ in rows}
    calls = {code for _, _, code, _ in rows}
    matched = [breaks for code, breaks in water.items() if code in calls]
    assert (len(rows), matched, sum(water.values())) == (5, [9], 38)
    assert "une seule paire, 9 casses sur 38" in text


def test_grid_totals_add_up(text: str, grid: dict[str, list[int]]) -> None:
    assert len(grid) == 5
    assert all(sum(weeks) == total for *weeks, total in grid.values())
    columns = [sum(column) for column in zip(*grid.values(), strict=True)]
    assert f"| Total | {' | '.join(map(str, columns))} |" in text


def test_masked_cell_is_found_by_subtraction(text: str, grid: dict[str, list[int]]) -> None:
    week = 3
    masked = [street for street, cells in grid.items() if 0 < cells[week] < THRESHOLD]
    total = sum(cells[week] for cells in grid.values())
    shown = sum(cells[week] for street, cells in grid.items() if street not in masked)
    assert masked == ["Rue D"]
    assert f"{total} moins {shown}, soit {grid['Rue D'][week]}" in text


def test_two_streets_together_pass_the_threshold(grid: dict[str, list[int]]) -> None:
    assert grid["Rue D"][-1] + grid["Impasse E"][-1] == 16
    assert grid["Impasse E"][-1] < THRESHOLD
