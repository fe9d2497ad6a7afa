"""J2 : dans quelles rues une conduite cassera-t-elle la semaine prochaine ? Les appels des habitants le disent-ils ?

Une ligne par rue et par semaine. Le dimanche soir, le service de l’eau connaît ses conduites, ses casses passées, et,
si la jointure existe, les appels des semaines écoulées. Le piège (J2 bis) est de joindre par « la semaine » sans dire
laquelle : les appels de la semaine prévue sont ceux que la casse provoque.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from formation.comite.gain import Gain, paired_gain
from formation.comite.tables import Sources
from formation.comite.weeks import FIRST_WEEK, LAST_WEEK, breaks, monday

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Grid = NDArray[np.float64]

TEST, VALIDATION = pd.Timestamp("2024-01-01"), pd.Timestamp("2023-01-02")
"""Première semaine prévue du test et de la validation."""
SHARE = 0.02
"""Part des rues que l’on va voir chaque semaine."""
LINEAR, TREES = "régression logistique", "arbres"
WITHOUT, BEFORE, SAME_WEEK = "sans les appels", "appels d’avant", "appels de la même semaine"
CHOSEN = {"max_iter": 60, "learning_rate": 0.08, "max_leaf_nodes": 6, "min_samples_leaf": 200, "l2_regularization": 5.0}
"""Réglages des arbres, choisis sur 2023."""
PENALTY = 1.0
"""Inverse de la pénalité de la régression, choisi sur 2023."""
THRESHOLD = 5
"""Effectif au-dessous duquel un compte ne se transmet pas (hypothèse)."""
_UNKNOWN_AGE = 45.0


@dataclass(frozen=True)
class Panel:
    """Rues × semaines : ce que l’on sait, et ce qui arrive.

    Attributes
    ----------
    streets : DataFrame
        Une ligne par rue : `id_rue`, `code_commune`.
    weeks : DatetimeIndex
        Lundis.
    broken : ndarray, forme (n_rues, n_semaines)
        Casses de la semaine.
    calls : ndarray, forme (n_rues, n_semaines)
        Signalements de la semaine.
    known : dict of str to ndarray
        Variables de l’eau seule, connues en fin de semaine, même forme.
    """

    streets: pd.DataFrame
    weeks: pd.DatetimeIndex
    broken: Grid
    calls: Grid
    known: dict[str, Grid]

    @property
    def target(self) -> Grid:
        """Casses de la semaine suivante, forme (n_rues, n_semaines − 1)."""
        return self.broken[:, 1:]

    def predicted_from(self, start: pd.Timestamp, end: pd.Timestamp = LAST_WEEK) -> NDArray[np.bool_]:
        """Colonnes de `target` dont la semaine prévue est entre deux dates."""
        return np.asarray((self.weeks[1:] >= start) & (self.weeks[1:] <= end))


def panel(sources: Sources | None = None) -> Panel:
    """Range les casses, les appels et les conduites par rue et par semaine, de 2021 à 2025.

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.

    Returns
    -------
    Panel
        Rues × semaines.

    Examples
    --------
    >>> panel().calls.shape
    (1550, 261)
    """
    source = sources or Sources()
    rues = source.territory.rues.reset_index(drop=True)
    pipes, failures = source.table("eau", "troncons"), source.table("eau", "defaillances")
    weeks = pd.date_range(FIRST_WEEK, LAST_WEEK, freq="7D")
    reports = source.table("comite", "signalements")
    calls = _grid(rues, weeks, reports["id_rue"], reports["semaine"], reports["nb_signalements"])
    seen = breaks(failures, pipes)
    broken = _grid(rues, weeks, seen["id_rue"], monday(seen["date_signalement"]))
    every = failures.merge(pipes[["id_troncon", "id_rue"]], on="id_troncon", how="left")
    known = _known(rues, weeks, pipes, every)
    return Panel(rues[["id_rue", "code_commune"]], weeks, broken, calls, known)


def past_calls(calls: Grid) -> dict[str, Grid]:
    """Variables tirées des appels passés : ceux de la semaine qui finit, et ceux de quatre semaines.

    Parameters
    ----------
    calls : ndarray, forme (n_rues, n_semaines)
        Appels, ou toute version plus grossière de la même forme.

    Returns
    -------
    dict of str to ndarray
        Deux variables de même forme.
    """
    total = np.cumsum(calls, axis=1)
    month = total.copy()
    month[:, 4:] -= total[:, :-4]
    return {"appels_1": calls, "appels_4": month}


def variables(table: Panel, calls: str = BEFORE) -> dict[str, Grid]:
    """Variables d’un essai, alignées sur `target`.

    Parameters
    ----------
    table : Panel
        Tableau de :func:`panel`.
    calls : str
        :data:`WITHOUT`, :data:`BEFORE` ou :data:`SAME_WEEK`.

    Returns
    -------
    dict of str to ndarray
        Variables, forme (n_rues, n_semaines − 1).

    Raises
    ------
    ValueError
        Si l’essai n’existe pas.
    """
    extra: Mapping[str, Grid]
    if calls == WITHOUT:
        extra = {}
    elif calls == BEFORE:
        extra = past_calls(table.calls)
    elif calls == SAME_WEEK:
        # La fuite : la colonne est décalée d’une semaine, on lit l’avenir.
        extra = {"appels_1": np.roll(table.calls, -1, axis=1)}
    else:
        raise ValueError(f"Essai inconnu « {calls} ». Essais : {WITHOUT}, {BEFORE}, {SAME_WEEK}.")
    return {name: grid[:, :-1] for name, grid in {**table.known, **extra}.items()}


def risk(
    table: Panel,
    given: Mapping[str, Grid],
    *,
    kind: str = LINEAR,
    start: pd.Timestamp = TEST,
    end: pd.Timestamp = LAST_WEEK,
) -> Grid:
    """Apprend sur les semaines d’avant `start`, note chaque rue pour les semaines prévues.

    Parameters
    ----------
    table : Panel
        Tableau de :func:`panel`.
    given : mapping of str to ndarray
        Variables de :func:`variables`.
    kind : str
        :data:`LINEAR` ou :data:`TREES`.
    start, end : Timestamp
        Première et dernière semaines prévues ; par défaut le test.

    Returns
    -------
    ndarray, forme (n_rues, n_semaines_prevues)
        Risque de casse la semaine suivante.
    """
    learn, test = table.weeks[1:] < start, table.predicted_from(start, end)
    features = [np.column_stack([grid[:, part].ravel() for grid in given.values()]) for part in (learn, test)]
    with threadpool_limits(1):
        fitted = _classifier(kind).fit(features[0], table.target[:, learn].ravel() > 0)
        chance = fitted.predict_proba(features[1])[:, 1]
    return np.asarray(chance.reshape(len(table.streets), -1))


def captured(score: Grid, broken: Grid, share: float = SHARE) -> Grid:
    """Casses qui tombent dans les rues que l’on va voir, semaine par semaine.

    Parameters
    ----------
    score, broken : ndarray, forme (n_rues, n_semaines)
        Risque et casses de la semaine prévue.
    share : float
        Part des rues visitées chaque semaine, entre 0 et 1.

    Returns
    -------
    ndarray, forme (n_semaines,)
        Nombre de casses.

    Examples
    --------
    >>> captured(np.array([[0.9], [0.1]]), np.array([[1.0], [1.0]]), 0.5).tolist()
    [1.0]
    """
    visited = np.argsort(-score, axis=0, kind="stable")[: visits(len(score), share)]
    return np.asarray(np.take_along_axis(broken, visited, axis=0).sum(axis=0))


def visits(streets: int, share: float = SHARE) -> int:
    """Rues visitées chaque semaine.

    Parameters
    ----------
    streets : int
        Nombre de rues.
    share : float
        Part visitée.

    Returns
    -------
    int
        Nombre entier, au moins 1.

    Examples
    --------
    >>> visits(1550)
    31
    """
    return max(1, round(share * streets))


def scores(table: Panel | None = None, *, kind: str = LINEAR) -> tuple[Grid, dict[str, Grid]]:
    """Casses du test et risque de chaque essai : sans, avec, piège.

    Parameters
    ----------
    table : Panel, optional
        Tableau de :func:`panel` ; celui du cours par défaut.
    kind : str
        Méthode.

    Returns
    -------
    broken : ndarray, forme (n_rues, n_semaines)
        Casses des semaines de test.
    risks : dict of str to ndarray
        Risque, même forme, par essai.
    """
    known = table or panel()
    found = {name: risk(known, variables(known, name), kind=kind) for name in (WITHOUT, BEFORE, SAME_WEEK)}
    return known.target[:, known.predicted_from(TEST)], found


def summary(broken: Grid, risks: Mapping[str, Grid], share: float = SHARE) -> pd.DataFrame:
    """Une ligne par essai : casses captées, précision moyenne, visites pour une casse.

    Parameters
    ----------
    broken : ndarray, forme (n_rues, n_semaines)
        Casses.
    risks : mapping of str to ndarray
        Risque par essai.
    share : float
        Part des rues visitées chaque semaine.

    Returns
    -------
    DataFrame
        `essai`, `part_captee` (0 à 1), `precision_moyenne` (0 à 1), `visites_par_casse`.
    """
    total, lines = float(broken.sum()), []
    for name, score in risks.items():
        caught = float(captured(score, broken, share).sum())
        trips = visits(len(broken), share) * broken.shape[1]
        lines.append(
            {
                "essai": name,
                "part_captee": caught / total,
                "precision_moyenne": average_precision_score(broken.ravel() > 0, score.ravel()),
                "visites_par_casse": trips / caught if caught else np.nan,
            }
        )
    return pd.DataFrame(lines)


def gain(broken: Grid, risks: Mapping[str, Grid], *, trap: bool = False, share: float = SHARE) -> Gain:
    """Ce que les appels changent à la part des casses captées.

    Parameters
    ----------
    broken : ndarray, forme (n_rues, n_semaines)
        Casses.
    risks : mapping of str to ndarray
        Risque par essai, de :func:`scores`.
    trap : bool
        Vrai pour les appels de la même semaine (J2 bis).
    share : float
        Part des rues visitées chaque semaine.

    Returns
    -------
    Gain
        Mesure sans, avec, et intervalle de l’écart, quatre semaines par quatre semaines.
    """
    per_week = broken.sum(axis=0)
    found = [captured(risks[name], broken, share) for name in (WITHOUT, SAME_WEEK if trap else BEFORE)]
    blocks = np.arange(len(per_week)) // 4
    low, high = paired_gain(-found[0], -found[1], blocks, per_week)
    parts = [100 * float(caught.sum() / per_week.sum()) for caught in found]
    key = "même semaine" if trap else "semaine d’avant"
    return Gain(
        "J2bis" if trap else "J2", f"eau × signalements (id_rue, {key})",
        "Quelles rues aller voir la semaine prochaine ?",
        f"casses captées dans {100 * share:.0f}\u00a0% des rues (%)",
        parts[0], parts[1], 100 * low, 100 * high, error=False, trap=trap,
    )  # fmt: skip


def _grid(
    rues: pd.DataFrame, weeks: pd.DatetimeIndex, street: pd.Series, week: pd.Series, count: pd.Series | None = None
) -> Grid:
    """Somme par rue et par semaine ; ce qui sort des semaines publiées est laissé."""
    row = pd.Index(rues["id_rue"]).get_indexer(street)
    column = weeks.get_indexer(pd.DatetimeIndex(week))
    kept = (row >= 0) & (column >= 0)
    values = np.ones(len(row)) if count is None else count.to_numpy(float)
    grid = np.zeros((len(rues), len(weeks)))
    np.add.at(grid, (row[kept], column[kept]), values[kept])
    return grid


def _known(rues: pd.DataFrame, weeks: pd.DatetimeIndex, pipes: pd.DataFrame, every: pd.DataFrame) -> dict[str, Grid]:
    """Ce que le service de l’eau sait seul : longueur, âge, sol, trafic, défaillances passées de la rue."""
    of_street = pipes.groupby("id_rue")
    km = of_street["longueur_m"].sum().reindex(rues["id_rue"], fill_value=0).to_numpy(float) / 1000
    laid = pipes["date_pose"].dt.year.groupby(pipes["id_rue"]).mean().reindex(rues["id_rue"])
    age = (FIRST_WEEK.year - laid).fillna(_UNKNOWN_AGE).to_numpy(float)
    week = monday(every["date_signalement"])
    earlier = every.loc[week < FIRST_WEEK, "id_rue"].value_counts().reindex(rues["id_rue"], fill_value=0)
    total = np.cumsum(_grid(rues, weeks, every["id_rue"], week), axis=1)
    year = total.copy()
    year[:, 52:] -= total[:, :-52]
    past = total + earlier.to_numpy(float)[:, None]
    fixed = {
        "longueur": np.log(km + 0.02),
        "age": age,
        "alea_argile": rues["alea_argile"].to_numpy(float),
        "trafic": np.log1p(rues["trafic_veh_j"].to_numpy(float)),
    }
    shape = (1, len(weeks))
    return {
        **{name: np.tile(values[:, None], shape) for name, values in fixed.items()},
        "defaillances": np.log1p(past),
        "taux": np.log1p(past / np.maximum(km, 0.05)[:, None]),
        "defaillances_an": year,
    }


def _classifier(kind: str) -> Any:
    if kind == TREES:
        return HistGradientBoostingClassifier(early_stopping=False, random_state=447, **CHOSEN)
    return make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=500))
