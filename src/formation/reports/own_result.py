"""Résultat d’un essai sur les données d’une collectivité, et la façon de le dire : texte, page HTML, tableau.

Une aile dit ses tableaux (:class:`Layout`), ses titres et ses limites ; ce module les met en forme.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from formation import reports
from formation.numbers import plural

Cell = Callable[[Any], str]
"""Manière d’écrire une case."""
SHOWN = 25
"""Lignes d’un tableau écrites dans un terminal."""
_KNOW = "Ce qu’il faut savoir de vos fichiers"


@dataclass(frozen=True)
class OwnResult:
    """Résultat d’un essai.

    Attributes
    ----------
    kind : str
        Genre d’essai, par exemple `alertes` ou `photos`.
    table : DataFrame
        Résultat principal.
    conclusion : str
        Ce que l’essai permet de dire, en français, la réponse d’abord ; un paragraphe par ligne.
    remarks : list of str
        Ce qui a été écarté ou supposé, prudences.
    facts : dict
        Ce qui a été lu.
    other : DataFrame
        Second tableau, selon l’essai.
    """

    kind: str
    table: pd.DataFrame
    conclusion: str
    remarks: list[str]
    facts: dict[str, Any]
    other: pd.DataFrame = field(default_factory=pd.DataFrame)

    def to_dict(self) -> dict[str, Any]:
        """Rend tout le résultat en types simples, prêts pour du JSON."""
        return {
            "essai": self.kind,
            "conclusion": self.conclusion,
            "fichier": self.facts,
            "resultat": _records(self.table),
            "detail": _records(self.other),
            "remarques": self.remarks,
        }


@dataclass(frozen=True)
class Layout:
    """Titre d’un tableau et écriture de ses colonnes.

    Attributes
    ----------
    caption : str
        Titre.
    columns : tuple
        Colonne du tableau, en-tête, manière de l’écrire.
    prepare : callable, optional
        Ce qu’il faut faire du tableau avant de l’écrire.
    """

    caption: str
    columns: tuple[tuple[str, str, Cell], ...]
    prepare: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    def cells(self, table: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
        """En-têtes et cases, écrits à la française.

        Parameters
        ----------
        table : DataFrame
            Tableau ; ses autres colonnes sont laissées de côté.

        Returns
        -------
        tuple of list
            En-têtes, et lignes.

        Examples
        --------
        >>> layout = Layout("Parts", (("part", "part vraie", share(0)),))
        >>> layout.cells(pd.DataFrame({"part": [0.5]}))[1][0][0].replace(chr(160), " ")
        '50 %'
        """
        shown = table if self.prepare is None else self.prepare(table)
        rows = [[say(row[name]) for name, _, say in self.columns] for row in shown.to_dict(orient="records")]
        return [title for _, title, _ in self.columns], rows


@dataclass(frozen=True)
class Wording:
    """Ce qu’une aile dit de ses essais.

    Attributes
    ----------
    layouts : mapping of str to tuple of Layout
        Par genre d’essai : tableau principal, second tableau.
    titles : mapping of str to tuple of str
        Par genre : titre de l’onglet, titre de la page.
    limits : mapping of str to str
        Par genre : ce que l’essai ne permet pas de dire.
    read : callable
        Phrase qui dit ce qui a été lu.
    """

    layouts: Mapping[str, tuple[Layout, Layout]]
    titles: Mapping[str, tuple[str, str]]
    limits: Mapping[str, str]
    read: Callable[[OwnResult], str]

    def to_text(self, result: OwnResult) -> str:
        """Résultat à lire dans un terminal.

        Parameters
        ----------
        result : OwnResult
            Résultat de l’essai.

        Returns
        -------
        str
            Conclusion, fichier, tableaux, remarques.
        """
        lines = [*result.conclusion.splitlines(), "", self.read(result), ""]
        for caption, header, rows in self._tables(result):
            lines += [f"{caption}\u00a0:", reports.text_table(header, rows[:SHOWN])]
            if len(rows) > SHOWN:
                lines.append(f"… et {plural(len(rows) - SHOWN, 'autre ligne', 'autres lignes')}, dans le rapport.")
            lines.append("")
        if result.remarks:
            lines += [f"{_KNOW}\u00a0:", *(f"- {remark}" for remark in result.remarks), ""]
        return "\n".join([*lines, self.limits[result.kind]])

    def write(self, result: OwnResult, file: Path) -> None:
        """Écrit le rapport, à côté puis d’un coup.

        Parameters
        ----------
        result : OwnResult
            Résultat de l’essai.
        file : Path
            Fichier .html ou .csv.

        Raises
        ------
        formation.reports.RapportImpossible
            Si le fichier ne peut pas être écrit ; l’ancien reste intact.
        """
        tables = [
            reports.Section(caption=caption, header=header, rows=rows) for caption, header, rows in self._tables(result)
        ]
        sections = [
            reports.Section("Résultat", result.conclusion.splitlines(), strong=True),
            reports.Section(paragraphs=[self.read(result)]),
            *tables,
            reports.Section(_KNOW, points=[*result.remarks, self.limits[result.kind]]),
        ]
        reports.write(file, reports.html_page(*self.titles[result.kind], sections), result.table)

    def _tables(self, result: OwnResult) -> list[tuple[str, list[str], list[list[str]]]]:
        pairs = zip(self.layouts[result.kind], (result.table, result.other), strict=True)
        return [(layout.caption, *layout.cells(table)) for layout, table in pairs if len(table)]


def share(digits: int) -> Cell:
    """Écrit une part en pour cent, ou un tiret.

    Parameters
    ----------
    digits : int
        Chiffres après la virgule.

    Returns
    -------
    callable
        Manière d’écrire une case.
    """
    return lambda value: reports.share_cell(value, digits)


def decimal(digits: int) -> Cell:
    """Écrit un nombre, ou un tiret.

    Parameters
    ----------
    digits : int
        Chiffres après la virgule.

    Returns
    -------
    callable
        Manière d’écrire une case.
    """
    return lambda value: reports.number_cell(value, digits)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {key: None if isinstance(value, float) and not np.isfinite(value) else value for key, value in row.items()}
        for row in table.to_dict(orient="records")
    ]
