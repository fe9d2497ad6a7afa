"""Génération d’Aubeline. Personne n’importe ce module à l’exécution : on lit les tables livrées."""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd

from formation.territory import _communes, _days, _streets

SEED = 447


def simulate(*, seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Fabrique les tables du territoire.

    Parameters
    ----------
    seed : int
        Graine racine. Même graine, mêmes tables, avec les versions figées de l’extra `generation`.

    Returns
    -------
    dict of DataFrame
        `communes`, `calendrier`, `meteo_jour`, `rues`, `ecoles`, `evenements`, `greves`.

    Raises
    ------
    ModuleNotFoundError
        Si l’extra `generation` n’est pas installé.
    """
    # Un flux par table : ajouter une colonne à l’une ne déplace pas les autres.
    sequence = np.random.SeedSequence([seed, zlib.crc32(b"territoire")])
    meteo_rng, streets_rng, schools_rng, events_rng, strikes_rng = map(np.random.default_rng, sequence.spawn(5))
    communes = _communes.communes()
    calendrier = _days.calendar()
    meteo = _days.weather(meteo_rng)
    rues = _streets.streets(streets_rng, communes)
    return {
        "communes": communes,
        "calendrier": calendrier,
        "meteo_jour": meteo,
        "rues": rues,
        "ecoles": _streets.schools(schools_rng, communes, rues),
        "evenements": _days.events(events_rng, meteo),
        "greves": _days.strikes(strikes_rng, calendrier),
    }
