"""Dire le résultat d’un essai : texte, JSON, page HTML ou tableau CSV."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pandas as pd

from formation.eau.own_data import OwnResult
from formation.errors import FormationError
from formation.numbers import number, percent, plural

FORMATS = (".html", ".csv")
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


class RapportImpossible(FormationError):
    """Le rapport demandé ne peut pas être écrit."""


def to_json(result: OwnResult) -> str:
    """Résultat complet en JSON.

    Parameters
    ----------
    result : OwnResult
        Résultat de l’essai.

    Returns
    -------
    str
        Texte JSON, UTF-8.
    """
    return json.dumps(result.to_dict(), ensure_ascii=False, indent=2)


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
    rows = [list(_HEADERS.values()), *(_cells(row) for _, row in table.iterrows())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def check_destination(file: Path) -> None:
    """Refuse tout de suite un rapport qu’on ne saurait pas écrire.

    Parameters
    ----------
    file : Path
        Fichier demandé.

    Raises
    ------
    RapportImpossible
        Si l’extension n’est ni .html ni .csv, ou si le dossier n’existe pas.
    """
    if file.suffix.lower() not in FORMATS:
        raise RapportImpossible(
            f"« {file.name} » : le rapport s’écrit en .html (à lire) ou en .csv (pour un tableur). "
            "Exemple : --rapport essai.html"
        )
    if not file.resolve().parent.is_dir():
        raise RapportImpossible(f"Le dossier de « {file} » n’existe pas. Créez-le, ou choisissez un autre endroit.")


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
    RapportImpossible
        Si le fichier ne peut pas être écrit ; l’ancien reste intact.
    """
    check_destination(file)
    if file.suffix.lower() == ".csv":
        content = "\ufeff" + result.table.to_csv(index=False, sep=";", decimal=",", lineterminator="\n")
    else:
        content = _page(result)
    aside = file.with_name(f".{file.name}.tmp")
    try:
        aside.write_text(content, encoding="utf-8")
        aside.replace(file)
    except OSError as error:
        raise RapportImpossible(
            f"« {file} » ne peut pas être écrit ({error.strerror}). Vérifiez le disque et vos droits."
        ) from None
    finally:
        aside.unlink(missing_ok=True)


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
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEADERS.values())
    body = "".join(
        f'<tr><th scope="row">{html.escape(first)}</th>' + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"
        for first, *rest in (_cells(row) for _, row in result.table.iterrows())
    )
    remarks = "".join(f"<li>{html.escape(remark)}</li>" for remark in result.remarks)
    style = (
        "body{font:1.05rem/1.55 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#18222d}"
        "table{border-collapse:collapse;width:100%}"
        "th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d5dce3}"
    )
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai sur votre réseau d’eau</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head><body><main>'
        f"<h1>Quels tronçons écouter d’abord : essai sur votre réseau</h1><p>{_network(result)}</p>"
        f"<p>{html.escape(result.years.sentence())} Modèle retenu sur la validation : {result.chosen}.</p>"
        f"<h2>Résultat</h2><p><strong>{html.escape(result.conclusion)}</strong></p>"
        f"<table><caption>Part des casses de test captées, selon la part du linéaire écoutée</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<h2>Ce qu’il faut savoir de vos fichiers</h2><ul>{remarks}</ul><p>{_LIMITS}</p></main></body></html>\n"
    )
