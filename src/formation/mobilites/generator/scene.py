"""Ce qu’il y a sur le sol d’une tuile : route, parcs, bâtiments, cours, arbres. Rien ne se chevauche."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from formation.mobilites.generator import parks
from formation.mobilites.generator.parameters import Parameters
from formation.mobilites.generator.parks import COLOUR_SHARES, Frame, Park, Shape, rectangle
from formation.mobilites.generator.raster import convex

_Floats = NDArray[np.float64]
_CELL_M = 0.5
_AROUND_M = 60.0
_TRIES = 400
_SCENES = 200
_PARCEL_GAP_M = 3.0


@dataclass(frozen=True)
class Slab:
    """Un rectangle sur le sol : bâtiment, cour ou route.

    Attributes
    ----------
    frame : Frame
        Où il est.
    size : tuple of float
        Longueur et largeur, en mètres.
    colour : tuple of float
        Couleur.
    height : float
        Hauteur, en mètres : zéro pour une cour ou une route.
    lined : bool
        Lignes régulières : joints d’un toit, bandes d’une cour.
    """

    frame: Frame
    size: tuple[float, float]
    colour: tuple[float, float, float]
    height: float = 0.0
    lined: bool = False

    def outline(self, gap: float = 0.0) -> _Floats:
        """Coins sur le sol, élargis de `gap` mètres.

        Parameters
        ----------
        gap : float
            Élargissement de chaque côté, en mètres.

        Returns
        -------
        ndarray, forme (4, 2)
            Coins, en mètres.
        """
        half_u, half_v = self.size[0] / 2 + gap, self.size[1] / 2 + gap
        return self.frame.to_ground(rectangle(-half_u, -half_v, half_u, half_v))


@dataclass
class Scene:
    """Sol d’une ou de plusieurs tuiles voisines, en mètres depuis le coin haut gauche."""

    width: float
    height: float
    road: Slab
    parks: list[Park] = field(default_factory=list)
    buildings: list[Slab] = field(default_factory=list)
    yards: list[Slab] = field(default_factory=list)
    trees: list[tuple[float, float, float]] = field(default_factory=list)
    cars: list[tuple[float, float, float, int]] = field(default_factory=list)
    dryness: float = 0.5


class _Ground:
    """Ce qui est déjà pris, sur une grille de cinquante centimètres."""

    def __init__(self, width: float, height: float) -> None:
        self.size = (width, height)
        shape = tuple(int((side + 2 * _AROUND_M) / _CELL_M) for side in (height, width))
        self.taken = np.zeros(shape, dtype=bool)

    def _cells(self, outline: _Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        return convex((outline + _AROUND_M) / _CELL_M, self.taken.shape)

    def free(self, outline: _Floats) -> bool:
        return not self.taken[self._cells(outline)].any()

    def take(self, outline: _Floats) -> None:
        self.taken[self._cells(outline)] = True

    def inside(self, outline: _Floats, gap: float = 0.0) -> bool:
        return bool((outline >= gap).all() and (outline <= np.array(self.size) - gap).all())


def visible_share(park: Park, width: float, height: float) -> float:
    """Part de la surface d’un parc qui tombe dans la tuile, entre 0 et 1.

    Parameters
    ----------
    park : Park
        Parc.
    width, height : float
        Côtés de la tuile, en mètres.

    Returns
    -------
    float
        Part visible.
    """
    seen = total = 0
    for part in park.shape.ground():
        low, high = part.min(axis=0), part.max(axis=0)
        grid = np.stack(np.meshgrid(np.arange(low[0], high[0], 0.5), np.arange(low[1], high[1], 0.5)), -1)
        spots = park.frame.to_ground(grid.reshape(-1, 2))
        within = (spots >= 0).all(axis=1) & (spots <= [width, height]).all(axis=1)
        seen, total = seen + int(within.sum()), total + len(spots)
    return seen / total


def small(rng: np.random.Generator, p: Parameters, *, width: float = 64.0) -> Scene:
    """Petite tuile : une route, zéro à deux parcs, zéro à deux bâtiments, des cours.

    Parameters
    ----------
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.
    width : float
        Largeur du sol, en mètres : plus que 64 pour deux tuiles qui se recouvrent.

    Returns
    -------
    Scene
        Le sol.
    """
    scene, ground = _start(width, 64.0, rng, spread=0.42)
    wanted = int(rng.choice([0, 1, 2], p=[0.06, 0.44, 0.50])) + (1 if width > 64 else 0)
    for _ in range(wanted):
        modules = int(rng.choice([1, 2], p=[0.55, 0.45]))
        full = int(rng.integers(6, 17))
        shorter = int(rng.integers(2, 5)) if modules == 2 and rng.random() < p.l_shaped else 0
        places = (*[full] * (modules - 1), max(full - shorter, 4))
        shape = Shape(places, float(rng.uniform(*p.aisle_m)), float(rng.uniform(3.5, 6.5)))
        _add_park(scene, ground, shape, rng, p)
    _furnish(scene, ground, rng, p, buildings=int(rng.choice([0, 1, 2], p=[0.15, 0.45, 0.4])))
    return scene


def large(whole: Sequence[float], cut: Sequence[float], rng: np.random.Generator, p: Parameters) -> Scene:
    """Grande tuile : des parcs entiers aux surfaces demandées, d’autres que le bord coupe.

    Parameters
    ----------
    whole : sequence of float
        Surfaces des parcs entiers, en mètres carrés.
    cut : sequence of float
        Surfaces des parcs coupés : leur partie visible est sous 1 500 m².
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    Scene
        Le sol.

    Raises
    ------
    ValueError
        Si les parcs ne tiennent pas.
    """
    side = 102.4
    for _ in range(_SCENES):
        scene, ground = _start(side, side, rng, spread=0.05, tilt=0.05)
        if all(_add_whole(scene, ground, area, rng, p) for area in sorted(whole, reverse=True)) and all(
            _add_cut(scene, ground, area, rng, p) for area in cut
        ):
            _furnish(scene, ground, rng, p, buildings=int(rng.integers(2, 5)))
            return scene
    raise ValueError(f"Les parcs {list(whole)} et {list(cut)} ne tiennent pas dans une grande tuile.")


def _start(
    width: float, height: float, rng: np.random.Generator, *, spread: float, tilt: float = 0.30
) -> tuple[Scene, _Ground]:
    """Le sol nu et sa route."""
    across = rng.random() < 0.5 and width == height
    angle = float(rng.uniform(-tilt, tilt)) + (np.pi / 2 if across else 0.0)
    offset = float(rng.uniform(-spread, spread)) * height
    centre = (width / 2 + (offset if across else 0.0), height / 2 + (0.0 if across else offset))
    grey = float(rng.uniform(84, 124))
    road = Slab(Frame(*centre, angle), (3 * width, float(rng.uniform(6.0, 8.0))), (grey, grey, grey + 6), lined=True)
    ground = _Ground(width, height)
    ground.take(road.outline(1.0))
    return Scene(width, height, road, dryness=float(rng.uniform(0.1, 0.9))), ground


def _frame(scene: Scene, rng: np.random.Generator, edge: float) -> Frame:
    """Un endroit, aligné sur la route à un quart de tour près."""
    x, y = (float(rng.uniform(edge, side - edge)) for side in (scene.width, scene.height))
    return Frame(x, y, scene.road.frame.angle + float(rng.choice([0, 0.5])) * np.pi + float(rng.normal(0, 0.02)))


def _add_park(scene: Scene, ground: _Ground, shape: Shape, rng: np.random.Generator, p: Parameters) -> bool:
    """Pose un parc là où il tient ; le bord de la tuile peut le couper."""
    for _ in range(_TRIES):
        frame = _frame(scene, rng, 0.0)
        if _settle(scene, ground, frame, shape, rng, p):
            return True
    return False


def _settle(scene: Scene, ground: _Ground, frame: Frame, shape: Shape, rng: np.random.Generator, p: Parameters) -> bool:
    outline = Slab(frame, shape.size, (0, 0, 0)).outline(_PARCEL_GAP_M)
    if not ground.free(outline):
        return False
    ground.take(outline)
    scene.parks.append(parks.draw(frame, shape, rng, p))
    return True


def _add_whole(scene: Scene, ground: _Ground, area: float, rng: np.random.Generator, p: Parameters) -> bool:
    """Pose un parc entier dans un coin libre : au hasard du sol, trois grands parcs ne tiendraient pas."""
    for _ in range(_TRIES // 4):
        shape = parks.shape_near(area, rng, p, longest=62.0)
        turned = _frame(scene, rng, 0.0)
        alone = Slab(Frame(0, 0, turned.angle), shape.size, (0, 0, 0))
        reach = alone.outline().max(axis=0) + 1.0 + rng.uniform(0, 5, 2)
        x, y = (
            float(near if rng.random() < 0.5 else side - near) for near, side in zip(reach, ground.size, strict=True)
        )
        frame = Frame(x, y, turned.angle)
        if ground.inside(Slab(frame, shape.size, (0, 0, 0)).outline(), 0.6) and _settle(
            scene, ground, frame, shape, rng, p
        ):
            return True
    return False


def _add_cut(scene: Scene, ground: _Ground, area: float, rng: np.random.Generator, p: Parameters) -> bool:
    """Pose un parc de plus de 1 500 m² dont le bord cache assez pour passer dessous."""
    for _ in range(_TRIES):
        shape = parks.shape_near(area, rng, p, longest=62.0)
        frame = _frame(scene, rng, 0.0)
        outline = Slab(frame, shape.size, (0, 0, 0)).outline(_PARCEL_GAP_M)
        if not ground.free(outline):
            continue
        park = parks.draw(frame, shape, rng, p)
        if 0.5 <= visible_share(park, scene.width, scene.height) <= min(0.93, 1430 / area):
            ground.take(outline)
            scene.parks.append(park)
            return True
    return False


def _furnish(scene: Scene, ground: _Ground, rng: np.random.Generator, p: Parameters, *, buildings: int) -> None:
    """Bâtiments, cours grises, arbres, voitures qui roulent ou garées hors des parcs."""
    share = scene.width * scene.height / 64**2
    for _ in range(buildings):
        size = (float(rng.uniform(10, 28)), float(rng.uniform(8, 17)))
        _add_slab(scene, ground, scene.buildings, size, _roof(rng, p), float(rng.uniform(3.5, 9)), rng)
    for _ in range(rng.poisson(p.yards * share)):
        grey = float(rng.uniform(84, 134))
        size = (float(rng.uniform(10, 26)), float(rng.uniform(8, 17)))
        _add_slab(scene, ground, scene.yards, size, (grey, grey, grey + 3), 0.0, rng)
    for _ in range(rng.poisson(9 * share)):
        x, y, radius = float(rng.uniform(0, scene.width)), float(rng.uniform(0, scene.height)), rng.uniform(1.5, 3.6)
        outline = np.array([x, y]) + rectangle(-1.2, -1.2, 1.2, 1.2)
        if ground.free(outline):
            scene.trees.append((x, y, float(radius)))
    scene.cars = stray_cars(scene, rng, p)


def _roof(rng: np.random.Generator, p: Parameters) -> tuple[float, float, float]:
    if rng.random() < p.grey_roof:
        grey = float(rng.uniform(88, 160))
        return (grey, grey + 1, grey + 4)
    if rng.random() < 0.65:
        tile = float(rng.uniform(0.85, 1.1))
        return (172 * tile, 106 * tile, 80 * tile)
    white = float(rng.uniform(196, 226))
    return (white, white, white - 4)


def _add_slab(
    scene: Scene,
    ground: _Ground,
    kept: list[Slab],
    size: tuple[float, float],
    colour: tuple[float, float, float],
    height: float,
    rng: np.random.Generator,
) -> None:
    for _ in range(_TRIES // 8):
        slab = Slab(_frame(scene, rng, 2.0), size, colour, height, bool(rng.random() < 0.6))
        if ground.free(slab.outline(1.0)):
            ground.take(slab.outline(0.5))
            kept.append(slab)
            return


def stray_cars(scene: Scene, rng: np.random.Generator, p: Parameters) -> list[tuple[float, float, float, int]]:
    """Voitures hors des parcs : sur la route et dans les cours. Elles trompent un comptage, pas le masque.

    Parameters
    ----------
    scene : Scene
        Le sol.
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    list of tuple
        x, y en mètres, angle en radians, rang de la teinte.
    """
    spots = []
    low, high = p.road_vehicles
    for slab, number in [(scene.road, int(rng.integers(low, high)))] + [
        (yard, rng.poisson(2.5)) for yard in scene.yards
    ]:
        reach = min(slab.size[0], 1.3 * scene.width) / 2 - 2.5
        for _ in range(number):
            along = float(rng.uniform(-reach, reach))
            side = slab.size[1] / 4 * float(rng.choice([-1, 1]))
            x, y = slab.frame.to_ground(np.array([[along, side]]))[0]
            spots.append((float(x), float(y), slab.frame.angle, int(rng.choice(len(COLOUR_SHARES), p=COLOUR_SHARES))))
    return spots
