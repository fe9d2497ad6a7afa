"""J4 : combien de repas commander un jour de grève ? Un préavis suffit-il à le savoir ?

La commande part quinze jours avant et se corrige, si le marché le permet, quelques jours avant. Le préavis dit qu’une
grève est **possible** ; le taux de grève dit combien d’écoles ferment, et ne se connaît que le soir. On juge quatre
années scolaires, chacune prévue par ce qui la précède ; 2023-2024, l’année où le cas « dechets » a choisi ses réglages,
est laissée de côté.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from formation import metrics
from formation.comite.gain import Gain, paired_gain, trials
from formation.comite.tables import Sources
from formation.dechets import features
from formation.dechets.evaluation import FIRST_YEAR
from formation.dechets.model import QuantileRate

if TYPE_CHECKING:
    from collections.abc import Iterable

YEARS = ("2020-2021", "2021-2022", "2022-2023", "2024-2025")
"""Années jugées."""
LATE_DAYS = 5
"""Jours entre la correction de la commande et le service (hypothèse)."""
LATE, RATE = "preavis_tardif", "taux_greve_constate"
BASE = tuple(name for name in features.ALL if name not in features.STRIKES)
WITHOUT, NOTICE, LATE_NOTICE, KNOWN_RATE = "sans", "préavis à 15 jours", "préavis à 5 jours", "taux constaté"
SETS = {
    WITHOUT: BASE,
    NOTICE: (*BASE, *features.STRIKES),
    LATE_NOTICE: (*BASE, LATE),
    KNOWN_RATE: (*BASE, RATE),
}
"""Variables de chaque essai ; le dernier est un piège : personne ne connaît le taux avant le soir."""
AGENTS, LINEAR, TREES = "agents", "régression linéaire", "arbres"
STRONG = 0.10
"""Taux de grève au-dessus duquel on parle de grève forte."""
_CATEGORIES = ("jour_semaine", "plat_principal")


def panel(sources: Sources | None = None) -> pd.DataFrame:
    """Une ligne par restaurant et par jour d’école, quinze jours avant, avec les préavis déposés plus tard.

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.

    Returns
    -------
    DataFrame
        Tableau de :func:`formation.dechets.features.panel`, plus `preavis_tardif` et `jour_greve`.
    """
    source = sources or Sources()
    territory = source.territory
    rows = features.panel(tables=source.tables("dechets", "repas", "demande", "menus", "sorties"), territory=territory)
    strikes = territory.greves
    late = strikes.loc[strikes["date_preavis"] <= strikes["date"] - pd.Timedelta(days=LATE_DAYS), "date"]
    rows[LATE] = rows["date"].isin(late).astype("int8")
    rows["jour_greve"] = rows["date"].isin(strikes["date"])
    return rows


def forecasts(
    rows: pd.DataFrame | None = None, *, kinds: Iterable[str] = (LINEAR, TREES), years: Iterable[str] = YEARS
) -> pd.DataFrame:
    """Prévoit chaque année jugée avec ce qui la précède.

    Parameters
    ----------
    rows : DataFrame, optional
        Tableau de :func:`panel` ; celui du cours par défaut.
    kinds : iterable of str
        Méthodes.
    years : iterable of str
        Années scolaires jugées.

    Returns
    -------
    DataFrame
        `date`, `jour_greve`, `taux_greve_constate`, `demande`, la commande des `agents | sans`, puis une colonne par
        couple (méthode | essai), en repas.
    """
    known = panel() if rows is None else rows
    year, parts = known["annee_scolaire"], []
    usable = (year >= FIRST_YEAR) & (year != features.SKIPPED_YEAR)
    for judged in years:
        learn, test = known[usable & (year < judged)], known[year == judged]
        target = features.uncensored(learn)[features.TARGET].to_numpy(float)
        pupils = test["effectif_inscrit"].to_numpy(float)
        found = test[["date", "jour_greve", RATE, "demande"]].copy()
        found[f"{AGENTS} | {WITHOUT}"] = test["repas_prevus_agents"].astype(float)
        for kind in kinds:
            for name, columns in SETS.items():
                with threadpool_limits(1):
                    rate = (
                        _model(kind, columns)
                        .fit(learn[list(columns) + _extra(columns)], target)
                        .predict(test[list(columns) + _extra(columns)])
                    )
                found[f"{kind} | {name}"] = np.rint(rate * pupils)
        parts.append(found)
    return pd.concat(parts, ignore_index=True)


def errors(predicted: pd.DataFrame) -> pd.DataFrame:
    """Erreur de chaque essai : tous les jours, jours de grève, grèves fortes.

    Parameters
    ----------
    predicted : DataFrame
        Tableau de :func:`forecasts`.

    Returns
    -------
    DataFrame
        `methode`, `donnees`, puis l’écart absolu rapporté à la demande (WAPE, en %) : `ordinaires`, `greve`,
        `greve_forte`.
    """
    struck = predicted["jour_greve"]
    days = {"ordinaires": ~struck, "greve": struck, "greve_forte": predicted[RATE] >= STRONG}
    lines = []
    for column, kind, name in trials(predicted):
        line: dict[str, Any] = {"methode": kind, "donnees": name}
        for label, kept in days.items():
            line[label] = 100 * metrics.wape(predicted.loc[kept, column], predicted.loc[kept, "demande"])
        lines.append(line)
    return pd.DataFrame(lines)


def gain(predicted: pd.DataFrame, *, kind: str = TREES, joined: str = LATE_NOTICE) -> Gain:
    """Ce que les préavis changent à l’erreur d’un jour de grève.

    Parameters
    ----------
    predicted : DataFrame
        Tableau de :func:`forecasts`.
    kind : str
        Méthode.
    joined : str
        Essai de :data:`SETS` comparé à « sans » ; :data:`KNOWN_RATE` est le piège.

    Returns
    -------
    Gain
        Mesure sans, avec, et intervalle de l’écart, jour de grève par jour de grève.
    """
    rows = predicted[predicted["jour_greve"]]
    off = [(rows[f"{kind} | {name}"] - rows["demande"]).abs() for name in (WITHOUT, joined)]
    low, high = paired_gain(off[0], off[1], rows["date"], rows["demande"])
    total, trap = float(rows["demande"].sum()), joined == KNOWN_RATE
    return Gain(
        "J4bis" if trap else "J4", f"dechets × grèves (date, {joined})", "Combien de repas un jour de grève ?",
        "erreur les jours de grève (%)", 100 * float(off[0].sum()) / total, 100 * float(off[1].sum()) / total,
        100 * low, 100 * high, trap=trap,
    )  # fmt: skip


def _extra(columns: tuple[str, ...]) -> list[str]:
    """Colonnes dont le modèle a besoin sans les apprendre."""
    return [name for name in ("sortie_declaree", "effectif_inscrit") if name not in columns]


def _model(kind: str, columns: tuple[str, ...]) -> Any:
    if kind == TREES:
        return QuantileRate(0.5, columns)
    numeric = [name for name in columns if name not in _CATEGORIES]
    parts = [
        ("nombres", make_pipeline(SimpleImputer(), StandardScaler()), numeric),
        ("classes", OneHotEncoder(handle_unknown="ignore"), list(_CATEGORIES)),
    ]
    return make_pipeline(ColumnTransformer(parts), Ridge(1.0))
