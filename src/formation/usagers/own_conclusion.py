"""Écrire en français ce que vaut un essai sur des énoncés."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import beta

from formation.metrics import draw_bounds
from formation.numbers import number, percent, points

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL = "modèle jouet"
MAJORITY, KEYWORDS = "la plus fréquente", "mots-clés appris"
DRAWS = 500
FEW = 30
"""Phrases de tournure nouvelle au-dessous desquelles on n’affirme rien sur elles."""


def conclude(
    table: pd.DataFrame,
    scores: Mapping[str, pd.DataFrame],
    fresh: Mapping[str, pd.DataFrame],
    label: str,
    *,
    max_error: float,
    seed: int = 447,
) -> str:
    """Écrit la conclusion, la réponse d’abord : que peut-on laisser à l’assistant, et mieux que quelle référence ?

    Parameters
    ----------
    table : DataFrame
        Une ligne par méthode, voir :class:`formation.usagers.own_data.OwnResult`.
    scores, fresh : mapping of str to DataFrame
        Phrases de test de chaque méthode, puis celles de tournure nouvelle : colonnes `juste`, `confiance`, `seuil`.
    label : str
        Intention la plus fréquente.
    max_error : float
        Part d’erreurs visée.
    seed : int
        Graine des tirages de l’intervalle.

    Returns
    -------
    str
        Quelques paragraphes, un par ligne.
    """
    rows = table.set_index("methode")
    model, words, most = rows.loc[MODEL], rows.loc[KEYWORDS], rows.loc[MAJORITY]
    best = MAJORITY if most["exactitude"] >= words["exactitude"] else KEYWORDS
    low, high = _margin(scores[MODEL]["juste"].to_numpy(), scores[best]["juste"].to_numpy(), seed)
    text = (
        f"Répondre toujours « {label} » donne déjà {percent(most['exactitude'])} de bonnes réponses ; les mots-clés "
        f"appris, {percent(words['exactitude'])} ; le modèle, {percent(model['exactitude'])}. "
    )
    text += _comparison(model["exactitude"] - rows.loc[best, "exactitude"], low, high, best)
    if most["exactitude"] > 0.5:
        text += (
            " Une intention domine : l’exactitude flatte. En comptant chaque intention pour autant (macro-F1, de 0 à "
            f"1), le modèle obtient {number(model['macro_f1'], 2)} et la réponse unique {number(most['macro_f1'], 2)}."
        )
    if np.isfinite(model["exactitude_tournures"]):
        text += (
            f" Sur des tournures nouvelles, le modèle comprend {percent(model['exactitude_tournures'])} des phrases, "
            f"les mots-clés {percent(words['exactitude_tournures'])}."
        )
    answer = _answer(scores[MODEL], fresh[MODEL], max_error, best if low <= 0 else "")
    return "\n".join((answer, text, _automation(model, max_error)))


def _answer(rows: pd.DataFrame, new: pd.DataFrame, max_error: float, rival: str) -> str:
    """Réponse en tête : oui, peut-être, pas encore ou non, et pourquoi."""
    proven = len(new) >= FEW
    rows = new if proven else rows
    sure = rows[rows["confiance"] >= rows["seuil"]]
    goal, share = percent(max_error), len(sure) / len(rows)
    if sure.empty:
        return f"Non : aucun réglage ne laisse l’assistant répondre seul en visant moins de {goal} d’erreurs."
    wrong = int((sure["juste"] == 0).sum())
    error, worst = wrong / len(sure), _upper(wrong, len(sure))
    where = "de tournure nouvelle" if proven else "de test"
    seen = (
        f"il répondrait seul à {percent(share)} des phrases {where} ({number(len(sure))} sur {number(len(rows))}), "
        f"avec {percent(error, 1)} d’erreurs"
    )
    if error > max_error:
        return f"Pas encore : réglé pour moins de {goal} d’erreurs, {seen}. Ne le laissez pas répondre seul."
    if rival:
        return f"Non, pas ce modèle : {seen}, mais il ne fait pas mieux que « {rival} », plus simple."
    if not proven:
        return (
            f"Peut-être : {seen}. Mais presque toutes ressemblent à des phrases apprises ({number(len(new))} de "
            "tournure nouvelle) : rien ne dit ce qu’il vaudrait devant d’autres façons de demander."
        )
    if worst > max_error:
        return (
            f"Peut-être : {seen}. Sur si peu de réponses, la vraie part d’erreurs peut atteindre {percent(worst, 1)} : "
            f"il faut plus de phrases pour promettre moins de {goal}."
        )
    return f"Oui, en partie : {seen}. Le reste, {percent(1 - share)}, irait à un agent."


def _comparison(gap: float, low: float, high: float, best: str) -> str:
    margin = f"écart de {points(gap)}, entre {points(low)} et {points(high)} neuf fois sur dix"
    if low > 0:
        return f"Le modèle fait mieux que la meilleure référence ({margin})."
    if high < 0:
        return f"Le modèle fait moins bien que la référence « {best} » ({margin}) : gardez la référence."
    return f"On ne peut pas dire que le modèle fait mieux que la référence « {best} » ({margin})."


def _automation(model: pd.Series, max_error: float) -> str:
    if not np.isfinite(model["seuil"]):
        return (
            f"Aucun seuil ne tient l’erreur sous {percent(max_error)} sur la validation : rien ne peut être automatisé "
            "à ce niveau d’exigence."
        )
    limit = number(model["seuil"], 2 if model["seuil"] < 0.99 else 3)
    text = (
        f"Sur toutes les phrases de test : en visant moins de {percent(max_error)} d’erreurs, le seuil choisi sur la "
        f"validation ({limit}) laisse répondre à {percent(model['couverture'])} des phrases de test"
    )
    if np.isfinite(model["erreur"]):
        kept = "tenue" if model["erreur"] <= max_error else "dépassée"
        text += f", avec {percent(model['erreur'], 1)} d’erreurs : limite {kept}"
    text += "."
    if np.isfinite(model["couverture_tournures"]):
        text += f" Sur les tournures nouvelles : {percent(model['couverture_tournures'])} des phrases"
        if np.isfinite(model["erreur_tournures"]):
            kept = "tenue" if model["erreur_tournures"] <= max_error else "dépassée"
            text += f", avec {percent(model['erreur_tournures'], 1)} d’erreurs : limite {kept}"
        text += ". C’est ce second chiffre qu’il faut croire."
    return text


def _upper(wrong: int, count: int) -> float:
    """Plus grande part d’erreurs encore plausible (95 fois sur 100), pour `wrong` erreurs sur `count` réponses."""
    return 1.0 if wrong >= count else float(beta.ppf(0.95, wrong + 1, count - wrong))


def _margin(one: NDArray[Any], other: NDArray[Any], seed: int) -> tuple[float, float]:
    """Intervalle à 90 % de l’écart d’exactitude, en retirant les phrases de test au sort."""
    gap = one - other
    rng = np.random.default_rng(seed)
    means = [float(gap[rng.integers(0, len(gap), len(gap))].mean()) for _ in range(DRAWS)]
    return draw_bounds(means)
