"""Dire le résultat d’un essai : texte, JSON, page HTML ou tableau CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from formation import reports
from formation.numbers import day, number, percent, plural
from formation.reports import number_cell, share_cell
from formation.usagers.own_calls import OwnCalls
from formation.usagers.own_data import OwnResult

_HEADER = (
    "méthode", "exactitude", "macro-F1", "ECE", "traité seul", "erreurs",
    "tournures nouvelles", "traité seul", "erreurs",
)  # fmt: skip
_CAPTION = "Phrases de test : exactitude, part traitée seule au seuil choisi sur la validation, et ses erreurs"
_LEGEND = (
    "Exactitude : part des phrases bien comprises. Macro-F1 : de 0 à 1, chaque intention compte autant. ECE : écart "
    "moyen entre la confiance annoncée et la réussite. Tournures nouvelles : exactitude quand aucune phrase presque "
    "identique n’a servi à apprendre."
)
_LIMITS = (
    "Modèle jouet, fait pour apprendre. Une exactitude mesurée sur les phrases d’un fournisseur ne dit rien des "
    "phrases des habitants : demandez toujours un essai sur vos propres appels, relus par vos agents."
)
_CALL_LIMITS = (
    "Un indicateur ne dit pas pourquoi une personne n’a pas rappelé : elle a pu trouver sa réponse ailleurs, ou "
    "renoncer."
)


to_json = reports.to_json


def to_text(result: OwnResult) -> str:
    """Résultat d’un essai sur des énoncés, à lire dans un terminal.

    Parameters
    ----------
    result : OwnResult
        Résultat de l’essai.

    Returns
    -------
    str
        Fichier, tableau, conclusion, remarques.
    """
    lines = [*result.conclusion.splitlines(), "", _file(result), "", f"{_CAPTION} :"]
    lines += [reports.text_table(_HEADER, _rows(result.table)), _LEGEND, ""]
    if result.remarks:
        lines += ["Ce qu’il faut savoir de vos fichiers :", *(f"- {remark}" for remark in result.remarks), ""]
    return "\n".join([*lines, _LIMITS])


def calls_text(result: OwnCalls) -> str:
    """Indicateurs d’un fichier d’appels, à lire dans un terminal.

    Parameters
    ----------
    result : OwnCalls
        Résultat de l’essai.

    Returns
    -------
    str
        Fichier, tableau, conclusion, remarques.
    """
    lines = [result.conclusion, "", _calls_file(result), ""]
    lines += [reports.text_table(("indicateur", "valeur"), _call_rows(result.table)), ""]
    if result.remarks:
        lines += ["Ce qu’il faut savoir de votre fichier :", *(f"- {remark}" for remark in result.remarks), ""]
    return "\n".join([*lines, _CALL_LIMITS])


def evaluation_text(table: pd.DataFrame) -> str:
    """Tableau de :func:`formation.usagers.evaluate`, à lire dans un terminal.

    Parameters
    ----------
    table : DataFrame
        Une ligne par méthode.

    Returns
    -------
    str
        Tableau aligné.
    """
    header = (
        "méthode",
        "phrases jamais vues",
        "lignes au hasard",
        "ECE",
        "traité seul",
        "erreurs",
        "hors domaine accepté",
    )
    columns = ("exactitude", "exactitude_lignes", "ece", "couverture", "erreur", "hors_domaine_accepte")
    rows = [
        [
            row["methode"],
            *(number(row[name], 2) if name == "ece" else share_cell(row[name]) for name in columns),
        ]
        for _, row in table.iterrows()
    ]
    return reports.text_table(header, rows)


def write(result: OwnResult | OwnCalls, file: Path) -> None:
    """Écrit le rapport, à côté puis d’un coup.

    Parameters
    ----------
    result : OwnResult or OwnCalls
        Résultat de l’essai.
    file : Path
        Fichier .html ou .csv.

    Raises
    ------
    formation.reports.RapportImpossible
        Si le fichier ne peut pas être écrit ; l’ancien reste intact.
    """
    if isinstance(result, OwnCalls):
        sections = [
            reports.Section("Résultat", [result.conclusion], strong=True),
            reports.Section(paragraphs=[_calls_file(result)]),
            reports.Section(
                caption="Indicateurs de votre standard", header=("indicateur", "valeur"), rows=_call_rows(result.table)
            ),
            reports.Section("Ce qu’il faut savoir de votre fichier", points=[*result.remarks, _CALL_LIMITS]),
        ]
        page = reports.html_page("Vos appels", "Tentatives perdues ou personnes jamais servies ?", sections)
    else:
        sections = [
            reports.Section("Résultat", result.conclusion.splitlines(), strong=True),
            reports.Section(paragraphs=[_file(result), _LEGEND]),
            reports.Section(caption=_CAPTION, header=_HEADER, rows=_rows(result.table)),
            reports.Section("Ce qu’il faut savoir de vos fichiers", points=[*result.remarks, _LIMITS]),
        ]
        page = reports.html_page("Essai sur vos énoncés", "Un assistant comprendrait-il vos usagers ?", sections)
    reports.write(file, page, result.table)


def _file(result: OwnResult) -> str:
    facts = result.facts
    return (
        f"Fichier : {plural(facts['enonces'], 'phrase distincte', 'phrases distinctes')}, "
        f"{plural(facts['intentions'], 'intention')} ; {number(facts['apprentissage'])} pour apprendre, "
        f"{number(facts['validation'])} pour choisir le seuil, {number(facts['test'])} pour juger."
    )


def _calls_file(result: OwnCalls) -> str:
    facts = result.facts
    return (
        f"Fichier : {plural(facts['tentatives'], 'tentative')} sur {plural(facts['jours'], 'jour')}, du "
        f"{day(facts['premier_jour'])} au {day(facts['dernier_jour'])}, {plural(facts['agents'], 'agent')}."
    )


def _rows(table: pd.DataFrame) -> list[list[str]]:
    return [
        [
            row["methode"],
            percent(row["exactitude"]),
            number(row["macro_f1"], 2),
            number(row["ece"], 2),
            share_cell(row["couverture"]),
            share_cell(row["erreur"], 1),
            share_cell(row["exactitude_tournures"]),
            share_cell(row["couverture_tournures"]),
            share_cell(row["erreur_tournures"], 1),
        ]
        for _, row in table.iterrows()
    ]


def _call_rows(table: pd.DataFrame) -> list[list[str]]:
    return [
        [
            row["libelle"],
            share_cell(row["valeur"]) if _is_share(row["indicateur"]) else number_cell(row["valeur"], 1),
        ]
        for _, row in table.iterrows()
    ]


def _is_share(name: str) -> bool:
    return name.startswith("part_") or name == "occupation"
