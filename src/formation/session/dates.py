"""Les dates d’une session : lues comme on les écrit, confrontées au parcours et au calendrier, tout d’un coup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import TYPE_CHECKING

from formation.datasets import simplify
from formation.errors import FormationError
from formation.letters import french
from formation.numbers import plural
from formation.session import closures
from formation.session.closures import weekday
from formation.session.model import Period, Slot, clock

if TYPE_CHECKING:
    from formation.pathways.model import HalfDay, Pathway

FORM = (
    "Formes admises : 2027-01-14 ou 14/01/2027 ; plusieurs dates séparées par des virgules ; l’heure de début se "
    "change ainsi : 2027-01-14@18:30, ou 2027-01-14@09:00+13:45 pour deux demi-journées."
)
SHORTEST_BREAK_MIN = 45
NOON, EVENING = 13, 18
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_FRENCH = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_HOUR = re.compile(r"(\d{1,2})\s*(?:[:h]\s*(\d{2})?)?")


class DatesRefusees(FormationError):
    """Les dates ne conviennent pas au parcours ou au calendrier ; aucune session n’est créée."""


@dataclass(frozen=True)
class Plan:
    """Demi-journées datées.

    Parameters
    ----------
    slots : tuple of Slot
        Demi-journées ; vide s’il y a des problèmes.
    problems : tuple of str
        Ce qui empêche de créer la session.
    remarks : tuple of str
        Ce qui est accepté, et qui mérite un coup d’œil.
    """

    slots: tuple[Slot, ...]
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Wish:
    """Date demandée, et ses heures de début si on en a donné."""

    day: date
    starts: tuple[time, ...] = ()


def plan_slots(
    pathway: Pathway, dates: str | Iterable[str], *, today: date | None = None, despite_holiday: bool = False
) -> tuple[Slot, ...]:
    """Date les demi-journées d’un parcours.

    Parameters
    ----------
    pathway : Pathway
        Parcours.
    dates : str or iterable of str
        Une date par jour du parcours, dans l’ordre.
    today : date, optional
        Jour présent ; par défaut celui de l’horloge.
    despite_holiday : bool
        Vrai pour accepter un jour férié ou un dimanche.

    Returns
    -------
    tuple of Slot
        Demi-journées, dans l’ordre.

    Raises
    ------
    DatesRefusees
        Si une date ne convient pas ; tous les problèmes sont dits à la fois.

    Examples
    --------
    >>> from formation import pathways
    >>> plan_slots(pathways.read("elus-demi-journee"), "2027-01-14", today=date(2026, 11, 22))[0].label
    'matin'
    """
    plan = examine(pathway, dates, today=today, despite_holiday=despite_holiday)
    if plan.problems:
        count = len(plan.problems)
        head = f"{count} problème{'s' if count > 1 else ''} dans les dates. Rien n’a été créé."
        raise DatesRefusees("\n".join([head, *(f"- {text}" for text in plan.problems)]))
    return plan.slots


def examine(
    pathway: Pathway | None,
    dates: str | Iterable[str],
    *,
    today: date | None = None,
    despite_holiday: bool = False,
) -> Plan:
    """Confronte des dates au parcours et au calendrier, sans rien refuser elle-même.

    Parameters
    ----------
    pathway : Pathway or None
        Parcours ; sans lui, seules les dates sont lues.
    dates, today, despite_holiday
        Comme dans `plan_slots`.

    Returns
    -------
    Plan
        Demi-journées, problèmes et remarques.
    """
    texts = [dates] if isinstance(dates, str) else list(dates)
    pieces = [piece.strip() for text in texts for piece in re.split(r"[,;]", text) if piece.strip()]
    wishes, problems = _read(pieces)
    if not pieces:
        problems.append(f"aucune date n’est donnée. {FORM}")
    days = [wish.day for wish in wishes]
    problems += _order(days)
    closed, remarks = closures.confront(days, today or date.today(), despite_holiday=despite_holiday)  # noqa: DTZ011 — jour du poste
    problems += closed
    slots: list[Slot] = []
    if pathway is not None and pieces:
        if len(pieces) != len(pathway.jours):
            problems.append(_count(pathway, len(pieces)))
        elif len(wishes) == len(pieces):
            slots, found, noted = _dated(pathway, wishes)
            problems += found
            remarks += noted
    return Plan(
        () if problems else tuple(slots),
        tuple(french(text) for text in dict.fromkeys(problems)),
        tuple(french(text) for text in remarks),
    )


def _read(pieces: Sequence[str]) -> tuple[list[_Wish], list[str]]:
    wishes, problems = [], []
    for piece in pieces:
        text, _, hours = (part.strip() for part in re.sub(r"(?<=\d)(T| à |\s+)(?=\d)", "@", piece).partition("@"))
        found = _ISO.fullmatch(text)
        parts = found.groups() if found else None
        if parts is None and (found := _FRENCH.fullmatch(text)):
            parts = tuple(reversed(found.groups()))
        if parts is None:
            problems.append(f"« {piece[:40]} » n’est pas une date. {FORM}")
            continue
        try:
            day = date(*(int(part) for part in parts))
        except ValueError:
            problems.append(f"« {text} » n’existe pas dans le calendrier. Vérifiez le jour et le mois.")
            continue
        starts, wrong = _starts(hours)
        problems += [f"« {piece[:40]} » : {one}" for one in wrong]
        wishes.append(_Wish(day, starts))
    return wishes, problems


def _starts(text: str) -> tuple[tuple[time, ...], list[str]]:
    starts, wrong = [], []
    for piece in (part.strip() for part in text.split("+")) if text else ():
        found = _HOUR.fullmatch(piece)
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
        if hour < 24 and minute < 60:
            starts.append(time(hour, minute))
        else:
            wrong.append(f"« {piece[:20]} » n’est pas une heure. Exemples : 9:00, 13h45.")
    return tuple(starts), wrong


def _count(pathway: Pathway, given: int) -> str:
    needed = len(pathway.jours)
    titles = ", ".join(f"« {day.titre} »" for day in pathway.jours)
    return (
        f"le parcours « {pathway.titre} » se joue en {plural(needed, 'jour')} ({titles}), et vous donnez "
        f"{plural(given, 'date')}. Donnez une date par jour, dans l’ordre."
    )


def _order(days: Sequence[date]) -> Iterator[str]:
    for rank, day in enumerate(days):
        if day in days[:rank]:
            yield f"{weekday(day)} est donné deux fois : deux jours du parcours se recouvriraient."
        elif rank and day < days[rank - 1]:
            yield f"{weekday(day)} vient après {weekday(days[rank - 1])} : donnez les dates dans l’ordre."


def _dated(pathway: Pathway, wishes: Sequence[_Wish]) -> tuple[list[Slot], list[str], list[str]]:
    slots: list[Slot] = []
    problems: list[str] = []
    remarks: list[str] = []
    for rank, (day, wish) in enumerate(zip(pathway.jours, wishes, strict=True), 1):
        halves = day.demi_journees
        if wish.starts and len(wish.starts) != len(halves):
            problems.append(
                f"{weekday(wish.day)} : {plural(len(wish.starts), 'heure')} de début pour "
                f"{plural(len(halves), 'demi-journée')}. Donnez-en autant, par exemple 2027-01-14@09:00+13:45, ou "
                "aucune."
            )
            continue
        made: list[Slot] = []
        for place, half in enumerate(halves):
            start = wish.starts[place] if wish.starts else half.start
            slot = _slot(_titled(pathway, rank, half, start), half, wish.day, start, len(slots) + len(made), rank)
            if slot is None:
                problems.append(
                    f"{weekday(wish.day)} : « {half.titre} » commence à {clock(start)} et dure {half.duree_min} "
                    "minutes, donc finirait après minuit. Avancez le début."
                )
                continue
            made.append(slot)
        found, noted = _gaps(made)
        problems += found
        remarks += noted
        slots += made
    return slots, problems, remarks


def period(start: time) -> Period:
    """Moment de la journée d’une heure de début.

    Parameters
    ----------
    start : datetime.time
        Heure de début.

    Returns
    -------
    str
        « matin », « après-midi » ou « soirée ».

    Examples
    --------
    >>> period(time(9)), period(time(13, 30)), period(time(18, 30))
    ('matin', 'après-midi', 'soirée')
    """
    return "matin" if start.hour < NOON else "après-midi" if start.hour < EVENING else "soirée"


def _titled(pathway: Pathway, rank: int, half: HalfDay, start: time) -> str:
    """Titre d’une demi-journée : celui du parcours, mais « Matin » suit l’heure vraiment choisie."""
    title = half.titre
    if simplify(title) in ("matin", "matinee", "apres_midi", "soiree"):
        title = period(start).capitalize()
    day = pathway.jours[rank - 1]
    if len(pathway.jours) == 1 or simplify(title) == simplify(day.titre):
        return title
    if len(day.demi_journees) == 1:
        return day.titre
    return f"{day.titre}, {title[0].lower()}{title[1:]}"


def _slot(title: str, half: HalfDay, day: date, start: time, index: int, rank: int) -> Slot | None:
    minutes = start.hour * 60 + start.minute + half.duree_min
    if minutes >= 24 * 60:
        return None
    pauses = half.duree_min - sum(one.minutes for one in half.taught)
    return Slot(day, start, time(*divmod(minutes, 60)), title, period(start), index, rank, pauses)


def _gaps(slots: Sequence[Slot]) -> tuple[list[str], list[str]]:
    """Demi-journées d’un même jour : se recouvrent-elles, laissent-elles le temps de déjeuner ?"""
    problems, remarks = [], []
    for before, after in pairwise(slots):
        gap = (after.start.hour - before.end.hour) * 60 + after.start.minute - before.end.minute
        what = f"{weekday(after.date)} : « {before.title} » finit à {clock(before.end)} et « {after.title} »"
        if gap < 0 or after.label == before.label:
            problems.append(
                f"{what} commence à {clock(after.start)} : les deux demi-journées se recouvrent. Donnez deux débuts, "
                f"par exemple {after.date.isoformat()}@09:00+13:45."
                if gap < 0
                else f"{what} tombe aussi dans « {after.label} » : donnez-lui un autre début, pour que chaque feuille "
                "d’émargement ait sa demi-journée."
            )
        elif gap < SHORTEST_BREAK_MIN:
            remarks.append(f"{what} commence à {clock(after.start)} : {gap} minutes pour déjeuner, c’est court.")
    return problems, remarks
