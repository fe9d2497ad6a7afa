"""Les couleurs des cas se lisent sur les deux fonds et restent distinctes pour un œil daltonien."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from formation import palette

# Matrices de Machado, Oliveira et Fernandes (2009), sévérité 1, en RVB linéaire.
VISIONS = {
    "ordinaire": np.eye(3),
    "deutéranopie": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "protanopie": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritanopie": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour: str, vision: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(VISIONS[vision]) @ linear, 0, 1)
    x = TO_XYZ @ seen / np.array([0.9505, 1, 1.089])
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("case", palette.SUBJECTS)
def test_contrast_reaches_4_5_when_colour_is_on_each_ground(case):
    style = palette.SUBJECTS[case]
    assert min(palette.contrast(style.light, ground) for ground in (palette.PAPER, palette.TINT)) >= 4.5
    assert min(palette.contrast(style.dark, ground) for ground in (palette.PAPER_DARK, palette.TINT_DARK)) >= 4.5


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_subjects_stay_distinct_when_vision_differs(vision, mode):
    colours = {case: lab(getattr(style, mode), vision) for case, style in {**palette.CASES, **palette.CHAPTERS}.items()}
    distances = {(a, b): float(np.linalg.norm(colours[a] - colours[b])) for a, b in combinations(colours, 2)}
    assert min(distances.values()) >= 15, min(distances.items(), key=lambda item: item[1])


@pytest.mark.parametrize(
    ("series", "ground"), [(palette.SERIES, palette.PAPER), (palette.SERIES_DARK, palette.PAPER_DARK)]
)
def test_series_reach_3_when_drawn_as_lines(series, ground):
    assert min(palette.contrast(colour, ground) for colour in series) >= 3
    assert len(series) == len(palette.DASHES)


def test_pictogram_is_hidden_from_screen_readers_when_drawn():
    for case in palette.SUBJECTS:
        assert 'aria-hidden="true"' in palette.pictogram(case)


def test_there_are_six_cases_when_chapters_have_their_colour_too():
    assert len(palette.CASES) == 6
    assert palette.CASES.keys().isdisjoint(palette.CHAPTERS)
    assert list(palette.SUBJECTS) == [*palette.CASES, *palette.CHAPTERS, *palette.PARTS]
    assert len({style.light for style in palette.PARTS.values()}) == 1


def test_colour_raises_when_case_is_unknown():
    with pytest.raises(KeyError):
        palette.colour("transports")


def test_figure_style_is_accepted_when_given_to_matplotlib():
    import matplotlib as mpl

    with mpl.rc_context(palette.figure_style()):
        assert mpl.rcParams["axes.spines.right"] is False


def test_figure_text_stays_above_twelve_pixels_when_a_phone_shrinks_it():
    from formation.book.directives.figure import NARROW, WIDE

    # Largeur dessinée sur un téléphone de 390 pixels, puis sur un écran de 1 280, mesurée dans un navigateur.
    shrink = min(334 / NARROW[0], 600 / WIDE[0])
    config = palette.vega_config()
    sizes = [config["axis"]["labelFontSize"], config["legend"]["labelFontSize"], config["text"]["fontSize"]]
    assert min(sizes) * shrink >= 12
