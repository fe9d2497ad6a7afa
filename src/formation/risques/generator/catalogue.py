"""Le calendrier des épisodes, leur force, leur jeu ; les bassins et les pluviomètres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import gamma

from formation.risques.generator.parameters import BASINS, EPISODES, GAUGES, SETS

if TYPE_CHECKING:
    from formation.risques.generator.parameters import Parameters

Floats = NDArray[np.float64]

# Poids d’un jour de pluie, de janvier à décembre : l’automne méditerranéen.
_MONTHS = np.array([0.2, 0.2, 0.3, 0.6, 0.8, 0.3, 0.2, 0.6, 3.0, 4.0, 2.5, 1.0])
_BASIN_COLUMNS = (
    "id_bassin",
    "surface_km2",
    "part_impermeable",
    "temps_min",
    "cn",
    "x_km",
    "y_km",
    "jauge",
    "id_pluviometre",
)


def basins() -> pd.DataFrame:
    """Table publiée `bassins` : six jaugés, deux non jaugés.

    Returns
    -------
    DataFrame
        Huit lignes.
    """
    table = pd.DataFrame(BASINS, columns=list(_BASIN_COLUMNS))
    table.insert(7, "rayon_km", np.sqrt(table["surface_km2"] / np.pi).round(3))
    table.insert(8, "seuil_m3_s", table["surface_km2"].round(1))
    return table


def gauges() -> pd.DataFrame:
    """Table publiée `pluviometres`.

    Returns
    -------
    DataFrame
        Six lignes, avec la distance au centre du bassin que l’appareil représente.
    """
    table = pd.DataFrame(GAUGES, columns=["id_pluviometre", "x_km", "y_km", "id_bassin"])
    centre = basins().set_index("id_bassin").loc[table["id_bassin"], ["x_km", "y_km"]].to_numpy()
    table["distance_km"] = np.hypot(*(table[["x_km", "y_km"]].to_numpy() - centre).T).round(1)
    return table


def strengths(rng: np.random.Generator, p: Parameters) -> Floats:
    """Force de chaque épisode courant : une par tranche de même probabilité.

    Parameters
    ----------
    rng : Generator
        Tirage.
    p : Parameters
        Hypothèses.

    Returns
    -------
    ndarray, forme (70,)
        Entre 0 et 1, en ordre croissant.
    """
    quantile = (np.arange(EPISODES) + rng.random(EPISODES)) / EPISODES
    force = gamma.ppf(quantile, p.strength_shape, scale=p.strength_scale) + p.strength_floor
    return np.asarray(np.minimum(force, p.strength_cap))


def deal(severity: Floats, rng: np.random.Generator) -> tuple[NDArray[np.intp], list[str]]:
    """Répartit les épisodes entre les trois jeux, qui reçoivent la même part de chaque strate de gravité.

    Parameters
    ----------
    severity : ndarray, forme (70,)
        Cumul moyen des bassins jaugés, en mm.
    rng : Generator
        Tirage.

    Returns
    -------
    order : ndarray, forme (70,)
        Rang de l’épisode dans `severity`, dans l’ordre des dates.
    sets : list of str
        Nom du jeu, dans l’ordre des dates.
    """
    names = np.repeat([name for name, *_ in SETS], [share for _, share, *_ in SETS])
    strata = np.argsort(severity).reshape(-1, len(names))
    dealt = np.concatenate([rng.permutation(names) for _ in strata])
    ranks = strata.ravel()
    order = np.concatenate([rng.permutation(ranks[dealt == name]) for name, *_ in SETS])
    return order, [name for name, *_ in SETS for _ in range(int((dealt == name).sum()))]


def episodes(weather: pd.DataFrame, sets: list[str], rng: np.random.Generator, p: Parameters) -> pd.DataFrame:
    """Dates et pluie antérieure des 70 épisodes, dans l’ordre, puis du scénario de type 1988.

    Parameters
    ----------
    weather : DataFrame
        Table `meteo_jour` du territoire.
    sets : list of str
        Jeu de chaque épisode courant.
    rng : Generator
        Tirage.
    p : Parameters
        Hypothèses.

    Returns
    -------
    DataFrame
        71 lignes : `id_episode`, `date`, `debut_utc`, `pluie_anterieure_mm` et `jeu`.
    """
    rain = weather.set_index("date")["pluie_mm"]
    before = rain.rolling(p.antecedent_days).sum().shift(1)
    change = pd.Timestamp(p.clock_change.rstrip("Z"))
    starts: list[pd.Timestamp] = []
    for name, _, first, last in SETS:
        count = sets.count(name)
        wet = rain[(rain >= p.wet_day_mm) & (rain.index.year >= first) & (rain.index.year <= last) & before.notna()]
        imposed = [change] if first <= change.year <= last else []
        # Deux épisodes ne se suivent pas à moins de deux jours.
        days = _spaced(wet.index, imposed, count, rng)
        starts += sorted(imposed + [day + pd.Timedelta(hours=int(rng.integers(8, 22))) for day in days])
    starts.append(pd.Timestamp(p.extreme_date.rstrip("Z")))
    day = pd.DatetimeIndex(starts).normalize()
    return pd.DataFrame(
        {
            "id_episode": [f"E{rank:02d}" for rank in range(1, len(starts) + 1)],
            "date": day,
            "debut_utc": [start.strftime("%Y-%m-%dT%H:%MZ") for start in starts],
            "pluie_anterieure_mm": before.reindex(day).fillna(p.extreme_antecedent_mm).round(1).to_numpy(),
            "jeu": [*sets, "extreme"],
        }
    )


def _spaced(
    days: pd.DatetimeIndex, imposed: list[pd.Timestamp], count: int, rng: np.random.Generator
) -> list[pd.Timestamp]:
    weight = _MONTHS[days.month - 1]
    order = rng.choice(len(days), len(days), replace=False, p=weight / weight.sum())
    kept: list[pd.Timestamp] = []
    for day in days[order]:
        if len(kept) + len(imposed) == count:
            break
        if all(abs((day - other).days) > 1 for other in [*kept, *imposed]):
            kept.append(day)
    return kept
