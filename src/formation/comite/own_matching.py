"""Compter une jointure avant de la faire : correspondances, clés répétées, taille du résultat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.comite.keys import KeyName
from formation.comite.own_reading import OwnTable
from formation.errors import FormationError
from formation.numbers import percent, plural

Codes = NDArray[np.int64]
_BETTER = 0.5


class DecalageImpossible(FormationError):
    """La clé n’a pas de date à décaler."""


@dataclass(frozen=True)
class Match:
    """Correspondances de deux tables.

    Attributes
    ----------
    codes : tuple of ndarray of int
        Numéro de la clé de chaque ligne, à gauche puis à droite ; −1 si la clé est vide.
    partners : ndarray of int, forme (n_gauche,)
        Nombre de lignes de droite que trouve chaque ligne de gauche.
    lonely_left, lonely_right : ndarray of bool
        Lignes sans correspondance ; une clé vide n’en a pas.
    repeated_right : ndarray of bool, forme (n_droite,)
        Lignes de droite dont la clé est déjà parue plus haut.
    many_to_many : bool
        Vrai si une même clé est répétée des deux côtés.
    """

    codes: tuple[Codes, Codes]
    partners: Codes
    lonely_left: NDArray[np.bool_]
    lonely_right: NDArray[np.bool_]
    repeated_right: NDArray[np.bool_]
    many_to_many: bool

    @property
    def rows(self) -> int:
        """Lignes du résultat, si l’on garde toutes celles de gauche."""
        return int(np.maximum(self.partners, 1).sum())

    @property
    def found(self) -> int:
        """Lignes de gauche qui trouvent leur clé."""
        return int((self.partners > 0).sum())

    def facts(self) -> dict[str, int]:
        """Comptes, pour le compte rendu."""
        left, right = self.codes
        return {
            "lignes_gauche": len(left),
            "lignes_droite": len(right),
            "cles_gauche": len(np.unique(left[left >= 0])),
            "cles_droite": len(np.unique(right[right >= 0])),
            "cles_vides_gauche": int((left < 0).sum()),
            "cles_vides_droite": int((right < 0).sum()),
            "lignes_repetees_droite": int(self.repeated_right.sum()),
            "lignes_trouvees": self.found,
            "lignes_sans_correspondance_gauche": int(self.lonely_left.sum()),
            "lignes_sans_correspondance_droite": int(self.lonely_right.sum()),
            "lignes_prevues": self.rows,
        }


def number_keys(left: Sequence[NDArray[np.object_]], right: Sequence[NDArray[np.object_]]) -> tuple[Codes, Codes]:
    """Donne le même numéro à la même clé dans les deux tables.

    Parameters
    ----------
    left, right : sequence of ndarray of str
        Une suite de cases par colonne de la clé ; vide si la case l’est.

    Returns
    -------
    tuple of ndarray of int
        Numéros, à gauche puis à droite ; −1 si une des cases est vide.

    Examples
    --------
    >>> one, two = number_keys([np.array(["a", "b", ""], dtype=object)], [np.array(["b"], dtype=object)])
    >>> one.tolist(), two.tolist()
    ([0, 1, -1], [1])
    """
    size = len(left[0])
    total = np.zeros(size + len(right[0]), dtype=np.int64)
    empty = np.zeros(len(total), dtype=bool)
    for one, two in zip(left, right, strict=True):
        texts = np.concatenate([one, two])
        empty |= texts == ""
        codes, unique = pd.factorize(texts)
        # Renuméroté à chaque colonne : le produit des numéros ne déborde jamais.
        total = pd.factorize(total * (len(unique) + 1) + codes)[0].astype(np.int64)
    total[empty] = -1
    return total[:size], total[size:]


def match(left: Codes, right: Codes) -> Match:
    """Correspondances de deux listes de clés, sans les joindre.

    Parameters
    ----------
    left, right : ndarray of int
        Numéros de :func:`number_keys`.

    Returns
    -------
    Match
        Comptes et lignes concernées.

    Examples
    --------
    >>> match(np.array([0, 0, 1, -1]), np.array([0, 0, 2])).rows
    6
    """
    size = int(max(left.max(initial=-1), right.max(initial=-1))) + 1
    count_left = np.bincount(left[left >= 0], minlength=size)
    count_right = np.bincount(right[right >= 0], minlength=size)
    partners = np.where(left >= 0, count_right[left], 0).astype(np.int64) if size else np.zeros(len(left), np.int64)
    used = np.where(right >= 0, count_left[right] > 0, False) if size else np.zeros(len(right), dtype=bool)
    again = pd.Series(right).duplicated().to_numpy() & (right >= 0)
    return Match(
        (left, right), partners, partners == 0, ~used, again & used, bool(((count_left > 1) & (count_right > 1)).any())
    )


def joined(
    found: Match, tables: tuple[OwnTable, OwnTable], names: Sequence[KeyName], *, matched_only: bool = False
) -> tuple[pd.DataFrame, list[str]]:
    """Fait la jointure, lignes de gauche dans leur ordre.

    Parameters
    ----------
    found : Match
        Correspondances.
    tables : tuple of OwnTable
        Tables lues.
    names : sequence of KeyName
        Colonnes de la clé ; celles de gauche sont gardées.
    matched_only : bool
        Vrai pour ne garder que les lignes qui ont une correspondance.

    Returns
    -------
    tuple
        Table jointe, et remarques sur les colonnes de même nom.
    """
    left, right = (table.frame for table in tables)
    order = np.argsort(found.codes[1], kind="stable")
    ranked = found.codes[1][order]
    start = np.searchsorted(ranked, found.codes[0], side="left")
    times = found.partners if matched_only else np.maximum(found.partners, 1)
    rows = np.repeat(np.arange(len(left)), times)
    step = np.arange(len(rows)) - np.repeat(np.cumsum(times) - times, times)
    place = start[rows] + step
    partner = np.full(len(rows), -1, dtype=np.int64)
    has = found.partners[rows] > 0
    partner[has] = order[place[has]]
    keys_right = {name.right for name in names}
    added = [column for column in right.columns if column not in keys_right]
    title = {column: f"{column}_droite" if column in left.columns else column for column in added}
    result = left.iloc[rows].reset_index(drop=True)
    remarks = []
    same = []
    for column in added:
        values = right[column].to_numpy(dtype=object)[partner]
        values[partner < 0] = np.nan
        filled = pd.Series(values, dtype="str")
        if title[column] == column:
            result[column] = filled
            continue
        both = result[column].notna() & filled.notna()
        differ = int((_plain(result[column][both]) != _plain(filled[both])).sum())
        if not differ and int(both.sum()) == int(filled.notna().sum()):
            same.append(column)
            continue
        result[title[column]] = filled
        remarks.append(
            f"« {column} » est dans les deux tables : celle de droite devient « {title[column]} » "
            f"({plural(differ, 'ligne différente', 'lignes différentes')})."
        )
    if same:
        remarks.append(f"Dans les deux tables, avec les mêmes valeurs, gardé une fois : {', '.join(same)}.")
    return result, remarks


def _plain(texts: pd.Series) -> pd.Series:
    """Texte sans le signe décimal propre à chaque fichier."""
    plain: pd.Series = texts.str.replace(",", ".", regex=False)
    return plain


def delayed(table: OwnTable, names: Sequence[KeyName], days: int) -> OwnTable:
    """Décale la date de la clé d’une table : la jointure y prend la valeur de quelques jours plus tôt.

    Parameters
    ----------
    table : OwnTable
        Table de droite.
    names : sequence of KeyName
        Colonnes de la clé.
    days : int
        Jours ajoutés ; 0 ne change rien.

    Returns
    -------
    OwnTable
        Table décalée.

    Raises
    ------
    DecalageImpossible
        Si aucune colonne de la clé n’est une date.
    """
    if not days:
        return table
    for name in names:
        texts = table.frame[name.right]
        moments = pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce")
        if texts.notna().any() and moments[texts.notna()].notna().all():
            moved = (moments + pd.Timedelta(days=days)).dt.strftime("%Y-%m-%d").astype("str")
            return replace(table, frame=table.frame.assign(**{name.right: moved}))
    raise DecalageImpossible(
        "--decalage ne s’applique qu’à une clé qui contient un jour, par exemple --cle date. Ajoutez la date à la "
        "clé, ou retirez --decalage."
    )


def better_column(tables: tuple[OwnTable, OwnTable], names: Sequence[KeyName]) -> str:
    """Phrase sur une autre colonne de droite qui contient bien mieux la clé de gauche, s’il y en a une.

    Parameters
    ----------
    tables : tuple of OwnTable
        Tables lues.
    names : sequence of KeyName
        Colonnes de la clé.

    Returns
    -------
    str
        Phrase ; vide s’il n’y en a pas.
    """
    if len(names) > 1:
        return ""
    keys = set(tables[0].frame[names[0].left].dropna())
    for column in tables[1].frame.columns:
        if column == names[0].right or not keys:
            continue
        part = len(keys & set(tables[1].frame[column].dropna())) / len(keys)
        if part >= _BETTER:
            return (
                f" La colonne «\u00a0{column}\u00a0» du second fichier contient {percent(part)} de vos clés : --cle "
                f"{names[0].left}={column} ?"
            )
    return ""
