"""Les pièges plantés dans les données, chacun avec sa mesure : ce qu’on croit gagner, ce qu’on perd sans le voir."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from formation.eau import evaluation, features
from formation.eau.model import Age, gradient_boosting

CENTRE = ("00001", "00002", "00003")
"""Communes du centre de l’agglomération, les mieux suivies."""

FORBIDDEN = "nb_defaillances_total"
"""Colonne qui triche : elle compte aussi les défaillances des années de test."""


def temporal_leak(scores: pd.DataFrame, pipes: pd.DataFrame, *, share: float = 0.2) -> float:
    """Part des fuites « captées » quand on classe avec la colonne qui contient déjà la réponse.

    Parameters
    ----------
    scores : DataFrame
        Tableau de :func:`formation.eau.evaluation.score_table`.
    pipes : DataFrame
        Table `troncons`, avec `nb_defaillances_total`.
    share : float
        Part du linéaire écoutée.

    Returns
    -------
    float
        Part des fuites, trop belle pour être vraie.

    Examples
    --------
    >>> from formation.eau import evaluation, load
    >>> scores = evaluation.score_table(chosen={})
    >>> temporal_leak(scores, load("troncons")) > 0.9
    True
    """
    total = scores["id_troncon"].map(pipes.set_index("id_troncon")[FORBIDDEN])
    cheating = scores.assign(triche=total.to_numpy(float) / scores["longueur_m"].to_numpy(float))
    return float(evaluation.captured(cheating, "triche", share))


def with_default_date(pipes: pd.DataFrame, *, year: int = 1950) -> pd.DataFrame:
    """Remplit les dates de pose inconnues par une date par défaut, comme le font beaucoup de logiciels.

    Parameters
    ----------
    pipes : DataFrame
        Table `troncons`.
    year : int
        Année par défaut.

    Returns
    -------
    DataFrame
        Copie sans date vide.

    Examples
    --------
    >>> from formation.eau import load
    >>> int(with_default_date(load("troncons"))["date_pose"].isna().sum())
    0
    """
    return pipes.assign(date_pose=pipes["date_pose"].fillna(pd.Timestamp(year=year, month=1, day=1)))


def default_date(
    pipes: pd.DataFrame,
    failures: pd.DataFrame,
    streets: pd.DataFrame,
    *,
    year: int = 1950,
    share: float = 0.2,
    scores: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Effet de la date par défaut sur l’âge seul et sur le modèle complet.

    Parameters
    ----------
    pipes, failures, streets : DataFrame
        Tables `troncons`, `defaillances` et `rues`.
    year : int
        Année par défaut.
    share : float
        Part du linéaire écoutée.
    scores : DataFrame, optional
        Tableau de :func:`formation.eau.evaluation.score_table` déjà calculé sur ces tables, avec les deux méthodes ;
        sinon il est recalculé.

    Returns
    -------
    DataFrame
        Lignes `âge` et `modèle complet`, colonnes `dates vides` et `dates par défaut` : parts des fuites captées.
    """
    chosen = {"âge": Age(), evaluation.FULL_MODEL: gradient_boosting()}
    if scores is None:
        scores = evaluation.score_table(pipes, failures, streets=streets, chosen=chosen)
    filled = evaluation.score_table(with_default_date(pipes, year=year), failures, streets=streets, chosen=chosen)
    columns = {
        label: [float(evaluation.captured(table, name, share)) for name in chosen]
        for label, table in {"dates vides": scores, "dates par défaut": filled}.items()
    }
    return pd.DataFrame(columns, index=list(chosen))


