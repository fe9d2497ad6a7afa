"""Compter une foule sur une vignette : quelques mesures, un régresseur, et ce qu’il rate hors de ce qu’il a vu.

Une vignette est un dessin de disques. Rien n’y permet de reconnaître quelqu’un, et le modèle ne cherche personne : il
estime un nombre de personnes par mètre carré.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import ExtraTreesRegressor

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SCALES = (0.7, 1.4, 2.8, 5.6)
"""Largeurs de flou, en pixels : ce qui reste entre deux flous dit la taille des détails."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LIMIT = 4.0
"""Densité au-delà de laquelle une démonstration n’a souvent rien montré, en pers./m²."""
DENSE = 4.5
"""Densité à partir de laquelle on juge la foule dense, en pers./m²."""
CONDITIONS = ("jour", "nuit", "parapluies")
CROWDED = "foule dense, jour"
TRIALS = ("moyenne", "jour", "jour et nuit", "jour, sous 4 pers./m²")
"""Ce que chaque essai a vu à l’apprentissage ; le premier est la référence à battre."""


def describe(images: ArrayLike) -> NDArray[np.float64]:
    """Mesures simples d’une image : lumière, contraste, finesse des détails, taches claires et sombres.

    Parameters
    ----------
    images : array_like d’octets, forme (n, 64, 64)
        Vignettes en niveaux de gris.

    Returns
    -------
    ndarray, forme (n, 30)
        Une ligne par image.

    Raises
    ------
    ValueError
        Si le tableau n’a pas trois dimensions.

    Examples
    --------
    >>> describe(np.zeros((2, 64, 64), np.uint8)).shape
    (2, 30)
    """
    from scipy import ndimage

    pixels = np.asarray(images, np.float32)
    if pixels.ndim != 3:
        raise ValueError(f"Il faut un tableau de forme (images, lignes, colonnes) ; celui-ci est {pixels.shape}.")
    found = [pixels.mean((1, 2)), pixels.std((1, 2)), *np.quantile(pixels.reshape(len(pixels), -1), QUANTILES, axis=1)]
    sharp = pixels
    for scale in SCALES:
        soft = ndimage.gaussian_filter(pixels, (0, scale, scale))
        band = sharp - soft
        found += [np.abs(band).mean((1, 2)), band.std((1, 2))]
        sharp = soft
    slope = np.hypot(*np.gradient(pixels, axis=(1, 2)))
    found.append(slope.mean((1, 2)))
    for scale in SCALES[:2]:
        soft = ndimage.gaussian_filter(pixels, (0, scale, scale))
        gap = soft - ndimage.uniform_filter(soft, (0, 7, 7))
        for sign in (1, -1):
            spot = ndimage.maximum_filter(sign * soft, (1, 3, 3)) == sign * soft
            found += [spot.mean((1, 2)), (spot & (sign * gap > 8)).mean((1, 2))]
    # La perspective tasse le fond : chaque tiers de l’image a ses mesures.
    for part in np.array_split(np.arange(pixels.shape[1]), 3):
        found += [slope[:, part].mean((1, 2)), pixels[:, part].std((1, 2))]
    return np.stack(found, axis=1).astype(float)


