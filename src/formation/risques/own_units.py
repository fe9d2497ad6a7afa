"""Douter d’une unité quand l’eau tombée et l’eau écoulée ne se ressemblent pas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formation.datasets.located import problem
from formation.errors import Problem
from formation.numbers import number, percent, plural, shortest
from formation.risques.own_columns import FLOW, RAIN, Columns
from formation.risques.own_grid import Grid

MAX_MM_H = 600.0
"""Intensité au-delà de laquelle, sur un pas, ce n’est plus une mesure."""
YEAR_MM = (100.0, 6_000.0)
"""Pluie annuelle plausible en France, outre-mer compris."""
LONG_DAYS = 180
MAX_KM2 = 1_000.0
"""Surface au-delà de laquelle il ne s’agit plus d’une crue éclair."""
WIDE_KM2 = 200.0
STUCK_H = 24
_DAY_MIN = 1_440


def too_intense(rain: NDArray[np.float64], step_min: int, lines: NDArray[np.int64], column: str) -> Problem | None:
    """Cumuls qui, ramenés à l’heure, dépassent toute pluie.

    Parameters
    ----------
    rain : ndarray, forme (n,)
        Pluie, en mm/h.
    step_min : int
        Pas, en minutes.
    lines : ndarray of int
        Numéros de ligne.
    column : str
        Colonne.

    Returns
    -------
    Problem or None
        Rien si tout est possible.
    """
    wrong = rain > MAX_MM_H
    if not wrong.any():
        return None
    most = MAX_MM_H * step_min / 60
    value = float(rain[int(np.argmax(wrong))]) * step_min / 60
    message = (
        f"« {shortest(value)} » mm en {step_min} min, soit {number(value * 60 / step_min)} mm/h, est impossible : une "
        "panne, un compteur jamais remis à zéro, ou des dixièmes de millimètre. Attendu : au plus "
        f"{shortest(most)} mm sur le pas, par exemple 2.5. Corrigez l’unité, ou videz la case."
    )
    return problem("trop_grand", wrong, lines, column, message)


def doubts(grid: Grid, names: list[str], columns: Columns) -> list[Problem]:
    """Unités invraisemblables sur toute la série.

    Parameters
    ----------
    grid : Grid
        Séries.
    names : list of str
        Noms des bassins.
    columns : Columns
        Colonnes reconnues, pour citer leur nom.

    Returns
    -------
    list of Problem
        Vide si tout est plausible.
    """
    return [*_yearly(grid, names, columns), *_volumes(grid, names, columns)]


def cautions(grid: Grid, names: list[str]) -> list[str]:
    """Ce qui se lit, mais mérite un mot : grand bassin, capteur figé, capteur muet quand il pleut.

    Parameters
    ----------
    grid : Grid
        Séries.
    names : list of str
        Noms des bassins.

    Returns
    -------
    list of str
        Remarques.
    """
    notes = []
    for rank, name in enumerate(names):
        area = least_area_km2(grid, rank)
        if area > WIDE_KM2:
            notes.append(
                f"Bassin {name} : l’eau écoulée suppose au moins {number(area)} km². Un grand bassin réagit en "
                "plusieurs heures : les horizons de cet essai y sont trop courts."
            )
        flow, rain = grid.flow[rank], grid.rain[rank]
        wet = rain >= 5
        if wet.sum() >= 20:
            silent = float(np.isnan(flow[wet]).mean())
            usual = float(np.isnan(flow).mean())
            if silent > 0.05 and silent > 2 * usual:
                notes.append(
                    f"Bassin {name} : le débit manque {percent(silent)} du temps quand il pleut fort (5 mm/h et plus), "
                    f"contre {percent(usual)} en tout. Un capteur qui se tait quand il sert fausse toute mesure."
                )
        longest = _longest_run(flow)
        if longest * grid.step_min > STUCK_H * 60 and _moving(flow):
            notes.append(
                f"Bassin {name} : le débit garde exactement la même valeur pendant "
                f"{plural(round(longest * grid.step_min / 60), 'heure')}. Capteur figé, ou rivière à sec ? Vérifiez."
            )
    return notes


def least_area_km2(grid: Grid, rank: int) -> float:
    """Surface minimale pour que la pluie tombée suffise à l’eau écoulée.

    Parameters
    ----------
    grid : Grid
        Séries.
    rank : int
        Numéro du bassin.

    Returns
    -------
    float
        Surface, en km² ; 0 si on ne peut pas le dire.
    """
    both = np.isfinite(grid.rain[rank]) & np.isfinite(grid.flow[rank])
    fallen_mm = float(grid.rain[rank][both].sum(dtype=float)) * grid.step_min / 60
    passed_m3 = float(grid.flow[rank][both].sum(dtype=float)) * grid.step_min * 60
    return passed_m3 / (fallen_mm * 1000) if fallen_mm > 0 else 0.0


def _yearly(grid: Grid, names: list[str], columns: Columns) -> list[Problem]:
    found = []
    for rank, name in enumerate(names):
        known = np.isfinite(grid.rain[rank])
        days = float(known.sum()) * grid.step_min / _DAY_MIN
        # Un fichier qui ne garde que les heures de pluie ne dit rien du total annuel.
        if days < LONG_DAYS or float(known.mean()) < 0.5:
            continue
        year = float(grid.rain[rank][known].mean(dtype=float)) * 24 * 365.25
        if YEAR_MM[0] <= year <= YEAR_MM[1]:
            continue
        low = year < YEAR_MM[0]
        other = "pluie_mm" if columns.rain_unit == "mm/h" else "pluie_mm_h"
        guess = (
            f"ce sont sans doute des millimètres par pas (nommez la colonne « {other} »), ou des pouces"
            if low and columns.rain_unit == "mm/h"
            else "ce sont sans doute des centimètres ou des pouces"
            if low
            else f"ce sont sans doute des millimètres par heure (nommez la colonne « {other} ») ou des dixièmes de "
            "millimètre (divisez par 10)"
            if columns.rain_unit == "mm"
            else "ce sont sans doute des dixièmes de millimètre (divisez par 10)"
        )
        message = (
            f"bassin {name} : ces valeurs feraient {number(year)} mm de pluie par an, alors qu’il en tombe de "
            f"{number(YEAR_MM[0])} à {number(YEAR_MM[1])} en France : {guess}. Exemple attendu : 12.5 pour une forte "
            "pluie."
        )
        found.append(Problem("unite_douteuse", message, columns.names[RAIN]))
    return found[:3]


def _volumes(grid: Grid, names: list[str], columns: Columns) -> list[Problem]:
    found = []
    for rank, name in enumerate(names):
        area = least_area_km2(grid, rank)
        if area <= MAX_KM2:
            continue
        what = "litres par seconde (nommez alors la colonne « debit_l_s »)"
        if columns.flow_unit == "l/s":
            what = "mètres cubes par heure ou par jour"
        message = (
            f"bassin {name} : pour écouler autant d’eau avec la pluie du fichier, il faudrait au moins "
            f"{number(area)} km². Ce sont sans doute des {what}. Si le bassin est vraiment si grand, cet essai n’est "
            "pas fait pour lui : il porte sur des crues qui montent en moins de deux heures. Exemple attendu : 3.4 "
            "pour un ruisseau en crue."
        )
        found.append(Problem("unite_douteuse", message, columns.names[FLOW]))
    return found[:3]


def _longest_run(values: NDArray[np.float32]) -> int:
    same = np.concatenate([[False], (values[1:] == values[:-1]) & (values[1:] > 0), [False]])
    edges = np.flatnonzero(same[1:] != same[:-1])
    return int((edges[1::2] - edges[::2]).max()) + 1 if len(edges) else 0


def _moving(values: NDArray[np.float32]) -> bool:
    known = values[np.isfinite(values)]
    return bool(len(known)) and float(known.max()) > 2 * float(np.median(known)) > 0
