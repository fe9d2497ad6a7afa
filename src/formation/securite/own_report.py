"""Dire le résultat d’un essai : texte, JSON, page HTML ou tableau CSV."""

from __future__ import annotations

import pandas as pd

from formation import reports
from formation.numbers import number, plural
from formation.reports.own_result import Layout, OwnResult, Wording, decimal, share


def _with_units(table: pd.DataFrame) -> pd.DataFrame:
    """Une part s’écrit en pour cent, un nombre par heure avec une décimale."""
    shown = table.astype(object)
    for row, name in enumerate(table["indicateur"]):
        write_ = decimal(1) if name.endswith("par_heure") else share(0)
        for column in ("valeur", "bas", "haut"):
            shown.loc[row, column] = write_(float(table.loc[row, column]))
    return shown


_ALARMS = Layout(
    "Vos alertes, avec leur intervalle 19 fois sur 20",
    (("libelle", "mesure", str), ("valeur", "valeur", str), ("bas", "au moins", str), ("haut", "au plus", str)),
    prepare=_with_units,
)
_ELSEWHERE = Layout(
    "Le même outil, au même réglage, là où le danger est plus rare (extrapolation)",
    (
        ("rarete", "danger plus rare", lambda value: f"{number(value)} fois" if value != 1 else "comme chez vous"),
        ("precision", "alertes vraies", share(1)),
        ("bas", "au moins", share(1)),
        ("haut", "au plus", share(1)),
        ("alertes_par_heure", "alertes par heure", decimal(1)),
        ("vraies_par_heure", "vraies par heure", decimal(2)),
        ("fausses_par_vraie", "fausses pour une vraie", decimal(0)),
    ),
)
_CAMERAS = Layout(
    "Caméra par caméra, la plus bruyante d’abord",
    (
        ("id_camera", "caméra", str),
        ("mesures", "mesures", decimal(0)),
        ("mediane", "densité médiane", decimal(1)),
        ("p95", "dépassée 5 % du temps", decimal(1)),
        ("maximum", "maximum", decimal(1)),
        ("alertes", "alertes", decimal(0)),
        ("alertes_par_heure", "alertes par heure", decimal(1)),
    ),
)
_METHODS = Layout(
    "Réglé sur vos premières soirées, jugé sur les dernières",
    (
        ("methode", "méthode", str),
        ("seuil", "seuil", decimal(2)),
        ("precision", "alertes vraies", share(0)),
        ("rappel", "épisodes signalés", share(0)),
        ("alertes_par_heure", "alertes par heure", decimal(1)),
        ("fausses_par_heure", "fausses par heure", decimal(1)),
        ("delai_s", "délai (s)", decimal(0)),
    ),
)
_COUNTS = Layout(
    "Erreur du comptage, en personnes par m²",
    (
        ("methode", "méthode", str),
        ("mae", "erreur moyenne", decimal(2)),
        ("mae_bas", "au moins", decimal(2)),
        ("mae_haut", "au plus", decimal(2)),
        ("biais", "écart moyen", decimal(2)),
        ("biais_dense", "écart en foule dense", decimal(2)),
    ),
)
_CONDITIONS = Layout(
    "Selon la condition, en personnes par m²",
    (
        ("condition", "condition", str),
        ("images", "vignettes", decimal(0)),
        ("mae", "erreur moyenne", decimal(2)),
        ("biais", "écart moyen", decimal(2)),
    ),
)
_LAYOUTS = {
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


_WORDING = Wording(_LAYOUTS, _TITLES, _LIMITS, _file)
to_json = reports.to_json
to_text = _WORDING.to_text
write = _WORDING.write


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
    layout = Layout(
        "",
        (
            ("lieu", "lieu", lambda value: names.get(value, str(value))),
            ("methode", "méthode", str),
            ("prevalence", "danger présent", share(2)),
            ("alertes_heure", "alertes par heure", decimal(1)),
            ("fausses_heure", "fausses par heure", decimal(1)),
            ("precision", "alertes vraies", share(1)),
            ("rappel", "épisodes signalés", share(0)),
        ),
    )
    return reports.text_table(*layout.cells(table))
