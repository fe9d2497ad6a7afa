"""Changer les colonnes de texte d’une table inconnue en variables : des nombres, et des mots peu nombreux."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.errors import FormationError

MAX_WORDS = 15
_PLENTY = 10
_NUMERIC = 0.95
_SPACES = r"[\s\u00a0\u202f]"
_CODE = re.compile(r"0\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d.*|\d\d?/\d\d?/\d{4}.*")
_YES, _NO = {"1", "oui", "vrai", "true", "o"}, {"0", "non", "faux", "false", "n"}


class CibleInvalide(FormationError):
    """La colonne à prévoir ne se prête pas à une mesure."""


@dataclass
class Predictors:
    """Variables tirées d’une table.

    Attributes
    ----------
    values : DataFrame of float
        Une colonne par variable ; une case vide y est absente.
    remarks : list of str
        Colonnes laissées de côté, et pourquoi.
    """

    values: pd.DataFrame
    remarks: list[str] = field(default_factory=list)


def predictors(frame: pd.DataFrame, columns: Sequence[str]) -> Predictors:
    """Variables des colonnes demandées.

    Parameters
    ----------
    frame : DataFrame
        Table en texte.
    columns : sequence of str
        Colonnes à tenter.

    Returns
    -------
    Predictors
        Nombres tels quels ; une variable par mot s’il y a quinze mots au plus. Le reste est laissé de côté, et dit.

    Examples
    --------
    >>> table = pd.DataFrame({"pluie_mm": ["1,5", "0"], "vigilance": ["vert", "rouge"]})
    >>> list(predictors(table, ["pluie_mm", "vigilance"]).values)
    ['pluie_mm', 'vigilance = rouge', 'vigilance = vert']
    """
    parts: dict[str, NDArray[np.float64]] = {}
    skipped: dict[str, list[str]] = {}
    for column in columns:
        texts = frame[column]
        distinct = texts.dropna().unique()
        if len(distinct) < 2 and not (len(distinct) and texts.isna().any()):
            skipped.setdefault("une seule valeur", []).append(column)
            continue
        values = numbers(texts)
        if values is not None:
            parts[column] = values
        elif _DAY.fullmatch(str(distinct[0])):
            skipped.setdefault("dates", []).append(column)
        elif len(distinct) <= MAX_WORDS:
            for word in sorted(distinct):
                parts[f"{column} = {word}"] = (texts == word).to_numpy(dtype=float)
        else:
            skipped.setdefault(f"plus de {MAX_WORDS} mots différents", []).append(column)
    remarks = [f"Laissé de côté ({why}) : {', '.join(names)}." for why, names in skipped.items()]
    return Predictors(pd.DataFrame(parts, index=frame.index), remarks)


def numbers(texts: pd.Series) -> NDArray[np.float64] | None:
    """Nombres d’une colonne de texte ; `None` si ce n’en est pas une, ou si ce sont des codes.

    Parameters
    ----------
    texts : Series of str
        Cases lues ; virgule ou point décimal.

    Returns
    -------
    ndarray of float or None
        Valeurs ; absentes où la case est vide ou illisible.
    """
    filled = texts.dropna()
    codes, unique = pd.factorize(texts)
    words = pd.Series(unique, dtype=object).astype(str)
    clean = words.str.replace(_SPACES, "", regex=True).str.replace(",", ".", regex=False)
    parsed = pd.to_numeric(clean, errors="coerce").to_numpy(dtype=float).copy()
    parsed[~np.isfinite(parsed)] = np.nan
    values = np.append(parsed, np.nan)[codes]
    if not len(filled) or np.isfinite(values).sum() < _NUMERIC * len(filled):
        return None
    return None if any(_CODE.fullmatch(word) for word in words) else values


def target(texts: pd.Series, name: str) -> tuple[NDArray[np.float64], bool]:
    """Valeurs à prévoir.

    Parameters
    ----------
    texts : Series of str
        Colonne à prévoir.
    name : str
        Son nom.

    Returns
    -------
    values : ndarray of float
        Quantités, ou 0 et 1 ; absentes où la case est vide.
    binary : bool
        Vrai si la réponse est oui ou non.

    Raises
    ------
    CibleInvalide
        Si ce ne sont ni des nombres ni des oui et des non, ou si la valeur est toujours la même.
    """
    filled = texts.dropna()
    distinct = {str(text).strip().lower() for text in filled.unique()}
    if distinct and distinct <= (_YES | _NO):
        lowered = texts.fillna("").str.strip().str.lower()
        values = np.where(lowered.isin(_YES), 1.0, np.where(lowered.isin(_NO), 0.0, np.nan))
        binary = True
    else:
        read, binary = numbers(texts), False
        if read is None:
            first = str(filled.iloc[0]) if len(filled) else ""
            raise CibleInvalide(
                f"--cible {name} : «\u00a0{first}\u00a0» n’est pas un nombre. La colonne à prévoir contient des "
                "quantités (12 ; 3,5) ou des oui et non (1 et 0). Choisissez-en une autre, ou comptez d’abord."
            )
        values = read
    if len(np.unique(values[np.isfinite(values)])) < 2:
        raise CibleInvalide(
            f"--cible {name} : toujours la même valeur, il n’y a rien à prévoir. Choisissez une autre colonne, ou une "
            "période plus longue."
        )
    return values, binary


def calendar(days: pd.Series) -> pd.DataFrame:
    """Jour de la semaine et mois : ce que tout le monde sait déjà d’une date.

    Parameters
    ----------
    days : Series of datetime64
        Jours.

    Returns
    -------
    DataFrame of float
        Une variable par jour de la semaine et par mois, s’il y en a plusieurs.
    """
    parts = {
        **{f"jour {rank + 1}": (days.dt.day_of_week == rank).to_numpy(dtype=float) for rank in range(7)},
        **{f"mois {rank}": (days.dt.month == rank).to_numpy(dtype=float) for rank in range(1, 13)},
    }
    return pd.DataFrame({name: part for name, part in parts.items() if 0 < part.mean() < 1}, index=days.index)


def suspicious(values: pd.DataFrame, wanted: NDArray[np.float64], level: float = 0.95) -> list[str]:
    """Colonnes qui disent presque la réponse : sans doute connues trop tard, ou la réponse elle-même.

    Parameters
    ----------
    values : DataFrame of float
        Variables.
    wanted : ndarray of float
        Valeurs à prévoir.
    level : float
        Corrélation à partir de laquelle on s’inquiète.

    Returns
    -------
    list of str
        Noms des variables, avec leur corrélation.
    """
    found = []
    for name in values.columns:
        column = values[name].to_numpy(dtype=float)
        both = np.isfinite(column) & np.isfinite(wanted)
        if both.sum() >= _PLENTY and column[both].std() > 0 and wanted[both].std() > 0:
            link = abs(float(np.corrcoef(column[both], wanted[both])[0, 1]))
            if link >= level:
                found.append(f"«\u00a0{name}\u00a0» ({link:.2f})".replace(".", ","))
    return found
