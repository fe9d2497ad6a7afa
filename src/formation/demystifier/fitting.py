"""Souplesse d’une courbe : coller aux jours appris, ou prévoir l’hiver suivant.

Une école chauffée, douze jours relevés. Une courbe plus souple passe toujours plus près de ces douze jours ; à partir
d’un certain point, elle prévoit plus mal les jours de l’hiver suivant. Données inventées, tirées d’une graine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from formation.book.interactive import CURSOR, SECOND_CURSOR, Control, InteractiveFigure, Step
from formation.numbers import number
from formation.palette import INK, SERIES

Values = npt.NDArray[np.float64]
DEGREES = tuple(range(1, 10))
FLEXIBILITY = Control("Souplesse de la courbe", "", 1, 9, 1, 1, marks=tuple(f"{degree} sur 9" for degree in DEGREES))
DAYS = ("les 12 jours appris", "l’hiver suivant")
SHOWN = Control("Jours montrés", "", 0, 1, 1, 0, marks=DAYS)
COLDEST, WARMEST = -4.0, 16.0
LEARNED, NEXT = 12, 60
BASE, HEATING, BALANCE = 160.0, 60.0, 11.0
NOISE = 45.0
"""Écart type, en kWh, de ce que la température n’explique pas."""
SOURCE = "exemple inventé\u00a0: une école, des jours tirés au hasard d’une graine."


@dataclass(frozen=True)
class Winter:
    """Jours relevés : température en °C et consommation en kWh."""

    temperature: Values
    kwh: Values


def winters(seed: int = 447) -> tuple[Winter, Winter]:
    """Douze jours appris, puis soixante jours de l’hiver suivant, du même chauffage.

    Parameters
    ----------
    seed : int
        Graine.

    Returns
    -------
    tuple of Winter
        Jours appris, jours de l’hiver suivant.

    Examples
    --------
    >>> [len(winter.kwh) for winter in winters()]
    [12, 60]
    """
    rng = np.random.default_rng([seed, 1])

    def heated(temperature: Values) -> Winter:
        rounded = temperature.round(1)
        return Winter(rounded, (need(rounded) + rng.normal(0, NOISE, rounded.size)).round(0))

    # Douze jours étalés du plus froid au plus doux : la courbe n’a rien à deviner au-delà de ce qu’elle a vu.
    spread = np.linspace(COLDEST, WARMEST, LEARNED) + np.r_[0, rng.uniform(-0.6, 0.6, LEARNED - 2), 0]
    return heated(spread), heated(np.sort(rng.uniform(COLDEST, WARMEST, NEXT)))


def need(temperature: Values) -> Values:
    """Ce que l’école consomme en moyenne : un talon, et le chauffage quand il fait moins de 11 °C environ.

    Parameters
    ----------
    temperature : ndarray, forme (n,)
        Températures, en °C.

    Returns
    -------
    ndarray, forme (n,)
        Consommation moyenne, en kWh.
    """
    return np.asarray(BASE + HEATING * np.log1p(np.exp((BALANCE - temperature) / 1.5)), dtype=float)


def predict(learned: Winter, degree: int, temperature: Values) -> Values:
    """Courbe apprise sur des jours, lue à d’autres températures.

    Parameters
    ----------
    learned : Winter
        Jours appris.
    degree : int
        Souplesse : degré du polynôme, au moins 1.
    temperature : ndarray, forme (n,)
        Températures, en °C.

    Returns
    -------
    ndarray, forme (n,)
        Consommation prévue, en kWh.
    """
    curve = np.polynomial.Chebyshev.fit(learned.temperature, learned.kwh, degree, domain=[COLDEST, WARMEST])
    return np.asarray(curve(temperature), dtype=float)


def error(learned: Winter, degree: int, days: Winter) -> float:
    """Erreur typique d’une courbe : racine de la moyenne des carrés des écarts, en kWh.

    Parameters
    ----------
    learned, days : Winter
        Jours appris, jours sur lesquels la courbe est jugée.
    degree : int
        Souplesse.

    Returns
    -------
    float
        Erreur, en kWh.
    """
    return float(np.sqrt(np.mean((predict(learned, degree, days.temperature) - days.kwh) ** 2)))


def build(seed: int = 447) -> InteractiveFigure:
    """Figure : souplesse de la courbe × jours montrés.

    Parameters
    ----------
    seed : int
        Graine.

    Returns
    -------
    InteractiveFigure
        Deux curseurs, phrases, tableau et figure Vega-Lite.
    """
    learned, following = winters(seed)
    errors = {degree: (error(learned, degree, learned), error(learned, degree, following)) for degree in DEGREES}
    best = min(DEGREES, key=lambda degree: errors[degree][1])
    steps = [
        Step(
            degree,
            _sentence(degree, *errors[degree], best),
            [f"{degree}", DAYS[rank], *(number(value) for value in errors[degree])],
            second=rank,
        )
        for degree in DEGREES
        for rank in range(len(DAYS))
    ]
    return InteractiveFigure(
        title="Coller au passé, ou prévoir\u00a0?",
        control=FLEXIBILITY,
        second=SHOWN,
        steps=steps,
        table_header=[
            "Souplesse",
            "Jours montrés",
            "Erreur sur les jours appris (kWh)",
            "Erreur l’hiver suivant (kWh)",
        ],
        spec=_spec(learned, following),
        alt=(
            "Consommation d’une école selon la température, et une courbe apprise sur douze jours. Droite, elle suit "
            "la tendance\u00a0; très souple, elle passe par les douze points et fait des vagues entre eux."
        ),
        source=SOURCE,
    )


def _sentence(degree: int, past: float, future: float, best: int) -> str:
    kind = "une droite" if degree == 1 else f"une courbe de souplesse {degree}"
    verdict = (
        "C’est ici qu’elle prévoit le mieux."
        if degree == best
        else "Elle a appris le hasard de ces douze jours."
        if degree > best
        else "Elle peut encore apprendre."
    )
    return (
        f"Avec {kind}, l’erreur typique est de {number(past)}\u00a0kWh sur les jours appris, "
        f"et de {number(future)}\u00a0kWh l’hiver suivant. {verdict}"
    )


def _spec(learned: Winter, following: Winter) -> dict[str, Any]:
    grid = np.linspace(COLDEST, WARMEST, 61)
    curves = [
        {"d": degree, "x": round(float(x), 2), "y": round(float(np.clip(y, -100, 1100)))}
        for degree in DEGREES
        for x, y in zip(grid, predict(learned, degree, grid), strict=True)
    ]
    points = [
        {"r": rank, "x": float(x), "y": float(y)}
        for rank, winter in enumerate((learned, following))
        for x, y in zip(winter.temperature, winter.kwh, strict=True)
    ]
    x = {"field": "x", "type": "quantitative", "title": "Température (°C)", "scale": {"domain": [COLDEST, WARMEST]}}
    y = {
        "field": "y",
        "type": "quantitative",
        "title": "Consommation (kWh)",
        "scale": {"domain": [0, 1000]},
        "axis": {"format": "d"},
    }
    return {
        "params": [{"name": CURSOR, "value": 1}, {"name": SECOND_CURSOR, "value": 0}],
        "encoding": {"x": x, "y": y},
        "layer": [
            {"data": {"values": curves}, "transform": [{"filter": f"datum.d == {CURSOR}"}],
             "mark": {"type": "line", "clip": True, "strokeWidth": 3.5, "color": SERIES[0]}},
            {"data": {"values": points}, "transform": [{"filter": f"datum.r == {SECOND_CURSOR}"}],
             "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.9, "color": INK}},
        ],
    }  # fmt: skip
