"""Un parc : des rangs de places de part et d’autre d’une voie, sa surface exacte, ses voitures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formation.mobilites.generator.parameters import PLACE_M, Parameters

_Floats = NDArray[np.float64]
WIDTH, DEPTH = PLACE_M
# Blanc, gris clair, gris foncé, noir, rouge, bleu : la part de chaque teinte.
COLOURS = ((226, 226, 224), (168, 171, 174), (92, 95, 99), (42, 43, 46), (138, 44, 40), (50, 72, 122))
COLOUR_SHARES = (0.26, 0.24, 0.18, 0.14, 0.09, 0.09)
USES = {
    "clients": 0.35,
    "salaries": 0.27,
    "riverains": 0.12,
    "equipement": 0.16,
    "depot_vehicules": 0.05,
    "poids_lourds": 0.05,
}
"""Part de chaque usage parmi les parcs photographiés."""


@dataclass(frozen=True)
class Frame:
    """Repère posé sur le sol : un centre et un angle.

    Attributes
    ----------
    x, y : float
        Centre, en mètres, x vers la droite de l’image et y vers le bas.
    angle : float
        Angle, en radians.
    """

    x: float
    y: float
    angle: float

    def to_ground(self, points: _Floats) -> _Floats:
        """Points du repère vers le sol, forme (n, 2).

        Parameters
        ----------
        points : ndarray, forme (n, 2)
            Points dans le repère, en mètres.

        Returns
        -------
        ndarray, forme (n, 2)
            Points sur le sol, en mètres.
        """
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        turned: _Floats = points @ np.array([[cos, sin], [-sin, cos]]) + [self.x, self.y]
        return turned


def rectangle(u0: float, v0: float, u1: float, v1: float) -> _Floats:
    """Quatre coins d’un rectangle, forme (4, 2).

    Parameters
    ----------
    u0, v0, u1, v1 : float
        Deux coins opposés, en mètres.

    Returns
    -------
    ndarray, forme (4, 2)
        Coins, dans l’ordre du tour.
    """
    return np.array([[u0, v0], [u1, v0], [u1, v1], [u0, v1]])


@dataclass(frozen=True)
class Shape:
    """Plan d’un parc : des modules (rang, voie, rang) côte à côte, et une voie en bout.

    Attributes
    ----------
    places : tuple of int
        Places par rang de chaque module ; un module plus court fait un parc en L.
    aisle : float
        Largeur des voies, en mètres.
    end : float
        Largeur de la voie de bout, en mètres.
    """

    places: tuple[int, ...]
    aisle: float
    end: float

    @property
    def module_depth(self) -> float:
        """Profondeur d’un module, en mètres."""
        return 2 * DEPTH + self.aisle

    @property
    def size(self) -> tuple[float, float]:
        """Longueur et profondeur du rectangle qui contient le parc, en mètres."""
        return self.end + max(self.places) * WIDTH, len(self.places) * self.module_depth

    @property
    def area(self) -> float:
        """Surface, places et voies, en mètres carrés."""
        long = self.size[1] * self.end
        return long + sum(count * WIDTH * self.module_depth for count in self.places)

    @property
    def capacity(self) -> int:
        """Nombre de places."""
        return 2 * sum(self.places)

    def ground(self) -> list[_Floats]:
        """Rectangles que le sol du parc couvre, dans son repère centré."""
        length, depth = self.size
        parts = [rectangle(0, 0, self.end, depth)]
        parts += [
            rectangle(self.end, k * self.module_depth, self.end + count * WIDTH, (k + 1) * self.module_depth)
            for k, count in enumerate(self.places)
        ]
        return [part - [length / 2, depth / 2] for part in parts]

    def bays(self) -> _Floats:
        """Coin de chaque place, forme (capacity, 2), dans le repère centré."""
        length, depth = self.size
        corners = [
            (self.end + rank * WIDTH, k * self.module_depth + side)
            for k, count in enumerate(self.places)
            for side in (0.0, DEPTH + self.aisle)
            for rank in range(count)
        ]
        return np.array(corners) - [length / 2, depth / 2]


@dataclass(frozen=True)
class Park:
    """Un parc sur le sol.

    Attributes
    ----------
    frame : Frame
        Où il est.
    shape : Shape
        Son plan.
    margin : float
        Marge de la parcelle autour du parc, en mètres.
    surface : tuple of float
        Couleur du sol.
    paint : float
        Force du marquage : 0 sans marquage, 1 neuf.
    cars : ndarray, forme (n, 5)
        Voitures : u, v, longueur, largeur, teinte ; dans le repère du parc.
    trees : ndarray, forme (m, 3)
        Arbres débordants : u, v, rayon.
    use : str
        Usage ; un dépôt de véhicules est plein, les poids lourds sont plus longs.
    """

    frame: Frame
    shape: Shape
    margin: float
    surface: tuple[float, float, float]
    paint: float
    cars: _Floats
    trees: _Floats
    use: str

    def parcel(self) -> _Floats:
        """Rectangle de la parcelle, sur le sol."""
        length, depth = self.shape.size
        half_u, half_v = length / 2 + self.margin, depth / 2 + self.margin
        return self.frame.to_ground(rectangle(-half_u, -half_v, half_u, half_v))


def shape_near(area: float, rng: np.random.Generator, p: Parameters, *, longest: float) -> Shape:
    """Plan dont la surface est celle demandée, au décimètre carré près.

    Parameters
    ----------
    area : float
        Surface, en mètres carrés.
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.
    longest : float
        Longueur à ne pas dépasser, en mètres.

    Returns
    -------
    Shape
        La voie de bout absorbe la différence.
    """
    while True:
        modules = int(rng.choice([1, 2, 3], p=[0.1, 0.6, 0.3]))
        shape = _with_modules(area, modules, rng, p)
        if 3.5 <= shape.end <= 9.0 and shape.size[0] <= longest and min(shape.places) >= 5:
            return shape


def _with_modules(area: float, modules: int, rng: np.random.Generator, p: Parameters) -> Shape:
    aisle = float(rng.uniform(*p.aisle_m))
    depth = modules * (2 * DEPTH + aisle)
    shorter = int(rng.integers(2, 6)) if modules > 1 and rng.random() < p.l_shaped else 0
    lost = shorter * WIDTH * (2 * DEPTH + aisle)
    count = int((area + lost - rng.uniform(4.0, 7.0) * depth) / (depth * WIDTH))
    places = (*[max(count, 0)] * (modules - 1), max(count - shorter, 0))
    end = (area - sum(n * WIDTH * (2 * DEPTH + aisle) for n in places)) / depth
    return Shape(places, aisle, end)


def cars(shape: Shape, occupancy: float, rng: np.random.Generator, *, lorries: bool = False) -> _Floats:
    """Voitures garées.

    Parameters
    ----------
    shape : Shape
        Plan du parc.
    occupancy : float
        Part des places prises, entre 0 et 1.
    rng : Generator
        Source de hasard.
    lorries : bool
        Des poids lourds, garés à deux places chacun.

    Returns
    -------
    ndarray, forme (n, 5)
        u, v du centre, longueur, largeur, rang de la teinte.
    """
    bays = shape.bays()
    taken = rng.random(len(bays)) < occupancy * (0.45 if lorries else 1.0)
    if lorries:
        taken &= np.arange(len(bays)) % 2 == 0
    chosen = bays[taken] + [WIDTH / 2, DEPTH / 2]
    count = len(chosen)
    jitter = rng.normal(0, 1, (count, 2)) * [0.10, 0.18]
    length = rng.normal(4.3, 0.22, count) * (1.5 if lorries else 1.0)
    width = rng.normal(1.8, 0.06, count) * (1.3 if lorries else 1.0)
    tint = rng.choice(len(COLOURS), size=count, p=COLOUR_SHARES)
    return np.column_stack([chosen + jitter, length, width, tint])


def draw(frame: Frame, shape: Shape, rng: np.random.Generator, p: Parameters) -> Park:
    """Parc complet : usage, sol, marquage, voitures, arbres.

    Parameters
    ----------
    frame : Frame
        Où il est.
    shape : Shape
        Son plan.
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    Park
        Le parc.
    """
    use = str(rng.choice(list(USES), p=list(USES.values())))
    pale = rng.random() < p.pale_surface
    grey = rng.uniform(150, 178) if pale else rng.uniform(86, 134)
    surface = (grey + (12 if pale else 3), grey + 1, grey - (16 if pale else 3))
    paint = float(rng.uniform(*p.paint_wear)) if rng.random() < p.painted else 0.0
    number = rng.poisson(p.trees_in_park * shape.area / 250)
    spots = rng.uniform(-0.5, 0.5, (number, 2)) * shape.size
    trees = np.column_stack([spots, rng.uniform(1.4, 3.2, number)])
    margin = float(rng.uniform(1.6, 3.0))
    return Park(frame, shape, margin, surface, paint, fill(shape, use, rng, p), trees, use)


def fill(shape: Shape, use: str, rng: np.random.Generator, p: Parameters) -> _Floats:
    """Voitures garées un jour donné : un dépôt de véhicules est plein, les autres non.

    Parameters
    ----------
    shape : Shape
        Plan du parc.
    use : str
        Usage.
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    ndarray, forme (n, 5)
        Comme :func:`cars`.
    """
    occupancy = float(rng.uniform(*p.occupancy))
    return cars(shape, 0.97 if use == "depot_vehicules" else occupancy, rng, lorries=use == "poids_lourds")
