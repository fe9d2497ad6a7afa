"""Dire le contrôle d’une jointure, ou sa mesure : texte, JSON, page HTML ou tableau CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from formation import reports
from formation.comite.own_conclusion import share
from formation.comite.own_join import JoinCheck, counted
from formation.comite.own_measure import PLACEBO, Measured
from formation.numbers import number, plural
from formation.reports import number_cell

_JOIN_HEADER = ("compté", "à gauche", "à droite")
_MEASURE_HEADER = ("méthode", "sans", "avec", "gain", "9 fois sur 10")
_JOIN_LIMITS = (
    "Ce contrôle voit la forme des fichiers, pas leur sens : une clé juste peut désigner autre chose d’un service à "
    "l’autre. L’absence d’alerte ne prouve pas l’absence de données personnelles. Joindre n’est pas un droit : "
    "finalité, base légale et durée s’écrivent avant."
)
_MEASURE_LIMITS = (
    "Mesure d’essai, avec deux méthodes simples et les réglages du cours. Elle dit si ces colonnes aident à prévoir "
    "cette cible, pas si la convention est légale, ni si la donnée restera tenue à jour. La ligne « témoin » joint "
    "les mêmes colonnes mélangées au hasard : elle montre ce que le hasard seul donne."
)
_FORMULA = r"\s*[=@]"
_WAYS = {"moyenne": "moyenne du passé", PLACEBO: "témoin (colonnes mélangées)", "retenue": "méthode retenue"}

to_json = reports.to_json


def join_text(result: JoinCheck, written: Path | None = None) -> str:
    """Contrôle d’une jointure saine, à lire dans un terminal.

    Parameters
    ----------
    result : JoinCheck
        Contrôle.
    written : Path, optional
        Fichier écrit.

    Returns
    -------
    str
        Conclusion, comptes, remarques.
    """
    lines = [_join_conclusion(result, written), "", reports.text_table(_JOIN_HEADER, _join_rows(result.facts)), ""]
    if result.remarks:
        lines += ["À savoir, et choix faits :", *(f"- {remark}" for remark in result.remarks), ""]
    return "\n".join([*lines, _JOIN_LIMITS])


def measure_text(result: Measured) -> str:
    """Mesure d’une jointure, à lire dans un terminal.

    Parameters
    ----------
    result : Measured
        Mesure.

    Returns
    -------
    str
        Conclusion, tableau, remarques.
    """
    lines = [result.conclusion, "", _measure_file(result), "", _measure_caption(result)]
    lines += [reports.text_table(_MEASURE_HEADER, _measure_rows(result)), ""]
    if result.remarks:
        lines += ["À savoir, et choix faits :", *(f"- {remark}" for remark in result.remarks), ""]
    return "\n".join([*lines, _MEASURE_LIMITS])


def write_join(result: JoinCheck, file: Path, written: Path | None = None) -> None:
    """Écrit le compte rendu d’un contrôle, à côté puis d’un coup.

    Parameters
    ----------
    result : JoinCheck
        Contrôle.
    file : Path
        Fichier .html ou .csv.
    written : Path, optional
        Table écrite.

    Raises
    ------
    formation.reports.RapportImpossible
        Si le fichier ne peut pas être écrit.
    """
    rows = _join_rows(result.facts)
    page = reports.html_page(
        "Contrôle d’une jointure",
        f"Joindre {result.facts['droite']} à {result.facts['gauche']}",
        [
            reports.Section(paragraphs=[_join_conclusion(result, written)], strong=True),
            reports.Section("Comptes", caption="Lignes et clés", header=_JOIN_HEADER, rows=rows),
            reports.Section("À savoir, et choix faits", points=result.remarks),
            reports.Section("Limites", paragraphs=[_JOIN_LIMITS]),
        ],
    )
    choices = pd.DataFrame([["à savoir", remark, ""] for remark in result.remarks], columns=list(_JOIN_HEADER))
    table = pd.concat([pd.DataFrame(rows, columns=list(_JOIN_HEADER)), choices], ignore_index=True)
    reports.write(file, page, table)


def write_measure(result: Measured, file: Path) -> None:
    """Écrit le compte rendu d’une mesure, à côté puis d’un coup.

    Parameters
    ----------
    result : Measured
        Mesure.
    file : Path
        Fichier .html ou .csv.

    Raises
    ------
    formation.reports.RapportImpossible
        Si le fichier ne peut pas être écrit.
    """
    page = reports.html_page(
        "Mesure d’une jointure",
        f"Ce que {result.facts['droite']} apporte à {result.facts['gauche']}",
        [
            reports.Section(paragraphs=[result.conclusion], strong=True),
            reports.Section(
                "Sans et avec",
                paragraphs=[_measure_file(result)],
                caption=_measure_caption(result),
                header=_MEASURE_HEADER,
                rows=_measure_rows(result),
            ),
            reports.Section("À savoir, et choix faits", points=result.remarks),
            reports.Section("Limites", paragraphs=[_MEASURE_LIMITS]),
        ],
    )
    reports.write(file, page, result.table)


def course_text(table: pd.DataFrame) -> str:
    """Jointures mesurées du cours, à lire dans un terminal.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.comite.results`.

    Returns
    -------
    str
        Tableau aligné.
    """
    header = ("code", "jointure", "mesure", "sans", "avec", "gain (9 fois sur 10)", "verdict")
    rows = [
        [
            str(line["code"]),
            str(line["jointure"]),
            str(line["mesure"]),
            *(number_cell(line[name], 2) for name in ("sans", "avec")),
            f"{number_cell(line['gain'], 2)} ({number_cell(line['gain_min'], 2)} à {number_cell(line['gain_max'], 2)})",
            str(line["verdict"]),
        ]
        for line in table.to_dict(orient="records")
    ]
    return reports.text_table(header, rows)


def _join_conclusion(result: JoinCheck, written: Path | None) -> str:
    facts = result.facts
    end = "Rien n’a été écrit : ajoutez --ecrire jointure.csv pour garder le résultat."
    if written is not None:
        size = f"{plural(facts['lignes_resultat'], 'ligne')}, {plural(len(facts['colonnes_resultat']), 'colonne')}"
        end = f"Écrit : {written} ({size})."
        if written.suffix.lower() == ".csv":
            end += (
                " Dans un tableur, ouvrez le CSV par l’import de données, la clé au format texte : un double-clic "
                f"lui ferait perdre ses zéros{_formulas(result)}."
            )
    return f"Jointure saine, clé {' + '.join(facts['cle'])}. {counted(facts)} {end}"


def _formulas(result: JoinCheck) -> str:
    """Suite de la phrase quand des cases se liraient comme des formules."""
    if result.frame is None:
        return ""
    count = sum(int(result.frame[name].str.match(_FORMULA).fillna(False).sum()) for name in result.frame.columns)
    if not count:
        return ""
    cells = plural(count, "case qui commence", "cases qui commencent")
    return f", et prendrait pour une formule {cells} par « = » ou « @ »"


def _join_rows(facts: dict[str, Any]) -> list[list[str]]:
    rows = [
        ("lignes lues", "lignes_gauche", "lignes_droite"),
        ("clés différentes", "cles_gauche", "cles_droite"),
        ("lignes sans clé", "cles_vides_gauche", "cles_vides_droite"),
        ("lignes sans correspondance", "lignes_sans_correspondance_gauche", "lignes_sans_correspondance_droite"),
    ]
    return [[label, number(facts[left]), number(facts[right])] for label, left, right in rows]


def _measure_file(result: Measured) -> str:
    facts = result.facts
    return (
        f"Cible « {facts['cible']} » de {facts['gauche']}, avec {facts['droite']} (clé {' + '.join(facts['cle'])}) : "
        f"{number(facts['lignes'])} lignes, dont {number(facts['lignes_jugees'])} jugées dans "
        f"{number(facts['blocs_juges'])} {facts['unite_des_blocs']} ; {plural(facts['variables_sans'], 'variable')} "
        f"sans la jointure, {facts['variables_jointes']} de plus avec."
    )


def _measure_caption(result: Measured) -> str:
    return (
        "Écart moyen au carré entre la chance annoncée et ce qui est arrivé (score de Brier) ; gain en part de "
        "l’erreur :"
        if result.facts["oui_ou_non"]
        else "Écart absolu moyen, dans l’unité de la cible ; gain en part de l’erreur :"
    )


def _measure_rows(result: Measured) -> list[list[str]]:
    facts, rows = result.facts, []
    for line in result.table.to_dict(orient="records"):
        name = str(line["methode"])
        label = _WAYS.get(name, name)
        if name == "retenue":
            label = f"retenue : {facts['methode_sans']} sans, {facts['methode_avec']} avec"
        has = pd.notna(line["avec"])
        rows.append([
            label,
            number_cell(line["sans"], 3),
            number_cell(line["avec"], 3) if has else "—",
            share(line["gain"]) if has else "—",
            f"{share(line['gain_bas'])} à {share(line['gain_haut'])}" if has else "—",
        ])  # fmt: skip
    return rows
