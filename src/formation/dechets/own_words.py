"""Dire ce qu’un essai prouve, et ce qu’il ne prouve pas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from formation.dechets.own_model import ALONE, AS_IS, CORRECTING, NAIVE, RULE, SHEET
from formation.metrics import draw_bounds
from formation.numbers import number, percent

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

PROMISED = -0.30
EVEN = "autant"
SPREADSHEET = (SHEET, RULE, NAIVE)
"""Méthodes qu’un tableur sait faire."""
LITTLE = 0.0005
"""Écart de manque que le tableau, au dixième de point, ne montre pas."""
RARE = 0.001
"""Manque en dessous duquel « à manque égal » ne repose plus que sur quelques jours."""
SMALL = 0.02
"""Écart en dessous duquel deux méthodes se valent."""


def conclude(
    table: pd.DataFrame,
    spreads: Mapping[int, Mapping[str, NDArray[np.float64]]],
    facts: Mapping[str, float],
    lead_days: int | None,
) -> list[str]:
    """Écrit la conclusion, phrase par phrase.

    Parameters
    ----------
    table : DataFrame
        Tableau de :class:`formation.dechets.own_data.OwnResult`.
    spreads : mapping
        Pour chaque horizon et chaque méthode, tirages de l’écart à manque égal.
    facts : mapping of str to float
        Faits de l’essai.
    lead_days : int, optional
        Jours avant le service où la prévision des agents est faite.

    Returns
    -------
    list of str
        Phrases.
    """
    if facts["censure"]:
        return _censored()
    sentences: list[str] = []
    for rank, horizon in enumerate(dict.fromkeys(int(value) for value in table["horizon_j"])):
        rows = table[table["horizon_j"] == horizon].set_index("methode")
        sentences += _at(horizon, rows, spreads[horizon], lead_days, whole=not rank)
    return sentences


def signed(value: float, digits: int = 0) -> str:
    """Variation en pour cent, avec son signe.

    Parameters
    ----------
    value : float
        Variation, −0,1 pour 10 % de moins.
    digits : int
        Décimales.

    Returns
    -------
    str
        Texte ; « — » si la valeur est inconnue.

    Examples
    --------
    >>> signed(-0.125, 1).replace("\u00a0", " "), signed(float("nan"))
    ('−12,5 %', '—')
    """
    if not np.isfinite(value):
        return "—"
    # Un zéro négatif s’écrirait « −0 % ».
    rounded = round(100 * value, digits) / 100 + 0.0
    return ("+" if rounded > 0 else "") + percent(rounded, digits)


def _at(
    horizon: int,
    rows: pd.DataFrame,
    spread: Mapping[str, NDArray[np.float64]],
    lead_days: int | None,
    *,
    whole: bool,
) -> list[str]:
    """Phrases d’un horizon : la réponse d’abord, le modèle seul, le tableur ; les précisions, une seule fois."""
    best = CORRECTING if CORRECTING in rows.index else ALONE
    answer = _answer(horizon, rows, best, lead_days)
    if not np.isfinite(rows.loc[best, "ecart_manque_egal"]):
        return [answer, *(_promise(rows, horizon) if whole else [])]
    said = [answer, *_alone(rows, best, lead_days), _against_sheet(horizon, rows, spread, best)]
    if whole:
        said += [_tuned_before(rows, best), *_without_strikes(rows.loc[best]), *_promise(rows, horizon)]
    return said


def _answer(horizon: int, rows: pd.DataFrame, best: str, lead_days: int | None) -> str:
    """Réponse en clair : ce que l’on jetterait de moins sans qu’il manque davantage de repas."""
    agents, row = rows.loc[AS_IS], rows.loc[best]
    text = f"À {horizon} jours : vos agents ont {percent(agents['surplus'], 1)} de repas en trop, "
    text += f"{number(agents['surplus_repas_jour'])} par jour, et {percent(agents['manque'], 1)} de manque. "
    gain = row["ecart_manque_egal"]
    if not np.isfinite(gain):
        return text + f"Le {best} n’atteint pas ce niveau de manque : la comparaison n’est pas possible."
    text += f"Sans qu’il en manque davantage, le {best} en jetterait {_fewer(gain)} ({_between(row)})"
    meals = number(abs(gain) * agents["surplus_repas_jour"])
    text += f", soit environ {meals} repas par jour." if meals != "0" and _fewer(gain) != EVEN else "."
    if row["ecart_manque_egal_bas"] > 0:
        text += " Vos agents font mieux que ce modèle."
    elif row["ecart_manque_egal_haut"] >= 0:
        text += " On ne peut pas dire que ce modèle fait mieux que vos agents."
    if agents["manque"] < RARE:
        text += (
            " Chez vous, il ne manque presque jamais de repas : la comparaison repose sur quelques jours extrêmes. "
            "Décidez d’abord combien de repas manquants vous acceptez."
        )
    if best == ALONE and lead_days is not None:
        text += (
            f" Ils prévoient {lead_days} jours avant, donc après J − {horizon} : ils en savent plus que lui, la "
            "comparaison est à leur avantage."
        )
    if best == CORRECTING and lead_days is None:
        text += (
            f" Ce résultat ne vaut que si leur prévision existe déjà {horizon} jours avant : votre fichier ne le dit "
            "pas, précisez-le avec --prevision-faite-a JOURS."
        )
    return text


def _between(row: pd.Series) -> str:
    low, high = signed(row["ecart_manque_egal_bas"]), signed(row["ecart_manque_egal_haut"])
    return f"entre {low} et {high} neuf fois sur dix"


def _against_sheet(horizon: int, rows: pd.DataFrame, spread: Mapping[str, NDArray[np.float64]], best: str) -> str:
    """Compare le modèle à la meilleure règle de tableur, sur les mêmes semaines retirées au sort."""
    gains = rows["ecart_manque_egal"]
    rules = {name: float(gains[name]) for name in SPREADSHEET if name in gains.index and np.isfinite(gains[name])}
    if not rules:
        return f"À {horizon} jours, aucune règle de tableur n’atteint le manque des agents."
    rule = min(rules, key=lambda name: rules[name])
    if rules[rule] > 0:
        return (
            f"À manque égal, aucune règle de tableur ne fait mieux que vos agents : la meilleure (« {rule} ») en "
            f"jetterait {_fewer(rules[rule])}."
        )
    low, high = draw_bounds(spread[best] - spread[rule])
    gap = float(gains[best]) - rules[rule]
    said = f"La meilleure règle de tableur (« {rule} ») en jetterait {_fewer(rules[rule])}"
    points = f"{number(abs(100 * gap), 1)} points"
    if high < 0 and gap < -SMALL:
        return f"{said} : le modèle fait mieux, de {points}."
    if low > 0:
        return f"{said} : elle fait mieux que le modèle, de {points} ; gardez le tableur."
    return (
        f"{said} : un tableur fait autant, l’écart ({points}) ne se distingue pas du hasard des semaines ou est petit."
    )


def _alone(rows: pd.DataFrame, best: str, lead_days: int | None) -> list[str]:
    if best == ALONE:
        return []
    row = rows.loc[ALONE]
    gain = row["ecart_manque_egal"]
    start = "Si cette prévision n’existe pas encore" if lead_days is None else "Sans la prévision des agents"
    if not np.isfinite(gain):
        return [f"{start} , le modèle n’atteint pas leur niveau de manque."]
    text = f"{start}, le modèle seul en jetterait {_fewer(gain)} ({_between(row)})."
    if gain > -SMALL:
        text += " Le modèle seul ne remplace pas les agents : ils savent ce que l’historique ignore."
    return [text]


def _tuned_before(rows: pd.DataFrame, best: str) -> str:
    """Dit ce que donne le réglage de l’année d’avant : jeter moins en manquant davantage n’est pas un gain."""
    row, agents = rows.loc[best], rows.loc[AS_IS]
    text = f"Réglé sur l’année d’avant, comme en vrai, il en jetterait {_fewer(row['ecart_manque_choisi'])}, avec "
    text += f"{percent(row['manque'], 1)} de manque au lieu de {percent(agents['manque'], 1)}"
    if row["ecart_manque_choisi"] < 0 and row["manque"] > agents["manque"] + LITTLE:
        text += " : une part de cette baisse se paie en repas manquants"
    text += f". À nombre égal de services en rupture : {_fewer(row['ecart_ruptures_egales'])}."
    return text


def _fewer(change: float) -> str:
    """« 12 % de moins », « 3 % de plus » ou « autant »."""
    if not np.isfinite(change):
        return "un nombre inconnu"
    share = percent(abs(change))
    if share == percent(0):
        return EVEN
    return f"{share} de {'moins' if change < 0 else 'plus'}"


def _without_strikes(row: pd.Series) -> list[str]:
    value = row["ecart_sans_perturbes"]
    if not np.isfinite(value) or abs(value - row["ecart_manque_egal"]) < 0.005:
        return []
    return [f"Sans compter les jours de grève ou de forte chute : {signed(value)}."]


def _promise(rows: pd.DataFrame, horizon: int) -> list[str]:
    """Ce que cela veut dire pour une collectivité à qui l’on promet −30 %."""
    row = rows.loc[CORRECTING if CORRECTING in rows.index else ALONE]
    low = row["ecart_manque_egal_bas"]
    end = "Faites mesurer toute promesse sur votre dernière année, à manque égal, et à côté d’un tableur."
    if not np.isfinite(low):
        return [f"Si l’on vous promet −30 % : cet essai ne permet pas de juger. {end}"]
    verdict = "ne les montrent pas" if low > PROMISED else "ne l’excluent pas"
    return [f"Si l’on vous promet −30 % : vos données {verdict} à {horizon} jours. {end}"]


def _censored() -> list[str]:
    return [
        "Dans ce fichier, on ne sert jamais plus que prévu : quand il manque des repas, la demande réelle n’est pas "
        "écrite. Le manque des agents est donc invisible, et aucune comparaison « à manque égal » n’est possible.",
        "Le tableau montre seulement ce que donnerait chaque méthode avec 1 % de manque par rapport aux repas servis. "
        "N’en tirez pas de gain : notez d’abord, pendant quelques mois, les repas qui ont manqué.",
    ]
