"""Découper le temps d’un réseau inconnu : quelles années apprennent, lesquelles choisissent, lesquelles jugent."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from formation.errors import FormationError
from formation.numbers import plural

MIN_TEST_FAILURES, MIN_PAST_FAILURES = 30, 60
MAX_TRAIN_YEARS = 8


class ReseauTropPetit(FormationError):
    """Pas assez d’années ou de casses pour une mesure honnête."""


@dataclass(frozen=True)
class Years:
    """Découpage du temps : le passé apprend, la validation choisit, la fin juge."""

    first: int
    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]

    def sentence(self) -> str:
        """Dit le découpage en une phrase."""
        return (
            f"Historique depuis {self.first} ; apprentissage {_span(self.train)} ; choix du modèle "
            f"{_span(self.validation)} ; "
            f"test {_span(self.test)}."
        )


def choose_years(failures: pd.DataFrame, *, test_years: int = 2) -> Years:
    """Choisit les années d’après les dates de casses : test à la fin, validation avant, apprentissage avant encore.

    Parameters
    ----------
    failures : DataFrame
        Casses datées.
    test_years : int
        Nombre d’années de test.

    Returns
    -------
    Years
        Découpage.

    Raises
    ------
    ReseauTropPetit
        S’il n’y a pas une année d’historique, une d’apprentissage, une de validation et les années de test, ou pas
        assez de casses.

    Examples
    --------
    >>> dates = pd.date_range("2012-01-01", "2021-12-31", freq="7D")
    >>> choose_years(pd.DataFrame({"date_signalement": dates})).test
    (2020, 2021)
    """
    dates = failures["date_signalement"]
    if test_years < 1:
        raise ReseauTropPetit(f"Il faut au moins une année de test ; reçu {test_years}.")
    if dates.empty:
        raise ReseauTropPetit(
            f"Aucune casse utilisable. Il en faut au moins {MIN_PAST_FAILURES + MIN_TEST_FAILURES}, datées."
        )
    first, latest = int(dates.min().year), dates.max()
    # Une année qui s’arrête avant décembre n’est pas finie : elle jugerait mal.
    last = int(latest.year) if latest.month == 12 else int(latest.year) - 1
    counts = dates.dt.year.value_counts()
    test = tuple(range(last - test_years + 1, last + 1))
    before = list(range(first + 1, test[0]))
    validation = tuple(before[-2:]) if len(before) >= 4 else tuple(before[-1:])
    train = tuple(year for year in before if year not in validation)[-MAX_TRAIN_YEARS:]
    tested = int(sum(counts.get(year, 0) for year in test))
    past = int(sum(count for year, count in counts.items() if year < test[0]))
    if not train or tested < MIN_TEST_FAILURES or past < MIN_PAST_FAILURES:
        raise ReseauTropPetit(
            f"Le fichier couvre {first}–{last} "
            f"({plural(max(last - first + 1, 0), 'année complète', 'années complètes')}), avec "
            f"{plural(past, 'casse')} avant le test et {plural(tested, 'casse')} pendant. Il faut au "
            f"moins {test_years + 3} années "
            f"complètes, {MIN_PAST_FAILURES} casses avant et {MIN_TEST_FAILURES} pendant : en dessous, tout classement "
            "semble bon par chance. Remontez plus loin dans vos archives, réunissez plusieurs communes, ou essayez une "
            "seule année de test (--annees-test 1)."
        )
    return Years(first, train, validation, test)


def _span(years: tuple[int, ...]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
