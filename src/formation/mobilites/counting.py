"""Compter les véhicules et les places : quatre façons pour les uns, deux pour les autres, toutes réglées ailleurs.

Des voitures côte à côte se touchent sur la photo. Compter des taches, c’est compter des rangées ; diviser une surface
par celle d’une voiture reste juste quand les voitures se collent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.mobilites import features, tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formation.mobilites.evaluation import Trial

COLOUR, BLOBS, WATERSHED, AREA = "seuil de couleur", "composantes connexes", "partage des eaux", "par aire"
METHODS = (COLOUR, BLOBS, WATERSHED, AREA)
LEARNT, RULE = "surface apprise", "règle de 25 m²"
RULE_M2 = 25.0
"""Surface usuelle d’une place, voies comprises, en m²."""
POINT_M2 = tables.PIXEL_M2 * features.BLOCK**2
"""Surface d’un point regroupé, en m²."""
SMALLEST_M2 = 2.0
"""Une tache plus petite n’est pas un véhicule."""
CONTRASTS = (0.06, 0.1, 0.15, 0.2)
"""Écarts de gris au bitume essayés pour le seuil de couleur."""
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)
"""Probabilités essayées pour les trois autres façons."""
_APART = 3
"""Deux véhicules ont leurs centres à trois points regroupés au moins, soit 1,20 m."""


@dataclass(frozen=True)
class Settings:
    """Réglages de chaque façon de compter, choisis sur la validation.

    Attributes
    ----------
    level : dict of str to float
        Seuil de chaque façon de compter les véhicules.
    vehicle_m2 : float
        Surface trouvée par véhicule, en m².
    place_m2 : float
        Surface de parc par place, voies comprises, en m².
    """

    level: dict[str, float]
    vehicle_m2: float
    place_m2: float


def learn(done: Trial) -> Settings:
    """Choisit les réglages : places sur l’apprentissage, véhicules sur la validation.

    Parameters
    ----------
    done : Trial
        Essai.

    Returns
    -------
    Settings
        Seuils qui donnent l’erreur moyenne la plus faible par tuile.
    """
    actual = _actual(done, "validation", "nb_vehicules")
    level: dict[str, float] = {}
    sizes: dict[float, float] = {}
    for name in METHODS:
        errors = {}
        for candidate in CONTRASTS if name == COLOUR else THRESHOLDS:
            if name == AREA:
                sizes[candidate] = float(_areas(done, "validation", candidate).sum() / max(actual.sum(), 1))
            found = _count(done, "validation", name, candidate, sizes.get(candidate, 1.0))
            errors[candidate] = float(np.abs(found - actual).mean())
        level[name] = min(errors, key=lambda value: errors[value])
    return Settings(level, sizes[level[AREA]], place_m2(done))


def vehicles(
    done: Trial, split: str = "test", settings: Settings | None = None, *, methods: Sequence[str] = METHODS
) -> pd.DataFrame:
    """Véhicules comptés sur chaque tuile.

    Parameters
    ----------
    done : Trial
        Essai.
    split : str
        Jeu.
    settings : Settings, optional
        Réglages ; ceux de :func:`learn` par défaut.
    methods : sequence of str
        Façons de compter.

    Returns
    -------
    DataFrame
        Une ligne par tuile : `id_tuile`, `vrai`, puis une colonne par façon de compter.
    """
    settings = learn(done) if settings is None else settings
    table = pd.DataFrame({"id_tuile": _names(done, split), "vrai": _actual(done, split, "nb_vehicules")})
    for name in methods:
        table[name] = _count(done, split, name, settings.level[name], settings.vehicle_m2)
    return table


def places(done: Trial, split: str = "test", settings: Settings | None = None) -> pd.DataFrame:
    """Places estimées sur chaque tuile, d’après la surface trouvée.

    Parameters
    ----------
    done : Trial
        Essai.
    split : str
        Jeu.
    settings : Settings, optional
        Réglages ; seule la surface par place, apprise, est lue.

    Returns
    -------
    DataFrame
        Une ligne par tuile : `id_tuile`, `vrai`, `surface apprise` et `règle de 25 m²`.
    """
    size = place_m2(done) if settings is None else settings.place_m2
    area = np.array([found.sum() * tables.PIXEL_M2 for found in done.surface(split)])
    actual = _actual(done, split, "nb_places")
    return pd.DataFrame({"id_tuile": _names(done, split), "vrai": actual, LEARNT: area / size, RULE: area / RULE_M2})


def place_m2(done: Trial) -> float:
    """Surface de parc par place, voies comprises, des parcs entiers de l’apprentissage : la règle « à soi ».

    Parameters
    ----------
    done : Trial
        Essai.

    Returns
    -------
    float
        Mètres carrés par place.
    """
    known = done.tables["parkings"]
    own = known[known["id_tuile"].isin(_names(done, "apprentissage")) & (known["entier"] == 1)]
    own = own[own["surface_visible_m2"] > 0]
    return float(own["surface_m2"].sum() / own["nb_places"].sum())


def compare(table: pd.DataFrame) -> pd.DataFrame:
    """Erreur de chaque façon de compter.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`vehicles` ou de :func:`places`.

    Returns
    -------
    DataFrame
        Une ligne par façon : `methode`, `mae` (erreur moyenne par tuile), `total`, `total_vrai` et `biais` (part).

    Examples
    --------
    >>> compare(pd.DataFrame({"id_tuile": ["T1", "T2"], "vrai": [10, 0], "a": [8, 2]}))["mae"].tolist()
    [2.0]
    """
    actual = table["vrai"].to_numpy(float)
    lines = []
    for name in table.columns.drop(["id_tuile", "vrai"]):
        found = table[name].to_numpy(float)
        line = {"methode": name, "mae": float(np.abs(found - actual).mean()), "total": float(found.sum())}
        lines.append(line | {"total_vrai": float(actual.sum()), "biais": float(found.sum() / actual.sum() - 1)})
    return pd.DataFrame(lines)


def blobs(said: NDArray[np.bool_]) -> int:
    """Taches d’un seul tenant, assez grandes pour être un véhicule.

    Parameters
    ----------
    said : ndarray of bool
        Points de véhicule, à 0,40 m.

    Returns
    -------
    int
        Nombre de taches.

    Examples
    --------
    >>> cars = np.zeros((20, 20), bool)
    >>> cars[2:13, 2:6] = cars[2:13, 10:14] = True
    >>> blobs(cars)
    2
    """
    return _large(features.skimage("measure").label(said, connectivity=1))


def watershed(said: NDArray[np.bool_]) -> int:
    """Taches séparées par la ligne de partage des eaux : un véhicule par sommet de la distance au bord.

    Parameters
    ----------
    said : ndarray of bool
        Points de véhicule, à 0,40 m.

    Returns
    -------
    int
        Nombre de morceaux assez grands.

    Examples
    --------
    >>> cars = np.zeros((20, 20), bool)
    >>> cars[2:13, 2:6] = cars[2:13, 7:11] = True
    >>> cars[6, 6] = True
    >>> blobs(cars), watershed(cars)
    (1, 2)
    """
    from scipy import ndimage

    depth = ndimage.gaussian_filter(ndimage.distance_transform_edt(said), 0.7)
    peak = features.skimage("feature").peak_local_max
    tops = peak(depth, min_distance=_APART, labels=said.astype(int), exclude_border=False)
    seeds = np.zeros(said.shape, int)
    seeds[tuple(tops.T)] = np.arange(1, len(tops) + 1)
    return _large(features.skimage("segmentation").watershed(-depth, seeds, mask=said))


def _count(done: Trial, split: str, name: str, level: float, vehicle_m2: float) -> NDArray[np.float64]:
    if name == AREA:
        return _areas(done, split, level) / vehicle_m2
    if name == COLOUR:
        layers = zip(done.tiles[split], done.surface(split), strict=True)
        return np.array([blobs(_unlike_asphalt(tile.image, found, level)) for tile, found in layers], float)
    count = blobs if name == BLOBS else watershed
    return np.array([count(layer > level) for layer in done.vehicles(split)], float)


def _unlike_asphalt(image: Any, found: NDArray[np.bool_], contrast: float) -> NDArray[np.bool_]:
    """Points du parc trouvé dont le gris s’écarte du gris le plus courant : peinture, ombres et véhicules mêlés."""
    grey = features.shrink(image).mean(2)
    inside = found[:: features.BLOCK, :: features.BLOCK]
    usual = np.median(grey[inside]) if inside.any() else 0.0
    return np.asarray(inside & (np.abs(grey - usual) > contrast))


def _areas(done: Trial, split: str, level: float) -> NDArray[np.float64]:
    return np.array([(layer > level).sum() * POINT_M2 for layer in done.vehicles(split)], float)


def _large(labels: Any) -> int:
    sizes = np.bincount(np.asarray(labels).ravel())[1:]
    return int((sizes * POINT_M2 >= SMALLEST_M2).sum())


def _names(done: Trial, split: str) -> list[str]:
    return [tile.id_tuile for tile in done.tiles[split]]


def _actual(done: Trial, split: str, column: str) -> NDArray[np.float64]:
    return np.asarray(done.tables["tuiles"].set_index("id_tuile").loc[_names(done, split), column], float)
