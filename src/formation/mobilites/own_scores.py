"""Juger les méthodes sur des photos de la collectivité : jamais apprises et jugées sur le même sol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from formation import metrics
from formation.mobilites import evaluation, features, model, radiometry, segmentation, surface
from formation.mobilites.tables import PIXEL_M2, is_parking

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formation.mobilites.evaluation import Trial
    from formation.mobilites.own_images import Photo
    from formation.mobilites.segmentation import Segmenter

    Progress = Callable[[int, int, str], None]
    Points = tuple[NDArray[np.float32], NDArray[np.bool_]]

GREY, COURSE, RECENTRED = "seuil de gris du cours", "modèle du cours", "modèle du cours, couleurs recalées"
OWN_GREY, OWN_LINE, OWN = "seuil de gris réglé chez vous", "classifieur linéaire réappris", "modèle réappris"
RELEARNED = {OWN_GREY: model.GREY, OWN_LINE: model.LINEAR, OWN: model.MODEL}
"""Méthodes réapprises sur les photos, et la méthode du cours dont elles viennent."""
FOLDS, FEW = 5, 8
"""Parts de la validation croisée ; photos au-dessous desquelles on ne réapprend ni ne conclut."""
POINTS = 60_000
"""Points gardés en tout pour réapprendre."""
SMALL_M2 = 300.0
"""Surface au-dessous de laquelle un parking trouvé, ou une photo, ne dit rien d’une erreur de surface."""
ENOUGH_M2 = 500.0
"""Surface de parking au-dessous de laquelle on ne réapprend rien."""
_DRAWS, _LEVEL = 400, 0.95


@dataclass(frozen=True)
class Judged:
    """Mesure faite avec des masques.

    Attributes
    ----------
    table : DataFrame
        Une ligne par méthode : `methode`, `iou`, `iou_bas`, `iou_haut`, `f1`, `precision`, `rappel`, `surface_m2`,
        `surface_vraie_m2`, `ecart_surface` (part).
    by_photo : DataFrame
        Une ligne par photo, pour la méthode détaillée.
    facts : dict
        Ce qui a été lu.
    gaps : dict of str to tuple of float
        IoU de la méthode détaillée moins celui d’une référence : écart et ses bornes 19 fois sur 20.
    """

    table: pd.DataFrame
    by_photo: pd.DataFrame
    facts: dict[str, Any]
    gaps: dict[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Unjudged:
    """Ce que le modèle du cours voit, sans rien pour le juger.

    Attributes
    ----------
    table : DataFrame
        Une ligne par photo : `fichier`, `surface_photo_m2`, `surface_m2`, `surface_recalee_m2`, `accord` (IoU des
        deux).
    lots : DataFrame
        Un parking trouvé par ligne, couleurs recalées, le plus grand d’abord.
    facts : dict
        Ce qui a été lu.
    """

    table: pd.DataFrame
    lots: pd.DataFrame
    facts: dict[str, Any]


def without_masks(photos: Sequence[Photo], tell: Progress) -> Unjudged:
    """Applique le modèle du cours, couleurs telles quelles puis recalées.

    Parameters
    ----------
    photos : sequence of Photo
        Photos à 20 cm.
    tell : callable
        Avancement.

    Returns
    -------
    Unjudged
        Surfaces, parkings trouvés, écart de couleur.
    """
    total = len(photos) + 1
    tell(1, total, "le modèle apprend sur les photos du cours")
    done = evaluation.course()
    recentred = _recentred(photos, done)
    rows, lots = [], []
    for rank, photo in enumerate(photos):
        tell(rank + 2, total, photo.name)
        raw = done.methods[model.MODEL].predict([photo.image])[0]
        same = done.methods[model.MODEL].predict([recentred[rank]])[0]
        both, said, other = int((raw & same).sum()), int(raw.sum()), int(same.sum())
        rows.append(
            {"fichier": photo.name, "surface_photo_m2": raw.size * PIXEL_M2, "surface_m2": said * PIXEL_M2,
             "surface_recalee_m2": other * PIXEL_M2, "accord": both / max(said + other - both, 1)}
        )  # fmt: skip
        lots.append(surface.lots(same).assign(fichier=photo.name))
    # Une photo sans parking rend un tableau vide, dont les colonnes n’ont pas de type.
    found = pd.concat(lots, ignore_index=True).astype({"surface_m2": float, "touche_bord": bool})
    found = found[found["surface_m2"] >= SMALL_M2].sort_values("surface_m2", ascending=False, ignore_index=True)
    return Unjudged(pd.DataFrame(rows), found[["fichier", "surface_m2", "touche_bord"]], _facts(photos, done))


def with_masks(photos: Sequence[Photo], tell: Progress, *, seed: int = 447) -> Judged:
    """Juge les méthodes du cours, puis les mêmes réapprises sur une partie des photos et jugées sur le reste.

    Parameters
    ----------
    photos : sequence of Photo
        Photos à 20 cm, avec leur masque.
    tell : callable
        Avancement.
    seed : int
        Graine.

    Returns
    -------
    Judged
        Tableaux, écarts et faits.
    """
    fold = folds([photo.group for photo in photos], seed)
    truth = [is_parking(photo.mask) for photo in photos]
    relearn = len(set(fold)) > 1 and _learnable(truth, fold)
    total = len(photos) * (1 + relearn) + 1
    tell(1, total, "le modèle apprend sur les photos du cours")
    done = evaluation.course()
    recentred = _recentred(photos, done)
    names = [GREY, COURSE, RECENTRED, *(RELEARNED if relearn else ())]
    counts: dict[str, list[tuple[int, int, int]]] = {name: [] for name in names}
    points: list[Points] = []
    for rank, photo in enumerate(photos):
        tell(rank + 2, total, photo.name)
        described = features.describe(photo.image)
        for name, finder in ((GREY, done.methods[model.GREY]), (COURSE, done.methods[model.MODEL])):
            counts[name].append(_count(_cut(finder, described, truth[rank].shape), truth[rank]))
        same = features.describe(recentred[rank])
        counts[RECENTRED].append(_count(_cut(done.methods[model.MODEL], same, truth[rank].shape), truth[rank]))
        if relearn:
            points.append(_draw(described, photo, max(POINTS // len(photos), 500), seed + rank))
    if relearn:
        _relearn(photos, truth, points, fold, done, counts, lambda step, label: tell(len(photos) + step, total, label))
    detailed = OWN if relearn else COURSE
    table = pd.DataFrame([_row(name, np.array(found), seed) for name, found in counts.items()])
    by_photo = _by_photo(photos, np.array(counts[detailed]))
    facts = _facts(photos, done) | {
        "methode_detaillee": detailed, "photos_avec_parking": int(sum(real.any() for real in truth)),
        "part_parking": float(sum(real.sum() for real in truth) / sum(real.size for real in truth)),
        "groupes": len({photo.group for photo in photos}),
    }  # fmt: skip
    rivals = [name for name in names if name != detailed]
    gaps = {name: _gap(np.array(counts[detailed]), np.array(counts[name]), seed) for name in rivals}
    return Judged(table, by_photo, facts, gaps)


def folds(groups: Sequence[int], seed: int = 447) -> list[int]:
    """Part de chaque photo dans la validation croisée : un même sol est toujours dans une seule part.

    Parameters
    ----------
    groups : sequence of int
        Groupe de chaque photo.
    seed : int
        Graine.

    Returns
    -------
    list of int
        Part de chaque photo ; toutes 0 s’il y a trop peu de groupes pour réapprendre.

    Examples
    --------
    >>> found = folds([0, 0, 2, 3, 4, 5, 6, 7, 8, 9])
    >>> found[0] == found[1], len(set(found))
    (True, 5)
    >>> folds([0, 1])
    [0, 0]
    """
    names = sorted(set(groups))
    if len(names) < FEW:
        return [0] * len(groups)
    order = np.random.default_rng(seed).permutation(len(names))
    part = {name: int(rank) % FOLDS for name, rank in zip(names, order, strict=True)}
    return [part[group] for group in groups]


def _learnable(truth: Sequence[NDArray[np.bool_]], fold: Sequence[int]) -> bool:
    """Vrai si chaque apprentissage, une part mise de côté, verrait assez de parking et d’autre chose."""
    for part in set(fold):
        kept = [real for real, other in zip(truth, fold, strict=True) if other != part]
        parking, total = (int(sum(count)) for count in zip(*((real.sum(), real.size) for real in kept), strict=True))
        if not ENOUGH_M2 / PIXEL_M2 <= parking < total:
            return False
    return True


def _relearn(
    photos: Sequence[Photo],
    truth: Sequence[NDArray[np.bool_]],
    points: Sequence[Points],
    fold: Sequence[int],
    done: Trial,
    counts: dict[str, list[tuple[int, int, int]]],
    tell: Callable[[int, str], None],
) -> None:
    """Réapprend chaque méthode sans une part, et la juge sur cette part."""
    found: dict[str, dict[int, tuple[int, int, int]]] = {name: {} for name in RELEARNED}
    step = 2
    for part in sorted(set(fold)):
        kept = [rank for rank, other in enumerate(fold) if other != part]
        rows, wanted = (np.concatenate([points[rank][side] for rank in kept]) for side in (0, 1))
        fitted = {name: clone(done.methods[base]).fit_points(rows, wanted) for name, base in RELEARNED.items()}
        for rank in (rank for rank, other in enumerate(fold) if other == part):
            tell(step, f"{photos[rank].name}, jugée par des modèles qui ne l’ont pas apprise")
            step += 1
            described = features.describe(photos[rank].image)
            for name, finder in fitted.items():
                found[name][rank] = _count(_cut(finder, described, truth[rank].shape), truth[rank])
    for name, ranked in found.items():
        counts[name] = [ranked[rank] for rank in range(len(photos))]


def _draw(described: NDArray[np.float32], photo: Photo, size: int, seed: int) -> Points:
    """Points d’une photo, tirés sans remise : toutes comptent autant, grandes ou petites."""
    rows = described.reshape(-1, described.shape[-1])
    wanted = features.shares(photo.mask, segmentation.PARKING).ravel()
    picked = np.random.default_rng(seed).choice(len(wanted), min(size, len(wanted)), replace=False)
    return rows[picked], wanted[picked]


def _cut(finder: Segmenter, described: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    return finder.cut(finder.proba(described), (shape[0], shape[1]))


def _count(said: NDArray[np.bool_], real: NDArray[np.bool_]) -> tuple[int, int, int]:
    return int((said & real).sum()), int(said.sum()), int(real.sum())


def _recentred(photos: Sequence[Photo], done: Trial) -> list[NDArray[np.uint8]]:
    return list(radiometry.recentre([photo.image for photo in photos], done.reference))


def _facts(photos: Sequence[Photo], done: Trial) -> dict[str, Any]:
    colour = radiometry.mean_colour([photo.image for photo in photos])
    ratio = np.asarray(colour) / done.reference
    return {
        "photos": len(photos),
        "surface_ha": float(sum(photo.image[..., 0].size for photo in photos) * PIXEL_M2 / 1e4),
        "ecart_couleurs": {
            name: float(value) for name, value in zip(("rouge", "vert", "bleu"), ratio - 1, strict=True)
        },
    }


def _row(name: str, counts: NDArray[np.int64], seed: int) -> dict[str, Any]:
    both, said, real = counts.sum(axis=0)
    low, high = metrics.draw_bounds(_ious(counts, seed), level=_LEVEL)
    return {
        "methode": name, "iou": _iou(counts), "iou_bas": low, "iou_haut": high, "f1": 2 * both / max(said + real, 1),
        "precision": both / max(said, 1), "rappel": both / max(real, 1), "surface_m2": said * PIXEL_M2,
        "surface_vraie_m2": real * PIXEL_M2, "ecart_surface": said / real - 1 if real else float("nan"),
    }  # fmt: skip


def _iou(counts: NDArray[np.int64]) -> float:
    both, said, real = counts.sum(axis=0)
    return float(both / max(said + real - both, 1))


def _ious(counts: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """IoU de tirages des photos, avec remise."""
    drawn = np.random.default_rng(seed).integers(0, len(counts), (_DRAWS, len(counts)))
    both, said, real = np.moveaxis(counts[drawn].sum(axis=1), 1, 0)
    return np.asarray(both / np.maximum(said + real - both, 1))


def _gap(mine: NDArray[np.int64], other: NDArray[np.int64], seed: int) -> tuple[float, float, float]:
    # Les mêmes photos tirées pour les deux : l’écart ne dépend pas de la difficulté du tirage.
    low, high = metrics.draw_bounds(_ious(mine, seed) - _ious(other, seed), level=_LEVEL)
    return _iou(mine) - _iou(other), low, high


def _by_photo(photos: Sequence[Photo], counts: NDArray[np.int64]) -> pd.DataFrame:
    both, said, real = counts.T
    table = pd.DataFrame(
        {"fichier": [photo.name for photo in photos], "iou": both / np.maximum(said + real - both, 1),
         "surface_vraie_m2": real * PIXEL_M2, "surface_m2": said * PIXEL_M2}
    )  # fmt: skip
    known = table["surface_vraie_m2"] >= SMALL_M2
    table.loc[table["surface_vraie_m2"].eq(0) & table["surface_m2"].eq(0), "iou"] = np.nan
    table["ecart"] = (table["surface_m2"] / table["surface_vraie_m2"] - 1).where(known)
    return table.sort_values("iou", ignore_index=True)
