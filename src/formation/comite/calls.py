"""J1 : combien d’appels au standard demain ? Le calendrier, la météo, les grèves et les casses d’eau aident-ils ?

Une ligne par jour ouvré. Le modèle ne reçoit que ce que l’on sait la veille au soir. La météo du jour prévu tient lieu
de prévision parfaite : en vrai, elle aiderait moins. On s’arrête le 31 août 2025 : l’assistant décroche ensuite, et le
calendrier du territoire finit là.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import PoissonRegressor
from sklearn.metrics import mean_absolute_percentage_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from formation.comite.gain import Gain, paired_gain, trials
from formation.comite.tables import Sources
from formation.comite.weeks import monday

if TYPE_CHECKING:
    from numpy.typing import NDArray

TARGET = "nb_tentatives"
"""Appels reçus dans la journée, rappels compris : c’est eux qui occupent le standard."""
LAST_DAY, VALIDATION, TEST = pd.Timestamp("2025-08-31"), pd.Timestamp("2023-01-01"), pd.Timestamp("2024-01-01")
HISTORY = ("veille", "avant_veille", "recent_20", "memes_jours_4")
"""Appels passés du standard : ce que l’on a sans personne."""
AGENDA = ("jour_semaine", "mois")
"""Jour et mois : ce que dit n’importe quel agenda."""
CALENDAR = ("vacances", "apres_fermeture", "rentree_semaine_1", "rentree_semaine_2")
WEATHER = ("pluie_mm", "t_max_c", "forte_pluie", "forte_chaleur", "vigilance_jaune", "vigilance_orange")
STRIKES = ("preavis", "veille_preavis")
BREAKS = ("casses_veille", "casses_7_jours")
SETS = {
    "sans": (*HISTORY, *AGENDA),
    "+ calendrier": (*HISTORY, *AGENDA, *CALENDAR),
    "+ calendrier et météo": (*HISTORY, *AGENDA, *CALENDAR, *WEATHER),
    "+ calendrier et préavis": (*HISTORY, *AGENDA, *CALENDAR, *STRIKES),
    "+ calendrier et casses": (*HISTORY, *AGENDA, *CALENDAR, *BREAKS),
    "tout": (*HISTORY, *AGENDA, *CALENDAR, *WEATHER, *STRIKES, *BREAKS),
}
"""Variables de chaque essai, du plus pauvre au plus riche."""
NAIVE, LINEAR, TREES = "quatre mêmes jours", "régression de Poisson", "arbres"
CHOSEN = {"max_iter": 120, "learning_rate": 0.06, "max_leaf_nodes": 4, "min_samples_leaf": 10}
"""Réglages des arbres, choisis sur 2023, en moyenne de « sans » et de « tout »."""
ALPHA = 0.01
"""Pénalité de la régression ; de 0,0001 à 0,1, l’erreur de 2023 ne change pas."""


def panel(sources: Sources | None = None) -> pd.DataFrame:
    """Une ligne par jour ouvré, de 2021 à août 2025 : ce que l’on sait la veille, et les appels du jour.

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.

    Returns
    -------
    DataFrame
        `date`, `nb_tentatives`, les variables de :data:`SETS`, et `atypique` : première quinzaine ouvrée de septembre,
        jour de préavis ou sa veille, vigilance orange ou rouge.

    Examples
    --------
    >>> set(SETS["tout"]) <= set(panel().columns)
    True
    """
    source = sources or Sources()
    territory = source.territory
    days = source.table("usagers", "appels_jour")[["date", TARGET]]
    days = days[days["date"] <= LAST_DAY].reset_index(drop=True)
    days = _history(days).merge(_calendar(days, territory.calendrier), on="date")
    days = days.merge(_weather(territory.meteo_jour), on="date")
    days = days.merge(_strikes(days["date"], territory.greves), on="date")
    days = days.merge(_breaks(days["date"], source.table("eau", "defaillances")), on="date")
    september = days["rentree_semaine_1"] + days["rentree_semaine_2"]
    days["atypique"] = (september + days["preavis"] + days["veille_preavis"] + days["vigilance_orange"]) > 0
    return days.dropna(subset=list(HISTORY)).reset_index(drop=True)


def model(kind: str, columns: tuple[str, ...]) -> Any:
    """Modèle neuf.

    Parameters
    ----------
    kind : str
        :data:`LINEAR` ou :data:`TREES`.
    columns : tuple of str
        Variables.

    Returns
    -------
    estimator
        Prêt pour `fit(X, y)` et `predict(X)`, à la manière de scikit-learn.
    """
    if kind == TREES:
        return HistGradientBoostingRegressor(loss="poisson", early_stopping=False, random_state=447, **CHOSEN)
    past = [name for name in columns if name in HISTORY]
    agenda = [name for name in columns if name in AGENDA]
    others = [name for name in columns if name not in (*HISTORY, *AGENDA)]
    parts = [
        ("passe", make_pipeline(FunctionTransformer(np.log), StandardScaler()), past),
        ("agenda", OneHotEncoder(handle_unknown="ignore"), agenda),
        ("autres", StandardScaler(), others),
    ]
    return make_pipeline(ColumnTransformer(parts), PoissonRegressor(alpha=ALPHA, max_iter=1000))


def forecasts(
    days: pd.DataFrame | None = None, *, start: pd.Timestamp = TEST, end: pd.Timestamp = LAST_DAY
) -> pd.DataFrame:
    """Apprend sur les jours d’avant `start`, prévoit ceux d’après.

    Parameters
    ----------
    days : DataFrame, optional
        Tableau de :func:`panel` ; celui du cours par défaut.
    start, end : Timestamp
        Premier et dernier jours prévus ; par défaut le test.

    Returns
    -------
    DataFrame
        `date`, `atypique`, `appels`, puis une colonne par couple (méthode, essai) : un index à deux niveaux.
    """
    rows = panel() if days is None else days
    learn, test = rows[rows["date"] < start], rows[rows["date"].between(start, end)]
    found: dict[tuple[str, str], NDArray[np.float64]] = {(NAIVE, "sans"): test["memes_jours_4"].to_numpy(float)}
    with threadpool_limits(1):
        for kind in (LINEAR, TREES):
            for name, columns in SETS.items():
                fitted = model(kind, columns).fit(learn[list(columns)], learn[TARGET])
                found[kind, name] = fitted.predict(test[list(columns)])
    base = test[["date", "atypique"]].assign(appels=test[TARGET].astype(float)).reset_index(drop=True)
    return base.join(pd.DataFrame({f"{kind} | {name}": values for (kind, name), values in found.items()}))


def errors(predicted: pd.DataFrame) -> pd.DataFrame:
    """Erreur moyenne de chaque essai, tous les jours puis les jours atypiques.

    Parameters
    ----------
    predicted : DataFrame
        Tableau de :func:`forecasts`.

    Returns
    -------
    DataFrame
        `methode`, `donnees`, `erreur` et `erreur_atypiques` : écart absolu moyen, en % des appels du jour (MAPE).
    """
    odd = predicted["atypique"].to_numpy(bool)
    real, lines = predicted["appels"].to_numpy(float), []
    for column, kind, name in trials(predicted):
        guess = predicted[column].to_numpy(float)
        lines.append(
            {
                "methode": kind,
                "donnees": name,
                "erreur": 100 * mean_absolute_percentage_error(real, guess),
                "erreur_atypiques": 100 * mean_absolute_percentage_error(real[odd], guess[odd]),
            }
        )
    return pd.DataFrame(lines)


def gain(
    predicted: pd.DataFrame, *, kind: str = LINEAR, without: str = "sans", joined: str = "tout", odd: bool = False
) -> Gain:
    """Ce que la jointure change à l’erreur du lendemain.

    Parameters
    ----------
    predicted : DataFrame
        Tableau de :func:`forecasts`.
    kind : str
        Méthode.
    without, joined : str
        Essais de :data:`SETS` comparés.
    odd : bool
        Vrai pour ne garder que les jours atypiques.

    Returns
    -------
    Gain
        Mesure sans, avec, et intervalle de l’écart, semaine par semaine.
    """
    rows = predicted[predicted["atypique"]] if odd else predicted
    off = [100 * (rows[f"{kind} | {name}"] / rows["appels"] - 1).abs() for name in (without, joined)]
    low, high = paired_gain(off[0], off[1], monday(rows["date"]))
    return Gain(
        "J1", "usagers × calendrier × météo × grèves × eau (date)", "Combien d’appels demain ?",
        "erreur moyenne, jours atypiques (%)" if odd else "erreur moyenne (%)",
        float(off[0].mean()), float(off[1].mean()), low, high,
    )  # fmt: skip


def _history(days: pd.DataFrame) -> pd.DataFrame:
    calls = days[TARGET].astype(float)
    weekday = days["date"].dt.day_of_week
    same = calls.groupby(weekday).transform(lambda known: known.shift(1).rolling(4, min_periods=1).mean())
    return days.assign(
        veille=calls.shift(1),
        avant_veille=calls.shift(2),
        recent_20=calls.shift(1).rolling(20, min_periods=5).mean(),
        memes_jours_4=same,
        jour_semaine=weekday,
        mois=days["date"].dt.month,
    )


def _calendar(days: pd.DataFrame, calendar: pd.DataFrame) -> pd.DataFrame:
    """Vacances, lendemain de fermeture et rentrée ; un jour ouvré de moins est un jour férié ou un pont."""
    date = days["date"]
    closed = (date - date.shift(1)).dt.days - np.where(date.dt.day_of_week == 0, 2, 0) > 1
    september = date.dt.month == 9
    rank = september.groupby(date.dt.year).cumsum().where(september, 0)
    off = calendar.set_index("date")["est_vacances_zone_b"]
    return pd.DataFrame(
        {
            "date": date,
            "vacances": date.map(off).astype(int),
            "apres_fermeture": closed.astype(int),
            "rentree_semaine_1": rank.between(1, 5).astype(int),
            "rentree_semaine_2": rank.between(6, 10).astype(int),
        }
    )


def _weather(weather: pd.DataFrame) -> pd.DataFrame:
    level = weather["vigilance"].astype(str)
    return weather[["date", "pluie_mm", "t_max_c"]].assign(
        forte_pluie=(weather["pluie_mm"] >= 20).astype(int),
        forte_chaleur=(weather["t_max_c"] >= 34).astype(int),
        vigilance_jaune=(level == "jaune").astype(int),
        vigilance_orange=level.isin(["orange", "rouge"]).astype(int),
    )


def _strikes(date: pd.Series, strikes: pd.DataFrame) -> pd.DataFrame:
    """Préavis connu la veille au plus tard ; jamais le taux constaté, que l’on n’apprend que le soir."""
    known = strikes.loc[strikes["date_preavis"] < strikes["date"], "date"]
    noticed = date.isin(known)
    return pd.DataFrame(
        {
            "date": date,
            "preavis": noticed.astype(int),
            "veille_preavis": (noticed.shift(-1, fill_value=False) & ~noticed).astype(int),
        }
    )


def _breaks(date: pd.Series, failures: pd.DataFrame) -> pd.DataFrame:
    """Défaillances d’eau signalées la veille et les sept jours d’avant."""
    every_day = pd.date_range(date.min() - pd.Timedelta(days=10), date.max())
    count = failures["date_signalement"].value_counts().reindex(every_day, fill_value=0)
    week = count.rolling(7).sum().shift(1)
    return pd.DataFrame({"date": date, "casses_veille": date.map(count.shift(1)), "casses_7_jours": date.map(week)})
