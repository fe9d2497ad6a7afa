"""Lire les pluies et les débits d’un autre territoire, et dire tout ce qui ne va pas avant de rien en faire."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation import datasets
from formation.datasets import Limits, Resource, moments
from formation.datasets import clock as clocks
from formation.datasets.located import problem, shortened
from formation.errors import DonneesInvalides, Problem
from formation.numbers import number, percent, plural
from formation.risques import own_clock, own_columns, own_grid, own_units
from formation.risques.own_columns import BASIN, FLOW, HOUR, RAIN, WHEN, Columns

LIMITS = Limits(
    advice="Trois stations pendant dix ans au pas de 5 min font trois millions de lignes : donnez moins d’années ou "
    "moins de bassins à la fois, par exemple un fichier par cours d’eau."
)
MAX_BASINS = 60
MIN_ROWS = 288
EARLIEST = np.datetime64("1950-01-01", "s")
EXAMPLE = "2019-10-26 18:05"
ALONE = "unique"
"""Nom donné au bassin d’un fichier qui n’en nomme pas."""


@dataclass
class OwnSeries:
    """Séries lues.

    Attributes
    ----------
    basins : list of str
        Noms, dans l’ordre des lignes de la grille.
    grid : Grid
        Pluies et débits à pas constant.
    zone : str
        Horloge retenue.
    remarks : list of str
        Ce qui a été accepté, converti ou supposé.
    rows : int
        Lignes lues.
    """

    basins: list[str]
    grid: own_grid.Grid
    zone: str
    remarks: list[str] = field(default_factory=list)
    rows: int = 0


@dataclass
class _Table:
    """Colonnes utiles d’un fichier, encore en texte pour l’heure et le bassin."""

    when: NDArray[np.object_]
    basin: NDArray[np.object_]
    lines: NDArray[np.int64]
    values: pd.DataFrame | None


def read(file: str | Path, *, zone: str | None = None, today: pd.Timestamp | None = None) -> OwnSeries:
    """Lit un fichier de pluies et de débits.

    Parameters
    ----------
    file : str or Path
        CSV, CSV.GZ, XLSX ou ODS : une date et heure, une pluie, un débit, et un bassin s’il y en a plusieurs.
    zone : str, optional
        Fuseau des heures, par exemple « Europe/Paris » ou « UTC ».
    today : Timestamp, optional
        Jour de la lecture : une mesure postérieure est fausse.

    Returns
    -------
    OwnSeries
        Séries à pas constant. Rien n’est écrit.

    Raises
    ------
    DonneesInvalides
        Si le fichier n’est pas utilisable ; tous les problèmes sont donnés, avec leurs lignes.
    formation.datasets.clock.FuseauInconnu
        Si le fuseau n’existe pas.
    """
    if zone is not None:
        clocks.zone(zone)  # un fuseau inconnu se dit avant de lire
    path = Path(file)
    columns = _columns(path)
    table, problems, remarks = _check(path, columns)
    if table is None:
        raise DonneesInvalides(path.name, problems, remarks)
    codes, names = _basins(table, columns, problems)
    clock = _clock(table, columns, codes, zone, today, problems)
    step = own_grid.find_step(clock.utc, codes, table.lines, names, columns.names[WHEN])
    # Une heure ambiguë se corrige d’abord : les doublons qu’elle cause n’ajoutent rien.
    ambiguous = any(problem.kind.startswith(("heure_", "fuseau_")) for problem in clock.problems)
    problems += clock.problems + [p for p in step.problems if not (ambiguous and p.kind == "doublon")]
    if large := own_grid.too_large(clock.utc, len(names), step.minutes):
        problems.append(large)
    if len(table.lines) < MIN_ROWS:
        problems.append(_too_short(len(table.lines)))
    remarks += clock.remarks + step.remarks
    values = table.values
    if problems or values is None:
        raise DonneesInvalides(path.name, problems, remarks)
    rain, flow = _in_units(values, columns, step.minutes, table.lines, problems, remarks)
    if problems:
        raise DonneesInvalides(path.name, problems, remarks)
    grid = own_grid.fill(clock.utc, codes, rain, flow, step.minutes)
    if grid.step_min != step.minutes:
        remarks.append(f"Pas de {step.minutes} min ramené à {grid.step_min} min, en moyenne.")
    problems += own_units.doubts(grid, names, columns)
    if problems:
        raise DonneesInvalides(path.name, problems, remarks)
    remarks += own_units.cautions(grid, names)
    return OwnSeries(names, grid, clock.zone, [f"{path.name} : {text}" for text in remarks], len(table.lines))


def _columns(path: Path) -> Columns:
    names = [*own_columns.NAMES, *(name.capitalize() for name in own_columns.NAMES)]
    with datasets.open_source(path, names, "mesures", limits=LIMITS) as source:
        header, remarks = source.header, source.remarks
    columns, problems = own_columns.recognise(header)
    if columns is None:
        raise DonneesInvalides(path.name, problems, remarks)
    return columns


def _check(path: Path, columns: Columns) -> tuple[_Table | None, list[Problem], list[str]]:
    resource = Resource("risques", "mesures", "mesures.csv", fields=columns.fields())
    report = datasets.check("risques", "mesures", path, resource=resource, limits=LIMITS)
    problems = [_explained(problem, columns) for problem in report.problems]
    frame, values = report.frame, report.frame
    if frame is None:
        # Les heures sont jugées même quand un nombre est faux : tous les problèmes à la fois.
        texts = tuple(replace(item, constraints={}) for item in columns.fields() if item.type == "string")
        again = datasets.check("risques", "mesures", path, resource=replace(resource, fields=texts), limits=LIMITS)
        frame, values, report = again.frame, None, replace(report, lines=again.lines)
        if frame is None:
            return None, problems, report.remarques
    text = {role: frame[name].fillna("").to_numpy(dtype=object) for role, name in columns.names.items()
            if role in (BASIN, WHEN, HOUR)}  # fmt: skip
    when = text[WHEN]
    if HOUR in text:
        when = np.array([f"{day[:10]} {hour}" for day, hour in zip(when, text[HOUR], strict=True)], dtype=object)
    basin = text.get(BASIN, np.full(len(frame), ALONE, dtype=object))
    remarks = [remark for remark in report.remarques if "non prévue" not in remark]
    remarks += [remark for remark in report.remarques if "non prévue" in remark]
    return _Table(when, basin, report.lines, values), problems, remarks


def _explained(problem: Problem, columns: Columns) -> Problem:
    message = own_columns.explain(problem, columns)
    return problem if message is None else replace(problem, message=message)


def _basins(table: _Table, columns: Columns, problems: list[Problem]) -> tuple[NDArray[np.int64], list[str]]:
    codes, found = pd.factorize(table.basin, sort=True)
    names = [str(name) for name in found]
    column = columns.names.get(BASIN, "")
    if garbled := own_columns.garbled(names, column):
        problems.append(garbled)
    if len(names) > MAX_BASINS:
        shown = ", ".join(f"« {name} »" for name in names[:5])
        problems.append(
            Problem(
                "trop_de_bassins",
                f"{number(len(names))} bassins différents ({shown}…), l’essai en accepte {MAX_BASINS}. Est-ce la bonne "
                "colonne ? Gardez quelques bassins qui réagissent en moins de deux heures.",
                column,
            )
        )
    return codes.astype(np.int64), names


def _clock(
    table: _Table,
    columns: Columns,
    codes: NDArray[np.int64],
    zone: str | None,
    today: pd.Timestamp | None,
    problems: list[Problem],
) -> own_clock.Clock:
    column = columns.names[WHEN]
    local, offset_min = moments.parse(table.when, midnight=True)
    local = moments.to_minute(local)
    latest = (pd.Timestamp.now() if today is None else today) + pd.Timedelta(days=1)
    moment = np.datetime64(latest.to_datetime64(), "s")
    problems += moments.unreadable(table.when, local, table.lines, column, example=EXAMPLE)
    problems += _unlikely(table, local, column, moment)
    with np.errstate(invalid="ignore"):
        local[(local < EARLIEST) | (local > moment)] = np.datetime64("NaT")
    announced = zone or ("UTC" if columns.utc else None)
    clock = own_clock.align(local, offset_min, codes, table.lines, column, announced)
    if columns.utc and zone is None:
        clock.remarks.insert(0, f"Colonne « {column} » : son nom dit le temps universel.")
    return clock


def _unlikely(table: _Table, local: moments.Times, column: str, latest: np.datetime64) -> list[Problem]:
    problems = []
    for kind, mask, side in (
        ("date_trop_tot", local < EARLIEST, f"est avant le {EARLIEST.astype('datetime64[D]')}"),
        ("date_trop_tard", local > latest, "est dans le futur"),
    ):
        if mask.any():
            first = shortened(str(table.when[int(np.argmax(mask))]))
            message = (
                f"« {first} » {side} : ce n’est pas une mesure. Vérifiez l’année. Attendu : AAAA-MM-JJ HH:MM, par "
                f"exemple {EXAMPLE}."
            )
            problems.append(problem(kind, mask, table.lines, column, message, table.when))
    return problems


def _in_units(
    values: pd.DataFrame,
    columns: Columns,
    step_min: int,
    lines: NDArray[np.int64],
    problems: list[Problem],
    remarks: list[str],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rain = values[columns.names[RAIN]].to_numpy(float)
    flow = values[columns.names[FLOW]].to_numpy(float)
    if columns.rain_unit == "mm":
        rain = rain * (60 / step_min)
        remarks.append(f"Pluie en mm sur {step_min} min : convertie en mm/h (multipliée par {60 // step_min}).")
        if found := own_units.too_intense(rain, step_min, lines, columns.names[RAIN]):
            problems.append(found)
    if columns.flow_unit == "l/s":
        flow = flow / 1000
        remarks.append("Débit en l/s : converti en m³/s.")
    for name, part in ((columns.names[RAIN], rain), (columns.names[FLOW], flow)):
        missing = float(np.isnan(part).mean())
        if missing == 1:
            problems.append(Problem("colonne_vide", "aucune valeur dans cette colonne. Refaites l’export.", name))
        elif missing:
            count = int(np.isnan(part).sum())
            share = "moins de 1\u00a0%" if missing < 0.01 else percent(missing)
            remarks.append(f"Colonne « {name} » : {plural(count, 'case vide', 'cases vides')} ({share}).")
    return rain, flow


def _too_short(rows: int) -> Problem:
    return Problem(
        "trop_peu",
        f"{plural(rows, 'ligne')} seulement. Il faut plusieurs années de mesures : au pas de 5 min, un jour fait "
        f"{MIN_ROWS} lignes, et une crue n’arrive que quelques fois par an. Demandez l’historique complet de la "
        "station.",
        count=1,
    )


def facts(series: OwnSeries) -> dict[str, Any]:
    """Ce que le fichier couvre.

    Parameters
    ----------
    series : OwnSeries
        Séries lues.

    Returns
    -------
    dict
        Lignes, bassins, premier et dernier jour, pas, horloge.
    """
    steps = series.grid.rain.shape[1]
    last = series.grid.start + np.timedelta64(series.grid.step_min * (steps - 1), "m")
    return {
        "lignes": series.rows,
        "bassins": len(series.basins),
        "premier_jour": str(series.grid.start.astype("datetime64[D]")),
        "dernier_jour": str(last.astype("datetime64[D]")),
        "pas_min": series.grid.step_min,
        "horloge": series.zone,
    }
