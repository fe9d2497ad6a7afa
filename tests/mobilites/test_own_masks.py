"""Les masques d’une collectivité : un code par pixel, face à face avec la photo, jamais deviné."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest

from formation.errors import DonneesInvalides
from formation.mobilites import own_masks
from formation.mobilites.own_images import Photo

CODES = np.kron([[0, 1], [3, 4]], np.ones((40, 50))).astype(np.uint8)


def photo(name="a.png", size=(100, 80), reduced=None):
    return Photo(name, size, reduced or size, 0)


def save(file, array, mode=None):
    PIL.Image.fromarray(array, mode).save(file)


def kinds(photos, source):
    with pytest.raises(DonneesInvalides) as stopped:
        own_masks.read(photos, source)
    return {problem.kind: problem for problem in stopped.value.problems}


def test_codes_are_laid_on_the_photo_of_the_same_name(tmp_path, plain):
    save(tmp_path / "a.png", CODES)
    save(tmp_path / "z.png", CODES)
    one = photo("a.jpg")
    remarks = own_masks.read([one], tmp_path)
    assert (one.mask == CODES).all()
    assert "1 masque sans photo (« z.png »)" in plain(" ".join(remarks))


def test_single_mask_goes_with_a_single_photo_whatever_its_name(tmp_path):
    save(tmp_path / "autre.tif", CODES)
    one = photo()
    assert own_masks.read([one], tmp_path / "autre.tif") == []
    assert (one.mask == CODES).all()


def test_mask_is_reduced_as_its_photo_without_new_codes(tmp_path):
    save(tmp_path / "a.png", CODES)
    one = photo(reduced=(50, 40))
    own_masks.read([one], tmp_path)
    assert one.mask.shape == (40, 50)
    assert set(np.unique(one.mask)) == {0, 1, 3, 4}


@pytest.mark.parametrize("mode", ["L", "1"])
def test_black_and_white_mask_is_parking_or_not(tmp_path, plain, mode):
    PIL.Image.fromarray(np.where(CODES == 3, 255, 0).astype(np.uint8)).convert(mode).save(tmp_path / "a.png")
    one = photo()
    remarks = own_masks.read([one], tmp_path)
    assert (one.mask == np.where(CODES == 3, 3, 0)).all()
    assert "255 = parking" in plain(remarks[0])


def test_palette_mask_is_read_by_rank_not_by_colour(tmp_path):
    image = PIL.Image.fromarray(CODES)
    image.putpalette([rank * 7 % 256 for rank in range(768)])
    image.save(tmp_path / "a.png")
    one = photo()
    own_masks.read([one], tmp_path)
    assert (one.mask == CODES).all()


def test_every_bad_mask_is_told_at_once(tmp_path):
    names = ("taille", "codes", "couleur", "alpha", "seize", "coupe", "texte", "absent", "jpeg")
    save(tmp_path / "taille.png", CODES[:70])
    save(tmp_path / "codes.png", np.where(CODES == 4, 7, CODES).astype(np.uint8))
    save(tmp_path / "couleur.png", np.dstack([CODES] * 3))
    save(tmp_path / "alpha.png", np.dstack([CODES, CODES]), "LA")
    save(tmp_path / "seize.png", CODES.astype(np.uint16))
    save(tmp_path / "texte.png", CODES)
    (tmp_path / "coupe.png").write_bytes((tmp_path / "texte.png").read_bytes()[:90])
    (tmp_path / "texte.png").write_text("0 0 3 3")
    save(tmp_path / "jpeg.jpg", CODES)
    found = kinds([photo(f"{name}.png") for name in names], tmp_path)
    assert set(found) == {
        "taille_differente", "codes_inconnus", "couleurs", "transparence", "seize_bits", "image_abimee",
        "pas_une_image", "masque_manquant", "masque_en_jpeg",
    }  # fmt: skip
    assert "7 (2 000 px)" in found["codes_inconnus"].message.replace("\u202f", " ")
    assert "100 × 70 au lieu de 100 × 80" in found["taille_differente"].message
    assert "absent.png" in found["masque_manquant"].message


def test_smoothed_mask_is_refused_rather_than_rounded(tmp_path):
    blurred = PIL.Image.fromarray(np.where(CODES == 3, 255, 0).astype(np.uint8)).resize((99, 79)).resize((100, 80))
    blurred.save(tmp_path / "a.png")
    assert "lissage" in kinds([photo()], tmp_path)["codes_inconnus"].message


def test_absent_folder_is_told(tmp_path):
    assert set(kinds([photo()], tmp_path / "absent")) == {"fichier_introuvable"}
    (tmp_path / "m.jpg").write_bytes(b"x")
    assert set(kinds([photo()], tmp_path / "m.jpg")) >= {"masque_en_jpeg"}
