"""Figure interactive du chapitre : un orage passe au-dessus de huit ruisseaux, le curseur règle la minute."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from formation.book.interactive import CURSOR, Control, InteractiveFigure, Step
from formation.palette import INK, MUTED, PAPER, SERIES
from formation.risques import storm as storms
from formation.risques import tables
from formation.risques.storm import FLOODED, LEVELS_MM_H, QUIET, STATES, UNKNOWN, WARNED, Storm

SIZE_KM = 24
LEFT, FULL = 29.0, 8.0
"""Début des barres de débit, à droite de la carte, et longueur d’une barre au seuil."""
WIDTH = 41
COLOURS = {QUIET: SERIES[4], WARNED: SERIES[1], FLOODED: SERIES[3], UNKNOWN: SERIES[2]}
SHAPES = {QUIET: "circle", WARNED: "triangle-up", FLOODED: "square", UNKNOWN: "cross"}
OPACITY = (0.14, 0.32, 0.52, 0.74, 1.0)
MOST = 1.4
"""Part du seuil au-delà de laquelle une barre s’arrête."""


def build(storm: Storm | None = None) -> InteractiveFigure:
    """Construit la figure d’un épisode de test.

    Parameters
    ----------
    storm : Storm, optional
        Épisode ; le plus parlant par défaut.

    Returns
    -------
    InteractiveFigure
        Curseur des minutes, phrases, tableau et figure Vega-Lite.
    """
    storm = storms.tell() if storm is None else storm
    first, last = storm.minutes[0], storm.minutes[-1]
    default = _default(storm)
    control = Control("Minutes depuis le début de l’épisode", "min", first, last, storms.EVERY_MIN, default)
    steps = [Step(minute, storms.sentence(storm, minute), storms.row(storm, minute)) for minute in storm.minutes]
    flooded = storm.states.loc[storm.states["etat"] == FLOODED, "id_bassin"].unique()
    return InteractiveFigure(
        title=f"Un orage passe\u00a0: épisode {storm.episode}, jamais vu par le modèle",
        control=control,
        steps=steps,
        table_header=["Minute", "Pluie la plus forte", "Débit, en part du seuil", "En alerte", "Débordent"],
        spec=_spec(storm, default),
        alt=(
            "Carte de 24 km de côté, avec les contours de huit ruisseaux et les cases de pluie du radar. À droite, "
            f"le débit de chaque ruisseau en part de son seuil. De la minute {first} à la minute {last}, "
            f"{', '.join(flooded) or 'aucun ruisseau'} {'débordent' if len(flooded) > 1 else 'déborde'}\u00a0; B7 et "
            "B8, sans capteur, restent inconnus."
        ),
        source=(
            "données synthétiques d’Aubeline\u00a0; pluie vue par le radar, débit mesuré, alerte du modèle pour "
            "l’heure qui suit."
        ),
    )


def _default(storm: Storm) -> int:
    """Première minute d’une alerte juste : la plus parlante sans toucher au curseur."""
    states = storm.states
    warned = states.loc[(states["etat"] == WARNED) & (states["avance_min"] <= storms.HORIZON), "minute"]
    return int(warned.min()) if len(warned) else storm.minutes[len(storm.minutes) // 2]


def _spec(storm: Storm, default: int) -> dict[str, Any]:
    basins = tables.load("bassins")
    places = [
        {"b": line["id_bassin"], "cx": line["x_km"], "cy": line["y_km"], "ty": round(SIZE_KM - 1.6 - 2.9 * rank, 1)}
        for rank, line in enumerate(basins.to_dict(orient="records"))
    ]
    states = [
        {"m": int(line["minute"]), "b": line["id_bassin"], "s": line["etat"]}
        | ({"p": round(100 * line["part"])} if line["part"] == line["part"] else {})
        for line in storm.states.to_dict(orient="records")
    ]
    images = [{"m": minute, "c": storms.runs(image)} for minute, image in zip(storm.minutes, storm.rain, strict=True)]
    here = {"filter": f"datum.m == {CURSOR}"}
    at = {"lookup": "b", "from": {"data": {"values": places}, "key": "b", "fields": ["cx", "cy", "ty"]}}
    known: list[dict[str, Any]] = [here, at]
    return {
        "params": [{"name": CURSOR, "value": default}],
        "data": {"values": states},
        "encoding": {
            "x": {"type": "quantitative", "scale": {"domain": [0, WIDTH], "nice": False}, "axis": None},
            "y": {"type": "quantitative", "scale": {"domain": [0, SIZE_KM], "nice": False}, "axis": None},
        },
        "layer": [_cells(images, here), _frame(), *_outlines(), *_marks(known), *_bars(known)],
    }


def _cells(images: list[dict[str, Any]], here: dict[str, str]) -> dict[str, Any]:
    """Cases de pluie : des suites de cases, une liste par image, dépliée par Vega pour la seule minute montrée."""
    labels = [f"{low} à {high}" for low, high in pairwise(LEVELS_MM_H)]
    labels.append(f"{LEVELS_MM_H[-1]} et plus")
    expression = "[" + ", ".join(f"'{label}'" for label in labels) + "][datum.value - 1]"
    legend = {
        "orient": "top", "title": "Pluie (mm/h)", "labelExpr": expression, "labelLimit": 0,
        "symbolType": "square",
        "symbolFillColor": SERIES[0], "symbolStrokeWidth": 0, "columns": 5, "columnPadding": 2,
    }  # fmt: skip
    tints = len(LEVELS_MM_H) + 1
    unfold = [
        here,
        {"flatten": ["c"]},
        {"calculate": f"datum.c % {tints}", "as": "v"},
        {"calculate": f"floor(datum.c / {tints})", "as": "n"},
        {"calculate": f"floor(datum.n / {SIZE_KM * SIZE_KM})", "as": "y"},
        {"calculate": f"floor(datum.n / {SIZE_KM}) % {SIZE_KM}", "as": "x"},
        {"calculate": f"datum.x + datum.n % {SIZE_KM} + 1", "as": "x2"},
        {"calculate": "datum.y + 1", "as": "y2"},
    ]
    return {
        "data": {"values": images},
        "transform": unfold,
        "mark": {"type": "rect", "color": SERIES[0], "strokeWidth": 0},
        "encoding": {
            "x": {"field": "x", "type": "quantitative"}, "x2": {"field": "x2"},
            "y": {"field": "y", "type": "quantitative"}, "y2": {"field": "y2"},
            "opacity": {
                "field": "v", "type": "ordinal", "legend": legend,
                "scale": {"type": "ordinal", "domain": [1, 2, 3, 4, 5], "range": list(OPACITY)},
            },
        },
    }  # fmt: skip


def _frame() -> dict[str, Any]:
    return {
        "data": {"values": [{"x": 0, "x2": SIZE_KM, "y": 0, "y2": SIZE_KM}]},
        "mark": {"type": "rect", "filled": False, "stroke": MUTED, "strokeWidth": 1},
        "encoding": {
            "x": {"field": "x", "type": "quantitative"}, "x2": {"field": "x2"},
            "y": {"field": "y", "type": "quantitative"}, "y2": {"field": "y2"},
        },
    }  # fmt: skip


def _outlines() -> list[dict[str, Any]]:
    points = storms.basins_shape()
    encoding = {
        "x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"},
        "detail": {"field": "b"}, "order": {"field": "i"},
    }  # fmt: skip
    return [
        {
            "data": {"values": [point for point in points if point["g"] == gauged]},
            "mark": {"type": "line", "color": colour, "strokeWidth": 1.6, "strokeDash": dash},
            "encoding": encoding,
        }
        for gauged, colour, dash in ((1, INK, [1, 0]), (0, MUTED, [4, 3]))
    ]


def _marks(known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Nom et état de chaque ruisseau, au milieu de son contour."""
    domain = list(STATES)
    legend = {"orient": "bottom", "title": None, "columns": 4, "labelLimit": 0}
    place = {"x": {"field": "cx", "type": "quantitative"}, "y": {"field": "cy", "type": "quantitative"}}
    state = {"field": "s", "type": "nominal", "sort": domain, "legend": legend}
    symbol = {
        **place,
        "color": {**state, "scale": {"domain": domain, "range": [COLOURS[name] for name in domain]}},
        "shape": {**state, "scale": {"domain": domain, "range": [SHAPES[name] for name in domain]}},
    }
    dot = {"type": "point", "filled": True, "size": 170, "opacity": 1}
    name = {"type": "text", "dy": -15, "fontWeight": "bold", "fontSize": 13}
    halo = {**name, "stroke": PAPER, "strokeWidth": 4, "color": PAPER}
    return [
        {"transform": known, "mark": {**dot, "stroke": PAPER, "strokeWidth": 1.2}, "encoding": symbol},
        {"transform": known, "mark": halo, "encoding": {**place, "text": {"field": "b", "type": "nominal"}}},
        {"transform": known, "mark": name, "encoding": {**place, "text": {"field": "b", "type": "nominal"}}},
    ]


