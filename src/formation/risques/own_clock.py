"""Mettre un fichier de mesures sur une seule horloge, sans jamais deviner entre heure locale et temps universel."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.datasets.clock import LEGAL, Change, changes, repeated_message, skipped_message, to_utc
from formation.datasets.located import problem
from formation.datasets.moments import Times
from formation.errors import Problem
from formation.numbers import plural

FIXED, WRITTEN = "heure fixe", "écrit dans les cases"
_HOUR = np.timedelta64(3600, "s")
_EXAMPLE = "2019-10-27T02:05+01:00"
_UNTOLD = (
    "L’ordre du fichier ne dit pas laquelle est écrite : une fois seulement, ou les deux mêlées. Une erreur d’une "
    "heure fausserait les délais."
)


@dataclass
class Clock:
    """Heures mises sur une seule horloge.

    Attributes
    ----------
    utc : ndarray of datetime64[s]
        Temps universel, ou heure fixe du fichier ; vide si illisible ou ambiguë.
    zone : str
        Horloge retenue : un fuseau, « heure fixe » ou « écrit dans les cases ».
    problems : list of Problem
        Heures ambiguës, impossibles ou mêlées.
    remarks : list of str
        Ce qui a été compris.
    """

    utc: Times
    zone: str
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def align(
    local: Times,
    offset_min: NDArray[np.float64],
    basins: NDArray[np.int64],
    lines: NDArray[np.int64],
    column: str,
    zone: str | None,
) -> Clock:
    """Met les heures écrites sur une seule horloge.

    Parameters
    ----------
    local : ndarray of datetime64[s], forme (n,)
        Heures telles qu’écrites ; vides si illisibles.
    offset_min : ndarray of float, forme (n,)
        Décalage écrit dans la case, en minutes ; vide s’il n’y en a pas.
    basins, lines : ndarray of int, forme (n,)
        Numéro du bassin et numéro de ligne.
    column : str
        Nom de la colonne dans le fichier.
    zone : str or None
        Fuseau annoncé ; `None` si l’utilisateur n’en a pas donné.

    Returns
    -------
    Clock
        Horloge, problèmes et remarques.
    """
    read, written = ~np.isnat(local), np.isfinite(offset_min)
    if (written & read).any():
        return _written(local, offset_min, lines, column)
    if zone is None:
        return _undeclared(local, basins, lines, column)
    return _declared(local, basins, lines, column, zone)


def _written(local: Times, offset_min: NDArray[np.float64], lines: NDArray[np.int64], column: str) -> Clock:
    without = np.isnan(offset_min) & ~np.isnat(local)
    utc = local - np.nan_to_num(offset_min).astype("timedelta64[m]")
    clock = Clock(utc, WRITTEN)
    if without.any():
        message = (
            "le fuseau est écrit dans certaines cases (Z, +01:00) et pas dans celles-ci : on ne sait pas si elles sont "
            f"en heure locale ou en temps universel. Écrivez-le partout, par exemple {_EXAMPLE}, ou nulle part."
        )
        clock.problems.append(problem("fuseau_mele", without, lines, column, message))
    else:
        clock.remarks.append("Fuseau écrit dans les cases : converti en temps universel.")
    return clock


def _undeclared(local: Times, basins: NDArray[np.int64], lines: NDArray[np.int64], column: str) -> Clock:
    """Sans fuseau annoncé : une heure répétée ou sautée au changement d’heure demande à l’utilisateur de choisir."""
    clock = Clock(local.copy(), FIXED)
    crossed = _changes(LEGAL, local)
    for change in crossed:
        inside = _inside(local, change)
        if change.kind == "repetee":
            twice = inside & _repeated(local, basins)
            if twice.any():
                clock.problems.append(problem("heure_repetee", twice, lines, column, _repeated_message(change)))
                clock.utc[inside] = np.datetime64("NaT")
        elif not inside.any() and (edges := _edges(local, basins, change)) is not None:
            shown = tuple(int(line) for line in lines[edges])
            clock.problems.append(Problem("heure_sautee", _skipped_message(change), column, shown, count=len(shown)))
    if crossed and not clock.problems:
        clock.remarks.append(
            f"{plural(len(crossed), 'changement')} d’heure dans la période, sans heure répétée ni sautée : lu comme "
            "une heure fixe (temps universel ou heure d’hiver). Si c’est l’heure légale, ajoutez --fuseau Europe/Paris."
        )
    return clock


def _declared(local: Times, basins: NDArray[np.int64], lines: NDArray[np.int64], column: str, zone: str) -> Clock:
    clock = Clock(local, zone)
    later, unsure = np.zeros(len(local), dtype=bool), np.zeros(len(local), dtype=bool)
    for change in _changes(zone, local):
        inside = _inside(local, change)
        if not inside.any():
            continue
        if change.kind == "sautee":
            message = skipped_message(local[inside][0], zone)
            clock.problems.append(problem("heure_absente", inside, lines, column, message))
            continue
        second, doubtful = _second_pass(local, basins, inside)
        later |= second
        unsure |= doubtful
        if doubtful.any():
            message = repeated_message(local[doubtful][0], zone, _UNTOLD)
            clock.problems.append(problem("heure_en_double", doubtful, lines, column, message))
    clock.utc = to_utc(local, zone, second=later)
    clock.utc[unsure] = np.datetime64("NaT")
    if (clock.utc != local)[~np.isnat(clock.utc)].any():
        clock.remarks.append(f"Heures lues dans le fuseau {zone}, puis converties en temps universel.")
    return clock


def _second_pass(
    local: Times, basins: NDArray[np.int64], inside: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Lignes de la seconde fois où l’heure est répétée, d’après l’ordre du fichier ; et lignes où il ne dit rien."""
    second, doubtful = np.zeros(len(local), dtype=bool), np.zeros(len(local), dtype=bool)
    for basin in np.unique(basins[inside]):
        rows = np.flatnonzero(inside & (basins == basin))
        every = np.flatnonzero(basins == basin)
        steps = np.diff(local[every]).astype("timedelta64[s]").astype(float)
        steps = steps[np.isfinite(steps)]
        if len(steps) and np.median(steps) < 0:  # le plus récent d’abord
            rows = rows[::-1]
        back = np.flatnonzero(np.diff(local[rows]).astype(float) <= 0)
        _, counts = np.unique(local[rows], return_counts=True)
        if len(back) == 1 and counts.max() == 2:
            second[rows[back[0] + 1 :]] = True
        else:
            doubtful[rows] = True
    return second, doubtful


