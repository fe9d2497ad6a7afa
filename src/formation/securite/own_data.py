"""Essayer sur ses propres alertes : quelle part est vraie, à quel prix, et que deviendrait-elle un soir ordinaire."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from formation.datasets import clock
from formation.errors import DonneesInvalides, FichiersInvalides, FormationError, Problem
from formation.numbers import number, plural
from formation.reports.own_result import OwnResult
from formation.securite import own_reading, own_times
from formation.securite.own_alarms import RARER, Found, cautions, conclude, elsewhere


class EssaiImpossible(FormationError):
    """Ce qui est demandé à l’essai n’a pas de sens ; rien n’a été écrit."""


def own(
    file: str | Path,
    hours: float | None = None,
    *,
    watches: str | Path | None = None,
    rarer: Sequence[float] = RARER,
    missed: int | None = None,
    zone: str = own_times.PARIS,
    seed: int = 447,
) -> OwnResult:
    """Juge un journal d’alertes : part vraie, alertes par heure de veille, ce qu’elles deviendraient ailleurs.

    Parameters
    ----------
    file : str or Path
        Journal : `horodatage`, `confirmee` (1, 0 ou vide), `id_camera` si possible. CSV, XLSX ou ODS.
    hours : float, optional
        Heures de veille d’un opérateur pendant ce journal, y compris celles sans aucune alerte.
    watches : str or Path, optional
        Tableau des veilles (`debut`, `fin`, `operateurs`), au lieu de `hours`.
    rarer : sequence of float
        Combien de fois plus rare serait le danger, là où l’on veut extrapoler.
    missed : int, optional
        Dangers connus par ailleurs et que l’outil n’a pas signalés.
    zone : str
        Fuseau des heures écrites sans décalage.
    seed : int
        Graine des tirages de l’intervalle.

    Returns
    -------
    OwnResult
        `table` : `indicateur`, `libelle`, `valeur`, `bas`, `haut` ; `other` : une ligne par rareté. Rien n’est écrit.

    Raises
    ------
    EssaiImpossible
        Si les heures, les raretés ou les manqués n’ont pas de sens.
    formation.errors.DonneesInvalides
        Si un fichier n’est pas utilisable ; tous les problèmes sont donnés.
    """
    _check(hours, watches, rarer, missed)
    log, watched = _read(Path(file), watches, zone)
    frame, remarks = log.frame, list(log.remarks)
    if watched is not None:
        frame, more = _inside(frame, watched.frame)
        remarks += [*watched.remarks, *more]
        hours = float(watched.frame["heures"].sum())
    evening = (frame["horodatage"].dt.tz_convert(clock.zone(zone)) - pd.Timedelta(hours=12)).dt.date
    if hours is not None and watched is None:
        _check_hours(Path(file).name, frame, evening, hours)
    found = Found(frame, evening.to_numpy(), hours, missed, seed)
    remarks += cautions(frame, found)
    facts = {
        "alertes": found.alarms, "verifiees": found.checked, "vraies": found.true,
        "heures_veille": hours, "soirees": int(evening.nunique()),
        "premiere": frame["horodatage"].min().isoformat(), "derniere": frame["horodatage"].max().isoformat(),
    }  # fmt: skip
    other = elsewhere(found.share, found.bounds, found.per_hour(found.alarms), rarer)
    return OwnResult("alertes", found.table(), "\n".join(conclude(found, other)), remarks, facts, other)


def _read(
    path: Path, watches: str | Path | None, zone: str
) -> tuple[own_reading.OwnTable, own_reading.OwnTable | None]:
    """Lit le journal et les veilles ; dit les problèmes des deux à la fois."""
    errors: list[DonneesInvalides] = []
    log = watched = None
    try:
        log = own_reading.alarms(path, zone)
    except DonneesInvalides as error:
        errors.append(error)
    try:
        watched = own_reading.watches(watches, zone) if watches is not None else None
    except DonneesInvalides as error:
        errors.append(error)
    if len(errors) == 2:
        raise FichiersInvalides(errors)
    if errors or log is None:
        raise errors[0]
    return log, watched


def _inside(frame: pd.DataFrame, watches: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    stamp = frame["horodatage"].to_numpy()
    starts, ends = np.sort(watches["debut"].to_numpy()), np.sort(watches["fin"].to_numpy())
    # En veille : plus de veilles commencées que de veilles finies.
    open_ = np.searchsorted(starts, stamp, side="right") - np.searchsorted(ends, stamp, side="left")
    kept = frame[open_ > 0].reset_index(drop=True)
    outside = len(frame) - len(kept)
    if kept.empty:
        raise EssaiImpossible(
            "Aucune alerte ne tombe pendant une veille : les deux fichiers ne parlent sans doute pas des mêmes jours, "
            "ou pas dans le même fuseau (--fuseau). Rien n’a été écrit."
        )
    return kept, [f"{plural(outside, 'alerte')} hors de toute veille, laissée de côté."] if outside else []


def _check(hours: float | None, watches: Any, rarer: Sequence[float], missed: int | None) -> None:
    problems = []
    if hours is not None and not (np.isfinite(hours) and 0 < hours <= 1e6):
        problems.append(f"{hours} heures de veille : il faut un nombre positif, par exemple --heures 96")
    if hours is not None and watches is not None:
        problems.append("--heures et --veilles disent la même chose : gardez l’un des deux")
    if any(not (np.isfinite(times) and times > 0) for times in rarer):
        problems.append("une rareté est un nombre positif, par exemple --rarete 10 (dix fois plus rare)")
    if missed is not None and missed < 0:
        problems.append(f"{missed} dangers manqués : il faut un nombre entier, 0 ou plus")
    if problems:
        text = " ; ".join(problems)
        raise EssaiImpossible(f"{text[0].upper()}{text[1:]}. Rien n’a été écrit.")


def _check_hours(name: str, frame: pd.DataFrame, evening: pd.Series, hours: float) -> None:
    slots = frame["horodatage"].dt.floor("h").nunique()
    if slots > hours + evening.nunique():
        message = (
            f"les alertes tombent dans {number(slots)} heures d’horloge différentes, mais vous déclarez "
            f"{number(hours, 1)} heures de veille. Comptez toutes les heures où quelqu’un regardait, même sans alerte, "
            "par exemple --heures 96 pour seize soirées de six heures."
        )
        raise DonneesInvalides(name, [Problem("heures_incoherentes", message, "horodatage")])
