"""Contrastes du thème, calculés sur ses jetons de couleur."""

from __future__ import annotations

import pytest

from formation import palette
from formation.book import tokens


@pytest.mark.parametrize("mode", [0, 1], ids=["clair", "sombre"])
@pytest.mark.parametrize("text", tokens.TEXTS)
@pytest.mark.parametrize("ground", ["fond", "fond-doux"])
def test_text_reaches_4_5_when_on_its_ground(mode, text, ground):
    assert palette.contrast(tokens.TOKENS[text][mode], tokens.TOKENS[ground][mode]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["clair", "sombre"])
@pytest.mark.parametrize("text", tokens.CODE)
def test_code_reaches_4_5_when_highlighted(mode, text):
    assert palette.contrast(tokens.TOKENS[text][mode], tokens.TOKENS["fond-code"][mode]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["clair", "sombre"])
def test_borders_and_focus_reach_3_when_they_carry_meaning(mode):
    for name in ("trait-fort", "focus"):
        assert palette.contrast(tokens.TOKENS[name][mode], tokens.TOKENS["fond"][mode]) >= 3


@pytest.mark.parametrize("mode", [0, 1], ids=["clair", "sombre"])
def test_button_text_reaches_4_5_when_on_case_colour(mode):
    for style in palette.SUBJECTS.values():
        colour = (style.light, style.dark)[mode]
        assert palette.contrast(tokens.TOKENS["fond"][mode], colour) >= 4.5
    assert palette.contrast(tokens.TOKENS["encre"][mode], tokens.TOKENS["surligne"][mode]) >= 4.5
