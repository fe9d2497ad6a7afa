"""L’orage que personne n’a appris : les arbres plafonnent, une droite tient, une autre explose. Rien ne le disait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.risques import evaluation, features

if TYPE_CHECKING:
    from formation.risques.evaluation import Forecasts

EPISODE = "E71"
METHODS = {"modele": evaluation.MODEL, "lineaire": evaluation.LINE, "logarithme": evaluation.LOG_LINE}


def forecast(rows: pd.DataFrame | None = None, horizon: int = 60, ready: Mapping[str, Any] | None = None) -> Forecasts:
    """Prévisions de l’épisode de type 1988 par des méthodes qui ne l’ont jamais vu.

    Parameters
    ----------
    rows : DataFrame, optional
        Tableau de :func:`formation.risques.features.panel` ; celui du cours par défaut.
    horizon : int
        Minutes.
    ready : mapping of str to estimator, optional
        Méthodes ajustées par :func:`formation.risques.evaluation.fitted`.

    Returns
    -------
    Forecasts
        Prévisions de l’épisode.
    """
    table = features.panel() if rows is None else rows
    methods = evaluation.fitted(table, horizon) if ready is None else ready
    return evaluation.predicted(methods, table, horizon, "extreme")


def peaks(found: Forecasts, physics: pd.DataFrame) -> pd.DataFrame:
    """Pointe vraie et pointes prévues, bassin par bassin.

    Parameters
    ----------
    found : Forecasts
        Rendu par :func:`forecast`.
    physics : DataFrame
        Rendu par :func:`formation.risques.physical.series` avec `horizon=0`.

    Returns
    -------
    DataFrame
        Une ligne par bassin jaugé : `vraie`, `modele`, `lineaire`, `logarithme`, `physique` (m³/s/km²), et
        `ecart_modele`, `ecart_lineaire`, `ecart_logarithme`, `ecart_physique` (part de la pointe vraie ; négative =
        sous-estimée).

    Examples
    --------
    >>> from formation.risques import physical
    >>> table = peaks(forecast(), physical.series(horizon=0))
    >>> bool((table["modele"] < table["vraie"]).all())
    True
    """
    flows = found.scores[list(METHODS.values())].rename(columns={name: key for key, name in METHODS.items()})
    table = flows.groupby(found.rows["id_bassin"]).max()
    storm = physics[(physics["id_episode"] == EPISODE) & (physics["jauge"] == 1)].groupby("id_bassin")
    table = table.assign(physique=storm["prevu"].max())
    table.insert(0, "vraie", storm["vrai"].max())
    for name in (*METHODS, "physique"):
        table[f"ecart_{name}"] = table[name] / table["vraie"] - 1
    return table


def highest_learnt(rows: pd.DataFrame) -> float:
    """Plus forte pointe mesurée pendant l’apprentissage, en m³/s/km² : le plafond des arbres.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`formation.risques.features.panel`.

    Returns
    -------
    float
        Débit spécifique.

    Examples
    --------
    >>> 1 < highest_learnt(features.panel()) < 20
    True
    """
    return float(rows.loc[rows["jeu"] == "apprentissage", "debit"].max())


def hydrograph(found: Forecasts, physics: pd.DataFrame, basin: str) -> pd.DataFrame:
    """Débits d’un bassin pendant l’épisode : vrai, et prévus pour la même minute.

    Parameters
    ----------
    found : Forecasts
        Rendu par :func:`forecast`.
    physics : DataFrame
        Rendu par :func:`formation.risques.physical.series` avec `horizon=0`.
    basin : str
        Identifiant d’un bassin jaugé.

    Returns
    -------
    DataFrame
        `minute`, `vrai`, `modele`, `lineaire`, `logarithme` et `physique`, en m³/s/km².

    Examples
    --------
    >>> from formation.risques import physical
    >>> list(hydrograph(forecast(), physical.series(horizon=0), "B1"))
    ['minute', 'vrai', 'modele', 'lineaire', 'logarithme', 'physique']
    """
    mine = (found.rows["id_bassin"] == basin).to_numpy()
    flows = {key: found.scores.loc[mine, name].to_numpy(float) for key, name in METHODS.items()}
    minute = found.rows.loc[mine, "minute"].to_numpy() + found.horizon
    storm = physics[(physics["id_episode"] == EPISODE) & (physics["id_bassin"] == basin)].set_index("minute")
    table = pd.DataFrame({"minute": minute, "vrai": found.flow[mine]} | flows)
    return table.assign(physique=np.asarray(storm["prevu"].reindex(minute), dtype=float))
