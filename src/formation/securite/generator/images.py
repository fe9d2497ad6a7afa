"""Le jeu de vignettes : quelles densités, quelles conditions, quel jeu."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.securite import thumbnails

# jeu, condition, nombre, densité la plus faible, densité la plus forte (personnes par mètre carré)
PLAN = (
    ("apprentissage", "jour", 180, 0.1, 7.0),
    ("apprentissage", "nuit", 100, 0.1, 7.0),
    ("validation", "jour", 50, 0.1, 7.0),
    ("test", "jour", 70, 0.1, 7.0),
    ("test", "nuit", 50, 0.1, 7.0),
    ("test", "parapluies", 50, 0.1, 7.0),
)
"""L’apprentissage de nuit est le remède : on l’ajoute après coup."""


def build(rng: np.random.Generator) -> tuple[dict[str, NDArray[np.uint8]], pd.DataFrame]:
    """Vignettes et leur comptage.

    Parameters
    ----------
    rng : Generator
        Source de hasard.

    Returns
    -------
    images : dict of ndarray
        Clé `images`, forme (n, 64, 64).
    counts : DataFrame
        Table publiée `comptages`, dans l’ordre des images.
    """
    area = thumbnails.SIDE_M**2
    images, rows = [], []
    for split, condition, number, low, high in PLAN:
        # Des densités régulières : chaque tranche a ses images.
        densities = np.linspace(low, high, number)
        for density in densities:
            people = round(density * area)
            images.append(thumbnails.draw(people, condition, rng))
            rows.append((people, int(area), round(people / area, 2), condition, split))
    counts = pd.DataFrame(rows, columns=["nb_personnes", "surface_m2", "densite", "condition", "jeu"])
    counts.insert(0, "rang", np.arange(len(counts)))
    return {"images": np.stack(images)}, counts
