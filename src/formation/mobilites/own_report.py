"""Dire le résultat d’un essai : texte, JSON, page HTML ou tableau CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from formation import reports
from formation.mobilites.own_data import OwnResult
from formation.numbers import number, plural

Cell = Callable[[Any], str]


def _share(digits: int) -> Cell:
    return lambda value: reports.share_cell(value, digits)


def _number(digits: int) -> Cell:
    return lambda value: reports.number_cell(value, digits)


def _yes(value: Any) -> str:
    return "oui" if value else "non"


@dataclass(frozen=True)
class _Layout:
    """Titre d’un tableau et écriture de ses colonnes : colonne, en-tête, manière de l’écrire."""

    caption: str
    columns: tuple[tuple[str, str, Cell], ...]


_METHODS = _Layout(
    "Les méthodes sur vos photos ; celles réapprises chez vous sont jugées sur des photos qu’elles n’ont pas vues",
    (
        ("methode", "méthode", str),
        ("iou", "IoU", _number(2)),
        ("iou_bas", "au moins", _number(2)),
        ("iou_haut", "au plus", _number(2)),
        ("precision", "annoncé et vrai", _share(0)),
        ("rappel", "vrai et trouvé", _share(0)),
        ("surface_m2", "surface (m²)", _number(0)),
        ("ecart_surface", "écart de surface", _share(1)),
    ),
)
_BY_PHOTO = _Layout(
    "Photo par photo, la plus mal lue d’abord",
    (
        ("fichier", "photo", str),
        ("iou", "IoU", _number(2)),
        ("surface_vraie_m2", "surface vraie (m²)", _number(0)),
        ("surface_m2", "surface trouvée (m²)", _number(0)),
        ("ecart", "écart", _share(1)),
    ),
)
_PHOTOS = _Layout(
    "Ce que le modèle du cours voit sur vos photos, sans rien pour le juger",
    (
        ("fichier", "photo", str),
        ("surface_photo_m2", "photo (m²)", _number(0)),
        ("surface_m2", "parkings (m²)", _number(0)),
        ("surface_recalee_m2", "couleurs recalées (m²)", _number(0)),
        ("accord", "accord (IoU)", _number(2)),
    ),
)
_LOTS = _Layout(
    "Surfaces d’un seul tenant, couleurs recalées, la plus grande d’abord",
    (("fichier", "photo", str), ("surface_m2", "surface (m²)", _number(0)), ("touche_bord", "touche le bord", _yes)),
)
_PARKS = _Layout(
    "Vos parkings, dans l’ordre des visites",
    (
        ("id_parking", "parking", str),
        ("surface_m2", "surface (m²)", _number(0)),
        ("erreur_pct", "erreur (%)", _number(1)),
        ("probabilite", "au-dessus du seuil", _share(0)),
        ("verdict", "verdict", str),
        ("risque", "risque de faute", _share(0)),
        ("sens", "sens de la faute", str),
        ("a_visiter", "à visiter", _yes),
    ),
)
_VERDICTS = _Layout(
    "En résumé",
    (("verdict", "verdict", str), ("parkings", "parkings", _number(0)), ("a_visiter", "à visiter", _number(0))),
)
_LAYOUTS: Mapping[str, tuple[_Layout, _Layout]] = {
    "photos": (_PHOTOS, _LOTS),
    "masques": (_METHODS, _BY_PHOTO),
    "parkings": (_PARKS, _VERDICTS),
}
_TITLES = {
    "photos": ("Vos photos", "Que voit le modèle, et que ne sait-on pas ?"),
    "masques": ("Vos photos", "Que vaut le modèle sur vos photos ?"),
    "parkings": ("Vos parkings", "Lesquels dépassent le seuil, lesquels mesurer d’abord ?"),
}
_TOY = (
    "Modèle jouet, appris sur des images dessinées : ses surfaces ne valent ni pour décider, ni pour écrire à un "
    "propriétaire. L’essai sert à savoir quoi demander à un prestataire, et avec quels masques le juger."
)
_LIMITS = {
    "photos": _TOY,
    "masques": _TOY,
    "parkings": (
        "Calcul simple, fait pour apprendre. La surface ne suffit pas à dire l’obligation : faites relire la liste par "
        "un juriste, et mesurez sur place avant d’écrire à un propriétaire."
    ),
}
_SHOWN = 25
"""Lignes d’un tableau écrites dans un terminal."""


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
        Conclusion, fichier, tableaux, remarques.
    """
    lines = [*result.conclusion.splitlines(), "", _file(result), ""]
    for caption, header, rows in _tables(result):
        lines += [f"{caption} :", reports.text_table(header, rows[:_SHOWN])]
        if len(rows) > _SHOWN:
            lines.append(f"… et {plural(len(rows) - _SHOWN, 'autre ligne', 'autres lignes')}, dans le rapport.")
        lines.append("")
    if result.remarks:
        lines += ["Ce qu’il faut savoir de vos fichiers :", *(f"- {remark}" for remark in result.remarks), ""]
    return "\n".join([*lines, _LIMITS[result.kind]])


