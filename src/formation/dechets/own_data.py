"""Essayer le jouet sur la fréquentation de sa propre ville : mêmes références, même mesure, même franchise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.dechets import own_columns, own_features, own_grid, own_model, own_reading, own_table, own_words
from formation.dechets.own_grid import MIN_COMPARED, HistoriqueTropCourt, SchoolYears
from formation.dechets.own_model import CORRECTING, RULE
from formation.dechets.own_reading import OwnData
from formation.dechets.own_table import Trial
from formation.errors import DonneesInvalides, FichiersInvalides
from formation.numbers import number, percent, plural

if TYPE_CHECKING:
    from formation.dechets.own_features import OwnGrid

    Progress = Callable[[int, int, str], None]

HORIZONS = (15, 70)
FITS_PER_HORIZON = 4
MAX_SITE_DAYS = 400_000


@dataclass(frozen=True)
class OwnResult:
    """Résultat de l’essai sur une ville.

    Attributes
    ----------
    table : DataFrame
        Une ligne par horizon et par méthode. `surplus`, `manque`, `rupture` (parts) et `…_repas_jour` : réglage choisi
        sur l’avant-dernière année, à manque égal ; `…_ruptures` : choisi à ruptures égales. `ecart_…` : variation des
        repas en trop par rapport aux agents ; `…_egal` et `…_egales` se lisent sur la courbe de l’année jugée, avec
        leurs bornes à 90 % ; `…_choisi` vient du réglage de l’avant-dernière année.
    years : SchoolYears
        Découpage du temps.
    conclusion : list of str
        Ce que l’essai permet de dire, en français, une phrase par élément.
    remarks : list of str
        Lignes écartées, sites réunis, dates corrigées, prudences.
    facts : dict
        Restaurants, jours, site-jours jugés, repas par jour.
    """

    table: pd.DataFrame
    years: SchoolYears
    conclusion: list[str]
    remarks: list[str]
    facts: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Rend tout le résultat en types simples, prêts pour du JSON."""
        rows = self.table.astype(object).where(self.table.notna(), None).to_dict(orient="records")
        return {
            "ville": self.facts,
            "annees": {"apprentissage": list(self.years.train), "choix": self.years.validation}
            | {"test": self.years.test},
            "methodes": rows,
            "conclusion": self.conclusion,
            "remarques": self.remarks,
        }


def own(
    file: str | Path,
    *,
    menus: Sequence[str | Path] = (),
    strikes: str | Path | None = None,
    enrolment: str | Path | None = None,
    sites: str | Path | None = None,
    duplicates: str | None = None,
    forecast_lead_days: int | None = None,
    horizons: Sequence[int] = HORIZONS,
    draws: int = 200,
    seed: int = 447,
    progress: Progress | None = None,
) -> OwnResult:
    """Compare la prévision des agents, des règles de tableur et le modèle jouet sur la fréquentation d’une ville.

    Parameters
    ----------
    file : str or Path
        Une ligne par restaurant et par jour : site, date, repas servis, repas prévus ; type et effectif facultatifs.
    menus : sequence of str or Path
        Menus : date et plat.
    strikes, enrolment, sites : str or Path, optional
        Jours de grève ; effectifs par école et par année ; correspondances entre écritures et restaurants.
    duplicates : str, optional
        Que faire de deux lignes du même restaurant et du même jour : `premier`, `dernier`, `additionner`, `maximum`
        ou `identiques`.
    forecast_lead_days : int, optional
        Nombre de jours avant le service où la prévision des agents est faite ; inconnu par défaut.
    horizons : sequence of int
        Horizons essayés, en jours.
    draws : int
        Tirages de l’intervalle.
    seed : int
        Graine du modèle et des tirages.
    progress : callable, optional
        Reçoit (étape, nombre d’étapes, libellé).

    Returns
    -------
    OwnResult
        Tableau, conclusion et remarques. Rien n’est écrit.

    Raises
    ------
    formation.errors.DonneesInvalides
        Si un fichier n’est pas utilisable, ou si deux lignes se contredisent.
    formation.dechets.own_grid.HistoriqueTropCourt
        S’il y a moins de trois années scolaires ; le message dit le minimum.
    """
    total = 1 + FITS_PER_HORIZON * len(horizons)
    if progress is not None:
        progress(0, total, "lecture du fichier")
    data = _read_all(file, menus, strikes, enrolment, sites, duplicates)
    meals, notes = _bounded(data.meals, seed)
    own_grid.choose_years(pd.DatetimeIndex(np.sort(meals["date"].unique())))
    grid, said = own_grid.build(meals, menus=menus, strikes=strikes, enrolment=enrolment)
    return compare(
        grid,
        remarks=[*data.remarks, *notes, *said],
        forecast_lead_days=forecast_lead_days,
        horizons=horizons,
        draws=draws,
        seed=seed,
        progress=progress,
    )


