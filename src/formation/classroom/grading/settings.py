"""Les réglages d’un cours nbgrader, de nos sessions ou d’ailleurs : configuration, base, bornes."""

import ast
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.course import CONFIG
from formation.classroom.engine import load_config
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.quickstart import light_imports
from formation.classroom.grading.types import Limits

_LAYOUT = {
    "source_directory": "source",
    "release_directory": "release",
    "submitted_directory": "submitted",
    "autograded_directory": "autograded",
    "feedback_directory": "feedback",
    "directory_structure": str(Path("{nbgrader_step}") / "{student_id}" / "{assignment_id}"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Réglages d’un cours.

    Parameters
    ----------
    root : Path
        Dossier du cours, absolu.
    config : Config
        Réglages nbgrader.
    text : bytes
        Contenu de `nbgrader_config.py`.
    db_url : str
        Adresse SQLAlchemy du carnet de notes.
    limits : Limits
        Bornes d’une copie.
    """

    root: Path
    config: Any
    text: bytes
    db_url: str
    limits: Limits


def read_settings(root: Path, *, db_url: str | None = None, limits: Limits | None = None) -> Settings:
    """Lit les réglages d’un cours.

    Parameters
    ----------
    root : Path
        Dossier qui contient `nbgrader_config.py`.
    db_url : str, optional
        Adresse du carnet de notes ; par défaut celle des réglages, sinon `gradebook.db` dans le dossier.
    limits : Limits, optional
        Bornes ; par défaut les nôtres, avec le temps par cellule que demande `Execute.timeout`.

    Returns
    -------
    Settings

    Raises
    ------
    AtelierImpossible
        Si ce n’est pas un cours nbgrader, si ses réglages ne se lisent pas ou rangent les dossiers autrement.
    """
    root = root.resolve()
    if not (root / CONFIG).is_file():
        raise AtelierImpossible(
            french(
                f"« {root} » n’est pas le dossier d’un cours (il y manque {CONFIG}). Donnez le dossier d’une session "
                "(formation atelier creer DOSSIER) ou d’un cours nbgrader."
            )
        )
    light_imports()
    try:
        config = load_config(root)
        text = (root / CONFIG).read_bytes()
    except Exception as error:
        brief = " ".join(str(error).split())[:200]
        raise AtelierImpossible(
            french(f"« {root / CONFIG} » ne se lit pas ({type(error).__name__} : {brief}). Corrigez-le puis relancez.")
        ) from None
    _check_layout(config)
    return Settings(root, config, text, db_url or _database(config, root), limits or default_limits(config))


def _check_layout(config: Any) -> None:
    course = config.CourseDirectory if "CourseDirectory" in config else {}
    changed = [name for name, usual in _LAYOUT.items() if name in course and str(course[name]) != usual]
    if changed:
        raise AtelierImpossible(
            french(
                f"Ce cours range ses dossiers autrement ({', '.join(changed)}) ; le moteur rapide attend source/, "
                "release/, submitted/ et autograded/. Corrigez-le avec : formation atelier corriger DOSSIER "
                "--moteur nbgrader"
            )
        )


def _database(config: Any, root: Path) -> str:
    course = config.CourseDirectory if "CourseDirectory" in config else {}
    url = str(course["db_url"]) if course.get("db_url") else ""
    if not url:
        return f"sqlite:///{root / 'gradebook.db'}"
    relative = url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_absolute()
    # nbgrader se lance dans le dossier du cours
    return f"sqlite:///{root / url.removeprefix('sqlite:///')}" if relative else url


def default_limits(config: Any) -> Limits:
    """Bornes d’un cours : les nôtres, et le temps par cellule de ses réglages.

    Parameters
    ----------
    config : Config
        Réglages nbgrader.

    Returns
    -------
    Limits
    """
    limits = Limits()
    timeout = config.Execute.get("timeout") if "Execute" in config else None
    # sans limite chez nbgrader (None ou négatif) : la borne du carnet reste
    if timeout is None or isinstance(timeout, bool) or not isinstance(timeout, int | float):
        return limits
    return replace(limits, cell_s=float(timeout) if timeout > 0 else limits.notebook_s)


def imported_modules(root: Path, assignments: Iterable[str]) -> list[str]:
    """Modules que nomment les carnets du formateur, à charger d’avance.

    Parameters
    ----------
    root : Path
        Dossier du cours.
    assignments : iterable of str
        Devoirs.

    Returns
    -------
    list of str
        Noms triés ; vide si rien ne se lit.
    """
    paths = [path for name in assignments for path in sorted((root / "source" / name).glob("*.ipynb"))]
    return modules_of(source for path in paths for source in _code(path))


def modules_of(sources: Iterable[str]) -> list[str]:
    """Modules qu’importent des cellules.

    Parameters
    ----------
    sources : iterable of str
        Code Python ; les lignes magiques sont ignorées, ce qui ne se lit pas aussi.

    Returns
    -------
    list of str
        Noms triés.

    Examples
    --------
    >>> modules_of(["import numpy as np", "from formation.eau import *", "2 +"])
    ['formation.eau', 'numpy']
    """
    return sorted({name for source in sources for name in _imports(source)})


def _code(path: Path) -> Iterator[str]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            if cell["cell_type"] == "code":
                yield "".join(cell["source"])
    except (OSError, ValueError, KeyError, TypeError):
        return


def _imports(source: str) -> Iterator[str]:
    kept = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))
    try:
        tree = ast.parse(kept)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
