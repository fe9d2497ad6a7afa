"""J3 : le débit d’un bassin que personne ne mesure, avec ou sans la carte des sols imperméables.

Chaque bassin est traité à son tour comme s’il n’était pas jaugé. Le modèle physique reçoit la pluie du radar, le relief
et les sols ; il lui manque la part imperméable. Sans la carte, on lui donne la moyenne des autres bassins jaugés ;
avec, celle que les photos aériennes du cas « mobilites » donnent au bassin. Rien n’est ajusté, rien n’est à régler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.comite.gain import Gain, paired_gain
from formation.comite.tables import Sources
from formation.risques import hydrology, physical
from formation.risques.features import ALERT_M3_S_KM2, STEPS
from formation.territory.basins import impervious_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MEAN, PUBLISHED, MAPPED = "moyenne des bassins jaugés", "carte publiée", "photos aériennes"
"""Trois façons de remplir la part imperméable d’un bassin."""


def shares(sources: Sources | None = None) -> pd.DataFrame:
    """Part imperméable de chaque bassin, selon ce que l’on a.

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.

    Returns
    -------
    DataFrame
        Index `id_bassin`, une colonne par façon : :data:`MEAN`, :data:`PUBLISHED`, :data:`MAPPED`. Entre 0 et 1.

    Examples
    --------
    >>> shares().shape
    (8, 3)
    """
    source = sources or Sources()
    basins = source.table("risques", "bassins").set_index("id_bassin")
    land = source.table("mobilites", "occupation_sol").set_index("id_bassin")
    gauged = basins.loc[basins["jauge"] == 1, "part_impermeable"]
    table = pd.DataFrame(index=basins.index)
    table[MEAN] = [float(gauged.drop(code, errors="ignore").mean()) for code in basins.index]
    table[PUBLISHED] = basins["part_impermeable"]
    table[MAPPED] = land["part_impermeable_cartographiee"].reindex(basins.index)
    return table


def map_error(sources: Sources | None = None) -> float:
    """Écart moyen entre la carte des photos aériennes et la vérité, que seule la simulation connaît.

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.

    Returns
    -------
    float
        Écart absolu moyen, en points.
    """
    source = sources or Sources()
    land = source.table("mobilites", "occupation_sol")
    years = pd.to_datetime(land["date_prise_vue"]).dt.year
    true = [impervious_share(code, int(year)) for code, year in zip(land["id_bassin"], years, strict=True)]
    return float(100 * (land["part_impermeable_cartographiee"] - true).abs().mean())


def hydrographs(sources: Sources | None = None, given: pd.DataFrame | None = None) -> tuple[Floats, dict[str, Floats]]:
    """Débits vrais et débits calculés des épisodes de test, pour les huit bassins.

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.
    given : DataFrame, optional
        Tableau de :func:`shares`.

    Returns
    -------
    true : ndarray, forme (n_bassins, n_episodes, 120)
        Débit vrai, en m³/s/km².
    computed : dict of str to ndarray
        Débit calculé, par façon de remplir la part imperméable.
    """
    source = sources or Sources()
    filled = shares(source) if given is None else given
    basins, episodes = source.table("risques", "bassins"), source.table("risques", "episodes")
    test = (episodes["jeu"] == "test").to_numpy()
    rain = physical.basin_rain(source.table("risques", "radar")["code"][test], basins)
    before = episodes.loc[test, "pluie_anterieure_mm"].to_numpy(float)[:, None]
    truth = source.table("risques", "verite").sort_values(["id_episode", "id_bassin", "minute"], kind="stable")
    flow = truth["debit_m3_s"].to_numpy(float).reshape(len(episodes), len(basins), STEPS)[test]
    true = flow.transpose(1, 0, 2) / basins["surface_km2"].to_numpy(float)[:, None, None]
    rows = [basin for _, basin in basins.iterrows()]
    computed = {}
    for name in filled:
        filling = [_with_share(basin, float(filled.loc[basin["id_bassin"], name])) for basin in rows]
        flows = [physical.fallen(rain[:, rank], basin, before, 0) for rank, basin in enumerate(filling)]
        computed[str(name)] = np.stack(flows)
    return true, computed


def summary(true: Floats, computed: Mapping[str, Floats]) -> pd.DataFrame:
    """Qualité de chaque façon : le débit au fil du temps, puis la pointe.

    Parameters
    ----------
    true : ndarray, forme (n_bassins, n_episodes, 120)
        Débits vrais.
    computed : mapping of str to ndarray
        Débits calculés.

    Returns
    -------
    DataFrame
        `part_impermeable` (la façon), `nse` (tous les bassins ensemble), `erreur_pointe` (écart relatif moyen de la
        pointe, en %) et `erreur_pointe_crue` (la même, sur les seules pointes qui dépassent le seuil de débordement).
    """
    flood = true.max(axis=-1) >= ALERT_M3_S_KM2
    lines = []
    for name, flow in computed.items():
        gap = peak_error(true, flow)
        lines.append(
            {
                "part_impermeable": name,
                "nse": hydrology.nse(true.ravel(), flow.ravel()),
                "erreur_pointe": float(gap.mean()),
                "erreur_pointe_crue": float(gap[flood].mean()) if flood.any() else np.nan,
            }
        )
    return pd.DataFrame(lines)


def peak_error(true: Floats, computed: Floats) -> Floats:
    """Écart relatif de la pointe, en %.

    Parameters
    ----------
    true, computed : ndarray, forme (..., n_pas)
        Débits vrais et calculés.

    Returns
    -------
    ndarray, forme (...)
        Écart absolu, rapporté à la pointe vraie.

    Examples
    --------
    >>> peak_error(np.array([0.0, 2.0]), np.array([0.0, 1.0])).item()
    50.0
    """
    peak = true.max(axis=-1)
    return np.asarray(100 * np.abs(computed.max(axis=-1) - peak) / peak)


def gain(true: Floats, computed: Mapping[str, Floats], *, joined: str = MAPPED) -> Gain:
    """Ce que la carte change à la pointe d’un bassin non jaugé.

    Parameters
    ----------
    true : ndarray, forme (n_bassins, n_episodes, 120)
        Débits vrais.
    computed : mapping of str to ndarray
        Débits calculés, de :func:`hydrographs`.
    joined : str
        Façon comparée à la moyenne.

    Returns
    -------
    Gain
        Mesure sans, avec, et intervalle de l’écart, épisode par épisode.
    """
    off = [peak_error(true, computed[name]) for name in (MEAN, joined)]
    episode = np.broadcast_to(np.arange(true.shape[1]), off[0].shape)
    low, high = paired_gain(off[0].ravel(), off[1].ravel(), episode.ravel())
    return Gain(
        "J3", "risques × mobilites (id_bassin)", "Quelle crue dans un bassin sans mesure ?",
        "erreur sur la pointe, modèle physique (%)", float(off[0].mean()), float(off[1].mean()), low, high,
    )  # fmt: skip


def _with_share(basin: pd.Series, share: float) -> pd.Series:
    changed = basin.copy()
    changed["part_impermeable"] = share
    return changed
