"""Le prix de la protection : que reste-t-il du gain de J2 quand on transmet moins fin ?

Une rue et une semaine, c’est souvent un seul appel, donc un seul foyer. On refait la mesure avec des comptes plus
grossiers, ou après avoir masqué les petits effectifs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.comite import streets

if TYPE_CHECKING:
    from formation.comite.street_weeks import Grid, Panel

FINE, MASKED = "rue × semaine", f"rue × semaine, moins de {streets.THRESHOLD} masqués"
STREET_MONTH, TOWN, TOWN_MASKED = (
    "rue × quatre semaines",
    "commune × semaine",
    f"commune × semaine, moins de {streets.THRESHOLD} masqués",
)
LEVELS = (FINE, STREET_MONTH, TOWN, MASKED, TOWN_MASKED)
"""Finesses comparées, de la plus fine à la plus grossière."""


def coarser(table: Panel, level: str) -> Grid:
    """Appels de chaque rue et de chaque semaine, tels qu’ils seraient transmis.

    Parameters
    ----------
    table : Panel
        Tableau de :func:`formation.comite.streets.panel`.
    level : str
        Une finesse de :data:`LEVELS`.

    Returns
    -------
    ndarray, forme (n_rues, n_semaines)
        Comptes ; une rue reçoit celui de sa commune quand c’est tout ce que l’on transmet.

    Raises
    ------
    ValueError
        Si la finesse n’existe pas.
    """
    if level not in LEVELS:
        raise ValueError(f"Finesse inconnue « {level} ». Finesses : {', '.join(LEVELS)}.")
    calls = table.calls
    if level in (TOWN, TOWN_MASKED):
        town = pd.factorize(table.streets["code_commune"])[0]
        total = np.zeros((int(town.max()) + 1, calls.shape[1]))
        np.add.at(total, town, calls)
        calls = total[town]
    if level == STREET_MONTH:
        # Le compte d’un mois n’est connu qu’à la fin du mois : jusque-là, on a celui d’avant.
        block = np.arange(calls.shape[1]) // 4
        months = np.stack([calls[:, block == rank].sum(axis=1) for rank in range(int(block.max()) + 1)], axis=1)
        last = (np.arange(calls.shape[1]) + 1) // 4 - 1
        calls = np.where(last >= 0, months[:, np.maximum(last, 0)], 0.0)
    if level in (MASKED, TOWN_MASKED):
        calls = np.where(calls >= streets.THRESHOLD, calls, 0.0)
    return np.asarray(calls)


def price(table: Panel | None = None, *, share: float = streets.SHARE) -> pd.DataFrame:
    """Casses captées selon la finesse transmise.

    Parameters
    ----------
    table : Panel, optional
        Tableau de :func:`formation.comite.streets.panel` ; celui du cours par défaut.
    share : float
        Part des rues visitées chaque semaine.

    Returns
    -------
    DataFrame
        `transmis`, `part_captee` (0 à 1) ; la première ligne est celle de l’eau seule.
    """
    known = table or streets.panel()
    test = known.predicted_from(streets.TEST)
    broken = known.target[:, test]
    given = {"rien": streets.variables(known, streets.WITHOUT)}
    for level in LEVELS:
        extra = streets.past_calls(coarser(known, level))
        given[level] = {**given["rien"], **{name: grid[:, :-1] for name, grid in extra.items()}}
    lines = []
    for level, columns in given.items():
        caught = streets.captured(streets.risk(known, columns), broken, share)
        lines.append({"transmis": level, "part_captee": float(caught.sum() / broken.sum())})
    return pd.DataFrame(lines)


def small_counts(reports: pd.DataFrame, threshold: int = streets.THRESHOLD) -> dict[str, float]:
    """Part des comptes transmis qui désignent presque quelqu’un.

    Parameters
    ----------
    reports : DataFrame
        Table `signalements`.
    threshold : int
        Effectif minimal.

    Returns
    -------
    dict of str to float
        `petits` : part des lignes sous le seuil ; `seuls` : part des lignes d’un seul appel.

    Examples
    --------
    >>> small_counts(pd.DataFrame({"nb_signalements": [1, 1, 4, 8]}))
    {'petits': 0.75, 'seuls': 0.5}
    """
    count = reports["nb_signalements"]
    return {"petits": float((count < threshold).mean()), "seuls": float((count == 1).mean())}
