"""Vérifier un fichier NPZ (images, grilles) avant de le lire : jamais plus de mémoire que le schéma n’en demande.

Un NPZ est une archive ZIP de tableaux numpy. L’en-tête de chaque tableau dit sa forme et son type : il est lu et jugé
avant toute décompression. Les objets Python y sont refusés, car les relire exécuterait du code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np

from formation.datasets import npz
from formation.datasets._wording import quote
from formation.datasets.npz import Header
from formation.datasets.schema import Array
from formation.errors import DonneesInvalides, Problem
from formation.numbers import shortest

MAX_BYTES = 256 * 2**20
"""Mémoire qu’un tableau peut demander, en octets : au-delà, il est refusé sans être lu."""


@dataclass(frozen=True)
class ArraysReport:
    """Résultat de la vérification d’un fichier NPZ.

    Attributes
    ----------
    arrays : dict of ndarray or None
        Tableaux par nom ; `None` s’il y a un problème.
    problems : list of Problem
        Tous les problèmes.
    remarques : list of str
        Ce qui a été accepté et dit.
    """

    arrays: dict[str, np.ndarray] | None
    problems: list[Problem] = field(default_factory=list)
    remarques: list[str] = field(default_factory=list)


def check_arrays(expected: Sequence[Array], file: str | PathLike[str], *, max_bytes: int = MAX_BYTES) -> ArraysReport:
    """Lit les tableaux d’un fichier NPZ s’ils suivent le schéma, sans jamais écrire.

    Parameters
    ----------
    expected : sequence of Array
        Tableaux attendus : nom, type, forme, bornes.
    file : path
        Fichier `.npz`, ou `.npy` quand un seul tableau est attendu.
    max_bytes : int
        Mémoire permise par tableau, en octets.

    Returns
    -------
    ArraysReport
        Tableaux lus, ou tous les problèmes à la fois.
    """
    source = Path(file)
    try:
        return _checked(expected, source, max_bytes)
    except DonneesInvalides as error:
        return ArraysReport(None, error.problems)


def _checked(expected: Sequence[Array], source: Path, max_bytes: int) -> ArraysReport:
    # Un fichier .npy n’a qu’un tableau, sans nom : il ne vaut que pour le seul tableau attendu.
    found = npz.read_headers(source, only=expected[0].name if len(expected) == 1 else "")
    if "" in found:
        names = quote([item.name for item in expected], 8)
        message = f"ce fichier .npy n’a qu’un tableau, il en faut {len(expected)} : {names}. {npz.HOW}"
        return ArraysReport(None, [Problem("pas_un_npz", message)])
    wanted = {item.name for item in expected}
    problems = _missing(expected, list(found))
    for item in expected:
        if item.name in found:
            problems += _judge(item, found[item.name], max_bytes)
    extra = [name for name in found if name not in wanted]
    remarks = [f"Tableau non prévu, ignoré : {quote(extra, 8)}."] if extra else []
    if problems:
        return ArraysReport(None, problems, remarks)
    arrays = {}
    for item in expected:
        arrays[item.name] = npz.read_values(source, item.name)
        problems += _judge_values(item, arrays[item.name])
    return ArraysReport(None if problems else arrays, problems, remarks)


def _missing(expected: Sequence[Array], names: Sequence[str]) -> list[Problem]:
    absent = [item for item in expected if item.name not in names]
    have = f"Tableaux trouvés : {quote(list(names), 8)}." if names else "L’archive n’en contient aucun."
    return [
        Problem("tableau_manquant", f"le tableau manque. Forme attendue : {item.kind}. {have}", item.name)
        for item in absent
    ]


def _judge(item: Array, header: Header | None, max_bytes: int) -> list[Problem]:
    """Juge l’en-tête seul : objets, type, forme, poids."""
    if header is None:
        message = "l’en-tête du tableau ne se lit pas. Refaites l’export avec numpy."
        return [Problem("tableau_illisible", message, item.name)]
    if refused := npz.refuse_objects(header, item.dtype):
        return refused
    problems = []
    if header.kind != item.dtype:
        unit = f" ({item.unit})" if item.unit else ""
        message = (
            f"le type est {header.kind}, il faut {item.dtype}. Vérifiez l’unité{unit}, "
            f"puis convertissez : tableau.astype({item.dtype!r})."
        )
        problems.append(Problem("type_inattendu", message, item.name))
    if not _fits(header.shape, item.shape):
        message = f"la forme est {_show(header.shape)}, il faut {_show(item.shape)}.{_hint(header.shape, item.shape)}"
        problems.append(Problem("forme_inattendue", message, item.name))
    if header.weight > max_bytes:
        message = (
            f"le tableau demanderait {header.weight / 2**20:.0f} Mo de mémoire, {max_bytes / 2**20:.0f} Mo au plus "
            "sont permis. Découpez le fichier, ou gardez moins d’éléments."
        )
        problems.append(Problem("trop_lourd", message, item.name))
    return problems


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(
        size is None or have == size for have, size in zip(shape, wanted, strict=True)
    )


def _show(shape: Sequence[int | None]) -> str:
    return " × ".join("n" if size is None else str(size) for size in shape) or "un seul nombre"


def _hint(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> str:
    if len(shape) == len(wanted) + 1 and shape[-1] in (3, 4):
        return (
            f" La dernière dimension ({shape[-1]}) ressemble à des couleurs ou à une transparence : "
            "passez d’abord en niveaux de gris."
        )
    if len(shape) == len(wanted) and sorted(shape) == sorted(size or 0 for size in wanted):
        return " Les axes semblent dans un autre ordre : remettez-les avec numpy.transpose."
    if len(shape) != len(wanted):
        return f" Il y a {len(shape)} dimensions au lieu de {len(wanted)}."
    return ""


def _judge_values(item: Array, values: np.ndarray) -> list[Problem]:
    """Juge les valeurs : trous et bornes, avec la place du premier fautif."""
    problems = []
    if values.dtype.kind == "f":
        holes = ~np.isfinite(values)
        if holes.any():
            problems.append(_at("valeur_absente", "valeur absente ou infinie", holes, item, values))
            values = np.where(holes, item.minimum or 0, values)
    unit = f" {item.unit}" if item.unit else ""
    if values.dtype.kind in "iuf":
        if item.minimum is not None and (low := values < item.minimum).any():
            what = f"valeur sous le minimum permis ({shortest(item.minimum)}{unit})"
            problems.append(_at("trop_petit", what, low, item, values))
        if item.maximum is not None and (high := values > item.maximum).any():
            what = f"valeur au-dessus du maximum permis ({shortest(item.maximum)}{unit})"
            problems.append(_at("trop_grand", what, high, item, values))
    return problems


def _at(kind: str, what: str, mask: np.ndarray, item: Array, values: np.ndarray) -> Problem:
    count = int(mask.sum())
    where = np.unravel_index(int(np.argmax(mask)), mask.shape)
    place = ", ".join(str(int(rank)) for rank in where)
    shown = values[where]
    message = (
        f"{what} : {count} case{'s' if count > 1 else ''}, la première à l’indice [{place}] (lu : {shown}). "
        "Corrigez la source, ou marquez ces cases comme le schéma le demande."
    )
    return Problem(kind, message, item.name, count=count, values=(str(shown),))


def rows_of(arrays: Mapping[str, np.ndarray]) -> int:
    """Longueur commune des tableaux : la plus grande première dimension.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        Tableaux par nom.

    Returns
    -------
    int
        Nombre d’images ou de grilles ; 0 sans tableau.
    """
    return max((len(values) for values in arrays.values() if values.ndim), default=0)
