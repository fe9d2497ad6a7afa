"""Essayer le modèle sur ses photos : jugé avec des masques, jamais sans, et rien d’appris sur ce qui le juge."""

from __future__ import annotations

import json

import numpy as np
import PIL.Image
import pytest

from formation import reports
from formation.errors import DonneesInvalides, FichiersInvalides
from formation.mobilites import evaluation, own_data, own_report, own_scores, own_words
from formation.mobilites import tables as store

SIDE = 160


@pytest.fixture
def quick(monkeypatch, small_course):
    monkeypatch.setattr(evaluation, "course", lambda: small_course)
    monkeypatch.setattr(own_scores, "POINTS", 4_000)


@pytest.fixture(scope="session")
def pieces():
    """Dix morceaux de tuiles de test, photo et masque."""
    found = []
    for tile in store.tiles("test", large=False):
        found += [
            (tile.image[:SIDE, :SIDE], tile.mask[:SIDE, :SIDE]),
            (tile.image[SIDE:, SIDE:], tile.mask[SIDE:, SIDE:]),
        ]
    return found[:10]


@pytest.fixture
def folders(tmp_path, pieces):
    (tmp_path / "photos").mkdir()
    (tmp_path / "masques").mkdir()
    for rank, (image, mask) in enumerate(pieces):
        PIL.Image.fromarray(image).save(tmp_path / "photos" / f"{rank:02d}.png")
        PIL.Image.fromarray(mask).save(tmp_path / "masques" / f"{rank:02d}.png")
    return tmp_path / "photos", tmp_path / "masques"


@pytest.mark.usefixtures("quick")
def test_with_masks_every_method_is_judged_on_unseen_photos(folders, plain):
    told = []
    found = own_data.own(*folders, progress=lambda step, total, label: told.append((step, total, label)))
    rows = found.table.set_index("methode")
    assert list(rows.index) == [
        own_scores.GREY, own_scores.COURSE, own_scores.RECENTRED, own_scores.OWN_GREY, own_scores.OWN_LINE,
        own_scores.OWN,
    ]  # fmt: skip
    assert ((rows["iou_bas"] <= rows["iou"]) & (rows["iou"] <= rows["iou_haut"])).all()
    assert rows["surface_vraie_m2"].nunique() == 1
    assert len(found.other) == 10
    text = plain(found.conclusion)
    assert "oublie" in text.splitlines()[0]
    assert "invente" in text.splitlines()[0]
    assert "Devant plus simple que lui" in text
    assert "« aucun parking » partout serait juste pour" in plain(" ".join(found.remarks))
    steps = [step for step, _, _ in told]
    assert steps == sorted(steps)
    assert steps[-1] == told[-1][1], "le dernier pas annoncé est le dernier"
    assert json.loads(reports.to_json(found))["essai"] == "masques"
    assert "IoU" in own_report.to_text(found)


@pytest.mark.usefixtures("quick")
def test_measure_is_exact_when_the_photo_is_the_mask(small_course, pieces):
    said = small_course.methods["modèle jouet"].predict([image for image, _ in pieces])
    image, found = max(zip((image for image, _ in pieces), said, strict=True), key=lambda pair: pair[1].sum())
    perfect = np.where(found, store.PARKING, store.GROUND).astype(np.uint8)
    photo = own_scores_photo(image, perfect)
    judged = own_scores.with_masks([photo], lambda *_: None)
    row = judged.table.set_index("methode").loc[own_scores.COURSE]
    assert (row["iou"], row["ecart_surface"]) == (1.0, 0.0)
    wrong = own_scores_photo(image, np.where(found, store.GROUND, store.PARKING).astype(np.uint8))
    row = own_scores.with_masks([wrong], lambda *_: None).table.set_index("methode").loc[own_scores.COURSE]
    assert row["iou"] == 0.0


def own_scores_photo(image, mask):
    from formation.mobilites.own_images import Photo

    return Photo("a.png", (SIDE, SIDE), (SIDE, SIDE), 0, image, mask)


