"""Densité et débit à un goulot, calculés sur des trajectoires de piétons simulés : personne n’a été filmé ni suivi.

La densité « classique » compte les piétons d’une zone et divise par sa surface. Elle dépend de la zone choisie : sur un
petit carré elle saute de marche en marche, sur un grand elle efface le danger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP_S = 0.5
"""Durée d’un pas des trajectoires, en secondes."""
WIDTH_M = 2.0
"""Largeur du goulot, en mètres : |x| ≤ 1, pour y de 0 à 2 ; on marche vers les y croissants."""
COLUMNS = ("pas", "id_pieton", "x_m", "y_m")


class Area(NamedTuple):
    """Rectangle où l’on compte, en mètres.

    Attributes
    ----------
    left, right, bottom, top : float
        Bornes en x puis en y ; le bord gauche et le bas en font partie, pas les deux autres.
    """

    left: float
    right: float
    bottom: float
    top: float

    @property
    def surface_m2(self) -> float:
        """Surface, en mètres carrés."""
        return (self.right - self.left) * (self.top - self.bottom)


ENTRANCE = Area(-1.0, 1.0, -2.0, 0.0)
"""Quatre mètres carrés juste devant le goulot."""


def area_density(table: pd.DataFrame, area: Area = ENTRANCE) -> pd.DataFrame:
    """Densité classique d’une zone, au fil du temps.

    Parameters
    ----------
    table : DataFrame
        Colonnes `pas`, `id_pieton`, `x_m`, `y_m`.
    area : Area
        Zone.

    Returns
    -------
    DataFrame
        Une ligne par pas, du premier au dernier : `pas`, `temps_s`, `personnes`, `densite` (personnes par m²).

    Raises
    ------
    ValueError
        S’il manque une colonne, si la table est vide ou si la zone n’a pas de surface.

    Examples
    --------
    >>> rows = pd.DataFrame({"pas": [0, 0], "id_pieton": [1, 2], "x_m": [0.0, 3.0], "y_m": [-1.0, -1.0]})
    >>> area_density(rows)["densite"].tolist()
    [0.25]
    """
    _check(table)
    if not (area.right > area.left and area.top > area.bottom):
        raise ValueError(f"La zone {tuple(area)} n’a pas de surface : il faut gauche < droite et bas < haut.")
    steps = np.arange(int(table["pas"].min()), int(table["pas"].max()) + 1)
    inside = _inside(table, area)
    counted = np.bincount(table["pas"].to_numpy()[inside] - steps[0], minlength=len(steps))
    return pd.DataFrame(
        {"pas": steps, "temps_s": steps * STEP_S, "personnes": counted, "densite": counted / area.surface_m2}
    )


def grid_density(
    table: pd.DataFrame, *, cell_m: float = 1.0, step: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Densité classique case par case, à un instant ou la plus forte de tous.

    Parameters
    ----------
    table : DataFrame
        Colonnes `pas`, `id_pieton`, `x_m`, `y_m`.
    cell_m : float
        Côté d’une case, en mètres.
    step : int, optional
        Pas ; sans lui, le maximum de chaque case au cours du temps.

    Returns
    -------
    tuple of ndarray
        Bords des cases en x, en y, puis densités de forme (lignes en y, colonnes en x), en personnes par m².

    Raises
    ------
    ValueError
        S’il manque une colonne, si la table est vide, si la case n’a pas de côté ou si le pas n’existe pas.

    Examples
    --------
    >>> rows = pd.DataFrame({"pas": [0, 0], "id_pieton": [1, 2], "x_m": [0.2, 0.4], "y_m": [0.1, 0.9]})
    >>> grid_density(rows)[2].tolist()
    [[2.0]]
    """
    _check(table)
    if not cell_m > 0:
        raise ValueError(f"Le côté d’une case vaut {cell_m} : il est strictement positif.")
    x_edges, y_edges = (_edges(table[name].to_numpy(float), cell_m) for name in ("x_m", "y_m"))
    rows = table if step is None else table[table["pas"] == step]
    if rows.empty:
        raise ValueError(f"Aucun piéton au pas {step}.")
    shape = (len(y_edges) - 1, len(x_edges) - 1)
    column = ((rows["x_m"].to_numpy() - x_edges[0]) // cell_m).astype(int)
    row = ((rows["y_m"].to_numpy() - y_edges[0]) // cell_m).astype(int)
    rank = rows["pas"].to_numpy() - int(rows["pas"].min())
    counted = np.zeros((int(rank.max()) + 1, *shape))
    np.add.at(counted, (rank, row, column), 1)
    return x_edges, y_edges, counted.max(axis=0) / cell_m**2


def crossings(table: pd.DataFrame, y_m: float = 0.0) -> pd.DataFrame:
    """Instant où chaque piéton franchit une ligne en travers du chemin.

    Parameters
    ----------
    table : DataFrame
        Colonnes `pas`, `id_pieton`, `x_m`, `y_m`.
    y_m : float
        Ligne ; 0 est l’entrée du goulot.

    Returns
    -------
    DataFrame
        `id_pieton` et `temps_s` du premier pas au-delà de la ligne, dans l’ordre du temps ; ceux qui partent déjà
        au-delà n’y sont pas.

    Raises
    ------
    ValueError
        S’il manque une colonne ou si la table est vide.
    """
    _check(table)
    beyond = table[table["y_m"] >= y_m].groupby("id_pieton")["pas"].min()
    first = table.groupby("id_pieton")["pas"].min().reindex(beyond.index)
    kept = beyond[beyond > first]
    found = pd.DataFrame({"id_pieton": kept.index, "temps_s": kept.to_numpy() * STEP_S})
    return found.sort_values(["temps_s", "id_pieton"], ignore_index=True)


def fundamental(table: pd.DataFrame, area: Area = ENTRANCE) -> pd.DataFrame:
    """Densité et vitesse moyenne d’une zone, pas après pas : plus on est serré, moins on avance.

    La vitesse d’un piéton est son déplacement entre le pas d’avant et celui d’après.

    Parameters
    ----------
    table : DataFrame
        Colonnes `pas`, `id_pieton`, `x_m`, `y_m`.
    area : Area
        Zone.

    Returns
    -------
    DataFrame
        `pas`, `temps_s`, `densite` (personnes par m²), `vitesse_m_s`, pour les pas où la zone est occupée.

    Raises
    ------
    ValueError
        S’il manque une colonne ou si la table est vide.
    """
    _check(table)
    ordered = table.sort_values(["id_pieton", "pas"])
    group = ordered.groupby("id_pieton")
    ahead, behind = (group[["x_m", "y_m", "pas"]].shift(shift) for shift in (-1, 1))
    moved = np.hypot(ahead["x_m"] - behind["x_m"], ahead["y_m"] - behind["y_m"])
    ordered["vitesse_m_s"] = moved / ((ahead["pas"] - behind["pas"]) * STEP_S)
    speeds = ordered[_inside(ordered, area)].groupby("pas")["vitesse_m_s"].mean()
    found = area_density(table, area).set_index("pas").join(speeds).dropna().reset_index()
    return found[["pas", "temps_s", "densite", "vitesse_m_s"]]


def summary(table: pd.DataFrame | None = None, area: Area = ENTRANCE) -> dict[str, float]:
    """Le goulot en quelques nombres.

    Parameters
    ----------
    table : DataFrame, optional
        Trajectoires ; celles du cours par défaut.
    area : Area
        Zone où la densité se compte.

    Returns
    -------
    dict of str to float
        `pietons`, `duree_s` (jusqu’au dernier piéton), `densite_max` (classique, personnes par m²), `debit_s`
        (personnes par seconde à l’entrée du goulot) et `debit_m_s` (le même, par mètre de largeur).

    Raises
    ------
    ValueError
        S’il manque une colonne, ou si moins de deux piétons franchissent l’entrée.
    """
    if table is None:
        from formation.securite.tables import load

        table = load("trajectoires")
    passed = crossings(table)["temps_s"].to_numpy()
    if len(passed) < 2 or passed[-1] == passed[0]:
        raise ValueError("Moins de deux piétons franchissent l’entrée du goulot : pas de débit à mesurer.")
    flow = (len(passed) - 1) / (passed[-1] - passed[0])
    return {
        "pietons": float(table["id_pieton"].nunique()),
        "duree_s": float(table["pas"].max() - table["pas"].min()) * STEP_S,
        "densite_max": float(area_density(table, area)["densite"].max()),
        "debit_s": float(flow),
        "debit_m_s": float(flow / WIDTH_M),
    }


def _inside(table: pd.DataFrame, area: Area) -> NDArray[np.bool_]:
    x, y = table["x_m"].to_numpy(float), table["y_m"].to_numpy(float)
    inside: NDArray[np.bool_] = (x >= area.left) & (x < area.right) & (y >= area.bottom) & (y < area.top)
    return inside


def _edges(values: NDArray[np.float64], cell_m: float) -> NDArray[np.float64]:
    low, high = np.floor(values.min() / cell_m), np.floor(values.max() / cell_m) + 1
    return np.arange(low, high + 1) * cell_m


def _check(table: pd.DataFrame) -> None:
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise ValueError(f"Il manque {', '.join(missing)} : il faut les colonnes {', '.join(COLUMNS)}.")
    if table.empty:
        raise ValueError("Aucune position : la table est vide.")
