"""Paramètres de la foule et des caméras simulées : tous sont des hypothèses, listées dans la fiche de données."""

from __future__ import annotations

from dataclasses import dataclass, field

STEPS = 2160
"""Pas de dix secondes dans une soirée de six heures."""
DANGER = 5.0
"""Densité d’un événement, en personnes par mètre carré : la seule valeur qui vienne d’une source."""
CALENDAR: dict[str, dict[str, int]] = {
    "repetition": {"apprentissage": 2, "validation": 1, "test": 2},
    "fan-zone": {"validation": 1, "test": 4},
    "soiree": {"validation": 2, "test": 12},
}
"""Nombre de soirées par lieu et par jeu : des soirées entières, jamais des lignes."""


@dataclass(frozen=True)
class Parameters:
    """Hypothèses sur la foule, les épisodes, la mesure et les leurres."""

    cameras: int = 25
    # foule, en personnes par mètre carré
    peak: float = 2.8
    peak_sigma: float = 0.35
    swing: float = 0.55
    swing_memory: float = 0.97
    ceiling: float = 4.9
    # épisodes par soirée, dans toute la salle ; il en naît environ vingt pas au-dessus du seuil
    episodes: dict[str, float] = field(default_factory=lambda: {"repetition": 155.0, "fan-zone": 15.0, "soiree": 1.5})
    rise_s: tuple[int, int] = (120, 300)
    plateau_s: tuple[int, int] = (40, 180)
    plateau_density: tuple[float, float] = (5.1, 6.6)
    # mesure
    saturation: float = 0.035
    camera_bias: float = 0.10
    drift: float = 0.12
    drift_memory: float = 0.93
    noise: float = 0.08
    speed_noise: float = 0.12
    night_noise: float = 1.5  # facteur, sous un éclairage faible
    faulty_camera: int = 16  # rang de la caméra au biais de + 20 %
    faulty_bias: float = 1.20
    # leurres par heure, dans toute la salle
    lures: dict[str, float] = field(default_factory=lambda: {"repetition": 1.0, "fan-zone": 8.0, "soiree": 8.0})
    lure_s: tuple[int, int] = (40, 140)
    lure_factor: tuple[float, float] = (1.35, 2.1)
    rain_lures: float = 2.0  # facteur, sous la pluie
    old_tool: float = 4.2  # seuil de l’outil déjà en place, celui dont les alertes font annoter
