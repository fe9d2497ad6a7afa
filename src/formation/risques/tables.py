"""Lire les tables du cas, décoder le radar, et valider ses fichiers avec le même schéma."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from formation import datasets

if TYPE_CHECKING:
    from pathlib import Path

CASE = "risques"
MISSING = 255
"""Code d’un pixel dont l’image est perdue."""

LOWEST_MM_H = 0.1
STEP_RATIO = 1.05
_LAST_CODE = 254


def load(name: str = "debits") -> Any:
    """Table livrée du cas « risques ».

    Parameters
    ----------
    name : str
        `episodes`, `bassins`, `pluviometres`, `debits`, `verite` ou `radar`.

    Returns
    -------
    DataFrame
        Codes en texte, débits en m³/s. Pour `radar`, un dictionnaire de tableaux : voir :func:`radar`.

    Raises
    ------
    formation.errors.DonneesIntrouvables
        Si la table n’existe pas.

    Examples
    --------
    >>> load("bassins")["jauge"].sum()
    np.int64(6)
    """
    return datasets.load(CASE, name)


def validate(path: str | Path, name: str = "debits") -> Any:
    """Lit le fichier d’une collectivité et le vérifie avec le schéma de la table livrée.

    Parameters
    ----------
    path : str or Path
        Fichier CSV, ou NPZ pour `radar`.
    name : str
        Table dont le fichier suit le schéma.

    Returns
    -------
    DataFrame
        Table lue, avec ses types ; un dictionnaire de tableaux pour `radar`.

    Raises
    ------
    formation.errors.DonneesInvalides
        Si le fichier ne suit pas le schéma ; le message dit tous les problèmes, et rien n’est écrit.
    """
    return datasets.validate(CASE, name, path)


def radar(episode: str) -> NDArray[np.float64]:
    """Images radar d’un épisode, en mm/h.

    Parameters
    ----------
    episode : str
        Identifiant, de `E01` à `E71`.

    Returns
    -------
    ndarray, forme (120, 24, 24)
        Une image toutes les cinq minutes, lignes du sud au nord, colonnes d’ouest en est ; NaN si l’image est perdue.

    Raises
    ------
    KeyError
        Si l’épisode n’existe pas.

    Examples
    --------
    >>> radar("E71").shape
    (120, 24, 24)
    """
    content = load("radar")
    found = np.flatnonzero(content["id_episode"] == episode)
    if len(found) == 0:
        names = content["id_episode"]
        raise KeyError(f"« {episode} » n’est pas un épisode : ils vont de {names[0]} à {names[-1]}.")
    return rain_rate(content["code"][found[0]])


def rain_rate(codes: ArrayLike) -> NDArray[np.float64]:
    """Décode le radar : 0 pas de pluie, k une intensité de 0,1 × 1,05^(k − 1) mm/h, 255 image perdue.

    Parameters
    ----------
    codes : array_like of int, forme quelconque
        Codes de 0 à 255.

    Returns
    -------
    ndarray
        Intensité, en mm/h ; NaN si le code vaut 255.

    Raises
    ------
    ValueError
        Si un code n’est pas un entier de 0 à 255.

    Examples
    --------
    >>> rain_rate([0, 1, 100, 255]).round(2).tolist()
    [0.0, 0.1, 12.52, nan]
    """
    given = np.asarray(codes)
    if given.dtype.kind not in "iu" or (given.size and (int(given.min()) < 0 or int(given.max()) > MISSING)):
        raise ValueError("Un code radar est un entier de 0 à 255.")
    rates = LOWEST_MM_H * STEP_RATIO ** (np.arange(MISSING + 1) - 1.0)
    rates[0], rates[MISSING] = 0.0, np.nan
    decoded: NDArray[np.float64] = rates[given]
    return decoded


def rain_code(rates: ArrayLike) -> NDArray[np.uint8]:
    """Code une intensité, à 2,5 % près : l’inverse de :func:`rain_rate`.

    Parameters
    ----------
    rates : array_like
        Intensité, en mm/h ; NaN devient 255.

    Returns
    -------
    ndarray of uint8
        Codes de 0 à 255.

    Raises
    ------
    ValueError
        Si une intensité est négative.

    Examples
    --------
    >>> rain_code([0.0, 0.1, 12.5]).tolist()
    [0, 1, 100]
    """
    given = np.asarray(rates, dtype=float)
    if (given < 0).any():
        raise ValueError("Une intensité de pluie n’est pas négative.")
    wet = given >= LOWEST_MM_H
    level = np.zeros(given.shape)
    level[wet] = np.round(np.log(given[wet] / LOWEST_MM_H) / np.log(STEP_RATIO)) + 1
    return np.where(np.isnan(given), MISSING, np.minimum(level, _LAST_CODE)).astype(np.uint8)
