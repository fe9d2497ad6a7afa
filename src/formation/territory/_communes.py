"""Les douze communes d’Aubeline : constantes choisies à la main, aucune n’existe."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Noms contrôlés par outils/verifier_noms_communes.py ; résultat dans la fiche de données.
# code, nom, population, km², x_m, y_m, altitude_m, habitants par abonné, part des 65 ans et plus, bassins
_ROWS = (
    ("00001", "Aubeline", 22_300, 31.4, 14_200, 11_900, 214, 2.45, 0.212, ("B1", "B2", "B3")),
    ("00002", "Brasselane-sur-Aune", 10_400, 24.8, 18_900, 9_100, 187, 2.25, 0.205, ("B3", "B4")),
    ("00003", "Corvaise", 8_300, 21.9, 10_300, 8_600, 226, 2.20, 0.198, ("B2",)),
    ("00004", "Saint-Orlande", 6_900, 26.3, 12_800, 16_700, 291, 2.10, 0.221, ("B1",)),
    ("00005", "Vaumières", 5_900, 19.7, 19_700, 14_600, 243, 2.10, 0.207, ("B4",)),
    ("00006", "Lanterelle", 5_200, 22.5, 15_600, 6_200, 205, 2.05, 0.226, ("B3", "B5")),
    ("00007", "Peyrevive", 4_400, 28.1, 6_900, 12_400, 338, 2.00, 0.238, ("B2", "B6")),
    ("00008", "Tressalune", 3_700, 23.6, 23_800, 7_300, 172, 2.00, 0.233, ("B4", "B5")),
    ("00009", "Les Oulmettes", 2_900, 25.2, 7_800, 17_900, 402, 1.95, 0.249, ("B6",)),
    ("00010", "Rochebrelle", 2_000, 30.8, 17_500, 20_400, 468, 1.90, 0.262, ("B7",)),
    ("00011", "Valdoussane", 1_300, 27.4, 24_600, 17_200, 396, 1.85, 0.274, ("B7", "B8")),
    ("00012", "Combelance", 700, 33.9, 4_300, 21_600, 587, 1.75, 0.306, ("B8",)),
)

BASINS: dict[str, tuple[str, ...]] = {row[0]: row[9] for row in _ROWS}


def communes() -> pd.DataFrame:
    """Table des communes, 12 lignes ; les abonnés se déduisent de la population."""
    frame = pd.DataFrame(
        [row[:9] for row in _ROWS],
        columns=[
            "code_commune",
            "nom",
            "population",
            "superficie_km2",
            "x_m",
            "y_m",
            "altitude_m",
            "habitants_par_abonne",
            "part_65_ans_plus",
        ],
    )
    subscribers = np.round(frame["population"] / frame["habitants_par_abonne"], -1).astype("int64")
    frame.insert(7, "nb_abonnes_eau", subscribers)
    return frame.drop(columns="habitants_par_abonne")
