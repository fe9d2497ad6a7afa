"""Chiffres cités dans le livre : la valeur des données livrées, l’étendue sur cinq graines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
import yaml

from formation.files import write_atomic
from formation.numbers import number

if TYPE_CHECKING:
    from pathlib import Path

    from formation.territory import Territory

SEEDS = (447, 1, 2, 3, 4)
"""Graines de tous les cas ; la première est celle des données livrées."""


def over_seeds(
    one_seed: Callable[[Territory, int], Mapping[str, float]],
    territory: Territory,
    seeds: Iterable[int] = SEEDS,
    *,
    n_jobs: int = 1,
) -> pd.DataFrame:
    """Recommence une mesure sur plusieurs simulations.

    Parameters
    ----------
    one_seed : callable
        Reçoit le territoire et une graine, rend un chiffre par nom. Fonction de module, pour passer d’un processus
        à l’autre.
    territory : Territory
        Territoire.
    seeds : iterable of int
        Graines.
    n_jobs : int
        Nombre de processus.

    Returns
    -------
    DataFrame
        Une ligne par graine, une colonne par chiffre.

    Examples
    --------
    >>> over_seeds(lambda territory, seed: {"double": 2.0 * seed}, None, (1, 2))["double"].tolist()
    [2.0, 4.0]
    """
    from sklearn.utils.parallel import Parallel, delayed

    listed = list(seeds)
    rows = Parallel(n_jobs=n_jobs)(delayed(one_seed)(territory, seed) for seed in listed)
    return pd.DataFrame(rows, index=listed)


def write(
    file: Path,
    case: str,
    one_seed: Callable[[Territory, int], Mapping[str, float]],
    territory: Territory,
    *,
    unit: Callable[[str], str],
    digits: Callable[[str], int],
    seeds: Iterable[int] = SEEDS,
    n_jobs: int = 1,
) -> None:
    """Calcule les chiffres d’un cas et écrit `chiffres.yml`, d’un coup.

    Parameters
    ----------
    file : Path
        Fichier à écrire.
    case : str
        Identifiant du cas.
    one_seed : callable
        Reçoit le territoire et une graine, rend un chiffre par nom.
    territory : Territory
        Territoire.
    unit, digits : callable
        Unité affichée et nombre de décimales d’un chiffre, d’après son nom.
    seeds : iterable of int
        Graines ; la première est celle des données livrées, dont les tables sont au bit près celles de la simulation.
    n_jobs : int
        Nombre de processus.
    """
    spread = over_seeds(one_seed, territory, seeds, n_jobs=n_jobs)
    lines: dict[str, dict[str, Any]] = {}
    for name in map(str, spread.columns):
        values = spread[name].astype(float)
        places, suffix = digits(name), f"\u00a0{unit(name)}" if unit(name) else ""
        low, high = (number(bound, places) for bound in (values.min(), values.max()))
        lines[name] = {"valeur": number(values.iloc[0], places) + suffix, "etendue": f"{low} à {high}{suffix}"}
        lines[name] |= {"moyenne": round(float(values.mean()), 4)}
        lines[name] |= {"graines": {int(seed): round(float(value), 4) for seed, value in values.items()}}
    header = f"# Chiffres calculés par formation.{case}.key_figures ; ne pas modifier à la main.\n"
    header += f"# valeur : données livrées, graine {spread.index[0]} ; etendue et moyenne : toutes les graines.\n"
    write_atomic(file, (header + yaml.safe_dump(lines, allow_unicode=True, sort_keys=False)).encode())


class Writer(Protocol):
    """Le `write` d’un cas."""

    def __call__(self, file: Path, territory: Territory, *, seeds: Iterable[int] = SEEDS, n_jobs: int = 1) -> None:
        """Calcule les chiffres du cas et les écrit."""


def writer(
    case: str,
    one_seed: Callable[[Territory, int], Mapping[str, float]],
    *,
    unit: Callable[[str], str],
    digits: Callable[[str], int],
) -> Writer:
    """Prépare le `write` d’un cas, le même pour tous.

    Parameters
    ----------
    case : str
        Identifiant du cas.
    one_seed : callable
        Reçoit le territoire et une graine, rend un chiffre par nom.
    unit, digits : callable
        Unité affichée et nombre de décimales d’un chiffre, d’après son nom.

    Returns
    -------
    callable
        `write(file, territory, *, seeds=SEEDS, n_jobs=1)`, qui passe ses arguments à :func:`write`.
    """

    def write_case(file: Path, territory: Territory, *, seeds: Iterable[int] = SEEDS, n_jobs: int = 1) -> None:
        write(file, case, one_seed, territory, unit=unit, digits=digits, seeds=seeds, n_jobs=n_jobs)

    return write_case
