"""Ce que la commune sait de ses parcs : la vérité, le vieil inventaire, et le sol imperméable de ses bassins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from formation.mobilites.generator.parameters import Parameters
from formation.mobilites.generator.tiling import Picture, counts
from formation.mobilites.tables import PARKING, PIXEL_M2, PLACE_M2
from formation.territory import basins

_ACTIVITY = ("clients", "salaries")
# Part d’un usage parmi les parcs hors tuiles, part de propriétaires privés.
_USES = {
    "clients": (0.34, 0.90),
    "salaries": (0.26, 0.85),
    "riverains": (0.14, 0.55),
    "equipement": (0.18, 0.05),
    "depot_vehicules": (0.04, 1.0),
    "poids_lourds": (0.04, 1.0),
}
_ENOUGH_M2 = 5.0


def parkings(
    pictures: Sequence[Picture],
    tuiles: pd.DataFrame,
    places: pd.DataFrame,
    rues: pd.DataFrame,
    rng: np.random.Generator,
    p: Parameters,
) -> pd.DataFrame:
    """Table publiée `parkings` : les parcs des tuiles, puis ceux que personne n’a photographiés.

    Parameters
    ----------
    pictures : sequence of Picture
        Tuiles ; un parc vu par deux tuiles est rattaché à la première.
    tuiles, places : DataFrame
        Table `tuiles`, et endroits indexés par le code.
    rues : DataFrame
        Rues du territoire.
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    DataFrame
        Une ligne par parc.
    """
    rows, known = [], set()
    for picture in pictures:
        if picture.campaign != tuiles["campagne"].iloc[0]:
            continue
        for rank, park in enumerate(picture.scene.parks):
            visible = _visible(picture, rank)
            if (picture.site, rank) in known or (visible < _ENOUGH_M2 and rank != picture.hidden):
                continue
            known.add((picture.site, rank))
            whole = _whole(picture, rank)
            year = p.photo_year + 1 if rank == picture.hidden else int(rng.integers(1974, p.photo_year - 1))
            rows.append(
                {
                    "id_tuile": picture.code,
                    "rang": rank + 1,
                    "surface_m2": round(park.shape.area, 1),
                    "surface_visible_m2": round(visible, 1),
                    "entier": int(whole),
                    "nb_places": park.shape.capacity,
                    "nb_vehicules": counts(picture, rank)[1],
                    **_owner(park.use, rng),
                    "annee_construction": year,
                    **places.loc[picture.code, ["id_rue", "id_bassin", "code_commune"]].to_dict(),
                }
            )
    table = pd.DataFrame([*rows, *_outside(rues, rng, p)])
    table.insert(0, "id_parking", [f"P{rank:03d}" for rank in range(1, len(table) + 1)])
    return table.astype(dict.fromkeys(("rang", "entier", "nb_vehicules"), "Int64"))


def _visible(picture: Picture, rank: int) -> float:
    within = picture.shot.parcels == rank + 1
    return float((picture.shot.mask[within] >= PARKING).sum() * PIXEL_M2)


def _whole(picture: Picture, rank: int) -> bool:
    park = picture.scene.parks[rank]
    corners = np.concatenate([park.frame.to_ground(part) for part in park.shape.ground()])
    left = picture.origin_px / 5
    side = picture.side / 5
    return bool((corners >= [left, 0]).all() and (corners <= [left + side, side]).all())


def _owner(use: str, rng: np.random.Generator) -> dict[str, str]:
    return {"proprietaire": "prive" if rng.random() < _USES[use][1] else "public", "usage": use}


def _outside(rues: pd.DataFrame, rng: np.random.Generator, p: Parameters) -> list[dict[str, object]]:
    """Parcs hors des tuiles : ceux des zones d’activités font cinq mille mètres carrés en moyenne."""
    rows = []
    shares = np.array([share for share, _ in _USES.values()])
    uses = rng.choice(list(_USES), size=p.outside, p=shares / shares.sum())
    activity = np.isin(uses, _ACTIVITY)
    areas = np.exp(rng.normal(0, p.outside_sigma, p.outside))
    for kind, mean in ((activity, p.outside_mean_m2), (~activity, p.outside_mean_m2 * 0.36)):
        areas[kind] *= mean / areas[kind].mean()
    for use, area in zip(uses, areas, strict=True):
        street = rues.iloc[int(rng.integers(len(rues)))]
        rows.append(
            {
                "id_tuile": None,
                "surface_m2": round(float(area), 1),
                "nb_places": max(4, round(float(area / rng.uniform(18.5, 26)))),
                **_owner(str(use), rng),
                "annee_construction": int(rng.integers(1974, p.photo_year + 2)),
                **street[["id_rue", "id_bassin", "code_commune"]].to_dict(),
            }
        )
    return rows


def paper(parks: pd.DataFrame, rng: np.random.Generator, p: Parameters) -> pd.DataFrame:
    """Table publiée `inventaire_papier` : vieille, incomplète, et fausse de trois façons.

    Parameters
    ----------
    parks : DataFrame
        Table `parkings`.
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    DataFrame
        Une ligne par parc recensé ; des parcs disparus y restent, des parcs récents y manquent.
    """
    rows = []
    for park in parks.itertuples():
        year = int(rng.integers(2005, 2017))
        method = str(rng.choice(["plan", "metre", "places"], p=[0.35, 0.4, 0.25]))
        factor, missed = np.exp(rng.normal(0, 1, 2)), rng.random(2)
        if park.annee_construction > year or missed[0] < p.inventory_missing:
            continue
        declared = round(park.nb_places * factor[0] ** 0.10)
        sigma = {"plan": 0.06, "metre": p.inventory_sigma, "places": 0.0}[method]
        area = PLACE_M2 * declared if method == "places" else park.surface_m2 * factor[1] ** sigma
        rows.append((park.id_parking, None if missed[1] < 0.06 else float(round(area, -1)), declared, year, method))
    for rank in range(p.inventory_vanished):
        places = int(rng.integers(12, 140))
        area = float(round(places * rng.uniform(18, 26), -1))
        rows.append((f"A{rank + 1:02d}", area, places, int(rng.integers(2005, 2012)), "plan"))
    columns = ["id_parking", "surface_declaree_m2", "nb_places_declarees", "annee_releve", "methode"]
    return pd.DataFrame(rows, columns=columns)


def soil(rng: np.random.Generator, p: Parameters) -> pd.DataFrame:
    """Table publiée `occupation_sol` : la part imperméable que la carte aérienne annonce, bassin par bassin.

    Parameters
    ----------
    rng : Generator
        Source de hasard.
    p : Parameters
        Hypothèses.

    Returns
    -------
    DataFrame
        Huit lignes : la vérité de l’année de la photo, à trois points près.
    """
    codes = list(basins.MAPPED_SHARE)
    truth = np.array([basins.impervious_share(code, p.photo_year) for code in codes])
    return pd.DataFrame(
        {
            "id_bassin": codes,
            "part_impermeable_cartographiee": np.clip(truth + rng.normal(0, p.impervious_sigma, 8), 0.01, 1).round(3),
            "nb_tuiles": rng.integers(60, 240, 8),
            "date_prise_vue": pd.Timestamp(p.photo_year, 6, 14),
        }
    )
