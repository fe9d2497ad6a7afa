"""La surface de chaque parc : celle que la photo donne, son erreur, et les parcs que le bord de la photo coupe.

Le plan cadastral dit à quel parc appartient un point : la commune l’a, le modèle a le droit de s’en servir.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation import metrics
from formation.mobilites import features, tables
from formation.mobilites.model import MODEL

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from formation.mobilites.evaluation import Trial

EDGE = 4
"""Largeur du bord d’une photo, en points : un parc trouvé là continue sans doute au-delà."""
_CARRIED = ["id_tuile", "rang", "id_parking", "entier", "surface_m2", "surface_visible_m2"]
_CARRIED += ["nb_places", "nb_vehicules", "proprietaire", "usage", "annee_construction"]


def parks(done: Trial, split: str = "test", method: str = MODEL) -> pd.DataFrame:
    """Surface vraie et surface trouvée de chaque parc photographié.

    Parameters
    ----------
    done : Trial
        Essai.
    split, method : str
        Jeu et méthode.

    Returns
    -------
    DataFrame
        Une ligne par parc : colonnes de la table `parkings`, `surface_predite_m2`, `part_parcelle` (part de la
        parcelle couverte par le parc trouvé), `coupe_predit` (vrai si le parc trouvé touche le bord) et `ecart`, part
        de la surface visible (vide si le parc n’est pas sur la photo).
    """
    lines = []
    for tile, found in zip(done.tiles[split], done.surface(split, method), strict=True):
        lines += [{"id_tuile": tile.id_tuile, **line} for line in measure(found, tile.parcels)]
    columns = ["id_tuile", "rang", "surface_predite_m2", "part_parcelle", "coupe_predit"]
    measured = pd.DataFrame(lines, columns=columns)
    known = done.tables["parkings"]
    known = known[known["id_tuile"].isin(measured["id_tuile"])]
    merged = known[_CARRIED].astype({"rang": int}).merge(measured, on=["id_tuile", "rang"], how="left")
    visible = merged["surface_visible_m2"].where(merged["surface_visible_m2"] > 0)
    return merged.assign(ecart=merged["surface_predite_m2"] / visible - 1)


def measure(found: ArrayLike, parcels: ArrayLike, *, resolution_m: float = tables.RESOLUTION_M) -> list[dict[str, Any]]:
    """Surface trouvée dans chaque parcelle d’une photo.

    Parameters
    ----------
    found : array of bool, forme (h, l)
        Parc trouvé.
    parcels : array of int, forme (h, l)
        Rang de la parcelle, 0 hors de toute parcelle.
    resolution_m : float
        Côté d’un point, en mètres.

    Returns
    -------
    list of dict
        `rang`, `surface_predite_m2`, `part_parcelle` (part de la parcelle couverte par le parc trouvé), `coupe_predit`.

    Examples
    --------
    >>> measure([[True, False], [False, False]], [[1, 1], [2, 2]])[0]["surface_predite_m2"]
    0.04
    """
    said, owner = np.asarray(found, bool), np.asarray(parcels, int)
    inside = np.where(said, owner, 0)
    lot = np.bincount(owner.ravel()) * resolution_m**2
    area = np.bincount(inside.ravel(), minlength=len(lot)) * resolution_m**2
    touched = set(np.unique(_border(inside)).tolist())
    ranks = [int(rank) for rank in np.unique(owner) if rank]
    return [
        {
            "rang": rank,
            "surface_predite_m2": round(float(area[rank]), 2),
            "part_parcelle": float(area[rank] / lot[rank]),
            "coupe_predit": rank in touched,
        }
        for rank in ranks
    ]


def summary(table: pd.DataFrame, *, level: float = 0.9) -> dict[str, float]:
    """Erreur de surface, parc par parc.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`parks`.
    level : float
        Part des parcs entre les bornes `bas` et `haut`.

    Returns
    -------
    dict of str to float
        `parcs` (nombre de parcs visibles), `ecart_median` (part, sans signe), `biais` (écart de la surface totale),
        `bas` et `haut` (bornes de l’écart), `surface_m2` et `surface_vraie_m2` (totaux).
    """
    seen = table[table["surface_visible_m2"] > 0]
    low, high = metrics.draw_bounds(seen["ecart"], level=level)
    found, real = float(seen["surface_predite_m2"].sum()), float(seen["surface_visible_m2"].sum())
    return {
        "parcs": len(seen),
        "ecart_median": float(seen["ecart"].abs().median()),
        "biais": found / real - 1 if real else float("nan"),
        "bas": low,
        "haut": high,
        "surface_m2": found,
        "surface_vraie_m2": real,
    }


def cut_off(table: pd.DataFrame, *, threshold: float = tables.THRESHOLD_M2) -> pd.DataFrame:
    """Parcs coupés par le bord de la photo : ce que dirait la surface visible, et ce que dit la garde.

    La garde : un parc trouvé qui touche le bord est **au moins** aussi grand que ce qu’on en voit. Au-dessus du seuil,
    on peut conclure ; au-dessous, jamais : il faut la photo voisine.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`parks`.
    threshold : float
        Seuil de surface, en m².

    Returns
    -------
    DataFrame
        Parcs non entiers : `id_parking`, `surface_m2`, `surface_visible_m2`, `surface_predite_m2`, `assujetti`
        (vérité), `sans_garde` et `avec_garde` (verdict).
    """
    part = table[(table["entier"] == 0) & (table["surface_visible_m2"] > 0)]
    over = part["surface_predite_m2"] > threshold
    naive = np.where(over, "assujetti", "non assujetti")
    guarded = np.where(~over & part["coupe_predit"].astype(bool), "photo voisine", naive)
    kept = part[["id_parking", "id_tuile", "surface_m2", "surface_visible_m2", "surface_predite_m2"]]
    return kept.assign(assujetti=part["surface_m2"] > threshold, sans_garde=naive, avec_garde=guarded).reset_index(
        drop=True
    )


def paper(data: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """L’inventaire papier, comparé à la vérité : la référence que la collectivité a déjà.

    Parameters
    ----------
    data : mapping of str to table, optional
        Tables du cas ; celles du cours par défaut.

    Returns
    -------
    DataFrame
        Un parc par ligne, présent dans l’une ou l’autre table : `id_parking`, `surface_m2` (vide s’il a disparu),
        `surface_declaree_m2` (vide s’il manque à l’inventaire), `methode`, `ecart` (part) et `etat` (« présent »,
        « absent de l’inventaire », « disparu »).
    """
    names = ("parkings", "inventaire_papier")
    data = {name: tables.load(name) for name in names} if data is None else data
    both = data["parkings"][["id_parking", "surface_m2", "nb_places"]].merge(
        data["inventaire_papier"], on="id_parking", how="outer", indicator=True
    )
    states = {"both": "présent", "left_only": "absent de l’inventaire", "right_only": "disparu"}
    both["etat"] = both.pop("_merge").astype(str).map(states)
    return both.assign(ecart=both["surface_declaree_m2"] / both["surface_m2"] - 1)


def lots(mask: ArrayLike, *, resolution_m: float = tables.RESOLUTION_M, minimum_m2: float = 100.0) -> pd.DataFrame:
    """Parcs d’une carte sans cadastre : un morceau d’un seul tenant est pris pour un parc.

    Parameters
    ----------
    mask : array of bool, forme (h, l)
        Parc trouvé ou vrai.
    resolution_m : float
        Côté d’un point, en mètres.
    minimum_m2 : float
        Surface au-dessous de laquelle un morceau est une tache.

    Returns
    -------
    DataFrame
        Du plus grand au plus petit : `rang`, `surface_m2`, `touche_bord`.

    Examples
    --------
    >>> import numpy as np
    >>> lots(np.pad(np.ones((100, 100), bool), 20))["surface_m2"].tolist()
    [400.0]
    """
    labels = features.skimage("measure").label(np.asarray(mask, bool), connectivity=1)
    area = np.bincount(labels.ravel()) * resolution_m**2
    touched = set(np.unique(_border(labels)).tolist())
    kept = [rank for rank in range(1, len(area)) if area[rank] >= minimum_m2]
    kept.sort(key=lambda rank: -area[rank])
    return pd.DataFrame(
        {
            "rang": range(1, len(kept) + 1),
            "surface_m2": [round(float(area[rank]), 2) for rank in kept],
            "touche_bord": [rank in touched for rank in kept],
        }
    )


def _border(layer: Any) -> Any:
    return np.concatenate(
        [layer[:EDGE].ravel(), layer[-EDGE:].ravel(), layer[:, :EDGE].ravel(), layer[:, -EDGE:].ravel()]
    )
