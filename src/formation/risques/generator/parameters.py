"""Paramètres de la simulation : tous sont des hypothèses pédagogiques, listées dans la fiche de données."""

from __future__ import annotations

from dataclasses import dataclass

from formation.territory.basins import BUILT_AFTER, BUILT_BASIN, BUILT_EXTRA, MAPPED_SHARE

SIZE = 24
"""Côté de la grille, en pixels d’un kilomètre."""

STEPS = 120
"""Pas de temps d’un épisode : dix heures."""

STEP_MIN = 5
"""Durée d’un pas, en minutes."""

EPISODES = 70
"""Épisodes courants ; l’épisode 71 est le scénario de type 1988."""

# Surface en km², part imperméable de la carte, temps de réponse en minutes, CN, centre en km, jaugé, pluviomètre.
BASINS = (
    ("B1", 4.1, MAPPED_SHARE["B1"], 25, 72, 13.6, 13.8, 1, "P1"),
    ("B2", 9.6, MAPPED_SHARE["B2"], 50, 70, 10.3, 10.6, 1, "P2"),
    ("B3", 6.2, MAPPED_SHARE["B3"], 35, 72, 15.6, 9.6, 1, "P3"),
    ("B4", 12.4, MAPPED_SHARE["B4"], 60, 69, 19.8, 11.0, 1, "P4"),
    ("B5", 15.8, MAPPED_SHARE["B5"], 80, 68, 18.2, 5.6, 1, "P5"),
    ("B6", 23.5, MAPPED_SHARE["B6"], 100, 66, 6.6, 14.4, 1, "P6"),
    ("B7", 7.3, MAPPED_SHARE["B7"], 45, 68, 19.6, 18.4, 0, "P4"),
    ("B8", 11.0, MAPPED_SHARE["B8"], 60, 66, 4.6, 20.8, 0, "P6"),
)

# Pluviomètre, x km, y km, bassin qu’il est censé représenter. P6 est à plus de 5 km du sien.
GAUGES = (
    ("P1", 13.4, 13.5, "B1"),
    ("P2", 10.9, 10.2, "B2"),
    ("P3", 15.4, 9.9, "B3"),
    ("P4", 19.3, 11.6, "B4"),
    ("P5", 17.6, 6.3, "B5"),
    ("P6", 8.4, 9.4, "B6"),
)

# Jeu, épisodes par strate de dix, première et dernière années.
SETS = (("apprentissage", 5, 2013, 2019), ("validation", 2, 2020, 2021), ("test", 3, 2022, 2025))


@dataclass(frozen=True)
class Parameters:
    """Hypothèses de la simulation, avec leurs unités dans le nom ou dans la remarque."""

    # Épisodes
    strength_shape: float = 1.8  # loi gamma de la force d’un épisode
    strength_scale: float = 0.22
    strength_floor: float = 0.12
    strength_cap: float = 0.95
    wet_day_mm: float = 8.0  # un épisode tombe un jour de pluie de la météo du territoire
    antecedent_days: int = 5
    clock_change: str = "2019-10-26T18:00Z"  # dix heures qui passent par le retour à l’heure d’hiver
    # Cellules orageuses
    cells: float = 50.0  # nombre moyen par épisode
    cells_dispersion: float = 12.0
    start_min: tuple[float, float] = (-60.0, 120.0)  # première naissance possible
    births_min: tuple[float, float] = (300.0, 540.0)  # durée des naissances
    spread_km: float = 4.8  # écart-type des naissances autour du foyer
    radius_km: tuple[float, float] = (1.2, 3.5)
    life_min: tuple[float, float] = (60.0, 300.0)
    peak_shape: float = 2.2
    peak_scale_mm_h: float = 16.0
    peak_factor: float = 0.28
    peak_cap_mm_h: float = 75.0
    speed_km_h: tuple[float, float] = (0.0, 3.5)
    total_cap_mm: float = 145.0  # au-delà, sur un bassin, l’épisode n’est plus courant : il est tiré de nouveau
    noise_sigma: float = 0.2
    noise_smoothing_km: float = 1.2
    noise_memory: float = 0.8
    # Épisode de type 1988
    extreme_mean_mm_h: float = 52.5
    extreme_hours: float = 8.0
    extreme_burst_mm_h: float = 74.0  # deux heures et demie
    extreme_center_km: tuple[float, float] = (13.2, 11.2)
    extreme_sigma_km: tuple[float, float] = (8.0, 3.2)  # grand axe, petit axe
    extreme_axis_deg: float = -37.0
    extreme_noise_sigma: float = 0.14
    extreme_date: str = "2026-10-03T04:00Z"
    extreme_antecedent_mm: float = 25.0
    # Bassins
    runoff_of_impervious: float = 0.75
    initial_loss: float = 0.15  # part de la rétention
    antecedent_decay: float = 0.012  # par mm
    reservoirs: int = 3
    base_flow_m3_s_km2: float = 0.02
    built_basin: str = BUILT_BASIN
    built_after: int = BUILT_AFTER
    built_extra: float = BUILT_EXTRA
    # Mesures
    radar_bias_mean: float = -0.12
    radar_bias_sigma: float = 0.25
    radar_cap_mm_h: float = 70.0
    radar_pixel_sigma: float = 0.12
    radar_missing: float = 0.004  # images perdues, par image
    radar_outages: int = 4  # pannes d’une demi-heure à une heure
    gauge_sigma: float = 0.08
    gauge_tip_mm: float = 0.2
    gauge_missing: float = 0.01
    drowned_above_mm: float = 25.0  # en une heure
    drowned_share: float = 0.45
    flow_sigma: float = 0.05
    rating_limit_m3_s_km2: float = 4.0
    rating_sigma: float = 0.15
    silent_couples: float = 0.04
    silent_flood_weight: float = 3.0
