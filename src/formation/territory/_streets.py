"""Les rues et les écoles d’Aubeline : noms génériques, jamais celui d’une personne."""

from __future__ import annotations

import numpy as np
import pandas as pd

from formation.territory._communes import BASINS

N_STREETS = 1_550
TOTAL_LENGTH_M = 615_000
N_SCHOOLS = 28

_URBAN = ("Rue", "Avenue", "Boulevard", "Allée", "Impasse", "Place", "Passage", "Ruelle")
_RURAL = ("Chemin", "Route", "Montée", "Traverse", "Rue", "Impasse", "Sentier", "Place")
_THINGS = [
    "du Lavoir",
    "de la Fontaine",
    "des Oliviers",
    "du Moulin",
    "du Four",
    "de l’Église",
    "de la Mairie",
    "des Écoles",
    "de la Gare",
    "des Platanes",
    "des Cigales",
    "de la Lavande",
    "des Genêts",
    "des Amandiers",
    "des Mûriers",
    "des Tilleuls",
    "des Cyprès",
    "des Chênes",
    "des Pins",
    "des Vignes",
    "des Cerisiers",
    "des Figuiers",
    "des Grenadiers",
    "des Micocouliers",
    "du Romarin",
    "du Thym",
    "de la Sarriette",
    "de la Garrigue",
    "de la Colline",
    "du Vallon",
    "du Ravin",
    "de la Combe",
    "de la Source",
    "du Puits",
    "du Canal",
    "du Pont",
    "du Gué",
    "de la Rivière",
    "des Berges",
    "des Prés",
    "des Champs",
    "des Moissons",
    "de l’Aire",
    "de la Bergerie",
    "du Pigeonnier",
    "du Rempart",
    "de la Porte Haute",
    "du Marché",
    "des Halles",
    "des Forgerons",
    "des Potiers",
    "des Tanneurs",
    "des Tisserands",
    "des Meuniers",
    "des Vignerons",
    "des Bergers",
    "des Alouettes",
    "des Hirondelles",
    "des Mésanges",
    "des Rossignols",
    "des Huppes",
    "des Grillons",
    "des Abeilles",
    "des Papillons",
    "du Mistral",
    "du Soleil",
    "de l’Ombre",
    "des Étoiles",
    "de la Lune",
    "de l’Horizon",
    "de la Crête",
    "du Rocher",
    "de la Falaise",
    "du Belvédère",
    "de la Sablière",
    "de la Carrière",
    "de la Glacière",
    "de la Tuilerie",
    "de la Briqueterie",
    "de la Scierie",
    "de la Bascule",
    "du Stade",
    "de la Piscine",
    "de la Chapelle",
    "de la Croix",
    "de la Liberté",
    "de l’Égalité",
    "de la Fraternité",
    "de la République",
    "de la Paix",
    "de la Plaine",
    "des Jardins",
    "du Parc",
    "du Bois",
    "de la Forêt",
    "des Lauriers",
    "des Roses",
    "des Iris",
    "des Coquelicots",
    "des Sources",
    "du Levant",
    "du Couchant",
    "du Midi",
    "du Nord",
    "des Remparts",
]


