"""L’erreur de surface d’une méthode, et la probabilité d’être au-dessus du seuil qu’elle laisse.

L’erreur est apprise sur les parcs de validation : une garde, un biais, une dispersion. La surface vraie d’un parc est
alors la surface mesurée, corrigée du biais, multipliée par un facteur au hasard autour de 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formation.mobilites.tables import THRESHOLD_M2

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

SMALL_M2 = 200.0
"""Surface visible au-dessous de laquelle un parc n’apprend rien sur l’erreur."""
GROSS = 0.1
"""Surface perdue, en part, à partir de laquelle un parc est dit raté."""
FLOORS = (0.5, 0.55, 0.6, 0.65, 0.7)
"""Parts de la parcelle essayées pour la garde ; on retient la plus petite qui arrête les parcs ratés de validation."""


@dataclass(frozen=True)
class AreaError:
    """Erreur de surface d’une méthode, apprise sur des parcs dont la surface est connue.

    Attributes
    ----------
    bias : float
        Écart systématique, en part : −0,03 si l’on mesure 3 % de moins que la vérité.
    spread : float
        Dispersion de l’écart après correction, en part.
    parks : int
        Parcs qui ont servi ; peu de parcs élargissent l’incertitude (loi de Student).
    floor : float
        Part de la parcelle au-dessous de laquelle la mesure n’est pas crue : le modèle a sans doute perdu un morceau.
    """

    bias: float
    spread: float
    parks: int
    floor: float = 0.0

    def probability(self, measured_m2: ArrayLike, *, threshold: float = THRESHOLD_M2) -> NDArray[np.float64]:
        """Probabilité que la surface vraie dépasse le seuil.

        Parameters
        ----------
        measured_m2 : array_like
            Surfaces mesurées, en m².
        threshold : float
            Seuil, en m².

        Returns
        -------
        ndarray
            Probabilités, de 0 à 1.
        """
        return probability(measured_m2, self.spread, bias=self.bias, threshold=threshold, parks=self.parks)

    def interval(
        self, measured_m2: ArrayLike, *, level: float = 0.9
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Bornes de la surface vraie.

        Parameters
        ----------
        measured_m2 : array_like
            Surfaces mesurées, en m².
        level : float
            Niveau de confiance.

        Returns
        -------
        tuple of ndarray
            Bornes basse et haute, en m².
        """
        from scipy.special import stdtrit

        centre = np.asarray(measured_m2, float) / (1 + self.bias)
        half = float(stdtrit(max(self.parks - 1, 1), (1 + level) / 2)) * self.spread
        return centre * np.exp(-half), centre * np.exp(half)


def learn(parks: pd.DataFrame) -> AreaError:
    """Apprend l’erreur de surface, sur les parcs de validation.

    L’écart se mesure sur la surface visible, celle que la photo montre : un parc coupé compte aussi. L’erreur n’a pas
    la forme d’une cloche : presque tous les parcs sont mesurés à quelques points près, quelques-uns sont ratés. D’où
    deux pièces. Une **garde** : au-dessous de `floor`, le parc trouvé couvre trop peu de sa parcelle, et l’on va voir.
    Une méthode que la garde arrêterait plus d’une fois sur deux n’en a pas. Une **erreur**, biais et écart type, pour
    les parcs qui passent la garde.

    Parameters
    ----------
    parks : DataFrame
        Tableau de :func:`formation.mobilites.surface.parks`.

    Returns
    -------
    AreaError
        Erreur apprise.

    Raises
    ------
    ValueError
        S’il reste moins de cinq parcs.

    Examples
    --------
    >>> import pandas as pd
    >>> known = pd.DataFrame({"surface_visible_m2": [1000.0] * 5, "surface_predite_m2": [940, 960, 950, 930, 970]})
    >>> round(learn(known.assign(part_parcelle=0.8)).bias, 3)
    -0.05
    """
    seen = parks[(parks["surface_visible_m2"] > SMALL_M2) & (parks["surface_predite_m2"] > 0)]
    gap = np.log(seen["surface_predite_m2"].to_numpy(float) / seen["surface_visible_m2"].to_numpy(float))
    share = seen["part_parcelle"].to_numpy(float)
    lost = share[gap < np.log1p(-GROSS)]
    floor = next((limit for limit in FLOORS if not (lost >= limit).any()), FLOORS[-1])
    if (share >= floor).mean() < 0.5:
        floor = 0.0
    kept = gap[share >= floor]
    if len(kept) < 5:
        raise ValueError(f"{len(kept)} parcs de surface connue : il en faut au moins cinq pour apprendre une erreur.")
    return AreaError(float(np.expm1(kept.mean())), float(kept.std(ddof=1)), len(kept), floor)


