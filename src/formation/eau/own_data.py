"""Essayer le jouet sur son propre réseau : mêmes références, même mesure, même franchise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from formation import metrics
from formation.eau import evaluation, features, own_reading
from formation.eau.model import Age, AgeMaterial, History, Random, gradient_boosting, poisson_regression
from formation.eau.own_years import Years, choose_years
from formation.numbers import number, percent, points

MAX_PIPES, MAX_TRAIN_PIPES = 150_000, 60_000
MODEL = evaluation.FULL_MODEL
SHARES = evaluation.SHARES


@dataclass(frozen=True)
class OwnResult:
    """Résultat de l’essai sur un réseau.

    Attributes
    ----------
    table : DataFrame
        Une ligne par méthode : parts captées à 10, 20 et 30 % du linéaire, bornes à 90 % à 20 %, AUC.
    years : Years
        Découpage du temps.
    chosen : str
        Modèle retenu sur les années de validation.
    conclusion : str
        Ce que l’essai permet de dire, en français.
    remarks : list of str
        Lignes écartées, interprétations, prudences.
    facts : dict
        Longueur en km, tronçons, casses totales et de test.
    """

    table: pd.DataFrame
    years: Years
    chosen: str
    conclusion: str
    remarks: list[str]
    facts: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Rend tout le résultat en types simples, prêts pour du JSON."""
        return {
            "reseau": self.facts,
            "annees": {"premiere": self.years.first, "apprentissage": list(self.years.train)}
            | {"validation": list(self.years.validation), "test": list(self.years.test)},
            "modele_retenu": self.chosen,
            "methodes": self.table.to_dict(orient="records"),
            "conclusion": self.conclusion,
            "remarques": self.remarks,
        }


def own(
    pipes_file: str | Path, failures_file: str | Path, *, test_years: int = 2, draws: int = 200, seed: int = 447
) -> OwnResult:
    """Compare les références et le modèle jouet sur le réseau d’une collectivité.

    Parameters
    ----------
    pipes_file : str or Path
        Conduites : `id_troncon` et `longueur_m` suffisent ; matériau, date de pose, diamètre, pression, branchements
        et rue sont utilisés s’ils y sont.
    failures_file : str or Path
        Casses et fuites : `id_troncon` et `date_signalement` (ou `date`).
    test_years : int
        Dernières années complètes gardées pour juger.
    draws : int
        Tirages de l’intervalle.
    seed : int
        Graine du modèle et des tirages.

    Returns
    -------
    OwnResult
        Tableau, conclusion et remarques. Rien n’est écrit.

    Raises
    ------
    formation.errors.DonneesInvalides
        Si un fichier n’est pas utilisable.
    ReseauTropPetit
        S’il y a trop peu d’années ou de casses ; le message dit le minimum.
    """
    data = own_reading.read(pipes_file, failures_file)
    return compare(data.pipes, data.failures, remarks=data.remarks, test_years=test_years, draws=draws, seed=seed)


def compare(
    pipes: pd.DataFrame,
    failures: pd.DataFrame,
    *,
    remarks: list[str] | None = None,
    test_years: int = 2,
    draws: int = 200,
    seed: int = 447,
) -> OwnResult:
    """Comme :func:`own`, sur des tables déjà lues.

    Parameters
    ----------
    pipes, failures : DataFrame
        Conduites et casses.
    remarks : list of str, optional
        Remarques de lecture à garder.
    test_years, draws, seed : int
        Voir :func:`own`.

    Returns
    -------
    OwnResult
        Tableau, conclusion et remarques.

    Raises
    ------
    ReseauTropPetit
        S’il y a trop peu d’années ou de casses.
    """
    notes = list(remarks or [])
    if len(pipes) > MAX_PIPES:
        notes.append(f"Réseau très grand : l’essai porte sur {number(MAX_PIPES)} tronçons tirés au sort.")
        pipes = pipes.sample(MAX_PIPES, random_state=seed).sort_index().reset_index(drop=True)
        failures = failures[failures["id_troncon"].isin(pipes["id_troncon"])]
    years = choose_years(failures, test_years=test_years)
    chosen = _choose_model(pipes, failures, years, seed)
    learn = _training_pipes(pipes, seed)
    candidates = {**_references(pipes), MODEL: _candidates(pipes, seed)[chosen]}
    scores = _scores(pipes, learn, failures, (*years.train, *years.validation), years.test, candidates)
    spread = _bootstrap(scores, draws if len(scores) < 100_000 else min(draws, 50), seed)
    table = _table(scores, spread)
    notes += _warnings(pipes, scores)
    facts = {
        "longueur_km": round(float(pipes["longueur_m"].sum()) / 1000, 1),
        "troncons": len(pipes),
        "casses": len(failures),
        "casses_test": int(scores[features.TARGET].sum()),
    }
    return OwnResult(table, years, chosen, conclude(table, spread), notes, facts)


