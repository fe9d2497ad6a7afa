"""Vérifier le fichier d’un utilisateur contre le schéma d’une table livrée, sans jamais l’écrire.

Règle : ce qui ne peut se lire que d’une façon est converti et dit dans les remarques ; ce qui peut se lire de
deux façons, ou fausserait une jointure, est une erreur.

- Accepté et dit : séparateur point-virgule, tabulation ou barre ; virgule décimale ; espace entre les milliers ;
  dates JJ/MM/AAAA, ou suivies d’une heure ; oui et non ; encodages Windows et UTF-16 ; lignes vides ; espaces
  autour d’une valeur ; colonnes en plus ; colonne facultative absente.
- Refusé : zéros de tête perdus ; « 1.234,5 », ou « 1,234 » entre virgules ; mois avant le jour ; année sur deux
  chiffres ; date incomplète ; numéro de jour d’un tableur ; nombre avec son unité ; valeur hors bornes ; médiane
  d’une autre unité ; catégorie inconnue ; case obligatoire vide ; doublon ; cases en trop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from formation.datasets import _wording as wording
from formation.datasets import registry
from formation.datasets._columns import Notes, convert
from formation.datasets._header import missing_column, no_header
from formation.datasets._reading import Source, open_source
from formation.datasets.arrays import check_arrays, rows_of
from formation.datasets.schema import Field, Resource
from formation.datasets.size import LIMITS, Limits
from formation.errors import LINES_SHOWN, DonneesInvalides, Problem

MEDIAN_ROWS = 20  # en dessous, la valeur du milieu ne dit rien de l’unité


@dataclass
class _Seen:
    """Un genre de problème dans une colonne : les premières lignes et le compte."""

    count: int = 0
    lines: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)

    def add(self, lines: np.ndarray, texts: np.ndarray, values: np.ndarray) -> None:
        self.count += len(lines)
        room = LINES_SHOWN - len(self.lines)
        self.lines += [int(line) for line in lines[:room]]
        self.values += [str(text) for text in texts[:room]]
        if values.dtype.kind == "f" and len(self.numbers) < 200:
            self.numbers += [float(value) for value in values[:200]]


@dataclass(frozen=True)
class Report:
    """Résultat d’une vérification.

    Attributes
    ----------
    frame : DataFrame or None
        Table typée, dans l’ordre du schéma ; `None` s’il y a un problème, ou pour un fichier NPZ.
    problems : list of Problem
        Tous les problèmes, du plus important au moins important.
    remarques : list of str
        Ce qui a été accepté et converti.
    rows : int
        Nombre de lignes lues.
    lines : ndarray of int
        Numéro de chaque ligne lue, tel qu’un tableur l’affiche ; vide si le fichier n’a pas été lu.
    arrays : dict of ndarray or None
        Tableaux d’un fichier NPZ ; `None` s’il y a un problème, ou pour une table.
    """

    frame: pd.DataFrame | None
    problems: list[Problem]
    remarques: list[str]
    rows: int
    lines: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))
    arrays: dict[str, np.ndarray] | None = None

    @property
    def accepted(self) -> bool:
        """Vrai si le fichier suit le schéma."""
        return self.frame is not None or self.arrays is not None


def validate(
    case: str, name: str, file: str | PathLike[str], *, references: Mapping[str, pd.DataFrame] | None = None
) -> Any:
    """Lit le fichier d’un utilisateur avec le schéma d’une table livrée.

    Parameters
    ----------
    case, name : str
        Cas et table dont le fichier doit suivre le schéma.
    file : path
        Fichier CSV, CSV.GZ, XLSX ou ODS ; NPZ pour des images ou des grilles. Il n’est jamais modifié.
    references : mapping, optional
        Autres tables, par nom, pour contrôler les clés qui y renvoient.

    Returns
    -------
    DataFrame
        Colonnes du schéma, typées. `frame.attrs["remarques"]` liste ce qui a été accepté et converti ;
        une colonne facultative absente du fichier est présente et vide.
        Pour un fichier NPZ, un dictionnaire de tableaux numpy.

    Raises
    ------
    DonneesInvalides
        Si le fichier ne suit pas le schéma ; le message donne tous les problèmes à la fois.
    DonneesIntrouvables
        Si le cas ou la table n’existe pas.
    """
    report = check(case, name, file, references=references)
    if report.arrays is not None:
        return report.arrays
    if report.frame is None:
        raise DonneesInvalides(Path(file).name, report.problems, report.remarques)
    report.frame.attrs["remarques"] = report.remarques
    return report.frame


def check(
    case: str,
    name: str,
    file: str | PathLike[str],
    *,
    references: Mapping[str, pd.DataFrame] | None = None,
    resource: Resource | None = None,
    limits: Limits = LIMITS,
) -> Report:
    """Comme `validate`, mais rend toujours un rapport au lieu de lever une erreur.

    Parameters
    ----------
    case, name, file, references
        Voir `validate`.
    resource : Resource, optional
        Schéma à suivre à la place de celui de la table livrée, par exemple une version plus tolérante.
    limits : Limits
        Poids et nombre de lignes acceptés d’une table.

    Returns
    -------
    Report
        Table lue, ou tous les problèmes.

    Raises
    ------
    DonneesIntrouvables
        Si le cas ou la table n’existe pas.
    """
    resource = resource or registry.resource(case, name)
    if not resource.is_table:
        found = check_arrays(resource.arrays, file)
        rows = rows_of(found.arrays) if found.arrays is not None else 0
        return Report(None, found.problems, found.remarques, rows, arrays=found.arrays)
    try:
        with open_source(Path(file), [item.name for item in resource.fields], name, limits=limits) as source:
            return _Checker(resource, source, references or {}).run()
    except DonneesInvalides as error:
        return Report(None, error.problems, error.remarques, 0)


class _Checker:
    """Une vérification, paquet par paquet : la mémoire ne dépend que du résultat."""

    def __init__(self, resource: Resource, source: Source, references: Mapping[str, pd.DataFrame]) -> None:
        self.resource, self.source, self.references = resource, source, references
        self.remarks = list(source.remarks)
        self.problems: list[Problem] = []
        self.seen: dict[tuple[str, str], _Seen] = {}
        self.wide = _Seen()
        self.notes = Notes()
        self.blank = 0

    def run(self) -> Report:
        """Lit tout le fichier et rend le rapport."""
        self._check_header()
        present = [item for item in self.resource.fields if item.name in self.source.header]
        if not present:
            return Report(None, self.problems, self.remarks, 0)
        parts: dict[str, list[np.ndarray]] = {item.name: [] for item in present}
        all_lines = []
        for first, rows in self.source.chunks():
            lines, columns = self._split(first, rows)
            all_lines.append(lines)
            for item in present:
                texts = columns[self.source.header.index(item.name)]
                values, findings = convert(item, texts, self.notes, self.source.separator)
                parts[item.name].append(values)
                for found in findings:
                    seen = self.seen.setdefault((item.name, found.kind), _Seen())
                    seen.add(lines[found.mask], texts[found.mask], values[found.mask])
        lines = np.concatenate(all_lines) if all_lines else np.empty(0, dtype=int)
        if not len(lines):
            self.problems.append(
                Problem("aucune_ligne", "le fichier n’a que son en-tête, aucune ligne de données. Refaites l’export.")
            )
        raw = {name: np.concatenate(chunks) for name, chunks in parts.items() if chunks}
        if len(lines):
            self._check_keys(raw, lines)
            self._check_references(raw, lines)
        return self._report(raw, lines)

    def _split(self, first: int, rows: Sequence[list[str]]) -> tuple[np.ndarray, list[np.ndarray]]:
        """Met les lignes à la largeur de l’en-tête, note les lignes vides et les cases en trop."""
        width = len(self.source.header)
        kept: list[list[str]] = []
        lines: list[int] = []
        for offset, row in enumerate(rows):
            size = len(row)
            if size != width:
                if size > width and any(cell.strip() for cell in row[width:]):
                    self.wide.add(np.array([first + offset]), np.array([str(size)]), np.empty(0))
                row = row[:width] + [""] * (width - size)
            if not any(row) or not any(cell.strip() for cell in row):
                self.blank += 1
                continue
            kept.append(row)
            lines.append(first + offset)
        columns = [np.array(column, dtype=object) for column in zip(*kept, strict=True)]
        return np.array(lines, dtype=int), columns or [np.empty(0, dtype=object)] * width

    def _check_header(self) -> None:
        header = self.source.header
        known = [item.name for item in self.resource.fields]
        if not any(name in known for name in header):
            self.problems.append(no_header(self.source, known))
            return
        spare = [name for name in header if name not in known]
        for item in self.resource.fields:
            if item.name in header:
                continue
            if item.optional:
                self.remarks.append(f"Colonne facultative « {item.name} » absente : elle reste vide.")
            else:
                self.problems.append(Problem("colonne_manquante", missing_column(item, spare, header), item.name))
        for name in dict.fromkeys(header):
            if name in known and header.count(name) > 1:
                self.problems.append(
                    Problem(
                        "colonne_en_double",
                        "la colonne figure deux fois dans l’en-tête. Supprimez celle qui est en trop.",
                        column=name,
                        lines=(self.source.header_line,),
                    )
                )
        extra = [name for name in dict.fromkeys(spare) if name]
        if extra and len(extra) < len(header):
            plural = "s" if len(extra) > 1 else ""
            self.remarks.append(f"Colonne{plural} non prévue{plural}, ignorée{plural} : {wording.quote(extra, 8)}.")

    def _check_keys(self, raw: Mapping[str, np.ndarray], lines: np.ndarray) -> None:
        keys = [self.resource.primary_key] if self.resource.primary_key else []
        keys += [(item.name,) for item in self.resource.fields if item.constraints.get("unique")]
        for key in dict.fromkeys(keys):
            if not key or not all(name in raw for name in key):
                continue
            frame = pd.DataFrame({name: raw[name] for name in key})
            again = (frame.duplicated() & frame.notna().all(axis=1)).to_numpy()
            if not again.any():
                continue
            positions = np.flatnonzero(again)
            first = frame.iloc[positions[0]]
            same = np.flatnonzero((frame == first).all(axis=1).to_numpy())[0]
            values = [" ; ".join(_show(value) for value in frame.iloc[index]) for index in positions[:LINES_SHOWN]]
            self.problems.append(
                Problem(
                    "doublon",
                    f"« {values[0]} » figure déjà à la ligne {lines[same]}. Chaque ligne doit avoir son propre "
                    "identifiant, sinon une jointure compte deux fois. Supprimez la ligne en trop ou renumérotez-la.",
                    column=" + ".join(key),
                    lines=tuple(int(line) for line in lines[positions[:LINES_SHOWN]]),
                    values=tuple(values),
                    count=len(positions),
                )
            )

    def _check_references(self, raw: Mapping[str, np.ndarray], lines: np.ndarray) -> None:
        for foreign in self.resource.foreign_keys:
            column, target = foreign["fields"], foreign["reference"]
            other = self.references.get(str(target["resource"]).rpartition("/")[2])
            if other is None or not isinstance(column, str) or column not in raw:
                continue
            values = pd.Series(raw[column])
            unknown = (~values.isin(other[target["fields"]]) & values.notna()).to_numpy()
            if unknown.any():
                where = np.flatnonzero(unknown)[:LINES_SHOWN]
                shown = [_show(values.iloc[index]) for index in where]
                self.problems.append(
                    Problem(
                        "reference_inconnue",
                        f"{wording.quote(shown)} n’existe pas dans la colonne « {target['fields']} » de la table "
                        f"« {target['resource']} ». Corrigez le code, ou ajoutez la ligne dans cette table.",
                        column=column,
                        lines=tuple(int(line) for line in lines[where]),
                        values=tuple(shown),
                        count=int(unknown.sum()),
                    )
                )

    def _check_units(self, raw: Mapping[str, np.ndarray]) -> None:
        """Une colonne entière dans une autre unité peut respecter les bornes ligne à ligne."""
        for item in self.resource.fields:
            if item.median is None or item.name not in raw:
                continue
            values = raw[item.name][np.isfinite(raw[item.name])]
            if len(values) >= MEDIAN_ROWS and not item.median[0] <= np.median(values) <= item.median[1]:
                message = wording.doubtful_unit(item, float(np.median(values)))
                self.problems.append(Problem("unite_douteuse", message, column=item.name))

    def _report(self, raw: Mapping[str, np.ndarray], lines: np.ndarray) -> Report:
        for (column, kind), seen in self.seen.items():
            item = self.resource.field_named(column)
            message = wording.describe(kind, item, seen.values, seen.numbers)
            self.problems.append(_problem(kind, message, seen, column))
        if self.wide.count:
            message = (
                f"la ligne a {self.wide.values[0]} cases, l’en-tête en a {len(self.source.header)}. Une virgule "
                "décimale ou un texte contient sans doute le séparateur : mettez la valeur entre guillemets, ou "
                "exportez avec le point-virgule."
            )
            self.problems.append(_problem("cases_en_trop", message, self.wide, None))
        self.remarks += [
            f"Colonne « {column} » : {what} ({count} case{'s' if count > 1 else ''}), accepté."
            for (column, what), count in self.notes.accepted.items()
        ]
        if self.blank:
            self.remarks.append(f"{self.blank} ligne{'s vides ignorées' if self.blank > 1 else ' vide ignorée'}.")
        self._check_units(raw)
        rank = {kind: index for index, kind in enumerate(wording.ORDER)}
        self.problems.sort(key=lambda problem: (rank.get(problem.kind, -1), -problem.count))
        frame = None if self.problems else self._frame(raw, len(lines))
        return Report(frame, self.problems, self.remarks, len(lines), lines)

    def _frame(self, raw: Mapping[str, np.ndarray], rows: int) -> pd.DataFrame:
        return pd.DataFrame({item.name: _typed(item, raw.get(item.name), rows) for item in self.resource.fields})


def _problem(kind: str, message: str, seen: _Seen, column: str | None) -> Problem:
    return Problem(kind, message, column, tuple(seen.lines), tuple(seen.values), seen.count)


def _typed(item: Field, values: np.ndarray | None, rows: int) -> Any:
    """Colonne finale, avec les mêmes types que la table livrée."""
    if values is None:
        values = np.full(rows, np.nan)
    series = pd.Series(values)
    match item.type:
        case "date":
            return series.astype("datetime64[us]")
        case "number":
            return series.astype("float64")
        case "integer":
            return series.astype("int64" if item.required and series.notna().all() else "Int64")
        case "boolean":
            return series.astype("int8" if item.required and series.notna().all() else "Int8")
        case _:
            return series.astype("str")


def _show(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
