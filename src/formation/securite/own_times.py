"""Lire des dates et heures sans deviner : fuseau dit, heure répétée ou absente au changement d’heure signalée."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from formation.errors import LINES_SHOWN, FormationError, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARIS = "Europe/Paris"
"""Fuseau des heures écrites sans décalage, quand on n’en dit pas d’autre."""
FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%f",
)  # fmt: skip
"""Formes acceptées pour une heure sans décalage, le jour avant le mois."""
EXAMPLE = "2025-06-21 22:14:30, ou 2025-06-21T22:14:30+02:00"
_FIXED = re.compile(r"([+-])(\d{2}):?(\d{2})")
_SHIFTED = r"(?:Z|[+-]\d{2}:?\d{2})$"
_MONTH_FIRST = r"(?:0?[1-9]|1[0-2])/(?:1[3-9]|2\d|3[01])/\d{4}\b"
_TIME_ONLY = r"\d{1,2}[:h]\d{2}(?::\d{2})?"


class FuseauInconnu(FormationError):
    """Le fuseau demandé n’existe pas."""


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
    fixed = _FIXED.fullmatch(name)
    if fixed and int(fixed[2]) <= 14 and int(fixed[3]) < 60:
        shift = dt.timedelta(hours=int(fixed[2]), minutes=int(fixed[3]))
        return dt.timezone(-shift if fixed[1] == "-" else shift)
    if name.upper() == "UTC":
        return dt.UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FuseauInconnu(
            f"« {name} » n’est pas un fuseau connu. Donnez un nom, par exemple --fuseau Europe/Paris ou --fuseau UTC, "
            "ou un décalage fixe, par exemple --fuseau +01:00. Rien n’a été écrit."
        ) from None


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
    FuseauInconnu
        Si le fuseau n’existe pas.

    Examples
    --------
    >>> stamps, problems = read(["2024-10-27 02:15"], [2], "horodatage")
    >>> problems[0].kind
    'heure_en_double'
    """
    place = zone(zone_name)
    text = pd.Series(np.asarray(texts, dtype=object)).fillna("").astype(str).str.strip()
    shifted = text.str.contains(_SHIFTED) & text.str.contains(":")
    stamp = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us, UTC]")
    if shifted.any():
        found = pd.to_datetime(text[shifted], format="ISO8601", utc=True, errors="coerce")
        stamp[shifted] = found.astype("datetime64[us, UTC]")
    local = _naive(text.where(~shifted, ""))
    twice, never = _switch(local, place)
    sound = local.notna() & ~twice & ~never
    stamp[sound] = local[sound].dt.tz_localize(place).dt.tz_convert("UTC").astype("datetime64[us, UTC]")
    unread = stamp.isna() & ~twice & ~never
    month = unread & text.str.match(_MONTH_FIRST)
    tell = _Teller(text, np.asarray(lines), column)
    problems = [
        *tell("date_americaine", month, _month_first),
        *tell("date_invalide", unread & ~month, _unreadable),
        *tell("heure_en_double", twice, lambda value: _twice(value, local[twice].iloc[0], place, zone_name)),
        *tell("heure_absente", never, lambda value: _never(value, local[never].iloc[0], place, zone_name)),
    ]
    return stamp, problems


class _Teller:
    def __init__(self, text: pd.Series, lines: NDArray[Any], column: str) -> None:
        self.text, self.lines, self.column = text, lines, column

    def __call__(self, kind: str, mask: pd.Series, say: Any) -> list[Problem]:
        rows = np.flatnonzero(mask.to_numpy())
        if not len(rows):
            return []
        shown = rows[:LINES_SHOWN]
        values = tuple(str(value)[:40] for value in self.text.to_numpy()[shown])
        where = tuple(int(line) for line in self.lines[shown])
        return [Problem(kind, say(values[0]), self.column, where, values, len(rows))]


def _naive(text: pd.Series) -> pd.Series:
    found = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    for pattern in FORMATS:
        left = found.isna() & (text != "")
        if not left.any():
            break
        found[left] = pd.to_datetime(text[left], format=pattern, errors="coerce").astype("datetime64[us]")
    return found


def _switch(local: pd.Series, place: dt.tzinfo) -> tuple[pd.Series, pd.Series]:
    """Heures locales qui existent deux fois, et celles qui n’existent pas."""
    known = local.dropna()
    summer = known.dt.tz_localize(place, ambiguous=np.ones(len(known), dtype=bool), nonexistent="NaT")
    winter = known.dt.tz_localize(place, ambiguous=np.zeros(len(known), dtype=bool), nonexistent="NaT")
    never = summer.isna()
    twice = (summer != winter) & ~never
    return twice.reindex(local.index, fill_value=False), never.reindex(local.index, fill_value=False)


def _twice(value: str, local: pd.Timestamp, place: dt.tzinfo, zone_name: str) -> str:
    first, second = (local.tz_localize(place, ambiguous=summer) for summer in (True, False))
    offset = first.isoformat()[-6:]
    other = second.isoformat()[-6:]
    return (
        f"« {value} » existe deux fois cette nuit-là ({zone_name}, changement d’heure) : {_utc(first)} avant le "
        f"changement, {_utc(second)} après. On ne devine pas. Ajoutez le décalage à l’heure, par exemple "
        f"{local.isoformat()}{offset} ou {local.isoformat()}{other} ; si tout le fichier est en heure universelle, "
        "relancez avec --fuseau UTC."
    )


def _never(value: str, local: pd.Timestamp, place: dt.tzinfo, zone_name: str) -> str:
    after = local.tz_localize(place, nonexistent=pd.Timedelta(hours=1))
    return (
        f"« {value} » n’existe pas ({zone_name}) : cette nuit-là, l’horloge saute une heure. Le fichier est sans doute "
        "en heure universelle (relancez avec --fuseau UTC) ou l’horloge de l’appareil est restée à l’heure d’hiver "
        f"(--fuseau +01:00). Sinon, écrivez le décalage, par exemple {after.isoformat()}."
    )


def _utc(stamp: pd.Timestamp) -> str:
    return f"{stamp.tz_convert('UTC'):%H:%M} UTC"


def _month_first(value: str) -> str:
    return (
        f"« {value} » met le mois avant le jour ; d’autres dates, comme 04/03/2025, seraient lues à l’envers. Refaites "
        f"l’export avec l’année d’abord, par exemple {EXAMPLE}."
    )


def _unreadable(value: str) -> str:
    if not value:
        return f"la case est vide : il faut la date et l’heure, par exemple {EXAMPLE}."
    if re.fullmatch(_TIME_ONLY, value):
        return f"« {value} » est une heure sans date. Ajoutez le jour, par exemple {EXAMPLE}."
    return f"« {value} » n’est pas une date et une heure. Attendu : AAAA-MM-JJ HH:MM:SS, par exemple {EXAMPLE}."
