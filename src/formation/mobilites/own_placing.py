"""Où est une photo, et combien de mètres fait un pixel : fichier de géoréférencement ou étiquettes GeoTIFF."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from formation.datasets.pictures import Refused
from formation.numbers import shortest

if TYPE_CHECKING:
    from PIL.Image import Image

TOLERANCE = 0.02
"""Écart entre deux tailles de pixel au-dessous duquel elles sont tenues pour égales."""
DEGREES = 1e-3
"""Taille de pixel au-dessous de laquelle l’unité est sans doute le degré."""
_SCALE_TAG, _TIE_TAG = 33550, 33922
_WEIGHT = 2_000
SAYS = {
    "georeference_illisible": "le fichier de géoréférencement doit contenir six nombres, un par ligne : largeur du "
    "pixel, deux rotations, hauteur du pixel (négative), puis x et y du premier pixel, en mètres. Exemple : 0.20, 0, "
    "0, -0.20, 652000.10, 6862999.90. Refaites l’export, ou retirez ce fichier et donnez --resolution.",
    "georeference_tournee": "la photo est tournée ou retournée par rapport au nord : surfaces et voisinages seraient "
    "faux. Reprojetez-la, par exemple avec gdalwarp -t_srs EPSG:2154.",
    "georeference_degres": "la taille du pixel semble être en degrés : une surface ne s’y mesure pas. Reprojetez en "
    "mètres (Lambert-93), par exemple avec gdalwarp -t_srs EPSG:2154 -tr 0.2 0.2.",
    "pixels_rectangulaires": "le pixel n’est pas carré : rééchantillonnez, par exemple avec gdalwarp -tr 0.2 0.2.",
}
"""Réponses aux défauts de géoréférencement."""


@dataclass(frozen=True)
class Placing:
    """Taille du pixel et place d’une photo.

    Attributes
    ----------
    resolution_m : float
        Côté d’un pixel, en mètres.
    left, top : float
        Coin haut gauche, dans le repère de la photo, en mètres.
    origin : str
        Où c’est écrit.
    """

    resolution_m: float
    left: float
    top: float
    origin: str


def placing(file: Path, image: Image) -> Placing | None:
    """Taille du pixel et place d’une photo, si elles sont dites.

    Parameters
    ----------
    file : Path
        Photo ; son fichier de géoréférencement est cherché à côté (`.pgw`, `.jgw`, `.tfw`, `.wld`).
    image : Image
        La même, ouverte.

    Returns
    -------
    Placing or None
        `None` si rien n’est dit.

    Raises
    ------
    formation.datasets.pictures.Refused
        Si ce qui est dit ne se lit pas, ou ne permet pas de mesurer une surface.
    """
    beside = _world_file(file)
    if beside is not None:
        return _from_world_file(beside)
    tags = getattr(image, "tag_v2", {})
    scale = [float(value) for value in tags.get(_SCALE_TAG, ())]
    if len(scale) < 2:
        return None
    tie = [float(value) for value in tags.get(_TIE_TAG, ())][:6]
    column, row, _, x, y, _ = tie if len(tie) == 6 else [0.0] * 6
    _check(scale[0], -scale[1], 0.0, 0.0, " (étiquettes GeoTIFF)")
    return Placing(scale[0], x - column * scale[0], y + row * scale[1], "étiquettes GeoTIFF")


def overlapping(boxes: Sequence[tuple[float, float, float, float] | None]) -> list[int]:
    """Groupe les photos qui montrent le même sol : elles s’apprennent et se jugent ensemble.

    Parameters
    ----------
    boxes : sequence of tuple of float or None
        Gauche, bas, droite, haut de chaque photo, en mètres ; `None` si sa place est inconnue.

    Returns
    -------
    list of int
        Groupe de chaque photo ; une photo sans place est seule dans le sien.

    Examples
    --------
    >>> overlapping([(0, 0, 64, 64), (60, 0, 124, 64), (200, 0, 264, 64), None])
    [0, 0, 2, 3]
    """
    group = list(range(len(boxes)))
    for rank, box in enumerate(boxes):
        for other in range(rank):
            if box is not None and (seen := boxes[other]) is not None and _share_ground(box, seen):
                old, new = group[rank], group[other]
                group = [new if value == old else value for value in group]
    return group


def _share_ground(first: Sequence[float], second: Sequence[float]) -> bool:
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    # Deux dalles jointives partagent un bord, arrondi compris, mais pas de sol.
    return width > 1 and height > 1


def _world_file(file: Path) -> Path | None:
    suffix = file.suffix.lower().removeprefix(".")
    names = {f".{suffix[0]}{suffix[-1]}w", f".{suffix}w", ".wld"}
    for suffix in sorted(names):
        for spelled in (suffix, suffix.upper()):
            if (beside := file.with_suffix(spelled)).is_file():
                return beside
    return None


def _from_world_file(file: Path) -> Placing:
    name = f" ({file.name})"
    try:
        with file.open("rb") as stream:
            words = stream.read(_WEIGHT).decode("ascii").replace(",", ".").split()
        wide, turn_y, turn_x, high, x, y = (float(word) for word in words)
    except (ValueError, OSError):
        raise Refused("georeference_illisible", name) from None
    _check(wide, high, turn_x, turn_y, name)
    return Placing(wide, x - wide / 2, y - high / 2, file.name)


def _check(wide: float, high: float, turn_x: float, turn_y: float, name: str) -> None:
    if not all(map(math.isfinite, (wide, high, turn_x, turn_y))) or not wide or not high:
        raise Refused("georeference_illisible", name)
    if wide < 0 or high > 0 or max(abs(turn_x), abs(turn_y)) > 1e-6 * wide:
        raise Refused("georeference_tournee", name)
    if wide < DEGREES:
        raise Refused("georeference_degres", f"{name[:-1]}, {shortest(wide)} par pixel)")
    if abs(wide + high) > TOLERANCE * wide:
        raise Refused("pixels_rectangulaires", f"{name[:-1]}, {shortest(wide)} × {shortest(-high)} m)")
