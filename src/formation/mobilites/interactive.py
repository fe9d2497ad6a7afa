"""Figure interactive du chapitre : erreur de la photo, surface du parc, contrôle ; combien d’obligations fausses ?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from formation.book.interactive import CURSOR, SECOND_CURSOR, THIRD_CURSOR, Control, InteractiveFigure, Step
from formation.mobilites import decision, evaluation, surface
from formation.mobilites.tables import THRESHOLD_M2
from formation.numbers import number
from formation.palette import INK, MUTED, SERIES

ERRORS_PCT = (2, 4, 8, 15)
"""Écarts types de la surface mesurée, en pour cent."""
SURFACES_M2 = (1_200, 1_350, 1_450, 1_480, 1_530, 1_600, 1_800, 2_200)
"""Surfaces vraies des parcs proposés."""
MARGINS_PCT = (0, 5, 15)
"""On contrôle sur place si la mesure tombe à moins de cela du seuil."""
MARGINS = ("aucun contrôle", "à moins de 5\u00a0% du seuil", "à moins de 15\u00a0% du seuil")
DEFAULT = (4, 1_530, 0)
FORGOTTEN, WRONGLY, CHECKED = "oublié", "annoncé à tort", "contrôlé"
_NONE = 5e-4
"""Probabilité au-dessous de laquelle on écrit « presque aucune »."""
_GRID = (*range(1_000, 1_300, 50), *range(1_300, 1_800, 20), *range(1_800, 2_251, 75))


@dataclass(frozen=True)
class Chances:
    """Ce qui attend un parc, avant de le photographier.

    Attributes
    ----------
    error_pct : float
        Écart type de la surface mesurée, en pour cent.
    surface_m2 : float
        Surface vraie.
    margin_pct : float
        Marge de contrôle, en pour cent du seuil.
    misjudged : float
        Probabilité que l’obligation soit mal jugée, contrôle compris.
    checked : float
        Probabilité d’un contrôle sur place.
    """

    error_pct: float
    surface_m2: float
    margin_pct: float
    misjudged: float
    checked: float

    @property
    def subject(self) -> bool:
        """Vrai si le parc est au-dessus du seuil."""
        return self.surface_m2 > THRESHOLD_M2

    @property
    def direction(self) -> str:
        """Sens de la faute possible."""
        return FORGOTTEN if self.subject else WRONGLY


def chances(error_pct: float, surface_m2: float, margin_pct: float) -> Chances:
    """Probabilités d’une faute et d’un contrôle pour un parc.

    Parameters
    ----------
    error_pct, surface_m2, margin_pct : float
        Erreur de la photo, surface vraie, marge de contrôle.

    Returns
    -------
    Chances
        Calculées par :func:`formation.mobilites.decision.misjudged`.

    Examples
    --------
    >>> close, far = chances(8, 1_530, 0), chances(8, 2_200, 0)
    >>> close.misjudged > 0.3 > far.misjudged, close.direction
    (True, 'oublié')
    >>> chances(8, 1_530, 15).misjudged < close.misjudged
    True
    """
    low, high = (THRESHOLD_M2 * (1 + sign * margin_pct / 100) for sign in (-1, 1))
    below, above = 1 - _over(surface_m2, error_pct, low), _over(surface_m2, error_pct, high)
    wrong = below if surface_m2 > THRESHOLD_M2 else above
    return Chances(error_pct, surface_m2, margin_pct, wrong, max(0.0, 1 - below - above) if margin_pct else 0.0)


def build() -> InteractiveFigure:
    """Construit la figure.

    Returns
    -------
    InteractiveFigure
        Trois curseurs, phrases, tableau et figure Vega-Lite.
    """
    steps = [
        Step(rank, sentence(found), _row(found), second=second, third=third)
        for rank, error in enumerate(ERRORS_PCT)
        for second, area in enumerate(SURFACES_M2)
        for third, margin in enumerate(MARGINS_PCT)
        for found in (chances(error, area, margin),)
    ]
    start = (ERRORS_PCT.index(DEFAULT[0]), SURFACES_M2.index(DEFAULT[1]), MARGINS_PCT.index(DEFAULT[2]))
    close = [chances(error, DEFAULT[1], 0).misjudged for error in ERRORS_PCT]
    error = decision.learn(surface.parks(evaluation.course(), "validation"))
    return InteractiveFigure(
        title="Une petite erreur de surface, une obligation fausse\u00a0?",
        control=_control("La photo se trompe de", tuple(map(_error, ERRORS_PCT)), start[0]),
        second=_control("Surface vraie du parc", tuple(map(_area, SURFACES_M2)), start[1]),
        third=_control("Contrôle sur place", MARGINS, start[2]),
        steps=steps,
        table_header=[
            "Erreur",
            "Surface vraie",
            "Obligation",
            "Contrôle",
            "Mal jugé, sur 100",
            "Sens",
            "Visites, sur 100",
        ],
        spec=_spec(start),
        alt=(
            f"Courbe en cloche autour de {number(THRESHOLD_M2)} m²\u00a0: loin du seuil la faute est impossible, tout "
            f"près elle approche une chance sur deux. Pour un parc de {number(DEFAULT[1])} m², {_hundred(close[0])} "
            f"chances sur 100 d’être oublié avec la photo la plus juste, {_hundred(close[-1])} avec la moins juste."
        ),
        source=(
            "calcul, erreur en cloche et sans biais. Sur les données synthétiques d’Aubeline, le modèle jouet se "
            f"trompe de {number(100 * error.spread, 1)}\u00a0% (écart type, {error.parks} parcs de validation)."
        ),
    )  # fmt: skip


def sentence(found: Chances) -> str:
    """Constat d’une position.

    Parameters
    ----------
    found : Chances
        Probabilités.

    Returns
    -------
    str
        Deux ou trois phrases en français.
    """
    duty = "au-dessus du seuil" if found.subject else "sous le seuil"
    fault = "de l’oublier" if found.subject else "de l’annoncer à tort"
    start = f"Un parc de {_area(found.surface_m2)} est {duty} de {number(THRESHOLD_M2)}\u00a0m²."
    wrong = f"{_chances(found.misjudged)} {fault}"
    left = f"Il reste {wrong}" if found.misjudged >= _NONE else f"Il ne reste {wrong}"
    if not found.margin_pct:
        return f"{start} Avec une photo juste à {_error(found.error_pct)} près et sans contrôle\u00a0: {wrong}."
    low, high = (THRESHOLD_M2 * (1 + sign * found.margin_pct / 100) for sign in (-1, 1))
    return (
        f"{start} On va voir sur place si la photo mesure entre {number(low)} et {number(high)}\u00a0m²\u00a0: "
        f"{_chances(found.checked)} d’une visite. {left}."
    )


def _control(label: str, marks: tuple[str, ...], start: int) -> Control:
    return Control(label, "", 0, len(marks) - 1, 1, start, marks)


def _over(surface_m2: float, error_pct: float, limit_m2: float) -> float:
    """Probabilité que la mesure dépasse une limite."""
    wrong = float(np.asarray(decision.misjudged(surface_m2, error_pct / 100, threshold=limit_m2)))
    return 1 - wrong if surface_m2 > limit_m2 else wrong


def _error(error_pct: float) -> str:
    return f"{number(error_pct)}\u00a0%"


def _area(surface_m2: float) -> str:
    return f"{number(surface_m2)}\u00a0m²"


def _hundred(share: float) -> str:
    value = 100 * share
    if share < _NONE:
        return "0"
    return number(value) if 0.95 <= value <= 99.05 else number(value, 1)


def _chances(share: float) -> str:
    if share < _NONE:
        return "presque aucune chance"
    text = _hundred(share)
    return f"{text}\u00a0chance{'s' if 100 * share >= 1.5 else ''} sur\u00a0100"


def _row(found: Chances) -> list[str]:
    return [
        _error(found.error_pct),
        _area(found.surface_m2),
        "oui" if found.subject else "non",
        MARGINS[MARGINS_PCT.index(int(found.margin_pct))],
        _hundred(found.misjudged),
        found.direction,
        _hundred(found.checked),
    ]


def _spec(start: tuple[int, int, int]) -> dict[str, Any]:
    values: list[dict[str, Any]] = []
    # La faute change de sens au seuil même : un point juste au-dessus, pour que le dessin saute au bon endroit.
    grid = [*map(float, _GRID), THRESHOLD_M2 + 0.1]
    for rank, error in enumerate(ERRORS_PCT):
        for third, margin in enumerate(MARGINS_PCT):
            for area in sorted(grid):
                found = chances(error, area, margin)
                wrong, seen = (round(100 * value, 1) for value in (found.misjudged, found.checked))
                values.append({"e": rank, "m": third, "x": math.ceil(area), "f": wrong, "v": seen})
    points = [
        {"e": rank, "a": second, "m": third, "x": area, "f": round(100 * found.misjudged, 1),
         "t": f"{_hundred(found.misjudged)} sur 100"}
        for rank, error in enumerate(ERRORS_PCT)
        for second, area in enumerate(SURFACES_M2)
        for third, margin in enumerate(MARGINS_PCT)
        for found in (chances(error, area, margin),)
    ]  # fmt: skip
    x = {"field": "x", "type": "quantitative", "title": "Surface vraie du parc (m²)",
         "scale": {"domain": [_GRID[0], _GRID[-1]], "nice": False},
         "axis": {"format": "d", "tickCount": 6}}  # fmt: skip
    y = {"type": "quantitative", "title": "Chances sur 100", "scale": {"domain": [0, 100]}, "stack": None}
    names = [FORGOTTEN, WRONGLY, CHECKED]
    colours = {"domain": names, "range": [SERIES[3], SERIES[1], "#c3ccd5"]}
    # Trois mots courts, bien séparés : sur un téléphone, la légende tient sur une ligne.
    legend = {"orient": "top", "title": None, "values": names, "columnPadding": 18, "labelLimit": 0}
    here = [{"filter": f"datum.e == {CURSOR}"}, {"filter": f"datum.m == {THIRD_CURSOR}"}]
    at = [*here, {"filter": f"datum.a == {SECOND_CURSOR}"}]
    side = f"datum.x > {THRESHOLD_M2} ? '{FORGOTTEN}' : '{WRONGLY}'"
    point = {"data": {"values": points}, "transform": at}
    return {
        "params": [{"name": CURSOR, "value": start[0]}, {"name": SECOND_CURSOR, "value": start[1]},
                   {"name": THIRD_CURSOR, "value": start[2]}],
        "data": {"values": values},
        "layer": [
            {"transform": [*here, {"calculate": f"'{CHECKED}'", "as": "q"},
                           {"calculate": "datum.f + datum.v", "as": "h"}],
             "mark": {"type": "area", "opacity": 0.75},
             "encoding": {"x": x, "y": {**y, "field": "f"}, "y2": {"field": "h"},
                          "color": {"field": "q", "type": "nominal", "scale": colours, "legend": legend}}},
            {"transform": [*here, {"calculate": side, "as": "s"}], "mark": {"type": "area", "opacity": 0.9},
             "encoding": {"x": x, "y": {**y, "field": "f"},
                          "color": {"field": "s", "type": "nominal", "scale": colours, "legend": legend}}},
            {"data": {"values": [{"x": THRESHOLD_M2, "t": "seuil"}]}, "mark": {"type": "rule", "strokeDash": [4, 3],
             "color": MUTED}, "encoding": {"x": x}},
            {**point, "mark": {"type": "point", "filled": True, "size": 110, "color": INK, "opacity": 1},
             "encoding": {"x": x, "y": {**y, "field": "f"}}},
            {**point, "mark": {"type": "text", "align": "left", "dx": 8, "dy": -10, "fontWeight": "bold", "color": INK},
             "encoding": {"x": x, "y": {**y, "field": "f"}, "text": {"field": "t"}}},
        ],
    }  # fmt: skip
