"""Simulation des signalements d’eau : combien d’appels par rue et par semaine, jamais qui appelle.

Trois sortes d’appels se mêlent, et la table ne les distingue pas : ceux qui **précèdent** une casse (une pression qui
baisse, de l’eau trouble), ceux que la casse **provoque** la même semaine, et tous les autres. Les casses sont celles du
cas « eau », simulées avec la même graine. Tous les paramètres sont des hypothèses pédagogiques
(:class:`Parameters`).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.comite.weeks import FIRST_WEEK, LAST_WEEK, breaks, monday

if TYPE_CHECKING:
    from formation.territory import Territory

ROOT_SEED = 447


@dataclass(frozen=True)
class Parameters:
    """Hypothèses de la simulation.

    Attributes
    ----------
    warned : float
        Part des casses que quelqu’un a signalées la semaine d’avant, sans le savoir.
    caused : float
        Part des casses dont les riverains appellent la semaine même.
    repeats_before, repeats_after : float
        Appels de plus, en moyenne, pour la même casse.
    background_per_year : float
        Appels par an sans rapport avec une casse : une facture, un compteur, un goût.
    """

    warned: float = 0.40
    caused: float = 0.50
    repeats_before: float = 0.3
    repeats_after: float = 0.6
    background_per_year: float = 500.0


def simulate(territory: Territory, *, seed: int = ROOT_SEED) -> dict[str, pd.DataFrame]:
    """Simule la table du comité.

    Parameters
    ----------
    territory : Territory
        Territoire : tables `communes`, `rues` et `meteo_jour`.
    seed : int
        Graine ; la même donne le même contenu, et les casses du cas « eau » de cette graine.

    Returns
    -------
    dict of str to DataFrame
        Table `signalements` : `id_rue`, `semaine` (le lundi), `nb_signalements`.

    Examples
    --------
    >>> from formation.territory import load_territory
    >>> table = simulate(load_territory(), seed=1)["signalements"]
    >>> table.duplicated(["id_rue", "semaine"]).any()
    np.False_
    """
    from formation.eau.simulation import simulate as simulate_water

    water = simulate_water(territory, seed=seed)
    return {"signalements": reports(water, territory.rues, seed=seed)}


def reports(
    water: dict[str, pd.DataFrame], streets: pd.DataFrame, p: Parameters | None = None, *, seed: int = ROOT_SEED
) -> pd.DataFrame:
    """Signalements d’un réseau déjà simulé.

    Parameters
    ----------
    water : dict of str to DataFrame
        Tables `troncons` et `defaillances` du cas « eau ».
    streets : DataFrame
        Table `rues` du territoire : `id_rue`, `longueur_m`.
    p : Parameters, optional
        Hypothèses ; celles du cours par défaut.
    seed : int
        Graine.

    Returns
    -------
    DataFrame
        Voir :func:`simulate`.
    """
    chosen = p or Parameters()
    sequence = np.random.SeedSequence([seed, zlib.crc32(b"comite")])
    of_before, of_after, of_background = (np.random.default_rng(item) for item in sequence.spawn(3))
    happened = breaks(water["defaillances"], water["troncons"])
    happened = happened.assign(semaine=monday(happened["date_signalement"]))
    before = _around(happened, of_before, chosen.warned, chosen.repeats_before, weeks=-1)
    after = _around(happened, of_after, chosen.caused, chosen.repeats_after, weeks=0)
    calls = pd.concat([before, after, _background(streets, of_background, chosen)], ignore_index=True)
    calls = calls[calls["semaine"].between(FIRST_WEEK, LAST_WEEK)]
    counted = calls.groupby(["semaine", "id_rue"])["nb_signalements"].sum().reset_index()
    return counted[["id_rue", "semaine", "nb_signalements"]]


def _around(
    happened: pd.DataFrame, rng: np.random.Generator, share: float, repeats: float, *, weeks: int
) -> pd.DataFrame:
    """Appels liés à une casse : un, parfois plusieurs, dans la rue et à quelques semaines d’elle."""
    chosen = rng.random(len(happened)) < share
    count = 1 + rng.poisson(repeats, len(happened))
    table = happened.loc[chosen, ["id_rue", "semaine"]]
    return table.assign(
        semaine=table["semaine"] + pd.Timedelta(weeks=weeks), nb_signalements=count[chosen].astype(np.int64)
    )


def _background(streets: pd.DataFrame, rng: np.random.Generator, p: Parameters) -> pd.DataFrame:
    """Appels sans rapport avec une casse, répartis selon la longueur des rues."""
    weeks = pd.date_range(FIRST_WEEK, LAST_WEEK, freq="7D")
    length = streets["longueur_m"].to_numpy(float)
    count = int(rng.poisson(p.background_per_year * len(weeks) * 7 / 365.25))
    street = rng.choice(len(streets), count, p=length / length.sum())
    return pd.DataFrame(
        {
            "id_rue": streets["id_rue"].to_numpy(object)[street],
            "semaine": weeks[rng.integers(0, len(weeks), count)],
            "nb_signalements": np.int64(1),
        }
    )
