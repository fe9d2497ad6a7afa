"""J5 : combien de casses le mois prochain ? La météo du mois aide-t-elle à le dire ?

Une ligne par mois. Avec six casses par mois, le hasard seul fait une erreur d’environ deux : aucune donnée, si bonne
soit-elle, ne descend au-dessous.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import poisson
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import PoissonRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from formation.comite.gain import Gain, paired_gain, trials
from formation.comite.tables import Sources
from formation.comite.weeks import breaks

TEST = pd.Period("2022-01", "M")
BASE = ("saison_sin", "saison_cos", "douze_mois")
WEATHER = ("t_moy_c", "jours_gel", "pluie_mm", "secheresse", "secheresse_3_mois")
SETS = {"sans": BASE, "avec la météo": (*BASE, *WEATHER)}
WITHOUT, JOINED = SETS
NAIVE, LINEAR, TREES = "moyenne de douze mois", "régression de Poisson", "arbres"
CHOSEN = {"max_iter": 40, "learning_rate": 0.05, "max_leaf_nodes": 3, "min_samples_leaf": 20}
"""Réglages des arbres, choisis sur 2020 et 2021."""
ALPHA = 1.0
"""Pénalité de la régression, choisie sur 2020 et 2021."""


def panel(sources: Sources | None = None) -> pd.DataFrame:
    """Une ligne par mois, de 2014 à 2025 : casses du mois, météo du mois, casses des douze mois d’avant.

    La météo du mois tient lieu de prévision parfaite : si elle n’aide pas ainsi, une vraie prévision n’aidera pas.

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.

    Returns
    -------
    DataFrame
        Index mensuel ; `casses` et les variables de :data:`SETS`.

    Examples
    --------
    >>> len(panel())
    144
    """
    source = sources or Sources()
    weather = source.territory.meteo_jour
    month = weather["date"].dt.to_period("M")
    table = pd.DataFrame(
        {
            "t_moy_c": weather["t_moy_c"].groupby(month).mean(),
            "jours_gel": (weather["t_min_c"] < 0).groupby(month).sum(),
            "pluie_mm": weather["pluie_mm"].groupby(month).sum(),
            "secheresse": weather["indice_secheresse"].groupby(month).mean(),
        }
    )
    seen = breaks(source.table("eau", "defaillances"), source.table("eau", "troncons"))
    count = seen["date_signalement"].dt.to_period("M").value_counts().reindex(table.index, fill_value=0)
    turn = 2 * np.pi * table.index.month.to_numpy() / 12
    return table.assign(
        casses=count.astype(float),
        saison_sin=np.sin(turn),
        saison_cos=np.cos(turn),
        douze_mois=count.shift(1).rolling(12).mean(),
        secheresse_3_mois=table["secheresse"].shift(1).rolling(3).mean(),
    ).dropna()


def forecasts(
    rows: pd.DataFrame | None = None, *, start: pd.Period = TEST, end: pd.Period | None = None
) -> pd.DataFrame:
    """Apprend sur les mois d’avant `start`, prévoit les suivants.

    Parameters
    ----------
    rows : DataFrame, optional
        Tableau de :func:`panel` ; celui du cours par défaut.
    start, end : Period
        Premier et dernier mois prévus ; par défaut 2022 à 2025.

    Returns
    -------
    DataFrame
        Index mensuel ; `casses`, puis une colonne par couple (méthode | essai).
    """
    known = panel() if rows is None else rows
    learn = known[known.index < start]
    test = known[(known.index >= start) & (known.index <= (end or known.index.max()))]
    found = {"casses": test["casses"], f"{NAIVE} | {WITHOUT}": test["douze_mois"]}
    with threadpool_limits(1):
        for kind in (LINEAR, TREES):
            for name, columns in SETS.items():
                fitted = _model(kind).fit(learn[list(columns)], learn["casses"])
                found[f"{kind} | {name}"] = fitted.predict(test[list(columns)])
    return pd.DataFrame(found, index=test.index)


def errors(predicted: pd.DataFrame) -> pd.DataFrame:
    """Erreur absolue moyenne de chaque essai, et celle que le hasard impose.

    Parameters
    ----------
    predicted : DataFrame
        Tableau de :func:`forecasts`.

    Returns
    -------
    DataFrame
        `methode`, `donnees`, `erreur` (casses par mois).
    """
    lines: list[dict[str, Any]] = []
    for column, kind, name in trials(predicted):
        lines.append({"methode": kind, "donnees": name, "erreur": _off(predicted, column).mean()})
    noise = chance_error(float(predicted["casses"].mean()))
    lines.append({"methode": "hasard seul (moyenne connue)", "donnees": WITHOUT, "erreur": noise})
    return pd.DataFrame(lines)


def chance_error(mean: float) -> float:
    """Erreur absolue moyenne quand on connaît exactement la moyenne d’une loi de Poisson.

    Parameters
    ----------
    mean : float
        Nombre moyen d’événements, positif.

    Returns
    -------
    float
        Erreur que nul modèle ne peut éviter.

    Examples
    --------
    >>> round(chance_error(6.0), 2)
    1.93
    """
    count = np.arange(int(mean + 12 * np.sqrt(mean) + 12))
    return float((np.abs(count - mean) * poisson.pmf(count, mean)).sum())


def gain(predicted: pd.DataFrame, *, kind: str = LINEAR) -> Gain:
    """Ce que la météo change à l’erreur d’un mois.

    Parameters
    ----------
    predicted : DataFrame
        Tableau de :func:`forecasts`.
    kind : str
        Méthode.

    Returns
    -------
    Gain
        Mesure sans, avec, et intervalle de l’écart, trimestre par trimestre.
    """
    off = [_off(predicted, f"{kind} | {name}") for name in SETS]
    low, high = paired_gain(off[0], off[1], predicted.index.to_timestamp().to_period("Q").astype(str))
    return Gain(
        "J5", "eau × météo (mois)", "Combien de casses ce mois-ci ?", "erreur moyenne (casses par mois)",
        float(off[0].mean()), float(off[1].mean()), low, high,
    )  # fmt: skip


def _off(predicted: pd.DataFrame, column: str) -> pd.Series:
    return (predicted[column] - predicted["casses"]).abs()


def _model(kind: str) -> Any:
    if kind == TREES:
        return HistGradientBoostingRegressor(loss="poisson", early_stopping=False, random_state=447, **CHOSEN)
    return make_pipeline(StandardScaler(), PoissonRegressor(alpha=ALPHA, max_iter=1000))
