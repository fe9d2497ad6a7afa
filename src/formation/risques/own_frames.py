"""Ce qui cloche dans une suite d’images de pluie : trous, images figées ou muettes, valeurs impossibles, écrêtage."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.datasets import npz
from formation.errors import Problem
from formation.numbers import number, percent, plural, shortest
from formation.risques import own_images
from formation.risques.own_units import MAX_MM_H

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formation.datasets.npz import Header

SILENT_MM_H = 2.0
"""Pluie moyenne avant et après au-dessus de laquelle une image toute à zéro n’est pas crédible."""
FROZEN = 3
"""Images de suite exactement pareilles, et pluvieuses, à partir desquelles le radar est dit figé."""
CLIPPED = 20
_SHOWN = 5
_CODES = (-999, -9999, -99, -32768)


@dataclass
class Gaps:
    """Trous trouvés.

    Attributes
    ----------
    problems : list of Problem
        Un problème par genre de trou.
    remarks : list of str
        Ce qui n’est pas un trou, mais mérite un mot.
    lost : ndarray of bool, forme (suites, images)
        Images à tenir pour absentes.
    """

    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    lost: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))


def impossible(rain: NDArray[np.float32], name: str) -> list[Problem]:
    """Intensités négatives, infinies ou trop fortes.

    Parameters
    ----------
    rain : ndarray
        Intensité, en mm/h, vide si absente.
    name : str
        Nom du tableau.

    Returns
    -------
    list of Problem
        Avec la place de la première.
    """
    problems = []
    negative, huge = rain < 0, rain > MAX_MM_H
    form = f"Attendu : de 0 à {number(MAX_MM_H)} mm/h, par exemple 12.5, et NaN quand rien n’est mesuré."
    if negative.any():
        worst = float(rain.min())
        if worst in _CODES:
            hint = (
                f"{shortest(worst)} est sans doute le code d’une mesure absente : remplacez-le par NaN, par exemple "
                f"images[images == {shortest(worst)}] = numpy.nan."
            )
        elif float(negative.mean()) > 0.02 and float(np.nanmax(rain)) < 90:
            hint = (
                "Autant de valeurs négatives font penser à une réflectivité (dBZ). Convertissez-la en mm/h, par "
                "exemple (10 ** (dbz / 10) / 200) ** (1 / 1.6)."
            )
        else:
            hint = "Une pluie ne peut pas être négative : corrigez la source."
        problems.append(_problem("intensite_negative", negative, rain, name, f"{hint} {form}"))
    if huge.any():
        hint = (
            "Aucune pluie n’est si forte : une panne, un écho parasite, ou une autre unité (centièmes de millimètre ?)."
        )
        problems.append(_problem("intensite_impossible", huge, rain, name, f"{hint} {form}"))
    return problems


def gaps(frames: NDArray[np.float32], step_min: int) -> Gaps:
    """Cherche les images absentes, trouées, figées ou muettes.

    Parameters
    ----------
    frames : ndarray, forme (suites, images, lignes, colonnes)
        Intensité, en mm/h.
    step_min : int
        Minutes entre deux images.

    Returns
    -------
    Gaps
        Trous et remarques.
    """
    found = Gaps(lost=np.zeros(frames.shape[:2], dtype=bool))
    empty = np.isnan(frames)
    whole = np.asarray(empty.all(axis=(2, 3)), dtype=bool)
    outside = np.asarray(empty.all(axis=(0, 1)), dtype=bool)
    if outside.any() and not outside.all():
        found.remarks.append(
            f"{percent(float(outside.mean()))} de la grille n’est jamais mesurée (hors de portée, relief ?) : ces "
            "cases restent vides."
        )
    partial = np.asarray((empty & ~outside).any(axis=(2, 3)), dtype=bool) & ~whole
    _add(found, "images_absentes", whole, step_min, ("image absente", "images absentes"), lost=whole)
    _add(
        found,
        "images_trouees",
        partial,
        step_min,
        ("image percée de cases vides", "images percées de cases vides"),
        lost=None,
    )
    known = (~empty).sum(axis=(2, 3))
    mute = _mute(np.nansum(frames, axis=(2, 3), dtype=float) / np.maximum(known, 1), whole)
    _add(
        found,
        "images_nulles",
        mute,
        step_min,
        ("image toute à zéro au milieu d’une forte pluie", "images toutes à zéro au milieu d’une forte pluie"),
        lost=mute,
    )
    frozen = _frozen(frames)
    _add(
        found,
        "images_figees",
        frozen,
        step_min,
        ("image figée, pareille à la précédente", "images figées, pareilles à la précédente"),
        lost=frozen,
    )
    return found


def clipping(wet: NDArray[np.float32]) -> list[str]:
    """Dit qu’un radar semble écrêté : sa plus forte valeur revient sans cesse.

    Parameters
    ----------
    wet : ndarray, forme (n,)
        Intensités des cases pluvieuses.

    Returns
    -------
    list of str
        Une remarque, ou rien.
    """
    if not wet.size:
        return []
    peak = wet.max()
    count = int((wet == peak).sum())
    if count < CLIPPED or peak < 20:
        return []
    return [
        f"{plural(count, 'case vaut', 'cases valent')} exactement la plus forte valeur, {number(float(peak), 1)} "
        "mm/h : le radar semble écrêté. Au-delà, il ne voit plus rien, et un cumul d’orage est sous-estimé."
    ]


def time_problems(path: Path, header: Header, images: int, step_min: int) -> list[Problem]:
    """Compare les instants écrits au pas attendu.

    Parameters
    ----------
    path : Path
        Fichier.
    header : Header
        Tableau des instants.
    images : int
        Nombre d’images d’une suite.
    step_min : int
        Minutes entre deux images.

    Returns
    -------
    list of Problem
        Instants manquants, en double ou en désordre.
    """
    if header.dtype.hasobject or len(header.shape) != 1 or header.shape[0] > own_images.MAX_CELLS // 100:
        return [Problem("instants_illisibles", "il faut des minutes (nombres) ou des dates numpy.", header.name)]
    raw = npz.read_values(path, header.name).ravel()
    if raw.dtype.kind in "US":
        try:
            # Heures suivies de « Z » ou d’un décalage comprises : tout est ramené au temps universel.
            raw = (
                pd.to_datetime(raw.astype(str), utc=True, format="ISO8601").tz_localize(None).to_numpy("datetime64[m]")
            )
        except ValueError:
            message = "des dates ne se lisent pas. Attendu : AAAA-MM-JJTHH:MM, par exemple 2019-10-26T18:05."
            return [Problem("instants_illisibles", message, header.name)]
    if len(raw) != images:
        message = (
            f"{plural(len(raw), 'instant')} pour {plural(images, 'image')} : il en faut un par image. Des images "
            "manquent, ou l’export s’est arrêté : refaites-le."
        )
        return [Problem("instants_manquants", message, header.name)]
    minutes = raw.astype("datetime64[m]").astype(np.int64) if raw.dtype.kind == "M" else raw.astype(float)
    step = np.diff(minutes)
    wrong = np.flatnonzero(step != step_min)
    if not len(wrong):
        return []
    shown = "; ".join(
        f"{shortest(float(step[rank]))} min entre les images {rank + 1} et {rank + 2}" for rank in wrong[:_SHOWN]
    )
    missing = int(sum(step[wrong] // step_min - 1)) if (step[wrong] > step_min).all() else 0
    what = f"il manque {plural(missing, 'image')}" if missing else "les images ne se suivent pas"
    message = (
        f"{what} ({shown.replace(';', ' ;')}), alors que le pas attendu est de {step_min} min. Un cumul compterait "
        "ce trou pour rien. Insérez des images vides (NaN) à ces instants, remettez-les dans l’ordre, ou dites le "
        "vrai pas, par exemple --pas 10."
    )
    return [Problem("images_manquantes", message, header.name, count=len(wrong))]


def _problem(kind: str, mask: NDArray[np.bool_], rain: NDArray[np.float32], name: str, message: str) -> Problem:
    where = np.unravel_index(int(np.argmax(mask)), mask.shape)
    image, row, column = (int(rank) + 1 for rank in list(where)[-3:])
    value = shortest(round(float(rain[where]), 2))
    place = f"image {image}, ligne {row}, colonne {column}"
    count = int(mask.sum())
    start = f"« {value} » mm/h ({place}), {plural(count, 'case')} en tout."
    return Problem(kind, f"{start} {message}", name, values=(value,), count=count)


def _add(
    found: Gaps,
    kind: str,
    mask: NDArray[np.bool_],
    step_min: int,
    what: tuple[str, str],
    *,
    lost: NDArray[np.bool_] | None,
) -> None:
    if not mask.any():
        return
    runs, images = np.nonzero(mask)[0], np.nonzero(mask)[1]
    several = mask.shape[0] > 1
    shown = ", ".join(
        (f"{run + 1}/" if several else "") + f"{image + 1}" for run, image in zip(runs[:_SHOWN], images, strict=False)
    )
    more = "…" if len(runs) > _SHOWN else ""
    rank = "suite/image" if several else "numéro" if len(runs) == 1 else "numéros"
    message = (
        f"{plural(len(runs), *what)} ({rank} {shown}{more} ; {number(mask.size)} en tout), soit "
        f"{number(len(runs) * step_min)} min. Compter ces minutes pour zéro ferait croire qu’il n’a pas plu."
    )
    found.problems.append(Problem(kind, message, count=len(runs)))
    if lost is not None:
        found.lost |= lost


def _mute(mean: NDArray[np.float64], whole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Images nulles encadrées, à deux images près, par une pluie forte."""
    zero = (mean == 0) & ~whole
    found = np.zeros(mean.shape, dtype=bool)
    for run in range(mean.shape[0]):
        for image in np.flatnonzero(zero[run]):
            before = mean[run, max(0, image - 3) : image]
            after = mean[run, image + 1 : image + 4]
            found[run, image] = bool(
                len(before) and len(after) and before.max() >= SILENT_MM_H and after.max() >= SILENT_MM_H
            )
    return found


def _frozen(frames: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Images pluvieuses répétées à l’identique, à partir de la deuxième d’une série assez longue."""
    same: NDArray[np.bool_] = np.zeros(frames.shape[:2], dtype=bool)
    after, before = frames[:, 1:], frames[:, :-1]
    same[:, 1:] = np.all(after == before, axis=(2, 3)) & np.any(after > 0, axis=(2, 3))
    found = np.zeros(same.shape, dtype=bool)
    for run in range(same.shape[0]):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], same[run].astype(np.int8), [0]])))
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            if last - first + 1 >= FROZEN:
                found[run, first:last] = True
    return found
