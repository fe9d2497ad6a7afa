"""Lire les tables et les tuiles du cas, et valider les siennes avec le même schéma."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation import datasets

if TYPE_CHECKING:
    from pathlib import Path

CASE = "mobilites"
SPLITS = ("apprentissage", "validation", "test")
CAMPAIGNS = ("2023", "2025")
"""Campagnes aériennes : la seconde ne remontre que quelques tuiles de test."""
GROUND, ROAD, BUILT, PARKING, VEHICLE = range(5)
"""Codes d’un masque : fond, route, bâti, parking (places et voies), véhicule garé dans un parc."""
RESOLUTION_M = 0.20
"""Côté d’un pixel, en mètres."""
PIXEL_M2 = 0.04
"""Surface d’un pixel, en mètres carrés."""
THRESHOLD_M2 = 1500.0
"""Surface au-delà de laquelle un parc extérieur doit des ombrières, en mètres carrés, voies comprises."""
PLACE_M2 = 11.5
"""Surface d’une place de 2,30 × 5,00 m, sans la voie, en mètres carrés."""
IMAGES = ("tuiles_images", "grandes_images")


@dataclass(frozen=True)
class Tile:
    """Une tuile : la photographie, sa vérité, les parcelles du cadastre.

    Attributes
    ----------
    id_tuile : str
        Code.
    image : ndarray, forme (c, c, 3)
        Rouge, vert, bleu, en octets.
    mask : ndarray, forme (c, c)
        0 fond, 1 route, 2 bâti, 3 parking, 4 véhicule garé dans un parc.
    parcels : ndarray, forme (c, c)
        0 hors parcelle ; sinon le rang de la parcelle dans la tuile, colonne `rang` de `parkings`.
    """

    id_tuile: str
    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    parcels: NDArray[np.uint8]


def load(name: str = "parkings") -> Any:
    """Table livrée du cas « mobilités ».

    Parameters
    ----------
    name : str
        `tuiles`, `parkings`, `inventaire_papier`, `occupation_sol`, `tuiles_images` ou `grandes_images`.

    Returns
    -------
    DataFrame or dict of ndarray
        Codes en texte, surfaces en mètres carrés. Pour les images, un dictionnaire de tableaux `images`, `masques`,
        `parcelles` et `id_tuile` ; voir :func:`tiles`, plus commode.

    Raises
    ------
    formation.errors.DonneesIntrouvables
        Si la table n’existe pas.

    Examples
    --------
    >>> load("occupation_sol")["id_bassin"].tolist()
    ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8']
    """
    return datasets.load(CASE, name)


def validate(path: str | Path, name: str = "parkings") -> Any:
    """Lit le fichier d’une collectivité et le vérifie avec le schéma de la table livrée.

    Parameters
    ----------
    path : str or Path
        Fichier CSV, ou fichier NPZ pour les images.
    name : str
        Table dont le fichier suit le schéma.

    Returns
    -------
    DataFrame or dict of ndarray
        Contenu lu, avec ses types.

    Raises
    ------
    formation.errors.DonneesInvalides
        Si le fichier ne suit pas le schéma ; le message dit tous les problèmes, et rien n’est écrit.
    """
    return datasets.validate(CASE, name, path)


def is_parking(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Pixels de stationnement d’un masque : les places, les voies et les véhicules garés.

    Parameters
    ----------
    mask : ndarray
        Codes, forme quelconque.

    Returns
    -------
    ndarray of bool
        Même forme.

    Examples
    --------
    >>> is_parking(np.array([0, 1, 2, 3, 4], dtype=np.uint8)).tolist()
    [False, False, False, True, True]
    """
    parking: NDArray[np.bool_] = mask >= PARKING
    return parking


