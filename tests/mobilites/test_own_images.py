"""Les photos d’une collectivité : l’en-tête décide, tout se dit à la fois, rien ne remplit la mémoire."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import PIL.Image
import pytest

from formation.errors import DonneesInvalides
from formation.mobilites import own_images


def colours(height=80, width=100, seed=0):
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


def png(width, height, depth=8, colour=2, pixels=b"\0"):
    """PNG écrit à la main : l’en-tête peut mentir sur ce qui suit."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "photos").mkdir()
    PIL.Image.fromarray(colours()).save(tmp_path / "photos" / "a.png")
    return tmp_path / "photos"


def world(file, *words):
    file.write_text("\n".join(map(str, words)))


def kinds(source, resolution=None):
    return {problem.kind: problem for problem in own_images.read(source, resolution).problems}


def test_folder_gives_photos_in_order_at_twenty_centimetres(folder, plain):
    PIL.Image.fromarray(colours(160, 200, 1)).save(folder / "b.jpg")
    world(folder / "b.jgw", "0,10", 0, 0, "-0,10", 1000, 2000)
    (folder / "notes.csv").write_text("x")
    found = own_images.read(folder)
    assert found.problems == []
    assert [(photo.name, photo.size, photo.image.shape) for photo in found.photos] == [
        ("a.png", (100, 80), (80, 100, 3)),
        ("b.jpg", (200, 160), (80, 100, 3)),
    ]
    assert (found.photos[0].image == colours()).all()
    told = plain(" ".join(found.remarks))
    assert "« b.jpg » : plus fine que 20 cm, réduite" in told
    assert "taille du pixel non dite pour 1 photo, prise égale à 20 cm" in told
    assert "1 autre fichier laissé de côté" not in told, "le fichier de géoréférencement et le CSV font deux"
    assert "2 autres fichiers laissés de côté" in told


