"""Le taux de base : quand ce que l’on cherche est rare, la plupart des alertes sont fausses.

Calcul exact sur 10 000 dossiers, sans hasard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from formation.book.interactive import CURSOR, SECOND_CURSOR, Control, InteractiveFigure, Step
from formation.numbers import number, plural, shortest
from formation.palette import INK, SERIES

FILES = 10_000
ONE_IN = (1000, 500, 200, 100, 50, 20, 10, 5, 2)
"""Un dossier en cause sur tant de dossiers."""
RELIABILITIES = (80, 90, 95, 99, 99.9)
"""Sur 100 dossiers de chaque sorte, combien le programme juge bien."""
RARITY = Control("Dossiers vraiment en cause", "", 0, len(ONE_IN) - 1, 1, 3,
                 marks=tuple(f"1 sur {number(n)}" for n in ONE_IN))  # fmt: skip
RELIABILITY = Control("Ce que promet le vendeur", "", 0, len(RELIABILITIES) - 1, 1, 2,
                      marks=tuple(f"juste {shortest(r)} fois sur 100" for r in RELIABILITIES))  # fmt: skip
KINDS = ("alerte juste", "fausse alerte")
SOURCE = "calcul sur 10\u202f000 dossiers inventés, sans hasard."


@dataclass(frozen=True)
class Alerts:
    """Alertes levées sur 10 000 dossiers : justes, fausses, et dossiers en cause manqués."""

    right: int
    wrong: int
    missed: int

    @property
    def right_in_100(self) -> float:
        """Alertes justes sur 100 alertes."""
        return 100 * self.right / (self.right + self.wrong)


def alerts(one_in: int, reliability: float) -> Alerts:
    """Alertes d’un programme qui juge aussi bien les dossiers en cause que les autres.

    Parameters
    ----------
    one_in : int
        Un dossier en cause sur `one_in`.
    reliability : float
        Dossiers bien jugés sur 100, de chaque sorte.

    Returns
    -------
    Alerts
        Comptes, arrondis à l’entier.

    Examples
    --------
    >>> alerts(100, 95)
    Alerts(right=95, wrong=495, missed=5)
    """
    concerned = FILES / one_in
    right = round(concerned * reliability / 100)
    return Alerts(right, round((FILES - concerned) * (100 - reliability) / 100), round(concerned) - right)


def build() -> InteractiveFigure:
    """Figure : rareté × promesse du vendeur.

    Returns
    -------
    InteractiveFigure
        Deux curseurs, phrases, tableau et figure Vega-Lite.
    """
    steps, values = [], []
    for rank, one_in in enumerate(ONE_IN):
        for place, reliability in enumerate(RELIABILITIES):
            found = alerts(one_in, reliability)
            row = [RARITY.marks[rank], RELIABILITY.marks[place], number(found.right), number(found.wrong),
                   number(found.right_in_100)]  # fmt: skip
            steps.append(Step(rank, _sentence(one_in, reliability, found), row, second=place))
            for kind, count in zip(KINDS, (found.right, found.wrong), strict=True):
                values.append({"r": rank, "p": place, "k": kind, "n": count, "t": number(count)})
    return InteractiveFigure(
        title="Sur cent alertes, combien de vraies\u00a0?",
        control=RARITY,
        second=RELIABILITY,
        steps=steps,
        table_header=["En cause", "Promesse", "Alertes justes", "Fausses alertes", "Alertes justes sur 100"],
        spec=_spec(values),
        alt=(
            "Deux barres\u00a0: les alertes justes et les fausses, sur 10\u202f000 dossiers. Avec un dossier en "
            "cause sur 100 et un programme juste 95 fois sur 100, il y a 95 alertes justes et 495 fausses."
        ),
        source=SOURCE,
    )


def _sentence(one_in: int, reliability: float, found: Alerts) -> str:
    total = found.right + found.wrong
    share = number(found.right_in_100) if found.right_in_100 >= 1 else "moins d’une"
    verb = "est juste" if found.right < 2 else "sont justes"
    return (
        f"Le vendeur dit vrai\u00a0: juste {shortest(reliability)}\u00a0fois sur 100. "
        f"Mais 1\u00a0dossier sur {number(one_in)} est en cause\u00a0: "
        f"sur {plural(total, 'alerte')}, {number(found.right)} {verb}, soit {share} sur 100."
    )


def _spec(values: list[dict[str, Any]]) -> dict[str, Any]:
    colour = {
        "field": "k", "type": "nominal", "legend": None,
        "scale": {"domain": list(KINDS), "range": [SERIES[0], SERIES[1]]},
    }  # fmt: skip
    x = {"field": "n", "type": "quantitative", "title": "Alertes sur 10\u202f000 dossiers", "axis": {"tickCount": 5}}
    y = {"field": "k", "type": "nominal", "sort": list(KINDS), "title": None, "axis": {"labelFontSize": 14}}
    return {
        "params": [{"name": CURSOR, "value": RARITY.default}, {"name": SECOND_CURSOR, "value": RELIABILITY.default}],
        "data": {"values": values},
        "transform": [{"filter": f"datum.r == {CURSOR} && datum.p == {SECOND_CURSOR}"}],
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "bar", "height": 46}, "encoding": {"color": colour}},
            {"mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold", "fontSize": 14, "color": INK},
             "encoding": {"text": {"field": "t", "type": "nominal"}}},
        ],
    }  # fmt: skip
