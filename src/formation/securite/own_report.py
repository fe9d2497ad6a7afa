"""Dire le résultat d’un essai : texte, JSON, page HTML ou tableau CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from formation import reports
from formation.numbers import number, plural
from formation.securite.own_data import OwnResult

Cell = Callable[[Any], str]


def _share(digits: int) -> Cell:
    return lambda value: reports.share_cell(value, digits)


def _number(digits: int) -> Cell:
    return lambda value: reports.number_cell(value, digits)


@dataclass(frozen=True)
class _Layout:
    """Titre d’un tableau et écriture de ses colonnes : colonne, en-tête, manière de l’écrire."""

    caption: str
    columns: tuple[tuple[str, str, Cell], ...]


_ALARMS = _Layout(
    "Vos alertes, avec leur intervalle 19 fois sur 20",
    (("libelle", "mesure", str), ("valeur", "valeur", str), ("bas", "au moins", str), ("haut", "au plus", str)),
)
_ELSEWHERE = _Layout(
    "Le même outil, au même réglage, là où le danger est plus rare (extrapolation)",
    (
        ("rarete", "danger plus rare", lambda value: f"{number(value)} fois" if value != 1 else "comme chez vous"),
        ("precision", "alertes vraies", _share(1)),
        ("bas", "au moins", _share(1)),
        ("haut", "au plus", _share(1)),
        ("alertes_par_heure", "alertes par heure", _number(1)),
        ("vraies_par_heure", "vraies par heure", _number(2)),
        ("fausses_par_vraie", "fausses pour une vraie", _number(0)),
    ),
)
_CAMERAS = _Layout(
    "Caméra par caméra, la plus bruyante d’abord",
    (
        ("id_camera", "caméra", str),
        ("mesures", "mesures", _number(0)),
        ("mediane", "densité médiane", _number(1)),
        ("p95", "dépassée 5 % du temps", _number(1)),
        ("maximum", "maximum", _number(1)),
        ("alertes", "alertes", _number(0)),
        ("alertes_par_heure", "alertes par heure", _number(1)),
    ),
)
_METHODS = _Layout(
    "Réglé sur vos premières soirées, jugé sur les dernières",
    (
        ("methode", "méthode", str),
        ("seuil", "seuil", _number(2)),
        ("precision", "alertes vraies", _share(0)),
        ("rappel", "épisodes signalés", _share(0)),
        ("alertes_par_heure", "alertes par heure", _number(1)),
        ("fausses_par_heure", "fausses par heure", _number(1)),
        ("delai_s", "délai (s)", _number(0)),
    ),
)
_COUNTS = _Layout(
    "Erreur du comptage, en personnes par m²",
    (
        ("methode", "méthode", str),
        ("mae", "erreur moyenne", _number(2)),
        ("mae_bas", "au moins", _number(2)),
        ("mae_haut", "au plus", _number(2)),
        ("biais", "écart moyen", _number(2)),
        ("biais_dense", "écart en foule dense", _number(2)),
    ),
)
_CONDITIONS = _Layout(
    "Selon la condition, en personnes par m²",
    (
        ("condition", "condition", str),
        ("images", "vignettes", _number(0)),
        ("mae", "erreur moyenne", _number(2)),
        ("biais", "écart moyen", _number(2)),
    ),
)
_LAYOUTS: Mapping[str, tuple[_Layout, _Layout]] = {
    "alertes": (_ALARMS, _ELSEWHERE),
    "mesures": (_CAMERAS, _METHODS),
    "vignettes": (_COUNTS, _CONDITIONS),
}
_TITLES = {
    "alertes": ("Vos alertes", "Quelle part de vos alertes est vraie ?"),
    "mesures": ("Vos densités", "Combien d’alertes vos caméras donneraient-elles ?"),
    "vignettes": ("Vos vignettes", "De combien le comptage se trompe-t-il ?"),
}
_LIMITS = {
    "alertes": (
        "Modèle jouet et calcul simple, faits pour apprendre. La part d’alertes vraies d’une démonstration ne dit rien "
        "d’un soir ordinaire : demandez un essai dans vos conditions, sur assez d’heures, relu par quelqu’un d’autre."
    ),
    "mesures": (
        "Modèle jouet, fait pour apprendre. Une densité n’est pas un danger : la vitesse, le sens des mouvements et "
        "les issues comptent autant. L’outil signale, un humain décide."
    ),
    "vignettes": (
        "Modèle jouet, fait pour apprendre. Une bonne erreur moyenne peut cacher un mauvais compte la nuit ou en foule "
        "dense : regardez la condition où vous en aurez besoin."
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
    """Tableau de :func:`formation.securite.evaluate`, à lire dans un terminal.

    Parameters
    ----------
    table : DataFrame
        Une ligne par lieu et par méthode.

    Returns
    -------
    str
        Tableau aligné.
    """
    names = {"repetition": "répétition", "fan-zone": "fan-zone", "soiree": "soirée ordinaire"}
    columns: tuple[tuple[str, str, Cell], ...] = (
        ("lieu", "lieu", lambda value: names.get(value, str(value))),
        ("methode", "méthode", str),
        ("prevalence", "danger présent", _share(2)),
        ("alertes_heure", "alertes par heure", _number(1)),
        ("fausses_heure", "fausses par heure", _number(1)),
        ("precision", "alertes vraies", _share(1)),
        ("rappel", "épisodes signalés", _share(0)),
    )
    header, rows = _cells(table, columns)
    return reports.text_table(header, rows)


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
    found = []
    for layout, table in zip(_LAYOUTS[result.kind], (result.table, result.other), strict=True):
        if len(table):
            shown = _with_units(table) if layout is _ALARMS else table
            found.append((layout.caption, *_cells(shown, layout.columns)))
    return found


def _with_units(table: pd.DataFrame) -> pd.DataFrame:
    """Une part s’écrit en pour cent, un nombre par heure avec une décimale."""
    shown = table.astype(object)
    for row, name in enumerate(table["indicateur"]):
        write_ = _number(1) if name.endswith("par_heure") else _share(0)
        for column in ("valeur", "bas", "haut"):
            shown.loc[row, column] = write_(float(table.loc[row, column]))
    return shown


def _cells(table: pd.DataFrame, columns: tuple[tuple[str, str, Cell], ...]) -> tuple[list[str], list[list[str]]]:
    rows = [[say(row[name]) for name, _, say in columns] for row in table.to_dict(orient="records")]
    return [title for _, title, _ in columns], rows


def _file(result: OwnResult) -> str:
    facts = result.facts
    if result.kind == "alertes":
        hours = f", {number(facts['heures_veille'], 1)} heures de veille" if facts["heures_veille"] else ""
        return (
            f"Journal : {plural(facts['alertes'], 'alerte')}, {number(facts['verifiees'])} vérifiées, "
            f"{plural(facts['soirees'], 'soirée')}{hours}."
        )
    if result.kind == "mesures":
        return (
            f"Série : {plural(facts['mesures'], 'mesure')}, {plural(facts['cameras'], 'caméra')}, "
            f"{plural(facts['soirees'], 'soirée')}, une mesure toutes les {number(facts['pas_s'])} s, "
            f"{number(facts['heures_veille'], 1)} heures."
        )
    return (
        f"Vignettes : {number(facts['vignettes'])}, de {number(facts['densite_min'], 1)} à "
        f"{number(facts['densite_max'], 1)} personnes par m², {number(facts['denses'])} en foule dense."
    )