def unevenly_observed(
    pipes: pd.DataFrame,
    failures: pd.DataFrame,
    *,
    centre: Sequence[str] = CENTRE,
    inside: float = 0.95,
    outside: float = 0.35,
    seed: int = 447,
) -> pd.DataFrame:
    """Ne garde que les défaillances qu’un suivi inégal aurait notées.

    Parameters
    ----------
    pipes, failures : DataFrame
        Tables `troncons` et `defaillances`.
    centre : sequence of str
        Communes bien suivies.
    inside, outside : float
        Part des défaillances notées dans ces communes, et ailleurs.
    seed : int
        Graine du tirage.

    Returns
    -------
    DataFrame
        Défaillances notées.

    Examples
    --------
    >>> from formation.eau import load
    >>> failures = load("defaillances")
    >>> len(unevenly_observed(load("troncons"), failures)) < len(failures)
    True
    """
    municipality = failures["id_troncon"].map(pipes.set_index("id_troncon")["code_commune"])
    chance = np.where(municipality.isin(centre), inside, outside)
    return failures[np.random.default_rng(seed).random(len(failures)) < chance]


def detection_bias(
    pipes: pd.DataFrame,
    failures: pd.DataFrame,
    streets: pd.DataFrame,
    *,
    share: float = 0.2,
    seed: int = 447,
    scores: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Le modèle appris sur un suivi inégal : même score global, plan d’écoute déplacé vers le centre.

    Parameters
    ----------
    pipes, failures, streets : DataFrame
        Tables `troncons`, `defaillances` et `rues`.
    share : float
        Part du linéaire écoutée.
    seed : int
        Graine du suivi inégal.
    scores : DataFrame, optional
        Tableau de :func:`formation.eau.evaluation.score_table` déjà calculé sur ces tables, avec le modèle complet ;
        sinon il est recalculé.

    Returns
    -------
    DataFrame
        Lignes `suivi complet` et `suivi inégal` ; colonnes `part_fuites` (toutes les fuites réelles de 2024–2025) et
        `part_centre` (part du linéaire du plan située dans les communes 00001 à 00003).
    """
    chosen = {evaluation.FULL_MODEL: gradient_boosting()}
    if scores is None:
        scores = evaluation.score_table(pipes, failures, streets=streets, chosen=chosen)
    seen = unevenly_observed(pipes, failures, seed=seed)
    biased = evaluation.score_table(pipes, seen, streets=streets, chosen=chosen)
    # Les deux plans sont jugés sur toutes les fuites réelles, y compris celles que personne n’a notées.
    biased[features.TARGET] = scores[features.TARGET].to_numpy()
    rows = {
        label: {
            "part_fuites": float(evaluation.captured(table, evaluation.FULL_MODEL, share)),
            "part_centre": plan_share(table, pipes, evaluation.FULL_MODEL, share=share),
        }
        for label, table in {"suivi complet": scores, "suivi inégal": biased}.items()
    }
    return pd.DataFrame(rows).T


def plan_share(
    scores: pd.DataFrame, pipes: pd.DataFrame, method: str, *, share: float = 0.2, centre: Sequence[str] = CENTRE
) -> float:
    """Part du plan d’écoute située dans des communes données.

    Parameters
    ----------
    scores : DataFrame
        Tableau de :func:`formation.eau.evaluation.score_table`.
    pipes : DataFrame
        Table `troncons`.
    method : str
        Méthode qui classe.
    share : float
        Part du linéaire écoutée.
    centre : sequence of str
        Communes.

    Returns
    -------
    float
        Part du linéaire du plan, de 0 à 1, dernière année de test.
    """
    last = scores[scores["annee"] == scores["annee"].max()].sort_values(method, ascending=False, kind="stable")
    plan = last[last["longueur_m"].cumsum() <= share * last["longueur_m"].sum()]
    inside = plan["id_troncon"].map(pipes.set_index("id_troncon")["code_commune"]).isin(centre)
    return float(plan.loc[inside.to_numpy(), "longueur_m"].sum() / plan["longueur_m"].sum())


def survivors(balance: pd.DataFrame, failures: pd.DataFrame) -> pd.DataFrame:
    """Défaillances que la table a perdues, parce que la conduite a été remplacée depuis.

    Parameters
    ----------
    balance : DataFrame
        Table `bilan_annuel`, qui compte toutes les réparations.
    failures : DataFrame
        Table `defaillances`, qui ne connaît que les conduites encore en service.

    Returns
    -------
    DataFrame
        Par année : `reparees`, `dans_la_table`, `part_perdue`.

    Examples
    --------
    >>> from formation.eau import load
    >>> table = survivors(load("bilan_annuel"), load("defaillances"))
    >>> bool(table["part_perdue"].iloc[0] > table["part_perdue"].iloc[-1])
    True
    """
    kept = failures["date_signalement"].dt.year.value_counts()
    table = pd.DataFrame({"annee": balance["annee"], "reparees": balance["nb_defaillances_reparees"]})
    table["dans_la_table"] = table["annee"].map(kept).fillna(0).astype(int)
    return table.assign(part_perdue=1 - table["dans_la_table"] / table["reparees"])


def per_pipe(scores: pd.DataFrame, method: str, *, share: float = 0.2) -> pd.DataFrame:
    """Compter en tronçons flatte : les tronçons les plus à risque sont aussi les plus longs.

    Parameters
    ----------
    scores : DataFrame
        Tableau de :func:`formation.eau.evaluation.score_table`.
    method : str
        Méthode qui classe.
    share : float
        Part des tronçons, ou du linéaire, qu’on écoute.

    Returns
    -------
    DataFrame
        Lignes `en tronçons` (les mieux notés par tronçon) et `en linéaire` (les mieux notés par km) ; colonnes
        `part_fuites` et `part_lineaire` réellement écoutée.
    """
    found, length = 0.0, 0.0
    for _, year in scores.groupby("annee"):
        risk = year[method] * year["longueur_m"]
        chosen = year.loc[risk.nlargest(round(share * len(year))).index]
        found += float(chosen[features.TARGET].sum())
        length += float(chosen["longueur_m"].sum())
    rows = {
        "en tronçons": (found / scores[features.TARGET].sum(), length / scores["longueur_m"].sum()),
        "en linéaire": (float(evaluation.captured(scores, method, share)), share),
    }
    return pd.DataFrame(rows, index=["part_fuites", "part_lineaire"]).T


def regression_to_mean(
    pipes: pd.DataFrame, failures: pd.DataFrame, *, worst: int = 5, zone: str = "id_secteur"
) -> pd.DataFrame:
    """Les pires secteurs d’une année vont mieux l’année suivante, même si l’on n’y fait rien.

    Parameters
    ----------
    pipes, failures : DataFrame
        Tables `troncons` et `defaillances`.
    worst : int
        Nombre de secteurs retenus chaque année, ceux qui ont le plus de fuites par kilomètre.
    zone : str
        Colonne du découpage.

    Returns
    -------
    DataFrame
        Lignes `pires secteurs` et `autres secteurs (témoins)` ; colonnes `avant`, `apres` (fuites par km et par
        an, moyenne de toutes les années) et `evolution` (part, négative si baisse).

    Examples
    --------
    >>> from formation.eau import load
    >>> bool(regression_to_mean(load("troncons"), load("defaillances"))["evolution"].iloc[0] < 0)
    True
    """
    km = pipes.groupby(zone)["longueur_m"].sum() / 1000
    where = failures["id_troncon"].map(pipes.set_index("id_troncon")[zone])
    rate = pd.crosstab(where, failures["date_signalement"].dt.year).reindex(km.index, fill_value=0).div(km, axis=0)
    pairs: dict[str, list[tuple[float, float]]] = {"pires secteurs": [], "autres secteurs (témoins)": []}
    for year in rate.columns[:-1]:
        chosen = rate[year].nlargest(worst).index
        for label, rows in zip(pairs, (chosen, rate.index.difference(chosen)), strict=True):
            pairs[label].append((rate.loc[rows, year].mean(), rate.loc[rows, year + 1].mean()))
    table = pd.DataFrame(
        {label: np.mean(values, axis=0) for label, values in pairs.items()}, index=["avant", "apres"]
    ).T
    return table.assign(evolution=table["apres"] / table["avant"] - 1)
