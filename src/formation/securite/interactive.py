"""Figure interactive du chapitre des élus : combien d’alertes, et combien de vraies, selon la fréquence du danger ?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from formation.book.interactive import CURSOR, SECOND_CURSOR, THIRD_CURSOR, Control, InteractiveFigure, Step
from formation.numbers import number, plural
from formation.palette import INK, SERIES
from formation.securite import features, tables

if TYPE_CHECKING:
    from formation.securite.evaluation import Trial

THRESHOLDS = (0.1, 0.3, 0.5, 0.7, 0.9)
EXTRAPOLATED = (0.02, 0.002, 0.0001)
"""Prévalences où rien n’est mesuré : entre les trois lieux, et au-delà du plus calme."""
HOURS = (6, 60, 600)
SPANS = ("une veille de 6\u00a0h", "10\u00a0veilles, 60\u00a0h", "100\u00a0veilles, 600\u00a0h")
NAMES = {"repetition": "répétition", "fan-zone": "fan-zone", "soiree": "soirée ordinaire"}
TRUE, FALSE = "alertes vraies", "fausses alertes"


@dataclass(frozen=True)
class Rates:
    """Ce que donne un seuil à une fréquence du danger, par heure de veille.

    Attributes
    ----------
    prevalence : float
        Part des mesures prises pendant un danger.
    threshold : float
        Seuil d’alerte du modèle.
    place : str
        Lieu où c’est mesuré ; vide si c’est extrapolé.
    episodes, missed : float
        Dangers, et dangers non signalés, par heure.
    true, false : float
        Alertes vraies et fausses, par heure.
    hours : float
        Heures de veille mesurées ; 0 si c’est extrapolé.
    """

    prevalence: float
    threshold: float
    place: str
    episodes: float
    missed: float
    true: float
    false: float
    hours: float = 0.0

    @property
    def alarms(self) -> float:
        """Alertes par heure."""
        return self.true + self.false

    @property
    def precision(self) -> float:
        """Part d’alertes vraies."""
        return self.true / self.alarms if self.alarms else float("nan")


@lru_cache(maxsize=1)
def course() -> Trial:
    """Modèle du cours, ajusté une fois.

    Returns
    -------
    formation.securite.evaluation.Trial
        Méthodes ajustées et soirées.
    """
    from formation.securite import evaluation

    return evaluation.trial()


def grid(
    done: Trial | None = None,
    thresholds: Sequence[float] = THRESHOLDS,
    prevalences: Sequence[float] = EXTRAPOLATED,
) -> list[Rates]:
    """Alertes par heure à chaque fréquence et à chaque seuil, de la plus fréquente à la plus rare.

    Dans un lieu mesuré, tout vient des soirées de test du lieu. Ailleurs, on extrapole : dangers signalés comme dans
    les trois lieux réunis, fausses alertes par heure comme un soir ordinaire, où presque rien n’arrive.

    Parameters
    ----------
    done : Trial, optional
        Modèle ajusté ; celui du cours par défaut.
    thresholds : sequence of float
        Seuils.
    prevalences : sequence of float
        Prévalences extrapolées.

    Returns
    -------
    list of Rates
        Par prévalence décroissante, puis par seuil.
    """
    done = course() if done is None else done
    tests = {place: done.parts[place, "test"] for place in NAMES}
    episodes = {place: len(features.spans(rows)[0]) for place, rows in tests.items()}
    # Un danger dure autant partout : sa fréquence par heure se déduit de la part du temps qu’il occupe.
    steps = sum(int(rows[features.TARGET].sum()) for rows in tests.values())
    cameras = tests["soiree"]["id_camera"].nunique()
    per_share = sum(episodes.values()) / steps * cameras * tables.STEPS_PER_HOUR
    found = []
    for threshold in thresholds:
        reports = {place: done.report(place, threshold=threshold) for place in NAMES}
        total = sum(report.episodes for report in reports.values())
        per_episode = sum(report.true_alarms for report in reports.values()) / total
        recall = sum(report.detected for report in reports.values()) / total
        for place, report in reports.items():
            share, hours = float(tests[place][features.TARGET].mean()), done.hours(place)
            missed = (report.episodes - report.detected) / hours
            right = report.true_alarms / hours
            found.append(
                Rates(share, threshold, place, episodes[place] / hours, missed, right, report.false_per_hour, hours)
            )
        for share in prevalences:
            rate = per_share * share
            false = reports["soiree"].false_per_hour
            found.append(Rates(share, threshold, "", rate, rate * (1 - recall), rate * per_episode, false))
    return sorted(found, key=lambda rates: (-rates.prevalence, rates.threshold))


def build(done: Trial | None = None) -> InteractiveFigure:
    """Construit la figure à partir des soirées de test.

    Parameters
    ----------
    done : Trial, optional
        Modèle ajusté ; celui du cours par défaut.

    Returns
    -------
    InteractiveFigure
        Trois curseurs, phrases, tableau et figure Vega-Lite.
    """
    cells = grid(done)
    shares = sorted({rates.prevalence for rates in cells}, reverse=True)
    by_key = {(shares.index(rates.prevalence), rates.threshold): rates for rates in cells}
    marks = tuple(mark(by_key[rank, THRESHOLDS[0]]) for rank in range(len(shares)))
    places = {by_key[rank, THRESHOLDS[0]].place: rank for rank in range(len(shares))}
    steps = [
        Step(rank, sentence(by_key[rank, threshold], hours), _row(by_key[rank, threshold], span, hours),
             second=threshold, third=third)
        for rank in range(len(shares))
        for threshold in THRESHOLDS
        for third, (hours, span) in enumerate(zip(HOURS, SPANS, strict=True))
    ]  # fmt: skip
    at = {place: by_key[rank, 0.5] for place, rank in places.items() if place}
    listed = ", ".join(
        f"{number(at[place].alarms)} en {name} dont {number(at[place].true, 1)} vraies" for place, name in NAMES.items()
    )
    return InteractiveFigure(
        title="Combien d’alertes par heure, et combien de vraies\u00a0?",
        control=Control("Danger présent", "", 0, len(shares) - 1, 1, places["soiree"], marks),
        second=Control("Seuil d’alerte", "", THRESHOLDS[0], THRESHOLDS[-1], 0.2, 0.5, tuple(map(_mark, THRESHOLDS))),
        third=Control("Durée de veille", "", 0, len(HOURS) - 1, 1, 0, SPANS),
        steps=steps,
        table_header=[
            "Danger présent", "Seuil", "Durée", "Alertes par heure", "Alertes en tout", "Vraies en tout",
            "Vraies sur 100", "Dangers non signalés",
        ],
        spec=_spec(by_key, marks, places["soiree"]),
        alt=(
            f"Six barres, de la répétition au soir le plus calme. Au seuil 0,5, le nombre d’alertes par heure change "
            f"peu, la part de vraies s’effondre\u00a0: {listed}."
        ),
        source=(
            "données synthétiques d’Aubeline, modèle jouet, soirées de test. Mesuré en répétition, en fan-zone et en "
            "soirée ordinaire\u00a0; extrapolé ailleurs."
        ),
    )  # fmt: skip


def mark(rates: Rates) -> str:
    """Nom d’une position du premier curseur.

    Parameters
    ----------
    rates : Rates
        Fréquence.

    Returns
    -------
    str
        Part du temps, lieu ou « extrapolé ».

    Examples
    --------
    >>> mark(Rates(0.002, 0.5, "", 1, 0, 1, 1)).replace("\u00a0", " ")
    '0,2 % du temps, extrapolé'
    """
    return f"{_share(rates.prevalence)} du temps, {NAMES.get(rates.place, 'extrapolé')}"


def sentence(rates: Rates, hours: float) -> str:
    """Constat d’une position.

    Parameters
    ----------
    rates : Rates
        Fréquence et seuil.
    hours : float
        Heures de veille.

    Returns
    -------
    str
        Deux ou trois phrases en français.
    """
    where = f"Mesuré en {NAMES[rates.place]}" if rates.place else "Extrapolé des lieux mesurés"
    rate = f"{number(rates.alarms, 1)}\u00a0alerte{'s' * (rates.alarms >= 1.95)} par heure"
    left = (
        f"Il reste {_counted(rates.missed, hours, 'danger non signalé', 'dangers non signalés')}"
        if rates.missed
        else "Aucun danger n’échappe"
    )
    said = f"{where}\u00a0: un danger {_each(rates.episodes)}."
    if not rates.alarms:
        return f"{said} L’outil ne donne aucune alerte. {left}."
    return (
        f"{said} L’opérateur reçoit {rate}, {number(rates.alarms * hours)} en {number(hours)}\u00a0h, dont "
        f"{_counted(rates.true, hours, 'vraie')}, soit {_hundred(rates.precision)}. {left}."
    )


def _counted(per_hour: float, hours: float, singular: str, many: str | None = None) -> str:
    """« 12 vraies », ou « une vraie toutes les 7 veilles » quand il y en a moins d’une."""
    count = per_hour * hours
    if round(count) >= 1:
        return plural(round(count), singular, many)
    article = "un" if singular.startswith("danger") else "une"
    if not per_hour:
        return f"aucun{'e' * (article == 'une')} {singular}"
    return f"{article} {singular} toutes les {number(1 / (per_hour * HOURS[0]))}\u00a0veilles de {HOURS[0]}\u00a0h"


def _hundred(precision: float) -> str:
    value = 100 * precision
    return f"{number(value, 0 if value >= 9.5 else 1 if value >= 0.95 else 2)}\u00a0sur\u00a0100"


def _each(per_hour: float) -> str:
    minutes = 60 / per_hour
    if minutes < 90:
        return f"toutes les {number(minutes)}\u00a0minutes" if minutes >= 1.5 else "par minute"
    return f"toutes les {number(minutes / 60)}\u00a0heures"


def _share(share: float) -> str:
    digits = 0 if share >= 0.095 else 1 if share >= 0.0095 else 2
    text = number(100 * share, digits)
    return f"{text.rstrip('0').rstrip(',') if ',' in text else text}\u00a0%"


def _small(count: float) -> str:
    return number(count, 0 if count >= 9.5 else 1 if count >= 0.95 else 2)


def _mark(threshold: float) -> str:
    return number(threshold, 1)


def _total(rates: Rates, hours: float) -> str:
    right = round(rates.true * hours)
    said = plural(right, "vraie") if right else "moins d’une vraie"
    return f"{plural(round(rates.alarms * hours), 'alerte')} en {number(hours)}\u00a0h, {said}"


def _row(rates: Rates, span: str, hours: float) -> list[str]:
    return [
        mark(rates),
        number(rates.threshold, 1),
        span,
        number(rates.alarms, 1),
        number(rates.alarms * hours),
        _small(rates.true * hours),
        _share(rates.precision),
        _small(rates.missed * hours),
    ]


def _spec(by_key: dict[tuple[int, float], Rates], marks: Sequence[str], default: int) -> dict[str, Any]:
    # Un libellé sur deux lignes tient sur un téléphone.
    labels = [text.split(" du temps, ") for text in marks]
    values: list[dict[str, Any]] = []
    for (rank, threshold), rates in by_key.items():
        for order, (name, value) in enumerate(((TRUE, rates.true), (FALSE, rates.false))):
            values.append(
                {"r": rank, "s": threshold, "l": " · ".join(labels[rank]), "m": name, "o": order, "v": round(value, 3)}
            )
        # Le total est écrit d’avance, pour dire le même nombre que la phrase.
        totals = [_total(rates, hours) for hours in HOURS]
        values[-2] |= {"t": round(rates.alarms, 3), "p": _share(rates.precision), "w": totals}
    names = [" · ".join(label) for label in labels]
    top = max(rates.alarms for rates in by_key.values())
    # Une ligne vide en bas garde la place du total : il ne recouvre jamais une barre.
    y = {"field": "l", "type": "nominal", "sort": None, "title": None, "scale": {"domain": [*names, " "]},
         "axis": {"labelLimit": 150, "labelExpr": "split(datum.label, ' · ')", "ticks": False}}  # fmt: skip
    x = {"type": "quantitative", "title": "Alertes par heure de veille", "scale": {"domain": [0, round(1.5 * top)]}}
    colour = {
        "field": "m", "type": "nominal", "scale": {"domain": [TRUE, FALSE], "range": [SERIES[0], SERIES[1]]},
        "legend": {"orient": "top", "title": None},
    }  # fmt: skip
    chosen = f"datum.r == {CURSOR}"
    here = [{"filter": f"abs(datum.s - {SECOND_CURSOR}) < 0.01"}]
    once = [*here, {"filter": f"datum.m == '{TRUE}'"}]
    label = [*once, {"calculate": "datum.p + ' vraies'", "as": "texte"}]
    beside = {"type": "text", "align": "left", "dx": 5}
    written = {"y": y, "x": {**x, "field": "t"}, "text": {"field": "texte"}}
    return {
        "params": [{"name": CURSOR, "value": default}, {"name": SECOND_CURSOR, "value": 0.5},
                   {"name": THIRD_CURSOR, "value": 0}],
        "data": {"values": values},
        "layer": [
            {"transform": here, "mark": {"type": "bar", "height": {"band": 0.62}},
             "encoding": {"y": y, "x": {**x, "field": "v", "stack": "zero"}, "color": colour,
                          "order": {"field": "o", "type": "ordinal"},
                          "opacity": {"condition": {"test": chosen, "value": 1}, "value": 0.4}}},
            {"transform": [*label, {"filter": f"!({chosen})"}], "mark": beside, "encoding": written},
            {"transform": [*label, {"filter": chosen}], "mark": {**beside, "fontWeight": "bold"}, "encoding": written},
            {"transform": [*once, {"filter": chosen}, {"calculate": f"datum.w[{THIRD_CURSOR}]", "as": "somme"}],
             "mark": {"type": "text", "align": "right", "dx": -2, "color": INK, "fontWeight": "bold"},
             "encoding": {"x": {"value": "width"}, "y": {"datum": " ", "type": "nominal"}, "text": {"field": "somme"}}},
        ],
    }  # fmt: skip
