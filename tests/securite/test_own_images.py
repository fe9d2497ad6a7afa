"""Les vignettes d’une collectivité : rien d’assez fin pour un visage, rien qui remplisse la mémoire."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import PIL.Image
import pytest

from formation.errors import DonneesInvalides
from formation.securite import own_images


def grey(height=64, width=64, seed=0):
    return np.random.default_rng(seed).integers(0, 255, (height, width), dtype=np.uint8)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, depth=8, colour=0, pixels=b"\0"):
    """PNG écrit à la main : l’en-tête peut mentir sur ce qui suit."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.fixture
def folder(tmp_path):
    PIL.Image.fromarray(grey()).save(tmp_path / "a.png")
    return tmp_path


def refused(source):
    with pytest.raises(DonneesInvalides) as stopped:
        own_images.read(source)
    return {problem.kind: problem for problem in stopped.value.problems}


def test_folder_gives_grey_thumbnails_in_order(folder, plain):
    PIL.Image.fromarray(np.stack([grey()] * 3, -1)).save(folder / "b.png")
    PIL.Image.fromarray(grey()).save(folder / "c.jpg")
    (folder / "notes.csv").write_text("x")
    found = own_images.read(folder)
    assert found.names == ["a.png", "b.png", "c.jpg"]
    assert (found.images.shape, found.images.dtype) == ((3, 64, 64), np.uint8)
    assert (found.images[0] == grey()).all()
    assert "niveaux de gris (1 vignette)" in plain(" ".join(found.remarks))


def test_every_bad_file_is_told_at_once(folder):
    good = (folder / "a.png").read_bytes()
    (folder / "texte.png").write_text("bonjour")
    (folder / "vide.png").write_bytes(b"")
    (folder / "coupee.png").write_bytes(good[: len(good) // 2])
    PIL.Image.fromarray(np.stack([grey()] * 4, -1), "RGBA").save(folder / "alpha.png")
    PIL.Image.fromarray(grey().astype(np.uint16) * 200).save(folder / "seize.png")
    (folder / "couleur16.png").write_bytes(png(64, 64, 16, 2, b"".join(b"\0" + bytes(384) for _ in range(64))))
    PIL.Image.fromarray(grey(300, 400)).save(folder / "large.png")
    PIL.Image.fromarray(grey(8, 8)).save(folder / "petite.png")
    PIL.Image.fromarray(grey(48, 64)).save(folder / "autre.png")
    (folder / "bombe.png").write_bytes(png(60_000, 60_000))
    (folder / "lourde.png").write_bytes(good + bytes(own_images.MAX_IMAGE_BYTES))
    frames = [PIL.Image.fromarray(grey(seed=seed)) for seed in range(3)]
    frames[0].save(folder / "film.png", save_all=True, append_images=frames[1:])
    found = refused(folder)
    assert set(found) == {
        "pas_une_image", "fichier_vide", "image_abimee", "transparence", "seize_bits", "trop_large", "trop_petite",
        "tailles_differentes", "bombe", "fichier_trop_gros", "animation",
    }  # fmt: skip
    assert "visage" in found["trop_large"].message
    assert found["seize_bits"].count == 2
    assert "texte.png" in found["pas_une_image"].message


def test_bomb_is_refused_without_being_decompressed(tmp_path, monkeypatch):
    (tmp_path / "bombe.png").write_bytes(png(9_000, 9_000))
    monkeypatch.setattr(PIL.Image.Image, "load", lambda *_: pytest.fail("décompressée"))
    assert set(refused(tmp_path)) == {"bombe"}


def test_empty_folder_and_absent_file_are_told(tmp_path):
    assert set(refused(tmp_path)) == {"aucune_vignette"}
    assert set(refused(tmp_path / "absent.npz")) == {"fichier_introuvable"}


def test_npz_gives_thumbnails_named_by_rank(tmp_path):
    np.savez_compressed(tmp_path / "v.npz", images=np.stack([grey(), grey(seed=1)]))
    found = own_images.read(tmp_path / "v.npz")
    assert found.names == ["0", "1"]
    assert found.images.shape == (2, 64, 64)


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (np.zeros((5, 300, 300), np.uint16), {"seize_bits", "trop_large"}),
        (np.zeros((5, 64, 64), float), {"seize_bits"}),
        (np.zeros((5, 64, 64, 4), np.uint8), {"transparence"}),
        (np.zeros((5, 64, 64, 3), np.uint8), {"forme_inattendue"}),
        (np.zeros((5, 64), np.uint8), {"forme_inattendue"}),
        (np.zeros((0, 64, 64), np.uint8), {"aucune_vignette"}),
        (np.zeros((2_100, 16, 16), np.uint8), {"trop_de_vignettes"}),
        (np.array([{}], dtype=object), {"objets_refuses"}),
    ],
    ids=["large et 16 bits", "décimaux", "alpha", "couleur", "plat", "vide", "trop", "objets"],
)
def test_npz_of_another_form_is_refused(tmp_path, images, expected):
    np.savez_compressed(tmp_path / "v.npz", images=images)
    assert set(refused(tmp_path / "v.npz")) == expected


def test_npz_bomb_is_refused_from_its_header(tmp_path, monkeypatch):
    np.savez_compressed(tmp_path / "v.npz", images=np.zeros((4, 3_000, 3_000), np.uint8))
    monkeypatch.setattr(np.lib.format, "read_array", lambda *_, **__: pytest.fail("décompressé"))
    assert "trop_large" in refused(tmp_path / "v.npz")


@pytest.mark.parametrize("cut", [0, 300])
def test_npz_cut_or_made_of_text_is_refused(tmp_path, cut):
    np.savez_compressed(tmp_path / "v.npz", images=grey()[None])
    data = (tmp_path / "v.npz").read_bytes()[:cut] or b"bonjour"
    (tmp_path / "v.npz").write_bytes(data)
    assert set(refused(tmp_path / "v.npz")) == {"pas_un_npz"}