class Counter(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Modèle jouet de comptage : une forêt d’arbres sur les mesures de :func:`describe`.

    Une forêt fait des moyennes de ce qu’elle a vu : elle ne peut pas annoncer plus que sa plus forte densité apprise.

    Parameters
    ----------
    trees : int
        Nombre d’arbres.
    seed : int
        Graine.
    """

    def __init__(self, trees: int = 200, seed: int = 447) -> None:
        self.trees = trees
        self.seed = seed

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Ajuste la forêt.

        Parameters
        ----------
        X : array_like
            Mesures de :func:`describe`, une ligne par image.
        y : array_like
            Densité de chaque image, en pers./m².

        Returns
        -------
        Counter
            Lui-même.
        """
        forest = ExtraTreesRegressor(self.trees, min_samples_leaf=2, random_state=self.seed, n_jobs=1)
        self.forest_ = forest.fit(np.asarray(X, float), np.asarray(y, float))
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Rend la densité estimée, en pers./m².

        Parameters
        ----------
        X : array_like
            Mesures de :func:`describe`.

        Returns
        -------
        ndarray
            Une densité par image.
        """
        return np.asarray(self.forest_.predict(np.asarray(X, float)), float)


class MeanCount(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Référence à battre : annoncer toujours la densité moyenne de l’apprentissage.

    Examples
    --------
    >>> MeanCount().fit([[0], [0]], [1.0, 3.0]).predict([[0]]).tolist()
    [2.0]
    """

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:  # noqa: ARG002
        """Retient la moyenne."""
        self.mean_ = float(np.mean(np.asarray(y, float)))
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Rend la moyenne pour chaque image."""
        return np.full(len(np.asarray(X)), self.mean_)


def errors(estimated: ArrayLike, actual: ArrayLike) -> dict[str, float]:
    """Erreurs d’un comptage.

    Parameters
    ----------
    estimated, actual : array_like, forme (n,)
        Densités estimées et vraies, en pers./m².

    Returns
    -------
    dict of str to float
        `images`, `mae` (erreur absolue moyenne), `biais` (négatif : l’outil rassure), `biais_dense` (au-delà de
        :data:`DENSE` ; `nan` s’il n’y en a pas), en pers./m².

    Raises
    ------
    ValueError
        Si les tableaux sont vides ou de longueurs différentes.

    Examples
    --------
    >>> {name: round(value, 2) for name, value in errors([1.0, 3.0], [1.0, 5.0]).items()}
    {'images': 2, 'mae': 1.0, 'biais': -1.0, 'biais_dense': -2.0}
    """
    guess, truth = np.asarray(estimated, float), np.asarray(actual, float)
    if guess.shape != truth.shape or not len(truth):
        raise ValueError(
            f"Densités estimées et vraies : {guess.shape} et {truth.shape}. Donnez-en autant, une au moins."
        )
    gap, dense = guess - truth, truth >= DENSE
    return {
        "images": len(truth),
        "mae": float(np.abs(gap).mean()),
        "biais": float(gap.mean()),
        "biais_dense": float(gap[dense].mean()) if dense.any() else float("nan"),
    }


def evaluate(images: Mapping[str, Any] | None = None, counts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Le compteur appris de jour, jugé le jour, la nuit, sous les parapluies ; puis ses remèdes et ses limites.

    Parameters
    ----------
    images : mapping of str to ndarray, optional
        Table `vignettes` ; celle du cours par défaut.
    counts : DataFrame, optional
        Table `comptages` ; celle du cours par défaut.

    Returns
    -------
    DataFrame
        Une ligne par essai de :data:`TRIALS` et par épreuve, sur les vignettes de test : `essai`, `epreuve`, puis les
        colonnes de :func:`errors`.
    """
    if images is None or counts is None:
        from formation.securite.tables import load

        images = load("vignettes") if images is None else images
        counts = load("comptages") if counts is None else counts
    measured, density = describe(images["images"]), counts["densite"].to_numpy(float)
    learn, test = (counts["jeu"] == "apprentissage").to_numpy(), (counts["jeu"] == "test").to_numpy()
    seen = {name: (counts["condition"] == name).to_numpy() for name in CONDITIONS}
    day = learn & seen["jour"]
    low = day & (density < LIMIT)
    lines = []
    for name, kept in zip(TRIALS, (day, day, day | (learn & seen["nuit"]), low), strict=True):
        model = MeanCount() if name == TRIALS[0] else Counter()
        fitted = model.fit(measured[kept], density[kept])
        trials = {CROWDED: seen["jour"] & (density >= DENSE)} if kept is low else seen
        for label, wanted in trials.items():
            chosen = test & wanted
            found = errors(fitted.predict(measured[chosen]), density[chosen])
            lines.append({"essai": name, "epreuve": label, **found})
    return pd.DataFrame(lines)
