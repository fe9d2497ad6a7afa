"""Le pas de temps d’une série : constant, ou refusé ; puis une grille où chaque mesure a sa place."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.datasets.located import problem
from formation.datasets.moments import Times
from formation.errors import LINES_SHOWN, Problem
from formation.numbers import number, plural

STEPS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
"""Pas acceptés, en minutes : ceux qui divisent l’heure."""
FINEST = 5
"""Un pas plus fin est ramené à cinq ou six minutes."""
BREAK_MIN = 360
"""Interruption, en minutes, après laquelle la série peut repartir décalée."""
MAX_CELLS = 20_000_000
_ENOUGH = 0.8


@dataclass
class Grid:
    """Mesures sur une grille régulière.

    Attributes
    ----------
    rain, flow : ndarray of float32, forme (n_bassins, n_pas)
        Pluie (mm/h) et débit (m³/s) ; vide si absent.
    start : datetime64
        Premier pas.
    step_min : int
        Pas, en minutes.
    """

    rain: NDArray[np.float32]
    flow: NDArray[np.float32]
    start: np.datetime64
    step_min: int


@dataclass
class Step:
    """Pas trouvé, problèmes et remarques."""

    minutes: int = 0
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def find_step(utc: Times, basins: NDArray[np.int64], lines: NDArray[np.int64], names: list[str], column: str) -> Step:
    """Cherche le pas de temps et tout ce qui s’en écarte.

    Parameters
    ----------
    utc : ndarray of datetime64[s], forme (n,)
        Heures sur une seule horloge ; vides si illisibles ou ambiguës.
    basins, lines : ndarray of int, forme (n,)
        Numéro du bassin et numéro de ligne.
    names : list of str
        Nom des bassins.
    column : str
        Colonne de l’heure, pour les messages.

    Returns
    -------
    Step
        Pas en minutes, 0 s’il n’y en a pas.
    """
    found = Step()
    kept = np.flatnonzero(~np.isnat(utc))
    order = kept[np.lexsort((utc[kept].astype(np.int64), basins[kept]))]
    gap = np.diff(utc[order]).astype("timedelta64[m]").astype(np.int64)
    same = np.diff(basins[order]) == 0
    _duplicates(found, utc, order, same & (gap == 0), lines, column)
    steps = {}
    for basin in np.unique(basins[order]):
        mine = gap[same & (basins[order][1:] == basin) & (gap > 0)]
        if len(mine):
            values, counts = np.unique(mine, return_counts=True)
            steps[int(basin)] = (int(values[counts.argmax()]), float(counts.max() / (mine < BREAK_MIN).sum().clip(1)))
    if not steps:
        return found
    usual = {step for step, _ in steps.values()}
    variable = [basin for basin, (_, share) in steps.items() if share < _ENOUGH]
    if variable:
        found.problems.append(_variable(names[variable[0]], gap[same & (gap > 0)], column))
    elif len(usual) > 1:
        listed = " ; ".join(f"{names[basin]}, {step} min" for basin, (step, _) in list(steps.items())[:6])
        message = (
            f"les bassins n’ont pas le même pas de temps ({listed}). Les comparer demande la même horloge : "
            "ramenez-les au plus grand pas, par exemple 15 min, ou essayez chaque bassin à part."
        )
        found.problems.append(Problem("pas_differents", message, column))
    elif (step := usual.pop()) not in STEPS:
        message = (
            f"le pas de temps est de {step} min. Pas acceptés : {', '.join(map(str, STEPS))} min. Une crue éclair "
            "monte en moins d’une heure : un pas plus long la manque, un pas qui ne divise pas l’heure ne tombe pas "
            "sur 30, 60 et 120 min. Refaites l’export, par exemple à 5 min."
        )
        found.problems.append(Problem("pas_inconnu", message, column))
    else:
        found.minutes = step
        _irregular(found, order, same & (gap % step != 0), gap, lines, column)
    return found


def fill(
    utc: Times, basins: NDArray[np.int64], rain: NDArray[np.float64], flow: NDArray[np.float64], step_min: int
) -> Grid:
    """Pose chaque mesure à sa place.

    Parameters
    ----------
    utc : ndarray of datetime64[s], forme (n,)
        Heures, toutes lisibles.
    basins : ndarray of int, forme (n,)
        Numéro du bassin, à partir de 0.
    rain, flow : ndarray, forme (n,)
        Pluie (mm/h) et débit (m³/s).
    step_min : int
        Pas de la série.

    Returns
    -------
    Grid
        Grille au pas de la série, ou à cinq ou six minutes si elle est plus fine.
    """
    start = utc.min()
    place = np.rint((utc - start).astype(np.int64) / (60 * step_min)).astype(np.int64)
    shape = (int(basins.max()) + 1, int(place.max()) + 1)
    grids = []
    for values in (rain, flow):
        grid = np.full(shape, np.nan, dtype=np.float32)
        grid[basins, place] = values
        grids.append(grid)
    target = next(step for step in STEPS if step >= min(FINEST, max(step_min, FINEST)) and step % step_min == 0)
    target = max(target, step_min)
    if target > step_min:
        grids = [_mean(grid, target // step_min) for grid in grids]
    return Grid(grids[0], grids[1], start, target)


def too_large(utc: Times, basins: int, step_min: int) -> Problem | None:
    """Refuse une période démesurée avant de réserver sa place en mémoire.

    Parameters
    ----------
    utc : ndarray of datetime64[s]
        Heures.
    basins : int
        Nombre de bassins.
    step_min : int
        Pas, en minutes.

    Returns
    -------
    Problem or None
        Rien si la période tient.
    """
    read = utc[~np.isnat(utc)]
    if not len(read) or not step_min:
        return None
    cells = basins * (int((read.max() - read.min()).astype(np.int64)) // (60 * step_min) + 1)
    if cells <= MAX_CELLS:
        return None
    years = (read.max() - read.min()).astype(np.int64) / 31_557_600
    message = (
        f"{plural(basins, 'bassin')} sur {number(years)} ans au pas de {step_min} min font {number(cells)} cases, "
        f"l’essai en accepte {number(MAX_CELLS)}. Donnez moins d’années ou moins de bassins à la fois. Si la période "
        "est plus courte que cela, une date est fausse : cherchez la plus ancienne et la plus récente."
    )
    return Problem("periode_trop_longue", message)


def _mean(grid: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Moyenne par paquets ; un paquet à moitié vide reste vide."""
    width = -(-grid.shape[1] // size) * size
    padded = np.full((grid.shape[0], width), np.nan, dtype=np.float32)
    padded[:, : grid.shape[1]] = grid
    parts = padded.reshape(grid.shape[0], -1, size)
    known = np.isfinite(parts).sum(axis=2)
    total = np.nansum(parts, axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(2 * known >= size, total / known, np.nan).astype(np.float32)


def _duplicates(
    found: Step,
    utc: Times,
    order: NDArray[np.int64],
    again: NDArray[np.bool_],
    lines: NDArray[np.int64],
    column: str,
) -> None:
    if not again.any():
        return
    second = np.zeros(len(utc), dtype=bool)
    second[order[1:][again]] = True
    first = order[:-1][again][0]
    moment = pd.Timestamp(utc[first])
    message = (
        f"le {moment:%d/%m/%Y à %H:%M} figure déjà à la ligne {lines[first]} pour le même bassin. On ne sait pas "
        "quelle mesure est la bonne : retirez celle qui est en trop."
    )
    if moment.month == 10 and moment.day > 24 and moment.hour in (0, 1, 2) and moment.day_of_week == 6:
        message += (
            " C’est la nuit du passage à l’heure d’hiver : un fichier en heure légale se lit avec "
            "--fuseau Europe/Paris."
        )
    found.problems.append(problem("doublon", second, lines, column, message))


def _irregular(
    found: Step,
    order: NDArray[np.int64],
    wrong: NDArray[np.bool_],
    gap: NDArray[np.int64],
    lines: NDArray[np.int64],
    column: str,
) -> None:
    """Un écart qui n’est pas un nombre entier de pas : refusé, sauf après une longue interruption."""
    step = found.minutes
    late = wrong & (gap >= BREAK_MIN)
    if late.any():
        found.remarks.append(
            f"{plural(int(late.sum()), 'reprise')} après une longue interruption, "
            f"décalée{'s' if late.sum() > 1 else ''} de moins de {step} min : posée{'s' if late.sum() > 1 else ''} "
            "au pas le plus proche."
        )
    wrong = wrong & ~late
    if not wrong.any():
        return
    rows = np.flatnonzero(wrong)
    shown = tuple(int(line) for line in lines[order[1:][rows[:LINES_SHOWN]]])
    first = int(gap[rows[0]])
    message = (
        f"{first} min depuis la mesure précédente du bassin (ligne {lines[order[:-1][rows[0]]]}), alors que le pas "
        f"est de {step} min. Les cumuls et les délais se comptent en pas : une mesure entre deux fausserait les "
        f"deux. Rééchantillonnez à {step} min (moyenne du débit, somme de la pluie), par exemple 18:00, "
        f"18:0{min(step, 9)}, ou retirez ces lignes."
    )
    found.problems.append(Problem("pas_irregulier", message, column, shown, count=len(rows)))


def _variable(name: str, gap: NDArray[np.int64], column: str) -> Problem:
    seen = ", ".join(f"{value} min" for value in pd.Series(gap).value_counts().index[:4])
    return Problem(
        "pas_irregulier",
        f"le pas de temps varie (bassin {name} ; écarts les plus fréquents : {seen}). Beaucoup de stations "
        "n’enregistrent que les changements : redemandez l’export « à pas de temps fixe », ou rééchantillonnez à "
        "5 min (débit interpolé, pluie en somme), par exemple 18:00, 18:05, 18:10.",
        column,
    )
