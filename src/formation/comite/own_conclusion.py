"""Ce qu’une mesure permet de dire d’une jointure, et ce qu’elle ne permet pas."""

from __future__ import annotations

from typing import Any

import pandas as pd

from formation.numbers import number, percent, plural

MIN_JUDGED, MIN_BLOCKS = 60, 10
SMALL = 0.02
VISIBLE = 0.0005
"""Part au-dessous de laquelle un écart s’affiche 0,0 % : ni gain, ni perte."""
TALKATIVE = 0.1
"""Part de l’erreur de la moyenne au-dessous de laquelle la première table en dit trop."""
METHODS = ("linéaire", "arbres")
NOTHING, UNSURE, TOO_FEW = "Aucun gain mesurable", "Rien de sûr", "Trop peu pour conclure"


def conclude(table: pd.DataFrame, facts: dict[str, Any]) -> str:
    """Conclusion d’une mesure : il y a gain si l’intervalle est au-dessus de zéro avec la droite et avec les arbres.

    Parameters
    ----------
    table : DataFrame
        Tableau de :class:`formation.comite.own_measure.Measured`.
    facts : dict
        Lignes jugées, blocs, méthodes choisies.

    Returns
    -------
    str
        Une à trois phrases, la réponse d’abord.
    """
    rows = table.set_index("methode")
    kept = rows.loc["retenue"]
    unit = facts["unite_des_blocs"]
    if facts["lignes_jugees"] < MIN_JUDGED or facts["blocs_juges"] < MIN_BLOCKS:
        return (
            f"{TOO_FEW} : {plural(facts['lignes_jugees'], 'ligne jugée', 'lignes jugées')} dans {facts['blocs_juges']} "
            f"{unit}. Il faut au moins {MIN_JUDGED} lignes et {MIN_BLOCKS} {unit}. Ni gain ni absence de gain : "
            "recommencez avec plus d’historique avant de décider d’une convention."
        )
    interval = f"de {share(kept['gain_bas'])} à {share(kept['gain_haut'])}, 9 fois sur 10"
    change = f"erreur {_amount(kept['sans'])} sans, {_amount(kept['avec'])} avec"
    won = [name for name in METHODS if rows.loc[name, "gain_bas"] > 0 and rows.loc[name, "gain_haut"] >= VISIBLE]
    if len(won) == len(METHODS) and kept["gain_bas"] > 0:
        text = f"Gain mesuré : {share(kept['gain'])} d’erreur en moins ({interval} ; {change})."
        if kept["gain"] < SMALL:
            text += " Il est réel mais petit : vaut-il une convention, un export régulier et sa surveillance ?"
    elif won:
        other = next((name for name in METHODS if name not in won), "retenue")
        text = (
            f"{UNSURE} : le gain se voit avec une méthode ({won[0]}), pas avec l’autre ({other}) ; méthode retenue : "
            f"{share(kept['gain'])} ({interval} ; {change})."
        )
    elif kept["gain_haut"] < 0 and kept["gain_bas"] <= -VISIBLE:
        text = f"Perte mesurée : la jointure ajoute {share(-kept['gain'])} d’erreur ({interval} ; {change})."
    else:
        reason = "contient zéro" if kept["gain_bas"] <= 0 <= kept["gain_haut"] else "touche zéro"
        text = f"{NOTHING} : l’intervalle de l’écart {reason} ({interval} ; {change})."
    return " ".join([text, *_nuances(rows, facts, gained=bool(won))])


def _nuances(rows: pd.DataFrame, facts: dict[str, Any], *, gained: bool) -> list[str]:
    found = []
    mean, without = rows.loc["moyenne", "sans"], rows.loc["retenue", "sans"]
    if mean <= min(without, rows.loc["retenue", "avec"]):
        found.append("Aucune méthode ne fait mieux que la moyenne : ces tables n’expliquent pas la cible.")
    if gained and rows.loc["témoin", "gain_bas"] > 0:
        found.append("Attention : les mêmes colonnes mélangées au hasard gagnent aussi ; la mesure est douteuse.")
    if facts["colonnes_bavardes"] or without < TALKATIVE * mean:
        named = f" ({', '.join(facts['colonnes_bavardes'])})" if facts["colonnes_bavardes"] else ""
        found.append(
            f"Attention : la première table dit déjà presque la réponse{named}. Une colonne connue après coup y est "
            "sans doute restée : retirez-la (--sans) et recommencez."
        )
    if facts["colonnes_suspectes"]:
        found.append(
            f"Attention : {', '.join(facts['colonnes_suspectes'])}, dans la table jointe, dit presque la réponse. La "
            "connaîtrez-vous avant de décider ? Sinon, joignez sa valeur passée (--decalage 7)."
        )
    elif gained and facts["repartition"] == "temps" and not facts["decalage"]:
        found.append(
            "La valeur jointe est celle de la même date : la connaîtrez-vous au moment de décider ? Sinon, recommencez "
            "avec --decalage."
        )
    return found


def share(value: float) -> str:
    """Part à un chiffre après la virgule, sans zéro négatif.

    Parameters
    ----------
    value : float
        Part, 1 = 100 %.

    Returns
    -------
    str
        Texte.

    Examples
    --------
    >>> share(-0.0001).startswith("0,0")
    True
    """
    return percent(round(value, 3) + 0.0, 1)


def _amount(value: float) -> str:
    return number(value, 3 if abs(value) < 1 else 2 if abs(value) < 100 else 0)
