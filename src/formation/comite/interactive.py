"""Figures interactives du chapitre : qui partage, et ce que chaque croisement change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from formation.book.interactive import CURSOR, SECOND_CURSOR, Control, InteractiveFigure, Step
from formation.comite import privacy, streets
from formation.comite.gain import GAINS, NOTHING, TRAP, Gain
from formation.comite.summary import Measures
from formation.numbers import number, plural
from formation.palette import INK, SERIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from formation.comite.street_weeks import Grid

    Shares = Mapping[int, Mapping[int, float]]

WHO = (
    "l’eau seule",
    "avec les appels, masqués sous 5",
    "avec les appels d’avant, rue par rue",
    "avec les appels de la même semaine",
)
"""Ce que le service de l’eau reçoit : rien, un compte masqué, le compte, ou le compte du futur."""
SAID = ("avec ce que le service de l’eau sait seul", *WHO[1:])
SHARES = tuple(range(1, 11))
SHARE = Control("Part des rues visitées chaque semaine", "%", SHARES[0], SHARES[-1], 1, 2)
PARTNER = Control("Ce que le service de l’eau reçoit", "", 0, len(WHO) - 1, 1, 2, marks=WHO)
TRAP_RANK = 3
SOURCE = "données synthétiques d’Aubeline, tables des six cas\u00a0; mesures sur des périodes jamais vues."
ANSWERS = {
    GAINS: "le croisement gagne",
    NOTHING: "le croisement ne gagne rien de sûr",
    TRAP: "c’est un piège, car le jour de décider personne n’a cette donnée",
}
SHORT = {
    "J1": "J1\u00a0: appels × calendrier, météo, grèves, casses",
    "J2": "J2\u00a0: casses × appels des semaines d’avant",
    "J2bis": "J2 bis\u00a0: casses × appels de la même semaine",
    "J3": "J3\u00a0: crue × carte des sols, modèle physique",
    "J3bis": "J3 bis\u00a0: crue × carte des sols, modèle qui apprend",
    "J4": "J4\u00a0: repas × préavis de grève",
    "J4bis": "J4 bis\u00a0: repas × taux de grève du soir",
    "J5": "J5\u00a0: casses du mois × météo",
    "J6": "J6\u00a0: conduites × sol et trafic des rues",
}
"""Nom de chaque croisement, tel que le curseur l’affiche."""


def build(found: Measures | None = None) -> InteractiveFigure:
    """Construit la figure de J2 : part des rues visitées × ce que l’on partage.

    Parameters
    ----------
    found : Measures, optional
        Mesures ; celles du cours par défaut.

    Returns
    -------
    InteractiveFigure
        Deux curseurs, phrases, tableau et figure Vega-Lite.
    """
    measures = found or Measures()
    caught = _captured(measures)
    broken = measures.streets[0]
    steps = [
        Step(share, _sentence(share, rank, caught, broken), _row(share, rank, caught, broken), second=rank)
        for share in SHARES
        for rank in range(len(WHO))
    ]
    at = {rank: number(100 * caught[rank][int(SHARE.default)]) for rank in range(len(WHO))}
    return InteractiveFigure(
        title="Aller voir quelles rues, selon ce que l’on partage\u00a0?",
        control=SHARE,
        second=PARTNER,
        steps=steps,
        table_header=["Rues visitées", "Rues par semaine", "L’eau reçoit", "Casses captées", "Visites pour une casse"],
        spec=_curves(caught),
        alt=(
            "Quatre courbes\u00a0: la part des casses captées selon la part des rues visitées. À "
            f"{number(SHARE.default)}\u00a0% des rues\u00a0: {at[0]}\u00a0% avec l’eau seule, {at[1]}\u00a0% avec des "
            f"appels masqués sous {streets.THRESHOLD}, {at[2]}\u00a0% avec les appels d’avant, {at[3]}\u00a0% avec "
            "ceux de la même semaine, que l’on n’a jamais à temps."
        ),
        source=SOURCE,
    )


def build_joins(measured: Sequence[Gain] | None = None) -> InteractiveFigure:
    """Construit la figure des croisements : la mesure sans, puis avec.

    Parameters
    ----------
    measured : sequence of Gain, optional
        Gains ; ceux du cours par défaut.

    Returns
    -------
    InteractiveFigure
        Un curseur, phrases, tableau et figure Vega-Lite.
    """
    from formation.comite.summary import gains

    listed = list(gains() if measured is None else measured)
    names = tuple(SHORT[item.code] for item in listed)
    control = Control("Croisement", "", 0, len(listed) - 1, 1, 0, marks=names)
    counts = {verdict: sum(item.verdict == verdict for item in listed) for verdict in ANSWERS}
    return InteractiveFigure(
        title="Ce que chaque croisement change",
        control=control,
        steps=[Step(rank, _verdict(item), _line(item)) for rank, item in enumerate(listed)],
        table_header=["Croisement", "Question", "Mesure", "Sans", "Avec", "Verdict"],
        spec=_bars(listed),
        alt=(
            f"Deux barres par croisement\u00a0: la mesure sans la donnée du voisin, ramenée à 100, puis avec. Sur "
            f"{plural(len(listed), 'croisement')}, {counts[GAINS]} gagnent, {counts[NOTHING]} ne gagnent rien de sûr, "
            f"{counts[TRAP]} sont des pièges."
        ),
        source=SOURCE,
    )


def _captured(measures: Measures) -> dict[int, dict[int, float]]:
    """Part captée par rang de partage et par part visitée."""
    panel = measures.street_weeks
    broken, risks = measures.streets
    hidden = streets.past_calls(privacy.coarser(panel, privacy.MASKED))
    given = streets.variables(panel, streets.WITHOUT) | {name: grid[:, :-1] for name, grid in hidden.items()}
    ordered = (risks[streets.WITHOUT], streets.risk(panel, given), risks[streets.BEFORE], risks[streets.SAME_WEEK])
    total = float(broken.sum())
    return {
        rank: {share: float(streets.captured(score, broken, share / 100).sum()) / total for share in SHARES}
        for rank, score in enumerate(ordered)
    }


def _sentence(share: int, rank: int, caught: Shares, broken: Grid) -> str:
    alone, here = caught[0][share], caught[rank][share]
    rows, total = len(broken), float(broken.sum())
    visits = streets.visits(rows, share / 100)
    text = (
        f"En visitant {visits} rues sur {number(rows)} chaque semaine, {SAID[rank]}, on passe avant "
        f"{number(100 * here)}\u00a0casses sur 100 ({number(here * total)} sur {number(total)} en deux ans)."
    )
    if rank == 0:
        return f"{text} C’est ce que donnent les conduites et leur passé, sans aucun partage."
    gap = 100 * (here - alone)
    if rank == TRAP_RANK:
        return f"{text} Ce chiffre est un piège\u00a0: ces appels, c’est la casse qui les provoque."
    if abs(gap) < 1:
        return f"{text} Autant que l’eau seule\u00a0: ce partage-là ne sert à rien."
    more = "de plus" if gap > 0 else "de moins"
    return f"{text} C’est {plural(round(abs(gap)), 'point')} {more} que l’eau seule."


def _row(share: int, rank: int, caught: Shares, broken: Grid) -> list[str]:
    here, visits = caught[rank][share], streets.visits(len(broken), share / 100)
    trips = visits * broken.shape[1] / (here * float(broken.sum())) if here else float("nan")
    each = number(trips) if here else "aucune casse"
    return [f"{share}\u00a0%", str(visits), WHO[rank], f"{number(100 * here)}\u00a0%", each]


def _curves(caught: Shares) -> dict[str, Any]:
    values = [
        {"x": share, "y": round(100 * value, 1), "m": WHO[rank], "r": rank}
        for rank, line in caught.items()
        for share, value in line.items()
    ]
    legend = {"orient": "top", "title": None, "columns": 1, "labelLimit": 0, "symbolStrokeWidth": 3}
    colours = [SERIES[2], SERIES[3], SERIES[0], SERIES[1]]
    dashes = [[2, 2], [8, 3, 2, 3], [1, 0], [6, 3]]
    colour = {
        "field": "m", "type": "nominal", "sort": list(WHO), "legend": legend,
        "scale": {"domain": list(WHO), "range": colours},
    }  # fmt: skip
    dash = {
        "field": "m", "type": "nominal", "sort": list(WHO), "legend": legend,
        "scale": {"domain": list(WHO), "range": dashes},
    }  # fmt: skip
    x = {
        "field": "x", "type": "quantitative", "title": SHARE.label + "\u00a0(%)",
        "scale": {"domain": [SHARES[0], SHARES[-1]]}, "axis": {"values": list(SHARES), "format": "d", "grid": False},
    }  # fmt: skip
    y = {"field": "y", "type": "quantitative", "title": "Part des casses captées (%)", "scale": {"domain": [0, 100]}}
    chosen = {"filter": f"datum.r == {SECOND_CURSOR}"}
    here = [chosen, {"filter": f"datum.x == {CURSOR}"}]
    return {
        "params": [{"name": CURSOR, "value": SHARE.default}, {"name": SECOND_CURSOR, "value": PARTNER.default}],
        "data": {"values": values},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "line", "opacity": 0.45, "strokeWidth": 2},
             "encoding": {"color": colour, "strokeDash": dash}},
            {"transform": [chosen], "mark": {"type": "line", "strokeWidth": 4},
             "encoding": {"color": {**colour, "legend": None}}},
            {"transform": here, "mark": {"type": "rule", "strokeDash": [3, 3]},
             "encoding": {"y": {"value": 0}, "y2": {"value": "height"}}},
            {"transform": here, "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
             "encoding": {"color": {**colour, "legend": None}}},
            {"transform": here,
             "mark": {"type": "text", "dx": 8, "dy": 16, "align": "left", "fontWeight": "bold", "fontSize": 14},
             "encoding": {"text": {"field": "y", "type": "quantitative", "format": ".0f"}}},
        ],
    }  # fmt: skip


def _digits(item: Gain) -> int:
    if "%" in item.measure:
        return 1
    return 3 if "m³" in item.measure else 2


def _verdict(item: Gain) -> str:
    digits = _digits(item)
    before, after = number(item.without, digits), number(item.joined, digits)
    move = f"reste à {after}" if before == after else f"passe de {before} à {after}"
    question, measure = item.question[:-1].strip(), item.measure[0].upper() + item.measure[1:]
    return f"{question}\u00a0? {measure}\u00a0: {move}. Verdict\u00a0: {ANSWERS[item.verdict]}."


def _line(item: Gain) -> list[str]:
    digits = _digits(item)
    values = [number(item.without, digits), number(item.joined, digits)]
    return [SHORT[item.code], item.question, item.measure, *values, item.verdict]


def _bars(listed: Sequence[Gain]) -> dict[str, Any]:
    values: list[dict[str, Any]] = []
    for rank, item in enumerate(listed):
        for place, (name, value) in enumerate((("sans", item.without), ("avec", item.joined))):
            text = f"{name}\u00a0: {number(value, _digits(item))}"
            values.append({"r": rank, "k": name, "v": round(100 * value / item.without, 1), "t": text, "o": place})
    here = {"filter": f"datum.r == {CURSOR}"}
    top = 1.25 * max(float(line["v"]) for line in values)
    x = {
        "field": "v", "type": "quantitative", "title": "Mesure, 100 sans le croisement", "scale": {"domain": [0, top]}
    }  # fmt: skip
    y = {"field": "k", "type": "nominal", "sort": ["sans", "avec"], "title": None, "axis": {"labelFontSize": 14}}
    colour = {
        "field": "k", "type": "nominal", "legend": None,
        "scale": {"domain": ["sans", "avec"], "range": [SERIES[2], SERIES[0]]},
    }  # fmt: skip
    return {
        "params": [{"name": CURSOR, "value": 0}],
        "data": {"values": values},
        "transform": [here],
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "bar", "height": 46}, "encoding": {"color": colour}},
            {"mark": {"type": "text", "align": "left", "dx": 8, "fontWeight": "bold", "fontSize": 14, "color": INK},
             "encoding": {"text": {"field": "t", "type": "nominal"}}},
        ],
    }  # fmt: skip
