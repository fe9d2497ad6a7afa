"""Petits effectifs d’une table jointe : une case de 1 à 4 peut désigner un foyer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.errors import FormationError, Problem
from formation.numbers import plural

REFUSE, MASK, KEEP = "refuser", "masquer", "garder"
WAYS = (REFUSE, MASK, KEEP)
_SHOWN = 3


class EffectifInvalide(FormationError):
    """Le seuil ou la colonne d’effectif demandés ne conviennent pas."""


@dataclass
class Counts:
    """Contrôle des petits effectifs.

    Attributes
    ----------
    problems : list of Problem
        Ce qui empêche d’écrire.
    remarks : list of str
        Choix de l’utilisateur, prudences.
    masked : ndarray of bool, forme (n,)
        Lignes touchées par le masquage demandé.
    facts : dict
        Comptes pour le compte rendu.
    """

    problems: list[Problem]
    remarks: list[str]
    masked: NDArray[np.bool_]
    facts: dict[str, int] = field(default_factory=dict)


def check(
    joined: pd.DataFrame,
    keys: Sequence[str],
    *,
    threshold: int,
    count: str | None = None,
    groups: Sequence[str] = (),
    small: str = REFUSE,
) -> Counts:
    """Cherche les petits effectifs d’une table jointe.

    Parameters
    ----------
    joined : DataFrame
        Table jointe, en texte.
    keys : sequence of str
        Colonnes de la clé : les groupes, si rien d’autre n’est dit.
    threshold : int
        Plus petit effectif publiable.
    count : str, optional
        Colonne qui compte des personnes, des appels, des foyers.
    groups : sequence of str
        Colonnes dont chaque combinaison est un groupe, quand une ligne est une personne ou un appel.
    small : {"refuser", "masquer", "garder"}
        Que faire d’un petit effectif.

    Returns
    -------
    Counts
        Problèmes, remarques, lignes à masquer.

    Raises
    ------
    EffectifInvalide
        Si une colonne n’existe pas ou ne contient pas des nombres.
    """
    if missing := [name for name in (*groups, *([count] if count else [])) if name not in joined.columns]:
        raise EffectifInvalide(
            f"«\u00a0{missing[0]}\u00a0» n’est pas une colonne de la table jointe. Colonnes : "
            f"{', '.join(str(name) for name in joined.columns[:12])}."
        )
    if count is not None:
        return _cells(joined, count, threshold, small)
    return _groups(joined, list(groups or keys), threshold, small, asked=bool(groups))


def _cells(joined: pd.DataFrame, count: str, threshold: int, small: str) -> Counts:
    texts = joined[count].fillna("").str.replace(r"[\s\u00a0\u202f]", "", regex=True).str.replace(",", ".")
    values = pd.to_numeric(texts, errors="coerce")
    unread = values.isna() & (texts != "")
    if unread.any():
        first = str(joined.loc[unread, count].iloc[0])
        raise EffectifInvalide(
            f"--effectif {count} : « {first} » n’est pas un nombre, et {plural(int(unread.sum()), 'case')} de ce "
            "genre. Donnez une colonne de comptes, par exemple nb_appels."
        )
    few = ((values > 0) & (values < threshold)).to_numpy()
    facts = {"cases": len(values), "petites": int(few.sum())}
    if not few.any():
        return Counts([], [f"Aucun effectif de 1 à {threshold - 1} dans « {count} »."], few, facts)
    found = f"{plural(int(few.sum()), 'case')} sur {len(values)} de 1 à {threshold - 1} dans « {count} »"
    if small == KEEP:
        return Counts([], [f"{found} : gardées, à votre demande (--petits garder)."], np.zeros_like(few), facts)
    if small == MASK:
        remark = (
            f"{found} : vidées, à votre demande (--petits masquer). Un total publié à côté permettrait de les "
            "retrouver : masquez-le aussi, ou regroupez."
        )
        return Counts([], [remark], few, facts)
    return Counts(
        [Problem("petit_effectif", f"{found}. {_next(threshold)}", count, count=int(few.sum()))], [], few, facts
    )


def _groups(joined: pd.DataFrame, names: list[str], threshold: int, small: str, *, asked: bool) -> Counts:
    filled = joined[names].notna().all(axis=1)
    sizes = joined.loc[filled, names].groupby(names, observed=True)[names[0]].transform("size")
    few = np.zeros(len(joined), dtype=bool)
    few[filled.to_numpy()] = (sizes < threshold).to_numpy()
    number_of = int(joined.loc[few, names].drop_duplicates().shape[0])
    facts = {"groupes": int(joined.loc[filled, names].drop_duplicates().shape[0]), "petits": number_of}
    none = np.zeros_like(few)
    if not number_of:
        return Counts([], [], none, facts)
    if not asked and int(sizes.max()) == 1:
        remark = (
            "Une ligne par clé : l’outil ne peut pas savoir combien de personnes une ligne décrit. Si une colonne "
            "compte des personnes, des appels ou des foyers, donnez-la : --effectif nb_appels."
        )
        return Counts([], [remark], none, facts)
    what = " × ".join(names)
    found = f"{plural(number_of, 'groupe')} ({what}) de moins de {threshold} lignes, sur {facts['groupes']}"
    if small == KEEP:
        return Counts([], [f"{found} : gardés, à votre demande (--petits garder)."], none, facts)
    if small == MASK:
        gone = f"{found} : {plural(int(few.sum()), 'ligne retirée', 'lignes retirées')}"
        return Counts([], [f"{gone}, à votre demande (--petits masquer)."], few, facts)
    message = (
        f"{found}. Si une ligne est une personne, un appel ou un foyer, un groupe si petit peut le désigner. "
        f"{_next(threshold)} Si les lignes ne décrivent pas des personnes (des conduites, des jours) : --petits "
        "garder. Si une colonne donne le compte : --effectif nb_appels."
    )
    return Counts([Problem("petit_groupe", message, " + ".join(names), count=number_of)], [], few, facts)


def _next(threshold: int) -> str:
    return (
        f"Regroupez plus largement (quartier plutôt que rue, mois plutôt que semaine) jusqu’à {threshold} au moins, ou "
        "choisissez --petits masquer ou --petits garder (écrit dans le compte rendu)."
    )
