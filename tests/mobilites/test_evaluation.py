"""Mesure honnête : indices à la main, tuiles séparées, modèle au-dessus de ses références."""

from __future__ import annotations

import numpy as np
import pytest

from formation.mobilites import evaluation, surface
from formation.mobilites.model import GREY, LINEAR, MODEL


def test_iou_and_f1_match_a_count_by_hand():
    said, real = np.zeros((4, 4), bool), np.zeros((4, 4), bool)
    said[:2], real[1:3] = True, True
    assert evaluation.iou(said, real) == pytest.approx(4 / 12)
    assert evaluation.f1(said, real) == pytest.approx(8 / 16)
    assert evaluation.scores(said, real)["surface_m2"] == pytest.approx(8 * 0.04)


def test_f1_is_never_below_iou():
    rng = np.random.default_rng(447)
    for _ in range(20):
        said, real = rng.random((2, 50)) > 0.5
        assert evaluation.f1([said], [real]) >= evaluation.iou([said], [real])


def test_empty_maps_give_zero_and_sizes_must_agree():
    assert evaluation.iou([np.zeros(3, bool)], [np.zeros(3, bool)]) == 0
    with pytest.raises(ValueError, match="même taille"):
        evaluation.iou([np.zeros(3, bool)], [np.zeros(4, bool)])


def test_no_tile_serves_twice(course):
    names = [tile.id_tuile for tiles in course.tiles.values() for tile in tiles]
    assert len(names) == len(set(names))


def test_model_beats_the_linear_and_grey_references_on_test(course):
    iou = evaluation.evaluate(course).set_index("methode")["iou"]
    assert iou[MODEL] > iou[LINEAR] > iou[GREY]
    assert iou[MODEL] > 0.85


def test_settings_come_from_validation_alone(course):
    for name in evaluation.METHODS:
        tuned = evaluation.tune(course, name)
        kept = course.methods[name]
        assert (tuned.threshold, tuned.smoothing) == (kept.threshold, kept.smoothing)


def test_vehicles_stay_inside_the_park_found(course):
    for layer, found in zip(course.vehicles(), course.surface(), strict=True):
        assert not (layer > 0)[~found[::2, ::2]].any()


def test_area_of_a_park_is_counted_in_its_parcel():
    found = np.zeros((10, 10), bool)
    found[2:6, 2:6] = found[8:, 8:] = True
    parcels = np.zeros((10, 10), np.uint8)
    parcels[1:7, 1:7], parcels[7:, 7:] = 1, 2
    first, second = surface.measure(found, parcels)
    assert first["surface_predite_m2"] == pytest.approx(16 * 0.04)
    assert first["part_parcelle"] == pytest.approx(16 / 36)
    assert second["coupe_predit"]


def test_parks_table_has_one_line_per_photographed_park(course):
    table = surface.parks(course)
    names = {tile.id_tuile for tile in course.tiles["test"]}
    known = course.tables["parkings"]
    assert len(table) == known["id_tuile"].isin(names).sum()
    assert table["ecart"].isna().sum() == (table["surface_visible_m2"] == 0).sum()


def test_cut_off_guard_never_exempts_a_park_that_touches_the_edge(course):
    cut = surface.cut_off(surface.parks(course))
    assert (cut["assujetti"] & (cut["sans_garde"] == "non assujetti")).any()
    assert not (cut["assujetti"] & (cut["avec_garde"] == "non assujetti")).any()


def test_paper_inventory_forgets_and_keeps_what_is_gone(tables):
    paper = surface.paper(tables)
    assert {"présent", "absent de l’inventaire", "disparu"} == set(paper["etat"])
    assert paper.loc[paper["methode"] == "places", "ecart"].median() < -0.3


def test_lots_are_sorted_and_know_the_edge():
    mask = np.zeros((200, 200), bool)
    mask[:80, :80] = mask[100:160, 100:160] = True
    mask[190:192, 100:102] = True
    found = surface.lots(mask)
    assert found["surface_m2"].tolist() == [256.0, 144.0]
    assert found["touche_bord"].tolist() == [True, False]
