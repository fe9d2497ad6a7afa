"""Le territoire commun, vu comme un objet : sept tables qui partagent leurs clés."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from formation import datasets

TABLES = ("communes", "calendrier", "meteo_jour", "rues", "ecoles", "evenements", "greves")


@dataclass(frozen=True)
class Territory:
    """Aubeline, agglomération fictive de douze communes.

    Attributes
    ----------
    communes : DataFrame, 12 lignes
        Une ligne par commune ; clé `code_commune`, texte de cinq chiffres.
    calendrier : DataFrame
        Une ligne par jour, du 1er septembre 2014 au 31 août 2025.
    meteo_jour : DataFrame
        Une ligne par jour, du 1er janvier 2013 au 31 décembre 2025.
    rues : DataFrame
        Une ligne par rue ; clé `id_rue`.
    ecoles : DataFrame, 28 lignes
        Une ligne par école ; clé `id_ecole`.
    evenements : DataFrame
        Marchés, concerts, matchs ; clé `id_evenement`.
    greves : DataFrame, 58 lignes
        Jours de grève ; clé `date`.

    Examples
    --------
    >>> len(load_territory().communes)
    12
    """

    communes: pd.DataFrame
    calendrier: pd.DataFrame
    meteo_jour: pd.DataFrame
    rues: pd.DataFrame
    ecoles: pd.DataFrame
    evenements: pd.DataFrame
    greves: pd.DataFrame

    @classmethod
    def from_tables(cls, tables: Mapping[str, pd.DataFrame]) -> Territory:
        """Construit le territoire à partir de ses tables.

        Parameters
        ----------
        tables : mapping of str to DataFrame
            Au moins les tables de `TABLES`.

        Returns
        -------
        Territory
            Le territoire.

        Raises
        ------
        KeyError
            Si une table manque.
        """
        return cls(**{name: tables[name] for name in TABLES})


def load(name: str) -> pd.DataFrame:
    """Table livrée du territoire.

    Parameters
    ----------
    name : str
        Nom de la table : `communes`, `rues`…

    Returns
    -------
    DataFrame
        Tableau neuf, avec ses types.

    Raises
    ------
    formation.errors.DonneesIntrouvables
        Si la table n’existe pas.

    Examples
    --------
    >>> load("ecoles").shape[0]
    28
    """
    frame: pd.DataFrame = datasets.load("territoire", name)
    return frame


def load_territory() -> Territory:
    """Toutes les tables livrées du territoire, en un objet.

    Raises
    ------
    formation.errors.DonneesIntrouvables
        Si une table manque.
    """
    return Territory.from_tables({name: load(name) for name in TABLES})
