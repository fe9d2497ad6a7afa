"""Ouvrir une suite d’images de pluie : les en-têtes jugés d’abord, les valeurs ensuite."""

from __future__ import annotations

import math
from pathlib import Path

from formation.datasets import npz
from formation.datasets.npz import Header
from formation.errors import DonneesInvalides, Problem
from formation.numbers import number

MAX_CELLS = 20_000_000
"""Cases qu’un tableau peut avoir : quatre mois d’images de 24 × 24 cases."""
_ONLY = "pluie_mm_h"
_HOW = (
    "Attendu : un NPZ avec un tableau « pluie_mm_h » de forme images × lignes × colonnes, en mm/h, une case vide (NaN) "
    "quand rien n’est mesuré. Exemple en Python : numpy.savez_compressed('radar.npz', pluie_mm_h=images, "
    "minute=minutes)"
)


def headers(path: Path) -> dict[str, Header]:
    """Tableaux d’un fichier NPZ ou NPY, sans les décompresser.

    Parameters
    ----------
    path : Path
        Fichier.

    Returns
    -------
    dict of str to Header
        Par nom.

    Raises
    ------
    DonneesInvalides
        Si ce n’est pas un fichier de tableaux lisible.
    """
    found = {}
    for name, header in npz.read_headers(path, only=_ONLY, how=_HOW).items():
        if header is None:
            raise npz.damaged(path)
        found[name] = header
    if not found:
        message = f"l’archive ne contient aucun tableau numpy. {_HOW}"
        raise DonneesInvalides(path.name, [Problem("aucun_tableau", message)])
    return found


def judge(header: Header) -> list[Problem]:
    """Refuse un tableau d’objets, de textes, ou trop lourd.

    Parameters
    ----------
    header : Header
        En-tête.

    Returns
    -------
    list of Problem
        Vide s’il peut être lu.
    """
    if refused := npz.refuse_objects(header, "float32"):
        return refused
    problems = []
    if header.dtype.kind not in "iuf":
        message = (
            f"le type est {header.dtype.name} : il faut des nombres, par exemple float32, en mm/h. Convertissez avec "
            "images.astype('float32')."
        )
        problems.append(Problem("type_inattendu", message, header.name))
    if math.prod(header.shape) > MAX_CELLS:
        message = (
            f"le tableau a {number(math.prod(header.shape))} cases ({header.form}), l’essai en accepte "
            f"{number(MAX_CELLS)}. Il n’a pas été décompressé. Donnez moins d’images à la fois, ou une grille moins "
            "fine."
        )
        problems.append(Problem("trop_lourd", message, header.name))
    return problems
