"""Figure du générateur de phrases : ce qu’il écrit selon ce qu’il a lu et sa température, et la part qu’il invente."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from formation.book.interactive import CURSOR, SECOND_CURSOR, Control, InteractiveFigure, Step
from formation.numbers import number, shortest
from formation.palette import SERIES
from formation.usagers import ngrams, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = 3
"""Mots que le générateur regarde avant d’écrire le suivant."""
SEED = 447
DRAWS = 200
SHOWN = 22
"""Mots de la phrase montrée, au plus : au-delà, la phrase du constat devient illisible."""
IDEAL = 12
"""Longueur visée pour la phrase montrée, en mots."""
TEMPERATURES = (0.0, 0.5, 1.0, 2.0)
MOODS = ("toujours le mot le plus fréquent", "sage", "selon ce qu’il a lu", "fantaisiste")
SOURCE = "données synthétiques d’Aubeline, fiches de l’accueil ; 200 phrases par position."


class Writing(NamedTuple):
    """Ce qu’écrit le générateur à une position des curseurs.

    Attributes
    ----------
    invented : float
        Part des phrases qui ne sont dans aucune fiche, de 0 à 1.
    example : str
        Une phrase, inventée s’il y en a.
    copied : bool
        Vrai si l’exemple est recopié d’une fiche.
    """

    invented: float
    example: str
    copied: bool


def write(read: Sequence[str], known: Sequence[str], temperature: float, *, draws: int = DRAWS) -> Writing:
    """Fait lire des fiches au générateur, le fait écrire, et compte ce qu’aucune fiche ne dit.

    Chaque phrase part des deux premiers mots d’une fiche lue.

    Parameters
    ----------
    read : sequence of str
        Fiches que le générateur a lues, au moins une.
    known : sequence of str
        Toutes les fiches de la mairie, passées par :func:`formation.usagers.ngrams.spaced`.
    temperature : float
        De 0, toujours le mot le plus fréquent, à 2, fantaisiste.
    draws : int
        Nombre de phrases écrites.

    Returns
    -------
    Writing
        Part inventée et exemple.

    Examples
    --------
    >>> write(["Le guichet ouvre le mardi."], ["le guichet ouvre le mardi ."], 1.0, draws=2).invented
    0.0
    """
    model = ngrams.NGrams(WORDS + 1).fit(read)
    sentences = [
        model.generate(" ".join(read[rank % len(read)].split()[:2]), seed=SEED + rank, temperature=temperature)
        for rank in range(draws)
    ]
    copied = [ngrams.is_copied(sentence, known) for sentence in sentences]
    made_up = [sentence for sentence, same in zip(sentences, copied, strict=True) if not same]
    # Ni trop courte, ni trop longue ; à longueur égale, la première écrite.
    example = min(made_up or sentences, key=lambda sentence: abs(len(sentence.split()) - IDEAL))
    return Writing(1 - sum(copied) / draws, _short(example), not made_up)


def build(
    texts: Sequence[str] | None = None, *, sizes: Sequence[int] = (10, 20, 40, 80, 160, 284)
) -> InteractiveFigure:
    """Construit la figure : fiches lues × température → phrase écrite et part inventée.

    Parameters
    ----------
    texts : sequence of str, optional
        Fiches ; celles de l’accueil d’Aubeline par défaut.
    sizes : sequence of int
        Nombres de fiches lues, croissants, tous au plus égaux au nombre de fiches.

    Returns
    -------
    InteractiveFigure
        Deux curseurs, phrases, tableau et figure Vega-Lite.

    Raises
    ------
    ValueError
        Si un nombre de fiches dépasse celles dont on dispose.
    """
    sheets = list(tables.load("base_reponses")["reponse"]) if texts is None else list(texts)
    if max(sizes) > len(sheets):
        raise ValueError(f"« sizes » demande {max(sizes)} fiches, il y en a {len(sheets)}.")
    known = [ngrams.spaced(text) for text in sheets]
    order = np.random.default_rng(SEED).permutation(len(sheets))
    shuffled = [sheets[rank] for rank in order]
    written = {
        (size, mood): write(shuffled[:size], known, temperature)
        for size in sizes
        for mood, temperature in enumerate(TEMPERATURES)
    }
    amount = Control("Fiches lues", "", 0, len(sizes) - 1, 1, len(sizes) - 2, marks=tuple(f"{n} fiches" for n in sizes))
    mood = Control("Température", "", 0, len(TEMPERATURES) - 1, 1, 2, marks=_labels())
    middle = TEMPERATURES.index(1.0)
    first, last = written[sizes[0], middle].invented, written[sizes[-1], middle].invented
    return InteractiveFigure(
        title="Ce qu’écrit un petit générateur, et ce qu’il invente",
        control=amount,
        second=mood,
        steps=[
            Step(rank, _sentence(size, level, written[size, level]), _row(size, level, written[size, level]), level)
            for rank, size in enumerate(sizes)
            for level in range(len(TEMPERATURES))
        ],
        table_header=["Fiches lues", "Température", "Phrases qui ne sont dans aucune fiche", "Exemple"],
        spec=_curves(sizes, written, amount.default),
        alt=(
            "Quatre courbes presque confondues, une par température : la part des phrases qui ne sont dans aucune "
            f"fiche, selon le nombre de fiches lues. À la température 1, elle passe de {number(100 * first)} % après "
            f"{sizes[0]} fiches à {number(100 * last)} % après {sizes[-1]}."
        ),
        source=SOURCE,
    )


def _labels() -> tuple[str, ...]:
    return tuple(f"{shortest(value)} : {mood}" for value, mood in zip(TEMPERATURES, MOODS, strict=True))


def _short(sentence: str) -> str:
    # La phrase sera citée entre guillemets : les siens deviennent des guillemets de second rang.
    words = re.sub(r"«\s*(.*?)\s*»", r"“\1”", sentence).split(" ")
    return " ".join(words) if len(words) <= SHOWN else " ".join(words[:SHOWN]) + "…"


def _sentence(size: int, level: int, found: Writing) -> str:
    share = number(100 * found.invented)
    verdict = "une fiche le dit mot pour mot" if found.copied else "aucune fiche ne le dit"
    return (
        f"Après {size} fiches, à la température {shortest(TEMPERATURES[level])}, il écrit par exemple : "
        f"« {found.example.rstrip('.')} » ; {verdict}. Sur {DRAWS} phrases, {share} % ne sont dans aucune fiche."
    )


def _row(size: int, level: int, found: Writing) -> list[str]:
    return [str(size), _labels()[level], f"{number(100 * found.invented)} %", found.example]


def _curves(sizes: Sequence[int], written: dict[tuple[int, int], Writing], start: float) -> dict[str, Any]:
    names = list(_labels())
    values = [
        {"r": sizes.index(size), "n": f"{size}", "t": level, "m": names[level], "y": round(100 * found.invented, 1)}
        for (size, level), found in written.items()
    ]
    legend = {"orient": "top", "title": None, "columns": 1, "labelLimit": 0, "symbolStrokeWidth": 3}
    scale = {"domain": names, "range": [SERIES[2], SERIES[3], SERIES[0], SERIES[1]]}
    colour = {"field": "m", "type": "nominal", "sort": names, "legend": legend, "scale": scale}
    dash = {**colour, "scale": {"domain": names, "range": [[2, 2], [8, 3, 2, 3], [1, 0], [6, 3]]}}
    x = {
        "field": "n", "type": "ordinal", "sort": [f"{size}" for size in sizes], "title": "Fiches lues",
        "axis": {"labelAngle": 0, "grid": False},
    }  # fmt: skip
    y = {
        "field": "y", "type": "quantitative", "title": "Phrases qui ne sont dans aucune fiche (%)",
        "scale": {"domain": [0, 100]},
    }  # fmt: skip
    chosen = {"filter": f"datum.t == {SECOND_CURSOR}"}
    here = [chosen, {"filter": f"datum.r == {CURSOR}"}]
    plain = {**colour, "legend": None}
    return {
        "params": [{"name": CURSOR, "value": start}, {"name": SECOND_CURSOR, "value": TEMPERATURES.index(1.0)}],
        "data": {"values": values},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "line", "opacity": 0.45, "strokeWidth": 2},
             "encoding": {"color": colour, "strokeDash": dash}},
            {"transform": [chosen], "mark": {"type": "line", "strokeWidth": 4}, "encoding": {"color": plain}},
            {"transform": here, "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
             "encoding": {"color": plain}},
            {"transform": here,
             "mark": {"type": "text", "dy": 18, "fontWeight": "bold", "fontSize": 14},
             "encoding": {"text": {"field": "y", "type": "quantitative", "format": ".0f"}}},
        ],
    }  # fmt: skip
