"""Le plan de vol : quelles tuiles, de quel jeu, à quel endroit, de quelle campagne."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.mobilites.generator import painting, parks, scene
from formation.mobilites.generator.painting import Shot
from formation.mobilites.generator.parameters import (
    CUT_TARGETS,
    LARGE,
    LARGE_TARGETS,
    LARGE_TILES,
    OVERLAPPING,
    PX_PER_M,
    REVISITED,
    SMALL,
    SMALL_PLAN,
    Parameters,
)
from formation.mobilites.generator.scene import Scene

if TYPE_CHECKING:
    from formation.territory import Territory

_SUNS = {"2023": (0.50, -0.58), "2025": (-0.72, -0.40)}
_DATES = {"2023": ("2023-06-14", "2023-06-15"), "2025": ("2025-09-09", "2025-09-09")}
_UNSEEN = ("00009", "00010", "00011", "00012")
_GRID_M = 220


@dataclass(frozen=True)
class Picture:
    """Une tuile photographiée.

    Attributes
    ----------
    code : str
        Code de la tuile.
    split : str
        Jeu.
    campaign : str
        Campagne.
    shot : Shot
        Image et vérité.
    scene : Scene
        Le sol, partagé par les tuiles voisines et par les deux campagnes.
    hidden : int or None
        Rang, dans la scène, du parc pas encore bâti.
    origin_px : int
        Colonne de la scène où la tuile commence.
    site : str
        Tuile qui donne son endroit : elle-même, ou celle que l’on revoit.
    """

    code: str
    split: str
    campaign: str
    shot: Shot
    scene: Scene
    hidden: int | None
    origin_px: int
    site: str

    @property
    def side(self) -> int:
        """Côté, en pixels."""
        return len(self.shot.mask)


def photograph(rng: np.random.Generator, p: Parameters) -> list[Picture]:
    """Photographie toutes les tuiles : petites, recouvrantes, revues, puis grandes.

    Parameters
    ----------
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    list of Picture
        Dans l’ordre des codes.
    """
    splits = [split for split, number in SMALL_PLAN for _ in range(number)]
    pictures: list[Picture] = []
    neighbours: list[Picture] = []
    for rank, split in enumerate(splits):
        code = f"T{rank + 1:02d}"
        if rank < OVERLAPPING:
            ground = scene.small(rng, p, width=1.5 * SMALL / PX_PER_M)
            shot = painting.shoot(ground, rng, p, sun=_SUNS["2023"])
            pictures.append(Picture(code, split, "2023", _crop(shot, 0), ground, None, 0, code))
            neighbours.append(Picture("", "test", "2023", _crop(shot, SMALL // 2), ground, None, SMALL // 2, code))
        else:
            revisited = rank - (len(splits) - REVISITED)
            pictures.append(_single(code, split, rng, p, newer=0 <= revisited < p.newer_than_photo))
    again = [_again(picture, rng, p) for picture in pictures[-REVISITED:]]
    extra = [
        replace(picture, code=f"T{rank:02d}")
        for rank, picture in enumerate([*neighbours, *again], start=len(pictures) + 1)
    ]
    return [*pictures, *extra, *_large(rng, p)]


def _single(code: str, split: str, rng: np.random.Generator, p: Parameters, *, newer: bool) -> Picture:
    ground = scene.small(rng, p)
    while newer and len(ground.parks) < 2:
        ground = scene.small(rng, p)
    hidden = len(ground.parks) - 1 if newer else None
    shot = painting.shoot(ground, rng, p, sun=_SUNS["2023"], hidden=hidden)
    return Picture(code, split, "2023", shot, ground, hidden, 0, code)


def _again(picture: Picture, rng: np.random.Generator, p: Parameters) -> Picture:
    """Le même sol deux ans plus tard : autres voitures, autre soleil, autres couleurs."""
    moved = [replace(park, cars=parks.fill(park.shape, park.use, rng, p)) for park in picture.scene.parks]
    ground = replace(picture.scene, parks=moved, cars=scene.stray_cars(picture.scene, rng, p))
    shot = painting.shoot(ground, rng, p, sun=_SUNS["2025"], shift=p.campaign_shift)
    return replace(picture, campaign="2025", shot=shot, scene=ground, hidden=None)


def _large(rng: np.random.Generator, p: Parameters) -> list[Picture]:
    pictures: list[Picture] = []
    for split, number in LARGE_TILES.items():
        whole = np.array(LARGE_TARGETS[split]) + rng.uniform(-4, 4, len(LARGE_TARGETS[split]))
        hands = [list(part) for part in np.array_split(rng.permutation(whole), number)]
        # Les tuiles qui ont le moins de parcs entiers reçoivent ceux que le bord coupe.
        order = sorted(range(number), key=lambda k: (len(hands[k]), sum(hands[k])))
        cut: dict[int, list[float]] = {k: [] for k in range(number)}
        for k, area in zip(order, CUT_TARGETS[split], strict=False):
            cut[k].append(float(area))
        for k in range(number):
            code = f"G{len(pictures) + 1:02d}"
            ground = scene.large(hands[k], cut[k], rng, p)
            shot = painting.shoot(ground, rng, p, sun=_SUNS["2023"])
            pictures.append(Picture(code, split, "2023", _exact(shot), ground, None, 0, code))
    return pictures


def _crop(shot: Shot, left: int) -> Shot:
    window = (slice(None), slice(left, left + SMALL))
    return Shot(shot.image[window], shot.mask[window], shot.parcels[window])


def _exact(shot: Shot) -> Shot:
    return Shot(shot.image[:LARGE, :LARGE], shot.mask[:LARGE, :LARGE], shot.parcels[:LARGE, :LARGE])


def locate(pictures: Sequence[Picture], territory: Territory, rng: np.random.Generator) -> pd.DataFrame:
    """Endroit de chaque tuile : une rue du territoire et un coin, sans recouvrement sauf ceux qui sont voulus.

    Parameters
    ----------
    pictures : sequence of Picture
        Tuiles.
    territory : Territory
        Territoire.
    rng : Generator
        Source de hasard.

    Returns
    -------
    DataFrame
        Indexé par le code : `code_commune`, `id_bassin`, `id_rue`, `x_m`, `y_m`.
    """
    communes = territory.communes.set_index("code_commune")
    weight = np.sqrt(communes["population"])
    taken: set[tuple[int, int]] = set()
    rows: dict[str, tuple[str, str, str, float, float]] = {}
    for picture in pictures:
        if picture.site != picture.code:
            commune, basin, street, x, y = rows[picture.site]
            rows[picture.code] = (commune, basin, street, x + picture.origin_px / PX_PER_M, y)
            continue
        # Les dernières communes ne se voient qu’au test : « commune jamais vue » a ainsi un sens.
        open_to = weight.index if picture.split == "test" else weight.index.difference(list(_UNSEEN))
        commune = str(rng.choice(open_to, p=(weight[open_to] / weight[open_to].sum()).to_numpy()))
        streets = territory.rues[territory.rues["code_commune"] == commune]
        street = streets.iloc[int(rng.integers(len(streets)))]
        cell = (-1, -1)
        while cell in taken or cell == (-1, -1):
            shift = rng.uniform(-1800, 1800, 2)
            x, y = (communes.loc[commune, ["x_m", "y_m"]].to_numpy() + shift) // _GRID_M
            cell = (int(x), int(y))
        taken.add(cell)
        rows[picture.code] = (
            commune, str(street["id_bassin"]), str(street["id_rue"]), float(cell[0] * _GRID_M), float(cell[1] * _GRID_M)
        )  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index", columns=["code_commune", "id_bassin", "id_rue", "x_m", "y_m"])


def tile_table(pictures: Sequence[Picture], places: pd.DataFrame) -> pd.DataFrame:
    """Table publiée `tuiles`.

    Parameters
    ----------
    pictures : sequence of Picture
        Tuiles.
    places : DataFrame
        Endroits, indexés par le code.

    Returns
    -------
    DataFrame
        Une ligne par tuile.
    """
    rows = []
    for picture in pictures:
        seen = [counts(picture, rank) for rank in range(len(picture.scene.parks))]
        place = places.loc[picture.code]
        rows.append(
            {
                "id_tuile": picture.code,
                "cote_px": picture.side,
                "x_m": round(place["x_m"], 1),
                "y_m": round(place["y_m"], 1),
                "code_commune": place["code_commune"],
                "id_bassin": place["id_bassin"],
                "date_prise_vue": pd.Timestamp(_DATES[picture.campaign][picture.side == LARGE]),
                "campagne": picture.campaign,
                "jeu": picture.split,
                "nb_places": sum(found[0] for found in seen),
                "nb_vehicules": sum(found[1] for found in seen),
            }
        )
    return pd.DataFrame(rows)


def counts(picture: Picture, rank: int) -> tuple[int, int]:
    """Places et véhicules d’un parc dont le centre est dans la tuile.

    Parameters
    ----------
    picture : Picture
        Tuile.
    rank : int
        Rang du parc dans la scène.

    Returns
    -------
    tuple of int
        Places, véhicules.
    """
    if rank == picture.hidden:
        return 0, 0
    park = picture.scene.parks[rank]
    found = []
    centres = park.shape.bays() + np.array([parks.WIDTH, parks.DEPTH]) / 2
    for spots in (centres, park.cars[:, :2]):
        ground = park.frame.to_ground(spots) * PX_PER_M - [picture.origin_px, 0]
        found.append(int(((ground >= 0) & (ground < picture.side)).all(axis=1).sum()))
    return found[0], found[1]


def arrays(pictures: Sequence[Picture], *, large: bool) -> dict[str, NDArray[np.uint8 | np.str_]]:
    """Tableaux publiés des petites ou des grandes tuiles.

    Parameters
    ----------
    pictures : sequence of Picture
        Tuiles.
    large : bool
        Grandes tuiles, ou petites.

    Returns
    -------
    dict of ndarray
        `images`, `masques`, `parcelles`, `id_tuile`.
    """
    kept = [picture for picture in pictures if (picture.side == LARGE) == large]
    return {
        "images": np.stack([picture.shot.image for picture in kept]),
        "masques": np.stack([picture.shot.mask for picture in kept]),
        "parcelles": np.stack([picture.shot.parcels for picture in kept]),
        "id_tuile": np.array([picture.code for picture in kept], dtype="U3"),
    }
