"""Paramètres de la simulation : tous sont des hypothèses pédagogiques, listées dans la fiche de données."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MATERIALS: tuple[str, ...] = ("fonte grise", "amiante-ciment", "acier", "PVC", "fonte ductile", "PEHD")
"""Matériaux du réseau, dans l’ordre des codes internes du générateur."""

FIRST_YEAR, LAST_YEAR = 2013, 2025
"""Première et dernière années publiées."""


@dataclass(frozen=True)
class Era:
    """Période de pose : bornes, part du linéaire et part de chaque matériau (ordre de `MATERIALS`)."""

    start: int
    end: int
    share: float
    materials: tuple[float, ...]


ERAS: tuple[Era, ...] = (
    Era(1925, 1950, 0.06, (0.82, 0.08, 0.10, 0.0, 0.0, 0.0)),
    Era(1951, 1964, 0.18, (0.62, 0.12, 0.08, 0.18, 0.0, 0.0)),
    Era(1965, 1979, 0.40, (0.08, 0.04, 0.03, 0.77, 0.08, 0.0)),
    Era(1980, 1999, 0.24, (0.0, 0.0, 0.0, 0.55, 0.35, 0.10)),
    Era(2000, 2012, 0.12, (0.0, 0.0, 0.0, 0.20, 0.45, 0.35)),
)


def _frozen(values: dict[str, float]) -> Mapping[str, float]:
    return MappingProxyType(values)


@dataclass(frozen=True)
class Parameters:
    """Hypothèses de la simulation, avec leurs unités dans le nom ou dans la remarque."""

    # Réseau
    n_pipes: int = 6_200
    n_sectors: int = 20
    median_length_m: float = 75.0
    length_sigma: float = 0.74
    renewal_rate: float = 0.0057  # part du linéaire renouvelée par an
    renewal_focus: float = 0.2  # exposant : 0 = au hasard, 1 = en proportion du risque
    missing_date_share: float = 0.25
    missing_weights: tuple[float, float, float] = (1.0, 1.0, 0.9)  # posé avant 1980, 1980–1999, depuis 2000
    mean_pressure_bar: float = 4.6
    # Défaillances
    rate: float = 0.32  # K, règle le nombre total de défaillances
    base_per_km: Mapping[str, float] = field(
        default_factory=lambda: _frozen(
            {
                "fonte grise": 0.19,
                "amiante-ciment": 0.27,
                "acier": 0.30,
                "PVC": 0.055,
                "fonte ductile": 0.017,
                "PEHD": 0.02,
            }
        )
    )
    age_slope: float = 0.042  # par an, autour de 40 ans
    soil_factor: tuple[float, float, float] = (1.0, 1.15, 1.35)  # aléa argile faible, moyen, fort
    drought_on_clay: float = 0.35
    glued_pvc_excess: float = 1.8  # PVC collé, posé avant 1980
    traffic_exponent: float = 0.22
    reference_traffic_veh_day: float = 900.0
    pressure_exponent: float = 1.15
    diameter_exponent: float = 0.35
    reference_diameter_mm: float = 60.0
    per_connection: float = 0.10
    street_variance: float = 0.2  # chantier de pose, partagé par la rue
    fragility_sigma: float = 0.5
    per_past_failure: float = 0.45
    past_failure_cap: int = 3
    burn_in_start: int = 2003  # années simulées mais jamais publiées
    # Fuites et recherche
    median_leak_m3_day: float = 12.0
    leak_sigma: float = 1.2
    hidden_days: float = 270.0
    sectors_listened_per_year: int = 12
    listening_success: float = 0.75
    # Bilan
    use_per_customer_m3_year: float = 120.0
    mean_efficiency: float = 0.75
    # Débit minimum nocturne
    night_use_l_h: float = 1.7
    background_m3_h_km: float = 0.045
    visible_leak_m3_h: float = 1.2  # au-dessous, la fuite se perd dans le bruit
    summer_rise: float = 0.65  # sommet, sur la consommation : + 21 % du débit de juin à septembre
    night_noise: float = 0.06
    heat_wave: float = 0.35  # agitation de l’arrosage d’un jour d’été à l’autre, commune à tous les secteurs
    missing_nights: float = 0.03
