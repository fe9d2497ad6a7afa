"""Dire le résultat d’un essai : texte, JSON, page HTML ou tableau CSV."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from formation import reports
from formation.numbers import day, number, plural
from formation.reports import number_cell, share_cell
from formation.risques.own_data import OwnResult
from formation.risques.own_radar import OwnRadar

_HEADER = ("horizon", "méthode", "détection", "fausses", "CSI (9 fois sur 10)", "annoncées", "à tort", "délai")
_CAPTION = "Épisodes jugés : détection, fausses alertes et CSI par pas de temps ; crues annoncées par épisode et bassin"
_LEGEND = (
    "Détection (POD) : part des dépassements annoncés. Fausses (FAR) : part des alertes données à tort. CSI : alertes "
    "justes ÷ (justes + manquées + fausses). Annoncées : crues précédées d’une alerte, par épisode et bassin. À tort : "
    "épisodes et bassins alertés sans crue. La persistance prolonge le présent : elle n’annonce jamais un premier "
    "dépassement. La régression linéaire reçoit les mêmes variables que le modèle et la même garde quand le limnimètre "
    "se tait. Délai : médiane entre la première alerte et le dépassement."
)
_LIMITS = (
    "Modèle jouet, fait pour apprendre. Il ne remplace ni Vigicrues ni une station d’annonce : aucun de ces chiffres "
    "ne suffit à décider d’une évacuation. Le débit mesuré sert ici de vérité ; un capteur noyé la fausse aussi."
)
_RADAR_LIMITS = (
    "Un radar mesure loin du sol, sature sous les fortes pluies et se trompe d’un épisode à l’autre : comparez-le "
    "toujours à des pluviomètres avant de lui faire dire un cumul."
)


to_json = reports.to_json


def to_text(result: OwnResult) -> str:
    """Résultat d’un essai, à lire dans un terminal.

    Parameters
    ----------
    result : OwnResult
        Résultat de l’essai.

    Returns
    -------
    str
        Conclusion, fichier, tableau, remarques.
    """
    lines = [*result.conclusion.splitlines(), "", _file(result), _split(result), "", f"{_CAPTION} :"]
    lines += [reports.text_table(_HEADER, _rows(result.table)), _LEGEND, ""]
    if result.remarks:
        lines += ["Ce qu’il faut savoir de votre fichier :", *(f"- {remark}" for remark in result.remarks), ""]
    return "\n".join([*lines, _LIMITS])


def radar_text(result: OwnRadar) -> str:
    """Contrôle d’un radar, à lire dans un terminal.

    Parameters
    ----------
    result : OwnRadar
        Résultat du contrôle.

    Returns
    -------
    str
        Conclusion, tableau, remarques.
    """
    lines = [result.conclusion, "", reports.text_table(("mesure", "valeur"), _radar_rows(result)), ""]
    if result.remarks:
        lines += ["Ce qu’il faut savoir de votre fichier :", *(f"- {remark}" for remark in result.remarks), ""]
    return "\n".join([*lines, _RADAR_LIMITS])


def evaluation_text(table: pd.DataFrame) -> str:
    """Tableau de :func:`formation.risques.evaluate`, à lire dans un terminal.

    Parameters
    ----------
    table : DataFrame
        Une ligne par horizon et par méthode.

    Returns
    -------
    str
        Tableau aligné.
    """
    header = ("horizon", "méthode", "détection (POD)", "fausses (FAR)", "CSI", "biais")
    rows = [
        [
            f"{int(row['horizon'])} min",
            str(row["methode"]),
            *(number_cell(row[name], 2) for name in ("pod", "far", "csi", "biais")),
        ]
        for _, row in table.iterrows()
    ]
    return reports.text_table(header, rows)


def write(result: OwnResult | OwnRadar, file: Path) -> None:
    """Écrit le rapport, à côté puis d’un coup.

    Parameters
    ----------
    result : OwnResult or OwnRadar
        Résultat de l’essai.
    file : Path
        Fichier .html ou .csv.

    Raises
    ------
    formation.reports.RapportImpossible
        Si le fichier ne peut pas être écrit ; l’ancien reste intact.
    """
    if isinstance(result, OwnRadar):
        sections = [
            reports.Section("Résultat", [result.conclusion], strong=True),
            reports.Section(caption="Ce que contient le radar", header=("mesure", "valeur"), rows=_radar_rows(result)),
            reports.Section("Ce qu’il faut savoir de votre fichier", points=[*result.remarks, _RADAR_LIMITS]),
        ]
        page = reports.html_page("Votre radar", "Que voit votre radar, et que ne voit-il pas ?", sections)
    else:
        sections = [
            reports.Section("Résultat", result.conclusion.splitlines(), strong=True),
            reports.Section(paragraphs=[_file(result), _split(result), _LEGEND]),
            reports.Section(caption=_CAPTION, header=_HEADER, rows=_rows(result.table)),
            reports.Section("Ce qu’il faut savoir de votre fichier", points=[*result.remarks, _LIMITS]),
        ]
        page = reports.html_page("Essai sur vos mesures", "Combien de minutes d’avance sur vos rivières ?", sections)
    reports.write(file, page, result.table)


def _file(result: OwnResult) -> str:
    facts = result.facts
    return (
        f"Fichier : {plural(facts['lignes'], 'ligne')}, {plural(facts['bassins'], 'bassin')}, du "
        f"{day(facts['premier_jour'])} au {day(facts['dernier_jour'])}, pas de {facts['pas_min']} min, horloge : "
        f"{facts['horloge']}. Seuils : "
        + ", ".join(f"{name} {number(value, 2)}\u00a0m³/s" for name, value in facts["seuils_m3_s"].items())
        + "."
    )


def _split(result: OwnResult) -> str:
    episodes, floods = result.facts["episodes"], result.facts["crues"]
    parts = [
        f"{plural(episodes[name], 'épisode')} ({plural(floods[name], 'crue')}) pour {word}"
        for name, word in (("apprentissage", "apprendre"), ("validation", "choisir"), ("test", "juger"))
    ]
    return f"Découpage, dans l’ordre du temps et par épisodes entiers : {', '.join(parts)}."


def _rows(table: pd.DataFrame) -> list[list[str]]:
    return [
        [
            f"{int(row['horizon_min'])}\u00a0min",
            str(row["methode"]),
            share_cell(row["pod"]),
            share_cell(row["far"]),
            f"{number_cell(row['csi'], 2)} ({number_cell(row['csi_bas'], 2)} à {number_cell(row['csi_haut'], 2)})",
            f"{int(row['annoncees'])} sur {int(row['crues'])}",
            number(row["fausses"]),
            f"{number(row['delai_min'])}\u00a0min" if np.isfinite(row["delai_min"]) else "—",
        ]
        for _, row in table.iterrows()
    ]


def _radar_rows(result: OwnRadar) -> list[list[str]]:
    return [[str(row["libelle"]), str(row["texte"])] for _, row in result.table.iterrows()]