@pytest.mark.usefixtures("quick")
def test_few_photos_are_judged_but_nothing_is_concluded(folders, plain):
    photos, masks = folders
    for rank in range(3, 10):
        (photos / f"{rank:02d}.png").unlink()
    found = own_data.own(photos, masks)
    assert own_scores.OWN not in set(found.table["methode"])
    assert plain(found.conclusion).startswith("Trop peu de photos pour conclure (il en faut au moins 8)")
    assert "7 masques sans photo" in plain(" ".join(found.remarks))


@pytest.mark.usefixtures("quick")
def test_masks_without_any_parking_judge_nothing(folders, plain):
    photos, masks = folders
    for file in masks.iterdir():
        PIL.Image.fromarray(np.zeros((SIDE, SIDE), np.uint8)).save(file)
    found = own_data.own(photos, masks)
    assert "rien à retrouver" in found.conclusion
    assert "—" in own_report.to_text(found)


@pytest.mark.usefixtures("quick")
def test_without_masks_the_first_sentence_says_nothing_is_measured(folders, plain):
    found = own_data.own(folders[0])
    assert plain(found.conclusion).startswith("Sans masques, cet essai ne mesure aucune erreur")
    assert len(found.table) == 10
    assert (found.table["surface_photo_m2"] == SIDE**2 * store.PIXEL_M2).all()
    assert found.table["accord"].between(0, 1).all()
    assert "annotez au moins 8 photos" in plain(found.conclusion)
    assert "iou" not in found.table


@pytest.mark.usefixtures("quick")
def test_other_colours_are_told(folders, plain, tmp_path):
    for file in folders[0].iterdir():
        warm = np.clip(np.asarray(PIL.Image.open(file)) * [1.25, 1.12, 0.9], 0, 255).astype(np.uint8)
        PIL.Image.fromarray(warm).save(file)
    told = plain(" ".join(own_data.own(folders[0]).remarks))
    assert "Vos couleurs moyennes s’écartent de celles du cours (rouge +" in told


def test_problems_of_photos_and_masks_come_together(folders):
    photos, masks = folders
    (photos / "texte.png").write_text("x")
    PIL.Image.fromarray(np.full((SIDE, SIDE), 9, np.uint8)).save(masks / "01.png")
    with pytest.raises(FichiersInvalides) as stopped:
        own_data.own(photos, masks)
    assert {problem.kind for problem in stopped.value.problems} == {"pas_une_image", "codes_inconnus"}
    with pytest.raises(FichiersInvalides):
        own_data.own(photos.parent / "absent", photos.parent / "absent aussi")
    with pytest.raises(DonneesInvalides, match=r"texte\.png"):
        own_data.own(photos)


def test_same_ground_is_never_learnt_and_judged():
    groups = [0, 0, 0, *range(3, 15)]
    for seed in range(5):
        fold = own_scores.folds(groups, seed)
        assert len({fold[0], fold[1], fold[2]}) == 1
        assert len(set(fold)) == own_scores.FOLDS


def test_relearned_model_that_gains_nothing_is_said_so(plain):
    import pandas as pd

    names = [own_scores.GREY, own_scores.COURSE, own_scores.RECENTRED, *own_scores.RELEARNED]
    table = pd.DataFrame({"methode": names, "iou": 0.8, "iou_bas": 0.7, "iou_haut": 0.9, "precision": 0.9,
                          "rappel": 0.85, "ecart_surface": -0.06})  # fmt: skip
    facts = {"photos": 12, "groupes": 12, "surface_ha": 4.0, "ecart_couleurs": {"rouge": 0.0}, "photos_avec_parking": 9,
             "part_parking": 0.2, "methode_detaillee": own_scores.OWN}  # fmt: skip
    by_photo = pd.DataFrame({"fichier": ["a"], "iou": [0.8], "ecart": [-0.05]})
    gaps = dict.fromkeys(names, (0.0, -0.02, 0.02))
    words, _ = own_words.judged(own_scores.Judged(table, by_photo, facts, gaps))
    text = plain(" ".join(words))
    assert "oublie 15 % de la surface des parkings et en invente 10 %" in text
    assert "ne se distingue pas du « classifieur linéaire réappris »" in text
    assert "réapprendre sur vos photos n’apporte presque rien" in text
    assert "un écart type d’environ 7,4 %" in text
