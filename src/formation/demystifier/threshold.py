"""Le seuil : ce que l’on rate et ce que l’on dérange pour rien.

Un programme donne à chaque signalement un score d’urgence. Le seuil ne vient pas du programme : c’est une décision.
Scores inventés, tirés d’une graine.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from formation.book.interactive import CURSOR, Control, InteractiveFigure, Step
from formation.numbers import number, plural
from formation.palette import INK, SERIES

THRESHOLDS = tuple(range(5, 100, 5))
THRESHOLD = Control("Seuil à partir duquel on appelle l’astreinte", "sur 100", 5, 95, 5, 50)
URGENT, ORDINARY = 40, 260
KINDS = ("urgent", "non urgent")
BIN = 5
SOURCE = "exemple inventé\u00a0: 300 signalements dont 40 urgents, scores tirés au hasard d’une graine."


def scores(seed: int = 447) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Scores des signalements urgents, puis des autres, de 0 à 100.

    Parameters
    ----------
    seed : int
        Graine.

    Returns
    -------
    ndarray, forme (40,)
        Scores des signalements urgents.
    ndarray, forme (260,)
        Scores des autres.
    """
    rng = np.random.default_rng([seed, 3])
    urgent, ordinary = rng.beta(4, 2.2, URGENT), rng.beta(2, 4.5, ORDINARY)
    return (100 * urgent).astype(np.int64), (100 * ordinary).astype(np.int64)


def counts(threshold: float, seed: int = 447) -> tuple[int, int, int]:
    """Ce que donne un seuil.

    Parameters
    ----------
    threshold : float
        Seuil, de 0 à 100 ; un score égal au seuil déclenche l’appel.
    seed : int
        Graine.

    Returns
    -------
    tuple of int
        Urgences vues, urgences manquées, appels pour rien.

    Examples
    --------
    >>> counts(0)
    (40, 0, 260)
    """
    urgent, ordinary = scores(seed)
    seen = int((urgent >= threshold).sum())
    return seen, URGENT - seen, int((ordinary >= threshold).sum())


def build(seed: int = 447) -> InteractiveFigure:
    """Figure : le seuil d’appel de l’astreinte.

    Parameters
    ----------
    seed : int
        Graine.

    Returns
    -------
    InteractiveFigure
        Un curseur, phrases, tableau et figure Vega-Lite.
    """
    steps = []
    for threshold in THRESHOLDS:
        seen, missed, useless = counts(threshold, seed)
        row = [number(threshold), number(seen), number(missed), number(useless)]
        steps.append(Step(threshold, _sentence(threshold, seen, missed, useless), row))
    seen, missed, useless = counts(THRESHOLD.default, seed)
    return InteractiveFigure(
        title="Où placer la barre\u00a0?",
        control=THRESHOLD,
        steps=steps,
        table_header=["Seuil", "Urgences vues", "Urgences manquées", "Appels pour rien"],
        spec=_spec(*scores(seed)),
        alt=(
            "Deux histogrammes de scores qui se chevauchent\u00a0: les signalements urgents plutôt à droite, les "
            "autres plutôt à gauche. Une barre verticale marque le seuil\u00a0; "
            f"à {number(THRESHOLD.default)}, {missed} urgences sont manquées et {useless} appels sont faits pour rien."
        ),
        source=SOURCE,
    )


def _sentence(threshold: int, seen: int, missed: int, useless: int) -> str:
    return (
        f"Au seuil {threshold}, l’astreinte est appelée {number(seen + useless)}\u00a0fois\u00a0: "
        f"{plural(seen, 'urgence vue', 'urgences vues')} sur {URGENT}, "
        f"{plural(missed, 'urgence manquée', 'urgences manquées')}, "
        f"{plural(useless, 'appel pour rien', 'appels pour rien')}."
    )


def _spec(urgent: npt.NDArray[np.int64], ordinary: npt.NDArray[np.int64]) -> dict[str, Any]:
    values = [
        {"k": kind, "a": low, "b": low + BIN, "n": int(((found >= low) & (found < low + BIN)).sum())}
        for kind, found in zip(KINDS, (urgent, ordinary), strict=True)
        for low in range(0, 100, BIN)
    ]
    colour = {
        "field": "k", "type": "nominal", "legend": {"title": None, "orient": "top"},
        "scale": {"domain": list(KINDS), "range": [SERIES[1], SERIES[2]]},
    }  # fmt: skip
    x = {
        "field": "a", "type": "quantitative", "title": "Score d’urgence",
        "bin": {"binned": True, "step": BIN}, "scale": {"domain": [0, 100]}, "axis": {"grid": False},
    }  # fmt: skip
    y = {"field": "n", "type": "quantitative", "title": "Signalements", "stack": None}
    rule = {"x": {"datum": {"expr": CURSOR}, "type": "quantitative"}}
    return {
        "params": [{"name": CURSOR, "value": THRESHOLD.default}],
        "layer": [
            {"data": {"values": values},
             "mark": {"type": "bar", "opacity": 0.75, "binSpacing": 1},
             "encoding": {"x": x, "x2": {"field": "b"}, "y": y, "color": colour}},
            {"data": {"values": [{}]},
             "mark": {"type": "rule", "strokeWidth": 3, "color": INK}, "encoding": rule},
        ],
    }  # fmt: skip
