"""Essayer le jouet sur ses propres pluies et débits : deux références, une droite, même franchise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.numbers import number, percent, plural
from formation.risques import own_episodes, own_features, own_reading, own_scores
from formation.risques.evaluation import LINE, MODEL, PERSISTENCE, RAIN_RULE
from formation.risques.own_scores import Gap

if TYPE_CHECKING:
    from formation.risques.own_reading import OwnSeries


@dataclass(frozen=True)
class OwnResult:
    """Résultat de l’essai sur une série.

    Attributes
    ----------
    table : DataFrame
        Une ligne par horizon et par méthode : `seuil`, `pod`, `far`, `csi`, `csi_bas`, `csi_haut`, `biais`, `crues`,
        `annoncees`, `fausses`, `delai_min`.
    gaps : dict of int to tuple of float
        Par horizon : écart de CSI entre le modèle et la meilleure référence, et ses bornes à 90 %.
    line_gaps : dict of int to tuple of float
        De même, entre le modèle et la régression linéaire.
    conclusion : str
        Ce que l’essai permet de dire, en français.
    remarks : list of str
        Conversions, suppositions, prudences.
    facts : dict
        Période, pas, bassins, épisodes et crues de chaque part, seuils.
    """

    table: pd.DataFrame
    gaps: dict[int, Gap]
    line_gaps: dict[int, Gap]
    conclusion: str
    remarks: list[str]
    facts: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Rend tout le résultat en types simples, prêts pour du JSON."""
        rows = self.table.astype(object).where(self.table.notna(), None).to_dict(orient="records")
        gaps, lines = (
            {str(horizon): dict(zip(("ecart", "bas", "haut"), gap, strict=True)) for horizon, gap in found.items()}
            for found in (self.gaps, self.line_gaps)
        )
        return {
            "fichier": self.facts,
            "methodes": rows,
            "ecarts_csi": gaps,
            "ecarts_csi_droite": lines,
            "conclusion": self.conclusion,
            "remarques": self.remarks,
        }


def own(
    file: str | Path, *, thresholds: list[str] | None = None, zone: str | None = None, draws: int = 400, seed: int = 447
) -> OwnResult:
    """Compare deux références, une régression linéaire et le modèle jouet sur les mesures d’une collectivité.

    Parameters
    ----------
    file : str or Path
        Pluies et débits : `date_heure`, `pluie_mm_h` (ou `pluie_mm`), `debit_m3_s` (ou `debit_l_s`), et `id_bassin`
        s’il y en a plusieurs.
    thresholds : list of str, optional
        Débits d’alerte : « 12,5 », ou « B1=12,5 » par bassin.
    zone : str, optional
        Fuseau des heures, par exemple « Europe/Paris » ou « UTC ».
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
        Si le fichier n’est pas utilisable.
    formation.risques.own_episodes.TropPeuDeCrues
        S’il y a trop peu d’épisodes ou de dépassements ; le message dit le minimum.
    formation.risques.own_episodes.SeuilInvalide
        Si un seuil ne se lit pas.
    """
    if thresholds:
        own_episodes.parse_thresholds([text.rpartition("=")[2] for text in thresholds], [""])
    return compare(own_reading.read(file, zone=zone), thresholds=thresholds, draws=draws, seed=seed)


def compare(series: OwnSeries, *, thresholds: list[str] | None = None, draws: int = 400, seed: int = 447) -> OwnResult:
    """Comme :func:`own`, sur des séries déjà lues.

    Parameters
    ----------
    series : OwnSeries
        Séries à pas constant.
    thresholds, draws, seed
        Voir :func:`own`.

    Returns
    -------
    OwnResult
        Tableau, conclusion et remarques.

    Raises
    ------
    formation.risques.own_episodes.TropPeuDeCrues
        S’il y a trop peu d’épisodes ou de dépassements.
    formation.risques.own_episodes.SeuilInvalide
        Si un seuil ne se lit pas.
    """
    given = own_episodes.parse_thresholds(list(thresholds or []), series.basins)
    episodes = own_episodes.cut(series.grid)
    limits, notes = own_episodes.thresholds(episodes, series.basins, given)
    floods = own_episodes.check_floods(episodes, limits)
    rows = own_features.panel(series.grid, episodes, limits)
    tables = []
    gaps: dict[int, Gap] = {}
    line_gaps: dict[int, Gap] = {}
    for horizon in own_features.horizons(series.grid.step_min):
        scores = own_scores.score(rows, horizon, seed)
        table, gaps[horizon], line_gaps[horizon] = own_scores.measure(
            scores, horizon, series.grid.step_min, draws=draws, seed=seed
        )
        tables.append(table)
    table = pd.concat(tables, ignore_index=True)
    counts = {name: int((episodes.sets == name).sum()) for name in own_episodes.SETS}
    facts = own_reading.facts(series) | {
        "episodes": counts,
        "crues": floods,
        "seuils_m3_s": {name: round(float(value), 3) for name, value in zip(series.basins, limits, strict=True)},
    }
    remarks = [*series.remarks, *notes, *_cautions(rows, _silence(series, episodes))]
    conclusion = conclude(table, gaps, line_gaps, floods["test"])
    return OwnResult(table, gaps, line_gaps, conclusion, remarks, facts)


