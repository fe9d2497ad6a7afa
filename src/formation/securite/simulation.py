"""Simulation du cas « sécurité » : la foule de vingt-quatre soirées, les mesures de vingt-cinq caméras, des vignettes.

Un processus paramétrique : une densité vraie par caméra, des épisodes qui dépassent cinq personnes par mètre carré, une
mesure imparfaite et des leurres. Seul le nombre d’épisodes change vraiment d’un lieu à l’autre. Les paramètres sont
des hypothèses pédagogiques (:class:`formation.securite.generator.parameters.Parameters`). Personne n’est filmé.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.securite.generator import crowd, images, places, sensing
from formation.securite.generator.parameters import DANGER, STEPS, Parameters
from formation.securite.tables import PLACES

if TYPE_CHECKING:
    from formation.territory import Territory

ROOT_SEED = 447


def simulate(territory: Territory, *, seed: int = ROOT_SEED) -> dict[str, Any]:
    """Simule toutes les tables du cas « sécurité », sauf `trajectoires`, livrée telle quelle.

    Parameters
    ----------
    territory : Territory
        Territoire : tables `calendrier`, `rues`, `evenements` et `meteo_jour`.
    seed : int
        Graine ; la même donne le même contenu.

    Returns
    -------
    dict of str to DataFrame, or to dict of ndarray
        Tables `soirees`, `cameras`, `mesures_repetition`, `mesures_fan_zone`, `mesures_soiree`, `episodes` et
        `comptages`, arrondies comme elles sont publiées ; `vignettes` est un dictionnaire de tableaux.

    Examples
    --------
    >>> from formation.territory import load_territory
    >>> tables = simulate(load_territory(), seed=1)
    >>> len(tables["soirees"])
    24
    """
    return simulate_with(territory, Parameters(), seed=seed)


def simulate_with(territory: Territory, p: Parameters, *, seed: int = ROOT_SEED) -> dict[str, Any]:
    """Comme :func:`simulate`, avec d’autres hypothèses.

    Parameters
    ----------
    territory : Territory
        Territoire.
    p : Parameters
        Hypothèses.
    seed : int
        Graine.

    Returns
    -------
    dict
        Mêmes tables que :func:`simulate`.
    """
    sequence = np.random.SeedSequence([seed, zlib.crc32(b"securite")])
    of_cameras, of_crowd, of_sensing, of_images = (np.random.default_rng(child) for child in sequence.spawn(4))
    evenings = places.evenings(territory)
    cameras = places.cameras(territory, of_cameras, p)
    bias = sensing.camera_bias(of_sensing, p)
    counts = _episode_counts(evenings, of_crowd, p)
    measures: dict[str, list[pd.DataFrame]] = {place: [] for place in PLACES}
    episodes = []
    for evening, count in zip(evenings.itertuples(), counts, strict=True):
        density = crowd.background(of_crowd, p)
        found = crowd.inject(density, count, of_crowd, p)
        noise = sensing.noise_level(cameras["eclairage"], evening.lieu != "repetition", p)
        rate = p.lures[evening.lieu] * (p.rain_lures if evening.pluie else 1.0)
        seen, speed = sensing.measure(density, bias, noise, sensing.lures(of_sensing, rate, p), of_sensing, p)
        measures[evening.lieu].append(_measure_table(evening.id_soiree, cameras["id_camera"], density, seen, speed))
        found["annote_operateur"] = sensing.noticed(seen, found, p)
        episodes.append(found.assign(id_soiree=evening.id_soiree))
    vignettes, comptages = images.build(of_images)
    return {
        "soirees": evenings,
        "cameras": cameras,
        **{PLACES[place]: pd.concat(parts, ignore_index=True) for place, parts in measures.items()},
        "episodes": _episode_table(pd.concat(episodes, ignore_index=True), cameras["id_camera"]),
        "vignettes": vignettes,
        "comptages": comptages,
    }


def _episode_counts(evenings: pd.DataFrame, rng: np.random.Generator, p: Parameters) -> NDArray[np.int64]:
    """Épisodes de chaque soirée : leur total par lieu et par jeu est fixé, leur répartition ne l’est pas."""
    counts = np.zeros(len(evenings), dtype=np.int64)
    for (place, _), rows in evenings.groupby(["lieu", "jeu"], sort=True).indices.items():
        total = round(p.episodes[str(place)] * len(rows))
        counts[rows] = rng.multinomial(total, np.full(len(rows), 1 / len(rows)))
    return counts


def _measure_table(
    evening: str,
    codes: pd.Series,
    density: NDArray[np.float64],
    seen: NDArray[np.float64],
    speed: NDArray[np.float64],
) -> pd.DataFrame:
    """Mesures publiées d’une soirée, caméra après caméra."""
    return pd.DataFrame(
        {
            "id_soiree": evening,
            "id_camera": np.repeat(codes.to_numpy(), STEPS),
            "pas_10s": np.tile(np.arange(STEPS), len(codes)),
            "densite_mesuree": np.round(seen, 2).ravel() + 0.0,
            "vitesse_m_s": np.round(speed, 1).ravel() + 0.0,
            "evenement": (density >= DANGER).astype(np.int8).ravel(),
        }
    )


def _episode_table(found: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    """Table publiée `episodes`, dans l’ordre des soirées puis du temps."""
    table = found.assign(
        id_camera=codes.to_numpy()[found["camera"].to_numpy(dtype=int)], densite_max=found["densite_max"].round(2)
    )
    table = table.sort_values(["id_soiree", "debut", "id_camera"], ignore_index=True)
    table.insert(0, "id_episode", [f"E{rank:04d}" for rank in range(1, len(table) + 1)])
    return table[["id_episode", "id_soiree", "id_camera", "debut", "fin", "densite_max", "annote_operateur"]]
