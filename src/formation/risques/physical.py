"""Le modèle physique : la pluie du radar, un ruissellement, un hydrogramme. Il n’a besoin d’aucun limnimètre.

Ses paramètres viennent de la table `bassins`, la pluie vient du radar, avec ses défauts. Il prévoit l’eau **déjà
tombée** : sans pluie de plus, quel débit dans une heure ? Il connaît les équations de la simulation ; un vrai bassin ne
les connaît pas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.metrics import Contingency, best_threshold, contingency
from formation.risques import features, hydrology, tables
from formation.risques.model import FLOW_LEVELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def series(tables_: Mapping[str, Any] | None = None, horizon: int = 60) -> pd.DataFrame:
    """Débit que le modèle physique donne à chaque pas, pour les huit bassins.

    Parameters
    ----------
    tables_ : mapping, optional
        Tables `episodes`, `bassins`, `verite` et `radar` ; celles du cours par défaut.
    horizon : int
        Minutes entre la prévision et ce qu’elle prévoit ; 0 pour le débit de maintenant.

    Returns
    -------
    DataFrame
        Une ligne par épisode, bassin et pas : `id_episode`, `id_bassin`, `minute`, `jeu`, `jauge`, `prevu` et `vrai`
        (m³/s/km², à l’horizon ; `vrai` vaut `nan` au-delà de la fin de l’épisode).

    Examples
    --------
    >>> len(series())
    68160
    """
    names = ("episodes", "bassins", "verite", "radar")
    source = {name: tables.load(name) for name in names} if tables_ is None else tables_
    basins, episodes = source["bassins"], source["episodes"]
    rain = basin_rain(source["radar"]["code"], basins)
    before = episodes["pluie_anterieure_mm"].to_numpy(float)[:, None]
    flow = np.stack([fallen(rain[:, k], row, before, horizon) for k, (_, row) in enumerate(basins.iterrows())], axis=1)
    truth = source["verite"].merge(basins[["id_bassin", "surface_km2", "jauge"]], on="id_bassin")
    truth = truth.merge(episodes[["id_episode", "jeu"]], on="id_episode").sort_values(features.KEYS, kind="stable")
    real = (truth["debit_m3_s"] / truth["surface_km2"]).to_numpy(float).reshape(-1, features.STEPS)
    found = truth[[*features.KEYS, "jeu", "jauge"]].reset_index(drop=True)
    return found.assign(prevu=flow.ravel(), vrai=features.later(real, horizon).ravel())


def basin_rain(codes: NDArray[np.uint8], basins: pd.DataFrame) -> Floats:
    """Pluie moyenne des bassins vue par le radar ; une image perdue répète la précédente.

    Parameters
    ----------
    codes : ndarray of uint8, forme (n_episodes, n_pas, 24, 24)
        Images codées.
    basins : DataFrame
        Table `bassins`.

    Returns
    -------
    ndarray, forme (n_episodes, n_bassins, n_pas)
        Pluie, en mm/h.

    Examples
    --------
    >>> basin_rain(tables.load("radar")["code"][:1], tables.load("bassins")).shape
    (1, 8, 120)
    """
    weights = hydrology.basin_weights(basins).reshape(len(basins), -1)
    rates = tables.rain_rate(codes).reshape(*codes.shape[:2], -1)
    rain = np.einsum("ntp,bp->nbt", rates, weights)
    for step in range(1, rain.shape[-1]):
        lost = np.isnan(rain[..., step])
        rain[..., step][lost] = rain[..., step - 1][lost]
    return np.asarray(np.nan_to_num(rain))


def fallen(rain_mm_h: Floats, basin: pd.Series, antecedent_mm: Floats | float, horizon: int = 60) -> Floats:
    """Débit spécifique à l’horizon, si la pluie s’arrêtait maintenant.

    Parameters
    ----------
    rain_mm_h : ndarray, forme (n, n_pas)
        Pluie du bassin, en mm/h.
    basin : Series
        Ligne de la table `bassins`.
    antecedent_mm : float or ndarray, forme (n, 1)
        Pluie des jours précédents.
    horizon : int
        Minutes.

    Returns
    -------
    ndarray, forme (n, n_pas)
        Débit, en m³/s/km².

    Examples
    --------
    >>> basin = tables.load("bassins").iloc[0]
    >>> now, later = (fallen(np.full((1, 24), 40.0), basin, 0.0, horizon)[0, -1] for horizon in (0, 120))
    >>> bool(later < now)
    True
    """
    net = hydrology.runoff(rain_mm_h, basin["cn"], basin["part_impermeable"], antecedent_mm)
    kernel = hydrology.nash(float(basin["temps_min"]))[horizon // features.STEP_MIN :]
    steps = net.shape[-1]
    routed = [np.convolve(row, kernel)[:steps] if len(kernel) else np.zeros(steps) for row in np.atleast_2d(net)]
    return np.asarray(np.stack(routed) / 3.6 + hydrology.BASE_FLOW_M3_S_KM2)


def judge(found: pd.DataFrame) -> dict[str, Contingency]:
    """Juge le modèle physique sur le test : bassins jaugés, puis bassins que personne ne mesure.

    Le seuil est choisi sur les épisodes de validation des bassins **jaugés** : les seuls où l’on peut choisir.

    Parameters
    ----------
    found : DataFrame
        Tableau de :func:`series`.

    Returns
    -------
    dict of str to Contingency
        `jaugés` et `non jaugés`.

    Examples
    --------
    >>> sorted(judge(series()))
    ['jaugés', 'non jaugés']
    """
    known = found[found["vrai"].notna()]
    event = known["vrai"] >= features.ALERT_M3_S_KM2
    gauged = known["jauge"] == 1
    choice = gauged & (known["jeu"] == "validation")
    level = best_threshold(known.loc[choice, "prevu"], event[choice], FLOW_LEVELS)
    alert = known["prevu"] >= level
    test = known["jeu"] == "test"
    parts = {"jaugés": test & gauged, "non jaugés": test & ~gauged}
    return {name: contingency(alert[part], event[part]) for name, part in parts.items()}