def streets(rng: np.random.Generator, communes: pd.DataFrame) -> pd.DataFrame:
    """Rues des douze communes : 1 550 lignes, 615 km en tout.

    Le nombre de rues croît avec la population ; les rues rurales sont plus longues.
    """
    weights = communes["population"].to_numpy(dtype=float) ** 0.92
    counts = np.floor(N_STREETS * weights / weights.sum()).astype(int)
    counts[0] += N_STREETS - counts.sum()
    density = communes["population"] / communes["superficie_km2"]
    parts = [
        _streets_of(rng, code, float(value), int(n))
        for code, value, n in zip(communes["code_commune"], density, counts, strict=True)
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame["longueur_m"] = _lengths(frame["longueur_m"].to_numpy())
    frame.insert(0, "id_rue", [f"R{index:04d}" for index in range(1, len(frame) + 1)])
    return frame


def _lengths(raw: np.ndarray) -> np.ndarray:
    """Met les longueurs à l’échelle, pour un total d’exactement 615 km."""
    scaled = np.maximum(np.round(raw * TOTAL_LENGTH_M / raw.sum()), 40)
    scaled[np.argmax(scaled)] += TOTAL_LENGTH_M - scaled.sum()
    whole: np.ndarray = scaled.astype("int64")
    return whole


def _streets_of(rng: np.random.Generator, code: str, density: float, n: int) -> pd.DataFrame:
    urban = float(np.clip((np.log(density) - np.log(20)) / (np.log(700) - np.log(20)), 0, 1))
    length = rng.lognormal(np.log(330), 0.62, n) * (1.55 - 0.75 * urban)
    traffic = rng.lognormal(np.log(900 * (0.45 + 0.85 * urban)), 0.95, n)
    centre = rng.beta(2, 2, n)
    impervious = np.clip(0.08 + 0.62 * urban * centre + rng.normal(0, 0.06, n), 0.02, 0.95)
    # Le sol se ressemble d’une rue à la voisine : une commune tire son propre mélange.
    mix = rng.dirichlet([3.2, 2.4, 1.6])
    return pd.DataFrame(
        {
            "code_commune": code,
            "nom_rue": _street_names(rng, n, urban),
            "longueur_m": length,
            "trafic_veh_j": np.maximum(np.round(traffic, -1), 20).astype("int64"),
            "alea_argile": rng.choice(3, size=n, p=mix).astype("int64"),
            "part_impermeable": np.round(impervious, 3),
            "id_bassin": rng.choice(BASINS[code], size=n),
        }
    )


def _street_names(rng: np.random.Generator, n: int, urban: float) -> list[str]:
    """Noms tous différents dans une commune."""
    kinds = _URBAN if urban > 0.55 else _RURAL
    names = [f"{kind} {thing}" for kind in kinds for thing in _THINGS]
    return [names[index] for index in rng.choice(len(names), size=n, replace=False)]


def schools(rng: np.random.Generator, communes: pd.DataFrame, rues: pd.DataFrame) -> pd.DataFrame:
    """Écoles publiques : 28, au moins une par commune, effectif en proportion de la population."""
    population = communes["population"].to_numpy(dtype=float)
    counts = _share_out(N_SCHOOLS, population)
    codes = np.repeat(communes["code_commune"].to_numpy(), counts)
    # 8,5 % de la population va à l’école maternelle ou élémentaire publique (hypothèse pédagogique).
    pupils = np.concatenate(
        [rng.dirichlet(np.full(n, 6.0)) * people * 0.085 for n, people in zip(counts, population, strict=True)]
    )
    alone = np.repeat(counts == 1, counts)
    kind = np.where(alone, "mixte", rng.choice(["maternelle", "élémentaire", "mixte"], N_SCHOOLS, p=[0.3, 0.4, 0.3]))
    street = [rng.choice(rues.loc[rues["code_commune"] == code, "id_rue"].to_numpy()) for code in codes]
    return pd.DataFrame(
        {
            "id_ecole": [f"E{index:02d}" for index in range(1, N_SCHOOLS + 1)],
            "code_commune": codes,
            "id_rue": street,
            "type": kind,
            "effectif_2024": np.round(pupils).astype("int64"),
            "quartile_social": rng.permutation(np.repeat([1, 2, 3, 4], N_SCHOOLS // 4)).astype("int64"),
        }
    )


def _share_out(total: int, weights: np.ndarray) -> np.ndarray:
    """Répartit un nombre entier en proportion des poids, au moins un par part (plus forts restes)."""
    ideal = total * weights / weights.sum()
    counts = np.maximum(np.floor(ideal).astype(int), 1)
    for index in np.argsort(-(ideal - counts), kind="stable")[: total - counts.sum()]:
        counts[index] += 1
    shares: np.ndarray = counts
    return shares
