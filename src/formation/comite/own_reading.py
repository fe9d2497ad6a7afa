"""Lire les deux fichiers d’une jointure, quelles que soient leurs colonnes, et garder le numéro de chaque ligne."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation import datasets
from formation.comite import keys as key_cells
from formation.comite.keys import DATE, MOMENT, TEXT, KeyName
from formation.datasets import Field, Limits, Resource
from formation.errors import DonneesInvalides, FichiersInvalides, Problem

MAX_ROWS = 1_000_000
MAX_CELLS = 8_000_000
MAX_COLUMNS = 300
LIMITS = Limits(
    size=400 * 2**20,
    rows=MAX_ROWS,
    advice="Gardez les seules colonnes utiles (la clé et ce que vous voulez joindre), ou une année à la fois.",
)
_SHOWN = 8


@dataclass(frozen=True)
class OwnTable:
    """Table lue, toutes ses cases en texte.

    Attributes
    ----------
    name : str
        Nom du fichier, tel que le lecteur le connaît.
    frame : DataFrame
        Une colonne de texte par colonne du fichier ; une case vide y est absente.
    lines : ndarray of int
        Numéro de chaque ligne dans le fichier.
    remarks : list of str
        Ce qui a été accepté et converti.
    """

    name: str
    frame: pd.DataFrame
    lines: NDArray[np.int64]
    remarks: list[str]


@dataclass(frozen=True)
class _Start:
    """Début d’un fichier : son en-tête, et l’écriture de ses clés."""

    path: Path
    header: list[str]
    kinds: list[str]


def read_pair(
    left: str | Path, right: str | Path, names: Sequence[KeyName], *, without: Sequence[str] = ()
) -> tuple[OwnTable, OwnTable]:
    """Lit les deux fichiers d’une jointure.

    Parameters
    ----------
    left, right : str or Path
        Fichiers CSV, CSV.GZ, XLSX ou ODS. Ils ne sont jamais modifiés.
    names : sequence of KeyName
        Colonnes de la clé.
    without : sequence of str
        Colonnes à ne pas lire, de l’un ou l’autre fichier.

    Returns
    -------
    tuple of OwnTable
        Table de gauche, table de droite ; une clé qui est une date y est écrite AAAA-MM-JJ.

    Raises
    ------
    DonneesInvalides
        Si un fichier n’est pas lisible ; les problèmes des deux fichiers sont donnés ensemble.
    """
    starts: list[_Start] = []
    errors: list[DonneesInvalides] = []
    for file, columns in ((left, [name.left for name in names]), (right, [name.right for name in names])):
        try:
            starts.append(_start(Path(file), columns))
        except DonneesInvalides as error:
            errors.append(error)
    _stop(errors)
    if unknown := [name for name in without if not any(name in start.header for start in starts)]:
        errors.append(DonneesInvalides(starts[0].path.name, [_not_there(unknown, starts)]))
    if locked := [name for name in without if any(name in (pair.left, pair.right) for pair in names)]:
        message = (
            f"«\u00a0{locked[0]}\u00a0» est une colonne de la clé : sans elle il n’y a plus de jointure. Retirez-la de "
            "--sans, ou joignez sur une autre clé."
        )
        errors.append(DonneesInvalides(starts[0].path.name, [Problem("cle_retiree", message, locked[0])]))
    _stop(errors)
    tables = []
    for start, other, sides in zip(
        starts, reversed(starts), ([n.left for n in names], [n.right for n in names]), strict=True
    ):
        try:
            tables.append(_read(start, other, sides, without))
        except DonneesInvalides as error:
            errors.append(error)
    _stop(errors)
    return tables[0], tables[1]


def _stop(errors: list[DonneesInvalides]) -> None:
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise FichiersInvalides(errors)


def _start(path: Path, columns: Sequence[str]) -> _Start:
    """En-tête et premières cases de la clé ; le fichier n’est pas encore lu."""
    with datasets.open_source(path, columns, "", limits=LIMITS) as source:
        header = source.header
        if problems := _header_problems(path, header, columns):
            raise DonneesInvalides(path.name, problems)
        _, rows = next(source.chunks(), (0, []))
    places = [header.index(name) for name in columns]
    texts = [[row[place].strip() for row in rows if place < len(row)] for place in places]
    return _Start(path, header, [key_cells.writing(column) for column in texts])


def _header_problems(path: Path, header: Sequence[str], columns: Sequence[str]) -> list[Problem]:
    if len(header) > MAX_COLUMNS:
        message = (
            f"{len(header)} colonnes : plus de {MAX_COLUMNS}, ce n’est sans doute pas une table. Gardez la clé et les "
            "colonnes utiles."
        )
        return [Problem("trop_de_colonnes", message)]
    missing = [name for name in dict.fromkeys(columns) if name not in header]
    if missing and not any(name in header for name in columns):
        fields = tuple(Field(name, "string") for name in columns)
        report = datasets.check("comite", "table", path, resource=_resource(path, fields), limits=LIMITS)
        if lower := [problem for problem in report.problems if problem.kind == "entete_plus_bas"]:
            return lower
    return [Problem("colonne_manquante", _missing(name, header), name) for name in missing]


def _missing(name: str, header: Sequence[str]) -> str:
    simple = {datasets.simplify(column): column for column in header if column}
    close = get_close_matches(datasets.simplify(name), list(simple), n=1, cutoff=0.6)
    hint = f" Est-ce « {simple[close[0]]} » ? Alors : --cle {simple[close[0]]}." if close else ""
    return (
        f"cette colonne n’existe pas, la jointure n’a pas de clé. Colonnes lues : {_quote(header)}.{hint} Si la clé "
        "n’a pas le même nom dans les deux fichiers : --cle nom_a_gauche=nom_a_droite."
    )


def _not_there(names: Sequence[str], starts: Sequence[_Start]) -> Problem:
    header = dict.fromkeys(column for start in starts for column in start.header)
    message = (
        f"--sans {names[0]} : aucune des deux tables n’a cette colonne. Colonnes lues : {_quote(list(header))}. "
        "Vérifiez le nom : une colonne que vous croyez retirée serait jointe."
    )
    return Problem("colonne_manquante", message, names[0])


def _read(start: _Start, other: _Start, columns: Sequence[str], without: Sequence[str]) -> OwnTable:
    kept = [name for name in dict.fromkeys(start.header) if name and name not in without]
    kinds = {
        name: key_cells.common_writing(mine, theirs)
        for name, mine, theirs in zip(columns, start.kinds, other.kinds, strict=True)
    }
    fields = tuple(
        Field(name, "date" if kinds.get(name) == DATE else "string", example="2024-03-01" if name in kinds else "")
        for name in kept
    )
    limits = replace(LIMITS, rows=max(1, min(MAX_ROWS, MAX_CELLS // max(len(kept), 1))))
    report = datasets.check("comite", "table", start.path, resource=_resource(start.path, fields), limits=limits)
    hours = [
        _hours(name) for name, mine, theirs in zip(columns, start.kinds, other.kinds, strict=True)
        if mine == MOMENT and theirs not in (MOMENT, TEXT)
    ]  # fmt: skip
    if report.problems or report.frame is None or hours:
        raise DonneesInvalides(start.path.name, [*report.problems, *hours], report.remarques)
    frame = report.frame
    for name, kind in kinds.items():
        if kind == DATE:
            frame[name] = frame[name].dt.strftime("%Y-%m-%d").astype("str")
    remarks = [remark for remark in report.remarques if "non prévue" not in remark]
    return OwnTable(start.path.name, frame, report.lines, remarks)


def _hours(name: str) -> Problem:
    message = (
        "cette clé donne une date et une heure, l’autre fichier ne donne que le jour : presque rien ne se joindrait. "
        "Regroupez d’abord par jour (une ligne par jour : somme, moyenne ou maximum, à vous de choisir), puis "
        "recommencez."
    )
    return Problem("heure_dans_la_cle", message, name)


def _resource(path: Path, fields: tuple[Field, ...]) -> Resource:
    return Resource("comite", "table", path.name, fields=fields)


def _quote(names: Sequence[str]) -> str:
    named = [name for name in names if name]
    rest = f" et {len(named) - _SHOWN} autres" if len(named) > _SHOWN else ""
    return ", ".join(f"« {name} »" for name in named[:_SHOWN]) + rest
