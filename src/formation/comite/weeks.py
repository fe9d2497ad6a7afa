"""Semaines et casses : ce que la simulation des signalements et leur mesure ont en commun."""

from __future__ import annotations

import pandas as pd

FIRST_WEEK, LAST_WEEK = pd.Timestamp("2021-01-04"), pd.Timestamp("2025-12-29")
"""Lundi de la première et de la dernière semaine publiées."""


def monday(date: pd.Series) -> pd.Series:
    """Lundi de la semaine d’une date.

    Parameters
    ----------
    date : Series of datetime64
        Dates.

    Returns
    -------
    Series of datetime64
        Lundis.

    Examples
    --------
    >>> monday(pd.Series(pd.to_datetime(["2024-02-29"]))).dt.strftime("%Y-%m-%d").tolist()
    ['2024-02-26']
    """
    return date - pd.to_timedelta(date.dt.day_of_week, unit="D")


def breaks(failures: pd.DataFrame, pipes: pd.DataFrame) -> pd.DataFrame:
    """Casses : défaillances qu’un usager a signalées, avec leur rue.

    Une fuite trouvée par l’équipe de recherche est datée du jour de la campagne : la prévoir serait prévoir le planning
    de l’équipe.

    Parameters
    ----------
    failures : DataFrame
        Table `defaillances` du cas « eau ».
    pipes : DataFrame
        Table `troncons` du cas « eau ».

    Returns
    -------
    DataFrame
        Une ligne par casse, avec `id_rue`.

    Examples
    --------
    >>> pipes = pd.DataFrame({"id_troncon": ["T1"], "id_rue": ["R1"]})
    >>> failures = pd.DataFrame({"id_troncon": ["T1", "T1"], "mode_detection": ["usager", "recherche"]})
    >>> breaks(failures, pipes)["id_rue"].tolist()
    ['R1']
    """
    seen = failures[failures["mode_detection"] == "usager"]
    return seen.merge(pipes[["id_troncon", "id_rue"]], on="id_troncon", how="left", validate="m:1")
