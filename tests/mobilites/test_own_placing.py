"""Où est une photo : six nombres à côté d’elle, ou rien."""

from __future__ import annotations

import PIL.Image
import pytest

from formation.datasets.pictures import Refused
from formation.mobilites import own_placing


@pytest.fixture
def photo(tmp_path):
    PIL.Image.new("RGB", (100, 80)).save(tmp_path / "a.png")
    return tmp_path / "a.png"


def read(file):
    with PIL.Image.open(file) as image:
        return own_placing.placing(file, image)


@pytest.mark.parametrize("suffix", [".pgw", ".PGW", ".pngw", ".wld"])
def test_world_file_is_found_under_its_usual_names(photo, suffix):
    photo.with_suffix(suffix).write_text("0.20\n0\n0\n-0.20\n652000.10\n6862999.90\n")
    found = read(photo)
    assert (found.resolution_m, found.left, found.top) == pytest.approx((0.2, 652000.0, 6863000.0))


def test_nothing_is_supposed_when_nothing_is_said(photo):
    assert read(photo) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0.2\n0\n0\n-0.2\n1\n", "georeference_illisible"),
        ("nan\n0\n0\n-0.2\n1\n2\n", "georeference_illisible"),
        ("0.2\n0\n0\n0.2\n1\n2\n", "georeference_tournee"),
        ("0.2\n0.1\n0\n-0.2\n1\n2\n", "georeference_tournee"),
        ("0.000002\n0\n0\n-0.000002\n1\n2\n", "georeference_degres"),
        ("0.2\n0\n0\n-0.3\n1\n2\n", "pixels_rectangulaires"),
        ("é" * 10_000, "georeference_illisible"),
    ],
)
def test_world_file_that_would_falsify_areas_is_refused(photo, text, kind):
    photo.with_suffix(".pgw").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as stopped:
        read(photo)
    assert stopped.value.kind == kind
    assert kind in own_placing.SAYS


def test_touching_photos_do_not_overlap_but_shared_ground_does():
    side_by_side = [(0, 0, 64, 64), (64, 0, 128, 64), (64.4, 64, 128, 128)]
    assert own_placing.overlapping(side_by_side) == [0, 1, 2]
    chain = [(0, 0, 64, 64), (120, 0, 184, 64), (60, 0, 124, 64)]
    assert len(set(own_placing.overlapping(chain))) == 1
