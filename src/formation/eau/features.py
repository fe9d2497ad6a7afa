"""Variables d’un tronçon pour une année : tout ce qu’on savait la veille du 1ᵉʳ janvier, rien de plus."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

PIPE = ("age", "materiau", "diametre_mm", "pression_bar", "branchements_km")
"""Variables de la conduite."""
GROUND = ("alea_argile", "trafic_veh_j")
"""Variables de la rue : sol et trafic."""
HISTORY = ("defaillances_avant", "taux_historique", "defaillances_3_ans", "taux_rue")
"""Variables tirées des défaillances passées."""
ALL = (*PIPE, *GROUND, *HISTORY)
"""Toutes les variables du modèle complet (la longueur sert d’exposition, pas de variable)."""

MATERIAL_LEVELS = ("fonte grise", "amiante-ciment", "acier", "PVC", "fonte ductile", "PEHD", "autre")
TARGET = "defaillances"
"""Nom de la colonne à prévoir : défaillances de l’année."""


def panel(
    pipes: pd.DataFrame, failures: pd.DataFrame, years: Iterable[int], *, streets: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Une ligne par tronçon et par année : variables connues avant l’année, défaillances de l’année.

    Parameters
    ----------
    pipes : DataFrame
        Table `troncons` ; seules `id_troncon` et `longueur_m` sont obligatoires.
    failures : DataFrame
        Table `defaillances` ; `id_troncon` et `date_signalement` sont obligatoires.
    years : iterable of int
        Années à décrire.
    streets : DataFrame, optional
        Table `rues` du territoire, pour le sol et le trafic.

    Returns
    -------
    DataFrame
        Colonnes `annee`, `id_troncon`, `longueur_m`, les variables de `ALL` (vides si inconnues) et
        `defaillances`. Un tronçon posé après l’année n’y figure pas.

    Examples
    --------
    >>> pipes = pd.DataFrame({"id_troncon": ["A", "B"], "longueur_m": [100.0, 50.0]})
    >>> breaks = pd.DataFrame({"id_troncon": ["A"], "date_signalement": pd.to_datetime(["2020-05-01"])})
    >>> panel(pipes, breaks, [2020, 2021])["defaillances_avant"].tolist()
    [0.0, 0.0, 1.0, 0.0]
    """
    pipes = _with_streets(pipes, streets)
    counts = _counts(pipes, failures)
    frames = [_year(pipes, counts, year) for year in years]
    return pd.concat(frames, ignore_index=True)


def _with_streets(pipes: pd.DataFrame, streets: pd.DataFrame | None) -> pd.DataFrame:
    if streets is None or "id_rue" not in pipes:
        return pipes.reset_index(drop=True)
    ground = streets[["id_rue", *GROUND]]
    return pipes.merge(ground, on="id_rue", how="left", validate="m:1")


def _counts(pipes: pd.DataFrame, failures: pd.DataFrame) -> pd.DataFrame:
    """Défaillances par tronçon (lignes, dans l’ordre de `pipes`) et par année (colonnes)."""
    years = failures["date_signalement"].dt.year
    table = pd.crosstab(failures["id_troncon"], years)
    return table.reindex(pipes["id_troncon"], fill_value=0)


def _year(pipes: pd.DataFrame, counts: pd.DataFrame, year: int) -> pd.DataFrame:
    before = counts.loc[:, counts.columns < year]
    recent = counts.loc[:, (counts.columns < year) & (counts.columns >= year - 3)]
    observed = year - int(before.columns.min()) if before.shape[1] else 1
    past = before.sum(axis=1).to_numpy(float)
    length_km = pipes["longueur_m"].to_numpy(float) / 1000
    laid = pipes["date_pose"].dt.year if "date_pose" in pipes else pd.Series(np.nan, index=pipes.index)
    frame = pd.DataFrame(
        {
            "annee": year,
            "id_troncon": pipes["id_troncon"].to_numpy(),
            "longueur_m": pipes["longueur_m"].to_numpy(float),
            "age": (year - laid).to_numpy(float),
            "materiau": _materials(pipes),
            "diametre_mm": _numeric(pipes, "diametre_mm"),
            "pression_bar": _numeric(pipes, "pression_bar"),
            "branchements_km": _numeric(pipes, "nb_branchements") / length_km,
            "alea_argile": _numeric(pipes, "alea_argile"),
            "trafic_veh_j": _numeric(pipes, "trafic_veh_j"),
            "defaillances_avant": past,
            "taux_historique": past / length_km / _years_observed(year - laid, observed),
            "defaillances_3_ans": recent.sum(axis=1).to_numpy(float),
            "taux_rue": _street_rate(pipes, past, length_km, observed),
            TARGET: counts[year].to_numpy(float) if year in counts else 0.0,
        }
    )
    return frame[~(frame["age"] < 0)]


def _years_observed(age: pd.Series, observed: int) -> NDArray[np.float64]:
    """Années de suivi : celles du fichier, ou l’âge de la conduite si elle est plus récente."""
    return np.asarray(np.clip(age.fillna(observed).to_numpy(float), 1, observed))


def _materials(pipes: pd.DataFrame) -> pd.Categorical:
    values = pipes["materiau"].to_numpy(object) if "materiau" in pipes else np.full(len(pipes), None, dtype=object)
    return pd.Categorical(values, categories=list(MATERIAL_LEVELS))


def _numeric(pipes: pd.DataFrame, name: str) -> NDArray[np.float64]:
    return np.asarray(pipes[name].to_numpy(float, na_value=np.nan) if name in pipes else np.full(len(pipes), np.nan))


def _street_rate(
    pipes: pd.DataFrame, past: NDArray[np.float64], length_km: NDArray[np.float64], observed: int
) -> NDArray[np.float64]:
    """Défaillances par kilomètre et par an des **autres** tronçons de la rue ; vide pour un tronçon seul."""
    if "id_rue" not in pipes:
        return np.full(len(pipes), np.nan)
    frame = pd.DataFrame({"street": pipes["id_rue"].to_numpy(), "past": past, "km": length_km})
    total = frame.groupby("street")[["past", "km"]].transform("sum")
    others_km = (total["km"] - frame["km"]).to_numpy()
    others = (total["past"] - frame["past"]).to_numpy()
    return np.asarray(np.divide(others, others_km * observed, out=np.full(len(pipes), np.nan), where=others_km > 0.01))
