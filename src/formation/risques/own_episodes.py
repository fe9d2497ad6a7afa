"""Découper une longue série en épisodes de pluie, et répartir les épisodes entiers : apprendre, choisir, juger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formation.errors import FormationError
from formation.numbers import number, plural

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formation.risques.own_grid import Grid

WET_MM_H = 1.0
"""Pluie sur une heure, en mm, à partir de laquelle un bassin est sous la pluie."""
BEFORE_MIN, AFTER_MIN = 60, 240
"""Minutes gardées avant la pluie et après elle : le débit monte et redescend encore."""
LEAST_MM = 5.0
SHARES = (0.5, 0.2, 0.3)
SETS = ("apprentissage", "validation", "test")
MIN_FLOODS = (8, 3, 6)
"""Crues qu’il faut dans chaque part : épisodes où un bassin dépasse son seuil."""
FREQUENT = 0.2
"""Sans seuil donné : le débit dépassé dans cette part des épisodes d’apprentissage."""


class TropPeuDeCrues(FormationError):
    """La série n’a pas assez d’épisodes ou de dépassements pour une mesure honnête."""


class SeuilInvalide(FormationError):
    """Un seuil de débit demandé ne se lit pas, ou ne désigne aucun bassin."""


@dataclass(frozen=True)
class Episodes:
    """Épisodes trouvés.

    Attributes
    ----------
    bounds : ndarray of int, forme (n, 2)
        Premier pas et pas qui suit le dernier.
    sets : ndarray of str, forme (n,)
        Part de chaque épisode.
    peaks : ndarray, forme (n, n_bassins)
        Débit maximal mesuré, en m³/s ; vide si le débit manque tout du long.
    """

    bounds: NDArray[np.int64]
    sets: NDArray[np.str_]
    peaks: NDArray[np.float64]

    def floods(self, thresholds: NDArray[np.float64]) -> dict[str, int]:
        """Épisodes où un bassin dépasse son seuil, par part.

        Parameters
        ----------
        thresholds : ndarray, forme (n_bassins,)
            Seuils, en m³/s.

        Returns
        -------
        dict of str to int
            Nombre d’épisodes de chaque part.
        """
        over = (np.nan_to_num(self.peaks) >= thresholds).any(axis=1)
        return {name: int((over & (self.sets == name)).sum()) for name in SETS}


def cut(grid: Grid) -> Episodes:
    """Découpe la série : un épisode commence avant la pluie et finit quatre heures après.

    Parameters
    ----------
    grid : Grid
        Pluies et débits à pas constant ; un épisode est commun à tous les bassins, pour qu’un même orage ne serve
        jamais à la fois à apprendre et à juger.

    Returns
    -------
    Episodes
        Dans l’ordre du temps.

    Raises
    ------
    TropPeuDeCrues
        S’il n’y a pas assez d’épisodes.
    """
    bounds = _windows(grid)
    wanted = 2 * sum(MIN_FLOODS)
    if len(bounds) < wanted:
        raise TropPeuDeCrues(
            f"{plural(len(bounds), 'épisode')} de pluie d’au moins {number(LEAST_MM)} mm dans ce fichier : il en "
            f"faut {wanted} au moins pour apprendre, choisir et juger sur des orages différents. Remontez plus loin "
            "dans les archives de la station, ou réunissez plusieurs bassins voisins dans le même fichier (colonne "
            "id_bassin)."
        )
    ends = np.round(np.cumsum(SHARES) * len(bounds)).astype(int)
    sets = np.repeat(np.array(SETS), np.diff([0, *ends]))
    peaks = np.array([_peak(grid.flow[:, first:last]) for first, last in bounds])
    return Episodes(bounds, sets, peaks)


def parse_thresholds(texts: list[str], names: list[str]) -> dict[str, float]:
    """Lit les seuils donnés par l’utilisateur.

    Parameters
    ----------
    texts : list of str
        « 12,5 » pour tous les bassins, ou « B1=12,5 » pour un seul.
    names : list of str
        Bassins du fichier.

    Returns
    -------
    dict of str to float
        Seuil par bassin, en m³/s.

    Raises
    ------
    SeuilInvalide
        Si un seuil ne se lit pas ou ne désigne aucun bassin ; tous les défauts sont dits.

    Examples
    --------
    >>> parse_thresholds(["8", "B2=12,5"], ["B1", "B2"])
    {'B1': 8.0, 'B2': 12.5}
    """
    found: dict[str, float] = {}
    wrong = []
    for text in sorted(texts, key=lambda item: "=" in item):
        name, _, value = text.rpartition("=")
        try:
            threshold = float(value.strip().replace(",", "."))
        except ValueError:
            threshold = float("nan")
        if not 0 < threshold < np.inf:
            wrong.append(f"« {text} » n’est pas un débit en m³/s, plus grand que zéro")
        elif name and name.strip() not in names:
            wrong.append(f"« {name.strip()} » n’est pas un bassin du fichier ({', '.join(names[:8])})")
        else:
            found |= dict.fromkeys([name.strip()] if name else names, threshold)
    if wrong:
        raise SeuilInvalide(
            f"Seuil illisible : {' ; '.join(wrong)}. Exemples : --seuil 12,5 pour tous les bassins, ou --seuil B1=12,5 "
            "--seuil B2=4 pour chacun."
        )
    return found


def thresholds(episodes: Episodes, names: list[str], given: dict[str, float]) -> tuple[NDArray[np.float64], list[str]]:
    """Seuil de chaque bassin, donné ou choisi sur l’apprentissage.

    Parameters
    ----------
    episodes : Episodes
        Épisodes.
    names : list of str
        Bassins.
    given : dict of str to float
        Seuils donnés, en m³/s.

    Returns
    -------
    ndarray, forme (n_bassins,)
        Seuils, en m³/s.
    list of str
        Remarques.
    """
    learnt = episodes.peaks[episodes.sets == SETS[0]]
    values, guessed = [], []
    for rank, name in enumerate(names):
        peaks = learnt[:, rank][np.isfinite(learnt[:, rank])]
        value = given.get(name, float(np.quantile(peaks, 1 - FREQUENT)) if len(peaks) else float("inf"))
        values.append(value)
        if name not in given and np.isfinite(value):
            guessed.append(f"{name} {number(value, 1 if value >= 10 else 2)}\u00a0m³/s")
    remarks = []
    if guessed:
        remarks.append(
            "Seuil non donné, choisi par l’essai : le débit que dépasse un épisode d’apprentissage sur cinq "
            f"({', '.join(guessed)}). Ce n’est pas un seuil de danger : donnez le vôtre avec --seuil."
        )
    return np.array(values), remarks


def check_floods(episodes: Episodes, thresholds_: NDArray[np.float64]) -> dict[str, int]:
    """Refuse de juger quand trop peu d’épisodes dépassent le seuil.

    Parameters
    ----------
    episodes : Episodes
        Épisodes.
    thresholds_ : ndarray, forme (n_bassins,)
        Seuils, en m³/s.

    Returns
    -------
    dict of str to int
        Crues par part.

    Raises
    ------
    TropPeuDeCrues
        S’il y en a trop peu dans une part, ou si presque tous les épisodes dépassent le seuil.
    """
    counts = episodes.floods(thresholds_)
    total, every = sum(counts.values()), len(episodes.bounds)
    if any(counts[name] < least for name, least in zip(SETS, MIN_FLOODS, strict=True)):
        had = ", ".join(f"{counts[name]} pour {word}" for name, word in zip(SETS, _WORDS, strict=True))
        need = ", ".join(f"{least} pour {word}" for least, word in zip(MIN_FLOODS, _WORDS, strict=True))
        raise TropPeuDeCrues(
            f"Trop peu de crues pour conclure : sur {plural(every, 'épisode')}, {had} dépassent le seuil. Il en faut "
            f"au moins {need} : en dessous, toute méthode semble bonne, ou mauvaise, par chance. Remontez plus loin "
            "dans les archives, réunissez plusieurs bassins, ou essayez un seuil plus bas (--seuil), par exemple "
            "celui de la première vigilance."
        )
    if total > 0.8 * every:
        raise TropPeuDeCrues(
            f"{total} épisodes sur {every} dépassent le seuil : ce n’est plus une alerte. Vérifiez l’unité du seuil et "
            "celle du débit (l/s ou m³/s ?), ou donnez un seuil plus haut, par exemple --seuil 12,5."
        )
    return counts


_WORDS = ("apprendre", "choisir", "juger")


def _windows(grid: Grid) -> NDArray[np.int64]:
    step = grid.step_min
    hour = max(1, 60 // step)
    rain = np.nan_to_num(grid.rain)
    summed = np.cumsum(np.pad(rain, ((0, 0), (hour, 0))), axis=1, dtype=float) * step / 60
    active = np.any((summed[:, hour:] - summed[:, :-hour]) >= WET_MM_H, axis=0).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], active, [0]])))
    windows: list[list[int]] = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        begin, end = max(0, first - hour - BEFORE_MIN // step), min(len(active), last + AFTER_MIN // step)
        if windows and begin <= windows[-1][1]:
            windows[-1][1] = end
        else:
            windows.append([begin, end])
    kept = [pair for pair in windows if rain[:, pair[0] : pair[1]].sum(axis=1).max() * step / 60 >= LEAST_MM]
    return np.array(kept, dtype=np.int64).reshape(-1, 2)


def _peak(flow: NDArray[np.float32]) -> NDArray[np.float64]:
    filled = np.where(np.isfinite(flow), flow, -np.inf).max(axis=1)
    return np.where(np.isfinite(filled), filled, np.nan).astype(float)
