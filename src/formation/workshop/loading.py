"""Lecture des grilles : celles livrées, ou la vôtre."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from formation.errors import FormationError
from formation.forms import FichierInvalide, read_yaml
from formation.workshop.grid import Grid

FOLDER = Path(__file__).parent / "grids"


class GrilleInvalide(FormationError):
    """Une grille a des défauts ; le message les dit tous."""


def names() -> list[str]:
    """Grilles livrées.

    Returns
    -------
    list of str
        Noms, dans l’ordre alphabétique.

    Examples
    --------
    >>> "besoin" in names()
    True
    """
    return sorted(path.stem for path in FOLDER.glob("*.yml"))


def load(name: str) -> Grid:
    """Grille livrée, vérifiée.

    Parameters
    ----------
    name : str
        Nom de l’outil, par exemple `besoin`.

    Returns
    -------
    Grid
        Grille.

    Raises
    ------
    GrilleInvalide
        Si l’outil n’existe pas ou si sa grille a des défauts.

    Examples
    --------
    >>> load("besoin").recommandations[0] in range(1, 12)
    True
    """
    if name not in names():
        raise GrilleInvalide(f"L’outil « {name} » n’existe pas. Outils livrés : {', '.join(names())}.")
    path = FOLDER / f"{name}.yml"
    state = path.stat()
    return _load_once(path, (state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=16)
def _load_once(path: Path, _state: tuple[int, int]) -> Grid:
    grid = read_grid(path)
    if grid.outil != path.stem:
        raise GrilleInvalide(f"{path.name} : la clé « outil » vaut « {grid.outil} », « {path.stem} » est attendu.")
    return grid


def read_grid(path: str | Path) -> Grid:
    """Lit une grille écrite en YAML et la vérifie entièrement.

    Parameters
    ----------
    path : str or Path
        Fichier de la grille.

    Returns
    -------
    Grid
        Grille.

    Raises
    ------
    GrilleInvalide
        Si le fichier manque, n’a pas la bonne forme ou contient un renvoi sans objet ; tous les défauts sont dits.
    """
    from formation.workshop.lint import defects

    file = Path(path)
    try:
        grid: Grid = read_yaml(file, Grid, name=file.name)
    except FichierInvalide as error:
        raise GrilleInvalide(str(error)) from error
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise GrilleInvalide(f"{file.name} : ce fichier ne peut pas être lu comme une grille ({error}).") from error
    found = defects(grid)
    if found:
        raise GrilleInvalide(f"{file.name} a {len(found)} défaut(s) :\n" + "\n".join(f"- {line}" for line in found))
    return grid
