"""Lire les contributions livrées, la table de vérité, et le fichier d’une collectivité qui suit le même schéma."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formation import datasets
from formation.citoyens.generator.grammar import phrases

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from formation.territory import Territory

CASE = "citoyens"
THEME_COLUMNS = ("theme_1", "theme_2", "theme_3")


def load(name: str = "contributions") -> pd.DataFrame:
    """Table livrée.

    Parameters
    ----------
    name : str
        `contributions`, ou `verite` : ce que la grammaire a mis dans chaque texte.

    Returns
    -------
    DataFrame
        Une ligne par contribution, dans le même ordre pour les deux tables.

    Raises
    ------
    formation.errors.DonneesIntrouvables
        Si la table n’existe pas.

    Examples
    --------
    >>> len(load())
    400
    """
    table: pd.DataFrame = datasets.load(CASE, name)
    return table


def validate(path: str | Path, name: str = "contributions") -> pd.DataFrame:
    """Lit un fichier et le vérifie avec le schéma de la table livrée.

    Parameters
    ----------
    path : str or Path
        Fichier CSV.
    name : str
        Table dont le fichier suit le schéma.

    Returns
    -------
    DataFrame
        Table lue, avec ses types.

    Raises
    ------
    formation.errors.DonneesInvalides
        Si le fichier ne suit pas le schéma ; le message dit tous les problèmes, et rien n’est écrit.
    """
    table: pd.DataFrame = datasets.validate(CASE, name, path)
    return table


def simulated(territory: Territory, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contributions et vérité d’une autre graine.

    Parameters
    ----------
    territory : Territory
        Territoire.
    seed : int
        Graine.

    Returns
    -------
    tuple of DataFrame
        Contributions, vérité.
    """
    from formation.citoyens.simulation import simulate

    tables = simulate(territory, seed=seed)
    return tables["contributions"], tables["verite"]


def titles() -> dict[str, str]:
    """Nom de chaque thème en français, les quatre thèmes minoritaires à la fin.

    Returns
    -------
    dict of str to str
        Identifiant et titre.

    Examples
    --------
    >>> titles()["cout"]
    'Coût et impôts'
    """
    # La grammaire est lue avec l’apostrophe du clavier ; un titre, lui, est écrit par nous.
    return {name: theme["titre"].replace("'", "\u2019") for name, theme in phrases()["themes"].items()}


def minority() -> tuple[str, ...]:
    """Thèmes minoritaires : ceux que peu de contributions portent, et qui disent qui l’on exclut.

    Returns
    -------
    tuple of str
        Identifiants.

    Examples
    --------
    >>> minority()
    ('handicap', 'sans_internet', 'eloignement', 'langue')
    """
    return tuple(name for name, theme in phrases()["themes"].items() if theme.get("minoritaire"))


def themes_of(truth: pd.DataFrame) -> list[frozenset[str]]:
    """Thèmes de chaque contribution.

    Parameters
    ----------
    truth : DataFrame
        Table `verite`.

    Returns
    -------
    list of frozenset of str
        Un ensemble par ligne, vide si le texte n’en porte aucun.
    """
    columns = [truth[name].tolist() for name in THEME_COLUMNS]
    return [frozenset(name for name in row if isinstance(name, str)) for row in zip(*columns, strict=True)]


def carried(truth: pd.DataFrame) -> pd.DataFrame:
    """Thèmes portés, en cases à cocher.

    Parameters
    ----------
    truth : DataFrame
        Table `verite`.

    Returns
    -------
    DataFrame
        Une colonne de booléens par thème, une ligne par contribution.

    Examples
    --------
    >>> carried(load("verite")).shape
    (400, 13)
    """
    import pandas as pd

    rows = themes_of(truth)
    return pd.DataFrame({name: [name in row for row in rows] for name in titles()}, index=truth.index)
