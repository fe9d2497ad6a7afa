"""J2 : dans quelles rues une conduite cassera-t-elle la semaine prochaine ? Les appels des habitants le disent-ils ?

Une ligne par rue et par semaine. Le dimanche soir, le service de l’eau connaît ses conduites, ses casses passées, et,
si la jointure existe, les appels des semaines écoulées. Le piège (J2 bis) est de joindre par « la semaine » sans dire
laquelle : les appels de la semaine prévue sont ceux que la casse provoque.
"""

from __future__ import annotations

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
from formation.comite.street_weeks import BEFORE as BEFORE
from formation.comite.street_weeks import SAME_WEEK as SAME_WEEK
from formation.comite.street_weeks import WITHOUT as WITHOUT
from formation.comite.street_weeks import Panel as Panel
from formation.comite.street_weeks import panel as panel
from formation.comite.street_weeks import past_calls as past_calls
from formation.comite.street_weeks import variables as variables
from formation.comite.weeks import LAST_WEEK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    Grid = NDArray[np.float64]

TEST, VALIDATION = pd.Timestamp("2024-01-01"), pd.Timestamp("2023-01-02")
"""Première semaine prévue du test et de la validation."""
SHARE = 0.02
"""Part des rues que l’on va voir chaque semaine."""
LINEAR, TREES = "régression logistique", "arbres"
CHOSEN = {"max_iter": 60, "learning_rate": 0.08, "max_leaf_nodes": 4, "min_samples_leaf": 200, "l2_regularization": 5.0}
"""Réglages des arbres, choisis sur 2023."""
PENALTY = 0.01
"""Inverse de la pénalité de la régression, choisi sur 2023."""
THRESHOLD = 5
"""Effectif au-dessous duquel un compte ne se transmet pas (hypothèse)."""


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


def scores(
    table: Panel | None = None, *, kind: str = LINEAR, essays: Iterable[str] = (WITHOUT, BEFORE, SAME_WEEK)
) -> tuple[Grid, dict[str, Grid]]:
    """Casses du test et risque de chaque essai : sans, avec, piège.

    Parameters
    ----------
    table : Panel, optional
        Tableau de :func:`panel` ; celui du cours par défaut.
    kind : str
        Méthode.
    essays : iterable of str
        Essais.

    Returns
    -------
    broken : ndarray, forme (n_rues, n_semaines)
        Casses des semaines de test.
    risks : dict of str to ndarray
        Risque, même forme, par essai.
    """
    known = table or panel()
    found = {name: risk(known, variables(known, name), kind=kind) for name in essays}
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


def rule(table: Panel, start: pd.Timestamp = TEST) -> dict[str, float]:
    """L’option sans IA : aller voir toutes les rues d’où l’on a appelé la semaine d’avant, et elles seules.

    Parameters
    ----------
    table : Panel
        Tableau de :func:`panel`.
    start : Timestamp
        Première semaine prévue.

    Returns
    -------
    dict of str to float
        `part_captee` : part des casses (0 à 1) ; `rues_semaine` : rues visitées par semaine ; `suivis` : part de ces
        visites suivies d’une casse dans la semaine (0 à 1) ; `historique` : part des casses captées en visitant 2 % des
        rues, les plus cassées d’abord, sans un appel.

    Examples
    --------
    >>> found = rule(panel())
    >>> found["rues_semaine"] < visits(1550)
    True
    """
    test = table.predicted_from(start)
    warned, broken = table.calls[:, :-1][:, test] > 0, table.target[:, test]
    past = table.known["defaillances"][:, :-1][:, test]
    return {
        "part_captee": float(broken[warned].sum() / broken.sum()),
        "rues_semaine": float(warned.sum() / warned.shape[1]),
        "suivis": float((broken[warned] > 0).mean()),
        "historique": float(captured(past, broken).sum() / broken.sum()),
    }


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


def _classifier(kind: str) -> Any:
    if kind == TREES:
        return HistGradientBoostingClassifier(early_stopping=False, random_state=447, **CHOSEN)
    return make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=500))
