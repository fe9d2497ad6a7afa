"""Nombres écrits à la française."""

from __future__ import annotations

import pytest

from formation.numbers import number, percent, plural


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(1234.5, 1, "1\u202f234,5"), (-3.21, 1, "−3,2"), (0, 0, "0"), (1e6, 0, "1\u202f000\u202f000")],
)
def test_number_is_french_when_written(value, digits, text):
    assert number(value, digits) == text


def test_percent_keeps_its_sign_with_the_figure_when_line_breaks():
    assert percent(0.745, 1) == "74,5\u00a0%"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0\u00a0fuite"), (1, "1\u00a0fuite"), (1.5, "2\u00a0fuite"), (2, "2\u00a0fuites")]
)
def test_noun_agrees_when_counted(count, text):
    assert plural(count, "fuite") == text