def test_every_bad_photo_is_told_at_once(folder):
    good = (folder / "a.png").read_bytes()
    full = colours()
    (folder / "texte.png").write_text("bonjour")
    (folder / "vide.png").write_bytes(b"")
    (folder / "coupee.png").write_bytes(good[: len(good) // 2])
    clear = np.dstack([full, np.full((80, 100), 255, np.uint8)])
    clear[:10, :, 3] = 0
    PIL.Image.fromarray(clear, "RGBA").save(folder / "alpha.png")
    PIL.Image.fromarray(full[..., 0]).save(folder / "gris.png")
    PIL.Image.fromarray(full).convert("CMYK").save(folder / "cmjn.jpg")
    PIL.Image.frombytes("LAB", (100, 80), full.tobytes()).save(folder / "lab.tif")
    PIL.Image.fromarray(np.dstack([full, full[..., 0]]), "RGBX").save(folder / "infrarouge.tif")
    PIL.Image.fromarray(full[..., 0].astype(np.uint16) * 200).save(folder / "seize.tif")
    (folder / "couleur16.png").write_bytes(png(100, 80, 16, 2, b"".join(b"\0" + bytes(600) for _ in range(80))))
    (folder / "vingt_mille.png").write_bytes(png(20_000, 100))
    PIL.Image.fromarray(colours(30, 30)).save(folder / "petite.png")
    (folder / "bombe.png").write_bytes(png(60_000, 60_000))
    (folder / "bombe_dans_le_cote.png").write_bytes(png(7_500, 7_500))
    frames = [PIL.Image.fromarray(colours(seed=seed)) for seed in range(3)]
    frames[0].save(folder / "film.png", save_all=True, append_images=frames[1:])
    PIL.Image.fromarray(full).save(folder / "grossiere.png")
    world(folder / "grossiere.pgw", 0.5, 0, 0, -0.5, 0, 0)
    PIL.Image.fromarray(full).save(folder / "drone.png")
    world(folder / "drone.pgw", 0.02, 0, 0, -0.02, 0, 0)
    PIL.Image.fromarray(full).save(folder / "degres.png")
    world(folder / "degres.pgw", 1.8e-6, 0, 0, -1.8e-6, 1.4, 43.6)
    PIL.Image.fromarray(full).save(folder / "tournee.png")
    world(folder / "tournee.pgw", 0.2, 0.01, 0.01, -0.2, 0, 0)
    PIL.Image.fromarray(full).save(folder / "charabia.png")
    world(folder / "charabia.pgw", "vingt centimètres")
    found = kinds(folder)
    assert set(found) == {
        "pas_une_image", "fichier_vide", "image_abimee", "transparence", "niveaux_de_gris", "quadrichromie",
        "seize_bits", "trop_large", "trop_petite", "bombe", "animation", "autre_resolution", "trop_fin",
        "georeference_degres", "georeference_tournee", "georeference_illisible", "autre_espace", "quatre_bandes",
    }  # fmt: skip
    assert (found["bombe"].count, found["seize_bits"].count) == (2, 2)
    assert "alpha.png" in found["transparence"].message
    assert "gdal_translate -b 1 -b 2 -b 3" in found["transparence"].message
    assert all(len(problem.message) > 50 for problem in found.values())


def test_bomb_is_refused_without_being_decompressed(tmp_path, monkeypatch):
    (tmp_path / "bombe.png").write_bytes(png(30_000, 30_000))
    monkeypatch.setattr(PIL.Image.Image, "load", lambda *_: pytest.fail("décompressée"))
    assert set(kinds(tmp_path)) == {"bombe"}


def test_too_many_pixels_are_refused_before_the_first_is_read(folder, monkeypatch, plain):
    monkeypatch.setattr(own_images, "MAX_TOTAL", 10_000)
    PIL.Image.fromarray(colours(seed=1)).save(folder / "b.png")
    monkeypatch.setattr(PIL.Image.Image, "load", lambda *_: pytest.fail("décompressée"))
    (problem,) = own_images.read(folder).problems
    assert problem.kind == "trop_de_pixels"
    monkeypatch.setattr(own_images, "MAX_PIXELS", 5_000)
    assert {problem.kind for problem in own_images.read(folder).problems} == {"trop_grande", "trop_de_pixels"}


def test_opaque_alpha_and_palette_are_accepted_and_told(folder, plain):
    PIL.Image.fromarray(np.dstack([colours(), np.full((80, 100), 255, np.uint8)]), "RGBA").save(folder / "opaque.png")
    PIL.Image.fromarray(colours()).quantize(64).save(folder / "palette.png")
    found = own_images.read(folder)
    assert found.problems == []
    assert (found.photos[1].image == colours()).all()
    told = plain(" ".join(found.remarks))
    assert "« opaque.png » : canal alpha opaque partout, laissé de côté : rien n’est perdu" in told
    assert "« palette.png » : palette" in told


def test_resolution_said_twice_must_agree(folder):
    world(folder / "a.pgw", 0.2, 0, 0, -0.2, 1000, 2000)
    assert kinds(folder, 0.2) == {}
    assert "a.pgw" in kinds(folder, 0.1)["resolution_contradictoire"].message


@pytest.mark.parametrize("asked", [0.5, 0.01, -1.0, float("nan")])
def test_impossible_resolution_is_refused(folder, asked):
    with pytest.raises(DonneesInvalides, match="côté d’un pixel"):
        own_images.read(folder, asked)


def test_photos_of_the_same_ground_share_a_group(folder):
    for name, left in (("a", 1000), ("b", 1010), ("c", 3000)):
        PIL.Image.fromarray(colours()).save(folder / f"{name}.png")
        world(folder / f"{name}.pgw", 0.2, 0, 0, -0.2, left, 2000)
    groups = [photo.group for photo in own_images.read(folder).photos]
    assert groups[0] == groups[1] != groups[2]


def test_geotiff_tags_give_the_size_of_a_pixel(tmp_path):
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    tags = ImageFileDirectory_v2()
    tags[33550], tags[33922] = (0.1, 0.1, 0.0), (0.0, 0.0, 0.0, 652000.0, 6863000.0, 0.0)
    tags.tagtype[33550] = tags.tagtype[33922] = 12
    PIL.Image.fromarray(colours(160, 200)).save(tmp_path / "a.tif", tiffinfo=tags)
    found = own_images.read(tmp_path / "a.tif")
    assert found.photos[0].reduced == (100, 80)


def test_empty_absent_and_crowded_folders_are_told(tmp_path, folder, monkeypatch):
    (tmp_path / "vide").mkdir()
    with pytest.raises(DonneesInvalides, match="aucune photo"):
        own_images.read(tmp_path / "vide")
    with pytest.raises(DonneesInvalides, match="rien à l’endroit"):
        own_images.read(tmp_path / "absent.png")
    monkeypatch.setattr(own_images, "MAX_IMAGES", 0)
    with pytest.raises(DonneesInvalides, match="Tirez-en au sort"):
        own_images.read(folder)