def _changes(zone: str, local: Times) -> list[Change]:
    read = local[~np.isnat(local)]
    # Le jour entier : un fichier qui commence juste après un changement en subit encore l’effet.
    day = np.timedelta64(1, "D")
    return changes(zone, read.min() - day, read.max() + day) if len(read) else []


def _inside(local: Times, change: Change) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (local >= change.start) & (local < change.end)
    return found


def _repeated(local: Times, basins: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray(pd.DataFrame({"b": basins, "t": local}).duplicated(keep=False), dtype=bool)


def _edges(local: Times, basins: NDArray[np.int64], change: Change) -> NDArray[np.int64] | None:
    """Dernière ligne avant l’heure sautée et première après, si un bassin mesure juste avant et juste après."""
    before = (local >= change.start - _HOUR) & (local < change.start)
    after = (local >= change.end) & (local < change.end + _HOUR)
    for basin in np.intersect1d(basins[before], basins[after]):
        rows = np.flatnonzero((basins == basin) & (before | after))
        order = rows[np.argsort(local[rows], kind="stable")]
        rank = int(np.searchsorted(local[order], change.start))
        return order[[rank - 1, rank]]
    return None


def _hours(change: Change) -> str:
    day = change.start.item()
    last = (change.end - np.timedelta64(60, "s")).item()
    return f"le {day:%d/%m/%Y} de {day:%H:%M} à {last:%H:%M}"


def _repeated_message(change: Change) -> str:
    return (
        f"{_hours(change)}, chaque heure figure deux fois : c’est le passage à l’heure d’hiver. Deux lectures : en "
        "heure légale, les deux passages sont de vraies mesures, à une heure d’écart ; en temps universel, ce sont "
        "des lignes en double. Décaler le débit d’une heure fausserait tous les délais. Relancez avec --fuseau "
        f"Europe/Paris ou --fuseau UTC, ou écrivez le fuseau dans les cases, par exemple {_EXAMPLE}."
    )


def _skipped_message(change: Change) -> str:
    return (
        f"{_hours(change)}, rien n’est mesuré, alors que tout l’est juste avant et juste après : c’est le passage à "
        "l’heure d’été. Deux lectures : en heure légale, cette heure n’existe pas et rien ne manque ; en temps "
        "universel, une heure de mesures est perdue. Relancez avec --fuseau Europe/Paris ou --fuseau UTC, ou écrivez "
        f"le fuseau dans les cases, par exemple {_EXAMPLE}."
    )
