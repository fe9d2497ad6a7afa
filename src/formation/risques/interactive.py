"""Figure interactive du chapitre des élus : à partir de quel débit annoncé alerter, et ce que cela coûte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from formation.book.interactive import CURSOR, SECOND_CURSOR, Control, InteractiveFigure, Step
from formation.numbers import number, plural
from formation.palette import INK, MUTED, SERIES
from formation.risques import decision, evaluation
from formation.risques.storm import hour_ahead

LOSSES = (2, 3, 5, 10, 20, 50)
"""Alertes que coûte un débordement non annoncé : l’inverse du rapport coût ÷ perte."""
LEVELS = tuple(range(30, 160, 10))
"""Seuils montrés, en pour cent du seuil de débordement."""
LEVEL = Control("Débit annoncé à partir duquel on alerte", "% du seuil", LEVELS[0], LEVELS[-1], 10, 70)
LOSS = Control(
    "Un débordement non annoncé coûte autant que",
    "",
    0,
    len(LOSSES) - 1,
    1,
    3,
    marks=tuple(f"{loss} alertes" for loss in LOSSES),
)
GOOD, FALSE, MISSED = "débordements annoncés", "alertes pour rien ou trop tard", "débordements manqués"
KINDS = (GOOD, FALSE, MISSED)
COLOURS = dict(zip(KINDS, (SERIES[4], SERIES[1], SERIES[3]), strict=True))
PANEL, PANEL_WIDTH = 176, 72


@dataclass(frozen=True)
class Choices:
    """Comptes par seuil, et seuil le moins cher sur la validation par coût d’un débordement manqué."""

    table: pd.DataFrame
    advised: dict[int, int]
    pairs: int
    floods: int


def choices(validation: evaluation.Forecasts | None = None, test: evaluation.Forecasts | None = None) -> Choices:
    """Compte les couples épisode × bassin du test, seuil par seuil.

    Parameters
    ----------
    validation, test : Forecasts, optional
        Prévisions à une heure ; celles du cours par défaut.

    Returns
    -------
    Choices
        Comptes, et seuil que la validation conseille pour chaque coût.
    """
    if validation is None or test is None:
        validation, test = hour_ahead()
    grid = [level / 100 for level in LEVELS]
    table = decision.counts(decision.pairs(test, evaluation.MODEL), grid)
    table["niveau"] = LEVELS
    before = decision.pairs(validation, evaluation.MODEL)
    # Mêmes seuils essayés que pour les chiffres du chapitre ; la barre montrée est la plus proche.
    tried = validation.levels[evaluation.MODEL]
    advised = {loss: round(100 * decision.cheapest(before, tried, 1 / loss)) for loss in LOSSES}
    first = table.iloc[0]
    floods = int(first["justes"] + first["manquees"])
    return Choices(table, advised, int(floods + first["fausses"] + first["calmes"]), floods)


def build(found: Choices | None = None) -> InteractiveFigure:
    """Construit la figure.

    Parameters
    ----------
    found : Choices, optional
        Comptes ; ceux du cours par défaut.

    Returns
    -------
    InteractiveFigure
        Deux curseurs, phrases, tableau et figure Vega-Lite.
    """
    found = choices() if found is None else found
    rows = {int(line["niveau"]): line for line in found.table.to_dict(orient="records")}
    steps = [
        Step(level, sentence(rows[level], loss, found), _row(rows[level], loss, found), second=rank)
        for level in LEVELS
        for rank, loss in enumerate(LOSSES)
    ]
    low, high = rows[LEVELS[0]], rows[LEVELS[-1]]
    return InteractiveFigure(
        title="À partir de quel débit annoncé alerter\u00a0?",
        control=LEVEL,
        second=LOSS,
        steps=steps,
        table_header=[
            "Seuil",
            "Coût d’un manqué",
            "Alertes",
            "Annoncés",
            "Manqués",
            "Pour rien",
            "Coût",
            "Jamais",
            "Toujours",
        ],
        spec=_spec(rows, found),
        alt=(
            f"Une barre par seuil. De {LEVELS[0]} à {LEVELS[-1]}\u00a0% du seuil, les alertes données passent de "
            f"{int(low['alertes'])} à {int(high['alertes'])} et les débordements manqués de {int(low['manquees'])} à "
            f"{int(high['manquees'])}, sur {found.floods}. À droite, le coût du réglage choisi, comparé à ne jamais "
            "alerter et à toujours alerter."
        ),
        source=(
            f"données synthétiques d’Aubeline\u00a0; modèle à une heure, {found.pairs}\u00a0couples orage × ruisseau "
            "jamais vus. ▼\u00a0: seuil le moins cher sur d’autres orages."
        ),
    )


def sentence(line: dict[str, Any], loss: int, found: Choices) -> str:
    """Constat d’un couple de positions.

    Parameters
    ----------
    line : dict
        Comptes d’un seuil.
    loss : int
        Alertes que coûte un débordement non annoncé.
    found : Choices
        Tous les comptes.

    Returns
    -------
    str
        Deux phrases en français.
    """
    missed, late = int(line["manquees"]), int(line["tardives"])
    gone = plural(missed, "manqué") if missed else "aucun manqué"
    if late:
        gone += f" (dont {late} annoncé{'s' if late > 1 else ''} trop tard)"
    wasted = plural(line["fausses"], "alerte") if line["fausses"] else "aucune alerte"
    text = (
        f"{plural(line['alertes'], 'alerte')} pour {found.pairs} couples orage × ruisseau : "
        f"{plural(line['justes'], 'débordement annoncé', 'débordements annoncés')} sur {found.floods}, {gone}, "
        f"{wasted} pour rien."
    )
    spent, never, always = _costs(line, loss, found)
    best = "jamais" if never <= always else "toujours"
    least = min(never, always)
    verdict = (
        "ce réglage coûte moins que les deux"
        if spent < least
        else f"« {best} » coûte moins que ce réglage"
        if spent > least
        else f"« {best} » coûte autant que ce réglage"
    )
    return (
        f"{text} Coût\u00a0: {number(spent)}\u00a0alertes, contre {number(never)} pour « jamais » et "
        f"{number(always)} pour « toujours »\u00a0: {verdict}. D’autres orages conseillent "
        f"{found.advised[loss]}\u00a0% du seuil."
    )


def _costs(line: dict[str, Any], loss: int, found: Choices) -> tuple[float, float, float]:
    """Coûts en nombre d’alertes : ce réglage, jamais, toujours."""
    return float(line["alertes"] + loss * line["manquees"]), float(loss * found.floods), float(found.pairs)


def _row(line: dict[str, Any], loss: int, found: Choices) -> list[str]:
    counted = [str(int(line[name])) for name in ("alertes", "justes", "manquees", "fausses")]
    costs = [number(cost) for cost in _costs(line, loss, found)]
    return [f"{int(line['niveau'])}\u00a0%", f"{loss}\u00a0alertes", *counted, *costs]


def _spec(rows: dict[int, dict[str, Any]], found: Choices) -> dict[str, Any]:
    top = max(int(line["alertes"]) for line in rows.values())
    bottom = -max(int(line["manquees"]) for line in rows.values())
    span = top - bottom
    bars = []
    for level, line in rows.items():
        late = int(line["alertes"] - line["justes"])
        parts = (
            (GOOD, 0, int(line["justes"])),
            (FALSE, int(line["justes"]), int(line["alertes"])),
            (MISSED, -int(line["manquees"]), 0),
        )
        amounts = (int(line["justes"]), late, int(line["manquees"]))
        bars += [
            {"x": level - 4, "x2": level + 4, "c": level, "k": kind, "y": low, "y2": high, "n": amount}
            for (kind, low, high), amount in zip(parts, amounts, strict=True)
            if amount
        ]
    x = {
        "type": "quantitative", "scale": {"domain": [LEVELS[0] - 7, PANEL + PANEL_WIDTH + 6], "nice": False},
        "title": "Débit annoncé qui alerte (% du seuil)",
        "axis": {"values": list(LEVELS[::3]), "grid": False, "titleAnchor": "start", "domain": False},
    }  # fmt: skip
    y = {
        "type": "quantitative", "scale": {"domain": [bottom - 0.04 * span, top + 0.12 * span], "nice": False},
        "title": "Couples orage × ruisseau",
        "axis": {"grid": False, "labelExpr": "abs(datum.value)", "tickMinStep": 1, "tickCount": 6},
    }  # fmt: skip
    legend = {"orient": "top", "title": None, "columns": 1, "labelLimit": 0}
    colour = {
        "field": "k", "type": "nominal", "sort": list(KINDS), "legend": legend,
        "scale": {"domain": list(KINDS), "range": [COLOURS[kind] for kind in KINDS]},
    }  # fmt: skip
    box = {
        "x": {**x, "field": "x"}, "x2": {"field": "x2"}, "y": {**y, "field": "y"}, "y2": {"field": "y2"}
    }  # fmt: skip
    here = {"filter": f"datum.c == {CURSOR}"}
    middle = [here, {"calculate": "(datum.y + datum.y2) / 2", "as": "my"}]
    advised = [
        {"r": rank, "x": min(max(found.advised[loss], LEVELS[0]), LEVELS[-1])} for rank, loss in enumerate(LOSSES)
    ]
    count = {"x": {"field": "x2", "type": "quantitative"}, "y": {"field": "my", "type": "quantitative"}}
    return {
        "params": [{"name": CURSOR, "value": LEVEL.default}, {"name": SECOND_CURSOR, "value": LOSS.default}],
        "data": {"values": bars},
        "layer": [
            {"mark": {"type": "rect", "opacity": 0.28}, "encoding": {**box, "color": colour}},
            {"transform": [here], "mark": {"type": "rect", "opacity": 1}, "encoding": {**box, "color": colour}},
            {"transform": middle,
             "mark": {"type": "text", "fontWeight": "bold", "fontSize": 13, "align": "left", "dx": 3},
             "encoding": {**count, "text": {"field": "n", "type": "quantitative"}}},
            {"data": {"values": advised}, "transform": [{"filter": f"datum.r == {SECOND_CURSOR}"}],
             "mark": {"type": "point", "shape": "triangle-down", "filled": True, "size": 130, "color": INK},
             "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"datum": top + 0.07 * span}}},
            *_panel(rows, found, bottom, top),
        ],
    }  # fmt: skip


def _panel(rows: dict[int, dict[str, Any]], found: Choices, bottom: int, top: int) -> list[dict[str, Any]]:
    """À droite : le coût du réglage, de « jamais » et de « toujours », en nombre d’alertes."""
    span = top - bottom
    heights = [bottom + share * span for share in (0.72, 0.46, 0.2)]
    values = []
    for level, line in rows.items():
        for rank, loss in enumerate(LOSSES):
            costs = _costs(line, loss, found)
            widest = max(costs)
            values += [
                {"c": level, "r": rank, "y": round(height, 1), "w": round(PANEL + PANEL_WIDTH * cost / widest, 1),
                 "t": f"{name}\u00a0: {number(cost)}", "s": int(place == 0)}
                for place, (name, cost, height) in enumerate(
                    zip(("ce réglage", "jamais", "toujours"), costs, heights, strict=True)
                )
            ]  # fmt: skip
    chosen = [
        {"filter": f"datum.c == {CURSOR} && datum.r == {SECOND_CURSOR}"},
        {"calculate": f"{PANEL}", "as": "x"},
        {"calculate": f"datum.y - {0.07 * span:.1f}", "as": "y2"},
    ]
    bar = {
        "x": {"field": "x", "type": "quantitative"}, "x2": {"field": "w"},
        "y": {"field": "y", "type": "quantitative"}, "y2": {"field": "y2"},
        "color": {"condition": {"test": "datum.s == 1", "value": SERIES[0]}, "value": MUTED},
    }  # fmt: skip
    label = {
        "x": {"datum": PANEL}, "y": {"field": "y", "type": "quantitative"}, "text": {"field": "t", "type": "nominal"}
    }  # fmt: skip
    title = {"x": {"datum": PANEL}, "y": {"datum": bottom + 0.92 * span}, "text": {"value": "Coût (alertes)"}}
    text = {"type": "text", "align": "left", "fontSize": 13}
    data = {"data": {"values": values}, "transform": chosen}
    return [
        {**data, "mark": {"type": "rect"}, "encoding": bar},
        {**data, "mark": {**text, "dy": -9}, "encoding": label},
        {"data": {"values": [{}]}, "mark": {**text, "fontWeight": "bold"}, "encoding": title},
    ]
