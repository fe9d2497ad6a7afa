"""Juger sur ce que l’on a appris, ou sur ce que l’on a mis de côté.

Un arbre de décision sans limite retient chaque exemple : jugé sur eux, il ne se trompe jamais. Des dossiers mis de
côté disent ce qu’il vaut vraiment, et ce que des exemples de plus lui apportent. Données inventées, tirées
d’une graine.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from formation.book.interactive import CURSOR, Control, InteractiveFigure, Step
from formation.numbers import number
from formation.palette import SERIES

SIZES = (10, 20, 40, 80, 160, 320, 640, 1280)
EXAMPLES = Control("Dossiers appris", "", 0, len(SIZES) - 1, 1, 2, marks=tuple(f"{number(n)} dossiers" for n in SIZES))
HELD_OUT, DRAWS, FIELDS = 500, 20, 5
LUCK = 0.12
"""Part des dossiers dont rien, dans les champs connus, ne dit s’ils sont incomplets."""
NAMES = ("sur les dossiers appris", "sur les dossiers mis de côté")
SOURCE = "exemple inventé\u00a0: dossiers complets ou non, cinq champs, vingt tirages par taille."


def files(count: int, rng: np.random.Generator) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Dossiers inventés : cinq champs chiffrés, et s’ils sont incomplets.

    Parameters
    ----------
    count : int
        Nombre de dossiers.
    rng : Generator
        Hasard.

    Returns
    -------
    ndarray, forme (count, 5)
        Champs, sans unité.
    ndarray, forme (count,)
        1 si le dossier est incomplet.
    """
    fields = rng.normal(size=(count, FIELDS))
    incomplete = (fields[:, 0] + 0.8 * fields[:, 1] - 0.5 * fields[:, 2] > 0).astype(np.int64)
    lucky = rng.random(count) < LUCK
    return fields, np.where(lucky, 1 - incomplete, incomplete)


@cache
def errors(seed: int = 447) -> dict[int, tuple[float, float]]:
    """Dossiers mal jugés sur 100, selon le nombre de dossiers appris.

    Parameters
    ----------
    seed : int
        Graine.

    Returns
    -------
    dict
        Par nombre de dossiers appris : erreurs sur eux, puis sur ceux mis de côté ; moyennes des tirages.
    """
    from sklearn.tree import DecisionTreeClassifier

    found = {}
    for size in SIZES:
        rng = np.random.default_rng([seed, 2, size])
        pairs = []
        for draw in range(DRAWS):
            fields, truth = files(size + HELD_OUT, rng)
            tree = DecisionTreeClassifier(random_state=draw).fit(fields[:size], truth[:size])
            wrong = tree.predict(fields) != truth
            pairs.append((100 * wrong[:size].mean(), 100 * wrong[size:].mean()))
        mean = np.mean(pairs, axis=0)
        found[size] = (float(mean[0]), float(mean[1]))
    return found


def build(seed: int = 447) -> InteractiveFigure:
    """Figure : nombre de dossiers appris.

    Parameters
    ----------
    seed : int
        Graine.

    Returns
    -------
    InteractiveFigure
        Un curseur, phrases, tableau et figure Vega-Lite.
    """
    found = errors(seed)
    steps = [
        Step(rank, _sentence(size, *found[size]), [number(size), *(number(value) for value in found[size])])
        for rank, size in enumerate(SIZES)
    ]
    return InteractiveFigure(
        title="À quels dossiers poser la question\u00a0?",
        control=EXAMPLES,
        steps=steps,
        table_header=["Dossiers appris", "Erreurs sur 100, déjà vus", "Erreurs sur 100, mis de côté"],
        spec=_spec(found),
        alt=(
            "Deux lignes selon le nombre de dossiers appris. Jugé sur les dossiers appris, le programme ne se trompe "
            f"jamais. Jugé sur des dossiers mis de côté, il se trompe {number(found[SIZES[0]][1])} fois sur 100 avec "
            f"{SIZES[0]} dossiers, {number(found[SIZES[-1]][1])} avec {number(SIZES[-1])}."
        ),
        source=SOURCE,
    )


def _sentence(size: int, seen: float, unseen: float) -> str:
    return (
        f"Avec {number(size)}\u00a0dossiers appris, le programme se trompe {number(seen)}\u00a0fois sur 100 quand on "
        f"l’interroge sur eux, et {number(unseen)}\u00a0fois sur 100 sur des dossiers qu’il n’a jamais vus. "
        "Le premier chiffre ne dit rien."
    )


def _spec(found: dict[int, tuple[float, float]]) -> dict[str, Any]:
    values = [
        {"r": rank, "n": number(size), "y": round(found[size][place], 1), "k": NAMES[place]}
        for rank, size in enumerate(SIZES)
        for place in range(len(NAMES))
    ]
    scale = {"domain": list(NAMES), "range": [SERIES[2], SERIES[0]]}
    colour = {"field": "k", "type": "nominal", "scale": scale}
    legend = {"title": None, "orient": "top", "columns": 1}
    x = {
        "field": "n", "type": "ordinal", "sort": [number(size) for size in SIZES], "title": "Dossiers appris",
        "axis": {"labelAngle": 0, "grid": False},
    }  # fmt: skip
    y = {"field": "y", "type": "quantitative", "title": "Erreurs sur 100", "scale": {"domain": [0, 50]}}
    return {
        "params": [{"name": CURSOR, "value": 2}],
        "data": {"values": values},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 3},
             "encoding": {"color": {**colour, "legend": legend},
                          "strokeDash": {"field": "k", "type": "nominal", "legend": legend,
                                         "scale": {"domain": list(NAMES), "range": [[6, 3], [1, 0]]}}}},
            {"transform": [{"filter": f"datum.r == {CURSOR}"}],
             "mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
             "encoding": {"color": {**colour, "legend": None}}},
            {"transform": [{"filter": f"datum.r == {CURSOR}"}],
             "mark": {"type": "text", "dy": -14, "fontWeight": "bold", "fontSize": 14},
             "encoding": {"text": {"field": "y", "type": "quantitative", "format": ".0f"}}},
        ],
    }  # fmt: skip
