"""Corrélation n’est pas cause : les quartiers qui ont le plus d’éclairage ont aussi le plus de dégradations.

La taille du quartier commande les deux. Comparer des quartiers de même taille fait paraître l’effet vrai, qui est ici
décidé d’avance. Quartiers inventés, tirés d’une graine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from formation.book.interactive import CURSOR, SECOND_CURSOR, Control, InteractiveFigure, Step
from formation.numbers import number
from formation.palette import INK, SERIES

SIZES = ("petits quartiers", "quartiers moyens", "grands quartiers")
COMPARED = Control("Quartiers comparés", "", 0, 3, 1, 0, marks=("tous ensemble", *SIZES))
EFFECTS = (-0.4, 0.0, 0.4)
"""Dégradations en plus par an et par lampadaire, à taille égale : décidé d’avance."""
TRUTH = Control("Effet vrai de l’éclairage, décidé d’avance", "", 0, 2, 1, 0,
                marks=("il réduit les dégradations", "il ne change rien", "il les augmente"))  # fmt: skip
BY_SIZE = 25
LAMPS = (15.0, 35.0, 55.0)
"""Lampadaires d’un quartier de chaque taille, en moyenne."""
DAMAGE = (20.0, 60.0, 100.0)
"""Dégradations par an d’un quartier de chaque taille, en moyenne."""
SOURCE = "exemple inventé\u00a0: 75 quartiers tirés au hasard d’une graine\u00a0; l’effet vrai est choisi d’avance."


@dataclass(frozen=True)
class Districts:
    """Quartiers : rang de taille (0, 1, 2), lampadaires, dégradations par an."""

    size: npt.NDArray[np.int64]
    lamps: npt.NDArray[np.float64]
    damage: npt.NDArray[np.float64]


def districts(effect: float, seed: int = 447) -> Districts:
    """Soixante-quinze quartiers, vingt-cinq de chaque taille.

    Parameters
    ----------
    effect : float
        Dégradations en plus par an et par lampadaire, à taille égale.
    seed : int
        Graine.

    Returns
    -------
    Districts
        Quartiers.
    """
    rng = np.random.default_rng([seed, 4])
    size = np.repeat(np.arange(3), BY_SIZE)
    gap = rng.normal(0, 6, size.size)
    noise = rng.normal(0, 4, size.size)
    lamps = np.maximum(np.array(LAMPS)[size] + gap, 1).round()
    damage = np.maximum(np.array(DAMAGE)[size] + effect * (lamps - np.array(LAMPS)[size]) + noise, 0).round()
    return Districts(size, lamps, damage)


def slope(found: Districts, size: int | None = None) -> float:
    """Pente de la droite qui résume des quartiers : dégradations en plus par lampadaire en plus.

    Parameters
    ----------
    found : Districts
        Quartiers.
    size : int, optional
        Rang de taille ; tous les quartiers si absent.

    Returns
    -------
    float
        Pente des moindres carrés.
    """
    kept = np.ones(found.size.size, dtype=bool) if size is None else found.size == size
    return float(np.polyfit(found.lamps[kept], found.damage[kept], 1)[0])


def build(seed: int = 447) -> InteractiveFigure:
    """Figure : quartiers comparés × effet vrai.

    Parameters
    ----------
    seed : int
        Graine.

    Returns
    -------
    InteractiveFigure
        Deux curseurs, phrases, tableau et figure Vega-Lite.
    """
    steps = []
    for chosen, mark in enumerate(COMPARED.marks):
        for truth, effect in enumerate(EFFECTS):
            found = slope(districts(effect, seed), None if chosen == 0 else chosen - 1)
            row = [mark, TRUTH.marks[truth], number(10 * found, 1)]
            steps.append(Step(chosen, _sentence(chosen, truth, found), row, second=truth))
    return InteractiveFigure(
        title="Plus de lampadaires, plus de dégradations\u00a0?",
        control=COMPARED,
        second=TRUTH,
        steps=steps,
        table_header=["Quartiers comparés", "Effet vrai", "Dégradations pour 10 lampadaires de plus"],
        spec=_spec(seed),
        alt=(
            "Nuage de 75 quartiers, lampadaires en abscisse et dégradations en ordonnée. Tous ensemble, le nuage "
            "monte, quel que soit l’effet vrai. À taille égale, il suit l’effet vrai\u00a0: il descend si l’éclairage "
            "aide."
        ),
        source=SOURCE,
    )


def _sentence(chosen: int, truth: int, found: float) -> str:
    more = 10 * found
    change = f"{number(abs(more), 1)}\u00a0dégradations de {'plus' if more > 0 else 'moins'}"
    told = f"Dix lampadaires de plus vont avec {change} par an"
    real = TRUTH.marks[truth].replace("il ", "l’éclairage ")
    if chosen == 0:
        both = "les grands quartiers ont plus de l’un et plus de l’autre"
        return f"{told}, tous quartiers ensemble. Or {real}\u00a0: {both}."
    return f"{told}, entre {SIZES[chosen - 1]}. À taille égale, on s’approche de l’effet vrai\u00a0: {real}."


def _spec(seed: int) -> dict[str, Any]:
    values: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for truth, effect in enumerate(EFFECTS):
        found = districts(effect, seed)
        points = zip(found.size.tolist(), found.lamps.tolist(), found.damage.tolist(), strict=True)
        values += [{"v": truth, "s": size, "k": SIZES[size], "x": lamps, "y": damage} for size, lamps, damage in points]
        for chosen in range(4):
            kept = found.size >= 0 if chosen == 0 else found.size == chosen - 1
            middle = float(found.lamps[kept].mean()), float(found.damage[kept].mean())
            steep = slope(found, None if chosen == 0 else chosen - 1)
            ends = (float(found.lamps[kept].min()), float(found.lamps[kept].max()))
            drawn = ((x, round(middle[1] + steep * (x - middle[0]), 1)) for x in ends)
            lines += [{"v": truth, "c": chosen, "x": x, "y": y} for x, y in drawn]
    colour = {
        "field": "k", "type": "nominal", "legend": {"title": None, "orient": "top", "columns": 1},
        "scale": {"domain": list(SIZES), "range": [SERIES[2], SERIES[0], SERIES[1]]},
    }  # fmt: skip
    shape = {
        "field": "k", "type": "nominal", "legend": {"title": None, "orient": "top", "columns": 1},
        "scale": {"domain": list(SIZES), "range": ["circle", "square", "triangle-up"]},
    }  # fmt: skip
    x = {"field": "x", "type": "quantitative", "title": "Lampadaires du quartier", "scale": {"domain": [0, 75]}}
    y = {"field": "y", "type": "quantitative", "title": "Dégradations par an", "scale": {"domain": [0, 130]}}
    true = {"filter": f"datum.v == {SECOND_CURSOR}"}
    seen = f"{CURSOR} == 0 || datum.s == {CURSOR} - 1"
    return {
        "params": [{"name": CURSOR, "value": 0}, {"name": SECOND_CURSOR, "value": 0}],
        "encoding": {"x": x, "y": y},
        "layer": [
            {"data": {"values": values}, "transform": [true],
             "mark": {"type": "point", "filled": True, "size": 60},
             "encoding": {"color": colour, "shape": shape,
                          "opacity": {"condition": {"test": seen, "value": 0.9}, "value": 0.12}}},
            {"data": {"values": lines}, "transform": [true, {"filter": f"datum.c == {CURSOR}"}],
             "mark": {"type": "line", "strokeWidth": 4, "color": INK}},
        ],
    }  # fmt: skip