def probability(
    measured_m2: ArrayLike,
    spread: float,
    *,
    bias: float = 0.0,
    threshold: float = THRESHOLD_M2,
    parks: int | None = None,
) -> NDArray[np.float64]:
    """Probabilité que la surface vraie dépasse le seuil, connaissant la surface mesurée.

    Parameters
    ----------
    measured_m2 : array_like
        Surfaces mesurées, en m² ; 0 si rien n’a été trouvé.
    spread : float
        Dispersion de l’erreur, en part (0,04 pour 4 %).
    bias : float
        Écart systématique, en part.
    threshold : float
        Seuil, en m².
    parks : int, optional
        Parcs qui ont servi à mesurer l’erreur : loi de Student ; loi normale par défaut.

    Returns
    -------
    ndarray
        Probabilités, de 0 à 1.

    Examples
    --------
    >>> probability([1400, 1500, 1600], 0.04).round(2).tolist()
    [0.04, 0.5, 0.95]
    """
    from scipy.special import ndtr, stdtr

    size = np.maximum(np.asarray(measured_m2, float), 1e-9) / (1 + bias)
    gap = np.log(size / threshold) / max(spread, 1e-9)
    return np.asarray(ndtr(gap) if parks is None else stdtr(max(parks - 1, 1), gap), float)


def misjudged(
    true_m2: ArrayLike, spread: float, *, bias: float = 0.0, threshold: float = THRESHOLD_M2
) -> NDArray[np.float64]:
    """Probabilité que la mesure tombe du mauvais côté du seuil, connaissant la surface vraie.

    Parameters
    ----------
    true_m2 : array_like
        Surfaces vraies, en m², strictement positives.
    spread : float
        Dispersion de l’erreur, en part.
    bias : float
        Écart systématique non corrigé, en part.
    threshold : float
        Seuil, en m².

    Returns
    -------
    ndarray
        Probabilité d’un oubli au-dessus du seuil, d’une annonce à tort au seuil ou au-dessous.

    Examples
    --------
    >>> misjudged([1400, 1530, 3000], 0.04).round(2).tolist()
    [0.04, 0.31, 0.0]
    """
    from scipy.special import ndtr

    size = np.asarray(true_m2, float)
    above = ndtr(np.log(size * (1 + bias) / threshold) / max(spread, 1e-9))
    return np.asarray(np.where(size > threshold, 1 - above, above), float)


def bootstrap(
    measured_m2: float,
    ratios: ArrayLike,
    *,
    threshold: float = THRESHOLD_M2,
    draws: int = 2000,
    seed: int = 447,
) -> float:
    """La même probabilité sans loi supposée : on rejoue les erreurs vues sur la validation.

    Parameters
    ----------
    measured_m2 : float
        Surface mesurée, en m².
    ratios : array_like
        Surface mesurée divisée par surface vraie, pour chaque parc de validation.
    threshold : float
        Seuil, en m².
    draws : int
        Tirages.
    seed : int
        Graine.

    Returns
    -------
    float
        Part des tirages où la surface vraie dépasse le seuil.

    Examples
    --------
    >>> bootstrap(1500, [0.9, 0.95, 1.05, 1.1]) > 0.3
    True
    """
    drawn = np.random.default_rng(seed).choice(np.asarray(ratios, float), draws)
    return float((measured_m2 / drawn > threshold).mean())
