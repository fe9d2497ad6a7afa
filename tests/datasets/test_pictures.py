"""Images sans confiance : l’en-tête décide, aucun pixel n’est lu pour rien, tout refus a son code."""

from __future__ import annotations

import struct
import zlib
from functools import partial

import numpy as np
import PIL.Image
import PIL.ImageFile
import pytest
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from formation.datasets import pictures
from formation.datasets.pictures import Refused, Rules

RULES = Rules("dalle", ("PNG", "JPEG", "TIFF"), (".png", ".tif"), "PNG ou TIFF", 16, 200, 50_000, 2**20,
              "Découpez.", "Attendu : PNG.", {"trop_large": "plus de {side} : {advice}"})  # fmt: skip


def colour(height=40, width=60):
    return np.random.default_rng(0).integers(0, 255, (height, width, 3), dtype=np.uint8)


def kind(file):
    with pytest.raises(Refused) as stopped:
        pictures.read(file, RULES, lambda image: image.load())
    return stopped.value.kind


def test_good_picture_is_given_to_the_caller(tmp_path):
    PIL.Image.fromarray(colour()).save(tmp_path / "a.png")
    assert pictures.read(tmp_path / "a.png", RULES, lambda image: (image.size, image.mode)) == ((60, 40), "RGB")


def test_truncated_picture_is_refused_whatever_another_library_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(PIL.ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    PIL.Image.fromarray(colour()).save(tmp_path / "a.png")
    whole = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])
    assert kind(tmp_path / "a.png") == "image_abimee"


def test_pixels_are_never_read_when_the_header_is_refused(tmp_path, monkeypatch):
    PIL.Image.fromarray(colour(10, 300)).save(tmp_path / "a.png")
    monkeypatch.setattr(PIL.Image.Image, "load", lambda *_: pytest.fail("décompressée"))
    assert kind(tmp_path / "a.png") == "trop_large"
    assert "plus de 200 : Découpez." in RULES.say("trop_large")


def test_formats_outside_the_rules_are_not_tried(tmp_path):
    PIL.Image.fromarray(colour()).save(tmp_path / "a.png", format="BMP")
    assert kind(tmp_path / "a.png") == "pas_une_image"


def test_pages_of_a_tiff_are_refused_but_overviews_are_not(tmp_path):
    pages = [PIL.Image.fromarray(colour(40 // side, 60 // side)) for side in (1, 2)]
    pages[0].save(tmp_path / "pages.tif", save_all=True, append_images=pages[1:])
    assert kind(tmp_path / "pages.tif") == "animation"
    # Un GeoTIFF « nuage » range ses aperçus réduits dans le même fichier, marqués 1.
    reduced = ImageFileDirectory_v2()
    reduced[254] = 1
    pages[1].encoderinfo = {"tiffinfo": reduced}
    pages[0].save(tmp_path / "apercus.tif", save_all=True, append_images=pages[1:])
    assert pictures.read(tmp_path / "apercus.tif", RULES, lambda image: image.convert("RGB").size) == (60, 40)


def test_deep_pixels_are_seen_in_png_and_tiff(tmp_path):
    row = b"".join(b"\0" + bytes(6 * 20) for _ in range(20))

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 20, 20, 16, 2, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(row)) + chunk(b"IEND", b"")
    (tmp_path / "a.png").write_bytes(data)
    PIL.Image.fromarray(colour()[..., 0].astype(np.uint16)).save(tmp_path / "b.tif")
    PIL.Image.fromarray(colour()).save(tmp_path / "c.tif")
    deep = {name: pictures.read(tmp_path / name, RULES, partial(pictures.is_deep, tmp_path / name))
            for name in ("a.png", "b.tif", "c.tif")}  # fmt: skip
    assert deep == {"a.png": True, "b.tif": True, "c.tif": False}


def test_cut_empty_and_absent_files_are_told_apart(tmp_path):
    PIL.Image.fromarray(colour()).save(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(data[: len(data) // 2])
    assert kind(tmp_path / "a.png") == "image_abimee"
    (tmp_path / "b.png").touch()
    assert kind(tmp_path / "b.png") == "fichier_vide"
    assert kind(tmp_path / "absent.png") == "fichier_illisible"


def test_files_of_one_defect_are_told_in_one_problem(plain):
    (problem,) = RULES.problems({"fichier_vide": [f"{rank}.png" for rank in range(7)]})
    assert problem.count == 7
    assert "« 0.png »" in plain(problem.message)
    assert "et 2 autres" in plain(problem.message)


def test_odd_size_is_named():
    sizes, names = [(64, 64), (64, 64), (48, 64)], ["a", "b", "c"]
    (problem,) = pictures.different_sizes(sizes, names, "dalle", "Découpez pareil.")
    assert "c (48 × 64)" in problem.message
    assert pictures.different_sizes(sizes[:2], names[:2], "dalle", "") == []
