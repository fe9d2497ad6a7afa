"""Répartir les lignes en blocs honnêtes : la suite après le passé, ou des lieux que rien n’a appris."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.comite.own_models import Fold
from formation.errors import FormationError
from formation.numbers import day

PIECES, FIRST = 8, 3
GROUP_PIECES = 6
MIN_DAYS, MIN_GROUPS = 16, 12
_WEEKS = 12


class BlocsImpossibles(FormationError):
    """Les lignes ne se répartissent pas en blocs assez nombreux."""


@dataclass(frozen=True)
class Split:
    """Répartition d’une table.

    Attributes
    ----------
    kind : str
        « temps » ou « groupes ».
    folds : list of tuple
        Lignes à apprendre, lignes à prévoir ; le premier bloc sert à choisir la méthode.
    blocks : ndarray of int, forme (n,)
        Bloc de chaque ligne, pour l’intervalle : sa semaine, son jour ou son groupe.
    codes : ndarray of int, forme (n,)
        Clé de chaque ligne.
    columns : list of str
        Colonnes qui servent de bloc : elles ne sont pas des variables.
    days : Series or None
        Jour de chaque ligne, si la répartition est dans le temps.
    unit : str
        Nom d’un bloc, au pluriel.
    remarks : list of str
        Comment les lignes ont été réparties.
    """

    kind: str
    folds: list[Fold]
    blocks: NDArray[np.int64]
    codes: NDArray[np.int64]
    columns: list[str]
    days: pd.Series | None
    unit: str
    remarks: list[str] = field(default_factory=list)

    @property
    def tuning(self) -> NDArray[np.int64]:
        """Lignes qui servent à choisir la méthode."""
        return self.folds[0][1]

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Lignes où le gain se lit."""
        mask = np.zeros(len(self.blocks), dtype=bool)
        for _, test in self.folds[1:]:
            mask[test] = True
        return mask

    def facts(self) -> dict[str, Any]:
        """Ce que le compte rendu en dit."""
        return {"repartition": self.kind, "unite_des_blocs": self.unit}

    def shuffled(self, values: pd.DataFrame, seed: int) -> pd.DataFrame:
        """Mêmes colonnes jointes, chaque clé recevant celles d’une autre clé tirée au sort.

        Parameters
        ----------
        values : DataFrame
            Variables venues de la jointure.
        seed : int
            Graine du tirage.

        Returns
        -------
        DataFrame
            Variables mélangées.
        """
        first = np.unique(self.codes, return_index=True)[1]
        other = np.random.default_rng(seed).permutation(first)
        return values.iloc[other[self.codes]].set_axis(values.index)


def split(
    frame: pd.DataFrame, keys: Sequence[str], *, date: str | None = None, group: str | None = None, seed: int = 447
) -> Split:
    """Répartit les lignes.

    Parameters
    ----------
    frame : DataFrame
        Table jointe, en texte.
    keys : sequence of str
        Colonnes de la clé, « gauche=droite » si le nom change.
    date, group : str, optional
        Colonne de la date, ou du groupe ; par défaut la clé.
    seed : int
        Graine du tirage des groupes.

    Returns
    -------
    Split
        Blocs à apprendre et à prévoir.

    Raises
    ------
    BlocsImpossibles
        Si la date est illisible, ou s’il y a trop peu de jours ou de groupes.
    """
    names = [key.partition("=")[0] for key in keys]
    codes = _codes(frame, names)
    if date is None and group is None:
        date = next((name for name in names if _days(frame[name]) is not None), None)
    if date is None:
        return _by_group(frame, codes, [group] if group else names, seed)
    days = _days(frame[date])
    if days is None:
        first = next((str(text) for text in frame[date].dropna()), "")
        raise BlocsImpossibles(
            f"--date {date} : «\u00a0{first}\u00a0» n’est pas un jour. Attendu dans toute la colonne : AAAA-MM-JJ, par "
            "exemple 2024-03-01, ou JJ/MM/AAAA. Sans date, donnez --groupe."
        )
    return _by_time(days, codes, date)


def _by_time(days: pd.Series, codes: NDArray[np.int64], name: str) -> Split:
    unique = np.sort(days.unique())
    if len(unique) < MIN_DAYS:
        raise BlocsImpossibles(
            f"{len(unique)} dates différentes dans « {name} » : trop peu pour apprendre sur le passé et juger sur la "
            f"suite. Il en faut {MIN_DAYS} au moins, et plutôt plus d’un an. Rien ne peut être conclu."
        )
    values = days.to_numpy()
    folds: list[Fold] = []
    for piece in np.array_split(unique, PIECES)[FIRST:]:
        test = np.flatnonzero((values >= piece[0]) & (values <= piece[-1]))
        folds.append((np.flatnonzero(values < piece[0]), test))
    weeks = days.dt.to_period("W").astype("int64").to_numpy()
    judged = np.concatenate([test for _, test in folds[1:]])
    by_week = len(np.unique(weeks[judged])) >= _WEEKS
    blocks = pd.factorize(weeks if by_week else values)[0].astype(np.int64)
    start = str(pd.Timestamp(values[judged].min()).date())
    remark = (
        f"Répartition dans le temps, selon « {name} » : chaque période est prévue par un modèle qui n’a appris que ce "
        f"qui la précède ; la méthode est choisie sur la première, le gain se lit depuis le {day(start)}."
    )
    return Split("temps", folds, blocks, codes, [name], days, "semaines" if by_week else "jours", [remark])


def _by_group(frame: pd.DataFrame, codes: NDArray[np.int64], names: list[str], seed: int) -> Split:
    blocks = _codes(frame, names)
    number_of = int(blocks.max()) + 1
    if number_of < MIN_GROUPS:
        raise BlocsImpossibles(
            f"{number_of} groupes ({' × '.join(names)}) : trop peu pour apprendre sur les uns et juger sur les autres. "
            f"Il en faut {MIN_GROUPS} au moins. Donnez une autre colonne (--groupe) ou une date (--date). Rien ne peut "
            "être conclu."
        )
    pieces = np.array_split(np.random.default_rng(seed).permutation(number_of), GROUP_PIECES)
    folds: list[Fold] = []
    for piece in pieces:
        inside = np.isin(blocks, piece)
        folds.append((np.flatnonzero(~inside), np.flatnonzero(inside)))
    remark = (
        f"Répartition par groupes ({' × '.join(names)}) : chaque groupe est prévu par un modèle qui ne l’a jamais vu ; "
        "la méthode est choisie sur un sixième des groupes, le gain se lit sur les autres."
    )
    return Split("groupes", folds, blocks, codes, names, None, "groupes", [remark])


def _codes(frame: pd.DataFrame, names: Sequence[str]) -> NDArray[np.int64]:
    return np.asarray(frame.groupby(list(names), dropna=False, sort=False, observed=True).ngroup(), dtype=np.int64)


def _days(texts: pd.Series) -> pd.Series | None:
    """Jours d’une colonne ; `None` si une case n’en est pas un."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"):
        moments = pd.to_datetime(texts, format=form, errors="coerce")
        if moments.notna().all():
            return moments.dt.normalize()
    return None
