"""Photographier le sol : couleurs, textures, ombres, flou, gain ; et le masque, que l’appareil ne voit pas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from skimage import draw

from formation.mobilites.generator.parameters import PLACE_M, PX_PER_M, Parameters
from formation.mobilites.generator.parks import COLOURS, Frame, Park, rectangle
from formation.mobilites.generator.raster import convex
from formation.mobilites.generator.scene import Scene, Slab

_Floats = NDArray[np.float64]
_GRASS, _DRY = np.array([92.0, 112, 66]), np.array([158.0, 146, 104])
_CROWN = np.array([58.0, 84, 46])
_WHITE = np.array([232.0, 232, 228])


@dataclass(frozen=True)
class Shot:
    """Une photographie et sa vérité.

    Attributes
    ----------
    image : ndarray, forme (h, w, 3)
        Octets.
    mask : ndarray, forme (h, w)
        0 fond, 1 route, 2 bâti, 3 parking, 4 véhicule garé dans un parc.
    parcels : ndarray, forme (h, w)
        0 hors parcelle, sinon le rang du parc dans la scène, à partir de 1.
    """

    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    parcels: NDArray[np.uint8]


class Painter:
    """Une toile en cours : le sol, ce qui le couvre, et les ombres."""

    def __init__(self, scene: Scene, sun: tuple[float, float], rng: np.random.Generator, p: Parameters) -> None:
        self.scene, self.sun, self.rng, self.p = scene, np.array(sun), rng, p
        self.shape = (round(scene.height * PX_PER_M), round(scene.width * PX_PER_M))
        self.fine, self.rough = self._noise(0.9), self._noise(9)
        self.canvas = self._grass()
        self.mask = np.zeros(self.shape, dtype=np.uint8)
        self.parcels = np.zeros(self.shape, dtype=np.uint8)
        self.shadow = np.zeros(self.shape, dtype=bool)

    def _noise(self, sigma: float) -> _Floats:
        """Texture de variance un ; les taches larges se calculent sur une grille quatre fois plus lâche."""
        step = 4 if sigma >= 8 else 1
        height, width = (-(-side // step) for side in self.shape)
        noise = gaussian_filter(self.rng.normal(size=(height, width)), sigma / step, mode="wrap", truncate=3)
        if step > 1:
            noise = gaussian_filter(noise.repeat(step, axis=0).repeat(step, axis=1), 2.0, truncate=2)
        noise = noise[: self.shape[0], : self.shape[1]]
        scaled: _Floats = noise / noise.std()
        return scaled

    def _grass(self) -> _Floats:
        bare = 1 / (1 + np.exp(-(self._noise(26) + 4 * (self.scene.dryness - 0.75)) * 2.5))
        colour = _GRASS + bare[..., None] * (_DRY - _GRASS)
        texture: _Floats = colour + (5.4 * self.fine + 6 * self.rough)[..., None]
        return texture

    def cells(self, outline: _Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Pixels d’un polygone donné en mètres.

        Parameters
        ----------
        outline : ndarray, forme (n, 2)
            Coins du polygone, en mètres.

        Returns
        -------
        tuple of ndarray
            Lignes et colonnes.
        """
        return convex(outline * PX_PER_M, self.shape)

    def fill(self, outline: _Floats, colour: object, code: int | None, grain: float = 2.0, stain: float = 4.0) -> None:
        """Peint un polygone et donne son code au masque.

        Parameters
        ----------
        outline : ndarray, forme (n, 2)
            Coins du polygone, en mètres.
        colour : array_like
            Rouge, vert et bleu, de 0 à 255.
        code : int or None
            Code du masque ; vide pour ne pas y toucher.
        grain, stain : float
            Force de la texture fine et des taches.
        """
        where = self.cells(outline)
        texture = grain * self.fine[where] + stain * self.rough[where]
        self.canvas[where] = np.asarray(colour, dtype=float) + texture[:, None]
        if code is not None:
            self.mask[where] = code

    def stroke(self, start: _Floats, end: _Floats, colour: object, strength: float) -> None:
        """Trait d’une douzaine de centimètres, plus ou moins effacé.

        Parameters
        ----------
        start, end : ndarray, forme (2,)
            Bouts du trait, en mètres.
        colour : array_like
            Rouge, vert et bleu, de 0 à 255.
        strength : float
            Netteté de la peinture, de 0 à 1.
        """
        ends = np.rint(np.array([start, end]) * PX_PER_M - 0.5).astype(int)
        row, column, cover = draw.line_aa(ends[0, 1], ends[0, 0], ends[1, 1], ends[1, 0])  # type: ignore[no-untyped-call]
        kept = (row >= 0) & (row < self.shape[0]) & (column >= 0) & (column < self.shape[1])
        where = (row[kept], column[kept])
        worn = np.clip(strength * (1 + 0.45 * self.rough[where]), 0, 1)
        weight = (cover[kept] * worn * 0.7)[:, None]
        self.canvas[where] = (1 - weight) * self.canvas[where] + weight * np.asarray(colour, dtype=float)

    def cast(self, outline: _Floats, height: float) -> None:
        """Ombre portée d’un bâtiment : son contour glissé le long du soleil.

        Parameters
        ----------
        outline : ndarray, forme (n, 2)
            Coins du polygone, en mètres.
        height : float
            Hauteur, en mètres.
        """
        for step in np.arange(0.5, height + 0.01, 0.5):
            self.shadow[self.cells(outline + step * self.sun)] = True

    def car(self, frame: Frame, length: float, width: float, tint: int, code: int | None) -> None:
        """Voiture : ombre courte, caisse, deux vitres.

        Parameters
        ----------
        frame : Frame
            Centre et direction.
        length, width : float
            Longueur et largeur, en mètres.
        tint : int
            Rang de la couleur dans `COLOURS`.
        code : int or None
            Code du masque ; vide pour une voiture qui n’est pas garée dans un parc.
        """
        body = frame.to_ground(rectangle(-length / 2, -width / 2, length / 2, width / 2))
        where = self.cells(body + 0.75 * self.sun)
        self.canvas[where] *= 0.62
        self.fill(body, np.array(COLOURS[tint]) + self.rng.normal(0, 7), code, grain=1.0, stain=1.0)
        glass = 0.45 * np.array(COLOURS[tint]) + 14
        for start, stop in ((0.12, 0.27), (-0.36, -0.25)):
            pane = rectangle(start * length, -0.42 * width, stop * length, 0.42 * width)
            self.fill(frame.to_ground(pane), glass, None, grain=1.0, stain=0.0)

    def disk(self, x: float, y: float, radius: float) -> Any:
        """Pixels d’un disque donné en mètres.

        Parameters
        ----------
        x, y, radius : float
            Centre et rayon, en mètres.

        Returns
        -------
        tuple of ndarray
            Lignes et colonnes.
        """
        centre = (y * PX_PER_M, x * PX_PER_M)
        return draw.disk(centre, radius * PX_PER_M, shape=self.shape)  # type: ignore[no-untyped-call]

    def crown(self, x: float, y: float, radius: float) -> None:
        """Couronne d’un arbre : elle cache le sol sans changer le masque.

        Parameters
        ----------
        x, y, radius : float
            Centre et rayon, en mètres.
        """
        where = self.disk(x, y, radius)
        light = 1 + 0.10 * self.rough[where]
        self.canvas[where] = _CROWN * light[:, None] + (9.0 * self.fine[where])[:, None]
        self.shadow[where] = False


