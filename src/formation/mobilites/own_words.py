"""Dire en français ce qu’un essai sur des photos permet de conclure, et d’abord ce qu’il ne permet pas."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from formation.mobilites.own_scores import (
    COURSE,
    FEW,
    GREY,
    OWN,
    OWN_GREY,
    OWN_LINE,
    RECENTRED,
    SMALL_M2,
    Judged,
    Unjudged,
)
from formation.mobilites.tables import THRESHOLD_M2
from formation.numbers import number, percent, plural

FAR_COLOUR = 0.08
"""Écart de couleur moyenne à partir duquel les photos ne ressemblent plus à celles qui ont été apprises."""
LOW_AGREEMENT = 0.7
"""Accord (IoU) au-dessous duquel un simple réglage de couleur change trop de choses."""
_GAIN = 0.02
"""Écart d’IoU au-dessous duquel deux modèles se valent."""
_SPREAD = 1.48
"""Écart type d’une erreur en cloche dont l’écart médian, sans signe, vaut 1."""
_NEAR = 0.2
"""Écart au seuil, en part, d’un parking à mesurer sur place."""


def unjudged(found: Unjudged) -> tuple[list[str], list[str]]:
    """Conclusion et prudences d’un essai sans masques.

    Parameters
    ----------
    found : Unjudged
        Ce que le modèle voit.

    Returns
    -------
    tuple of list of str
        Conclusion, un paragraphe par élément ; prudences.
    """
    facts, table = found.facts, found.table
    raw, same = (float(table[name].sum()) for name in ("surface_m2", "surface_recalee_m2"))
    words = [
        "Sans masques, cet essai ne mesure aucune erreur : il ne dit ni si le modèle a raison, ni de combien il se "
        "trompe chez vous.",
        f"Sur {_photos(facts)}, le modèle du cours voit {_area(raw)} de parkings ; couleurs recalées sur celles du "
        f"cours, {_area(same)}.{_agreement(found)}",
        f"Pour le juger, annotez au moins {FEW} photos tirées au sort (QGIS, ou tout logiciel de dessin), puis "
        "relancez avec --masques. Faites annoter deux photos par deux personnes : leur désaccord est l’erreur qu’aucun "
        "modèle ne peut battre.",
    ]
    remarks = _colours(facts["ecart_couleurs"])
    lots = found.lots
    if len(lots):
        near = lots[(lots["surface_m2"] / THRESHOLD_M2 - 1).abs() <= _NEAR]
        cut = int((lots["touche_bord"] & (lots["surface_m2"] <= THRESHOLD_M2)).sum())
        remarks.append(
            f"{plural(len(lots), 'surface')} d’un seul tenant d’au moins {number(SMALL_M2)} m², dont "
            f"{number(len(near))} à moins de 20 % du seuil de {number(THRESHOLD_M2)} m² : à mesurer sur place ou sur "
            "plan."
        )
        if cut:
            remarks.append(
                f"{plural(cut, 'surface sous le seuil touche', 'surfaces sous le seuil touchent')} le bord d’une "
                "photo : le parking continue peut-être au-delà. Regardez la photo voisine avant de l’écarter."
            )
        remarks.append(
            "Sans cadastre, deux parkings qui se touchent n’en font qu’un, et une allée peut en couper un en deux. "
            "L’obligation se juge par parc et par propriétaire, pas par tache."
        )
    return words, remarks


def judged(found: Judged) -> tuple[list[str], list[str]]:
    """Conclusion et prudences d’un essai avec masques.

    Parameters
    ----------
    found : Judged
        Ce que la mesure donne.

    Returns
    -------
    tuple of list of str
        Conclusion, un paragraphe par élément ; prudences.
    """
    facts, rows = found.facts, found.table.set_index("methode")
    if not facts["photos_avec_parking"]:
        text = "Aucun parking dans vos masques : rien à retrouver, donc rien à juger. Annotez des photos qui en ont."
        return [text], _colours(facts["ecart_couleurs"])
    name = facts["methode_detaillee"]
    row = rows.loc[name]
    start = "" if facts["groupes"] >= FEW else f"Trop peu de photos pour conclure (il en faut au moins {FEW}). "
    missed, wrong = 1 - row["rappel"], 1 - row["precision"]
    words = [
        f"{start}Sur {_photos(facts)}, le {name} oublie {percent(missed)} de la surface des parkings et en invente "
        f"{percent(wrong)} de ce qu’il annonce : IoU {_iou(row)}.",
        _rivals(found),
        _transfer(found),
    ]
    surface = row["ecart_surface"]
    sense = "trop" if surface > 0 else "trop peu"
    gaps = found.by_photo["ecart"].dropna().abs()
    words.append(
        f"En surface totale, il compte {percent(abs(surface), 1)} de {sense}. Des oublis et des inventions s’y "
        "compensent : regardez photo par photo."
        + (
            f" L’écart médian y est de {percent(float(gaps.median()), 1)} ({plural(len(gaps), 'photo')} d’au moins "
            f"{number(SMALL_M2)} m² de parking), soit un écart type d’environ "
            f"{number(100 * _SPREAD * float(gaps.median()), 1)} % "
            "à donner à « formation mobilites seuil --erreur »."
            if len(gaps)
            else ""
        )
    )
    return [word for word in words if word], _judged_remarks(found)


def _judged_remarks(found: Judged) -> list[str]:
    facts = found.facts
    remarks = _colours(facts["ecart_couleurs"])
    remarks.append(
        f"Répondre « aucun parking » partout serait juste pour {percent(1 - facts['part_parking'])} des pixels : "
        "l’exactitude par pixel ne prouve rien, l’IoU est plus sévère."
    )
    if facts["groupes"] < facts["photos"]:
        shared = facts["photos"] - facts["groupes"]
        remarks.append(
            f"{plural(shared, 'photo recouvre', 'photos recouvrent')} une autre : elles restent ensemble, apprises ou "
            "jugées, jamais les deux."
        )
    if facts["groupes"] < FEW:
        remarks.append(f"Moins de {FEW} photos distinctes : pas assez pour réapprendre le modèle sur les vôtres.")
    elif facts["methode_detaillee"] != OWN:
        remarks.append("Trop peu de parking dans vos masques pour réapprendre le modèle sur vos photos.")
    remarks.append(
        "Vos masques servent de vérité : sous un arbre ou un toit, l’annotateur devine aussi. Faites annoter deux "
        "photos par deux personnes, et comparez."
    )
    return remarks


def _rivals(found: Judged) -> str:
    """Le modèle détaillé devant les références les plus simples, écart et intervalle compris."""
    detailed = found.facts["methode_detaillee"]
    simple = [OWN_GREY, OWN_LINE] if detailed == OWN else [GREY]
    told = []
    for name in simple:
        gap, low, high = found.gaps[name]
        verb = "ne se distingue pas" if low <= 0 <= high else "fait mieux" if gap > 0 else "fait moins bien"
        link = "du" if verb.startswith("ne") else "que le"
        told.append(f"il {verb} {link} « {name} » ({_signed(gap)}, entre {_signed(low)} et {_signed(high)})")
    text = " ; ".join(told)
    return f"Devant plus simple que lui, {text}. Bornes 19 fois sur 20, en tirant vos photos au sort."


def _transfer(found: Judged) -> str:
    """Ce que vaut le modèle du cours tel quel : la question d’un prestataire qui vient d’ailleurs."""
    rows = found.table.set_index("methode")["iou"]
    course, recentred = float(rows[COURSE]), float(rows[RECENTRED])
    text = (
        f"Appris ailleurs et posé tel quel sur vos photos, le modèle du cours atteint {number(course, 2)} ; couleurs "
        f"recalées, {number(recentred, 2)}"
    )
    if OWN in rows.index:
        best = max(course, recentred)
        gain = float(rows[OWN]) - best
        if gain > _GAIN:
            advice = "un apprentissage sur vos photos vaut mieux qu’une démonstration ailleurs"
        elif gain < -_GAIN:
            advice = "appris sur si peu de photos, il fait moins bien que celui du cours"
        else:
            advice = "réapprendre sur vos photos n’apporte presque rien"
        return f"{text} ; réappris chez vous, {number(float(rows[OWN]), 2)} : {advice}."
    return f"{text}. Il a appris des images dessinées : ne l’employez pas, demandez le même essai à votre prestataire."


def _agreement(found: Unjudged) -> str:
    table = found.table
    weight = table["surface_m2"] + table["surface_recalee_m2"]
    if not float(weight.sum()):
        return ""
    agreed = float(np.average(table["accord"], weights=weight))
    text = f" Les deux ne s’accordent que sur {percent(agreed)} de ce que l’un ou l’autre voit"
    if agreed < LOW_AGREEMENT:
        return f"{text} : un simple réglage de couleur change la réponse, ne vous fiez à aucune des deux."
    return f"{text.replace(' ne s’accordent que', ' s’accordent')} : cela ne prouve pas qu’elles aient raison."


def _colours(gaps: Mapping[str, float]) -> list[str]:
    far = {name: gap for name, gap in gaps.items() if abs(gap) >= FAR_COLOUR}
    if not far:
        return []
    told = ", ".join(f"{name} {'+' if gap > 0 else ''}{percent(gap)}" for name, gap in far.items())
    return [
        f"Vos couleurs moyennes s’écartent de celles du cours ({told}) : autre saison, autre capteur, autre paysage. "
        "C’est assez pour perdre un modèle."
    ]


def _photos(facts: Mapping[str, float]) -> str:
    return f"{plural(facts['photos'], 'photo')} ({number(facts['surface_ha'], 1)} ha)"


def _area(value: float) -> str:
    return f"{number(value)} m²"


def _iou(row: Mapping[str, float]) -> str:
    return (
        f"{number(row['iou'], 2)} (entre {number(row['iou_bas'], 2)} et {number(row['iou_haut'], 2)}, 19 fois sur 20)"
    )


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{number(value, 2)}"
