"""Dire le résultat d’un essai : texte, JSON, page HTML ou tableau CSV."""

from __future__ import annotations

import pandas as pd

from formation import reports
from formation.numbers import number, plural
from formation.reports.own_result import Layout, OwnResult, Wording, decimal, share


def _yes(value: object) -> str:
    return "oui" if value else "non"


_METHODS = Layout(
    "Les méthodes sur vos photos ; celles réapprises chez vous sont jugées sur des photos qu’elles n’ont pas vues",
    (
        ("methode", "méthode", str),
        ("iou", "IoU", decimal(2)),
        ("iou_bas", "au moins", decimal(2)),
        ("iou_haut", "au plus", decimal(2)),
        ("precision", "annoncé et vrai", share(0)),
        ("rappel", "vrai et trouvé", share(0)),
        ("surface_m2", "surface (m²)", decimal(0)),
        ("ecart_surface", "écart de surface", share(1)),
    ),
)
_BY_PHOTO = Layout(
    "Photo par photo, la plus mal lue d’abord",
    (
        ("fichier", "photo", str),
        ("iou", "IoU", decimal(2)),
        ("surface_vraie_m2", "surface vraie (m²)", decimal(0)),
        ("surface_m2", "surface trouvée (m²)", decimal(0)),
        ("ecart", "écart", share(1)),
    ),
)
_PHOTOS = Layout(
    "Ce que le modèle du cours voit sur vos photos, sans rien pour le juger",
    (
        ("fichier", "photo", str),
        ("surface_photo_m2", "photo (m²)", decimal(0)),
        ("surface_m2", "parkings (m²)", decimal(0)),
        ("surface_recalee_m2", "couleurs recalées (m²)", decimal(0)),
        ("accord", "accord (IoU)", decimal(2)),
    ),
)
_LOTS = Layout(
    "Surfaces d’un seul tenant, couleurs recalées, la plus grande d’abord",
    (("fichier", "photo", str), ("surface_m2", "surface (m²)", decimal(0)), ("touche_bord", "touche le bord", _yes)),
)
_PARKS = Layout(
    "Vos parkings, dans l’ordre des visites",
    (
        ("id_parking", "parking", str),
        ("surface_m2", "surface (m²)", decimal(0)),
        ("erreur_pct", "erreur (%)", decimal(1)),
        ("probabilite", "au-dessus du seuil", share(0)),
        ("verdict", "verdict", str),
        ("risque", "risque de faute", share(0)),
        ("sens", "sens de la faute", str),
        ("a_visiter", "à visiter", _yes),
    ),
)
_VERDICTS = Layout(
    "En résumé",
    (("verdict", "verdict", str), ("parkings", "parkings", decimal(0)), ("a_visiter", "à visiter", decimal(0))),
)
_LAYOUTS = {
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


_WORDING = Wording(_LAYOUTS, _TITLES, _LIMITS, _file)
to_json = reports.to_json
to_text = _WORDING.to_text
write = _WORDING.write


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
    layout = Layout(
        "",
        (
            ("methode", "méthode", str),
            ("iou", "IoU", decimal(2)),
            ("f1", "F1", decimal(2)),
            ("precision", "annoncé et vrai", share(0)),
            ("rappel", "vrai et trouvé", share(0)),
            ("exactitude", "points justes", share(0)),
            ("ecart_median", "écart médian par parc", share(1)),
            ("biais", "écart en tout", share(1)),
        ),
    )
    return reports.text_table(*layout.cells(table))
