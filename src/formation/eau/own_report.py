"""Dire le résultat d’un essai : texte, JSON, page HTML ou tableau CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from formation import reports
from formation.eau.own_data import OwnResult
from formation.numbers import number, percent, plural

_HEADERS = {
    "methode": "méthode",
    "part_fuites_10": "10 % du linéaire",
    "part_fuites_20": "20 %",
    "part_fuites_30": "30 %",
    "auc": "AUC",
}
_LIMITS = (
    "Modèle jouet, fait pour apprendre. Un bon classement ne prouve ni un volume économisé ni un gain de rendement : "
    "demandez toujours une comparaison avec l’historique et un groupe témoin."
)


to_json = reports.to_json


def to_text(result: OwnResult) -> str:
    """Résultat à lire dans un terminal.

    Parameters
    ----------
    result : OwnResult
        Résultat de l’essai.

    Returns
    -------
    str
        Réseau, découpage, tableau, conclusion, remarques.
    """
    lines = [_network(result), result.years.sentence(), f"Modèle retenu sur la validation : {result.chosen}.", ""]
    lines += ["Part des casses de test captées, selon la part du linéaire écoutée :", table_text(result.table), ""]
    lines += [result.conclusion, ""]
    if result.remarks:
        lines += ["Ce qu’il faut savoir de vos fichiers :", *(f"- {remark}" for remark in result.remarks), ""]
    return "\n".join([*lines, _LIMITS])


def table_text(table: pd.DataFrame) -> str:
    """Tableau des méthodes, aligné pour un terminal.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.eau.evaluate` ou d’un essai.

    Returns
    -------
    str
        Une ligne par méthode ; l’intervalle à 90 % suit la part à 20 % quand il est connu.
    """
    return reports.text_table(list(_HEADERS.values()), [_cells(row) for _, row in table.iterrows()])


def write(result: OwnResult, file: Path) -> None:
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
    reports.write(file, _page(result), result.table)


def _network(result: OwnResult) -> str:
    facts = result.facts
    return (
        f"Réseau : {number(facts['longueur_km'])} km, {plural(facts['troncons'], 'tronçon')}, "
        f"{plural(facts['casses'], 'casse')} utilisables, dont {number(facts['casses_test'])} pendant le test."
    )


def _cells(row: pd.Series) -> list[str]:
    at_20 = percent(row["part_fuites_20"])
    if "part_fuites_20_bas" in row:
        at_20 += f" ({percent(row['part_fuites_20_bas'])} à {percent(row['part_fuites_20_haut'])})"
    return [
        row["methode"],
        percent(row["part_fuites_10"]),
        at_20,
        percent(row["part_fuites_30"]),
        number(row["auc"], 2),
    ]


def _page(result: OwnResult) -> str:
    rows = [_cells(row) for _, row in result.table.iterrows()]
    caption = "Part des casses de test captées, selon la part du linéaire écoutée"
    return reports.html_page(
        "Essai sur votre réseau d’eau",
        "Quels tronçons écouter d’abord : essai sur votre réseau",
        [
            reports.Section(paragraphs=[_network(result)]),
            reports.Section(
                paragraphs=[f"{result.years.sentence()} Modèle retenu sur la validation : {result.chosen}."]
            ),
            reports.Section("Résultat", [result.conclusion], strong=True),
            reports.Section(caption=caption, header=list(_HEADERS.values()), rows=rows),
            reports.Section("Ce qu’il faut savoir de vos fichiers", points=result.remarks),
            reports.Section(paragraphs=[_LIMITS]),
        ],
    )
