"""Refuser d’écrire des colonnes personnelles, sans montrer une valeur."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formation.errors import LINES_SHOWN, Problem
from formation.numbers import plural
from formation.personal import NIR as NIR
from formation.personal import Found, find

__all__ = ["NIR", "Found", "find", "problems"]


def problems(found: list[Found], lines: NDArray[np.int64], *, accepted: bool) -> list[Problem]:
    """Refus d’écrire ces colonnes ; aucune valeur n’est montrée.

    Parameters
    ----------
    found : list of Found
        Colonnes reconnues.
    lines : ndarray of int
        Numéros des lignes du fichier.
    accepted : bool
        Vrai si l’utilisateur a choisi de les garder ; un numéro de sécurité sociale est refusé quand même.

    Returns
    -------
    list of Problem
        Un problème par colonne.
    """
    refused = []
    for item in found:
        if accepted and item.kind != NIR:
            continue
        where = item.rows[:LINES_SHOWN]
        numbers = tuple(int(lines[row]) for row in where)
        refused.append(Problem("donnee_personnelle", _why(item), item.column, numbers, (), max(len(item.rows), 1)))
    return refused


def _why(item: Found) -> str:
    seen = f" dans {plural(len(item.rows), 'case')}" if len(item.rows) else ", d’après son nom"
    start = f"cette colonne contient {item.what}{seen} (valeurs non affichées)."
    if item.kind == NIR:
        return (
            f"{start} Son usage est réservé aux cas que fixe le décret n°\u00a02019-341 : l’outil ne l’écrit jamais. "
            f"Retirez la colonne : --sans {item.column}."
        )
    return (
        f"{start} Joindre deux fichiers de ce genre crée un fichier de plus sur des personnes. Retirez la colonne si "
        f"elle ne sert pas à la question : --sans {item.column}. Sinon, inscrivez le traitement au registre, voyez le "
        "délégué à la protection des données, puis choisissez --accepter-donnees-personnelles (écrit dans le compte "
        "rendu)."
    )
