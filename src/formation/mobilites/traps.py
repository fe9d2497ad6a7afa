"""Les pièges plantés dans les photos et les tables, chacun avec sa mesure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.mobilites import surface, tables
from formation.mobilites.evaluation import f1, iou
from formation.mobilites.model import MODEL, segmenter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formation.mobilites.evaluation import Trial

NEVER = "jamais de parking"
EXCLUDED = ("depot_vehicules", "poids_lourds")
"""Usages que le texte écarte ou dispense ; à faire confirmer par un juriste."""
KINDS = {tables.GROUND: "fond et cours", tables.ROAD: "route", tables.BUILT: "toit"}


def accuracy(done: Trial, split: str = "test") -> pd.DataFrame:
    """L’exactitude de qui ne dit jamais « parking ».

    Parameters
    ----------
    done : Trial
        Essai.
    split : str
        Jeu.

    Returns
    -------
    DataFrame
        Une ligne par méthode : `methode`, `exactitude` (part des points bien classés), `iou`.
    """
    from formation.mobilites.evaluation import scores

    truth = done.truth(split)
    said = {NEVER: [np.zeros_like(part) for part in truth]}
    said |= {name: done.surface(split, name) for name in done.methods}
    lines = [{"methode": name, **scores(found, truth)} for name, found in said.items()]
    return pd.DataFrame(lines)[["methode", "exactitude", "iou"]]


def splits(done: Trial, *, seed: int = 447) -> pd.DataFrame:
    """Couper point par point au lieu de couper par tuile : le modèle reconnaît la tuile.

    Même modèle, mêmes points, deux moitiés qui se jugent l’une l’autre : tirées au sort point par point, puis tuile
    par tuile.

    Parameters
    ----------
    done : Trial
        Essai.
    seed : int
        Graine du partage.

    Returns
    -------
    DataFrame
        Deux lignes : `decoupage` (« par point », « par tuile »), `f1`, `iou`.
    """
    rng = np.random.default_rng(seed)
    rows, truth, tile = done.points
    # Assez de points pour comparer, assez peu pour que quatre ajustements restent rapides.
    rows, truth, tile = rows[::2], truth[::2], tile[::2]
    half = rng.permutation(int(tile.max()) + 1) % 2
    lines = []
    for name, side in (("par point", rng.permutation(len(truth)) % 2), ("par tuile", half[tile])):
        said = np.zeros(len(truth), bool)
        for fold in (0, 1):
            finder = segmenter(seed=seed).fit_points(rows[side != fold], truth[side != fold])
            said[side == fold] = finder.estimator_.predict(rows[side == fold])
        lines.append({"decoupage": name, "f1": f1([said], [truth]), "iou": iou([said], [truth])})
    return pd.DataFrame(lines)


def overlap(done: Trial) -> pd.DataFrame:
    """Tuiles de test qui remontrent du sol appris : la moitié connue, la moitié neuve.

    Parameters
    ----------
    done : Trial
        Essai.

    Returns
    -------
    DataFrame
        Deux lignes : `sol` (« déjà vu », « neuf »), `iou`, des mêmes tuiles.
    """
    known = done.tables["tuiles"]
    pairs = tables.overlaps(known)
    place = known.set_index("id_tuile")
    learnt = set(known.loc[known["jeu"] == "apprentissage", "id_tuile"])
    every = {tile.id_tuile: tile for tile in tables.tiles("test", overlapping=True, tables=done.tables)}
    found: dict[str, tuple[list[Any], list[Any]]] = {"déjà vu": ([], []), "neuf": ([], [])}
    for first, second in zip(pairs["id_tuile"], pairs["voisine"], strict=True):
        name, other = (second, first) if first in learnt else (first, second)
        if other not in learnt or name not in every:
            continue
        tile = every[name]
        seen = _shared(place.loc[name], place.loc[other])
        said = done.methods[MODEL].predict([tile.image])[0]
        truth = tables.is_parking(tile.mask)
        for label, part in (("déjà vu", seen), ("neuf", ~seen)):
            found[label][0].append(said[part])
            found[label][1].append(truth[part])
    return pd.DataFrame([{"sol": label, "iou": iou(*pair)} for label, pair in found.items()])


def lures(done: Trial, split: str = "test", method: str = MODEL) -> pd.DataFrame:
    """Ce que la méthode prend pour un parc : cours grises, routes, toits.

    Parameters
    ----------
    done : Trial
        Essai.
    split, method : str
        Jeu et méthode.

    Returns
    -------
    DataFrame
        Une ligne par genre de sol : `sol`, `surface_m2`, `pris_m2`, `part` prise pour un parc.
    """
    area, taken = np.zeros(len(KINDS)), np.zeros(len(KINDS))
    for tile, said in zip(done.tiles[split], done.surface(split, method), strict=True):
        for rank, code in enumerate(KINDS):
            here = tile.mask == code
            area[rank] += here.sum() * tables.PIXEL_M2
            taken[rank] += (here & said).sum() * tables.PIXEL_M2
    return pd.DataFrame({"sol": list(KINDS.values()), "surface_m2": area, "pris_m2": taken, "part": taken / area})


def newer(done: Trial, split: str = "test") -> pd.DataFrame:
    """Parcs bâtis après la photo : la commune les connaît, la photo ne les montre pas.

    Parameters
    ----------
    done : Trial
        Essai.
    split : str
        Jeu.

    Returns
    -------
    DataFrame
        Parcs invisibles : `id_parking`, `id_tuile`, `annee_construction`, `surface_m2`, `surface_predite_m2`.
    """
    table = surface.parks(done, split)
    kept = ["id_parking", "id_tuile", "annee_construction", "surface_m2", "surface_predite_m2"]
    return table.loc[table["surface_visible_m2"] == 0, kept].reset_index(drop=True)


def occupancy(data: Mapping[str, Any]) -> pd.DataFrame:
    """Le même parc photographié deux jours : une photo dit l’occupation d’un instant, pas l’usage.

    Parameters
    ----------
    data : mapping of str to table
        Tables du cas.

    Returns
    -------
    DataFrame
        Une ligne par tuile vue deux fois : `id_tuile`, `nb_places`, `occupation_2023`, `occupation_2025`, en part des
        places.
    """
    known = data["tuiles"]
    known = known[known["nb_places"] > 0]
    first, later = (known[known["campagne"] == year] for year in tables.CAMPAIGNS)
    both = first.merge(later, on=["x_m", "y_m", "cote_px"], suffixes=("", "_2025"))
    return pd.DataFrame(
        {
            "id_tuile": both["id_tuile"],
            "nb_places": both["nb_places"],
            "occupation_2023": both["nb_vehicules"] / both["nb_places"],
            "occupation_2025": both["nb_vehicules_2025"] / both["nb_places_2025"],
        }
    )


def subject(data: Mapping[str, Any], *, threshold: float = tables.THRESHOLD_M2) -> pd.DataFrame:
    """Parcs au-dessus du seuil, selon leur propriétaire et leur usage : la surface ne dit pas qui est visé.

    Parameters
    ----------
    data : mapping of str to table
        Tables du cas.
    threshold : float
        Seuil, en m².

    Returns
    -------
    DataFrame
        Une ligne par propriétaire : `proprietaire`, `parcs` au-dessus du seuil, `ecartes` par leur usage.
    """
    over = data["parkings"][data["parkings"]["surface_m2"] > threshold]
    grouped: Any = over.assign(ecarte=over["usage"].isin(EXCLUDED)).groupby("proprietaire", observed=True)
    return grouped.agg(parcs=("id_parking", "size"), ecartes=("ecarte", "sum")).reset_index()


def without_aisles(data: Mapping[str, Any], *, threshold: float = tables.THRESHOLD_M2) -> pd.DataFrame:
    """Ne compter que les places, sans les voies : des parcs passent sous le seuil.

    Parameters
    ----------
    data : mapping of str to table
        Tables du cas.
    threshold : float
        Seuil, en m².

    Returns
    -------
    DataFrame
        Parcs au-dessus du seuil voies comprises et pas au-dessus sans elles : `id_parking`, `surface_m2`, `places_m2`.
    """
    known = data["parkings"]
    alone = known["nb_places"] * tables.PLACE_M2
    lost = (known["surface_m2"] > threshold) & (alone <= threshold)
    return known.loc[lost, ["id_parking", "surface_m2"]].assign(places_m2=alone[lost]).reset_index(drop=True)


def _shared(tile: pd.Series, other: pd.Series) -> NDArray[np.bool_]:
    """Points d’une tuile que l’autre montre aussi ; le repère va vers le nord, les lignes vers le sud."""
    side = int(tile["cote_px"])
    metres = (np.arange(side) + 0.5) * tables.RESOLUTION_M
    x, y = float(tile["x_m"]) + metres, float(tile["y_m"]) - metres
    width = float(other["cote_px"]) * tables.RESOLUTION_M
    across = (x >= other["x_m"]) & (x < other["x_m"] + width)
    down = (y <= other["y_m"]) & (y > other["y_m"] - width)
    return np.asarray(down[:, None] & across[None, :])
