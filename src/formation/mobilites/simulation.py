"""Simulation du cas « mobilités » : des tuiles aériennes dessinées, leurs parcs, et les tables de la commune.

Aucune photographie : tout est peint par le programme. Les paramètres sont des hypothèses pédagogiques
(:class:`formation.mobilites.generator.parameters.Parameters`).
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from formation.mobilites.generator import inventory, tiling
from formation.mobilites.generator.parameters import Parameters

if TYPE_CHECKING:
    from formation.territory import Territory

ROOT_SEED = 447


def simulate(territory: Territory, *, seed: int = ROOT_SEED) -> dict[str, Any]:
    """Simule toutes les tables du cas « mobilités ».

    Parameters
    ----------
    territory : Territory
        Territoire : tables `communes` et `rues`.
    seed : int
        Graine ; la même donne le même contenu.

    Returns
    -------
    dict of str to DataFrame, or to dict of ndarray
        Tables `tuiles`, `parkings`, `inventaire_papier` et `occupation_sol`, arrondies comme elles sont publiées ;
        `tuiles_images` et `grandes_images` sont des dictionnaires de tableaux.
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
    sequence = np.random.SeedSequence([seed, zlib.crc32(b"mobilites")])
    of_ground, of_places, of_parks, of_inventory, of_soil = (np.random.default_rng(s) for s in sequence.spawn(5))
    pictures = tiling.photograph(of_ground, p)
    places = tiling.locate(pictures, territory, of_places)
    tuiles = tiling.tile_table(pictures, places)
    parkings = inventory.parkings(pictures, tuiles, places, territory.rues, of_parks, p)
    return {
        "tuiles": tuiles,
        "parkings": parkings,
        "inventaire_papier": inventory.paper(parkings, of_inventory, p),
        "occupation_sol": inventory.soil(of_soil, p),
        "tuiles_images": tiling.arrays(pictures, large=False),
        "grandes_images": tiling.arrays(pictures, large=True),
    }
