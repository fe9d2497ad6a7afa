"""Heures d’un fichier : les lire, connaître leur fuseau, et ne jamais deviner au changement d’heure.

Une heure locale existe deux fois quand on recule l’horloge, et pas du tout quand on l’avance. Ce module lit les heures,
trouve les changements et dit les deux lectures ; chaque cas décide de ce que ses données permettent d’en conclure.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.datasets.moments import Times, minutes
from formation.errors import FormationError

LEGAL = "Europe/Paris"
"""Fuseau de l’heure légale."""


class FuseauInconnu(FormationError):
    """Le fuseau demandé n’existe pas."""


@dataclass(frozen=True)
class Change:
    """Un changement d’heure : l’heure locale de `start` à `end` est répétée (automne) ou sautée (printemps)."""

    kind: Literal["repetee", "sautee"]
    start: np.datetime64
    end: np.datetime64


def zone(name: str) -> dt.tzinfo:
    """Fuseau horaire d’un nom.

    Parameters
    ----------
    name : str
        Nom usuel (« Europe/Paris », « Indian/Reunion », « UTC ») ou décalage fixe (« +01:00 »).

    Returns
    -------
    tzinfo
        Fuseau.

    Raises
    ------
    FuseauInconnu
        Si le nom n’est pas celui d’un fuseau.

    Examples
    --------
    >>> zone("+01:00").utcoffset(None)
    datetime.timedelta(seconds=3600)
    """
    if name.upper() == "UTC":
        return dt.UTC
    offset = minutes(name)
    if np.isfinite(offset):
        return dt.timezone(dt.timedelta(minutes=offset))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FuseauInconnu(
            f"« {name} » n’est pas un fuseau connu. Donnez UTC pour un fichier en temps universel, Europe/Paris pour "
            "l’heure légale, le fuseau d’un outre-mer, par exemple Indian/Reunion, ou un décalage fixe, par exemple "
            "+01:00 pour une horloge restée à l’heure d’hiver. Exemple : --fuseau UTC. Rien n’a été écrit."
        ) from None


def changes(name: str, first: np.datetime64, last: np.datetime64) -> list[Change]:
    """Changements d’heure d’un fuseau entre deux dates.

    Parameters
    ----------
    name : str
        Fuseau.
    first, last : datetime64
        Heures locales.

    Returns
    -------
    list of Change
        Dans l’ordre du temps.

    Examples
    --------
    >>> [c.kind for c in changes("Europe/Paris", np.datetime64("2019-01-01"), np.datetime64("2019-12-31"))]
    ['sautee', 'repetee']
    """
    years = range(first.astype("datetime64[Y]").astype(int) + 1970, last.astype("datetime64[Y]").astype(int) + 1971)
    found = [change for year in years for change in _of_year(name, year)]
    return [change for change in found if change.end > first and change.start <= last]


def to_utc(local: Times, name: str, *, second: NDArray[np.bool_] | None = None) -> Times:
    """Convertit des heures locales en temps universel.

    Parameters
    ----------
    local : ndarray of datetime64, forme (n,)
        Heures locales.
    name : str
        Fuseau.
    second : ndarray of bool, forme (n,), optional
        Vrai pour la seconde fois où une heure est répétée ; sans lui, c’est la première.

    Returns
    -------
    ndarray of datetime64
        Temps universel, à la même précision ; vide si l’heure locale n’existe pas.

    Examples
    --------
    >>> twice = np.array(["2019-10-27T02:05", "2019-10-27T02:05"], dtype="datetime64[s]")
    >>> to_utc(twice, "Europe/Paris", second=np.array([False, True])).astype(str).tolist()
    ['2019-10-27T00:05:00', '2019-10-27T01:05:00']
    """
    summer = np.ones(len(local), dtype=bool) if second is None else ~second
    placed = pd.DatetimeIndex(local).tz_localize(zone(name), ambiguous=summer, nonexistent="NaT")
    return np.array(placed.tz_convert("UTC").tz_localize(None), dtype=local.dtype)


def switched(local: Times, name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Heures locales qui existent deux fois, et celles qui n’existent pas.

    Parameters
    ----------
    local : ndarray of datetime64, forme (n,)
        Heures locales.
    name : str
        Fuseau.

    Returns
    -------
    tuple of ndarray of bool
        Répétées, sautées.
    """
    first = to_utc(local, name)
    never = np.isnat(first) & ~np.isnat(local)
    later = to_utc(local, name, second=np.ones(len(local), dtype=bool))
    return (first != later) & ~np.isnat(first), never


def repeated_message(moment: np.datetime64, name: str, why: str) -> str:
    """Phrase pour une heure qui existe deux fois : les deux lectures, et comment choisir.

    Parameters
    ----------
    moment : datetime64
        Première heure fautive.
    name : str
        Fuseau.
    why : str
        Pourquoi le fichier ne dit pas laquelle c’est.

    Returns
    -------
    str
        Phrases.
    """
    local = pd.Timestamp(moment)
    first, second = (local.tz_localize(zone(name), ambiguous=summer) for summer in (True, False))
    return (
        f"{local:%d/%m/%Y %H:%M} existe deux fois dans le fuseau {name} (changement d’heure) : "
        f"{first.tz_convert('UTC'):%H:%M} UTC avant le changement, {second.tz_convert('UTC'):%H:%M} UTC après. {why} "
        f"Écrivez le décalage dans ces cases, par exemple {first.isoformat()} ou {second.isoformat()}, ou "
        "retirez-les ; si tout le fichier est en temps universel, relancez avec --fuseau UTC."
    )


def skipped_message(moment: np.datetime64, name: str) -> str:
    """Phrase pour une heure qui n’existe pas.

    Parameters
    ----------
    moment : datetime64
        Première heure fautive.
    name : str
        Fuseau.

    Returns
    -------
    str
        Phrases.
    """
    local = pd.Timestamp(moment)
    place = zone(name)
    after = local.tz_localize(place, nonexistent=pd.Timedelta(hours=1))
    winter = (local - pd.Timedelta(hours=3)).tz_localize(place).isoformat()[-6:]
    return (
        f"{local:%d/%m/%Y %H:%M} : l’heure n’existe pas dans le fuseau {name}, cette nuit-là les horloges la sautent. "
        "Le fichier est sans doute en temps universel (relancez avec --fuseau UTC), ou l’horloge de l’appareil est "
        f"restée à l’heure d’hiver (--fuseau {winter}). Sinon, corrigez ces lignes, par exemple {after.isoformat()}."
    )


@lru_cache(maxsize=512)
def _of_year(name: str, year: int) -> tuple[Change, ...]:
    quarters = np.arange(f"{year - 1}-12-31T23:45", f"{year + 1}-01-01T00:00", 15, dtype="datetime64[m]")
    utc = quarters.astype("datetime64[s]")
    local = pd.DatetimeIndex(utc, tz="UTC").tz_convert(zone(name)).tz_localize(None).to_numpy(dtype="datetime64[s]")
    offset = local - utc
    found = []
    for rank in np.flatnonzero(np.diff(offset)):
        here, there = offset[rank], offset[rank + 1]
        start, end = sorted((utc[rank + 1] + here, utc[rank + 1] + there))
        found.append(Change("sautee" if there > here else "repetee", start, end))
    return tuple(found)
