"""J6 : où écouter dans une commune qui n’a noté aucune fuite ? Le sol et le trafic de ses rues aident-ils ?

Chaque commune est laissée de côté à son tour, par groupes de trois : le modèle apprend sur les neuf autres, de 2017 à
2023, puis classe les conduites de la commune en 2024 et 2025, sans rien savoir de ses fuites. On refait la mesure avec
l’historique, pour voir ce que le sol et le trafic ajoutent à qui a déjà tout noté.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation import metrics
from formation.comite.gain import Gain, paired_gain, trials
from formation.comite.tables import Sources
from formation.eau import features
from formation.eau.model import RatePerKm, gradient_boosting, poisson_regression

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST, TEST = 2017, (2024, 2025)
GROUPS = 4
"""Groupes de communes laissés de côté à tour de rôle : trois communes chacun."""
SHARE = 0.2
"""Part du linéaire de chaque commune que l’on écoute."""
LINEAR, TREES = "régression de Poisson", "arbres"
WITHOUT, JOINED = "conduites seules", "avec sol et trafic"
PAST_WITHOUT, PAST_JOINED = "conduites et historique", "historique, sol et trafic"
SETS = {
    WITHOUT: features.PIPE,
    JOINED: (*features.PIPE, *features.GROUND),
    PAST_WITHOUT: (*features.PIPE, *features.HISTORY),
    PAST_JOINED: features.ALL,
}
"""Variables de chaque essai : deux sans historique (commune laissée de côté), deux avec."""


def panel(sources: Sources | None = None, *, first: int = FIRST) -> pd.DataFrame:
    """Une ligne par conduite et par année, avec la commune.

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.
    first : int
        Première année apprise.

    Returns
    -------
    DataFrame
        Tableau de :func:`formation.eau.features.panel`, plus `code_commune`, `id_rue` et `groupe`.
    """
    source = sources or Sources()
    pipes = source.table("eau", "troncons")
    years = range(first, TEST[-1] + 1)
    rows = features.panel(pipes, source.table("eau", "defaillances"), years, streets=source.territory.rues)
    rows = rows.merge(pipes[["id_troncon", "code_commune", "id_rue"]], on="id_troncon", how="left")
    return rows.assign(groupe=rows["code_commune"].astype(int) % GROUPS)


def scores(
    rows: pd.DataFrame | None = None, *, kinds: Iterable[str] = (LINEAR, TREES), test: Iterable[int] = TEST
) -> pd.DataFrame:
    """Note chaque conduite des années jugées.

    Parameters
    ----------
    rows : DataFrame, optional
        Tableau de :func:`panel` ; celui du cours par défaut.
    kinds : iterable of str
        Méthodes.
    test : iterable of int
        Années jugées ; on apprend sur les années d’avant.

    Returns
    -------
    DataFrame
        `annee`, `code_commune`, `id_rue`, `longueur_m`, `defaillances`, puis une colonne par couple (méthode | essai).
    """
    known, judged = panel() if rows is None else rows, list(test)
    learn, asked = known[known["annee"] < min(judged)], known[known["annee"].isin(judged)]
    found = asked[["annee", "code_commune", "id_rue", "longueur_m", features.TARGET]].copy()
    for kind in kinds:
        for name, columns in SETS.items():
            if name in (PAST_WITHOUT, PAST_JOINED):
                found[f"{kind} | {name}"] = _fitted(kind, columns, learn).predict(asked)
                continue
            values = pd.Series(0.0, index=asked.index)
            for group in range(GROUPS):
                away = asked["groupe"] == group
                values[away] = _fitted(kind, columns, learn[learn["groupe"] != group]).predict(asked[away])
            found[f"{kind} | {name}"] = values
    return found.reset_index(drop=True)


def captured(found: pd.DataFrame, column: str, share: float = SHARE) -> pd.Series:
    """Fuites trouvées dans chaque commune et chaque année, en écoutant une part de son linéaire.

    Parameters
    ----------
    found : DataFrame
        Tableau de :func:`scores`.
    column : str
        Colonne d’un essai.
    share : float
        Part écoutée dans chaque commune.

    Returns
    -------
    Series
        Nombre de fuites, par commune et par année ; zéro s’il n’y en a pas eu.
    """

    def of_one(part: pd.DataFrame) -> float:
        count = part[features.TARGET]
        if count.sum() == 0:
            return 0.0
        return float(count.sum() * metrics.captured_share(part[column], count, part["longueur_m"], share=share))

    keys = [found["code_commune"], found["annee"]]
    return found.groupby(keys)[[column, features.TARGET, "longueur_m"]].apply(of_one)


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Une ligne par essai : fuites trouvées dans 20 % du linéaire de chaque commune, et AUC.

    Parameters
    ----------
    found : DataFrame
        Tableau de :func:`scores`.

    Returns
    -------
    DataFrame
        `methode`, `donnees`, `part_fuites_20` (0 à 1), `auc`.
    """
    total, lines = float(found[features.TARGET].sum()), []
    for column, kind, name in trials(found):
        lines.append(
            {
                "methode": kind,
                "donnees": name,
                "part_fuites_20": float(captured(found, column).sum()) / total,
                "auc": metrics.roc_auc(found[column], found[features.TARGET]),
            }
        )
    return pd.DataFrame(lines)


def gain(found: pd.DataFrame, *, kind: str = TREES, history: bool = False) -> Gain:
    """Ce que le sol et le trafic changent à la part des fuites trouvées.

    Parameters
    ----------
    found : DataFrame
        Tableau de :func:`scores`.
    kind : str
        Méthode.
    history : bool
        Vrai pour les communes qui ont un historique.

    Returns
    -------
    Gain
        Mesure sans, avec, et intervalle de l’écart, commune par commune et année par année.
    """
    names = (PAST_WITHOUT, PAST_JOINED) if history else (WITHOUT, JOINED)
    caught = [captured(found, f"{kind} | {name}") for name in names]
    total = found.groupby([found["code_commune"], found["annee"]])[features.TARGET].sum().reindex(caught[0].index)
    low, high = paired_gain(-caught[0], -caught[1], np.arange(len(total)), total)
    parts = [100 * float(values.sum() / total.sum()) for values in caught]
    return Gain(
        "J6hist" if history else "J6", "eau × rues (id_rue, sol et trafic)",
        "Où écouter, avec un historique ?" if history else "Où écouter, sans historique ?",
        f"fuites trouvées dans {100 * SHARE:.0f}\u00a0% du linéaire (%)",
        parts[0], parts[1], 100 * low, 100 * high, error=False,
    )  # fmt: skip


def _fitted(kind: str, columns: tuple[str, ...], learn: pd.DataFrame) -> RatePerKm:
    model = gradient_boosting(columns) if kind == TREES else poisson_regression(columns)
    return model.fit(learn, learn[features.TARGET].to_numpy())
