"""Rues × semaines : ce que le service de l’eau sait en fin de semaine, ce que disent les appels, et ce qui casse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.comite.tables import Sources
from formation.comite.weeks import FIRST_WEEK, LAST_WEEK, breaks, monday

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Grid = NDArray[np.float64]

WITHOUT, BEFORE, SAME_WEEK = "sans les appels", "appels d’avant", "appels de la même semaine"
"""Les trois essais : sans la jointure, avec, et le piège."""
_UNKNOWN_AGE = 45.0


@dataclass(frozen=True)
class Panel:
    """Rues × semaines : ce que l’on sait, et ce qui arrive.

    Attributes
    ----------
    streets : DataFrame
        Une ligne par rue : `id_rue`, `code_commune`.
    weeks : DatetimeIndex
        Lundis.
    broken : ndarray, forme (n_rues, n_semaines)
        Casses de la semaine.
    calls : ndarray, forme (n_rues, n_semaines)
        Signalements de la semaine.
    known : dict of str to ndarray
        Variables de l’eau seule, connues en fin de semaine, même forme.
    """

    streets: pd.DataFrame
    weeks: pd.DatetimeIndex
    broken: Grid
    calls: Grid
    known: dict[str, Grid]

    @property
    def target(self) -> Grid:
        """Casses de la semaine suivante, forme (n_rues, n_semaines − 1)."""
        return self.broken[:, 1:]

    def predicted_from(self, start: pd.Timestamp, end: pd.Timestamp = LAST_WEEK) -> NDArray[np.bool_]:
        """Colonnes de `target` dont la semaine prévue est entre deux dates.

        Parameters
        ----------
        start, end : Timestamp
            Premier et dernier lundis prévus, compris ; par défaut jusqu’à la dernière semaine publiée.

        Returns
        -------
        ndarray de bool, forme (n_semaines − 1,)
            Vrai pour les semaines gardées.
        """
        return np.asarray((self.weeks[1:] >= start) & (self.weeks[1:] <= end))


def panel(sources: Sources | None = None) -> Panel:
    """Range les casses, les appels et les conduites par rue et par semaine, de 2021 à 2025.

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.

    Returns
    -------
    Panel
        Rues × semaines.

    Examples
    --------
    >>> panel().calls.shape
    (1550, 261)
    """
    source = sources or Sources()
    rues = source.territory.rues.reset_index(drop=True)
    pipes, failures = source.table("eau", "troncons"), source.table("eau", "defaillances")
    weeks = pd.date_range(FIRST_WEEK, LAST_WEEK, freq="7D")
    reports = source.table("comite", "signalements")
    calls = _grid(rues, weeks, reports["id_rue"], reports["semaine"], reports["nb_signalements"])
    seen = breaks(failures, pipes)
    broken = _grid(rues, weeks, seen["id_rue"], monday(seen["date_signalement"]))
    every = failures.merge(pipes[["id_troncon", "id_rue"]], on="id_troncon", how="left")
    known = _known(rues, weeks, pipes, every)
    return Panel(rues[["id_rue", "code_commune"]], weeks, broken, calls, known)


def past_calls(calls: Grid) -> dict[str, Grid]:
    """Variables tirées des appels passés : ceux de la semaine qui finit, et ceux de quatre semaines.

    Parameters
    ----------
    calls : ndarray, forme (n_rues, n_semaines)
        Appels, ou toute version plus grossière de la même forme.

    Returns
    -------
    dict of str to ndarray
        Deux variables de même forme.
    """
    total = np.cumsum(calls, axis=1)
    month = total.copy()
    month[:, 4:] -= total[:, :-4]
    return {"appels_1": calls, "appels_4": month}


def variables(table: Panel, calls: str = BEFORE) -> dict[str, Grid]:
    """Variables d’un essai, alignées sur `target`.

    Parameters
    ----------
    table : Panel
        Tableau de :func:`panel`.
    calls : str
        :data:`WITHOUT`, :data:`BEFORE` ou :data:`SAME_WEEK`.

    Returns
    -------
    dict of str to ndarray
        Variables, forme (n_rues, n_semaines − 1).

    Raises
    ------
    ValueError
        Si l’essai n’existe pas.
    """
    extra: Mapping[str, Grid]
    if calls == WITHOUT:
        extra = {}
    elif calls == BEFORE:
        extra = past_calls(table.calls)
    elif calls == SAME_WEEK:
        # La fuite : la colonne est décalée d’une semaine, on lit l’avenir.
        extra = {"appels_1": np.roll(table.calls, -1, axis=1)}
    else:
        raise ValueError(f"Essai inconnu « {calls} ». Essais : {WITHOUT}, {BEFORE}, {SAME_WEEK}.")
    return {name: grid[:, :-1] for name, grid in {**table.known, **extra}.items()}


def _grid(
    rues: pd.DataFrame, weeks: pd.DatetimeIndex, street: pd.Series, week: pd.Series, count: pd.Series | None = None
) -> Grid:
    """Somme par rue et par semaine ; ce qui sort des semaines publiées est laissé."""
    row = pd.Index(rues["id_rue"]).get_indexer(street)
    column = weeks.get_indexer(pd.DatetimeIndex(week))
    kept = (row >= 0) & (column >= 0)
    values = np.ones(len(row)) if count is None else count.to_numpy(float)
    grid = np.zeros((len(rues), len(weeks)))
    np.add.at(grid, (row[kept], column[kept]), values[kept])
    return grid


def _known(rues: pd.DataFrame, weeks: pd.DatetimeIndex, pipes: pd.DataFrame, every: pd.DataFrame) -> dict[str, Grid]:
    """Ce que le service de l’eau sait seul : longueur, âge, sol, trafic, défaillances passées de la rue."""
    of_street = pipes.groupby("id_rue")
    km = of_street["longueur_m"].sum().reindex(rues["id_rue"], fill_value=0).to_numpy(float) / 1000
    laid = pipes["date_pose"].dt.year.groupby(pipes["id_rue"]).mean().reindex(rues["id_rue"])
    age = (FIRST_WEEK.year - laid).fillna(_UNKNOWN_AGE).to_numpy(float)
    week = monday(every["date_signalement"])
    earlier = every.loc[week < FIRST_WEEK, "id_rue"].value_counts().reindex(rues["id_rue"], fill_value=0)
    total = np.cumsum(_grid(rues, weeks, every["id_rue"], week), axis=1)
    year = total.copy()
    year[:, 52:] -= total[:, :-52]
    past = total + earlier.to_numpy(float)[:, None]
    fixed = {
        "longueur": np.log(km + 0.02),
        "age": age,
        "alea_argile": rues["alea_argile"].to_numpy(float),
        "trafic": np.log1p(rues["trafic_veh_j"].to_numpy(float)),
    }
    shape = (1, len(weeks))
    return {
        **{name: np.tile(values[:, None], shape) for name, values in fixed.items()},
        "defaillances": np.log1p(past),
        "taux": np.log1p(past / np.maximum(km, 0.05)[:, None]),
        "defaillances_an": year,
    }