def evaluation_text(table: pd.DataFrame) -> str:
    """Tableau de :func:`formation.mobilites.evaluate`, à lire dans un terminal.

    Parameters
    ----------
    table : DataFrame
        Une ligne par méthode.

    Returns
    -------
    str
        Tableau aligné.
    """
    columns: tuple[tuple[str, str, Cell], ...] = (
        ("methode", "méthode", str),
        ("iou", "IoU", _number(2)),
        ("f1", "F1", _number(2)),
        ("precision", "annoncé et vrai", _share(0)),
        ("rappel", "vrai et trouvé", _share(0)),
        ("exactitude", "points justes", _share(0)),
        ("ecart_median", "écart médian par parc", _share(1)),
        ("biais", "écart en tout", _share(1)),
    )
    return reports.text_table(*_cells(table, columns))


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
    sections = [
        reports.Section("Résultat", result.conclusion.splitlines(), strong=True),
        reports.Section(paragraphs=[_file(result)]),
        *(reports.Section(caption=caption, header=header, rows=rows) for caption, header, rows in _tables(result)),
        reports.Section("Ce qu’il faut savoir de vos fichiers", points=[*result.remarks, _LIMITS[result.kind]]),
    ]
    reports.write(file, reports.html_page(*_TITLES[result.kind], sections), result.table)


def _tables(result: OwnResult) -> list[tuple[str, list[str], list[list[str]]]]:
    pairs = zip(_LAYOUTS[result.kind], (result.table, result.other), strict=True)
    return [(layout.caption, *_cells(table, layout.columns)) for layout, table in pairs if len(table)]


def _cells(table: pd.DataFrame, columns: tuple[tuple[str, str, Cell], ...]) -> tuple[list[str], list[list[str]]]:
    rows = [[say(row[name]) for name, _, say in columns] for row in table.to_dict(orient="records")]
    return [title for _, title, _ in columns], rows


def _file(result: OwnResult) -> str:
    facts = result.facts
    if result.kind == "parkings":
        supposed = "supposés" if facts["couts_supposes"] else "donnés"
        return (
            f"Liste : {plural(facts['parkings'], 'parking')}, seuil de {number(facts['seuil_m2'])} m². Coûts "
            f"{supposed} : une visite {number(facts['cout_controle'])}, une obligation oubliée "
            f"{number(facts['cout_oubli'])}, une obligation annoncée à tort {number(facts['cout_a_tort'])}."
        )
    masks = f", dont {number(facts['photos_avec_parking'])} avec parking" if "groupes" in facts else ""
    area = number(facts["surface_ha"], 1)
    return f"Photos : {number(facts['photos'])}{masks}, {area} ha, ramenées à 20 cm par pixel."