def compare(
    grid: OwnGrid,
    *,
    remarks: Sequence[str] = (),
    forecast_lead_days: int | None = None,
    horizons: Sequence[int] = HORIZONS,
    draws: int = 200,
    seed: int = 447,
    progress: Progress | None = None,
) -> OwnResult:
    """Comme :func:`own`, sur des tableaux déjà lus.

    Parameters
    ----------
    grid : OwnGrid
        Fréquentation en tableaux jours × restaurants.
    remarks : sequence of str
        Remarques de lecture à garder.
    forecast_lead_days, horizons, draws, seed, progress
        Voir :func:`own`.

    Returns
    -------
    OwnResult
        Tableau, conclusion et remarques.

    Raises
    ------
    formation.dechets.own_grid.HistoriqueTropCourt
        S’il y a trop peu d’années, ou trop peu de prévisions des agents à comparer.
    """
    years = own_grid.choose_years(grid.days)
    total, done = 1 + FITS_PER_HORIZON * len(horizons), [0]

    def tick(label: str) -> None:
        done[0] += 1
        if progress is not None:
            progress(done[0], total, label)

    trials = [_trial(grid, years, horizon, forecast_lead_days, seed, tick) for horizon in horizons]
    tables = [own_table.method_table(trial, draws, seed) for trial in trials]
    table = pd.concat([one for one, _ in tables], ignore_index=True)
    spreads = {trial.horizon: spread for trial, (_, spread) in zip(trials, tables, strict=True)}
    facts = _facts(grid, trials[0])
    notes = [*remarks, *_notes(trials[0])]
    conclusion = own_words.conclude(table, spreads, facts, forecast_lead_days)
    return OwnResult(table, years, conclusion, notes, facts)


def _trial(
    grid: OwnGrid,
    years: SchoolYears,
    horizon: int,
    lead: int | None,
    seed: int,
    tick: Callable[[str], None],
) -> Trial:
    rows = own_features.build(grid, horizon)
    year = own_grid.school_year(pd.DatetimeIndex(rows["date"]))
    usable = np.isfinite(rows[["agents", "niveau", "historique", "naif"]]).all(axis=1).to_numpy()
    past, choice = rows[year < years.validation], rows[(year == years.validation) & usable]
    judged, after = rows[(year == years.test) & usable], rows[(year > years.test) & usable]
    _check_size(judged, choice, rows[year == years.test])
    known = past[np.isfinite(past["niveau"])]
    # Une prévision des agents faite après J − H ne peut pas servir à J − H.
    agents = lead is None or lead >= horizon
    when = f"à {plural(horizon, 'jour')}"
    first = own_model.families(known, [choice], agents=agents, seed=seed, tick=lambda name: tick(f"{when}, {name}"))
    whole = rows[(year < years.test) & np.isfinite(rows["niveau"]).to_numpy()]
    second = own_model.families(
        whole, [judged, after], agents=agents, seed=seed, tick=lambda name: tick(f"{when}, {name}, dernière année")
    )
    compared = pd.concat([choice, judged])
    above = float((compared["servis"] > compared["agents"]).mean())
    equal = float((compared["servis"] == compared["agents"]).mean())
    dropped = int(((year == years.test) & ~usable).sum())
    return Trial(horizon, [choice, judged, after], [*first, *second], above < 0.005 and equal > 0.03, dropped)