def _bars(known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Débit de chaque ruisseau à droite de la carte, en part du seuil."""
    said = (
        "datum.b + (isValid(datum.p) ? '  ' + datum.p + '\u00a0%' : '  ?') + "
        f"(datum.s == '{QUIET}' ? '' : ' ' + datum.s)"
    )
    shown = [
        *known,
        {"filter": "isValid(datum.p)"},
        {"calculate": f"{LEFT}", "as": "bx"},
        {"calculate": f"{LEFT} + {FULL} * min({MOST}, datum.p / 100)", "as": "bx2"},
        {"calculate": "datum.ty - 0.8", "as": "by"},
        {"calculate": "datum.ty - 1.5", "as": "by2"},
        {"calculate": "datum.ty - 0.65", "as": "ky"},
        {"calculate": "datum.ty - 1.65", "as": "ky2"},
    ]
    bar = {
        "x": {"field": "bx", "type": "quantitative"}, "x2": {"field": "bx2"},
        "y": {"field": "by", "type": "quantitative"}, "y2": {"field": "by2"},
        "color": {"condition": [{"test": f"datum.s == '{name}'", "value": COLOURS[name]} for name in STATES],
                  "value": MUTED},
    }  # fmt: skip
    label = {"x": {"datum": LEFT}, "y": {"field": "ty", "type": "quantitative"}, "text": {"field": "t"}}
    # Un repère par barre : un seul trait, du haut en bas, barrerait les noms sur un téléphone.
    tick = {"x": {"datum": LEFT + FULL}, "y": {"field": "ky", "type": "quantitative"}, "y2": {"field": "ky2"}}
    return [
        {"transform": shown, "mark": {"type": "rect"}, "encoding": bar},
        {"transform": [*known, {"calculate": said, "as": "t"}],
         "mark": {"type": "text", "align": "left", "fontSize": 13}, "encoding": label},
        {"transform": shown, "mark": {"type": "rule", "strokeWidth": 2}, "encoding": tick},
        {"data": {"values": [{}]},
         "mark": {"type": "text", "align": "center", "fontSize": 13, "color": MUTED, "dy": -2},
         "encoding": {"x": {"datum": LEFT + FULL}, "y": {"datum": SIZE_KM - 0.4}, "text": {"value": "seuil"}}},
    ]  # fmt: skip
