"""Dire le résultat d’un essai sur une ville : texte, JSON, page HTML ou tableau CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from formation import reports
from formation.dechets.own_data import OwnResult
from formation.dechets.own_model import AS_IS
from formation.dechets.own_words import signed
from formation.numbers import number, percent, plural

LONGEST_REMARK = 500
"""Signes d’une remarque au terminal, au plus."""
HEADER = (
    "méthode",
    "surplus",
    "par jour",
    "manque",
    "ruptures",
    "WAPE",
    "surplus à manque égal",
    "surplus à ruptures égales",
)
_READING = (
    "Surplus : part des repas préparés que personne n’a demandée. Manque : part des repas demandés. Ruptures : part "
    "des site-jours où il manque au moins un repas. WAPE : écart absolu de la prévision centrale (pour les agents, de "
    "leur prévision, marge comprise). Les quatre premières mesures suivent le réglage choisi l’année d’avant pour "
    "manquer autant que les agents ; les deux dernières colonnes se lisent sur l’année jugée, exactement au manque ou "
    "aux ruptures des agents, avec leurs bornes neuf fois sur dix (semaines retirées au sort)."
)
_LIMITS = (
    "Modèle jouet, fait pour apprendre : il dit si vos données contiennent de quoi mieux prévoir, pas ce que vaudrait "
    "un outil en service. Un repas de trop n’est pas un reste d’assiette, et le servi ne dit pas toujours la demande."
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
        Conclusion, ville, découpage, un tableau par horizon, remarques.
    """
    lines = ["Réponse :", *(f"- {text}" for text in result.conclusion), "", _city(result), result.years.sentence(), ""]
    for horizon, rows in result.table.groupby("horizon_j", sort=False):
        lines += [
            _caption(int(str(horizon))),
            reports.text_table(HEADER, [_cells(row) for _, row in rows.iterrows()]),
            "",
        ]
    lines += [_READING, "", "Ce qu’il faut savoir de vos fichiers :"]
    lines += [*(f"- {_shortened(remark)}" for remark in result.remarks), ""]
    return "\n".join([*lines, _LIMITS])


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


def course_table(table: pd.DataFrame) -> str:
    """Tableau de :func:`formation.dechets.evaluate`, aligné pour un terminal.

    Parameters
    ----------
    table : DataFrame
        Une ligne par méthode.

    Returns
    -------
    str
        Parts et repas par jour, à la française.
    """
    header = ("méthode", "quantile", "surplus", "par jour", "manque", "ruptures", "WAPE", "surplus à risque égal")
    rows = [
        [
            row["methode"],
            "" if pd.isna(row["quantile"]) else number(row["quantile"], 2),
            *_shares(row),
            "" if pd.isna(row["surplus_lu"]) else percent(row["surplus_lu"], 1),
        ]
        for _, row in table.iterrows()
    ]
    return reports.text_table(header, rows)


def _shortened(remark: str) -> str:
    """Coupe une énumération trop longue pour un terminal ; le rapport et le JSON la gardent entière."""
    if len(remark) <= LONGEST_REMARK:
        return remark
    kept = remark[:LONGEST_REMARK].rpartition(";")[0].rstrip() or remark[:LONGEST_REMARK]
    return f"{kept} ; … La liste entière s’écrit avec --rapport ou --json."


def _city(result: OwnResult) -> str:
    facts = result.facts
    return (
        f"Ville : {plural(facts['restaurants'], 'restaurant')}, {plural(facts['jours'], 'jour')} de service, "
        f"{plural(facts['site_jours'], 'site-jour')} utilisables ; année jugée : {number(facts['site_jours_juges'])} "
        f"site-jours sur {plural(facts['jours_juges'], 'jour')}, {number(facts['repas_jour'])} repas par jour, dont "
        f"{plural(facts['jours_perturbes_juges'], 'jour perturbé', 'jours perturbés')}."
    )


def _caption(horizon: int) -> str:
    return f"Prévision faite {horizon} jours avant le service :"


def _shares(row: pd.Series) -> list[str]:
    return [
        percent(row["surplus"], 1),
        number(row["surplus_repas_jour"]),
        percent(row["manque"], 1),
        percent(row["rupture"], 1),
        percent(row["wape"], 1),
    ]


def _cells(row: pd.Series) -> list[str]:
    if row["methode"] == AS_IS:
        return [str(row["methode"]), *_shares(row), "référence", "référence"]
    return [str(row["methode"]), *_shares(row), _gain(row, "ecart_manque_egal"), _gain(row, "ecart_ruptures_egales")]


def _gain(row: pd.Series, key: str) -> str:
    value = row.get(key)
    if value is None or pd.isna(value):
        return "—"
    return f"{signed(float(value))} ({signed(row[f'{key}_bas'])} à {signed(row[f'{key}_haut'])})"


def _page(result: OwnResult) -> str:
    tables = [
        reports.Section(
            title=_caption(int(str(horizon))).rstrip(" :\u00a0"),
            caption="Repas en trop, repas manquants et ruptures, par méthode",
            header=HEADER,
            rows=[_cells(row) for _, row in rows.iterrows()],
        )
        for horizon, rows in result.table.groupby("horizon_j", sort=False)
    ]
    return reports.html_page(
        "Essai sur vos cantines",
        "Combien de repas préparer : essai sur vos cantines",
        [
            reports.Section("Réponse", paragraphs=result.conclusion[:1], strong=True),
            reports.Section(points=result.conclusion[1:]),
            reports.Section("Ce qui est jugé", paragraphs=[_city(result), result.years.sentence()]),
            *tables,
            reports.Section("Lire le tableau", paragraphs=[_READING]),
            reports.Section("Ce qu’il faut savoir de vos fichiers", points=result.remarks),
            reports.Section(paragraphs=[_LIMITS]),
        ],
    )
