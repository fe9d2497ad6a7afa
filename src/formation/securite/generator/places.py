"""Les soirées et les caméras : des dates du calendrier d’Aubeline, des rues d’Aubeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.securite.generator.parameters import CALENDAR, Parameters

if TYPE_CHECKING:
    from formation.territory import Territory

TOWN = "00001"
RAIN_MM = 1.0
RAINY_EVENINGS = 5
ZONES = ("entrée nord", "entrée sud", "devant la scène", "allée centrale", "buvettes", "berge", "passage couvert")
SURFACES = (64, 48, 120, 40, 72, 90, 32)
LIGHTING = ("bon", "bon", "moyen", "moyen", "faible")


def cameras(territory: Territory, rng: np.random.Generator, p: Parameters) -> pd.DataFrame:
    """Table publiée `cameras` : où chacune est posée et ce qu’elle couvre.

    Parameters
    ----------
    territory : Territory
        Territoire : table `rues`.
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    DataFrame
        Une ligne par caméra.
    """
    streets = territory.rues[territory.rues["code_commune"] == TOWN].nlargest(2 * p.cameras, "part_impermeable")
    rank = np.arange(p.cameras)
    zone = rank % len(ZONES)
    return pd.DataFrame(
        {
            "id_camera": camera_codes(p),
            "zone": np.array(ZONES, dtype=object)[zone],
            "surface_m2": np.array(SURFACES)[zone] + rng.integers(-4, 5, p.cameras),
            "eclairage": np.array(LIGHTING, dtype=object)[rank % len(LIGHTING)],
            "hauteur_m": np.round(rng.uniform(4, 11, p.cameras), 1),
            "id_rue": np.sort(rng.choice(streets["id_rue"].to_numpy(), p.cameras, replace=False)),
        }
    )


def camera_codes(p: Parameters) -> list[str]:
    """Codes des caméras, de C01 à C25.

    Parameters
    ----------
    p : Parameters
        Hypothèses.

    Returns
    -------
    list of str
        Un code par caméra.
    """
    return [f"C{rank:02d}" for rank in range(1, p.cameras + 1)]


def evenings(territory: Territory) -> pd.DataFrame:
    """Table publiée `soirees` : des dates sans hasard, tirées du calendrier, de la météo et des événements.

    Parameters
    ----------
    territory : Territory
        Territoire : tables `calendrier`, `evenements` et `meteo_jour`.

    Returns
    -------
    DataFrame
        Une ligne par soirée ; dans un lieu, les jeux se suivent dans le temps.
    """
    rain = territory.meteo_jour.set_index("date")["pluie_mm"]
    closed = territory.calendrier.loc[territory.calendrier["est_ferie"] == 1, "date"]
    events = territory.evenements.set_index("id_evenement")
    festive = events[(events["type"] == "fête") & (events["date_debut"] >= "2023-06-01")]
    biggest = festive.nlargest(sum(CALENDAR["fan-zone"].values()), "affluence_reelle")["date_debut"]
    days = {
        "repetition": _dry_wednesdays(rain, set(closed), sum(CALENDAR["repetition"].values())),
        "fan-zone": sorted(biggest),
        "soiree": _ordinary(rain, events, sum(CALENDAR["soiree"].values())),
    }
    code_of = {day: code for code, day in biggest.items()}
    rows = [
        (day, place, split, int(rain[day] >= RAIN_MM), code_of.get(day) if place == "fan-zone" else None)
        for place, split, day in _assign(days)
    ]
    table = pd.DataFrame(rows, columns=["date", "lieu", "jeu", "pluie", "id_evenement"])
    table.insert(0, "id_soiree", [f"S{rank:02d}" for rank in range(1, len(table) + 1)])
    return table


def _assign(days: dict[str, list[pd.Timestamp]]) -> list[tuple[str, str, pd.Timestamp]]:
    assigned = []
    for place, splits in CALENDAR.items():
        names = [name for name, count in splits.items() for _ in range(count)]
        assigned += [(place, split, day) for split, day in zip(names, days[place], strict=True)]
    return assigned


def _dry_wednesdays(rain: pd.Series, closed: set[pd.Timestamp], count: int) -> list[pd.Timestamp]:
    spring = rain["2024-03-01":"2024-06-30"]
    dry = spring[(spring < RAIN_MM) & (spring.index.day_of_week == 2) & ~spring.index.isin(list(closed))]
    return list(dry.index[:count])


def _ordinary(rain: pd.Series, events: pd.DataFrame, count: int) -> list[pd.Timestamp]:
    """Vendredis et samedis sans événement : les premiers sous la pluie, les autres répartis dans la saison."""
    season = rain["2024-05-01":"2024-11-30"]
    busy = set(events["date_debut"]) | set(events["date_fin"])
    season = season[season.index.day_of_week.isin([4, 5]) & ~season.index.isin(list(busy))]
    wet, dry = season[season >= RAIN_MM].index[:RAINY_EVENINGS], season[season < RAIN_MM].index
    spread = np.linspace(0, len(dry) - 1, count - len(wet)).round().astype(int)
    return sorted([*wet, *dry[spread]])
