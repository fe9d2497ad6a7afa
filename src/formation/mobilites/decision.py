"""Autour de 1 500 m² : que dire de chaque parc, qui vérifier sur place, et ce que coûte chaque faute.

Le seuil vise le parc entier, voies comprises. L’erreur de surface vient de :mod:`formation.mobilites.area_error`.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.mobilites.area_error import AreaError, bootstrap, learn, misjudged, probability
from formation.mobilites.tables import THRESHOLD_M2
from formation.numbers import number, percent

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "AreaError",
    "bootstrap",
    "calibration",
    "cheapest",
    "choices",
    "learn",
    "matrix",
    "misjudged",
    "mistakes",
    "probability",
    "verdicts",
    "whole",
]

SUBJECT, DOUBT, EXEMPT = "assujetti", "à vérifier", "non assujetti"
DOUBTS = (0.02, 0.05, 0.1, 0.2, 0.3)
"""Risques de faute essayés pour se passer d’un contrôle sur place."""
LIMIT = 0.1
"""Risque accepté : on conclut sans contrôle au-delà de 90 % de certitude."""
RANGE_M2 = (1000.0, 2200.0)
"""Parcs dont la décision est en jeu."""
CLOSE_M2 = 200.0
"""Distance au seuil au-dessous de laquelle un parc est dit proche."""
COSTS = {"controle": 150.0, "oubli": 3000.0, "a_tort": 1500.0}
"""Coûts en euros, hypothèses pédagogiques : une visite, un assujetti oublié, une obligation annoncée à tort."""


def verdicts(parks: pd.DataFrame, error: AreaError, *, doubt: float = LIMIT) -> pd.DataFrame:
    """Ce qu’on dit de chaque parc : assujetti, non assujetti, ou à vérifier sur place.

    Parameters
    ----------
    parks : DataFrame
        Tableau de :func:`formation.mobilites.surface.parks`.
    error : AreaError
        Erreur apprise sur la validation.
    doubt : float
        Risque de faute accepté sans contrôle ; 0,5 pour ne jamais contrôler.

    Returns
    -------
    DataFrame
        Le tableau, avec `assujetti` (vérité), `surface_corrigee_m2`, `probabilite` et `verdict`. Un parc que le bord
        de la photo coupe, ou qui couvre trop peu de sa parcelle, est « à vérifier » tant que ce qu’on en voit ne
        dépasse pas le seuil : ce qui manque ne peut que l’agrandir.
    """
    said = error.probability(parks["surface_predite_m2"])
    if doubt >= 0.5:
        verdict = np.where(said > 0.5, SUBJECT, EXEMPT)
    else:
        verdict = np.where(said >= 1 - doubt, SUBJECT, np.where(said <= doubt, EXEMPT, DOUBT))
        partial = parks["coupe_predit"].astype(bool) | (parks["part_parcelle"] < error.floor)
        verdict = np.where((verdict == EXEMPT) & partial, DOUBT, verdict)
    return parks.assign(
        assujetti=parks["surface_m2"] > THRESHOLD_M2,
        surface_corrigee_m2=(parks["surface_predite_m2"] / (1 + error.bias)).round(1),
        probabilite=said,
        verdict=verdict,
    )


def whole(parks: pd.DataFrame, *, within: tuple[float, float] | None = RANGE_M2) -> pd.DataFrame:
    """Parcs entiers et visibles, ceux dont la décision peut se juger.

    Parameters
    ----------
    parks : DataFrame
        Tableau de :func:`formation.mobilites.surface.parks`.
    within : tuple of float, optional
        Surfaces vraies gardées, en m² ; toutes si vide.

    Returns
    -------
    DataFrame
        Lignes gardées.
    """
    kept = parks[(parks["entier"] == 1) & (parks["surface_visible_m2"] > 0)]
    return kept if within is None else kept[kept["surface_m2"].between(*within)]


def matrix(judged: pd.DataFrame) -> pd.DataFrame:
    """Matrice de décision : la vérité en lignes, le verdict en colonnes.

    Parameters
    ----------
    judged : DataFrame
        Tableau de :func:`verdicts`.

    Returns
    -------
    DataFrame
        Comptes ; lignes `assujetti` et `non assujetti`, colonnes `assujetti`, `à vérifier` et `non assujetti`.

    Examples
    --------
    >>> said = pd.DataFrame({"assujetti": [True, False], "verdict": [SUBJECT, DOUBT]})
    >>> int(matrix(said).loc["assujetti", "assujetti"])
    1
    """
    truth = np.where(judged["assujetti"], SUBJECT, EXEMPT)
    table = pd.crosstab(pd.Series(truth, name="vérité"), pd.Series(judged["verdict"].to_numpy(), name="verdict"))
    return table.reindex(index=[SUBJECT, EXEMPT], columns=[SUBJECT, DOUBT, EXEMPT], fill_value=0)


def mistakes(judged: pd.DataFrame) -> dict[str, int]:
    """Compte des fautes d’un tableau de verdicts.

    Parameters
    ----------
    judged : DataFrame
        Tableau de :func:`verdicts`.

    Returns
    -------
    dict of str to int
        `parcs`, `oublis` (assujettis dits non), `a_tort` (dits assujettis à tort), `a_verifier`, `justes`.
    """
    table = matrix(judged)
    missed, wrong = int(table.loc[SUBJECT, EXEMPT]), int(table.loc[EXEMPT, SUBJECT])
    checked = int(table[DOUBT].sum())
    right = len(judged) - missed - wrong - checked
    return {"parcs": len(judged), "oublis": missed, "a_tort": wrong, "a_verifier": checked, "justes": right}


def choices(parks: pd.DataFrame, error: AreaError) -> pd.DataFrame:
    """Ce que coûte la prudence : contrôles à faire et fautes qui restent, selon le risque accepté.

    Parameters
    ----------
    parks : DataFrame
        Tableau de :func:`formation.mobilites.surface.parks`.
    error : AreaError
        Erreur apprise sur la validation.

    Returns
    -------
    DataFrame
        Une ligne par risque : `risque`, puis les comptes de :func:`mistakes`.
    """
    return pd.DataFrame([{"risque": d, **mistakes(verdicts(parks, error, doubt=d))} for d in (*DOUBTS, 0.5)])


def cheapest(probability_over: ArrayLike, costs: dict[str, float] | None = None) -> list[str]:
    """L’action la moins chère pour chaque parc, selon la probabilité d’être assujetti et le prix de chaque faute.

    Parameters
    ----------
    probability_over : array_like
        Probabilité d’être au-dessus du seuil.
    costs : dict of str to float, optional
        `controle`, `oubli` et `a_tort`, en euros ; `COSTS` par défaut.

    Returns
    -------
    list of str
        `assujetti`, `à vérifier` ou `non assujetti`.

    Examples
    --------
    >>> cheapest([0.99, 0.5, 0.01])
    ['assujetti', 'à vérifier', 'non assujetti']
    """
    price = COSTS if costs is None else costs
    over = np.asarray(probability_over, float)
    spent = np.stack([(1 - over) * price["a_tort"], np.full_like(over, price["controle"]), over * price["oubli"]])
    names = (SUBJECT, DOUBT, EXEMPT)
    return [names[rank] for rank in spent.argmin(axis=0)]


def calibration(judged: pd.DataFrame, *, bins: tuple[float, ...] = (0.0, 0.1, 0.5, 0.9, 1.0)) -> pd.DataFrame:
    """La probabilité annoncée tient-elle parole ? Part d’assujettis par tranche de probabilité.

    Parameters
    ----------
    judged : DataFrame
        Tableau de :func:`verdicts`.
    bins : tuple of float
        Bornes des tranches.

    Returns
    -------
    DataFrame
        Une ligne par tranche : `tranche`, `parcs`, `annonce` (probabilité moyenne), `observe` (part d’assujettis).
    """
    names = [f"{number(100 * low)} à {percent(high)}" for low, high in itertools.pairwise(bins)]
    cut = pd.cut(judged["probabilite"], list(bins), labels=names, include_lowest=True)
    grouped: Any = judged.groupby(cut, observed=False)
    table = grouped.agg(parcs=("assujetti", "size"), annonce=("probabilite", "mean"), observe=("assujetti", "mean"))
    return table.rename_axis("tranche").reset_index()