def conclude(table: pd.DataFrame, gaps: dict[int, Gap], line_gaps: dict[int, Gap], floods: int) -> str:
    """Dit ce que le modèle ajoute aux deux références et à la droite, avec son incertitude.

    Parameters
    ----------
    table : DataFrame
        Tableau de résultats.
    gaps : dict of int to tuple of float
        Écart de CSI avec la meilleure référence, et ses bornes, par horizon.
    line_gaps : dict of int to tuple of float
        Écart de CSI avec la régression linéaire, de même.
    floods : int
        Crues de la part qui juge.

    Returns
    -------
    str
        Une phrase par horizon, une sur la droite, puis une réserve.
    """
    lines = []
    for horizon, (gap, low, high) in _rounded(gaps).items():
        here = table[table["horizon_min"] == horizon].set_index("methode")
        best = str(here.loc[[RAIN_RULE, PERSISTENCE], "csi"].fillna(0).idxmax())
        margin = f"écart de CSI {_signed(gap)}, entre {_signed(low)} et {_signed(high)} neuf fois sur dix"
        start = (
            f"À {horizon} min : modèle {_two(here.loc[MODEL, 'csi'])}, régression linéaire "
            f"{_two(here.loc[LINE, 'csi'])}, persistance {_two(here.loc[PERSISTENCE, 'csi'])}, règle de pluie "
            f"{_two(here.loc[RAIN_RULE, 'csi'])}."
        )
        if low > 0:
            verdict = f"Le modèle fait mieux que « {best} » ({margin})."
        elif high < 0:
            verdict = f"Le modèle fait moins bien que « {best} » ({margin}) : gardez la référence."
        else:
            verdict = (
                f"On ne peut pas dire que le modèle fait mieux que « {best} » ({margin}) : gardez la règle la plus "
                "simple."
            )
        lines.append(f"{start} {verdict}")
    reserve = (
        f"Jugé sur {plural(floods, 'épisode de crue', 'épisodes de crue')} qui n’ont servi ni à apprendre ni à choisir."
    )
    if floods < 20:
        reserve += " C’est peu : un seul de plus ou de moins déplace ces chiffres."
    return "\n".join([*lines, _beside_line(_rounded(line_gaps)), reserve])


def _beside_line(gaps: dict[int, Gap]) -> str:
    """Dit à quels horizons les arbres battent nettement la droite, et à quels horizons ils ne le font pas."""
    told = " ; ".join(
        f"{_signed(gap)} à {horizon} min (entre {_signed(low)} et {_signed(high)})"
        for horizon, (gap, low, high) in gaps.items()
    )
    parts = [f"Face à la régression linéaire, mêmes variables et même garde, l’écart de CSI des arbres est : {told}."]
    above = [horizon for horizon, (_, low, _) in gaps.items() if low > 0]
    below = [horizon for horizon, (_, _, high) in gaps.items() if high < 0]
    level = [horizon for horizon in gaps if horizon not in (*above, *below)]
    if above:
        parts.append(
            f"À {_listed(above)} min, les arbres font mieux que la droite : voyez si l’écart vaut un "
            "outil plus difficile à vérifier."
        )
    if below:
        parts.append(f"À {_listed(below)} min, la droite fait mieux que les arbres : préférez-la.")
    if level:
        parts.append(
            f"À {_listed(level)} min, les arbres ne battent pas nettement la droite, car l’écart peut être nul : "
            "demandez-la à un prestataire, elle se relit et se vérifie plus facilement."
        )
    return " ".join(parts)


def _silence(series: OwnSeries, episodes: own_episodes.Episodes) -> float:
    """Part des pas d’épisode sans débit, là où la pluie est mesurée : hors du fichier, rien ne manque."""
    seen = mute = 0
    for first, last in episodes.bounds:
        rain, flow = (values[:, int(first) : int(last)] for values in (series.grid.rain, series.grid.flow))
        covered = np.isfinite(rain)
        seen += int(covered.sum())
        mute += int((covered & np.isnan(flow)).sum())
    return mute / max(seen, 1)


def _cautions(rows: pd.DataFrame, silent: float) -> list[str]:
    notes = []
    if silent > 0.01:
        notes.append(
            f"Pendant les épisodes, le débit manque {percent(silent)} du temps où la pluie est mesurée. La persistance "
            "ne dit alors rien ; le modèle et la droite répondent quand même, sans prévenir : un service doit "
            "surveiller ce silence."
        )
    judged = rows[rows["jeu"] == "test"]
    top, learnt = judged["debit"].max(), rows.loc[rows["jeu"] == "apprentissage", "debit"].max()
    if top > 1.2 * learnt:
        notes.append(
            f"La plus forte crue jugée dépasse de {percent(top / learnt - 1)} la plus forte crue apprise : un modèle à "
            "arbres ne prévoit jamais plus que ce qu’il a vu ; une droite prolonge, parfois trop loin. Le dépassement "
            "reste annoncé, pas son ampleur."
        )
    return notes


def _listed(horizons: list[int]) -> str:
    *first, last = (str(horizon) for horizon in horizons)
    return f"{', '.join(first)} et {last}" if first else last


def _two(value: float) -> str:
    return number(value, 2) if np.isfinite(value) else "—"


def _rounded(gaps: dict[int, Gap]) -> dict[int, Gap]:
    """Écarts comme ils sont écrits : « entre 0,00 et +0,01 » ne doit pas passer pour un progrès."""
    return {horizon: (round(gap, 2), round(low, 2), round(high, 2)) for horizon, (gap, low, high) in gaps.items()}


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{number(value + 0.0, 2)}"
