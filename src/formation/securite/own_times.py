"""Lire les heures d’une salle de contrôle : une heure répétée ou sautée au changement d’heure n’est pas devinée."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from formation.datasets import clock, moments
from formation.datasets.located import problem
from formation.errors import Problem

PARIS = clock.LEGAL
"""Fuseau des heures écrites sans décalage, quand on n’en dit pas d’autre."""
EXAMPLE = "2025-06-21 22:14:30, ou 2025-06-21T22:14:30+02:00"


def read(
    texts: Sequence[str], lines: Sequence[int], column: str, zone_name: str = PARIS
) -> tuple[pd.Series, list[Problem]]:
    """Lit des dates et heures, et les rend en heure universelle.

    Parameters
    ----------
    texts : sequence of str
        Heures écrites.
    lines : sequence of int
        Leur ligne dans le fichier.
    column : str
        Nom de la colonne, pour les messages.
    zone_name : str
        Fuseau des heures écrites sans décalage.

    Returns
    -------
    tuple
        Heures en UTC (vides si illisibles) et problèmes : heure illisible, mois avant le jour, heure qui existe deux
        fois ou qui n’existe pas au changement d’heure.

    Raises
    ------
    formation.datasets.clock.FuseauInconnu
        Si le fuseau n’existe pas.

    Examples
    --------
    >>> stamps, problems = read(["2024-10-27 02:15"], [2], "horodatage")
    >>> problems[0].kind
    'heure_en_double'
    """
    clock.zone(zone_name)
    text = pd.Series(texts, dtype=object).fillna("").to_numpy(dtype=object)
    where = np.asarray(lines)
    local, offset_min = moments.parse(text)
    written = np.isfinite(offset_min)
    twice, never = (found & ~written for found in clock.switched(local, zone_name))
    problems = moments.unreadable(text, local, where, column, example=EXAMPLE)
    if twice.any():
        message = clock.repeated_message(local[twice][0], zone_name, "On ne devine pas.")
        problems.append(problem("heure_en_double", twice, where, column, message, text))
    if never.any():
        message = clock.skipped_message(local[never][0], zone_name)
        problems.append(problem("heure_absente", never, where, column, message, text))
    shift = np.nan_to_num(offset_min).astype("timedelta64[m]")
    utc = np.where(written, local - shift, clock.to_utc(local, zone_name))
    utc[twice | never] = np.datetime64("NaT")
    return pd.Series(utc).dt.tz_localize("UTC"), problems
