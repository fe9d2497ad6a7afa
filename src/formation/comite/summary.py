"""Toutes les jointures d’un coup, chacune mesurée sans puis avec, dans un seul tableau."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from formation.comite import basins, calls, months, newcomer, streets, strikes, trees
from formation.comite.tables import Sources

if TYPE_CHECKING:
    from formation.comite.gain import Gain
    from formation.comite.street_weeks import Grid, Panel


class Measures:
    """Mesures de toutes les jointures, chacune faite une fois, quand on la demande.

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.
    """

    def __init__(self, sources: Sources | None = None) -> None:
        self.sources = sources or Sources()

    @cached_property
    def calls(self) -> pd.DataFrame:
        """Prévisions de :func:`formation.comite.calls.forecasts`."""
        return calls.forecasts(calls.panel(self.sources))

    @cached_property
    def street_weeks(self) -> Panel:
        """Tableau de :func:`formation.comite.streets.panel`."""
        return streets.panel(self.sources)

    @cached_property
    def streets(self) -> tuple[Grid, dict[str, Grid]]:
        """Notes de :func:`formation.comite.streets.scores`, avec la régression."""
        return streets.scores(self.street_weeks)

    @cached_property
    def streets_trees(self) -> tuple[Grid, dict[str, Grid]]:
        """Les mêmes, avec les arbres et sans le piège."""
        essays = (streets.WITHOUT, streets.BEFORE)
        return streets.scores(self.street_weeks, kind=streets.TREES, essays=essays)

    @cached_property
    def basins(self) -> tuple[Grid, dict[str, Grid]]:
        """Débits de :func:`formation.comite.basins.hydrographs`."""
        return basins.hydrographs(self.sources)

    @cached_property
    def trees(self) -> pd.DataFrame:
        """Prévisions de :func:`formation.comite.trees.left_out`."""
        return trees.left_out(trees.panel(self.sources))

    @cached_property
    def strikes(self) -> pd.DataFrame:
        """Prévisions de :func:`formation.comite.strikes.forecasts`."""
        return strikes.forecasts(strikes.panel(self.sources))

    @cached_property
    def months(self) -> pd.DataFrame:
        """Prévisions de :func:`formation.comite.months.forecasts`."""
        return months.forecasts(months.panel(self.sources))

    @cached_property
    def newcomer(self) -> pd.DataFrame:
        """Notes de :func:`formation.comite.newcomer.scores`."""
        return newcomer.scores(newcomer.panel(self.sources))


def gains(sources: Sources | Measures | None = None) -> list[Gain]:
    """Mesure toutes les jointures du comité ; une trentaine de secondes.

    Parameters
    ----------
    sources : Sources or Measures, optional
        Tables, ou mesures déjà faites ; les tables du cours par défaut.

    Returns
    -------
    list of Gain
        J1, J2, J2bis, J3, J3bis, J4, J4bis, J5, J6. Le verdict demande que la droite et les arbres s’accordent, quand
        les deux ont été essayés.
    """
    found = sources if isinstance(sources, Measures) else Measures(sources)
    struck = [strikes.gain(found.strikes, kind=kind) for kind in (strikes.TREES, strikes.LINEAR)]
    return [
        calls.gain(found.calls).confirmed_by(calls.gain(found.calls, kind=calls.TREES)),
        streets.gain(*found.streets).confirmed_by(streets.gain(*found.streets_trees)),
        streets.gain(*found.streets, trap=True),
        basins.gain(*found.basins),
        trees.gain(found.trees).confirmed_by(trees.gain(found.trees, kind=trees.LINEAR)),
        struck[0].confirmed_by(struck[1]),
        strikes.gain(found.strikes, joined=strikes.KNOWN_RATE),
        months.gain(found.months).confirmed_by(months.gain(found.months, kind=months.TREES)),
        newcomer.gain(found.newcomer).confirmed_by(newcomer.gain(found.newcomer, kind=newcomer.LINEAR)),
    ]


def table(measured: list[Gain]) -> pd.DataFrame:
    """Tableau de gains déjà mesurés.

    Parameters
    ----------
    measured : list of Gain
        Gains de :func:`gains`.

    Returns
    -------
    DataFrame
        Une ligne par jointure : `code`, `jointure`, `question`, `mesure`, `sans`, `avec`, `gain`, `gain_min`,
        `gain_max` (9 fois sur 10) et `verdict`.

    Examples
    --------
    >>> from formation.comite.gain import Gain
    >>> table([Gain("J0", "a × b", "combien ?", "erreur (%)", 12.0, 10.0, 0.5, 3.5)])["verdict"].tolist()
    ['gagne']
    """
    lines = [
        {
            "code": item.code,
            "jointure": item.join,
            "question": item.question,
            "mesure": item.measure,
            "sans": item.without,
            "avec": item.joined,
            "gain": item.gain,
            "gain_min": item.low,
            "gain_max": item.high,
            "verdict": item.verdict,
        }
        for item in measured
    ]
    return pd.DataFrame(lines)


def results(sources: Sources | Measures | None = None) -> pd.DataFrame:
    """Tableau de toutes les jointures : question, mesure sans, mesure avec, gain, verdict.

    Parameters
    ----------
    sources : Sources or Measures, optional
        Tables, ou mesures déjà faites ; les tables du cours par défaut.

    Returns
    -------
    DataFrame
        Voir :func:`table`.
    """
    return table(gains(sources))