def _check_size(judged: pd.DataFrame, choice: pd.DataFrame, last: pd.DataFrame) -> None:
    """Refuse de juger sur trop peu, en disant laquelle des deux causes manque : les prévisions ou les restaurants."""
    fewest = min(len(judged), len(choice))
    if fewest >= MIN_COMPARED:
        return
    planned = int(last["agents"].notna().sum())
    if planned < MIN_COMPARED <= len(last) or not planned:
        raise HistoriqueTropCourt(
            f"La dernière année scolaire compte {plural(len(last), 'ligne')}, dont {number(planned)} avec une "
            f"prévision des agents ; il en faut {MIN_COMPARED}. Sans elle, rien ne dit si un modèle ferait mieux "
            "qu’eux. Ajoutez une colonne « prevision » (repas prévus ou commandés, par exemple 135), ou vérifiez "
            "qu’elle est remplie les deux dernières années."
        )
    raise HistoriqueTropCourt(
        f"Une des deux dernières années ne compte que {plural(fewest, 'site-jour')} à comparer (un restaurant, un "
        f"jour, avec prévision des agents et historique) ; il en faut {MIN_COMPARED}, soit environ quatre restaurants "
        "ouverts toute l’année. Avec moins, un écart ne se distingue pas du hasard. Joignez les fichiers de "
        "plusieurs restaurants ou de plusieurs communes ; en attendant, comparez dans un tableur vos repas prévus "
        "à la moyenne des six derniers mêmes jours."
    )


def _facts(grid: OwnGrid, trial: Trial) -> dict[str, float]:
    judged = trial.rows[1]
    days = judged["date"].nunique()
    return {
        "restaurants": len(grid.sites),
        "jours": len(grid.days),
        "site_jours": int(np.isfinite(grid.served).sum()),
        "site_jours_juges": len(judged),
        "jours_juges": int(days),
        "repas_jour": round(float(judged["servis"].sum() / days), 1),
        "jours_perturbes": int(grid.disturbed.sum()),
        "jours_perturbes_juges": int(judged.loc[judged["perturbe"], "date"].nunique()),
        "censure": int(trial.censored),
    }


def _notes(trial: Trial) -> list[str]:
    notes = []
    if trial.dropped:
        notes.append(
            f"{plural(trial.dropped, 'site-jour')} de l’année jugée sans prévision des agents ou sans historique : "
            "aucune méthode n’y est jugée, pour que toutes le soient sur les mêmes lignes."
        )
    after = trial.rows[2]
    best = CORRECTING if CORRECTING in trial.families[2] else RULE
    if len(after) >= MIN_COMPARED and not trial.censored:
        everything = np.ones(len(after), dtype=bool)
        later = own_table.change_on(
            trial.families[2][best], after["agents"].to_numpy(float), after["servis"].to_numpy(float), everything
        )
        notes.append(
            f"Contrôle sur la période entamée depuis ({plural(len(after), 'site-jour')}, hors des résultats publiés) : "
            f"{best}, à {trial.horizon} jours et à manque égal, {percent(later, 1)} de repas en trop."
        )
    return notes


def _read_all(
    file: str | Path,
    menus: Sequence[str | Path],
    strikes: str | Path | None,
    enrolment: str | Path | None,
    sites: str | Path | None,
    duplicates: str | None,
) -> OwnData:
    """Lit la fréquentation ; si des fichiers sont mal faits, les dit tous d’un coup."""
    errors: dict[str, DonneesInvalides] = {}
    data: OwnData | None = None
    try:
        data = own_reading.read(file, sites=sites, duplicates=duplicates)
    except DonneesInvalides as error:
        errors[error.file_name] = error
    others: list[tuple[str | Path | None, tuple[own_columns.Column, ...], str]] = [
        *((each, own_columns.MENUS, "menus") for each in menus),
        (strikes, own_columns.STRIKES, "greves"),
    ]
    others += [(enrolment, own_columns.ENROLMENT, "effectifs"), (sites, own_columns.MATCHES, "sites")]
    for each, columns, title in others:
        try:
            if each is not None:
                own_columns.read(each, columns, title)
        except DonneesInvalides as error:
            errors[error.file_name] = error
    if len(errors) > 1:
        raise FichiersInvalides(list(errors.values()))
    if data is None or errors:
        raise next(iter(errors.values()))
    return data


def _bounded(meals: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, list[str]]:
    """Borne la taille de l’essai : des restaurants tirés au sort si le fichier est immense."""
    if len(meals) <= MAX_SITE_DAYS:
        return meals, []
    sites = pd.Series(meals["site"].unique())
    kept = sites.sample(max(1, int(len(sites) * MAX_SITE_DAYS / len(meals))), random_state=seed)
    note = f"Fichier très grand : l’essai porte sur {plural(len(kept), 'restaurant')} sur {len(sites)}, tirés au sort."
    return meals[meals["site"].isin(kept)].reset_index(drop=True), [note]
