"""Atelier hydraulique : une fuite à un nœud, la pression avant et après (WNTR, extra `generation`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from formation.errors import FormationError

if TYPE_CHECKING:
    from collections.abc import Iterable

METRE_TO_BAR = 0.0980665
ROWS, COLUMNS, SPACING_M = 4, 5, 120.0
SITE = "N23"
"""Nœud où l’atelier place sa fuite."""


class WntrAbsent(FormationError):
    """La bibliothèque WNTR n’est pas installée."""


def network() -> Any:
    """Petit réseau fictif en damier : un réservoir, vingt nœuds, des conduites de 100 et 150 mm.

    Returns
    -------
    wntr.network.WaterNetworkModel
        Réseau prêt à simuler.

    Raises
    ------
    WntrAbsent
        Si WNTR n’est pas installé ; le message dit comment l’ajouter.
    """
    model = _wntr().network.WaterNetworkModel()
    model.options.hydraulic.demand_model = "PDD"
    model.options.hydraulic.required_pressure = 20.0
    model.options.time.duration = 0
    model.add_reservoir("R", base_head=150.0, coordinates=(-SPACING_M, 0.0))
    for row in range(ROWS):
        for column in range(COLUMNS):
            model.add_junction(
                _name(row, column),
                base_demand=0.0008,
                elevation=100.0 + 2.0 * row,
                coordinates=(column * SPACING_M, row * SPACING_M),
            )
    model.add_pipe("P0", "R", _name(0, 0), length=SPACING_M, diameter=0.2, roughness=110)
    for row in range(ROWS):
        for column in range(COLUMNS):
            diameter = 0.15 if row == 0 else 0.1
            for other in ((row, column + 1), (row + 1, column)):
                if other[0] < ROWS and other[1] < COLUMNS:
                    start, end = _name(row, column), _name(*other)
                    model.add_pipe(f"{start}-{end}", start, end, length=SPACING_M, diameter=diameter, roughness=100)
    return model


def pressures(*, leak_at: str | None = None, area_m2: float = 0.0005) -> pd.Series:
    """Pression à chaque nœud, avec ou sans fuite.

    Parameters
    ----------
    leak_at : str, optional
        Nœud qui fuit, par exemple `N23` ; aucun par défaut.
    area_m2 : float
        Surface de l’orifice de fuite, en m².

    Returns
    -------
    Series
        Pression en bar, indexée par nœud.

    Raises
    ------
    WntrAbsent
        Si WNTR n’est pas installé.
    ValueError
        Si le nœud n’existe pas.
    """
    model = network()
    if leak_at is not None:
        if leak_at not in model.junction_name_list:
            raise ValueError(f"Le nœud « {leak_at} » n’existe pas ; nœuds : {', '.join(model.junction_name_list)}.")
        model.get_node(leak_at).add_leak(model, area=area_m2, start_time=0)
    results = _wntr().sim.WNTRSimulator(model).run_sim()
    pressure = results.node["pressure"].loc[0, model.junction_name_list] * METRE_TO_BAR
    return pressure.rename("pression_bar").rename_axis("noeud").astype(float)


def leak_effect(leak_at: str = SITE, *, area_m2: float = 0.0005) -> pd.DataFrame:
    """Pression avant et après une fuite, nœud par nœud, la plus forte baisse d’abord.

    Parameters
    ----------
    leak_at : str
        Nœud qui fuit.
    area_m2 : float
        Surface de l’orifice, en m².

    Returns
    -------
    DataFrame
        Colonnes `avant_bar`, `apres_bar`, `baisse_bar`.

    Raises
    ------
    WntrAbsent
        Si WNTR n’est pas installé.
    """
    table = pd.DataFrame({"avant_bar": pressures(), "apres_bar": pressures(leak_at=leak_at, area_m2=area_m2)})
    table["baisse_bar"] = table["avant_bar"] - table["apres_bar"]
    return table.sort_values("baisse_bar", ascending=False)


def locate(observed: pd.Series, candidates: Iterable[str], *, area_m2: float = 0.0005) -> pd.Series:
    """Classe des nœuds suspects par l’écart entre les pressions mesurées et celles d’une fuite simulée à ce nœud.

    Parameters
    ----------
    observed : Series
        Pressions mesurées, en bar, à quelques nœuds.
    candidates : iterable of str
        Nœuds suspects.
    area_m2 : float
        Surface supposée de l’orifice, en m².

    Returns
    -------
    Series
        Résidu quadratique moyen en bar, le plus vraisemblable d’abord.

    Raises
    ------
    WntrAbsent
        Si WNTR n’est pas installé.
    """
    residual = {}
    for node in candidates:
        expected = pressures(leak_at=node, area_m2=area_m2).reindex(observed.index)
        residual[node] = float(((observed - expected) ** 2).mean() ** 0.5)
    return pd.Series(residual, name="residu_bar").sort_values()


def _name(row: int, column: int) -> str:
    return f"N{row}{column}"


def _wntr() -> Any:
    try:
        import wntr
    except ModuleNotFoundError as error:
        raise WntrAbsent(
            "L’atelier hydraulique a besoin de la bibliothèque WNTR, qui n’est pas installée. Ajoutez-la : "
            'pip install "formation-ia-territoires[generation]"'
        ) from error
    return wntr
