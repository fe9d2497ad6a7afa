"""Chiffres calculés : leur valeur écrite à la française, lue dans `cases/<cas>/chiffres.yml`."""

from __future__ import annotations

from pathlib import Path

from formation.book.models import FichierInvalide, KeyFigure, read_yaml
from formation.numbers import shortest
from formation.palette import SUBJECTS


def find_number(text: str, root: Path) -> tuple[str, Path]:
    """Cherche un chiffre dans `cases/<cas>/chiffres.yml`.

    Parameters
    ----------
    text : str
        Clé, par exemple `eau.capte_20_age`, ou `eau.capte_20_age:etendue` pour son étendue.
    root : Path
        Racine du projet.

    Returns
    -------
    str
        Chiffre écrit à la française.
    Path
        Fichier lu.

    Raises
    ------
    FichierInvalide
        Si la clé n’a pas la forme attendue, n’existe pas ou n’a pas d’étendue.
    """
    name, _, part = text.strip().partition(":")
    case, dot, key = name.partition(".")
    if not dot or case not in SUBJECTS or part not in ("", "etendue"):
        raise FichierInvalide(
            f"« {text} » n’est pas une clé de chiffre. Forme attendue : cas.nom ou cas.nom:etendue, "
            "par exemple eau.capte_20_age."
        )
    relative = f"cases/{case}/chiffres.yml"
    figures: dict[str, KeyFigure] = read_yaml(root / relative, dict[str, KeyFigure], name=relative)
    if key not in figures:
        raise FichierInvalide(f"{relative} n’a pas de chiffre « {key} ».")
    figure = figures[key]
    if part == "etendue":
        if not figure.etendue:
            raise FichierInvalide(f"{relative} : le chiffre « {key} » n’a pas d’étendue.")
        return _written(figure.etendue, figure.unite), root / relative
    return _written(figure.valeur, figure.unite), root / relative


def _written(value: str | float | list[float], unit: str) -> str:
    suffix = f"\u00a0{unit}" if unit else ""
    if isinstance(value, str):
        return value + (suffix if suffix and not value.endswith(unit) else "")
    if isinstance(value, list):
        return " à ".join(shortest(bound, grouped=True) for bound in value) + suffix
    return shortest(value, grouped=True) + suffix