def shoot(
    scene: Scene,
    rng: np.random.Generator,
    p: Parameters,
    *,
    sun: tuple[float, float],
    shift: tuple[float, float, float] = (1.0, 1.0, 1.0),
    hidden: int | None = None,
) -> Shot:
    """Photographie une scène.

    Parameters
    ----------
    scene : Scene
        Le sol.
    rng : Generator
        Source de hasard des textures et du gain.
    p : Parameters
        Hypothèses.
    sun : tuple of float
        Déplacement de l’ombre par mètre de hauteur, en mètres.
    shift : tuple of float
        Facteur du rouge, du vert et du bleu : une autre campagne aérienne.
    hidden : int, optional
        Rang d’un parc pas encore bâti : il n’est pas dessiné.

    Returns
    -------
    Shot
        Image, masque et parcelles.
    """
    painter = Painter(scene, sun, rng, p)
    for yard in scene.yards:
        _yard(painter, yard)
    painter.fill(scene.road.outline(), scene.road.colour, 1)
    _road_lines(painter, scene.road)
    for rank, park in enumerate(scene.parks, start=1):
        if rank - 1 != hidden:
            _park(painter, park)
        painter.parcels[painter.cells(park.parcel())] = rank
    for x, y, angle, tint in scene.cars:
        painter.car(Frame(x, y, angle), 4.3, 1.8, tint, None)
    for building in scene.buildings:
        painter.cast(building.outline(), building.height)
    trees = [*scene.trees, *(tree for rank, park in enumerate(scene.parks) if rank != hidden for tree in _trees(park))]
    for x, y, radius in trees:
        painter.shadow[painter.disk(x + 2.4 * sun[0], y + 2.4 * sun[1], radius)] = True
    painter.canvas *= np.where(gaussian_filter(painter.shadow.astype(float), 0.8) > 0.5, p.shadow, 1.0)[..., None]
    for building in scene.buildings:
        _building(painter, building)
    for x, y, radius in trees:
        painter.crown(x, y, radius)
    return Shot(_develop(painter.canvas, np.array(shift), rng, p), painter.mask, painter.parcels)


