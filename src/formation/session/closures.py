"""Le calendrier : jours fériés, dimanches, et ce qui vaut seulement en Alsace et en Moselle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from formation.errors import FormationError
from formation.letters import french
from formation.numbers import long_day

FARTHEST_DAYS = 730
SATURDAY, SUNDAY = 5, 6
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_PLACES = {"57": "en Moselle", "6AE": "en Alsace"}


class CalendrierIntrouvable(FormationError):
    """La bibliothèque des jours fériés n’est pas installée."""


def weekday(day: date) -> str:
    """Date avec son jour de la semaine.

    Parameters
    ----------
    day : date
        Jour.

    Returns
    -------
    str
        Texte, espaces insécables.

    Examples
    --------
    >>> weekday(date(2027, 1, 14)).replace(chr(160), " ")
    'jeudi 14 janvier 2027'
    """
    return f"{_WEEKDAYS[day.weekday()]}\u00a0{long_day(day.isoformat())}"


def holidays_of(year: int, region: str | None = None) -> Any:
    """Jours fériés d’une année.

    Parameters
    ----------
    year : int
        Année.
    region : str, optional
        Subdivision de la bibliothèque holidays, par exemple `57` pour la Moselle ; par défaut, toute la France.

    Returns
    -------
    mapping of date to str
        Nom de chaque jour férié.

    Raises
    ------
    CalendrierIntrouvable
        Si la bibliothèque des jours fériés n’est pas installée.

    Examples
    --------
    >>> holidays_of(2027)[date(2027, 5, 6)]
    'Ascension'
    """
    try:
        from holidays import country_holidays
    except ModuleNotFoundError:
        raise CalendrierIntrouvable(
            french(
                "Les jours fériés demandent la bibliothèque « holidays », qui n’est pas installée. Installez-la : "
                'pip install "formation-ia-territoires[session]"'
            )
        ) from None
    return country_holidays("FR", subdiv=region, years=year, language="fr")


def confront(days: Iterable[date], today: date, *, despite_holiday: bool) -> tuple[list[str], list[str]]:
    """Confronte des jours au calendrier.

    Parameters
    ----------
    days : iterable of date
        Jours demandés.
    today : date
        Jour présent.
    despite_holiday : bool
        Vrai pour accepter un jour férié ou un dimanche.

    Returns
    -------
    tuple of (list of str, list of str)
        Problèmes et remarques.

    Examples
    --------
    >>> confront([date(2027, 5, 6)], date(2026, 11, 22), despite_holiday=True)[0]
    []
    """
    problems: list[str] = []
    remarks: list[str] = []
    for day in dict.fromkeys(days):
        closed = _closed(day)
        if closed and despite_holiday:
            remarks.append(f"{_named(day)} est {closed} : gardé, comme demandé.")
        elif closed:
            problems.append(
                f"{_named(day)} est {closed}. Choisissez un autre jour, par exemple {weekday(_next_open(day))} ; pour "
                "le garder quand même, ajoutez --malgre-ferie."
            )
        else:
            remarks += _local(day)
        if day < today:
            remarks.append(f"{weekday(day)} est passé : accepté, pour une session à reconstituer.")
        elif (day - today).days > FARTHEST_DAYS:
            remarks.append(f"{weekday(day)} est dans plus de deux ans : vérifiez l’année.")
        if day.weekday() == SATURDAY:
            remarks.append(f"Le {long_day(day.isoformat())} est un samedi : vérifiez que le lieu sera ouvert.")
    return problems, remarks


def _closed(day: date) -> str:
    """Pourquoi ce jour est chômé partout en France ; vide s’il ne l’est pas."""
    name = holidays_of(day.year).get(day)
    if name:
        return f"un jour férié ({name})"
    return "un dimanche" if day.weekday() == SUNDAY else ""


def _named(day: date) -> str:
    return f"le {long_day(day.isoformat()) if day.weekday() == SUNDAY else weekday(day)}"


def _next_open(day: date) -> date:
    day += timedelta(days=1)
    while _closed(day) or day.weekday() == SATURDAY:
        day += timedelta(days=1)
    return day


def _local(day: date) -> Iterator[str]:
    where: dict[str, list[str]] = {}
    for region, place in _PLACES.items():
        name = holidays_of(day.year, region).get(day)
        if name:
            where.setdefault(name, []).append(place)
    for name, places in where.items():
        yield f"{weekday(day)} est férié {' et '.join(places)} ({name}) : changez de jour si votre session s’y tient."
