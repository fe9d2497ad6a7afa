"""Les tuiles, les parcs et les tables de la commune : ce que la fiche de données promet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation import mobilites
from formation.mobilites import tables as wing
from formation.mobilites.generator import inventory, painting, parks, raster, scene
from formation.mobilites.generator.parameters import Parameters
from formation.mobilites.generator.parks import Frame, Shape
from formation.territory import basins

P = Parameters()
SUN = (0.5, -0.6)


@pytest.fixture(scope="module")
def photographed():
    """Une petite scène et sa photographie."""
    rng = np.random.default_rng(3)
    ground = scene.small(rng, P)
    return ground, painting.shoot(ground, rng, P, sun=SUN)


def test_small_tile_shows_every_kind_of_ground_when_many_are_released(tables):
    codes = np.unique(tables["tuiles_images"]["masques"])
    assert codes.tolist() == [0, 1, 2, 3, 4]


def test_image_has_thirty_two_levels_when_developed(photographed):
    levels = np.unique(photographed[1].image)
    assert len(levels) <= P.levels
    assert set(levels) <= set(np.rint(np.arange(32) * 255 / 31).astype(int))


def test_same_seed_gives_same_picture_when_drawn_twice():
    shots = []
    for _ in range(2):
        rng = np.random.default_rng(8)
        shots.append(painting.shoot(scene.small(rng, P), rng, P, sun=SUN))
    assert (shots[0].image == shots[1].image).all()
    assert (shots[0].parcels == shots[1].parcels).all()


def test_masks_agree_with_true_areas_when_park_is_whole(tables):
    table = tables["parkings"].dropna(subset=["id_tuile"])
    whole = table[(table["entier"] == 1) & (table["surface_visible_m2"] > 0)]
    assert whole["surface_visible_m2"].to_numpy() == pytest.approx(whole["surface_m2"], rel=0.02)
    cut = table[(table["entier"] == 0)]
    assert (cut["surface_visible_m2"] < cut["surface_m2"]).all()


def test_parcel_holds_its_park_when_released(tables):
    table = tables["parkings"].dropna(subset=["id_tuile"])
    for tile in wing.tiles("test", large=True, tables=tables):
        assert not (wing.is_parking(tile.mask) & (tile.parcels == 0)).any(), tile.id_tuile
        ranks = set(table.loc[table["id_tuile"] == tile.id_tuile, "rang"])
        assert ranks <= set(np.unique(tile.parcels)) - {0}
        for park in table[table["id_tuile"] == tile.id_tuile].itertuples():
            seen = (wing.is_parking(tile.mask) & (tile.parcels == park.rang)).sum() * wing.PIXEL_M2
            assert seen == pytest.approx(park.surface_visible_m2, abs=0.06)


def test_campaigns_show_the_same_ground_when_revisited(tables):
    tuiles = tables["tuiles"]
    later = tuiles[tuiles["campagne"] == "2025"]
    both = later.merge(tuiles[tuiles["campagne"] == "2023"], on=["x_m", "y_m"], suffixes=("", "_avant"))
    assert len(both) == len(later) == 4
    assert set(both["jeu_avant"]) == {"test"}
    tiles = {tile.id_tuile: tile for tile in wing.tiles(campaign=None, overlapping=True, tables=tables)}
    for row in both.itertuples():
        now, before = tiles[row.id_tuile], tiles[row.id_tuile_avant]
        assert (now.parcels == before.parcels).all()
        ratio = now.image.mean(axis=(0, 1)) / before.image.mean(axis=(0, 1))
        assert ratio[0] / ratio[2] == pytest.approx(1.25 / 0.90, rel=0.12)


def test_newer_park_is_missing_from_the_photo_when_built_after(tables):
    newer = tables["parkings"].query("surface_visible_m2 == 0")
    assert (newer["annee_construction"] > 2023).all()
    before = {tile.id_tuile: tile for tile in wing.tiles("test", tables=tables)}
    for park in newer.itertuples():
        tile = before[park.id_tuile]
        assert not wing.is_parking(tile.mask[tile.parcels == park.rang]).any()


def test_overlapping_tiles_share_their_pixels_when_neighbours(tables):
    pairs = wing.overlaps(tables["tuiles"])
    tiles = {tile.id_tuile: tile for tile in wing.tiles(overlapping=True, tables=tables)}
    splits = tables["tuiles"].set_index("id_tuile")["jeu"]
    assert len(pairs) == 3
    for pair in pairs.itertuples():
        assert {splits[pair.id_tuile], splits[pair.voisine]} == {"apprentissage", "test"}
        assert (tiles[pair.id_tuile].image[:, 160:] == tiles[pair.voisine].image[:, :160]).all()


def test_honest_tiles_never_overlap_training_when_asked(tables):
    table = tables["tuiles"]
    kept = {tile.id_tuile for split in wing.SPLITS for tile in wing.tiles(split, tables=tables)}
    assert wing.overlaps(table[table["id_tuile"].isin(kept)]).empty


def test_unseen_communes_only_appear_in_the_test_when_located(tables):
    where = tables["tuiles"].groupby("code_commune")["jeu"].unique()
    late = where[where.index >= "00009"]
    assert len(late) > 0
    assert all(set(splits) == {"test"} for splits in late)


def test_every_code_exists_in_the_territory_when_joined(tables, territory):
    streets = territory.rues.set_index("id_rue")
    found = streets.loc[tables["parkings"]["id_rue"]]
    assert (found["id_bassin"].to_numpy() == tables["parkings"]["id_bassin"]).all()
    assert (found["code_commune"].to_numpy() == tables["parkings"]["code_commune"]).all()


def test_inventory_forgets_newer_parks_and_keeps_vanished_ones_when_released(tables):
    paper = tables["inventaire_papier"].merge(tables["parkings"], on="id_parking", how="left")
    assert paper["surface_m2"].isna().sum() == P.inventory_vanished
    known = paper.dropna(subset=["surface_m2"])
    assert (known["annee_construction"] <= known["annee_releve"]).all()
    counted = known[(known["methode"] == "places") & known["surface_declaree_m2"].notna()]
    assert (counted["surface_declaree_m2"] / counted["surface_m2"]).median() < 0.7


def test_soil_map_follows_what_was_built_when_photographed(tables):
    soil = tables["occupation_sol"].set_index("id_bassin")["part_impermeable_cartographiee"]
    gap = soil - pd.Series({code: basins.impervious_share(code, 2023) for code in soil.index})
    assert gap.abs().max() < 0.1
    assert basins.impervious_share("B5", 2023) > basins.impervious_share("B5", 2021)


def test_soil_map_is_the_same_when_seed_is_the_same():
    first, second = (inventory.soil(np.random.default_rng(5), P) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("area", [1050.0, 1480.0, 1520.0, 2150.0])
def test_plan_has_the_area_asked_when_drawn(area):
    shape = parks.shape_near(area, np.random.default_rng(int(area)), P, longest=62.0)
    assert shape.area == pytest.approx(area)
    assert 17 < shape.area / shape.capacity < 27
    assert len(shape.bays()) == shape.capacity


def test_area_counts_aisles_when_park_is_l_shaped():
    shape = Shape((10, 6), 6.0, 4.0)
    assert shape.area == pytest.approx(4 * 32 + 16 * 2.3 * 16)
    assert shape.area > 11.5 * shape.capacity


def test_storage_lot_is_full_when_filled():
    shape = Shape((20, 20), 5.0, 4.0)
    lot = parks.fill(shape, "depot_vehicules", np.random.default_rng(1), P)
    assert len(lot) > 0.85 * shape.capacity
    lorries = parks.fill(shape, "poids_lourds", np.random.default_rng(1), P)
    assert lorries[:, 2].mean() > 1.3 * lot[:, 2].mean()


def test_large_tile_holds_what_was_asked_when_composed():
    asked = [1480.0, 1530.0]
    ground = scene.large(asked, [1700.0], np.random.default_rng(2), P)
    shares = [scene.visible_share(park, 102.4, 102.4) for park in ground.parks]
    assert sorted(park.shape.area for park in ground.parks)[:2] == pytest.approx(asked)
    assert sorted(shares)[1:] == pytest.approx([1, 1], abs=0.01)
    assert min(shares) * 1700 < 1500


def test_large_tile_says_why_when_nothing_fits(monkeypatch):
    monkeypatch.setattr(scene, "_SCENES", 2)
    with pytest.raises(ValueError, match="ne tiennent pas"):
        scene.large([2900.0] * 4, [], np.random.default_rng(2), P)


def test_tree_hides_the_ground_without_changing_the_mask_when_over_a_park():
    trees = np.array([[0.0, 0.0, 3.0]])
    shape = Shape((12,), 5.5, 4.0)
    grey = (110.0, 110.0, 110.0)
    road = scene.Slab(Frame(32, 4, 0.0), (192, 6), grey)
    shots = []
    for crown in (trees, trees[:0]):
        park = parks.Park(Frame(32, 32, 0.1), shape, 2.0, grey, 0.5, np.zeros((0, 5)), crown, "clients")
        ground = scene.Scene(64.0, 64.0, road, parks=[park])
        shots.append(painting.shoot(ground, np.random.default_rng(4), P, sun=SUN))
    assert (shots[0].mask == shots[1].mask).all()
    centre = shots[0].image[155:165, 155:165].astype(int)
    assert (centre[..., 1] > centre[..., 0]).mean() > 0.9


def test_shadow_darkens_the_ground_when_building_is_high():
    grey = (110.0, 110.0, 110.0)
    road = scene.Slab(Frame(32, 60, 0.0), (192, 6), grey)
    house = scene.Slab(Frame(32, 30, 0.0), (20, 12), (180, 100, 80), height=9.0)
    ground = scene.Scene(64.0, 64.0, road, buildings=[house])
    shot = painting.shoot(ground, np.random.default_rng(4), P, sun=(0.0, -1.0))
    shaded, lit = shot.image[90:110, 130:190], shot.image[90:110, 10:60]
    assert shaded.mean() < 0.7 * lit.mean()
    assert (shot.mask[120:180, 110:210] == wing.BUILT).all()


def test_stray_car_keeps_the_ground_code_when_on_the_road():
    grey = (110.0, 110.0, 110.0)
    ground = scene.Scene(64.0, 64.0, scene.Slab(Frame(32, 32, 0.0), (192, 7), grey), cars=[(32.0, 32.0, 0.0, 4)])
    shot = painting.shoot(ground, np.random.default_rng(4), P, sun=SUN)
    red = shot.image[..., 0].astype(int) - shot.image[..., 2]
    assert red[150:170, 150:170].max() > 50
    assert wing.VEHICLE not in shot.mask


@pytest.mark.parametrize("turned", [False, True])
def test_polygon_is_the_same_when_its_corners_turn_the_other_way(turned):
    corners = np.array([[2.0, 1.0], [8.0, 3.0], [6.5, 7.0], [1.0, 5.0]])
    row, column = raster.convex(corners[::-1] if turned else corners, (10, 10))
    assert sorted(zip(row.tolist(), column.tolist(), strict=True)) == sorted(
        zip(*(part.tolist() for part in raster.convex(corners, (10, 10))), strict=True)
    )
    assert len(row) == pytest.approx(25, abs=4)


def test_polygon_is_empty_when_outside():
    row, _ = raster.convex(np.array([[20.0, 20.0], [30.0, 20.0], [30.0, 30.0]]), (10, 10))
    assert len(row) == 0


@pytest.mark.parametrize("asked", [{"jeu": "train"}, {"jeu": "test", "campaign": "2024"}])
def test_tiles_say_what_exists_when_asked_wrongly(asked, plain):
    with pytest.raises(ValueError, match="n’existe pas") as error:
        mobilites.tiles(**asked)
    assert "Valeurs possibles" in plain(error.value)


def test_released_tables_are_accepted_when_validated():
    from formation import datasets

    for name in datasets.names("mobilites"):
        assert len(mobilites.validate(datasets.path("mobilites", name), name)) > 0