def tiles(
    jeu: str | None = None,
    *,
    large: bool | None = None,
    campaign: str | None = "2023",
    overlapping: bool = False,
    tables: Mapping[str, Any] | None = None,
) -> list[Tile]:
    """Tuiles d’un jeu, dans l’ordre des codes.

    Par défaut, les tuiles de la première campagne, sans celles de test qui montrent du sol déjà vu à l’apprentissage :
    les mesures faites dessus sont honnêtes.

    Parameters
    ----------
    jeu : {"apprentissage", "validation", "test"}, optional
        Jeu ; aucun : tous.
    large : bool, optional
        `True` : les seules grandes tuiles ; `False` : les seules petites ; aucun : toutes.
    campaign : {"2023", "2025"}, optional
        Campagne aérienne ; `None` : les deux.
    overlapping : bool
        Garder aussi les tuiles qui recouvrent une tuile d’apprentissage.
    tables : mapping, optional
        Tables simulées ; aucune : celles qui sont livrées.

    Returns
    -------
    list of Tile
        Les tuiles.

    Raises
    ------
    ValueError
        Si le jeu ou la campagne n’existe pas.

    Examples
    --------
    >>> tiles("apprentissage")[0].image.shape
    (320, 320, 3)
    """
    for value, accepted, label in ((jeu, SPLITS, "jeu"), (campaign, CAMPAIGNS, "campagne")):
        if value is not None and value not in accepted:
            raise ValueError(f"{label} : « {value} » n’existe pas. Valeurs possibles : {', '.join(accepted)}.")
    table = tables["tuiles"] if tables else load("tuiles")
    kept = pd.Series(True, index=table.index)
    if jeu is not None:
        kept &= table["jeu"] == jeu
    if campaign is not None:
        kept &= table["campagne"] == campaign
    if not overlapping:
        kept &= ~table["id_tuile"].isin(_leaking(table))
    codes = set(table.loc[kept, "id_tuile"])
    names = IMAGES if large is None else (IMAGES[int(large)],)
    return [tile for name in names for tile in _read(tables[name] if tables else load(name), codes)]


def _read(arrays: Mapping[str, NDArray[Any]], codes: set[str]) -> Iterator[Tile]:
    for rank, code in enumerate(arrays["id_tuile"]):
        if str(code) in codes:
            yield Tile(str(code), *(arrays[name][rank] for name in ("images", "masques", "parcelles")))


def overlaps(tuiles: pd.DataFrame) -> pd.DataFrame:
    """Paires de tuiles d’une même campagne qui montrent en partie le même sol.

    Parameters
    ----------
    tuiles : DataFrame
        Colonnes `id_tuile`, `campagne`, `cote_px`, `x_m` et `y_m` (coin haut gauche).

    Returns
    -------
    DataFrame
        Colonnes `id_tuile`, `voisine` et `part_commune` de la surface de la première, strictement positive.

    Examples
    --------
    >>> overlaps(load("tuiles"))["part_commune"].tolist()
    [0.5, 0.5, 0.5]
    """
    pairs = tuiles.merge(tuiles, on="campagne", suffixes=("", "_voisine"))
    pairs = pairs[pairs["id_tuile"] < pairs["id_tuile_voisine"]]
    side, other = (pairs[name] * RESOLUTION_M for name in ("cote_px", "cote_px_voisine"))
    across = np.minimum(pairs["x_m"] + side, pairs["x_m_voisine"] + other) - pairs[["x_m", "x_m_voisine"]].max(axis=1)
    down = pairs[["y_m", "y_m_voisine"]].min(axis=1) - np.maximum(pairs["y_m"] - side, pairs["y_m_voisine"] - other)
    shared = (across.clip(lower=0) * down.clip(lower=0) / side**2).round(3)
    found = pairs.assign(voisine=pairs["id_tuile_voisine"], part_commune=shared)
    return found.loc[shared > 0, ["id_tuile", "voisine", "part_commune"]].reset_index(drop=True)


def _leaking(tuiles: pd.DataFrame) -> set[str]:
    """Tuiles de validation ou de test qui recouvrent une tuile d’apprentissage."""
    learnt = set(tuiles.loc[tuiles["jeu"] == "apprentissage", "id_tuile"])
    pairs = overlaps(tuiles)
    both = set(zip(pairs["id_tuile"], pairs["voisine"], strict=True))
    return {b if a in learnt else a for a, b in both if (a in learnt) != (b in learnt)}
