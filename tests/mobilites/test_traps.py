"""Chaque piège planté se mesure sur les données livrées."""

from __future__ import annotations

from formation.mobilites import traps


def test_saying_never_is_often_right_and_finds_nothing(course):
    table = traps.accuracy(course).set_index("methode")
    assert table.loc[traps.NEVER, "exactitude"] > 0.6
    assert table.loc[traps.NEVER, "iou"] == 0


def test_pixel_split_flatters(course):
    pixel, tile = traps.splits(course)["f1"]
    assert pixel > tile + 0.03


def test_ground_already_seen_looks_easier(course):
    seen, fresh = traps.overlap(course)["iou"]
    assert seen > fresh


def test_grey_threshold_takes_roofs_and_roads_for_parks(course):
    model, grey = (traps.lures(course, method=name)["part"] for name in ("modèle jouet", "seuil de gris"))
    assert (grey[1:] > model[1:]).all()


def test_park_newer_than_the_photo_is_not_on_it(course):
    table = traps.newer(course)
    assert len(table) > 0
    assert (table["annee_construction"] > 2023).all()


def test_two_days_do_not_agree_on_occupancy(tables):
    table = traps.occupancy(tables)
    assert (table["occupation_2023"] - table["occupation_2025"]).abs().max() > 0.1
    assert table[["occupation_2023", "occupation_2025"]].max().max() <= 1


def test_aisles_change_the_answer(tables):
    lost = traps.without_aisles(tables)
    assert len(lost) > 10
    assert (lost["surface_m2"] > 1500).all()


def test_some_large_parks_are_set_aside_by_their_use(tables):
    table = traps.subject(tables).set_index("proprietaire")
    assert 0 < table["ecartes"].sum() < table["parcs"].sum()