def _trees(park: Park) -> list[tuple[float, float, float]]:
    spots = park.frame.to_ground(park.trees[:, :2])
    return [(float(x), float(y), float(radius)) for (x, y), radius in zip(spots, park.trees[:, 2], strict=True)]


def _park(painter: Painter, park: Park) -> None:
    for part in park.shape.ground():
        painter.fill(park.frame.to_ground(part), park.surface, 3)
    if park.paint > 0:
        width, depth = PLACE_M
        for u, v in park.shape.bays():
            for side in (0.0, width):
                ends = park.frame.to_ground(np.array([[u + side, v], [u + side, v + depth]]))
                painter.stroke(ends[0], ends[1], _WHITE, park.paint * float(painter.rng.uniform(0.5, 1.0)))
    for u, v, length, breadth, tint in park.cars:
        centre = park.frame.to_ground(np.array([[u, v]]))[0]
        frame = Frame(float(centre[0]), float(centre[1]), park.frame.angle + np.pi / 2)
        painter.car(frame, length, breadth, int(tint), 4)


def _yard(painter: Painter, yard: Slab) -> None:
    painter.fill(yard.outline(), yard.colour, 0)
    if yard.lined:
        _lines(painter, yard, 2.6, _WHITE, 0.45)


def _building(painter: Painter, building: Slab) -> None:
    painter.fill(building.outline(), building.colour, 2, grain=1.5, stain=2.5)
    if building.lined:
        _lines(painter, building, 2.4, np.array(building.colour) * 1.35, 0.6)
        _lines(painter, building, 7.2, np.array(building.colour) * 0.6, 0.7)
    painter.shadow[painter.cells(building.outline())] = False


def _lines(painter: Painter, slab: Slab, step: float, colour: _Floats, strength: float) -> None:
    """Traits réguliers en travers d’un rectangle : joints d’un toit, bandes d’une cour."""
    half_u, half_v = slab.size[0] / 2, slab.size[1] / 2
    for along in np.arange(-half_u + step / 2, half_u, step):
        ends = slab.frame.to_ground(np.array([[along, -half_v + 0.4], [along, half_v - 0.4]]))
        painter.stroke(ends[0], ends[1], colour, strength)


def _road_lines(painter: Painter, road: Slab) -> None:
    for along in np.arange(-road.size[0] / 2, road.size[0] / 2, 6.0):
        ends = road.frame.to_ground(np.array([[along, 0.0], [along + 3.0, 0.0]]))
        if (ends > -20).all() and (ends < 150).all():
            painter.stroke(ends[0], ends[1], _WHITE, 0.8)


def _develop(canvas: _Floats, shift: _Floats, rng: np.random.Generator, p: Parameters) -> NDArray[np.uint8]:
    """Flou, gain de la prise de vue, trente-deux niveaux."""
    blurred = np.stack([gaussian_filter(canvas[..., band], p.blur_px) for band in range(3)], axis=-1)
    gained = blurred * rng.uniform(*p.gain) * rng.normal(1, p.tint_sigma, 3) * shift
    top = p.levels - 1
    level = np.clip(np.rint(gained * (top / 255)), 0, top)
    pixels: NDArray[np.uint8] = np.rint(level * (255 / top)).astype(np.uint8)
    return pixels
