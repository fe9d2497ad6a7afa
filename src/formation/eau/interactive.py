"""Figure interactive du chapitre des élus : quelle part du réseau écouter ?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from formation.book.interactive import CURSOR, Control, InteractiveFigure, Step
from formation.eau import evaluation, features
from formation.eau.model import baselines, gradient_boosting
from formation.numbers import number, percent

LABELS = {
    evaluation.FULL_MODEL: "modèle",
    "historique par km": "historique seul",
    "âge": "âge seul",
    "hasard": "hasard",
}
MINIMUM, MAXIMUM, STEP, DEFAULT = 5, 60, 5, 20


def build(scores: pd.DataFrame | None = None) -> InteractiveFigure:
    """Construit la figure à partir des années de test.

    Parameters
    ----------
    scores : DataFrame, optional
        Tableau de :func:`formation.eau.evaluation.score_table` ; celui du cours par défaut.

    Returns
    -------
    InteractiveFigure
        Curseur, phrases, tableau et figure Vega-Lite.
    """
    if scores is None:
        references = baselines()
        chosen = {name: references[name] for name in ("hasard", "âge", "historique par km")}
        scores = evaluation.score_table(chosen={evaluation.FULL_MODEL: gradient_boosting(), **chosen})
    years = scores["annee"].nunique()
    km = scores.loc[scores["annee"] == scores["annee"].max(), "longueur_m"].sum() / 1000
    per_year = scores[features.TARGET].sum() / years
    grid = np.arange(0, 101)
    found = {label: evaluation.captured(scores, name, grid / 100) for name, label in LABELS.items()}
    steps = [_step(value, found, km, per_year) for value in range(MINIMUM, MAXIMUM + 1, STEP)]
    at = {label: float(values[DEFAULT]) for label, values in found.items()}
    listed = ", ".join(f"{percent(value)} avec {label}" for label, value in at.items())
    return InteractiveFigure(
        title="Quelle part des fuites trouve-t-on, selon la part du réseau écoutée\u00a0?",
        control=Control("Part du réseau écoutée", "%", MINIMUM, MAXIMUM, STEP, DEFAULT),
        steps=steps,
        table_header=[
            "Part écoutée",
            "Longueur",
            *(label.capitalize() for label in LABELS.values()),
            "Fuites (modèle)",
        ],
        spec=_spec(grid, found),
        alt=(
            "Quatre courbes montent de 0 à 100\u00a0% des fuites quand on écoute de 0 à 100\u00a0% du réseau. "
            f"À {DEFAULT}\u00a0%, on trouve {listed}."
        ),
        source="données synthétiques d’Aubeline, réseau fictif\u00a0; années 2024 et 2025.",
    )


def _step(value: int, found: dict[str, Any], km: float, per_year: float) -> Step:
    at = {label: float(values[value]) for label, values in found.items()}
    model, history, age, chance = (number(100 * at[label]) for label in LABELS.values())
    length = f"{number(km * value / 100)}\u00a0km"
    leaks = number(per_year * at["modèle"])
    sentence = (
        f"En écoutant {value}\u00a0% du réseau ({length}), le modèle trouve {model}\u00a0fuites "
        "sur\u00a0100\u00a0; l’historique "
        f"seul, {history}\u00a0; l’âge seul, {age}\u00a0; le hasard, {chance}. Le modèle en trouve "
        f"{leaks} par an, l’historique "
        f"{number(per_year * at['historique seul'])}."
    )
    return Step(value, sentence, [f"{value}\u00a0%", length, *(percent(share) for share in at.values()), leaks])


def _spec(grid: Any, found: dict[str, Any]) -> dict[str, Any]:
    values = [
        {"x": int(x), "y": round(100 * float(y), 1), "m": label}
        for label, shares in found.items()
        for x, y in zip(grid, shares, strict=True)
    ]
    order = list(LABELS.values())
    legend = {"orient": "top", "title": None, "columns": 2, "symbolStrokeWidth": 3}
    colour = {"field": "m", "type": "nominal", "scale": {"domain": order}, "sort": order, "legend": legend}
    dash = {
        "field": "m",
        "type": "nominal",
        "scale": {"domain": order, "range": [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]]},
    }
    x = {"field": "x", "type": "quantitative", "title": "Part du réseau écoutée (%)", "scale": {"domain": [0, 100]}}
    y = {"field": "y", "type": "quantitative", "title": "Part des fuites trouvées (%)", "scale": {"domain": [0, 100]}}
    dash["legend"] = legend
    chosen = [{"filter": f"datum.x == {CURSOR}"}]
    model = [{"filter": f"datum.x == {CURSOR} && datum.m == 'modèle'"}]
    return {
        "params": [{"name": CURSOR, "value": DEFAULT}],
        "data": {"values": values},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "line", "clip": True}, "encoding": {"color": colour, "strokeDash": dash}},
            {"transform": model, "mark": {"type": "rule", "strokeDash": [3, 3]},
             "encoding": {"y": {"value": 0}, "y2": {"value": "height"}}},
            {"transform": chosen, "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
             "encoding": {"color": {**colour, "legend": None}}},
            {"transform": model,
             "mark": {"type": "text", "dx": -8, "dy": -12, "align": "right", "fontWeight": "bold", "fontSize": 14},
             "encoding": {"text": {"field": "y", "type": "quantitative", "format": ".0f"}}},
        ],
    }  # fmt: skip
