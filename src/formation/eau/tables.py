"""Lire les tables du cas, et valider les siennes avec le même schéma."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formation import datasets

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

CASE = "eau"


def load(name: str = "troncons") -> pd.DataFrame:
    """Table livrée du cas « eau ».

    Parameters
    ----------
    name : str
        `troncons`, `defaillances`, `debits_nocturnes`, `fuites_secteurs`, `campagnes_ecoute` ou `bilan_annuel`.

    Returns
    -------
    DataFrame
        Codes en texte, dates en dates, longueurs en mètres.

    Raises
    ------
    formation.errors.DonneesIntrouvables
        Si la table n’existe pas.

    Examples
    --------
    >>> load("bilan_annuel")["annee"].max()
    np.int64(2025)
    """
    table: pd.DataFrame = datasets.load(CASE, name)
    return table


def streets() -> pd.DataFrame:
    """Rues du territoire : aléa argileux et trafic, à joindre par `id_rue`.

    Returns
    -------
    DataFrame
        Table `rues` du territoire.

    Examples
    --------
    >>> "trafic_veh_j" in streets()
    True
    """
    table: pd.DataFrame = datasets.load("territoire", "rues")
    return table


def validate(path: str | Path, name: str = "troncons") -> pd.DataFrame:
    """Lit le fichier d’une collectivité et le vérifie avec le schéma de la table livrée.

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