def conclude(table: pd.DataFrame, spread: Mapping[str, np.ndarray]) -> str:
    """Écrit la conclusion : ce que le modèle ajoute aux références, avec son incertitude.

    Parameters
    ----------
    table : DataFrame
        Tableau de résultats.
    spread : mapping of str to ndarray
        Parts captées à 20 % du linéaire, par méthode, sur les mêmes réseaux retirés au sort.

    Returns
    -------
    str
        Deux ou trois phrases.
    """
    at_20 = table.set_index("methode")["part_fuites_20"]
    references = at_20.drop([MODEL, "hasard"], errors="ignore")
    best = str(references.idxmax())
    gap = at_20[MODEL] - references[best]
    low, high = metrics.draw_bounds(spread[MODEL] - spread[best])
    listed = " ; ".join(f"{name} {percent(value)}" for name, value in references.items())
    text = (
        f"En écoutant 20\u00a0% du linéaire : modèle {percent(at_20[MODEL])} des casses ; {listed} ; hasard 20\u00a0%. "
    )
    margin = f"écart de {points(gap)}, entre {points(low)} et {points(high)} neuf fois sur dix"
    if low > 0:
        text += f"Le modèle fait mieux que la meilleure référence, « {best} » ({margin})."
        if gap < 0.03:
            text += " L’écart est petit : comptez ce qu’il coûte avant d’acheter."
    elif high < 0:
        text += f"Le modèle fait moins bien que « {best} » ({margin}) : gardez la référence."
    else:
        text += (
            f"On ne peut pas dire que le modèle fait mieux que « {best} » ({margin}). Un classement "
            f"par « {best} », qu’un "
            "tableur sait faire, rend ici le même service."
        )
    close = [name for name, value in references.items() if name != best and at_20[MODEL] - value < 0.02]
    if close:
        text += f" Même « {close[0]} » s’en approche à moins de deux points."
    return text


def _references(pipes: pd.DataFrame) -> dict[str, Any]:
    """Références que les colonnes présentes permettent."""
    chosen: dict[str, Any] = {"hasard": Random()}
    if "date_pose" in pipes:
        chosen["âge"] = Age()
    if "date_pose" in pipes and "materiau" in pipes:
        chosen["âge × matériau"] = AgeMaterial()
    return {**chosen, "historique par km": History()}


def _candidates(pipes: pd.DataFrame, seed: int) -> dict[str, Any]:
    """Modèles en lice : deux gradient boosting et une régression de Poisson, sur les variables connues."""
    needs = {"age": "date_pose", "branchements_km": "nb_branchements", "taux_rue": "id_rue"}
    columns = [name for name in features.ALL if name in features.HISTORY[:3] or needs.get(name, name) in pipes.columns]
    return {
        "gradient boosting": gradient_boosting(columns, seed=seed),
        "gradient boosting, arbres plus profonds": gradient_boosting(columns, seed=seed, max_leaf_nodes=8),
        "régression de Poisson": poisson_regression(columns),
    }


def _choose_model(pipes: pd.DataFrame, failures: pd.DataFrame, years: Years, seed: int) -> str:
    candidates = _candidates(pipes, seed)
    learn = _training_pipes(pipes, seed)
    scores = _scores(learn, learn, failures, years.train, years.validation, candidates)
    if scores[features.TARGET].sum() == 0:
        return next(iter(candidates))
    return max(candidates, key=lambda name: float(evaluation.captured(scores, name, 0.2)))


def _training_pipes(pipes: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Conduites qui servent à apprendre : toutes, ou un échantillon pour un très grand réseau."""
    if len(pipes) <= MAX_TRAIN_PIPES:
        return pipes
    return pipes.sample(MAX_TRAIN_PIPES, random_state=seed).sort_index()


def _scores(
    pipes: pd.DataFrame,
    learn: pd.DataFrame,
    failures: pd.DataFrame,
    train: tuple[int, ...],
    test: tuple[int, ...],
    candidates: Mapping[str, Any],
) -> pd.DataFrame:
    past = features.panel(learn, failures, train)
    fitted = {name: model.fit(past, past[features.TARGET].to_numpy()) for name, model in candidates.items()}
    parts = []
    for year in test:
        rows = features.panel(pipes, failures, [year])
        part = rows[["annee", "id_troncon", "longueur_m", features.TARGET]].copy()
        for name, model in fitted.items():
            part[name] = model.predict(rows)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _bootstrap(scores: pd.DataFrame, draws: int, seed: int) -> dict[str, np.ndarray]:
    """Parts captées à 20 % sur des réseaux retirés au sort, année par année puis réunies."""
    names = evaluation.method_names(scores)
    total, weight = np.zeros((draws, len(names))), 0.0
    for _, year in scores.groupby("annee"):
        count = float(year[features.TARGET].sum())
        if count:
            part = metrics.bootstrap_shares(
                year[names].to_numpy().T, year[features.TARGET], year["longueur_m"], draws=draws, seed=seed
            )
            total, weight = total + count * part, weight + count
    values = np.asarray(total / weight)
    return {name: values[:, rank] for rank, name in enumerate(names)}


def _table(scores: pd.DataFrame, spread: Mapping[str, np.ndarray]) -> pd.DataFrame:
    table = evaluation.summarise(scores).drop(columns="fuites_par_km_20")
    bounds = np.array([metrics.draw_bounds(spread[name]) for name in table["methode"]])
    table.insert(3, "part_fuites_20_bas", bounds[:, 0])
    table.insert(4, "part_fuites_20_haut", bounds[:, 1])
    return table


def _warnings(pipes: pd.DataFrame, scores: pd.DataFrame) -> list[str]:
    notes = []
    missing = [name for name in ("materiau", "date_pose", "diametre_mm", "id_rue") if name not in pipes]
    if missing:
        notes.append(f"Colonnes absentes, dont le modèle se passe : {', '.join(missing)}.")
    elif (unknown := float(pipes["date_pose"].isna().mean())) > 0.1:
        notes.append(f"{percent(unknown)} des dates de pose sont inconnues : l’âge seul est désavantagé.")
    rate = scores[features.TARGET].sum() / scores["longueur_m"].sum() * 1000
    notes.append(
        f"Taux mesuré pendant le test : {number(rate, 2)} casse par km et par an. Les casses des "
        "conduites remplacées ont "
        "souvent disparu des fichiers : le passé paraît meilleur qu’il ne l’était."
    )
    return notes
