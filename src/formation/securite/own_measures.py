"""Essayer sur ses propres densités : les alertes que donnerait chaque caméra, et ce que vaut un seuil bien choisi."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from formation import metrics
from formation.datasets import clock
from formation.errors import DonneesInvalides, Problem
from formation.metrics.alarms import CONSECUTIVE, MARGIN, SILENCE, STEP_S, AlarmReport
from formation.numbers import number, percent, plural
from formation.reports.own_result import OwnResult
from formation.securite import features, own_reading, own_times
from formation.securite.model import NAIVE_THRESHOLD, RECALL_WANTED, ChosenThreshold, gradient_boosting
from formation.securite.tables import DANGER

FEW_EPISODES, FEW_TO_TUNE = 10, 5
"""Épisodes de chaque côté au-dessous desquels on ne compare pas ; au-dessous desquels un seuil ne se choisit pas."""
LIMITS = (*np.round(np.arange(0.95, 0.04, -0.05), 2).tolist(), 0.03, 0.02, 0.01)
"""Seuils de probabilité essayés, du plus sévère au plus bavard."""
MAX_CAMERAS, MAX_CELLS = 500, 40_000_000
"""Caméras, et cases du tableau caméras × pas, au-delà desquelles on refuse avant de remplir la mémoire."""
REVIEWED = 0.5
"""Part de pas relus au-dessous de laquelle une soirée ne sert pas à juger."""
SLOWEST_S = 60
"""Pas de mesure au-delà duquel une alerte au bout de trente secondes n’a plus de sens."""
IRREGULAR, MISSING, FROZEN_STEPS, NOISY = 0.1, 0.2, 360, 0.25
GIVEN, CHOSEN, TOY = "seuil fixe", "seuil choisi sur vos premières soirées", "modèle jouet, appris sur les mêmes"


@dataclass(frozen=True)
class _Step:
    """Pas de la série : sa durée, et l’alerte comptée en pas."""

    seconds: float

    @property
    def silence(self) -> int:
        return max(1, round(SILENCE * STEP_S / self.seconds))

    @property
    def margin(self) -> int:
        return max(1, round(MARGIN * STEP_S / self.seconds))


def own_densities(
    file: str | Path, *, threshold: float = NAIVE_THRESHOLD, zone: str = own_times.PARIS, seed: int = 447
) -> OwnResult:
    """Rejoue les alertes sur des densités mesurées par vos caméras.

    Parameters
    ----------
    file : str or Path
        Série : `horodatage`, `id_camera`, `densite` (personnes par mètre carré), `evenement` (1 ou 0) si une relecture
        l’a établi sans regarder les alertes. CSV, XLSX ou ODS.
    threshold : float
        Seuil d’alerte à essayer, en personnes par mètre carré.
    zone : str
        Fuseau des heures écrites sans décalage.
    seed : int
        Graine du modèle jouet.

    Returns
    -------
    OwnResult
        `table` : une ligne par caméra ; `other` : une ligne par méthode, si les dangers sont connus. Rien n’est écrit.

    Raises
    ------
    formation.errors.DonneesInvalides
        Si le fichier n’est pas utilisable ; tous les problèmes sont donnés.
    """
    path = Path(file)
    table = own_reading.densities(path, zone)
    remarks = list(table.remarks)
    _check_cameras(path.name, table.frame)
    frame, step = _stepped(table.frame, path.name, zone, remarks)
    _check_cells(path.name, frame)
    rows = features.panel(frame)
    hours = frame.groupby("id_soiree")["pas_10s"].nunique().sum() * step.seconds / 3600
    cameras = _cameras(rows, threshold, hours, step, remarks)
    facts = {
        "mesures": len(table.frame), "cameras": len(cameras), "soirees": int(frame["id_soiree"].nunique()),
        "pas_s": step.seconds, "heures_veille": float(hours), "seuil": threshold,
        "part_dangereuse": float((rows["densite"] >= DANGER).mean()),
    }  # fmt: skip
    conclusion = [_per_hour(cameras, facts)]
    other = pd.DataFrame()
    if "evenement" not in rows:
        conclusion.append(
            "Sans la colonne « evenement », rien ne dit lesquelles seraient vraies, ni ce qui serait manqué. Faites "
            "relire des soirées entières par quelqu’un qui ne voit pas les alertes, notez 1 ou 0 à chaque pas, puis "
            "relancez."
        )
    else:
        other, words = _judged(rows[rows["evenement"].notna()], threshold, step, seed)
        conclusion += words
    return OwnResult("mesures", cameras, "\n".join(conclusion), remarks, facts, other)


def _stepped(frame: pd.DataFrame, name: str, zone: str, remarks: list[str]) -> tuple[pd.DataFrame, _Step]:
    """Met la série au pas des caméras : dix secondes, ou le pas du fichier s’il est plus long."""
    empty = frame["densite"].isna()
    if empty.any():
        remarks.append(f"{name} : {plural(int(empty.sum()), 'mesure vide', 'mesures vides')} : autant de trous.")
    frame = frame[~empty]
    gaps = frame["horodatage"].diff().dt.total_seconds()[frame["id_camera"] == frame["id_camera"].shift()]
    usual = float(gaps.round(1).mode().iloc[0]) if len(gaps) else float("nan")
    if not usual <= SLOWEST_S:
        raise DonneesInvalides(name, [_too_slow(usual)])
    seconds = max(usual, float(STEP_S))
    odd = float(((gaps - usual).abs() > 0.2 * usual).mean())
    if odd > IRREGULAR:
        remarks.append(
            f"{name} : pas irrégulier, {percent(odd)} des intervalles ne durent pas {number(usual, 1)} s. Chaque trou "
            "interrompt la suite de pas qui déclenche l’alerte."
        )
    if usual < seconds:
        remarks.append(f"{name} : une mesure toutes les {number(usual, 1)} s, ramenée à sa moyenne sur 10 s.")
    local = frame["horodatage"].dt.tz_convert(clock.zone(zone)) - pd.Timedelta(hours=12)
    # Le rang du pas se compte en heure universelle : il avance même la nuit où l’horloge recule.
    rank = (frame["horodatage"].astype("int64") // int(1e6 * seconds)).astype(int)
    keyed = frame.assign(id_soiree=local.dt.date.astype(str), pas=rank)
    how = {"densite": "mean"} | ({"evenement": "max"} if keyed["evenement"].notna().any() else {})
    if "evenement" in how:
        keyed["evenement"] = _reviewed(keyed, name, remarks)
    steps = keyed.groupby(["id_soiree", "id_camera", "pas"], sort=True, as_index=False).agg(how)
    steps["pas_10s"] = steps["pas"] - steps.groupby("id_soiree")["pas"].transform("min")
    return steps.drop(columns="pas").rename(columns={"densite": "densite_mesuree"}), _Step(seconds)


def _reviewed(keyed: pd.DataFrame, name: str, remarks: list[str]) -> pd.Series:
    """Danger relevé à chaque pas ; vide pour les soirées que personne n’a relues."""
    verdict = keyed["evenement"].astype("Float64").astype(float)
    share = verdict.notna().groupby(keyed["id_soiree"]).transform("mean")
    ignored = keyed.loc[share < REVIEWED, "id_soiree"].nunique()
    if ignored:
        remarks.append(
            f"{name} : {plural(ignored, 'soirée')} presque sans relecture, laissée{'s' * (ignored > 1)} de côté pour "
            "juger."
        )
    holes = int((verdict.isna() & (share >= REVIEWED)).sum())
    if holes:
        remarks.append(
            f"{name} : {plural(holes, 'pas non relu', 'pas non relus')} d’une soirée relue, pris comme calmes."
        )
    return verdict.fillna(0.0).where(share >= REVIEWED)


def _check_cameras(name: str, frame: pd.DataFrame) -> None:
    count = frame["id_camera"].nunique()
    if count > MAX_CAMERAS:
        message = (
            f"{number(count)} caméras différentes, et l’essai en accepte {MAX_CAMERAS}. La colonne est sans doute un "
            "numéro de ligne : donnez le nom de la caméra, par exemple C07, ou découpez le fichier par site."
        )
        raise DonneesInvalides(name, [Problem("trop_de_cameras", message, "id_camera")])


def _check_cells(name: str, frame: pd.DataFrame) -> None:
    series = frame.groupby(["id_soiree", "id_camera"]).ngroups
    if series * (int(frame["pas_10s"].max()) + 1) > MAX_CELLS:
        message = (
            f"{number(series)} soirées de caméra, trop pour la mémoire d’un ordinateur ordinaire. Découpez le fichier, "
            "par exemple un mois à la fois."
        )
        raise DonneesInvalides(name, [Problem("fichier_trop_gros", message)])


def _too_slow(usual: float) -> Problem:
    seen = "une seule mesure par caméra" if np.isnan(usual) else f"une mesure toutes les {number(usual)} s"
    return Problem(
        "pas_trop_long",
        f"{seen} : une alerte se déclenche en trente secondes, il faut une mesure toutes les {SLOWEST_S} s au plus, et "
        f"si possible toutes les {STEP_S} s. Demandez l’export brut, avant toute moyenne.",
        "horodatage",
    )


def _ring(rows: pd.DataFrame, score: Any, threshold: float, step: _Step) -> np.ndarray:
    return metrics.ring(score, rows["serie"], rows["pas_10s"], threshold, consecutive=CONSECUTIVE, silence=step.silence)


def _cameras(rows: pd.DataFrame, threshold: float, hours: float, step: _Step, remarks: list[str]) -> pd.DataFrame:
    rung = rows["id_camera"].iloc[_ring(rows, rows["densite"], threshold, step)].value_counts()
    grouped = rows.groupby("id_camera", observed=True)["densite"]
    table = pd.DataFrame(
        {
            "mesures": grouped.size(), "mediane": grouped.median(), "p95": grouped.quantile(0.95),
            "maximum": grouped.max(), "part_dangereuse": grouped.apply(lambda values: float((values >= DANGER).mean())),
        }
    )  # fmt: skip
    table["alertes"] = rung.reindex(table.index).fillna(0).astype(int)
    table["alertes_par_heure"] = table["alertes"] / hours
    table = table.reset_index().astype({"id_camera": str})
    remarks += _doubtful(rows, table)
    return table.sort_values("alertes", ascending=False, kind="stable", ignore_index=True)


def _doubtful(rows: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    notes = []
    total, most = int(table["alertes"].sum()), table.loc[table["alertes"].idxmax()]
    if len(table) >= 3 and total >= 10 and most["alertes"] > max(3 / len(table), NOISY) * total:
        notes.append(
            f"La caméra « {most['id_camera']} » donne {percent(most['alertes'] / total)} des alertes : zone vraiment "
            "plus dense, ou caméra qui compte trop ? Comptez à la main sur quelques images avant de toucher au seuil."
        )
    few = table.loc[table["mesures"] < (1 - MISSING) * table["mesures"].max(), "id_camera"]
    if len(few):
        notes.append(
            f"Caméras muettes par moments : {_listed(few)}. Une caméra muette n’alerte jamais : surveillez-la."
        )
    same = rows["densite"].diff().eq(0) & rows["serie"].diff().eq(0)
    run = same.groupby((~same).cumsum()).cumsum()
    frozen = rows.loc[(run >= FROZEN_STEPS).to_numpy() & (rows["densite"] > 0).to_numpy(), "id_camera"].astype(str)
    if len(frozen):
        notes.append(
            f"Valeur figée plus d’une heure : {_listed(frozen.unique())}. C’est sans doute un capteur bloqué, pas une "
            "foule."
        )
    return notes


def _listed(names: Any) -> str:
    shown = ", ".join(f"« {name} »" for name in list(names)[:5])
    return shown + (" …" if len(names) > 5 else "")


def _per_hour(cameras: pd.DataFrame, facts: dict[str, Any]) -> str:
    rate = float(cameras["alertes_par_heure"].sum())
    return (
        f"Au seuil de {number(facts['seuil'], 1)} personnes par m², "
        f"{plural(len(cameras), 'caméra donnerait', 'caméras donneraient')} {number(rate, 1)} "
        f"alerte{'s' * (rate >= 1.95)} par heure, soit {number(6 * rate)} pour une veille de six heures. La densité "
        f"mesurée atteint {number(DANGER)} pendant {percent(facts['part_dangereuse'], 2)} du temps."
    )


def _judged(rows: pd.DataFrame, threshold: float, step: _Step, seed: int) -> tuple[pd.DataFrame, list[str]]:
    """Règle sur la première moitié des soirées, juge sur la seconde."""
    evenings = sorted(rows["id_soiree"].astype(str).unique())
    early = rows["id_soiree"].astype(str).isin(evenings[: len(evenings) // 2])
    past, last = rows[early], rows[~early]
    seen, judged = (len(features.spans(part)[0]) for part in (past, last))
    share = float(rows["evenement"].mean()) if len(rows) else 0.0
    words = [f"Dangers relevés par la relecture : {percent(share, 2)} du temps, {plural(seen + judged, 'épisode')}."]
    if min(seen, judged) < FEW_EPISODES:
        return pd.DataFrame(), [
            *words,
            f"Trop peu pour juger : {plural(seen, 'épisode')} dans la première moitié des soirées et {judged} dans la "
            f"seconde, il en faut {FEW_EPISODES} de chaque côté. Continuez de relire des soirées entières ; ne "
            "choisissez pas un seuil sur celles qui serviraient à le juger.",
        ]
    methods: dict[str, tuple[Any, float]] = {f"{GIVEN} ({number(threshold, 1)})": (last["densite"], threshold)}
    chosen = ChosenThreshold().fit(past, past["evenement"])
    methods[CHOSEN] = (chosen.predict(last), chosen.threshold)
    if step.seconds == STEP_S:
        methods |= _toy(past, last, seed)
    hours = last.groupby("id_soiree", observed=True)["pas_10s"].nunique().sum() * step.seconds / 3600
    spans = features.spans(last)
    reports = {
        name: metrics.alarm_report(
            score, last["serie"], last["pas_10s"], limit, episodes=spans, hours=hours,
            margin=step.margin, consecutive=CONSECUTIVE, silence=step.silence,
        )
        for name, (score, limit) in methods.items()
    }  # fmt: skip
    table = pd.DataFrame([_row(name, report, methods[name][1], step) for name, report in reports.items()])
    return table, [*words, *(_sentence(row) for _, row in table.iterrows()), _limits(len(evenings))]


def _toy(past: pd.DataFrame, last: pd.DataFrame, seed: int) -> dict[str, tuple[Any, float]]:
    """Modèle jouet appris sur les premières soirées, sauf la dernière d’entre elles, qui sert à choisir son seuil."""
    tune = past["id_soiree"].astype(str) == past["id_soiree"].astype(str).max()
    learn, held = past[~tune], past[tune]
    spans = features.spans(held)
    if not features.spans(learn)[0].size or len(spans[0]) < FEW_TO_TUNE:
        return {}
    model = gradient_boosting(seed=seed).fit(learn, learn["evenement"])
    score = model.predict(held)
    # Même exigence que le seuil choisi : le plus haut seuil qui signale assez d’épisodes.
    for limit in LIMITS:
        rows = metrics.ring(score, held["serie"], held["pas_10s"], limit)
        found = metrics.judge(held["serie"].to_numpy()[rows], held["pas_10s"].to_numpy()[rows], *spans)
        if np.isfinite(found.delay).mean() >= RECALL_WANTED:
            break
    return {TOY: (model.predict(last), limit)}


def _row(name: str, report: AlarmReport, limit: float, step: _Step) -> dict[str, Any]:
    low, high = metrics.share_interval(report.true_alarms, report.alarms)
    seen = metrics.share_interval(report.detected, report.episodes)
    return {
        "methode": name, "seuil": limit, "alertes": report.alarms, "precision": report.precision,
        "precision_bas": low, "precision_haut": high, "rappel": report.recall, "rappel_bas": seen[0],
        "rappel_haut": seen[1], "alertes_par_heure": report.alarms_per_hour,
        "fausses_par_heure": report.false_per_hour, "delai_s": report.delay_s * step.seconds / STEP_S,
    }  # fmt: skip


def _sentence(row: pd.Series) -> str:
    name = f"{row['methode'][0].upper()}{row['methode'][1:]}"
    if not row["alertes"]:
        return f"{name} : aucune alerte sur les dernières soirées, tous les épisodes sont manqués."
    return (
        f"{name} : {percent(row['precision'])} d’alertes vraies (entre {percent(row['precision_bas'])} et "
        f"{percent(row['precision_haut'])}, 19 fois sur 20), {percent(row['rappel'])} des épisodes signalés (entre "
        f"{percent(row['rappel_bas'])} et {percent(row['rappel_haut'])}), {number(row['fausses_par_heure'], 1)} "
        "fausses alertes par heure."
    )


def _limits(evenings: int) -> str:
    return (
        f"Réglé sur les {evenings // 2} premières soirées, jugé sur les autres. Ces chiffres ne valent que là où le "
        "danger est aussi fréquent : ailleurs, la part vraie change, même à réglage égal."
    )
