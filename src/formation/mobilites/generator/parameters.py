"""Paramètres du territoire photographié : tous sont des hypothèses, listées dans la fiche de données."""

from __future__ import annotations

from dataclasses import dataclass

PX_PER_M = 5
"""Pixels par mètre : un pixel fait 20 cm de côté."""
SMALL, LARGE = 320, 512
"""Côté des tuiles, en pixels : 64 m et 102,4 m."""
PLACE_M = (2.3, 5.0)
"""Largeur et longueur d’une place, en mètres."""

# Jeu, nombre de petites tuiles. Les dernières de test recouvrent pour moitié une tuile d’apprentissage.
SMALL_PLAN = (("apprentissage", 28), ("validation", 3), ("test", 8))
OVERLAPPING = 3
REVISITED = 4
"""Tuiles de test photographiées une seconde fois, deux ans plus tard."""

LARGE_TARGETS = {
    "apprentissage": (1250, 1480, 1560, 1900),
    "validation": (1040, 1180, 1300, 1410, 1460, 1485, 1520, 1560, 1640, 1780, 1960),
    "test": (
        1020, 1080, 1150, 1210, 1270, 1330, 1380, 1420, 1450, 1465, 1480, 1492,
        1508, 1520, 1535, 1550, 1575, 1600, 1650, 1720, 1800, 1900, 2020, 2150,
    ),
}  # fmt: skip
"""Surface visée des parcs entiers des grandes tuiles, en mètres carrés."""
LARGE_TILES = {"apprentissage": 2, "validation": 4, "test": 10}
CUT_TARGETS: dict[str, tuple[int, ...]] = {
    "apprentissage": (),
    "validation": (1700,),
    "test": (1580, 1640, 1700, 1820, 1950, 2100),
}
"""Surface des parcs que le bord d’une grande tuile coupe, en mètres carrés."""


@dataclass(frozen=True)
class Parameters:
    """Hypothèses sur les parcs, l’image et les tables de la commune."""

    # parcs
    aisle_m: tuple[float, float] = (5.0, 6.0)
    occupancy: tuple[float, float] = (0.15, 0.95)
    l_shaped: float = 0.25
    painted: float = 0.80  # part des parcs au marquage peint
    paint_wear: tuple[float, float] = (0.15, 0.85)
    pale_surface: float = 0.22  # sol clair, stabilisé, couleur de terre
    trees_in_park: float = 1.4  # arbres débordants pour 250 m² de parc
    newer_than_photo: int = 2
    # leurres
    grey_roof: float = 0.55
    yards: float = 1.05  # cours grises par petite tuile
    road_vehicles: tuple[int, int] = (0, 4)
    # image
    shadow: float = 0.52
    gain: tuple[float, float] = (0.85, 1.15)
    tint_sigma: float = 0.012  # balance des couleurs, par tuile
    blur_px: float = 0.7
    levels: int = 32
    campaign_shift: tuple[float, float, float] = (1.25, 1.12, 0.90)
    # hors des tuiles
    outside: int = 96
    outside_mean_m2: float = 5000.0
    outside_sigma: float = 0.9
    # inventaire
    inventory_missing: float = 0.12
    inventory_vanished: int = 9
    inventory_sigma: float = 0.14
    # sol imperméable
    impervious_sigma: float = 0.03
    photo_year: int = 2023
